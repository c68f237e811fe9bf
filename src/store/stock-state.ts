// The states of a key-fob as conditions of SQL: the same judgement as rules/token-stock.ts, for lists and counts.
import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { StockState } from '../rules/token-stock.ts';

/** Somebody holds it now. */
export const held = sql<boolean>`exists (select 1 from token_holder as holding
  where holding.token_id = token.id and holding.ended_at is null)`;

/** A token that an operator signs in with is nobody's stock. */
export const ofNoOperator = sql<boolean>`not exists (select 1 from operator where operator.token_id = token.id)`;

/** @param warnBefore from how long before its expiry a token in use counts as expiring, in milliseconds */
export function stockConditions(now: Instant, warnBefore: number): Readonly<Record<StockState, RawBuilder<boolean>>> {
  const living = sql<boolean>`token.retired_at is null and (token.expires_at is null or token.expires_at > ${now})`;
  const waiting = sql<boolean>`token.company_id is not null and ${living} and not ${held}`;
  const using = sql<boolean>`token.company_id is not null and ${living} and ${held}`;
  const ended = (why: string): RawBuilder<boolean> =>
    sql<boolean>`token.retired_at is not null and token.retired_why = ${why}`;
  return {
    'in-stock': sql<boolean>`token.company_id is null and ${living} and ${ofNoOperator}`,
    'ordered': sql<boolean>`${waiting} and token.arrived_at is null and token.shipped_at is null`,
    'shipped': sql<boolean>`${waiting} and token.arrived_at is null and token.shipped_at is not null`,
    'arrived': sql<boolean>`${waiting} and token.arrived_at is not null`,
    'registered': sql<boolean>`${using} and (token.expires_at is null or token.expires_at > ${now + warnBefore})`,
    'expiring': sql<boolean>`${using} and token.expires_at <= ${now + warnBefore}`,
    'expired': sql<boolean>`token.retired_at is null and token.expires_at <= ${now}`,
    'replaced': ended('replaced'),
    'lost': ended('lost'),
    'revoked': sql<boolean>`token.retired_at is not null and coalesce(token.retired_why, 'revoked') = 'revoked'`,
  };
}
