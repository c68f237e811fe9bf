// Logins: the receipt as it was written, the one question whether a login still stands, and the portals entered through it.
import { expect } from 'chai';
import type { AccountRow } from '../../src/store/account.ts';
import { bothStores, type OpenStore, run } from '../support/database.ts';
import { addAccount, addCompany, addDevice, addLink, addLogin, atOnce, minute, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`logins on ${name}`, () => {
    let at: OpenStore;
    let companyId: string;
    let account: AccountRow;
    before(async function () {
      this.timeout(60_000);
      at = await open();
    });
    beforeEach(async () => {
      companyId = (await addCompany(at.store)).id;
      account = await addAccount(at.store, companyId);
    });

    it('come back as they were written, with the whole receipt', async () => {
      const row = {
        id: newId(),
        attemptId: newId(),
        accountId: account.id,
        companyId,
        linkId: await addLink(at.store, account),
        route: 'federated',
        clientId: 'demo-portal',
        receipt: {
          upstream: { issuer: 'https://bd.example', subject: 'x', display: 'みなと_04' },
          passwordAt: null,
          otp: { at: start, tokenId: 't', step: 29_000_000, kind: 'hardware', shared: true, by: 'code' },
          otpAnswer: 'asked',
          rememberedHere: true,
          acr: 'urn:renkei:acr:federated-otp',
          amr: ['fed', 'otp'],
          authTime: start - minute,
          policyVersion: 'demo-12ab',
          rows: [
            { row: '4', at: start },
            { row: '12', at: start + 1 },
          ],
          browser: 'Windows の Chrome',
          reference: 'R-0000-0000',
        },
        deviceId: null,
        browser: 'hash of a cookie',
        epoch: 1,
        startedAt: start,
        expiresAt: start + minute,
      } as const;
      await at.store.login.add(row);
      const kept = { ...row, replacedBy: null, endedAt: null, endedWhy: null };
      expect(await at.store.login.find(row.id)).to.deep.equal(kept);
      expect(await at.store.login.ofAttempt(row.attemptId)).to.deep.equal(kept);
      expect(await at.store.login.find(newId())).to.equal(null);
      expect(await at.store.login.ofAttempt(newId())).to.equal(null);
    });

    it('know those of the same person in the same browser that are open', async () => {
      const browser = newId();
      const other = await addAccount(at.store, companyId);
      const own = await addLogin(at.store, account, { browser });
      const beside = await addLogin(at.store, account, { browser });
      await addLogin(at.store, account, { browser: newId() });
      await addLogin(at.store, other, { browser });
      await at.store.login.end({ ids: [await addLogin(at.store, account, { browser })] }, start, 'signed-out');
      expect(await at.store.login.beside(account.id, [own])).to.have.members([own, beside]);
      expect(await at.store.login.beside(other.id, [own])).to.deep.equal([]);
      // Those of no known browser have nobody beside them, not each other.
      expect(await at.store.login.beside(account.id, [await addLogin(at.store, account)])).to.deep.equal([]);
      expect(await at.store.login.beside(account.id, [])).to.deep.equal([]);
    });

    it('are made once for an attempt', async () => {
      const attemptId = newId();
      await addLogin(at.store, account, { attemptId });
      const error = await addLogin(at.store, account, { attemptId }).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(Error).with.property('code', '23505');
    });

    describe('stand', () => {
      let linkId: string;
      let id: string;
      beforeEach(async () => {
        linkId = await addLink(at.store, account);
        id = await addLogin(at.store, account, { linkId, expiresAt: start + minute });
      });
      const stands = async (login = id, now = start): Promise<boolean> =>
        (await at.store.login.standing(login, now)) !== null;

      it('for whom they were made, with the link that they came through', async () => {
        expect(await at.store.login.standing(id, start)).to.deep.include({ accountId: account.id, linkId });
        const direct = await addLogin(at.store, account);
        expect(await at.store.login.standing(direct, start)).to.deep.include({
          accountId: account.id,
          linkId: null,
        });
        expect(await at.store.login.standing(newId(), start)).to.equal(null);
      });

      it('until they expire, to the millisecond', async () => {
        expect(await stands(id, start + minute - 1)).to.equal(true);
        expect(await stands(id, start + minute)).to.equal(false);
      });

      it('until they are ended, also as one that was replaced', async () => {
        await at.store.login.end({ ids: [id] }, start, 'signed-out');
        expect(await stands()).to.equal(false);
        const [old, middle, newest] = [
          await addLogin(at.store, account),
          await addLogin(at.store, account),
          await addLogin(at.store, account),
        ];
        await at.store.login.replace(old, middle);
        await at.store.login.replace(middle, newest);
        expect(await stands(old), 'replaced, not ended').to.equal(true);
        const ended = await at.store.login.end({ ids: [newest] }, start, 'signed-out');
        expect(ended).to.have.members([old, middle, newest]);
        expect(await stands(old)).to.equal(false);
      });

      it('until the epoch rises, but for the one that is spared', async () => {
        const sparing = await addLogin(at.store, account);
        await at.store.account.raiseEpoch(account.id, { id: sparing, epoch: 1 });
        expect(await stands()).to.equal(false);
        expect(await stands(sparing)).to.equal(true);
        expect(await stands(await addLogin(at.store, account, { epoch: 2 })), 'made since').to.equal(true);
        await at.store.account.raiseEpoch(account.id, null);
        expect(await stands(sparing)).to.equal(false);
      });

      it('while the account is neither stopped nor its one-time password, and the company not suspended', async () => {
        const { store } = at;
        await store.account.change(account.id, { stoppedAt: start });
        expect(await stands()).to.equal(false);
        await store.account.change(account.id, { stoppedAt: null, otpStoppedAt: start });
        expect(await stands()).to.equal(false);
        await store.account.change(account.id, { otpStoppedAt: null });
        expect(await stands()).to.equal(true);
        await run(at, `update company set suspended_at = ${start} where id = '${companyId}'`);
        expect(await stands()).to.equal(false);
      });

      it('while their link is live; a direct login does not ask for it', async () => {
        const direct = await addLogin(at.store, account);
        await at.store.link.end(linkId, start, 'unlinked-by-self');
        expect(await stands()).to.equal(false);
        expect(await stands(direct)).to.equal(true);
        const again = await addLink(at.store, account);
        expect(again).not.to.equal(linkId);
        expect(await stands(), 'a new link does not bring it back').to.equal(false);
      });

      it('is asked in one statement', async () => {
        const before = at.database.statements();
        await stands();
        expect(at.database.statements() - before).to.equal(1);
      });
    });

    describe('end', () => {
      it('by link: those that came through it and no others', async () => {
        const linkId = await addLink(at.store, account);
        const [through, direct] = [await addLogin(at.store, account, { linkId }), await addLogin(at.store, account)];
        expect(await at.store.login.end({ linkId }, start, 'unlinked')).to.deep.equal([through]);
        expect(await at.store.login.end({ linkId }, start, 'again')).to.deep.equal([]);
        expect(await at.store.login.find(through)).to.include({ endedAt: start, endedWhy: 'unlinked' });
        expect((await at.store.login.find(direct))?.endedAt).to.equal(null);
      });

      it('by account: all, or all but one and what that one replaced; nobody else’s', async () => {
        const stranger = await addLogin(at.store, await addAccount(at.store, companyId));
        const [old, kept, other] = [
          await addLogin(at.store, account),
          await addLogin(at.store, account),
          await addLogin(at.store, account),
        ];
        await at.store.login.replace(old, kept);
        const { end } = at.store.login;
        expect(await end({ accountId: account.id, but: kept }, start, 'password-changed')).to.deep.equal([other]);
        expect(await end({ accountId: account.id, but: null }, start, 'stopped')).to.have.members([old, kept]);
        expect(await end({ ids: [] }, start, 'none')).to.deep.equal([]);
        expect((await at.store.login.find(stranger))?.endedAt).to.equal(null);
      });
    });

    it('beyond the newest few are the surplus: not those that ended, expired, or were replaced', async () => {
      const add = (n: number, patch: Parameters<typeof addLogin>[2] = {}): Promise<string> =>
        addLogin(at.store, account, { startedAt: start + n, ...patch });
      const ids = [await add(1), await add(2), await add(3), await add(4)];
      const replaced = await add(0);
      await at.store.login.replace(replaced, ids[3] ?? '');
      await at.store.login.end({ ids: [await add(5)] }, start, 'signed-out');
      await add(6, { expiresAt: start });
      expect(await at.store.login.surplus(account.id, 2, start)).to.deep.equal([ids[1], ids[0]]);
      expect(await at.store.login.surplus(account.id, 4, start)).to.deep.equal([]);
    });

    it('tell the one before, the number through a link, and the browsers of remembered devices', async () => {
      const { store } = at;
      const linkId = await addLink(store, account);
      const deviceId = await addDevice(store, account.id, linkId);
      const first = await addLogin(store, account, { linkId, deviceId });
      const second = await addLogin(store, account, { linkId, startedAt: start + 1 });
      expect((await store.login.previous(account.id, start + 1))?.id).to.equal(first);
      expect((await store.login.previous(account.id, start + 2))?.id).to.equal(second);
      expect(await store.login.previous(account.id, start)).to.equal(null);
      expect(await store.login.count({ linkId }, start)).to.equal(2);
      await store.login.replace(first, second);
      expect(await store.login.count({ linkId }, start)).to.equal(1);
      expect([...(await store.login.browsers(account.id))]).to.deep.equal([[deviceId, 'Windows の Chrome']]);
    });

    describe('and the portals entered through them', () => {
      let linkId: string;
      let login: string;
      const enter = (clientId: string, sid = newId(), loginId = login): Promise<void> =>
        at.store.login.enter({
          loginId,
          clientId,
          sid,
          sessionUid: `session of ${login}`,
          accountId: account.id,
          linkId,
          at: start,
        });
      beforeEach(async () => {
        linkId = await addLink(at.store, account);
        login = await addLogin(at.store, account, { linkId });
      });

      it('are entered by permission where one is asked, and by none once it is gone', async () => {
        const { portalPermission } = at.store;
        const portal = {
          loginId: login,
          clientId: 'granted',
          sid: newId(),
          sessionUid: `session of ${login}`,
          accountId: account.id,
          linkId,
          at: start,
        };
        expect(await portalPermission.enter(portal)).to.equal(false);
        await portalPermission.grant(account.id, ['granted']);
        expect(await portalPermission.enter(portal)).to.equal(true);
        expect(await portalPermission.enter(portal), 'again').to.equal(true);
        expect(await at.store.login.portals({ loginId: login })).to.deep.equal(['granted']);
        expect(await portalPermission.enteredThrough(account.id, ['granted'], start)).to.deep.equal([login]);
        await portalPermission.revoke(account.id, ['granted']);
        expect(await portalPermission.enter({ ...portal, sid: newId() })).to.equal(false);
      });

      it('are noted once, with the newest sid', async () => {
        await enter('portal', 'old sid');
        await enter('portal', 'new sid');
        await enter('other');
        expect(await at.store.login.portals({ loginId: login })).to.have.members(['portal', 'other']);
        expect(await at.store.login.portals({ linkId })).to.have.members(['portal', 'other']);
        expect(await at.store.login.ofSession(account.id, `session of ${login}`)).to.deep.equal([login]);
        const left = await at.store.login.leave([login], start);
        expect(left.map(({ clientId, sid }) => `${clientId} ${sid}`)).to.include('portal new sid');
        expect(await at.store.login.leave([], start)).to.deep.equal([]);
      });

      it('are given to one of many who end the login, so that each is told once', async () => {
        for (const clientId of ['a', 'b', 'c']) await enter(clientId);
        const left = (await atOnce(6, () => at.store.login.leave([login], start))).flat();
        expect(left.map(({ clientId }) => clientId).toSorted()).to.deep.equal(['a', 'b', 'c']);
        expect(await at.store.login.portals({ loginId: login })).to.deep.equal([]);
        await enter('a');
        expect(await at.store.login.portals({ loginId: login }), 'entered again').to.deep.equal(['a']);
      });

      it('are told when their logout has left the outbox', async () => {
        await enter('a', 'sid of a');
        await enter('b', 'sid of b');
        await at.store.login.leave([login], start + 5);
        const id = newId();
        const payload = { clientId: 'a', accountId: account.id, sid: 'sid of a' };
        await at.store.outbox.add({ id, kind: 'logout', payload }, start);
        const { left } = at.store.login;
        expect(await left('linkId', [linkId], start + 5)).to.deep.equal([
          { clientId: 'a', told: false },
          { clientId: 'b', told: true },
        ]);
        await at.store.outbox.sent(id, start);
        expect((await left('linkId', [linkId], start + 5)).every(({ told }) => told)).to.equal(true);
        expect(await left('linkId', [linkId], start)).to.deep.equal([]);
        expect(await left('linkId', [], start + 5)).to.deep.equal([]);
      });
    });
  });
}
