// A forgotten master password: the same work whoever's entries were typed, limits that sending again doesn't reset, one open
// request of an account, one decision, and a letter that takes effect when it is used.
import { expect } from 'chai';
import { setPasswords } from '../../src/flows/company/set-password.ts';
import { askReset, resendCode, type ResetForm } from '../../src/flows/reset/ask.ts';
import { checkResetCode } from '../../src/flows/reset/check-code.ts';
import {
  approveReset,
  openRequests,
  refuseReset,
  renewLetter,
  type ResetLetter,
} from '../../src/flows/reset/decide.ts';
import { guess } from '../../src/flows/guess.ts';
import type { Answer } from '../../src/flows/sign-in/answer.ts';
import type { AuditActor } from '../../src/rules/audit-event.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import type { ResetAsk } from '../../src/store/reset-ask.ts';
import type { State } from '../../src/store/state.ts';
import { bothStores } from '../support/database.ts';
import { addDevice, addLink, day, minute, newId } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene, wrongPassword } from './scene.ts';

const actor: AuditActor = { kind: 'operator', id: 'command-line' };
const advanced = { advanced: true };

for (const { name, open } of bothStores) {
  describe(`a forgotten master password on ${name}`, function () {
    this.timeout(60_000);
    let scene: Scene;
    let company: CompanyRow;
    let master: AccountRow;
    let browser: string;

    before(async () => {
      scene = await flowScene(open);
    });
    beforeEach(async () => {
      company = await scene.company();
      master = await scene.person(company, { role: 'master' });
      browser = newId();
    });

    const entries = (patch: Partial<ResetForm> = {}): ResetForm => ({
      loginId: master.loginName,
      contractNumber: company.contractNumber,
      email: master.email ?? '',
      ...patch,
    });
    /** Each from an address of its own: throttling is looked at by itself. */
    const ask = (form: ResetForm, from = browser): Promise<Answer> => {
      // Mails are in the order of their times.
      scene.now += 1;
      return askReset(scene.tools, scene.act({ source: newId() }), from, form);
    };
    const asked = async (from = browser): Promise<ResetAsk> => {
      const found = await scene.tools.resetAsks.find(from, scene.now);
      if (!found) throw new Error('nothing was asked');
      return found;
    };
    const check = async (code: string, from = browser): Promise<Answer> => {
      scene.now += 1;
      return checkResetCode(scene.tools, scene.act({ source: newId() }), from, await asked(from), code);
    };
    const resend = async (from = browser): Promise<Answer> =>
      resendCode(scene.tools, scene.act({ source: newId() }), from, await asked(from));
    const codes = async (to = master): Promise<readonly string[]> =>
      (await scene.mails(to)).filter(({ mail }) => mail === 'email-code').map(({ facts }) => String(facts['code']));
    const request = async (from = browser): Promise<string> => {
      await ask(entries(), from);
      await check((await codes()).at(-1) ?? '', from);
      return (await asked(from)).done?.number ?? '';
    };
    const approved = async (): Promise<ResetLetter> => {
      const number = await request();
      scene.now += 1;
      const letter = await approveReset(scene.tools, scene.act(), { number, actor });
      if (typeof letter === 'string') throw new Error(letter);
      return letter;
    };
    const wrongOf = (code: string | undefined): string => (code === '00000000' ? '11111111' : '00000000');

    it('answers with the same work whether the entries are a master’s or nobody’s: statements, commands, answer', async () => {
      const [other, third] = [await scene.company(), await scene.company()];
      const member = await scene.person(company, { role: 'admin' });
      const unproven = await scene.person(other, { role: 'master', emailProvenAt: null });
      const deleted = await scene.person(third, { role: 'master', deletedAt: scene.now });
      const forms: Readonly<Record<string, ResetForm>> = {
        'right': entries(),
        'unknown login ID': entries({ loginId: 'nobody99' }),
        'another contract': entries({ contractNumber: other.contractNumber }),
        'another address': entries({ email: 'somebody@else.example.jp' }),
        'no master': entries({ loginId: member.loginName, email: member.email ?? '' }),
        'unproven address': entries({
          loginId: unproven.loginName,
          contractNumber: other.contractNumber,
          email: unproven.email ?? '',
        }),
        'deleted': entries({
          loginId: deleted.loginName,
          contractNumber: third.contractNumber,
          email: deleted.email ?? '',
        }),
      };
      // The first record of a company's chain makes its head, once.
      for (const form of Object.values(forms)) await ask({ ...form, email: 'first@else.example.jp' }, newId());
      const costs = new Map<string, unknown>();
      for (const [cause, form] of Object.entries(forms)) {
        const from = newId();
        const commands: string[] = [];
        const tools = scene.toolsOn(scene.at.store, counting(scene.state, commands));
        const act = scene.act({ source: newId() });
        const before = scene.at.database.statements();
        const first = await askReset(tools, act, from, form);
        const between = scene.at.database.statements();
        const held = await tools.resetAsks.find(from, scene.now);
        if (!held) throw new Error('nothing was kept');
        const second = await checkResetCode(tools, act, from, held, '00000000');
        costs.set(cause, {
          answers: [first, second],
          statements: [between - before, scene.at.database.statements() - between],
          commands,
          keys: Object.keys(held),
          times: [held.sentAt, held.until, held.expiresAt],
        });
      }
      for (const [cause, cost] of costs) expect(cost, cause).to.deep.equal(costs.get('right'));
      expect(await codes()).to.have.length(1);
      expect([...(await codes(member)), ...(await codes(unproven)), ...(await codes(deleted))]).to.deep.equal([]);
    });

    it('takes a number to whoever reads the proven mailbox, writes it down, and tells the master', async () => {
      const number = await request();
      expect(number).to.match(/^\d{8}-\d{4}$/);
      expect(await scene.events(master)).to.deep.equal(['reset.asked', 'reset.requested']);
      expect((await scene.mails(master)).at(-1)).to.deep.include({ mail: 'reset-received', facts: { number } });
      expect(JSON.stringify(await scene.records(master))).not.to.include((await codes())[0]);
      const { login, account } = await scene.look(master);
      expect(account.securityEpoch, 'nothing of it changes anything').to.equal(1);
      expect(login.letterHash).to.equal(null);
    });

    it('reads entries of input methods: full width, spaces and hyphens', async () => {
      const wide = [...company.contractNumber].map((digit) =>
        String.fromCodePoint((digit.codePointAt(0) ?? 0) + 0xfee0),
      );
      const typed = entries({ contractNumber: wide.join('ー'), loginId: ` ${master.loginName.toUpperCase()} ` });
      expect(await ask(typed)).to.deep.equal(advanced);
      expect(await codes()).to.have.length(1);
    });

    it('judges the form before anything is looked up', async () => {
      for (const patch of [{ loginId: '' }, { contractNumber: '' }, { contractNumber: 'abc' }, { email: 'no address' }])
        expect(await ask(entries(patch))).to.include({ advanced: false, word: 'form' });
      expect(await scene.events(master)).to.deep.equal([]);
      await ask(entries());
      expect(await check('123456')).to.deep.include({ errors: [{ field: 'email_code', key: 'otp.emailcode' }] });
    });

    it('gives the same number while a request is open, to any browser, and mails once', async () => {
      const number = await request();
      scene.now += 2 * minute;
      const other = newId();
      expect(await request(other)).to.equal(number);
      expect((await openRequests(scene.tools, scene.act())).filter((one) => one.number === number)).to.have.length(1);
      expect((await scene.mails(master)).filter(({ mail }) => mail === 'reset-received')).to.have.length(1);
    });

    it('makes one request of many presses at once', async () => {
      await ask(entries());
      const [code = ''] = await codes();
      const held = await asked();
      const act = scene.act();
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => checkResetCode(scene.tools, act, browser, held, code)),
      );
      expect(answers.every((answer) => answer.advanced)).to.equal(true);
      expect((await scene.events(master)).filter((event) => event === 'reset.requested')).to.have.length(1);
    });

    it('is bound to the browser that asked: its code is worth nothing in another one', async () => {
      await ask(entries());
      const other = newId();
      await ask(entries(), other);
      const [first = '', second = ''] = await codes();
      expect(await check(first, other)).to.include({ advanced: false });
      expect(await check(second, browser)).to.include({ advanced: false });
      expect(await check(first)).to.deep.equal(advanced);
    });

    it('never says how many tries are left; the fifth miss voids the code, found or not', async () => {
      for (const form of [entries(), entries({ email: 'somebody@else.example.jp' })]) {
        const from = newId();
        await ask(form, from);
        const wrong = wrongOf((await codes()).at(-1));
        for (let n = 0; n < 4; n += 1) {
          expect(await check(wrong, from)).to.deep.include({
            errors: [{ field: 'email_code', key: 'emailcode.wrong.uncounted' }],
          });
        }
        expect(await check(wrong, from)).to.deep.include({ errors: [{ field: null, key: 'emailcode.void' }] });
      }
      expect(await scene.events(master)).not.to.include('reset.requested');
    });

    it('lapses, and is sent again after a minute, five times in an hour whatever browser asks', async () => {
      await ask(entries());
      expect(await resend()).to.deep.include({
        errors: [{ field: null, key: 'emailcode.limit', values: { at: (await asked()).sentAt + minute } }],
      });
      scene.now += 10 * minute;
      expect(await check((await codes())[0] ?? '')).to.deep.include({
        errors: [{ field: 'email_code', key: 'emailcode.expired' }],
      });
      expect(await resend()).to.deep.equal(advanced);
      for (let n = 0; n < 8; n += 1) expect(await ask(entries(), newId())).to.deep.equal(advanced);
      expect(await codes(), 'silently: the answer is always the same').to.have.length(5);
      // The first browser's newest code is still good.
      expect(await check((await codes())[1] ?? '')).to.deep.equal(advanced);
    });

    it('takes nothing from the codes that the person needs elsewhere', async () => {
      for (let n = 0; n < 8; n += 1) await ask(entries(), newId());
      const code = { hash: 'h', address: master.email ?? '' };
      const kept = await scene.tools.emailCodes.keep(master.id, 'setup', code, scene.tools.policy.emailCode, scene.now);
      expect(kept).to.deep.equal({ sent: true });
    });

    it('throttles a source by the login IDs it asks for, right or wrong', async () => {
      const act = scene.act({ source: newId() });
      const answers: Answer[] = [];
      for (let n = 0; n < 32; n += 1)
        answers.push(await askReset(scene.tools, act, newId(), entries({ loginId: `nobody${n}` })));
      expect(answers.slice(0, 30).every((answer) => answer.advanced)).to.equal(true);
      expect(answers.at(-1)).to.include({ word: 'too-many', about: 'source' });
      expect(await askReset(scene.tools, act, browser, entries())).to.include({ word: 'too-many' });
    });

    it('is worth nothing for an address that changed meanwhile', async () => {
      await ask(entries());
      const [code = ''] = await codes();
      await scene.at.store.account.change(master.id, { email: `${newId()}@example.jp` });
      expect(await check(code)).to.include({ advanced: false });
      expect(await scene.events(master)).to.deep.equal(['reset.asked']);
    });

    it('approves once, releases the login password, and leaves everything else until the letter is used', async () => {
      await scene.at.store.credential.change(master.id, 'login', () => ({
        keep: { misses: 5, locks: 3, stoppedAt: scene.now },
        verdict: true,
      }));
      const number = await request();
      scene.now += 1;
      const both = await Promise.all([1, 2].map(() => approveReset(scene.tools, scene.act(), { number, actor })));
      expect(both.filter((one) => one === 'decided')).to.have.length(1);
      const [letter] = both.filter((one) => typeof one !== 'string');
      expect(letter?.password).to.match(/^\d{12}$/);
      const { login, account } = await scene.look(master);
      expect(login).to.include({ stoppedAt: null, misses: 0, locks: 0, forced: false, issued: false });
      expect(account.securityEpoch).to.equal(1);
      expect((await guess(scene.tools, scene.act(), master.id, 'login', rightPassword)).verdict).to.equal('right');
      expect(await approveReset(scene.tools, scene.act(), { number, actor })).to.equal('decided');
      expect(await refuseReset(scene.tools, scene.act(), { number, why: 'too late', actor })).to.equal('decided');
      expect(await scene.events(master)).to.deep.equal(['reset.asked', 'reset.requested', 'reset.approved']);
      expect((await scene.mails(master)).at(-1)).to.deep.include({
        mail: 'reset-decided',
        facts: { number, approved: true, why: null },
      });
      const written = JSON.stringify([await scene.records(master), await scene.mails(master)]);
      expect(written).not.to.include(letter?.password);
    });

    it('takes up the letter’s password at its first use: it must be changed, and what the old one opened has ended', async () => {
      const link = await addLink(scene.at.store, master);
      const device = await addDevice(scene.at.store, master.id, link);
      const letter = await approved();
      const before = scene.hashes().compared;
      const guessed = await guess(scene.tools, scene.act(), master.id, 'login', letter.password);
      expect(guessed).to.include({ verdict: 'right', epoch: 2 });
      expect(scene.hashes().compared - before, 'compared once, like any guess').to.equal(1);
      const { login, account, confirmation } = await scene.look(master);
      expect(login).to.include({ forced: true, issued: true, issuedUntil: letter.until, letterHash: null });
      expect(login.history).to.have.length(1);
      expect(account).to.include({
        setUpAt: master.setUpAt,
        passwordByOther: 'operator',
        passwordByOtherAt: scene.now,
      });
      expect(confirmation).to.include({ forced: false });
      expect((await scene.at.store.device.find(device))?.endedWhy).to.equal('password');
      expect((await guess(scene.tools, scene.act(), master.id, 'login', rightPassword)).verdict).to.equal('wrong');
      expect((await guess(scene.tools, scene.act(), master.id, 'login', letter.password)).verdict).to.equal('right');
      expect(await scene.events(master)).to.include('reset.taken-up');
    });

    it('compares digits with the letter and all else with the present password: one comparison each, one counter', async () => {
      const letter = await approved();
      const other = letter.password === '000000000000' ? '111111111111' : '000000000000';
      const before = scene.hashes().compared;
      const verdicts = [];
      for (const typed of [other, wrongPassword, other, wrongPassword])
        verdicts.push((await guess(scene.tools, scene.act(), master.id, 'login', typed)).verdict);
      expect(verdicts).to.deep.equal(['wrong', 'wrong', 'wrong', 'wrong']);
      expect(scene.hashes().compared - before).to.equal(4);
      expect((await guess(scene.tools, scene.act(), master.id, 'login', letter.password)).verdict).to.equal('right');
    });

    it('a letter lapses after its time, and is void when a password is set before it is used', async () => {
      const late = await approved();
      scene.now += 90 * day;
      expect((await guess(scene.tools, scene.act(), master.id, 'login', late.password)).verdict).to.equal('wrong');
      scene.now += minute;
      browser = newId();
      const second = await approved();
      const { login } = await scene.look(master);
      const { letterHash, letterUntil, ...row } = login;
      expect([letterHash, letterUntil]).not.to.include(null);
      await scene.at.store.credential.put({ ...row, hash: await scene.hash('Another2026') });
      expect((await guess(scene.tools, scene.act(), master.id, 'login', second.password)).verdict).to.equal('wrong');
    });

    it('is renewed when it was lost: the former one opens nothing, and a used one is not renewed', async () => {
      const lost = await approved();
      scene.now += 1;
      const { number } = lost;
      const renewed = await renewLetter(scene.tools, scene.act(), { number, actor });
      if (typeof renewed === 'string') throw new Error(renewed);
      expect((await scene.mails(master)).filter(({ mail }) => mail === 'reset-decided')).to.have.length(1);
      expect((await guess(scene.tools, scene.act(), master.id, 'login', lost.password)).verdict).to.equal('wrong');
      expect((await guess(scene.tools, scene.act(), master.id, 'login', renewed.password)).verdict).to.equal('right');
      expect(await renewLetter(scene.tools, scene.act(), { number, actor })).to.equal('decided');
      expect(await renewLetter(scene.tools, scene.act(), { number: '20200101-0000', actor })).to.equal('unknown');
      scene.now += minute;
      browser = newId();
      const next = await approved();
      expect(await renewLetter(scene.tools, scene.act(), { number, actor }), 'an older one').to.equal('decided');
      scene.now += 90 * day;
      const late = await renewLetter(scene.tools, scene.act(), { number: next.number, actor });
      expect(late, 'a lapsed one').to.equal('decided');
    });

    it('is void when an administrator sets the master’s login password first, not the confirmation password', async () => {
      const letter = await approved();
      const by = (await scene.person(company, { role: 'admin' })).id;
      const set = async (which: 'login' | 'confirmation'): Promise<unknown> => {
        const one = { which, hash: await scene.hash(`Another2026${which}`), issued: false, force: true };
        const person = await scene.look(master);
        return scene.at.store.transaction((tables) =>
          setPasswords(scene.tools, tables, scene.act(), person, [one], by),
        );
      };
      await set('confirmation');
      expect((await scene.look(master)).login.letterHash).not.to.equal(null);
      await set('login');
      expect((await scene.look(master)).login).to.include({ letterHash: null, letterUntil: null });
      expect((await guess(scene.tools, scene.act(), master.id, 'login', letter.password)).verdict).to.equal('wrong');
      expect(await scene.events(master)).not.to.include('reset.taken-up');
    });

    it('of many who use the letter at once, the account changes once', async () => {
      const letter = await approved();
      await Promise.all([1, 2, 3].map(() => guess(scene.tools, scene.act(), master.id, 'login', letter.password)));
      expect((await scene.look(master)).account.securityEpoch).to.equal(2);
      expect((await scene.events(master)).filter((event) => event === 'reset.taken-up')).to.have.length(1);
    });

    it('sends back with a reason; then a new request may be made', async () => {
      const number = await request();
      scene.now += 1;
      expect(await refuseReset(scene.tools, scene.act(), { number, why: '登録と異なるため', actor })).to.equal(
        'refused',
      );
      expect((await scene.mails(master)).at(-1)?.facts).to.deep.equal({
        number,
        approved: false,
        why: '登録と異なるため',
      });
      scene.now += 2 * minute;
      browser = newId();
      expect(await request()).not.to.equal(number);
    });

    it('knows numbers however they are typed, and no others', async () => {
      const number = await request();
      const typed = number.replace('-', ' ');
      expect(await approveReset(scene.tools, scene.act(), { number: '20200101-0000', actor })).to.equal('unknown');
      expect(await approveReset(scene.tools, scene.act(), { number: 'x', actor })).to.equal('unknown');
      await scene.at.store.account.change(master.id, { deletedAt: scene.now });
      expect(await approveReset(scene.tools, scene.act(), { number: typed, actor })).to.equal('unknown');
      await scene.at.store.account.change(master.id, { deletedAt: null });
      expect(await approveReset(scene.tools, scene.act(), { number: typed, actor })).to.be.an('object');
    });
  });
}

/** A state that writes down which commands it was asked for. */
function counting(state: State, commands: string[]): State {
  return new Proxy(state, {
    get(target, verb) {
      const value: unknown = Reflect.get(target, verb);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]): unknown => {
        commands.push(String(verb));
        return Reflect.apply(value, target, args);
      };
    },
  });
}
