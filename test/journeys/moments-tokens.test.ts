// Moments that matter about tokens (screens.md §17): a key-fob that was lost while its code was skipped, and a new phone in
// the evening. Each asserts the order of screens, their words, and one moment wherever a time is told.
import { expect } from 'chai';
import freeTokens from '../../config/demo/tokens.json' with { type: 'json' };
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { type Reader, rowOf, signIn, type Walk, withoutScripts } from '../support/guide-reader.ts';
import { ownCode, scriptPhone } from '../support/phone.ts';
import { decode, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { enterLinked, hasButton, hasField, leavePortal, nextCode, overlay } from '../support/walks.ts';
import {
  codeMailed,
  dayInJapan,
  freshCode,
  issueToken,
  mailOf,
  mailsAbout,
  plain,
  untilInJapan,
  wordsOf,
} from './token-walk.ts';

describe('moments of tokens', function () {
  this.timeout(90_000);

  describe('4: a key-fob is lost while the code is skipped', () => {
    let demo: Demo;
    let person: DemoPerson;
    let browser: ScriptBrowser;
    let page: Page;
    const words = (): string => plain(page.text());

    before(async () => {
      demo = await startDemo('embedded');
      person = demo.person('sabe89');
      browser = demo.browser();
      expect((await enterLinked(demo, browser, person, { remember: true })).screen).to.equal('PTL002');
      // Nobody notices for weeks.
      await demo.forward(20 * 86_400);
      expect((await leavePortal(demo, browser)).screen).to.equal('PTL001');
      page = await enterLinked(demo, browser, person);
      expect(page.json('claims')?.['acr'], 'no code was asked').to.equal('urn:renkei:acr:federated');
    });
    after(() => demo?.stop());

    it('1: PTL004, APR001 asks a code, and OTP004 says what to do with a token that is lost', async () => {
      page = await browser.open(`${demo.portal}/transfer`);
      expect(page.screen).to.equal('PTL004');
      const date = new Date((await demo.now()) + 3 * 86_400_000).toISOString().slice(0, 10);
      page = await browser.submit(page, { payee: 'みなと銀行 本店 普通 1234567', amount: '1500000', date });
      expect(page.screen, page.text()).to.equal('APR001');
      page = await browser.submit(page, {}, 'otp_help');
      expect(page.screen).to.equal('OTP004');
      expect(words())
        .to.include('紛失・盗難')
        .and.to.include('すぐに失効の手続きが必要です。入力省略も同時に終了します。')
        .and.to.include('お電話ください');
    });

    it('2: SLF030, as lost, asks the confirmation password alone, and says what follows and how to come to another one', async () => {
      page = await browser.open(`${demo.gateway}/self-service/otp/revoke?reason=lost`);
      expect(page.screen, page.text()).to.equal('SLF030');
      expect([hasField(page, 'confirmation_password'), hasField(page, 'otp')]).to.deep.equal([true, false]);
      expect(words())
        .to.include('いま失効すると、新しいトークンを登録するまでログインできません。')
        .and.to.include('入力を省略する端末1台で、入力省略が終了します。')
        .and.to.include('予備のトークン、または共有できるトークンがあれば')
        .and.to.include('スマホアプリ形式のトークンを発行できます。')
        .and.to.include('1,080円(税込)');
    });

    it('3: SLF031 without waiting, PRT003 with the fee, then OUT004; MAI017 and MAI008', async () => {
      const proof = { reason: 'lost', confirmation_password: person.confirmation_password ?? '' };
      const told = await mailOf(demo, person.email, 'トークンが失効されました', async () => {
        page = await browser.submit(page, proof);
        expect(page.screen, page.text()).to.equal('SLF031');
      });
      expect(words()).to.include('トークンを失効しました。新しいトークンはすぐに登録できます。');
      expect(told.text).to.include('新しいトークンはすぐに登録できます。');
      expect(words()).to.include('1,080円(税込)');
      const [, form = ''] = /<a href="([^"]*)"[^>]*>再発行依頼書を印刷</.exec(page.html) ?? [];
      const sheet = await browser.open(new URL(decode(form), page.url).href);
      expect(sheet.screen).to.equal('PRT003');
      expect(plain(sheet.text()))
        .to.include('トークン追加発行・再発行依頼書')
        .and.to.include('1,080円(税込)')
        .and.to.include(person.otp?.serial ?? '');
      expect(await mailsAbout(demo, person.email, '入力省略を終了しました')).to.have.length(1);
      page = await browser.submit(page, {});
      expect(page.screen).to.equal('OUT004');
      expect((await browser.open(`${demo.gateway}/self-service`)).screen, 'signed out').to.equal('LGN001');
    });

    it('4: through Business Direct, BOT012, then TKN002 with the e-mail code, or BOT011; nothing is skipped', async () => {
      page = await browser.submit(await browser.open(`${demo.gateway}/`), {}, 'federated');
      expect(page.screen).to.equal('BOT012');
      expect(words()).to.include(
        '紛失・盗難の手続きをされたため、新しいトークンの登録にはメール通知パスワードも必要です。',
      );
      const other = await browser.submit(page, {}, 'software');
      expect(other.screen).to.equal('BOT011');
      page = await browser.submit(other, { token_kind: 'hardware' });
      expect(page.screen).to.equal('BOT012');
      const code = await codeMailed(demo, person.email, async () => {
        page = await browser.submit(page, {});
        expect(page.screen).to.equal('TKN002');
      });
      expect([hasField(page, 'email_code'), hasButton(page, 'skip_registration')]).to.deep.equal([true, false]);
      const fob = freeTokens.find((token) => token.contract_number === person.contract_number);
      if (!fob) throw new Error('no key-fob in the company’s drawer');
      const otp = ownCode({ secret: fob.secret, algorithm: 'SHA1', digits: 6, period: 60 }, await demo.now());
      page = await browser.submit(page, { serial: fob.serial, otp });
      expect(page.screen, 'not without the e-mail code').to.equal('TKN002');
      page = await browser.submit(page, { serial: fob.serial, otp, email_code: code });
      expect(page.screen, page.text()).to.equal('TOP001');

      const later = demo.browser();
      page = await later.submit(await later.open(`${demo.gateway}/`), {}, 'federated');
      page = await later.submit(page, {
        business_direct_id: person.business_direct?.id ?? '',
        business_direct_password: person.business_direct?.password ?? '',
      });
      expect(page.screen).to.equal('OTP001');
      expect(page.html)
        .to.include('name="remember"')
        .and.not.to.match(/name="remember"[^>]*checked/);
    });
  });

  describe('8: a new phone at 21:15', () => {
    let demo: Demo;
    let walk: Walk;
    let admin: DemoPerson;
    let person: DemoPerson;
    let desk: Reader;
    /** 8:10 of the next day, in words. */
    let morning = '';
    let day = '';

    before(async () => {
      const wait = { after: '20m', nightFrom: '20:50', nightUntil: '08:10' };
      const config = overlay({ 'policy.yaml': { revoke: { proof: 'confirmation', wait } } });
      demo = await startDemo('embedded', { env: { RENKEI_CONFIG: config } });
      walk = await withoutScripts.begin(demo);
      [admin, person] = [demo.person('mhirano27'), demo.person('skikuchi63')];
      // The code that signs the administrator in is of the minute after.
      await untilInJapan(demo, 21, 14);
      desk = await walk.reader();
      expect(await signIn(desk, admin.login_id, admin.password, '/company/people/token-revoke')).to.equal('OTP002');
      expect(await desk.press('ログイン', { otp: await nextCode(demo, admin) })).to.equal('CON060');
      day = await dayInJapan(demo, 1);
      morning = `${day}8:10`;
    });
    after(async () => {
      await walk?.close();
      await demo?.stop();
    });

    it('1: CON061 says before the button from when, CON062 and MAI017 the same', async () => {
      expect(await desk.press('次へ', { people: await rowOf(desk, person.login_id), reason: 'phone' })).to.equal(
        'CON061',
      );
      expect(await wordsOf(desk)).to.match(
        new RegExp(
          `失効は21:1\\d。夜間\\(20:50〜翌日8:10\\)のため、${morning.replace(/[()]/g, '\\$&')}から再発行・ログインできます。`,
        ),
      );
      const told = await mailOf(demo, person.email, 'トークンが失効されました', async () => {
        const proof = { 確認用パスワード: admin.confirmation_password ?? '' };
        expect(await desk.press('失効', proof), await desk.text()).to.equal('CON062');
      });
      expect(await wordsOf(desk)).to.include(morning);
      expect(told.text).to.include(`${day} 8:10から、新しいトークンの発行とログインができます。`);
    });

    it('2: at 22:00, WAI001 with that time', async () => {
      await untilInJapan(demo, 22, 0);
      const reader = await walk.reader();
      expect(await signIn(reader, person.login_id, person.password)).to.equal('WAI001');
      expect(await wordsOf(reader))
        .to.include(`${morning}からログインできます。`)
        .and.to.include('夜間(20:50〜8:10)に失効したため、8:10以降になります。');
    });

    it('2, 3: at 8:10, LGN002 → BOT011 → BOT012 → BOT001 → BOT002 → BOT003 → phone → BOT004 → TOP001; the old phone opens nothing', async () => {
      await untilInJapan(demo, 8, 10);
      const reader = await walk.reader();
      const phone = scriptPhone(demo);
      expect(await signIn(reader, person.login_id, person.password)).to.equal('BOT011');
      expect(await reader.press('選択', { token_kind: 'software' })).to.equal('BOT012');
      const note = await issueToken(
        demo,
        reader,
        { email: person.email, confirmation: person.confirmation_password ?? '' },
        { address: 'new-phone@keitai.example.jp', activation: '60417' },
      );
      expect(await phone.add(note)).to.equal(true);
      expect(await reader.press('次へ')).to.equal('BOT004');
      expect(await reader.press('認証確認', { otp: await demo.code(person) }), 'of the old phone').to.equal('BOT004');
      expect(await reader.refusal()).to.equal('otp-wrong');
      expect(await reader.press('認証確認', { otp: await phone.code(note.userId) })).to.equal('TOP001');
      await reader.logOut();

      expect(await signIn(reader, person.login_id, person.password)).to.equal('OTP002');
      await demo.forward(60);
      expect(await reader.press('ログイン', { otp: await demo.code(person) })).to.equal('OTP002');
      expect(await wordsOf(reader)).to.include(
        'コードを確認できませんでした。いま表示されているコードを入力してください。',
      );
      expect(await reader.press('コードを入力できない方')).to.equal('OTP004');
      expect(await wordsOf(reader)).to.include('以前の端末のコードは使えません。');
      expect(await reader.press('戻る')).to.equal('OTP002');
      expect(await reader.press('ログイン', { otp: await freshCode(demo, phone, note) })).to.equal('TOP001');
    });
  });
});
