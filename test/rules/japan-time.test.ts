// Japan's calendar, against the platform's own.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  atJapanTime,
  closedUntil,
  endOfDay,
  japanIso,
  japanTime,
  nextDay,
  sameDay,
  startOfDay,
  timeOfDay,
} from '../../src/rules/japan-time.ts';

const at = (text: string): number => Date.parse(`${text}+09:00`);
const instant = fc.integer({ min: Date.UTC(1951, 0, 1), max: Date.UTC(2400, 0, 1) });

describe('Japan’s calendar', () => {
  it('agrees with the platform’s for four centuries', () => {
    fc.assert(
      fc.property(instant, (now) => {
        const shifted = new Date(now + 9 * 3_600_000);
        expect(japanTime(now)).to.deep.equal({
          year: shifted.getUTCFullYear(),
          month: shifted.getUTCMonth() + 1,
          day: shifted.getUTCDate(),
          hour: shifted.getUTCHours(),
          minute: shifted.getUTCMinutes(),
          second: shifted.getUTCSeconds(),
          weekday: shifted.getUTCDay(),
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('agrees with the time zone of Tokyo', () => {
    const tokyo = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', dateStyle: 'short', timeStyle: 'medium' });
    const now = at('2026-11-22T08:50:07');
    expect(japanIso(now)).to.equal(`${tokyo.format(now).replace(' ', 'T')}+09:00`);
  });

  it('goes there and back', () => {
    fc.assert(
      fc.property(instant, (now) => {
        const { year, month, day, hour, minute, second } = japanTime(now);
        expect(atJapanTime(year, month, day, hour, minute, second)).to.equal(Math.floor(now / 1000) * 1000);
      }),
    );
  });

  it('knows leap days', () => {
    expect(japanIso(nextDay(at('2028-02-28T12:00:00')))).to.equal('2028-02-29T00:00:00+09:00');
    expect(japanIso(nextDay(at('2100-02-28T12:00:00')))).to.equal('2100-03-01T00:00:00+09:00');
  });

  it('begins its days at 15:00 UTC', () => {
    expect(startOfDay(Date.UTC(2026, 10, 22, 14, 59))).to.equal(at('2026-11-22T00:00:00'));
    expect(startOfDay(Date.UTC(2026, 10, 22, 15))).to.equal(at('2026-11-23T00:00:00'));
    expect(sameDay(at('2026-11-22T00:00:00'), at('2026-11-22T23:59:59'))).to.equal(true);
    expect(sameDay(at('2026-11-22T23:59:59'), at('2026-11-23T00:00:00'))).to.equal(false);
  });

  it('ends its days with their last millisecond', () => {
    expect(endOfDay(at('2026-11-22T00:00:00'))).to.equal(at('2026-11-23T00:00:00') - 1);
    expect(endOfDay(at('2026-11-22T23:59:59'))).to.equal(at('2026-11-23T00:00:00') - 1);
  });
});

describe('service hours', () => {
  const hours = { from: '08:00', to: '22:00' };

  it('are open from the first minute and closed from the last', () => {
    expect(closedUntil(hours, at('2026-11-22T08:00:00'))).to.equal(null);
    expect(closedUntil(hours, at('2026-11-22T21:59:59'))).to.equal(null);
    expect(closedUntil(hours, at('2026-11-22T22:00:00'))).to.equal(at('2026-11-23T08:00:00'));
    expect(closedUntil(hours, at('2026-11-22T07:59:59'))).to.equal(at('2026-11-22T08:00:00'));
  });

  it('may go over midnight', () => {
    const night = { from: '06:00', to: '02:00' };
    expect(closedUntil(night, at('2026-11-22T23:30:00'))).to.equal(null);
    expect(closedUntil(night, at('2026-11-23T01:59:59'))).to.equal(null);
    expect(closedUntil(night, at('2026-11-23T02:00:00'))).to.equal(at('2026-11-23T06:00:00'));
  });

  it('are always open without hours, and from midnight to midnight', () => {
    const now = at('2026-11-22T23:59:59');
    expect(closedUntil(null, now)).to.equal(null);
    expect(closedUntil({ from: '00:00', to: '24:00' }, now)).to.equal(null);
    expect(closedUntil({ from: '09:00', to: '09:00' }, now)).to.equal(null);
  });

  it('open exactly when they say', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
    fc.assert(
      fc.property(time, time, instant, (from, to, now) => {
        const opens = closedUntil({ from, to }, now);
        if (opens === null) return;
        expect(opens).to.be.greaterThan(now);
        expect(closedUntil({ from, to }, opens)).to.equal(null);
        expect(closedUntil({ from, to }, opens - 1)).to.equal(opens);
      }),
    );
  });

  it('are written HH:MM', () => {
    expect(timeOfDay('08:50')).to.equal(31_800_000);
    expect(timeOfDay('24:00')).to.equal(86_400_000);
    for (const odd of ['8:50', '24:01', '25:00', '08:60', '08:50:00', '', '０８:５０'])
      expect(timeOfDay(odd), odd).to.equal(null);
    expect(() => closedUntil({ from: '8:00', to: '22:00' }, 0)).to.throw(RangeError);
  });
});
