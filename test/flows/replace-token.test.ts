// Changing to a new key-fob with codes of both (TKN004; spec §5, successor): one transaction, both steps used up or none, one
// counter for whatever is wrong, and sharers who go on until they change too.
import { expect } from 'chai';
import { checkOtp } from '../../src/flows/otp.ts';
import { registerToken } from '../../src/flows/sign-in/register-token.ts';
import { replaceKeyFob, type Replaced, type TypedReplacement } from '../../src/flows/token/replace.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord } from '../support/attempt.ts';
import { bothStores, run } from '../support/database.ts';
import { addDevice, addLink, addLogin, atOnce, day, minute } from '../support/rows.ts';
import { counting } from './counting.ts';
import { flowScene, type Scene, type Token } from './scene.ts';

const replaced = { verdict: 'replaced' };
const refused = (field: string | null, key: string, values?: object) => ({
  verdict: 'refused',
  errors: [{ field, key, ...(values ? { values } : {}) }],
});

for (const { name, open } of bothStores)
  describe(`changing to a new key-fob, on ${name}`, function () {
    this.timeout(60_000);
    let scene: Scene;
    let company: CompanyRow;
    let person: AccountRow;
    let loginId: string;
    let old: Token;
    let fresh: Token;
    before(async () => {
      scene = await flowScene(open);
    });
    beforeEach(async () => {
      company = await scene.company();
      person = await scene.person(company);
      loginId = await addLogin(scene.at.store, person);
      old = await scene.token(company, [person]);
      fresh = await scene.token(company, []);
    });

    const frontOf = async (account: AccountRow, login: string) => {
      const whole = await scene.look(account);
      return {
        person: whole,
        route: 'direct',
        stamp: { id: login, epoch: whole.account.securityEpoch },
        login,
      } as const;
    };
    const swap = async (typed: Partial<TypedReplacement> = {}, by = person, login = loginId): Promise<Replaced> =>
      replaceKeyFob(scene.tools, scene.act(), await frontOf(by, login), {
        otp: old.code(),
        serial: fresh.row.serial ?? '',
        newOtp: fresh.code(),
        ...typed,
      });
    const row = async (token: Token) => scene.at.store.token.lock(token.row.id);
    const held = async (account = person) => (await scene.look(account)).token?.id ?? null;
    const misses = async () => (await scene.look(person)).account.otpMisses;

    it('swaps them in one act: holder, steps, dates, the old one’s end, other logins and devices, mail and record', async () => {
      const linkId = await addLink(scene.at.store, person);
      await addDevice(scene.at.store, person.id, linkId);
      const other = await addLogin(scene.at.store, person, { linkId });
      await scene.at.store.account.change(person.id, { otpMisses: 3 });
      expect(await swap()).to.deep.equal(replaced);
      const step = scene.now / minute;
      expect(await held()).to.equal(fresh.row.id);
      expect(await row(old)).to.include({ lastStep: step, retiredAt: scene.now, retiredWhy: 'replaced' });
      expect(await row(fresh)).to.include({
        lastStep: step,
        lastStepBy: person.id,
        firstRegisteredAt: scene.now,
        arrivedAt: scene.now,
        successorTo: old.row.id,
      });
      const { account } = await scene.look(person);
      expect(account).to.include({ otpMisses: 0, securityEpoch: 2, epochSpares: loginId });
      const standing = async (id: string) => (await scene.at.store.login.find(id))?.endedAt;
      expect([await standing(loginId), await standing(other)]).to.deep.equal([null, scene.now]);
      expect(await run(scene.at, `select ended_why from device where account_id = '${person.id}'`)).to.deep.equal([
        { endedWhy: 'token' },
      ]);
      expect((await scene.mails(person)).map(({ mail }) => mail)).to.deep.equal(['token-in-use']);
      const [record] = await scene.records(person);
      expect(record).to.deep.include({ event: 'token.replaced', reference: 'R-1234-5678' });
      expect(record?.data).to.deep.include({ token: fresh.row.id, before: old.row.id, step, stepBefore: step });
    });

    it('used up both codes: neither is accepted anywhere again, nor is the old token', async () => {
      const [oldCode, newCode] = [old.code(), fresh.code()];
      expect(await swap()).to.deep.equal(replaced);
      const judge = async (code: string) =>
        (await checkOtp(scene.tools, scene.act(), person.id, code, null, 'direct')).verdict;
      expect(await judge(newCode)).to.equal('used');
      expect(await judge(oldCode)).to.equal('wrong');
      scene.now += minute;
      expect(await judge(fresh.code())).to.equal('accepted');
      expect(await judge(old.code())).to.equal('wrong');
    });

    it('says at the old code’s field that it was wrong or used; a wrong one is counted, and nothing else is compared', async () => {
      expect(await swap({ otp: old.wrong() })).to.deep.equal(refused('otp', 'otp.wrong', { n: 4 }));
      expect(await misses()).to.equal(1);
      await checkOtp(scene.tools, scene.act(), person.id, old.code(), null, 'direct');
      expect(await swap()).to.deep.equal(refused('otp', 'otp.used'));
      expect(await misses()).to.equal(0);
      expect(await held()).to.equal(old.row.id);
      expect((await row(fresh))?.lastStep).to.equal(null);
    });

    it('answers whatever is wrong about the new one alike, with the same statements, and uses neither code up', async () => {
      const other = await scene.company();
      const foreign = await scene.token(other, []);
      const lost = await scene.token(company, [], { retiredAt: scene.now, retiredWhy: 'lost' });
      const expired = await scene.token(company, [], { expiresAt: scene.now });
      const stock = await scene.token(company, [], { companyId: null });
      const cases = [
        ['wrong code', fresh.row.serial, fresh.wrong()],
        ['unknown', '999999999999', fresh.code()],
        ['foreign', foreign.row.serial, foreign.code()],
        ['lost', lost.row.serial, lost.code()],
        ['expired', expired.row.serial, expired.code()],
        ['in stock', stock.row.serial, stock.code()],
        ['the same one', old.row.serial, old.code(1)],
      ] as const;
      const work = new Set<string>();
      for (const [cause, serial, newOtp] of cases) {
        await scene.at.store.account.change(person.id, { otpMisses: 0 });
        const { tools, calls } = counting(scene);
        const typed = { otp: old.code(), serial: serial ?? '', newOtp };
        const answer = await replaceKeyFob(tools, scene.act(), await frontOf(person, loginId), typed);
        expect(answer, cause).to.deep.equal(refused(null, 'serial.mismatch'));
        expect(await misses(), cause).to.equal(1);
        work.add(calls.join(' '));
      }
      expect(work, 'one sequence of statements').to.have.property('size', 1);
      expect((await row(old))?.lastStep).to.equal(null);
      expect(await swap()).to.deep.equal(replaced);
    });

    it('does not count a used code of the new one, whoever used it', async () => {
      const colleague = await scene.person(company);
      fresh = await scene.token(company, [colleague]);
      await checkOtp(scene.tools, scene.act(), colleague.id, fresh.code(), null, 'direct');
      expect(await swap()).to.deep.equal(refused('new_otp', 'otp.used'));
      expect([await misses(), (await row(old))?.lastStep]).to.deep.equal([0, null]);
      scene.now += minute;
      expect(await swap()).to.deep.equal(replaced);
    });

    it('says what is wrong with the form, and counts nothing', async () => {
      expect(await swap({ otp: '12', serial: '', newOtp: '12345678' })).to.deep.equal({
        verdict: 'refused',
        errors: [
          { field: 'otp', key: 'otp.form' },
          { field: 'serial', key: 'form.required' },
          { field: 'new_otp', key: 'otp.emailcode' },
        ],
      });
      expect(await misses()).to.equal(0);
    });

    it('stops the one-time password with the fifth miss, whichever code was wrong', async () => {
      for (let n = 0; n < 4; n += 1) await swap(n % 2 === 0 ? { otp: old.wrong() } : { newOtp: fresh.wrong() });
      expect(await swap({ newOtp: fresh.wrong() })).to.deep.equal({ verdict: 'look-again' });
      expect((await scene.look(person)).account.otpStoppedAt).to.equal(scene.now);
      expect(await swap(), 'and then nothing more').to.deep.equal({ verdict: 'look-again' });
    });

    it('leaves sharers with the old one until they change too; the last one ends it', async () => {
      const colleague = await scene.person(company);
      const theirs = await addLogin(scene.at.store, colleague);
      const third = await scene.person(company);
      const thirdLogin = await addLogin(scene.at.store, third);
      old = await scene.token(company, [colleague, third]);
      expect(await swap({}, colleague, theirs)).to.deep.equal(replaced);
      expect(await row(old)).to.include({ retiredAt: null });
      scene.now += minute;
      expect((await checkOtp(scene.tools, scene.act(), third.id, old.code(), null, 'direct')).verdict).to.equal(
        'accepted',
      );
      scene.now += minute;
      expect(await swap({}, third, thirdLogin)).to.deep.equal(replaced);
      expect(await row(old)).to.include({ retiredAt: scene.now, retiredWhy: 'replaced' });
      expect((await scene.look(third)).token?.holders).to.equal(2);
    });

    it('keeps to the company’s way of sharing: the common token’s successor may be shared, a colleague’s own may not', async () => {
      for (const [sharingMode, last] of [
        ['one_for_all', replaced],
        ['one_each', refused(null, 'serial.sharing')],
      ] as const) {
        company = await scene.company({ sharingMode });
        const [one, two] = [await scene.person(company), await scene.person(company)];
        const [login1, login2] = [await addLogin(scene.at.store, one), await addLogin(scene.at.store, two)];
        const common = await scene.token(company, [one]);
        const second = sharingMode === 'one_each' ? await scene.token(company, [two]) : null;
        if (!second)
          await scene.at.store.token.hold({
            id: `h${two.id}`,
            tokenId: common.row.id,
            accountId: two.id,
            registeredAt: 1,
          });
        fresh = await scene.token(company, []);
        old = common;
        expect(await swap({}, one, login1), sharingMode).to.deep.equal(replaced);
        scene.now += minute;
        old = second ?? common;
        expect(await swap({}, two, login2), sharingMode).to.deep.equal(last);
        expect((await scene.look(two)).account.otpMisses).to.equal(0);
      }
    });

    it('is for a working key-fob alone: not an app, not an expired one, not without a token, not for a login that is over', async () => {
      const app = await scene.person(company);
      await scene.token(company, [app], { kind: 'software' });
      const late = await scene.person(company);
      await scene.token(company, [late], { expiresAt: scene.now });
      const nobody = await scene.person(company);
      for (const each of [app, late, nobody])
        expect(await swap({}, each, await addLogin(scene.at.store, each))).to.deep.equal({ verdict: 'look-again' });
      const front = await frontOf(person, loginId);
      await scene.at.store.account.raiseEpoch(person.id, null);
      const typed = { otp: old.code(), serial: fresh.row.serial ?? '', newOtp: fresh.code() };
      expect(await replaceKeyFob(scene.tools, scene.act(), front, typed)).to.deep.equal({ verdict: 'look-again' });
      expect(await held()).to.equal(old.row.id);
    });

    it('of two swaps at once one is done, of any number one; nothing is counted', async () => {
      const another = await scene.token(company, []);
      const front = await frontOf(person, loginId);
      const answers = await atOnce(6, async (n) => {
        const to = n % 2 === 0 ? fresh : another;
        const typed = { otp: old.code(), serial: to.row.serial ?? '', newOtp: to.code() };
        return replaceKeyFob(scene.tools, scene.act(), front, typed);
      });
      expect(answers.filter(({ verdict }) => verdict === 'replaced')).to.have.length(1);
      expect([await held(), await misses()]).to.deep.equal([
        (await row(fresh))?.lastStep === null ? another.row.id : fresh.row.id,
        0,
      ]);
    });

    it('of a swap to a token and a colleague’s registration of it at once, where each has one, one is done', async () => {
      for (let round = 0; round < 5; round += 1) {
        company = await scene.company({ sharingMode: 'one_each' });
        const [holder, newcomer] = [await scene.person(company), await scene.person(company)];
        const login = await addLogin(scene.at.store, holder);
        old = await scene.token(company, [holder]);
        fresh = await scene.token(company, []);
        const begun = attemptRecord({ route: 'direct', account: { id: newcomer.id, epoch: 1 }, passwordAt: scene.now });
        const record = await scene.tools.attempts.begin({ ...begun, expiresAt: scene.now + 30 * minute });
        const whole = await scene.look(newcomer);
        await Promise.all([
          swap({}, holder, login),
          registerToken(scene.tools, scene.act(), record, whole, {
            serial: fresh.row.serial ?? '',
            otp: fresh.code(1),
          }),
        ]);
        expect(await scene.at.store.token.holders(fresh.row.id), `round ${round}`).to.equal(1);
      }
    });

    it('by a clock that was set back counts nothing', async () => {
      await checkOtp(scene.tools, scene.act(), person.id, old.code(), null, 'direct');
      scene.now -= day;
      expect(await swap({ otp: old.wrong() })).to.deep.equal(refused('otp', 'otp.used'));
      expect(await misses()).to.equal(0);
      scene.now += day;
    });
  });
