// Guide S4, 「ワンタイムパスワード入力について」, 「ご利用登録開始後に追加となる機能」 and its Q&A about what happens to a key-fob: which
// operations ask the code, the stop and its release, one user's revocation, a loss, the end of its time, and no registration.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import freeTokens from '../../config/demo/tokens.json' with { type: 'json' };
import { factOf, type Reader, rowOf, rowText } from '../support/guide-reader.ts';
import { fobOf, type KeyFob, shownByNone, shownLast, shownNext, shownNow } from '../support/key-fob.ts';
import type { BankDesk } from './bank-desk.ts';
import { asksCode, claimsOf, confirmed, enter, enterAt, type GuideS4, proven, toChange } from './guide-s4-scene.ts';
import { mailOf, mailsAbout, plain, wordsOf } from './token-walk.ts';
import { soon } from '../support/walks.ts';

/** @param scene stands from the first test on, with everybody's key-fob registered */
export function onceRegistered(scene: () => GuideS4 & { readonly bank: BankDesk }): void {
  const master = () => scene().demo.person('okondo31');
  const second = () => scene().demo.person('nishii42');
  const member = () => scene().demo.person('hsakamoto24');
  const fob = (n: 0 | 1): KeyFob => {
    const found = scene().fobs[n];
    if (!found) throw new Error('no key-fob');
    return found;
  };
  const shared = (): KeyFob => fob(0);

  /** The answer on a check page that asks a code: 「実行」 with this one. */
  const act = (reader: Reader, by: DemoPerson, otp: string): Promise<string> =>
    reader.press('実行', { ...confirmed(by), otp });

  describe('ワンタイムパスワード入力について', () => {
    it('ログインIDとログインパスワードは変更なし: ログインに入力は求められず、提携サービスにもそう伝わる', async () => {
      const reader = await enterAt(scene(), master());
      expect(await reader.screen()).to.equal('TOP001');
      await reader.close();
      expect((await claimsOf(scene().demo, master()))['acr']).to.equal('urn:renkei:acr:password');
    });

    it('利用者の追加・変更: 従来の確認用パスワードに加え、ワンタイムパスワードの入力が必要', async () => {
      const { demo } = scene();
      const reader = await enterAt(scene(), master());
      expect(await toChange(reader, member().login_id, { person_name: '坂本 光一' })).to.equal('CON033');
      expect(await asksCode(reader)).to.equal(true);
      expect(await reader.press('実行', confirmed(master())), 'not with the password alone').to.equal('CON033');
      expect(await reader.press('実行', await proven(demo, master(), shared()))).to.equal('CON034');
      await reader.close();
    });

    it('同じトークンを使うほかの方が入力した番号は使えず、誤りには数えない', async () => {
      const { demo } = scene();
      const reader = await enterAt(scene(), second());
      expect(await toChange(reader, member().login_id, { person_name: '坂本 光' })).to.equal('CON033');
      expect(await act(reader, second(), shownLast(shared()))).to.equal('CON033');
      expect(await reader.refusal()).to.equal('otp-used');
      expect(await wordsOf(reader))
        .to.include('次に表示されるコードを入力してください。')
        .and.to.include('回数には数えていません。')
        .and.not.to.include(plain(master().name));
      expect(await act(reader, second(), await shownByNone(demo, shared()))).to.equal('CON033');
      expect(await wordsOf(reader), 'the first one that counts').to.include('あと4回で利用停止になります');
      expect(await act(reader, second(), await shownNext(demo, shared()))).to.equal('CON034');
      await reader.close();
    });

    it('振込振替(都度指定方式): 提携サービスの操作の承認で入力する', async () => {
      const { demo } = scene();
      const browser = demo.browser(demo.gateways.length > 1);
      let page = await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login');
      page = await browser.submit(page, {}, 'direct');
      page = await browser.submit(page, { login_id: master().login_id, password: master().password });
      expect(page.screen).to.equal('PTL002');
      const date = new Date((await demo.now()) + 3 * 86_400_000).toISOString().slice(0, 10);
      page = await browser.submit(await browser.open(`${demo.portal}/transfer`), {
        payee: 'みなと銀行 本店 普通 1234567',
        amount: '250000',
        date,
      });
      expect(page.screen, page.text()).to.equal('APR001');
      page = await browser.submit(page, { otp: await shownNext(demo, shared()) });
      expect(page.screen, page.text()).to.equal('PTL004');
    });
  });

  describe('追加となる機能 (1) ワンタイムパスワードの利用停止解除', () => {
    it('一定回数誤入力すると、利用停止状態になる', async () => {
      const { demo } = scene();
      const reader = await enterAt(scene(), second());
      expect(await toChange(reader, member().login_id, { person_name: '坂本 光二' })).to.equal('CON033');
      const wrong = await shownByNone(demo, shared());
      for (let left = 4; left >= 1; left -= 1) {
        expect(await act(reader, second(), wrong)).to.equal('CON033');
        expect(await wordsOf(reader)).to.include(`あと${left}回で利用停止になります`);
      }
      expect(await act(reader, second(), wrong)).not.to.match(/^CON03/);
      await reader.close();
      const again = await enter(scene(), second());
      expect(again.screen).to.equal('REF004');
      expect(await again.reader.refusal()).to.equal('otp-stopped');
      expect(await again.reader.text()).to.include('管理者ユーザ');
      await again.reader.close();
    });

    it('マスターユーザさままたは管理者ユーザさまが解除すると、再度利用できる', async () => {
      const { demo } = scene();
      const reader = await enterAt(scene(), master(), '/company/people/otp-release');
      expect(await reader.screen()).to.equal('CON050');
      expect((await rowText(reader, second().login_id)).text).to.include('誤入力');
      const people = await rowOf(reader, second().login_id);
      expect(await reader.press('次へ', { people })).to.equal('CON051');
      expect(await asksCode(reader), 'the confirmation password alone').to.equal(false);
      expect(await reader.press('1名を解除する', confirmed(master()))).to.equal('CON052');
      await reader.close();
      const own = await enterAt(scene(), second());
      expect(await toChange(own, member().login_id, { person_name: '坂本 光三' })).to.equal('CON033');
      expect(await own.press('実行', await proven(demo, second(), shared()))).to.equal('CON034');
      await own.close();
    });
  });

  describe('追加となる機能 (2) ハードウェアトークンの失効', () => {
    it('利用ユーザ毎に失効させる: 同じトークンを使うほかの方は、引き続き利用できる', async () => {
      const { demo } = scene();
      const reader = await enterAt(scene(), master(), '/company/people/token-revoke');
      expect(await reader.screen()).to.equal('CON060');
      const people = await rowOf(reader, second().login_id);
      expect(await reader.press('次へ', { people, reason: 'other' })).to.equal('CON061');
      expect(await wordsOf(reader))
        .to.include('引き続き利用できます')
        .and.to.include(plain(master().name));
      expect(await reader.press('失効', confirmed(master())), 'the code is asked too').to.equal('CON061');
      const told = await mailOf(demo, second().email, 'トークンが失効されました', async () => {
        expect(await reader.press('失効', await proven(demo, master(), shared()))).to.equal('CON062');
      });
      expect(told.text).to.include('新しいトークンはすぐに登録できます。');
      await reader.close();

      const still = await enterAt(scene(), master());
      expect(await toChange(still, member().login_id, { person_name: '坂本 光' })).to.equal('CON033');
      expect(await still.press('実行', await proven(demo, master(), shared())), 'the other goes on').to.equal('CON034');
      await still.close();
    });

    it('失効された方は、登録し直すまで入力が必要な操作だけができない', async () => {
      const { demo } = scene();
      const reader = await enterAt(scene(), second());
      expect(await reader.screen()).to.equal('TOP001');
      expect(await toChange(reader, member().login_id, { person_name: '坂本 光四' })).to.equal('TKN003');
      expect(await reader.press('登録へ進む')).to.equal('TKN001');
      const typed = { シリアル番号: shared().serial, ワンタイムパスワード: await shownNext(demo, shared()) };
      expect(await reader.press('登録する', typed)).not.to.equal('TKN001');
      expect(await toChange(reader, member().login_id, { person_name: '坂本 光' })).to.equal('CON033');
      await reader.close();
    });
  });

  describe('Q&A: 喪失(紛失、盗難など)', () => {
    it('トークンごと失効する: 誰が使えなくなるかを先に示し、再発行手数料1,080円と依頼書を案内する', async () => {
      const { demo } = scene();
      const [lead, other] = [demo.person('simai67'), demo.person('afujiwara35')];
      const people = [lead, other, demo.person('rtakeuchi94')];
      const lost = fobOf(lead);
      const reader = await enterAt(scene(), lead, '/company/people/token-revoke');
      expect(await reader.press('次へ', { serial: lost.serial, reason: 'lost' })).to.equal('CON061');
      for (const { name } of people) expect(await reader.text()).to.include(name);
      expect(await reader.press('失効', await proven(demo, lead, lost))).to.equal('CON062');
      expect(await reader.text()).to.include('1,080円(税込)');
      expect(await reader.press('依頼書を印刷')).to.equal('PRT003');
      expect(await wordsOf(reader))
        .to.include('トークン追加発行・再発行依頼書')
        .and.to.include('1,080円')
        .and.to.include(lost.serial);
      await reader.close();
      const next = await enterAt(scene(), other, '/self-service/otp');
      const typed = { シリアル番号: lost.serial, ワンタイムパスワード: await shownNext(demo, lost) };
      expect(await next.press('利用開始登録')).to.be.oneOf(['TKN001', 'BOT012']);
      if ((await next.screen()) === 'TKN001') {
        expect(await next.press('登録する', typed), 'not to be registered again').to.equal('TKN001');
        expect(await next.refusal()).to.equal('otp-wrong');
      }
      await next.close();
    });

    it('再発行が必要な場合、再発行手数料1,080円(消費税等含む)が必要', async () => {
      const { bank } = scene();
      const [spare] = scene().fobs.slice(2);
      if (!spare) throw new Error('a third key-fob is needed');
      const check = await bank.assign('2761530498', [spare.serial], 'loss');
      expect(check).to.include('1,080円');
      await bank.ship([spare.serial]);
    });
  });

  describe('Q&A: 有効期限', () => {
    const keeper = () => scene().demo.person('msakai52');

    it('有効期限到来前に、新しいトークンを無料で送る: 60日前からトップページとメールが知らせる', async () => {
      const { demo } = scene();
      const reader = await enterAt(scene(), keeper());
      expect(await wordsOf(reader)).to.include(`トークンの有効期限は${scene().inFortyDays}です`);
      await reader.close();
      // Of its own accord within a minute too, which may be before this operator: whoever is asked to by hand sends it anyway.
      const words = 'トークンの有効期限が近づいています';
      const before = await mailsAbout(demo, keeper().email, words);
      await scene().bank.remindOfExpiry(keeper().contract_number);
      const mails = await soon(
        () => mailsAbout(demo, keeper().email, words),
        (all) => all.length > before.length,
      );
      expect(mails.length - before.length).to.be.oneOf([1, 2]);
      for (const { text } of mails) expect(text).to.include('発送');
    });

    it('新しいトークンのご利用開始登録: 古い番号、新しいシリアル番号と番号で、一度に交換する', async () => {
      const { demo } = scene();
      const old = fobOf(keeper());
      const [next] = freeTokens.filter(({ contract_number: of }) => of === keeper().contract_number);
      if (!next) throw new Error('no successor');
      const fresh: KeyFob = { ...next, algorithm: 'SHA1' };
      const reader = await enterAt(scene(), keeper(), '/self-service/otp');
      expect(await reader.press('新しいトークンに交換する')).to.equal('TKN004');
      const codes = async () => ({ otp: await shownNext(demo, old), new_otp: await shownNow(demo, fresh) });
      const wrong = { ...(await codes()), new_otp: await shownByNone(demo, fresh) };
      expect(await reader.press('交換する', { ...wrong, serial: fresh.serial })).to.equal('TKN004');
      expect(await reader.press('交換する', { ...(await codes()), serial: fresh.serial })).to.equal('BOT010');
      expect(await factOf(reader, 'シリアル番号')).to.include(fresh.serial.slice(-4));
      await reader.close();
      expect(await scene().bank.lifeOf(old.serial)).to.include('交換済み');
      expect(await mailsAbout(demo, keeper().email, 'トークンの利用を開始しました')).to.have.length(1);

      const desk = await enterAt(scene(), keeper());
      expect(await toChange(desk, 'tnaito76', { person_name: '内藤 崇志' })).to.equal('CON033');
      expect(await act(desk, keeper(), await shownNext(demo, old)), 'the old one shows nothing of worth').to.equal(
        'CON033',
      );
      expect(await act(desk, keeper(), await shownNow(demo, fresh))).to.equal('CON034');
      await desk.close();
    });
  });

  describe('到着後一定期間登録されない場合', () => {
    const late = () => scene().demo.person('thasegawa85');
    const colleague = () => scene().demo.person('cmurakami98');

    it('ワンタイムパスワードが必要な操作は、登録が完了するまで実施できない。ログインと、ほかのことはできる', async () => {
      const reader = await enterAt(scene(), late());
      expect(await reader.screen()).to.equal('TOP001');
      expect(await wordsOf(reader)).to.include('を過ぎています');
      expect(await toChange(reader, colleague().login_id, { person_name: '村上 千里' })).to.equal('TKN003');
      expect(await wordsOf(reader)).to.include('を過ぎています');
      for (const [path, screen] of [
        ['/company/people', 'CON010'],
        ['/company/people/state', 'CON040'],
        ['/company/tokens', 'CON110'],
        ['/company/records', 'CON100'],
        ['/self-service/password', 'SLF010'],
        ['/self-service/devices', 'SLF050'],
      ] as const)
        expect(await reader.open(path), path).to.equal(screen);
      await reader.close();
    });

    it('登録が完了すると、実施できる', async () => {
      const { demo } = scene();
      const fob = fobOf(late());
      const reader = await enterAt(scene(), late());
      expect(await toChange(reader, colleague().login_id, { person_name: '村上 千里' })).to.equal('TKN003');
      expect(await reader.press('登録へ進む')).to.equal('TKN001');
      expect(await reader.html(), 'nothing is put off any more').not.to.include('トークン利用開始登録の省略');
      const typed = { シリアル番号: fob.serial, ワンタイムパスワード: await shownNow(demo, fob) };
      await reader.press('登録する', typed);
      expect(await toChange(reader, colleague().login_id, { person_name: '村上 千里' })).to.equal('CON033');
      expect(await reader.press('実行', await proven(demo, late(), fob))).to.equal('CON034');
      await reader.close();
    });
  });
}
