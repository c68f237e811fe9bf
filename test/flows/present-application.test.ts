// What a company applies for now decides what its people may bring into use, and whose grace it is (spec §5): at a sign-in, in the
// self-service, at the desk and in mails alike.
import { expect } from 'chai';
import { exchangeTokens } from '../../src/flows/stock/exchange.ts';
import { changeApplication, seenApplication } from '../../src/flows/stock/application.ts';
import { ownToken } from '../../src/flows/self-service/own-token.ts';
import { lookAt } from '../../src/flows/sign-in/look.ts';
import { registerToken } from '../../src/flows/sign-in/register-token.ts';
import { remind } from '../../src/flows/token-warnings.ts';
import { replaceKeyFob } from '../../src/flows/token/replace.ts';
import { listUnregistered } from '../../src/flows/company/company-tokens.ts';
import { otpStandingOf } from '../../src/flows/prove-act.ts';
import type { Tools } from '../../src/flows/tools.ts';
import { endOfDay } from '../../src/rules/japan-time.ts';
import type { OtpApplication } from '../../src/rules/otp-application.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord } from '../support/attempt.ts';
import { bothStores } from '../support/database.ts';
import { addLogin, day, minute } from '../support/rows.ts';
import { flowScene, type Scene, type Token } from './scene.ts';
import { clerk, none, stocked, supervisor, told } from './stock-scene.ts';

