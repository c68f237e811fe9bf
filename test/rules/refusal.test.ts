// The words that outside tools rely on, with their statuses and pages.
import { expect } from 'chai';
import { refusalPage, refusals } from '../../src/rules/refusal.ts';

// Copied from spec §12, letter by letter.
const words =
  'form, credentials, otp-wrong, otp-used, otp-stopped, account-stopped, company-suspended, no-permission, link-taken, link-limit, company-mismatch, not-planned, upstream-down, upstream-refused, waiting, closed, start-over, too-many, conflict, csrf, otp-unreachable, not-found, not-allowed, portal-request, approval-gone, certificate, unavailable, unexpected';

describe('a refusal', () => {
  const all = Object.entries(refusals);

  it('has one of the words of spec §12, and each of them exists', () => {
    const listed = words.split(', ');
    expect(new Set(all.map(([, page]) => page.word))).to.deep.equal(new Set(listed));
    for (const [name, page] of all) if (listed.includes(name)) expect(page.word).to.equal(name);
  });

  it('on the same screen is 422, but an edit that somebody else overtook is 409', () => {
    for (const [name, page] of all) {
      if (page.screen === null) expect(page.status, name).to.equal(name === 'stale-edit' ? 409 : 422);
      else expect(page.slug, name).to.be.a('string');
    }
  });

  it('has a page of its own: no number twice, but for the same word', () => {
    const screens = new Map<string, string>();
    for (const [name, { screen, word }] of all) {
      if (screen === null) continue;
      expect(screens.get(screen) ?? word, name).to.equal(word);
      screens.set(screen, word);
    }
  });

  it('names a time to come back when it is 429 or 503, and only then', () => {
    for (const [name, page] of all) expect(page.retryAfter, name).to.equal(page.status === 429 || page.status === 503);
  });

  it('has the statuses of spec §12', () => {
    const status = (name: keyof typeof refusals): number => refusalPage(name).status;
    expect(status('waiting')).to.equal(200);
    expect(
      ['portal-request', 'malformed'].map((name) => status(name === 'malformed' ? 'malformed' : 'portal-request')),
    ).to.deep.equal([400, 400]);
    expect([
      status('otp-stopped'),
      status('account-stopped'),
      status('company-suspended'),
      status('no-permission'),
    ]).to.deep.equal([403, 403, 403, 403]);
    expect([
      status('not-found'),
      status('link-taken'),
      status('link-limit-race'),
      status('conflict'),
      status('start-over'),
    ]).to.deep.equal([404, 409, 409, 409, 410]);
    expect([status('too-large'), status('too-many'), status('unexpected')]).to.deep.equal([413, 429, 500]);
    expect([status('unavailable'), status('upstream-down'), status('closed'), status('overload')]).to.deep.equal([
      503, 503, 503, 503,
    ]);
  });
});
