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
import { createSealer, SealBroken, type SealingKey } from './sealing.ts';
import { generateSigningKey, type SigningAlgorithm } from './signing-key.ts';
import { openUnder, sealUnder } from './successor.ts';
import { matchPair, matchStep, secretToBase32 } from './totp.ts';

export type MarkPurpose =
  | 'csrf'
  | 'device-cookie'
  | 'return'
  | 'edit'
  | 'email-code'
  | 'activation'
  | 'nonce'
  | 'outbox';
export type GatewaySecrets = ReturnType<typeof createSecrets>;

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** A key of 32 random bytes, or the one that the master secret gives. */
export type SealingKeySource = Uint8Array | 'master';

/**
 * The keys that seal, newest first. The master's own key stays able to open: what was sealed before there were others.
 * A key's id tells it apart and nothing else: it is a digest of 256 random bits.
 */
function sealingKeys(master: Uint8Array, sources: readonly SealingKeySource[]): readonly SealingKey[] {
  const all = sources.includes('master') ? sources : [...sources, 'master' as const];
  return all.map((source) =>
    source === 'master'
      ? { id: 'k1', key: deriveKey(master, 'sealing') }
      : { id: hmac(source, 'sealing key id').slice(0, 12), key: source },
  );
}

/**
 * @param master 32 bytes or more, from the configuration
 * @param cores of the machine: one stays free of hashing
 * @param sealing what seals at rest, newest first; without: the master's own key
 */
export function createSecrets(
  master: Uint8Array,
  cores: number,
  clock: () => number,
  sealing: readonly SealingKeySource[] = [],
) {
  const sealer = createSealer(sealingKeys(master, sealing));
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
    sealing: {
      keys: sealer.keys,
      /** The same secret under the newest key; null when it does not open. */
      reseal(sealed: string, aad: string): string | null {
        try {
          return sealer.reseal(sealed, aad);
        } catch (error) {
          if (error instanceof SealBroken) return null;
          throw error;
        }
      },
    },
    matchStep,
    matchPair,
    sealUnder,
    openUnder,
    keyMaker: {
      async make(alg: SigningAlgorithm, now: number) {
        const { kid, jwk } = await generateSigningKey(alg);
        return { kid, alg, sealed: sealer.seal(JSON.stringify(jwk), kid), createdAt: now, retiredAt: null };
      },
      /** @throws Error that says what to do when the key that sealed it is not among those of the configuration */
      open(row: { readonly kid: string; readonly sealed: string }): Record<string, unknown> {
        try {
          return JSON.parse(sealer.openText(row.sealed, row.kid));
        } catch (error) {
          if (!(error instanceof SealBroken)) throw error;
          throw new Error(
            error.unknownKey === null
              ? 'RENKEI_SECRET is not the one that this database was made with. Set that one again.'
              : `This database holds what was sealed under the key ${error.unknownKey}, which RENKEI_SEALING_KEYS does not name. Name that key again, behind the newest.`,
            { cause: error },
          );
        }
      },
    },
  };
}
