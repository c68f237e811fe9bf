// Judging one key of a seed file: whether what the file says of it is a token that people here can use (spec §5). Pure.
import { atJapanTime, endOfDay, japanTime } from './japan-time.ts';
import { byteLength, hasControl, normalise } from './normalise.ts';
import type { SeedField, SeedProblem, SeedRow, SeedWhy } from './seed-file.ts';
import type { Instant } from './sign-in-record.ts';

/** One key as its file has it; null where it says nothing. */
export interface RawSeed {
  readonly line: number;
  readonly serial: string | null;
  /** The open secret, or why there is none. */
  readonly secret: Uint8Array | SeedWhy;
  readonly algorithm: string | null;
  readonly digits: string | null;
  readonly period: string | null;
  /** A day (`2031-03-31`) or, in PSKC, a moment (`2031-03-31T00:00:00Z`). */
  readonly expires: string | null;
  readonly model: string | null;
  /** What the reader saw to be wrong by itself. */
  readonly wrong: readonly (readonly [SeedField, SeedWhy])[];
}

/** The form of the bank's codes: what a token shows must fit the field that people type it into. */
export interface SeedAccepts {
  readonly digits: number;
  /** Seconds. */
  readonly period: number;
}

/** RFC 4226 R6: 128 bits at least. Above 64 bytes a hash's block is full, and more would only be hashed first. */
const secretBytes = { least: 16, most: 64 } as const;

const longestModel = 64;

/** The token that a key of a file is to become, or everything that is wrong with it, one entry for a field. */
export function judgeSeed(
  raw: RawSeed,
  accepts: SeedAccepts,
  now: Instant,
): { readonly row: SeedRow } | { readonly problems: readonly SeedProblem[] } {
  const wrong = new Map<SeedField, SeedWhy>(raw.wrong.toReversed());
  const take = <T>(field: SeedField, read: T | { readonly why: SeedWhy }): T | null => {
    if (typeof read !== 'object' || read === null || !('why' in read)) return read;
    if (!wrong.has(field)) wrong.set(field, read.why);
    return null;
  };
  const serial = take('serial', serialOf(raw.serial));
  const secret = take('secret', typeof raw.secret === 'string' ? { why: raw.secret } : secretOf(raw.secret));
  const algorithm = take('algorithm', algorithmOf(raw.algorithm));
  const digits = take('digits', numberOf(raw.digits, accepts.digits));
  const period = take('period', numberOf(raw.period, accepts.period));
  const expiresAt = take('expires', expiryOf(raw.expires, now));
  const model = take('model', modelOf(raw.model));
  if (wrong.size > 0 || serial === null || secret === null || algorithm === null || digits === null || period === null)
    return { problems: [...wrong].map(([field, why]) => ({ line: raw.line, field, why, serial })) };
  return { row: { line: raw.line, serial, secret, algorithm, digits, period, expiresAt, model } };
}

type Read<T> = T | { readonly why: SeedWhy };

/** As people type it at the registration: NFKC, capitals, without spaces and hyphens. */
function serialOf(text: string | null): Read<string> {
  const serial = normalise((text ?? '').slice(0, 200)).toUpperCase();
  if (serial === '') return { why: 'missing' };
  return /^[A-Z0-9]{4,32}$/.test(serial) ? serial : { why: 'form' };
}

function secretOf(secret: Uint8Array): Read<Uint8Array> {
  if (secret.length < secretBytes.least) return { why: 'short' };
  // One byte over and over is a field that nobody filled.
  if (secret.length > secretBytes.most || secret.every((byte) => byte === secret[0])) return { why: 'form' };
  return secret;
}

/** SHA1, HMAC-SHA256, sha-512 and the like; TOTP's own when nothing is said (RFC 6238 §1.2). */
function algorithmOf(text: string | null): Read<SeedRow['algorithm']> {
  if (text === null || text.trim() === '') return 'SHA1';
  const [, size] = /^(?:hmac)?[-_ ]?sha[-_ ]?(1|256|512)$/i.exec(text.trim()) ?? [];
  if (size === '1') return 'SHA1';
  if (size === '256') return 'SHA256';
  return size === '512' ? 'SHA512' : { why: 'unsupported' };
}

/**
 * Tokens of other digits or another step could be computed, but nobody could type the one's codes here, and the other's
 * would end in the middle of a minute that the pages speak of (spec §5: 6 digits, 60 seconds).
 */
function numberOf(text: string | null, expected: number): Read<number> {
  if (text === null || text.trim() === '') return { why: 'missing' };
  if (!/^[0-9]{1,4}$/.test(text.trim())) return { why: 'form' };
  return Number(text) === expected ? expected : { why: 'unsupported' };
}

/** A day counts to its end in Japan; a moment is in UTC unless it says otherwise (RFC 6030 §5). */
function expiryOf(text: string | null, now: Instant): Read<Instant | null> {
  if (text === null || text.trim() === '') return null;
  const at = momentOf(text.trim());
  if (at === null) return { why: 'form' };
  return at <= now ? { why: 'expired' } : at;
}

const japan = 9 * 60;
const minuteMs = 60_000;

function momentOf(text: string): Instant | null {
  const [whole, ...parts] =
    /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))?)?$/.exec(text) ?? [];
  if (whole === undefined) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => Number(part ?? 0));
  const [sign, offsetHours, offsetMinutes] = parts.slice(6);
  const noon = japanTime(atJapanTime(year, month, day, 12));
  if (month === 0 || noon.year !== year || noon.month !== month || noon.day !== day) return null;
  if (parts[3] === undefined) return endOfDay(atJapanTime(year, month, day));
  if (hour > 24 || (hour === 24 && minute + second > 0) || minute > 59 || second > 59) return null;
  const east = (sign === '-' ? -1 : 1) * (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0));
  return atJapanTime(year, month, day, hour, minute, second) + (japan - east) * minuteMs;
}

function modelOf(text: string | null): Read<string | null> {
  const model = (text ?? '').trim().normalize('NFKC');
  if (model === '') return null;
  return byteLength(model) > longestModel || hasControl(model) ? { why: 'form' } : model;
}
