// Passwords at rest: argon2id in a bounded queue, so that a storm of sign-ins neither starves token signing nor grows without
// end (spec §2). Knows nothing of accounts, counters or locks.
import { randomBytes } from 'node:crypto';
import { argon2id, hash as argonHash, verify as argonVerify } from 'argon2';

export interface HasherOptions {
  readonly memoryKiB: number;
  readonly timeCost: number;
  readonly parallelism: number;
  /** How many are computed at once: `hashesAtOnce`. */
  readonly concurrency: number;
  /** How many more may wait. */
  readonly queueLimit: number;
}

export interface HashWork {
  hash(password: string): Promise<string>;
  verify(hash: string, candidate: string): Promise<boolean>;
  /** The same work as `verify` with the present parameters, for an account that doesn't exist or is locked. */
  dummy(candidate: string): Promise<false>;
}

export interface PasswordHasher extends HashWork {
  /**
   * Takes a place in the queue before anything else is done, and holds it until `work` is settled: whoever must reserve a
   * guess first learns of an overload while nothing has been counted yet.
   * @throws Overloaded
   */
  admit<T>(work: (hasher: HashWork) => Promise<T>): Promise<T>;
  /** The hash is weaker than the present parameters ask. */
  needsRehash(hash: string): boolean;
  /** Hashes computed so far, for tests of "the same work". */
  computed(): number;
}

/** More work than may wait: answered with 503 and Retry-After, and nothing is counted. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

export function isOverloaded(error: unknown): error is Overloaded {
  return error instanceof Overloaded;
}

/** One core is left for everything else; signing waits in the same thread pool. */
export function hashesAtOnce(cores: number): number {
  return Math.max(1, cores - 1);
}

export function createPasswordHasher(options: HasherOptions): PasswordHasher {
  const { memoryKiB, timeCost, parallelism, concurrency, queueLimit } = options;
  const waiting: (() => void)[] = [];
  let admitted = 0;
  let running = 0;
  let computed = 0;

  // No password has this digest: it is random, not computed.
  const unguessable = [
    `$argon2id$v=19$m=${memoryKiB},t=${timeCost},p=${parallelism}`,
    base64(randomBytes(16)),
    base64(randomBytes(32)),
  ].join('$');

  const run = async <T>(compute: () => Promise<T>): Promise<T> => {
    if (running < concurrency) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    computed += 1;
    try {
      return await compute();
    } finally {
      const next = waiting.shift();
      // The place is handed over, so `running` stays as it is.
      if (next) next();
      else running -= 1;
    }
  };

  const work: HashWork = {
    hash: (password) =>
      run(() => argonHash(password, { type: argon2id, memoryCost: memoryKiB, timeCost, parallelism })),
    verify: (hash, candidate) => run(() => argonVerify(hash, candidate)),
    dummy: async (candidate) => {
      await run(() => argonVerify(unguessable, candidate));
      return false;
    },
  };

  const admit = async <T>(task: (hasher: HashWork) => Promise<T>): Promise<T> => {
    if (admitted >= concurrency + queueLimit) throw new Overloaded('too many passwords wait to be hashed');
    admitted += 1;
    try {
      return await task(work);
    } finally {
      admitted -= 1;
    }
  };

  return {
    admit,
    hash: (password) => admit((hasher) => hasher.hash(password)),
    verify: (hash, candidate) => admit((hasher) => hasher.verify(hash, candidate)),
    dummy: (candidate) => admit((hasher) => hasher.dummy(candidate)),
    needsRehash(hash) {
      const parameters = /^\$argon2id\$v=19\$([a-z0-9,=]+)\$/.exec(hash)?.[1]?.split(',') ?? [];
      // The library writes them in alphabetical order, the reference implementation in another.
      const told = (name: string): number =>
        Number(parameters.find((each) => each.startsWith(`${name}=`))?.slice(2) ?? 0);
      return told('m') < memoryKiB || told('t') < timeCost || told('p') < parallelism;
    },
    computed: () => computed,
  };
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
