// A forgotten master password (spec §2): whose request it may be, and how the letter's password takes the place of the
// present one – when it is first used, so that nothing changes for anybody before the post has come.
import { sameEmail } from './email.ts';
import { japanTime } from './japan-time.ts';
import { normalise, readCode } from './normalise.ts';
import type { Instant } from './sign-in-record.ts';

export interface ResetTarget {
  readonly role: 'master' | 'admin' | 'member';
  readonly deletedAt: Instant | null;
  readonly email: string | null;
  readonly emailProvenAt: Instant | null;
  readonly contractNumber: string;
}

/** The three entries are those of one master whose address is proven; whoever answers to the login ID is `target`. */
export function matchesMaster(
  target: ResetTarget,
  typed: { readonly contractNumber: string; readonly email: string },
): boolean {
  return (
    target.role === 'master' &&
    target.deletedAt === null &&
    target.emailProvenAt !== null &&
    target.email !== null &&
    sameEmail(target.email, typed.email) &&
    normalise(target.contractNumber) === typed.contractNumber
  );
}

/** ご契約番号 as it was typed: digits in any width, with spaces or hyphens. How many there are is nobody's to learn here. */
export function readContractNumber(
  typed: string,
):
  | { readonly ok: true; readonly contractNumber: string }
  | { readonly ok: false; readonly error: 'form.required' | 'form.long' | 'form.chars' } {
  const contractNumber = normalise(typed);
  const read = readCode(typed, contractNumber.length);
  if (read.ok) return { ok: true, contractNumber: read.code };
  return { ok: false, error: read.error === 'digits' ? 'form.chars' : read.error };
}

/** 受付番号: the day in Japan and four digits, read out easily and never taken for another number of ours. */
export function requestNumber(at: Instant, digits: string): string {
  const { year, month, day } = japanTime(at);
  return `${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}-${digits}`;
}

/** The same as somebody typed it; null when it is none. */
export function readRequestNumber(typed: string): string | null {
  const digits = normalise(typed.slice(0, 64));
  return /^[0-9]{12}$/.test(digits) ? `${digits.slice(0, 8)}-${digits.slice(8)}` : null;
}

/** How many digits the letter's password has, as the one of the application form (spec §2). */
export const letterDigits = 12;

/** A password that is on its way by post, beside the present one of the same credential. */
export interface Letter {
  readonly letterHash?: string | null;
  readonly letterUntil?: Instant | null;
}

/**
 * Which hash a typed login password is compared with: the letter's if it has the letter's form, else the present one. No
 * chosen password is digits alone, so every guess is compared once, and it shows to nobody that a letter is under way.
 */
export function isForLetter(letter: Letter, kind: 'login' | 'confirmation', typed: string): boolean {
  return (
    kind === 'login' && (letter.letterHash ?? null) !== null && typed.length === letterDigits && /^[0-9]+$/.test(typed)
  );
}

/** What the credential keeps when the letter's password was used: it is the issued one now, and must be changed (spec §2). */
export function takeUpLetter(letter: Letter, now: Instant) {
  return {
    hash: letter.letterHash ?? '',
    issued: true,
    issuedUntil: letter.letterUntil ?? null,
    forced: true,
    setAt: now,
    expiresAt: null,
    letterHash: null,
    letterUntil: null,
  } as const;
}

/** Stands as `passwordByOther` of an account whose login password came by post. */
export const byPost = 'operator';

/** The login password in force is the letter's, still to be changed. */
export function isFromLetter(
  account: { readonly passwordByOther: string | null; readonly passwordByOtherAt: Instant | null },
  login: { readonly issued: boolean; readonly setAt: Instant },
): boolean {
  return login.issued && account.passwordByOther === byPost && account.passwordByOtherAt === login.setAt;
}
