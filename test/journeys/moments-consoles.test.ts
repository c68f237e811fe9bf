// Moments that matter in the company's own administration (screens.md §17): an administrator unlocks five people, the last one
// who can release others, a lock before the cut-off. Each asserts the order of screens and their words.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { type Reader, rowOf, rowText, signIn, type Walk, withoutScripts } from '../support/guide-reader.ts';
import { nextCode, renkei, soon, wrongCode } from '../support/walks.ts';
import { mailsAbout } from './token-walk.ts';

const minute = 60;
const hour = 60 * minute;

describe('moments of the consoles', function () {
  this.timeout(60_000);
  let demo: Demo;
  let walk: Walk;

  /** Signs in directly, with a code where one is asked. */
  async function enter(reader: Reader, person: DemoPerson, path = '/'): Promise<string> {
    const screen = await signIn(reader, person.login_id, person.password, path);
    return screen === 'OTP002' ? reader.press('ログイン', { otp: await nextCode(demo, person) }) : screen;
  }

  /** Through Business Direct. */
  async function enterLinked(reader: Reader, person: DemoPerson): Promise<string> {
    await reader.open('/');
    let screen = await reader.press('ビジネスダイレクトでログイン');
    if (screen === 'BDD001')
      screen = await reader.press('ログイン', {
        business_direct_id: person.business_direct?.id ?? '',
        business_direct_password: person.business_direct?.password ?? '',
      });
    if (screen === 'LNK001')
      screen = await reader.press('次へ', { login_id: person.login_id, password: person.password });
    return screen.startsWith('OTP') ? reader.press('ログイン', { otp: await nextCode(demo, person) }) : screen;
  }

  async function miss(person: DemoPerson, times: number): Promise<void> {
    const reader = await walk.reader();
    for (let n = 0; n < times; n += 1) expect(await signIn(reader, person.login_id, 'Chigau123')).to.equal('LGN002');
  }

  /** Five wrong codes. */
  async function stopOtp(person: DemoPerson): Promise<void> {
    const reader = await walk.reader();
    expect(await signIn(reader, person.login_id, person.password)).to.equal('OTP002');
    let screen = '';
    for (let n = 0; n < 5; n += 1) screen = await reader.press('ログイン', { otp: await wrongCode(demo, person) });
    expect(screen).to.equal('REF004');
  }

  /** The next time that it is so late in Japan. */
  async function until(hours: number, minutes: number): Promise<void> {
    const now = Math.floor((await demo.now()) / 1000) + 9 * hour;
    const wanted = hours * hour + minutes * minute;
    const wait = (wanted - (now % (24 * hour)) + 24 * hour) % (24 * hour);
    await demo.forward(wait === 0 ? 24 * hour : wait);
  }

  const subjects = async (person: DemoPerson, words: string): Promise<string> => {
    const mails = await soon(
      () => mailsAbout(demo, person.email, words),
      (all) => all.length > 0,
    );
    return mails.at(-1)?.text ?? '';
  };

  before(async () => {
    demo = await startDemo('embedded');
    walk = await withoutScripts.begin(demo);
  });
  after(() => demo?.stop());

  describe('2: an administrator unlocks five people', () => {
    let admin: DemoPerson;
    let desk: Reader;
    let four: readonly DemoPerson[];
    let fob: DemoPerson;
    let apps: readonly DemoPerson[];

    before(async () => {
      admin = demo.person('msuzuki14');
      fob = demo.person('dyamamoto47');
      apps = [demo.person('rinoue13'), demo.person('msaito50')];
      four = [demo.person('hyamada58'), demo.person('ysasaki32'), ...apps];
      // Those who are stopped in other ways are none of the five.
      await renkei(demo, 'unlock', 'amatsumoto90', '--json');
      const setting = await walk.reader();
      expect(await enter(setting, admin, '/company/people/state')).to.equal('CON040');
      const other = { people: await rowOf(setting, 'rkimura78'), target_state: 'available' };
      expect(await setting.press('次へ', other)).to.equal('CON041');
      expect(await setting.press('1名を解除する', { 確認用パスワード: admin.confirmation_password ?? '' })).to.equal(
        'CON042',
      );
      for (const person of [fob, demo.person('msaito50')]) await stopOtp(person);
      desk = await walk.reader();
      expect(await enter(desk, admin)).to.equal('TOP001');
    });

    it('1: CON001 counts five; CON040 shows states and causes; her own row has no box', async () => {
      expect(await desk.press('管理')).to.equal('CON001');
      expect(await desk.text()).to.include('利用停止中 5名');
      expect(await desk.open('/company/people/state')).to.equal('CON040');
      for (const [person, state, cause] of [
        [demo.person('hyamada58'), 'ログインパスワード一時利用停止', '誤入力'],
        [demo.person('ysasaki32'), 'ログインパスワード利用停止', '誤入力'],
        [demo.person('msaito50'), 'ワンタイムパスワード利用停止', '誤入力'],
        [fob, 'ワンタイムパスワード利用停止', '誤入力'],
      ] as const) {
        const { text } = await rowText(desk, person.login_id);
        expect(text, person.login_id).to.include(state).and.to.include(cause);
      }
      const html = await desk.html();
      const own =
        /<tr\b[^>]*data-account="[^"]*"[^>]*>(?:(?!<\/tr>)[\s\S])*msuzuki14[\s\S]*?<\/tr>/.exec(html)?.[0] ?? '';
      expect(own).to.include('ご自身').and.not.to.include('name="people"');
    });

    it('2: four ticked, CON041 tells what stays; the confirmation password alone, no code', async () => {
      const people = await Promise.all(four.map((person) => rowOf(desk, person.login_id)));
      expect(await desk.press('次へ', { people, target_state: 'available' })).to.equal('CON041');
      const text = await desk.text();
      for (const person of four) expect(text).to.include(person.name);
      expect(text)
        .to.include('ワンタイムパスワード利用停止は別の手続きで解除します')
        .and.not.to.include('コード ※必須');
      expect(await desk.html()).not.to.include('name="otp"');
      expect(await desk.press('4名を解除する', { 確認用パスワード: admin.confirmation_password ?? '' })).to.equal(
        'CON042',
      );
    });

    it('3: CON042 「4名中4名を解除しました。」, and the way on for those whose one-time password stays stopped', async () => {
      const text = await desk.text();
      expect(text).to.include('4名中4名を解除しました。').and.to.include('残っている制限');
      expect(await desk.press('ワンタイムパスワードの利用停止解除へ')).to.equal('CON050');
    });

    it('4: CON050 leaves the key-fob to the desk; one was changed meanwhile: 「2名中1名を解除しました。」', async () => {
      const row = await rowText(desk, fob.login_id);
      expect(row.text).to.include('キーホルダー形式のため、解除はビジネスヘルプデスクが行います。');
      const people = await Promise.all(apps.map((person) => rowOf(desk, person.login_id)));
      expect(await desk.press('次へ', { people })).to.equal('CON051');
      const [first] = apps;
      await renkei(demo, 'unlock', first?.login_id ?? '', 'otp', '--json');
      expect(await desk.press('2名を解除する', { 確認用パスワード: admin.confirmation_password ?? '' })).to.equal(
        'CON052',
      );
      expect(await desk.text())
        .to.include('2名中1名を解除しました。')
        .and.to.include('対象外')
        .and.to.include('ほかの管理者ユーザが先に変更したため、変更していません');
      expect(await enter(await walk.reader(), demo.person('msaito50'))).to.equal('TOP001');
    });
  });

  describe('3: the last administrator', () => {
    let admin: DemoPerson;
    let master: DemoPerson;
    let desk: Reader;

    before(async () => {
      admin = demo.person('tikeda16');
      master = demo.person('ymori34');
      expect(await enterLinked(await walk.reader(), admin)).to.equal('TOP001');
      desk = await walk.reader();
      // The master is stopped: one person is left who can release others.
      expect(await enter(desk, admin, '/company/people/state')).to.equal('CON040');
      const choice = { people: await rowOf(desk, master.login_id), target_state: 'stopped' };
      expect(await desk.press('次へ', choice)).to.equal('CON041');
      expect(await desk.press('1名を停止する', { 確認用パスワード: admin.confirmation_password ?? '' })).to.equal(
        'CON042',
      );
    });

    it('1: TOP001 warns, and shows the way to register an administrator; both of them were mailed', async () => {
      expect(await desk.open('/')).to.equal('TOP001');
      expect(await desk.text()).to.include('他の利用者を解除できる方が1名だけです。');
      expect(await subjects(admin, '解除できる方が1名になりました')).to.include(
        '管理者ユーザをもう1名登録してください。',
      );
      expect(await subjects(master, 'ご利用が停止されました')).to.include('操作: 管理者ユーザ');
      expect(await desk.press('管理者ユーザを登録する')).to.equal('CON020');
    });

    it('2: the last one can neither drop the own administration, nor stop or delete oneself: nothing is changed', async () => {
      await desk.open('/company/people');
      const id = await rowOf(desk, admin.login_id);
      for (const path of [
        `/company/people/${id}/edit`,
        `/company/people/delete/${id}`,
        `/company/people/state/${id}`,
      ]) {
        const screen = await desk.open(path);
        expect(screen, path).not.to.match(/^CON0(33|34|41|42|91)$/);
      }
      expect(await desk.open('/company'), 'still an administrator').to.equal('CON001');
    });

    it('3: stopped himself, LGN002 says login.mismatch whatever is typed; the mail and TOP001 say: the desk', async () => {
      for (let lock = 0; lock < 3; lock += 1) {
        await miss(admin, 5);
        await demo.forward(31 * minute);
      }
      const stranger = await walk.reader();
      expect(await signIn(stranger, admin.login_id, admin.password)).to.equal('LGN002');
      expect(await stranger.text()).to.include('ログインIDとパスワードの組み合わせを確認できませんでした');
      const mail = await subjects(admin, 'パスワードが利用停止になりました');
      expect(mail)
        .to.include('ビジネスヘルプデスクへお電話ください')
        .and.not.to.include('管理者ユーザへご依頼ください');
    });

    it('3: when nobody is left who can release, the right password leads to the desk; its form is there without signing in', async () => {
      // Through the link he can still release the master, until his confirmation password is stopped as well.
      const first = await walk.reader();
      expect(await signIn(first, master.login_id, master.password)).to.equal('REF005');
      for (let lock = 0; lock < 3; lock += 1) {
        const linked = await walk.reader();
        expect(await enterLinked(linked, admin)).to.equal('TOP001');
        await linked.open('/company/people/state');
        const choice = { people: await rowOf(linked, 'yishikawa92'), target_state: 'stopped' };
        expect(await linked.press('次へ', choice)).to.equal('CON041');
        for (let n = 0; n < 5; n += 1)
          expect(await linked.press('1名を停止する', { 確認用パスワード: 'Chigau123' })).to.equal('CON041');
        await demo.forward(31 * minute);
      }
      const stopped = await walk.reader();
      expect(await signIn(stopped, master.login_id, master.password)).to.be.oneOf(['REF005', 'REF028']);
      expect(await stopped.refusal()).to.equal('account-stopped');
      expect(await stopped.text()).to.match(/ビジネスヘルプデスクへお電話ください|ID・パスワード初期化依頼書/);
      const lost = await walk.reader();
      await lost.open('/');
      await lost.press('ログインIDでログイン');
      expect(await lost.press('ログインでお困りの方')).to.equal('RST001');
      expect(await lost.open('/forms/initialisation')).to.equal('PRT004');
      expect(await lost.text())
        .to.include('ID・パスワード初期化依頼書')
        .and.to.include('依頼書番号');
    });
  });

  describe('7: temporarily locked before the cut-off', () => {
    let admin: DemoPerson;
    let person: DemoPerson;
    let alone: DemoPerson;

    before(async () => {
      [admin, person, alone] = [demo.person('msuzuki14'), demo.person('rhashimoto46'), demo.person('sabe89')];
      await until(8, 45);
      expect(await enter(await walk.reader(), alone), 'a sign-in before').to.equal('TOP001');
      await until(8, 50);
      await Promise.all([miss(person, 5), miss(alone, 5)]);
    });

    it('1: the fifth miss and a sixth that is right get the answer everybody gets; the mail tells the end and the ways', async () => {
      const reader = await walk.reader();
      expect(await signIn(reader, person.login_id, person.password)).to.equal('LGN002');
      expect(await reader.text())
        .to.include('ログインIDとパスワードの組み合わせを確認できませんでした')
        .and.not.to.include('9:20から');
      const mail = await subjects(person, 'パスワードが一時利用停止になりました');
      expect(mail)
        .to.include('9:20からログインできます。')
        .and.to.include('ID連携ログインはご利用いただけます。')
        .and.to.include('貴社のマスターユーザまたは管理者ユーザへご依頼ください。');
      const linked = await walk.reader();
      expect(await enterLinked(linked, person)).to.equal('TOP001');
      expect((await linked.text()).replace(/\s/g, '')).to.include('9:20からログインできます');
      const told = await soon(
        async () => (await demo.mails(admin.email)).filter(({ text }) => text.includes(person.login_id)),
        (all) => all.length > 0,
      );
      expect(told.map(({ subject, text }) => `${subject} ${text}`).join())
        .to.include('利用停止のご案内(管理者ユーザ向け)')
        .and.to.include(person.name)
        .and.to.include('原因: 誤入力');
    });

    it('2: the administrator sees until when and why, and releases: no waiting', async () => {
      const desk = await walk.reader();
      expect(await enter(desk, admin, '/company/people/state')).to.equal('CON040');
      const row = await rowText(desk, person.login_id);
      expect(row.text).to.include('一時利用停止').and.to.include('9:20').and.to.include('誤入力').and.to.include('5回');
      expect(
        await desk.press('次へ', { people: await rowOf(desk, person.login_id), target_state: 'available' }),
      ).to.equal('CON041');
      expect(await desk.press('1名を解除する', { 確認用パスワード: admin.confirmation_password ?? '' })).to.equal(
        'CON042',
      );
      expect(await desk.text())
        .to.include('1名中1名を解除しました。')
        .and.not.to.include('30分');
      expect(await subjects(person, '利用停止が解除されました')).to.include('ログインパスワード');
      expect(await enter(await walk.reader(), person)).to.equal('TOP001');
    });

    it('3: at 9:20 unaided, LGN002, OTP002, TOP001, which tells of the lock at 8:50', async () => {
      const reader = await walk.reader();
      await until(9, 19);
      expect(await signIn(reader, alone.login_id, alone.password), 'not a minute sooner').to.equal('LGN002');
      await until(9, 21);
      expect(await signIn(reader, alone.login_id, alone.password)).to.equal('OTP002');
      expect(await reader.press('ログイン', { otp: await nextCode(demo, alone) })).to.equal('TOP001');
      expect((await reader.text()).replace(/\s/g, '')).to.include('本日8:50に一時利用停止がありました');
    });
  });
});
