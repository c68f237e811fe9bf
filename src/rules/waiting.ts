// 再発行待ち: from when a new token may be issued, and its holder may sign in, after a revocation (spec §5, guide S2). One
// function for every page, mail and answer that names the moment. Pure; Japan's calendar.
import { closedUntil } from './japan-time.ts';
import type { Policy } from './policy.ts';
import type { Instant } from './sign-in-record.ts';
import type { TokenKind } from './otp-token.ts';

export interface Wait {
  readonly until: Instant;
  /** It fell into the night of the rule: from `nightFrom` (20:50:00) until before `nightUntil` (08:10:00). */
  readonly night: boolean;
}

/**
 * How long a person waits after the revocation of a token; null: not at all. Only software tokens have the wait: a key-fob
 * needs no service that makes it. `wait.after` is in milliseconds.
 */
export function waitAfterRevocation(
  { wait }: Pick<Policy['revoke'], 'wait'>,
  kind: TokenKind,
  revokedAt: Instant,
): Wait | null {
  if (wait === null || kind !== 'software') return null;
  const morning = closedUntil({ from: wait.nightUntil, to: wait.nightFrom }, revokedAt);
  return morning === null ? { until: revokedAt + wait.after, night: false } : { until: morning, night: true };
}
