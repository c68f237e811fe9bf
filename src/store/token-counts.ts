// How many key-fobs stand where: of the bank, and of one company. Counted from narrow indexes, never from the rows with their
// secrets.
import { sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { StockState, TokenEnd } from '../rules/token-stock.ts';
import type { Db } from './database.ts';
import { held } from './stock-state.ts';

export type StockCounts = Readonly<Record<StockState, number>>;

export function tokenCountsTable(db: Db) {
  return {
    /** How many stand in each state: passes over narrow indexes, whatever the number of tokens. */
    async byState(now: Instant, warnBefore: number): Promise<StockCounts> {
      const stock = db
        .selectFrom('token')
        .select([
          sql<number>`(count(*) filter (where expires_at is null or expires_at > ${now}))::int`.as('inStock'),
          sql<number>`(count(*) filter (where expires_at <= ${now}))::int`.as('expired'),
        ])
        .where('kind', '=', 'hardware')
        .where('companyId', 'is', null)
        .where('retiredAt', 'is', null)
        .executeTakeFirstOrThrow();
      const operators = db
        .selectFrom('operator')
        .innerJoin('token', 'token.id', 'operator.tokenId')
        .select([
          sql<number>`(count(*) filter (where token.expires_at is null or token.expires_at > ${now}))::int`.as(
            'inStock',
          ),
          sql<number>`(count(*) filter (where token.expires_at <= ${now}))::int`.as('expired'),
        ])
        .where('token.kind', '=', 'hardware')
        .where('token.companyId', 'is', null)
        .where('token.retiredAt', 'is', null)
        .executeTakeFirstOrThrow();
      // Counted whole and again with those in somebody's hands, which a semi-join answers; the difference is what waits.
      const living = db
        .selectFrom('token')
        .select([
          sql<'expired' | 'expiring' | 'registered'>`case when token.expires_at <= ${now} then 'expired'
            when token.expires_at <= ${now + warnBefore} then 'expiring' else 'registered' end`.as('using'),
          sql<'arrived' | 'shipped' | 'ordered'>`case when token.arrived_at is not null then 'arrived'
            when token.shipped_at is not null then 'shipped' else 'ordered' end`.as('waiting'),
          sql<number>`count(*)::int`.as('n'),
        ])
        .where('token.kind', '=', 'hardware')
        .where('token.companyId', 'is not', null)
        .where('token.retiredAt', 'is', null)
        .groupBy(['using', 'waiting']);
      const ended = db
        .selectFrom('token')
        .select([sql<TokenEnd>`coalesce(retired_why, 'revoked')`.as('state'), sql<number>`count(*)::int`.as('n')])
        .where('kind', '=', 'hardware')
        .where('retiredAt', 'is not', null)
        .groupBy('state')
        .execute();
      const [free, own, all, using, over] = await Promise.all([
        stock,
        operators,
        living.execute(),
        living.where(held).execute(),
        ended,
      ]);
      const sum = (of: typeof all, is: (one: (typeof all)[number]) => boolean): number =>
        of.filter(is).reduce((total, { n }) => total + n, 0);
      const inUse = (state: 'registered' | 'expiring'): number => sum(using, (one) => one.using === state);
      const waits = (state: 'ordered' | 'shipped' | 'arrived'): number => {
        const is = (one: (typeof all)[number]): boolean => one.using !== 'expired' && one.waiting === state;
        return sum(all, is) - sum(using, is);
      };
      const out = (state: TokenEnd): number => over.find((one) => one.state === state)?.n ?? 0;
      return {
        'in-stock': free.inStock - own.inStock,
        'ordered': waits('ordered'),
        'shipped': waits('shipped'),
        'arrived': waits('arrived'),
        'registered': inUse('registered'),
        'expiring': inUse('expiring'),
        'expired': sum(all, (one) => one.using === 'expired') + free.expired - own.expired,
        'replaced': out('replaced'),
        'lost': out('lost'),
        'revoked': out('revoked'),
      };
    },

    /** Of a company: people who hold a key-fob now, and key-fobs on their way to it or waiting there. */
    async ofCompany(
      companyId: string,
      now: Instant,
    ): Promise<{ readonly people: number; readonly inUse: number; readonly waiting: number }> {
      const living = db
        .selectFrom('token')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('kind', '=', 'hardware')
        .where('companyId', '=', companyId)
        .where('retiredAt', 'is', null)
        .where(sql<boolean>`(expires_at is null or expires_at > ${now})`);
      const hands = db
        .selectFrom('tokenHolder as holding')
        .innerJoin('token', 'token.id', 'holding.tokenId')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('holding.endedAt', 'is', null)
        .where('token.companyId', '=', companyId)
        .where('token.kind', '=', 'hardware')
        .where('token.retiredAt', 'is', null);
      const [all, using, people] = await Promise.all([
        living.executeTakeFirstOrThrow(),
        living.where(held).executeTakeFirstOrThrow(),
        hands.executeTakeFirstOrThrow(),
      ]);
      return { people: people.n, inUse: using.n, waiting: all.n - using.n };
    },
  };
}
