// Proving one's own e-mail address by a code (spec §2, §4): sent through the outbox, with limits that sending again does not
// reset, and the address counts from the moment it was proven.
import { expect } from 'chai';
import type { Answer } from '../../src/flows/sign-in/answer.ts';
import { changeEmail, checkEmailCode, sendEmailCode } from '../../src/flows/sign-in/prove-email.ts';
import type { SignInRecord } from '../../src/rules/sign-in-record.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord } from '../support/attempt.ts';
import { atOnce, minute, newId } from '../support/rows.ts';
import { flowScene, type Scene } from './scene.ts';

describe('proving an e-mail address', () => {
  let scene: Scene;
  let company: CompanyRow;
  let person: AccountRow;
  let id: string;
  let address: string;
  before(async () => {
    scene = await flowScene();
    company = await scene.company();
  });
  beforeEach(async () => {
    person = await scene.person(company, { email: null, emailProvenAt: null, emailChangedAt: null, setUpAt: null });
    address = `${newId()}@example.jp`;
    const begun = attemptRecord({ route: 'direct', account: { id: person.id, epoch: 1 }, passwordAt: scene.now });
    ({ id } = await scene.tools.attempts.begin({ ...begun, expiresAt: scene.now + 120 * minute }));
  });
  const record = async (): Promise<SignInRecord> => {
    const found = await scene.tools.attempts.find(id);
    if (!found) throw new Error('the attempt is gone');
    return found;
  };
  const send = async (to = address): Promise<Answer> =>
    sendEmailCode(scene.tools, scene.act(), await record(), await scene.look(person), to);
  const check = async (code: string): Promise<Answer> =>
    checkEmailCode(scene.tools, scene.act(), await record(), await scene.look(person), code);
  /** The codes that went to an address, oldest first. */
  const codes = async (to = address): Promise<readonly string[]> =>
    (await scene.mails({ ...person, email: to })).map(({ facts }) => String(facts['code']));
  const wrongOf = (code: string): string => (code === '00000000' ? '11111111' : '00000000');

  it('sends eight digits to the address that was typed, and a right one completes the setup', async () => {
    expect(await send()).to.deep.equal({ advanced: true });
    expect((await record()).emailPending).to.equal(address);
    const [code = ''] = await codes();
    expect(code).to.match(/^\d{8}$/);
    expect((await scene.look(person)).account.email, 'not before it is proven').to.equal(null);
    expect(await check(code)).to.deep.equal({ advanced: true });
    const { account } = await scene.look(person);
    expect(account).to.include({
      email: address,
      emailProvenAt: scene.now,
      emailChangedAt: scene.now,
      setUpAt: scene.now,
    });
    expect((await record()).emailPending).to.equal(null);
    const [event] = await scene.records(person);
    expect(event?.event).to.equal('setup.completed');
    expect(JSON.stringify(await scene.records(person)), 'no code in a record').not.to.include(code);
  });

  it('writes another event for somebody who was set up before', async () => {
    person = await scene.person(company, { emailProvenAt: null });
    const begun = attemptRecord({ route: 'direct', account: { id: person.id, epoch: 1 }, passwordAt: scene.now });
    ({ id } = await scene.tools.attempts.begin({ ...begun, expiresAt: scene.now + 120 * minute }));
    await send();
    await check((await codes())[0] ?? '');
    expect(await scene.events(person)).to.deep.equal(['email.proven']);
  });

  it('tells how many tries are left, and the fifth miss voids the code', async () => {
    await send();
    const [code = ''] = await codes();
    for (const n of [4, 3, 2, 1]) {
      expect(await check(wrongOf(code))).to.deep.include({
        word: 'credentials',
        errors: [{ field: 'email_code', key: 'emailcode.wrong', values: { n } }],
      });
    }
    const isVoid = { word: 'credentials', errors: [{ field: null, key: 'emailcode.void' }] };
    expect(await check(wrongOf(code))).to.deep.include(isVoid);
    expect(await check(code), 'the right one too').to.deep.include(isVoid);
    expect((await scene.look(person)).account.emailProvenAt).to.equal(null);
    scene.now += minute;
    await send();
    expect(await check((await codes()).at(-1) ?? ''), 'a new one is good').to.deep.equal({ advanced: true });
  });

  it('lapses after ten minutes', async () => {
    await send();
    const [code = ''] = await codes();
    scene.now += 10 * minute;
    expect(await check(code)).to.deep.include({
      word: 'form',
      errors: [{ field: 'email_code', key: 'emailcode.expired' }],
    });
  });

  it('sends again after a minute only, at most five in an hour, whatever address is typed', async () => {
    const began = scene.now;
    await send();
    scene.now = began + minute - 1;
    expect(await send()).to.deep.include({ word: 'form' });
    expect(await codes()).to.have.length(1);
    for (const n of [1, 2, 3, 4]) {
      scene.now = began + n * minute;
      expect(await send()).to.deep.equal({ advanced: true });
    }
    scene.now = began + 6 * minute;
    expect(await send()).to.deep.include({
      word: 'form',
      errors: [{ field: null, key: 'emailcode.limit', values: { at: began + 60 * minute } }],
    });
    const other = `${newId()}@example.jp`;
    expect(await send(other), 'another address').to.include({ word: 'form' });
    expect(await codes()).to.have.length(5);
    expect(await codes(other)).to.deep.equal([]);
    scene.now = began + 60 * minute;
    expect(await send()).to.deep.equal({ advanced: true });
  });

  it('is worth nothing for another address than the one it went to', async () => {
    await send();
    const [first = ''] = await codes();
    await changeEmail(scene.tools, scene.act(), await record());
    const other = `${newId()}@example.jp`;
    await send(other);
    expect((await check(first)).advanced).to.equal(false);
    const [second = ''] = await codes(other);
    expect(await check(second)).to.deep.equal({ advanced: true });
    expect((await scene.look(person)).account.email).to.equal(other);
  });

  it('is right for one of many who send it at once, and none of the others counts as a miss of a later code', async () => {
    await send();
    const [code = ''] = await codes();
    const answers = await atOnce(8, () => check(code));
    expect(answers.some(({ advanced }) => advanced)).to.equal(true);
    expect((await scene.events(person)).filter((event) => event === 'setup.completed')).to.have.length(1);
  });

  it('proves nothing for an attempt that no longer stands', async () => {
    await send();
    const [code = ''] = await codes();
    await scene.at.store.account.raiseEpoch(person.id, null);
    await check(code);
    expect((await scene.look(person)).account).to.include({ email: null, emailProvenAt: null });
    expect(await scene.events(person)).to.deep.equal([]);
  });

  it('judges form before anything is counted', async () => {
    for (const typed of ['', 'nobody', 'a@b', `${'x'.repeat(300)}@example.jp`, 'a@example.jp\r\nBcc: b@example.jp'])
      expect(await send(typed), typed).to.include({ advanced: false, word: 'form' });
    await send();
    for (const typed of ['', '123456', 'abcdefgh', '123456789'])
      expect(await check(typed), typed).to.include({ advanced: false, word: 'form' });
    const [code = ''] = await codes();
    const fullWidth = [...code].map((digit) => String.fromCodePoint((digit.codePointAt(0) ?? 0) + 0xfee0)).join('');
    expect(await check(fullWidth)).to.deep.equal({ advanced: true });
  });
});
