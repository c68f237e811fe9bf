// Guide S0, the login guide, step by step under its profile, as far as one-time passwords and the ID link go: two kinds of
// token, the lock, a key-fob that was lost, the code that is skipped next time, and what ends that.
import { expect } from 'chai';
import freeTokens from '../../config/demo/tokens.json' with { type: 'json' };
import { type Demo, startDemo } from '../support/demo-process.ts';
import { type Reader, type Reading, signIn, type Walk } from '../support/guide-reader.ts';
import { ownCode, type Phone } from '../support/phone.ts';
import { needs } from '../support/tools.ts';
import { nextCode, renkei, wrongCode } from '../support/walks.ts';
import { codeMailed, freshCode, issueToken, mailOf, plain, wordsOf } from './token-walk.ts';

/** The guide's sections on one-time passwords and links, read in one way on one kind of stores. */
export function walkGuideS0Otp(reading: Reading, stores: 'embedded' | 'real'): void {
  describe(`guide S0, one-time passwords and the link, ${reading.name}, on ${stores} stores`, function () {
    this.timeout(90_000);
    let demo: Demo;
    let walk: Walk;
    let phone: Phone;

    before(async function () {
      if (reading.needsChromium) needs(this, 'chromium');
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1, env: { RENKEI_PROFILE: 's0' } });
      walk = await reading.begin(demo);
      phone = await walk.phone();
    });
    after(async () => {
      await phone?.close();
      await walk?.close();
      await demo?.stop();
    });
    afterEach(() => {
      expect(walk.faults()).to.deep.equal([]);
    });

    /** Presses 「ビジネスダイレクトでログイン」 and signs in there, where it asks. */
    async function throughBank(reader: Reader, loginId: string): Promise<string> {
      const { id = '', password = '' } = demo.person(loginId).business_direct ?? {};
      expect(await reader.open('/')).to.equal('LGN001');
      const screen = await reader.press('ビジネスダイレクトでログイン');
      return screen === 'BDD001'
        ? reader.press('ログイン', { business_direct_id: id, business_direct_password: password })
        : screen;
    }

    describe('ワンタイムパスワードの種類および利用', () => {
      it('① キーホルダー形式: お手元に届いたら、シリアル番号と表示された番号で登録し、次から入力する', async () => {
        const person = demo.person('kokada89');
        const reader = await walk.reader();
        expect(await signIn(reader, person.login_id, person.password)).to.equal('TKN001');
        expect(await reader.text(), 'the setup may be put off').to.include('トークン利用開始登録の省略');
        const otp = { serial: person.otp?.serial ?? '', otp: await demo.code(person) };
        expect(await reader.press('登録する', otp)).to.equal('TOP001');
        expect(await reader.logOut()).to.equal('OUT002');
        expect(await signIn(reader, person.login_id, person.password)).to.equal('OTP002');
        expect(await reader.text()).to.include('キーホルダー');
        expect(await reader.press('ログイン', { ワンタイムパスワード: await nextCode(demo, person) })).to.equal(
          'TOP001',
        );
        await reader.close();
      });

      it('② スマホアプリ形式: 発行して、アプリに表示された番号で利用を開始し、次から入力する', async () => {
        const person = demo.person('akatayama72');
        const reader = await walk.reader();
        expect(await signIn(reader, person.login_id, person.password)).to.equal('TKN001');
        expect(await reader.press('スマホアプリ形式を利用する')).to.equal('BOT011');
        expect(await reader.press('選択', { token_kind: 'software' })).to.equal('BOT012');
        const note = await issueToken(
          demo,
          reader,
          { email: person.email, confirmation: person.confirmation_password ?? '' },
          { address: 'aoi@keitai.example.jp', activation: '93027' },
        );
        expect(await phone.add(note)).to.equal(true);
        expect(await reader.press('次へ')).to.equal('BOT004');
        expect(await reader.press('認証確認', { ワンタイムパスワード: await phone.code(note.userId) })).to.equal(
          'TOP001',
        );
        expect(await reader.logOut()).to.equal('OUT002');
        expect(await signIn(reader, person.login_id, person.password)).to.equal('OTP002');
        expect(await reader.press('ログイン', { ワンタイムパスワード: await freshCode(demo, phone, note) })).to.equal(
          'TOP001',
        );
        await reader.close();
      });

      it('② スマホアプリ形式: お使いの認証アプリにも登録できる', async () => {
        const person = demo.person('skawai35');
        const reader = await walk.reader();
        expect(await signIn(reader, person.login_id, person.password)).to.equal('TKN001');
        expect(await reader.press('スマホアプリ形式を利用する')).to.equal('BOT011');
        expect(await reader.press('選択', { token_kind: 'authenticator' })).to.equal('BOT012');
        const code = await codeMailed(demo, person.email, async () => {
          expect(await reader.press('OK')).to.equal('BOT005');
        });
        expect(
          await reader.press('確定する', {
            確認用パスワード: person.confirmation_password ?? '',
            メール通知パスワード: code,
          }),
        ).to.equal('BOT005');
        const address = new URL(
          /otpauth:\/\/totp\/[^"]+/.exec(await reader.html())?.[0].replaceAll('&amp;', '&') ?? '',
        );
        const secret = address.searchParams.get('secret') ?? '';
        expect(secret).to.match(/^[A-Z2-7]{32,}$/);
        expect(Object.fromEntries(address.searchParams)).to.include({ digits: '6', period: '60', algorithm: 'SHA1' });
        const shown = async (): Promise<string> =>
          ownCode({ secret, algorithm: 'SHA1', digits: 6, period: 60 }, await demo.now());
        expect(await reader.press('認証確認', { ワンタイムパスワード: await shown() })).to.equal('TOP001');
        expect(await reader.html()).not.to.include(secret);
        expect(await reader.logOut()).to.equal('OUT002');
        expect(await signIn(reader, person.login_id, person.password)).to.equal('OTP002');
        await demo.forward(60);
        expect(await reader.press('ログイン', { ワンタイムパスワード: await shown() })).to.equal('TOP001');
        await reader.close();
      });
    });

    describe('ワンタイムパスワードのロックおよびロック解除', () => {
      it('一定回数誤るとログインできなくなる(利用停止): 種類により、解除を頼む先が違う', async () => {
        for (const [loginId, whom] of [
          ['yishikawa92', '管理者ユーザへご依頼ください'],
          ['ywatanabe85', 'ビジネスヘルプデスクへお電話ください'],
        ] as const) {
          const person = demo.person(loginId);
          const reader = await walk.reader();
          expect(await signIn(reader, person.login_id, person.password)).to.equal('OTP002');
          const screens: string[] = [];
          for (let miss = 1; miss <= 5; miss += 1)
            screens.push(await reader.press('ログイン', { otp: await wrongCode(demo, person) }));
          expect(screens).to.deep.equal(['OTP002', 'OTP002', 'OTP002', 'OTP002', 'REF004']);
          expect(await wordsOf(reader)).to.include(whom);
          expect(await throughBank(reader, loginId), 'no way around it by the other route').to.equal('LNK001');
          expect(await reader.press('次へ', { login_id: person.login_id, password: person.password })).to.equal(
            'REF004',
          );
          await reader.close();
          expect((await renkei(demo, 'unlock', loginId, 'otp')).status).to.equal(0);
        }
      });
    });

    describe('ハードウェアトークンの紛失', () => {
      it('再発行(有償)が必要となる: ご自身で失効し、新しいトークンをメール通知パスワードとともに登録する', async () => {
        const person = demo.person('dyamamoto47');
        const reader = await walk.reader();
        expect(await throughBank(reader, person.login_id)).to.equal('LNK001');
        expect(await reader.press('次へ', { login_id: person.login_id, password: person.password })).to.equal('OTP001');
        expect(await reader.press('ログイン', { otp: await nextCode(demo, person) })).to.equal('TOP001');
        expect(await reader.open('/self-service/otp')).to.equal('BOT010');
        expect(await reader.press('紛失・盗難の手続きをする')).to.equal('SLF030');
        expect(await wordsOf(reader))
          .to.include('いま失効すると、新しいトークンを登録するまでログインできません')
          .and.to.include('1,080円(税込)');
        const told = await mailOf(demo, person.email, 'トークンが失効されました', async () => {
          expect(
            await reader.press('失効', {
              reason: 'lost',
              // Signed in through the link: the code is in nobody's hand.
              確認用パスワード: person.confirmation_password ?? '',
            }),
          ).to.equal('SLF031');
        });
        expect(told.text).to.include('新しいトークンはすぐに登録できます');
        expect(await reader.press('確認')).to.equal('OUT004');
        await reader.close();

        const anew = await walk.reader();
        expect(await signIn(anew, person.login_id, person.password)).to.equal('BOT012');
        const code = await codeMailed(demo, person.email, async () => {
          expect(await anew.press('OK')).to.equal('TKN002');
        });
        expect(await anew.text(), 'the grace was used').not.to.include('トークン利用開始登録の省略');
        const fob = freeTokens.find((token) => token.contract_number === person.contract_number);
        if (!fob) throw new Error('no key-fob in the company’s drawer');
        const entered = {
          serial: fob.serial,
          otp: ownCode({ secret: fob.secret, algorithm: 'SHA1', digits: 6, period: 60 }, await demo.now()),
        };
        expect(await anew.press('登録する', { ...entered, email_code: '00000000' })).to.equal('TKN002');
        expect(await anew.press('登録する', { ...entered, email_code: code })).to.equal('TOP001');
        await anew.close();
      });
    });

    describe('ID連携について', () => {
      const loginId = 'ntakahashi14';

      it('<初回のID連携時> Webサービスの利用担当者IDとパスワードを入力し、「次へ」を押すと、トップページが表示される', async () => {
        const person = demo.person(loginId);
        const reader = await walk.reader();
        expect(await throughBank(reader, loginId)).to.equal('LNK001');
        expect(await wordsOf(reader)).to.include(plain(person.business_direct?.id ?? ''));
        expect(
          await reader.press('次へ', { ログインID: person.login_id, ログインパスワード: person.password }),
        ).to.equal('OTP001');
        expect(await reader.press('ログイン', { otp: await nextCode(demo, person) })).to.equal('TOP001');
        await reader.close();
      });

      it('<留意事項> ビジネスダイレクトのIDに対して、連携できるWebサービスのIDは1つ', async () => {
        const person = demo.person(loginId);
        // Somebody else's Business Direct ID does not come to this login ID any more.
        const reader = await walk.reader();
        expect(await throughBank(reader, 'atanaka93')).to.equal('LNK001');
        const screen = await reader.press('次へ', { login_id: person.login_id, password: person.password });
        expect(await reader.refusal(), screen).to.be.oneOf(['link-taken', 'link-limit']);
        await reader.close();
      });
    });

    describe('ワンタイムパスワードの入力省略', () => {
      const loginId = 'ntakahashi14';
      let own: Reader;

      it('ID連携ログインの場合、「次回以降、ワンタイムパスワードの入力を省略する」をチェックする', async () => {
        const person = demo.person(loginId);
        own = await walk.reader();
        expect(await throughBank(own, loginId)).to.equal('OTP001');
        expect(await own.html()).to.include('次回以降、ワンタイムパスワードの入力を省略する');
        expect(await own.press('ログイン', { otp: await nextCode(demo, person), remember: true })).to.equal('TOP001');
      });

      it('次回から、入力を省略できる', async () => {
        expect(await own.logOut()).to.equal('OUT002');
        expect(await throughBank(own, loginId)).to.equal('TOP001');
        expect(await own.open('/self-service/devices')).to.equal('SLF050');
        expect(await wordsOf(own)).to.include('この端末');
      });

      it('直接ログインする際は、入力が必要', async () => {
        const person = demo.person(loginId);
        expect(await own.logOut()).to.equal('OUT002');
        expect(await signIn(own, person.login_id, person.password)).to.equal('OTP002');
        expect(await own.html()).not.to.include('name="remember"');
        expect(await own.press('ログイン', { otp: await nextCode(demo, person) })).to.equal('TOP001');
      });

      it('ID連携解除した場合は、入力が必要', async () => {
        const person = demo.person(loginId);
        expect(await own.open('/self-service/link')).to.equal('SLF040');
        expect(await own.press('ID連携を解除する')).to.equal('SLF041');
        const proof = { 確認用パスワード: person.confirmation_password ?? '', otp: await nextCode(demo, person) };
        expect(await own.press('解除する', proof)).to.equal('SLF042');
        if ((await own.open('/')) === 'TOP001') await own.logOut();
        expect(await throughBank(own, loginId)).to.equal('LNK001');
        expect(await own.press('次へ', { login_id: person.login_id, password: person.password })).to.equal('OTP001');
        expect(await own.press('ログイン', { otp: await nextCode(demo, person) })).to.equal('TOP001');
        await own.close();
      });
    });
  });
}
