// Finishing a sign-in (spec §3, row 17): link, device, receipt and records in one transaction; once for an attempt; and the
// loser of a race for a link learns why.
import { expect } from 'chai';
import { finish, type Finished } from '../../src/flows/sign-in/finish.ts';
import { findOwn, lookAt } from '../../src/flows/sign-in/look.ts';
import { liveLogin } from '../../src/rules/login.ts';
import type { OtpProof, SignInRecord } from '../../src/rules/sign-in-record.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord, portalRequest, verifiedUpstream } from '../support/attempt.ts';
import { addDevice, addLink, addLogin, atOnce, day, minute, newId } from '../support/rows.ts';
import { flowScene, type Scene, type Token } from './scene.ts';

describe('finishing a sign-in', () => {
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
  const proof = (): OtpProof => ({
    at: scene.now,
    tokenId: token.row.id,
    step: 1,
    kind: 'hardware',
    shared: false,
    by: 'code',
  });
  /** An attempt that only has to be finished. */
  const ready = (patch: Partial<SignInRecord> = {}, account = person): Promise<SignInRecord> =>
    scene.tools.attempts.begin(
      attemptRecord({
        route: 'federated',
        upstream: verifiedUpstream(),
        account: { id: account.id, epoch: 1 },
        passwordAt: scene.now,
        otp: proof(),
        expiresAt: scene.now + 30 * minute,
        ...patch,
      }),
    );
  const end = (record: SignInRecord): Promise<Finished> => finish(scene.tools, scene.act(), record, () => null);
  const step = async ({ id, browser }: SignInRecord) =>
    (await lookAt(scene.tools, scene.tools.store, await findOwn(scene.tools, id, browser), scene.now)).step;

  it('makes the link, the device when it was wished, the receipt and the records', async () => {
    const { store } = scene.at;
    const record = await ready({ remember: true });
    const finished = await end(record);
    if (finished.verdict !== 'finished') throw new Error('not finished');
    const { login, cookie } = finished;
    const [link] = await store.link.ofAccount(person.id);
    expect(link).to.include({ issuer: record.upstream?.issuer, subject: record.upstream?.subject, usedAt: scene.now });
    expect(login).to.include({ accountId: person.id, linkId: link?.id, acr: 'urn:renkei:acr:federated-otp', epoch: 1 });
    expect(login.amr).to.have.members(['fed', 'pwd', 'otp', 'mfa']);
    const [device] = await store.device.ofAccounts([person.id]);
    expect(device).to.include({ linkId: link?.id, epoch: 1, generation: 1, expiresAt: scene.now + 90 * day });
    expect(cookie).to.include({ linkId: link?.id, expiresAt: device?.expiresAt });
    const secret = await scene.tools.deviceSecrets.find(scene.secrets.digest(cookie?.value ?? ''));
    expect(secret).to.include({ deviceId: device?.id, linkId: link?.id, epoch: 1, generation: 1 });
    expect((await store.login.ofAttempt(record.id))?.receipt).to.deep.include({
      otpAnswer: 'asked',
      rememberedHere: true,
    });
    expect(await scene.tools.logins.find(login.id)).to.deep.equal(login);
    expect(await scene.events(person)).to.deep.equal(['link.made', 'login.finished']);
    expect((await scene.mails(person)).map(({ mail }) => mail)).to.have.members(['link-made', 'device-remembered']);
    expect((await scene.tools.attempts.find(record.id))?.finished).to.deep.equal({ loginId: login.id });
  });

  it('is done once, however often and however many at once', async () => {
    const record = await ready();
    const all = await atOnce(6, () => end(record));
    const again = await end(record);
    const ids = [...all, again].map((each) => (each.verdict === 'finished' ? each.login.id : each.verdict));
    expect(new Set(ids).size).to.equal(1);
    expect(await scene.events(person)).to.deep.equal(['link.made', 'login.finished']);
    expect(await scene.mails(person)).to.have.length(1);
  });

  it('is over for somebody else who comes to a finished attempt, and leaves nothing of them', async () => {
    const record = await ready();
    await end(record);
    const other = await scene.person(company);
    await scene.token(company, [other]);
    const theirs = { ...record, upstream: verifiedUpstream(), account: { id: other.id, epoch: 1 } };
    expect(await end(theirs)).to.deep.equal({ verdict: 'over' });
    expect(await scene.events(other)).to.deep.equal([]);
  });

  it('raises a live login by a code, keeps one that another tab proved, and raises none that has ended', async () => {
    const { store } = scene.at;
    const first = await end(await ready());
    if (first.verdict !== 'finished') throw new Error('not finished');
    const live = liveLogin(first.login, 'session');
    const { account, linkId, passwordAt } = { ...first.login, account: { id: person.id, epoch: 1 } };
    const raising = (otp: OtpProof | null): Promise<SignInRecord> =>
      ready({ live, inherited: true, upstream: null, account, linkId, passwordAt, otp });
    const raised = await end(await raising({ ...proof(), step: 2 }));
    expect(raised.verdict === 'finished' && raised.login.otp?.step).to.equal(2);
    // Begun before that code, finished after it, without one of its own.
    const late = await end(await raising(null));
    expect(late.verdict).to.be.oneOf(['finished', 'look-again']);
    expect((await scene.tools.logins.find(first.login.id))?.otp?.step).to.equal(2);
    await store.login.end({ ids: [first.login.id] }, scene.now, 'signed-out');
    const events = await scene.events(person);
    expect((await end(await raising({ ...proof(), step: 3 }))).verdict).to.equal('over');
    expect(await scene.events(person)).to.deep.equal(events);
  });

  it('gives one Business Direct ID to one of two accounts; the loser is told, and nothing of it is linked', async () => {
    for (let round = 0; round < 6; round += 1) {
      const upstream = verifiedUpstream();
      const [one, other] = [await scene.person(company), await scene.person(company)];
      for (const each of [one, other]) await scene.token(company, [each]);
      const records = [await ready({ upstream }, one), await ready({ upstream }, other)] as const;
      const ends = await Promise.all(records.map(end));
      expect(ends.filter(({ verdict }) => verdict === 'finished')).to.have.length(1);
      const lost = ends.findIndex(({ verdict }) => verdict !== 'finished');
      const loser = [one, other][lost] ?? one;
      expect((await scene.tools.attempts.find(records[lost === 0 ? 0 : 1].id))?.lostRace?.word).to.equal('link-taken');
      expect(await step(records[lost === 0 ? 0 : 1])).to.deep.include({ to: 'refuse', word: 'link-taken' });
      expect(await scene.at.store.link.ofAccount(loser.id)).to.deep.equal([]);
      expect(await scene.events(loser)).to.deep.equal(['link.refused']);
      expect(await scene.mails(loser)).to.deep.equal([]);
    }
  });

  it('gives one account to one of two Business Direct IDs', async () => {
    for (let round = 0; round < 6; round += 1) {
      const somebody = await scene.person(company);
      await scene.token(company, [somebody]);
      const records = [await ready({}, somebody), await ready({}, somebody)] as const;
      const ends = await Promise.all(records.map(end));
      expect(ends.filter(({ verdict }) => verdict === 'finished')).to.have.length(1);
      expect(await scene.at.store.link.ofAccount(somebody.id)).to.have.length(1);
      const lost = records[ends.findIndex(({ verdict }) => verdict !== 'finished') === 0 ? 0 : 1];
      expect(await step(lost)).to.deep.include({ to: 'refuse', word: 'link-limit' });
    }
  });

  it('finds what changed since: epoch, stop, suspension', async () => {
    const { store } = scene.at;
    const changes: readonly ((account: AccountRow) => Promise<unknown>)[] = [
      ({ id }) => store.account.raiseEpoch(id, null),
      ({ id }) => store.account.change(id, { stoppedAt: scene.now }),
      ({ id }) => store.account.change(id, { otpStoppedAt: scene.now }),
    ];
    for (const change of changes) {
      const somebody = await scene.person(company);
      await scene.token(company, [somebody]);
      const record = await ready({}, somebody);
      expect((await step(record)).to).to.equal('finish');
      await change(somebody);
      expect(await end(record)).to.deep.equal({ verdict: 'look-again' });
      expect(await store.link.ofAccount(somebody.id)).to.deep.equal([]);
      expect(await scene.events(somebody)).to.deep.equal([]);
    }
  });

  it('uses a device that stands for the code, and raises its generation', async () => {
    const { store } = scene.at;
    const linkId = await addLink(store, person);
    const deviceId = await addDevice(store, person.id, linkId);
    const record = await ready({
      linkId,
      passwordAt: null,
      otp: null,
      device: { deviceId, generation: 1, secretHash: 'hash' },
    });
    const finished = await end(record);
    expect(finished).to.nested.include({ 'verdict': 'finished', 'login.acr': 'urn:renkei:acr:federated' });
    expect(await store.device.find(deviceId)).to.deep.include({
      generation: 2,
      usedAt: scene.now,
      seen: [{ generation: 1, at: scene.now }],
    });
    expect((await store.link.find(linkId))?.usedAt).to.equal(scene.now);
  });

  it('asks the code after all when the device ended meanwhile', async () => {
    const { store } = scene.at;
    const linkId = await addLink(store, person);
    const deviceId = await addDevice(store, person.id, linkId);
    const device = { deviceId, generation: 1, secretHash: 'hash' };
    const record = await ready({ linkId, passwordAt: null, otp: null, device });
    await store.device.end({ accountId: person.id }, scene.now, 'forgotten');
    expect(await end(record)).to.deep.equal({ verdict: 'look-again' });
    expect(await scene.tools.attempts.find(record.id)).to.include({ device: null, deviceEnded: 'ended' });
    expect(await step(record)).to.deep.equal({ to: 'page', slug: 'otp' });
    expect(await scene.events(person)).to.deep.equal([]);
  });

  it('ends the oldest of too many logins, and tells its portals', async () => {
    const { store } = scene.at;
    const { perAccount } = scene.tools.policy.session;
    const old: string[] = [];
    for (let n = 0; n < perAccount; n += 1) {
      const startedAt = scene.now - (perAccount - n) * minute;
      old.push(await addLogin(store, person, { startedAt, expiresAt: scene.now + 60 * minute }));
    }
    await store.login.enter({
      loginId: old[0] ?? '',
      clientId: 'portal',
      sid: newId(),
      sessionUid: newId(),
      accountId: person.id,
      linkId: null,
      at: scene.now,
    });
    const finished = await end(await ready({ route: 'direct', upstream: null }));
    expect(finished.verdict).to.equal('finished');
    expect(await store.login.find(old[0] ?? '')).to.include({ endedAt: scene.now, endedWhy: 'too-many' });
    expect((await store.login.find(old[1] ?? ''))?.endedAt).to.equal(null);
    expect(await scene.logouts(person)).to.deep.equal(['portal']);
    const ended = (await scene.records(person)).find(({ event }) => event === 'session.ended');
    expect(ended?.actor).to.deep.equal({ kind: 'system', id: null });
    expect(ended?.data).to.deep.include({ logins: [old[0]], why: 'too-many', portals: ['portal'] });
  });

  it('makes a link anew over one that nobody used for 400 days, on either side', async () => {
    const { store } = scene.at;
    const longAgo = scene.now - 400 * day;
    const stale = await scene.person(company);
    const upstream = verifiedUpstream();
    const theirs = await addLink(store, stale, { subject: upstream.subject, usedAt: longAgo });
    const mine = await addLink(store, person, { usedAt: longAgo });
    expect((await end(await ready({ upstream }))).verdict).to.equal('finished');
    expect(await store.link.find(theirs)).to.include({ endedAt: scene.now, endedWhy: 'unused' });
    expect(await store.link.find(mine)).to.include({ endedAt: scene.now, endedWhy: 'unused' });
    expect((await store.link.ofAccount(person.id)).map(({ subject }) => subject)).to.deep.equal([upstream.subject]);
    expect(await scene.events(person)).to.include('link.removed');
    expect(await scene.events(stale)).to.deep.equal(['link.removed']);
  });

  it('remembers no device on the direct route, for a portal’s demand, or when bank or company forbid it', async () => {
    const strict = await scene.company({ rememberAllowed: false });
    const cases: readonly (readonly [string, AccountRow, Partial<SignInRecord>])[] = [
      ['direct', person, { route: 'direct', upstream: null }],
      ['demand', await scene.person(company), { request: portalRequest({ otpDemanded: true }) }],
      ['again', await scene.person(company), { request: portalRequest({ reauthenticate: true }) }],
      ['company', await scene.person(strict), {}],
      ['registration', await scene.person(company), { otp: { ...proof(), by: 'registration' } }],
    ];
    for (const [cause, somebody, patch] of cases) {
      if (somebody !== person) await scene.token(company, [somebody]);
      const finished = await end(await ready({ ...patch, remember: true }, somebody));
      expect(finished, cause).to.nested.include({ verdict: 'finished', cookie: null });
      expect(await scene.at.store.device.ofAccounts([somebody.id]), cause).to.deep.equal([]);
    }
  });
});
