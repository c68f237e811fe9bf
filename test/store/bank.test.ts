// What belongs to the bank and its portals: the deployment's one row, signing keys, service permissions, consent.
import { expect } from 'chai';
import { bothStores, type OpenStore, run } from '../support/database.ts';
import { addAccount, addCompany, atOnce, day, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`the bank's own rows on ${name}`, () => {
    let at: OpenStore;
    before(async function () {
      this.timeout(60_000);
      at = await open();
    });
    const clear = async (): Promise<void> => {
      for (const table of ['signing_key', 'deployment']) await run(at, `delete from ${table}`);
    };
    beforeEach(clear);
    after(clear);

    describe('the deployment', () => {
      const row = { demo: true, createdAt: start, clockOffset: 90, demoSecret: 'secret' };

      it('is begun once, whoever comes first', async () => {
        expect(await at.store.deployment.find()).to.equal(null);
        const begun = await atOnce(6, (n) => at.store.deployment.begin({ ...row, demoSecret: `secret ${n}` }));
        expect(begun.filter(Boolean)).to.have.length(1);
        const { id, ...kept } = { id: 1, ...(await at.store.deployment.find()) };
        expect(id).to.equal(1);
        expect(kept).to.deep.equal({ ...row, demoSecret: `secret ${begun.indexOf(true)}`, smtpUrl: null });
      });

      it('moves the clock forward only, and tells the offset that holds', async () => {
        await at.store.deployment.begin(row);
        expect(await at.store.deployment.forward(60)).to.equal(90);
        expect(await at.store.deployment.forward(3_600)).to.equal(3_600);
        const told = await atOnce(10, (n) => at.store.deployment.forward(4_000 + n));
        expect(Math.max(...told)).to.equal(4_009);
        expect((await at.store.deployment.find())?.clockOffset).to.equal(4_009);
      });

      it('keeps where mails go', async () => {
        await at.store.deployment.begin(row);
        await at.store.deployment.deliverMailTo('smtp://127.0.0.1:25');
        expect((await at.store.deployment.find())?.smtpUrl).to.equal('smtp://127.0.0.1:25');
      });
    });

    it('makes the first signing keys once when many processes start together; the newest is listed first', async () => {
      await at.store.deployment.begin({ demo: false, createdAt: start, clockOffset: 0, demoSecret: null });
      const key = (kid: string, createdAt: number) =>
        ({ kid, alg: 'ES256', sealed: 's', createdAt, retiredAt: null }) as const;
      await atOnce(6, (n) =>
        at.store.transaction(async ({ deployment, signingKey }) => {
          await deployment.lock();
          await signingKey.addFirst([key(`${n} old`, start), key(`${n} new`, start + 1)]);
        }),
      );
      const keys = await at.store.signingKey.list();
      expect(keys.map(({ kid }) => kid.slice(2))).to.deep.equal(['new', 'old']);
      expect(keys[0]).to.deep.equal(key(keys[0]?.kid ?? '', start + 1));
    });

    it('grants portals to an account; again is no mistake', async () => {
      const account = await addAccount(at.store, (await addCompany(at.store)).id);
      await at.store.portalPermission.grant(account.id, ['a', 'b']);
      await at.store.portalPermission.grant(account.id, ['b', 'c']);
      await at.store.portalPermission.grant(account.id, []);
      expect((await at.store.account.person(account.id))?.portals).to.have.members(['a', 'b', 'c']);
    });

    it('remembers a consent to exactly these facts of this portal', async () => {
      const account = await addAccount(at.store, (await addCompany(at.store)).id);
      const { consent } = at.store;
      expect(await consent.given(account.id, 'portal', 'name')).to.equal(false);
      await consent.give(account.id, 'portal', 'name', start);
      expect(await consent.given(account.id, 'portal', 'name')).to.equal(true);
      expect(await consent.given(account.id, 'portal', 'name email')).to.equal(false);
      expect(await consent.given(account.id, 'other', 'name')).to.equal(false);
      expect(await consent.given(newId(), 'portal', 'name')).to.equal(false);
      await consent.give(account.id, 'portal', 'name email', start + day);
      expect(await consent.given(account.id, 'portal', 'name email')).to.equal(true);
      expect(await consent.given(account.id, 'portal', 'name'), 'replaced').to.equal(false);
    });
  });
}
