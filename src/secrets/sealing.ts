// Secrets at rest: AES-256-GCM under keys that are not in the database (spec §5). What is sealed names its key, and opens
// only for the thing it was sealed for (the additional data).
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';

export interface SealingKey {
  /** Letters, digits, `-` and `_`: stands in everything that this key sealed. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

export interface Sealer {
  /** Ids of its keys; the first seals. */
  readonly keys: readonly string[];
  /** @param aad what the secret belongs to, e.g. a token's id; it is not kept and must be given again */
  seal(plain: string | Uint8Array, aad: string): string;
  /** @throws SealBroken when the key is unknown, anything was altered, or `aad` is another */
  open(sealed: string, aad: string): Uint8Array;
  /** As `open`, for what was sealed as text. */
  openText(sealed: string, aad: string): string;
  /** It was sealed by another than the newest key, and should be sealed anew. */
  isOld(sealed: string): boolean;
  /** The same secret under the newest key. @throws SealBroken as `open` */
  reseal(sealed: string, aad: string): string;
}

/**
 * Says no more than which key is missing, if one is: the caller can't do better, and an attacker shouldn't. For logs; no page
 * shows it.
 */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
  /** The key that it names, when that one is not among the keys. */
  readonly unknownKey: string | null;

  constructor(message: string, options: ErrorOptions & { readonly unknownKey?: string } = {}) {
    super(message, options);
    this.unknownKey = options.unknownKey ?? null;
  }
}

const keyIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

const ivLength = 12;
const tagLength = 16;

/** Seals under the first of `keys`, opens under any of them. */
export function createSealer(keys: readonly SealingKey[]): Sealer {
  const [newest] = keys;
  if (!newest) throw new RangeError('a sealer needs a key');
  for (const { id, key } of keys) {
    if (!keyIdPattern.test(id) || key.length !== 32) throw new RangeError('a sealing key has an id and 32 bytes');
  }
  // Made once: of bytes each use would make one anew, which takes longer than the cipher.
  const byId = new Map(keys.map((each) => [each.id, createSecretKey(each.key)]));
  const sealing = byId.get(newest.id);
  if (!sealing || byId.size !== keys.length) throw new RangeError('two sealing keys have the same id');

  const open = (sealed: string, aad: string): Uint8Array => {
    const [version, id = '', body = '', ...more] = sealed.split('.');
    const key = byId.get(id);
    const bytes = Buffer.from(body, 'base64url');
    if (version !== 'v1' || !keyIdPattern.test(id) || more.length > 0 || bytes.length < ivLength + tagLength)
      throw new SealBroken('not sealed here');
    if (!key) throw new SealBroken(`sealed under the key ${id}, which is not configured`, { unknownKey: id });
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivLength), { authTagLength: tagLength });
    decipher.setAAD(additional(id, aad)).setAuthTag(bytes.subarray(-tagLength));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(ivLength, -tagLength)), decipher.final()]);
    } catch (cause) {
      throw new SealBroken('the seal does not hold', { cause });
    }
  };

  const seal = (plain: string | Uint8Array, aad: string): string => {
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv('aes-256-gcm', sealing, iv, { authTagLength: tagLength });
    cipher.setAAD(additional(newest.id, aad));
    const parts = [iv, typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain), cipher.final()];
    return `v1.${newest.id}.${Buffer.concat([...parts, cipher.getAuthTag()]).toString('base64url')}`;
  };

  return {
    keys: keys.map(({ id }) => id),
    seal,
    open,
    reseal: (sealed, aad) => seal(open(sealed, aad), aad),
    openText: (sealed, aad) => Buffer.from(open(sealed, aad)).toString('utf8'),
    isOld: (sealed) => !sealed.startsWith(`v1.${newest.id}.`),
  };
}

// The id's alphabet has no full stop, so two pairs never give the same bytes.
function additional(keyId: string, aad: string): Buffer {
  return Buffer.from(`v1.${keyId}.${aad}`, 'utf8');
}
