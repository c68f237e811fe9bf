// Two whole gateways, one on real stores and one on embedded ones, each with two Business Direct providers that do what they
// are told, and one person who is linked with both and skips the code in one browser: whoever is believed there is in.
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { PGlite } from '@electric-sql/pglite';
import { join } from 'node:path';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, directly, startDemo } from '../support/demo-process.ts';
import { freePorts } from '../support/ports.ts';
import { type HostileUpstream, startHostileUpstream } from '../support/hostile-upstream.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { nextCode, overlay } from '../support/walks.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Which = 'bank' | 'second';

/** One page that was refused, and the audit record that has to stand under its number. */
export interface Refused {
  readonly label: string;
  readonly reference: string;
  readonly event: string | null;
}

export interface World {
  readonly name: 'real' | 'embedded';
  readonly demo: Demo;
  /** Sends nothing but an ID token; the second also has userinfo, with the company. */
  readonly bank: HostileUpstream;
  readonly second: HostileUpstream;
  readonly portal: OwnPortal;
  /** Linked with both banks. */
  readonly person: DemoPerson;
  /** Holds nothing but the person's device cookies. */
  browser(language?: 'ja' | 'en'): ScriptBrowser;
  /** Until the next honest login: its cookies are the newest. */
  keep(browser: ScriptBrowser): void;
  /** The clock of all, forward; what the gateway holds of documents and keys grows old. */
  pass(seconds: number): Promise<void>;
  readonly refused: Refused[];
  /** Logins that came to their end. */
  readonly logins: { federated: number; direct: number };
  /** Null where only the process itself can read its database. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Row[]> | null;
  health(which?: Which): Promise<string>;
  /** Resident memory of the gateway's process, in bytes. */
  memory(): number;
}

/** Long enough for keys and signs of life to be asked for anew; documents are kept for an hour. */
export const aWhile = 301;
const anHour = 3601;

let shared: Promise<readonly World[]> | null = null;
const ends: (() => Promise<void>)[] = [];

/** The two worlds of the suite. The last file ends them: it reads what only a stopped process leaves behind. */
export function theWorlds(): Promise<readonly World[]> {
  shared ??= startBoth();
  return shared;
}

/** Does the same in both worlds at once; what fails says where. */
export async function inBoth<T>(act: (world: World) => Promise<T>): Promise<readonly T[]> {
  const done = await Promise.allSettled((await theWorlds()).map((world) => act(world)));
  return done.map((each, index) => {
    if (each.status === 'fulfilled') return each.value;
    if (each.reason instanceof Error) each.reason.message = `${['real', 'embedded'][index]}: ${each.reason.message}`;
    throw each.reason;
  });
}

async function startBoth(): Promise<readonly World[]> {
  const ports = [await freePorts(5), await freePorts(5)] as const;
  return Promise.all([start('real', ports[0]), start('embedded', ports[1])]);
}

