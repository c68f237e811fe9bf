// Everything that nobody may guess, and the numbers that people read aloud. All from the system's generator, uniformly.
import { randomBytes, randomInt } from 'node:crypto';

/** 128 bits as base64url (22 characters): names of things that stand in addresses. */
export function randomId(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * A UUID whose beginning is the time in milliseconds (RFC 9562, version 7), so that an index grows at its end. It tells when
 * it was made and has 74 random bits: for rows, not for secrets.
 */
export function rowId(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** 256 bits as base64url (43 characters): cookies, state, nonce, verifiers. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Decimal digits; the e-mail code has 8 (spec §1). */
export function randomDigits(length: number): string {
  return pick('0123456789', length);
}

/** Nine digits, the form of an issued login ID (spec §2). */
export function issuedLoginId(): string {
  return randomDigits(9);
}

// Without 0 O 1 I l, which paper makes alike (spec §2).
const readable = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** An issued password: half-width letters and digits, at least one of each (spec §2). */
export function issuedPassword(length = 9): string {
  for (;;) {
    const password = pick(readable, length);
    if (/[A-Za-z]/.test(password) && /[0-9]/.test(password)) return password;
  }
}

// Capitals alone: a user ID is typed on a telephone.
const userIdAlphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** ユーザID of a software token: twelve characters (spec §5), 59 bits. */
export function tokenUserId(): string {
  return pick(userIdAlphabet, 12);
}

// screens.md §3, rule 6.
const referenceAlphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** お問い合わせ番号, as it is shown: `7K3F-92QD`. */
export function referenceNumber(): string {
  const characters = pick(referenceAlphabet, 8);
  return `${characters.slice(0, 4)}-${characters.slice(4)}`;
}

/** A reference number as somebody typed or dictated it, in the form in which it is kept; null when it is none. */
export function readReference(typed: string): string | null {
  const characters = typed
    .slice(0, 64)
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\u2212\u30FC]/gu, '')
    .toUpperCase();
  if (characters.length !== 8 || [...characters].some((character) => !referenceAlphabet.includes(character)))
    return null;
  return `${characters.slice(0, 4)}-${characters.slice(4)}`;
}

function pick(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
