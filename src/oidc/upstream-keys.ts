// The keys an upstream signs with, and the verification of its signatures. openid-client reads keys again only after a
// minute; here a signature that no held key verifies has them read at once, within a budget that strangers cannot spend.
import { compactVerify, createLocalJWKSet, errors, type CompactVerifyGetKey, type JSONWebKeySet, type JWK } from 'jose';
import type { Instant } from '../rules/sign-in-record.ts';
import type { SigningAlgorithm } from '../rules/upstream.ts';
import { UpstreamFault } from './upstream-fetch.ts';

/** Who asks: an ID token comes from the upstream itself, a logout token from anybody who knows our address. */
type KeyUse = 'sign-in' | 'logout';

export interface UpstreamKeys {
  /** Resolves when the signature is good; rejects with an UpstreamFault. */
  verify(jwt: string, algorithms: readonly SigningAlgorithm[], use: KeyUse): Promise<void>;
  /** The set that verified last. */
  held(): JSONWebKeySet;
}

interface KeySet {
  readonly jwks: JSONWebKeySet;
  readonly find: CompactVerifyGetKey;
  readonly at: Instant;
}

const maxMember = 2048;

function isPublicKey(key: unknown): key is JWK {
  if (typeof key !== 'object' || key === null || Array.isArray(key) || 'd' in key || 'k' in key) return false;
  // An over-long modulus or exponent would make every verification a burden.
  if (Object.values(key).some((value) => typeof value === 'string' && value.length > maxMember)) return false;
  return 'kty' in key && (key.kty === 'RSA' || key.kty === 'EC' || key.kty === 'OKP');
}

/** Judges a key set: at most `max` keys, public asymmetric ones kept. A string says why it is refused. */
export function readKeySet(document: unknown, max: number): JSONWebKeySet | string {
  if (typeof document !== 'object' || document === null || !('keys' in document) || !Array.isArray(document.keys)) {
    return 'its keys are not a key set';
  }
  if (document.keys.length > max) return 'it publishes too many keys';
  return { keys: document.keys.filter(isPublicKey) };
}

/** Reads allowed in a burst, and the milliseconds after which one more is allowed. */
const budgets = { 'sign-in': { burst: 5, refill: 10_000 }, 'logout': { burst: 2, refill: 30_000 } } as const;

function createBudget({ burst, refill }: { burst: number; refill: number }, clock: () => Instant): () => boolean {
  let left = burst;
  let since = clock();
  return () => {
    const now = clock();
    const earned = Math.floor((now - since) / refill);
    if (earned > 0) {
      left = Math.min(burst, left + earned);
      since += earned * refill;
    }
    if (left === 0) return false;
    left -= 1;
    return true;
  };
}

/** `age` in milliseconds: how long a set is used without being read again. `read` rejects with an UpstreamFault. */
export function createKeys(options: {
  readonly read: () => Promise<unknown>;
  readonly clock: () => Instant;
  readonly age: number;
  readonly max: number;
  readonly reread: (keys: number) => void;
}): UpstreamKeys {
  const { clock } = options;
  const mayReread = {
    'sign-in': createBudget(budgets['sign-in'], clock),
    'logout': createBudget(budgets.logout, clock),
  };
  let set: KeySet | null = null;
  let pending: Promise<KeySet> | null = null;

  async function read(): Promise<KeySet> {
    const jwks = readKeySet(await options.read(), options.max);
    if (typeof jwks === 'string') throw new UpstreamFault('refused', jwks);
    options.reread(jwks.keys.length);
    set = { jwks, find: createLocalJWKSet(jwks), at: clock() };
    return set;
  }

  function refresh(): Promise<KeySet> {
    pending ??= read().finally(() => {
      pending = null;
    });
    return pending;
  }

  return {
    async verify(jwt, algorithms, use) {
      const known = set && clock() - set.at < options.age ? set : await refresh();
      const first = await judge(jwt, known, algorithms);
      if (first === 'good') return;
      if (first === 'unknown-key') {
        // Somebody else may have read newer keys meanwhile: those cost nothing.
        const newer = set !== known ? set : (pending ?? (mayReread[use]() ? refresh() : null));
        if (newer && (await judge(jwt, await newer, algorithms)) === 'good') return;
      }
      throw new UpstreamFault('refused', 'its signature is not good');
    },
    held: () => set?.jwks ?? { keys: [] },
  };
}

async function judge(
  jwt: string,
  keys: KeySet | null,
  algorithms: readonly SigningAlgorithm[],
): Promise<'good' | 'unknown-key' | 'bad'> {
  if (!keys) return 'bad';
  try {
    await compactVerify(jwt, keys.find, { algorithms: [...algorithms] });
    return 'good';
  } catch (error) {
    // A provider without key ids signs with a new key under the same (missing) name: a failed signature counts too.
    const rotated = error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed;
    return rotated ? 'unknown-key' : 'bad';
  }
}
