// Guesses of those who are no strangers to an account: a browser with an earlier success, and the linked Business Direct ID,
// have places of their own, so that strangers who use up theirs keep nobody out (spec §2, §11.8). Pure, like rules/lock.ts.
import { clearCounter, lockState, reserve, type LockCounter, type LockState } from './lock.ts';
import type { LockTiers } from './policy.ts';
import type { Instant } from './sign-in-record.ts';

/** `browser:<hash of its cookie>` or `link:<id>`: whose budget it is. */
export type Who = `browser:${string}` | `link:${string}`;

export type OwnReservation =
  | { readonly verdict: 'refused'; readonly state: LockState; readonly until: Instant | null }
  | {
      readonly verdict: 'compare';
      readonly own: LockCounter;
      /** The password's own counter, where the lock falls on it too; null: it stays as it is. */
      readonly row: LockCounter | null;
      readonly remaining: number;
      readonly ifWrong: LockState;
    };

/**
 * Takes one place of an own budget, as `reserve` takes one of the password's: locks and stops that strangers brought about
 * are not asked. The last place sets its lock or stop on both, so that everybody is told of it and a release finds it; the
 * series of each goes on by itself, but the password's is never behind. A lock of strangers that stands stays as it is:
 * the guess may be right, and then it must still be there (`sharedLock` comes after a wrong one).
 */
export function reserveOwn(row: LockCounter, own: LockCounter, tiers: LockTiers, now: Instant): OwnReservation {
  const counter = standing(row, own);
  const place = reserve(counter, tiers, now);
  if (place.verdict === 'refused')
    return { verdict: 'refused', state: lockState(counter, now), until: counter.lockedUntil };
  const { keep, remaining, ifWrong } = place;
  return {
    verdict: 'compare',
    own: keep,
    row: ifWrong === 'open' ? null : fallsOn(row, keep, now),
    remaining,
    ifWrong,
  };
}

/** The password's counter after an own budget's last guess was wrong, where strangers had locked it before; null: as it is. */
export function sharedLock(row: LockCounter, own: LockCounter, now: Instant): LockCounter | null {
  if (lockState(own, now) !== 'locked' || row.stoppedAt !== null) return null;
  if (row.lockedUntil !== null && row.lockedUntil >= (own.lockedUntil ?? 0)) return null;
  return fallsOn({ ...row, lockedUntil: null }, own, now);
}

/**
 * A guess through an own budget was right. Its budget is cleared; the password's counter too where it held mere misses, or
 * the lock or stop that had come from this budget. A lock or stop that strangers brought about stays: it keeps them out, and
 * is released like any other (spec §2: never by oneself).
 */
export function succeedOwn(
  row: LockCounter,
  own: LockCounter,
  now: Instant,
): { readonly own: LockCounter; readonly row: LockCounter | null } {
  const stopFromHere = row.stoppedAt !== null && row.stoppedAt === own.stoppedAt;
  const rest = stopFromHere ? { ...row, stoppedAt: null } : row;
  const lockFromHere = rest.stoppedAt === null && rest.lockedUntil !== null && rest.lockedUntil === own.lockedUntil;
  if (lockFromHere || lockState(rest, now) === 'open') return { own: clearCounter, row: clearCounter };
  return { own: clearCounter, row: stopFromHere ? rest : null };
}

/** A stop stands as long as the password's does: released, or a new password set, nothing would tell of it any more. */
function standing(row: LockCounter, own: LockCounter): LockCounter {
  return own.stoppedAt !== null && row.stoppedAt === null ? clearCounter : own;
}

function fallsOn(row: LockCounter, own: LockCounter, now: Instant): LockCounter | null {
  const state = lockState(row, now);
  if (state === 'stopped' || (state === 'locked' && own.stoppedAt === null)) return null;
  if (state === 'locked') return { ...row, stoppedAt: own.stoppedAt };
  return { ...own, misses: Math.max(row.misses, own.misses), locks: Math.max(row.locks, own.locks) };
}
