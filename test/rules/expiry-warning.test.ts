// When a password's expiry is told: each distance, days that fall together, clocks that went far.
import { expect } from 'chai';
import { day, warningsOf } from '../../src/rules/expiry-warning.ts';

/** 2026-12-24 09:00 in Tokyo. */
const expires = Date.UTC(2026, 11, 24);

describe('a password that expires soon', () => {
  const alone = (now: number) => warningsOf({ login: expires, confirmation: null }, now);

  it('is told of from fourteen days before, to the millisecond, and not after it expired', () => {
    expect(alone(expires - 14 * day - 1)).to.deep.equal([]);
    expect(alone(expires - 14 * day)).to.deep.equal([
      { which: 'login', expires, days: 14, tells: [{ expires, distances: [14] }] },
    ]);
    expect(alone(expires)).to.deep.equal([]);
    expect(warningsOf({ login: null, confirmation: null }, expires)).to.deep.equal([]);
  });

  it('is told again seven days and one day before', () => {
    expect(alone(expires - 7 * day)[0]).to.deep.include({ days: 7, tells: [{ expires, distances: [14, 7] }] });
    expect(alone(expires - day)[0]).to.deep.include({ days: 1, tells: [{ expires, distances: [14, 7, 1] }] });
  });

  it('says how many days are left, begun ones with them', () => {
    expect(alone(expires - 3 * day - 1)[0]).to.include({ days: 4 });
    expect(alone(expires - 1)[0]).to.include({ days: 1 });
  });

  it('is told in one mail with the other one of the same day in Japan, and apart otherwise', () => {
    const minute = 60_000;
    const both = warningsOf({ login: expires + minute, confirmation: expires }, expires - 14 * day);
    expect(both).to.deep.equal([
      {
        which: 'both',
        expires,
        days: 14,
        tells: [
          { expires: expires + minute, distances: [14] },
          { expires, distances: [14] },
        ],
      },
    ]);
    // 23:59 and 0:01 in Tokyo.
    const midnight = Date.UTC(2026, 11, 24, 15);
    const apart = warningsOf({ login: midnight - minute, confirmation: midnight + minute }, midnight - 7 * day);
    expect(apart.map(({ which }) => which)).to.deep.equal(['login', 'confirmation']);
    const one = warningsOf({ login: expires, confirmation: expires + minute }, expires);
    expect(
      one.map(({ which }) => which),
      'the other one expired',
    ).to.deep.equal(['confirmation']);
  });
});
