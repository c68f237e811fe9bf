// Where wrong passwords lead: five misses in a row lock for a while, the third lock in a row stops (spec §2). A place is
// reserved before the secret is compared; the comparing itself, and the row lock that makes this exact, are the caller's.
import type { LockTiers } from './policy.ts';
import type { Instant } from './sign-in-record.ts';

/** What is kept for one secret of one account. `misses` counts reserved places of the present run, `locks` runs in a row. */
export interface LockCounter {
  readonly misses: number;
  readonly locks: number;
  readonly lockedUntil: Instant | null;
  readonly stoppedAt: Instant | null;
}

export type LockState = 'open' | 'locked' | 'stopped';

export type Reservation =
  /** Nothing may be compared: compute the dummy hash and give the one answer of spec §2. */
  | { readonly verdict: 'refused'; readonly keep: LockCounter }
  | {
      readonly verdict: 'compare';
      readonly keep: LockCounter;
      /** Further places of this run: "{n} more attempts" after a miss. */
      readonly remaining: number;
      /** What stands already, and stays if this try misses: only the last place of a run says more than `open`. */
      readonly ifWrong: LockState;
    };

/** A counter without misses; also what a release leaves behind. */
export const clearCounter: LockCounter = { misses: 0, locks: 0, lockedUntil: null, stoppedAt: null };

/** Whether anything may be compared now. A lock ends at `lockedUntil` exactly; a stop never by itself. */
export function lockState(counter: Pick<LockCounter, 'lockedUntil' | 'stoppedAt'>, now: Instant): LockState {
  if (counter.stoppedAt !== null) return 'stopped';
  return counter.lockedUntil !== null && now < counter.lockedUntil ? 'locked' : 'open';
}

/**
 * Takes one place for one guess; call it under the row's lock and write `keep` before comparing. The place counts as a
 * miss until `succeed`, so of any number of parallel guesses at most `tries` are compared. The last place sets the lock
 * (the `stopAt`-th lock: the stop) in the same step. After a lock has passed, a new run begins and `locks` is kept.
 */
export function reserve(counter: LockCounter, tiers: LockTiers, now: Instant): Reservation {
  if (lockState(counter, now) !== 'open') return { verdict: 'refused', keep: counter };
  const misses = (counter.lockedUntil === null ? counter.misses : 0) + 1;
  const open: LockCounter = { misses, locks: counter.locks, lockedUntil: null, stoppedAt: null };
  if (misses < tiers.tries) return { verdict: 'compare', keep: open, remaining: tiers.tries - misses, ifWrong: 'open' };
  const locks = counter.locks + 1;
  return locks < tiers.stopAt
    ? { verdict: 'compare', keep: { ...open, locks, lockedUntil: now + tiers.lock }, remaining: 0, ifWrong: 'locked' }
    : { verdict: 'compare', keep: { ...open, locks, stoppedAt: now }, remaining: 0, ifWrong: 'stopped' };
}

/**
 * A reserved guess was right: misses, locks in a row, and the lock or stop that a place of the same run set meanwhile are
 * cleared. Call it only for a guess that held a place; nothing else may clear a counter but a release.
 */
export function succeed(_counter: LockCounter): LockCounter {
  return clearCounter;
}
