// The bank suspends a company (spec §6): logins, portals, remembered devices and attempts of all its people end, nobody else's,
// and resuming brings nothing back.
import { expect } from 'chai';
import { resumeCompany, suspendCompany } from '../../src/flows/suspend-company.ts';
import type { AccountRow } from '../../src/store/account.ts';
import { bothStores } from '../support/database.ts';
import { addDevice, addLink, addLogin, atOnce } from '../support/rows.ts';
import { flowScene, type Scene } from './scene.ts';

const actor = { kind: 'operator', id: 'command-line' } as const;

for (const { name, open } of bothStores) {
  describe(`the suspension of a company, on ${name}`, () => {
    let scene: Scene;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
    });

    const signedIn = async (person: AccountRow) => {
      const { store } = scene.at;
      const link = await addLink(store, person);
      const [device, login] = [
        await addDevice(store, person.id, link),
        await addLogin(store, person, { linkId: link }),
      ];
      await store.login.enter({
        loginId: login,
        clientId: 'demo-portal',
        sid: `sid ${login}`,
        sessionUid: login,
        accountId: person.id,
        linkId: link,
        at: scene.now,
      });
      return { person, device, login };
    };

    it('ends what its people have, tells their portals, and leaves other companies alone', async () => {
      const { store } = scene.at;
      const [company, other] = [await scene.company(), await scene.company()];
      const people = [await scene.person(company, { role: 'master' }), await scene.person(company)];
      const held = [];
      for (const person of people) held.push(await signedIn(person));
      const neighbour = await signedIn(await scene.person(other));
      const asked = { companyId: company.id, actor };
      expect(await suspendCompany(scene.tools, scene.act(), asked)).to.deep.equal({
        people: 2,
        devices: 2,
        portals: ['demo-portal'],
      });
      expect(await suspendCompany(scene.tools, scene.act(), asked), 'before').to.equal(null);
      for (const { person, device, login } of held) {
        expect(await store.device.find(device)).to.include({ endedAt: scene.now, endedWhy: 'company-suspended' });
        expect(await store.login.find(login)).to.include({ endedWhy: 'company-suspended' });
        expect((await scene.look(person)).account).to.include({ securityEpoch: 2, epochSpares: null, stoppedAt: null });
        expect(await scene.logouts(person)).to.deep.equal(['demo-portal']);
        expect(await scene.mails(person)).to.deep.equal([]);
      }
      expect((await store.device.find(neighbour.device))?.endedAt).to.equal(null);
      expect(await store.login.standing(neighbour.login, scene.now)).not.to.equal(null);

      expect(await resumeCompany(scene.tools, scene.act(), asked)).to.equal(true);
      expect(await resumeCompany(scene.tools, scene.act(), asked), 'before').to.equal(false);
      expect((await store.company.find(company.id))?.suspendedAt).to.equal(null);
      for (const { login } of held) expect(await store.login.standing(login, scene.now)).to.equal(null);
      const events = (await store.audit.list({ chain: company.id }, 100)).map(
        (body): { readonly event: string; readonly actor: unknown } => JSON.parse(body),
      );
      expect(events.map(({ event }) => event)).to.deep.equal(['company.resumed', 'company.suspended']);
      expect(events[0]?.actor).to.deep.equal(actor);
    });

    it('is done once when it is asked many times at once', async () => {
      const company = await scene.company();
      const { device } = await signedIn(await scene.person(company));
      const done = await atOnce(6, () => suspendCompany(scene.tools, scene.act(), { companyId: company.id, actor }));
      expect(done.filter((one) => one !== null)).to.have.length(1);
      expect((await scene.at.store.device.find(device))?.endedWhy).to.equal('company-suspended');
    });
  });
}
