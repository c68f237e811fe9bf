// One-time passwords: which steps may match, and what a match or a miss means (spec §5). Finding the step in which a typed
// code matches needs the secret and happens elsewhere; here only step numbers are judged.
import { readCode } from './normalise.ts';
import type { FormError } from './normalise.ts';

export type TokenKind = 'hardware' | 'software';

/** Both ends belong to the window. */
export interface StepWindow {
  readonly fromStep: number;
  readonly toStep: number;
}

/** The present and the previous step; hardware one step each way around its learnt drift, in steps (spec §5). */
export function otpWindow(kind: TokenKind, drift: number, nowStep: number): StepWindow {
  return kind === 'software'
    ? { fromStep: nowStep - 1, toStep: nowStep }
    : { fromStep: nowStep + drift - 1, toStep: nowStep + drift + 1 };
}

/** Where two consecutive codes are searched when a drifted token is repaired: `resyncSteps` each way. */
export function resyncWindow(nowStep: number, resyncSteps: number): StepWindow {
  return { fromStep: nowStep - resyncSteps, toStep: nowStep + resyncSteps };
}

export interface OtpTry {
  /** The step in which the code matched inside the window; null when in none. */
  readonly candidateStep: number | null;
  /** The newest step ever accepted of this token, by whomever. */
  readonly lastStep: number | null;
  /** Wrong codes in a row of this person. */
  readonly misses: number;
  readonly tries: number;
  /** The newest accepted step was accepted for somebody else who shares the token. */
  readonly colleague: boolean;
}

export type OtpVerdict =
  | { readonly verdict: 'accepted'; readonly step: number; readonly misses: 0 }
  /** Right, but that step or a newer one was accepted before: never counted, whoever used it. */
  | { readonly verdict: 'used'; readonly by: 'colleague' | 'self'; readonly misses: number }
  | { readonly verdict: 'wrong'; readonly misses: number; readonly remaining: number }
  /** The last try missed, or none was left: the one-time password is stopped. */
  | { readonly verdict: 'stop'; readonly misses: number };

/**
 * Judges one typed code; call it under the locks of the person's counter and of the token's last step, and keep what it
 * says in the same transaction. A step is accepted once per token, ever, and no older one after it.
 */
export function judgeOtp(facts: OtpTry): OtpVerdict {
  if (facts.misses >= facts.tries) return { verdict: 'stop', misses: facts.misses };
  if (facts.candidateStep === null) return miss(facts);
  if (facts.lastStep !== null && facts.candidateStep <= facts.lastStep) {
    return { verdict: 'used', by: facts.colleague ? 'colleague' : 'self', misses: facts.misses };
  }
  return { verdict: 'accepted', step: facts.candidateStep, misses: 0 };
}

/**
 * Judges the repair of a drifted token: `candidateStep` is the step of the first code, whose successor matched the second.
 * The later step is the one accepted. A pair that begins at or before the last accepted step proves nothing new.
 */
export function judgeResync(facts: OtpTry): OtpVerdict {
  const judged = judgeOtp(facts);
  return judged.verdict === 'accepted' ? { ...judged, step: judged.step + 1 } : judged;
}

/** What a hardware token's accepted code teaches of its clock, in steps (RFC 6238 §6); software keeps the phone's time. */
export function learntDrift(kind: TokenKind, step: number, nowStep: number): number {
  return kind === 'hardware' ? step - nowStep : 0;
}

export type OtpFormError = FormError | 'otp.form' | 'otp.emailcode';

/** Reads a token's code; the e-mail code's length in this field gets its own message (screens.md 7.3). Never counted. */
export function readOtp(
  typed: string,
  digits: number,
  emailCodeDigits: number,
): { readonly ok: true; readonly code: string } | { readonly ok: false; readonly error: OtpFormError } {
  const read = readCode(typed, digits);
  if (read.ok) return read;
  if (read.error !== 'digits') return { ok: false, error: read.error };
  return { ok: false, error: read.digits === emailCodeDigits ? 'otp.emailcode' : 'otp.form' };
}

/** Reads an e-mail code; whatever is not its number of digits is told apart from the token's code. Never counted. */
export function readEmailCode(
  typed: string,
  digits: number,
): { readonly ok: true; readonly code: string } | { readonly ok: false; readonly error: FormError | 'otp.emailcode' } {
  const read = readCode(typed, digits);
  if (read.ok) return read;
  return { ok: false, error: read.error === 'digits' ? 'otp.emailcode' : read.error };
}

function miss(facts: OtpTry): OtpVerdict {
  const misses = facts.misses + 1;
  return misses < facts.tries
    ? { verdict: 'wrong', misses, remaining: facts.tries - misses }
    : { verdict: 'stop', misses };
}
