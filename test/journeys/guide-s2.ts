// Guide S2, the one-time password of a token app, step by step under its profile: every test is one step of its text, with its
// number. A company with apps alone, as the guide has it: its first sign-in leads to the issue, the company itself releases
// and revokes, and whoever lost a token waits twenty minutes, or until the morning.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { factOf, type Reader, type Reading, rowOf, rowText, signIn, type Walk } from '../support/guide-reader.ts';
import type { Note, Phone } from '../support/phone.ts';
import { needs } from '../support/tools.ts';
import { nextCode, wrongCode } from '../support/walks.ts';
import {
  codeMailed,
  dayInJapan,
  enterDetails,
  freshCode,
  issueToken,
  mailOf,
  noteOf,
  plain,
  untilInJapan,
  wordsOf,
} from './token-walk.ts';

/** The guide, read in one way on one kind of stores. */
export function walkGuideS2(reading: Reading, stores: 'embedded' | 'real'): void {
  describe(`guide S2, the one-time password, ${reading.name}, on ${stores} stores`, function () {
    this.timeout(90_000);
    let demo: Demo;
    let walk: Walk;
    let phone: Phone;
    let master: DemoPerson;
    let admin: DemoPerson;
    let person: DemoPerson;

    before(async function () {
      if (reading.needsChromium) needs(this, 'chromium');
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1, env: { RENKEI_PROFILE: 's2' } });
      walk = await reading.begin(demo);
      phone = await walk.phone();
      [master, admin, person] = [demo.person('ynomura51'), demo.person('mhirano27'), demo.person('skikuchi63')];
      await untilInJapan(demo, 10, 0);
    });
    after(async () => {
      await phone?.close();
      await walk?.close();
      await demo?.stop();
    });
    afterEach(() => {
      expect(walk.faults()).to.deep.equal([]);
    });

    /** With the token that the demo gave them, up to the top page. */
    async function enter(reader: Reader, who: DemoPerson, path = '/'): Promise<string> {
      const screen = await signIn(reader, who.login_id, who.password, path);
      return screen === 'OTP002' ? reader.press('ログイン', { otp: await nextCode(demo, who) }) : screen;
    }

    /** 手順1 and 手順2 of both procedures: 「管理」, 「利用者管理」, and the work. */
    async function toWork(reader: Reader, who: DemoPerson, work: string): Promise<string> {
      expect(await enter(reader, who)).to.equal('TOP001');
      expect(await reader.press('管理')).to.equal('CON001');
      expect(await reader.press('利用者管理')).to.equal('CON002');
      return reader.press(work);
    }

    const confirmed = (who: DemoPerson): Readonly<Record<string, string>> => ({
      確認用パスワード: who.confirmation_password ?? '',
    });

    describe('ワンタイムパスワードの初期設定', () => {
      const newcomer = {
        loginId: 'uchida01',
        password: 'Yawaragi51',
        confirmation: 'Tachibana6',
        email: 'yuchida@hikari.example.co.jp',
      };
      const details = { address: 'yui-phone@keitai.example.jp', activation: '806153' };
      let desk: Reader;
      let note: Note;
      let code = '';
      let mailed = '';

      before(async () => {
        desk = await walk.reader();
      });

      it('(ご利用の開始: 利用者が最初の設定を終えると、トークンの発行に進む)', async () => {
        const { loginId, password, confirmation, email } = newcomer;
        expect(await signIn(desk, '638207195', 'Kq7mTz4Rb')).to.equal('SET001');
        expect(await desk.press('次へ', { 新しいログインID: loginId })).to.equal('SET002');
        expect(await desk.press('次へ', { new_password: password, new_password_again: password })).to.equal('SET003');
        expect(
          await desk.press('次へ', {
            new_confirmation_password: confirmation,
            new_confirmation_password_again: confirmation,
          }),
        ).to.equal('SET004');
        const proof = await codeMailed(demo, email, async () => {
          expect(await desk.press('送信', { メールアドレス: email })).to.equal('SET005');
        });
        expect(await desk.press('次へ', { メール通知パスワード: proof })).to.equal('BOT012');
        await desk.close();
      });

      it('手順2 A ログインすると、ワンタイムパスワードトークン発行に進む: 避けて通る道はない', async () => {
        // One may send only so many mails in an hour, whatever they are for.
        await demo.forward(3_600);
        desk = await walk.reader();
        expect(await signIn(desk, newcomer.loginId, newcomer.password)).to.equal('BOT012');
        expect(await desk.text()).not.to.include('省略');
        for (const path of ['/', '/self-service', '/self-service/otp'])
          expect(await desk.open(path), path).to.equal('LGN001');
        expect(await signIn(desk, newcomer.loginId, newcomer.password)).to.equal('BOT012');
        code = await codeMailed(demo, newcomer.email, async () => {
          expect(await desk.press('OK')).to.equal('BOT001');
        });
      });

      it('手順1 事前準備 スマートフォンまたは携帯電話の時刻設定: 発行の画面が、自動設定を促す', async () => {
        expect(await desk.text()).to.include('スマートフォンの日付と時刻を「自動設定」にしてください');
      });

      it('手順2 A メールアドレスと利用開始パスワード(4〜8桁の任意の数字)を、2カ所に同じように入力する', async () => {
        expect(await enterDetails(desk, { ...details, activation: '12345678' }), 'easy to guess').to.equal('BOT001');
        expect(await enterDetails(desk, details)).to.equal('BOT002');
      });

      it('手順2 B 確定すると、登録したメールアドレスへダウンロード用URLの情報が送信される', async () => {
        const mail = await mailOf(demo, details.address, 'トークン発行のお知らせ', async () => {
          expect(
            await desk.press('確定する', { 確認用パスワード: newcomer.confirmation, メール通知パスワード: code }),
          ).to.equal('BOT003');
        });
        mailed = mail.text;
        note = await noteOf(desk, details);
        expect(await desk.text()).to.include('送信元のドメインは');
      });

      it('手順3 A メールの「サービスID」「ユーザID」を控え、URLからアプリを開く', async () => {
        expect(mailed).to.include(note.serviceId).and.to.include(`${demo.gateway}/token-app`);
        expect(mailed.replace(/\s/g, '')).to.include(note.userId);
        expect(mailed).not.to.include(details.activation);
      });

      it('手順4 A–C アプリに「サービスID」「ユーザID」「利用開始パスワード」を入力して「送信」を押すと、初期設定が完了する', async () => {
        expect(await phone.add({ ...note, activation: '806154' })).to.equal(false);
        expect(await phone.add({ ...note, userId: note.userId.split('').toReversed().join('') })).to.equal(false);
        expect(await phone.add(note)).to.equal(true);
      });

      it('手順4 D ワンタイムパスワードが表示され、1分間に変化する', async () => {
        const first = await phone.code(note.userId);
        expect(first).to.match(/^\d{6}$/);
        expect(await freshCode(demo, phone, note)).not.to.equal(first);
      });

      it('手順5 ワンタイムパスワード認証確認画面に入力し、「認証確認」を押すと、ログインできる', async () => {
        expect(await desk.press('次へ')).to.equal('BOT004');
        expect(await desk.press('認証確認', { ワンタイムパスワード: '12345' })).to.equal('BOT004');
        expect(await desk.text()).to.include('この入力は回数に数えていません');
        expect(await desk.press('認証確認', { ワンタイムパスワード: await phone.code(note.userId) })).to.equal(
          'TOP001',
        );
        expect(await desk.logOut()).to.equal('OUT002');
        expect(await signIn(desk, newcomer.loginId, newcomer.password)).to.equal('OTP002');
        expect(await desk.press('ログイン', { ワンタイムパスワード: await freshCode(demo, phone, note) })).to.equal(
          'TOP001',
        );
        await desk.close();
      });
    });

    describe('ワンタイムパスワードの利用停止解除', () => {
      async function stop(who: DemoPerson): Promise<string> {
        const reader = await walk.reader();
        let screen = await signIn(reader, who.login_id, who.password);
        for (let miss = 1; miss <= 5 && screen === 'OTP002'; miss += 1)
          screen = await reader.press('ログイン', { otp: await wrongCode(demo, who) });
        const text = await reader.text();
        await reader.close();
        expect(screen).to.equal('REF004');
        return text;
      }

      async function release(by: DemoPerson, who: DemoPerson): Promise<void> {
        const reader = await walk.reader();
        expect(await toWork(reader, by, 'ワンタイムパスワードの利用停止解除')).to.equal('CON050');
        const people = await rowOf(reader, who.login_id);
        expect(await reader.press('停止解除', confirmed(by)), 'nobody is chosen').to.equal('CON050');
        expect(await reader.press('停止解除', { people, 確認用パスワード: 'Chigau1234' })).to.equal('CON050');
        expect(await reader.press('停止解除', { people, ...confirmed(by) })).to.equal('CON052');
        expect(await reader.text())
          .to.include('1名中1名を解除しました')
          .and.to.include(who.name);
        await reader.close();
        const own = await walk.reader();
        expect(await enter(own, who)).to.equal('TOP001');
        await own.close();
      }

      it('【マスターユーザが利用停止となった場合】管理者ユーザが解除する。手順1–4', async () => {
        expect(await stop(master)).to.include('管理者ユーザ');
        await release(admin, master);
      });

      it('【管理者ユーザが利用停止となった場合】マスターユーザが解除する。手順1–4', async () => {
        await stop(admin);
        await release(master, admin);
      });

      it('【一般ユーザが利用停止となった場合】マスターユーザまたは管理者ユーザが解除する。手順1–4', async () => {
        await stop(person);
        await release(admin, person);
      });

      it('手順3 利用者一覧にご自身はなく、利用停止になっていない利用者もない', async () => {
        const reader = await walk.reader();
        expect(await toWork(reader, admin, 'ワンタイムパスワードの利用停止解除')).to.equal('CON050');
        expect((await rowText(reader, admin.login_id)).text).to.equal('');
        expect((await rowText(reader, person.login_id)).text).to.equal('');
        await reader.close();
      });
    });

    describe('トークン失効と、再発行', () => {
      /** 手順1–4, up to the result. @returns what the result says */
      async function revoke(
        by: DemoPerson,
        who: DemoPerson,
        promised: (reader: Reader) => Promise<void>,
      ): Promise<string> {
        const reader = await walk.reader();
        expect(await toWork(reader, by, 'トークンの失効')).to.equal('CON060');
        const people = await rowOf(reader, who.login_id);
        await promised(reader);
        expect(await reader.press('失効', { people, reason: 'phone', 確認用パスワード: 'Chigau1234' })).to.equal(
          'CON060',
        );
        expect(await reader.press('失効', { people, reason: 'phone', ...confirmed(by) })).to.equal('CON062');
        const text = await wordsOf(reader);
        await reader.close();
        return text;
      }

      /** What the page of the wait and the person's own sign-in say of it. */
      async function waits(who: DemoPerson, moment: string): Promise<void> {
        const reader = await walk.reader();
        expect(await signIn(reader, who.login_id, who.password)).to.equal('WAI001');
        expect([reader.status(), await reader.refusal()]).to.deep.equal([200, 'waiting']);
        expect(await wordsOf(reader)).to.include(`${moment}からログインできます`);
        expect(await reader.press('もう一度確認する'), 'nothing hurries it').to.equal('WAI001');
        await reader.close();
      }

      const first = { address: 'saya@keitai.example.jp', activation: '90218' };
      let note: Note;

      it('手順1–4 マスターユーザまたは管理者ユーザが、利用者を選択し、確認用パスワードを入力して「失効」を押す', async () => {
        await untilInJapan(demo, 11, 0);
        const remembered = await walk.reader();
        expect(await enter(remembered, person)).to.equal('TOP001');
        const mail = await mailOf(demo, person.email, 'トークンが失効されました', async () => {
          const told = await revoke(admin, person, async () => {});
          expect(told)
            .to.include(plain(person.name))
            .and.to.match(/11:2\d/);
        });
        expect(mail.text).to.match(/11:2\d/);
        expect(await remembered.open('/'), 'signed out by it').to.equal('LGN001');
        await remembered.close();
      });

      it('「失効の20分程度経過後に実施可能」: それまでは、発行もログインも待つ', async () => {
        const reader = await walk.reader();
        expect(await signIn(reader, person.login_id, person.password)).to.equal('WAI001');
        const [moment = ''] = /11:2\d/.exec(await reader.text()) ?? [];
        await reader.close();
        await waits(person, `本日${moment}`);
        await untilInJapan(demo, 11, Number(moment.slice(3)) - 1, 30);
        await waits(person, `本日${moment}`);
        await untilInJapan(demo, 11, Number(moment.slice(3)));
        const desk = await walk.reader();
        // The wait is over to the second of the revocation, the page shows minutes.
        await demo.forward(60);
        expect(await signIn(desk, person.login_id, person.password)).to.equal('BOT012');
        note = await issueToken(
          demo,
          desk,
          { email: person.email, confirmation: person.confirmation_password ?? '' },
          first,
        );
        await desk.close();
      });

      it('既にワンタイムパスワードアプリをご利用の方: アプリの画面からトークンの追加を行う', async () => {
        const before = await phone.count();
        expect(await phone.add({ ...note, name: 'ひかり設計' })).to.equal(true);
        expect(await phone.count()).to.equal(before + 1);
        const desk = await walk.reader();
        expect(await signIn(desk, person.login_id, person.password)).to.equal('BOT004');
        const old = await demo.code(person);
        expect(await desk.press('認証確認', { ワンタイムパスワード: old }), 'of the revoked token').to.equal('BOT004');
        expect(await desk.refusal()).to.equal('otp-wrong');
        expect(await desk.press('認証確認', { ワンタイムパスワード: await phone.code(note.userId) })).to.equal(
          'TOP001',
        );
        expect(await desk.press('お客様情報変更')).to.equal('SLF001');
        expect(await desk.press('ワンタイムパスワード設定')).to.equal('BOT010');
        expect(await factOf(desk, '状態')).to.include('利用中');
        await desk.close();
      });

      it('「20:50から翌日8:10までに失効された場合は、翌日8:10以降」: 画面とメールとログインが同じ時刻を示す', async () => {
        await untilInJapan(demo, 20, 47);
        const other = demo.person('dueno84');
        // Before the night: twenty minutes.
        await mailOf(demo, other.email, 'トークンが失効されました', async () => {
          expect(await revoke(admin, other, async () => {})).to.match(/21:(08|09)/);
        });
        // The administrator's code is of the minute after: the night has begun.
        await untilInJapan(demo, 20, 49);
        const day = await dayInJapan(demo, 1);
        const mail = await mailOf(demo, person.email, 'トークンが失効されました', async () => {
          expect(await revoke(master, person, async () => {})).to.include('8:10');
        });
        expect(mail.text).to.include(`${day} 8:10`).and.to.include('夜間に失効したため');
        await waits(person, `${day}8:10`);
        await untilInJapan(demo, 0, 0);
        await waits(person, '本日8:10');
        const desk = await walk.reader();
        expect(await signIn(desk, other.login_id, other.password), 'twenty minutes are over').to.equal('BOT012');
        await desk.close();
      });

      it('翌日8:10以降: 改めてトークン発行をすることができる', async () => {
        await untilInJapan(demo, 8, 9);
        await waits(person, '本日8:10');
        await untilInJapan(demo, 8, 10);
        const desk = await walk.reader();
        expect(await signIn(desk, person.login_id, person.password)).to.equal('BOT012');
        const anew = await issueToken(
          demo,
          desk,
          { email: person.email, confirmation: person.confirmation_password ?? '' },
          { ...first, activation: '5527' },
        );
        expect(await phone.add(anew)).to.equal(true);
        expect(await desk.press('次へ')).to.equal('BOT004');
        const gone = await phone.code(note.userId);
        expect(await desk.press('認証確認', { ワンタイムパスワード: gone }), 'of the revoked token').to.equal('BOT004');
        expect(await desk.press('認証確認', { ワンタイムパスワード: await phone.code(anew.userId) })).to.equal(
          'TOP001',
        );
        await desk.close();
      });
    });
  });
}
