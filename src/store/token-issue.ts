// Issues of software tokens: who may fetch a secret, for how long, and how each ended. One open issue per account; what is open
// may have lapsed, which the caller's clock says.
import type { Selectable } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { IssueEnd } from '../rules/token-issue.ts';
import type { Db } from './database.ts';
import type { TokenIssueTable } from './schema.ts';

export type IssueRow = Selectable<TokenIssueTable>;

export function tokenIssueTable(db: Db) {
  return {
    async add(row: Omit<IssueRow, 'misses' | 'nonce' | 'fetchedAt' | 'endedAt' | 'endedWhy'>): Promise<void> {
      await db
        .insertInto('tokenIssue')
        .values({ ...row, nonce: null, fetchedAt: null, endedAt: null, endedWhy: null })
        .execute();
    },

    /** The account's open issue, locked; its account was locked before (lock order: accounts, then issues). */
    async lockOpen(accountId: string): Promise<IssueRow | null> {
      return (
        (await db
          .selectFrom('tokenIssue')
          .selectAll()
          .where('accountId', '=', accountId)
          .where('endedAt', 'is', null)
          .forUpdate()
          .executeTakeFirst()) ?? null
      );
    },

    /** Whose issue a user ID names, open or ended; not locked: its account has to be locked before. */
    async byUserId(userId: string): Promise<IssueRow | null> {
      return (await db.selectFrom('tokenIssue').selectAll().where('userId', '=', userId).executeTakeFirst()) ?? null;
    },

    async find(id: string): Promise<IssueRow | null> {
      return (await db.selectFrom('tokenIssue').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },

    /** The newest issue of an account, however it stands. */
    async newest(accountId: string): Promise<IssueRow | null> {
      return (
        (await db
          .selectFrom('tokenIssue')
          .selectAll()
          .where('accountId', '=', accountId)
          .orderBy('issuedAt', 'desc')
          .limit(1)
          .executeTakeFirst()) ?? null
      );
    },

    async missed(id: string, misses: number): Promise<void> {
      await db.updateTable('tokenIssue').set({ misses }).where('id', '=', id).execute();
    },

    /** The app with this nonce has the secret; a first fetch is dated, a repeated one keeps the date. */
    async fetched(id: string, nonce: string, at: Instant): Promise<void> {
      await db.updateTable('tokenIssue').set({ nonce, fetchedAt: at, misses: 0 }).where('id', '=', id).execute();
    },

    async end(id: string, at: Instant, why: IssueEnd): Promise<void> {
      await db
        .updateTable('tokenIssue')
        .set({ endedAt: at, endedWhy: why })
        .where('id', '=', id)
        .where('endedAt', 'is', null)
        .execute();
    },
  };
}
