// トークン利用開始登録の省略: until when the registration of a token may be put off, and what stands afterwards (spec §5).
import { endOfDay } from './japan-time.ts';
import type { PersonFacts } from './person-facts.ts';
import type { Policy } from './policy.ts';
import type { Facts } from './sign-in.ts';
import type { Instant } from './sign-in-record.ts';

/** How long the grace lasts, after arrival and after application. */
type GraceDays = Pick<Policy['grace'], 'afterArrival' | 'afterApplication'>;

export interface GraceFacts {
  readonly otpApplication: PersonFacts['company']['otpApplication'];
  /** The company's application for one-time passwords; null: none. */
  readonly otpAppliedAt: Instant | null;
  /** The tokens' arrival; null while they are on the way. */
  readonly tokenArrivedAt: Instant | null;
  /** The limit that a supervisor set, once, with a reason; it takes the computed one's place. */
  readonly graceExtendedTo: Instant | null;
}

/**
 * When the grace ends: the earlier of arrival + 14 days and application + 45 days, or what a supervisor set; null without
 * an application, and for an app, which nobody has to wait for. A limit is the last moment of its day in Japan (23:59), whatever the hour of what it counts from.
 */
export function graceEndsAt(facts: GraceFacts, policy: GraceDays): Instant | null {
  if (facts.otpAppliedAt === null || facts.otpApplication === 'software') return null;
  if (facts.graceExtendedTo !== null) return facts.graceExtendedTo;
  const byApplication = endOfDay(facts.otpAppliedAt + policy.afterApplication);
  if (facts.tokenArrivedAt === null) return byApplication;
  return Math.min(byApplication, endOfDay(facts.tokenArrivedAt + policy.afterArrival));
}

/**
 * The same for one person: an application's grace is given once (spec §5), and who had a token under it has used it. One of an
 * earlier application cost that one's grace.
 */
export function personalGrace(
  { company, hadToken }: { readonly company: GraceFacts; readonly hadToken: boolean },
  policy: GraceDays,
): Instant | null {
  return hadToken ? null : graceEndsAt(company, policy);
}

/** `last` is the day of the limit: the notice says the time of today. */
export type GraceState = 'none' | 'open' | 'last' | 'over';

/** Where a person without a token stands; null for `endsAt` is no grace at all. */
export function graceState(endsAt: Instant | null, now: Instant): GraceState {
  if (endsAt === null) return 'none';
  if (now >= endsAt) return 'over';
  return endOfDay(now) >= endsAt ? 'last' : 'open';
}

export interface RegistrationFacts {
  /** The company applied for one-time passwords. */
  readonly applied: boolean;
  readonly tokenUsable: boolean;
  /** The portal demands an OTP of this session. */
  readonly demanded: boolean;
  /** This sign-in asks for OTP: by the policy, or because the person's rights need it where only operations ask (S4). */
  readonly asked: boolean;
  /** Put off in this attempt. */
  readonly skipped: boolean;
  readonly endsAt: Instant | null;
  readonly then: Policy['grace']['then'];
}

/**
 * Whether a token is to be registered at this sign-in (spec §3, row 14). A portal's demand leaves no choice: putting it off
 * would only lead to its refusal. Past the grace only what blocks the login stays.
 */
export function registrationDue(facts: RegistrationFacts, now: Instant): Facts['registration'] {
  if (!facts.applied || facts.tokenUsable) return 'not-due';
  if (facts.demanded) return 'required';
  if (!facts.asked) return 'not-due';
  const state = graceState(facts.endsAt, now);
  if (state === 'open' || state === 'last') return facts.skipped ? 'not-due' : 'skippable';
  return facts.then === 'block-login' ? 'required' : 'not-due';
}
