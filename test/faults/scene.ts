// The scene of every fault: a demo on the stores that a test may break, a portal of its own, a hand in the database, and the
// table of what was seen.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { evidenceTable } from '../support/evidence-table.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import type { Page } from '../support/script-browser.ts';
import { overlay, renkei } from '../support/walks.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Health {
  readonly code: number;
  readonly status: string;
  readonly parts: Readonly<Record<string, string>>;
}

export interface Scene {
  readonly demo: Demo;
  readonly portal: OwnPortal;
  /** Asks the database itself, past whatever stands between it and the gateway. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  health(): Promise<Health>;
  isUp(): Promise<boolean>;
  end(): Promise<void>;
}

/** The rows of docs/stores-that-fail.md, written when the whole suite has passed. */
export const table = evidenceTable('stores-that-fail', [
  'store failure',
  'what users saw',
  'seconds until back',
  'acknowledged facts vs SQL',
]);
after(function () {
  let passed = true;
  this.test?.parent?.eachTest((test) => {
    passed &&= test.state === 'passed';
  });
  if (passed) table.write();
});

/**
 * Starts it. The stores of the test run are used where none is named.
 * @param databaseUrl of the database itself, when the gateway reaches it by another address
 */
export async function startScene(stores: {
  readonly redisUrl?: string;
  readonly gatewaysDatabaseUrl?: string;
  readonly databaseUrl?: string;
}): Promise<Scene> {
  const portal = await ownPortal('outage-portal');
  const config = overlay({ 'portals.yaml': [portal.entry({ open: true })] });
  const gatewaysUrl = stores.gatewaysDatabaseUrl ?? stores.databaseUrl;
  const demo = await startDemo('real', {
    env: {
      ...(stores.redisUrl === undefined ? {} : { RENKEI_REDIS_URL: stores.redisUrl }),
      ...(gatewaysUrl === undefined ? {} : { RENKEI_DATABASE_URL: gatewaysUrl }),
      RENKEI_CONFIG: config,
    },
  });
  const connectionString = stores.databaseUrl ?? demo.databaseUrl ?? '';
  const pool = new pg.Pool({ connectionString, max: 1, idleTimeoutMillis: 500 });
  pool.on('error', () => {});
  const health = async (): Promise<Health> => {
    const answer = await fetch(`${demo.gateway}/health`);
    const told: Omit<Health, 'code'> = JSON.parse(await answer.text());
    return { code: answer.status, ...told };
  };
  return {
    demo,
    portal,
    sql: async (text, values = []) => (await pool.query(text, [...values])).rows,
    health,
    isUp: async () => (await health()).code === 200,
    async end() {
      const unforeseen = demo
        .log()
        .split('\n')
        .filter((line) => /"event":"(oidc\.)?unexpected"/.test(line) && !/StoreUnavailable/.test(line));
      await pool.end();
      await demo.stop();
      await portal.close();
      expect(unforeseen, 'what nobody foresaw').to.deep.equal([]);
    },
  };
}

/** Runs it and tells how many seconds it took. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly seconds: number; readonly value: T }> {
  const began = performance.now();
  const value = await work();
  return { seconds: (performance.now() - began) / 1000, value };
}

export const shown = (seconds: number): string => seconds.toFixed(1);

const technical = /redis|postgres|sql|ECONN|127\.0\.0\.1|timeout|cluster|sentinel|stack|node_modules|Error:/i;

/** What is wrong with a page of an outage; null when it is the one page there may be. */
export function faultOfOutage(page: Pick<Page, 'status' | 'screen' | 'refusal' | 'headers' | 'html'>): string | null {
  const told = `${page.status} ${page.screen} ${page.refusal}`;
  if (told !== '503 REF020 unavailable') return told;
  const again = Number(page.headers.get('retry-after') ?? Number.NaN);
  if (!(again >= 1 && again <= 60)) return `${told} without Retry-After`;
  const words = technical.exec(page.html);
  return words ? `${told} tells "${words[0]}"` : null;
}

/** What is wrong with an answer of the token endpoint in an outage: JSON, 503, a time to come back, nothing of the fault. */
export async function faultOfTokenOutage(answer: Response): Promise<string | null> {
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  if (!type.includes('application/json')) return `the token endpoint: 503 as ${type}`;
  const again = Number(answer.headers.get('retry-after') ?? Number.NaN);
  if (!(again >= 1 && again <= 60)) return 'the token endpoint: 503 without Retry-After';
  return technical.test(text) ? `the token endpoint tells ${text}` : null;
}

/** Every chain of the audit record, recomputed by the command. */
export async function verified({ demo }: Pick<Scene, 'demo'>): Promise<boolean> {
  const { out } = await renkei(demo, 'audit', 'verify', '--json');
  const told: { readonly ok: boolean; readonly chains: readonly unknown[] } = JSON.parse(out);
  expect(told.chains).to.have.length.above(0);
  return told.ok;
}

/** Waits while people are at work; for as long as a fault lasts. */
export const meanwhile = (milliseconds: number): Promise<void> => sleep(milliseconds);
