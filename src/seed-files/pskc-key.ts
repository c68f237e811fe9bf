// The key under which a PSKC file keeps its values, and the MAC over them (RFC 6030 §6): pre-shared, or derived from a
// password. Which key it should be is not told by the file in a way that could be trusted; that it is right, the MACs say.
import { createSecretKey, type KeyObject } from 'node:crypto';
import { cipherOf, derived, keyFromText, macHash, macHolds } from './ciphers.ts';
import { fromBase64 } from './binary.ts';
import { SeedFileRefused } from './refused.ts';
import { childOf, textOf, type XmlElement } from './xml.ts';

/** A wrong count would keep this machine busy for somebody else. OWASP's advice for 2023 is 600,000. */
const mostIterations = 1_000_000;
const longestSalt = 1024;

/** Why a value did not open. `mac`: its MAC, or the cipher's own, does not hold; so does every value under a wrong key. */
export type NotOpened = 'form' | 'unsupported' | 'mac';

export interface PskcKeys {
  /** The file says that its values are closed: then none may stand open. */
  readonly closed: boolean;
  /** Of `<Secret>` and its siblings: an `<EncryptedValue>` with its `<ValueMAC>`. @throws SeedFileRefused */
  open(value: XmlElement, mac: XmlElement | null): Uint8Array | NotOpened;
}

/**
 * @param encryptionKey,macMethod what the file says, or null
 * @param given the transport key as the desk has it: hexadecimal, Base64, or a password
 * @throws SeedFileRefused
 */
export async function pskcKeys(
  encryptionKey: XmlElement | null,
  macMethod: XmlElement | null,
  given: string | null,
): Promise<PskcKeys> {
  if (!encryptionKey) return { closed: false, open: () => 'unsupported' };
  const keyOf = await keyMaker(encryptionKey, given);
  const mac = macMethod ? macOf(macMethod, keyOf) : null;
  return {
    closed: true,
    open(value, valueMac) {
      const { cipher, bytes } = cipherValue(value);
      if (!cipher) return 'unsupported';
      if (!bytes) return 'form';
      // RFC 6030 §6.1.1 wants a MAC wherever the cipher does not notice changes: without one, a flipped bit would be a token
      // whose codes are never right, or one whose secret somebody else chose.
      if (!cipher.authentic && !mac) throw new SeedFileRefused('mac');
      if (!cipher.authentic && !valueMac) return 'mac';
      if (valueMac && mac) {
        const told = fromBase64(valueMac.text);
        if (!told || !macHolds(mac.hash, mac.key, bytes, told)) return 'mac';
      }
      return cipher.open(keyOf(cipher.keyBytes), bytes) ?? 'mac';
    },
  };
}

/** The key of a cipher that takes this many bytes; null: of whatever size it has. @throws SeedFileRefused */
type KeyOf = (bytes: number | null) => KeyObject;

const keySizes = [16, 24, 32];

async function keyMaker(encryptionKey: XmlElement, given: string | null): Promise<KeyOf> {
  const derivedKey = childOf(encryptionKey, 'DerivedKey');
  if (!derivedKey && !childOf(encryptionKey, 'KeyName')) throw new SeedFileRefused('unsupported');
  const params = derivedKey && pbkdf2Of(derivedKey);
  if (given === null || given.trim() === '') throw new SeedFileRefused('key-missing');
  if (!params) {
    const keys = new Map<number | null, KeyObject>();
    return (bytes) => {
      const sizes = bytes === null ? keySizes : [bytes];
      const key = keys.get(bytes) ?? sizes.flatMap((size) => keyFromText(given, size) ?? [])[0];
      if (!key) throw new SeedFileRefused('key-wrong');
      keys.set(bytes, key);
      return key;
    };
  }
  const key = await derived(given.replace(/[\r\n]+$/, ''), params);
  return (bytes) => {
    if (bytes !== null && bytes !== key.symmetricKeySize) throw new SeedFileRefused('unsupported');
    return key;
  };
}

function pbkdf2Of(derivedKey: XmlElement): Parameters<typeof derived>[1] {
  const method = childOf(derivedKey, 'KeyDerivationMethod');
  const params = childOf(method, 'PBKDF2-params');
  if (method?.attributes.get('Algorithm')?.endsWith('#pbkdf2') !== true || !params)
    throw new SeedFileRefused('unsupported');
  const salt = fromBase64(childOf(childOf(params, 'Salt'), 'Specified')?.text ?? '');
  const iterations = wholeNumber(childOf(params, 'IterationCount'));
  const bytes = wholeNumber(childOf(params, 'KeyLength'));
  const prf = childOf(params, 'PRF')?.attributes.get('Algorithm') ?? null;
  const hash = prf === null ? 'sha1' : macHash(prf);
  if (!salt || salt.length > longestSalt || iterations === null || iterations < 1 || bytes === null)
    throw new SeedFileRefused('format');
  if (iterations > mostIterations) throw new SeedFileRefused('too-large');
  if (hash === null || !keySizes.includes(bytes)) throw new SeedFileRefused('unsupported');
  return { salt, iterations, bytes, hash };
}

const wholeNumber = (element: XmlElement | null): number | null => {
  const text = textOf(element) ?? '';
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : null;
};

/** Without a key of its own the MAC is made with the encryption's (RFC 6030 §6.1.1). */
function macOf(macMethod: XmlElement, keyOf: KeyOf): { readonly hash: string; readonly key: KeyObject } | null {
  const hash = macHash(macMethod.attributes.get('Algorithm') ?? null);
  if (hash === null) throw new SeedFileRefused('unsupported');
  const macKey = childOf(macMethod, 'MACKey');
  if (!macKey) return { hash, key: keyOf(null) };
  const { cipher, bytes } = cipherValue(macKey);
  if (!cipher) throw new SeedFileRefused('unsupported');
  if (!bytes) throw new SeedFileRefused('format');
  const key = cipher.open(keyOf(cipher.keyBytes), bytes);
  if (!key || key.length === 0) throw new SeedFileRefused('key-wrong');
  return { hash, key: createSecretKey(key) };
}

function cipherValue(value: XmlElement) {
  const cipher = cipherOf(childOf(value, 'EncryptionMethod')?.attributes.get('Algorithm') ?? null);
  const text = childOf(childOf(value, 'CipherData'), 'CipherValue')?.text ?? '';
  return { cipher, bytes: fromBase64(text) };
}
