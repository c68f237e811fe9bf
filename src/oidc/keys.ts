// The signing keys as the provider library takes them. ES256 signs on the spot through node:crypto, so that a token never
// waits behind password hashes in the thread pool; RS256 is slower than that wait and stays with the library.
import { createPrivateKey, createPublicKey, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { ExternalSigningKey, type JWKS } from 'oidc-provider';

/** A class because the library asks for one. */
class PromptKey extends ExternalSigningKey {
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor(jwk: JsonWebKey) {
    super();
    this.#private = createPrivateKey({ key: jwk, format: 'jwk' });
    this.#public = createPublicKey(this.#private);
    // The library computes a thumbprint when there is none; an own kid is a setter that its types don't show.
    if (typeof jwk['kid'] === 'string') Reflect.set(this, 'kid', jwk['kid']);
  }

  override keyObject(): KeyObject {
    return this.#public;
  }

  override sign(data: Uint8Array): Uint8Array {
    return sign('sha256', data, { key: this.#private, dsaEncoding: 'ieee-p1363' });
  }
}

/** ES256 (P-256) and RS256 keys, in the order given: the first of an algorithm signs, the others only verify. */
export function signingKeys(jwks: readonly JsonWebKey[]): JWKS {
  return {
    keys: jwks.map((jwk) => {
      if (jwk.kty === 'EC' && jwk.crv === 'P-256') return new PromptKey(jwk);
      if (jwk.kty === 'RSA') return { ...jwk, key_ops: undefined, alg: 'RS256', use: 'sig' };
      throw new Error('a signing key is neither ES256 nor RS256');
    }),
  };
}
