// トークン発行 (spec §5, guides S1, S2): which page comes next, from what was chosen and proven so far.
import { expect } from 'chai';
import {
  chosenOf,
  hasLapsed,
  kindsOffered,
  noProgress,
  purposeOf,
  registrationPage,
  standingProgress,
  type IssueFacts,
  type IssueProgress,
} from '../../src/rules/token-issue.ts';

const details = { id: 'i', address: 'phone@example.jp', activation: 'mark' };
const page = (facts: Partial<Omit<IssueFacts, 'progress'>>, progress: Partial<IssueProgress> | null = null): string =>
  registrationPage({
    application: 'software',
    kinds: ['app'],
    lost: false,
    open: null,
    ...facts,
    progress: progress && { ...noProgress, ...progress },
  });

describe('what may be chosen', () => {
  it('follows the company’s application and the bank’s kinds', () => {
    const kinds = ['app', 'authenticator'] as const;
    expect(kindsOffered({ application: 'none', kinds })).to.deep.equal([]);
    expect(kindsOffered({ application: 'software', kinds })).to.deep.equal(['app', 'authenticator']);
    expect(kindsOffered({ application: 'hardware', kinds })).to.deep.equal(['hardware']);
    expect(kindsOffered({ application: 'both', kinds: ['app'] })).to.deep.equal(['app', 'hardware']);
  });

  it('is not chosen where there is one, and begins with the key-fob where there are both', () => {
    expect(chosenOf(['app'], null)).to.equal('app');
    expect(chosenOf(['app', 'hardware'], null)).to.equal('hardware');
    expect(chosenOf(['app', 'hardware'], noProgress)).to.equal(null);
    expect(chosenOf(['app', 'authenticator'], null)).to.equal(null);
    expect(chosenOf([], null)).to.equal(null);
  });

  it('is not what is no longer offered', () => {
    const chosen = { ...noProgress, kind: 'app' as const };
    expect(chosenOf(['hardware', 'authenticator'], chosen)).to.equal(null);
    expect(chosenOf(['hardware'], chosen)).to.equal('hardware');
  });
});

describe('the pages of an issue', () => {
  it('lead from the e-mail code over details and check to the app’s first code', () => {
    expect(page({})).to.equal('send-email-code');
    expect(page({}, { kind: 'app', codeSent: true })).to.equal('issue-token');
    expect(page({}, { kind: 'app', codeSent: true, details, checking: true })).to.equal('issue-token-check');
    expect(page({}, { kind: 'app', codeSent: true, details, checking: false }), 'back').to.equal('issue-token');
    expect(page({ open: 'app' }, { kind: 'app', telling: true, issued: 'i' })).to.equal('issue-token-done');
    expect(page({ open: 'app' }, { kind: 'app', issued: 'i' })).to.equal('activate-token');
    expect(page({ open: 'app' }), 'the next day').to.equal('activate-token');
  });

  it('ask the kind where several are offered', () => {
    const kinds = ['app', 'authenticator'] as const;
    expect(page({ kinds })).to.equal('choose-token-kind');
    expect(page({ kinds }, { kind: 'authenticator' })).to.equal('send-email-code');
    expect(page({ kinds }, { kind: 'authenticator', codeSent: true })).to.equal('authenticator-qr');
    expect(page({ kinds, open: 'authenticator' })).to.equal('authenticator-qr');
  });

  it('begin at the key-fob where both were applied for, behind a code after one’s own loss report', () => {
    const application = 'both';
    expect(page({ application })).to.equal('register-token');
    expect(page({ application }, {})).to.equal('choose-token-kind');
    expect(page({ application }, { kind: 'hardware' })).to.equal('register-token');
    expect(page({ application, lost: true })).to.equal('send-email-code');
    expect(page({ application, lost: true }, { kind: 'hardware', codeSent: true })).to.equal('register-token');
  });

  it('count no code that was sent for another kind', () => {
    expect(page({ application: 'hardware', lost: true }, { kind: 'app', codeSent: true })).to.equal('send-email-code');
    const kinds = ['authenticator'] as const;
    expect(page({ kinds }, { kind: 'app', codeSent: true })).to.equal('send-email-code');
  });
});

describe('an issue', () => {
  it('has lapsed from the very moment at which its time ends', () => {
    expect(hasLapsed({ expiresAt: 1_000 }, 999)).to.equal(false);
    expect(hasLapsed({ expiresAt: 1_000 }, 1_000)).to.equal(true);
  });

  it('that has ended takes along what was entered for it', () => {
    const issued = { ...noProgress, kind: 'app' as const, codeSent: true, details, checking: true, issued: 'i' };
    expect(standingProgress(issued, 'app')).to.equal(issued);
    expect(standingProgress(issued, null)).to.equal(noProgress);
    expect(standingProgress({ ...issued, issued: null }, null)).to.deep.equal({ ...issued, issued: null });
    expect(standingProgress(null, null)).to.equal(null);
  });

  it('has codes of its own for each kind', () => {
    expect(['app', 'authenticator', 'hardware'] as const).to.satisfy(
      (kinds: readonly Parameters<typeof purposeOf>[0][]) => new Set(kinds.map(purposeOf)).size === 3,
    );
  });
});
