// Warnings of passwords that expire soon: each person and distance once, whichever process comes first.
import { expect } from 'chai';
import { warnOfExpiries } from '../../src/flows/expiry-warnings.ts';
import type { Tools } from '../../src/flows/tools.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { bothStores } from '../support/database.ts';
import { atOnce, day, minute } from '../support/rows.ts';
import { flowScene, type OwedMail, type Scene } from './scene.ts';

for (const { name, open } of bothStores) {
  describe(`warning of passwords that expire, on ${name}`, () => {
    let scene: Scene;
    let company: CompanyRow;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
    });
    beforeEach(async () => {
      company = await scene.company();
    });
    const sweep = (tools: Tools = scene.tools): Promise<number> => warnOfExpiries(tools, scene.act());
    const person = (days: number, confirmation = days, patch: Partial<AccountRow> = {}): Promise<AccountRow> =>
      scene.person(company, patch, {
        login: { expiresAt: scene.now + days * day },
        confirmation: { expiresAt: scene.now + confirmation * day },
      });
    const told = async (account: AccountRow): Promise<readonly OwedMail['facts'][]> =>
      (await scene.mails(account)).filter(({ mail }) => mail === 'password-expires').map(({ facts }) => facts);

    it('tells fourteen, seven and one day before, once each, by a moved clock', async () => {
      const one = await person(15);
      const expires = scene.now + 15 * day;
      await sweep();
      expect(await told(one)).to.deep.equal([]);
      for (const days of [14, 7, 1]) {
        scene.now = expires - days * day - 1;
        await sweep();
        scene.now += 1;
        await sweep();
        await sweep();
        scene.now += minute;
        await sweep();
      }
      expect(await told(one)).to.deep.equal([14, 7, 1].map((days) => ({ which: 'both', expires, days })));
      scene.now = expires;
      await sweep();
      expect(await told(one)).to.have.length(3);
    });

    it('tells the nearest alone when the clock went far, and each of two dates by itself', async () => {
      const far = await person(5);
      const apart = await person(6, 13);
      await sweep();
      expect(await told(far)).to.deep.equal([{ which: 'both', expires: scene.now + 5 * day, days: 5 }]);
      expect(await told(apart)).to.have.deep.members([
        { which: 'login', expires: scene.now + 6 * day, days: 6 },
        { which: 'confirmation', expires: scene.now + 13 * day, days: 13 },
      ]);
    });

    it('tells anew after the password was changed', async () => {
      const one = await person(14);
      await sweep();
      for (const kind of ['login', 'confirmation'] as const)
        await scene.at.store.credential.change(one.id, kind, () => ({
          keep: { expiresAt: scene.now + 90 * day },
          verdict: null,
        }));
      scene.now += 76 * day;
      await sweep();
      expect(await told(one)).to.have.length(2);
    });

    it('tells nobody who does not use the service now, or has no proven address', async () => {
      const silent = await Promise.all([
        person(10, 10, { setUpAt: null }),
        person(10, 10, { stoppedAt: scene.now }),
        person(10, 10, { deletedAt: scene.now }),
        person(10, 10, { emailProvenAt: null }),
      ]);
      company = await scene.company({ suspendedAt: scene.now });
      const suspended = await person(10);
      await sweep();
      for (const one of [...silent, suspended]) expect(await told(one)).to.deep.equal([]);
    });

    it('tells nothing where passwords do not expire', async () => {
      const one = await person(10);
      const { policy } = scene.tools;
      await sweep({ ...scene.tools, policy: { ...policy, password: { ...policy.password, expiry: null } } });
      expect(await told(one)).to.deep.equal([]);
      await sweep();
      expect(await told(one)).to.have.length(1);
    });

    it('tells each of three hundred once, however many processes sweep', async () => {
      const people = await Promise.all(Array.from({ length: 300 }, () => person(3)));
      const owed = await atOnce(4, () => sweep());
      expect(owed.reduce((sum, n) => sum + n, 0)).to.be.at.least(300);
      for (const one of people) expect(await told(one)).to.have.length(1);
      expect(await sweep()).to.equal(0);
    }).timeout(120_000);
  });
}
