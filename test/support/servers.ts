// Starts the test run's own Redis and PostgreSQL on free loopback ports, with data in a temporary folder, and ends
// exactly these two processes. Fast and forgetful on purpose: durability is not what these tests are about.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './ports.ts';

export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(late);
}

async function started(
  child: ChildProcess,
  port: number,
  log: () => string,
  ready: () => Promise<void>,
): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended at once:\n${log()}`);
    if (await answers(port)) {
      await ready();
      return;
    }
    await sleep(100);
  }
  throw new Error(`the server did not answer within 15 seconds:\n${log()}`);
}

function lastWords(child: ChildProcess): () => string {
  let words = '';
  const keep = (chunk: unknown): void => {
    words = (words + String(chunk)).slice(-4_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => words;
}

/** Enough that every demo of a test run has one of its own: throttling by source would carry over otherwise. */
export const redisDatabases = 4_000;

/** A Redis without persistence that refuses to evict (spec §10). */
export async function startRedis(program: string): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'renkei-redis-'));
  const port = await freePort();
  const options = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
    '--databases',
    redisDatabases,
  ];
  const child = spawn(program, [...options.map(String), '--maxmemory-policy', 'noeviction'], { stdio: 'pipe' });
  const server: Server = {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      await stop(child, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await orStop(
    server,
    started(child, port, lastWords(child), async () => {}),
  );
  return server;
}

async function orStop(server: Server, start: Promise<void>): Promise<void> {
  try {
    await start;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or failing that as `nobody`. */
export function owner(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find((fields) => fields[0] === 'postgres') ?? users.find((fields) => fields[0] === 'nobody');
  if (!user) throw new Error('PostgreSQL cannot run as root, and there is no user postgres or nobody');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** A PostgreSQL cluster of its own; `url` is a superuser's, of the database `postgres`. */
export async function startPostgres(program: string): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'renkei-postgres-'));
  const as = owner();
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (as) for (const path of [folder, data]) chownSync(path, as.uid, as.gid);
  // The folder it starts in must be readable for the user it runs as.
  const identity = { cwd: folder, env: { ...process.env, HOME: folder, LC_ALL: 'C.UTF-8' }, ...as };
  const initdb = join(dirname(program), 'initdb');
  execFileSync(initdb, ['-D', data, '-U', 'renkei', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...identity,
    stdio: 'pipe',
  });
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    port,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: 300,
    shared_buffers: '64MB',
    deadlock_timeout: '200ms',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(program, ['-D', data, ...options], { ...identity, stdio: 'pipe' });
  const server: Server = {
    url: `postgres://renkei@127.0.0.1:${port}/postgres`,
    stop: async () => {
      // SIGINT is PostgreSQL's fast shutdown: it ends its own backends.
      await stop(child, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await orStop(
    server,
    started(child, port, lastWords(child), () => untilConnected(server.url)),
  );
  return server;
}

async function untilConnected(url: string): Promise<void> {
  const { default: pg } = await import('pg');
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(100);
    }
  }
}
