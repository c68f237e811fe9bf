// The words of the token desk's choices, in the order in which its pages show them; the rules know them as types.
import type { OtpApplication } from '../../src/rules/otp-application.ts';
import type { StockMove } from '../../src/rules/stock-move.ts';
import type { OrderReason, StockState } from '../../src/rules/token-stock.ts';

// Each is written as a record first: one that is new does not compile until it stands here.
const states = {
  'in-stock': 0,
  'ordered': 0,
  'shipped': 0,
  'arrived': 0,
  'registered': 0,
  'expiring': 0,
  'expired': 0,
  'replaced': 0,
  'lost': 0,
  'revoked': 0,
} as const satisfies Record<StockState, 0>;
const reasons = { application: 0, loss: 0, fault: 0, successor: 0 } as const satisfies Record<OrderReason, 0>;
const kinds = { none: 0, software: 0, hardware: 0, both: 0 } as const satisfies Record<OtpApplication, 0>;

const isState = (word: string): word is StockState => Object.hasOwn(states, word);
const isReason = (word: string): word is OrderReason => Object.hasOwn(reasons, word);
const isKind = (word: string): word is OtpApplication => Object.hasOwn(kinds, word);

export const stockStates: readonly StockState[] = Object.keys(states).filter(isState);
export const orderReasons: readonly OrderReason[] = Object.keys(reasons).filter(isReason);
export const otpApplications: readonly OtpApplication[] = Object.keys(kinds).filter(isKind);

/** The state that a move leads to; a token that is to be replaced stays in use. */
export const movedTo = {
  assign: 'ordered',
  ship: 'shipped',
  arrive: 'arrived',
  exchange: null,
  lose: 'lost',
  revoke: 'revoked',
} as const satisfies Readonly<Record<StockMove, StockState | null>>;
