// 再発行待ち (spec §5, guide S2): the moment from which a new token may be issued, to the second around the night of the rule.
import { expect } from 'chai';
import { closedUntil } from '../../src/rules/japan-time.ts';
import { waitAfterRevocation } from '../../src/rules/waiting.ts';

const minute = 60_000;
const wait = { after: 20 * minute, nightFrom: '20:50', nightUntil: '08:10' };
const at = (time: string, day = '24'): number => Date.parse(`2026-11-${day}T${time}+09:00`);
const until = (time: string, day = '24') => waitAfterRevocation({ wait }, 'software', at(time, day));

describe('the wait after a revocation', () => {
  const calendar: readonly (readonly [string, number, boolean])[] = [
    ['20:49:59', at('21:09:59'), false],
    ['20:49:59.999', at('21:09:59.999'), false],
    ['20:50:00', at('08:10:00', '25'), true],
    ['21:15:00', at('08:10:00', '25'), true],
    ['23:59:59.999', at('08:10:00', '25'), true],
    ['00:00:00', at('08:10:00'), true],
    ['07:50:00', at('08:10:00'), true],
    ['08:09:59', at('08:10:00'), true],
    ['08:09:59.999', at('08:10:00'), true],
    ['08:10:00', at('08:30:00'), false],
    ['12:00:00', at('12:20:00'), false],
  ];
  for (const [time, moment, night] of calendar) {
    it(`${time}: ${new Date(moment + 9 * 60 * minute).toISOString().slice(8, 19)}, ${night ? 'the night' : 'the day'}`, () => {
      expect(until(time)).to.deep.equal({ until: moment, night });
    });
  }

  it('goes over the end of a month and of a year', () => {
    const newYear = waitAfterRevocation({ wait }, 'software', Date.parse('2026-12-31T23:00:00+09:00'));
    expect(newYear).to.deep.equal({ until: Date.parse('2027-01-01T08:10:00+09:00'), night: true });
  });

  it('is of software tokens alone, and of no policy without it', () => {
    expect(waitAfterRevocation({ wait }, 'hardware', at('12:00:00'))).to.equal(null);
    expect(waitAfterRevocation({ wait: null }, 'software', at('12:00:00'))).to.equal(null);
  });

  it('never ends in the past, and a night’s wait ends where the night does', () => {
    for (let moment = at('00:00:00'); moment < at('00:00:00', '25'); moment += 7 * minute + 13_000) {
      const found = waitAfterRevocation({ wait }, 'software', moment);
      expect(found?.until).to.be.greaterThan(moment);
      if (found?.night === true) expect(found.until).to.equal(closedUntil({ from: '08:10', to: '20:50' }, moment));
    }
  });
});
