// お申込: what becomes of a company's limit when it gives key-fobs up and applies for them again. Nobody gains a day of grace by
// turning an application off and on.
import { expect } from 'chai';
import { graceEndsAt } from '../../src/rules/grace.ts';
import {
  appliedFor,
  appliesAgain,
  givingUp,
  otpApplications,
  sameApplicationUntil,
  withKeyFobs,
  type Application,
  type GivenUp,
  type OtpApplication,
} from '../../src/rules/otp-application.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-22T09:00:00+09:00');
const policy = { afterArrival: 14 * day, afterApplication: 45 * day };
const present: Application = {
  otpApplication: 'hardware',
  otpAppliedAt: now - 20 * day,
  tokenArrivedAt: now - 3 * day,
  graceExtendedTo: now + 30 * day,
  graceExtendedAt: now - day,
  graceExtendedBy: 'the supervisor',
};

/** A company that changes its application, as the desk keeps it. */
function desk(): {
  readonly change: (to: OtpApplication, at: number) => Application;
  readonly givenUp: () => GivenUp | null;
} {
  let application = present;
  let givenUp: GivenUp | null = null;
  return {
    change: (to, at) => {
      const again = appliesAgain(application, to, givenUp, policy, at);
      const gone = givingUp(application, to, at);
      const after = appliedFor(application, to, givenUp, policy, at);
      if (gone !== null || again !== 'no') givenUp = gone;
      application = after;
      return after;
    },
    givenUp: () => givenUp,
  };
}

describe('an application for one-time passwords', () => {
  it('keeps no date when there is none, and all of them when key-fobs are soon applied for again', () => {
    const company = desk();
    expect(company.change('none', now)).to.deep.equal({
      otpApplication: 'none',
      otpAppliedAt: null,
      tokenArrivedAt: null,
      graceExtendedTo: null,
      graceExtendedAt: null,
      graceExtendedBy: null,
    });
    expect(company.change('hardware', now + 45 * day)).to.deep.equal(present);
    expect(company.givenUp()).to.equal(null);
  });

  it('is another one later, with a limit of its own', () => {
    const company = desk();
    company.change('none', now);
    const givenUp = company.givenUp();
    const later = givenUp === null ? 0 : sameApplicationUntil(givenUp, policy) + 1;
    expect(appliesAgain({ otpApplication: 'none' }, 'both', givenUp, policy, later - 1)).to.equal('same');
    expect(appliesAgain({ otpApplication: 'none' }, 'both', givenUp, policy, later)).to.equal('new');
    expect(company.change('both', later)).to.include({
      otpAppliedAt: later,
      tokenArrivedAt: null,
      graceExtendedAt: null,
    });
  });

  it('goes on by way of the app, and is the first one of whoever had no key-fobs', () => {
    const company = desk();
    expect(company.change('software', now)).to.include({ otpApplication: 'software', otpAppliedAt: now - 20 * day });
    expect(company.change('none', now + day).otpAppliedAt).to.equal(null);
    expect(company.change('both', now + 2 * day)).to.deep.equal({ ...present, otpApplication: 'both' });
    const app = { ...present, otpApplication: 'software', tokenArrivedAt: null, graceExtendedAt: null } as const;
    expect(appliesAgain(app, 'both', null, policy, now)).to.equal('first');
    expect(appliedFor(app, 'both', null, policy, now)).to.include({ otpAppliedAt: now, graceExtendedTo: null });
  });

  it('gains no day by any number of changes, each within the time of the one before', () => {
    const limit = graceEndsAt(present, policy) ?? 0;
    for (let seed = 1; seed <= 200; seed += 1) {
      const company = desk();
      let at = now;
      for (let step = 0; step < 12; step += 1) {
        const dice = (seed * 7919 + step * 104_729) % 1000;
        at += (dice % 45) * day;
        const kind = otpApplications[dice % 4] ?? 'none';
        // Whoever stays away from key-fobs for longer than that is another matter.
        const givenUp = company.givenUp();
        if (givenUp !== null && at > sameApplicationUntil(givenUp, policy)) break;
        const application = company.change(kind, at);
        if (!withKeyFobs(application.otpApplication)) continue;
        expect(graceEndsAt(application, policy), `seed ${seed}, step ${step}`).to.equal(limit);
        expect(application.graceExtendedAt).to.equal(present.graceExtendedAt);
      }
    }
  });
});
