// The databases that tests of the store and of flows run on: PGlite on disk, opened once for a process because its start
// takes seconds, and real PostgreSQL, copied from one migrated template. Both with the same key for the audit chains.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createChainMac } from '../../src/secrets/chain-mac.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { type FreshDatabase, freshDatabase } from './postgres.ts';

export interface OpenStore {
  readonly database: Database;
  readonly store: Store;
  /** Null: embedded, with one connection that everything waits for. */
  readonly url: string | null;
}

export const chainMac = createChainMac(Buffer.alloc(32, 7));

const opened = async (url: string | null, folder: string): Promise<OpenStore> => {
  const database = await openDatabase({ url, folder });
  return { database, store: createStore(database, chainMac), url };
};

let embedded: Promise<OpenStore> | null = null;
let template: Promise<string> | null = null;
let server: Promise<OpenStore> | null = null;

/** PGlite on disk, migrated; the same one for all tests of this process. */
export function embeddedStore(): Promise<OpenStore> {
  embedded ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'renkei-pglite-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const open = await opened(null, folder);
    await open.database.migrate();
    return open;
  })();
  return embedded;
}

/** A migrated database of one test's own on the server that the runner started. */
export async function migratedDatabase(): Promise<FreshDatabase> {
  template ??= (async () => {
    const { url } = await freshDatabase();
    const { database } = await opened(url, '');
    await database.migrate();
    await database.close();
    return new URL(url).pathname.slice(1);
  })();
  return freshDatabase(await template);
}

/** PostgreSQL; the same database for all tests of this process, as embeddedStore. */
export function serverStore(): Promise<OpenStore> {
  server ??= (async () => opened((await migratedDatabase()).url, ''))();
  return server;
}

/** Another process on the same database, with connections of its own. */
export function besideStore(url: string): Promise<OpenStore> {
  return opened(url, '');
}

/** The two implementations that must keep the same promises. */
export const bothStores = [
  { name: 'PGlite on disk', open: embeddedStore },
  { name: 'PostgreSQL', open: serverStore },
] as const;

type Row = Readonly<Record<string, unknown>>;

/** A hand in the database, for what no verb does. Names come back in camel case. */
export async function run({ database }: Pick<OpenStore, 'database'>, text: string): Promise<readonly Row[]> {
  return (await sql.raw<Row>(text).execute(database.db)).rows;
}

/** Every row of every table, `table: row`, to compare before and after. */
export async function wholeContent(open: Pick<OpenStore, 'database'>): Promise<readonly string[]> {
  const tables = await run(open, `select tablename as name from pg_tables where schemaname = 'public' order by 1`);
  const each = tables.map(
    ({ name }) => `select '${String(name)}: ' || row_to_json(t)::text as row from "${String(name)}" as t`,
  );
  return (await run(open, `${each.join(' union all ')} order by 1`)).map(({ row }) => String(row));
}
