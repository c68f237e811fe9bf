// A remembered device's next value, readable only by who presents the present one: sealed with AES-256-GCM under a key
// derived from that value, so that Redis alone, or the cookie alone, tells nothing.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const keyFrom = (value: string): Buffer => Buffer.from(hkdfSync('sha256', value, '', 'renkei device successor', 32));

export function sealUnder(value: string, next: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyFrom(value), iv);
  return Buffer.concat([iv, cipher.update(next, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** @throws when `sealed` was not made under `value` */
export function openUnder(value: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', keyFrom(value), bytes.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(bytes.subarray(-16));
  return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
}
