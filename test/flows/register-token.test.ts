// Registering a hardware token at sign-in (spec §5): serial and code together, and one answer for every cause of a miss.
import { expect } from 'chai';
import { registerToken } from '../../src/flows/sign-in/register-token.ts';
import type { Answer } from '../../src/flows/sign-in/answer.ts';
import { checkOtp } from '../../src/flows/otp.ts';
import type { SignInRecord } from '../../src/rules/sign-in-record.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord } from '../support/attempt.ts';
import { run } from '../support/database.ts';
import { minute } from '../support/rows.ts';
import { counting } from './counting.ts';
import { flowScene, type Scene, type Token } from './scene.ts';

const mismatch = { advanced: false, word: 'otp-wrong', errors: [{ field: null, key: 'serial.mismatch' }] };

describe('registering a hardware token', () => {
  let scene: Scene;
  let company: CompanyRow;
  let person: AccountRow;
  let record: SignInRecord;
  let token: Token;
  const begin = async (account: AccountRow): Promise<SignInRecord> => {
    const { securityEpoch: epoch } = (await scene.look(account)).account;
    const begun = attemptRecord({ route: 'direct', account: { id: account.id, epoch }, passwordAt: scene.now });
    return scene.tools.attempts.begin({ ...begun, expiresAt: scene.now + 30 * minute });
  };
  before(async () => {
    scene = await flowScene();
  });
  beforeEach(async () => {
    company = await scene.company();
    person = await scene.person(company);
    record = await begin(person);
    token = await scene.token(company, []);
  });
  const register = async (serial: string | null, otp: string, by = person, on = record): Promise<Answer> =>
    registerToken(scene.tools, scene.act(), on, await scene.look(by), { serial: serial ?? '', otp });
  const proofOf = async (on = record) => (await scene.tools.attempts.find(on.id))?.otp;

  it('takes the token, counts its code as this attempt’s, and raises the epoch but for this attempt', async () => {
    expect(await register(token.row.serial, token.code())).to.deep.equal({ advanced: true });
    const { account, token: held } = await scene.look(person);
    expect(held).to.include({ id: token.row.id, lastStep: scene.now / minute, lastStepBy: person.id });
    expect(account).to.include({ securityEpoch: 2, epochSpares: record.id, epochSparesFrom: 1, otpMisses: 0 });
    expect(await proofOf()).to.include({ tokenId: token.row.id, by: 'registration', shared: false, kind: 'hardware' });
    expect(await scene.events(person)).to.deep.equal(['token.registered']);
  });

  it('reads the serial number as people type it', async () => {
    const serial = token.row.serial ?? '';
    const fullWidth = [...serial].map((digit) => String.fromCodePoint((digit.codePointAt(0) ?? 0) + 0xfee0)).join('');
    expect(await register(` ${fullWidth.slice(0, 4)}-${fullWidth.slice(4)} `, token.code())).to.deep.equal({
      advanced: true,
    });
  });

  it('finds a token that drifted in the drawer', async () => {
    expect(await register(token.row.serial, token.code(9))).to.deep.equal({ advanced: true });
    expect((await scene.look(person)).token?.drift).to.equal(9);
  });

  it('answers a foreign, unknown, retired, lost, expired, software serial and a wrong code alike, with the same statements', async () => {
    const other = await scene.company();
    const foreign = await scene.token(other, []);
    const unowned = await scene.token(company, [], { companyId: null });
    const retired = await scene.token(company, [], { retiredAt: scene.now });
    const expired = await scene.token(company, [], { expiresAt: scene.now });
    const software = await scene.token(company, [], { kind: 'software' });
    const lost = await scene.token(company, [], { retiredAt: scene.now, retiredWhy: 'lost' });
    const strict = await scene.company({ sharingMode: 'one_each' });
    const theirs = await scene.token(strict, [await scene.person(strict)]);
    const cases: readonly (readonly [string, CompanyRow, string | null, string])[] = [
      ['wrong code', company, token.row.serial, token.wrong()],
      ['unknown', company, '999999999999', token.code()],
      ['foreign', company, foreign.row.serial, foreign.code()],
      ['nobody’s', company, unowned.row.serial, unowned.code()],
      ['retired', company, retired.row.serial, retired.code()],
      ['expired', company, expired.row.serial, expired.code()],
      ['software', company, software.row.serial, software.code()],
      ['lost', company, lost.row.serial, lost.code()],
      // How the company shares is told to whoever shows the token's code; to nobody else.
      ['a colleague’s, where each has one, with a wrong code', strict, theirs.row.serial, theirs.wrong()],
    ];
    const work = new Set<string>();
    for (const [cause, of, serial, otp] of cases) {
      const somebody = await scene.person(of);
      const on = await begin(somebody);
      const { tools, calls } = counting(scene);
      const typed = { serial: serial ?? '', otp };
      const answer = await registerToken(tools, scene.act(), on, await scene.look(somebody), typed);
      expect(answer, cause).to.deep.equal(mismatch);
      work.add(calls.join(' '));
      expect((await scene.look(somebody)).account.otpMisses, cause).to.equal(1);
      expect((await scene.look(somebody)).token, cause).to.equal(null);
      const [event] = await scene.records(somebody);
      expect(event, cause).to.deep.include({ event: 'token.registration-missed' });
      expect(event?.data, cause).to.deep.equal({ misses: 1, agent: 'Windows の Chrome' });
      expect(await proofOf(on), cause).to.equal(null);
    }
    expect(work, 'one sequence of statements').to.have.property('size', 1);
  });

  it('by a clock that was set back counts nothing, whatever is typed, and takes no older code', async () => {
    const shared = await scene.company();
    const colleague = await scene.person(shared);
    const somebody = await scene.person(shared);
    const theirs = await scene.token(shared, [colleague]);
    const right = theirs.code();
    const { verdict } = await checkOtp(scene.tools, scene.act(), colleague.id, right, null, 'direct');
    expect(verdict).to.equal('accepted');
    const trueTime = scene.now;
    // What other tests raised in this database would stand for hours.
    await run(scene.at, `delete from alarm where kind = 'clock'`);
    const next = theirs.code(1);
    scene.now -= 10 * minute;
    const on = await begin(somebody);
    for (const code of [right, next, theirs.code(), theirs.wrong()])
      expect(await register(theirs.row.serial, code, somebody, on), code).to.deep.equal({
        advanced: false,
        word: 'otp-used',
        errors: [{ field: 'otp', key: 'otp.used' }],
      });
    const { account, token: held } = await scene.look(somebody);
    expect([account.otpMisses, held]).to.deep.equal([0, null]);
    expect(new Set(await scene.events(somebody))).to.deep.equal(new Set(['otp.used-again']));
    expect(await run(scene.at, `select 1 from alarm where kind = 'clock'`)).to.have.length(1);
    expect(await register('999999999999', right, somebody, on), 'an unknown serial').to.deep.equal(mismatch);
    scene.now = trueTime;
    expect(await register(theirs.row.serial, next, somebody, await begin(somebody))).to.deep.equal({ advanced: true });
  });

  it('stops the one-time password with the fifth miss', async () => {
    for (let n = 0; n < 4; n += 1) expect(await register('999999999999', '123456')).to.deep.equal(mismatch);
    expect(await register('999999999999', '123456')).to.deep.equal({ advanced: true });
    const { account } = await scene.look(person);
    expect(account).to.include({ otpMisses: 5, otpStoppedAt: scene.now, securityEpoch: 2 });
    expect((await scene.mails(person)).map(({ mail }) => mail)).to.deep.equal(['otp-stopped']);
    expect(await register(token.row.serial, token.code()), 'the table says what that means').to.deep.equal({
      advanced: true,
    });
    expect((await scene.look(person)).token).to.equal(null);
  });

  it('says what is wrong with the form at its field, and counts nothing', async () => {
    for (const [serial, otp] of [
      ['', ''],
      ['!!', '12345'],
      ['1'.repeat(33), 'abcdef'],
      [token.row.serial ?? '', '12345678'],
    ] as const) {
      const answer = await register(serial, otp);
      expect(answer).to.include({ advanced: false, word: 'form' });
    }
    expect((await scene.look(person)).account.otpMisses).to.equal(0);
    expect(await scene.events(person)).to.deep.equal([]);
  });

  it('does not take a code that was used already', async () => {
    const colleague = await scene.person(company);
    const shared = await scene.token(company, [colleague], { lastStep: scene.now / minute, lastStepBy: colleague.id });
    expect(await register(shared.row.serial, shared.code())).to.deep.include({ word: 'otp-used' });
    expect((await scene.look(person)).account.otpMisses).to.equal(0);
    scene.now += minute;
    expect(await register(shared.row.serial, shared.code())).to.deep.equal({ advanced: true });
    expect((await proofOf())?.shared).to.equal(true);
  });

  it('gives a colleague’s token a narrow window: ten steps are for one from the drawer', async () => {
    const shared = await scene.token(company, [await scene.person(company)]);
    expect(await register(shared.row.serial, shared.code(5))).to.deep.equal(mismatch);
    expect(await register(shared.row.serial, shared.code(1))).to.deep.equal({ advanced: true });
  });

  it('takes a new token in place of one that has expired or was retired', async () => {
    for (const patch of [{ expiresAt: scene.now }, { retiredAt: scene.now }]) {
      const somebody = await scene.person(company);
      await scene.token(company, [somebody], patch);
      const fresh = await scene.token(company, []);
      const on = await begin(somebody);
      expect(await register(fresh.row.serial, fresh.code(), somebody, on)).to.deep.equal({ advanced: true });
      expect((await scene.look(somebody)).token?.id).to.equal(fresh.row.id);
      expect((await proofOf(on))?.tokenId).to.equal(fresh.row.id);
    }
  });

  it('leaves a usable token alone, and an attempt that no longer stands proves nothing', async () => {
    const holder = await scene.person(company);
    const own = await scene.token(company, [holder]);
    const on = await begin(holder);
    await register(token.row.serial, token.code(), holder, on);
    expect((await scene.look(holder)).token?.id).to.equal(own.row.id);
    expect(await proofOf(on)).to.equal(null);
    await scene.at.store.account.raiseEpoch(person.id, null);
    await register(token.row.serial, token.code());
    expect((await scene.look(person)).token).to.equal(null);
  });
});
