// Redis and PostgreSQL of one run: started by the bench, asked for their processes so that their CPU can be told apart, and
// looked into for what a session leaves there.
import { Redis } from 'ioredis';
import pg from 'pg';
import { startPostgres, startRedis, type Server } from '../test/support/servers.ts';
import { findTool, installCommand } from '../test/support/tools.ts';
import { cpuOfFamily, parentOf } from './machine.ts';

export interface Key {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds it still has. */
  readonly left: number;
}

export interface BenchStores {
  readonly redis: string;
  readonly postgres: string;
  readonly programs: { readonly redis: string; readonly postgres: string };
  /** Microseconds. */
  cpu(): { readonly redis: number; readonly postgres: number };
  keys(): Promise<readonly Key[]>;
  stop(): Promise<void>;
}

/** @throws when this machine lacks one of them, with the command that installs it */
export async function startStores(): Promise<BenchStores> {
  const redisProgram = findTool('redis');
  const postgresProgram = findTool('postgres');
  if (redisProgram === null || postgresProgram === null) {
    const missing = [
      ...(redisProgram === null ? ['redis' as const] : []),
      ...(postgresProgram === null ? ['postgres' as const] : []),
    ];
    throw new Error(`The bench needs ${missing.join(' and ')}, which this machine has not: ${installCommand(missing)}`);
  }
  const started: Server[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
  };
  try {
    const redis = await startRedis(redisProgram);
    started.push(redis);
    const postgres = await startPostgres(postgresProgram);
    started.push(postgres);
    const pids = { redis: await redisPid(redis.url), postgres: await postmaster(postgres.url) };
    return {
      redis: redis.url,
      postgres: postgres.url,
      programs: { redis: redisProgram, postgres: postgresProgram },
      cpu: () => ({ redis: cpuOfFamily(pids.redis), postgres: cpuOfFamily(pids.postgres) }),
      keys: () => keysIn(redis.url),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function withRedis<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

const redisPid = (url: string): Promise<number> =>
  withRedis(url, async (client) => Number(/process_id:(\d+)/.exec(await client.info('server'))?.[1] ?? 0));

async function postmaster(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return parentOf(rows[0]?.pid ?? 0);
  } finally {
    await client.end();
  }
}

/** Everything in a database of Redis. */
export const keysIn = (url: string): Promise<readonly Key[]> => withRedis(url, keysOf);

async function keysOf(client: Redis): Promise<readonly Key[]> {
  const found: Key[] = [];
  let cursor = '0';
  do {
    const [next, names] = await client.scan(cursor, 'COUNT', 500);
    cursor = next;
    for (const name of names) {
      const bytes = (await client.memory('USAGE', name, 'SAMPLES', 0)) ?? 0;
      found.push({ name, bytes, left: await client.pttl(name) });
    }
  } while (cursor !== '0');
  return found;
}
