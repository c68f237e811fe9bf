// Remembered devices as the database knows them: written, changed, listed, and ended once.
import { expect } from 'chai';
import type { AccountRow } from '../../src/store/account.ts';
import { bothStores, type OpenStore } from '../support/database.ts';
import { addAccount, addCompany, addDevice, addLink, atOnce, day, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`devices on ${name}`, () => {
    let at: OpenStore;
    let companyId: string;
    let account: AccountRow;
    let linkId: string;
    before(async function () {
      this.timeout(60_000);
      at = await open();
      companyId = (await addCompany(at.store)).id;
    });
    beforeEach(async () => {
      account = await addAccount(at.store, companyId);
      linkId = await addLink(at.store, account);
    });

    it('come back as they were written, and with the generations that were seen', async () => {
      const id = await addDevice(at.store, account.id, linkId, { label: '経理の %_ PC', generation: 3 });
      const row = await at.store.device.find(id);
      expect(row).to.deep.equal({
        id,
        linkId,
        accountId: account.id,
        label: '経理の %_ PC',
        createdAt: start - day,
        usedAt: start - day,
        expiresAt: start + 89 * day,
        epoch: 1,
        generation: 3,
        seen: [],
        endedAt: null,
        endedWhy: null,
      });
      const seen = [{ generation: 3, at: start }];
      await at.store.device.change(id, { usedAt: start, generation: 4, seen });
      expect(await at.store.device.lock(id)).to.deep.equal({ ...row, usedAt: start, generation: 4, seen });
      await at.store.device.change(id, { label: 'new' });
      expect(await at.store.device.find(id)).to.deep.include({ label: 'new', seen });
      expect(await at.store.device.find(newId())).to.equal(null);
      expect(await at.store.device.lock(newId())).to.equal(null);
    });

    it('lose no use under the row’s lock', async () => {
      const id = await addDevice(at.store, account.id, linkId);
      await atOnce(10, () =>
        at.store.transaction(async ({ device }) => {
          const row = await device.lock(id);
          await device.change(id, { generation: (row?.generation ?? 0) + 1 });
        }),
      );
      expect((await at.store.device.find(id))?.generation).to.equal(11);
    });

    it('end one, those of a link, or all of an account; once, and never another’s', async () => {
      const { device } = at.store;
      const other = await addAccount(at.store, companyId);
      const second = await addLink(at.store, account, {}, 2);
      const [one, two, three] = [
        await addDevice(at.store, account.id, linkId),
        await addDevice(at.store, account.id, linkId),
        await addDevice(at.store, account.id, second),
      ];
      const foreign = await addDevice(at.store, other.id, await addLink(at.store, other));
      const ended = async (which: Parameters<typeof device.end>[0], why: string): Promise<readonly string[]> =>
        (await device.end(which, start, why)).map(({ id }) => id);
      expect(await ended({ accountId: account.id, id: foreign }, 'forgotten'), 'of somebody else').to.deep.equal([]);
      expect(await ended({ accountId: account.id, id: one }, 'forgotten')).to.deep.equal([one]);
      expect(await ended({ accountId: account.id, linkId }, 'unlink')).to.deep.equal([two]);
      expect(await ended({ accountId: account.id }, 'password')).to.deep.equal([three]);
      expect(await ended({ accountId: account.id }, 'again')).to.deep.equal([]);
      expect(await device.find(one)).to.include({ endedAt: start, endedWhy: 'forgotten' });
      expect((await device.find(foreign))?.endedAt).to.equal(null);
    });

    it('are ended by one of many who try', async () => {
      await addDevice(at.store, account.id, linkId);
      const ended = await atOnce(6, () => at.store.device.end({ accountId: account.id }, start, 'forgotten'));
      expect(ended.flat()).to.have.length(1);
    });

    it('are listed live first, by their last use, then those that ended since a time', async () => {
      const { device } = at.store;
      const [older, newer, ended, longAgo] = [
        await addDevice(at.store, account.id, linkId, { usedAt: start - 3 }),
        await addDevice(at.store, account.id, linkId, { usedAt: start - 2 }),
        await addDevice(at.store, account.id, linkId, { usedAt: start - 1 }),
        await addDevice(at.store, account.id, linkId),
      ];
      await device.end({ accountId: account.id, id: ended }, start - day, 'forgotten');
      await device.end({ accountId: account.id, id: longAgo }, start - 90 * day, 'forgotten');
      const rows = await device.list(account.id, start - 90 * day);
      expect(rows.map(({ id }) => id)).to.deep.equal([newer, older, ended]);
      const other = await addAccount(at.store, companyId);
      expect((await device.ofAccounts([account.id, other.id])).map(({ id }) => id)).to.deep.equal([newer, older]);
      expect(await device.ofAccounts([])).to.deep.equal([]);
    });
  });
}
