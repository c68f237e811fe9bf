// The operators' own way in over real HTTP (HDK001, HDK003, HDK004): always a code, the first time an own password and an
// authenticator before it; reload, back, a second tab and a second press show the true present step.
import { expect } from 'chai';
import { type Demo, startDemo } from '../support/demo-process.ts';
import {
  deskCode,
  enterDesk,
  freshDeskCode,
  freshOperator,
  operatorOf,
  operatorsOf,
  toCode,
  wrongDeskCode,
} from '../support/operator.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';

let demo: Demo;
const at = (path: string): string => `${demo.gateway}${path}`;
const clerk = operatorOf('clerk');
const auditor = operatorOf('auditor');
const [supervisor, second] = operatorsOf('supervisor');
if (!supervisor || !second) throw new Error('two supervisors are needed');

const cookieOf = (browser: ScriptBrowser): string => browser.cookies().get('renkei_operator') ?? '';
/** As a Japanese input method writes it. */
const fullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0));
const pathOf = (page: Page): string => new URL(page.url).pathname;
const keyOn = (page: Page): string => /data-copy="([A-Z2-7]+)"/.exec(page.html)?.[1] ?? '';

describe('the sign-in of operators', () => {
  before(async function () {
    this.timeout(120_000);
    demo = await startDemo('embedded');
  });
  after(() => demo.stop());

  it('asks for ID and password, then always for a code, and leads to the desk', async () => {
    const browser = demo.browser();
    const first = await browser.open(at('/helpdesk'));
    expect([first.screen, pathOf(first)]).to.deep.equal(['HDK003', '/helpdesk/sign-in']);
    const asked = await toCode(demo, browser, clerk);
    expect([asked.screen, pathOf(asked)]).to.deep.equal(['HDK004', '/helpdesk/sign-in/otp']);
    expect(asked.html).not.to.include('name="remember"');
    const desk = await browser.submit(asked, { otp: await freshDeskCode(demo, clerk) });
    expect([desk.screen, pathOf(desk)]).to.deep.equal(['HDK001', '/helpdesk']);
    const header = desk.html.split('<main')[0] ?? '';
    expect(header).to.include(clerk.name).and.to.include('>担当<').and.to.include('ビジネスヘルプデスク');
    expect(desk.html).to.include('action="/helpdesk/sign-out"').and.not.to.include('action="/logout"');
    expect(desk.html).not.to.match(/href="\/"/);
    expect(desk.headers.get('cache-control')).to.equal('no-store');
  });

  it('goes back to the page that was asked for, with its filters', async () => {
    const desk = await enterDesk(demo, demo.browser(), supervisor, '/helpdesk/tokens?q=42&state=in-stock');
    expect(desk.url).to.equal(at('/helpdesk/tokens?q=42&state=in-stock'));
  });

  it('gives one answer to an unknown ID and to a wrong password', async () => {
    const browser = demo.browser();
    const page = await browser.open(at('/helpdesk/sign-in'));
    const seen = [];
    for (const [loginId, password] of [
      ['nobody77', 'Minato2026'],
      [auditor.login_id, 'Minato2026'],
    ] as const)
      seen.push(await browser.submit(page, { login_id: loginId, password }));
    // Whoever is at a loss asks within the bank: the customers' page of help is none for operators.
    for (const { html } of seen)
      expect(/<main[\s\S]*<\/main>/.exec(html)?.[0])
        .to.include('責任者へご連絡ください。')
        .and.not.to.include('ログインでお困りの方');
    const plain = seen.map(({ status, refusal, html }) => [
      status,
      refusal,
      html
        .replaceAll(/[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}/g, 'REF')
        .replaceAll(/nobody77|kansa01/g, 'ID')
        .replaceAll(/<time.*?<\/time>/g, ''),
    ]);
    expect(plain[0]).to.deep.equal(plain[1]);
    expect(plain[0]?.slice(0, 2)).to.deep.equal([422, 'credentials']);
  });

  it('keeps what was typed but never the password, and judges the form before anything is compared', async () => {
    const browser = demo.browser();
    const page = await browser.open(at('/helpdesk/sign-in'));
    const wrong = await browser.submit(page, { login_id: clerk.login_id, password: fullWidth('Zenkaku1') });
    expect([wrong.status, wrong.refusal]).to.deep.equal([422, 'form']);
    expect(wrong.html).to.include(`value="${clerk.login_id}"`).and.not.to.include(fullWidth('Zenkaku1'));
    const empty = await browser.submit(page, {});
    expect([empty.status, empty.refusal]).to.deep.equal([422, 'form']);
  });

  it('takes an ID in any width and case', async () => {
    const typed = { login_id: ` ${fullWidth(clerk.login_id.toUpperCase())} `, password: clerk.password };
    expect((await toCode(demo, demo.browser(), typed)).screen).to.equal('HDK004');
  });

  it('shows the true present step after reload, back, in a second tab, and by any address', async () => {
    const browser = demo.browser();
    await toCode(demo, browser, second);
    for (const path of ['', '/sign-in', '/sign-in/otp', '/sign-in/password', '/sign-in/token', '/tokens'])
      expect(pathOf(await browser.open(at(`/helpdesk${path}`)))).to.equal('/helpdesk/sign-in/otp');
    const page = await browser.open(at('/helpdesk/sign-in/otp'));
    await browser.submit(page, { otp: await freshDeskCode(demo, second) });
    for (const path of ['/sign-in', '/sign-in/otp', '/sign-in/password', '/sign-in/token'])
      expect(pathOf(await browser.open(at(`/helpdesk${path}`)))).to.equal('/helpdesk');
    // The page of before is posted once more.
    expect(pathOf(await browser.submit(page, { otp: await deskCode(demo, second) }))).to.equal('/helpdesk');
  });

  it('signs in once when the button is pressed twice at the same time', async () => {
    const browser = demo.browser();
    const page = await toCode(demo, browser, supervisor);
    const otp = await freshDeskCode(demo, supervisor);
    const pages = await Promise.all([browser.submit(page, { otp }), browser.submit(page, { otp })]);
    for (const each of pages) expect(each.refusal).to.equal(null);
    expect(pathOf(await browser.open(at('/helpdesk')))).to.equal('/helpdesk');
  });

  it('tells a wrong code with what is left, and a used one without counting', async () => {
    const browser = demo.browser();
    const page = await toCode(demo, browser, auditor);
    const wrong = await browser.submit(page, { otp: await wrongDeskCode(demo, auditor) });
    expect([wrong.status, wrong.refusal]).to.deep.equal([422, 'otp-wrong']);
    expect(wrong.text()).to.include('4');
    const form = await browser.submit(wrong, { otp: '12345678' });
    expect([form.status, form.refusal]).to.deep.equal([422, 'form']);
    const otp = await freshDeskCode(demo, auditor);
    expect((await browser.submit(wrong, { otp })).screen).to.equal('HDK001');
    const other = demo.browser();
    const used = await other.submit(await toCode(demo, other, auditor), { otp });
    expect([used.status, used.refusal]).to.deep.equal([422, 'otp-used']);
  });

  it('gives up what was proven with 中止する', async () => {
    const browser = demo.browser();
    const page = await toCode(demo, browser, clerk);
    const left = await browser.submit(page, {}, 'cancel');
    expect(left.screen).to.equal('HDK003');
    expect(cookieOf(browser)).to.equal('');
    expect((await browser.submit(page, { otp: await freshDeskCode(demo, clerk) })).screen).to.equal('HDK003');
  });

  it('gives the browser a new value with every step, and forgets it at the end', async () => {
    const browser = demo.browser();
    const page = await toCode(demo, browser, clerk);
    const attempt = cookieOf(browser);
    const desk = await browser.submit(page, { otp: await freshDeskCode(demo, clerk) });
    const session = cookieOf(browser);
    expect(attempt).to.have.length(43).and.not.to.equal(session);
    const token = /name="csrf" value="([^"]+)"/.exec(desk.html)?.[1] ?? '';
    const out = await browser.post(at('/helpdesk/sign-out'), `csrf=${token}&action=logout`);
    expect(out.screen).to.equal('HDK003');
    expect(out.text()).to.include('ログアウトしました。');
    expect(cookieOf(browser)).to.equal('');
    browser.setCookie('renkei_operator', session);
    expect((await browser.open(at('/helpdesk'))).screen).to.equal('HDK003');
  });

  it('ends after 15 minutes alone, tells so once, and leads back to the page', async () => {
    const browser = demo.browser();
    await enterDesk(demo, browser, clerk);
    await demo.forward(14 * 60);
    expect((await browser.open(at('/helpdesk'))).screen).to.equal('HDK001');
    await demo.forward(15 * 60);
    const ended = await browser.open(at('/helpdesk/tokens?q=4'));
    expect([ended.screen, ended.status]).to.deep.equal(['OUT003', 200]);
    const again = await browser.submit(ended, {});
    expect(again.screen).to.equal('HDK003');
    const asked = await browser.submit(again, { login_id: clerk.login_id, password: clerk.password });
    const back = await browser.submit(asked, { otp: await freshDeskCode(demo, clerk) });
    expect(back.url).to.equal(at('/helpdesk/tokens?q=4'));
  });

  it('has a new operator choose a password and register an authenticator, shown once, before anything else', async function () {
    this.timeout(60_000);
    const fresh = freshOperator();
    const browser = demo.browser();
    const password = await toCode(demo, browser, fresh);
    expect([password.screen, pathOf(password)]).to.deep.equal(['HDK004', '/helpdesk/sign-in/password']);
    for (const path of ['', '/sign-in/token', '/sign-in/otp'])
      expect(pathOf(await browser.open(at(`/helpdesk${path}`)))).to.equal('/helpdesk/sign-in/password');
    const choose = (candidate: string, again = candidate): Promise<Page> =>
      browser.submit(password, { new_password: candidate, new_password_again: again });
    for (const [candidate, again] of [
      [fresh.password, fresh.password],
      ['short1', 'short1'],
      ['Shinjin01', 'Shinjin02'],
      [fresh.login_id, fresh.login_id],
    ] as const) {
      const told = await choose(candidate, again);
      expect([told.status, told.refusal, pathOf(told)]).to.deep.equal([422, 'form', '/helpdesk/sign-in/password']);
      expect(told.html).not.to.include(`value="${candidate}"`);
    }
    const token = await choose('Hajimete9');
    expect([token.screen, pathOf(token)]).to.deep.equal(['HDK004', '/helpdesk/sign-in/token']);
    const secret = keyOn(token);
    expect(secret).to.match(/^[A-Z2-7]{32}$/);
    expect(keyOn(await browser.open(at('/helpdesk/sign-in/token')))).to.equal('');
    const anew = await browser.submit(token, {}, 'restart_issue');
    const other = keyOn(anew);
    expect(other)
      .to.match(/^[A-Z2-7]{32}$/)
      .and.not.to.equal(secret);
    const old = await browser.submit(anew, { otp: await freshDeskCode(demo, { secret }) });
    expect([old.status, old.refusal]).to.deep.equal([422, 'otp-wrong']);
    const desk = await browser.submit(anew, { otp: await freshDeskCode(demo, { secret: other }) });
    expect([desk.screen, desk.status]).to.deep.equal(['HDK001', 200]);
    // The issued password is no more; the next sign-in asks for the code alone.
    const issued = await toCode(demo, demo.browser(), fresh);
    expect([issued.screen, issued.refusal]).to.deep.equal(['HDK003', 'credentials']);
    const later = await enterDesk(demo, demo.browser(), { ...fresh, password: 'Hajimete9', secret: other });
    expect(later.screen).to.equal('HDK001');
  });

  it('stops the one-time password with the fifth wrong code, tells so only after the right password', async function () {
    this.timeout(60_000);
    const browser = demo.browser();
    let page = await toCode(demo, browser, second);
    const otp = await wrongDeskCode(demo, second);
    for (let miss = 1; miss <= 4; miss += 1) page = await browser.submit(page, { otp });
    expect(page.refusal).to.equal('otp-wrong');
    page = await browser.submit(page, { otp });
    expect([page.status, page.screen, page.refusal]).to.deep.equal([403, 'HDK004', 'otp-stopped']);
    expect((await browser.open(at('/helpdesk'))).screen).to.equal('HDK003');
    const told = await toCode(demo, browser, second);
    expect([told.status, told.refusal]).to.deep.equal([403, 'otp-stopped']);
  });

  it('answers an address that is none with a page, and lets auditors read', async () => {
    const browser = demo.browser();
    const desk = await enterDesk(demo, browser, auditor);
    expect(desk.html).to.include('>監査<');
    const none = await browser.open(at('/helpdesk/no-such-page'));
    expect([none.status, none.screen]).to.deep.equal([404, 'REF024']);
  });

  it('speaks English too', async () => {
    const browser = demo.browser();
    browser.setCookie('renkei_language', 'en');
    expect((await browser.open(at('/helpdesk'))).text()).to.include('Operator sign-in');
    expect((await enterDesk(demo, browser, clerk)).html).to.include('>clerk<');
  });
});
