// The chain of audit records: each MAC covers the one before it, so that nothing can be altered, dropped or put in between by
// who holds the database but not the key (spec §10).
import { createHmac } from 'node:crypto';

/** MAC over the previous MAC and the exact bytes of a record. `previous` is empty for the first record of a chain. */
export type ChainMac = (previous: string, body: string) => string;

/**
 * HMAC-SHA-256 as base64url.
 * @param key 32 bytes for this purpose alone, kept outside the database
 */
export function createChainMac(key: Uint8Array): ChainMac {
  if (key.length < 32) throw new RangeError('the audit key has at least 32 bytes');
  // The length in front keeps a record from lending its first characters to the MAC before it.
  return (previous, body) =>
    createHmac('sha256', key)
      .update(`${previous.length}.${previous}.`, 'utf8')
      .update(body, 'utf8')
      .digest('base64url');
}
