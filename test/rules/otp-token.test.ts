// One-time passwords: the window, replays, colleagues, misses and the repair of a drifted token.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  judgeOtp,
  judgeResync,
  learntDrift,
  otpWindow,
  readEmailCode,
  readOtp,
  resyncWindow,
} from '../../src/rules/otp-token.ts';
import type { OtpTry } from '../../src/rules/otp-token.ts';

const now = 29_000_000;
const fresh: OtpTry = { candidateStep: now, lastStep: null, misses: 0, tries: 5, colleague: false };

describe('the window of a one-time password', () => {
  it('holds the present and the previous step of an app', () => {
    expect(otpWindow('software', 0, now)).to.deep.equal({ fromStep: now - 1, toStep: now });
  });

  it('ignores a drift for an app, which has the phone’s time', () => {
    expect(otpWindow('software', 7, now)).to.deep.equal(otpWindow('software', 0, now));
  });

  it('holds one step each way around a key-fob’s learnt drift', () => {
    expect(otpWindow('hardware', 0, now)).to.deep.equal({ fromStep: now - 1, toStep: now + 1 });
    expect(otpWindow('hardware', -4, now)).to.deep.equal({ fromStep: now - 5, toStep: now - 3 });
  });

  it('follows a key-fob that loses a step at a time', () => {
    let drift = 0;
    for (let slow = 1; slow <= 30; slow += 1) {
      const window = otpWindow('hardware', drift, now);
      expect(now - slow).to.be.within(window.fromStep, window.toStep);
      drift = learntDrift('hardware', now - slow, now);
    }
    expect(learntDrift('software', now - 1, now)).to.equal(0);
  });

  it('searches a drifted token sixty steps each way', () => {
    expect(resyncWindow(now, 60)).to.deep.equal({ fromStep: now - 60, toStep: now + 60 });
  });
});

describe('a one-time password', () => {
  it('is accepted once, clears the count, and is kept as the newest step', () => {
    expect(judgeOtp({ ...fresh, misses: 4 })).to.deep.equal({ verdict: 'accepted', step: now, misses: 0 });
  });

  it('is not accepted a second time, and the second time is not counted', () => {
    expect(judgeOtp({ ...fresh, lastStep: now, misses: 2 })).to.deep.equal({ verdict: 'used', by: 'self', misses: 2 });
  });

  it('of a colleague’s minute is not counted as wrong', () => {
    expect(judgeOtp({ ...fresh, lastStep: now, colleague: true })).to.deep.equal({
      verdict: 'used',
      by: 'colleague',
      misses: 0,
    });
  });

  it('of an older step is never accepted after a newer one', () => {
    expect(judgeOtp({ ...fresh, candidateStep: now - 1, lastStep: now })).to.include({ verdict: 'used' });
  });

  it('that matches nothing is counted, and says how many tries remain', () => {
    expect(judgeOtp({ ...fresh, candidateStep: null })).to.deep.equal({ verdict: 'wrong', misses: 1, remaining: 4 });
  });

  it('is stopped by the fifth miss in a row', () => {
    expect(judgeOtp({ ...fresh, candidateStep: null, misses: 3 })).to.include({ verdict: 'wrong', remaining: 1 });
    expect(judgeOtp({ ...fresh, candidateStep: null, misses: 4 })).to.deep.equal({ verdict: 'stop', misses: 5 });
  });

  it('is not even compared when no try is left', () => {
    expect(judgeOtp({ ...fresh, misses: 5 })).to.deep.equal({ verdict: 'stop', misses: 5 });
  });

  it('has a sixth guess answered like the fifth, and never an accepted step twice or backwards, whatever is typed', () => {
    const typed = fc.record({ offset: fc.option(fc.integer({ min: -2, max: 2 })), colleague: fc.boolean() });
    fc.assert(
      fc.property(fc.array(typed, { maxLength: 80 }), (tries) => {
        const accepted: number[] = [];
        let lastStep: number | null = null;
        let misses = 0;
        let compared = 0;
        for (const { offset, colleague } of tries) {
          const before: number = misses;
          const judged = judgeOtp({
            ...fresh,
            candidateStep: offset === null ? null : now + offset,
            lastStep,
            misses,
            colleague,
          });
          misses = judged.misses;
          if (before >= 5) expect(judged.verdict).to.equal('stop');
          else if (offset === null) compared += 1;
          if (judged.verdict === 'accepted') {
            accepted.push(judged.step);
            lastStep = judged.step;
            compared = 0;
          }
          expect(compared).to.be.at.most(5);
        }
        expect(accepted).to.deep.equal([...new Set(accepted)].sort((a, b) => a - b));
      }),
    );
  });
});

describe('the repair of a drifted token', () => {
  it('accepts the later of two consecutive codes', () => {
    expect(judgeResync({ ...fresh, candidateStep: now - 4 })).to.deep.equal({
      verdict: 'accepted',
      step: now - 3,
      misses: 0,
    });
  });

  it('takes no pair whose first code was used before', () => {
    expect(judgeResync({ ...fresh, candidateStep: now, lastStep: now })).to.include({ verdict: 'used' });
  });

  it('counts two codes that do not follow each other as one miss', () => {
    expect(judgeResync({ ...fresh, candidateStep: null, misses: 1 })).to.deep.equal({
      verdict: 'wrong',
      misses: 2,
      remaining: 3,
    });
    expect(judgeResync({ ...fresh, candidateStep: null, misses: 4 })).to.include({ verdict: 'stop' });
  });
});

describe('a typed code', () => {
  it('is read in full width, with spaces and hyphens', () => {
    expect(readOtp('１２３ ４５６', 6, 8)).to.deep.equal({ ok: true, code: '123456' });
    expect(readOtp('123-456', 6, 8)).to.deep.equal({ ok: true, code: '123456' });
  });

  it('that cannot be one gets a message and is never compared', () => {
    expect(readOtp('', 6, 8)).to.deep.equal({ ok: false, error: 'form.required' });
    expect(readOtp('   ', 6, 8)).to.deep.equal({ ok: false, error: 'form.required' });
    expect(readOtp('12345', 6, 8)).to.deep.equal({ ok: false, error: 'otp.form' });
    expect(readOtp('12345a', 6, 8)).to.deep.equal({ ok: false, error: 'otp.form' });
    expect(readOtp('٣٤٥٦٧٨', 6, 8)).to.deep.equal({ ok: false, error: 'otp.form' });
    expect(readOtp('12345\u00006', 6, 8)).to.deep.equal({ ok: false, error: 'form.chars' });
    expect(readOtp('1'.repeat(257), 6, 8)).to.deep.equal({ ok: false, error: 'form.long' });
  });

  it('of eight digits is taken for the e-mail code, and the other way round', () => {
    expect(readOtp('12345678', 6, 8)).to.deep.equal({ ok: false, error: 'otp.emailcode' });
    expect(readEmailCode('123456', 8)).to.deep.equal({ ok: false, error: 'otp.emailcode' });
    expect(readEmailCode('1234 5678', 8)).to.deep.equal({ ok: true, code: '12345678' });
  });
});
