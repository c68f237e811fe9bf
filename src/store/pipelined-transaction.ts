// One SQL transaction on one connection of a server, whose statements are sent as they are asked for: those of one turn of
// the event loop leave in one packet, BEGIN with the first of them, COMMIT with the last. The server runs them in that order,
// each on what it sees then, and after a failed one none, so a transaction means the same as statement by statement.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type KyselyConfig,
  type KyselyPlugin,
  PostgresAdapter,
  PostgresIntrospector,
  type PostgresPool,
  type PostgresQueryResult,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Schema } from './schema.ts';

type Client = Awaited<ReturnType<PostgresPool['connect']>>;

/** Takes a statement whose result nobody waits for before the commit, and sends it now; if it fails, the transaction does. */
export type Trail = (statement: CompiledQuery) => void;

type Send = <R>(sql: string, parameters?: readonly unknown[]) => Promise<PostgresQueryResult<R>>;

const writes = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/**
 * Runs `work` in a transaction. Rejects with what the work, or a statement of the trail, rejected with; then nothing of it
 * is kept.
 */
export async function pipelinedTransaction<T>(
  pool: PostgresPool,
  { plugins, counted }: { readonly plugins: KyselyPlugin[]; readonly counted: () => void },
  work: (db: Kysely<Schema>, trail: Trail) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const together = gathering(client);
  const trail: Promise<unknown>[] = [];
  const send: Send = (sql, parameters = []) => {
    counted();
    together();
    return client.query(sql, [...parameters]);
  };
  // A statement that comes late, because nobody waited for it, must not run as a transaction of its own.
  let over = false;
  // Of statements sent together those after a failed one fail too, and any of them may be heard first: the cause is the first.
  let cause: unknown = null;
  const within: Send = async <R>(sql: string, parameters?: readonly unknown[]) => {
    if (over) throw new Error('a statement came after the end of its transaction');
    const sent = send<R>(sql, parameters);
    sent.catch((error: unknown) => {
      cause ??= error;
    });
    return sent;
  };
  const db = new Kysely<Schema>({ plugins, dialect: dialectOf(connectionOf(within)) });
  const begun = send('begin');
  // Told by the first statement too; whoever fails first is heard.
  begun.catch(() => {});
  let whole = false;
  try {
    const result = await work(db, ({ sql, parameters }) => {
      const sent = within(sql, parameters);
      sent.catch(() => {});
      trail.push(sent);
    });
    over = true;
    const committed = send('commit');
    await Promise.all([begun, ...trail, committed]);
    if ((await committed).command !== 'COMMIT') throw new Error('a transaction was rolled back at its commit');
    whole = true;
    return result;
  } catch (error) {
    over = true;
    whole = await send('rollback').then(
      () => true,
      () => false,
    );
    throw isAftermath(error) ? (cause ?? error) : error;
  } finally {
    // A connection whose transaction may still be open is not given to anybody else.
    client.release(!whole);
  }
}

/** SQLSTATE 25P02: an earlier statement of the transaction failed. */
const isAftermath = (error: unknown): boolean => error instanceof Error && Reflect.get(error, 'code') === '25P02';

/** What is written to a client's socket in this turn of the event loop leaves at its end. */
function gathering(client: Client): () => void {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown =
    typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : null;
  let corked = false;
  return () => {
    if (corked || !isCorkable(stream)) return;
    corked = true;
    stream.cork();
    process.nextTick(() => {
      corked = false;
      stream.uncork();
    });
  };
}

const isCorkable = (stream: unknown): stream is { cork(): void; uncork(): void } =>
  typeof stream === 'object' && stream !== null && 'cork' in stream && 'uncork' in stream;

function connectionOf(send: Send): DatabaseConnection {
  return {
    async executeQuery<R>({
      sql,
      parameters,
    }: {
      sql: string;
      parameters: readonly unknown[];
    }): Promise<QueryResult<R>> {
      const { command, rowCount, rows } = await send<R>(sql, parameters);
      return { rows, ...(writes.has(command) ? { numAffectedRows: BigInt(rowCount) } : {}) };
    },
    streamQuery() {
      throw new Error('a transaction reads no streams');
    },
  };
}

function dialectOf(connection: DatabaseConnection): KyselyConfig['dialect'] {
  const nested = async (): Promise<never> => {
    throw new Error('a transaction has no transaction inside');
  };
  const nothing = async (): Promise<void> => {};
  const driver: Driver = {
    init: nothing,
    acquireConnection: async () => connection,
    releaseConnection: nothing,
    beginTransaction: nested,
    commitTransaction: nested,
    rollbackTransaction: nested,
    destroy: nothing,
  };
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
