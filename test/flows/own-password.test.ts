// Changing one's own passwords and address from inside a sign-in: what is compared, what ends and who is spared, and what of the
// takeover guard stays (spec §2, §6). No HTTP.
import { expect } from 'chai';
import { askOwnEmail } from '../../src/flows/self-service/ask-email.ts';
import { proveOwnEmail } from '../../src/flows/self-service/change-email.ts';
import { changeOwnPasswords, type OwnPasswordForm } from '../../src/flows/self-service/change-password.ts';
import { changeDuePassword } from '../../src/flows/sign-in/change-due-password.ts';
import { oweMail } from '../../src/flows/mail.ts';
import type { LoginRecord } from '../../src/rules/login.ts';
import { issueGuardUntil } from '../../src/rules/takeover.ts';
import type { AccountRow, CompanyRow, Person } from '../../src/store/account.ts';
import { attemptRecord } from '../support/attempt.ts';
import { addDevice, addLink, addLogin, atOnce, day, minute, newId, start } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene, wrongPassword } from './scene.ts';

describe('one’s own passwords and address', () => {
  let scene: Scene;
  let company: CompanyRow;
  let person: AccountRow;
  let confirmationHash: string;
  const confirmationPassword = 'Kakunin2026';
  before(async () => {
    scene = await flowScene();
    company = await scene.company();
    confirmationHash = await scene.hash(confirmationPassword);
  });
  const somebody = async (patch: Partial<AccountRow> = {}): Promise<AccountRow> =>
    scene.person(company, patch, { confirmation: { hash: confirmationHash } });
  beforeEach(async () => {
    scene.now = start;
    person = await somebody();
  });

  async function signedIn(account: AccountRow, linkId: string | null = null): Promise<LoginRecord> {
    const id = await addLogin(scene.at.store, account, { linkId });
    return {
      id,
      accountId: account.id,
      companyId: account.companyId,
      epoch: 1,
      linkId,
      route: linkId === null ? 'direct' : 'federated',
      passwordAt: start,
      otp: null,
      deviceId: null,
      acr: 'urn:renkei:acr:password',
      amr: ['pwd'],
      authTime: start,
      startedAt: start,
      expiresAt: start + 600 * minute,
      displayName: account.name,
      loginName: account.loginName,
    };
  }

  const form = (patch: Partial<Record<'login' | 'confirmation', readonly [string, string]>>): OwnPasswordForm => ({
    wanted: { login: patch.login !== undefined, confirmation: patch.confirmation !== undefined },
    current: { login: patch.login?.[0] ?? '', confirmation: patch.confirmation?.[0] ?? '' },
    candidate: { login: patch.login?.[1] ?? '', confirmation: patch.confirmation?.[1] ?? '' },
    again: { login: patch.login?.[1] ?? '', confirmation: patch.confirmation?.[1] ?? '' },
  });
  const change = async (login: LoginRecord, typed: OwnPasswordForm, by?: Person) =>
    changeOwnPasswords(scene.tools, scene.act(), { person: by ?? (await scene.look(person)), login }, newId(), typed);
  const standing = async (id: string): Promise<boolean> =>
    (await scene.at.store.login.standing(id, scene.now)) !== null;

  it('end everything else of the person and spare the sign-in that acts, again and again', async () => {
    const link = await addLink(scene.at.store, person);
    const device = await addDevice(scene.at.store, person.id, link);
    const mine = await signedIn(person);
    const other = await signedIn(person, link);
    const somebodyElse = await signedIn(await somebody());
    for (const [from, to] of [
      [rightPassword, 'Minazuki2026'],
      ['Minazuki2026', 'Fumizuki2026'],
    ] as const) {
      expect((await change(mine, form({ login: [from, to] }))).verdict).to.equal('finished');
      expect([await standing(mine.id), await standing(other.id), await standing(somebodyElse.id)]).to.deep.equal([
        true,
        false,
        true,
      ]);
    }
    expect((await scene.at.store.device.find(device))?.endedWhy).to.equal('password-changed');
    expect((await scene.look(person)).account.securityEpoch).to.equal(3);
    expect(await scene.events(person)).to.deep.equal(['password.changed', 'password.changed']);
    expect(
      (await scene.mails(person)).map(({ mail, facts }) => [mail, facts['login'], facts['confirmation']]),
    ).to.deep.equal([
      ['password-changed', true, false],
      ['password-changed', true, false],
    ]);
    expect((await change(other, form({ login: ['Fumizuki2026', 'Hazuki20261'] }))).verdict, 'one that ended').to.equal(
      'refused',
    );
    const records = JSON.stringify(await scene.records(person));
    for (const secret of [rightPassword, 'Minazuki2026', 'Fumizuki2026']) expect(records).not.to.include(secret);
  });

  it('compare nothing before the form is right, and both before anything is changed', async () => {
    const mine = await signedIn(person);
    const before = scene.hashes();
    await change(mine, form({ login: [wrongPassword, 'short1'], confirmation: [wrongPassword, ''] }));
    expect(scene.hashes()).to.deep.equal(before);
    const answer = await change(
      mine,
      form({ login: [rightPassword, 'Minazuki2026'], confirmation: [wrongPassword, 'Fumizuki2026'] }),
    );
    expect(answer).to.deep.equal({
      verdict: 'refused',
      refused: {
        verdict: 'refused',
        errors: [{ field: 'confirmation_password', key: 'password.current', values: { n: 4 } }],
      },
    });
    expect(scene.hashes().compared - before.compared).to.equal(2);
    const { login, confirmation } = await scene.look(person);
    expect([login.misses, confirmation?.misses, login.setAt]).to.deep.equal([0, 1, start - 10 * day]);
    expect(await scene.events(person)).to.deep.equal(['confirmation.missed']);
  });

  it('change once when eight tabs press at the same moment, and the others are told', async () => {
    const mine = await signedIn(person);
    scene.now += minute;
    const by = await scene.look(person);
    const answers = await atOnce(8, (n) => change(mine, form({ login: [rightPassword, `Minazuki202${n}`] }), by));
    expect(answers.filter(({ verdict }) => verdict === 'finished')).to.have.length(1);
    for (const answer of answers)
      if (answer.verdict === 'refused') {
        const { refused } = answer;
        const locked = refused.verdict === 'refused' && refused.errors.every(({ key }) => key === 'password.locked');
        expect(refused.verdict === 'stale' || locked, JSON.stringify(refused)).to.equal(true);
      }
    expect((await scene.events(person)).filter((event) => event === 'password.changed')).to.have.length(1);
    expect(await standing(mine.id)).to.equal(true);
  });

  it('lock at the fifth miss by the counter of that password alone', async () => {
    const mine = await signedIn(person);
    const keys: string[] = [];
    for (let miss = 1; miss <= 6; miss += 1) {
      const answer = await change(mine, form({ login: [wrongPassword, 'Minazuki2026'] }));
      if (answer.verdict === 'refused' && answer.refused.verdict === 'refused')
        keys.push(...answer.refused.errors.map(({ key }) => key));
    }
    expect(keys).to.deep.equal([
      ...Array.from({ length: 4 }, () => 'password.current'),
      'password.locked',
      'password.locked',
    ]);
    expect((await scene.look(person)).confirmation?.misses).to.equal(0);
    expect(await standing(mine.id), 'the sign-in goes on').to.equal(true);
    expect((await change(mine, form({ confirmation: [confirmationPassword, 'Fumizuki2026'] }))).verdict).to.equal(
      'finished',
    );
  });

  it('are told apart from the one that was handed over, where a bank lets it be kept', async () => {
    const handedOver = { issued: true, issuedUntil: start + 90 * day };
    person = await scene.person(company, {}, { login: handedOver, confirmation: { hash: confirmationHash } });
    const answer = await change(await signedIn(person), form({ login: [rightPassword, rightPassword] }));
    expect(answer).to.deep.include({
      verdict: 'refused',
      refused: { verdict: 'refused', errors: [{ field: 'new_password', key: 'password.sameissued' }] },
    });
  });

  it('are not changed while they are locked or stopped, and a change lifts neither', async () => {
    for (const locked of [{ lockedUntil: start + 30 * minute }, { stoppedAt: start - day }]) {
      person = await scene.person(company, {}, { login: locked, confirmation: { hash: confirmationHash } });
      const mine = await signedIn(person);
      const before = scene.hashes();
      const answer = await change(mine, form({ login: [rightPassword, 'Minazuki2026'] }));
      expect(
        answer.verdict === 'refused' && answer.refused.verdict === 'refused' && answer.refused.errors[0]?.key,
      ).to.equal('stoppedAt' in locked ? 'password.stopped' : 'password.locked');
      expect(scene.hashes(), 'nothing is compared').to.deep.equal(before);
      await change(mine, form({ confirmation: [confirmationPassword, 'Fumizuki2026'] }));
      const { login } = await scene.look(person);
      expect({ lockedUntil: login.lockedUntil, stoppedAt: login.stoppedAt }).to.include(locked);
    }
  });

  describe('and the takeover guard', () => {
    const byOthers = {
      emailByOtherAt: start - minute,
      emailByOther: 'admin',
      passwordByOtherAt: start - minute,
      passwordByOther: 'admin',
    };
    const guard = async (): Promise<number | null> =>
      issueGuardUntil((await scene.look(person)).account, scene.tools.policy.takeover, scene.now);
    const changeEmail = async (login: LoginRecord): Promise<string> => {
      const email = `${newId()}@example.jp`;
      const by = { person: await scene.look(person), login };
      const asked = await askOwnEmail(scene.tools, scene.act(), by, { email, confirmation: confirmationPassword });
      expect(asked.verdict).to.equal('sent');
      const [mail] = await scene.mails({ ...person, email });
      const proven = await proveOwnEmail(scene.tools, scene.act(), by, String(mail?.facts['code']));
      expect(proven?.verdict).to.equal('finished');
      return email;
    };

    it('stands through a change of the password by whoever was given it: own, or forced at the sign-in', async () => {
      person = await somebody(byOthers);
      const until = await guard();
      expect(until).to.equal(start - minute + day);
      await change(await signedIn(person), form({ login: [rightPassword, 'Minazuki2026'] }));
      expect(await guard()).to.equal(until);

      person = await scene.person(company, byOthers, { login: { forced: true } });
      const attempt = attemptRecord({ route: 'direct', account: { id: person.id, epoch: 1 }, passwordAt: start });
      await scene.tools.attempts.begin(attempt);
      await changeDuePassword(
        scene.tools,
        scene.act(),
        attempt,
        await scene.look(person),
        form({ login: [rightPassword, 'Minazuki2026'] }),
      );
      expect((await scene.look(person)).login.forced).to.equal(false);
      expect(await guard()).to.equal(until);
    });

    it('stands through a change of the address with a password that somebody else set', async () => {
      person = await somebody(byOthers);
      await changeEmail(await signedIn(person));
      expect(await guard()).to.equal(start - minute + day);
    });

    it('ends for an address that its owner changed with a password of their own', async () => {
      person = await somebody({ ...byOthers, passwordByOtherAt: null, passwordByOther: null });
      await changeEmail(await signedIn(person));
      expect((await scene.look(person)).account).to.include({ emailByOtherAt: null, emailByOther: null });
      person = await somebody({ ...byOthers, passwordByOtherAt: start - 2 * day });
      await changeEmail(await signedIn(person));
      expect((await scene.look(person)).account.emailByOtherAt).to.equal(null);
    });

    it('tells the former address at once, each address with the other one masked', async () => {
      const old = person.email ?? '';
      const email = await changeEmail(await signedIn(person));
      const told = async (to: string) =>
        (await scene.mails({ ...person, email: to }))
          .filter(({ mail }) => mail === 'email-changed')
          .map(({ facts }) => facts);
      const masked = (value: string): string => `${value.slice(0, 1)}***@example.jp`;
      const usableFrom = start + day;
      expect(await told(old)).to.deep.equal([{ old, new: masked(email), usableFrom, route: 'direct' }]);
      expect(await told(email)).to.deep.equal([{ old: masked(old), new: email, usableFrom, route: 'direct' }]);
      const record = (await scene.records(person)).at(-1);
      expect([record?.event, JSON.stringify(record).includes(email)]).to.deep.equal(['email.changed', false]);
    });

    it('owes no mail to an address that its owner has not proven', async () => {
      person = await somebody({ emailProvenAt: null });
      await scene.tools.store.transaction((tables) =>
        oweMail(scene.tools, tables, scene.act(), person, 'email-code', {
          code: '12345678',
          purpose: 'token',
          until: start,
        }),
      );
      expect(await scene.mails(person)).to.deep.equal([]);
      const mine = await signedIn(person);
      await change(mine, form({ login: [rightPassword, 'Minazuki2026'] }));
      expect(await scene.mails(person)).to.deep.equal([]);
      expect((await scene.events(person)).at(-1)).to.equal('password.changed');
    });
  });

  it('wait for the code in the sign-in that asked: no other one, and not past a change of the password', async () => {
    const mine = await signedIn(person);
    const other = await signedIn(person);
    const email = `${newId()}@example.jp`;
    const look = await scene.look(person);
    await askOwnEmail(
      scene.tools,
      scene.act(),
      { person: look, login: mine },
      { email, confirmation: confirmationPassword },
    );
    const [mail] = await scene.mails({ ...person, email });
    const code = String(mail?.facts['code']);
    expect(await proveOwnEmail(scene.tools, scene.act(), { person: look, login: other }, code)).to.equal(null);
    await change(other, form({ login: [rightPassword, 'Minazuki2026'] }));
    const late = await proveOwnEmail(scene.tools, scene.act(), { person: look, login: mine }, code);
    expect(late).to.deep.equal({ verdict: 'refused', refused: { verdict: 'look-again' } });
    expect((await scene.look(person)).account.email).to.equal(person.email);
  });
});
