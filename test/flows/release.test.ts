// Releasing locks (利用停止解除): each on its own, told and written down, and nothing comes back with it but the guessing.
import { expect } from 'chai';
import { guess } from '../../src/flows/guess.ts';
import { checkOtp } from '../../src/flows/otp.ts';
import { type Lock, release } from '../../src/flows/release.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { addDevice, addLink, addLogin, minute, newId } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene, type Token, wrongPassword } from './scene.ts';

describe('releasing locks', () => {
  let scene: Scene;
  let company: CompanyRow;
  let person: AccountRow;
  let token: Token;
  before(async () => {
    scene = await flowScene();
    company = await scene.company();
  });
  beforeEach(async () => {
    person = await scene.person(company);
    token = await scene.token(company, [person]);
  });
  const setFree = (locks: readonly Lock[], accountId = person.id): Promise<readonly Lock[] | null> =>
    release(scene.tools, scene.act(), { accountId, locks, actor: { kind: 'operator', id: 'desk-1' }, by: 'desk' });
  const lockAll = async (): Promise<void> => {
    for (const kind of ['login', 'confirmation'] as const)
      for (let n = 0; n < 5; n += 1) await guess(scene.tools, scene.act(), person.id, kind, wrongPassword);
    for (let n = 0; n < 5; n += 1) await checkOtp(scene.tools, scene.act(), person.id, token.wrong(), null, null);
  };
  const open = async (): Promise<Readonly<Record<Lock, boolean>>> => {
    const right = async (kind: 'login' | 'confirmation'): Promise<boolean> =>
      (await guess(scene.tools, scene.act(), person.id, kind, rightPassword)).verdict === 'right';
    scene.now += minute;
    const otp = await checkOtp(scene.tools, scene.act(), person.id, token.code(), null, null);
    return { login: await right('login'), confirmation: await right('confirmation'), otp: otp.verdict === 'accepted' };
  };

  for (const lock of ['login', 'confirmation', 'otp'] as const) {
    it(`releases ${lock} alone, tells the person, and says in the record who did it`, async () => {
      await lockAll();
      expect(await setFree([lock])).to.deep.equal([lock]);
      const told = (await scene.mails(person)).filter(({ mail }) => mail === 'released');
      const states = { login: 'password-locked', confirmation: 'confirmation-locked', otp: 'otp-stopped' };
      const remaining = Object.entries(states)
        .flatMap(([other, state]) => (other === lock ? [] : [state]))
        .join(' ');
      expect(told.map(({ facts }) => facts)).to.deep.equal([{ [lock]: true, remaining }]);
      const record = (await scene.records(person)).at(-1);
      expect(record).to.deep.include({ event: 'lock.released', actor: { kind: 'operator', id: 'desk-1' } });
      expect(record?.data['locks']).to.deep.equal([lock]);
      const none = { login: false, confirmation: false, otp: false };
      expect(await open()).to.deep.equal({ ...none, [lock]: true });
    });
  }

  it('releases all that stand at once, with one mail and one record', async () => {
    await lockAll();
    const before = (await scene.events(person)).length;
    expect(await setFree(['login', 'confirmation', 'otp'])).to.have.members(['login', 'confirmation', 'otp']);
    expect((await scene.events(person)).slice(before)).to.deep.equal(['lock.released']);
    expect((await scene.mails(person)).filter(({ mail }) => mail === 'released')).to.have.length(1);
    expect(await open()).to.deep.equal({ login: true, confirmation: true, otp: true });
  });

  it('releases a stop too, and the tiers begin anew', async () => {
    for (let lock = 0; lock < 3; lock += 1) {
      for (let n = 0; n < 5; n += 1) await guess(scene.tools, scene.act(), person.id, 'login', wrongPassword);
      scene.now += 30 * minute;
    }
    expect((await scene.look(person)).login.stoppedAt).not.to.equal(null);
    expect(await setFree(['login'])).to.deep.equal(['login']);
    expect((await scene.look(person)).login).to.include({ misses: 0, locks: 0, lockedUntil: null, stoppedAt: null });
  });

  it('writes and tells nothing when nothing is locked, and does not give back misses', async () => {
    for (let n = 0; n < 4; n += 1) await guess(scene.tools, scene.act(), person.id, 'login', wrongPassword);
    const before = await scene.events(person);
    expect(await setFree(['login', 'confirmation', 'otp'])).to.deep.equal([]);
    expect(await scene.events(person)).to.deep.equal(before);
    expect(await scene.mails(person)).to.deep.equal([]);
    expect((await scene.look(person)).login.misses).to.equal(4);
    expect(await setFree(['login'], newId())).to.equal(null);
  });

  it('brings back neither device nor login that the stop ended', async () => {
    const { store } = scene.at;
    const linkId = await addLink(store, person);
    const device = await addDevice(store, person.id, linkId);
    const login = await addLogin(store, person, { linkId });
    await lockAll();
    await setFree(['otp']);
    expect((await store.device.find(device))?.endedAt).not.to.equal(null);
    expect(await store.login.standing(login, scene.now)).to.equal(null);
    expect((await scene.look(person)).account.securityEpoch).to.equal(2);
  });

  it('is done once by two who release at the same moment', async () => {
    await lockAll();
    const released = await Promise.all([setFree(['otp']), setFree(['otp'])]);
    expect(released.map((locks) => locks?.length).toSorted((a = 0, b = 0) => a - b)).to.deep.equal([0, 1]);
    expect((await scene.mails(person)).filter(({ mail }) => mail === 'released')).to.have.length(1);
  });
});
