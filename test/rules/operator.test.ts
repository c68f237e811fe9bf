// Operators' sign-in (spec §8): the order of its steps over the whole small world of facts, and how long a session holds.
import { expect } from 'chai';
import fc from 'fast-check';
import { operatorSessionHolds, operatorStep, type OperatorFacts } from '../../src/rules/operator.ts';

const names = ['passwordProven', 'standing', 'stopped', 'otpStopped', 'issued', 'hasToken', 'otpProven'] as const;

/** Every combination of facts. */
const world: readonly OperatorFacts[] = Array.from({ length: 2 ** names.length }, (_one, bits) => ({
  passwordProven: (bits & 1) > 0,
  standing: (bits & 2) > 0,
  stopped: (bits & 4) > 0,
  otpStopped: (bits & 8) > 0,
  issued: (bits & 16) > 0,
  hasToken: (bits & 32) > 0,
  otpProven: (bits & 64) > 0,
}));

describe('the sign-in of operators', () => {
  it('ends only with a password, an own one, a token and a code, while nothing is stopped and nothing changed', () => {
    const finished = world.filter((facts) => operatorStep(facts) === 'finish');
    expect(finished).to.deep.equal([
      {
        passwordProven: true,
        standing: true,
        stopped: false,
        otpStopped: false,
        issued: false,
        hasToken: true,
        otpProven: true,
      },
    ]);
  });

  it('asks for the password before anything is told', () => {
    for (const facts of world.filter(({ passwordProven, standing }) => !passwordProven || !standing))
      expect(operatorStep(facts)).to.equal('password');
  });

  it('refuses the stopped before it asks for anything more', () => {
    const proven = world.filter(({ passwordProven, standing }) => passwordProven && standing);
    for (const facts of proven.filter(({ stopped, otpStopped }) => stopped || otpStopped))
      expect(operatorStep(facts)).to.equal('refused');
  });

  it('asks whoever has a token for its code before a password may be chosen', () => {
    for (const facts of world.filter(({ hasToken, otpProven }) => hasToken && !otpProven))
      expect(operatorStep(facts)).to.be.oneOf(['password', 'refused', 'otp']);
  });

  it('has the own password chosen before a token is registered', () => {
    for (const facts of world.filter(({ issued }) => issued))
      expect(operatorStep(facts)).to.not.be.oneOf(['token', 'finish']);
  });

  it('reaches each of its steps', () => {
    expect(new Set(world.map(operatorStep))).to.deep.equal(
      new Set(['password', 'refused', 'otp', 'new-password', 'token', 'finish']),
    );
  });
});

describe('the session of an operator', () => {
  const lifetimes = { consoleIdle: 15 * 60_000, absolute: 10 * 3_600_000 };
  const start = Date.UTC(2026, 10, 22);
  const session = { operatorId: 'one', epoch: 3, startedAt: start, usedAt: start };
  const operator = { securityEpoch: 3, stoppedAt: null };
  const holds = (now: number, more: Partial<typeof session> = {}): boolean =>
    operatorSessionHolds({ ...session, ...more }, operator, lifetimes, now);

  it('ends after 15 minutes without a use, to the millisecond', () => {
    expect([holds(start + 15 * 60_000 - 1), holds(start + 15 * 60_000)]).to.deep.equal([true, false]);
  });

  it('ends ten hours after its start, however busy', () => {
    const end = start + 10 * 3_600_000;
    expect([holds(end - 1, { usedAt: end - 1 }), holds(end, { usedAt: end - 1 })]).to.deep.equal([true, false]);
  });

  it('ends with every change of the epoch, and with the stop', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 0, max: 9 }),
        fc.boolean(),
        (mine, now, stopped) => {
          const held = operatorSessionHolds(
            { ...session, epoch: mine },
            { securityEpoch: now, stoppedAt: stopped ? start : null },
            lifetimes,
            start,
          );
          expect(held).to.equal(mine === now && !stopped);
        },
      ),
    );
  });
});
