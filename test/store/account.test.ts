// Accounts: everything about one person in one statement, the login-ID register, and the security epoch.
import { expect } from 'chai';
import { epochHolds } from '../../src/rules/standing.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { bothStores, type OpenStore } from '../support/database.ts';
import { addAccount, addCompany, addToken, atOnce, day, holdToken, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`accounts on ${name}`, () => {
    let at: OpenStore;
    let company: CompanyRow;
    before(async function () {
      this.timeout(60_000);
      at = await open();
      company = await addCompany(at.store);
    });

    describe('a person', () => {
      it('comes back as it was written, with company, passwords, token and portals', async () => {
        const { store } = at;
        const far = 8_640_000_000_000_000 / 1_000;
        const account = await addAccount(
          store,
          company.id,
          { waitsUntil: far, language: 'en', email: null, emailProvenAt: null, emailChangedAt: null },
          { login: { history: ['old 1', 'old 2'], expiresAt: start + day, misses: 3 } },
        );
        const token = await addToken(store, company.id, { lastStep: 4_294_967_296_123, lastStepBy: null });
        await holdToken(store, token.id, account.id);
        await store.portalPermission.grant(account.id, ['demo-portal', 'second']);
        const person = await store.account.person(account.id);
        expect(person?.account).to.deep.equal(account);
        expect(person?.company).to.deep.equal(company);
        expect(person?.login).to.include({ kind: 'login', expiresAt: start + day, misses: 3, forced: false });
        expect(person?.login.history).to.deep.equal(['old 1', 'old 2']);
        expect(person?.confirmation).to.include({ kind: 'confirmation', history: person?.confirmation?.history });
        expect(person?.token).to.include({ ...token, registeredAt: start - 10 * day, holders: 1 });
        expect(person?.portals).to.have.members(['demo-portal', 'second']);
        expect(await store.account.find(account.id)).to.deep.equal(account);
      });

      it('has no token, confirmation password or portal until given one, and is null when unknown', async () => {
        const account = await addAccount(at.store, company.id, {}, { confirmation: null });
        const person = await at.store.account.person(account.id);
        expect(person).to.deep.include({ token: null, confirmation: null, portals: [] });
        expect(await at.store.account.person(newId())).to.equal(null);
        expect(await at.store.account.find(newId())).to.equal(null);
      });

      it('counts the present holders of a shared token alone, and shows no token that was given back', async () => {
        const { store } = at;
        const people = await Promise.all([1, 2, 3].map(() => addAccount(store, company.id)));
        const token = await addToken(store, company.id);
        for (const { id } of people) await holdToken(store, token.id, id);
        await store.token.release(people[2]?.id ?? '', start, 'revoked');
        expect((await store.account.person(people[0]?.id ?? ''))?.token?.holders).to.equal(2);
        expect((await store.account.person(people[2]?.id ?? ''))?.token).to.equal(null);
        expect(await store.token.holders(token.id)).to.equal(2);
      });
    });

    describe('login IDs', () => {
      it('are found by their lower-case key, whatever case was chosen', async () => {
        const account = await addAccount(at.store, company.id, { loginName: `MiXed${newId()}` });
        const found = await at.store.account.byLoginName(account.loginName.toLowerCase());
        expect(found).to.deep.equal({ id: account.id, companyId: company.id });
        expect(await at.store.account.byLoginName(account.loginName)).to.equal(null);
      });

      it('are unique without regard to case', async () => {
        const { loginName } = await addAccount(at.store, company.id);
        const twin = await addAccount(at.store, company.id, { loginName: loginName.toUpperCase() }).catch(
          (error: unknown) => error,
        );
        expect(twin).to.be.instanceOf(Error).with.property('code', '23505');
      });

      it('are registered for ever: nobody gets one that another account had', async () => {
        const [one, other] = await Promise.all([1, 2].map(() => addAccount(at.store, company.id)));
        const { account } = at.store;
        const key = `k${newId()}`;
        expect(await account.reserveLoginName(one?.id ?? '', key, start)).to.equal(true);
        await account.change(one?.id ?? '', { loginNameReserved: key.toUpperCase() });
        expect(await account.reserveLoginName(one?.id ?? '', key, start), 'its own unfinished choice').to.equal(true);
        expect(await account.reserveLoginName(other?.id ?? '', key, start)).to.equal(false);
        await account.change(one?.id ?? '', { loginNameReserved: `another${newId()}` });
        expect(await account.reserveLoginName(other?.id ?? '', key, start), 'given up, but was chosen').to.equal(false);
        expect(await account.reserveLoginName(one?.id ?? '', key, start), 'not even by itself').to.equal(false);
      });

      it('go to exactly one of many who choose the same at once', async () => {
        for (let round = 0; round < 5; round += 1) {
          const people = await Promise.all(Array.from({ length: 8 }, () => addAccount(at.store, company.id)));
          const key = `k${newId()}`;
          const won = await atOnce(people.length, (index) => {
            const { id } = people[index] ?? { id: '' };
            return at.store.transaction(async ({ account }) => {
              await account.lock(id);
              const mine = await account.reserveLoginName(id, key, start);
              if (mine) await account.change(id, { loginNameReserved: key });
              return mine;
            });
          });
          expect(won.filter(Boolean)).to.have.length(1);
          const reserved = await Promise.all(people.map(({ id }) => at.store.account.find(id)));
          expect(reserved.map((row) => row?.loginNameReserved === key)).to.deep.equal(won);
        }
      });
    });

    describe('the security epoch', () => {
      let account: AccountRow;
      const holds = async (id: string, epoch: number): Promise<boolean> => {
        const row = await at.store.account.find(account.id);
        return row !== null && epochHolds({ id, epoch }, row);
      };
      beforeEach(async () => {
        account = await addAccount(at.store, company.id);
      });

      it('rises by one, and everything that saw an earlier one is void', async () => {
        expect(await holds('login', 1)).to.equal(true);
        expect(await at.store.account.raiseEpoch(account.id, null)).to.equal(2);
        expect(await holds('login', 1)).to.equal(false);
        expect(await holds('login', 2)).to.equal(true);
        expect(await at.store.account.find(account.id)).to.include({ epochSpares: null, epochSparesFrom: null });
      });

      it('spares the one that makes the change, also when it makes several', async () => {
        const { raiseEpoch } = at.store.account;
        await raiseEpoch(account.id, { id: 'attempt', epoch: 1 });
        await raiseEpoch(account.id, { id: 'attempt', epoch: 1 });
        await raiseEpoch(account.id, { id: 'attempt', epoch: 1 });
        expect(await holds('attempt', 1)).to.equal(true);
        expect(await holds('login', 1)).to.equal(false);
        expect(await holds('login', 3), 'one that began in between').to.equal(false);
        expect(await holds('login', 4)).to.equal(true);
      });

      it('voids the spared one at the next change by anybody else', async () => {
        const { raiseEpoch } = at.store.account;
        await raiseEpoch(account.id, { id: 'attempt', epoch: 1 });
        await raiseEpoch(account.id, { id: 'other', epoch: 2 });
        expect(await holds('attempt', 1)).to.equal(false);
        expect(await holds('other', 2)).to.equal(true);
        await raiseEpoch(account.id, null);
        expect(await holds('other', 2)).to.equal(false);
      });

      it('loses no rise when many happen at once, and spares the last one alone', async () => {
        await atOnce(10, (index) => at.store.account.raiseEpoch(account.id, { id: `attempt ${index}`, epoch: 1 }));
        const row = await at.store.account.find(account.id);
        expect(row?.securityEpoch).to.equal(11);
        const spared = await Promise.all(Array.from({ length: 10 }, (_each, index) => holds(`attempt ${index}`, 1)));
        expect(spared.filter(Boolean)).to.have.length(1);
      });

      it('comes back with a rolled-back transaction', async () => {
        const undone = await at.store
          .transaction(async (tables) => {
            await tables.account.raiseEpoch(account.id, null);
            throw new Error('undone');
          })
          .catch((error: unknown) => error);
        expect(undone).to.be.instanceOf(Error).with.property('message', 'undone');
        expect((await at.store.account.find(account.id))?.securityEpoch).to.equal(1);
      });
    });
  });
}
