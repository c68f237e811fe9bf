// The scene of the killed gateways: a demo whose gateway is never killed, on real stores; others beside it that die; a bank
// and a portal of the tests' own; and as many people as there are points to die at.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import pg from 'pg';
import { readConfig } from '../../src/config.ts';
import { createUpstreams } from '../../src/oidc/upstream.ts';
import { stateScripts } from '../../src/store/state-scripts.ts';
import { createTools, openStores, type Stores } from '../../src/stores.ts';
import type { Tools } from '../../src/flows/tools.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { freePorts } from '../support/ports.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import { root } from '../support/source.ts';
import { overlay } from '../support/walks.ts';
import { type Bank, openBank } from './bank.ts';
import { buildGateway } from './mortals.ts';

type Row = Readonly<Record<string, unknown>>;

export interface Scene {
  readonly demo: Demo;
  readonly bank: Bank;
  readonly portal: OwnPortal;
  /** The demo's stores, opened here with the demo's secret. */
  readonly stores: Stores;
  readonly tools: Tools;
  /** Of every process that may be killed. */
  readonly env: NodeJS.ProcessEnv;
  /** The argon2 hash of everybody's password. */
  readonly hash: string;
  now(): number;
  forward(seconds: number): Promise<void>;
  sql(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Forgets from where wrong passwords came: all of these browsers sit at one address. */
  forgetSources(): Promise<void>;
  end(): Promise<void>;
}

export const password = 'Minato2026';

export const newId = (): string => randomBytes(8).toString('hex');

export async function startScene(): Promise<Scene> {
  let ahead = 0;
  const now = (): number => Date.now() + ahead * 1000;
  const port = await freePorts(5);
  const bank = await openBank(now);
  const portal = await ownPortal('killed-portal');
  const config = overlay({
    'portals.yaml': [portal.entry({ open: true })],
    'upstreams.yaml': [{ issuer: `http://localhost:${port + 1}`, renkei: { enabled: false } }, bank.entry],
  });
  const demo = await startDemo('real', { port, env: { RENKEI_CONFIG: config } });
  const pool = new pg.Pool({ connectionString: demo.databaseUrl ?? '', max: 4 });
  // The database is dropped at the end, under whatever connection is still idle.
  pool.on('error', () => {});
  const sql: Scene['sql'] = async (text, values = []) => (await pool.query(text, [...values])).rows;
  const redis = new Redis(demo.redisUrl ?? '');
  for (const lua of Object.values(stateScripts)) await redis.script('LOAD', lua);

  const [deployment] = await sql('select demo_secret from deployment');
  const env = { ...demo.env, RENKEI_SECRET: String(deployment?.['demo_secret']), RENKEI_ISSUER: demo.gateway };
  const ownConfig = readConfig({ env, mode: 'demo', root, beside: true });
  const stores = await openStores(ownConfig, now);
  await buildGateway({ ...env, RENKEI_PORT: String(await freePorts(1)) });
  return {
    demo,
    bank,
    portal,
    stores,
    tools: createTools(
      ownConfig,
      stores,
      createUpstreams({ upstreams: [], callbackUrl: demo.gateway, clock: now, demo: true, once: async () => false }),
    ),
    env,
    hash: await stores.secrets.hasher.hash(password),
    now,
    async forward(seconds) {
      await demo.forward(seconds);
      ahead += seconds;
    },
    sql,
    async forgetSources() {
      const keys = await redis.keys('renkei:source:*');
      if (keys.length > 0) await redis.del(...keys);
    },
    async end() {
      redis.disconnect();
      await stores.close();
      await pool.end();
      await demo.stop();
      await Promise.all([portal.close(), bank.close()]);
    },
  };
}

let shared: Promise<Scene> | null = null;

/** The one scene of all acts. */
export function theScene(): Promise<Scene> {
  shared ??= startScene();
  return shared;
}

/** Ends it, when every chain has been verified once more, the bank's own too. */
export async function endScene(): Promise<void> {
  const scene = await shared;
  if (!scene) return;
  const { audit } = scene.stores.store;
  const bad: string[] = [];
  for (const { chain } of await audit.heads()) if ((await audit.verify(chain)).badAt !== null) bad.push(chain);
  await scene.end();
  expect(bad, 'chains that do not verify').to.deep.equal([]);
}
