// Rows 11 and 14 of the sign-in table for software tokens: the pages of an issue at a sign-in, what leads around none of them,
// and every dated wait. Over HTTP, with a telephone that knows the documented service and RFC 6238 alone.
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { directly, startDemo, throughBusinessDirect, type Demo } from '../support/demo-process.ts';
import { ownCode, scriptPhone } from '../support/phone.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { alertOf, hasButton, hasField, mailedCode, overlay, shownValue, soon } from '../support/walks.ts';

const acr = (page: Page): unknown => page.json('claims')?.['acr'];
const hour = 3_600_000;
const phone = (n: string): string => `${n}@mobile.example.jp`;

describe('a software token at a sign-in', () => {
  let demo: Demo;

  before(async function () {
    this.timeout(120_000);
    const revoke = { proof: 'confirmation', wait: { after: '20m', nightFrom: '20:50', nightUntil: '08:10' } };
    demo = await startDemo('real', { env: { RENKEI_CONFIG: overlay({ 'policy.yaml': { revoke } }) } });
  });
  after(async () => {
    await demo?.stop();
  });

  /** Changes somebody's row, as an act of another day has. Moments are milliseconds. */
  async function become(person: DemoPerson, columns: Readonly<Record<string, number | null>>): Promise<void> {
    for (const [column, at] of Object.entries(columns))
      await sql(demo, `update account set ${column} = $2 where login_name = $1`, [person.login_id, at]);
  }

  /** Takes a demo person's token away, so that one is to be issued; whoever waits for nothing afterwards. */
  async function without(loginId: string): Promise<DemoPerson> {
    const person = demo.person(loginId);
    const open = `account_id = (select id from account where login_name = $1) and ended_at is null`;
    const now = await demo.now();
    await sql(demo, `update token_holder set ended_at = $2, ended_why = 'revoked' where ${open}`, [loginId, now]);
    await sql(demo, `update token_issue set ended_at = $2, ended_why = 'cancelled' where ${open}`, [loginId, now]);
    await become(person, { otp_stopped_at: null, token_lost_at: null, email_changed_at: null, waits_until: null });
    await demo.forward(3_600);
    return person;
  }

  /** From the choice of the kind to the details. */
  async function toDetails(browser: ScriptBrowser, person: DemoPerson, first: Page): Promise<Page> {
    expect(first.screen).to.equal('BOT011');
    const sending = await browser.submit(first, { token_kind: 'software' });
    expect(sending.screen).to.equal('BOT012');
    expect(sending.text()).to.include(`${person.email.slice(0, 1)}***@`);
    return browser.submit(sending, {});
  }

  const details = (address: string, digits = '7309'): Record<string, string> => ({
    email: address,
    email_again: address,
    activation_password: digits,
    activation_password_again: digits,
  });

  /** The whole way to BOT003. */
  async function issued(browser: ScriptBrowser, person: DemoPerson, first: Page, digits = '7309'): Promise<Page> {
    const before = await newestCode(person);
    let page = await toDetails(browser, person, first);
    const code = await mailedCode(demo, person.email, before);
    page = await browser.submit(page, details(phone(person.login_id), digits));
    expect(page.screen).to.equal('BOT002');
    return browser.submit(page, { confirmation_password: person.confirmation_password ?? '', email_code: code });
  }

  const newestCode = async (person: DemoPerson): Promise<string | null> =>
    (await demo.mails(person.email))
      .toSorted((a, b) => Number(a.id) - Number(b.id))
      .findLast(({ code }) => code !== null)?.code ?? null;

  const copied = (page: Page): readonly string[] =>
    [...page.html.matchAll(/data-copy="([^"]+)"/g)].map(([, value = '']) => value);

  describe('row 14: the token app', () => {
    it('is issued from page to page, and its first code is this sign-in’s (row 14)', async () => {
      const person = await without('skikuchi63');
      const browser = demo.browser();
      const telephone = scriptPhone(demo);
      let page = await directly(demo, browser, person);
      expect(hasButton(page, 'skip_registration')).to.equal(false);
      expect(await browser.submit(page, {}), 'nothing chosen').to.include({ status: 422, refusal: 'form' });
      page = await toDetails(browser, person, page);
      const code = await mailedCode(demo, person.email);

      const typed = { ...details(phone('sayaka')), email_again: phone('sayako'), activation_password: '1234' };
      page = await browser.submit(page, typed);
      expect(page).to.include({ status: 422, screen: 'BOT001', refusal: 'form' });
      expect(alertOf(page)).to.include('2つのメールアドレスが一致していません').and.include('推測されやすい番号です');
      expect([shownValue(page, 'email'), shownValue(page, 'email_again')]).to.deep.equal([
        phone('sayaka'),
        phone('sayako'),
      ]);
      expect(shownValue(page, 'activation_password')).to.equal('');

      page = await browser.submit(page, details(phone('sayaka')));
      expect(page.screen).to.equal('BOT002');
      expect(page.text()).to.include(phone('sayaka'));
      expect(page.html).not.to.include('7309');
      page = await browser.submit(page, {}, 'back');
      expect([page.screen, shownValue(page, 'email'), shownValue(page, 'activation_password')]).to.deep.equal([
        'BOT001',
        phone('sayaka'),
        '',
      ]);
      page = await browser.submit(page, details(phone('sayaka')));

      page = await browser.submit(page, { confirmation_password: '', email_code: '123456' });
      expect(alertOf(page)).to.include('確認用パスワードを入力してください').and.include('8桁');
      page = await browser.submit(page, { confirmation_password: person.password, email_code: code });
      expect(page).to.include({ status: 422, screen: 'BOT002', refusal: 'credentials' });
      expect(alertOf(page)).to.include('あと4回で一時利用停止');
      const right = { confirmation_password: person.confirmation_password ?? '' };
      page = await browser.submit(page, { ...right, email_code: '00000000' });
      expect(alertOf(page)).to.include('あと4回入力できます');
      const check = page;
      page = await browser.submit(page, { ...right, email_code: code });
      expect(page.screen).to.equal('BOT003');
      expect(page.headers.get('cache-control')).to.include('no-store');
      const [serviceId = '', userId = ''] = copied(page);
      expect(userId).to.match(/^[0-9A-Z]{12}$/);
      expect(page.html).to.include(`${demo.gateway}/token-app`).and.include('class="qr"');
      expect((await browser.open(page.url)).screen, 'looked at again').to.equal('BOT003');
      expect((await browser.submit(check, { ...right, email_code: code })).screen, 'pressed again').to.equal('BOT003');

      const [mail] = await soon(
        () => demo.mails(phone('sayaka')),
        (seen) => seen.length > 0,
      );
      expect(mail?.text).to.include(serviceId).and.include(`${demo.gateway}/token-app`).and.not.include('7309');
      expect(await telephone.add({ serviceId, userId, activation: '7309' })).to.equal(true);
      page = await browser.submit(page, {});
      expect(page.screen).to.equal('BOT004');
      page = await browser.submit(page, { otp: ownWrong(await telephone.code(userId)) });
      expect(page).to.include({ status: 422, refusal: 'otp-wrong' });
      expect(alertOf(page)).to.include('あと4回で利用停止');
      page = await browser.submit(page, { otp: await telephone.code(userId) });
      expect([page.screen, acr(page)]).to.deep.equal(['PTL002', 'urn:renkei:acr:password-otp']);

      const later = demo.browser();
      page = await directly(demo, later, person);
      expect(page.screen, 'the skip is not offered on this route').to.equal('OTP002');
      expect(await later.submit(page, { otp: await telephone.code(userId) }), 'the code that activated').to.include({
        refusal: 'otp-used',
      });
      await demo.forward(60);
      expect((await later.submit(page, { otp: await telephone.code(userId) })).screen).to.equal('PTL002');
      for (const secret of ['7309', code, userId]) expect(demo.log(), secret).not.to.include(secret);
    });

    it('goes on the next day where it was left, by either route, and can be begun anew (row 14)', async () => {
      const person = await without('dueno84');
      const first = demo.browser();
      let page = await issued(first, person, await directly(demo, first, person));
      const [serviceId = '', userId = ''] = copied(page);
      await demo.forward(20 * 3_600);
      const browser = demo.browser();
      page = await throughBusinessDirect(demo, browser, person);
      expect(page.screen).to.equal('BOT004');
      expect(page.html, 'the address is masked on another day').not.to.include(phone(person.login_id));
      expect((await browser.submit(page, {}, 'resend')).screen).to.equal('BOT004');
      expect(
        await soon(
          () => demo.mails(phone(person.login_id)),
          (seen) => seen.length === 2,
        ),
      ).to.have.length(2);
      expect(alertOf(await browser.submit(page, {}, 'resend'))).to.include('送信の上限');

      page = await browser.submit(page, {}, 'restart_issue');
      expect(page.screen).to.equal('BOT011');
      expect(await scriptPhone(demo).add({ serviceId, userId, activation: '7309' }), 'the former issue').to.equal(
        false,
      );
      page = await issued(browser, person, page, '4186');
      const [, again = ''] = copied(page);
      expect(again).not.to.equal(userId);
      const telephone = scriptPhone(demo);
      expect(await telephone.add({ serviceId, userId: again, activation: '4186' })).to.equal(true);
      page = await browser.submit(page, {});
      page = await browser.submit(page, { otp: await telephone.code(again) });
      expect(acr(page)).to.equal('urn:renkei:acr:federated-otp');
    });

    it('lapses after 72 hours and is voided by five wrong activation passwords, and says so (row 14)', async () => {
      const person = await without('mhirano27');
      let browser = demo.browser();
      let page = await issued(browser, person, await directly(demo, browser, person));
      await demo.forward(73 * 3_600);
      browser = demo.browser();
      page = await directly(demo, browser, person);
      expect(page.screen).to.equal('BOT011');
      expect(page.text()).to.include('72時間以内に初期設定が完了しなかった');
      page = await issued(browser, person, page);
      const [serviceId = '', userId = ''] = copied(page);
      for (let n = 0; n < 5; n += 1)
        expect(await scriptPhone(demo).add({ serviceId, userId, activation: '9999' })).to.equal(false);
      page = await browser.submit(page, {});
      expect(page.screen, 'what was entered is gone with the issue').to.equal('BOT011');
      expect(page.text()).to.include('利用開始パスワードを確認できない入力が続いた');
    });

    it('leads around no page by an address or a post, nor in another browser (row 14)', async () => {
      const person = await without('skikuchi63');
      const browser = demo.browser();
      const page = await directly(demo, browser, person);
      const at = page.url.replace(/\/[^/]*$/, '');
      for (const slug of [
        'issue-token',
        'issue-token-check',
        'issue-token-done',
        'activate-token',
        'authenticator-qr',
      ]) {
        const address = `${at}/${slug}`;
        expect((await browser.open(address)).screen, slug).to.equal('BOT011');
        const posted = await browser.submit(
          { ...page, url: address, html: page.html.replace(/action="[^"]*"/, '') },
          {
            ...details(phone('x')),
            confirmation_password: person.confirmation_password ?? '',
            email_code: '00000000',
            otp: '123456',
          },
        );
        expect(posted.screen, `${slug}, posted`).to.equal('BOT011');
      }
      const sending = await browser.submit(page, { token_kind: 'software' });
      expect((await demo.browser().open(sending.url)).refusal).to.equal('start-over');
      expect((await browser.submit(page, { token_kind: 'hardware' })).screen, 'what is not offered').to.equal('BOT012');
    });
  });

  describe('row 14: a standard authenticator', () => {
    it('is shown its key once, and its code is this sign-in’s (row 14)', async () => {
      const person = await without('skikuchi63');
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      const before = await newestCode(person);
      page = await browser.submit(await browser.submit(page, { token_kind: 'authenticator' }), {});
      expect([page.screen, hasField(page, 'otp')]).to.deep.equal(['BOT005', false]);
      const code = await mailedCode(demo, person.email, before);
      const proof = { confirmation_password: person.confirmation_password ?? '', email_code: code };
      page = await browser.submit(page, proof);
      expect([page.screen, hasField(page, 'email_code')]).to.deep.equal(['BOT005', false]);
      expect(page.headers.get('cache-control')).to.include('no-store');
      const [key = ''] = copied(page);
      expect(key).to.match(/^[A-Z2-7]{32,}$/);
      const link = decodeURIComponent(/href="(otpauth:[^"]+)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&') ?? '');
      expect(link).to.match(/^otpauth:\/\/totp\/Webサービス:skikuchi63\?secret=/);
      expect(link).to.include(`secret=${key}`).and.include('algorithm=SHA1&digits=6&period=60');

      const again = await browser.open(page.url);
      expect([again.screen, again.html.includes(key), again.html.includes('otpauth:')]).to.deep.equal([
        'BOT005',
        false,
        false,
      ]);
      const other = demo.browser();
      const elsewhere = await directly(demo, other, person);
      expect([elsewhere.screen, elsewhere.html.includes('otpauth:')]).to.deep.equal(['BOT005', false]);
      page = await browser.submit(again, {
        otp: ownCode({ secret: key, algorithm: 'SHA1', digits: 6, period: 60 }, await demo.now()),
      });
      expect(acr(page)).to.equal('urn:renkei:acr:password-otp');
      expect((await other.submit(elsewhere, { otp: '123456' })).refusal, 'the other attempt is void').to.equal(
        'conflict',
      );
      expect(demo.log()).not.to.include(key);
    });
  });

  describe('row 14: a company with both', () => {
    it('begins at the key-fob, offers the app and the way back, and can be put off in its grace (row 14)', async () => {
      const person = demo.person('akatayama72');
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      expect([page.screen, hasButton(page, 'software')]).to.deep.equal(['TKN001', true]);
      page = await browser.submit(page, {}, 'software');
      expect(page.screen).to.equal('BOT011');
      page = await browser.submit(page, { token_kind: 'software' });
      expect(page.screen).to.equal('BOT012');
      page = await browser.submit(page, {}, 'back');
      expect(page.screen).to.equal('BOT011');
      page = await browser.submit(page, { token_kind: 'hardware' });
      expect(page.screen).to.equal('TKN001');
      expect((await browser.submit(page, {}, 'skip_registration')).screen).to.equal('PTL002');
    });

    it('asks an e-mail code too after one’s own loss report (row 14, moment 4)', async () => {
      const person = demo.person('skawai35');
      await become(person, { token_lost_at: await demo.now() });
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      expect([page.screen, hasButton(page, 'software')]).to.deep.equal(['BOT012', true]);
      page = await browser.submit(page, {});
      expect([page.screen, hasField(page, 'email_code')]).to.deep.equal(['TKN001', true]);
      const email_code = await mailedCode(demo, person.email);
      const serial = person.otp?.serial ?? '';
      const otp = await demo.code(person);
      expect(alertOf(await browser.submit(page, { serial, otp }))).to.include('メール通知パスワードを入力してください');
      page = await browser.submit(page, { serial, otp, email_code: '00000000' });
      expect(page).to.include({ status: 422, refusal: 'credentials' });
      page = await browser.submit(page, { serial, otp: '000000', email_code });
      expect(page).to.include({ status: 422, refusal: 'otp-wrong' });
      page = await browser.submit(page, { serial, otp, email_code });
      expect(acr(page)).to.equal('urn:renkei:acr:password-otp');
    });
  });

  describe('row 11: every dated wait', () => {
    it('names a revocation with its moment, and the night where it fell into it (row 11, moment 8)', async () => {
      const person = await without('mhirano27');
      const from = evening(await demo.now());
      await become(person, { waits_from: from, waits_until: morning(from) });
      const browser = demo.browser();
      const page = await directly(demo, browser, person);
      expect(page).to.include({ status: 200, screen: 'WAI001', refusal: 'waiting' });
      expect(page.text()).to.match(/\d+月\d+日\(.\) 8:10 ?からログインできます/);
      expect(page.text())
        .to.match(/21:15 ?にトークンを失効したためです/)
        .and.include('夜間(20:50〜8:10)');
      const left = (await browser.submit(page, {}, 'cancel')).json('error');
      expect(left).to.include({ error: 'unmet_authentication_requirements' });
      expect(String(left?.['error_description'])).to.match(/T08:10:00\+09:00/);
      await become(person, { waits_from: null, waits_until: null });
    });

    it('waits for a changed address where nothing but an app leads on, until the very day after (row 11)', async () => {
      const person = await without('mhirano27');
      await become(person, { email_changed_at: await demo.now() });
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      expect(page).to.include({ screen: 'WAI001', refusal: 'waiting' });
      expect(page.text()).to.include('変更後のメールアドレスへは');
      await demo.forward(23 * 3_600);
      expect((await browser.open(page.url)).screen, 'the attempt is over').to.equal('REF001');
      page = await directly(demo, demo.browser(), person);
      expect(page.screen).to.equal('WAI001');
      await demo.forward(3_600);
      expect((await directly(demo, demo.browser(), person)).screen).to.equal('BOT011');
    });

    it('waits for the takeover guard, and a key-fob’s registration does not (row 11)', async () => {
      const person = await without('mhirano27');
      const now = await demo.now();
      await become(person, { email_by_other_at: now - hour, password_by_other_at: now - 2 * hour });
      const page = await directly(demo, demo.browser(), person);
      expect(page.screen).to.equal('WAI001');
      expect(page.text()).to.include('ご本人以外により続けて変更');
      const both = demo.person('akatayama72');
      await become(both, { email_by_other_at: now - hour, password_by_other_at: now - 2 * hour });
      const browser = demo.browser();
      const fob = await directly(demo, browser, both);
      expect(fob.screen).to.equal('TKN001');
      const sending = await browser.submit(await browser.submit(fob, {}, 'software'), { token_kind: 'software' });
      expect(sending.text()).to.include('トークンを発行できます');
      expect(hasButton(sending, 'retry'), 'nothing is sent').to.equal(true);
      await become(person, { email_by_other_at: null, password_by_other_at: null });
    });
  });
});

const ownWrong = (code: string): string => (code === '000000' ? '111111' : '000000');

/** 21:15 of the day before, in Japan. */
const evening = (now: number): number =>
  Math.floor((now + 9 * hour) / (24 * hour)) * 24 * hour - 9 * hour - 2.75 * hour;
/** The next 8:10 that has not passed for a test: of two days later. */
const morning = (from: number): number => from + 10 * hour + 55 * 60_000 + 48 * hour;

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
