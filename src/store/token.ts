// Tokens and who holds them. The secret stays sealed here; the last accepted step is the token's own, across all sharers.
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { TokenEnd } from '../rules/token-stock.ts';
import type { Db } from './database.ts';
import type { TokenTable } from './schema.ts';

export type TokenRow = Selectable<TokenTable>;

/** How many secrets of a table are sealed under a key. */
export interface SealCount {
  readonly key: string;
  readonly secrets: number;
}

export function tokenTable(db: Db) {
  return {
    async lock(id: string): Promise<TokenRow | null> {
      return (await db.selectFrom('token').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null;
    },

    /** Locks the token with this serial number, written without spaces or hyphens, in capitals. */
    async lockBySerial(serial: string): Promise<TokenRow | null> {
      return (
        (await db.selectFrom('token').selectAll().where('serial', '=', serial).forUpdate().executeTakeFirst()) ?? null
      );
    },

    async add(row: Insertable<TokenTable>): Promise<void> {
      await db.insertInto('token').values(row).execute();
    },

    async holders(tokenId: string): Promise<number> {
      const row = await db
        .selectFrom('tokenHolder')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('tokenId', '=', tokenId)
        .where('endedAt', 'is', null)
        .executeTakeFirstOrThrow();
      return row.n;
    },

    async hold(row: {
      readonly id: string;
      readonly tokenId: string;
      readonly accountId: string;
      readonly registeredAt: Instant;
    }) {
      await db
        .insertInto('tokenHolder')
        .values({ ...row, endedAt: null, endedWhy: null })
        .execute();
    },

    async release(accountId: string, at: Instant, why: string): Promise<void> {
      await db
        .updateTable('tokenHolder')
        .set({ endedAt: at, endedWhy: why })
        .where('accountId', '=', accountId)
        .where('endedAt', 'is', null)
        .execute();
    },

    /** Takes a token out of use for everybody who holds it. */
    async retire(id: string, at: Instant, why: TokenEnd = 'revoked'): Promise<void> {
      await db
        .updateTable('token')
        .set({ retiredAt: at, retiredWhy: why })
        .where('id', '=', id)
        .where('retiredAt', 'is', null)
        .execute();
    },

    /** Who holds a token now, by account id. */
    async heldBy(tokenId: string): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('tokenHolder')
        .select('accountId')
        .where('tokenId', '=', tokenId)
        .where('endedAt', 'is', null)
        .orderBy('accountId')
        .execute();
      return rows.map(({ accountId }) => accountId);
    },

    /** How many secrets each sealing key seals; what names none comes as ''. */
    async sealedUnder(): Promise<readonly SealCount[]> {
      return db
        .selectFrom('token')
        .select([sql<string>`split_part(secret, '.', 2)`.as('key'), sql<number>`count(*)::int`.as('secrets')])
        .groupBy('key')
        .orderBy('key')
        .execute();
    },

    /** Secrets that another key than `key` sealed, by id, from behind `after` on. */
    async sealedBefore(key: string, after: string, limit: number): Promise<readonly Pick<TokenRow, 'id' | 'secret'>[]> {
      return db
        .selectFrom('token')
        .select(['id', 'secret'])
        .where(sql<string>`split_part(secret, '.', 2)`, '<>', key)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute();
    },

    /** Puts the same secret under another seal, if it is still as it was read; whether it was. */
    async reseal(id: string, before: string, secret: string): Promise<boolean> {
      const done = await db
        .updateTable('token')
        .set({ secret })
        .where('id', '=', id)
        .where('secret', '=', before)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    /** An accepted step is kept in the same transaction that accepted it: no older one is accepted after it. */
    async accepted(id: string, step: number, by: string, drift: number): Promise<void> {
      await db.updateTable('token').set({ lastStep: step, lastStepBy: by, drift }).where('id', '=', id).execute();
    },
  };
}
