// Requests for a new master password (マスターパスワード再設定の申請): at most one of an account is open, and of two who decide
// at once one does.
import type { Selectable } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { ResetRequestTable } from './schema.ts';

export type ResetRequestRow = Selectable<ResetRequestTable>;

export function resetRequestTable(db: Db) {
  return {
    /** False when its number is taken already. Call it under the account's lock: one open request of an account. */
    async add(row: Pick<ResetRequestRow, 'id' | 'number' | 'accountId' | 'companyId' | 'askedAt'>): Promise<boolean> {
      const added = await db
        .insertInto('resetRequest')
        .values({ ...row, decidedAt: null, decision: null, decidedBy: null, why: null })
        .onConflict((conflict) => conflict.column('number').doNothing())
        .returning('id')
        .executeTakeFirst();
      return added !== undefined;
    },

    async byNumber(number: string): Promise<ResetRequestRow | null> {
      return (await db.selectFrom('resetRequest').selectAll().where('number', '=', number).executeTakeFirst()) ?? null;
    },

    async openOf(accountId: string): Promise<ResetRequestRow | null> {
      return (
        (await db
          .selectFrom('resetRequest')
          .selectAll()
          .where('accountId', '=', accountId)
          .where('decidedAt', 'is', null)
          .executeTakeFirst()) ?? null
      );
    },

    /** The one whose letter may be under way. */
    async newestApproved(accountId: string): Promise<ResetRequestRow | null> {
      return (
        (await db
          .selectFrom('resetRequest')
          .selectAll()
          .where('accountId', '=', accountId)
          .where('decision', '=', 'approved')
          .orderBy('decidedAt', 'desc')
          .limit(1)
          .executeTakeFirst()) ?? null
      );
    },

    /** Open ones, the oldest first. */
    async open(limit: number): Promise<readonly ResetRequestRow[]> {
      return db
        .selectFrom('resetRequest')
        .selectAll()
        .where('decidedAt', 'is', null)
        .orderBy('askedAt')
        .orderBy('id')
        .limit(limit)
        .execute();
    },

    /** True for the one who decides it; false when it was decided before. */
    async decide(
      id: string,
      decided: {
        readonly decision: 'approved' | 'refused';
        readonly decidedBy: string;
        readonly why: string | null;
        readonly decidedAt: Instant;
      },
    ): Promise<boolean> {
      const row = await db
        .updateTable('resetRequest')
        .set(decided)
        .where('id', '=', id)
        .where('decidedAt', 'is', null)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
