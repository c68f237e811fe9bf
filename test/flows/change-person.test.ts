// Registering and changing people, below the pages: on real PostgreSQL, where two administrators act at the same moment and a
// process may die after it has done what it was asked.
import { expect } from 'chai';
import { runCommand } from '../../src/command/commands.ts';
import { changePerson, type Changed } from '../../src/flows/company/change-person.ts';
import { createPerson, type Registered } from '../../src/flows/company/create-person.ts';
import { takeSheet } from '../../src/flows/company/issue.ts';
import { loadBankAccounts } from '../../src/flows/company/load-bank-accounts.ts';
import { decidable, judgeBasics, type BasicsForm } from '../../src/flows/company/person-basics.ts';
import { changeDraft, newPersonDraft, standingOf, type PersonDraft } from '../../src/flows/company/person-draft.ts';
import { guess } from '../../src/flows/guess.ts';
import type { Tools } from '../../src/flows/tools.ts';
import type { LoginRecord } from '../../src/rules/login.ts';
import type { AccountRow, CompanyRow, Person } from '../../src/store/account.ts';
import { run } from '../support/database.ts';
import { addDevice, addLink, addLogin, day, newId } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene, wrongPassword } from './scene.ts';

interface Admin {
  readonly person: Person;
  readonly login: LoginRecord;
}

const seal = 'a value of the browser';
const typed = { confirmation: rightPassword, otp: '' };
const blank: BasicsForm['passwords']['login'] = { change: 'keep', by: '', typed: '', force: false };

