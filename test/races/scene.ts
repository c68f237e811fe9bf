// The scene of the races: two gateways on real stores, a hand in the database to set a round up again cheaply, and ways to
// bring many browsers to the same page. What a round expects is the tests' own.
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Redis } from 'ioredis';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { overlay } from '../support/walks.ts';

/** Fewer while one is worked on: RENKEI_RACE_ROUNDS=8 npm test -- races. */
export const rounds = Number(process.env['RENKEI_RACE_ROUNDS'] ?? 50);

type Row = Readonly<Record<string, unknown>>;

export interface Scene {
  readonly demo: Demo;
  /** A portal of the tests' own that admits everybody, on the side of the relying party. */
  readonly portal: OwnPortal;
  /** Another one. */
  readonly second: OwnPortal;
  sql(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** A connection of its own, to hold a lock while requests run into it. */
  connection(): Promise<pg.Client>;
  readonly redis: Redis;
  /** Until so many transactions of the gateways wait for a lock; one unless told. */
  untilWaiting(count?: number): Promise<void>;
  accountId(person: DemoPerson): Promise<string>;
  /** Forgets from where wrong passwords came: all of these browsers sit at one address. */
  forgetSources(): Promise<void>;
  /** Events of a person's audit records since the sequence number, oldest first. */
  events(person: DemoPerson, since: number): Promise<readonly { readonly event: string; readonly data: Row }[]>;
  /** The newest sequence number of the chain of a person's company. */
  mark(person: DemoPerson): Promise<number>;
  end(): Promise<void>;
}

let shared: Promise<Scene> | null = null;

/** The one scene of all races; it ends after the last of them. */
export function theScene(): Promise<Scene> {
  shared ??= startScene();
  return shared;
}

after(async () => {
  const scene = await shared;
  if (!scene) return;
  const [deadlocks] = await scene.sql('select deadlocks::int from pg_stat_database where datname = current_database()');
  const faults = scene.demo
    .log()
    .split('\n')
    .filter((line) => /"event":"(oidc\.)?unexpected"|deadlock|"status":500/.test(line));
  await scene.end();
  expect(deadlocks?.['deadlocks'], 'deadlocks that PostgreSQL had to break').to.equal(0);
  expect(faults, 'what nobody foresaw').to.deep.equal([]);
});

async function startScene(): Promise<Scene> {
  const portal = await ownPortal('race-portal');
  const second = await ownPortal('second-race-portal');
  const config = overlay({ 'portals.yaml': [portal.entry({ open: true }), second.entry({ open: true })] });
  const demo = await startDemo('real', { gateways: 2, env: { RENKEI_CONFIG: config } });
  const pool = new pg.Pool({ connectionString: demo.databaseUrl ?? '', max: 4 });
  // The database is dropped at the end, under whatever connection is still idle.
  pool.on('error', () => {});
  const redis = new Redis(demo.redisUrl ?? '');
  const ids = new Map<string, string>();
  const sql = async (text: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
    (await pool.query(text, [...values])).rows;
  const scene: Scene = {
    demo,
    portal,
    second,
    sql,
    redis,
    async connection() {
      const client = new pg.Client({ connectionString: demo.databaseUrl ?? '' });
      await client.connect();
      return client;
    },
    async untilWaiting(count = 1) {
      const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      for (let round = 0; round < 600; round += 1) {
        if ((await sql(waits)).length >= count) return;
        await sleep(5);
      }
      throw new Error(`fewer than ${count} wait for a lock`);
    },
    async accountId({ login_id: loginId }) {
      const known = ids.get(loginId);
      if (known !== undefined) return known;
      const [row] = await sql('select id from account where lower(login_name) = lower($1)', [loginId]);
      const id = String(row?.['id']);
      ids.set(loginId, id);
      return id;
    },
    async forgetSources() {
      const keys = await redis.keys('renkei:source:*');
      if (keys.length > 0) await redis.del(...keys);
    },
    async events(person, since) {
      const rows = await sql('select event, body from audit where account_id = $1 and seq > $2 order by seq', [
        await scene.accountId(person),
        since,
      ]);
      return rows.map(({ event, body }) => ({ event: String(event), data: JSON.parse(String(body)).data }));
    },
    async mark(person) {
      const [row] = await sql(
        'select coalesce(max(audit.seq), 0)::int as seq from account left join audit on audit.chain = account.company_id where account.id = $1',
        [await scene.accountId(person)],
      );
      return Number(row?.['seq']);
    },
    async end() {
      redis.disconnect();
      await pool.end();
      await demo.stop();
      await Promise.all([portal.close(), second.close()]);
    },
  };
  return scene;
}

/** From Business Direct itself into the gateway's own pages: the shortest way to a sign-in through the upstream. */
export async function initiated(
  { demo }: Scene,
  browser: ScriptBrowser,
  id: DemoPerson['business_direct'],
): Promise<Page> {
  const page = await browser.open(`${demo.gateway}/initiate?iss=${encodeURIComponent(demo.businessDirect)}`);
  if (page.screen !== 'BDD001' || !id) return page;
  return browser.submit(page, { business_direct_id: id.id, business_direct_password: id.password });
}

/** To the page that asks for login ID and password, for the gateway's own pages. */
export async function toDirect({ demo }: Scene, browser: ScriptBrowser): Promise<Page> {
  return browser.submit(await browser.open(`${demo.gateway}/`), {}, 'direct');
}

/** To a portal of the tests, up to the first page that asks somebody. */
export async function toPortal(
  { demo, portal }: Scene,
  browser: ScriptBrowser,
  person: DemoPerson,
  at: OwnPortal = portal,
): Promise<Page> {
  let page = await browser.open(await at.authorizeUrl(demo.gateway));
  if (page.screen === 'LGN001') page = await browser.submit(page, {}, 'federated');
  if (page.screen === 'BDD001' && person.business_direct) {
    const { id, password } = person.business_direct;
    page = await browser.submit(page, { business_direct_id: id, business_direct_password: password });
  }
  return page;
}

/** `count` values made one after the other. */
export async function inTurn<T>(count: number, make: (index: number) => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  for (let index = 0; index < count; index += 1) made.push(await make(index));
  return made;
}

/** `count` at once. */
export function atOnce<T>(count: number, make: (index: number) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(Array.from({ length: count }, (_each, index) => make(index)));
}

/** How often each answer came: `200 OTP001`, `422 OTP001 otp-wrong`. */
export function tally(pages: readonly Page[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status, screen, refusal } of pages) {
    const name = [status, screen, refusal].filter((part) => part !== null && part !== '').join(' ');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
