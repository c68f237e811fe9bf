// What people of these tests do in the consoles: sign in there, prove an act on its check page, press again until it was let
// pass; and what must be over for somebody whose account was changed, stopped or deleted.
import { expect } from 'chai';
import type { Page } from '../support/script-browser.ts';
import { goOn, toPortal, told } from './onward.ts';
import { type Person, somebody, type Traits, visitor } from './person.ts';
import { password, type Scene } from './scene.ts';
import { refresh } from './token-endpoint.ts';

/** Signs in by the direct route to a page of a console. The code is an early one: the act's own fits into the same minute. */
export async function signIn(scene: Scene, person: Person, path: string, code = person.earlyCode): Promise<Page> {
  const { visit } = person;
  let page = await visit.open(`${scene.demo.gateway}${path}`);
  page = await visit.submit(page, {}, 'direct');
  page = await visit.submit(page, { login_id: person.account.loginName, password });
  return visit.submit(page, { otp: await code() });
}

/** A master of a company of their own. */
export const master = (scene: Scene): Promise<Person> => somebody(scene, { account: { role: 'master' } });

/** Somebody of a company, or an operator. */
export type Acting = Pick<Person, 'visit' | 'typed' | 'stepNow' | 'freshCode'>;

/** What the page asks as a proof: the confirmation password, and a code where it has a field for one. */
export async function proof(person: Acting, page: Page): Promise<Readonly<Record<string, string>>> {
  return {
    confirmation_password: password,
    ...(page.html.includes('name="otp"') ? { otp: await person.freshCode() } : {}),
  };
}

type Fill = (page: Page) => Promise<Readonly<Record<string, string>>>;

/** Sends a check page again that was not answered; whose code has grown old types the one that the token shows now. */
export const resend = async (person: Acting, page: Page, fill: Fill = (each) => proof(person, each)): Promise<Page> =>
  person.typed !== null && person.typed < person.stepNow() - 1
    ? person.visit.submit(page, await fill(page))
    : person.visit.again();

/** Presses on until the check page has let the act pass. */
export async function insist(
  person: Acting,
  from: Page,
  check: string,
  fill: Fill = (page) => proof(person, page),
): Promise<{ readonly trail: string; readonly page: Page }> {
  const trail = [told(from)];
  let page = from;
  while (page.screen === check && page.refusal !== 'conflict' && trail.length < 6) {
    page = await person.visit.submit(page, await fill(page));
    trail.push(told(page));
  }
  return { trail: trail.join(' → '), page };
}

/** Presses the button of a page again whose act is done: it shows what was done, or that something else stands now. */
export async function pressAgain(
  person: Person,
  page: Page,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const after = await person.visit.submit(page, { confirmation_password: password, otp: person.wrongCode(), ...more });
  expect(after.refusal, told(after)).to.be.oneOf([null, 'conflict', 'not-found']);
  return `once more: ${told(after)}`;
}

/** Somebody linked, who entered the portal: with a remembered device, a login, and tokens that the portal holds. */
export interface Entered {
  readonly person: Person;
  /** The newest that the portal holds. */
  refreshToken: string;
}

export async function entered(scene: Scene, traits: Traits = {}): Promise<Entered> {
  const person = await somebody(scene, { ...traits, linked: true });
  const plan = { route: 'federated', remember: true, early: true } as const;
  const { tokens } = await goOn(scene, person, await toPortal(scene, person), plan);
  return { person, refreshToken: tokens?.refreshToken ?? '' };
}

/** Their portal was entered in one browser; in another one they have come to this page. */
export async function inTwoBrowsers(scene: Scene, path: string) {
  const before = await entered(scene);
  const { person } = before;
  const first = person.visit;
  otherBrowser(scene, person);
  const page = await signIn(scene, person, path, person.freshCode);
  return { before, person, first, page };
}

/** Another browser of theirs, which knows nothing. */
export function otherBrowser(scene: Scene, person: Person): void {
  person.visit = visitor(scene);
}

/** What somebody has open: rows that permit something now. */
export async function lives(
  scene: Scene,
  person: Person,
): Promise<{
  readonly links: number;
  readonly devices: number;
  readonly logins: number;
  readonly sids: readonly string[];
}> {
  const [row] = await scene.sql(
    `select (select count(*)::int from link where account_id = $1 and ended_at is null) as links,
       (select count(*)::int from device where account_id = $1 and ended_at is null) as devices,
       (select count(*)::int from login where account_id = $1 and ended_at is null) as logins,
       (select array_agg(distinct sid) from portal_session where account_id = $1) as sids`,
    [person.account.id],
  );
  const sids: unknown = row?.['sids'];
  return {
    links: Number(row?.['links']),
    devices: Number(row?.['devices']),
    logins: Number(row?.['logins']),
    sids: Array.isArray(sids) ? sids.map(String) : [],
  };
}

/** What the portal holds works on. */
export async function expectUntouched(scene: Scene, entry: Entered): Promise<void> {
  const { links, devices } = await lives(scene, entry.person);
  expect({ links, devices }, 'what lives').to.deep.equal({ links: 1, devices: 1 });
  const { status, refreshToken } = await refresh(scene, scene.demo.gateway, entry.refreshToken);
  expect(status, 'the refresh token').to.equal(200);
  entry.refreshToken = refreshToken;
}

/** The login that entered the portal is over: its device, its tokens, and the portal was told once. */
export async function expectOver(scene: Scene, { person, refreshToken }: Entered, but = 0): Promise<void> {
  const now = await lives(scene, person);
  expect({ devices: now.devices, logins: now.logins }, 'what lives').to.deep.equal({ devices: 0, logins: but });
  expect((await refresh(scene, scene.demo.gateway, refreshToken)).error, 'the refresh token').to.equal('invalid_grant');
  await expectTold(scene, now.sids);
}

/** Their portal gets its logout token, once. */
export async function expectTold(scene: Scene, sids: readonly string[]): Promise<void> {
  const own = new Set<unknown>(sids);
  const count = (): number => scene.portal.logoutTokens.filter(({ sid }) => own.has(sid)).length;
  for (let round = 0; round < 100 && count() === 0; round += 1)
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  expect(count(), 'logout tokens to its portal').to.equal(1);
}

/** How many mails with this in their subject came to an address. */
export const mailsTo = async (scene: Scene, address: string, subject: string): Promise<number> =>
  (await scene.demo.mails(address)).filter((mail) => mail.subject.includes(subject)).length;
