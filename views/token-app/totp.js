// The codes of RFC 6238, computed by the browser's own cryptography under a key that no script can read again.

/** @typedef {'SHA1' | 'SHA256' | 'SHA512'} Algorithm */
/** @typedef {{ readonly key: CryptoKey, readonly digits: number, readonly period: number }} CodeToken */

const names = { SHA1: 'SHA-1', SHA256: 'SHA-256', SHA512: 'SHA-512' };
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Makes the key of a token; the bytes are overwritten afterwards.
 * @param {string} secret Base32
 * @param {Algorithm} algorithm
 * @returns {Promise<CryptoKey>} not extractable
 */
export async function importSecret(secret, algorithm) {
  const bytes = fromBase32(secret);
  try {
    return await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: names[algorithm] }, false, ['sign']);
  } finally {
    bytes.fill(0);
  }
}

/**
 * @param {number} now milliseconds
 * @param {number} period seconds
 */
export function stepAt(now, period) {
  return Math.floor(now / 1000 / period);
}

/**
 * Whole seconds until the code changes, from the period down to 1.
 * @param {number} now milliseconds
 * @param {number} period seconds
 */
export function secondsLeft(now, period) {
  return period - (Math.floor(now / 1000) % period);
}

/**
 * @param {CodeToken} token
 * @param {number} step
 * @returns {Promise<string>}
 */
export async function codeAt({ key, digits }, step) {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter));
  // RFC 4226, 5.3: the last four bits say where the code stands.
  const at = mac.getUint8(mac.byteLength - 1) & 0x0f;
  const number = mac.getUint32(at) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
function fromBase32(text) {
  const letters = text.toUpperCase().replace(/[\s=-]/g, '');
  const bytes = new Uint8Array(Math.floor((letters.length * 5) / 8));
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (const letter of letters) {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new RangeError('not Base32');
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (buffer >> bits) & 0xff;
      at += 1;
    }
  }
  return bytes;
}
