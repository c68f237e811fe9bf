// The rows of the sign-in table that hold somebody up or turn somebody away, as they are met over HTTP: proofs that fail,
// people and pairs that may not, portals that ask too much, and what changes under a sign-in. Of row 8 the word not-planned
// needs a link plan, which nothing makes yet.
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, directly, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import {
  alertOf,
  cookiesNamed,
  enterDirectly,
  enterLinked,
  enterOwnPages,
  hasButton,
  leavePortal,
  nextCode,
  overlay,
  renkei,
  shownValue,
  soon,
  wrongCode,
} from '../support/walks.ts';

describe('what holds a sign-in up or turns it away', () => {
  let demo: Demo;
  let always: OwnPortal;
  let open: OwnPortal;

  before(async function () {
    this.timeout(120_000);
    always = await ownPortal('code-always');
    open = await ownPortal('open-to-all');
    const config = overlay({
      'portals.yaml': [always.entry({ otp: 'always' }), open.entry({ open: true })],
      'brand.yaml': { deskMail: 'desk@bank.example.jp' },
    });
    demo = await startDemo('real', { env: { RENKEI_CONFIG: config } });
  });
  after(async () => {
    await demo?.stop();
    await always?.close();
    await open?.close();
  });

  const loginForm = ({ login_id, password }: DemoPerson) => ({ login_id, password });
  const throughDirectOf = (browser: ScriptBrowser, person: DemoPerson) => throughBusinessDirect(demo, browser, person);
  /** The helpdesk finds one record under the number of a refusal's page; a reload shows that number and writes no other. */
  const onRecord = async (
    browser: ScriptBrowser,
    page: Page,
    row: string,
    person: DemoPerson,
    others: readonly string[] = [],
  ): Promise<void> => {
    const reference = page.headers.get('x-renkei-reference') ?? '';
    expect(page.text())
      .to.include(reference)
      .and.to.match(/お問い合わせ番号 \w{4}-\w{4}/);
    const found = await recordsUnder(demo, reference);
    expect(found.map((each) => each['event'])).to.have.members(['sign-in.refused', ...others]);
    const told = found.find((each) => each['event'] === 'sign-in.refused');
    expect(told).to.include({ login_name: person.login_id, on_own_chain: true });
    expect(String(told?.['body'])).to.include(`"row":"${row}"`).and.to.include(`"word":"${page.refusal}"`);
    const count = await refusalsOf(demo, person);
    for (const seen of [await browser.open(page.url), await inEnglish(demo, browser, page)]) {
      expect([seen.refusal, seen.headers.get('x-renkei-reference')]).to.deep.equal([page.refusal, reference]);
      expect(seen.text()).to.include(reference);
    }
    browser.dropCookie('renkei_language');
    expect(await refusalsOf(demo, person)).to.equal(count);
  };
  const words = (page: Page): string =>
    page
      .text()
      .replace(/\w{4}-\w{4}/g, '')
      .replace(/\d{1,2}:\d{2}/g, '');

  describe('row 5: the Business Direct ID has no link', () => {
    it('names the verified ID and its company, keeps a wrong login ID and forgets the password (row 5)', async () => {
      const browser = demo.browser();
      const person = demo.person('atanaka93');
      const page = await throughDirectOf(browser, person);
      expect(page.screen).to.equal('LNK001');
      expect(page.text()).to.include('minato08').and.to.include(person.company);
      const wrong = await browser.submit(page, { login_id: person.login_id, password: 'Chigau1234' });
      expect(wrong).to.include({ status: 422, screen: 'LNK001', refusal: 'credentials' });
      expect([shownValue(wrong, 'login_id'), shownValue(wrong, 'password')]).to.deep.equal([person.login_id, '']);
      expect(wrong.html).not.to.include('Chigau1234');
      expect((await browser.submit(wrong, loginForm(person))).screen).to.equal('OTP001');
    });

    it('takes ten wrong tries a day from one Business Direct ID, whatever was typed; the direct route stays (row 5)', async () => {
      const browser = demo.browser();
      const person = demo.person('msaito50');
      let page = await throughDirectOf(browser, person);
      for (let n = 0; n < 10; n += 1) {
        page = await browser.submit(page, { login_id: `nobody${n}x`, password: 'Chigau1234' });
        expect(page.refusal, `try ${n + 1}`).to.equal('credentials');
      }
      const busy = await browser.submit(page, loginForm(person));
      expect(busy).to.include({ status: 429, screen: 'REF019', refusal: 'too-many' });
      expect(busy.text()).to.include('minato06').and.to.include('直接ログインはご利用いただけます');
      expect(Number(busy.headers.get('retry-after'))).to.be.within(1, 86_400);
      expect((await directly(demo, demo.browser(), person)).screen).to.equal('OTP002');

      await demo.forward(86_400);
      page = await throughDirectOf(demo.browser(), person);
      expect(page.screen).to.equal('LNK001');
    });
  });

  describe('row 6: login ID and password have not been proven', () => {
    it('answers an unknown ID, a wrong password, a lock and a stop alike, to the letter (row 6)', async () => {
      const tries = [
        { login_id: 'nobody99', password: 'Chigau1234' },
        { login_id: demo.person('dyamamoto47').login_id, password: 'Chigau1234' },
        loginForm(demo.person('hyamada58')),
        loginForm(demo.person('ysasaki32')),
        { login_id: demo.person('rkimura78').login_id, password: 'Chigau1234' },
        { login_id: demo.person('sendo86').login_id, password: 'Chigau1234' },
      ];
      const pages: Page[] = [];
      for (const typed of tries) {
        const browser = demo.browser();
        const page = await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login');
        pages.push(await browser.submit(await browser.submit(page, {}, 'direct'), typed));
      }
      for (const page of pages) expect(page).to.include({ status: 422, screen: 'LGN002', refusal: 'credentials' });
      expect(new Set(pages.map(words)).size).to.equal(1);
      expect(alertOf(pages[0] ?? fail())).to.include('5回続けて確認できないと、30分間ログインできなくなります');
    });

    it('pauses a password after five misses for 30 minutes, tells its owner by mail, and leaves the link open (row 6)', async () => {
      const person = demo.person('sabe89');
      const linked = demo.browser();
      await enterLinked(demo, linked, person);
      const browser = demo.browser();
      let page = await directly(demo, browser, { ...person, password: 'Chigau1234' });
      for (let n = 1; n < 5; n += 1)
        page = await browser.submit(page, { login_id: person.login_id, password: 'Chigau1234' });
      page = await browser.submit(page, loginForm(person));
      expect(page, 'the sixth is right and not compared').to.include({ status: 422, refusal: 'credentials' });
      const mails = await soon(
        () => demo.mails(person.email),
        (all) => all.some(({ subject }) => subject.includes('一時利用停止')),
      );
      expect(mails.map(({ subject }) => subject).join()).to.include('パスワードが一時利用停止になりました');

      await leavePortal(demo, linked);
      const top = await enterOwnPages(demo, linked, person, '/', 'federated');
      expect(top.screen).to.equal('TOP001');
      expect(top.text()).to.include('ログインパスワードが一時利用停止になっています');

      await demo.forward(30 * 60);
      expect((await directly(demo, demo.browser(), person)).screen).to.equal('OTP002');
    });

    it('stops a password at the third pause in a row, until somebody releases it (row 6)', async function () {
      this.timeout(60_000);
      const person = demo.person('dyamamoto47');
      for (let pause = 0; pause < 3; pause += 1) {
        const browser = demo.browser();
        let page = await directly(demo, browser, { ...person, password: 'Chigau1234' });
        for (let n = 1; n < 5; n += 1)
          page = await browser.submit(page, { login_id: person.login_id, password: 'Chigau1234' });
        expect(page.refusal).to.equal('credentials');
        await demo.forward(30 * 60);
      }
      expect(await directly(demo, demo.browser(), person)).to.include({ screen: 'LGN002', refusal: 'credentials' });
      const mails = await soon(
        () => demo.mails(person.email),
        (all) => all.some(({ subject }) => subject.includes('が利用停止')),
      );
      expect(mails.map(({ subject }) => subject).join()).to.include('パスワードが利用停止になりました');
      const { status, out } = await renkei(demo, 'unlock', person.login_id, 'login', '--json');
      expect([status, JSON.parse(out).released]).to.deep.equal([0, ['login']]);
      expect((await directly(demo, demo.browser(), person)).screen).to.equal('OTP002');
    });

    it('tells master and desk of a spray over the company, on its pages too, and stops nobody (row 6)', async function () {
      this.timeout(60_000);
      await demo.forward(3600);
      const master = demo.person('ksato82');
      const people = demo.people.filter(({ contract_number: of }) => of === master.contract_number).slice(0, 11);
      for (const person of people) {
        const page = await directly(demo, demo.browser(), { ...person, password: 'Chigau1234' });
        expect(page.refusal).to.equal('credentials');
      }
      for (const to of [master.email, 'desk@bank.example.jp']) {
        const mails = await soon(
          async () =>
            (await demo.mails(to)).filter(({ subject }) => subject.includes('確認できないログインが続いています')),
          (all) => all.length > 0,
        );
        expect(mails, to).to.have.length(1);
      }
      const browser = demo.browser();
      const top = await enterOwnPages(demo, browser, master, '/', 'direct');
      const told = '確認できないログインが続いています';
      expect([top.screen, top.text().includes(told)]).to.deep.equal(['TOP001', true]);
      expect((await browser.open(`${demo.gateway}/company`)).text()).to.include(told);
      const member = demo.browser();
      const theirs = await enterOwnPages(demo, member, demo.person('rhashimoto46'), '/', 'direct');
      expect([theirs.screen, theirs.text().includes(told)]).to.deep.equal(['TOP001', false]);
    });

    it('throttles an address that guesses at many IDs before anything is compared (row 6)', async function () {
      this.timeout(60_000);
      await demo.forward(3600);
      const browser = demo.browser();
      let page = await directly(demo, browser, {
        ...demo.person('tikeda16'),
        login_id: 'guess0',
        password: 'Chigau1234',
      });
      for (let n = 1; n <= 31 && page.refusal === 'credentials'; n += 1) {
        page = await browser.submit(page, { login_id: `guess${n}`, password: 'Chigau1234' });
      }
      expect(page).to.include({ status: 429, screen: 'REF019', refusal: 'too-many' });
      expect(Number(page.headers.get('retry-after'))).to.be.within(1, 600);
      await demo.forward(600);
      expect((await directly(demo, demo.browser(), demo.person('tikeda16'))).screen).to.equal('OTP002');
    });
  });

  describe('row 7: the account or its company may not sign in', () => {
    it('tells a stopped person so, only after the right password (row 7)', async () => {
      const [browser, person] = [demo.browser(), demo.person('rkimura78')];
      const page = await directly(demo, browser, person);
      expect(page).to.include({ status: 403, screen: 'REF005', refusal: 'account-stopped' });
      expect(page.text()).to.include('貴社のマスターユーザまたは管理者ユーザへご依頼ください');
      await onRecord(browser, page, '7', person);
    });

    it('leads a stopped administrator to the paper form when all of them are stopped, and nobody else (row 7)', async () => {
      const [master, admin] = [demo.person('ymori34'), demo.person('tikeda16')];
      const stop = (at: number | null, ...who: readonly DemoPerson[]) =>
        sql(demo, 'update account set stopped_at = $1 where login_name = any($2)', [
          at,
          who.map((one) => one.login_id),
        ]);
      await stop(1, admin);
      expect((await directly(demo, demo.browser(), admin)).screen, 'the master can resume').to.equal('REF005');
      await stop(1, master);
      try {
        const browser = demo.browser();
        const page = await directly(demo, browser, admin);
        expect(page).to.include({ status: 403, screen: 'REF028', refusal: 'account-stopped' });
        expect(page.text()).to.include('解除できる方が社内にいません').and.include('ID・パスワード初期化依頼書');
        await onRecord(browser, page, '7', admin);
        expect((await browser.submit(page, {}, 'print')).url).to.include('/forms/initialisation');
        const wrong = await directly(demo, demo.browser(), { ...admin, password: 'Chigau1234' });
        expect(wrong.refusal, 'only after the proof').to.equal('credentials');
        const [colleague] = demo.people.filter(
          (one) => one.contract_number === admin.contract_number && one.role === 'member' && one.otp === null,
        );
        if (colleague) {
          await stop(1, colleague);
          expect((await directly(demo, demo.browser(), colleague)).screen).to.equal('REF005');
          await stop(null, colleague);
        }
      } finally {
        await stop(null, master, admin);
      }
    });

    it('tells people of a suspended company so on both routes, and links nothing (row 7)', async () => {
      const person = demo.person('sendo86');
      expect(await directly(demo, demo.browser(), person)).to.include({
        status: 403,
        screen: 'REF006',
        refusal: 'company-suspended',
      });
      const browser = demo.browser();
      let page = await throughDirectOf(browser, person);
      expect(page.screen).to.equal('LNK001');
      page = await browser.submit(page, loginForm(person));
      expect(page).to.include({ status: 403, refusal: 'company-suspended' });
      expect((await browser.open(page.url)).refusal, 'a reload says the same').to.equal('company-suspended');
      await onRecord(browser, page, '7', person);
      expect((await throughDirectOf(demo.browser(), person)).screen, 'no link was made').to.equal('LNK001');
    });
  });

  describe('row 8: this pair may not be linked', () => {
    it('refuses IDs of two companies after the password, names both, counts nothing, and lets another ID be typed (row 8)', async () => {
      const browser = demo.browser();
      const [ours, theirs] = [demo.person('atanaka93'), demo.person('yishikawa92')];
      let page = await throughDirectOf(browser, ours);
      page = await browser.submit(page, { login_id: theirs.login_id, password: 'Chigau1234' });
      expect(page.refusal, 'before the password is right no word of companies').to.equal('credentials');
      page = await browser.submit(page, loginForm(theirs));
      expect(page).to.include({ status: 403, screen: 'REF010', refusal: 'company-mismatch' });
      expect(page.text()).to.include(ours.company).and.to.include(theirs.company);
      await onRecord(browser, page, '8', theirs, ['link.refused']);
      page = await browser.submit(page, {}, 'back');
      expect(page.screen).to.equal('LNK001');
      expect(page.text()).to.include('minato08');
      expect(shownValue(page, 'login_id')).to.equal('');
      expect((await browser.submit(page, loginForm(ours))).screen).to.equal('OTP001');
    });

    it('refuses a second Business Direct ID for one account, and shows the first one masked (row 8)', async () => {
      const browser = demo.browser();
      const linked = demo.person('ksato82');
      let page = await throughDirectOf(browser, demo.person('atanaka93'));
      page = await browser.submit(page, loginForm(linked));
      expect(page).to.include({ status: 403, screen: 'REF008', refusal: 'link-limit' });
      expect(page.text()).to.include(linked.login_id).and.not.to.include('minato01');
      await onRecord(browser, page, '8', linked);
      expect((await browser.submit(page, {}, 'direct')).screen).to.equal('LGN002');
    });

    it('tells who comes second that the Business Direct ID was linked meanwhile, and links nothing there (row 8)', async () => {
      const [first, second] = [demo.person('sito48'), demo.person('atanaka93')];
      const [fast, slow] = [demo.browser(), demo.browser()];
      const slowPage = await slow.submit(await throughDirectOf(slow, first), loginForm(second));
      expect(slowPage.screen).to.equal('OTP001');
      expect((await enterLinked(demo, fast, first)).screen).to.equal('PTL002');
      const lost = await slow.submit(slowPage, { otp: await nextCode(demo, second) });
      expect(lost).to.include({ status: 409, screen: 'REF009', refusal: 'link-taken' });
      expect(lost.text()).to.include('今回の連携は行っていません');
      expect((await slow.open(lost.url)).refusal).to.equal('link-taken');
      await onRecord(slow, lost, '8', second, ['otp.accepted', 'link.refused']);
      expect((await throughDirectOf(demo.browser(), second)).screen, 'the loser has no link').to.equal('LNK001');
    });
  });

  describe('row 9: the portal is not granted to this account', () => {
    it('names the portal, returns access_denied to it, and leaves our own pages open (row 9)', async () => {
      const browser = demo.browser();
      const person = demo.person('mhayashi38');
      const page = await directly(demo, browser, person);
      expect(page).to.include({ status: 403, screen: 'REF007', refusal: 'no-permission' });
      expect(page.text()).to.include('デモ提携サービス');
      await onRecord(browser, page, '9', person);
      const left = await browser.submit(page, {}, 'cancel');
      expect(left.json('error')).to.include({ error: 'access_denied' });
      expect((await enterOwnPages(demo, browser, person, '/', 'direct')).screen).to.equal('TOP001');
      const elsewhere = await browser.open(await open.authorizeUrl(demo.gateway));
      expect(open.answer(elsewhere).has('code'), 'a portal that is open to all admits').to.equal(true);
      const before = await refusalsOf(demo, person);
      const silent = await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login_silent');
      expect(silent.json('error')).to.include({ error: 'access_denied' });
      expect(await refusalsOf(demo, person), 'nobody was shown a number').to.equal(before);
    });
  });

  describe('row 10: the one-time password is stopped', () => {
    it('closes both routes and says whom to ask, by the kind of token (row 10)', async () => {
      const [soft, hard] = [demo.person('rinoue13'), demo.person('kmaeda18')];
      const first = demo.browser();
      const software = await directly(demo, first, soft);
      await onRecord(first, software, '10', soft);
      expect(software).to.include({ status: 403, screen: 'REF004', refusal: 'otp-stopped' });
      expect(software.text()).to.include('貴社のマスターユーザまたは管理者ユーザへご依頼ください');
      const browser = demo.browser();
      const hardware = await browser.submit(await throughDirectOf(browser, hard), loginForm(hard));
      expect(hardware).to.include({ status: 403, refusal: 'otp-stopped' });
      expect(hardware.text(), 'key-fobs are released by the bank').to.include('ビジネスヘルプデスクへお電話ください');
    });

    it('stops it at the fifth wrong code; a remembered device does not help, and release does not revive it (row 10)', async () => {
      const person = demo.person('yishikawa92');
      const remembered = demo.browser();
      await enterLinked(demo, remembered, person, { remember: true });
      expect(cookiesNamed(remembered, 'renkei_device_')).to.have.length(1);
      await leavePortal(demo, remembered);

      const browser = demo.browser();
      let page = await throughDirectOf(browser, person);
      const wrong = await wrongCode(demo, person);
      for (let left = 4; left > 0; left -= 1) {
        page = await browser.submit(page, { otp: wrong, remember: 'on' });
        expect(page).to.include({ status: 422, screen: 'OTP001', refusal: 'otp-wrong' });
        expect(alertOf(page)).to.include(`あと${left}回`);
        expect(page.html, 'the tick stays').to.match(/name="remember"[^>]*checked|checked[^>]*name="remember"/);
        expect(shownValue(page, 'otp')).to.equal('');
      }
      page = await browser.submit(page, { otp: wrong });
      expect(page).to.include({ status: 403, refusal: 'otp-stopped' });
      await onRecord(browser, page, '10', person, ['otp.stopped']);
      expect(await throughDirectOf(remembered, person)).to.include({ status: 403, refusal: 'otp-stopped' });
      const mails = await soon(
        () => demo.mails(person.email),
        (all) => all.some(({ subject }) => subject.includes('利用停止')),
      );
      expect(mails.map(({ subject }) => subject).join()).to.include('ワンタイムパスワードが利用停止になりました');

      expect((await renkei(demo, 'unlock', person.login_id, 'otp', '--json')).status).to.equal(0);
      const again = await throughDirectOf(remembered, person);
      expect(again.screen, 'a code is asked again').to.equal('OTP001');
      expect((await remembered.submit(again, { otp: await nextCode(demo, person) })).screen).to.equal('PTL002');
    });
  });

  describe('row 11: a waiting time has not passed', () => {
    it('says from when, goes on by itself after that, and the portal hears why when the person leaves (row 11)', async () => {
      const person = demo.person('tikeda16');
      await setWaiting(demo, person, (await demo.now()) + 20 * 60_000);
      const leaver = demo.browser();
      const seen = await directly(demo, leaver, person);
      expect(seen).to.include({ status: 200, screen: 'WAI001', refusal: 'waiting' });
      expect(seen.text()).to.match(/\d{1,2}:\d{2} ?からログインできます/);
      await onRecord(leaver, seen, '11', person);
      const left = await leaver.submit(seen, {}, 'cancel');
      expect(left.json('error')).to.include({ error: 'unmet_authentication_requirements' });

      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      expect((await browser.submit(page, {}, 'retry')).screen).to.equal('WAI001');
      await demo.forward(20 * 60);
      page = await browser.submit(page, {}, 'retry');
      expect(page.screen).to.equal('OTP002');
    });
  });

  describe('row 15: what the portal demands cannot be met', () => {
    it('refuses a code to a company without one, and the portal gets unmet_authentication_requirements (row 15)', async () => {
      const person = demo.person('okondo31');
      for (const route of ['direct', 'federated'] as const) {
        const browser = demo.browser();
        let page =
          route === 'direct'
            ? await directly(demo, browser, person, 'login_otp')
            : await throughBusinessDirect(demo, browser, person, 'login_otp');
        if (page.screen === 'LNK001') page = await browser.submit(page, loginForm(person));
        expect(page, route).to.include({ status: 403, screen: 'REF015', refusal: 'otp-unreachable' });
        await onRecord(browser, page, '15', person);
        const left = await browser.submit(page, {}, 'cancel');
        expect(left.json('error')).to.include({ error: 'unmet_authentication_requirements' });
      }
    });

    it('does so for a portal whose registration says otp: always, and lets the same person in elsewhere (row 15)', async () => {
      const person = demo.person('nishii42');
      const browser = demo.browser();
      const portal = await enterDirectly(demo, browser, person);
      expect(portal.json('claims')).to.include({ acr: 'urn:renkei:acr:password' });
      const page = await browser.open(await always.authorizeUrl(demo.gateway));
      expect(page).to.include({ status: 403, refusal: 'otp-unreachable' });
      expect(always.answer(await browser.submit(page, {}, 'cancel')).get('error')).to.equal(
        'unmet_authentication_requirements',
      );
      const silent = await browser.open(await always.authorizeUrl(demo.gateway, { prompt: 'none' }));
      expect(always.answer(silent).get('error')).to.equal('unmet_authentication_requirements');
    });

    it('asks a remembered person for the code each time at such a portal, and tells it the true value (row 15)', async () => {
      const person = demo.person('ntakahashi14');
      const browser = demo.browser();
      await enterLinked(demo, browser, person, { remember: true });
      await leavePortal(demo, browser);
      let page = await browser.open(await always.authorizeUrl(demo.gateway));
      page = await browser.submit(page, {}, 'federated');
      expect(page.screen).to.equal('OTP002');
      page = await browser.submit(page, { otp: await nextCode(demo, person) });
      expect((await always.redeem(demo.gateway, page)).claims).to.include({ acr: 'urn:renkei:acr:federated-otp' });
    });
  });

  describe('row 18: something relied on changed during the sign-in', () => {
    it('stops with a conflict when the link is removed before the code is entered (row 18)', async () => {
      const person = demo.person('rhashimoto46');
      const browser = demo.browser();
      const page = await throughDirectOf(browser, person);
      expect(page.screen).to.equal('OTP001');
      expect((await renkei(demo, 'unlink', person.login_id)).status).to.equal(0);
      const after = await browser.submit(page, { otp: await nextCode(demo, person), remember: 'on' });
      expect(after).to.include({ status: 409, screen: 'REF017', refusal: 'conflict' });
      expect(after.text()).to.include('ID連携の解除');
      await onRecord(browser, after, '18', person);
      expect(cookiesNamed(browser, 'renkei_device_')).to.deep.equal([]);
      const again = await browser.submit(after, {}, 'restart');
      expect(again.screen).to.equal('LGN001');
      expect((await browser.submit(again, {}, 'federated')).screen, 'what was removed is proven anew').to.equal(
        'LNK001',
      );
    });

    it('stops when the password was changed in another browser meanwhile (row 18)', async () => {
      const person = demo.person('mkato99');
      const [slow, fast] = [demo.browser(), demo.browser()];
      const waiting = await directly(demo, slow, person);
      expect(waiting.screen).to.equal('OTP002');
      let page = await directly(demo, fast, person);
      page = await fast.submit(page, { otp: await nextCode(demo, person) });
      expect(page.screen).to.equal('PWC001');
      page = await fast.submit(page, {
        password: person.password,
        new_password: 'Aozora5521',
        new_password_again: 'Aozora5521',
      });
      expect(page.screen).to.equal('PWC003');
      const after = await slow.submit(waiting, { otp: await nextCode(demo, person) });
      expect(after).to.include({ status: 409, screen: 'REF017', refusal: 'conflict' });
      expect(after.text()).to.include('パスワードの変更');
      expect((await fast.submit(page, {})).screen, 'the sign-in that made the change goes on').to.equal('PTL002');
      expect(hasButton(after, 'restart')).to.equal(true);
    });
  });
});

