// The takeover guard (spec §2): codes for tokens wait after an address changed, and nobody gets a token for an account whose
// password and address others have just set.
import { expect } from 'chai';
import fc from 'fast-check';
import { issueGuardUntil, ownsNewAddress, tokenCodesFrom } from '../../src/rules/takeover.ts';

const hour = 3_600_000;
const now = 1_000 * hour;
const waits = { emailWait: 24 * hour, window: 24 * hour };
const ago = (hours: number): number => now - hours * hour;

describe('codes for issuing a token', () => {
  const account = { emailChangedAt: ago(2), emailProvenAt: ago(2), setUpAt: ago(900) };

  it('go to a changed address 24 hours after the change', () => {
    expect(tokenCodesFrom(account, waits)).to.equal(ago(2) + 24 * hour);
  });

  it('go to no address that its owner has not proven', () => {
    expect(tokenCodesFrom({ ...account, emailProvenAt: null }, waits)).to.equal(null);
  });

  it('go to the address of the first-time setup at once: it replaced none', () => {
    expect(tokenCodesFrom({ ...account, setUpAt: ago(2) }, waits)).to.equal(ago(2));
    expect(tokenCodesFrom({ ...account, emailChangedAt: null }, waits)).to.equal(ago(2));
  });
});

describe('the guard against issuing a token', () => {
  const guard = (emailByOtherAt: number | null, passwordByOtherAt: number | null, at = now): number | null =>
    issueGuardUntil({ emailByOtherAt, passwordByOtherAt, issueAllowedAt: null }, waits, at);

  it('stands for 24 hours from the later of the two changes', () => {
    expect(guard(ago(1), ago(1))).to.equal(ago(1) + 24 * hour);
    expect(guard(ago(20), ago(1))).to.equal(ago(1) + 24 * hour);
    expect(guard(ago(1), ago(20))).to.equal(ago(1) + 24 * hour);
    expect(guard(ago(1), ago(1), ago(1) + 24 * hour - 1)).to.equal(ago(1) + 24 * hour);
    expect(guard(ago(1), ago(1), ago(1) + 24 * hour)).to.equal(null);
  });

  it('needs both, and one within 24 hours of the other', () => {
    expect(guard(ago(1), null)).to.equal(null);
    expect(guard(null, ago(1))).to.equal(null);
    expect(guard(null, null)).to.equal(null);
    expect(guard(ago(1), ago(25))).to.equal(ago(1) + 24 * hour);
    expect(guard(ago(1), ago(25) - 1)).to.equal(null);
  });

  it('treats both changes alike, never ends before a full window, and needs no longer than one', () => {
    const moment = fc.integer({ min: 0, max: 100 }).map((hours) => hours * hour);
    fc.assert(
      fc.property(moment, moment, moment, (one, other, later) => {
        const at = Math.max(one, other) + later;
        const until = guard(one, other, at);
        expect(until).to.equal(guard(other, one, at));
        if (until !== null) expect(until - at).to.be.within(1, waits.window);
        if (Math.abs(one - other) <= waits.window && later < waits.window) expect(until).not.to.equal(null);
      }),
    );
  });
});

describe('an address that its owner changes', () => {
  it('is the owner’s, unless somebody else has just set the password it was changed with', () => {
    expect(ownsNewAddress({ passwordByOtherAt: null }, waits, now)).to.equal(true);
    expect(ownsNewAddress({ passwordByOtherAt: ago(23) }, waits, now)).to.equal(false);
    expect(ownsNewAddress({ passwordByOtherAt: ago(24) }, waits, now)).to.equal(true);
  });
});
