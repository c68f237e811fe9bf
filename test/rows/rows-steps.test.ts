// The rows of the sign-in table that ask something of the person and go on: the code, the first-time setup, the token's
// registration, passwords that are due, consent, and the end. Over HTTP, the rows' numbers in the titles.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import freeTokens from '../../config/demo/tokens.json' with { type: 'json' };
import { type Demo, directly, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import {
  alertOf,
  enterDirectly,
  enterLinked,
  enterOwnPages,
  hasButton,
  hasField,
  leavePortal,
  mailedCode,
  nextCode,
  overlay,
  renkei,
  shownValue,
  wrongCode,
} from '../support/walks.ts';

const acr = (page: Page): unknown => page.json('claims')?.['acr'];
const amr = (page: Page): unknown => page.json('claims')?.['amr'];

describe('what a sign-in asks on its way', () => {
  let demo: Demo;
  let asking: OwnPortal;

  before(async function () {
    this.timeout(120_000);
    asking = await ownPortal('asking');
    demo = await startDemo('real', {
      env: { RENKEI_CONFIG: overlay({ 'portals.yaml': [asking.entry({ consent: 'ask' })] }) },
    });
  });
  after(async () => {
    await demo?.stop();
    await asking?.close();
  });

  /** A token of tokens.json as if this person held it. */
  function holding(person: DemoPerson, serial: string): DemoPerson {
    const token = freeTokens.find((each) => each.serial === serial);
    if (!token) throw new Error(`no free token ${serial}`);
    const algorithm = token.algorithm === 'SHA256' ? 'SHA256' : token.algorithm === 'SHA512' ? 'SHA512' : 'SHA1';
    return { ...person, otp: { kind: 'hardware', registered: false, ...token, algorithm } };
  }

  describe('row 12: a one-time password is needed and unproven', () => {
    it('takes the code of now and of the step before, and no older one (row 12)', async () => {
      const person = demo.person('ntakahashi14');
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      page = await browser.submit(page, { otp: await demo.code(person, -3) });
      expect(page).to.include({ status: 422, refusal: 'otp-wrong' });
      page = await browser.submit(page, { otp: await demo.code(person, -1) });
      expect(page.screen).to.equal('PTL002');
    });

    it('takes a code once, ever, and no older one after it; a used one is not counted as wrong (row 12)', async () => {
      const person = demo.person('ntakahashi14');
      const code = await nextCode(demo, person);
      const first = demo.browser();
      expect((await first.submit(await directly(demo, first, person), { otp: code })).screen).to.equal('PTL002');
      const second = demo.browser();
      let page = await directly(demo, second, person);
      for (let press = 0; press < 6; press += 1) {
        page = await second.submit(page, { otp: code });
        expect(page, `press ${press + 1}`).to.include({ status: 422, screen: 'OTP002', refusal: 'otp-used' });
      }
      expect(alertOf(page)).to.include('次に表示されるコードを入力してください');
      expect((await second.submit(page, { otp: await nextCode(demo, person) })).screen).to.equal('PTL002');
    });

    it('tells the second of two colleagues with one token to take the next code, and claims no mfa for them (row 12)', async () => {
      const [aya, shota] = [demo.person('atanaka93'), demo.person('sito48')];
      const code = await nextCode(demo, aya);
      const [hers, his] = [demo.browser(), demo.browser()];
      const asked = await directly(demo, hers, aya);
      expect(asked.text()).to.include('共有のトークン');
      const first = await hers.submit(asked, { otp: code });
      expect([acr(first), amr(first)]).to.deep.equal(['urn:renkei:acr:password-otp', ['pwd', 'otp']]);
      let page = await his.submit(await directly(demo, his, shota), { otp: code });
      expect(page).to.include({ status: 422, refusal: 'otp-used' });
      expect(page.text(), 'no word of the colleague').not.to.include(aya.name);
      page = await his.submit(page, { otp: await nextCode(demo, shota) });
      expect(amr(page)).to.deep.equal(['pwd', 'otp']);
    });

    it('repairs a key-fob that is four minutes slow with two codes in a row, and knows it the next time (row 12)', async () => {
      const person = demo.person('dyamamoto47');
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      page = await browser.submit(page, { otp: await demo.code(person, -5) });
      expect(alertOf(page)).to.include('あと4回');
      page = await browser.submit(page, { otp: await demo.code(person, -4) });
      expect(alertOf(page)).to.include('あと3回');
      expect(page.text()).to.include('トークンの時刻を合わせる');
      page = await browser.submit(page, {}, 'resync');
      expect(page.screen).to.equal('OTP003');
      expect((await browser.submit(page, {}, 'back')).screen).to.equal('OTP002');
      const unequal = await browser.submit(page, {
        otp: await demo.code(person, -4),
        otp_next: await demo.code(person, -2),
      });
      expect(unequal).to.include({ status: 422, screen: 'OTP003', refusal: 'otp-wrong' });
      await demo.forward(60);
      page = await browser.submit(unequal, { otp: await demo.code(person, -5), otp_next: await demo.code(person, -4) });
      expect(page.screen).to.equal('PTL002');
      expect((await browser.open(`${demo.gateway}/`)).text()).to.include('トークンの時刻を合わせました');

      await leavePortal(demo, browser);
      await demo.forward(60);
      page = await directly(demo, browser, person);
      expect((await browser.submit(page, { otp: await demo.code(person, -4) })).screen).to.equal('PTL002');
    });

    it('shows every way out to who has no code, and signs nobody in by it (row 12)', async () => {
      const browser = demo.browser();
      const page = await browser.submit(await directly(demo, browser, demo.person('ntakahashi14')), {}, 'otp_help');
      expect(page.screen).to.equal('OTP004');
      expect((await browser.submit(page, {}, 'back')).screen).to.equal('OTP002');
      expect((await browser.submit(page, {}, 'cancel')).json('error')).to.include({ error: 'access_denied' });
    });

    it('asks nothing of a company without one-time passwords, and says so in acr (row 12)', async () => {
      const page = await enterLinked(demo, demo.browser(), demo.person('okondo31'));
      expect([acr(page), amr(page)]).to.deep.equal(['urn:renkei:acr:federated', ['fed', 'pwd']]);
    });

    it('adds a code to a session that stands when a portal demands one, and keeps its time of sign-in (row 12)', async () => {
      const person = demo.person('kokada89');
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      page = await browser.submit(page, { serial: person.otp?.serial ?? '', otp: await nextCode(demo, person) });
      expect(page.screen).to.equal('PTL002');
      await leavePortal(demo, browser);

      page = await enterLinked(demo, browser, person, { remember: true });
      await leavePortal(demo, browser);
      page = await throughBusinessDirect(demo, browser, person);
      const before = page.json('claims');
      expect(acr(page)).to.equal('urn:renkei:acr:federated');
      await demo.forward(120);
      page = await browser.submit(page, {}, 'login_otp');
      expect(page.screen, 'the session stands: only the code is asked').to.equal('OTP002');
      page = await browser.submit(page, { otp: await nextCode(demo, person) });
      expect(page.json('claims')).to.include({
        acr: 'urn:renkei:acr:federated-otp',
        auth_time: before?.['auth_time'],
        sid: before?.['sid'],
      });
      page = await browser.submit(page, {}, 'login_silent');
      expect(acr(page), 'and it tells the truth from then on').to.equal('urn:renkei:acr:federated-otp');
    });
  });

  describe('row 13: the first-time setup is not complete', () => {
    const chosen = { id: 'kobayashi7', password: 'Tombo7718', confirmation: 'Yanagi6604' };

    it('resumes with the issued pair until the login password is stored, with the new one after that (row 13)', async function () {
      this.timeout(60_000);
      const person = demo.person('491841845');
      const first = demo.browser();
      let page = await directly(demo, first, person);
      expect(page.screen).to.equal('SET001');
      expect(page.text()).not.to.include('前回の続きから再開します');
      page = await first.submit(page, { new_login_id: chosen.id });
      expect(page.screen).to.equal('SET002');

      const second = demo.browser();
      page = await directly(demo, second, person);
      expect(page.screen, 'the chosen ID is kept, the issued pair resumes').to.equal('SET002');
      expect(page.text()).to.include(chosen.id).and.to.include('前回の続きから再開します');
      expect(
        (await directly(demo, demo.browser(), { ...person, login_id: chosen.id })).refusal,
        'it is not in force yet',
      ).to.equal('credentials');
      page = await second.submit(page, { new_password: chosen.password, new_password_again: chosen.password });
      expect(page.screen).to.equal('SET003');
      expect(page.text())
        .to.include('通知された番号は使えなくなりました')
        .and.to.include('ここまでの内容は保存されています');

      await demo.forward(86_400);
      const third = demo.browser();
      expect((await directly(demo, third, person)).refusal, 'the issued pair is dead').to.equal('credentials');
      const mine = { ...person, login_id: chosen.id, password: chosen.password };
      page = await throughBusinessDirect(demo, third, mine);
      expect(page.screen).to.equal('LNK001');
      page = await third.submit(page, { login_id: chosen.id, password: chosen.password });
      expect(page.screen).to.equal('SET003');
      expect(page.text()).to.include('前回の続きから再開します');
      page = await third.submit(page, {
        new_confirmation_password: chosen.confirmation,
        new_confirmation_password_again: chosen.confirmation,
      });
      expect(page.screen).to.equal('SET004');
      page = await third.submit(page, { email: person.email });
      expect(page.screen).to.equal('SET005');
      const fourth = demo.browser();
      expect((await directly(demo, fourth, mine)).screen, 'an unproven address is asked for again').to.equal('SET004');
      page = await third.submit(page, { email_code: await mailedCode(demo, person.email) });
      expect(page.screen).to.equal('TKN002');
      expect(page.text()).to.include('初期設定が完了しました');
    });

    it('lets the address be corrected and the mail be sent again, after a minute (row 13)', async () => {
      const person = demo.person('880654614');
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      page = await browser.submit(page, { new_login_id: 'mirai880' });
      page = await browser.submit(page, { new_password: 'Akebono313', new_password_again: 'Akebono313' });
      page = await browser.submit(page, {
        new_confirmation_password: 'Hoshino929',
        new_confirmation_password_again: 'Hoshino929',
      });
      page = await browser.submit(page, { email: 'typo@aoba.example.co.jp' });
      const typo = await mailedCode(demo, 'typo@aoba.example.co.jp');
      page = await browser.submit(page, {}, 'change_email');
      expect(page.screen).to.equal('SET004');
      await demo.forward(60);
      page = await browser.submit(page, { email: person.email });
      expect(page.screen).to.equal('SET005');
      page = await browser.submit(page, { email_code: typo });
      expect(page, 'the code of another address').to.include({ status: 422, refusal: 'credentials' });
      const before = await mailedCode(demo, person.email);
      const early = await browser.submit(page, {}, 'resend');
      expect(early).to.include({ status: 422, refusal: 'form' });
      await demo.forward(60);
      page = await browser.submit(early, {}, 'resend');
      expect(page.screen).to.equal('SET005');
      const after = await mailedCode(demo, person.email, before);
      page = await browser.submit(page, { email_code: after });
      expect(page.screen).to.equal('TKN001');
    });
  });

  describe('row 14: a token has to be registered', () => {
    it('answers a foreign, unknown and retired serial and a wrong code alike (row 14)', async () => {
      const person = demo.person('cmurakami98');
      const browser = demo.browser();
      const page = await directly(demo, browser, person);
      expect(page.screen).to.equal('TKN002');
      const own = { ...person };
      const tries = [
        { serial: '4254580101', otp: await demo.code(holding(person, '4254580101')) },
        { serial: '9999999999', otp: await demo.code(own) },
        { serial: person.otp?.serial ?? '', otp: await wrongCode(demo, own) },
      ];
      const texts: string[] = [];
      for (const typed of tries) {
        const refused = await browser.submit(page, typed);
        expect(refused).to.include({ status: 422, screen: 'TKN002', refusal: 'otp-wrong' });
        expect([shownValue(refused, 'serial'), shownValue(refused, 'otp')]).to.deep.equal([typed.serial, '']);
        texts.push(alertOf(refused).replace(/\w{4}-\w{4}/, ''));
      }
      expect(new Set(texts).size).to.equal(1);
    });

    it('offers no 省略 past the grace, and a forged one leads to the same page (row 14)', async () => {
      const person = demo.person('cmurakami98');
      const browser = demo.browser();
      const page = await directly(demo, browser, person);
      expect([page.screen, hasButton(page, 'skip_registration')]).to.deep.equal(['TKN002', false]);
      expect((await browser.submit(page, {}, 'skip_registration')).screen).to.equal('TKN002');
    });

    it('takes the registering code as the code of this sign-in, which cannot be used again (row 14)', async () => {
      const person = demo.person('cmurakami98');
      const browser = demo.browser();
      const otp = await nextCode(demo, person);
      let page = await browser.submit(await directly(demo, browser, person), { serial: person.otp?.serial ?? '', otp });
      expect([acr(page), amr(page)]).to.deep.equal(['urn:renkei:acr:password-otp', ['pwd', 'otp', 'mfa']]);
      const other = demo.browser();
      page = await other.submit(await directly(demo, other, person), { otp });
      expect(page.refusal).to.equal('otp-used');
    });

    it('registers a token from the drawer for a newcomer and makes the link with it; hyphens and full width are taken (row 14)', async () => {
      const person = holding(demo.person('491841845'), '4287523330');
      const mine = { ...person, login_id: 'kobayashi7', password: 'Tombo7718' };
      const browser = demo.browser();
      let page = await throughBusinessDirect(demo, browser, mine);
      page = await browser.submit(page, { login_id: mine.login_id, password: mine.password });
      expect(page.screen).to.equal('TKN002');
      page = await browser.submit(page, { serial: '４２８７-523-330', otp: await nextCode(demo, mine) });
      expect(acr(page)).to.equal('urn:renkei:acr:federated-otp');
      await leavePortal(demo, browser);
      expect((await throughBusinessDirect(demo, browser, mine)).screen).to.equal('OTP001');
    });

    it('may be put off within the grace, says until when, and is offered again the next time (row 14)', async () => {
      const person = demo.person('yogawa62');
      const browser = demo.browser();
      const page = await directly(demo, browser, person);
      expect(page.screen).to.equal('TKN001');
      expect(page.text()).to.match(/登録期限: ?\d{4}年\d{1,2}月\d{1,2}日/);
      expect(acr(await browser.submit(page, {}, 'skip_registration'))).to.equal('urn:renkei:acr:password');
      expect((await browser.open(`${demo.gateway}/`)).text()).to.include('トークンの登録期限は');
      await leavePortal(demo, browser);
      expect((await directly(demo, browser, person)).screen).to.equal('TKN001');
    });

    it('cannot be put off for a portal that demands a code (row 14)', async () => {
      const person = demo.person('yogawa62');
      const browser = demo.browser();
      const page = await directly(demo, browser, person, 'login_otp');
      expect([page.screen, hasButton(page, 'skip_registration')]).to.deep.equal(['TKN002', false]);
      expect((await browser.submit(page, {}, 'skip_registration')).screen).to.equal('TKN002');
    });

    it('can no longer be put off when the grace has ended (row 14)', async () => {
      await demo.forward(15 * 86_400);
      const page = await directly(demo, demo.browser(), demo.person('yogawa62'));
      expect([page.screen, hasButton(page, 'skip_registration')]).to.deep.equal(['TKN002', false]);
    });
  });

  describe('row 16: a password has to be changed', () => {
    it('stops a sign-in at a password that an administrator set, for exactly that one (row 16)', async () => {
      const person = demo.person('mkato99');
      const browser = demo.browser();
      let page = await enterDirectly(demo, browser, person);
      expect(page.screen).to.equal('PWC001');
      expect([hasField(page, 'new_password'), hasField(page, 'new_confirmation_password')]).to.deep.equal([
        true,
        false,
      ]);
      const typed = { password: person.password, new_password: 'Aozora5521', new_password_again: 'Aozora5521' };
      for (const [what, wrong, word] of [
        ['the current one', { password: 'Chigau1234' }, 'credentials'],
        ['two that differ', { new_password_again: 'Aozora5522' }, 'form'],
        ['the same as before', { new_password: person.password, new_password_again: person.password }, 'form'],
        [
          'the confirmation password',
          { new_password: person.confirmation_password ?? '', new_password_again: person.confirmation_password ?? '' },
          'form',
        ],
        ['the login ID', { new_password: person.login_id, new_password_again: person.login_id }, 'form'],
        ['letters alone', { new_password: 'Aozoraaaa', new_password_again: 'Aozoraaaa' }, 'form'],
        ['one too short', { new_password: 'Ao55', new_password_again: 'Ao55' }, 'form'],
      ] as const) {
        page = await browser.submit(page, { ...typed, ...wrong });
        expect(page, what).to.include({ status: 422, screen: 'PWC001', refusal: word });
      }
      page = await browser.submit(page, typed);
      expect(page.screen).to.equal('PWC003');
      expect(page.text())
        .to.include(person.login_id)
        .and.to.match(/\d{4}年\d{1,2}月\d{1,2}日/);
      page = await browser.submit(page, {});
      expect(page.screen).to.equal('PTL002');
      expect((await directly(demo, demo.browser(), person)).refusal, 'the old one is dead').to.equal('credentials');
      expect((await directly(demo, demo.browser(), { ...person, password: 'Aozora5521' })).screen).to.equal('OTP002');
    });

    it('asks for each expired password on the direct route and at the first link (row 16)', async () => {
      const person = demo.person('tyoshida66');
      expect((await enterDirectly(demo, demo.browser(), person)).screen).to.equal('PWC002');
      const browser = demo.browser();
      let page = await enterLinked(demo, browser, person);
      expect(page.screen).to.equal('PWC002');
      expect(page.text()).to.include('有効期限').and.to.include('連携するID');
      page = await browser.submit(page, {
        password: person.password,
        new_password: 'Momiji8820',
        new_password_again: 'Momiji8820',
        confirmation_password: person.confirmation_password ?? '',
        new_confirmation_password: 'Kaede7719',
        new_confirmation_password_again: 'Kaede7719',
      });
      expect(page.screen).to.equal('PWC003');
      page = await browser.submit(page, {});
      expect(acr(page)).to.equal('urn:renkei:acr:federated-otp');
      await leavePortal(demo, browser);
      expect((await throughBusinessDirect(demo, browser, person)).screen).to.equal('OTP001');
    });
  });

  describe('row 16a: the portal asks for consent', () => {
    const begin = async (browser: ScriptBrowser) => browser.open(await asking.authorizeUrl(demo.gateway));

    it('shows what the portal would learn, once, and gives it after 「同意して進む」 (row 16a)', async () => {
      const person = demo.person('okondo31');
      const browser = demo.browser();
      expect((await enterLinked(demo, browser, person)).screen, 'the other portal does not ask').to.equal('PTL002');
      let page = await begin(browser);
      expect(page.screen).to.equal('LGN005');
      expect(page.text()).to.include('試験のasking').and.to.include(person.name).and.to.include(person.company);
      page = await browser.submit(page, {});
      expect((await asking.redeem(demo.gateway, page)).claims).to.include({ name: person.name });
      expect(asking.answer(await begin(browser)).has('code'), 'it is not asked again').to.equal(true);
      await leavePortal(demo, browser);
      page = await begin(browser);
      page = await browser.submit(page, {}, 'federated');
      expect(asking.answer(page).has('code'), 'nor at the next sign-in').to.equal(true);
    });

    it('returns access_denied to the portal after 「同意しない」, and consent_required without a page (row 16a)', async () => {
      const browser = demo.browser();
      await enterLinked(demo, browser, demo.person('nishii42'));
      const silent = await browser.open(await asking.authorizeUrl(demo.gateway, { prompt: 'none' }));
      expect(asking.answer(silent).get('error')).to.equal('consent_required');
      const page = await browser.submit(await begin(browser), {}, 'decline');
      expect(asking.answer(page).get('error')).to.equal('access_denied');
      expect((await begin(browser)).screen, 'nothing was kept').to.equal('LGN005');
    });
  });

  describe('row 16b: the portal asks for an approval', () => {
    const typed = { payee: 'みなと銀行 本店 普通 1234567', amount: '1,500,000', date: '2026-11-30' };
    const begin = async (browser: ScriptBrowser): Promise<Page> =>
      browser.submit(await browser.open(`${demo.portal}/transfer`), typed);

    it('shows what is approved, asks a code of its own, and gives the portal the receipt (row 16b)', async () => {
      const person = demo.person('skikuchi63');
      const browser = demo.browser();
      expect((await enterLinked(demo, browser, person)).screen).to.equal('PTL002');
      const wrong = await browser.submit(await browser.open(`${demo.portal}/transfer`), { ...typed, amount: '0' });
      expect(wrong).to.include({ status: 422, screen: 'PTL004' });
      let page = await begin(browser);
      expect(page.screen).to.equal('APR001');
      for (const text of ['デモ提携サービス', typed.payee, '1,500,000円', '2026年11月30日(月)', person.name])
        expect(page.text()).to.include(text);
      page = await browser.submit(page, { otp: await demo.code(person) });
      expect(page, 'the code of the sign-in').to.include({ status: 422, refusal: 'otp-used' });
      page = await browser.submit(page, { otp: await nextCode(demo, person) });
      expect(page.screen).to.equal('PTL004');
      const done: { approved: { receipt: string; matches: boolean } } = JSON.parse(
        JSON.stringify(page.json('transfer')),
      );
      expect(done.approved.matches).to.equal(true);
      expect(page.text()).to.include(done.approved.receipt);
      const { records }: { records: { event: string; reference: string; data: Record<string, unknown> }[] } =
        JSON.parse((await renkei(demo, 'audit', 'list', person.login_id, '--json')).out);
      const approved = records.filter(({ event }) => event === 'operation.approved');
      expect(approved.map(({ reference }) => reference)).to.deep.equal([done.approved.receipt]);
      expect((await browser.open(`${demo.portal}/`)).screen, 'still signed in there').to.equal('PTL002');
    });

    it('transfers nothing after 「承認しない」, and says what became of it (row 16b)', async () => {
      const person = demo.person('skikuchi63');
      const browser = demo.browser();
      expect((await enterLinked(demo, browser, person)).screen).to.equal('PTL002');
      let page = await browser.submit(await begin(browser), {}, 'decline');
      expect([page.screen, page.json('transfer')?.['error']]).to.deep.equal(['PTL004', 'access_denied']);
      expect(page.text()).to.include('振込は行っていません');
      page = await begin(browser);
      expect(page.screen, 'another try is another request').to.equal('APR001');
    });

    it('names who approves; a portal that compares carries out nothing that somebody else approved (row 16b)', async () => {
      const [asker, other] = [demo.person('skikuchi63'), demo.person('msaito50')];
      const browser = demo.browser();
      expect((await enterLinked(demo, browser, asker)).screen).to.equal('PTL002');
      let page = await browser.submit(await begin(browser), {}, 'direct');
      page = await browser.submit(page, { login_id: other.login_id, password: other.password });
      if (page.screen?.startsWith('OTP')) page = await browser.submit(page, { otp: await nextCode(demo, other) });
      expect(page.screen).to.equal('APR001');
      expect(page.text()).to.include(other.name).and.not.to.include(asker.name);
      page = await browser.submit(page, { otp: await nextCode(demo, asker) });
      expect([page.status, page.refusal], 'a code of who asked').to.deep.equal([422, 'otp-wrong']);
      page = await browser.submit(page, { otp: await nextCode(demo, other) });
      expect([page.screen, page.json('transfer')?.['error']]).to.deep.equal(['PTL004', 'approved_by_other']);
      expect((await browser.open(`${demo.portal}/`)).screen, 'nor is the other one signed in there').to.equal('PTL001');
    });

    it('takes no code that the same sign-in was given: not the registering one, not the one before it (row 16b)', async () => {
      const person = demo.person('yogawa62');
      const browser = demo.browser();
      let page = await browser.submit(await begin(browser), {}, 'direct');
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
      expect(page.screen).to.equal('TKN002');
      const otp = await nextCode(demo, person);
      const older = await demo.code(person, -1);
      page = await browser.submit(page, { serial: person.otp?.serial ?? '', otp });
      expect(page.screen).to.equal('APR001');
      for (const used of [otp, older]) {
        page = await browser.submit(page, { otp: used });
        expect(page).to.include({ status: 422, screen: 'APR001', refusal: 'otp-used' });
      }
      page = await browser.submit(page, { otp: await nextCode(demo, person) });
      expect(page.json('transfer')).to.have.nested.property('approved.matches', true);
    });

    it('refuses who has no way to a code (row 16b)', async () => {
      const browser = demo.browser();
      await enterDirectly(demo, browser, demo.person('hsakamoto24'));
      const page = await begin(browser);
      expect(page).to.include({ status: 403, screen: 'REF015' });
      const back = await browser.submit(page, {}, 'cancel');
      expect(back.json('transfer')?.['error']).to.equal('unmet_authentication_requirements');
    });
  });

  describe('row 17: everything relied on is present', () => {
    it('signs in to every other portal and to our own pages without another page (row 17)', async () => {
      const person = demo.person('hsakamoto24');
      const browser = demo.browser();
      expect(acr(await enterDirectly(demo, browser, person))).to.equal('urn:renkei:acr:password');
      expect((await browser.open(`${demo.gateway}/self-service`)).screen).to.equal('SLF001');
      const silent = await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login_silent');
      expect([silent.screen, acr(silent)]).to.deep.equal(['PTL002', 'urn:renkei:acr:password']);
    });

    it('makes one login of two presses on the last button (row 17)', async () => {
      const person = demo.person('ntakahashi14');
      const logins = async (): Promise<number> => {
        const { records }: { records: { event: string }[] } = JSON.parse(
          (await renkei(demo, 'audit', 'list', person.login_id, '--json')).out,
        );
        return records.filter(({ event }) => event === 'login.finished').length;
      };
      const before = await logins();
      const browser = demo.browser();
      const page = await directly(demo, browser, person);
      const otp = await nextCode(demo, person);
      const answers = await Promise.all([browser.submit(page, { otp }), browser.submit(page, { otp })]);
      for (const answer of answers) expect(['PTL002', 'PTL003', 'REF001'], answer.url).to.include(answer.screen);
      expect(await logins()).to.equal(before + 1);
      expect((await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login_silent')).screen).to.equal(
        'PTL002',
      );
    });
  });

  describe('row 16: three months later', () => {
    it('only warns who comes through a link when a password expires later (row 16)', async () => {
      await demo.forward(80 * 86_400);
      const person = { ...demo.person('tyoshida66'), password: 'Momiji8820' };
      const browser = demo.browser();
      const soonDue = await enterOwnPages(demo, browser, person, '/', 'federated');
      expect(soonDue.text()).to.include('パスワードの有効期限は');
      await demo.forward(11 * 86_400);
      expect((await enterLinked(demo, demo.browser(), person)).screen).to.equal('PTL002');
      expect((await enterDirectly(demo, demo.browser(), person)).screen).to.equal('PWC002');
    });
  });
});
