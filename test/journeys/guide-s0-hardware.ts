// Guide S0, the login guide, step by step under its profile, as far as key-fobs go: put off until one is there, registered at the
// first login, asked at every other, stopped and released by the bank, lost and issued again for a fee.
import { expect } from 'chai';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { type Reader, type Reading, rowText, signIn, type Walk } from '../support/guide-reader.ts';
import { fobOf, type KeyFob, makeFobs, shownByNone, shownLast, shownNext } from '../support/key-fob.ts';
import { needs } from '../support/tools.ts';
import { renkei } from '../support/walks.ts';
import { type BankDesk, openBankDesk } from './bank-desk.ts';
import { codeMailed, mailOf, wordsOf } from './token-walk.ts';

/** The guide's sections on key-fobs, read in one way on one kind of stores. */
export function walkGuideS0Hardware(reading: Reading, stores: 'embedded' | 'real'): void {
  describe(`guide S0, key-fobs, ${reading.name}, on ${stores} stores`, function () {
    this.timeout(90_000);
    let demo: Demo;
    let walk: Walk;
    let bank: BankDesk;
    const again = makeFobs(1);

    before(async function () {
      if (reading.needsChromium) needs(this, 'chromium');
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1, env: { RENKEI_PROFILE: 's0' } });
      walk = await reading.begin(demo);
      bank = openBankDesk(demo, walk);
    });
    after(async () => {
      await walk?.close();
      await demo?.stop();
    });
    afterEach(() => {
      expect(walk.faults()).to.deep.equal([]);
    });

    const typed = async (fob: KeyFob): Promise<Readonly<Record<string, string>>> => ({
      シリアル番号: fob.serial,
      ワンタイムパスワード: await shownNext(demo, fob),
    });

    /** Login ID and login password, then what the page after them is. */
    async function enter(loginId: string): Promise<{ readonly reader: Reader; readonly screen: string }> {
      const person = demo.person(loginId);
      const reader = await walk.reader();
      return { reader, screen: await signIn(reader, person.login_id, person.password) };
    }

    describe('ワンタイムパスワードの種類および利用 ① キーホルダー形式', () => {
      const loginId = 'tmiura58';

      it('トークンが届くまで数日かかるため、初期設定をスキップする期間がある', async () => {
        const { reader, screen } = await enter(loginId);
        expect(screen).to.equal('TKN001');
        expect(await wordsOf(reader))
          .to.include('届いていない場合')
          .and.to.include('発送済み');
        expect(await reader.press('トークン利用開始登録の省略')).to.equal('TOP001');
        await reader.close();
      });

      it('届いたら、次のログインで、シリアル番号と表示された番号を登録する', async () => {
        const fob = fobOf(demo.person(loginId));
        const { reader, screen } = await enter(loginId);
        expect(screen).to.equal('TKN001');
        const otp = await shownByNone(demo, fob);
        expect(await reader.press('登録する', { シリアル番号: fob.serial, ワンタイムパスワード: otp })).to.equal(
          'TKN001',
        );
        expect(await reader.refusal()).to.equal('otp-wrong');
        expect(await reader.press('登録する', await typed(fob))).to.equal('TOP001');
        await reader.close();
      });

      it('ご利用時は、ログインID・パスワードに加えて、トークンに表示される番号を入力する', async () => {
        const fob = fobOf(demo.person(loginId));
        const { reader, screen } = await enter(loginId);
        expect(screen).to.equal('OTP002');
        expect(await reader.press('ログイン', { otp: shownLast(fob) }), 'registered with it').to.equal('OTP002');
        expect(await reader.refusal()).to.equal('otp-used');
        expect(await reader.press('ログイン', { otp: await shownNext(demo, fob) })).to.equal('TOP001');
        await reader.close();
      });

      it('スキップする期間が過ぎると、登録するまでログインできない', async () => {
        const late = demo.person('cmurakami98');
        const { reader, screen } = await enter(late.login_id);
        expect(screen).to.equal('TKN002');
        expect(await reader.html()).not.to.include('トークン利用開始登録の省略');
        expect(await reader.press('登録する', await typed(fobOf(late)))).to.equal('TOP001');
        await reader.close();
      });
    });

    describe('ワンタイムパスワードのロックおよびロック解除', () => {
      it('一定回数誤るとログインできなくなる。ハードウェアトークンは、ビジネスヘルプデスクが解除する', async () => {
        const person = demo.person('sabe89');
        const fob = fobOf(person);
        const { reader, screen } = await enter(person.login_id);
        expect(screen).to.equal('OTP002');
        const wrong = await shownByNone(demo, fob);
        const screens: string[] = [];
        for (let miss = 1; miss <= 5; miss += 1) screens.push(await reader.press('ログイン', { otp: wrong }));
        expect(screens).to.deep.equal(['OTP002', 'OTP002', 'OTP002', 'OTP002', 'REF004']);
        expect(await wordsOf(reader)).to.include('ビジネスヘルプデスクへお電話ください');
        await reader.close();

        const admin = demo.person('msuzuki14');
        const desk = await enter(admin.login_id);
        await desk.reader.press('ログイン', { otp: await shownNext(demo, fobOf(admin)) });
        expect(await desk.reader.open('/company/people/otp-release')).to.equal('CON050');
        expect((await rowText(desk.reader, person.login_id)).text).to.include(
          'キーホルダー形式のため、解除はビジネスヘルプデスクが行います',
        );
        await desk.reader.close();
        expect((await renkei(demo, 'unlock', person.login_id, 'otp')).status).to.equal(0);
        const own = await enter(person.login_id);
        expect(await own.reader.press('ログイン', { otp: await shownNext(demo, fob) })).to.equal('TOP001');
        await own.reader.close();
      });
    });

    describe('ハードウェアトークンの紛失', () => {
      const loginId = 'ywatanabe85';

      it('「トークン追加発行・再発行依頼書」を印刷する: 再発行は有償', async () => {
        const person = demo.person(loginId);
        const { reader } = await enter(loginId);
        expect(await reader.press('ログイン', { otp: await shownNext(demo, fobOf(person)) })).to.equal('TOP001');
        expect(await reader.open('/self-service/otp/revoke?reason=lost')).to.equal('SLF030');
        const proof = {
          reason: 'lost',
          確認用パスワード: person.confirmation_password ?? '',
          otp: await shownNext(demo, fobOf(person)),
        };
        await mailOf(demo, person.email, 'トークンが失効されました', async () => {
          expect(await reader.press('失効', proof)).to.equal('SLF031');
        });
        expect(await reader.text()).to.include('1,080円(税込)');
        expect(await reader.press('再発行依頼書を印刷')).to.equal('PRT003');
        expect(await wordsOf(reader))
          .to.include('トークン追加発行・再発行依頼書')
          .and.to.include(fobOf(person).serial)
          .and.to.include('1,080円');
        await reader.close();
      });

      it('お取引店が受け付けると、新しいトークンが有償で届き、メール通知パスワードとともに登録する', async () => {
        const person = demo.person(loginId);
        const [fob] = again;
        if (!fob) throw new Error('no key-fob');
        await bank.take(again);
        expect(await bank.assign(person.contract_number, [fob.serial], 'loss')).to.include('1,080円');
        await bank.ship([fob.serial]);
        const { reader, screen } = await enter(loginId);
        expect(screen).to.equal('BOT012');
        const code = await codeMailed(demo, person.email, async () => {
          expect(await reader.press('OK')).to.equal('TKN002');
        });
        const lost = await typed(fobOf(person));
        expect(await reader.press('登録する', { ...lost, email_code: code }), 'the lost one is nobody’s').to.equal(
          'TKN002',
        );
        expect(await reader.press('登録する', { ...(await typed(fob)), email_code: code })).to.equal('TOP001');
        await reader.close();
      });
    });
  });
}
