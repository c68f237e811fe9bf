// Unlinking (spec §7): everything that came through the link ends with it in one transaction; the rest stays.
import { expect } from 'chai';
import { finish } from '../../src/flows/sign-in/finish.ts';
import { findOwn, lookAt } from '../../src/flows/sign-in/look.ts';
import { unlink, type Unlinked } from '../../src/flows/unlink.ts';
import type { SignInRecord } from '../../src/rules/sign-in-record.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord, verifiedUpstream } from '../support/attempt.ts';
import { addDevice, addLink, addLogin, atOnce, minute, newId } from '../support/rows.ts';
import { flowScene, type Scene } from './scene.ts';

describe('unlinking', () => {
  let scene: Scene;
  let company: CompanyRow;
  let person: AccountRow;
  let linkId: string;
  let through: string;
  let direct: string;
  let device: string;
  const enter = (loginId: string, clientId: string): Promise<void> =>
    scene.at.store.login.enter({
      loginId,
      clientId,
      sid: newId(),
      sessionUid: newId(),
      accountId: person.id,
      linkId: loginId === through ? linkId : null,
      at: scene.now,
    });
  before(async () => {
    scene = await flowScene();
    company = await scene.company();
  });
  beforeEach(async () => {
    const { store } = scene.at;
    person = await scene.person(company);
    await scene.token(company, [person]);
    linkId = await addLink(store, person, { display: 'minato04' });
    device = await addDevice(store, person.id, linkId);
    through = await addLogin(store, person, { linkId, deviceId: device });
    direct = await addLogin(store, person);
    await enter(through, 'portal');
    await enter(through, 'other-portal');
    await enter(direct, 'portal');
  });
  const remove = (companyId: string | null = company.id, id = linkId): Promise<Unlinked | null> =>
    unlink(scene.tools, scene.act(), {
      linkId: id,
      companyId,
      actor: { kind: 'account', id: 'the admin' },
      by: 'admin',
      why: 'unlinked-by-admin',
    });

  it('ends link, devices and logins that came through it, tells portals and the person, and writes it down', async () => {
    const { store } = scene.at;
    const unlinked = await remove();
    expect({ ...unlinked, portals: new Set(unlinked?.portals) }).to.deep.equal({
      linkId,
      accountId: person.id,
      display: 'minato04',
      devices: 1,
      portals: new Set(['portal', 'other-portal']),
    });
    expect(await store.link.find(linkId)).to.include({ endedAt: scene.now, endedWhy: 'unlinked-by-admin' });
    expect(await store.device.find(device)).to.include({ endedAt: scene.now, endedWhy: 'unlink' });
    expect(await store.login.standing(through, scene.now)).to.equal(null);
    expect(await store.login.find(through)).to.include({ endedAt: scene.now, endedWhy: 'unlinked' });
    expect(new Set(await scene.logouts(person))).to.deep.equal(new Set(['portal', 'other-portal']));
    expect(await scene.logouts(person)).to.have.length(2);
    const [mail, ...more] = await scene.mails(person);
    expect(more).to.deep.equal([]);
    expect(mail?.mail).to.equal('link-removed');
    expect(mail?.facts).to.deep.equal({ display: 'minato04', devices: 1, logins: 1, loginName: person.loginName });
    const [record] = await scene.records(person);
    expect(record).to.deep.include({ event: 'link.removed', actor: { kind: 'account', id: 'the admin' } });
    expect(record?.data).to.deep.include({ link: linkId, devices: [device], why: 'unlinked-by-admin' });
  });

  it('touches neither direct logins, nor the epoch, nor the token', async () => {
    await remove();
    expect(await scene.at.store.login.standing(direct, scene.now)).to.deep.include({
      accountId: person.id,
      linkId: null,
    });
    expect(await scene.at.store.login.portals({ loginId: direct })).to.deep.equal(['portal']);
    expect((await scene.look(person)).account.securityEpoch).to.equal(1);
  });

  it('answers an unknown, another company’s and an ended link alike, and does nothing', async () => {
    const other = await scene.company();
    expect(await remove(other.id)).to.equal(null);
    expect(await remove(company.id, newId())).to.equal(null);
    expect((await scene.at.store.link.find(linkId))?.endedAt).to.equal(null);
    expect(await remove(null), 'the bank’s operator').not.to.equal(null);
    expect(await remove()).to.equal(null);
    expect(await scene.events(person)).to.deep.equal(['link.removed']);
  });

  it('is done once by many who unlink at once', async () => {
    const unlinked = await atOnce(8, () => remove());
    expect(unlinked.filter((one) => one !== null)).to.have.length(1);
    expect(await scene.events(person)).to.deep.equal(['link.removed']);
    expect(await scene.mails(person)).to.have.length(1);
    expect(await scene.logouts(person)).to.have.length(2);
  });

  it('makes the next one a link of its own: what came through the old one stays void', async () => {
    const { store } = scene.at;
    const before = await store.link.find(linkId);
    await remove();
    const again = await addLink(store, person, { subject: before?.subject ?? '' });
    expect(again).not.to.equal(linkId);
    expect(await store.login.standing(through, scene.now)).to.equal(null);
    expect((await store.device.find(device))?.linkId).to.equal(linkId);
  });

  it('voids a sign-in that is under way: it doesn’t finish, and nothing is written for it', async () => {
    const upstream = verifiedUpstream();
    const waiting: SignInRecord = attemptRecord({
      route: 'federated',
      upstream,
      account: { id: person.id, epoch: 1 },
      linkId,
      device: { deviceId: device, generation: 1, secretHash: 'x' },
      expiresAt: scene.now + 30 * minute,
    });
    await scene.tools.attempts.begin(waiting);
    const present = async () =>
      lookAt(scene.tools, scene.tools.store, await findOwn(scene.tools, waiting.id, waiting.browser), scene.now);
    expect((await present()).step.to).to.equal('finish');
    await remove();
    expect(await finish(scene.tools, scene.act(), waiting, () => null)).to.deep.equal({ verdict: 'look-again' });
    expect((await present()).step).to.deep.include({ to: 'refuse' });
    expect(await scene.at.store.login.ofAttempt(waiting.id)).to.equal(null);
  });

  it('and finishing at the same moment leave one order: finished before it and ended by it, or not finished', async () => {
    for (let round = 0; round < 8; round += 1) {
      const somebody = await scene.person(company);
      await scene.token(company, [somebody]);
      const id = await addLink(scene.at.store, somebody);
      const deviceId = await addDevice(scene.at.store, somebody.id, id);
      const waiting = attemptRecord({
        route: 'federated',
        upstream: verifiedUpstream(),
        account: { id: somebody.id, epoch: 1 },
        linkId: id,
        device: { deviceId, generation: 1, secretHash: 'x' },
        expiresAt: scene.now + 30 * minute,
      });
      await scene.tools.attempts.begin(waiting);
      const [unlinked] = await Promise.all([
        remove(company.id, id),
        finish(scene.tools, scene.act(), waiting, () => null),
      ]);
      expect(unlinked).not.to.equal(null);
      const login = await scene.at.store.login.ofAttempt(waiting.id);
      if (login) expect(await scene.at.store.login.standing(login.id, scene.now)).to.equal(null);
    }
  });
});
