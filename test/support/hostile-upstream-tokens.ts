// The ID tokens of the hostile upstream: good ones, and those that a switch spoils in signature, header or bytes.
import { createHash, randomUUID } from 'node:crypto';
import {
  CompactEncrypt,
  CompactSign,
  exportJWK,
  exportSPKI,
  FlattenedSign,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
} from 'jose';
import { claimSwitches, type Claims, type Switch } from './hostile-upstream-switches.ts';

export interface Key {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

export async function newKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'ES256' } };
}

export const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export const sign = (claims: Claims, header: Claims, by: Key): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: by.kid, ...header }).sign(by.privateKey);

const half = (text: string): string => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

export interface Making {
  readonly key: Key;
  readonly stranger: Key;
  /** Seconds. */
  readonly now: number;
  /** What would be right. */
  readonly claims: Claims;
  readonly accessToken: string;
  readonly code: string;
  /** An address of the attacker, for headers that name where the key lies. */
  readonly elsewhere: string;
}

/** Claims as bytes that JSON.stringify would not write. */
const rawClaims: Readonly<Record<string, (text: string) => string>> = {
  'exp-overflow': (text) => text.replace(/"exp":\d+/, '"exp":1e400'),
  'iat-overflow': (text) => text.replace(/"iat":\d+/, '"iat":1e400'),
  'claims-proto': (text) => text.replace(/"sub":("[^"]*")/, '"__proto__":{"sub":$1}'),
  'claims-list': (text) => `[${text}]`,
  'claims-text': () => '"bd-0001"',
  'claims-not-json': (text) => text.slice(0, -1),
  'sub-twice-last-odd': (text) => text.replace(/}$/, ',"sub":""}'),
};

/** Headers that tell whose key to take; the signature is a stranger's. */
const keyHeaders: Readonly<Record<string, (making: Making) => Claims>> = {
  'jku-header': ({ elsewhere }) => ({ jku: `${elsewhere}/jwks` }),
  'x5u-header': ({ elsewhere }) => ({ x5u: `${elsewhere}/x5u` }),
  'jwk-header': ({ stranger }) => ({ jwk: stranger.jwk }),
  'kid-header-odd': ({ elsewhere }) => ({ kid: `${elsewhere}/../../etc/passwd\u0000` }),
};

export const tokenSwitches = [
  'unsigned',
  'unsigned-None',
  'unsigned-NONE',
  'unsigned-nOnE',
  'hs256-with-public-key',
  'unknown-key',
  'forged-under-known-kid',
  'signature-cut',
  'logout-token-as-id-token',
  'critical-header',
  'b64-false-header',
  'jwe',
  'nested-jwt',
  'at-hash-wrong',
  'c-hash-wrong',
  ...Object.keys(keyHeaders),
  ...Object.keys(rawClaims),
] as const;

/** The ID token under a switch; null: a good one. */
export async function idTokenOf(active: Switch | null, making: Making): Promise<string> {
  const { key, stranger, now } = making;
  const good = making.claims;
  if (active === null) return sign(good, {}, key);
  const claims = Object.hasOwn(claimSwitches, active) ? (claimSwitches[active]?.(good, now) ?? good) : good;
  if (active.startsWith('unsigned')) {
    const alg = active === 'unsigned' ? 'none' : active.slice('unsigned-'.length);
    return `${encode({ alg })}.${encode(claims)}.`;
  }
  const header = keyHeaders[active];
  if (header) return sign(claims, { kid: key.kid, ...header(making) }, stranger);
  const raw = rawClaims[active];
  if (raw) {
    const bytes = new TextEncoder().encode(raw(JSON.stringify(claims)));
    return new CompactSign(bytes).setProtectedHeader({ alg: 'ES256', kid: key.kid }).sign(key.privateKey);
  }
  switch (active) {
    case 'hs256-with-public-key': {
      const secret = new TextEncoder().encode(await exportSPKI(key.publicKey));
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(secret);
    }
    case 'unknown-key':
      return sign(claims, {}, stranger);
    case 'forged-under-known-kid':
      return sign(claims, { kid: key.kid }, stranger);
    case 'signature-cut':
      return (await sign(claims, {}, key)).slice(0, -10);
    case 'logout-token-as-id-token':
      return sign(claims, { typ: 'logout+jwt' }, key);
    case 'critical-header':
      return `${encode({ alg: 'ES256', kid: key.kid, crit: ['odd'], odd: true })}.${encode(claims)}.${'A'.repeat(86)}`;
    case 'b64-false-header': {
      const unencoded = { alg: 'ES256', kid: key.kid, crit: ['b64'], b64: false };
      // Signed over the text as it stands in the token: a careless reader would decode it once more.
      const payload = encode(claims);
      const jws = await new FlattenedSign(new TextEncoder().encode(payload))
        .setProtectedHeader(unencoded)
        .sign(key.privateKey);
      return `${jws.protected}.${payload}.${jws.signature}`;
    }
    case 'jwe':
      return encrypted(JSON.stringify(claims), {});
    case 'nested-jwt':
      return encrypted(await sign(claims, {}, key), { cty: 'JWT' });
    case 'at-hash-wrong':
      return sign({ ...claims, at_hash: half('another-access-token') }, {}, key);
    case 'c-hash-wrong':
      return sign({ ...claims, at_hash: half(making.accessToken), c_hash: half(randomUUID()) }, {}, key);
    default:
      return sign(claims, {}, key);
  }
}

/** To a key that nobody has; the form is what matters. */
async function encrypted(text: string, header: Claims): Promise<string> {
  const { publicKey } = await generateKeyPair('ECDH-ES');
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128GCM', ...header })
    .encrypt(publicKey);
}
