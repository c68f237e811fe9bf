// Guide S1, the set-up of a one-time password on a PC, step by step under its profile: every test is one step of its text,
// with the title of the screen that it shows. What it hands over to the telephone is walked to its end by guide S2's steps.
import { expect } from 'chai';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { factOf, type Reader, type Reading, signIn, type Walk } from '../support/guide-reader.ts';
import type { Note, Phone } from '../support/phone.ts';
import { needs } from '../support/tools.ts';
import { codeMailed, dayInJapan, freshCode, mailOf, noteOf } from './token-walk.ts';

/** The guide, read in one way on one kind of stores. */
export function walkGuideS1(reading: Reading, stores: 'embedded' | 'real'): void {
  describe(`guide S1, a software token on a PC, ${reading.name}, on ${stores} stores`, function () {
    this.timeout(60_000);
    let demo: Demo;
    let walk: Walk;
    /** At the PC, and in the hand. */
    let desk: Reader;
    let phone: Phone;
    let code = '';
    let note: Note;
    let mailed = '';
    /** The code that registered the token. */
    let used = '';
    // Of a company with key-fobs and apps: the key-fob has not arrived, and the grace lets this person in without.
    const loginId = 'akatayama72';
    const password = 'Yukigeshiki4';
    const confirmation = 'hanafubuki7';
    const email = 'akatayama@rindou.example.co.jp';
    const details = { address: 'aoi.k@keitai.example.jp', activation: '4719' };

    before(async function () {
      if (reading.needsChromium) needs(this, 'chromium');
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1, env: { RENKEI_PROFILE: 's1' } });
      walk = await reading.begin(demo);
      [desk, phone] = [await walk.reader(), await walk.phone()];
    });
    after(async () => {
      await phone?.close();
      await walk?.close();
      await demo?.stop();
    });
    afterEach(() => {
      expect(walk.faults()).to.deep.equal([]);
    });

    describe('パソコンでのワンタイムパスワード利用手順', () => {
      it('【ログイン画面】ログインし、「お客様情報変更」から「ワンタイムパスワード設定」を押す', async () => {
        expect(await signIn(desk, loginId, password)).to.equal('TKN001');
        expect(await desk.press('トークン利用開始登録の省略')).to.equal('TOP001');
        expect(await desk.press('お客様情報変更')).to.equal('SLF001');
        expect(await desk.press('ワンタイムパスワード設定')).to.equal('BOT010');
      });

      it('【ワンタイムパスワード設定】「トークン発行」を押す', async () => {
        expect(await desk.text()).to.include('未登録');
        expect(await desk.press('トークン発行')).to.equal('BOT011');
      });

      it('【トークンの発行(選択)】ソフトウェアトークンの「選択」を押す。ハードウェアトークンは窓口での申込み', async () => {
        expect(await desk.text())
          .to.include('スマホアプリ形式')
          .and.to.include('お手元のトークンを登録します。お持ちでない場合は、窓口での申込が必要です。');
        expect(await desk.press('選択'), 'nothing is chosen yet').to.equal('BOT011');
        expect(await desk.press('選択', { token_kind: 'software' })).to.equal('BOT012');
      });

      it('【メール通知パスワード】「OK」を押す', async () => {
        const text = await desk.text();
        expect(text).to.include('メール通知パスワードを送信します').and.not.to.include(email);
        code = await codeMailed(demo, email, async () => {
          expect(await desk.press('OK')).to.equal('BOT001');
        });
      });

      it('【トークン発行(ソフトウェアトークン発行情報入力)】BOT001: 携帯電話のアドレスと、4〜8桁の利用開始パスワードを入力し、「次へ」を押す', async () => {
        const text = await desk.text();
        for (const words of ['送信先メールアドレスの指定', '利用開始パスワードの指定', '携帯電話メールアドレス'])
          expect(text).to.include(words);
        const { address, activation } = details;
        const typed = (more: Readonly<Record<string, string>>): Promise<string> =>
          desk.press('次へ', {
            email: address,
            email_again: address,
            activation_password: activation,
            activation_password_again: activation,
            ...more,
          });
        for (const [wrong, told] of [
          [{ email_again: 'other@keitai.example.jp' }, '2つのメールアドレスが一致していません'],
          [{ email: 'a@b.example,c@d.example' }, 'メールアドレスの形を確認できませんでした'],
          [{ email: 'nobody', email_again: 'nobody' }, 'メールアドレスの形を確認できませんでした'],
          [{ activation_password: '471', activation_password_again: '471' }, '4〜8桁の数字で入力してください'],
          [
            { activation_password: '471947194', activation_password_again: '471947194' },
            '4〜8桁の数字で入力してください',
          ],
          [{ activation_password: '1234', activation_password_again: '1234' }, '推測されやすい番号です'],
          [{ activation_password: '7777', activation_password_again: '7777' }, '推測されやすい番号です'],
        ] as const) {
          expect(await typed(wrong), JSON.stringify(wrong)).to.equal('BOT001');
          expect(desk.status()).to.equal(422);
          expect(await desk.text()).to.include(told);
          expect(await desk.html(), 'what is typed in secret never comes back').not.to.match(/value="(471|1234|7777)/);
        }
        // As a Japanese input method types the digits.
        const wide = activation.replace(/\d/g, (digit) => String.fromCodePoint((digit.codePointAt(0) ?? 0) + 0xfee0));
        expect(await typed({ activation_password: wide })).to.equal('BOT002');
      });

      it('【…発行情報入力内容確認】BOT002: 確認用パスワードと、届いたメール通知パスワードを入力し、「確定する」を押す', async () => {
        const text = await desk.text();
        expect(text).to.include(details.address).and.to.include('送信日時');
        expect(await desk.html(), 'the activation password is not shown').not.to.include(details.activation);
        expect(await desk.press('確定する', { 確認用パスワード: password, メール通知パスワード: code })).to.equal(
          'BOT002',
        );
        expect(await desk.text()).to.include('確認用パスワードを確認できませんでした');
        const other = code.startsWith('1') ? `2${code.slice(1)}` : `1${code.slice(1)}`;
        expect(await desk.press('確定する', { 確認用パスワード: confirmation, メール通知パスワード: other })).to.equal(
          'BOT002',
        );
        expect(await desk.text()).to.include('メール通知パスワードを確認できませんでした');
        const { text: words } = await mailOf(demo, details.address, 'トークン発行のお知らせ', async () => {
          expect(await desk.press('確定する', { 確認用パスワード: confirmation, メール通知パスワード: code })).to.equal(
            'BOT003',
          );
        });
        mailed = words;
      });

      it('【トークンの発行(ソフトウェアトークン発行完了)】BOT003: サービスIDとユーザIDが表示される', async () => {
        note = await noteOf(desk, details);
        expect(await desk.text())
          .to.include('トークンを発行しました')
          .and.to.include(await dayInJapan(demo, 3))
          .and.to.include(details.address);
        expect(await desk.html()).to.include(`${demo.gateway}/token-app`);
        expect(await desk.reload(), 'shown again, not done again').to.equal('BOT003');
        expect((await noteOf(desk, details)).userId).to.equal(note.userId);
      });

      it('「ワンタイムパスワード申請内容選択へ」を押した後、ログアウトする', async () => {
        expect(await desk.press('ワンタイムパスワード申請内容選択へ')).to.equal('BOT010');
        expect(await desk.text()).to.include('発行済み(初期設定待ち)');
        expect(await desk.logOut()).to.equal('OUT002');
      });
    });

    describe('使用方法① 初期設定以降', () => {
      it('携帯電話にメールが届く: サービスID、ユーザID、アプリのアドレス。利用開始パスワードは書かれていない', async () => {
        expect(mailed)
          .to.include(note.serviceId)
          .and.to.include(`${demo.gateway}/token-app`)
          .and.not.to.include(details.activation);
        expect(mailed.replace(/\s/g, '')).to.include(note.userId);
        // In Japanese, and in English below it.
        expect(new Set(mailed.match(/https?:\/\/\S+/g)), 'the only link').to.deep.equal(
          new Set([`${demo.gateway}/token-app`]),
        );
      });

      it('アプリに3つを入力して「送信」を押すと、初期設定が完了し、ワンタイムパスワードが表示される', async () => {
        expect(await phone.add({ ...note, activation: '4718' }), 'another activation password').to.equal(false);
        expect(await phone.add(note)).to.equal(true);
        expect(await phone.code(note.userId)).to.match(/^\d{6}$/);
      });

      it('次回のログインで、ワンタイムパスワード認証確認画面に入力し、「認証確認」を押す', async () => {
        expect(await signIn(desk, loginId, password)).to.equal('BOT004');
        expect(await desk.text()).to.include('アプリに表示されたコードを入力してください');
        const { subject } = await mailOf(demo, email, 'トークンの利用を開始しました', async () => {
          used = await phone.code(note.userId);
          expect(
            await desk.press('認証確認', { ワンタイムパスワード: used }),
            'the code proves this sign-in too',
          ).to.equal('TOP001');
        });
        expect(subject).not.to.equal('');
        expect(await desk.press('お客様情報変更')).to.equal('SLF001');
        expect(await desk.press('ワンタイムパスワード設定')).to.equal('BOT010');
        expect(await desk.text()).to.include('利用中');
        expect(await factOf(desk, '種類')).to.include('スマホアプリ');
        expect(await desk.logOut()).to.equal('OUT002');
      });

      it('それ以降のログインでは、ログインID・パスワードに加えて、アプリに表示される番号を入力する', async () => {
        expect(await signIn(desk, loginId, password)).to.equal('OTP002');
        expect(await desk.press('ログイン', { ワンタイムパスワード: used }), 'the code that registered it').to.equal(
          'OTP002',
        );
        expect(await desk.refusal()).to.equal('otp-used');
        expect(await desk.press('ログイン', { ワンタイムパスワード: await freshCode(demo, phone, note) })).to.equal(
          'TOP001',
        );
      });
    });
  });
}
