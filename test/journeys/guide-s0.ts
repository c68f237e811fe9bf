// Guide S0, the login guide, step by step under its profile, as far as IDs, passwords and administration go: every test names
// the section and the step of its text that it walks.
import { expect } from 'chai';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { factOf, type Reader, type Reading, rowOf, rowText, signIn, type Walk } from '../support/guide-reader.ts';
import { needs } from '../support/tools.ts';
import { nextCode, renkei, soon, wrongCode } from '../support/walks.ts';
import { codeMailed } from './token-walk.ts';

/** One person's secrets as they become known on the way. */
interface Known {
  loginId: string;
  password: string;
  confirmation: string;
  email: string;
}

/** The guide's sections, read in one way on one kind of stores. */
export function walkGuideS0(reading: Reading, stores: 'embedded' | 'real'): void {
  describe(`guide S0, the login guide, ${reading.name}, on ${stores} stores`, function () {
    this.timeout(60_000);
    let demo: Demo;
    let walk: Walk;
    /** The master's window, and the user's. */
    let desk: Reader;
    let own: Reader;
    const master: Known = {
      loginId: 'shiosai1',
      password: 'Isonami482',
      confirmation: 'Tatenami915',
      email: 'yfujii@shiosai.example.co.jp',
    };
    const user: Known = {
      loginId: '',
      password: '',
      confirmation: 'Uramado306',
      email: 'kaori@shiosai.example.co.jp',
    };

    before(async function () {
      if (reading.needsChromium) needs(this, 'chromium');
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1, env: { RENKEI_PROFILE: 's0' } });
      walk = await reading.begin(demo);
      [desk, own] = [await walk.reader(), await walk.reader()];
    });
    after(async () => {
      await walk?.close();
      await demo?.stop();
    });
    afterEach(() => {
      expect(walk.faults()).to.deep.equal([]);
    });

    /** SET002–SET005, with the rules of the guide: 8–12 half-width letters and digits. */
    async function setUp(reader: Reader, who: Known, issued: string): Promise<void> {
      const password = (typed: string): Promise<string> =>
        reader.press('次へ', { new_password: typed, new_password_again: typed });
      for (const wrong of [issued, 'Short12', 'Muchtoolong123', 'onlyletters', 'Half-width1'])
        expect(await password(wrong), wrong).to.equal('SET002');
      expect(await password(who.password)).to.equal('SET003');
      const again = { new_confirmation_password_again: who.password };
      expect(await reader.press('次へ', { 新しい確認用パスワード: who.password, ...again })).to.equal('SET003');
      expect(
        await reader.press('次へ', {
          新しい確認用パスワード: who.confirmation,
          new_confirmation_password_again: who.confirmation,
        }),
      ).to.equal('SET004');
      const code = await codeMailed(demo, who.email, async () => {
        expect(await reader.press('送信', { メールアドレス: who.email })).to.equal('SET005');
      });
      expect(await reader.press('次へ', { メール通知パスワード: code })).to.equal('TKN001');
    }

    const toMenu = async (): Promise<void> => {
      expect(await desk.open('/')).to.equal('TOP001');
      expect(await desk.press('管理')).to.equal('CON001');
      expect(await desk.press('利用者管理')).to.equal('CON002');
    };

    /** The master signs in anew where the clock has gone on; the token is still on its way. */
    async function masterAgain(): Promise<void> {
      if ((await desk.open('/')) === 'TOP001') return;
      let screen = await signIn(desk, master.loginId, master.password);
      if (screen === 'TKN001') screen = await desk.press('トークン利用開始登録の省略');
      expect(screen).to.equal('TOP001');
    }

    describe('初めてログインする場合 <企業管理者(マスター)の場合>', () => {
      const issued = { id: '917236576', password: '195121828417' };

      it('1 手続完了のお知らせと申込書を準備する: ログイン画面が、どちらに何が書かれているかを示す', async () => {
        expect(await desk.open('/')).to.equal('LGN001');
        expect(await desk.press('ログインIDでログイン')).to.equal('LGN002');
        // It stands folded away below the button.
        expect(await desk.html())
          .to.include('初めてログインする方')
          .and.to.include('手続完了のお知らせ')
          .and.to.include('申込書に記入した12桁');
      });

      it('2–4 「ログインID」にマスターID、「ログインパスワード」にマスターパスワードを入力し、「ログイン」を押す', async () => {
        expect(await desk.press('ログイン', { ログインID: issued.id, ログインパスワード: '195121828418' })).to.equal(
          'LGN002',
        );
        // As a Japanese input method types the digits.
        const wide = issued.id.replace(/\d/g, (digit) => String.fromCodePoint((digit.codePointAt(0) ?? 0) + 0xfee0));
        expect(await desk.press('ログイン', { ログインID: wide, ログインパスワード: issued.password })).to.equal(
          'SET001',
        );
      });

      it('初回ログイン時に、半角英数字6〜12桁のマスターIDを設定する', async () => {
        for (const wrong of ['five5', 'thirteensigns', '123456789', issued.id])
          expect(await desk.press('次へ', { 新しいログインID: wrong }), wrong).to.equal('SET001');
        expect(await desk.press('次へ', { 新しいログインID: master.loginId })).to.equal('SET002');
      });

      it('初回ログイン時に、半角英数字8〜12桁のマスターパスワードを設定する', async () => {
        await setUp(desk, master, issued.password);
      });

      it('ワンタイムパスワード: トークンが届くまで、初期設定をスキップする', async () => {
        expect(await desk.press('トークン利用開始登録の省略')).to.equal('TOP001');
        expect(await desk.text()).to.include('マスターユーザ');
        const stranger = await walk.reader();
        expect(await signIn(stranger, issued.id, issued.password), 'the issued pair is no more').to.equal('LGN002');
        await stranger.close();
      });
    });

    describe('初めてログインする場合 <利用担当者の場合>', () => {
      const issued = { id: '', password: '' };

      it('貴社の管理者ユーザが利用担当者を登録し、IDとパスワードを伝える', async () => {
        await toMenu();
        expect(await desk.press('利用者情報の管理')).to.equal('CON010');
        expect(await desk.press('新規登録')).to.equal('CON020');
        expect(await desk.press('次へ', { 利用者名: '浜田 香織', メールアドレス: user.email, admin: 'none' })).to.equal(
          'CON021',
        );
        expect(await desk.press('次へ')).to.equal('CON022');
        expect(await desk.press('次へ')).to.equal('CON023');
        expect(await desk.text())
          .to.include('浜田 香織')
          .and.to.include(user.email);
        expect(await desk.press('登録する', { 確認用パスワード: master.confirmation })).to.equal('CON024');
        expect(await desk.text()).to.include('利用者を登録しました');
        expect(await desk.press('通知書を印刷')).to.equal('PRT001');
        issued.id = (await factOf(desk, 'ログインID')).replace(/\s/g, '');
        issued.password = (await factOf(desk, '初期パスワード')).replace(/\s/g, '');
        expect(issued.id).to.match(/^\d{9}$/);
        expect(issued.password).to.match(/^(?=.*[A-Za-z])(?=.*[2-9])[A-HJ-NP-Za-km-z2-9]{9}$/);
        await desk.reload();
        expect(await desk.html(), 'shown once').not.to.include(issued.password);
        expect(await desk.text()).to.include('初期パスワードは一度だけ表示しました');
      });

      it('1–4 伝えられた利用担当者IDとパスワードを入力し、「ログイン」を押す', async () => {
        expect(await signIn(own, issued.id, issued.password)).to.equal('SET001');
      });

      it('初回ログイン時に、6〜12桁の利用担当者IDと8〜12桁の利用担当者パスワードを設定する', async () => {
        expect(await own.press('次へ', { 新しいログインID: master.loginId.toUpperCase() }), 'somebody’s').to.equal(
          'SET001',
        );
        user.loginId = 'hamada01';
        user.password = 'Sotogawa27';
        expect(await own.press('次へ', { 新しいログインID: user.loginId })).to.equal('SET002');
        await setUp(own, user, issued.password);
        expect(await own.press('トークン利用開始登録の省略')).to.equal('TOP001');
      });

      it('IDをお持ちでない方は、貴社の管理者ユーザに取得を依頼する', async () => {
        const other = await walk.reader();
        expect(await other.open('/')).to.equal('LGN001');
        expect(await other.press('IDをお持ちでない方')).to.equal('LNK002');
        expect(await other.text()).to.include('管理者ユーザ');
        await other.close();
      });
    });

    describe('ID・パスワードを失念した場合', () => {
      it('マスターID: ビジネスヘルプデスクへ問い合わせる', async () => {
        const lost = await walk.reader();
        await lost.open('/');
        await lost.press('ログインIDでログイン');
        expect(await lost.press('ログインでお困りの方')).to.equal('RST001');
        expect(await lost.text())
          .to.include('IDを忘れた(マスターユーザ)')
          .and.to.include('ビジネスヘルプデスクへお電話ください')
          .and.to.include('パスワードをお調べすることはできません');
        await lost.close();
      });

      it('マスターパスワード: 変更手続きを行う。調べることはできず、手続きは誰もログインさせない', async () => {
        const lost = await walk.reader();
        await lost.open('/');
        await lost.press('ログインIDでログイン');
        await lost.press('ログインでお困りの方');
        expect(await lost.press('マスターユーザの手続きへ')).to.equal('RST002');
        let answered = '';
        const code = await codeMailed(demo, master.email, async () => {
          expect(
            await lost.press('送信', {
              ログインID: master.loginId,
              ご契約番号: '1372690814',
              メールアドレス: master.email,
            }),
          ).to.equal('RST003');
          answered = await lost.text();
          expect(await lost.press('次へ', { メール通知パスワード: '00000000' })).to.equal('RST003');
        });
        expect(await lost.press('次へ', { メール通知パスワード: code })).to.equal('RST004');
        const number = await factOf(lost, '受付番号');
        expect(number, await lost.text()).not.to.equal('');
        expect(await lost.open('/self-service'), 'nobody is signed in').to.equal('LGN001');

        // Whoever has forgotten even that gets the same answer.
        const guess = await walk.reader();
        await guess.open('/');
        await guess.press('ログインIDでログイン');
        await guess.press('ログインでお困りの方');
        await guess.press('マスターユーザの手続きへ');
        expect(
          await guess.press('送信', {
            ログインID: 'nobody99',
            ご契約番号: '1372690814',
            メールアドレス: 'a@b.example',
          }),
        ).to.equal('RST003');
        const times = (text: string): string => text.replace(/\d+:\d\d|お問い合わせ番号 \S+/g, '');
        expect(times(await guess.text())).to.equal(times(answered));
        await Promise.all([lost.close(), guess.close()]);

        const list = await renkei(demo, 'reset-requests', '--json');
        expect(list.status, list.err).to.equal(0);
        expect(list.out).to.include(number);
        const approved = await renkei(demo, 'reset-requests', 'approve', number, '--letter', '-');
        expect(approved.status, `${approved.out}${approved.err}`).to.equal(0);
        const mails = await soon(
          () => demo.mails(master.email),
          (all) => all.some(({ subject }) => subject.includes('再設定の申請の結果')),
        );
        const letter = /\b\d{3} \d{3} \d{3} \d{3}\b/.exec(approved.out)?.[0] ?? '';
        const posted = letter.replaceAll(' ', '');
        expect(posted, approved.out).to.match(/^\d{12}$/);
        for (const { text } of mails) {
          expect(text, 'by post, never by mail').not.to.include(posted);
          expect(text).not.to.include(letter);
        }

        const back = await walk.reader();
        expect(await signIn(back, master.loginId, master.password), 'until the letter is there').to.equal('TKN001');
        await back.close();
        const later = await walk.reader();
        expect(await signIn(later, master.loginId, posted)).to.equal('TKN001');
        expect(await later.press('トークン利用開始登録の省略')).to.equal('PWC001');
        master.password = 'Shinsei774';
        expect(
          await later.press('実行', {
            現在のログインパスワード: posted,
            新しいログインパスワード: master.password,
            new_password_again: master.password,
          }),
        ).to.equal('PWC003');
        expect(await later.press('確認')).to.equal('TOP001');
        await later.close();
        const forgotten = await walk.reader();
        expect(await signIn(forgotten, master.loginId, 'Isonami482'), 'no more').to.equal('LGN002');
        await forgotten.close();
      });

      it('利用担当者パスワード: 貴社の管理者ユーザに確認し、管理者が設定したものから自分のものに変える', async () => {
        await masterAgain();
        await toMenu();
        expect(await desk.press('利用者情報の管理')).to.equal('CON010');
        expect(await desk.press('変更', { people: await rowOf(desk, user.loginId) })).to.equal('CON030');
        expect(
          await desk.press('次へ', { change_password: 'change', new_password_by: 'typed', new_password: 'Watasu881' }),
        ).to.equal('CON031');
        expect(await desk.press('次へ')).to.equal('CON032');
        expect(await desk.press('次へ')).to.equal('CON033');
        expect(await desk.text()).to.include('ログイン時に強制変更する');
        expect(await desk.press('実行', { 確認用パスワード: master.confirmation })).to.equal('CON034');
        const mails = await soon(
          () => demo.mails(user.email),
          (all) => all.some(({ subject }) => subject.includes('管理者ユーザがパスワードを設定しました')),
        );
        expect(mails.map(({ text }) => text).join()).not.to.include('Watasu881');
        expect(await own.open('/self-service'), 'signed out by it').to.equal('LGN001');
        expect(await signIn(own, user.loginId, user.password)).to.equal('LGN002');
        expect(await signIn(own, user.loginId, 'Watasu881')).to.equal('TKN001');
        expect(await own.press('トークン利用開始登録の省略')).to.equal('PWC001');
        user.password = 'Jibunno59';
        expect(
          await own.press('実行', {
            現在のログインパスワード: 'Watasu881',
            新しいログインパスワード: user.password,
            new_password_again: user.password,
          }),
        ).to.equal('PWC003');
        expect(await own.press('確認')).to.equal('TOP001');
      });
    });

    describe('ワンタイムパスワードのロックおよびロック解除', () => {
      const stopOtp = async (loginId: string): Promise<string> => {
        const person = demo.person(loginId);
        const reader = await walk.reader();
        let screen = await signIn(reader, person.login_id, person.password);
        for (let miss = 1; miss <= 5 && screen === 'OTP002'; miss += 1)
          screen = await reader.press('ログイン', { otp: await wrongCode(demo, person) });
        const text = await reader.text();
        await reader.close();
        expect(screen).to.equal('REF004');
        return text;
      };
      const toRelease = async (reader: Reader): Promise<void> => {
        const admin = demo.person('ntakahashi14');
        if ((await signIn(reader, admin.login_id, admin.password)) === 'OTP002')
          await reader.press('ログイン', { otp: await nextCode(demo, admin) });
        expect(await reader.press('管理')).to.equal('CON001');
        expect(await reader.press('利用者管理')).to.equal('CON002');
        expect(await reader.press('ワンタイムパスワードの利用停止解除')).to.equal('CON050');
      };

      it('一定回数誤るとログインできなくなる。スマホアプリ形式は、貴社の管理者ユーザが解除する', async () => {
        expect(await stopOtp('msaito50')).to.include('管理者ユーザへご依頼ください');
        const admin = await walk.reader();
        await toRelease(admin);
        expect(await admin.press('次へ', { people: await rowOf(admin, 'msaito50') })).to.equal('CON051');
        const { confirmation_password: confirmation } = demo.person('ntakahashi14');
        expect(await admin.press('1名を解除する', { 確認用パスワード: confirmation ?? '' })).to.equal('CON052');
        expect(await admin.text()).to.include('1名中1名を解除しました');
        await admin.close();
        const person = demo.person('msaito50');
        const reader = await walk.reader();
        expect(await signIn(reader, person.login_id, person.password)).to.equal('OTP002');
        expect(await reader.press('ログイン', { otp: await nextCode(demo, person) })).to.equal('TOP001');
        await reader.close();
      });

      it('キーホルダー形式は、ビジネスヘルプデスクが解除する', async () => {
        expect(await stopOtp('dyamamoto47')).to.include('ビジネスヘルプデスクへお電話ください');
        const admin = await walk.reader();
        await toRelease(admin);
        expect((await rowText(admin, 'dyamamoto47')).text).to.include(
          'キーホルダー形式のため、解除はビジネスヘルプデスクが行います',
        );
        await admin.close();
        expect((await renkei(demo, 'unlock', 'dyamamoto47', 'otp')).status).to.equal(0);
        const person = demo.person('dyamamoto47');
        const reader = await walk.reader();
        expect(await signIn(reader, person.login_id, person.password)).to.equal('OTP002');
        expect(await reader.press('ログイン', { otp: await nextCode(demo, person) })).to.equal('TOP001');
        await reader.close();
      });
    });
  });
}
