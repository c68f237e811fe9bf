// Locks and stops as a releaser is told of them: who has one, and the facts behind it; of one company alone.
import { expect } from 'chai';
import { bothStores, type OpenStore } from '../support/database.ts';
import {
  addAccount,
  addCompany,
  addDevice,
  addLink,
  addLogin,
  addToken,
  day,
  holdToken,
  minute,
  start,
} from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`locks and stops of a company's people on ${name}`, () => {
    let at: OpenStore;
    let companyId: string;
    before(async () => {
      at = await open();
    });
    beforeEach(async () => {
      companyId = (await addCompany(at.store)).id;
    });

    it('finds everybody with one, or with a certain one, and nobody else', async () => {
      const { store } = at;
      await addAccount(store, companyId);
      await addAccount(store, companyId, { stoppedAt: start, deletedAt: start });
      await addAccount(store, (await addCompany(store)).id, { stoppedAt: start });
      await addAccount(store, companyId, {}, { login: { lockedUntil: start } });
      const locked = await addAccount(store, companyId, {}, { confirmation: { lockedUntil: start + minute } });
      const both = await addAccount(store, companyId, { otpStoppedAt: start }, { login: { stoppedAt: start } });
      const found = async (state: Parameters<typeof store.restriction.people>[1]): Promise<readonly string[]> =>
        store.restriction.people(companyId, state, start);
      expect(await found(null)).to.have.members([locked.id, both.id]);
      expect(await found('otp-stopped')).to.deep.equal([both.id]);
      expect(await found('account-stopped')).to.deep.equal([]);
    });

    it('gives counters, the token’s end and the newest records of each, of the company alone', async () => {
      const { store } = at;
      const person = await addAccount(
        store,
        companyId,
        { otpStoppedAt: start },
        { login: { misses: 5, locks: 3, stoppedAt: start }, confirmation: null },
      );
      const token = await addToken(store, companyId, { expiresAt: start + day });
      await holdToken(store, token.id, person.id);
      const other = await addAccount(store, (await addCompany(store)).id);
      for (let n = 0; n < 20; n += 1)
        await store.transaction((tables) =>
          tables.audit.add({
            chain: companyId,
            at: start + n,
            reference: 'R-1234-5678',
            event: n % 2 === 0 ? 'otp.missed' : 'login.finished',
            accountId: person.id,
            actor: { kind: 'account', id: person.id },
            data: { misses: n },
          }),
        );
      const facts = await store.restriction.facts(companyId, [person.id, other.id, 'nobody']);
      expect(facts).to.have.length(1);
      expect(facts[0]).to.deep.include({ accountId: person.id, confirmation: null, tokenExpiresAt: start + day });
      expect(facts[0]?.login).to.include({ misses: 5, locks: 3, stoppedAt: start, lockedUntil: null });
      const told = facts[0]?.records.map(({ body }) => {
        const record: { readonly at: number } = JSON.parse(body);
        return record.at - start;
      });
      expect(told).to.deep.equal([18, 16, 14, 12, 10, 8, 6, 4, 2, 0]);
      expect(await store.restriction.facts(companyId, [])).to.deep.equal([]);
    });

    it('counts open logins, and ends all devices of the company and of no other', async () => {
      const { store } = at;
      const person = await addAccount(store, companyId);
      const stranger = await addAccount(store, (await addCompany(store)).id);
      await addLogin(store, person);
      await addLogin(store, person, { expiresAt: start });
      expect([...(await store.restriction.logins([person.id, stranger.id], start + 1))]).to.deep.equal([
        [person.id, 1],
      ]);
      for (const each of [person, stranger]) await addDevice(store, each.id, await addLink(store, each));
      expect(await store.device.countOfCompany(companyId)).to.equal(1);
      const ended = await store.transaction((tables) =>
        tables.device.endOfCompany(companyId, start, 'company-settings'),
      );
      expect(ended.map(({ accountId }) => accountId)).to.deep.equal([person.id]);
      expect(await store.device.countOfCompany(companyId)).to.equal(0);
      expect(await store.device.countOfCompany(stranger.companyId)).to.equal(1);
    });
  });
}