describe('registering and changing people of one’s company', function () {
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
    const { epoch, startedAt, expiresAt } = row;
    const login: LoginRecord = {
      id,
      accountId: account.id,
      companyId: account.companyId,
      epoch,
      linkId: null,
      route: 'direct',
      passwordAt: startedAt,
      otp: null,
      deviceId: null,
      acr: 'urn:renkei:acr:password',
      amr: ['pwd'],
      authTime: startedAt,
      startedAt,
      expiresAt,
      displayName: account.name,
      loginName: account.loginName,
    };
    return { person: await scene.look(account), login };
  }

  async function draftOf(person: AccountRow, patch: Partial<PersonDraft> = {}): Promise<PersonDraft> {
    const found = await standingOf(scene.at.store, company.id, person.id);
    if (!found) throw new Error('nobody');
    return { ...changeDraft(person.id, found.standing), ...patch };
  }

  const change = (by: Admin, draft: PersonDraft, tools: Tools = scene.tools): Promise<Changed> =>
    changePerson(tools, scene.act(), by, { draftId: newId(), draft, seal }, typed);

  const create = (by: Admin, draft: PersonDraft, draftId = newId(), tools: Tools = scene.tools): Promise<Registered> =>
    createPerson(tools, scene.act(), by, { draftId, draft, seal }, typed);

  const fresh = (patch: Partial<PersonDraft> = {}): PersonDraft => ({
    ...newPersonDraft(scene.tools),
    name: '佐野 葵',
    email: `${newId()}@example.jp`,
    ...patch,
  });

  const told = (outcome: Changed | Registered): string =>
    outcome.verdict === 'refused' ? outcome.refused.verdict : outcome.verdict;

  it('lets one of two administrators who demote each other win, and the other one is nobody who may', async () => {
    for (let round = 0; round < 15; round += 1) {
      const [one, two] = [
        await scene.person(company, { role: 'admin' }),
        await scene.person(company, { role: 'admin' }),
      ];
      const both = [await signedIn(one), await signedIn(two)] as const;
      const outcomes = await Promise.all([
        change(both[0], await draftOf(two, { admin: false })),
        change(both[1], await draftOf(one, { admin: false })),
      ]);
      expect(outcomes.map(told).toSorted()).to.deep.equal(['finished', 'stale']);
      const roles = [(await scene.look(one)).account.role, (await scene.look(two)).account.role];
      expect(roles.toSorted()).to.deep.equal(['admin', 'member']);
      for (const { id } of [one, two]) await scene.at.store.account.change(id, { deletedAt: scene.now });
    }
  });

  it('warns all who administer when one releaser is left, and tells the person of the lost rights', async () => {
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const admin = await scene.person(company, { role: 'admin' });
    const blocked = await scene.person(company, { role: 'admin' }, { confirmation: { stoppedAt: scene.now } });
    expect(told(await change(by, await draftOf(admin, { admin: false })))).to.equal('finished');
    for (const who of [by.person.account, blocked])
      expect((await scene.mails(who)).map(({ mail }) => mail)).to.deep.equal(['last-releaser']);
    const [rights] = await scene.mails(admin);
    expect([rights?.mail, rights?.facts['adminRemoved'], rights?.facts['removed']]).to.deep.equal([
      'rights-changed',
      true,
      'records',
    ]);
    expect(await scene.events(admin)).to.include('account.role-changed');
  });

  it('does not take the last releaser’s administration: the form says why', async () => {
    const by = await signedIn(
      await scene.person(company, { role: 'master' }, { confirmation: { stoppedAt: scene.now } }),
    );
    const last = await scene.person(company, { role: 'admin', name: '山田 花子' });
    const form = {
      name: last.name,
      email: last.email ?? '',
      admin: 'none',
      passwords: { login: blank, confirmation: blank },
    };
    const judged = await judgeBasics(scene.tools, by.person, await scene.look(last), await draftOf(last), form);
    expect(judged).to.deep.equal({
      verdict: 'refused',
      errors: [{ field: 'admin', key: 'last.block', values: { name: '山田 花子' } }],
    });
  });

  it('never gives an ID that was given before, and registers for good', async () => {
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const taken = await create(by, fresh());
    if (taken.verdict !== 'finished') throw new Error(told(taken));
    const answers = [taken.result.loginName, taken.result.loginName, '000000017'];
    const digits = (): string => answers.shift() ?? '000000018';
    const tools = { ...scene.tools, secrets: { ...scene.tools.secrets, digits } };
    const next = await create(by, fresh(), newId(), tools);
    expect(next.verdict === 'finished' && next.result.loginName).to.equal('000000017');
    const { account, login, confirmation } = await scene.look({ ...by.person.account, id: taken.result.accountId });
    expect([account.role, account.setUpAt, account.emailProvenAt]).to.deep.equal(['member', null, null]);
    expect([account.emailByOtherAt, account.emailByOther], 'registered is not changed').to.deep.equal([null, null]);
    expect([login.issued, login.issuedUntil, confirmation]).to.deep.equal([true, scene.now + 90 * day, null]);
  });

  it('registers nobody twice when the process died before it could say so', async () => {
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const draft = fresh();
    const draftId = newId();
    const consoleActivity = { ...scene.tools.consoleActivity, finish: () => Promise.reject(new Error('died')) };
    const died = await create(by, draft, draftId, { ...scene.tools, consoleActivity }).catch(
      (error: Error) => error.message,
    );
    expect(died).to.equal('died');
    const again = await create(by, draft, draftId);
    expect(again.verdict === 'finished' && again.result.accountId).to.equal(draft.personId);
    const about = { key: draftId, accountId: draft.personId };
    const sheet = await takeSheet(
      scene.tools,
      scene.act(),
      { account: by.person.account, login: by.login },
      about,
      seal,
    );
    const guessed = await guess(scene.tools, scene.act(), draft.personId, 'login', sheet?.login ?? '');
    expect(guessed.verdict, 'the sheet has the password that counts').to.equal('right');
    expect(
      (
        await scene.at.store.people.list({
          companyId: company.id,
          text: '佐野',
          state: null,
          role: null,
          tokenKind: null,
          linked: null,
          sort: 'login_id',
          now: scene.now,
          usedSince: 0,
          page: 1,
          per: 20,
        })
      ).total,
    ).to.equal(1);
  });

  it('registers nobody with portals or accounts that are not there to be given', async () => {
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const other = await scene.company();
    const loaded = await loadBankAccounts(scene.tools, scene.act(), {
      contractNumber: other.contractNumber,
      text: 'branch_code,branch_name,kind,number,memo\n100,本店,普通,1234567,',
      actor: { kind: 'operator', id: 'command-line' },
    });
    expect(loaded.verdict).to.equal('loaded');
    const [theirs] = await scene.at.store.bankAccount.ofCompany(other.id);
    for (const draft of [
      fresh({ accounts: [theirs?.id ?? ''] }),
      fresh({ portals: ['nowhere'] }),
      fresh({ portals: ['demo-portal'] }),
    ])
      expect(told(await create(by, draft))).to.equal('stale');
    const member = await signedIn(await scene.person(company));
    expect(told(await create(member, fresh()))).to.equal('stale');
  });

  it('sets a password without its release, ends what was signed in, and forces exactly that one', async () => {
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const person = await scene.person(company);
    const linkId = await addLink(scene.at.store, person);
    await addDevice(scene.at.store, person.id, linkId);
    const login = await addLogin(scene.at.store, person, { linkId });
    for (let n = 0; n < 5; n += 1) await guess(scene.tools, scene.act(), person.id, 'login', wrongPassword);
    const before = await scene.look(person);
    const hash = await scene.hash('Kanrisha2026');
    const set = { how: 'typed', force: true, hash, clash: null } as const;
    const draft = await draftOf(person, { passwords: { login: set, confirmation: { how: 'keep' } } });
    const done = await change(by, draft);
    if (done.verdict !== 'finished') throw new Error(told(done));
    expect(done.result.ended).to.deep.equal({ devices: 1, logins: 1, portals: [] });
    const after = await scene.look(person);
    expect([after.login.forced, after.login.lockedUntil, after.login.history[0]]).to.deep.equal([
      true,
      before.login.lockedUntil,
      before.login.hash,
    ]);
    expect(after.confirmation).to.deep.equal(before.confirmation);
    expect([after.account.passwordByOtherAt, after.account.passwordByOther]).to.deep.equal([
      scene.now,
      by.person.account.id,
    ]);
    expect(await scene.at.store.login.standing(login, scene.now)).to.equal(null);
    expect(after.confirmation?.forced).to.equal(false);
    const record = (await scene.records(person)).at(-1);
    expect([record?.event, record?.data['which']]).to.deep.equal(['password.set-by-other', ['login']]);
    const all = JSON.stringify([await scene.records(person), await scene.mails(person)]);
    expect(all).not.to.include(hash).and.not.include('Kanrisha2026');
  });

  it('lets a password stand without a forced change only where the bank says so (S3)', async () => {
    const by = await signedIn(await scene.person(company, { role: 'admin' }));
    const person = await scene.person(company);
    const form = {
      name: person.name,
      email: person.email ?? '',
      admin: 'none',
      passwords: { login: { change: 'change', by: 'issue', typed: '', force: false }, confirmation: blank },
    };
    for (const [forcedChange, force] of [
      ['fixed', true],
      ['free', false],
    ] as const) {
      const tools: Tools = { ...scene.tools, policy: { ...scene.tools.policy, forcedChange } };
      expect(decidable(tools, by.person, await scene.look(person)).force).to.equal(forcedChange);
      const judged = await judgeBasics(tools, by.person, await scene.look(person), await draftOf(person), form);
      if (judged.verdict !== 'good') throw new Error(judged.verdict);
      expect(told(await change(by, judged.draft, tools))).to.equal('finished');
      const { login } = await scene.look(person);
      expect([login.forced, login.issued, login.issuedUntil === null]).to.deep.equal([force, force, !force]);
    }
  });

  it('loads the bank’s list of accounts by command, or names the lines that are not right and loads nothing', async () => {
    const head = 'branch_code,branch_name,kind,number,memo';
    const load = (text: string, contract = company.contractNumber) =>
      runCommand(scene.tools, scene.act(), { name: 'bank-accounts', args: ['load', contract, text] });
    const bad = await load(`${head}\n100,本店,普通,1234567,\n1,本店,普通,1234568,`);
    expect([bad.ok, bad.json['bad'], bad.text]).to.deep.equal([
      false,
      [{ line: 3, why: 'branch_code' }],
      'Line 3: branch_code: three digits\nNothing was loaded.',
    ]);
    expect((await load(`${head}\n100,本店,普通,1234567,`, '9')).json).to.include({ error: 'unknown_contract' });
    expect((await load('nonsense')).json).to.include({ error: 'bad_file', why: 'head' });
    expect(await scene.at.store.bankAccount.ofCompany(company.id)).to.deep.equal([]);
    const good = await load(`${head}\n100,"本店, 別館",普通,1234567,"=1+1"`);
    expect(good.json).to.include({ ok: true, accounts: 1, added: 1, changed: 0, removed: 0 });
    const [row] = await scene.at.store.bankAccount.ofCompany(company.id);
    expect([row?.branchName, row?.memo]).to.deep.equal(['本店, 別館', '=1+1']);
    const records = await run(scene.at, `select event from audit where chain = '${company.id}'`);
    expect(records.map(({ event }) => event)).to.deep.equal(['bank-accounts.loaded']);
  });

  it('does nothing any more for an administrator whose sign-in ended while the proof was compared', async () => {
    const { store } = scene.at;
    for (const ended of ['signed out', 'password set by others', 'one-time password stopped'] as const) {
      const account = await scene.person(company, { role: 'admin' });
      const by = await signedIn(account);
      const person = await scene.person(company);
      const draft = await draftOf(person, { name: '別の 名前' });
      if (ended === 'signed out') await store.login.end({ ids: [by.login.id] }, scene.now, 'test');
      if (ended === 'password set by others') await store.account.raiseEpoch(account.id, null);
      if (ended === 'one-time password stopped') await store.account.change(account.id, { otpStoppedAt: scene.now });
      expect(told(await change(by, draft)), ended).to.equal('stale');
      expect((await scene.look(person)).account.name, ended).to.equal(person.name);
      const draftOfNew = fresh();
      expect(told(await create(by, draftOfNew)), ended).to.equal('stale');
      expect(await store.account.find(draftOfNew.personId), ended).to.equal(null);
    }
  });

  it('ends a sign-in that was made for a portal that is taken away, before its browser came back to the portal', async () => {
    const { store } = scene.at;
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const person = await scene.person(company);
    await store.portalPermission.grant(person.id, ['closed-portal', 'kept-portal']);
    const made = await addLogin(store, person, { clientId: 'closed-portal' });
    const other = await addLogin(store, person, { clientId: 'kept-portal' });
    expect(told(await change(by, await draftOf(person, { portals: ['kept-portal'] })))).to.equal('finished');
    expect(await store.login.standing(made, scene.now)).to.equal(null);
    expect(await store.login.standing(other, scene.now)).not.to.equal(null);
  });

  it('writes down what was before and after, field by field', async () => {
    const by = await signedIn(await scene.person(company, { role: 'master' }));
    const person = await scene.person(company);
    const draft = await draftOf(person, { name: '別の 名前', email: 'neu@example.jp', viewsRecords: true });
    expect(told(await change(by, draft))).to.equal('finished');
    const records = await scene.records(person);
    const of = (event: string) => records.find((one) => one.event === event)?.data;
    expect(of('account.changed')).to.deep.include({
      before: { name: person.name, viewsRecords: false },
      after: { name: '別の 名前', viewsRecords: true },
    });
    expect(of('email.changed')).to.deep.include({
      before: { email: person.email },
      after: { email: 'neu@example.jp' },
    });
    const { account } = await scene.look(person);
    expect([account.emailProvenAt, account.emailChangedAt, account.emailByOther]).to.deep.equal([
      null,
      scene.now,
      by.person.account.id,
    ]);
    expect(
      (await scene.mails(person)).map(({ mail, facts }) => [mail, facts['masked'] ?? facts['added']]),
    ).to.have.deep.members([
      ['email-changed', 'new'],
      ['rights-changed', 'records'],
    ]);
  });
});