for (const { name, open } of bothStores)
  describe(`the present application of a company, on ${name}`, function () {
    this.timeout(60_000);
    let scene: Scene;
    let company: CompanyRow;
    let person: AccountRow;
    before(async () => {
      scene = await flowScene(open);
    });
    beforeEach(async () => {
      scene.now += minute;
      company = await scene.company({ otpApplication: 'hardware', otpAppliedAt: scene.now - 100 * day });
      person = await scene.person(company);
    });

    /** As the desk changes it (HDK048). */
    async function applies(to: OtpApplication): Promise<void> {
      const { company: now } = await scene.look(person);
      const asked = { companyId: company.id, to, limit: null, words: 'お申込の変更', seen: seenApplication(now) };
      expect((await changeApplication(scene.tools, scene.act(), supervisor, asked)).verdict).to.equal('changed');
    }
    const attempt = async () => {
      const { securityEpoch: epoch } = (await scene.look(person)).account;
      return attemptRecord({
        route: 'direct',
        account: { id: person.id, epoch },
        passwordAt: scene.now,
        expiresAt: scene.now + 30 * minute,
      });
    };
    const blocking = (then: 'block-login' | 'block-otp-operations'): Tools => ({
      ...scene.tools,
      policy: { ...scene.tools.policy, grace: { ...scene.tools.policy.grace, then } },
    });
    const signIn = async (tools: Tools = scene.tools) =>
      lookAt(tools, tools.store, await attempt(), scene.now).then(({ facts, row }) => ({ ...facts, row }));
    const may = async () => ownToken(scene.tools, scene.act(), await scene.look(person)).may;

    describe('went over to apps', () => {
      let old: Token;
      let fresh: Token;
      beforeEach(async () => {
        old = await scene.token(company, [person], { expiresAt: scene.now + 50 * day });
        fresh = await scene.token(company, []);
      });
      const swap = async () => {
        const login = await addLogin(scene.at.store, person);
        const whole = await scene.look(person);
        const stamp = { id: login, epoch: whole.account.securityEpoch };
        const typed = { otp: old.code(), serial: fresh.row.serial ?? '', newOtp: fresh.code() };
        return replaceKeyFob(scene.tools, scene.act(), { person: whole, route: 'direct', stamp, login }, typed);
      };

      it('leaves the key-fob in use to prove what it proves, and brings no other one into use by either page', async () => {
        expect((await may()).replace).to.equal(true);
        await applies('software');
        expect(await signIn()).to.include({ token: 'usable', registration: 'not-due', row: '12' });
        expect(await may()).to.include({ replace: false, register: false, resync: true, revoke: true, issue: false });
        expect(await swap()).to.deep.equal({ verdict: 'look-again' });
        const kept = await scene.at.store.token.lock(old.row.id);
        expect([kept?.retiredAt, kept?.lastStep]).to.deep.equal([null, null]);
        expect((await scene.look(person)).token?.id).to.equal(old.row.id);
      });

      it('brings one into use by both pages again where it applies for both kinds', async () => {
        await applies('software');
        await applies('both');
        expect((await may()).replace).to.equal(true);
        expect(await swap()).to.deep.equal({ verdict: 'replaced' });
      });

      it('asks for an app once the key-fob has ended, at a sign-in and in the self-service', async () => {
        await applies('software');
        await scene.at.store.token.release(person.id, scene.now, 'revoked');
        expect(await signIn()).to.include({ registration: 'required', row: '14' });
        expect((await signIn()).registrationPage).to.not.equal('register-token');
        expect(await may()).to.include({ replace: false, register: false, issue: true });
        const typed = { serial: fresh.row.serial ?? '', otp: fresh.code() };
        await registerToken(scene.tools, scene.act(), await attempt(), await scene.look(person), typed);
        expect((await scene.look(person)).token, 'a forged registration').to.equal(null);
      });

      it('is sent no other key-fob, and its people are told of the app instead', async () => {
        await applies('software');
        const [next = ''] = await stocked(scene, 1);
        const serials = [old.row.serial ?? ''];
        const asked = { serials, pairs: [{ old: old.row.serial ?? '', next }], stale: none };
        expect(told(await exchangeTokens(scene.tools, scene.act(), clerk, asked))).to.deep.equal(['not-applied']);
        await remind(scene.tools, scene.act(), clerk.audit, { about: 'expiry', companyId: company.id, serials });
        const mails = (await scene.mails(person)).filter(({ mail }) => mail === 'token-expires');
        expect(mails.map(({ facts }) => facts['successor'])).to.deep.equal(['app']);
      });
    });

    describe('is whose grace it is', () => {
      const limit = () => endOfDay(scene.now + scene.tools.policy.grace.afterApplication);
      /** Under `block-login`: at the door, where operations ask a code, and in the company's list. */
      async function stands() {
        const tools = blocking('block-login');
        const whole = await scene.look(person);
        const listed = await listUnregistered(tools, scene.act(), whole, { page: 1, per: 50 });
        return [
          (await signIn(tools)).registration,
          otpStandingOf(whole, tools.policy, scene.now),
          listed.people.find(({ id }) => id === person.id)?.limit ?? null,
        ];
      }
      const outside = ['required', 'none', null];
      const end = (why: 'lost' | 'revoked') => scene.at.store.token.release(person.id, scene.now, why);

      it('of everybody again after a new application, whatever they held under an earlier one', async () => {
        await scene.token(company, [person]);
        await end('lost');
        expect(await stands(), 'held one under this application').to.deep.equal(outside);
        await applies('none');
        scene.now += 60 * day;
        await applies('hardware');
        expect(await stands()).to.deep.equal(['skippable', 'grace', limit()]);
        const untold = await scene.at.store.toldToken.unregistered({
          companyId: company.id,
          limit: limit(),
          untold: null,
          needing: null,
          after: '',
          most: 10,
        });
        expect(untold.map(({ id }) => id)).to.deep.equal([person.id]);
        expect((await scene.at.store.companies.unregistered(company.id, null, 10)).total).to.equal(1);
        expect(await scene.at.store.tokensOfCompany.inGrace(company.id, null, scene.now)).to.equal(1);
      });

      it('of whoever’s key-fob expired before the new one was made, though nobody took it from them', async () => {
        await scene.token(company, [person], { expiresAt: scene.now + 10 * day });
        await applies('none');
        scene.now += 60 * day;
        await applies('both');
        expect(await stands()).to.deep.equal(['skippable', 'grace', limit()]);
      });

      it('not of whoever held one under an application that was taken up again: it is the same', async () => {
        await scene.token(company, [person]);
        await end('lost');
        await applies('none');
        scene.now += 20 * day;
        await applies('hardware');
        expect(await stands()).to.deep.equal(outside);
      });

      it('not twice under the new one: who registers and loses a token again has had it', async () => {
        await applies('none');
        scene.now += 60 * day;
        await applies('hardware');
        const token = await scene.token(company, []);
        const record = await scene.tools.attempts.begin(await attempt());
        const typed = { serial: token.row.serial ?? '', otp: token.code() };
        await registerToken(scene.tools, scene.act(), record, await scene.look(person), typed);
        expect((await stands())[0]).to.equal('not-due');
        scene.now += minute;
        await end('revoked');
        expect(await stands()).to.deep.equal(outside);
      });

      it('not of whoever’s app still served when key-fobs were applied for: giving it up is no way around a code', async () => {
        company = await scene.company({ otpApplication: 'software', otpAppliedAt: scene.now - 100 * day });
        person = await scene.person(company);
        await scene.token(company, [person], { kind: 'software', serial: null });
        await applies('hardware');
        scene.now += minute;
        await end('lost');
        expect(await stands()).to.deep.equal(outside);
      });
    });
  });
