// Warnings about key-fobs: whose ends soon, who has not registered one before the limit, and which of it was told – each person,
// date and distance once.
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { CompanyRow } from './account.ts';
import type { Db } from './database.ts';
import { usedGrace } from './used-grace.ts';
import { type Needing, needsToken } from './needing.ts';
import type { Role, Schema } from './schema.ts';

/** Somebody who can be written to. */
export interface Reachable {
  readonly id: string;
  readonly companyId: string;
  readonly role: Role;
  readonly name: string;
  readonly email: string | null;
  readonly emailProvenAt: Instant | null;
  readonly language: 'ja' | 'en' | null;
}

export interface HolderToTell extends Reachable {
  readonly serial: string | null;
  readonly expiresAt: Instant;
  /** Where the token is that was sent to follow this one; null: none was sent. */
  readonly successor: 'shipped' | 'arrived' | null;
  /** What the holder's company applies for now. */
  readonly otpApplication: CompanyRow['otpApplication'];
}

/** What a company's limit follows from (rules/grace.ts), and what else a mail about it depends on. */
export type CompanyToTell = Pick<
  CompanyRow,
  'id' | 'otpApplication' | 'otpAppliedAt' | 'tokenArrivedAt' | 'graceExtendedTo' | 'otpAtLogin'
> & {
  /** When the newest of its key-fobs left the bank; null while none has. */
  readonly shippedAt: Instant | null;
};

/** Which people: behind `after` in the order of ids, at most `most` of them. */
interface Turn {
  readonly after: string;
  readonly most: number;
}

