// Which pairs may be linked, and which links still count.
import { expect } from 'chai';
import { countsAsLinked, mayLink } from '../../src/rules/link.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 24);
const policy = { linksPerAccount: 1, unused: 400 * day, companyClaim: true };
const pair = {
  otherLinks: 0,
  linksPerAccount: 1,
  companyExpected: true,
  companyClaimed: '123-4567890',
  contractNumber: '1234567890',
  plan: 'none',
} as const;

describe('a link', () => {
  it('counts until it was unused for 400 days', () => {
    expect(countsAsLinked({ usedAt: now - 400 * day + 1, endedAt: null }, policy, now)).to.equal(true);
    expect(countsAsLinked({ usedAt: now - 400 * day, endedAt: null }, policy, now)).to.equal(false);
  });

  it('never counts once it has ended', () => {
    expect(countsAsLinked({ usedAt: now, endedAt: now }, policy, now)).to.equal(false);
  });
});

describe('a pair', () => {
  it('of one company may be linked, however the contract number is written', () => {
    expect(mayLink(pair)).to.equal('may-link');
    expect(mayLink({ ...pair, companyClaimed: '１２３４５６７８９０' })).to.equal('may-link');
  });

  it('of two companies may not', () => {
    expect(mayLink({ ...pair, companyClaimed: '9999999999' })).to.equal('company-mismatch');
    expect(mayLink({ ...pair, companyExpected: false, companyClaimed: '9999999999' })).to.equal('company-mismatch');
  });

  it('whose company should be named and is not may not', () => {
    expect(mayLink({ ...pair, companyClaimed: null })).to.equal('company-mismatch');
    expect(mayLink({ ...pair, companyClaimed: null, companyExpected: false })).to.equal('may-link');
  });

  it('that a plan does not name may not', () => {
    expect(mayLink({ ...pair, plan: 'not-planned' })).to.equal('not-planned');
    expect(mayLink({ ...pair, plan: 'planned' })).to.equal('may-link');
  });

  it('may not when the account has its links already', () => {
    expect(mayLink({ ...pair, otherLinks: 1 })).to.equal('link-limit');
    expect(mayLink({ ...pair, otherLinks: 1, linksPerAccount: 2 })).to.equal('may-link');
  });

  it('of two companies learns nothing of the account’s links', () => {
    expect(mayLink({ ...pair, otherLinks: 1, companyClaimed: '9999999999' })).to.equal('company-mismatch');
  });
});
