// Whether a database server is silent: neither slow nor refusing, but without any answer. When an answer stays away, the server
// is asked something small on a connection of its own; only if that stays without an answer too is everybody refused, those
// who wait and those who come, until it answers again.
import { setTimeout as sleep } from 'node:timers/promises';

export interface SilenceLimits {
  /** Milliseconds without an answer after which the server is asked. */
  readonly suspicion: number;
  /** Milliseconds between the questions while it is silent. */
  readonly again: number;
}

export interface Silence {
  /**
   * Does something that waits for the server; rejects at once while it is silent, and as soon as it is found to be.
   * @param late what to do with a value that came after its caller was refused
   */
  watch<T>(work: () => Promise<T>, late?: (value: T) => void): Promise<T>;
  /** Ends the questions. */
  close(): void;
}

/** SQLSTATE 08006, connection failure: told as "the database does not answer". */
const refusal = (): Error => Object.assign(new Error('the database server is silent'), { code: '08006' });

/**
 * @param ask resolves to whether the server answered, in bounded time
 * @param found called when the server was found to be silent
 */
export function silenceOf(ask: () => Promise<boolean>, limits: SilenceLimits, found: () => void): Silence {
  const waiting = new Set<() => void>();
  let silent = false;
  let asking = false;
  let closed = false;

  const question = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    try {
      while (!closed && !(await ask())) {
        if (!silent) found();
        silent = true;
        for (const refuse of waiting) refuse();
        await sleep(limits.again, undefined, { ref: false });
      }
    } finally {
      silent = false;
      asking = false;
    }
  };

  return {
    async watch(work, late = () => {}) {
      if (silent) throw refusal();
      let refused = false;
      const { promise: silence, reject } = Promise.withResolvers<never>();
      const refuse = (): void => {
        refused = true;
        reject(refusal());
      };
      waiting.add(refuse);
      const suspicion = setTimeout(() => void question(), limits.suspicion);
      const answer = work();
      try {
        return await Promise.race([answer, silence]);
      } finally {
        clearTimeout(suspicion);
        waiting.delete(refuse);
        if (refused) void answer.then(late, () => {});
      }
    },
    close: () => {
      closed = true;
    },
  };
}
