// The takeover guard (spec §2): who changed what proves an account, and how long that holds up a token. Pure; the account's
// rows come in as values.
//
// Time lifts it, or whoever did neither change (`issueAllowedAt`). A password or an address that somebody else set lets that somebody sign in and change it once more "by
// the owner", so an own password change leaves `passwordByOtherAt` standing, and an own address change leaves
// `emailByOtherAt` standing while the guard does.
import type { Policy } from './policy.ts';
import type { Instant } from './sign-in-record.ts';

export interface TakeoverFacts {
  readonly emailChangedAt: Instant | null;
  /** Null while somebody else typed the address and its owner has not proven it. */
  readonly emailProvenAt: Instant | null;
  readonly setUpAt: Instant | null;
  /** The address, or either password, was last set by somebody else. */
  readonly emailByOtherAt: Instant | null;
  readonly passwordByOtherAt: Instant | null;
  /** A second administrator or an operator allowed a token after both changes. */
  readonly issueAllowedAt: Instant | null;
}

type Waits = Policy['takeover'];

/**
 * From when codes for issuing a token may go to the account's address; null while it has none that is proven. The address of
 * the first-time setup was never changed: a token is registered in the same sitting (spec §4).
 */
export function tokenCodesFrom(
  account: Pick<TakeoverFacts, 'emailChangedAt' | 'emailProvenAt' | 'setUpAt'>,
  waits: Pick<Waits, 'emailWait'>,
): Instant | null {
  const { emailChangedAt, emailProvenAt, setUpAt } = account;
  if (emailProvenAt === null) return null;
  if (emailChangedAt === null || emailChangedAt === setUpAt) return emailProvenAt;
  return emailChangedAt + waits.emailWait;
}

/**
 * Until when no token is issued without a second administrator or an operator; null when nothing stands in the way. Others
 * set both the password and the address, the one within `window` of the other: it stands for `window` from the later of the
 * two, so that waiting between them gains nothing.
 */
export function issueGuardUntil(
  account: Pick<TakeoverFacts, 'emailByOtherAt' | 'passwordByOtherAt' | 'issueAllowedAt'>,
  waits: Pick<Waits, 'window'>,
  now: Instant,
): Instant | null {
  const { emailByOtherAt, passwordByOtherAt, issueAllowedAt } = account;
  if (emailByOtherAt === null || passwordByOtherAt === null) return null;
  if (Math.abs(emailByOtherAt - passwordByOtherAt) > waits.window) return null;
  const later = Math.max(emailByOtherAt, passwordByOtherAt);
  if (issueAllowedAt !== null && issueAllowedAt >= later) return null;
  const until = later + waits.window;
  return now < until ? until : null;
}

/**
 * Whether an address that its owner changes and proves counts as the owner's from then on. Not while the password was set by
 * somebody else within the window: it may be that somebody who changes it.
 */
export function ownsNewAddress(
  account: Pick<TakeoverFacts, 'passwordByOtherAt'>,
  waits: Pick<Waits, 'window'>,
  now: Instant,
): boolean {
  return account.passwordByOtherAt === null || now >= account.passwordByOtherAt + waits.window;
}
