// Guide S3, the password management chapter, step by step under its profile: every test is one step of its text, with its
// number and the words it names. A company without one-time passwords, as the guide has none: each act is proven by the
// confirmation password alone.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import {
  factOf,
  type Fill,
  type Reader,
  type Reading,
  rowOf,
  rowText,
  signIn,
  type Walk,
} from '../support/guide-reader.ts';
import { needs } from '../support/tools.ts';
import { soon } from '../support/walks.ts';

const day = 24 * 60 * 60;
const minute = 60;

/** A password typed by whoever hands it over, not issued by the system. */
const handedOver = (field: string, password: string): Fill => ({ [`${field}_by`]: 'typed', [field]: password });

/** The guide's whole chapter, read in one way on one kind of stores. */
export function walkGuideS3(reading: Reading, stores: 'embedded' | 'real'): void {
  describe(`guide S3, password management, ${reading.name}, on ${stores} stores`, function () {
    this.timeout(60_000);
    let demo: Demo;
    let walk: Walk;
    let master: DemoPerson;
    let person: DemoPerson;
    let colleague: DemoPerson;
    /** The window of whoever administers, and of the person it is about. */
    let desk: Reader;
    let own: Reader;
    /** What each of them types now. */
    const now = new Map<string, { password: string; confirmation: string }>();
    const typed = ({ login_id: id, password, confirmation_password: confirmation }: DemoPerson) =>
      now.get(id) ?? { password, confirmation: confirmation ?? '' };

    before(async function () {
      if (reading.needsChromium) needs(this, 'chromium');
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1, env: { RENKEI_PROFILE: 's3' } });
      walk = await reading.begin(demo);
      [master, person, colleague] = [demo.person('okondo31'), demo.person('nishii42'), demo.person('hsakamoto24')];
      [desk, own] = [await walk.reader(), await walk.reader()];
    });
    after(async () => {
      await walk?.close();
      await demo?.stop();
    });
    afterEach(() => {
      expect(walk.faults()).to.deep.equal([]);
    });

    const enter = (reader: Reader, who: DemoPerson, path = '/'): Promise<string> =>
      signIn(reader, who.login_id, typed(who).password, path);
    /** The guide's way to every page of the administration. */
    const toMenu = async (reader: Reader): Promise<void> => {
      expect(await reader.open('/')).to.equal('TOP001');
      expect(await reader.press('管理')).to.equal('CON001');
      expect(await reader.press('利用者管理')).to.equal('CON002');
    };

    describe('2.1 ご自身のパスワード変更', () => {
      before(async () => {
        expect(await enter(desk, master)).to.equal('TOP001');
      });

      it('2.1.1 トップページで「管理」メニュータブを押す', async () => {
        expect(await desk.press('管理')).to.equal('CON001');
      });

      it('2.1.2 業務選択画面で「利用者管理」を押す', async () => {
        expect(await desk.press('利用者管理')).to.equal('CON002');
      });

      it('2.1.3 作業内容選択画面で「パスワード変更」を押す', async () => {
        expect(await desk.press('パスワード変更')).to.equal('SLF010');
      });

      it('2.1.4 「変更要否」を選び、現在と新しいログインパスワード、確認用パスワードを入力し、「実行」を押す', async () => {
        const text = await desk.text();
        for (const words of [
          '変更要否',
          '変更する',
          '変更しない',
          '現在のログインパスワード',
          '新しいログインパスワード',
          '現在の確認用パスワード',
          '新しい確認用パスワード',
        ])
          expect(text).to.include(words);
        const before = typed(master);
        expect(
          await desk.press('実行', {
            change_password: 'change',
            現在のログインパスワード: before.confirmation,
            new_password: 'Hinoki2741',
            new_password_again: 'Hinoki2741',
          }),
          'the password in use has to be entered',
        ).to.equal('SLF010');
        expect(await desk.text()).to.include('あと4回で一時利用停止になります');
        expect(
          await desk.press('実行', {
            change_password: 'change',
            現在のログインパスワード: before.password,
            新しいログインパスワード: 'Hinoki2741',
            new_password_again: 'Hinoki2741',
            change_confirmation_password: 'change',
            現在の確認用パスワード: before.confirmation,
            新しい確認用パスワード: 'Sazanka518',
            new_confirmation_password_again: 'Sazanka518',
          }),
        ).to.equal('SLF011');
        now.set(master.login_id, { password: 'Hinoki2741', confirmation: 'Sazanka518' });
      });

      it('2.1.5 ご自身のパスワードが変更され、「ログインID」と「パスワード有効期限」が表示される', async () => {
        expect(await factOf(desk, 'ログインID')).to.include(master.login_id);
        const expiry = new Date((await demo.now()) + 90 * day * 1000 + 9 * 60 * minute * 1000);
        expect(await factOf(desk, 'パスワード有効期限')).to.include(
          `${expiry.getUTCFullYear()}年${expiry.getUTCMonth() + 1}月${expiry.getUTCDate()}日`,
        );
        expect(await desk.text())
          .to.include('トップページへ')
          .and.to.include('利用者管理メニューへ');
        expect(await desk.reload(), 'shown again, not done again').to.equal('SLF011');
        expect(await desk.press('利用者管理メニューへ'), 'this sign-in goes on').to.equal('CON002');
      });
    });

    describe('2.2 パスワード利用停止の解除', () => {
      before(async function () {
        this.timeout(60_000);
        // 一時利用停止 three times in a row becomes 利用停止.
        const stranger = await walk.reader();
        for (let lock = 1; lock <= 3; lock += 1) {
          for (let miss = 1; miss <= 5; miss += 1)
            expect(await signIn(stranger, colleague.login_id, 'Chigau123')).to.equal('LGN002');
          if (lock < 3) await demo.forward(31 * minute);
        }
        await stranger.close();
        // The one who administers was away longer than a sign-in holds.
        if ((await desk.open('/')) !== 'TOP001') expect(await enter(desk, master)).to.equal('TOP001');
      });

      it('2.2.1 トップページで「管理」メニュータブを押す', async () => {
        expect(await desk.open('/')).to.equal('TOP001');
        expect(await desk.press('管理')).to.equal('CON001');
        expect(await desk.text()).to.include('利用停止中 1名');
      });

      it('2.2.2 業務選択画面で「利用者管理」を押す', async () => {
        expect(await desk.press('利用者管理')).to.equal('CON002');
      });

      it('2.2.3 作業内容選択画面で「利用者停止・解除」を押す', async () => {
        expect(await desk.press('利用者停止・解除')).to.equal('CON040');
      });

      it('2.2.4 対象ユーザにチェックし、「変更後サービス状態」の“利用可能”を選び、「確認用パスワード」を入力して「実行」を押す', async () => {
        const stopped = await rowText(desk, colleague.login_id);
        expect(stopped.text).to.include('ログインパスワード利用停止').and.to.include('誤入力');
        expect(stopped.states.split(' ')).to.include('password-stopped');
        expect((await rowText(desk, master.login_id)).text, 'oneself is left out').to.include('ご自身');
        expect(await desk.text())
          .to.include('変更後サービス状態')
          .and.to.include('利用可能')
          .and.to.include('ご自身を除く');
        const choice = { people: await rowOf(desk, colleague.login_id), target_state: 'available' };
        expect(await desk.press('実行', { ...choice, 確認用パスワード: typed(master).password })).to.equal('CON040');
        expect(await desk.text()).to.include('確認用パスワードを確認できませんでした');
        expect(await desk.press('実行', { ...choice, 確認用パスワード: typed(master).confirmation })).to.equal(
          'CON042',
        );
      });

      it('2.2.5 パスワード利用停止が解除される', async () => {
        expect(await desk.text())
          .to.include('1名中1名を解除しました')
          .and.to.include(colleague.login_id)
          .and.to.include(colleague.name)
          .and.to.include('ログインパスワード利用停止')
          .and.to.include('続けてパスワードを変更する');
        expect(await enter(own, colleague)).to.equal('TOP001');
        await own.close();
        own = await walk.reader();
      });
    });

    describe('2.3 他ユーザのパスワード変更', () => {
      it('2.3.1 トップページで「管理」メニュータブを押す', async () => {
        expect(await desk.press('トップページへ')).to.equal('TOP001');
        expect(await desk.press('管理')).to.equal('CON001');
      });

      it('2.3.2 「利用者管理」を押す', async () => {
        expect(await desk.press('利用者管理')).to.equal('CON002');
      });

      it('2.3.3 「利用者情報の管理」を押す', async () => {
        expect(await desk.press('利用者情報の管理')).to.equal('CON010');
      });

      it('2.3.4 利用者一覧でユーザを選び、「変更」を押す。ご自身のパスワードは変更できない', async () => {
        const self = await rowOf(desk, master.login_id).catch(() => '');
        const mine = await desk.press('変更', { people: self });
        expect(mine).to.equal('CON010');
        expect(await desk.text()).to.include('お客様情報変更');
        expect(await desk.press('変更', { people: await rowOf(desk, person.login_id) })).to.equal('CON030');
      });

      it('2.3.5 “変更する”を選び、ログインパスワードと確認用パスワードを入力し、「次へ」を押す', async () => {
        expect(await desk.text())
          .to.include('変更する')
          .and.to.include('変更しない')
          .and.to.include('ログイン時に強制変更する');
        expect(
          await desk.press('次へ', {
            change_password: 'change',
            ...handedOver('new_password', 'Watashita11'),
            change_confirmation_password: 'change',
            ...handedOver('new_confirmation_password', 'Watashita22'),
          }),
        ).to.equal('CON031');
      });

      it('2.3.6 利用者変更[権限]画面で「次へ」を押す', async () => {
        expect(await desk.text()).to.include('利用者変更[権限]');
        expect(await desk.press('次へ')).to.equal('CON032');
      });

      it('2.3.7 利用者変更[口座]画面で「変更」を押す', async () => {
        expect(await desk.text()).to.include('利用者変更[口座]');
        expect(await desk.press('変更')).to.equal('CON033');
      });

      it('2.3.8 変更内容を確認し、ご自身の「確認用パスワード」を入力して「実行」を押す', async () => {
        const text = await desk.text();
        expect(text)
          .to.include(person.login_id)
          .and.to.include('ログインパスワード')
          .and.to.include('ログイン時に強制変更する')
          .and.to.include('サービス連携')
          .and.to.include('利用可能口座')
          .and.to.match(/ログインパスワード \* ?[^*]*変更する[^*]* 変更 /);
        expect(await desk.html(), 'what is handed over is never shown on the way').not.to.include('Watashita');
        expect(await desk.press('実行', { 確認用パスワード: typed(master).confirmation })).to.equal('CON034');
      });

      it('2.3.9 パスワードが変更される', async () => {
        expect(await desk.text())
          .to.include('利用者変更結果')
          .and.to.include(person.login_id)
          .and.to.include('変更後のパスワードをご本人へお伝えください');
        now.set(person.login_id, { password: 'Watashita11', confirmation: 'Watashita22' });
      });
    });

    describe('2.4 パスワード強制変更', () => {
      it('2.4.1 現在と新しいログインパスワード、確認用パスワードを入力し、「実行」を押す', async () => {
        expect(await enter(own, person)).to.equal('PWC001');
        expect(await own.text()).to.include('パスワード強制変更');
        expect(await own.open('/self-service'), 'not to be got around').to.equal('LGN001');
        expect(await enter(own, person)).to.equal('PWC001');
        const given = typed(person);
        expect(
          await own.press('実行', {
            現在のログインパスワード: given.password,
            新しいログインパスワード: given.password,
            new_password_again: given.password,
            現在の確認用パスワード: given.confirmation,
            新しい確認用パスワード: 'Kaede3310',
            new_confirmation_password_again: 'Kaede3310',
          }),
          'one of their own, not the one that was handed over',
        ).to.equal('PWC001');
        expect(
          await own.press('実行', {
            現在のログインパスワード: given.password,
            新しいログインパスワード: 'Momiji8021',
            new_password_again: 'Momiji8021',
            現在の確認用パスワード: given.confirmation,
            新しい確認用パスワード: 'Kaede3310',
            new_confirmation_password_again: 'Kaede3310',
          }),
        ).to.equal('PWC003');
        now.set(person.login_id, { password: 'Momiji8021', confirmation: 'Kaede3310' });
      });

      it('2.4.2 ご自身のパスワードが変更される。「確認」を押すとトップページが表示される', async () => {
        expect(await factOf(own, 'ログインID')).to.include(person.login_id);
        expect(await factOf(own, 'パスワード有効期限')).to.match(/^\d{4}年\d{1,2}月\d{1,2}日/);
        expect(await own.press('確認')).to.equal('TOP001');
      });
    });

    describe('2.5 パスワード有効期限切れ', () => {
      before(async () => {
        // The confirmation password is the younger one: changed by its owner a month before the login password expires.
        await demo.forward(60 * day);
        await own.close();
        own = await walk.reader();
        expect(await enter(own, person)).to.equal('TOP001');
        expect(await own.open('/self-service/password')).to.equal('SLF010');
        expect(
          await own.press('実行', {
            change_confirmation_password: 'change',
            現在の確認用パスワード: typed(person).confirmation,
            新しい確認用パスワード: 'Ayame9127',
            new_confirmation_password_again: 'Ayame9127',
          }),
        ).to.equal('SLF011');
        now.set(person.login_id, { password: typed(person).password, confirmation: 'Ayame9127' });
        await demo.forward(30 * day + minute);
        await own.close();
        own = await walk.reader();
      });

      it('2.5.1 パスワード期限切れ画面で「変更要否」を選び、期限切れのパスワードを変更し、「実行」を押す', async () => {
        expect(await enter(own, person)).to.equal('PWC002');
        expect(await own.text())
          .to.include('パスワード期限切れ')
          .and.to.include('変更要否')
          .and.to.include('変更しない');
        const expired = typed(person);
        expect(
          await own.press('実行', {
            現在のログインパスワード: expired.password,
            新しいログインパスワード: expired.password,
            new_password_again: expired.password,
            change_confirmation_password: 'keep',
          }),
          'another one than the expired',
        ).to.equal('PWC002');
        expect(
          await own.press('実行', {
            現在のログインパスワード: expired.password,
            新しいログインパスワード: 'Tsubaki4406',
            new_password_again: 'Tsubaki4406',
            change_confirmation_password: 'keep',
          }),
        ).to.equal('PWC003');
        now.set(person.login_id, { password: 'Tsubaki4406', confirmation: expired.confirmation });
      });

      it('2.5.2 「ログインID」と「パスワード有効期限」が表示され、「確認」を押すとトップページが表示される', async () => {
        expect(await factOf(own, 'ログインID')).to.include(person.login_id);
        expect(await factOf(own, 'パスワード有効期限')).to.match(/^\d{4}年\d{1,2}月\d{1,2}日/);
        expect(await own.press('確認')).to.equal('TOP001');
      });
    });

    describe('1 概要', () => {
      it('■パスワードが利用停止になってしまった: 解除の後に届くパスワードから、「パスワード強制変更」で自分のものにする', async () => {
        await desk.close();
        desk = await walk.reader();
        expect(await enter(desk, master), 'the master’s passwords are as old').to.equal('PWC002');
        const expired = typed(master);
        expect(
          await desk.press('実行', {
            現在のログインパスワード: expired.password,
            新しいログインパスワード: 'Renge6158',
            new_password_again: 'Renge6158',
            現在の確認用パスワード: expired.confirmation,
            新しい確認用パスワード: 'Suisen3094',
            new_confirmation_password_again: 'Suisen3094',
          }),
        ).to.equal('PWC003');
        now.set(master.login_id, { password: 'Renge6158', confirmation: 'Suisen3094' });
        expect(await desk.press('確認')).to.equal('TOP001');
        await toMenu(desk);
        expect(await desk.press('利用者情報の管理')).to.equal('CON010');
        expect(await desk.press('変更', { people: await rowOf(desk, colleague.login_id) })).to.equal('CON030');
        expect(
          await desk.press('次へ', { change_password: 'change', ...handedOver('new_password', 'Tsutaeta33') }),
        ).to.equal('CON031');
        expect(await desk.press('次へ')).to.equal('CON032');
        expect(await desk.press('変更')).to.equal('CON033');
        expect(await desk.press('実行', { 確認用パスワード: typed(master).confirmation })).to.equal('CON034');
        const released = await walk.reader();
        expect(await signIn(released, colleague.login_id, typed(colleague).password), 'the old one').to.equal('LGN002');
        expect(await signIn(released, colleague.login_id, 'Tsutaeta33')).to.equal('PWC001');
        expect(await released.html(), 'exactly the one that was set').not.to.include('new_confirmation_password');
        expect(
          await released.press('実行', {
            現在のログインパスワード: 'Tsutaeta33',
            新しいログインパスワード: 'Jibunno471',
            new_password_again: 'Jibunno471',
          }),
        ).to.equal('PWC003');
        await released.close();
      });

      it('■マスターユーザ、および管理者ユーザがすべて利用停止になってしまった: 「ID・パスワード初期化依頼書」を印刷する', async () => {
        const stranger = await walk.reader();
        for (let lock = 1; lock <= 3; lock += 1) {
          for (let miss = 1; miss <= 5; miss += 1)
            expect(await signIn(stranger, master.login_id, 'Chigau123')).to.equal('LGN002');
          await demo.forward(31 * minute);
        }
        expect(await signIn(stranger, master.login_id, typed(master).password), 'nothing is compared').to.equal(
          'LGN002',
        );
        expect(await stranger.press('ログインでお困りの方')).to.equal('RST001');
        expect(await stranger.open('/forms/initialisation')).to.equal('PRT004');
        expect(await stranger.text()).to.include('ID・パスワード初期化依頼書');
        const mails = await soon(
          () => demo.mails(master.email),
          (all) => all.some(({ subject }) => subject.includes('パスワードが利用停止になりました')),
        );
        const told = mails.findLast(({ subject }) => subject.includes('パスワードが利用停止になりました'))?.text;
        expect(told, 'nobody in the company can').to.include('ビジネスヘルプデスクへお電話ください');
        await stranger.close();
      });
    });
  });
}
