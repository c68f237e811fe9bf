// Companies, and how many of their people can release others.
import { expect } from 'chai';
import { bothStores, type OpenStore } from '../support/database.ts';
import { addLink, addAccount, addCompany, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`companies on ${name}`, () => {
    let at: OpenStore;
    let companyId: string;
    before(async function () {
      this.timeout(60_000);
      at = await open();
    });
    beforeEach(async () => {
      companyId = (await addCompany(at.store)).id;
    });

    it('are found by id and by contract number, as they were written', async () => {
      const row = await addCompany(at.store, { suspendedAt: start, rememberAllowed: false, otpAppliedAt: null });
      expect(await at.store.company.find(row.id)).to.deep.equal(row);
      expect(await at.store.company.byContract(row.contractNumber)).to.deep.equal(row);
      expect(await at.store.company.find(newId())).to.equal(null);
      expect(await at.store.company.byContract('none')).to.equal(null);
    });

    it('counts as releasers masters and admins who are set up and not stopped, but the one who asks', async () => {
      const { store } = at;
      const master = await addAccount(store, companyId, { role: 'master' });
      await addAccount(store, companyId, { role: 'admin' });
      await addAccount(store, companyId, { role: 'admin', setUpAt: null });
      await addAccount(store, companyId, { role: 'admin', stoppedAt: start });
      const stopped = { misses: 5, locks: 3, stoppedAt: start };
      await addAccount(store, companyId, { role: 'admin' }, { confirmation: stopped });
      const linked = await addAccount(store, companyId, { role: 'admin' }, { login: stopped });
      const member = await addAccount(store, companyId);
      expect(await store.company.releasers(companyId, master.id)).to.equal(1);
      expect(await store.company.releasers(companyId, member.id)).to.equal(2);
      await addLink(store, linked);
      expect(await store.company.releasers(companyId, member.id), 'who comes through the link').to.equal(3);
    });

    it('counts nobody of another company as a releaser', async () => {
      const other = await addCompany(at.store);
      await addAccount(at.store, other.id, { role: 'admin' });
      expect(await at.store.company.releasers(companyId, 'nobody')).to.equal(0);
    });
  });
}
