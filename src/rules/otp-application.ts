// お申込: what kinds of tokens a company applied for, and the limit for registering one that follows from it (spec §5). Pure.
import { graceEndsAt, type GraceFacts } from './grace.ts';
import { atJapanTime, endOfDay, japanTime } from './japan-time.ts';
import type { Policy } from './policy.ts';
import type { Instant } from './sign-in-record.ts';

export type OtpApplication = 'none' | 'software' | 'hardware' | 'both';

export const otpApplications: readonly OtpApplication[] = ['none', 'software', 'hardware', 'both'];

export const withKeyFobs = (kind: OtpApplication): boolean => kind === 'hardware' || kind === 'both';

/** What an application keeps beside its kind. */
export interface Application {
  readonly otpApplication: OtpApplication;
  readonly otpAppliedAt: Instant | null;
  readonly tokenArrivedAt: Instant | null;
  readonly graceExtendedTo: Instant | null;
  readonly graceExtendedAt: Instant | null;
  readonly graceExtendedBy: string | null;
}

/**
 * The application after a change of its kind. The first one for key-fobs is a new application: its limit counts from now, and
 * may be set once more; none keeps no date.
 */
export function appliedFor(present: Application, to: OtpApplication, now: Instant): Application {
  if (to === present.otpApplication) return present;
  const fresh = { tokenArrivedAt: null, graceExtendedTo: null, graceExtendedAt: null, graceExtendedBy: null };
  if (to === 'none') return { otpApplication: to, otpAppliedAt: null, ...fresh };
  if (withKeyFobs(to) && !withKeyFobs(present.otpApplication))
    return { otpApplication: to, otpAppliedAt: now, ...fresh };
  return { ...present, otpApplication: to, otpAppliedAt: present.otpAppliedAt ?? now };
}

/** The last moment of the day that was typed as `2026-11-22`; null when it is no day. */
export function readLimit(typed: string): Instant | null {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed.normalize('NFKC').trim().replaceAll('/', '-'));
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const at = atJapanTime(year, month, day);
  const read = japanTime(at);
  return read.year === year && read.month === month && read.day === day ? endOfDay(at) : null;
}

export type LimitWhy = 'no-application' | 'extended' | 'not-later' | 'too-far';

/** The farthest day that a supervisor may set. */
export const farthestLimit = (policy: Pick<Policy['grace'], 'extension'>, now: Instant): Instant =>
  endOfDay(now + policy.extension);

/**
 * Whether the limit of an application may be set to `to` (spec §5: once, by a supervisor, later than it is, not too far).
 * Null: it may.
 */
export function limitWhyNot(
  present: GraceFacts & Pick<Application, 'graceExtendedAt'>,
  to: Instant,
  policy: Policy['grace'],
  now: Instant,
): LimitWhy | null {
  const limit = withKeyFobs(present.otpApplication) ? graceEndsAt(present, policy) : null;
  if (limit === null) return 'no-application';
  if (present.graceExtendedAt !== null || present.graceExtendedTo !== null) return 'extended';
  if (to <= limit || to <= now) return 'not-later';
  return to > farthestLimit(policy, now) ? 'too-far' : null;
}
