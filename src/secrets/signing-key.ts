// The provider's signing keys: made here, named by their thumbprint (RFC 7638). Sealing and keeping them is the store's.
import { createHash, generateKeyPair } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';

export type SigningAlgorithm = 'ES256' | 'RS256';

export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** The private key, with `kid`, `alg` and `use`. */
  readonly jwk: JsonWebKey & { readonly kid: string; readonly alg: SigningAlgorithm; readonly use: 'sig' };
}

/** A new key: P-256 for ES256, 2048 bits for RS256. */
export async function generateSigningKey(alg: SigningAlgorithm): Promise<SigningKey> {
  const key = await new Promise<KeyObject>((resolve, reject) => {
    const made = (error: Error | null, _public: KeyObject, secret: KeyObject): void =>
      error ? reject(error) : resolve(secret);
    if (alg === 'ES256') generateKeyPair('ec', { namedCurve: 'P-256' }, made);
    else generateKeyPair('rsa', { modulusLength: 2048 }, made);
  });
  const jwk = key.export({ format: 'jwk' });
  const kid = thumbprint(jwk);
  return { kid, alg, jwk: { ...jwk, kid, alg, use: 'sig' } };
}

/** SHA-256 over the required members in the order of their names (RFC 7638 §3), as base64url. */
export function thumbprint(jwk: JsonWebKey): string {
  const { crv, e, kty, n, x, y } = jwk;
  const members = kty === 'EC' ? { crv, kty, x, y } : kty === 'RSA' ? { e, kty, n } : null;
  if (!members) throw new RangeError('only EC and RSA keys sign here');
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
