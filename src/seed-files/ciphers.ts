// Opening what a PSKC file keeps closed: the ciphers of XML Encryption that RFC 6030 names, its MACs, and PBKDF2.
import { createDecipheriv, createHmac, createSecretKey, type KeyObject, pbkdf2, timingSafeEqual } from 'node:crypto';
import { fromBase64, fromHex } from './binary.ts';

interface Cipher {
  readonly keyBytes: 16 | 24 | 32;
  /** It notices by itself what was changed; without, a MAC must (RFC 6030 §6.1.1). */
  readonly authentic: boolean;
  /** Null: it does not open. */
  readonly open: (key: KeyObject, value: Uint8Array) => Uint8Array | null;
}

const sizes = [16, 24, 32] as const;
const xmlenc = 'http://www.w3.org/2001/04/xmlenc#';
const xmlenc11 = 'http://www.w3.org/2009/xmlenc11#';

const ciphers: ReadonlyMap<string, Cipher> = new Map(
  sizes.flatMap((keyBytes): (readonly [string, Cipher])[] => {
    const bits = keyBytes * 8;
    return [
      [`${xmlenc}aes${bits}-cbc`, { keyBytes, authentic: false, open: cbc(bits) }],
      [`${xmlenc11}aes${bits}-gcm`, { keyBytes, authentic: true, open: gcm(keyBytes) }],
      [`${xmlenc}kw-aes${bits}`, { keyBytes, authentic: true, open: wrap(`id-aes${bits}-wrap`, 'a6a6a6a6a6a6a6a6') }],
      [
        `${xmlenc11}kw-aes-${bits}-pad`,
        { keyBytes, authentic: true, open: wrap(`id-aes${bits}-wrap-pad`, 'a65959a6') },
      ],
    ];
  }),
);

export const cipherOf = (algorithm: string | null): Cipher | null => ciphers.get(algorithm ?? '') ?? null;

/** The padding's last byte is its length, the others may be anything (XML Encryption §5.2). */
function cbc(bits: number): Cipher['open'] {
  return (key, value) => {
    if (value.length < 32 || value.length % 16 !== 0) return null;
    const decipher = createDecipheriv(`aes-${bits}-cbc`, key, value.subarray(0, 16)).setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(value.subarray(16)), decipher.final()]);
    const padding = padded.at(-1) ?? 0;
    return padding >= 1 && padding <= 16 ? padded.subarray(0, padded.length - padding) : null;
  };
}

function gcm(keyBytes: Cipher['keyBytes']): Cipher['open'] {
  const names = { 16: 'aes-128-gcm', 24: 'aes-192-gcm', 32: 'aes-256-gcm' } as const;
  return (key, value) => {
    if (value.length < 12 + 16) return null;
    const decipher = createDecipheriv(names[keyBytes], key, value.subarray(0, 12), { authTagLength: 16 });
    return opened(() => {
      decipher.setAuthTag(value.subarray(-16));
      return Buffer.concat([decipher.update(value.subarray(12, -16)), decipher.final()]);
    });
  };
}

function wrap(name: string, iv: string): Cipher['open'] {
  return (key, value) =>
    value.length < 16 || value.length % 8 !== 0
      ? null
      : opened(() => {
          const decipher = createDecipheriv(name, key, Buffer.from(iv, 'hex'));
          return Buffer.concat([decipher.update(value), decipher.final()]);
        });
}

function opened(open: () => Uint8Array): Uint8Array | null {
  try {
    return open();
  } catch {
    return null;
  }
}

const more = 'http://www.w3.org/2001/04/xmldsig-more#';

const macs: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/2000/09/xmldsig#hmac-sha1', 'sha1'],
  [`${more}hmac-sha224`, 'sha224'],
  [`${more}hmac-sha256`, 'sha256'],
  [`${more}hmac-sha384`, 'sha384'],
  [`${more}hmac-sha512`, 'sha512'],
]);

/** The hash of an HMAC's name; null when it is none that is known. */
export const macHash = (algorithm: string | null): string | null => macs.get(algorithm ?? '') ?? null;

/** Whether `mac` is the whole MAC of these bytes; the time tells nothing. */
export function macHolds(hash: string, key: KeyObject, bytes: Uint8Array, mac: Uint8Array): boolean {
  const own = createHmac(hash, key).update(bytes).digest();
  return own.length === mac.length && timingSafeEqual(own, mac);
}

/** A key of this many bytes, written in hexadecimal or Base64; null when it is neither. */
export function keyFromText(text: string, bytes: number): KeyObject | null {
  const key = [fromHex(text.trim()), fromBase64(text)].find((one) => one?.length === bytes);
  return key ? createSecretKey(key) : null;
}

/** PBKDF2 (RFC 8018 §5.2), beside the event loop. */
export async function derived(
  password: string,
  params: { readonly salt: Uint8Array; readonly iterations: number; readonly bytes: number; readonly hash: string },
): Promise<KeyObject> {
  return new Promise((resolve, reject) => {
    pbkdf2(password, params.salt, params.iterations, params.bytes, params.hash, (error, key) =>
      error ? reject(error) : resolve(createSecretKey(key)),
    );
  });
}
