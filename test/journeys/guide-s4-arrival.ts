// Guide S4, 「ご利用のためのお手続き」 and 「お申込後の流れ」: the application, the key-fobs on their way, the registration that is put
// off until they are there, and everybody's own registration in the three cases of its Q&A.
import { expect } from 'chai';
import { factOf, type Reader } from '../support/guide-reader.ts';
import { fobOf, type KeyFob, shownByNone, shownLast, shownNext, shownNow } from '../support/key-fob.ts';
import { renkei, soon } from '../support/walks.ts';
import type { BankDesk } from './bank-desk.ts';
import { asksCode, claimsOf, confirmed, enter, enterAt, type GuideS4, toChange } from './guide-s4-scene.ts';
import { dayInJapan, mailsAbout, plain, wordsOf } from './token-walk.ts';

const contract = '2219046683';

/** @param scene stands from the first test on */
export function untilRegistered(scene: () => GuideS4 & { readonly bank: BankDesk }): void {
  const master = () => scene().demo.person('okondo31');
  const second = () => scene().demo.person('nishii42');
  const member = () => scene().demo.person('hsakamoto24');
  const fobs = (): readonly [KeyFob, KeyFob] => {
    const [shared, own] = scene().fobs;
    if (!shared || !own) throw new Error('two key-fobs are needed');
    return [shared, own];
  };

  /** TKN001 or TKN002, once. */
  const register = async (reader: Reader, serial: string, otp: string): Promise<string> =>
    reader.press('登録する', { シリアル番号: serial, ワンタイムパスワード: otp });

  describe('ご利用のためのお手続き', () => {
    it('弊社所定の申込書によるお申込みが必要: 窓口が申込書のとおりに登録するまで、何も求められない', async () => {
      const reader = await enterAt(scene(), master());
      expect(await reader.screen()).to.equal('TOP001');
      await reader.close();
      await scene().bank.apply(contract, 'hardware');
    });

    it('手数料: 1契約口座あたり3個まで無料。窓口は、メーカーのファイルを取り込み、2個を割り当てて発送する', async () => {
      const { demo, bank } = scene();
      const serials = fobs().map(({ serial }) => serial);
      expect(await bank.take(scene().fobs)).to.include('登録3件');
      const check = await bank.assign(contract, serials, 'application');
      expect(check).to.include('0円');
      await bank.ship(serials);
      const mails = await soon(
        () => mailsAbout(demo, master().email, 'トークンの登録期限のお知らせ'),
        (all) => all.length > 0,
      );
      expect(mails).to.have.length(1);
    });
  });

  describe('お申込後の流れ (1) ハードウェアトークンのお届け', () => {
    it('お届けまでの間: ログイン時に「ワンタイムパスワード利用開始登録(ハードウェアトークン)」画面が表示される', async () => {
      const { reader, screen } = await enter(scene(), master());
      expect(screen).to.equal('TKN001');
      // Where its line may break, the title has a sign of no width.
      const html = (await reader.html()).replaceAll('\u200b', '');
      expect(html).to.include('ワンタイムパスワード利用開始登録(ハードウェアトークン)');
      expect(await wordsOf(reader), 'the application and 45 days').to.include(
        `登録期限:${await dayInJapan(scene().demo, 45)}`,
      );
      await reader.close();
    });

    it('『トークン利用開始登録の省略』を押すと、登録なしで従来どおりのお取引きが可能', async () => {
      const { reader, screen } = await enter(scene(), master());
      expect(screen).to.equal('TKN001');
      expect(await reader.press('トークン利用開始登録の省略')).to.equal('TOP001');
      expect(await wordsOf(reader)).to.include('登録期限');
      await reader.close();
      const { acr, amr } = await claimsOf(scene().demo, master());
      expect(acr, 'it does not pretend').to.equal('urn:renkei:acr:password');
      expect(amr).to.deep.equal(['pwd']);
    });

    it('その間の利用者の変更は、従来の確認用パスワードだけで行い、記録がそのことを示す', async () => {
      const { demo } = scene();
      const { reader } = await enter(scene(), master());
      await reader.press('トークン利用開始登録の省略');
      expect(await toChange(reader, second().login_id, { admin: 'grant' })).to.equal('CON033');
      expect(await asksCode(reader)).to.equal(false);
      expect(await reader.press('実行', confirmed(master()))).to.equal('CON034');
      const list = await renkei(demo, 'audit', 'list', master().login_id, '--json');
      expect(list.status, list.err).to.equal(0);
      expect(list.out)
        .to.match(/"proof": ?"confirmation"/)
        .and.to.match(/"otp": ?"grace"/);
      await reader.close();
    });

    it('Q&A: トークンの使い方はご契約先が選ぶ。共有は同じ契約口座の中で', async () => {
      const { reader } = await enter(scene(), master(), '/company/settings');
      await reader.press('トークン利用開始登録の省略');
      expect(await reader.screen()).to.equal('CON120');
      expect(await reader.press('次へ', { sharing_mode: 'some' })).to.equal('CON121');
      expect(await reader.press('実行', confirmed(master()))).to.equal('CON122');
      await reader.close();
    });

    it('Q&A: 入力が必要な操作の権限がない利用者は、登録不要で、登録を求められない', async () => {
      const reader = await enterAt(scene(), member());
      expect(await reader.screen()).to.equal('TOP001');
      await reader.close();
    });
  });

  describe('お申込後の流れ (2) ご利用開始登録', () => {
    it('到着: 到着を登録すると、登録期限は到着から14日になる', async () => {
      const { demo } = scene();
      const { reader } = await enter(scene(), master(), '/company/tokens');
      await reader.press('トークン利用開始登録の省略');
      expect(await reader.screen()).to.equal('CON110');
      const people = fobs().map(({ serial }) => serial);
      for (const serial of people)
        expect(await wordsOf(reader))
          .to.include(serial)
          .and.to.include('発送済み');
      expect(await reader.press('到着を登録する', { people })).to.equal('CON110');
      expect(await wordsOf(reader))
        .to.include('2個中2個の到着を登録しました。')
        .and.to.include(`登録期限は${await dayInJapan(demo, 14)}です`);
      expect(await reader.press('トークンの管理へ')).to.equal('CON110');
      expect(await wordsOf(reader))
        .to.include('到着済み')
        .and.to.include(plain(second().name));
      await reader.close();
      const { reader: next, screen } = await enter(scene(), master());
      expect(screen).to.equal('TKN001');
      expect(await wordsOf(next)).to.include(`登録期限:${await dayInJapan(demo, 14)}`);
      await next.close();
    });

    it('「シリアル番号」と「ワンタイムパスワード」を入力する: 違えば、何が違うかは示されない', async () => {
      const { demo } = scene();
      const [shared, own] = fobs();
      const { reader } = await enter(scene(), master());
      const foreign = fobOf(demo.person('yogawa62'));
      const answers = new Set<string>();
      const said = async (): Promise<string> => {
        const alert = /<(\w+)\b[^>]*role="alert"[^>]*>([\s\S]*?)<\/\1>/.exec(await reader.html())?.[2] ?? '';
        return alert.replace(/<[^>]+>|\s/g, '').replace(/お問い合わせ番号[0-9A-Z-]+/, '');
      };
      for (const [serial, otp] of [
        [shared.serial, await shownByNone(demo, shared, own)],
        [foreign.serial, await shownNow(demo, foreign)],
        ['5999999999', await shownNow(demo, shared)],
      ] as const) {
        expect(await register(reader, serial, otp), serial).to.equal('TKN001');
        expect(await reader.refusal()).to.equal('otp-wrong');
        answers.add(await said());
      }
      expect([...answers]).to.have.length(1);
      expect([...answers][0]).to.include('シリアル番号とコードの組み合わせを確認できませんでした');
      expect(await register(reader, shared.serial, await shownNow(demo, shared)), await reader.text()).to.equal(
        'TOP001',
      );
      await reader.close();
    });

    it('ユーザさま毎に (3): 2名が共通のトークン、残り1名が別のトークン', async () => {
      const { demo } = scene();
      const [shared, own] = fobs();
      const { reader, screen } = await enter(scene(), second());
      expect(screen, 'rights that were granted meanwhile').to.equal('TKN001');
      expect(await register(reader, shared.serial, shownLast(shared)), 'of the master').to.equal('TKN001');
      expect(await reader.refusal()).to.equal('otp-used');
      expect(await register(reader, shared.serial, await shownNext(demo, shared))).to.equal('TOP001');
      await reader.close();
      // Whoever need not register may, under 「お客様情報変更」.
      const third = await enterAt(scene(), member(), '/self-service/otp');
      expect(await third.screen()).to.equal('BOT010');
      expect(await third.press('利用開始登録')).to.equal('TKN001');
      const done = await register(third, own.serial, await shownNext(demo, own));
      expect(done, await third.text()).to.equal('BOT010');
      expect(await wordsOf(third)).to.include(own.serial.slice(-4));
      await third.close();
    });

    it('ユーザさま毎に (1): 3名が共通のトークン', async () => {
      const { demo } = scene();
      const people = ['simai67', 'afujiwara35', 'rtakeuchi94'].map((loginId) => demo.person(loginId));
      for (const person of people) {
        const { reader, screen } = await enter(scene(), person);
        if (screen !== 'TKN001') {
          expect(await reader.open('/self-service/otp'), person.login_id).to.equal('BOT010');
          expect(await reader.press('利用開始登録')).to.equal('TKN001');
        }
        const fob = fobOf(person);
        const end = await register(reader, fob.serial, await shownNext(demo, fob));
        expect(end, person.login_id).to.be.oneOf(['TOP001', 'BOT010']);
        await reader.close();
      }
      const reader = await enterAt(scene(), people[0] ?? demo.person('simai67'), '/company/tokens');
      for (const { name } of people) expect(await reader.text()).to.include(name);
      await reader.close();
    });

    it('ユーザさま毎に (2): 3名が別々のトークン。1人1個なら、ほかの方のトークンは登録できない', async () => {
      const { demo } = scene();
      const [first, next] = [demo.person('yogawa62'), demo.person('kokada89')];
      const { reader, screen } = await enter(scene(), first);
      expect(screen).to.equal('TKN001');
      expect(await register(reader, fobOf(first).serial, await shownNext(demo, fobOf(first)))).to.equal('TOP001');
      await reader.close();
      const other = await enterAt(scene(), next, '/self-service/otp');
      expect(await other.press('利用開始登録')).to.equal('TKN001');
      expect(await register(other, fobOf(first).serial, await shownNext(demo, fobOf(first)))).to.equal('TKN001');
      expect(await register(other, fobOf(next).serial, await shownNext(demo, fobOf(next)))).to.equal('BOT010');
      await other.close();
    });

    it('Q&A: 1人のユーザに登録できるのは1つだけ: 登録した方に、登録の画面はない', async () => {
      const reader = await enterAt(scene(), master(), '/self-service/otp');
      expect(await reader.screen()).to.equal('BOT010');
      expect(await reader.html()).not.to.match(/>利用開始登録</);
      expect(await reader.open('/self-service/otp/register')).to.equal('BOT010');
      expect(await factOf(reader, 'シリアル番号')).to.include(fobs()[0].serial.slice(-4));
      await reader.close();
    });
  });
}
