// Links: Business Direct ID → account. Two unique indexes hold "one to one"; the loser of a race learns which side it lost.
import { type Selectable, sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { LinkTable } from './schema.ts';

export type LinkRow = Selectable<LinkTable>;

export function linkTable(db: Db) {
  return {
    async find(id: string): Promise<LinkRow | null> {
      return (await db.selectFrom('link').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },

    /** The live link of a verified Business Direct ID. */
    async ofIdentity(issuer: string, subject: string): Promise<LinkRow | null> {
      return (
        (await db
          .selectFrom('link')
          .selectAll()
          .where('issuer', '=', issuer)
          .where('subject', '=', subject)
          .where('endedAt', 'is', null)
          .executeTakeFirst()) ?? null
      );
    },

    async ofAccount(accountId: string): Promise<readonly LinkRow[]> {
      return db
        .selectFrom('link')
        .selectAll()
        .where('accountId', '=', accountId)
        .where('endedAt', 'is', null)
        .orderBy('madeAt')
        .execute();
    },

    /** Live links of several accounts. */
    async ofAccounts(accountIds: readonly string[]): Promise<readonly LinkRow[]> {
      if (accountIds.length === 0) return [];
      return db
        .selectFrom('link')
        .selectAll()
        .where('accountId', 'in', [...accountIds])
        .where('endedAt', 'is', null)
        .orderBy('madeAt')
        .execute();
    },

    async lock(id: string): Promise<LinkRow | null> {
      return (await db.selectFrom('link').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null;
    },

    /**
     * Makes a link in the first free of `slots` slots, or says which side is taken. Never throws for a lost race: the
     * unique indexes are asked with ON CONFLICT, so the transaction goes on.
     */
    async add(
      row: Omit<LinkRow, 'slot' | 'endedAt' | 'endedWhy'>,
      slots: number,
    ): Promise<'made' | 'link-taken' | 'link-limit'> {
      for (let slot = 0; slot < slots; slot += 1) {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('link')
          .values({ ...row, slot, endedAt: null, endedWhy: null })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows === 1n) return 'made';
        const holder = await this.ofIdentity(row.issuer, row.subject);
        if (holder) return 'link-taken';
      }
      return 'link-limit';
    },

    async used(id: string, at: Instant): Promise<void> {
      await db.updateTable('link').set({ usedAt: at }).where('id', '=', id).execute();
    },

    /** Ends a live link; false when somebody else ended it first. */
    async end(id: string, at: Instant, why: string): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('link')
        .set({ endedAt: at, endedWhy: why })
        .where('id', '=', id)
        .where('endedAt', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    /** Wrong first-link checks of one Business Direct ID within its present day (spec §2: 10 a day). */
    async tries(
      issuer: string,
      subject: string,
      now: Instant,
    ): Promise<{ readonly misses: number; readonly until: Instant }> {
      const row = await db
        .selectFrom('firstLinkTry')
        .select(['misses', 'until'])
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .where('until', '>', now)
        .executeTakeFirst();
      return row ?? { misses: 0, until: 0 };
    },

    /** Takes one place of the day's tries before a password is compared; false when none is left. */
    async takeTry(issuer: string, subject: string, now: Instant, day: number, limit: number): Promise<boolean> {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('firstLinkTry')
        .values({ issuer, subject, misses: 1, until: now + day })
        .onConflict((conflict) =>
          conflict
            .columns(['issuer', 'subject'])
            .doUpdateSet({
              misses: sql<number>`case when first_link_try.until > ${now} then first_link_try.misses + 1 else 1 end`,
              until: sql<number>`case when first_link_try.until > ${now} then first_link_try.until else ${now + day} end`,
            })
            .where((eb) => eb.or([eb('firstLinkTry.until', '<=', now), eb('firstLinkTry.misses', '<', limit)])),
        )
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) === 1n;
    },

    /** Gives a place back: the try was right, or nothing was compared. */
    async returnTry(issuer: string, subject: string): Promise<void> {
      await db
        .updateTable('firstLinkTry')
        .set((eb) => ({ misses: eb('misses', '-', 1) }))
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .where('misses', '>', 0)
        .execute();
    },
  };
}
