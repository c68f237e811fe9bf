// Until when the registration of a token may be put off.
import { expect } from 'chai';
import { graceEndsAt, graceState, personalGrace, registrationDue } from '../../src/rules/grace.ts';
import { japanIso } from '../../src/rules/japan-time.ts';

const at = (text: string): number => Date.parse(`${text}+09:00`);
const day = 86_400_000;
const policy = { afterArrival: 14 * day, afterApplication: 45 * day, then: 'block-login' } as const;
const company = {
  otpApplication: 'hardware',
  otpAppliedAt: at('2026-10-01T15:00:00'),
  tokenArrivedAt: null,
  graceExtendedTo: null,
} as const;

describe('the grace', () => {
  it('ends with the 45th day after the application while nothing has arrived', () => {
    const end = graceEndsAt(company, policy);
    expect(end === null ? null : japanIso(end)).to.equal('2026-11-15T23:59:59+09:00');
  });

  it('ends with the 14th day after the arrival when that is earlier', () => {
    const end = graceEndsAt({ ...company, tokenArrivedAt: at('2026-10-10T09:00:00') }, policy);
    expect(end === null ? null : japanIso(end)).to.equal('2026-10-24T23:59:59+09:00');
  });

  it('is not made longer by a late arrival', () => {
    expect(graceEndsAt({ ...company, tokenArrivedAt: at('2026-11-14T09:00:00') }, policy)).to.equal(
      graceEndsAt(company, policy),
    );
  });

  it('ends when a supervisor says, once', () => {
    const set = at('2026-12-24T18:00:00');
    expect(graceEndsAt({ ...company, graceExtendedTo: set }, policy)).to.equal(set);
  });

  it('does not exist without an application', () => {
    expect(
      graceEndsAt({ ...company, otpAppliedAt: null, graceExtendedTo: at('2026-12-24T18:00:00') }, policy),
    ).to.equal(null);
  });

  it('does not exist for an app, which nobody has to wait for, nor a second time for one person', () => {
    expect(graceEndsAt({ ...company, otpApplication: 'software' }, policy)).to.equal(null);
    expect(personalGrace({ company, hadToken: false }, policy)).to.equal(graceEndsAt(company, policy));
    expect(personalGrace({ company, hadToken: true }, policy)).to.equal(null);
  });

  it('is open, then on its last day, then over', () => {
    const end = at('2026-11-15T23:59:59');
    expect(graceState(end, at('2026-11-14T23:59:59'))).to.equal('open');
    expect(graceState(end, at('2026-11-15T00:00:00'))).to.equal('last');
    expect(graceState(end, at('2026-11-15T23:59:58'))).to.equal('last');
    expect(graceState(end, end)).to.equal('over');
    expect(graceState(null, end)).to.equal('none');
  });
});

describe('the registration of a token at sign-in', () => {
  const now = at('2026-11-15T12:00:00');
  const facts = {
    applied: true,
    tokenUsable: false,
    demanded: false,
    asked: true,
    skipped: false,
    endsAt: at('2026-11-15T23:59:59'),
    then: 'block-login',
  } as const;
  const over = at('2026-11-16T00:00:00');

  it('may be put off while the grace lasts, once per sign-in', () => {
    expect(registrationDue(facts, now)).to.equal('skippable');
    expect(registrationDue({ ...facts, skipped: true }, now)).to.equal('not-due');
  });

  it('is required past the grace where that blocks the login, whatever was put off before', () => {
    expect(registrationDue(facts, over)).to.equal('required');
    expect(registrationDue({ ...facts, skipped: true }, over)).to.equal('required');
  });

  it('is not due past the grace where only operations are blocked', () => {
    expect(registrationDue({ ...facts, then: 'block-otp-operations' }, over)).to.equal('not-due');
    expect(registrationDue({ ...facts, then: 'block-otp-operations' }, now)).to.equal('skippable');
  });

  it('is required by a portal’s demand, in and after the grace', () => {
    for (const when of [now, over]) {
      expect(registrationDue({ ...facts, demanded: true, asked: false, then: 'block-otp-operations' }, when)).to.equal(
        'required',
      );
    }
  });

  it('is never due with a usable token, without an application, or where this sign-in asks no code', () => {
    expect(registrationDue({ ...facts, tokenUsable: true }, over)).to.equal('not-due');
    expect(registrationDue({ ...facts, applied: false, demanded: true }, over)).to.equal('not-due');
    expect(registrationDue({ ...facts, asked: false }, over)).to.equal('not-due');
  });
});
