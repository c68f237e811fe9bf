// A company's own hours and codes: never wider than its bank's.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  companyClosedUntil,
  codeAtLogin,
  judgeHours,
  sharingChoices,
  sharingOf,
} from '../../src/rules/company-settings.ts';
import { closedUntil } from '../../src/rules/japan-time.ts';

const bank = { from: '08:00', to: '21:00' };
const night = { from: '22:00', to: '06:00' };
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const at = (text: string): number => Date.parse(`2026-11-22T${text}:00+09:00`);

describe('a company’s own settings', () => {
  it('share key-fobs as the company has it, where the bank allows it; else as strictly as the bank', () => {
    expect(sharingChoices({ sharing: ['one_each', 'some'] })).to.deep.equal(['some', 'one_each']);
    for (const sharingMode of ['some', 'one_for_all', 'one_each'] as const) {
      expect(sharingOf({ sharingMode }, { sharing: ['some', 'one_for_all', 'one_each'] })).to.equal(sharingMode);
      expect(sharingOf({ sharingMode }, { sharing: ['one_for_all'] })).to.equal('one_for_all');
      expect(sharingOf({ sharingMode }, { sharing: [] })).to.equal('one_each');
    }
    expect(sharingOf({ sharingMode: 'some' }, { sharing: ['one_for_all', 'one_each'] })).to.equal('one_each');
  });

  it('take hours within the bank’s alone, also across midnight', () => {
    expect(judgeHours('', '', bank)).to.deep.equal({ ok: true, hours: null });
    expect(judgeHours('09:00', '17:00', bank)).to.deep.include({ ok: true });
    expect(judgeHours('23:00', '05:00', night)).to.deep.include({ ok: true });
    expect(judgeHours('23:00', '07:00', null)).to.deep.include({ ok: true });
    for (const [from, to] of [
      ['07:59', '12:00'],
      ['09:00', '21:01'],
      ['21:00', '08:00'],
    ] as const)
      expect(judgeHours(from, to, bank)).to.deep.equal({
        ok: false,
        mistakes: [{ field: 'hours_from', key: 'settings.wider' }],
      });
    expect(judgeHours('9:00', '', bank)).to.deep.equal({
      ok: false,
      mistakes: [
        { field: 'hours_from', key: 'settings.time' },
        { field: 'hours_to', key: 'form.required' },
      ],
    });
  });

  it('are open only while both are, and say when both open again', () => {
    const hours = fc.tuple(time, time);
    fc.assert(
      fc.property(hours, hours, fc.integer({ min: 0, max: 86_399 }), (own, theirs, second) => {
        const [hoursFrom, hoursTo] = own;
        const outer = { from: theirs[0], to: theirs[1] };
        const now = at('00:00') + second * 1_000;
        const opens = companyClosedUntil({ hoursFrom, hoursTo }, outer, now);
        const inner = { from: hoursFrom, to: hoursTo };
        const open = closedUntil(outer, now) === null && closedUntil(inner, now) === null;
        expect(opens === null).to.equal(open);
        if (opens !== null && judgeHours(hoursFrom, hoursTo, outer).ok)
          expect([closedUntil(outer, opens), closedUntil(inner, opens)]).to.deep.equal([null, null]);
      }),
    );
    expect(companyClosedUntil({ hoursFrom: '10:00', hoursTo: '12:00' }, bank, at('07:00'))).to.equal(at('10:00'));
    expect(companyClosedUntil({ hoursFrom: null, hoursTo: null }, bank, at('07:00'))).to.equal(at('08:00'));
  });

  it('ask a code at sign-in where the bank does, or where the company wants it', () => {
    const otp = { at: 'operations', tries: 5, digits: 6, period: 60, resyncSteps: 60 } as const;
    expect(codeAtLogin({ otpAtLogin: false }, { otp })).to.equal(false);
    expect(codeAtLogin({ otpAtLogin: true }, { otp })).to.equal(true);
    expect(codeAtLogin({ otpAtLogin: false }, { otp: { ...otp, at: 'login' } })).to.equal(true);
  });
});
