// A company's key-fobs as it sees them itself: how many stand where, who shares one by name, and who has not registered one yet.
// Every question names the company: nothing of another one is found.
import { sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import { stockStates, type StockState } from '../rules/token-stock.ts';
import type { Db } from './database.ts';
import { usedGrace } from './used-grace.ts';
import { type Needing, needsToken } from './needing.ts';
import type { Role } from './schema.ts';
import { stockConditions } from './stock-state.ts';

/** Who holds a token, the first of them by login ID. */
export interface HolderNamed {
  readonly tokenId: string;
  readonly id: string;
  readonly name: string;
  readonly loginName: string;
}

/** Somebody without a token that counts: none, a retired one, or one that expired. */
export interface WithoutToken {
  readonly id: string;
  readonly name: string;
  readonly loginName: string;
  readonly role: Role;
  readonly createdAt: Instant;
  /** The grace of the company's present application is used (store/used-grace.ts). */
  readonly hadToken: boolean;
  /** When the last one went, or ended; null where none was held. */
  readonly tokenEndedAt: Instant | null;
}

/** A token in somebody's hands that could prove something. */
const holdsToken = (
  now: Instant,
) => sql<boolean>`exists (select 1 from token_holder as held join token on token.id = held.token_id
  where held.account_id = account.id and held.ended_at is null and token.retired_at is null
  and (token.expires_at is null or token.expires_at > ${now}))`;

export function tokensOfCompanyTable(db: Db) {
  const without = (companyId: string, needing: Needing, now: Instant) =>
    db
      .selectFrom('account')
      .where('companyId', '=', companyId)
      .where('deletedAt', 'is', null)
      .where('stoppedAt', 'is', null)
      .where(needsToken(needing))
      .where(sql<boolean>`not ${holdsToken(now)}`);

  return {
    /** How many key-fobs of the company stand in each state. */
    async counts(companyId: string, now: Instant, warnBefore: number): Promise<Readonly<Record<StockState, number>>> {
      const conditions = stockConditions(now, warnBefore);
      const rows = await db
        .selectFrom('token')
        .select(
          sql<StockState>`case ${sql.join(
            stockStates.map((state) => sql`when ${conditions[state]} then ${sql.lit(state)}`),
            sql` `,
          )} end`.as('state'),
        )
        .select(sql<number>`count(*)::int`.as('n'))
        .where('kind', '=', 'hardware')
        .where('companyId', '=', companyId)
        .where('serial', 'is not', null)
        .groupBy('state')
        .execute();
      const of = (state: StockState): number => rows.find((row) => row.state === state)?.n ?? 0;
      return {
        'in-stock': of('in-stock'),
        'ordered': of('ordered'),
        'shipped': of('shipped'),
        'arrived': of('arrived'),
        'registered': of('registered'),
        'expiring': of('expiring'),
        'expired': of('expired'),
        'replaced': of('replaced'),
        'lost': of('lost'),
        'revoked': of('revoked'),
      };
    },

    /** Who of the company holds these tokens now, at most `most` of each. */
    async holders(companyId: string, tokenIds: readonly string[], most: number): Promise<readonly HolderNamed[]> {
      if (tokenIds.length === 0) return [];
      return db
        .selectFrom((eb) =>
          eb
            .selectFrom('tokenHolder as held')
            .innerJoin('account', 'account.id', 'held.accountId')
            .select(['held.tokenId', 'account.id', 'account.name', 'account.loginName'])
            .select(
              sql<number>`row_number() over (partition by held.token_id order by lower(account.login_name) collate "C")`.as(
                'place',
              ),
            )
            .where('account.companyId', '=', companyId)
            .where('account.deletedAt', 'is', null)
            .where('held.tokenId', 'in', [...tokenIds])
            .where('held.endedAt', 'is', null)
            .as('named'),
        )
        .select(['tokenId', 'id', 'name', 'loginName'])
        .where('place', '<=', most)
        .orderBy('tokenId')
        .orderBy('place')
        .execute();
    },

    /** How the company's key-fobs are shared today: those in somebody's hands, the shared ones of them, and by how many. */
    async sharing(companyId: string): Promise<{
      readonly tokens: number;
      readonly people: number;
      readonly shared: number;
      readonly sharers: number;
    }> {
      return db
        .selectFrom((eb) =>
          eb
            .selectFrom('tokenHolder as held')
            .innerJoin('token', 'token.id', 'held.tokenId')
            .select(sql<number>`count(*)`.as('holders'))
            .where('token.companyId', '=', companyId)
            .where('token.kind', '=', 'hardware')
            .where('token.retiredAt', 'is', null)
            .where('held.endedAt', 'is', null)
            .groupBy('token.id')
            .as('each'),
        )
        .select([
          sql<number>`count(*)::int`.as('tokens'),
          sql<number>`coalesce(sum(holders), 0)::int`.as('people'),
          sql<number>`(count(*) filter (where holders > 1))::int`.as('shared'),
          sql<number>`coalesce(sum(holders) filter (where holders > 1), 0)::int`.as('sharers'),
        ])
        .executeTakeFirstOrThrow();
    },

    /** People who are to have a token and have none that counts, by login ID; a page past the end is the last one. */
    async withoutToken(asked: {
      readonly companyId: string;
      readonly needing: Needing;
      readonly now: Instant;
      readonly page: number;
      readonly per: number;
    }): Promise<{ readonly total: number; readonly page: number; readonly people: readonly WithoutToken[] }> {
      const { companyId, needing, now, per } = asked;
      const { total } = await without(companyId, needing, now)
        .select(sql<number>`count(*)::int`.as('total'))
        .executeTakeFirstOrThrow();
      const page = Math.min(asked.page, Math.max(1, Math.ceil(total / per)));
      const people = await without(companyId, needing, now)
        .select(['id', 'name', 'loginName', 'role', 'createdAt'])
        .select([
          usedGrace.as('hadToken'),
          sql<Instant | null>`(select max(coalesce(ever.ended_at, token.retired_at, token.expires_at)) from token_holder as ever
            join token on token.id = ever.token_id where ever.account_id = account.id)`.as('tokenEndedAt'),
        ])
        .orderBy(sql`lower(login_name) collate "C"`)
        .limit(per)
        .offset((page - 1) * per)
        .execute();
      return { total, page, people };
    },

    /** How many of them had none since the company's present application: its limit is theirs. */
    async inGrace(companyId: string, needing: Needing, now: Instant): Promise<number> {
      const row = await without(companyId, needing, now)
        .select(sql<number>`count(*)::int`.as('n'))
        .where(sql<boolean>`not ${usedGrace}`)
        .executeTakeFirstOrThrow();
      return row.n;
    },
  };
}
