// Remembered devices: when they count, when they end, and who is called a thief.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  afterUse,
  cookieAfterUse,
  deviceEnd,
  judgeDevice,
  mayOfferDevice,
  mayUseDevice,
  newDevice,
} from '../../src/rules/device.ts';
import type { DeviceRow, DeviceSecret, DeviceVerdict } from '../../src/rules/device.ts';

const day = 86_400_000;
const policy = { allowed: true, absolute: 90 * day, unused: 30 * day, overlap: 60_000, perBrowser: 5 };
const start = Date.UTC(2026, 10, 24);
const row: DeviceRow = { ...newDevice(policy, start), linkId: 'link', endedAt: null };
const secret: DeviceSecret = { linkId: 'link', epoch: 3, generation: 1, hasSuccessor: false };

const judge = (changes: {
  readonly row?: DeviceRow | null;
  readonly secret?: DeviceSecret | null;
  readonly linkId?: string;
  readonly epoch?: number;
  readonly now?: number;
}): DeviceVerdict => judgeDevice({ row, secret, linkId: 'link', epoch: 3, policy, now: start + day, ...changes });

describe('a remembered device', () => {
  it('is good when both stores, the link and the epoch agree', () => {
    expect(judge({})).to.equal('good');
  });

  it('is worth nothing when either store has lost it', () => {
    expect(judge({ row: null })).to.equal('none');
    expect(judge({ secret: null })).to.equal('none');
  });

  it('is worth nothing for another link, also of the same account', () => {
    expect(judge({ linkId: 'made-again' })).to.equal('none');
    expect(judge({ secret: { ...secret, linkId: 'made-again' }, linkId: 'made-again' })).to.equal('none');
  });

  it('ends with any rise of the account’s epoch', () => {
    expect(judge({ epoch: 4 })).to.equal('ended');
    expect(deviceEnd(row, 3, 4, policy, start)).to.equal('changed');
  });

  it('ends when it is revoked', () => {
    expect(judge({ row: { ...row, endedAt: start } })).to.equal('ended');
    expect(deviceEnd({ ...row, endedAt: start }, 3, 4, policy, start)).to.equal('revoked');
  });

  it('ends after 90 days, however often it was used', () => {
    const used = { ...row, usedAt: start + 89 * day };
    expect(judge({ row: used, now: start + 90 * day - 1 })).to.equal('good');
    expect(judge({ row: used, now: start + 90 * day })).to.equal('ended');
    expect(deviceEnd(used, 3, 3, policy, start + 90 * day)).to.equal('expired');
  });

  it('ends after 30 days without use', () => {
    expect(judge({ now: start + 30 * day - 1 })).to.equal('good');
    expect(judge({ now: start + 30 * day })).to.equal('ended');
    expect(deviceEnd(row, 3, 3, policy, start + 30 * day)).to.equal('unused');
  });

  it('asks for the code, and accuses nobody, when either store was set back', () => {
    const used = { ...row, ...afterUse(row, 1, policy, start) };
    expect(judge({ row: used, secret: { ...secret, hasSuccessor: false } })).to.equal('none');
    expect(judge({ row, secret: { ...secret, generation: 2 } })).to.equal('none');
  });

  it('keeps a replaced value good until its successor came back', () => {
    const used = { ...row, ...afterUse(row, 1, policy, start) };
    expect(judge({ row: used, secret: { ...secret, hasSuccessor: true }, now: start + 20 * day })).to.equal('good');
  });

  it('keeps a replaced value good for 60 seconds after its successor came back, then calls it stolen', () => {
    const once = { ...row, ...afterUse(row, 1, policy, start) };
    const twice = { ...once, ...afterUse(once, 2, policy, start + 1_000) };
    const old = { ...secret, hasSuccessor: true };
    expect(judge({ row: twice, secret: old, now: start + 61_000 })).to.equal('good');
    expect(judge({ row: twice, secret: old, now: start + 61_001 })).to.equal('stolen');
  });

  it('calls a value of long ago stolen, though its time is no longer kept', () => {
    let used = row;
    for (let generation = 1; generation <= 20; generation += 1) {
      used = { ...used, ...afterUse(used, generation, policy, start + generation * day) };
    }
    expect(used.generation).to.equal(21);
    expect(used.seen.length).to.be.at.most(1);
    expect(
      judge({ row: used, secret: { ...secret, generation: 3, hasSuccessor: true }, now: start + 21 * day }),
    ).to.equal('stolen');
  });

  it('makes one successor for four tabs that come at once', () => {
    const first = { ...row, ...afterUse(row, 1, policy, start) };
    const fourth = [1, 1, 1].reduce<DeviceRow>(
      (now, generation) => ({ ...now, ...afterUse(now, generation, policy, start + 5) }),
      first,
    );
    expect(fourth.generation).to.equal(2);
    expect([cookieAfterUse(row, 1), cookieAfterUse(first, 1)]).to.deep.equal(['new', 'successor']);
  });

  it('sets no cookie for a tab that is late: the browser holds a newer one', () => {
    const once = { ...row, ...afterUse(row, 1, policy, start) };
    const twice = { ...once, ...afterUse(once, 2, policy, start) };
    expect(cookieAfterUse(twice, 1)).to.equal('keep');
  });
});

