// The outbox: what a committed change owes is leased to one worker at a time, given again when it was not delivered, and not
// kept once it was.
import { expect } from 'chai';
import { bothStores, chainMac, type OpenStore, run } from '../support/database.ts';
import { createStore } from '../../src/store/store.ts';
import { addAccount, addCompany, atOnce, minute, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`the outbox on ${name}`, () => {
    let at: OpenStore;
    const add = async (patch: { readonly kind?: 'mail' | 'logout'; readonly due?: number } = {}): Promise<string> => {
      const id = newId();
      await at.store.outbox.add(
        { id, kind: patch.kind ?? 'mail', payload: { to: 'a@example.jp' } },
        patch.due ?? start,
      );
      return id;
    };
    before(async function () {
      this.timeout(60_000);
      at = await open();
    });
    beforeEach(() => run(at, 'delete from outbox'));

    it('gives an entry as it was written, with the number of the try', async () => {
      const id = newId();
      const payload = {
        mail: 'link-made',
        at: start,
        facts: { display: 'みなと', loginName: null, list: [1, { twoWords: 2 }] },
      };
      await at.store.outbox.add({ id, kind: 'mail', payload }, start);
      const [first] = await at.store.outbox.claim('mail', start, minute, 10);
      expect(first).to.deep.equal({ id, kind: 'mail', payload, tries: 1, createdAt: start });
      const [second] = await at.store.outbox.claim('mail', start + minute, minute, 10);
      expect(second).to.include({ id, tries: 2 });
    });

    it('gives what is due, of one kind, no more than asked for', async () => {
      const [one, two] = [await add({ due: start - 2 }), await add({ due: start - 1 })];
      await add({ due: start + 1 });
      await add({ kind: 'logout' });
      const [oldest, ...more] = await at.store.outbox.claim('mail', start, minute, 1);
      expect(oldest?.id).to.equal(one);
      expect(more).to.deep.equal([]);
      expect((await at.store.outbox.claim('mail', start, minute, 10)).map(({ id }) => id)).to.deep.equal([two]);
      expect(await at.store.outbox.claim('mail', start, minute, 10)).to.deep.equal([]);
      expect(await at.store.outbox.waiting('mail')).to.equal(3);
    });

    it('gives no entry to two workers, however many ask at once, and leaves none out', async () => {
      for (let round = 0; round < 3; round += 1) {
        const ids = await Promise.all(Array.from({ length: 30 }, () => add()));
        const taken: string[] = [];
        for (let more = true; more;) {
          const claims = await atOnce(6, () => at.store.outbox.claim('mail', start, minute, 3));
          for (const claim of claims) expect(claim.length).to.be.at.most(3);
          taken.push(...claims.flat().map(({ id }) => id));
          more = claims.some((claim) => claim.length > 0);
        }
        expect(taken.toSorted()).to.deep.equal(ids.toSorted());
        await run(at, 'delete from outbox');
      }
    });

    it('gives an entry again when its worker did not tell: its lease is over to the millisecond', async () => {
      await add();
      await at.store.outbox.claim('mail', start, minute, 1);
      expect(await at.store.outbox.claim('mail', start + minute - 1, minute, 1)).to.deep.equal([]);
      expect(await at.store.outbox.claim('mail', start + minute, minute, 1)).to.have.length(1);
    });

    it('waits after a failure as long as it is told, and keeps a short reason', async () => {
      const id = await add();
      await at.store.outbox.claim('mail', start, minute, 1);
      await at.store.outbox.retry(id, start + 5 * minute, 'x'.repeat(1_000));
      expect(await at.store.outbox.claim('mail', start + 5 * minute - 1, minute, 1)).to.deep.equal([]);
      const [row] = await run(at, `select length(failed_why) as n from outbox where id = '${id}'`);
      expect(row?.['n']).to.equal(200);
      expect(await at.store.outbox.claim('mail', start + 5 * minute, minute, 1)).to.have.length(1);
    });

    it('forgets what was sent: an e-mail code does not outlive its mail', async () => {
      const id = newId();
      await at.store.outbox.add({ id, kind: 'mail', payload: { facts: { code: '12345678' } } }, start);
      await at.store.outbox.claim('mail', start, minute, 1);
      await at.store.outbox.sent(id, start + 1);
      expect(await at.store.outbox.claim('mail', start + 10 * minute, minute, 1)).to.deep.equal([]);
      expect(await at.store.outbox.waiting('mail')).to.equal(0);
      const [row] = await run(at, `select outbox::text as row from outbox where id = '${id}'`);
      expect(String(row?.['row'])).not.to.include('12345678');
    });

    it('owes nothing for a change that was rolled back, and rings once for one that commits', async () => {
      let rings = 0;
      const store = createStore(at.database, chainMac, () => (rings += 1));
      const account = await addAccount(store, (await addCompany(store)).id);
      const change = (fails: boolean): Promise<void> =>
        store.transaction(async (tables) => {
          await tables.account.change(account.id, { name: 'changed' });
          for (const id of [newId(), newId()]) await tables.outbox.add({ id, kind: 'mail', payload: {} }, start);
          if (fails) throw new Error('undone');
        });
      await change(true).catch(() => {});
      expect(await store.outbox.waiting('mail')).to.equal(0);
      expect(rings).to.equal(0);
      await change(false);
      expect(await store.outbox.waiting('mail')).to.equal(2);
      expect(rings).to.equal(1);
    });
  });
}