function fail(): never {
  throw new Error('no page');
}

/** What a revocation with `revoke.wait` will write, once there is one. */
async function setWaiting(demo: Demo, person: DemoPerson, until: number): Promise<void> {
  const text = 'update account set waits_until = $1 where login_name = $2 returning id';
  if ((await sql(demo, text, [until, person.login_id])).length !== 1) throw new Error(`no account ${person.login_id}`);
}

/** What the helpdesk finds under a reference number; `on_own_chain`: on that of the person's company. */
const recordsUnder = (demo: Demo, reference: string) =>
  sql(
    demo,
    `select event, body, login_name, chain = company_id as on_own_chain
     from audit left join account on account.id = account_id where reference = $1`,
    [reference],
  );

const refusalsOf = async (demo: Demo, { login_id }: DemoPerson): Promise<unknown> => {
  const text = `select count(*)::int as count from audit join account on account.id = account_id
    where login_name = $1 and event = 'sign-in.refused'`;
  return (await sql(demo, text, [login_id]))[0]?.['count'];
};

async function sql(
  demo: Demo,
  text: string,
  values: readonly unknown[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: demo.databaseUrl ?? '' });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Presses 「English」 in the header. */
async function inEnglish(demo: Demo, browser: ScriptBrowser, page: Page): Promise<Page> {
  const form = /<form\b[^>]*action="\/language"[\s\S]*?<\/form>/.exec(page.html)?.[0] ?? '';
  const value = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(form)?.[1] ?? '';
  const body = { csrf: value('csrf'), return_to: value('return_to'), language: 'en' };
  const shown = await browser.post(`${demo.gateway}/language`, new URLSearchParams(body).toString());
  expect(shown.html).to.include('<html lang="en"');
  return shown;
}
