// Revoking tokens by the administrators of a company: each person all or nothing, a device for all who share it or for nobody,
// on real PostgreSQL where two may act at the same moment; and the takeover guard that a second administrator lifts.
import { expect } from 'chai';
import { allowIssue, guardOf, seenGuard } from '../../src/flows/company/allow-issue.ts';
import { chooseTokens, listTokens, seenDevice } from '../../src/flows/company/list-tokens.ts';
import { proofForRevoking, revokeTokens, type RevocationResult } from '../../src/flows/company/revoke-tokens.ts';
import { proveAct } from '../../src/flows/prove-act.ts';
import { sendTokenCode } from '../../src/flows/token/email-code.ts';
import { revokeDevice } from '../../src/flows/token/revoke-device.ts';
import type { Tools } from '../../src/flows/tools.ts';
import { atJapanTime } from '../../src/rules/japan-time.ts';
import type { LoginRecord } from '../../src/rules/login.ts';
import { issueGuardUntil } from '../../src/rules/takeover.ts';
import type { AccountRow, CompanyRow, Person } from '../../src/store/account.ts';
import { tokenCommandLine } from '../support/token-command.ts';
import { addDevice, addLink, addLogin, atOnce, day, minute, newId } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene, wrongPassword } from './scene.ts';

interface Admin {
  readonly person: Person;
  readonly login: LoginRecord;
}

const s2Wait = { after: 20 * minute, nightFrom: '20:50', nightUntil: '08:10' };

