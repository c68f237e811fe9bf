// Own budgets beside the password's counter: strangers keep nobody out, and nobody gets more than five guesses in a run.
import { expect } from 'chai';
import fc from 'fast-check';
import { reserveOwn, sharedLock, succeedOwn } from '../../src/rules/guess-budget.ts';
import { clearCounter, lockState, reserve, succeed, type LockCounter } from '../../src/rules/lock.ts';

const minute = 60_000;
const tiers = { tries: 5, lock: 30 * minute, stopAt: 3 };
const start = Date.UTC(2026, 10, 24);

interface Both {
  readonly row: LockCounter;
  readonly own: LockCounter;
}

function miss(both: Both, now: number, times = 1): Both & { readonly compared: number } {
  let { row, own } = both;
  let compared = 0;
  for (let n = 0; n < times; n += 1) {
    const place = reserveOwn(row, own, tiers, now);
    if (place.verdict === 'refused') continue;
    compared += 1;
    ({ own } = place);
    row = place.row ?? row;
  }
  return { row, own, compared };
}

function strangers(row: LockCounter, now: number, times: number): LockCounter {
  let counter = row;
  for (let n = 0; n < times; n += 1) counter = reserve(counter, tiers, now).keep;
  return counter;
}

describe('an own budget of guesses', () => {
  const clear: Both = { row: clearCounter, own: clearCounter };

  it('compares five of its own, whatever strangers did before: a lock or a stop of theirs is not asked', () => {
    let row = strangers(clearCounter, start, 5);
    expect(lockState(row, start)).to.equal('locked');
    expect(miss({ row, own: clearCounter }, start, 9).compared).to.equal(5);
    for (const round of [1, 2]) row = strangers(row, start + round * tiers.lock, 5);
    expect(lockState(row, start)).to.equal('stopped');
    expect(miss({ row, own: clearCounter }, start + 90 * minute, 9).compared).to.equal(5);
  });

  it('tells what remains of it, and leaves the password’s counter alone until its last place', () => {
    let both = clear;
    for (const remaining of [4, 3, 2, 1]) {
      const place = reserveOwn(both.row, both.own, tiers, start);
      expect(place).to.include({ verdict: 'compare', remaining, ifWrong: 'open', row: null });
      if (place.verdict === 'compare') both = { ...both, own: place.own };
    }
    const last = reserveOwn(both.row, both.own, tiers, start);
    const locked = { misses: 5, locks: 1, lockedUntil: start + tiers.lock, stoppedAt: null };
    expect(last).to.deep.equal({ verdict: 'compare', own: locked, row: locked, remaining: 0, ifWrong: 'locked' });
  });

  it('locks on both to the millisecond, and stops on both at the third lock in a row', () => {
    let both = miss(clear, start, 5);
    for (const round of [1, 2]) {
      const until = start + round * tiers.lock;
      expect(both.own).to.include({ locks: round, lockedUntil: until });
      expect(both.row).to.include({ locks: round, lockedUntil: until });
      expect(reserveOwn(both.row, both.own, tiers, until - 1)).to.deep.equal({
        verdict: 'refused',
        state: 'locked',
        until,
      });
      both = miss(both, until, 5);
    }
    const at = start + 2 * tiers.lock;
    expect(both.own).to.include({ stoppedAt: at });
    expect(both.row).to.include({ stoppedAt: at });
    expect(miss(both, start + 3_650 * 86_400_000, 20).compared).to.equal(0);
  });

  it('is not hastened by strangers: their two locks do not make its first one a stop', () => {
    let row = strangers(clearCounter, start, 5);
    row = strangers(row, start + tiers.lock, 5);
    const both = miss({ row, own: clearCounter }, start + tiers.lock + minute, 5);
    expect(lockState(both.own, start + tiers.lock + minute)).to.equal('locked');
    expect(both.row).to.deep.equal(row);
  });

  it('never shortens or lifts what strangers brought about; their lock is drawn out once the last guess was wrong', () => {
    const stopped: LockCounter = { misses: 5, locks: 3, lockedUntil: null, stoppedAt: start };
    const locked = strangers(clearCounter, start, 5);
    const long: LockCounter = { ...locked, lockedUntil: start + 99 * minute };
    const at = start + minute;
    for (const row of [stopped, locked, long]) {
      const both = miss({ row, own: clearCounter }, at, 5);
      expect(both.row).to.deep.equal(row);
      expect(sharedLock(both.row, both.own, at)).to.deep.equal(
        row === locked ? { ...locked, lockedUntil: at + tiers.lock } : null,
      );
    }
    expect(sharedLock(locked, clearCounter, at), 'a right one came between').to.equal(null);
  });

  describe('after a right guess', () => {
    it('is cleared, and mere misses of strangers with it', () => {
      const row = strangers(clearCounter, start, 4);
      const own = miss(clear, start, 3).own;
      expect(succeedOwn(row, own, start)).to.deep.equal({ own: clearCounter, row: clearCounter });
    });

    it('clears the lock or stop that it had set itself, in parallel with the right one', () => {
      const locked = miss(clear, start, 5);
      expect(succeedOwn(locked.row, locked.own, start)).to.deep.equal({ own: clearCounter, row: clearCounter });
      const two: Both = { row: { ...clearCounter, locks: 2 }, own: { ...clearCounter, locks: 2 } };
      const stopped = miss(two, start, 5);
      expect(lockState(stopped.row, start)).to.equal('stopped');
      expect(succeedOwn(stopped.row, stopped.own, start)).to.deep.equal({ own: clearCounter, row: clearCounter });
    });

    it('leaves a lock or stop of strangers as it is', () => {
      const row = strangers(clearCounter, start, 5);
      expect(succeedOwn(row, miss(clear, start, 1).own, start + 1)).to.deep.equal({ own: clearCounter, row: null });
      const stopped: LockCounter = { ...row, stoppedAt: start };
      expect(succeedOwn(stopped, clearCounter, start + 1)).to.deep.equal({ own: clearCounter, row: null });
    });

    it('in its last place leaves the lock of strangers that stood before, also under a stop of its own', () => {
      const row = strangers(clearCounter, start, 5);
      const last = miss({ row, own: clearCounter }, start + 1, 5);
      expect(succeedOwn(last.row, last.own, start + 1)).to.deep.equal({ own: clearCounter, row: null });
      const third = miss({ row, own: { ...clearCounter, locks: 2 } }, start + 1, 5);
      expect(lockState(third.row, start + 1)).to.equal('stopped');
      expect(succeedOwn(third.row, third.own, start + 1)).to.deep.equal({ own: clearCounter, row });
    });

    it('clears a lock of strangers that has passed', () => {
      const row = strangers(clearCounter, start, 5);
      expect(succeedOwn(row, clearCounter, start + tiers.lock).row).to.deep.equal(clearCounter);
    });
  });

  it('begins anew when the stop that it shared was released, or another password set', () => {
    const own: LockCounter = { misses: 5, locks: 3, lockedUntil: null, stoppedAt: start };
    expect(reserveOwn(clearCounter, own, tiers, start + 1)).to.include({ verdict: 'compare', remaining: 4 });
  });

  it('compares at most five in each of its runs, and strangers at most five in theirs, in any order of guesses', () => {
    const act = fc.record({
      by: fc.constantFrom('own', 'stranger', 'right'),
      wait: fc.integer({ min: 0, max: 20 * minute }),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
        let now = start;
        let { row, own } = clear;
        const runs = { own: 0, stranger: 0 };
        for (const { by, wait } of acts) {
          now += wait;
          if (by === 'stranger') {
            const place = reserve(row, tiers, now);
            if (place.verdict === 'compare') runs.stranger = place.keep.misses;
            row = place.keep;
            expect(runs.stranger).to.be.at.most(tiers.tries);
            continue;
          }
          const place = reserveOwn(row, own, tiers, now);
          if (place.verdict === 'refused') continue;
          runs.own = place.own.misses;
          expect(runs.own).to.be.at.most(tiers.tries);
          own = place.own;
          row = place.row ?? row;
          // A budget that is closed is closed on the password too.
          if (lockState(own, now) !== 'open') expect(lockState(row, now)).not.to.equal('open');
          if (by !== 'right') continue;
          const after = succeedOwn(row, own, now);
          own = after.own;
          row = after.row ?? row;
          expect(own).to.deep.equal(clearCounter);
        }
      }),
    );
  });

  it('keeps nobody out who knows the password, whatever strangers do', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 }), (waves) => {
        let now = start;
        let { row, own } = clear;
        for (const wave of waves) {
          row = strangers(row, now, wave);
          const place = reserveOwn(row, own, tiers, now);
          expect(place.verdict).to.equal('compare');
          if (place.verdict === 'compare') {
            const after = succeedOwn(row, place.own, now);
            own = after.own;
            row = after.row ?? row;
          }
          now += 7 * minute;
        }
        expect(succeed(row)).to.deep.equal(clearCounter);
      }),
    );
  });
});
