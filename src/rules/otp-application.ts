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

/** The dates of an application for key-fobs that a company gave up, and when it did. */
export type GivenUp = Omit<Application, 'otpApplication'> & { readonly givenUpAt: Instant };

/**
 * Until when key-fobs that were given up are taken up again as the same application: its limit counts on, and a limit that
 * was set stays the one that may be set. Whoever turns an application off and on gains no day of grace by it (spec §5: once
 * per application); a day longer without any, and the company was left without a token's protection for as long as a grace. ◦
 */
export const sameApplicationUntil = (
  { givenUpAt }: Pick<GivenUp, 'givenUpAt'>,
  policy: Pick<Policy['grace'], 'afterApplication'>,
): Instant => endOfDay(givenUpAt + policy.afterApplication);

/** What becomes of the limit when key-fobs are applied for: `new` after an earlier one wants its reason in the record. */
export function appliesAgain(
  present: Pick<Application, 'otpApplication'>,
  to: OtpApplication,
  givenUp: Pick<GivenUp, 'givenUpAt'> | null,
  policy: Pick<Policy['grace'], 'afterApplication'>,
  now: Instant,
): 'no' | 'first' | 'same' | 'new' {
  if (!withKeyFobs(to) || withKeyFobs(present.otpApplication)) return 'no';
  if (givenUp === null) return 'first';
  return now <= sameApplicationUntil(givenUp, policy) ? 'same' : 'new';
}

const noDates = { tokenArrivedAt: null, graceExtendedTo: null, graceExtendedAt: null, graceExtendedBy: null } as const;

/**
 * The application after a change of its kind. The first one for key-fobs is a new application: its limit counts from now, and
 * may be set once more; one that was given up lately goes on (`appliesAgain`). None keeps no date.
 * @param givenUp what the company gave up before
 */
export function appliedFor(
  present: Application,
  to: OtpApplication,
  givenUp: GivenUp | null,
  policy: Pick<Policy['grace'], 'afterApplication'>,
  now: Instant,
): Application {
  if (to === present.otpApplication) return present;
  if (to === 'none') return { otpApplication: to, otpAppliedAt: null, ...noDates };
  const again = appliesAgain(present, to, givenUp, policy, now);
  if (again === 'same' && givenUp !== null) {
    const { givenUpAt: _gone, ...dates } = givenUp;
    return { otpApplication: to, ...dates };
  }
  if (again !== 'no') return { otpApplication: to, otpAppliedAt: now, ...noDates };
  return { ...present, otpApplication: to, otpAppliedAt: present.otpAppliedAt ?? now };
}

/** What is kept of an application that this change gives up; null: it gives up none. */
export function givingUp(present: Application, to: OtpApplication, now: Instant): GivenUp | null {
  if (!withKeyFobs(present.otpApplication) || withKeyFobs(to)) return null;
  const { otpAppliedAt, tokenArrivedAt, graceExtendedTo, graceExtendedAt, graceExtendedBy } = present;
  return { givenUpAt: now, otpAppliedAt, tokenArrivedAt, graceExtendedTo, graceExtendedAt, graceExtendedBy };
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