describe('the box that skips the code', () => {
  const occasion = {
    route: 'federated',
    allowedByBank: true,
    allowedByCompany: true,
    otpDemanded: false,
    reauthenticate: false,
  } as const;

  it('is offered and counts at a federated sign-in', () => {
    expect(mayUseDevice(occasion)).to.equal(true);
    expect(mayOfferDevice(occasion)).to.equal(true);
  });

  for (const [reason, change] of [
    ['on the direct route', { route: 'direct' }],
    ['where the bank forbids it', { allowedByBank: false }],
    ['where the company forbids it', { allowedByCompany: false }],
    ['for a portal’s demand', { otpDemanded: true }],
    ['for an explicit re-authentication', { reauthenticate: true }],
  ] as const) {
    it(`neither is offered nor counts ${reason}`, () => {
      expect(mayUseDevice({ ...occasion, ...change })).to.equal(false);
      expect(mayOfferDevice({ ...occasion, ...change })).to.equal(false);
    });
  }
});

// A browser with a cookie jar, and the two stores, as far as generations go.
interface Stores {
  row: DeviceRow;
  readonly successors: Set<number>;
}

function present(stores: Stores, generation: number, now: number): DeviceVerdict {
  const found = { ...secret, generation, hasSuccessor: stores.successors.has(generation) };
  return judgeDevice({ row: stores.row, secret: found, linkId: 'link', epoch: 3, policy, now });
}

/** Finishes a login that presented `generation`; the generation in the answer's cookie, or null for none. */
function finish(stores: Stores, generation: number, now: number): number | null {
  const cookie = cookieAfterUse(stores.row, generation);
  stores.successors.add(generation);
  stores.row = { ...stores.row, ...afterUse(stores.row, generation, policy, now) };
  return cookie === 'keep' ? null : generation + 1;
}

const newStores = (): Stores => ({ row, successors: new Set() });

interface Tab {
  readonly busyFrom: number;
  readonly finishes: number;
  readonly answered: number;
  readonly answerLost: boolean;
}

describe('theft of a device’s cookie', () => {
  it('is never suspected of an honest browser with four tabs, also when answers are lost', () => {
    // Times in milliseconds. A login takes at least a second; its answer is under way for less than that.
    const login = fc.record({
      idle: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 3 * day })),
      takes: fc.oneof(fc.integer({ min: 1_000, max: 5_000 }), fc.integer({ min: 1_000, max: 20 * 60_000 })),
      travels: fc.integer({ min: 0, max: 900 }),
      answerLost: fc.boolean(),
    });
    const tabs = fc.array(fc.array(login, { maxLength: 8 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(tabs, (plans) => {
        const logins: Tab[] = plans.flatMap((plan) => {
          let now = start;
          return plan.map(({ idle, takes, travels, answerLost }) => {
            const busyFrom = now + idle;
            const finishes = busyFrom + takes;
            now = finishes + travels;
            return { busyFrom, finishes, answered: now, answerLost };
          });
        });
        const held = new Map<Tab, number>();
        const stores = newStores();
        let jar = 1;
        const events = logins
          .flatMap((tab) => {
            let cookie: number | null = null;
            return [
              {
                at: tab.busyFrom,
                run: () => {
                  expect(present(stores, jar, tab.busyFrom)).to.equal('good');
                  held.set(tab, jar);
                },
              },
              { at: tab.finishes, run: () => void (cookie = finish(stores, held.get(tab) ?? 0, tab.finishes)) },
              { at: tab.answered, run: () => void (jar = cookie === null || tab.answerLost ? jar : cookie) },
            ];
          })
          .sort((one, other) => one.at - other.at);
        // Only the rule of 30 unused and 90 absolute days may end it here, so the plans stay below both.
        if (events.some(({ at }) => at > start + 29 * day)) return;
        for (const event of events) event.run();
      }),
      { numRuns: 500 },
    );
  });

  it('is found when a copy comes back later than a minute after the owner moved on', () => {
    const plan = fc.record({
      usesBefore: fc.integer({ min: 0, max: 5 }),
      usesAfter: fc.integer({ min: 2, max: 10 }),
      between: fc.integer({ min: 1, max: 2 * day }),
      later: fc.integer({ min: 60_001, max: 5 * day }),
    });
    fc.assert(
      fc.property(plan, ({ usesBefore, usesAfter, between, later }) => {
        const stores = newStores();
        let now = start;
        let jar = 1;
        const use = (): void => {
          now += between;
          expect(present(stores, jar, now)).to.equal('good');
          jar = finish(stores, jar, now) ?? jar;
        };
        for (let i = 0; i < usesBefore; i += 1) use();
        const copy = jar;
        for (let i = 0; i < usesAfter; i += 1) use();
        expect(present(stores, copy, now + later)).to.equal('stolen');
      }),
    );
  });

  it('is found when the owner comes back after the thief moved on', () => {
    const stores = newStores();
    let thief = finish(stores, 1, start) ?? 1;
    thief = finish(stores, thief, start + 1_000) ?? thief;
    expect(thief).to.equal(3);
    expect(present(stores, 1, start + 2 * 60_000)).to.equal('stolen');
  });
});