describe('revoking tokens of people of one’s company', function () {
  this.timeout(120_000);
  let scene: Scene;
  let company: CompanyRow;
  /** The password alone proves (S2), and the wait of S2 begins. */
  let tools: Tools;
  before(async () => {
    scene = await flowScene();
    tools = {
      ...scene.tools,
      policy: { ...scene.tools.policy, revoke: { proof: 'confirmation', wait: s2Wait } },
    };
  });
  beforeEach(async () => {
    scene.now += day;
    company = await scene.company({ otpApplication: 'both' });
  });

  async function signedIn(account: AccountRow): Promise<Admin> {
    const id = await addLogin(scene.at.store, account, { startedAt: scene.now, expiresAt: scene.now + day });
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

  const admin = async (role: 'master' | 'admin' = 'admin'): Promise<Admin> =>
    signedIn(await scene.person(company, { role }));

  async function revoke(
    by: Admin,
    asked: { readonly people?: readonly string[]; readonly serial?: string },
    key = newId(),
    stale: ReadonlySet<string> = new Set(),
  ): Promise<RevocationResult> {
    const act = scene.act();
    const chosen = await chooseTokens(tools, act, by.person, {
      people: asked.people ?? [],
      serial: asked.serial ?? '',
    });
    const typed = { confirmation: rightPassword, otp: '' };
    const acted = await revokeTokens(tools, act, by, { key, chosen, stale, why: 'phone', words: '新しい電話' }, typed);
    if (acted.verdict !== 'finished') throw new Error(`it was ${acted.verdict}`);
    return acted.result;
  }

  it('takes each token away in one transaction: what came with it ends, and the wait is one value everywhere', async () => {
    const { store } = scene.at;
    scene.now = atJapanTime(2026, 11, 24, 21, 15);
    const by = await admin();
    const person = await scene.person(company);
    await scene.token(company, [person], { kind: 'software', serial: null });
    const linkId = await addLink(store, person);
    const device = await addDevice(store, person.id, linkId);
    const login = await addLogin(store, person, { linkId, startedAt: scene.now, expiresAt: scene.now + day });
    const result = await revoke(by, { people: [person.id, by.person.account.id] });
    const morning = atJapanTime(2026, 11, 25, 8, 10);
    expect(result.people.map((one) => [one.result, one.why, one.kind, one.until])).to.deep.equal([
      ['done', null, 'software', morning],
      ['out', 'self', null, null],
    ]);
    const now = await scene.look(person);
    expect([now.token, now.account.waitsUntil, now.account.waitsFrom]).to.deep.equal([null, morning, scene.now]);
    expect(now.account.securityEpoch).to.equal(person.securityEpoch + 1);
    expect(await store.login.standing(login, scene.now)).to.equal(null);
    expect((await store.device.find(device))?.endedAt).to.equal(scene.now);
    const mail = (await scene.mails(person)).find((one) => one.mail === 'token-revoked');
    expect(mail?.facts).to.deep.include({ until: morning, night: true, why: 'phone' });
    const record = (await scene.records(person)).find(({ event }) => event === 'token.revoked');
    expect(record?.data).to.deep.include({ until: morning, words: '新しい電話', why: 'phone' });
    expect(record?.actor).to.deep.equal({ kind: 'account', id: by.person.account.id });
    const [listed] = (await listTokens(tools, scene.act(), by.person, { q: '', page: 1, per: 50 })).people;
    expect([listed?.account.id, listed?.tokenState]).to.deep.equal([person.id, { is: 'waiting', until: morning }]);
  });

  it('cancels an issue that waits for its first code, and leaves one that has lapsed', async () => {
    const by = await admin();
    const [open, lapsed] = [await scene.person(company), await scene.person(company)];
    for (const [person, expiresAt] of [
      [open, scene.now + minute],
      [lapsed, scene.now],
    ] as const) {
      const { row } = await scene.token(company, [], { kind: 'software', serial: null });
      await scene.at.store.tokenIssue.add({
        id: newId(),
        tokenId: row.id,
        accountId: person.id,
        kind: 'app',
        userId: newId(),
        activation: null,
        address: null,
        issuedAt: scene.now - minute,
        expiresAt,
      });
    }
    const { people } = await revoke(by, { people: [open.id, lapsed.id] });
    expect(people.map(({ result, why }) => [result, why])).to.deep.equal([
      ['done', null],
      ['out', 'nothing'],
    ]);
    expect((await scene.look(open)).issue).to.equal(null);
    expect((await scene.at.store.tokenIssue.newest(open.id))?.endedWhy).to.equal('revoked');
  });

  it('leaves the others who share a key-fob, and takes the device from all of them at once, oneself last', async () => {
    const { store } = scene.at;
    const by = await admin();
    const [one, two] = [await scene.person(company), await scene.person(company)];
    const { row } = await scene.token(company, [by.person.account, one, two]);
    const first = await revoke(by, { people: [one.id] });
    expect(first.people.map(({ result, until, serial }) => [result, until, serial])).to.deep.equal([
      ['done', null, row.serial],
    ]);
    expect([(await scene.look(two)).token?.holders, (await scene.look(one)).token]).to.deep.equal([2, null]);
    expect((await scene.look(two)).account.securityEpoch, 'the others are not touched').to.equal(two.securityEpoch);
    expect((await store.token.lock(row.id))?.retiredAt).to.equal(null);

    await holdAgain(row.id, one);
    const three = await scene.person(company);
    await scene.token(company, [three], { kind: 'software', serial: null });
    const all = await revoke(by, { serial: row.serial ?? '', people: [three.id, two.id] });
    expect([all.serial, all.endedItself]).to.deep.equal([row.serial, true]);
    expect(all.people.map(({ id, result }) => [id, result])).to.have.deep.members([
      [by.person.account.id, 'done'],
      [one.id, 'done'],
      [two.id, 'done'],
      [three.id, 'done'],
    ]);
    expect((await store.token.lock(row.id))?.retiredAt).to.equal(scene.now);
    for (const person of [by.person.account, one, two]) expect((await scene.look(person)).token).to.equal(null);
    expect(await store.login.standing(by.login.id, scene.now), 'one’s own login is over').to.equal(null);
    const bySerial = await chooseTokens(tools, scene.act(), by.person, { people: [], serial: row.serial ?? '' });
    expect(bySerial.noDevice, 'it names nothing any more').to.equal(true);
  });

  async function holdAgain(tokenId: string, { id }: AccountRow): Promise<void> {
    await scene.at.store.token.hold({ id: newId(), tokenId, accountId: id, registeredAt: scene.now });
  }

  it('takes a device from nobody when somebody registered it meanwhile, or one of them may not be acted upon', async () => {
    const by = await admin();
    const [one, two, late] = [await scene.person(company), await scene.person(company), await scene.person(company)];
    const { row } = await scene.token(company, [one, two]);
    const act = scene.act();
    const chosen = await chooseTokens(tools, act, by.person, { people: [], serial: row.serial ?? '' });
    expect(seenDevice(chosen.device)).to.include(one.id).and.include(two.id);
    await holdAgain(row.id, late);
    const asked = { key: newId(), chosen, stale: new Set<string>(), why: 'lost', words: '' } as const;
    const acted = await revokeTokens(tools, act, by, asked, { confirmation: rightPassword, otp: '' });
    if (acted.verdict !== 'finished') throw new Error(acted.verdict);
    expect(acted.result.people.map(({ result, why }) => [result, why])).to.deep.equal([
      ['failed', 'stale'],
      ['failed', 'stale'],
    ]);
    for (const person of [one, two, late]) expect((await scene.look(person)).token?.id).to.equal(row.id);
    const refused = await scene.at.store.transaction((tables) =>
      revokeDevice(tools, tables, act, {
        tokenId: row.id,
        holders: [one.id, two.id, late.id],
        why: 'lost',
        actor: { kind: 'operator', id: 'command-line' },
        by: 'desk',
        still: async ({ id }) => id !== late.id,
      }),
    );
    expect(refused).to.equal(null);
    expect((await scene.look(one)).token?.id, 'all or nobody').to.equal(row.id);
  });

  it('does not take away unseen what was registered since the page', async () => {
    const by = await admin();
    const person = await scene.person(company);
    await scene.token(company, [person]);
    const act = scene.act();
    const chosen = await chooseTokens(tools, act, by.person, { people: [person.id], serial: '' });
    await scene.at.store.token.release(person.id, scene.now, 'replaced');
    const next = await scene.token(company, [person]);
    const asked = { key: newId(), chosen, stale: new Set<string>(), why: 'other', words: '' } as const;
    const acted = await revokeTokens(tools, act, by, asked, { confirmation: rightPassword, otp: '' });
    if (acted.verdict !== 'finished') throw new Error(acted.verdict);
    expect(acted.result.people.map(({ result, why }) => [result, why])).to.deep.equal([['failed', 'stale']]);
    expect((await scene.look(person)).token?.id).to.equal(next.row.id);
  });

  it('acts once when the same page is confirmed many times at once, and once of many administrators', async () => {
    const admins = await atOnce(6, () => admin());
    const people = await atOnce(3, () => scene.person(company));
    const { row } = await scene.token(company, people);
    const [first] = admins;
    if (!first) throw new Error('nobody');
    const software = await scene.person(company);
    await scene.token(company, [software], { kind: 'software', serial: null });
    const key = newId();
    await Promise.allSettled(atOnceOf(6, () => revoke(first, { people: [software.id] }, key)));
    expect((await scene.events(software)).filter((event) => event === 'token.revoked')).to.have.length(1);

    const results = await Promise.allSettled(
      admins.map((by, place) =>
        revoke(by, place % 2 === 0 ? { serial: row.serial ?? '' } : { people: people.map(({ id }) => id) }),
      ),
    );
    const errors = results.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    expect(
      errors.filter((error) => !/it was stale/.test(error)),
      'no deadlock, nothing unforeseen',
    ).to.deep.equal([]);
    for (const person of people) {
      expect((await scene.look(person)).token).to.equal(null);
      expect((await scene.events(person)).filter((event) => event === 'token.revoked')).to.have.length(1);
      expect((await scene.mails(person)).filter(({ mail }) => mail === 'token-revoked')).to.have.length(1);
    }
  });

  const atOnceOf = <T>(count: number, make: () => Promise<T>): readonly Promise<T>[] =>
    Array.from({ length: count }, () => make());

  it('lets two who revoke each other’s tokens take turns: the second finds that its login has ended', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [await admin(), await admin('master')];
      await scene.token(company, [one.person.account]);
      await scene.token(company, [two.person.account]);
      const results = await Promise.all([
        revoke(one, { people: [two.person.account.id] }),
        revoke(two, { people: [one.person.account.id] }),
      ]);
      expect(results.flatMap(({ people }) => people.map(({ result }) => result)).toSorted()).to.deep.equal([
        'done',
        'failed',
      ]);
      await scene.at.store.account.change(two.person.account.id, { role: 'member' });
    }
  });

  it('ends with the right: an administrator who was demoted, stopped or signed out meanwhile takes nothing', async () => {
    const { store } = scene.at;
    for (const [what, change] of [
      ['demoted', (id: string) => store.account.change(id, { role: 'member' })],
      ['stopped', (id: string) => store.account.change(id, { stoppedAt: scene.now })],
      ['signed out', (id: string) => store.login.end({ accountId: id, but: null }, scene.now, 'ended')],
    ] as const) {
      const by = await admin();
      const person = await scene.person(company);
      await scene.token(company, [person]);
      await change(by.person.account.id);
      const { people } = await revoke(by, { people: [person.id] });
      expect(
        people.map(({ result }) => result),
        what,
      ).to.deep.equal(['failed']);
      expect((await scene.look(person)).token, what).not.to.equal(null);
    }
  });

  it('finds nobody of another company, by person, by serial number or as a sharer', async () => {
    const by = await admin();
    const elsewhere = await scene.company({ otpApplication: 'both' });
    const stranger = await scene.person(elsewhere);
    const { row } = await scene.token(elsewhere, [stranger]);
    const asked = { people: [stranger.id, 'nobody', 'a b'], serial: row.serial ?? '' };
    const chosen = await chooseTokens(tools, scene.act(), by.person, asked);
    expect([chosen.device, chosen.noDevice]).to.deep.equal([null, true]);
    expect(chosen.people.map(({ verdict }) => verdict)).to.deep.equal(['unknown', 'unknown', 'unknown']);
    const records = await scene.at.store.audit.list({ chain: company.id }, 10);
    expect(records.some((body) => body.includes('console.foreign-target'))).to.equal(true);
    expect((await scene.look(stranger)).token).not.to.equal(null);
  });

  describe('without a usable token of one’s own', () => {
    const strict = (): Tools => ({
      ...scene.tools,
      policy: {
        ...scene.tools.policy,
        revoke: { ...scene.tools.policy.revoke, proof: 'confirmation+otp' },
        grace: { ...scene.tools.policy.grace, afterApplication: 0, afterArrival: 0 },
      },
    });

    async function mailedCode(by: Admin): Promise<string> {
      const sent = await sendTokenCode(strict(), scene.act(), by.person.account, 'revoke', 'direct', true);
      expect(sent.verdict).to.equal('sent');
      const mails = (await scene.mails(by.person.account)).filter(({ mail }) => mail === 'email-code');
      return String(mails.at(-1)?.facts['code']);
    }

    const wronged = (code: string): string => (code[0] === '1' ? '2' : '1') + code.slice(1);

    it('asks the confirmation password and a code by mail, and tells the other administrators', async () => {
      const applied = await graceOver();
      const me = await signedIn(await scene.person(applied, { role: 'admin' }));
      const other = await scene.person(applied, { role: 'master' });
      const person = await scene.person(applied);
      await scene.token(applied, [person]);
      expect(proofForRevoking(strict(), scene.act(), me.person)).to.equal('confirmation+email-code');

      const code = await mailedCode(me);
      const ask = (typed: { readonly confirmation: string; readonly emailCode: string }) =>
        proveAct(
          strict(),
          scene.act(),
          me,
          { act: 'revoke-token', proof: 'confirmation+email-code', about: {} },
          { otp: '', ...typed },
        );
      const form = await ask({ confirmation: '', emailCode: '123456' });
      expect(form.verdict === 'refused' && form.errors.map(({ field }) => field)).to.deep.equal([
        'confirmation_password',
        'email_code',
      ]);
      const wrongPasswordFirst = await ask({ confirmation: wrongPassword, emailCode: code });
      expect(wrongPasswordFirst.verdict === 'refused' && wrongPasswordFirst.errors[0]?.key).to.equal('confirm.wrong');
      const wrongCode = await ask({ confirmation: rightPassword, emailCode: wronged(code) });
      expect(wrongCode.verdict === 'refused' && wrongCode.errors).to.deep.equal([
        { field: 'email_code', key: 'emailcode.wrong', values: { n: 4 } },
      ]);

      const act = scene.act();
      const chosen = await chooseTokens(strict(), act, me.person, { people: [person.id], serial: '' });
      const asked = { key: newId(), chosen, stale: new Set<string>(), why: 'lost', words: '' } as const;
      const typed = { confirmation: rightPassword, otp: '', emailCode: code };
      const done = await revokeTokens(strict(), act, me, asked, typed);
      expect(done.verdict).to.equal('finished');
      const told = (await scene.mails(other)).filter(({ mail }) => mail === 'token-revoked-without-token');
      expect(told.map(({ facts }) => facts)).to.deep.equal([{ role: 'admin', count: 1 }]);
      expect((await scene.mails(me.person.account)).map(({ mail }) => mail)).not.to.include(
        'token-revoked-without-token',
      );
      const again = await ask({ confirmation: rightPassword, emailCode: code });
      expect(again.verdict === 'refused' && again.errors[0]?.key, 'used up').to.equal('emailcode.expired');
    });

    it('takes no code of another purpose or person, and sends none to an address that changed within a day', async () => {
      const applied = await graceOver();
      const [me, colleague] = [
        await signedIn(await scene.person(applied, { role: 'admin' })),
        await signedIn(await scene.person(applied, { role: 'admin' })),
      ];
      const theirs = await mailedCode(colleague);
      const act = scene.act();
      expect((await sendTokenCode(strict(), act, me.person.account, 'register', 'direct', false)).verdict).to.equal(
        'sent',
      );
      const mails = (await scene.mails(me.person.account)).filter(({ mail }) => mail === 'email-code');
      const forRegistering = String(mails.at(-1)?.facts['code']);
      await mailedCode(me);
      for (const emailCode of [theirs, forRegistering]) {
        const judged = await proveAct(
          strict(),
          act,
          me,
          { act: 'revoke-token', proof: 'confirmation+email-code', about: {} },
          { confirmation: rightPassword, otp: '', emailCode },
        );
        expect(judged.verdict === 'refused' && judged.errors[0]?.key).to.equal('emailcode.wrong');
      }
      await scene.at.store.account.change(me.person.account.id, { emailChangedAt: scene.now - day + 1 });
      const changed = await scene.look(me.person.account);
      expect((await sendTokenCode(strict(), act, changed.account, 'revoke', 'direct', true)).verdict).to.equal(
        'held-up',
      );
    });

    const graceOver = (): Promise<CompanyRow> =>
      scene.company({
        otpApplication: 'both',
        otpAppliedAt: scene.now - 100 * day,
        tokenArrivedAt: scene.now - 100 * day,
      });
  });

  describe('the takeover guard', () => {
    async function guarded(by: { readonly password: string; readonly email: string }): Promise<AccountRow> {
      const at = scene.now - minute;
      return scene.person(company, {
        passwordByOther: by.password,
        passwordByOtherAt: at,
        emailByOther: by.email,
        emailByOtherAt: at - minute,
      });
    }
    const plain = (): Tools => ({ ...tools, policy: { ...tools.policy, otpOperations: [] } });

    async function allow(by: Admin, whose: AccountRow, seen = seenGuard(whose)) {
      const guard = await guardOf(plain(), scene.act(), by.person, await scene.look(whose));
      if (!guard) throw new Error('no guard');
      const typed = { confirmation: rightPassword, otp: '' };
      return allowIssue(plain(), scene.act(), by, { key: newId(), guarded: guard, seen }, typed);
    }

    it('is lifted by an administrator who did neither change, once, with a record and a mail', async () => {
      const [one, two, three] = [await admin(), await admin(), await admin('master')];
      const person = await guarded({ password: one.person.account.id, email: two.person.account.id });
      const verdict = async (by: Admin) =>
        (await guardOf(plain(), scene.act(), by.person, await scene.look(person)))?.verdict;
      expect([await verdict(one), await verdict(two), await verdict(three)]).to.deep.equal([
        'changed',
        'changed',
        'may',
      ]);
      for (const by of [one, two]) {
        const refused = await allow(by, person);
        expect(refused.verdict === 'refused' && refused.refused.verdict, 'asked past the page').to.equal('stale');
      }
      const stale = await allow(three, person, 'something else');
      expect(stale.verdict === 'refused' && stale.refused.verdict).to.equal('stale');
      expect((await allow(three, person)).verdict).to.equal('finished');
      const { account } = await scene.look(person);
      expect([account.issueAllowedAt, account.issueAllowedBy]).to.deep.equal([scene.now, three.person.account.id]);
      expect(issueGuardUntil(account, tools.policy.takeover, scene.now)).to.equal(null);
      expect(await scene.events(person)).to.include('token.issue-allowed');
      expect((await scene.mails(person)).map(({ mail }) => mail)).to.deep.equal(['issue-allowed']);
      await scene.at.store.account.change(person.id, { emailByOtherAt: scene.now + 1 });
      const anew = await scene.look(person);
      expect(
        issueGuardUntil(anew.account, tools.policy.takeover, scene.now + 2),
        'a new change begins it anew',
      ).not.to.equal(null);
    });

    it('is never lifted for oneself, and names the bank where a letter set the password', async () => {
      const me = await signedIn(await guardedAdmin());
      const guard = await guardOf(plain(), scene.act(), me.person, me.person);
      expect([guard?.verdict, guard?.password.by]).to.deep.equal(['self', 'desk']);
      const refused = await allow(me, me.person.account);
      expect(refused.verdict === 'refused' && refused.refused.verdict).to.equal('stale');
    });

    const guardedAdmin = (): Promise<AccountRow> =>
      scene.person(company, {
        role: 'admin',
        passwordByOther: 'operator',
        passwordByOtherAt: scene.now - minute,
        emailByOther: 'somebody',
        emailByOtherAt: scene.now - minute,
      });
  });

  describe('on the command line', () => {
    const run = tokenCommandLine(() => ({ tools, act: scene.act() }));

    it('lists, revokes a person’s token or the device itself, and says clearly what it cannot do', async () => {
      const [one, two] = [await scene.person(company), await scene.person(company)];
      const { row } = await scene.token(company, [one, two]);
      const three = await scene.person(company);
      await scene.token(company, [three], { kind: 'software', serial: null });
      const listed = await run('list', { company: company.contractNumber });
      expect(listed.json['tokens']).to.have.length(3);
      expect((await run('list', { company: '0' })).json['error']).to.equal('unknown_contract');

      for (const [options, error] of [
        [{ loginId: three.loginName, serial: row.serial ?? '', reason: 'lost' }, 'one_of_two'],
        [{ reason: 'lost' }, 'one_of_two'],
        [{ loginId: three.loginName }, 'unknown_reason'],
        [{ loginId: three.loginName, reason: 'bored' }, 'unknown_reason'],
        [{ loginId: 'nobody-here', reason: 'lost' }, 'unknown_login_id'],
        [{ serial: 'nothing', reason: 'lost' }, 'unknown_serial'],
        [{ loginId: three.loginName, reason: 'lost', why: 'x'.repeat(201) }, 'why_too_long'],
      ] as const) {
        const answer = await run('revoke', options);
        expect([answer.ok, answer.json['error']], JSON.stringify(options)).to.deep.equal([false, error]);
      }
      const alone = await run('revoke', { loginId: three.loginName, reason: 'phone', why: '電話での申し出' });
      expect([alone.ok, (await scene.look(three)).account.waitsUntil !== null]).to.deep.equal([true, true]);
      expect((await run('revoke', { loginId: three.loginName, reason: 'phone' })).json['error']).to.equal('no_token');
      const all = await run('revoke', { serial: ` ${(row.serial ?? '').toLowerCase()} `, reason: 'lost' });
      expect(all.ok, all.text).to.equal(true);
      for (const person of [one, two]) expect((await scene.look(person)).token).to.equal(null);
      const [record] = (await scene.records(three)).filter(({ event }) => event === 'token.revoked');
      expect(record?.actor).to.deep.equal({ kind: 'operator', id: 'command-line' });
      expect(record?.data['words']).to.equal('電話での申し出');
    });

    it('lifts the guard, and says where none stands', async () => {
      const person = await scene.person(company, {
        passwordByOther: 'a',
        passwordByOtherAt: scene.now,
        emailByOther: 'a',
        emailByOtherAt: scene.now,
      });
      expect((await run('allow-issue', {})).json['error']).to.equal('login_id_missing');
      expect((await run('allow-issue', { loginId: person.loginName })).ok).to.equal(true);
      expect((await scene.look(person)).account.issueAllowedBy).to.equal('command-line');
      expect((await run('allow-issue', { loginId: person.loginName })).json['error']).to.equal('no_guard');
      expect((await run('sell', {})).json['error']).to.equal('unknown_command');
    });
  });
});
