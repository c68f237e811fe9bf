// How a person stands with tokens now, in the one state that lists and details tell (screens.md §1, states of a token). Pure.
import type { Instant } from './sign-in-record.ts';
import { hasLapsed } from './token-issue.ts';

export interface TokenFacts {
  readonly waitsUntil: Instant | null;
  readonly token: { readonly expiresAt: Instant | null; readonly retiredAt: Instant | null } | null;
  readonly issue: { readonly expiresAt: Instant } | null;
}

export type TokenState =
  /** 未登録 */
  | { readonly is: 'none' }
  /** 再発行待ち: after a revocation, until then. */
  | { readonly is: 'waiting'; readonly until: Instant }
  /** 発行済み(初期設定待ち): its first right code is due before then. */
  | { readonly is: 'issued'; readonly until: Instant }
  | { readonly is: 'in-use' }
  | { readonly is: 'expiring' }
  | { readonly is: 'expired' }
  /** Taken out of use while somebody held it. */
  | { readonly is: 'revoked' };

/**
 * A token in hand is told before an issue, an issue before a wait.
 * @param warnBefore how long before its end a token is 期限間近, in milliseconds (policy, `tokenExpiry`)
 */
export function tokenStateOf({ waitsUntil, token, issue }: TokenFacts, now: Instant, warnBefore: number): TokenState {
  if (token !== null) {
    if (token.retiredAt !== null) return { is: 'revoked' };
    if (token.expiresAt === null || token.expiresAt > now + warnBefore) return { is: 'in-use' };
    return { is: token.expiresAt > now ? 'expiring' : 'expired' };
  }
  if (issue !== null && !hasLapsed(issue, now)) return { is: 'issued', until: issue.expiresAt };
  return waitsUntil !== null && waitsUntil > now ? { is: 'waiting', until: waitsUntil } : { is: 'none' };
}
