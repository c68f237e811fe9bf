// New passwords, typed passwords, and which are due.
import { expect } from 'chai';
import { isCommonPassword } from '../../src/rules/common-password.ts';
import {
  earlierExpiry,
  expiresAt,
  expirySoon,
  judgeKept,
  judgeNewPassword,
  judgeRepeated,
  judgeTypedPassword,
  keepHistory,
  passwordsDue,
} from '../../src/rules/password.ts';
import type { CredentialFacts } from '../../src/rules/person-facts.ts';

const guide = { min: 8, max: 12, printable: false, refuseCommon: false, history: 3 };
const recommended = { min: 8, max: 128, printable: true, refuseCommon: true, history: 3 };
const rule = { form: guide, loginId: 'tanaka01' };
const day = 86_400_000;
const now = Date.UTC(2026, 10, 24);

describe('a typed password', () => {
  it('is never changed silently: full width gets a message and is not compared', () => {
    expect(judgeTypedPassword('Ａbcd1234')).to.equal('password.fullwidth');
    expect(judgeTypedPassword('abcd1234　')).to.equal('password.fullwidth');
  });

  it('that cannot be one is refused at the field', () => {
    expect(judgeTypedPassword('')).to.equal('form.required');
    expect(judgeTypedPassword('a\u0000b')).to.equal('form.chars');
    expect(judgeTypedPassword('pässword1')).to.equal('form.chars');
    expect(judgeTypedPassword('a'.repeat(257))).to.equal('form.long');
  });

  it('of any printable characters and length is compared', () => {
    for (const typed of ['a', ' ', 'Abcd 1234', '~'.repeat(200)])
      expect(judgeTypedPassword(typed), typed).to.equal(null);
  });
});

describe('a new password', () => {
  it('has 8 to 12 half-width letters and digits, both kinds, in the guides’ profiles', () => {
    expect(judgeNewPassword('Abcd1234', rule)).to.equal(null);
    expect(judgeNewPassword('Abcd123', rule)).to.equal('password.length');
    expect(judgeNewPassword('Abcd123456789', rule)).to.equal('password.length');
    expect(judgeNewPassword('abcdefgh', rule)).to.equal('password.mix');
    expect(judgeNewPassword('12345678', rule)).to.equal('password.mix');
    expect(judgeNewPassword('Abcd-1234', rule)).to.equal('form.chars');
    expect(judgeNewPassword('Ａbcd1234', rule)).to.equal('password.fullwidth');
    expect(judgeNewPassword('', rule)).to.equal('form.required');
  });

  it('may hold marks and be long in the recommended profile, but no spaces', () => {
    expect(judgeNewPassword('correct-horse-battery-9-staple', { ...rule, form: recommended })).to.equal(null);
    expect(judgeNewPassword('correct horse 9', { ...rule, form: recommended })).to.equal('form.chars');
    expect(judgeNewPassword('correct-horse', { ...rule, form: recommended })).to.equal('password.mix');
  });

  it('differs from the login ID without regard to case', () => {
    expect(judgeNewPassword('TANAKA01', rule)).to.equal('password.sameid');
  });

  it('differs from the other password that was typed in the same procedure', () => {
    expect(judgeNewPassword('Abcd1234', { ...rule, otherPassword: 'Abcd1234' })).to.equal('password.sameother');
    expect(judgeNewPassword('Abcd1234', { ...rule, otherPassword: 'abcd1234' })).to.equal(null);
  });

  it('is not one that is tried first, where the profile refuses those', () => {
    expect(judgeNewPassword('Password1', { ...rule, form: recommended })).to.equal('password.common');
    expect(judgeNewPassword('passw0rd!', { ...rule, form: recommended })).to.equal('password.common');
    expect(judgeNewPassword('Password1', rule)).to.equal(null);
  });

  it('is compared with a list of passwords that would pass every other rule', () => {
    const source = ['password1', 'qwerty123', 'abcd1234', 'sakura123', 'tokyo2020'];
    for (const common of source) {
      expect(isCommonPassword(common), common).to.equal(true);
      expect(judgeNewPassword(common, { form: { ...recommended, refuseCommon: false }, loginId: '' }), common).to.equal(
        null,
      );
    }
    expect(isCommonPassword('k7Tq2mWx')).to.equal(false);
  });

  it('is told the first thing that the kept hashes speak against', () => {
    expect(judgeKept({ other: false, issued: false, recent: false })).to.equal(null);
    expect(judgeKept({ other: true, issued: true, recent: true })).to.equal('password.sameother');
    expect(judgeKept({ other: false, issued: true, recent: true })).to.equal('password.sameissued');
    expect(judgeKept({ other: false, issued: false, recent: true })).to.equal('password.recent');
  });

  it('is typed twice alike', () => {
    expect(judgeRepeated('Abcd1234', 'Abcd1234')).to.equal(null);
    expect(judgeRepeated('Abcd1234', 'abcd1234')).to.equal('password.again');
    expect(judgeRepeated('Abcd1234', '')).to.equal('form.required');
  });

  it('leaves the last three to be compared: itself and the two before', () => {
    expect(keepHistory('second', ['first'], guide)).to.deep.equal(['second', 'first']);
    expect(keepHistory('third', ['second', 'first'], guide)).to.deep.equal(['third', 'second']);
    expect(keepHistory('second', ['first'], { ...guide, history: 1 })).to.deep.equal([]);
  });
});

