// TOTP (RFC 6238): in which step a typed code matches. Whether that step may be accepted is decided by rules/otp-token.ts.
import { timingSafeEqual } from 'node:crypto';
import { createGuardrails, generateSync, ScureBase32Plugin } from 'otplib';

export type TotpAlgorithm = 'SHA1' | 'SHA256' | 'SHA512';

export interface TotpToken {
  readonly secret: Uint8Array;
  readonly algorithm: TotpAlgorithm;
  /** 6, 7 or 8. */
  readonly digits: number;
  /** Seconds. */
  readonly period: number;
}

// Tokens with 80-bit secrets are still in circulation; the library refuses them unless told.
const guardrails = createGuardrails({ MIN_SECRET_BYTES: 10 });
const base32 = new ScureBase32Plugin();

/** The step of an instant (milliseconds), by a period in seconds. */
export function stepAt(now: number, period: number): number {
  return Math.floor(now / 1000 / period);
}

/** The code that a token shows in a step. */
export function codeAt(token: TotpToken, step: number): string {
  return generateSync({
    secret: token.secret,
    algorithm: libraryNames[token.algorithm],
    digits: digitsOf(token.digits),
    period: token.period,
    epoch: step * token.period,
    guardrails,
  });
}

/**
 * The newest step from `fromStep` to `toStep`, both included, in which `code` is shown; null when in none. Every step is
 * computed and compared whatever matched before, so the time tells nothing.
 */
export function matchStep({
  code,
  fromStep,
  toStep,
  ...token
}: TotpToken & { readonly code: string; readonly fromStep: number; readonly toStep: number }): number | null {
  let match: number | null = null;
  for (let step = Math.max(0, fromStep); step <= toStep; step += 1) {
    const equal = sameCode(codeAt(token, step), code);
    match = equal ? step : match;
  }
  return match;
}

/**
 * The newest step in which `code` is shown and `nextCode` in the step after it: the repair of a drifted token. Null when
 * there is none from `fromStep` to `toStep`.
 */
export function matchPair({
  code,
  nextCode,
  fromStep,
  toStep,
  ...token
}: TotpToken & {
  readonly code: string;
  readonly nextCode: string;
  readonly fromStep: number;
  readonly toStep: number;
}): number | null {
  let match: number | null = null;
  let equalBefore = false;
  for (let step = Math.max(0, fromStep); step <= toStep + 1; step += 1) {
    const shown = codeAt(token, step);
    const second = sameCode(shown, nextCode);
    match = equalBefore && second ? step - 1 : match;
    equalBefore = sameCode(shown, code);
  }
  return match;
}

/** Reads a secret as it is printed or exported: Base32, in any case, with or without padding and spaces. */
export function secretFromBase32(text: string): Uint8Array {
  return base32.decode(text.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase());
}

/** As a secret is shown and handed to apps: Base32 without padding. */
export function secretToBase32(secret: Uint8Array): string {
  return base32.encode(secret).replace(/=+$/, '');
}

const libraryNames = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' } as const satisfies Record<
  TotpAlgorithm,
  string
>;

function digitsOf(digits: number): 6 | 7 | 8 {
  if (digits === 6 || digits === 7 || digits === 8) return digits;
  throw new RangeError('a token shows 6, 7 or 8 digits');
}

function sameCode(shown: string, typed: string): boolean {
  const one = Buffer.from(shown, 'utf8');
  const other = Buffer.from(typed, 'utf8');
  return one.length === other.length && timingSafeEqual(one, other);
}
