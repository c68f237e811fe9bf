// The life of a key-fob as the bank keeps it: in stock, ordered for a company, shipped, arrived, registered, and how it ended
// (spec §11.6); what it costs, and who may have it registered. Pure.
import type { Policy } from './policy.ts';
import type { Instant } from './sign-in-record.ts';

export type TokenEnd = 'revoked' | 'lost' | 'replaced';

export type OrderReason = 'application' | 'loss' | 'fault' | 'successor';

export const orderReasons: readonly OrderReason[] = ['application', 'loss', 'fault', 'successor'];

export type StockState =
  | 'in-stock'
  | 'ordered'
  | 'shipped'
  | 'arrived'
  | 'registered'
  | 'expiring'
  | 'expired'
  | 'replaced'
  | 'lost'
  | 'revoked';

export const stockStates: readonly StockState[] = [
  'in-stock',
  'ordered',
  'shipped',
  'arrived',
  'registered',
  'expiring',
  'expired',
  'replaced',
  'lost',
  'revoked',
];

export interface StockFacts {
  readonly companyId: string | null;
  readonly shippedAt: Instant | null;
  readonly arrivedAt: Instant | null;
  /** People who hold it now. */
  readonly holders: number;
  readonly expiresAt: Instant | null;
  readonly retiredAt: Instant | null;
  readonly retiredWhy: TokenEnd | null;
}

/** The one state of a token: its end first, then its expiry, then how far it has come. */
export function stockState(token: StockFacts, now: Instant, warnBefore: number): StockState {
  if (token.retiredAt !== null) return token.retiredWhy ?? 'revoked';
  if (token.expiresAt !== null && token.expiresAt <= now) return 'expired';
  if (token.holders > 0) {
    return token.expiresAt !== null && token.expiresAt - now <= warnBefore ? 'expiring' : 'registered';
  }
  if (token.companyId === null) return 'in-stock';
  if (token.arrivedAt !== null) return 'arrived';
  return token.shippedAt === null ? 'ordered' : 'shipped';
}

export interface OrderFee {
  /** How many come out of the free ones of the contract. */
  readonly free: number;
  /** Yen for each of the tokens, in the order in which they were named; free ones first. */
  readonly each: readonly number[];
  readonly total: number;
}

/**
 * What an order costs (spec §5): the first ones of a contract are free, then each has its fee; after a loss always the fee;
 * the successor of one that expires, and one for a faulty token, are free.
 * @param had how many of the contract's free ones were used up by earlier orders
 */
export function orderFee(reason: OrderReason, tokens: number, had: number, fees: Policy['fees']): OrderFee {
  const free = reason === 'application' ? Math.min(tokens, freeLeft(had, fees)) : 0;
  const fee = reason === 'application' ? fees.token : reason === 'loss' ? fees.reissue : 0;
  const each = Array.from({ length: tokens }, (_one, n) => (n < free ? 0 : fee));
  return { free, each, total: each.reduce((sum, one) => sum + one, 0) };
}

/** How many free tokens a contract has left. */
export function freeLeft(had: number, fees: Policy['fees']): number {
  return Math.max(0, fees.free - had);
}

export type SharingMode = 'one_for_all' | 'some' | 'one_each';

/** From the widest to the strictest; a company may only be as strict as its bank, or stricter (spec, Profiles). */
export const sharingModes: readonly SharingMode[] = ['some', 'one_for_all', 'one_each'];

/**
 * Whether a person may register this token beside those who hold it already (spec §5, sharing; guide S4).
 * @param holders others who hold this very token now
 * @param otherTokens other tokens of the company that somebody else holds now
 */
export function mayShare(
  mode: SharingMode,
  { holders, otherTokens }: { readonly holders: number; readonly otherTokens: number },
): boolean {
  if (mode === 'one_each') return holders === 0;
  return mode === 'some' || holders > 0 || otherTokens === 0;
}
