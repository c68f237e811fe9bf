// One upstream's circuit breaker: after several failures in a row nobody waits for it any more, and after a pause one
// request at a time tries again. Per process and in memory: it saves waiting, it decides nothing about a person.
import type { Instant } from '../rules/sign-in-record.ts';

export type BreakerState = 'up' | 'down' | 'probing';

export interface Breaker {
  /** Whether a request may be sent; while probing, only one. Every `true` is followed by `answered` or `failed`. */
  enter(): boolean;
  answered(): void;
  failed(): void;
  state(): BreakerState;
  /** When the upstream last answered; null: never. */
  heardAt(): Instant | null;
}

/**
 * Opens after `failures` in a row and lets one request through once `pause` milliseconds have passed.
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
  let inARow = 0;
  let openedAt: Instant = 0;
  let heardAt: Instant | null = null;

  function become(next: BreakerState): void {
    if (state === next) return;
    state = next;
    changed(next);
  }

  return {
    enter() {
      if (state === 'up') return true;
      if (state === 'probing' || clock() - openedAt < options.pause) return false;
      become('probing');
      return true;
    },
    answered() {
      inARow = 0;
      heardAt = clock();
      become('up');
    },
    failed() {
      inARow += 1;
      // A request from before the opening that fails late must not lengthen the pause.
      if (state === 'down' || (state === 'up' && inARow < options.failures)) return;
      openedAt = clock();
      become('down');
    },
    state: () => state,
    heardAt: () => heardAt,
  };
}
