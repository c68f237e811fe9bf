// Why somebody stands locked or stopped, in words without any secret (spec §2, §11.4): what a releaser sees first. Pure.
import { lockState, type LockCounter } from './lock.ts';
import type { Instant } from './sign-in-record.ts';

export type Cause =
  /** Wrong entries in a row. */
  | 'misses'
  /** Codes of the right token from another time: its clock has drifted. */
  | 'drift'
  /** Codes that a colleague had used before. */
  | 'colleague'
  /** The token has expired: a release alone doesn't help. */
  | 'expired'
  /** Many of the company's people were missed from outside at that time. */
  | 'spray'
  /** Stopped by an administrator of the company, or by the bank. */
  | 'admin'
  | 'desk';

/** A lock or stop that stands, with its cause. `until`: a temporary one ends by itself. */
export interface Restriction {
  readonly state: RestrictionState;
  readonly cause: Cause;
  /** Wrong entries that led to it; null where none did. */
  readonly misses: number | null;
  readonly since: Instant | null;
  readonly until: Instant | null;
}

export const restrictionStates = [
  'password-locked',
  'password-stopped',
  'confirmation-locked',
  'confirmation-stopped',
  'otp-stopped',
  'account-stopped',
] as const;

export type RestrictionState = (typeof restrictionStates)[number];

export interface CauseFacts {
  readonly account: {
    readonly stoppedAt: Instant | null;
    readonly otpStoppedAt: Instant | null;
    readonly otpMisses: number;
  };
  readonly login: LockCounter;
  readonly confirmation: LockCounter | null;
  /** Misses that led to the OTP stop: of the right token at another time, and of a colleague's code. */
  readonly otp: { readonly drifted: number; readonly colleague: number };
  readonly tokenExpiresAt: Instant | null;
  /** Times of the company's spray alarms. */
  readonly sprays: readonly { readonly since: Instant; readonly until: Instant }[];
  readonly stoppedBy: 'admin' | 'desk';
}

export interface CausePolicy {
  readonly tries: number;
  /** How long a temporary lock lasts: what began it is so long before its end. */
  readonly lock: number;
}

/** Everything that restricts a person now, in the order of the states. */
export function restrictionsOf(facts: CauseFacts, policy: CausePolicy, now: Instant): readonly Restriction[] {
  return [
    ...passwordRestriction('password', facts.login, facts, policy, now),
    ...(facts.confirmation ? passwordRestriction('confirmation', facts.confirmation, facts, policy, now) : []),
    ...otpRestriction(facts, now),
    ...(facts.account.stoppedAt === null
      ? []
      : [
          {
            state: 'account-stopped',
            cause: facts.stoppedBy,
            misses: null,
            since: facts.account.stoppedAt,
            until: null,
          } as const,
        ]),
  ];
}

function passwordRestriction(
  which: 'password' | 'confirmation',
  counter: LockCounter,
  facts: CauseFacts,
  policy: CausePolicy,
  now: Instant,
): readonly Restriction[] {
  const state = lockState(counter, now);
  if (state === 'open') return [];
  const until = state === 'locked' ? counter.lockedUntil : null;
  const since = counter.stoppedAt ?? (until === null ? null : until - policy.lock);
  // Only the login password can be tried from outside.
  const outside = which === 'password' && sprayed(facts, since);
  const runsBefore = Math.max(0, counter.locks - 1);
  return [
    {
      state: `${which}-${state}`,
      cause: outside ? 'spray' : 'misses',
      misses: counter.misses + runsBefore * policy.tries,
      since,
      until,
    },
  ];
}

function otpRestriction(facts: CauseFacts, now: Instant): readonly Restriction[] {
  const { otpStoppedAt, otpMisses } = facts.account;
  if (otpStoppedAt === null) return [];
  const cause: Cause =
    facts.tokenExpiresAt !== null && facts.tokenExpiresAt <= now
      ? 'expired'
      : facts.otp.drifted > 0
        ? 'drift'
        : facts.otp.colleague > 0
          ? 'colleague'
          : sprayed(facts, otpStoppedAt)
            ? 'spray'
            : 'misses';
  return [{ state: 'otp-stopped', cause, misses: otpMisses, since: otpStoppedAt, until: null }];
}

function sprayed({ sprays }: CauseFacts, since: Instant | null): boolean {
  return since !== null && sprays.some((spray) => spray.since <= since && since < spray.until);
}
