// Connections to a PostgreSQL server for people who wait for a page: nobody waits longer for a lock, an answer or a free
// connection than a page may take, and a server that went silent is told at once to everybody.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PostgresPool } from 'kysely';
import { silenceOf } from './server-silence.ts';

/** Milliseconds. A row is locked for single milliseconds; what holds one longer is an outsider. */
const limits = {
  /** Until a connection is free, or made. */
  connection: 2_000,
  lock: 1_000,
  statement: 2_000,
  /** The server would have ended the statement before: it has gone without a word. */
  answer: 2_500,
  idleInTransaction: 5_000,
  suspicion: 1_000,
  /** For an answer to the smallest question, on a connection made for it. */
  question: 500,
  /** After which that connection is thrown away. */
  thrownAway: 5_000,
  again: 500,
} as const;

/** A few connections stay, so that others who take all places on the server do not end the service. */
const sizes = { most: 12, kept: 4, idleMillis: 30_000 } as const;

export interface PoolOptions {
  readonly url: string;
  readonly types: pg.TypeOverrides;
}

export function postgresPool({ url, types }: PoolOptions): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    types,
    max: sizes.most,
    min: sizes.kept,
    idleTimeoutMillis: sizes.idleMillis,
    connectionTimeoutMillis: limits.connection,
    query_timeout: limits.answer,
    statement_timeout: limits.statement,
    lock_timeout: limits.lock,
    idle_in_transaction_session_timeout: limits.idleInTransaction,
    keepAlive: true,
    // Statements are sent when they are asked for, not when the one before was answered.
    pipeline: true,
  });
  // Where one connection went silent, those made before it may have, too: they are made anew at their next use.
  let generation = 0;
  const made = new WeakMap<object, number>();
  const renew = (): void => {
    generation += 1;
  };
  // A connection that dies is replaced at the next use, and its user is told by the query; without listeners for the idle
  // ones and for those in use the whole process would end.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    made.set(client, generation);
    client.on('error', () => {});
  });
  const silence = silenceOf(() => answers(url), limits, renew);

  /** An answer stayed away: the connection is closed after this use, the next query on it would wait as long again. */
  const watched = (client: pg.PoolClient): pg.PoolClient => {
    let failed: unknown = null;
    const query = async (...args: readonly unknown[]): Promise<unknown> => {
      if (failed !== null) throw failed;
      try {
        return await silence.watch(() => Reflect.apply(client.query, client, args));
      } catch (error) {
        if (isSilence(error)) {
          failed = error;
          renew();
        }
        throw error;
      }
    };
    const release = (destroy?: boolean): void => client.release(destroy === true || failed !== null);
    return new Proxy(client, {
      get: (target, name): unknown =>
        name === 'query' ? query : name === 'release' ? release : Reflect.get(target, name, target),
    });
  };

  return {
    options: pool.options,
    connect: async () => {
      for (;;) {
        const client = await silence.watch(
          () => pool.connect(),
          (late) => late.release(),
        );
        if (made.get(client) === generation) return watched(client);
        client.release(true);
      }
    },
    end: () => {
      silence.close();
      return pool.end();
    },
  };
}

const isSilence = (error: unknown): boolean =>
  error instanceof Error && (error.message === 'Query read timeout' || Reflect.get(error, 'code') === '08006');

/** Whether the server says anything at all; a refusal in its own words (too many connections, starting up) is an answer. */
async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: limits.thrownAway,
    query_timeout: limits.thrownAway,
  });
  client.on('error', () => {});
  const asked = async (): Promise<boolean> => {
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch (error) {
      return error instanceof pg.DatabaseError;
    }
  };
  const answer = await Promise.race([asked(), awake(limits.question).then(() => false)]);
  client.end().catch(() => {});
  return answer;
}

/**
 * Counts only time in which this process got its turns: where it had none for a while, the answer lies in the socket unread,
 * and a busy gateway must not take its own breathlessness for the server's silence.
 */
async function awake(milliseconds: number): Promise<void> {
  for (let tenth = 0; tenth < 10; tenth += 1) await sleep(milliseconds / 10, undefined, { ref: false });
}