describe('a password that is due', () => {
  const fine: CredentialFacts = {
    expiresAt: now + day,
    issued: false,
    issuedUntil: null,
    forced: false,
    lockedUntil: null,
    stoppedAt: null,
  };
  const old = { ...fine, expiresAt: now };
  const forced = { ...fine, forced: true };
  const due = (login: CredentialFacts, confirmation: CredentialFacts | null, asked: boolean) =>
    passwordsDue({ login, confirmation, asked, inSpite: false }, now);

  it('is none while nothing is forced and nothing expired', () => {
    expect(due(fine, fine, true)).to.deep.equal({ why: 'none', must: [], may: [], postponed: [] });
    expect(due({ ...fine, expiresAt: null }, null, true).why).to.equal('none');
  });

  it('is changed on both routes when it is forced, and it alone', () => {
    for (const asked of [true, false]) {
      expect(due(forced, fine, asked)).to.deep.equal({ why: 'forced', must: ['login'], may: [], postponed: [] });
      expect(due(fine, forced, asked).must).to.deep.equal(['confirmation']);
      expect(due(forced, forced, asked).must).to.deep.equal(['login', 'confirmation']);
    }
  });

  it('is changed when it expired only where it was asked; the other may be changed with it', () => {
    expect(due(old, fine, true)).to.deep.equal({
      why: 'expired',
      must: ['login'],
      may: ['confirmation'],
      postponed: [],
    });
    expect(due(fine, old, true)).to.deep.equal({
      why: 'expired',
      must: ['confirmation'],
      may: ['login'],
      postponed: [],
    });
    expect(due(old, old, true).must).to.deep.equal(['login', 'confirmation']);
    expect(due(old, old, false)).to.deep.equal({ why: 'none', must: [], may: [], postponed: [] });
  });

  it('is forced first, and expired after that', () => {
    expect(due(forced, old, true)).to.include({ why: 'forced' });
    expect(due(fine, old, true)).to.include({ why: 'expired' });
  });

  it('waits while it is locked or stopped itself: the sign-in goes on', () => {
    const locked = { ...old, lockedUntil: now + 1 };
    const stopped = { ...forced, stoppedAt: now };
    expect(due(fine, locked, true)).to.deep.equal({ why: 'none', must: [], may: [], postponed: ['confirmation'] });
    expect(due(fine, stopped, true)).to.deep.equal({ why: 'none', must: [], may: [], postponed: ['confirmation'] });
    expect(due(forced, stopped, true)).to.deep.equal({
      why: 'forced',
      must: ['login'],
      may: [],
      postponed: ['confirmation'],
    });
    expect(due(old, { ...fine, stoppedAt: now }, true)).to.deep.equal({
      why: 'expired',
      must: ['login'],
      may: [],
      postponed: [],
    });
    expect(due(fine, { ...locked, lockedUntil: now }, true)).to.include({ why: 'expired' });
  });

  it('is changed although strangers locked or stopped it, where it was right in spite of that', () => {
    for (const held of [{ lockedUntil: now + 1 }, { stoppedAt: now - 1 }]) {
      const facts = { login: { ...forced, ...held }, confirmation: null, asked: true };
      expect(passwordsDue({ ...facts, inSpite: true }, now)).to.include({ why: 'forced' });
      expect(passwordsDue({ ...facts, inSpite: false }, now)).to.include({ why: 'none' });
    }
    const confirmation = { ...forced, lockedUntil: now + 1 };
    expect(passwordsDue({ login: fine, confirmation, asked: true, inSpite: true }, now)).to.include({ why: 'none' });
  });

  it('is warned of from 14 days before, and on a linked route also afterwards', () => {
    const policy = { warnBefore: 14 * day };
    expect(expirySoon(now + 14 * day + 1, policy, now)).to.equal(false);
    expect(expirySoon(now + 14 * day, policy, now)).to.equal(true);
    expect(expirySoon(now - day, policy, now)).to.equal(true);
    expect(expirySoon(null, policy, now)).to.equal(false);
  });

  it('shows the earlier of the two dates', () => {
    expect(earlierExpiry(now + 2, now + 1)).to.equal(now + 1);
    expect(earlierExpiry(null, now)).to.equal(now);
    expect(earlierExpiry(now, null)).to.equal(now);
    expect(earlierExpiry(null, null)).to.equal(null);
    expect(expiresAt(now, { expiry: 90 * day })).to.equal(now + 90 * day);
    expect(expiresAt(now, { expiry: null })).to.equal(null);
  });
});
