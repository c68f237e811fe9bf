// Companies (tenants), and who of each can release others. Their people are listed in people.ts.
import { type Insertable, sql } from 'kysely';
import type { Application, GivenUp } from '../rules/otp-application.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { AccountRow, CompanyRow } from './account.ts';
import type { Db } from './database.ts';
import type { CompanyTable } from './schema.ts';

export function companyTable(db: Db) {
  return {
    async find(id: string): Promise<CompanyRow | null> {
      return (await db.selectFrom('company').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },

    async add(row: Insertable<CompanyTable>): Promise<void> {
      await db.insertInto('company').values(row).execute();
    },

    /** What a company decides for itself, within what its bank allows; and whether the bank has suspended it. */
    async change(
      id: string,
      patch: Partial<
        Pick<CompanyRow, 'sharingMode' | 'rememberAllowed' | 'otpAtLogin' | 'hoursFrom' | 'hoursTo' | 'suspendedAt'>
      >,
    ): Promise<void> {
      await db.updateTable('company').set(patch).where('id', '=', id).execute();
    },

    /** What it applied for, and the limit for registering that follows from it. */
    async apply(id: string, application: Application): Promise<void> {
      const { otpApplication, otpAppliedAt, tokenArrivedAt } = application;
      const { graceExtendedTo, graceExtendedAt, graceExtendedBy } = application;
      const limit = { tokenArrivedAt, graceExtendedTo, graceExtendedAt, graceExtendedBy };
      await db
        .updateTable('company')
        .set({ otpApplication, otpAppliedAt, ...limit })
        .where('id', '=', id)
        .execute();
    },

    /** The application for key-fobs that it gave up last; null: none, or that was taken up again. */
    async givenUp(companyId: string): Promise<GivenUp | null> {
      return (
        (await db
          .selectFrom('applicationGivenUp')
          .select(['givenUpAt', 'otpAppliedAt', 'tokenArrivedAt'])
          .select(['graceExtendedTo', 'graceExtendedAt', 'graceExtendedBy'])
          .where('companyId', '=', companyId)
          .executeTakeFirst()) ?? null
      );
    },

    /** Keeps what it gives up, in place of what it gave up before; null: it applies again. Under the company's lock. */
    async giveUp(companyId: string, givenUp: GivenUp | null): Promise<void> {
      await db.deleteFrom('applicationGivenUp').where('companyId', '=', companyId).execute();
      if (givenUp !== null)
        await db
          .insertInto('applicationGivenUp')
          .values({ companyId, ...givenUp })
          .execute();
    },

    async byContract(contractNumber: string): Promise<CompanyRow | null> {
      return (
        (await db.selectFrom('company').selectAll().where('contractNumber', '=', contractNumber).executeTakeFirst()) ??
        null
      );
    },

    /**
     * Locks the company's row until the transaction ends, before any of its accounts: who may be the last one able to
     * release others is decided one at a time. Whoever holds an account's lock may still add rows that belong to the company.
     */
    async lock(id: string): Promise<CompanyRow> {
      return db.selectFrom('company').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirstOrThrow();
    },

    /** A token is in hand: its limit counts from the first that came (rules/grace.ts). */
    async tokenArrived(id: string, at: Instant): Promise<void> {
      await db
        .updateTable('company')
        .set({ tokenArrivedAt: at })
        .where('id', '=', id)
        .where('tokenArrivedAt', 'is', null)
        .execute();
    },

    /** Its master and admins, by id; the deleted are nobody. */
    async administrators(companyId: string): Promise<readonly AccountRow[]> {
      return db
        .selectFrom('account')
        .selectAll()
        .where('companyId', '=', companyId)
        .where('role', 'in', ['master', 'admin'])
        .where('deletedAt', 'is', null)
        .orderBy('id')
        .execute();
    },

    /**
     * Masters and admins of the company, but one person, who can release others now: set up, neither deleted nor stopped,
     * nor stopped in what an act asks of them – a one-time password or the confirmation password – nor in their only way to sign in.
     */
    async releasers(companyId: string, but: string): Promise<number> {
      const row = await db
        .selectFrom('account')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('companyId', '=', companyId)
        .where('id', '!=', but)
        .where('role', 'in', ['master', 'admin'])
        .where('setUpAt', 'is not', null)
        .where('stoppedAt', 'is', null)
        .where('deletedAt', 'is', null)
        .where('otpStoppedAt', 'is', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('credential')
                .select('accountId')
                .whereRef('credential.accountId', '=', 'account.id')
                .where('kind', '=', 'confirmation')
                .where('stoppedAt', 'is not', null),
            ),
          ),
        )
        // A stopped login password closes the direct way alone.
        .where(({ or, not, exists, selectFrom }) =>
          or([
            not(
              exists(
                selectFrom('credential')
                  .select('accountId')
                  .whereRef('credential.accountId', '=', 'account.id')
                  .where('kind', '=', 'login')
                  .where('stoppedAt', 'is not', null),
              ),
            ),
            exists(
              selectFrom('link')
                .select('id')
                .whereRef('link.accountId', '=', 'account.id')
                .where('endedAt', 'is', null),
            ),
          ]),
        )
        .executeTakeFirstOrThrow();
      return row.n;
    },
  };
}