export function toldTokenTable(db: Db) {
  return {
    /**
     * Holders of a key-fob that expires after now. `soon`: within one of its `days` (of `day` milliseconds) alone, and not told
     * at the nearest distance. Null for `companyId`: of every company.
     */
    async expiring(
      asked: Turn & {
        readonly now: Instant;
        readonly soon: { readonly days: readonly number[]; readonly day: number } | null;
        readonly companyId: string | null;
        /** Holders of these tokens alone; null: of any. */
        readonly serials?: readonly string[] | null;
      },
    ): Promise<readonly HolderToTell[]> {
      const { now, soon, companyId, serials = null } = asked;
      if (soon?.days.length === 0) return [];
      return reachable(db, asked)
        .innerJoin('tokenHolder as held', (join) =>
          join.onRef('held.accountId', '=', 'account.id').on('held.endedAt', 'is', null),
        )
        .innerJoin('token', 'token.id', 'held.tokenId')
        .select([
          'token.serial',
          'company.otpApplication',
          sql<Instant>`token.expires_at`.as('expiresAt'),
          sql<'shipped' | 'arrived' | null>`(select case when count(arrived_at) > 0 then 'arrived'
            when count(shipped_at) > 0 then 'shipped' end from token as next
            where next.successor_to = token.id and next.retired_at is null)`.as('successor'),
        ])
        .where('token.kind', '=', 'hardware')
        .where('token.retiredAt', 'is', null)
        .where('token.expiresAt', '>', now)
        .where((eb) => (companyId === null ? eb.lit(true) : eb('account.companyId', '=', companyId)))
        .where((eb) => (serials === null ? eb.lit(true) : eb('token.serial', 'in', [...serials])))
        .where((eb) => (soon === null ? eb.lit(true) : comeNear(now, soon)))
        .execute();
    },

    /**
     * Companies that applied for key-fobs and whose limit may lie between two moments: a limit is the end of a day that is
     * counted from these dates, so that one a day too early is among them. By id, behind `after`.
     */
    async companiesNear(
      asked: Turn & {
        readonly from: Instant;
        readonly until: Instant;
        /** The days of the grace, in milliseconds. */
        readonly grace: { readonly afterArrival: number; readonly afterApplication: number };
      },
    ): Promise<readonly CompanyToTell[]> {
      const { from, until, grace } = asked;
      const limit = sql<number>`coalesce(grace_extended_to, least(otp_applied_at + ${grace.afterApplication}::bigint,
        token_arrived_at + ${grace.afterArrival}::bigint))`;
      return companies(db)
        .where('company.suspendedAt', 'is', null)
        .where('company.otpApplication', 'in', ['hardware', 'both'])
        .where('company.otpAppliedAt', 'is not', null)
        .where(limit, '>', from)
        .where(limit, '<=', until)
        .where('company.id', '>', asked.after)
        .orderBy('company.id')
        .limit(asked.most)
        .execute();
    },

    /** One company, whatever its dates are. */
    async company(id: string): Promise<CompanyToTell | null> {
      return (await companies(db).where('company.id', '=', id).executeTakeFirst()) ?? null;
    },

    /**
     * People of a company who are to have a token and had none since its present application, whose grace is theirs; with
     * `untold` those alone who were not told of this limit at that distance.
     */
    async unregistered(
      asked: Turn & {
        readonly companyId: string;
        readonly limit: Instant;
        readonly untold: number | null;
        readonly needing: Needing;
      },
    ): Promise<readonly Reachable[]> {
      const { companyId, limit, untold, needing } = asked;
      return reachable(db, asked)
        .where(needsToken(needing))
        .where('account.companyId', '=', companyId)
        .where(sql<boolean>`not ${usedGrace}`)
        .where(({ lit, not, exists, selectFrom }) =>
          untold === null
            ? lit(true)
            : not(
                exists(
                  selectFrom('toldToken')
                    .select('toldToken.days')
                    .whereRef('toldToken.accountId', '=', 'account.id')
                    .where('toldToken.about', '=', 'limit')
                    .where('toldToken.at', '=', limit)
                    .where('toldToken.days', '=', untold),
                ),
              ),
        )
        .execute();
    },

    /** True for whoever comes first: it was not told before. */
    async tell(accountId: string, about: 'expiry' | 'limit', at: Instant, days: number): Promise<boolean> {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('toldToken')
        .values({ accountId, about, at, days })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
  };
}

/** An expiry within one of the distances, not told at the nearest one. */
function comeNear(
  now: Instant,
  { days, day }: { readonly days: readonly number[]; readonly day: number },
): RawBuilder<boolean> {
  const nearest = sql.join(
    days.toSorted((a, b) => a - b).map((n) => sql`when token.expires_at <= ${now + n * day} then ${n}::int`),
    sql` `,
  );
  return sql<boolean>`token.expires_at <= ${now + Math.max(...days) * day} and not exists (select 1 from told_token told
    where told.account_id = account.id and told.about = 'expiry' and told.at = token.expires_at and told.days = case ${nearest} end)`;
}

/** Whoever uses the service now and has a proven address, of a company that does. */
function reachable(db: Db, { after, most }: Turn): SelectQueryBuilder<Schema, 'account' | 'company', Reachable> {
  return db
    .selectFrom('account')
    .innerJoin('company', 'company.id', 'account.companyId')
    .select(['account.id', 'account.companyId', 'account.role', 'account.name', 'account.email'])
    .select(['account.emailProvenAt', 'account.language'])
    .where('company.suspendedAt', 'is', null)
    .where('account.setUpAt', 'is not', null)
    .where('account.stoppedAt', 'is', null)
    .where('account.deletedAt', 'is', null)
    .where('account.emailProvenAt', 'is not', null)
    .where('account.id', '>', after)
    .orderBy('account.id')
    .limit(most);
}

const companies = (db: Db) =>
  db
    .selectFrom('company')
    .select(['company.id', 'company.otpApplication', 'company.otpAppliedAt', 'company.tokenArrivedAt'])
    .select(['company.graceExtendedTo', 'company.otpAtLogin'])
    .select((eb) => [
      eb
        .selectFrom('token')
        .select(({ fn }) => fn.max('token.shippedAt').as('at'))
        .whereRef('token.companyId', '=', 'company.id')
        .where('token.kind', '=', 'hardware')
        .where('token.retiredAt', 'is', null)
        .as('shippedAt'),
    ]);
