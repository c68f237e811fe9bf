// What is the matter with an account.
import { expect } from 'chai';
import { accountStates, statesOf, usability } from '../../src/rules/account.ts';
import type { CredentialFacts } from '../../src/rules/person-facts.ts';

const now = Date.UTC(2026, 10, 24);
const fine: CredentialFacts = {
  expiresAt: null,
  issued: false,
  issuedUntil: null,
  forced: false,
  lockedUntil: null,
  stoppedAt: null,
};
const account = { setUpAt: now, stoppedAt: null, otpStoppedAt: null };
const person = { account, login: fine, confirmation: fine };

describe('the states of an account', () => {
  // oxfmt-ignore
  const cases = [
    ['available',            person],
    ['new',                  { ...person, account: { ...account, setUpAt: null }, login: { ...fine, issued: true, issuedUntil: now + 1 }, confirmation: null }],
    ['must-change',          { ...person, confirmation: { ...fine, forced: true } }],
    ['expired',              { ...person, login: { ...fine, expiresAt: now } }],
    ['password-locked',      { ...person, login: { ...fine, lockedUntil: now + 1 } }],
    ['password-stopped',     { ...person, login: { ...fine, stoppedAt: now } }],
    ['confirmation-locked',  { ...person, confirmation: { ...fine, lockedUntil: now + 1 } }],
    ['confirmation-stopped', { ...person, confirmation: { ...fine, stoppedAt: now } }],
    ['otp-stopped',          { ...person, account: { ...account, otpStoppedAt: now } }],
    ['account-stopped',      { ...person, account: { ...account, stoppedAt: now } }],
  ] as const;

  for (const [state, facts] of cases) {
    it(`are ${state}, alone`, () => {
      expect(statesOf(facts, now)).to.deep.equal([state]);
    });
  }

  it('are all tried here', () => {
    expect(cases.map(([state]) => state)).to.deep.equal([...accountStates]);
  });

  it('stand together, in one order', () => {
    const facts = {
      account: { ...account, stoppedAt: now, otpStoppedAt: now },
      login: { ...fine, forced: true, lockedUntil: now + 1 },
      confirmation: null,
    };
    expect(statesOf(facts, now)).to.deep.equal(['must-change', 'password-locked', 'otp-stopped', 'account-stopped']);
  });

  it('say stopped, not locked, of a password that is both', () => {
    expect(statesOf({ ...person, login: { ...fine, lockedUntil: now + 1, stoppedAt: now } }, now)).to.deep.equal([
      'password-stopped',
    ]);
  });

  it('lose a lock when its time has passed, and an expiry that has not come', () => {
    expect(statesOf({ ...person, login: { ...fine, lockedUntil: now, expiresAt: now + 1 } }, now)).to.deep.equal([
      'available',
    ]);
  });

  it('say that an issued password has expired', () => {
    const facts = {
      account: { ...account, setUpAt: null },
      login: { ...fine, issued: true, issuedUntil: now },
      confirmation: null,
    };
    expect(statesOf(facts, now)).to.deep.equal(['new', 'expired']);
  });
});

describe('the use of an account', () => {
  it('is stopped for the company before it is stopped for the person', () => {
    expect(usability(null, null)).to.equal('usable');
    expect(usability(now, null)).to.equal('account-stopped');
    expect(usability(null, now)).to.equal('company-suspended');
    expect(usability(now, now)).to.equal('company-suspended');
  });
});
