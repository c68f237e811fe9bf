// What is due with key-fobs, by month and company (screens.md HDK047): limits for registering one, expiries, tokens that were
// sent and not reported as arrived; and how many of those concerned were told.
import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import { type Needing, needsToken } from './needing.ts';
import { held } from './stock-state.ts';
import { usedGrace } from './used-grace.ts';

export type DueAbout = 'limit' | 'expiry' | 'arrival';

export interface DueFilter {
  readonly about: DueAbout;
  /** Due from then on, and before then. */
  readonly from: Instant;
  readonly until: Instant;
  /** One company; null: all. */
  readonly companyId: string | null;
  readonly now: Instant;
  /** Who is to have a token where the company asks no code at sign-in itself: a limit is nobody else's. */
  readonly needing: Needing;
  /** The days of the grace, in milliseconds. */
  readonly grace: { readonly afterArrival: number; readonly afterApplication: number };
}

/** What is due in one month at one company. */
export interface DueLine {
  /** `2026-11`, in Japan. */
  readonly month: string;
  readonly companyId: string;
  readonly contractNumber: string;
  readonly companyName: string;
  readonly suspended: boolean;
  /** The first of it. */
  readonly first: Instant;
  /** Tokens it is about; null for a limit, which is about people. */
  readonly tokens: number | null;
  /** Of these, tokens to which a successor was sent. */
  readonly followed: number;
  /** People it concerns, and how many of them were told. */
  readonly people: number;
  readonly told: number;
}

const day = 86_400_000;
const japan = 32_400_000;

/** The end of the day in Japan, as rules/japan-time.ts has it. */
const endOfDay = (at: RawBuilder<unknown>): RawBuilder<number> =>
  sql<number>`(((${at} + ${sql.lit(japan)}) / ${sql.lit(day)} + 1) * ${sql.lit(day)} - ${sql.lit(japan + 1)})`;

const monthOf = (at: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`to_char(to_timestamp((${at} + ${sql.lit(japan)}) / 1000) at time zone 'UTC', 'YYYY-MM')`;

const named = ['company.id as companyId', 'company.contractNumber', 'company.name as companyName'] as const;
const suspended = sql<boolean>`company.suspended_at is not null`.as('suspended');

export function tokenDueTable(db: Db) {
  function limits({ from, until, companyId, needing, grace }: DueFilter) {
    const limit = sql<number>`coalesce(company.grace_extended_to,
      least(${endOfDay(sql`(company.otp_applied_at + ${grace.afterApplication}::bigint)`)},
            ${endOfDay(sql`(company.token_arrived_at + ${grace.afterArrival}::bigint)`)}))`;
    return db
      .selectFrom('company')
      .innerJoin('account', (join) =>
        join.onRef('account.companyId', '=', 'company.id').on('account.deletedAt', 'is', null),
      )
      .select(named)
      .select([
        suspended,
        monthOf(limit).as('month'),
        sql<Instant>`${limit}`.as('first'),
        sql<number | null>`null::int`.as('tokens'),
        sql<number>`0`.as('followed'),
        sql<number>`count(*)::int`.as('people'),
        sql<number>`(count(*) filter (where exists (select 1 from told_token as told where told.account_id = account.id
          and told.about = 'limit' and told.at = ${limit})))::int`.as('told'),
      ])
      .where('company.otpApplication', 'in', ['hardware', 'both'])
      .where('company.otpAppliedAt', 'is not', null)
      .where(limit, '>=', from)
      .where(limit, '<', until)
      .where((eb) => (companyId === null ? eb.lit(true) : eb('company.id', '=', companyId)))
      .where(sql<boolean>`(company.otp_at_login or ${needsToken(needing)})`)
      .where(sql<boolean>`not ${usedGrace}`)
      .groupBy('company.id');
  }

  function expiries({ from, until, companyId }: DueFilter) {
    return db
      .selectFrom('token')
      .innerJoin('company', 'company.id', 'token.companyId')
      .innerJoin('tokenHolder as holding', (join) =>
        join.onRef('holding.tokenId', '=', 'token.id').on('holding.endedAt', 'is', null),
      )
      .select(named)
      .select([
        suspended,
        monthOf(sql`token.expires_at`).as('month'),
        sql<Instant>`min(token.expires_at)`.as('first'),
        sql<number | null>`count(distinct token.id)::int`.as('tokens'),
        sql<number>`(count(distinct token.id) filter (where exists (select 1 from token as next
          where next.successor_to = token.id and next.retired_at is null)))::int`.as('followed'),
        sql<number>`count(*)::int`.as('people'),
        sql<number>`(count(*) filter (where exists (select 1 from told_token as told
          where told.account_id = holding.account_id and told.about = 'expiry' and told.at = token.expires_at)))::int`.as(
          'told',
        ),
      ])
      .where('token.kind', '=', 'hardware')
      .where('token.retiredAt', 'is', null)
      .where('token.expiresAt', '>=', from)
      .where('token.expiresAt', '<', until)
      .where((eb) => (companyId === null ? eb.lit(true) : eb('token.companyId', '=', companyId)))
      .groupBy(['company.id', monthOf(sql`token.expires_at`)]);
  }

  function arrivals({ from, until, companyId, now }: DueFilter) {
    return db
      .selectFrom('token')
      .innerJoin('company', 'company.id', 'token.companyId')
      .select(named)
      .select([
        suspended,
        monthOf(sql`token.shipped_at`).as('month'),
        sql<Instant>`min(token.shipped_at)`.as('first'),
        sql<number | null>`count(*)::int`.as('tokens'),
        sql<number>`0`.as('followed'),
        sql<number>`0`.as('people'),
        sql<number>`0`.as('told'),
      ])
      .where('token.kind', '=', 'hardware')
      .where('token.retiredAt', 'is', null)
      .where('token.arrivedAt', 'is', null)
      .where(sql<boolean>`(token.expires_at is null or token.expires_at > ${now})`)
      .where('token.shippedAt', '>=', from)
      .where('token.shippedAt', '<', until)
      .where(sql<boolean>`not ${held}`)
      .where((eb) => (companyId === null ? eb.lit(true) : eb('token.companyId', '=', companyId)))
      .groupBy(['company.id', monthOf(sql`token.shipped_at`)]);
  }

  const of = (filter: DueFilter) => {
    if (filter.about === 'limit') return limits(filter);
    return filter.about === 'expiry' ? expiries(filter) : arrivals(filter);
  };

  return {
    /** The lines of one page, by month and contract number, with the number of all. */
    async list(
      filter: DueFilter,
      { page, per }: { readonly page: number; readonly per: number },
    ): Promise<{ readonly total: number; readonly lines: readonly DueLine[] }> {
      const found = await db
        .selectFrom(of(filter).as('due'))
        .selectAll()
        .select(sql<number>`(count(*) over ())::int`.as('total'))
        .orderBy('month')
        .orderBy('contractNumber')
        .limit(per)
        .offset((page - 1) * per)
        .execute();
      return { total: found[0]?.total ?? 0, lines: found.map(({ total: _total, ...line }) => line) };
    },

    /** Serial numbers of a company's tokens in somebody's hands that expire from then on, and before then. */
    async expiring(companyId: string, from: Instant, until: Instant): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('token')
        .select(sql<string>`serial`.as('serial'))
        .where('kind', '=', 'hardware')
        .where('companyId', '=', companyId)
        .where('retiredAt', 'is', null)
        .where('expiresAt', '>=', from)
        .where('expiresAt', '<', until)
        .where(held)
        .orderBy('serial')
        .execute();
      return rows.map(({ serial }) => serial);
    },
  };
}
