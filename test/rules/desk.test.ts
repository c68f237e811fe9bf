import { expect } from 'chai';
import { deskOpens, type DeskHours } from '../../src/rules/desk.ts';
import { atJapanTime } from '../../src/rules/japan-time.ts';

describe('the helpdesk', () => {
  const hours: DeskHours = { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', closed: ['2026-11-23'] };
  // 2026-11-20 is a Friday; the Monday after it is a holiday.
  const at = (day: number, hour: number, minute = 0) => atJapanTime(2026, 11, day, hour, minute);

  it('is open from its first minute until before its last', () => {
    expect(deskOpens(hours, at(20, 9))).to.equal(null);
    expect(deskOpens(hours, at(20, 16, 59))).to.equal(null);
  });

  it('opens later the same day, or on the next day of service', () => {
    expect(deskOpens(hours, at(20, 8, 59))).to.equal(at(20, 9));
    expect(deskOpens(hours, at(19, 17))).to.equal(at(20, 9));
  });

  it('passes over weekends and holidays', () => {
    expect(deskOpens(hours, at(20, 17))).to.equal(at(24, 9));
    expect(deskOpens(hours, at(23, 10))).to.equal(at(24, 9));
  });

  it('tells nothing when no day of service is in sight', () => {
    expect(deskOpens({ ...hours, days: [] }, at(20, 10))).to.equal(null);
  });
});
