// A demo in processes of its own, as a person would start it: on embedded stores, or on real Redis and PostgreSQL with as
// many gateways as a test wants. Tests talk to it over HTTP alone.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { DemoPerson } from '../../src/demo/people.ts';
import { codeAt, secretFromBase32, stepAt } from '../../src/secrets/totp.ts';
import { freePorts } from './ports.ts';
import { freshDatabase } from './postgres.ts';
import { type Page, scriptBrowser, type ScriptBrowser } from './script-browser.ts';
import { redisDatabases } from './servers.ts';
import { root } from './source.ts';

export interface Mail {
  readonly id: string;
  readonly date: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly code: string | null;
}

export interface Demo {
  readonly gateway: string;
  readonly businessDirect: string;
  readonly portal: string;
  readonly mail: string;
  readonly people: readonly DemoPerson[];
  /** Addresses of all gateways, the demo's own first. */
  readonly gateways: readonly string[];
  readonly stores: 'embedded' | 'real';
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  /** Environment of its processes, for commands. */
  readonly env: NodeJS.ProcessEnv;
  person(loginId: string): DemoPerson;
  /** The code that this person's token shows now. */
  code(person: DemoPerson, stepsAhead?: number): Promise<string>;
  now(): Promise<number>;
  /** Moves the clock of all processes. */
  forward(seconds: number): Promise<void>;
  mails(to: string): Promise<readonly Mail[]>;
  /** A browser; `spread` sends each request to another gateway in turn. */
  browser(spread?: boolean): ScriptBrowser;
  /** What its processes wrote to their logs. */
  log(): string;
  kill(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the demo and waits for its `ready`. Real stores need the servers that `npm test` starts. */
export async function startDemo(
  stores: 'embedded' | 'real',
  options: {
    readonly gateways?: number;
    readonly env?: Readonly<Record<string, string>>;
    /** The first of its five ports; a free one unless a configuration has to name it before. */
    readonly port?: number;
  } = {},
): Promise<Demo> {
  const base = options.port ?? (await freePorts(5));
  const dataDir = mkdtempSync(join(tmpdir(), 'renkei-demo-'));
  const database = stores === 'real' ? await freshDatabase() : null;
  const redisUrl = stores === 'real' ? await ownRedisDatabase(process.env['RENKEI_TEST_REDIS_URL']) : null;
  if (stores === 'real' && redisUrl === null)
    throw new Error('RENKEI_TEST_REDIS_URL is not set: run this through npm test');
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    RENKEI_PORT: String(base),
    RENKEI_DATA_DIR: dataDir,
    ...(database ? { RENKEI_DATABASE_URL: database.url } : {}),
    ...(redisUrl === null ? {} : { RENKEI_REDIS_URL: redisUrl }),
    ...options.env,
  };
  const at = (port: number): string => `http://localhost:${port}`;
  const processes = [await launch(env, [])];
  const gateways = [at(base)];
  for (let more = 1; more < (options.gateways ?? 1); more += 1) {
    const port = await freePorts(1);
    processes.push(await launch({ ...env, RENKEI_PORT: String(port), RENKEI_ISSUER: at(base) }, ['--gateway-only']));
    gateways.push(at(port));
  }
  const people: readonly DemoPerson[] = JSON.parse(readFileSync(join(root, 'config/demo/people.json'), 'utf8'));
  const mail = at(base + 3);
  let turn = 0;
  const now = async (): Promise<number> => {
    const clock: { now: string } = JSON.parse(await (await fetch(`${mail}/clock`)).text());
    return Date.parse(clock.now);
  };
  return {
    gateway: at(base),
    businessDirect: at(base + 1),
    portal: at(base + 2),
    mail,
    people,
    gateways,
    stores,
    databaseUrl: database?.url ?? null,
    redisUrl,
    env,
    person(loginId) {
      const person = people.find((each) => each.login_id === loginId);
      if (!person) throw new Error(`no demo person ${loginId}`);
      return person;
    },
    async code({ otp, name }, stepsAhead = 0) {
      if (!otp) throw new Error(`${name} has no token`);
      return codeAt({ ...otp, secret: secretFromBase32(otp.secret) }, stepAt(await now(), otp.period) + stepsAhead);
    },
    now,
    async forward(seconds) {
      const before: { offset_seconds: number } = JSON.parse(await (await fetch(`${mail}/clock`)).text());
      const answer = await fetch(`${mail}/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ offset_seconds: before.offset_seconds + seconds }),
      });
      if (answer.status !== 200) throw new Error(`the clock answered ${answer.status}`);
    },
    mails: async (to) => JSON.parse(await (await fetch(`${mail}/messages?to=${encodeURIComponent(to)}`)).text()),
    browser: (spread = false) =>
      scriptBrowser((url) => {
        if (!spread || url.origin !== at(base)) return url;
        turn += 1;
        const gateway = new URL(gateways[turn % gateways.length] ?? at(base));
        const target = new URL(url);
        target.host = gateway.host;
        return target;
      }),
    log: () => processes.map(({ output }) => output()).join('\n'),
    kill: async (signal = 'SIGKILL') => {
      for (const { child, ended } of processes) {
        child.kill(signal);
        await ended;
      }
    },
    async stop() {
      for (const { child, ended } of processes) {
        child.kill('SIGTERM');
        await ended;
      }
      await database?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * A database of the test run's Redis for one demo alone, empty. The first hundred are the suites' own, but for the last of
 * them, in which the demos are counted.
 */
async function ownRedisDatabase(server: string | undefined): Promise<string | null> {
  if (server === undefined) return null;
  const url = new URL(server);
  url.pathname = '/99';
  const redis = new Redis(url.href);
  const place = 100 + ((await redis.incr('demos')) % (redisDatabases - 100));
  await redis.select(place);
  await redis.flushdb();
  redis.disconnect();
  url.pathname = `/${place}`;
  return url.href;
}

interface Launched {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  readonly output: () => string;
}

export async function launch(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Launched> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'demo', ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      if (/^ready /m.test(output)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (status) => reject(new Error(`the demo ended with ${status}:\n${output}`)));
  });
  return { child, ended, output: () => output };
}

/** Presses a button of the demo portal and walks through Business Direct, up to the first page of Renkei that asks. */
export async function throughBusinessDirect(
  demo: Demo,
  browser: ScriptBrowser,
  person: DemoPerson,
  action: 'login' | 'login_otp' | 'login_again' = 'login',
): Promise<Page> {
  let page = await browser.submit(await browser.open(`${demo.portal}/`), {}, action);
  if (page.screen === 'LGN001') page = await browser.submit(page, {}, 'federated');
  if (page.screen === 'BDD001' && person.business_direct) {
    const { id, password } = person.business_direct;
    page = await browser.submit(page, { business_direct_id: id, business_direct_password: password });
  }
  return page;
}

/** Presses a button of the demo portal and takes the direct route, up to the page after the password. */
export async function directly(
  demo: Demo,
  browser: ScriptBrowser,
  person: DemoPerson,
  action: 'login' | 'login_otp' | 'login_again' = 'login',
): Promise<Page> {
  let page = await browser.submit(await browser.open(`${demo.portal}/`), {}, action);
  if (page.screen === 'LGN001') page = await browser.submit(page, {}, 'direct');
  if (page.screen === 'LGN002')
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  return page;
}
