// Digests and keyed digests: what is kept instead of a secret, and keys for single purposes out of one master secret.
import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';

/** SHA-256 as base64url (43 characters): for random values of 128 bits or more, never for anything a person chose. */
export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Compares two texts in time that tells nothing but whether they are equal. */
export function sameText(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/**
 * A key of 32 bytes for one purpose (HKDF, RFC 5869): keys of different purposes tell nothing of each other.
 * @throws RangeError when the master secret is shorter than 32 bytes
 */
export function deriveKey(master: string | Uint8Array, purpose: string): Uint8Array {
  const secret = typeof master === 'string' ? Buffer.from(master, 'utf8') : master;
  if (secret.length < 32) throw new RangeError('a master secret has at least 32 bytes');
  return new Uint8Array(hkdfSync('sha256', secret, '', `renkei ${purpose}`, 32));
}

/** Bytes are made a key anew by each HMAC, which takes longer than the HMAC itself; our keys are few and stay. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>();

function keyObjectOf(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key) ?? createSecretKey(key);
  keyObjects.set(key, known);
  return known;
}

/** HMAC-SHA-256 under a key of one purpose (`deriveKey`). */
export function hmac(key: Uint8Array, text: string, encoding: 'base64url' | 'hex' = 'base64url'): string {
  return createHmac('sha256', keyObjectOf(key)).update(text).digest(encoding);
}
