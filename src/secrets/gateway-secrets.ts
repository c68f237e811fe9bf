// Every secret of a deployment from one master secret, by purpose: nothing is used for two things.
import { randomBytes } from 'node:crypto';
import { createChainMac, type ChainMac } from './chain-mac.ts';
import { deriveKey, hmac, sameText, sha256 } from './digest.ts';
import { createPasswordHasher, hashesAtOnce } from './password-hash.ts';
import {
  issuedPassword,
  randomDigits,
  randomSecret,
  readReference,
  referenceNumber,
  rowId,
  tokenUserId,
} from './random.ts';
import { createSealer, SealBroken } from './sealing.ts';
import { generateSigningKey, type SigningAlgorithm } from './signing-key.ts';
import { openUnder, sealUnder } from './successor.ts';
import { matchPair, matchStep, secretToBase32 } from './totp.ts';

export type MarkPurpose = 'csrf' | 'device-cookie' | 'return' | 'edit' | 'email-code' | 'activation' | 'nonce';
export type GatewaySecrets = ReturnType<typeof createSecrets>;

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/**
 * @param master 32 bytes or more, from the configuration
 * @param cores of the machine: one stays free of hashing
 */
export function createSecrets(master: Uint8Array, cores: number, clock: () => number) {
  const sealer = createSealer([{ id: 'k1', key: deriveKey(master, 'sealing') }]);
  const chainMac: ChainMac = createChainMac(deriveKey(master, 'audit'));
  const marks = new Map<MarkPurpose, Uint8Array>();
  const keyFor = (purpose: MarkPurpose): Uint8Array => {
    const known = marks.get(purpose) ?? deriveKey(master, `mark ${purpose}`);
    marks.set(purpose, known);
    return known;
  };
  return {
    hasher: createPasswordHasher({
      memoryKiB: 19_456,
      timeCost: 2,
      parallelism: 1,
      concurrency: hashesAtOnce(cores),
      queueLimit: 200,
    }),
    chainMac,
    cookieKey: base64url(deriveKey(master, 'cookies')),
    pairwiseSalt: base64url(deriveKey(master, 'pairwise')),
    id: () => rowId(clock()),
    value: randomSecret,
    digits: randomDigits,
    issuedPassword: () => issuedPassword(),
    reference: referenceNumber,
    readReference,
    digest: sha256,
    sameText,
    mark: (purpose: MarkPurpose, value: string) =>
      hmac(keyFor(purpose), value, purpose === 'device-cookie' ? 'hex' : 'base64url'),
    sealTokenSecret: (secret: Uint8Array, tokenId: string) => sealer.seal(secret, tokenId),
    /** 160 bits, what RFC 4226 recommends and every authenticator takes. */
    newTokenSecret: (tokenId: string) => sealer.seal(randomBytes(20), tokenId),
    base32: secretToBase32,
    tokenUserId,
    sameMark: sameText,
    openTokenSecret: (sealed: string, tokenId: string) => sealer.open(sealed, tokenId),
    matchStep,
    matchPair,
    sealUnder,
    openUnder,
    keyMaker: {
      async make(alg: SigningAlgorithm, now: number) {
        const { kid, jwk } = await generateSigningKey(alg);
        return { kid, alg, sealed: sealer.seal(JSON.stringify(jwk), kid), createdAt: now, retiredAt: null };
      },
      /** @throws Error that says what to do when the key was sealed under another master secret */
      open(row: { readonly kid: string; readonly sealed: string }): Record<string, unknown> {
        try {
          return JSON.parse(sealer.openText(row.sealed, row.kid));
        } catch (error) {
          if (!(error instanceof SealBroken)) throw error;
          throw new Error('RENKEI_SECRET is not the one that this database was made with. Set that one again.', {
            cause: error,
          });
        }
      },
    },
  };
}
