// The life of key-fobs, what they cost, and who may share one (spec §5, §11.6; guide S4).
import { expect } from 'chai';
import fc from 'fast-check';
import {
  freeLeft,
  mayShare,
  orderFee,
  orderReasons,
  sharingModes,
  stockState,
  stockStates,
  type StockFacts,
  type TokenEnd,
} from '../../src/rules/token-stock.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 22);
const warn = 60 * day;

const fresh: StockFacts = {
  companyId: null,
  shippedAt: null,
  arrivedAt: null,
  holders: 0,
  expiresAt: now + 1000 * day,
  retiredAt: null,
  retiredWhy: null,
};
const state = (more: Partial<StockFacts>): string => stockState({ ...fresh, ...more }, now, warn);

const at = fc.option(fc.integer({ min: now - 200 * day, max: now + 200 * day }), { freq: 2 });
const facts: fc.Arbitrary<StockFacts> = fc.record({
  companyId: fc.option(fc.constant('company')),
  shippedAt: at,
  arrivedAt: at,
  holders: fc.integer({ min: 0, max: 5 }),
  expiresAt: at,
  retiredAt: at,
  retiredWhy: fc.option(fc.constantFrom<TokenEnd>('revoked', 'lost', 'replaced')),
});

describe('the state of a key-fob', () => {
  it('goes from the stock over the order and the post into somebody’s hands', () => {
    const given = { companyId: 'company' };
    const sent = { ...given, shippedAt: now - 2 * day };
    const there = { ...sent, arrivedAt: now - day };
    expect([state({}), state(given), state(sent), state(there), state({ ...there, holders: 1 })]).to.deep.equal([
      'in-stock',
      'ordered',
      'shipped',
      'arrived',
      'registered',
    ]);
  });

  it('is arrived without having been sent by the book', () => {
    expect(state({ companyId: 'company', arrivedAt: now })).to.equal('arrived');
  });

  it('goes back to arrived when the last holder is gone', () => {
    const there = { companyId: 'company', shippedAt: now, arrivedAt: now };
    expect([state({ ...there, holders: 2 }), state({ ...there, holders: 0 })]).to.deep.equal(['registered', 'arrived']);
  });

  it('is expiring from the warning on while somebody holds it, and expired at its moment, whoever holds it', () => {
    const held = { companyId: 'company', holders: 1 };
    expect([
      state({ ...held, expiresAt: now + warn + 1 }),
      state({ ...held, expiresAt: now + warn }),
      state({ ...held, expiresAt: now + 1 }),
      state({ ...held, expiresAt: now }),
      state({ companyId: 'company', expiresAt: now + 1 }),
      state({ expiresAt: now }),
    ]).to.deep.equal(['registered', 'expiring', 'expiring', 'expired', 'ordered', 'expired']);
  });

  it('tells its end before anything else', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom<TokenEnd | null>('revoked', 'lost', 'replaced', null), (token, why) => {
        const ended = stockState({ ...token, retiredAt: now, retiredWhy: why }, now, warn);
        expect(ended).to.equal(why ?? 'revoked');
      }),
    );
  });

  it('is one of the ten for every token, and each of them occurs', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(facts, (token) => {
        seen.add(stockState(token, now, warn));
      }),
      { numRuns: 3000 },
    );
    expect([...seen].toSorted()).to.deep.equal([...stockStates].toSorted());
  });

  it('without an expiry never expires', () => {
    fc.assert(
      fc.property(facts, (token) => {
        expect(stockState({ ...token, expiresAt: null }, now, warn)).to.not.be.oneOf(['expiring', 'expired']);
      }),
    );
  });
});

describe('the fee of an order', () => {
  const fees = { free: 2, token: 1080, reissue: 3240 };

  it('is nothing for the first ones of a contract, then each has its own', () => {
    expect(orderFee('application', 3, 0, fees)).to.deep.equal({ free: 2, each: [0, 0, 1080], total: 1080 });
    expect(orderFee('application', 3, 1, fees)).to.deep.equal({ free: 1, each: [0, 1080, 1080], total: 2160 });
    expect(orderFee('application', 1, 2, fees)).to.deep.equal({ free: 0, each: [1080], total: 1080 });
  });

  it('is always due after a loss, also while free ones are left', () => {
    expect(orderFee('loss', 2, 0, fees)).to.deep.equal({ free: 0, each: [3240, 3240], total: 6480 });
  });

  it('is nothing for a faulty token and for a successor, and uses up no free one', () => {
    for (const reason of ['fault', 'successor'] as const)
      expect(orderFee(reason, 2, 0, fees)).to.deep.equal({ free: 0, each: [0, 0], total: 0 });
  });

  it('adds up, names each token once, and never gives more free ones than the contract has', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...orderReasons),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 50 }),
        fc.record({ free: fc.nat(20), token: fc.nat(9999), reissue: fc.nat(9999) }),
        (reason, tokens, had, each) => {
          const fee = orderFee(reason, tokens, had, each);
          expect(fee.each).to.have.length(tokens);
          expect(fee.total).to.equal(fee.each.reduce((sum, one) => sum + one, 0));
          expect(fee.free).to.be.at.most(freeLeft(had, each));
          expect(fee.each.slice(0, fee.free)).to.deep.equal(Array.from({ length: fee.free }, () => 0));
        },
      ),
    );
  });

  it('is the same for one order as for two after each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.nat(10), (one, other, had) => {
        const first = orderFee('application', one, had, fees);
        const second = orderFee('application', other, had + first.free, fees);
        expect(first.total + second.total).to.equal(orderFee('application', one + other, had, fees).total);
      }),
    );
  });

  it('leaves no fewer than no free ones', () => {
    expect([freeLeft(0, fees), freeLeft(1, fees), freeLeft(2, fees), freeLeft(9, fees)]).to.deep.equal([2, 1, 0, 0]);
  });
});

describe('sharing a key-fob', () => {
  const asked = { holders: fc.nat(3), otherTokens: fc.nat(3) };

  it('is never possible where everybody has one of their own', () => {
    fc.assert(
      fc.property(fc.record(asked), (use) => {
        expect(mayShare('one_each', use)).to.equal(use.holders === 0);
      }),
    );
  });

  it('is always possible where some share', () => {
    fc.assert(
      fc.property(fc.record(asked), (use) => {
        expect(mayShare('some', use)).to.equal(true);
      }),
    );
  });

  it('means one token where one is for all: the first may be any, then only that one', () => {
    expect(mayShare('one_for_all', { holders: 0, otherTokens: 0 })).to.equal(true);
    expect(mayShare('one_for_all', { holders: 2, otherTokens: 0 })).to.equal(true);
    expect(mayShare('one_for_all', { holders: 0, otherTokens: 1 })).to.equal(false);
  });

  it('lets everything pass in the widest way that a stricter one lets pass', () => {
    fc.assert(
      fc.property(fc.record(asked), fc.constantFrom(...sharingModes), (use, mode) => {
        if (mayShare(mode, use)) expect(mayShare('some', use)).to.equal(true);
      }),
    );
  });
});
