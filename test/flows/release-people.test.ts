// Stopping, releasing and deleting people by the administrators of their company: each person all or nothing, the last one
// able to release others never, on real PostgreSQL where two may act at the same moment.
import { expect } from 'chai';
import { actOnPeople } from '../../src/flows/company/act-on-people.ts';
import { choose } from '../../src/flows/company/choice.ts';
import { chooseDeletions, deletePeople } from '../../src/flows/company/delete-people.ts';
import { chooseStates, listStates, type StateAct } from '../../src/flows/company/people-state.ts';
import { changeStates, type StateResult } from '../../src/flows/company/release-people.ts';
import { guess } from '../../src/flows/guess.ts';
import { checkOtp } from '../../src/flows/otp.ts';
import type { LoginRecord } from '../../src/rules/login.ts';
import type { AccountRow, CompanyRow, Person } from '../../src/store/account.ts';
import { addDevice, addLink, addLogin, minute, newId } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene, wrongPassword } from './scene.ts';

interface Admin {
  readonly person: Person;
  readonly login: LoginRecord;
}

describe('stopping and releasing people of one’s company', function () {
  this.timeout(120_000);
  let scene: Scene;
  let company: CompanyRow;
  before(async () => {
    scene = await flowScene();
  });
  beforeEach(async () => {
    company = await scene.company({ otpApplication: 'none' });
  });

  async function signedIn(account: AccountRow): Promise<Admin> {
    const id = await addLogin(scene.at.store, account);
    const row = await scene.at.store.login.find(id);
    if (!row) throw new Error('no login');
    const login: LoginRecord = {
      id,
      accountId: account.id,
      companyId: account.companyId,
      epoch: row.epoch,
      linkId: null,
      route: 'direct',
      passwordAt: row.startedAt,
      otp: null,
      deviceId: null,
      acr: 'urn:renkei:acr:password',
      amr: ['pwd'],
      authTime: row.startedAt,
      startedAt: row.startedAt,
      expiresAt: row.expiresAt,
      displayName: account.name,
      loginName: account.loginName,
    };
    return { person: await scene.look(account), login };
  }

  async function change(by: Admin, what: StateAct, ids: readonly string[], key = newId()): Promise<StateResult> {
    const act = scene.act();
    const chosen = await chooseStates(scene.tools, act, by.person, what, ids);
    const acted = await changeStates(
      scene.tools,
      act,
      by,
      { what, key, chosen, stale: new Set() },
      { confirmation: rightPassword, otp: '' },
    );
    if (acted.verdict !== 'finished') throw new Error(`it was ${acted.verdict}`);
    return acted.result;
  }

  async function remove(by: Admin, ids: readonly string[]) {
    const act = scene.act();
    const chosen = await chooseDeletions(scene.tools, act, by.person, ids);
    return deletePeople(
      scene.tools,
      act,
      by,
      { key: newId(), chosen, stale: new Set() },
      { confirmation: rightPassword, otp: '' },
    );
  }

  const lock = async (person: AccountRow, kind: 'login' | 'confirmation' = 'login'): Promise<void> => {
    for (let n = 0; n < 5; n += 1) await guess(scene.tools, scene.act(), person.id, kind, wrongPassword);
  };

  it('releases both passwords and resumes the account, and leaves a stopped one-time password', async () => {
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const person = await scene.person(company, { stoppedAt: scene.now - minute, otpStoppedAt: scene.now - minute });
    await lock(person);
    await lock(person, 'confirmation');
    const { people } = await change(by, 'available', [person.id]);
    expect(people.map(({ result, before, after }) => [result, before, after])).to.deep.equal([
      ['done', ['password-locked', 'confirmation-locked', 'otp-stopped', 'account-stopped'], ['otp-stopped']],
    ]);
    expect((await scene.events(person)).slice(-2)).to.have.members(['account.resumed', 'lock.released']);
    const mails = new Map((await scene.mails(person)).map(({ mail, facts }) => [mail, facts['remaining']]));
    expect([mails.has('use-resumed'), mails.get('released')]).to.deep.equal([true, 'otp-stopped']);
  });

  it('stops: sessions, devices and open attempts are void with the commit', async () => {
    const { store } = scene.at;
    const by = await signedIn(await scene.person(company, { role: 'admin' }));
    const person = await scene.person(company);
    const linkId = await addLink(store, person);
    const device = await addDevice(store, person.id, linkId);
    const login = await addLogin(store, person, { linkId });
    const { people } = await change(by, 'stopped', [person.id, by.person.account.id]);
    expect(people.map(({ result, why }) => [result, why])).to.deep.equal([
      ['done', null],
      ['out', 'self'],
    ]);
    expect(await store.login.standing(login, scene.now)).to.equal(null);
    expect((await store.device.find(device))?.endedAt).to.equal(scene.now);
    const now = await scene.look(person);
    expect([now.account.stoppedAt, now.account.securityEpoch]).to.deep.equal([scene.now, person.securityEpoch + 1]);
    expect((await scene.mails(person)).map(({ mail }) => mail)).to.deep.equal(['use-stopped']);
    expect((await scene.look(by.person.account)).account.stoppedAt).to.equal(null);
  });

  it('lets exactly one of two administrators who stop each other at the same moment win, in every round', async () => {
    for (let round = 0; round < 20; round += 1) {
      company = await scene.company({ otpApplication: 'none' });
      const [one, two] = [
        await scene.person(company, { role: 'master' }),
        await scene.person(company, { role: 'admin' }),
      ];
      const [first, second] = [await signedIn(one), await signedIn(two)];
      const results = await Promise.all([change(first, 'stopped', [two.id]), change(second, 'stopped', [one.id])]);
      const done = results.map(({ people }) => people[0]?.result).filter((result) => result === 'done');
      expect(done, `round ${round}`).to.have.length(1);
      expect(await scene.at.store.company.releasers(company.id, '')).to.equal(1);
      const told = [...(await scene.mails(one)), ...(await scene.mails(two))].filter(
        ({ mail }) => mail === 'last-releaser',
      );
      expect(told, 'both are told that one is left').to.have.length(2);
    }
  });

  it('never deletes the master, oneself or the last one able to release others', async () => {
    const master = await scene.person(company, { role: 'master' });
    const admin = await scene.person(company, { role: 'admin' });
    const other = await scene.person(company, { role: 'admin' });
    const by = await signedIn(admin);
    const removed = await remove(by, [master.id, admin.id, other.id]);
    expect(
      removed.verdict === 'finished' && removed.result.people.map(({ result, why }) => [result, why]),
    ).to.deep.equal([
      ['out', 'master'],
      ['out', 'self'],
      ['done', null],
    ]);
    // Somebody who is not counted among them, in the middle of the first-time setup, acts upon the only one who is.
    const newcomer = await signedIn(await scene.person(company, { role: 'admin', setUpAt: null }));
    await scene.at.store.account.change(admin.id, { stoppedAt: scene.now });
    expect(
      (await change(newcomer, 'stopped', [master.id])).people.map(({ result, why }) => [result, why]),
    ).to.deep.equal([['out', 'last']]);
    expect((await scene.look(master)).account.stoppedAt).to.equal(null);
  });

  it('deletes: like nobody from then on, while the records stay', async () => {
    const { store } = scene.at;
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const person = await scene.person(company);
    const linkId = await addLink(store, person);
    const login = await addLogin(store, person, { linkId });
    const token = await scene.token(company, [person]);
    const removed = await remove(by, [person.id]);
    expect(removed.verdict === 'finished' && removed.result.people[0]?.result).to.equal('done');
    expect(await store.account.byLoginName(person.loginName)).to.equal(null);
    expect(await store.login.standing(login, scene.now)).to.equal(null);
    expect((await store.link.find(linkId))?.endedAt).to.equal(scene.now);
    expect(await store.token.holders(token.row.id)).to.equal(0);
    const now = await scene.look(person);
    expect([now.account.deletedAt, now.account.email, now.token]).to.deep.equal([scene.now, null, null]);
    expect(await scene.events(person)).to.deep.equal(['account.deleted']);
    expect((await scene.mails(person)).map(({ mail }) => mail)).to.deep.equal(['registration-removed']);
    const list = await listStates(scene.tools, scene.act(), by.person, { q: '', state: '', page: 1, per: 50 });
    expect(list.people.map(({ account }) => account.id)).to.deep.equal([by.person.account.id]);
    const again = await chooseDeletions(scene.tools, scene.act(), by.person, [person.id]);
    expect(again.map(({ verdict }) => verdict)).to.deep.equal(['unknown']);
  });

  it('does nothing any more for an administrator who was stopped, demoted or signed out while the page was open', async () => {
    const { store } = scene.at;
    await scene.person(company, { role: 'master' });
    for (const lost of ['stopped', 'demoted', 'signed out'] as const) {
      const account = await scene.person(company, { role: 'admin' });
      const person = await scene.person(company);
      const by = await signedIn(account);
      if (lost === 'stopped') await store.account.change(account.id, { stoppedAt: scene.now });
      if (lost === 'demoted') await store.account.change(account.id, { role: 'member' });
      if (lost === 'signed out') await store.login.end({ ids: [by.login.id] }, scene.now, 'test');
      const { people } = await change(by, 'stopped', [person.id]);
      expect(
        people.map(({ result }) => result),
        lost,
      ).to.deep.equal(['failed']);
      expect((await scene.look(person)).account.stoppedAt, lost).to.equal(null);
    }
  });

  it('unlinks nobody and ends no skip any more for an administrator who was demoted or signed out meanwhile', async () => {
    const { store } = scene.at;
    for (const lost of ['demoted', 'signed out'] as const) {
      const account = await scene.person(company, { role: 'admin' });
      const by = await signedIn(account);
      const person = await scene.person(company);
      const linkId = await addLink(store, person);
      const deviceId = await addDevice(store, person.id, linkId);
      if (lost === 'demoted') await store.account.change(account.id, { role: 'member' });
      if (lost === 'signed out') await store.login.end({ ids: [by.login.id] }, scene.now, 'test');
      for (const what of ['unlink', 'forget-device'] as const) {
        const chosen = await choose(scene.tools, scene.act(), by.person, what, [person.id]);
        const asked = { what, key: newId(), chosen, stale: new Set<string>() };
        const typed = { confirmation: rightPassword, otp: '' };
        const acted = await actOnPeople(scene.tools, scene.act(), by, asked, typed);
        expect(acted.verdict === 'finished' && acted.result.people.map(({ result }) => result), lost).to.deep.equal([
          'failed',
        ]);
      }
      expect((await store.link.find(linkId))?.endedAt, lost).to.equal(null);
      expect((await store.device.find(deviceId))?.endedAt, lost).to.equal(null);
    }
  });

  it('knows nobody of another company, whatever is chosen', async () => {
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const stranger = await scene.person(await scene.company(), { stoppedAt: scene.now });
    for (const what of ['available', 'stopped', 'otp-release'] as const) {
      const [chosen] = await chooseStates(scene.tools, scene.act(), by.person, what, [stranger.id]);
      expect(chosen).to.deep.include({ id: stranger.id, person: null, verdict: 'unknown' });
    }
    expect((await chooseDeletions(scene.tools, scene.act(), by.person, [stranger.id]))[0]?.verdict).to.equal('unknown');
  });

  it('tells why a one-time password is stopped: a clock, a colleague’s code, an expired token, wrong entries', async () => {
    company = await scene.company({ otpApplication: 'both' });
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const causeOf = async (person: AccountRow): Promise<string | undefined> =>
      (await chooseStates(scene.tools, scene.act(), by.person, 'otp-release', [person.id]))[0]?.person?.restrictions[0]
        ?.cause;
    const missed = async (person: AccountRow, code: () => string): Promise<void> => {
      for (let n = 0; n < 5; n += 1) await checkOtp(scene.tools, scene.act(), person.id, code(), null, null);
    };
    const drifted = await scene.person(company);
    const slow = await scene.token(company, [drifted]);
    await missed(drifted, () => slow.code(-5));
    expect(await causeOf(drifted)).to.equal('drift');

    const [one, two] = [await scene.person(company), await scene.person(company)];
    const shared = await scene.token(company, [one, two]);
    await checkOtp(scene.tools, scene.act(), one.id, shared.code(), null, null);
    await checkOtp(scene.tools, scene.act(), two.id, shared.code(), null, null);
    await missed(two, () => shared.wrong());
    expect(await causeOf(two)).to.equal('colleague');

    const clumsy = await scene.person(company);
    const token = await scene.token(company, [clumsy], { expiresAt: scene.now + minute });
    await missed(clumsy, () => token.wrong());
    expect(await causeOf(clumsy)).to.equal('misses');
    scene.now += 2 * minute;
    expect(await causeOf(clumsy)).to.equal('expired');
  });

  it('releases and stops many people in one act, each with a record of its own', async () => {
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const ids: string[] = [];
    for (let n = 0; n < 100; n += 1) {
      const { id } = await scene.person(company, {}, { login: { stoppedAt: scene.now, misses: 5, locks: 3 } });
      ids.push(id);
    }
    for (const what of ['available', 'stopped'] as const) {
      const { people } = await change(by, what, ids);
      expect(people.filter(({ result }) => result === 'done')).to.have.length(100);
    }
  });
});
