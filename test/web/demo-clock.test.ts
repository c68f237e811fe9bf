// The demo's clock: one shift for everything that asks `Date`, forward only (spec §12).
import { expect } from 'chai';
import { shiftDate } from '../../src/demo/clock.ts';

describe('the clock of the demo', () => {
  const machine = Date;
  let clock: ReturnType<typeof shiftDate>;

  beforeEach(() => {
    clock = shiftDate(60);
  });
  afterEach(() => clock.restore());

  it('shifts Date.now, new Date and Date() from its start value on', () => {
    const ahead = (at: number) => Math.round((at - machine.now()) / 1000);
    expect(ahead(Date.now())).to.equal(60);
    expect(ahead(new Date().getTime())).to.equal(60);
    expect(clock.setOffset(86_400)).to.equal(true);
    expect(ahead(Date.now())).to.equal(86_400);
    expect(ahead(machine.parse(Date()))).to.be.within(86_399, 86_400);
    expect(clock.get()).to.equal(86_400);
  });

  it('goes forward only, and says so', () => {
    expect(clock.setOffset(59)).to.equal(false);
    expect(clock.setOffset(-1)).to.equal(false);
    expect(clock.setOffset(Number.NaN)).to.equal(false);
    expect(clock.setOffset(Infinity)).to.equal(false);
    expect(clock.setOffset(60)).to.equal(true);
    expect(clock.get()).to.equal(60);
    expect(() => shiftDate(-1)).to.throw(RangeError);
  });

  it('leaves given times, parse, UTC, instanceof, constructor and subclasses as they are', () => {
    expect(new Date(0).toISOString()).to.equal('1970-01-01T00:00:00.000Z');
    expect(new Date(2026, 10, 22).getDate()).to.equal(22);
    expect(Date.parse('2026-11-22T00:00:00Z')).to.equal(machine.UTC(2026, 10, 22));
    expect(Date.UTC(2026, 0)).to.equal(machine.UTC(2026, 0));
    expect(new Date()).to.be.instanceOf(Date);
    expect(new machine(0)).to.be.instanceOf(Date);
    expect(new Date()).to.be.instanceOf(machine);
    expect(new Date().constructor).to.equal(Date);
    class Later extends Date {}
    expect(new Later()).to.be.instanceOf(Later);
    expect(Math.round((new Later().getTime() - machine.now()) / 1000)).to.equal(60);
    expect(structuredClone(new Date(5)).getTime()).to.equal(5);
  });

  it('gives the machine its Date back', () => {
    clock.restore();
    expect(Date).to.equal(machine);
    expect(new Date().constructor).to.equal(machine);
  });
});
