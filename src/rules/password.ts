// Passwords: what a typed one can't be, what a new one must be, and which are due to be changed (spec §2). A password is
// never normalised. Comparing with kept hashes is the caller's; what it found comes in as values.
import { isCommonPassword } from './common-password.ts';
import { hasFullWidth, judgeText } from './normalise.ts';
import type { FormError } from './normalise.ts';
import { isOpen } from './person-facts.ts';
import type { CredentialFacts } from './person-facts.ts';
import type { PasswordForm } from './policy.ts';
import type { Facts } from './sign-in.ts';
import type { Instant } from './sign-in-record.ts';

/** Message keys of screens.md 7.1 and 7.2. */
export type PasswordError =
  | FormError
  | 'password.fullwidth'
  | 'password.length'
  | 'password.mix'
  | 'password.sameid'
  | 'password.sameother'
  | 'password.sameissued'
  | 'password.recent'
  | 'password.common'
  | 'password.again';

/** What no password can be, for one that is typed to be compared: refused at the field and never counted (screens.md 4.9). */
export function judgeTypedPassword(typed: string): FormError | 'password.fullwidth' | null {
  const error = judgeText(typed);
  if (error) return error;
  if (hasFullWidth(typed)) return 'password.fullwidth';
  return /^[\x20-\x7e]+$/.test(typed) ? null : 'form.chars';
}

export interface NewPassword {
  readonly form: PasswordForm;
  /** The login ID it must differ from, without regard to case. */
  readonly loginId: string;
  /** The other of the two passwords, when it was typed in this same procedure. */
  readonly otherPassword?: string;
}

/** Judges a new password by itself; null when nothing speaks against it. The first mistake in this order is told. */
export function judgeNewPassword(candidate: string, rule: NewPassword): PasswordError | null {
  const { form, loginId, otherPassword } = rule;
  const error = judgeTypedPassword(candidate);
  if (error) return error;
  if (!(form.printable ? /^[\x21-\x7e]+$/ : /^[A-Za-z0-9]+$/).test(candidate)) return 'form.chars';
  if (candidate.length < form.min || candidate.length > form.max) return 'password.length';
  if (!/[A-Za-z]/.test(candidate) || !/[0-9]/.test(candidate)) return 'password.mix';
  if (candidate.toLowerCase() === loginId.toLowerCase()) return 'password.sameid';
  if (candidate === otherPassword) return 'password.sameother';
  return form.refuseCommon && isCommonPassword(candidate) ? 'password.common' : null;
}

/** Judges the second entry of a new password; its message stands at the second field. */
export function judgeRepeated(candidate: string, again: string): 'form.required' | 'password.again' | null {
  if (again === '') return 'form.required';
  return again === candidate ? null : 'password.again';
}

/** What comparing a new password with the kept hashes found: the other password's, the issued one's, the last three. */
export interface KeptMatches {
  readonly other: boolean;
  readonly issued: boolean;
  readonly recent: boolean;
}

/** Judges a well-formed new password by those findings. */
export function judgeKept(matches: KeptMatches): PasswordError | null {
  if (matches.other) return 'password.sameother';
  if (matches.issued) return 'password.sameissued';
  return matches.recent ? 'password.recent' : null;
}

/** The hashes to keep once `replaced` is no longer the present one, newest first: `history` counts the present one too. */
export function keepHistory(replaced: string, history: readonly string[], form: PasswordForm): readonly string[] {
  return [replaced, ...history].slice(0, Math.max(0, form.history - 1));
}

/** When a password set at `setAt` expires; null when passwords don't. */
export function expiresAt(setAt: Instant, policy: { readonly expiry: number | null }): Instant | null {
  return policy.expiry === null ? null : setAt + policy.expiry;
}

export interface DueFacts {
  readonly login: CredentialFacts;
  /** Null before it was first set. */
  readonly confirmation: CredentialFacts | null;
  /** The password itself was asked in this attempt: direct route, or the first-link check. */
  readonly asked: boolean;
  /** It was right although the login password was locked or stopped: that is strangers', and compares nothing here. */
  readonly inSpite: boolean;
}

export type WhichPassword = 'login' | 'confirmation';

export interface PasswordsDue {
  readonly why: Exclude<Facts['passwordDue'], 'result'>;
  /** These must be changed now. */
  readonly must: readonly WhichPassword[];
  /** These may be changed on the same page (変更要否); never on the page of a forced change. */
  readonly may: readonly WhichPassword[];
  /** These would be due, but their own lock or stop postpones it. */
  readonly postponed: readonly WhichPassword[];
}

/**
 * Row 16 of the sign-in table: a forced change stops both routes for exactly those passwords; an expired one only where the
 * password was asked. A locked or stopped password postpones its own change, because the current one could not be compared.
 */
export function passwordsDue(facts: DueFacts, now: Instant): PasswordsDue {
  const both: readonly (readonly [WhichPassword, CredentialFacts | null])[] = [
    ['login', facts.login],
    ['confirmation', facts.confirmation],
  ];
  const those = (test: (password: CredentialFacts) => boolean): readonly WhichPassword[] =>
    both.flatMap(([which, password]) => (password !== null && test(password) ? [which] : []));
  const open = (password: CredentialFacts): boolean =>
    isOpen(password, now) || (facts.inSpite && password === facts.login);
  const expired = (password: CredentialFacts): boolean =>
    facts.asked && password.expiresAt !== null && now >= password.expiresAt;

  const due = those((password) => password.forced || expired(password));
  const postponed = due.filter((which) => !those(open).includes(which));
  const forced = those((password) => password.forced && open(password));
  if (forced.length > 0) return { why: 'forced', must: forced, may: [], postponed };
  const must = those((password) => expired(password) && open(password));
  if (must.length === 0) return { why: 'none', must, may: [], postponed };
  return { why: 'expired', must, may: those(open).filter((which) => !must.includes(which)), postponed };
}

/** From `warnBefore` before its expiry a password is warned of; also past it, where a linked login only warns (spec §2). */
export function expirySoon(expiry: Instant | null, policy: { readonly warnBefore: number }, now: Instant): boolean {
  return expiry !== null && now >= expiry - policy.warnBefore;
}

/** The earlier of the two dates, as result pages and banners show it. */
export function earlierExpiry(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
