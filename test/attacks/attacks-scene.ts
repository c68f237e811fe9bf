// The scene of the attacks: two gateways on real stores, a portal that keeps what it gets, a second Business Direct provider
// that does what it is told, and a record of every page, address and header that any browser saw.
import { request } from 'node:http';
import { expect } from 'chai';
import pg from 'pg';
import { Redis } from 'ioredis';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { type HostileUpstream, startHostileUpstream } from '../support/hostile-upstream.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import { mainForm, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { nextCode, overlay } from '../support/walks.ts';

type Row = Readonly<Record<string, unknown>>;

export interface Scene {
  readonly demo: Demo;
  /** A portal that admits everybody, and another one. */
  readonly portal: OwnPortal;
  readonly other: OwnPortal;
  /** The second Business Direct provider; it signs in whoever comes, without a page. */
  readonly hostile: HostileUpstream;
  /** Everything that browsers of this scene were shown. */
  readonly seen: Page[];
  /** Secrets that were used: none may turn up anywhere. */
  readonly secrets: Map<string, string>;
  browser(): ScriptBrowser;
  sql(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  readonly redis: Redis;
  accountId(person: DemoPerson): Promise<string>;
  /** A code that nobody used, remembered as a secret. */
  code(person: DemoPerson): Promise<string>;
  /** Links, logins and devices of a person, as they stand. */
  holdings(
    person: DemoPerson,
  ): Promise<{ readonly links: readonly string[]; readonly logins: number; readonly devices: number }>;
  forgetSources(): Promise<void>;
  /** The second provider's clock goes as the gateways' do. */
  keepTime(): Promise<void>;
  /** Puts a person back as the demo made them: no link, device, login, lock or stop. What was linked by the demo stays. */
  asBefore(person: DemoPerson): Promise<void>;
  /** Everything that Redis holds now; the answer puts it back as it was, and takes away what came after. */
  keepState(): Promise<() => Promise<void>>;
}

/** Registered for the other portal; nobody listens there. */
export const dottedAddress = 'https://foo.example.com/callback';

let shared: Promise<Scene> | null = null;
let end = async (): Promise<void> => {};

/** The one scene of all attacks; it ends after the last of them. */
export function theScene(): Promise<Scene> {
  shared ??= start();
  return shared;
}

after(async function () {
  this.timeout(60_000);
  const scene = await shared;
  if (!scene) return;
  const faults = scene.demo
    .log()
    .split('\n')
    .filter((line) => /"event":"(oidc\.)?unexpected"/.test(line));
  await end();
  expect(faults, 'what nobody foresaw').to.deep.equal([]);
});

async function start(): Promise<Scene> {
  const portal = await ownPortal('attack-portal');
  const other = await ownPortal('other-portal');
  let ahead = 0;
  const hostile = await startHostileUpstream(() => Date.now() + ahead);
  const { client_id, client_secret } = hostile.config();
  const config = overlay({
    'portals.yaml': [
      portal.entry({ open: true }),
      // A registered address with dots in its name: a pattern would take others for it.
      {
        ...other.entry({ open: true }),
        redirect_uris: [`${other.url}/callback`, dottedAddress],
        subject_type: 'public',
      },
    ],
    'upstreams.yaml': [
      { issuer: hostile.issuer, client_id, client_secret, name: '第二の銀行', renkei: { trust: { auth_time: true } } },
    ],
  });
  const demo = await startDemo('real', { gateways: 2, env: { RENKEI_CONFIG: config } });
  const pool = new pg.Pool({ connectionString: demo.databaseUrl ?? '', max: 4 });
  const redis = new Redis(demo.redisUrl ?? '');
  const seen: Page[] = [];
  const secrets = new Map<string, string>();
  for (const person of demo.people) {
    secrets.set(person.password, `password of ${person.login_id}`);
    if (person.confirmation_password)
      secrets.set(person.confirmation_password, `confirmation password of ${person.login_id}`);
    if (person.business_direct)
      secrets.set(person.business_direct.password, `Business Direct password of ${person.login_id}`);
    if (person.otp) secrets.set(person.otp.secret, `token secret of ${person.login_id}`);
  }
  end = async () => {
    redis.disconnect();
    await pool.end();
    await demo.stop();
    await Promise.all([portal.close(), other.close(), hostile.close()]);
  };
  const sql: Scene['sql'] = async (text, values = []) => (await pool.query(text, [...values])).rows;
  const accountId = async ({ login_id: loginId }: DemoPerson): Promise<string> => {
    const [row] = await sql('select id from account where lower(login_name) = lower($1)', [loginId]);
    return String(row?.['id']);
  };
  const keepTime = async (): Promise<void> => {
    ahead = (await demo.now()) - Date.now();
  };
  return {
    demo,
    portal,
    other,
    hostile,
    seen,
    secrets,
    browser: () => watched(demo.browser(true), seen),
    sql,
    redis,
    accountId,
    async code(person) {
      const code = await nextCode(demo, person);
      await keepTime();
      return code;
    },
    keepTime,
    async holdings(person) {
      const id = await accountId(person);
      const links = await sql('select display from link where account_id = $1 and ended_at is null', [id]);
      const count = async (table: string): Promise<number> =>
        (await sql(`select 1 from ${table} where account_id = $1 and ended_at is null`, [id])).length;
      return {
        links: links.map(({ display }) => String(display)),
        logins: await count('login'),
        devices: await count('device'),
      };
    },
    async forgetSources() {
      const keys = await redis.keys('renkei:source:*');
      if (keys.length > 0) await redis.del(...keys);
      await sql('delete from first_link_try');
    },
    async asBefore(person) {
      const id = await accountId(person);
      const live = 'account_id = $1 and ended_at is null';
      await sql(`update device set ended_at = 1, ended_why = 'test' where ${live}`, [id]);
      await sql(`update login set ended_at = 1, ended_why = 'test' where ${live}`, [id]);
      if (person.state !== 'ready-linked')
        await sql(`update link set ended_at = 1, ended_why = 'test' where ${live}`, [id]);
      await sql('update account set otp_misses = 0, otp_stopped_at = null, stopped_at = null where id = $1', [id]);
      await sql(
        'update credential set misses = 0, locks = 0, locked_until = null, stopped_at = null where account_id = $1',
        [id],
      );
      await sql('delete from known_browser where account_id = $1', [id]);
      await sql('delete from guess_budget where account_id = $1', [id]);
    },
    async keepState() {
      const kept = await Promise.all(
        (await redis.keys('*')).map(async (key) => ({
          key,
          value: await redis.dumpBuffer(key),
          left: await redis.pttl(key),
        })),
      );
      return async () => {
        await redis.flushdb();
        for (const { key, value, left } of kept) if (value) await redis.restore(key, Math.max(0, left), value);
      };
    },
  };
}

/** A browser whose pages are kept for the search for secrets. */
function watched(browser: ScriptBrowser, seen: Page[]): ScriptBrowser {
  const keep = async (page: Promise<Page>): Promise<Page> => {
    seen.push(await page);
    return page;
  };
  return {
    ...browser,
    open: (url) => keep(browser.open(url)),
    submit: (page, fields, action) => keep(browser.submit(page, fields, action)),
    post: (url, body, headers) => keep(browser.post(url, body, headers)),
    clone: () => watched(browser.clone(), seen),
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly location: string | null;
  readonly text: string;
}

/** One request as it is written, with any header and no redirect followed. */
export function raw(
  url: string,
  options: {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly browser?: ScriptBrowser;
  } = {},
): Promise<RawAnswer> {
  const { method = 'GET', headers = {}, body, browser } = options;
  const target = new URL(url);
  const cookie = browser ? [...browser.cookies()].map(([name, value]) => `${name}=${value}`).join('; ') : '';
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: target.hostname,
        port: target.port,
        path: options.path ?? `${target.pathname}${target.search}`,
        method,
        agent: false,
        headers: {
          'accept': 'text/html',
          'accept-language': 'ja',
          ...(cookie === '' ? {} : { cookie }),
          ...(body === undefined
            ? {}
            : {
                'content-type': 'application/x-www-form-urlencoded',
                'content-length': String(Buffer.byteLength(body)),
              }),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            location: response.headers.location ?? null,
            text,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The hidden token of a page's forms. */
export const csrfOf = (html: string): string => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** The address of an attempt, without its page. */
export const attemptOf = ({ url }: Pick<Page, 'url'>): string => /^.*\/sign-in\/[^/?]+/.exec(url)?.[0] ?? '';

/** Where the form of a page is posted to: a step's page may be shown at its attempt's own address. */
export const formOf = (page: Page): string => new URL(mainForm(page.html).action ?? page.url, page.url).href;

/** To the choice of the route at the tests' portal. */
export async function toChoice(
  { demo, portal }: Scene,
  browser: ScriptBrowser,
  ask: Readonly<Record<string, string | null>> = {},
): Promise<Page> {
  const page = await browser.open(await portal.authorizeUrl(demo.gateway, ask));
  expect(page.screen).to.equal('LGN001');
  return page;
}

/** Through Business Direct to the tests' portal, up to the first page that asks. */
export async function through(
  scene: Scene,
  browser: ScriptBrowser,
  person: DemoPerson,
  ask: Readonly<Record<string, string | null>> = {},
): Promise<Page> {
  let page = await browser.open(await scene.portal.authorizeUrl(scene.demo.gateway, ask));
  if (page.screen === 'LGN001') page = await browser.submit(page, {}, 'federated');
  if (page.screen === 'BDD001' && person.business_direct) {
    const { id, password } = person.business_direct;
    page = await browser.submit(page, { business_direct_id: id, business_direct_password: password });
  }
  return page;
}

/** Through Business Direct to the end: first-link check and code where they are asked. */
export async function enter(
  scene: Scene,
  browser: ScriptBrowser,
  person: DemoPerson,
  options: { readonly remember?: boolean; readonly ask?: Readonly<Record<string, string | null>> } = {},
): Promise<Page> {
  let page = await through(scene, browser, person, options.ask);
  if (page.screen === 'LNK001')
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  if (page.screen === 'OTP001') {
    page = await browser.submit(page, {
      otp: await scene.code(person),
      ...(options.remember ? { remember: 'on' } : {}),
    });
  }
  expect(page.screen, page.text().slice(0, 200)).to.equal('CALLBACK');
  return page;
}

/** With login ID and password to the tests' portal, up to the page after the password. */
export async function directly(
  scene: Scene,
  browser: ScriptBrowser,
  person: DemoPerson,
  ask: Readonly<Record<string, string | null>> = {},
): Promise<Page> {
  const page = await browser.submit(await toChoice(scene, browser, ask), {}, 'direct');
  return browser.submit(page, { login_id: person.login_id, password: person.password });
}

/** The way to the second provider is taken, but not walked: the address there, with its state. */
export async function towardsSecond(
  scene: Scene,
  browser: ScriptBrowser,
): Promise<{ readonly page: Page; readonly url: URL }> {
  await scene.keepTime();
  const page = await toChoice(scene, browser);
  return { page, url: await chosen(scene, browser, page, secondAction(page)) };
}

/** The button of the second provider on the page that chooses the route. */
export const secondAction = ({ html }: Page): string =>
  /value="(federated-[0-9a-f]+)"/.exec(html)?.[1] ?? 'no second provider';

/** Presses a button that leads to a provider, and stops there. */
export async function chosen({ demo }: Scene, browser: ScriptBrowser, page: Page, action: string): Promise<URL> {
  const answer = await raw(page.url, {
    method: 'POST',
    browser,
    headers: { 'origin': demo.gateway, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ csrf: csrfOf(page.html), action }).toString(),
  });
  expect(answer.status).to.equal(303);
  return new URL(answer.location ?? '');
}

/** Through the second provider as `sub`, up to the first page that asks. Its people have no company and no page there. */
export async function throughSecond(
  scene: Scene,
  browser: ScriptBrowser,
  sub: string,
  claims: Readonly<Record<string, unknown>> = {},
): Promise<Page> {
  const { url } = await towardsSecond(scene, browser);
  scene.hostile.say('id-token', { sub, ...claims });
  const callback = await scene.hostile.authorize(url.href);
  const page = await browser.open(`${scene.demo.gateway}/upstream/callback?${callback.toString()}`);
  scene.hostile.say('id-token', {});
  return page;
}

/** Codes of six digits that this token shows in no step near now. */
export async function wrongCodes({ demo }: Scene, person: DemoPerson, count: number): Promise<readonly string[]> {
  const near = await Promise.all([-3, -2, -1, 0, 1, 2, 3].map((step) => demo.code(person, step)));
  return Array.from({ length: count + near.length }, (_each, index) => String(100_000 + index * 137))
    .filter((code) => !near.includes(code))
    .slice(0, count);
}

/** The same browser with nothing but its remembered devices. */
export function onlyDevices(browser: ScriptBrowser): ScriptBrowser {
  const again = browser.clone();
  for (const name of browser.cookies().keys()) if (!name.startsWith('renkei_device_')) again.dropCookie(name);
  return again;
}

/** To a page of the gateway's own, signed in directly. */
export async function toConsole(scene: Scene, browser: ScriptBrowser, person: DemoPerson, path: string): Promise<Page> {
  let page = await browser.open(`${scene.demo.gateway}${path}`);
  if (page.screen === 'LGN001') page = await browser.submit(page, {}, 'direct');
  if (page.screen === 'LGN002')
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  if (page.screen === 'OTP002') page = await browser.submit(page, { otp: await scene.code(person) });
  return page;
}
