// A process that dies at any point of an act leaves the whole of it or nothing (spec §10): each act runs again and again on a
// store that dies one call later each time, and after every death the database is what it was.
import { expect } from 'chai';
import { endSession } from '../../src/flows/end-session.ts';
import { forget } from '../../src/flows/forget.ts';
import { announceLock } from '../../src/flows/announce-lock.ts';
import { guess } from '../../src/flows/guess.ts';
import { checkOtp } from '../../src/flows/otp.ts';
import { release } from '../../src/flows/release.ts';
import { renameDevice } from '../../src/flows/self-service/rename-device.ts';
import { changeDuePassword } from '../../src/flows/sign-in/change-due-password.ts';
import { giveConsent } from '../../src/flows/sign-in/consent.ts';
import { consultDevice } from '../../src/flows/sign-in/consult-device.ts';
import { finish } from '../../src/flows/sign-in/finish.ts';
import { checkEmailCode, sendEmailCode } from '../../src/flows/sign-in/prove-email.ts';
import { registerToken } from '../../src/flows/sign-in/register-token.ts';
import { chooseConfirmationPassword, chooseLoginId, choosePassword } from '../../src/flows/sign-in/set-up.ts';
import type { Tools } from '../../src/flows/tools.ts';
import { replaceKeyFob } from '../../src/flows/token/replace.ts';
import { unlink } from '../../src/flows/unlink.ts';
import { endThroughUpstream } from '../../src/flows/upstream-logout.ts';
import type { LiveLogin, OtpProof, SignInRecord } from '../../src/rules/sign-in-record.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord, verifiedUpstream } from '../support/attempt.ts';
import { besideStore, migratedDatabase, type OpenStore, wholeContent } from '../support/database.ts';
import type { FreshDatabase } from '../support/postgres.ts';
import { addDevice, addLink, addLogin, day, minute, newId } from '../support/rows.ts';
import { dyingState, dyingStore, Killed } from './dying.ts';
import { flowScene, rightPassword, type Scene, type Token, wrongPassword } from './scene.ts';

