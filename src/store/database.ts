// One PostgreSQL (or PGlite on disk when no URL is given) behind one Kysely dialect. Owns connections, the directory lock,
// migrations and transactions; knows no noun.
import { PGlite } from '@electric-sql/pglite';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CamelCasePlugin, type Dialect, Kysely, PGliteDialect, PostgresDialect, type PostgresPool } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import * as theLine from './migrations/0001-the-line.ts';
import * as aLoginKnowsItsBrowser from './migrations/0002-a-login-knows-its-browser.ts';
import * as aCompanyLooksAfterItsPeople from './migrations/0003-a-company-looks-after-its-people.ts';
import * as aPasswordComesByPost from './migrations/0004-a-password-comes-by-post.ts';
import * as aCompanyIsStricter from './migrations/0005-a-company-is-stricter-than-its-bank.ts';
import * as aPersonIssuesAToken from './migrations/0006-a-person-issues-a-token.ts';
import * as aTokenHasAStock from './migrations/0007-a-token-has-a-stock.ts';
import * as theDeskCountsItsTokens from './migrations/0008-the-desk-counts-its-tokens.ts';
import * as aReadingTellsHowFar from './migrations/0009-a-reading-tells-how-far.ts';
import * as anOperatorHasBrowsers from './migrations/0010-an-operator-has-browsers-of-its-own.ts';
import { pipelinedTransaction, type Trail } from './pipelined-transaction.ts';
import { postgresPool } from './postgres-pool.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;

export interface Database {
  readonly db: Db;
  readonly embedded: boolean;
  /** SQL statements executed so far, for the test that holds their number per login. */
  readonly statements: () => number;
  /** @see pipelinedTransaction; embedded, statements run one after the other. */
  transaction<T>(work: (db: Db, trail: Trail) => Promise<T>): Promise<T>;
  migrate(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

const int8 = 20;
/** All our bigints are milliseconds, steps or sequence numbers: exact as numbers for the next 285,000 years. */
const asNumber = (value: string): number => Number(value);

/**
 * Opens the database. `url` null: PGlite in `folder`, locked against a second process (it has no lock of its own).
 * @throws when the folder is in use by a live process
 */
export async function openDatabase(options: {
  readonly url: string | null;
  readonly folder: string;
}): Promise<Database> {
  let count = 0;
  const { dialect, pool, close } = options.url === null ? await embedded(options.folder) : server(options.url);
  const plugins = [new CamelCasePlugin()];
  const counted = (): void => {
    count += 1;
  };
  const db = new Kysely<Schema>({ dialect, plugins, log: counted });
  return {
    db,
    embedded: options.url === null,
    statements: () => count,
    transaction: (work) =>
      pool === null
        ? db.transaction().execute((tx) => trailing(tx, work))
        : pipelinedTransaction(pool, { plugins, counted }, work),
    migrate: () => (options.url === null ? migrate(db) : migrateServer(options.url)),
    ping: async () => {
      await db.selectFrom('deployment').select('id').execute();
    },
    close: async () => {
      await db.destroy();
      await close();
    },
  };
}

interface Opened {
  readonly dialect: Dialect;
  /** Null when embedded. */
  readonly pool: PostgresPool | null;
  close(): Promise<void>;
}

function server(url: string): Opened {
  const made = postgresPool({ url, types: typesOf() });
  // Kysely ends a pool only when it took a connection itself; transactions take theirs past it.
  let ended: Promise<void> | null = null;
  const pool = { ...made, end: () => (ended ??= made.end()) };
  return { dialect: new PostgresDialect({ pool }), pool, close: pool.end };
}

async function trailing<T>(db: Db, work: (db: Db, trail: Trail) => Promise<T>): Promise<T> {
  const trail: Promise<unknown>[] = [];
  const result = await work(db, (statement) => {
    const run = db.executeQuery(statement);
    run.catch(() => {});
    trail.push(run);
  });
  await Promise.all(trail);
  return result;
}

function typesOf(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(int8, asNumber);
  return types;
}

async function embedded(folder: string): Promise<Opened> {
  mkdirSync(folder, { recursive: true });
  const release = lockFolder(folder);
  try {
    const pglite = await PGlite.create(join(folder, 'postgres'), { parsers: { [int8]: asNumber } });
    return { dialect: new PGliteDialect({ pglite }), pool: null, close: async () => release() };
  } catch (error) {
    release();
    throw error;
  }
}

/** What this process holds: an id in a lock file that is our own may be left from a container's earlier process. */
const held = new Set<string>();

/** Exclusive use of an embedded database's folder: a lock file with the owner's process id. */
function lockFolder(folder: string): () => void {
  const file = join(folder, 'postgres.lock');
  for (let round = 0; round < 2; round += 1) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      held.add(file);
      return () => {
        held.delete(file);
        rmSync(file, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const owner = Number(readFileSync(file, 'utf8'));
      if (held.has(file) || isAlive(owner))
        throw new Error(`The data folder ${folder} is in use by process ${owner}. Stop it, or set RENKEI_DATA_DIR.`, {
          cause: error,
        });
      rmSync(file, { force: true });
    }
  }
  throw new Error(`The data folder ${folder} could not be locked.`);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Forward only, in the order of their names. */
const migrations = {
  '0001-the-line': theLine,
  '0002-a-login-knows-its-browser': aLoginKnowsItsBrowser,
  '0003-a-company-looks-after-its-people': aCompanyLooksAfterItsPeople,
  '0004-a-password-comes-by-post': aPasswordComesByPost,
  '0005-a-company-is-stricter-than-its-bank': aCompanyIsStricter,
  '0006-a-person-issues-a-token': aPersonIssuesAToken,
  '0007-a-token-has-a-stock': aTokenHasAStock,
  '0008-the-desk-counts-its-tokens': theDeskCountsItsTokens,
  '0009-a-reading-tells-how-far': aReadingTellsHowFar,
  '0010-an-operator-has-browsers-of-its-own': anOperatorHasBrowsers,
};

async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** On connections of its own, without the limits of those who wait for a page: tables are rewritten, and others migrate too. */
async function migrateServer(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, types: typesOf(), max: 2, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => {});
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}

const connectionTrouble = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * SQLSTATE classes 08 connection, 53 resources (disk full, too many connections), 57 intervention, 58 system; and a lock that
 * somebody else keeps, a transaction ended for idling, a server that was made a standby.
 */
const downCodes = /^(08|53|57|58)|^(55P03|25P03|25P04|25006)$/;

/** Whether an error of the driver means "the database does not answer, or not now". */
export function isDatabaseDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    connectionTrouble.has(code) ||
    downCodes.test(code) ||
    /timeout|terminated|Connection ended|not queryable/i.test(error.message)
  );
}
