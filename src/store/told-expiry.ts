// Warnings of a password's expiry: whom one is due for, and which were told – each date and distance once.
import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';

export interface ExpiryToTell {
  readonly accountId: string;
  readonly companyId: string;
  readonly name: string;
  readonly email: string | null;
  readonly emailProvenAt: Instant | null;
  readonly language: 'ja' | 'en' | null;
  readonly login: Instant | null;
  readonly confirmation: Instant | null;
}

/** The distance that a date has come within: SQL for rules/expiry-warning.ts. */
function distance(now: Instant, days: readonly number[], day: number): RawBuilder<number> {
  const within = days
    .toSorted((a, b) => a - b)
    .map((n) => sql`when expiring.expires_at <= ${now + n * day} then ${n}::int`);
  return sql<number>`case ${sql.join(within, sql` `)} end`;
}

export function toldExpiryTable(db: Db) {
  return {
    /**
     * People with a password whose expiry has come within one of `days` (of `day` milliseconds) and was not told at that
     * distance; those alone who use the service and have a proven address.
     */
    async due(now: Instant, days: readonly number[], day: number, limit: number): Promise<readonly ExpiryToTell[]> {
      const rows = await db
        .selectFrom('account')
        .innerJoin('company', 'company.id', 'account.companyId')
        .innerJoin('credential', 'credential.accountId', 'account.id')
        .select(['account.id as accountId', 'account.companyId', 'account.name', 'account.email'])
        .select(['account.emailProvenAt', 'account.language'])
        .select(({ fn }) => [
          fn.max('credential.expiresAt').filterWhere('credential.kind', '=', 'login').as('login'),
          fn.max('credential.expiresAt').filterWhere('credential.kind', '=', 'confirmation').as('confirmation'),
        ])
        .where('company.suspendedAt', 'is', null)
        .where('account.setUpAt', 'is not', null)
        .where('account.stoppedAt', 'is', null)
        .where('account.deletedAt', 'is', null)
        .where('account.emailProvenAt', 'is not', null)
        .where('account.id', 'in', (eb) =>
          eb
            .selectFrom('credential as expiring')
            .select('expiring.accountId')
            .where('expiring.expiresAt', '>', now)
            .where('expiring.expiresAt', '<=', now + Math.max(...days) * day)
            .where(({ not, exists, selectFrom }) =>
              not(
                exists(
                  selectFrom('toldExpiry')
                    .select('toldExpiry.days')
                    .whereRef('toldExpiry.accountId', '=', 'expiring.accountId')
                    .whereRef('toldExpiry.expiresAt', '=', 'expiring.expiresAt')
                    .where('toldExpiry.days', '=', distance(now, days, day)),
                ),
              ),
            ),
        )
        .groupBy('account.id')
        .orderBy('account.id')
        .limit(limit)
        .execute();
      return rows;
    },

    /** True for whoever comes first: it was not told before. */
    async tell(accountId: string, expiresAt: Instant, days: number): Promise<boolean> {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('toldExpiry')
        .values({ accountId, expiresAt, days })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
  };
}
