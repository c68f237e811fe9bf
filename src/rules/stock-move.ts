// Which key-fob may be moved how: out of the stock to a company, on its way, into use, out of it (spec §11.6). Pure.
import type { OtpApplication } from './otp-application.ts';
import type { StockState } from './token-stock.ts';

/** What the desk does with tokens; `lose` and `revoke` end a token as a whole. */
export type StockMove = 'assign' | 'ship' | 'arrive' | 'exchange' | 'lose' | 'revoke';

export const stockMoves: readonly StockMove[] = ['assign', 'ship', 'arrive', 'exchange', 'lose', 'revoke'];

/** Why a token can't be moved so. */
export type StockWhy =
  | 'unknown'
  | 'stale'
  | 'not-in-stock'
  | 'not-ordered'
  | 'not-shipped'
  | 'not-in-use'
  | 'not-expiring'
  | 'has-successor'
  | 'no-stock'
  | 'expired'
  | 'ended'
  | 'suspended'
  | 'not-applied';

export interface MovedFacts {
  readonly state: StockState;
  /** People who hold it now. */
  readonly holders: number;
  readonly companySuspended: boolean;
  /** Its company applies for key-fobs. */
  readonly companyApplied: boolean;
  /** A living token was sent to follow it. */
  readonly followed: boolean;
}

/** Null: it may be moved so. */
export function whyNot(move: StockMove, token: MovedFacts): StockWhy | null {
  const { state } = token;
  const ended = state === 'replaced' || state === 'lost' || state === 'revoked';
  if (ended) return 'ended';
  if (move === 'lose' || move === 'revoke') return null;
  if (state === 'expired' && !(move === 'exchange' && token.holders > 0)) return 'expired';
  // What has arrived has arrived, whatever became of its company meanwhile.
  if (token.companySuspended && move !== 'arrive') return 'suspended';
  switch (move) {
    case 'assign':
      return state === 'in-stock' ? null : 'not-in-stock';
    case 'ship':
      return state === 'ordered' ? null : 'not-ordered';
    case 'arrive':
      return state === 'shipped' ? null : 'not-shipped';
    case 'exchange':
      if (token.holders === 0) return 'not-in-use';
      // Nobody of it could change to another one (TKN004).
      if (!token.companyApplied) return 'not-applied';
      if (state === 'registered') return 'not-expiring';
      return token.followed ? 'has-successor' : null;
  }
}

/** The state that a move leads to. */
export const movedTo = {
  assign: 'ordered',
  ship: 'shipped',
  arrive: 'arrived',
  exchange: 'ordered',
  lose: 'lost',
  revoke: 'revoked',
} as const satisfies Readonly<Record<StockMove, StockState>>;

/** Why a company can't be given key-fobs; null: it can. */
export function companyWhyNot(company: {
  readonly otpApplication: OtpApplication;
  readonly suspendedAt: number | null;
}): 'suspended' | 'not-applied' | null {
  if (company.suspendedAt !== null) return 'suspended';
  return company.otpApplication === 'hardware' || company.otpApplication === 'both' ? null : 'not-applied';
}
