// Orders: tokens that were given to a company at once, why, and what they cost (spec §5).
import { type Selectable, sql } from 'kysely';
import type { Db } from './database.ts';
import type { TokenOrderTable } from './schema.ts';

export function tokenOrderTable(db: Db) {
  return {
    /** How many of the contract's free tokens earlier orders used up. */
    async freeUsed(companyId: string): Promise<number> {
      const row = await db
        .selectFrom('tokenOrder')
        .select(sql<number>`coalesce(sum(free), 0)::int`.as('n'))
        .where('companyId', '=', companyId)
        .executeTakeFirstOrThrow();
      return row.n;
    },

    async add(row: Selectable<TokenOrderTable>): Promise<void> {
      await db.insertInto('tokenOrder').values(row).execute();
    },

    /** The order that gave a company this token: whether it belonged to its application. */
    async find(id: string): Promise<Selectable<TokenOrderTable> | null> {
      return (await db.selectFrom('tokenOrder').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },
  };
}
