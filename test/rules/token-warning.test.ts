// How near the end of a key-fob, and the limit for registering one, have come.
import { expect } from 'chai';
import { endOfDay, startOfDay } from '../../src/rules/japan-time.ts';
import { daysLeft, expiryDistances, withinExpiry, withinLimit } from '../../src/rules/token-warning.ts';
import { day, start } from '../support/rows.ts';

describe('the distances of warnings about key-fobs', () => {
  it('are 60, 30 and 7 days before the end, none further away than the bank warns', () => {
    expect(expiryDistances(60 * day)).to.deep.equal([60, 30, 7]);
    expect(expiryDistances(45 * day)).to.deep.equal([30, 7]);
    expect(expiryDistances(day)).to.deep.equal([]);
  });

  it('are come within from their moment on until the end', () => {
    const end = start + 100 * day;
    const within = (before: number): readonly number[] => withinExpiry(end, 60 * day, end - before);
    expect(within(60 * day + 1)).to.deep.equal([]);
    expect(within(60 * day)).to.deep.equal([60]);
    expect(within(7 * day + 1)).to.deep.equal([60, 30]);
    expect(within(7 * day)).to.deep.equal([60, 30, 7]);
    expect(within(1)).to.deep.equal([60, 30, 7]);
    expect(within(0)).to.deep.equal([]);
  });

  it('of a limit are whole days in Japan before its day', () => {
    const limit = endOfDay(start + 14 * day);
    const its = startOfDay(limit);
    expect(withinLimit(limit, its - 7 * day - 1)).to.deep.equal([]);
    expect(withinLimit(limit, its - 7 * day)).to.deep.equal([7]);
    expect(withinLimit(limit, its - day - 1)).to.deep.equal([7]);
    expect(withinLimit(limit, its - day)).to.deep.equal([7, 1]);
    expect(withinLimit(limit, limit - 1)).to.deep.equal([7, 1]);
    expect(withinLimit(limit, limit)).to.deep.equal([]);
  });

  it('count begun days as days that are left', () => {
    expect(daysLeft(start + day, start)).to.equal(1);
    expect(daysLeft(start + day + 1, start)).to.equal(2);
  });
});
