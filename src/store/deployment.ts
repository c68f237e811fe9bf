// The one row about the deployment itself: whether a demo made this database, and the demo's clock.
import { sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';

export function deploymentTable(db: Db) {
  return {
    async find(): Promise<{
      readonly demo: boolean;
      readonly createdAt: Instant;
      readonly clockOffset: number;
      readonly smtpUrl: string | null;
      readonly demoSecret: string | null;
    } | null> {
      return (await db.selectFrom('deployment').selectAll().where('id', '=', 1).executeTakeFirst()) ?? null;
    },

    /** Makes the row; false when it was there. */
    async begin(row: {
      readonly demo: boolean;
      readonly createdAt: Instant;
      readonly clockOffset: number;
      readonly demoSecret: string | null;
    }): Promise<boolean> {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('deployment')
        .values({ id: 1, ...row, smtpUrl: null })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    /** Locks the row: seeding and first keys are made by one process. */
    async lock(): Promise<void> {
      await db.selectFrom('deployment').select('id').where('id', '=', 1).forUpdate().execute();
    },

    /** Moves the demo's clock, forward only; the offset that holds now, in seconds. */
    async forward(seconds: number): Promise<number> {
      await db
        .updateTable('deployment')
        .set({ clockOffset: seconds })
        .where('id', '=', 1)
        .where('clockOffset', '<', seconds)
        .execute();
      return (await db.selectFrom('deployment').select('clockOffset').where('id', '=', 1).executeTakeFirstOrThrow())
        .clockOffset;
    },

    async deliverMailTo(smtpUrl: string): Promise<void> {
      await db.updateTable('deployment').set({ smtpUrl }).where('id', '=', 1).execute();
    },
  };
}

/** Who made the tables of a database, read before anything is touched; `nobody`: there are none; `renkei`: not marked by a demo. */
export async function madeBy(db: Db): Promise<'nobody' | 'demo' | 'renkei' | 'other'> {
  const tables = await sql<{ tableName: string }>`
    select table_name from information_schema.tables where table_schema = 'public'
  `.execute(db);
  // The migrator makes its own tables first: another process may just have begun.
  const named = tables.rows.map(({ tableName }) => tableName).filter((name) => !name.startsWith('kysely_migration'));
  if (named.length === 0) return 'nobody';
  if (!named.includes('deployment')) return 'other';
  const row = await db.selectFrom('deployment').select('demo').where('id', '=', 1).executeTakeFirst();
  return row?.demo === true ? 'demo' : 'renkei';
}

/** Removes every table. Only for a database that a demo made. */
export async function dropEverything(db: Db): Promise<void> {
  await sql`drop schema public cascade`.execute(db);
  await sql`create schema public`.execute(db);
}