describe('an act whose process is killed', () => {
  let fresh: FreshDatabase;
  let at: OpenStore;
  let scene: Scene;
  let company: CompanyRow;
  let person: AccountRow;
  let token: Token;
  let linkId: string;
  let deviceId: string;
  let loginId: string;
  let subject: string;

  before(async function () {
    this.timeout(60_000);
    fresh = await migratedDatabase();
    at = await besideStore(fresh.url);
    scene = await flowScene(async () => at);
  });
  after(async () => {
    await at.database.close();
    await fresh.drop();
  });
  beforeEach(async () => {
    company = await scene.company();
    person = await scene.person(company, { otpMisses: 4 });
    token = await scene.token(company, [person]);
    subject = newId();
    linkId = await addLink(at.store, person, { subject });
    deviceId = await addDevice(at.store, person.id, linkId);
    loginId = await addLogin(at.store, person, { linkId, deviceId });
    for (const clientId of ['portal', 'other'])
      await at.store.login.enter({
        loginId,
        clientId,
        sid: newId(),
        sessionUid: 'session',
        accountId: person.id,
        linkId,
        at: scene.now,
      });
  });

  const otp = (): OtpProof => ({
    at: scene.now,
    tokenId: token.row.id,
    step: 1,
    kind: 'hardware',
    shared: false,
    by: 'code',
  });
  const begin = (patch: Partial<SignInRecord>, account = person): Promise<SignInRecord> =>
    scene.tools.attempts.begin(
      attemptRecord({
        route: 'federated',
        account: { id: account.id, epoch: 1 },
        passwordAt: scene.now,
        expiresAt: scene.now + 60 * minute,
        ...patch,
      }),
    );

  /**
   * Runs an act on a store that dies one call later each time, until it lives through.
   * @returns at how many points it died
   */
  async function diesEverywhere(act: (tools: Tools) => Promise<unknown>): Promise<number> {
    const before = await wholeContent(at);
    for (let point = 1; point < 200; point += 1) {
      const { store, fuse } = dyingStore(at.store, point);
      const died = await act(scene.toolsOn(store)).then(
        () => false,
        (error: unknown) => {
          if (error instanceof Killed) return true;
          throw error;
        },
      );
      if (!died) {
        expect(fuse.calls).to.equal(point - 1);
        expect(await wholeContent(at), 'it did something at last').not.to.deep.equal(before);
        return point - 1;
      }
      expect(await wholeContent(at), `killed before call ${point}`).to.deep.equal(before);
    }
    throw new Error('it never lived through');
  }

  const actor = { kind: 'operator', id: 'desk' } as const;
  const acts: Readonly<Record<string, () => Promise<(tools: Tools) => Promise<unknown>>>> = {
    'unlinking': async () => (tools) =>
      unlink(tools, scene.act(), { linkId, companyId: null, actor, by: 'desk', why: 'unlinked-by-operator' }),
    'accepting a code': async () => (tools) => checkOtp(tools, scene.act(), person.id, token.code(), null, 'direct'),
    'repairing a token': async () => (tools) =>
      checkOtp(tools, scene.act(), person.id, token.code(20), token.code(21), 'direct'),
    'stopping the one-time password': async () => (tools) =>
      checkOtp(tools, scene.act(), person.id, token.wrong(), null, 'direct'),
    'releasing all locks': async () => {
      const lock = { keep: { misses: 5, locks: 1, lockedUntil: scene.now + minute, announcedAt: 1 }, verdict: 0 };
      for (const kind of ['login', 'confirmation'] as const)
        await at.store.credential.change(person.id, kind, () => lock);
      await at.store.account.change(person.id, { otpStoppedAt: scene.now });
      return (tools) =>
        release(tools, scene.act(), {
          accountId: person.id,
          locks: ['login', 'confirmation', 'otp'],
          actor,
          by: 'desk',
        });
    },
    'telling a lock': async () => {
      const lock = { keep: { lockedUntil: scene.now + minute, announcedAt: null }, verdict: 0 };
      await at.store.credential.change(person.id, 'login', () => lock);
      return (tools) => announceLock(tools, scene.act(), person.id, 'login');
    },
    'forgetting a device': async () => (tools) =>
      forget(tools, scene.act(), { accountId: person.id, deviceId, actor, by: 'admin' }),
    'renaming a device': async () => (tools) =>
      renameDevice(tools, scene.act(), { accountId: person.id, deviceId, label: '経理の PC' }),
    'ending a session': async () => (tools) =>
      endSession(
        tools,
        scene.act(),
        { accountId: person.id, sessionUid: 'session', loginIds: [loginId] },
        'signed-out',
      ),
    'ending through the upstream': async () => (tools) =>
      endThroughUpstream(tools, scene.act(), { issuer: 'https://bd.example', subject }),
    'agreeing to what a portal learns': async () => {
      const record = await begin({});
      const somebody = await scene.look(person);
      return (tools) => giveConsent(tools, scene.act(), record, somebody);
    },
    'registering a token': async () => {
      const newcomer = await scene.person(company);
      await scene.token(company, [newcomer], { retiredAt: scene.now });
      const record = await begin({}, newcomer);
      const drawer = await scene.token(company, []);
      const somebody = await scene.look(newcomer);
      const form = { serial: drawer.row.serial ?? '', otp: drawer.code() };
      return (tools) => registerToken(tools, scene.act(), record, somebody, form);
    },
    'changing to a new token': async () => {
      await at.store.account.change(person.id, { otpMisses: 3 });
      const successor = await scene.token(company, [], { shippedAt: scene.now });
      const front = {
        person: await scene.look(person),
        route: 'federated',
        stamp: { id: loginId, epoch: 1 },
        login: loginId,
      } as const;
      const typed = { otp: token.code(), serial: successor.row.serial ?? '', newOtp: successor.code() };
      return (tools) => replaceKeyFob(tools, scene.act(), front, typed);
    },
    'missing a change to a new token for the last time': async () => {
      const front = {
        person: await scene.look(person),
        route: 'direct',
        stamp: { id: loginId, epoch: 1 },
        login: loginId,
      } as const;
      const typed = { otp: token.code(), serial: '999999999999', newOtp: '123456' };
      return (tools) => replaceKeyFob(tools, scene.act(), front, typed);
    },
    'missing a registration for the last time': async () => {
      const newcomer = await scene.person(company, { otpMisses: 4 });
      const record = await begin({}, newcomer);
      const somebody = await scene.look(newcomer);
      return (tools) => registerToken(tools, scene.act(), record, somebody, { serial: '999999999999', otp: '123456' });
    },
    'choosing a login ID': async () => {
      const newcomer = await scene.person(company, { setUpAt: null, loginNameChosen: false });
      const record = await begin({}, newcomer);
      const somebody = await scene.look(newcomer);
      const chosen = `n${newId().slice(0, 9)}`;
      return (tools) => chooseLoginId(tools, scene.act(), record, somebody, chosen);
    },
    'choosing a login password': async () => {
      const newcomer = await scene.person(company, {
        setUpAt: null,
        loginNameChosen: false,
        loginNameReserved: `n${newId().slice(0, 9)}`,
      });
      const record = await begin({}, newcomer);
      const somebody = await scene.look(newcomer);
      return (tools) =>
        choosePassword(tools, scene.act(), record, somebody, { candidate: 'Fresh2027', again: 'Fresh2027' });
    },
    'choosing a confirmation password': async () => {
      const newcomer = await scene.person(company, { setUpAt: null }, { confirmation: null });
      const record = await begin({}, newcomer);
      const somebody = await scene.look(newcomer);
      return (tools) =>
        chooseConfirmationPassword(tools, scene.act(), record, somebody, {
          candidate: 'Fresh2027',
          again: 'Fresh2027',
        });
    },
    'revoking a copied device': async () => {
      const value = scene.secrets.value();
      await scene.tools.deviceSecrets.put(scene.secrets.digest(value), {
        deviceId,
        linkId,
        accountId: person.id,
        epoch: 1,
        generation: 1,
        successor: 'sealed',
        expiresAt: scene.now + day,
      });
      await at.store.device.change(deviceId, { generation: 5 });
      const somebody = await scene.look(person);
      const link = await at.store.link.find(linkId);
      if (!link) throw new Error('no link');
      return (tools) => consultDevice(tools, scene.act(), somebody, link, value);
    },
    'finishing a first link with a remembered device': async () => {
      const newcomer = await scene.person(company);
      await scene.token(company, [newcomer]);
      const record = await begin({ upstream: verifiedUpstream(), otp: otp(), remember: true }, newcomer);
      return (tools) => finish(tools, scene.act(), record, () => null);
    },
    'finishing over links that nobody used': async () => {
      const newcomer = await scene.person(company);
      await scene.token(company, [newcomer]);
      const longAgo = scene.now - 400 * day;
      await addLink(at.store, newcomer, { usedAt: longAgo });
      const upstream = verifiedUpstream();
      await addLink(at.store, await scene.person(company), { usedAt: longAgo, subject: upstream.subject });
      const record = await begin({ upstream, otp: otp() }, newcomer);
      return (tools) => finish(tools, scene.act(), record, () => null);
    },
    'finishing with a device, the oldest login ending': async () => {
      for (let n = 1; n < 6; n += 1) await addLogin(at.store, person, { startedAt: scene.now + n });
      const record = await begin({
        upstream: verifiedUpstream({ subject }),
        linkId,
        passwordAt: null,
        device: { deviceId, generation: 1, secretHash: 'hash' },
      });
      return (tools) => finish(tools, scene.act({ now: scene.now + 10 }), record, () => null);
    },
    'stepping up': async () => {
      const live: LiveLogin = {
        loginId,
        sessionUid: 'session',
        accountId: person.id,
        displayName: person.name,
        loginName: person.loginName,
        epoch: 1,
        route: 'federated',
        linkId,
        authTime: scene.now,
        passwordAt: null,
        otp: null,
        deviceId,
      };
      const record = await begin({ live, inherited: true, linkId, otp: otp(), passwordAt: null });
      return (tools) => finish(tools, scene.act(), record, () => null);
    },
  };

  for (const [name, prepare] of Object.entries(acts)) {
    it(`leaves nothing half-written: ${name}`, async () => {
      const points = await diesEverywhere(await prepare());
      expect(points, 'points at which it died').to.be.at.least(2);
    }).timeout(60_000);
  }

  it('leaves nothing half-written: proving an e-mail address; the code is then spent, a new one is sent', async () => {
    const newcomer = await scene.person(company, { email: null, emailProvenAt: null, setUpAt: null });
    const address = `${newId()}@example.jp`;
    const { id } = await begin({}, newcomer);
    const before = await wholeContent(at);
    for (let point = 1; ; point += 1) {
      scene.now += 60 * minute;
      const code = await sent();
      const record = await scene.tools.attempts.find(id);
      if (!record) throw new Error('the attempt is gone');
      const { store } = dyingStore(at.store, point);
      const somebody = await scene.look(newcomer);
      const proven = await checkEmailCode(scene.toolsOn(store), scene.act(), record, somebody, code).catch(
        (error: unknown) => error,
      );
      const changed = (await wholeContent(at)).filter((row) => !before.includes(row) && !row.startsWith('outbox: '));
      if (!(proven instanceof Killed)) {
        expect(point).to.be.above(3);
        expect(changed.filter((row) => row.startsWith('account: '))).to.have.length(1);
        break;
      }
      expect(changed, `killed before call ${point}`).to.deep.equal([]);
    }

    async function sent(): Promise<string> {
      const record = await scene.tools.attempts.change(id, (newest) => ({
        ...newest,
        expiresAt: scene.now + 60 * minute,
      }));
      const renewed =
        record ??
        (await scene.tools.attempts.begin({
          ...attemptRecord({ id }),
          account: { id: newcomer.id, epoch: 1 },
          passwordAt: scene.now,
          route: 'federated',
          expiresAt: scene.now + 60 * minute,
        }));
      await sendEmailCode(scene.tools, scene.act(), renewed, await scene.look(newcomer), address);
      return String((await scene.mails({ ...newcomer, email: address })).at(-1)?.facts['code']);
    }
  }).timeout(60_000);

  it('may have taken a place of the guesses, and nothing else, when it dies while a password is compared', async () => {
    const credentials = async (): Promise<readonly string[]> =>
      (await wholeContent(at)).filter((row) => !row.startsWith('credential: '));
    const before = await credentials();
    for (let point = 1; point <= 4; point += 1) {
      const { store } = dyingStore(at.store, point);
      const died = await guess(scene.toolsOn(store), scene.act(), person.id, 'login', wrongPassword).catch(
        (error: unknown) => error,
      );
      if (!(died instanceof Killed)) break;
      expect(await credentials()).to.deep.equal(before);
    }
    const { misses } = (await scene.look(person)).login;
    expect(misses, 'a try that was not judged counts as a miss, never the reverse').to.be.at.least(1);
    expect((await guess(scene.tools, scene.act(), person.id, 'login', rightPassword)).verdict).to.equal('right');
  });

  it('changes all due passwords or none', async () => {
    const due = await scene.person(company, {}, { login: { forced: true }, confirmation: { forced: true } });
    await scene.token(company, [due]);
    const record = await begin({ otp: otp() }, due);
    const fresh = { login: 'Fresh2027', confirmation: 'Other2028' };
    const current = { login: rightPassword, confirmation: rightPassword };
    const form = { wanted: { login: true, confirmation: true }, current, candidate: fresh, again: fresh };
    for (let point = 1; ; point += 1) {
      const { store } = dyingStore(at.store, point);
      const somebody = await scene.look(due);
      const done = await changeDuePassword(scene.toolsOn(store), scene.act(), record, somebody, form).catch(
        (error: unknown) => error,
      );
      const { login, confirmation, account } = await scene.look(due);
      const unchanged = !(done instanceof Error) ? false : done instanceof Killed;
      expect([login.forced, confirmation?.forced, account.securityEpoch === 1], `point ${point}`).to.deep.equal([
        unchanged,
        unchanged,
        unchanged,
      ]);
      expect((await scene.events(due)).includes('password.changed')).to.equal(!unchanged);
      if (!unchanged) break;
      await release(scene.tools, scene.act(), {
        accountId: due.id,
        locks: ['login', 'confirmation'],
        actor,
        by: 'desk',
      });
      for (const kind of ['login', 'confirmation'] as const)
        await at.store.credential.change(due.id, kind, () => ({ keep: { misses: 0 }, verdict: 0 }));
    }
  }).timeout(60_000);

  it('after its transaction committed, finishes the same login when it is asked again', async () => {
    for (let point = 1; ; point += 1) {
      const newcomer = await scene.person(company);
      await scene.token(company, [newcomer]);
      const record = await begin({ upstream: verifiedUpstream(), otp: otp(), remember: true }, newcomer);
      const dying = scene.toolsOn(at.store, dyingState(scene.state, point));
      const first = await finish(dying, scene.act(), record, () => null).catch((error: unknown) => error);
      const again = await finish(scene.tools, scene.act(), record, () => null);
      if (again.verdict !== 'finished') throw new Error('not finished');
      expect((await at.store.login.ofAttempt(record.id))?.id).to.equal(again.login.id);
      expect(await scene.tools.logins.find(again.login.id)).to.deep.equal(again.login);
      expect(await at.store.link.ofAccount(newcomer.id)).to.have.length(1);
      expect(await at.store.device.ofAccounts([newcomer.id])).to.have.length(1);
      expect(await scene.events(newcomer)).to.deep.equal(['link.made', 'login.finished']);
      if (!(first instanceof Killed)) {
        expect(point).to.be.above(3);
        break;
      }
    }
  }).timeout(60_000);
});
