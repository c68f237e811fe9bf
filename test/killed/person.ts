// Somebody of a company of their own, made by rows; with a token whose codes they read, and a browser that remembers what it
// sent last, so that it can be sent again.
import type { AccountRow, CompanyRow, CredentialRow } from '../../src/store/account.ts';
import { addAccount, addCompany, addLink, day, holdToken } from '../support/rows.ts';
import { type Page, scriptBrowser, type ScriptBrowser, type Upload } from '../support/script-browser.ts';
import { bankCookie } from './bank.ts';
import { newId, password, type Scene } from './scene.ts';
import { makeToken, type Typist, typist } from './token.ts';

export interface Visitor {
  readonly browser: ScriptBrowser;
  /** Address of the gateway that answers; null is the one that is never killed. */
  through: string | null;
  open(url: string): Promise<Page>;
  submit(
    page: Page,
    fields: Readonly<Record<string, string | readonly string[] | Upload>>,
    action?: string,
  ): Promise<Page>;
  /** Sends again what was not answered: the form, or the address to which the browser was sent on. */
  again(): Promise<Page>;
}

export function visitor(scene: Scene): Visitor {
  let passed: URL[] = [];
  let last: (() => Promise<Page>) | null = null;
  const browser = scriptBrowser((url) => {
    passed.push(url);
    if (url.origin !== scene.demo.gateway || self.through === null) return url;
    const target = new URL(url);
    target.host = new URL(self.through).host;
    return target;
  });
  const send = (act: () => Promise<Page>): Promise<Page> => {
    passed = [];
    last = act;
    return act();
  };
  const self: Visitor = {
    browser,
    through: null,
    open: (url) => send(() => browser.open(url)),
    submit: (page, fields, action) => send(() => browser.submit(page, fields, action)),
    again() {
      if (last === null) throw new Error('nothing was sent');
      const reached = passed.at(-1);
      return passed.length > 1 && reached ? self.open(reached.href) : send(last);
    },
  };
  return self;
}

export interface Person extends Typist {
  readonly account: AccountRow;
  readonly company: CompanyRow;
  /** Their name at the bank. */
  readonly subject: string;
  readonly linkId: string | null;
  /** What they may be known by, in the order in which they try it. */
  names: readonly { readonly loginId: string; readonly password: string }[];
  /** What they choose when they are asked. */
  readonly chosen: {
    readonly loginId: string;
    readonly password: string;
    readonly confirmation: string;
    readonly email: string;
  };
  /** Another browser of theirs takes the place of this one when they come back another day. */
  visit: Visitor;
  /** Well formed, and not of their token. */
  wrongCode(): string;
}

export interface Traits {
  readonly account?: Partial<AccountRow>;
  readonly login?: Partial<CredentialRow>;
  readonly confirmation?: Partial<CredentialRow> | null;
  readonly linked?: boolean;
  /** In nobody's hands yet: it lies in the drawer of the company. */
  readonly unregistered?: boolean;
  /** Which token they hold; a hardware one unless it is said. */
  readonly token?: 'hardware' | 'software';
  readonly company?: CompanyRow;
}

export async function somebody(scene: Scene, traits: Traits = {}): Promise<Person> {
  const { store } = scene.stores;
  const now = scene.now();
  const id = newId();
  const times = { createdAt: now - 400 * day, otpAppliedAt: now - 400 * day, tokenArrivedAt: now - 390 * day };
  const company = traits.company ?? (await addCompany(store, times));
  const credential = { hash: scene.hash, setAt: now - 10 * day };
  const account = await addAccount(
    store,
    company.id,
    {
      loginName: `u${id.slice(0, 10)}`,
      setUpAt: now - 30 * day,
      emailProvenAt: now - 30 * day,
      emailChangedAt: now - 30 * day,
      createdAt: now - 40 * day,
      ...traits.account,
    },
    {
      login: { ...credential, ...traits.login },
      confirmation: traits.confirmation === null ? null : { ...credential, ...traits.confirmation },
    },
  );
  await store.account.reserveLoginName(account.id, account.loginName.toLowerCase(), now);
  const token = await makeToken(scene, company.id, { kind: traits.token ?? 'hardware' });
  if (traits.unregistered !== true) await holdToken(store, token.id, account.id);
  const subject = `bd${id}`;
  const link = { issuer: scene.bank.issuer, subject, display: subject, madeAt: now - 20 * day, usedAt: now - day };
  const linkId = traits.linked === true ? await addLink(store, account, link) : null;

  const chosen = {
    loginId: `n${id.slice(0, 9)}`,
    password: 'Tombo7718',
    confirmation: 'Yanagi6604',
    email: `${id}@new.example.jp`,
  };
  const hand = typist(scene, token);
  const person: Person = Object.assign(hand, {
    account,
    company,
    subject,
    linkId,
    names: [
      { loginId: account.loginName, password },
      { loginId: chosen.loginId, password: chosen.password },
      { loginId: account.loginName, password: chosen.password },
    ],
    chosen,
    visit: visitor(scene),
    wrongCode() {
      const near = new Set([-4, -3, -2, -1, 0, 1, 2, 3, 4].map((step) => token.code(hand.stepNow() + step)));
      return ['000000', '111111', '222222', '333333'].find((each) => !near.has(each)) ?? '';
    },
  });
  person.visit.browser.setCookie(bankCookie, subject);
  return person;
}

/** They come back in a browser that kept only the remembered device. */
export function comeBack(scene: Scene, person: Person): void {
  const kept = [...person.visit.browser.cookies()].filter(([name]) => name.startsWith('renkei_device_'));
  person.visit = visitor(scene);
  person.visit.browser.setCookie(bankCookie, person.subject);
  for (const [name, value] of kept) person.visit.browser.setCookie(name, value);
}
