// One upstream's circuit breaker: after several failures in a row nobody waits for it any more, and after a pause one
// request at a time tries again. Per process and in memory: it saves waiting, it decides nothing about a person.
import type { Instant } from '../rules/sign-in-record.ts';

export type BreakerState = 'up' | 'down' | 'trying';

export interface Breaker {
  /**
   * Whether a request may be sent. After the pause one that carries nothing of anybody (`plain`) tries, and its `answered`
   * or `failed` decides; what a person brought never does: a stranger could keep the circuit open with it.
   */
  enter(plain: boolean): boolean;
  /** `part`: the address that answered or failed; failures in a row are counted for each. */
  answered(part: string, plain: boolean): void;
  failed(part: string): void;
  state(): BreakerState;
  /** When the upstream last answered; null: never. */
  heardAt(): Instant | null;
}

/**
 * Opens after `failures` in a row at one address and lets one request through once `pause` milliseconds have passed.
 * `changed` is told each new state.
 */
export function createBreaker(options: {
  readonly failures: number;
  readonly pause: number;
  readonly clock: () => Instant;
  readonly changed: (state: BreakerState) => void;
}): Breaker {
  const { clock, changed } = options;
  let state: BreakerState = 'up';
  // At most the few addresses that a discovery document names.
  const inARow = new Map<string, number>();
  let openedAt: Instant = 0;
  let heardAt: Instant | null = null;

  function become(next: BreakerState): void {
    if (state === next) return;
    state = next;
    changed(next);
  }

  return {
    enter(plain) {
      if (state === 'up') return true;
      if (!plain || state === 'trying' || clock() - openedAt < options.pause) return false;
      become('trying');
      return true;
    },
    answered(part, plain) {
      inARow.delete(part);
      heardAt = clock();
      if (plain) become('up');
    },
    failed(part) {
      const failures = (inARow.get(part) ?? 0) + 1;
      inARow.set(part, failures);
      // A request from before the opening that fails late must not lengthen the pause.
      if (state === 'down' || (state === 'up' && failures < options.failures)) return;
      openedAt = clock();
      become('down');
    },
    state: () => state,
    heardAt: () => heardAt,
  };
}
