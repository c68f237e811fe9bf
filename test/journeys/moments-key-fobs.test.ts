// Moments that matter about key-fobs (screens.md §17): two colleagues with one in the same minute, and one that has not arrived on
// the last day of its limit – both where the login is blocked afterwards, and where only operations are.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { type Reader, rowOf, signIn, type Walk, withoutScripts } from '../support/guide-reader.ts';
import { fobOf, type KeyFob, shownByNone, shownNext, shownNow } from '../support/key-fob.ts';
import { openBankDesk } from './bank-desk.ts';
import { confirmed, proven, toChange } from './guide-s4-scene.ts';
import { dayInJapan, mailOf, plain, untilInJapan, wordsOf } from './token-walk.ts';

describe('moments of key-fobs', function () {
  this.timeout(90_000);
  const demos = new Map<string, Promise<Demo>>();
  /** One for each profile. */
  const demoOf = (profile: string): Promise<Demo> => {
    const known = demos.get(profile) ?? startDemo('embedded', { env: { RENKEI_PROFILE: profile } });
    demos.set(profile, known);
    return known;
  };
  after(async () => {
    for (const demo of demos.values()) await (await demo).stop();
  });

  describe('9: two colleagues, one key-fob, one minute', () => {
    let demo: Demo;
    let walk: Walk;
    let first: DemoPerson;
    let second: DemoPerson;
    let admin: DemoPerson;
    let fob: KeyFob;

    before(async () => {
      demo = await demoOf('demo');
      walk = await withoutScripts.begin(demo);
      [first, second, admin] = [demo.person('atanaka93'), demo.person('sito48'), demo.person('msuzuki14')];
      fob = fobOf(first);
    });
    const toCode = async (person: DemoPerson): Promise<Reader> => {
      const reader = await walk.reader();
      expect(await signIn(reader, person.login_id, person.password)).to.equal('OTP002');
      return reader;
    };

    it('1: A signs in; B, with the same code ten seconds later, is told to take the next one, and nothing of A', async () => {
      const [a, b] = [await toCode(first), await toCode(second)];
      // Both within one minute of the token.
      await demo.forward(60 - (Math.floor((await demo.now()) / 1000) % 60));
      const code = await shownNow(demo, fob);
      expect(await a.press('ログイン', { otp: code })).to.equal('TOP001');
      await demo.forward(10);
      expect(await b.press('ログイン', { otp: code })).to.equal('OTP002');
      expect(await b.refusal()).to.equal('otp-used');
      expect(await wordsOf(b))
        .to.include('次に表示されるコードを入力してください。')
        .and.to.include('回数には数えていません。')
        .and.to.include('共有のトークンです。')
        .and.not.to.include(plain(first.name))
        .and.not.to.include(first.login_id);
    });

    it('2: the next code lets B in; both records say 「入力(共有トークン)」, and neither count rose', async () => {
      const b = await toCode(second);
      expect(await b.press('ログイン', { otp: await shownByNone(demo, fob) })).to.equal('OTP002');
      expect(await wordsOf(b), 'the first miss that counts').to.include('あと4回で利用停止になります');
      expect(await b.press('ログイン', { otp: await shownNext(demo, fob) })).to.equal('TOP001');
      expect(await b.open('/self-service/history')).to.equal('SLF060');
      expect(await b.text()).to.include('入力(共有トークン)');
      const a = await toCode(first);
      expect(await a.press('ログイン', { otp: await shownNext(demo, fob) })).to.equal('TOP001');
      await a.open('/self-service/history');
      expect(await a.text()).to.include('入力(共有トークン)');
    });

    it('3: A leaves: CON061 shows that B goes on; revoking the device instead lists A and B first', async () => {
      const desk = await walk.reader();
      await signIn(desk, admin.login_id, admin.password, '/company/people/token-revoke');
      expect(await desk.press('ログイン', { otp: await shownNext(demo, fobOf(admin)) })).to.equal('CON060');
      const people = await rowOf(desk, first.login_id);
      expect(await desk.press('次へ', { people, reason: 'other' })).to.equal('CON061');
      expect(await wordsOf(desk)).to.match(new RegExp(`引き続き利用できます:${plain(second.name)}`));
      await desk.open('/company/people/token-revoke');
      expect(await desk.press('次へ', { serial: fob.serial, reason: 'other' })).to.equal('CON061');
      expect(await desk.text())
        .to.include(first.name)
        .and.to.include(second.name);
      await desk.open('/company/people/token-revoke');
      expect(await desk.press('次へ', { people, reason: 'other' })).to.equal('CON061');
      expect(await desk.press('失効', await proven(demo, admin, fobOf(admin)))).to.equal('CON062');
      const b = await toCode(second);
      expect(await b.press('ログイン', { otp: await shownNext(demo, fob) }), 'B goes on').to.equal('TOP001');
    });
  });

  for (const then of ['block-login', 'block-otp-operations'] as const) {
    describe(`10: the token has not arrived, the limit is today, and afterwards ${then === 'block-login' ? 'nobody signs in' : 'operations wait'}`, () => {
      let demo: Demo;
      let walk: Walk;
      let master: DemoPerson;
      let admin: DemoPerson;
      /** The last day, as pages write it. */
      let limit = '';

      before(async () => {
        demo = await demoOf(then === 'block-login' ? 'demo' : 's4');
        walk = await withoutScripts.begin(demo);
        [master, admin] = [demo.person('nsakurai41'), demo.person('tmiura58')];
        // もみじ工房 applied six days ago; its key-fobs were sent, and nobody has marked them as arrived.
        limit = await dayInJapan(demo, 39);
        await demo.forward(38 * 86_400);
        await untilInJapan(demo, 11, 0);
        if ((await dayInJapan(demo)) !== limit) await demo.forward(86_400);
      });

      it('1: TKN001 says that the limit is today at 23:59 and how far the token has come; the skip is still there', async () => {
        const reader = await walk.reader();
        expect(await signIn(reader, master.login_id, master.password)).to.equal('TKN001');
        expect(await dayInJapan(demo), 'the day of the limit').to.equal(limit);
        expect(await wordsOf(reader))
          .to.include('トークンの登録期限は本日23:59です。')
          .and.to.include('発送済み');
        expect(await reader.press('トークン利用開始登録の省略')).to.equal('TOP001');
        expect(await wordsOf(reader)).to.include('本日23:59');
      });

      if (then === 'block-login') {
        it('2: the next morning TKN002, without a skip, with the desk; a forged skip gets the same page', async () => {
          await untilInJapan(demo, 8, 50);
          const browser = demo.browser();
          let page = await browser.submit(await browser.open(`${demo.gateway}/`), {}, 'direct');
          page = await browser.submit(page, { login_id: master.login_id, password: master.password });
          expect(page.screen).to.equal('TKN002');
          for (const shown of [page, await browser.submit(page, {}, 'skip_registration')]) {
            expect(shown.screen).to.equal('TKN002');
            expect(shown.html).not.to.include('value="skip_registration"');
            expect(plain(shown.text()))
              .to.include(`登録期限(${limit})を過ぎています。`)
              .and.to.include('発送済み')
              .and.to.include('ビジネスヘルプデスクへお電話ください');
          }
          expect((await browser.open(`${demo.gateway}/company`)).screen, 'nobody is signed in').to.equal('LGN001');
        });

        it('3: the desk sets a new limit once, with a reason; the skip is there again, and mail tells it', async () => {
          const bank = openBankDesk(demo, walk);
          const told = await mailOf(demo, master.email, 'トークンの登録期限のお知らせ', () =>
            bank.extend(master.contract_number, 10, '配送の遅れのため'),
          );
          expect(told.text).to.include(await dayInJapan(demo, 10));
          const reader = await walk.reader();
          expect(await signIn(reader, master.login_id, master.password)).to.equal('TKN001');
          expect(await wordsOf(reader)).to.include(`登録期限:${await dayInJapan(demo, 10)}`);
          expect(await reader.press('トークン利用開始登録の省略')).to.equal('TOP001');
          expect(await bank.mayExtend(master.contract_number), 'once').to.equal(false);
        });
        return;
      }

      it('2: the next morning TOP001 with a banner; an operation leads to TKN003; everything else works', async () => {
        await untilInJapan(demo, 8, 50);
        const reader = await walk.reader();
        expect(await signIn(reader, master.login_id, master.password)).to.equal('TOP001');
        expect(await wordsOf(reader)).to.include(`登録期限(${limit})を過ぎています。`);
        expect(await toChange(reader, admin.login_id, { person_name: '三浦 拓' })).to.equal('TKN003');
        expect(await wordsOf(reader)).to.include('この操作にはトークンの登録が必要です。');
        // A release asks the confirmation password alone, and so goes on.
        await reader.open('/company/people/state');
        const choice = { people: await rowOf(reader, 'anishimura23'), target_state: 'stopped' };
        expect(await reader.press('次へ', choice)).to.equal('CON041');
        expect(await reader.press('1名を停止する', confirmed(master))).to.equal('CON042');
      });

      it('3: CON110 shows who is not registered and since when', async () => {
        const reader = await walk.reader();
        expect(await signIn(reader, admin.login_id, admin.password, '/company/tokens')).to.equal('CON110');
        expect(await reader.text())
          .to.include(master.name)
          .and.to.include('発送済み');
      });
    });
  }
});