async function start(name: World['name'], port: number): Promise<World> {
  let ahead = 0;
  const clock = (): number => Date.now() + ahead;
  const portal = await ownPortal('hostile-portal');
  const bank = await startHostileUpstream(clock);
  const second = await startHostileUpstream(clock);
  const believed = { auth_time: true, otp: 'none' } as const;
  const config = overlay({
    'portals.yaml': [portal.entry({ open: true })],
    'upstreams.yaml': [
      { issuer: `http://localhost:${port + 1}`, renkei: { enabled: false } },
      bank.config({ trust: believed }),
      second.config({ display_claim: 'name', company_claim: 'company', trust: believed }),
    ],
  });
  const demo = await startDemo(name, { port, env: { RENKEI_CONFIG: config } });
  const pool = demo.databaseUrl === null ? null : new pg.Pool({ connectionString: demo.databaseUrl, max: 3 });
  const person = demo.person('ywatanabe85');
  honest(bank, second, person);
  let kept = demo.browser();
  const pid = pidOf(demo);
  const world: World = {
    name,
    demo,
    bank,
    second,
    portal,
    person,
    refused: [],
    logins: { federated: 0, direct: 0 },
    browser(language = 'ja') {
      const browser = kept.clone();
      for (const cookie of browser.cookies().keys())
        if (!cookie.startsWith('renkei_device')) browser.dropCookie(cookie);
      browser.setCookie('renkei_language', language);
      return browser;
    },
    keep(browser) {
      kept = browser;
    },
    async pass(seconds) {
      await demo.forward(seconds);
      ahead += seconds * 1000;
    },
    sql: (text, values = []) => (pool === null ? null : pool.query(text, [...values]).then(({ rows }) => rows)),
    async health(which = 'bank') {
      const told: { parts: Record<string, string> } = JSON.parse(await (await fetch(`${demo.gateway}/health`)).text());
      return told.parts[`upstream-${idOf(world[which])}`] ?? 'absent';
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024,
  };
  ends.push(async () => {
    await pool?.end();
    await demo.stop();
    await Promise.all([portal, bank, second].map((each) => each.close()));
  });
  for (const which of ['bank', 'second'] as const) await link(world, which);
  return world;
}

export const idOf = ({ issuer }: HostileUpstream): string =>
  createHash('sha256').update(issuer).digest('hex').slice(0, 8);

/** Both providers as they are when nobody tells them otherwise. */
export function honest(bank: HostileUpstream, second: HostileUpstream, person: DemoPerson): void {
  for (const each of [bank, second]) {
    each.misbehave(null);
    each.breakDown(null);
    each.hold(false);
    each.say('id-token', {});
    each.say('userinfo', { name: '港 太郎', company: { contract_number: person.contract_number } });
  }
}

/** From the portal or our own pages up to the choice of the way, and on to a provider that sends the browser back by itself. */
export async function walk(
  world: World,
  browser: ScriptBrowser,
  options: { readonly from?: 'portal' | 'own'; readonly which?: Which; readonly button?: string } = {},
): Promise<Page> {
  const { from = 'portal', which = 'bank', button = 'login' } = options;
  const page =
    from === 'portal'
      ? await browser.submit(await browser.open(`${world.demo.portal}/`), {}, button)
      : await browser.open(`${world.demo.gateway}/self-service`);
  expect(page.screen, page.url).to.equal('LGN001');
  return browser.submit(page, {}, which === 'bank' ? 'federated' : `federated-${idOf(world.second)}`);
}

async function link(world: World, which: Which): Promise<void> {
  const { demo, person } = world;
  const browser = world.browser();
  let page = await walk(world, browser, { which });
  expect(page.screen).to.equal('LNK001');
  page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  const before = await demo.now();
  page = await browser.submit(page, { otp: await nextCode(demo, person), remember: 'on' });
  await world.pass(Math.max(0, 60 - Math.floor(((await demo.now()) - before) / 1000)) + 60);
  expect(page.screen, page.text()).to.equal('PTL002');
  world.logins.federated += 1;
  world.keep(browser);
}

/** Whoever is honest comes in, and this browser skips the code. */
export async function comesIn(world: World, which: Which = 'bank'): Promise<Page> {
  honest(world.bank, world.second, world.person);
  const browser = world.browser();
  const page = await walk(world, browser, { which });
  expect(page.screen, `${page.refusal} ${page.text()}`).to.equal('PTL002');
  world.logins.federated += 1;
  world.keep(browser);
  return page;
}

/** With login ID and password, whatever Business Direct does; the milliseconds it took. */
export async function comesInDirectly(world: World): Promise<number> {
  const began = performance.now();
  const page = await directly(world.demo, world.demo.browser(), world.demo.person('nishii42'));
  expect(page.screen, page.text()).to.equal('PTL002');
  world.logins.direct += 1;
  return performance.now() - began;
}

/** Waits out documents, too. */
export const forgetDocuments = (world: World): Promise<void> => world.pass(anHour);

/** Our child whose environment names this demo's port. */
function pidOf(demo: Demo): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const found = children.find((pid) =>
    readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`RENKEI_DATA_DIR=${demo.env['RENKEI_DATA_DIR']}\0`),
  );
  return Number(found);
}

/** Ends a process so that its database can be read by another one, and hands over the reading. */
export async function afterwards(world: World): Promise<(text: string) => Promise<readonly Row[]>> {
  if (world.name === 'real') return async (text) => (await world.sql(text)) ?? [];
  await world.demo.kill('SIGTERM');
  const database = await PGlite.create(join(String(world.demo.env['RENKEI_DATA_DIR']), 'postgres'));
  ends.unshift(() => database.close());
  return async (text) => (await database.query<Row>(text)).rows;
}

export async function endWorlds(): Promise<void> {
  for (const end of ends.splice(0)) await end();
}
