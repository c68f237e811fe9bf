// Guide S4, the hardware-token notice, step by step under its profile: every test is one of its sentences. A company without
// one-time passwords applies for them; its key-fobs come out of the bank's seed file, and their codes from a program of others.
import { expect } from 'chai';
import { startDemo } from '../support/demo-process.ts';
import type { Reading } from '../support/guide-reader.ts';
import { makeFobs } from '../support/key-fob.ts';
import { needs } from '../support/tools.ts';
import { type BankDesk, openBankDesk } from './bank-desk.ts';
import { untilRegistered } from './guide-s4-arrival.ts';
import type { GuideS4 } from './guide-s4-scene.ts';
import { onceRegistered } from './guide-s4-use.ts';
import { dayInJapan, untilInJapan } from './token-walk.ts';

/** The guide, read in one way on one kind of stores. */
export function walkGuideS4(reading: Reading, stores: 'embedded' | 'real'): void {
  describe(`guide S4, the hardware-token notice, ${reading.name}, on ${stores} stores`, function () {
    this.timeout(90_000);
    let scene: GuideS4 & { readonly bank: BankDesk };

    before(async function () {
      if (reading.needsChromium) needs(this, 'chromium');
      const demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1, env: { RENKEI_PROFILE: 's4' } });
      const walk = await reading.begin(demo);
      // Asked before the clock goes on to the morning, which may be the next one.
      const inFortyDays = await dayInJapan(demo, 40);
      scene = { demo, walk, fobs: makeFobs(3), bank: openBankDesk(demo, walk), inFortyDays };
      await untilInJapan(demo, 10, 0);
    });
    after(async () => {
      await scene?.walk.close();
      await scene?.demo.stop();
    });
    afterEach(() => {
      expect(scene.walk.faults()).to.deep.equal([]);
    });

    untilRegistered(() => scene);
    onceRegistered(() => scene);
  });
}
