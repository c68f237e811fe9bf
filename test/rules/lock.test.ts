// Where wrong passwords lead, one by one and many at once.
import { expect } from 'chai';
import fc from 'fast-check';
import { clearCounter, lockState, reserve, succeed } from '../../src/rules/lock.ts';
import type { LockCounter, Reservation } from '../../src/rules/lock.ts';

const tiers = { tries: 5, lock: 30 * 60_000, stopAt: 3 };
const start = Date.UTC(2026, 10, 24);

function guess(
  counter: LockCounter,
  now: number,
  times: number,
): { readonly last: Reservation; readonly compared: number } {
  let last = reserve(counter, tiers, now);
  let compared = last.verdict === 'compare' ? 1 : 0;
  for (let i = 1; i < times; i += 1) {
    last = reserve(last.keep, tiers, now);
    if (last.verdict === 'compare') compared += 1;
  }
  return { last, compared };
}

describe('a password’s lock', () => {
  it('tells how many tries remain after each miss', () => {
    const remaining: number[] = [];
    let counter = clearCounter;
    for (let i = 0; i < 5; i += 1) {
      const place = reserve(counter, tiers, start);
      if (place.verdict === 'compare') remaining.push(place.remaining);
      counter = place.keep;
    }
    expect(remaining).to.deep.equal([4, 3, 2, 1, 0]);
  });

  it('is set by the fifth place itself, before anything is compared', () => {
    const { last, compared } = guess(clearCounter, start, 5);
    expect(compared).to.equal(5);
    expect(last).to.include({ verdict: 'compare', ifWrong: 'locked' });
    expect(last.keep).to.deep.equal({ misses: 5, locks: 1, lockedUntil: start + tiers.lock, stoppedAt: null });
    expect(lockState(last.keep, start)).to.equal('locked');
  });

  it('compares five of forty guesses made at once', () => {
    expect(guess(clearCounter, start, 40).compared).to.equal(5);
  });

  it('refuses without touching the counter while it lasts, and ends to the millisecond', () => {
    const { keep } = guess(clearCounter, start, 5).last;
    const before = reserve(keep, tiers, start + tiers.lock - 1);
    expect(before).to.deep.equal({ verdict: 'refused', keep });
    expect(reserve(keep, tiers, start + tiers.lock)).to.include({ verdict: 'compare', remaining: 4, ifWrong: 'open' });
  });

  it('goes on to the next tier after its pause, and stops at the third in a row', () => {
    const first = guess(clearCounter, start, 6).last.keep;
    const second = guess(first, start + tiers.lock, 6).last.keep;
    expect(second.locks).to.equal(2);
    const third = guess(second, start + 2 * tiers.lock, 5).last;
    expect(third).to.include({ verdict: 'compare', ifWrong: 'stopped' });
    expect(lockState(third.keep, start + 365 * 86_400_000)).to.equal('stopped');
    expect(guess(third.keep, start + 365 * 86_400_000, 10).compared).to.equal(0);
  });

  it('is cleared by a success of the same run, though a parallel guess took the last place', () => {
    const { keep } = guess(clearCounter, start, 5).last;
    expect(lockState(succeed(keep), start)).to.equal('open');
    expect(succeed(keep)).to.deep.equal(clearCounter);
  });

  it('counts locks in a row only: a success between them begins anew', () => {
    let counter = guess(clearCounter, start, 5).last.keep;
    counter = guess(counter, start + tiers.lock, 5).last.keep;
    counter = succeed(reserve(counter, tiers, start + 2 * tiers.lock).keep);
    const again = guess(counter, start + 3 * tiers.lock, 5).last;
    expect(lockState(again.keep, start + 3 * tiers.lock)).to.equal('locked');
  });

  it('locks at once when a bank lowers the number of tries below what was missed', () => {
    const missed: LockCounter = { ...clearCounter, misses: 4 };
    expect(reserve(missed, { ...tiers, tries: 3 }, start)).to.include({ verdict: 'compare', ifWrong: 'locked' });
  });

  it('never compares more than its tries within one pause, nor anything once stopped, whatever happens when', () => {
    const event = fc.record({
      wait: fc.integer({ min: 0, max: 20 * 60_000 }),
      guesses: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let now = start;
        let counter = clearCounter;
        let compared: number[] = [];
        let total = 0;
        for (const { wait, guesses } of events) {
          now += wait;
          for (let i = 0; i < guesses; i += 1) {
            const stopped = lockState(counter, now) === 'stopped';
            const place = reserve(counter, tiers, now);
            if (place.verdict === 'compare') {
              expect(stopped).to.equal(false);
              compared.push(now);
              total += 1;
              // A lock is set, so its run is over.
              if (place.ifWrong !== 'open') {
                expect(compared.length).to.equal(tiers.tries);
                compared = [];
              }
            }
            counter = place.keep;
          }
        }
        expect(compared.length).to.be.lessThan(tiers.tries);
        expect(total).to.be.at.most(tiers.tries * tiers.stopAt);
      }),
    );
  });

  it('never stops anybody who succeeds before the third lock', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 14 }), { maxLength: 20 }), (runs) => {
        let now = start;
        let counter = clearCounter;
        for (const misses of runs) {
          for (let i = 0; i < misses; i += 1) {
            const place = reserve(counter, tiers, now);
            counter = place.keep;
            if (lockState(counter, now) === 'locked') now += tiers.lock;
          }
          const right = reserve(counter, tiers, now);
          expect(right.verdict).to.equal('compare');
          counter = succeed(right.keep);
          expect(counter).to.deep.equal(clearCounter);
        }
      }),
    );
  });
});
