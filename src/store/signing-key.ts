// The provider's signing keys, sealed. The newest unretired key of an algorithm signs; retired ones are still published
// until their tokens have expired.
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';

export interface SigningKeyRow {
  readonly kid: string;
  readonly alg: 'ES256' | 'RS256';
  readonly sealed: string;
  readonly createdAt: Instant;
  readonly retiredAt: Instant | null;
}

export function signingKeyTable(db: Db) {
  return {
    async list(): Promise<readonly SigningKeyRow[]> {
      return db.selectFrom('signingKey').selectAll().orderBy('createdAt', 'desc').orderBy('kid').execute();
    },

    /** Puts the same key under another seal, if it is still as it was read; whether it was. */
    async reseal(kid: string, before: string, sealed: string): Promise<boolean> {
      const done = await db
        .updateTable('signingKey')
        .set({ sealed })
        .where('kid', '=', kid)
        .where('sealed', '=', before)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    /** Adds keys unless there are some: of two processes starting at once, one makes them. */
    async addFirst(rows: readonly SigningKeyRow[]): Promise<void> {
      await db.selectFrom('deployment').select('id').where('id', '=', 1).forUpdate().execute();
      const existing = await db.selectFrom('signingKey').select('kid').limit(1).execute();
      if (existing.length === 0)
        await db
          .insertInto('signingKey')
          .values([...rows])
          .execute();
    },
  };
}
