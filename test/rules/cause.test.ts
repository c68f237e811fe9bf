// Why somebody stands locked or stopped: told without any secret, one cause for each lock or stop.
import { expect } from 'chai';
import { type CauseFacts, restrictionsOf } from '../../src/rules/cause.ts';
import { clearCounter } from '../../src/rules/lock.ts';

const now = 1_000_000_000;
const policy = { tries: 5, lock: 1_800_000 };
const nothing: CauseFacts = {
  account: { stoppedAt: null, otpStoppedAt: null, otpMisses: 0 },
  login: clearCounter,
  confirmation: clearCounter,
  otp: { drifted: 0, colleague: 0 },
  tokenExpiresAt: null,
  sprays: [],
  stoppedBy: 'admin',
};
const of = (more: Partial<CauseFacts>) => restrictionsOf({ ...nothing, ...more }, policy, now);
const otpStopped = { stoppedAt: null, otpStoppedAt: now - 10, otpMisses: 5 };

describe('the cause of a lock or stop', () => {
  it('is none where nothing stands, and where a lock has passed by itself', () => {
    expect(of({})).to.deep.equal([]);
    expect(of({ confirmation: null })).to.deep.equal([]);
    expect(of({ login: { misses: 5, locks: 1, lockedUntil: now, stoppedAt: null } })).to.deep.equal([]);
  });

  it('counts the wrong entries of all runs in a row, and says when a lock ends', () => {
    const locked = { misses: 5, locks: 1, lockedUntil: now + 60_000, stoppedAt: null };
    expect(of({ login: locked })).to.deep.equal([
      { state: 'password-locked', cause: 'misses', misses: 5, since: now + 60_000 - policy.lock, until: now + 60_000 },
    ]);
    const stopped = { misses: 5, locks: 3, lockedUntil: null, stoppedAt: now - 1 };
    expect(of({ confirmation: stopped })).to.deep.equal([
      { state: 'confirmation-stopped', cause: 'misses', misses: 15, since: now - 1, until: null },
    ]);
  });

  it('is a spray for the login password alone, and only while one stood', () => {
    const stopped = { misses: 5, locks: 3, lockedUntil: null, stoppedAt: now - 100 };
    const sprays = [{ since: now - 200, until: now - 50 }];
    const causes = of({ login: stopped, confirmation: stopped, sprays }).map(({ cause }) => cause);
    expect(causes).to.deep.equal(['spray', 'misses']);
    expect(of({ login: { ...stopped, stoppedAt: now - 50 }, sprays })[0]?.cause).to.equal('misses');
  });

  it('of a one-time password is what helps most to know: an expired token, a clock, a colleague’s code, a spray, misses', () => {
    const all: Partial<CauseFacts> = {
      account: otpStopped,
      tokenExpiresAt: now,
      otp: { drifted: 1, colleague: 1 },
      sprays: [{ since: now - 100, until: now }],
    };
    const causeOf = (more: Partial<CauseFacts>) => of({ ...all, ...more })[0]?.cause;
    expect(causeOf({})).to.equal('expired');
    expect(causeOf({ tokenExpiresAt: now + 1 })).to.equal('drift');
    expect(causeOf({ tokenExpiresAt: null, otp: { drifted: 0, colleague: 1 } })).to.equal('colleague');
    expect(causeOf({ tokenExpiresAt: null, otp: { drifted: 0, colleague: 0 } })).to.equal('spray');
    expect(causeOf({ tokenExpiresAt: null, otp: { drifted: 0, colleague: 0 }, sprays: [] })).to.equal('misses');
  });

  it('of a stopped account is who stopped it', () => {
    const account = { stoppedAt: now - 5, otpStoppedAt: null, otpMisses: 0 };
    expect(of({ account, stoppedBy: 'desk' })).to.deep.equal([
      { state: 'account-stopped', cause: 'desk', misses: null, since: now - 5, until: null },
    ]);
  });
});
