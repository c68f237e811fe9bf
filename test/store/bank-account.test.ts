// A company's bank accounts: loaded whole, granted to its people, told to portals as a claim.
import { expect } from 'chai';
import { bothStores, type OpenStore } from '../support/database.ts';
import { addAccount, addCompany, addLogin, newId, start } from '../support/rows.ts';

const line = (accountNumber: string, memo = '') => ({
  branchCode: '100',
  branchName: '本店',
  kind: '普通',
  number: accountNumber,
  memo,
});

for (const { name, open } of bothStores) {
  describe(`bank accounts on ${name}`, () => {
    let at: OpenStore;
    let companyId: string;
    before(async function () {
      this.timeout(60_000);
      at = await open();
    });
    beforeEach(async () => {
      companyId = (await addCompany(at.store)).id;
    });

    it('are those of the last list: added, changed, removed with their grants', async () => {
      const { bankAccount } = at.store;
      expect(await bankAccount.load(companyId, [line('1000001'), line('1000002')], newId)).to.deep.equal({
        added: 2,
        changed: 0,
        removed: 0,
      });
      const person = await addAccount(at.store, companyId);
      const [first, second] = await bankAccount.ofCompany(companyId);
      await bankAccount.grantOnly(person.id, [first?.id ?? '', second?.id ?? '']);
      const next = [line('1000002', '経費'), line('1000003')];
      expect(await bankAccount.load(companyId, next, newId)).to.deep.equal({ added: 1, changed: 1, removed: 1 });
      expect(await bankAccount.load(companyId, next, newId)).to.deep.equal({ added: 0, changed: 0, removed: 0 });
      const rows = await bankAccount.ofCompany(companyId);
      expect(rows.map(({ id, number: digits, memo }) => [id === second?.id, digits, memo])).to.deep.equal([
        [true, '1000002', '経費'],
        [false, '1000003', ''],
      ]);
      expect(await bankAccount.granted(person.id)).to.deep.equal([second?.id]);
    });

    it('are granted exactly, and told with the person’s claims', async () => {
      const { bankAccount, account, login } = at.store;
      await bankAccount.load(companyId, [line('2000001'), line('2000002')], newId);
      const [first, second] = await bankAccount.ofCompany(companyId);
      const person = await addAccount(at.store, companyId);
      await bankAccount.grantOnly(person.id, [first?.id ?? '', second?.id ?? '']);
      await bankAccount.grantOnly(person.id, [second?.id ?? '']);
      const claim = [{ branchCode: '100', branchName: '本店', kind: '普通', number: '2000002' }];
      expect((await account.told(person.id))?.bankAccounts).to.deep.equal(claim);
      const id = await addLogin(at.store, person);
      expect((await login.standing(id, start))?.told.bankAccounts).to.deep.equal(claim);
      await bankAccount.grantOnly(person.id, []);
      expect((await account.told(person.id))?.bankAccounts).to.deep.equal([]);
    });

    it('holds thousands of one company, and nothing of another one', async function () {
      this.timeout(30_000);
      const other = (await addCompany(at.store)).id;
      const many = Array.from({ length: 2_500 }, (_each, index) => line(String(3_000_000 + index)));
      expect((await at.store.bankAccount.load(companyId, many, newId)).added).to.equal(2_500);
      expect(await at.store.bankAccount.ofCompany(companyId)).to.have.length(2_500);
      expect(await at.store.bankAccount.ofCompany(other)).to.deep.equal([]);
    });
  });
}
