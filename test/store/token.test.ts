// Tokens and their holders: one at a time for a person, as many people as share one, and the last accepted step.
import { expect } from 'chai';
import { bothStores, type OpenStore } from '../support/database.ts';
import { addAccount, addCompany, addToken, atOnce, holdToken, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`tokens on ${name}`, () => {
    let at: OpenStore;
    let companyId: string;
    before(async function () {
      this.timeout(60_000);
      at = await open();
      companyId = (await addCompany(at.store)).id;
    });

    it('are found by id and by serial number, as they were written', async () => {
      const row = await addToken(at.store, null, {
        algorithm: 'SHA512',
        period: 30,
        digits: 8,
        drift: -2,
        expiresAt: null,
      });
      expect(await at.store.token.lock(row.id)).to.deep.equal(row);
      expect(await at.store.token.lockBySerial(row.serial ?? '')).to.deep.equal(row);
      expect(await at.store.token.lock(newId())).to.equal(null);
      expect(await at.store.token.lockBySerial(newId())).to.equal(null);
    });

    it('keep the accepted step, whose it was, and the drift', async () => {
      const { id } = await addToken(at.store, companyId);
      const holder = await addAccount(at.store, companyId);
      await at.store.token.accepted(id, 29_700_000, holder.id, -3);
      expect(await at.store.token.lock(id)).to.include({ lastStep: 29_700_000, lastStepBy: holder.id, drift: -3 });
    });

    it('are held by several people, each of whom holds one', async () => {
      const [one, two] = [await addToken(at.store, companyId), await addToken(at.store, companyId)];
      const [a, b] = [await addAccount(at.store, companyId), await addAccount(at.store, companyId)];
      await holdToken(at.store, one.id, a.id);
      await holdToken(at.store, one.id, b.id);
      expect(await at.store.token.holders(one.id)).to.equal(2);
      const second = await holdToken(at.store, two.id, a.id).catch((error: unknown) => error);
      expect(second).to.be.instanceOf(Error).with.property('code', '23505');
      await at.store.token.release(a.id, start, 'revoked');
      expect(await at.store.token.holders(one.id)).to.equal(1);
      await holdToken(at.store, two.id, a.id);
      expect((await at.store.account.person(a.id))?.token?.id).to.equal(two.id);
    });

    it('accept a step once, whoever of the sharers comes first, under the token’s lock', async () => {
      const { id } = await addToken(at.store, companyId);
      const people = await Promise.all(Array.from({ length: 8 }, () => addAccount(at.store, companyId)));
      const won = await atOnce(people.length, (index) =>
        at.store.transaction(async ({ account, token }) => {
          const by = people[index]?.id ?? '';
          await account.lock(by);
          const row = await token.lock(id);
          if (!row || (row.lastStep !== null && row.lastStep >= 7)) return false;
          await token.accepted(id, 7, by, 0);
          return true;
        }),
      );
      expect(won.filter(Boolean)).to.have.length(1);
      expect((await at.store.token.lock(id))?.lastStepBy).to.equal(people[won.indexOf(true)]?.id);
    });
  });
}
