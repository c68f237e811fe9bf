// What is typed or sent wrongly, over HTTP: a message at the field, nothing typed lost but secrets, nothing counted as a guess
// when it cannot be one; and what no page of ours would send is not understood, with nothing done.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, directly, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import { mainForm, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { alertOf, enterOwnPages, get, mailedCode, nextCode, shownValue } from '../support/walks.ts';

const fullWidth = (value: string): string =>
  value.replace(/[!-~]/g, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0));

const long = 'a1'.repeat(150);
const bell = 'abc\u0007123';

/** What cannot be right by its form, by the kind of field, with the words that the field is given. */
const faults = {
  id: [
    ['', 'を入力してください'],
    [long, '文字以内で入力してください'],
    [bell, '使用できない文字が含まれています'],
    ['abc\u202e123', '使用できない文字が含まれています'],
  ],
  password: [
    ['', 'を入力してください'],
    [long, '文字以内で入力してください'],
    [bell, '使用できない文字が含まれています'],
    [fullWidth('Komorebi834'), '全角の文字が含まれています'],
  ],
  code: [
    ['', 'を入力してください'],
    ['12345', '6桁の数字を入力してください'],
    ['abcdef', '6桁の数字を入力してください'],
    ['12345678', 'メール通知パスワードは8桁、トークンのコードは6桁です'],
    ['1'.repeat(300), '文字以内で入力してください'],
    ['123\u0007456', '使用できない文字が含まれています'],
  ],
} as const;

type Kind = keyof typeof faults;

describe('wrong input', () => {
  let demo: Demo;

  before(async function () {
    this.timeout(120_000);
    demo = await startDemo('real');
  });
  after(() => demo?.stop());

  /** The message at a field: the element that the field's aria-describedby names as its error. */
  function messageAt(page: Page, field: string): string {
    const input =
      [...page.html.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag).find((tag) => tag.includes(`name="${field}"`)) ??
      '';
    if (!input.includes('aria-invalid="true"')) return '';
    const ids = /aria-describedby="([^"]*)"/.exec(input)?.[1]?.split(' ') ?? [];
    return ids
      .map((id) => new RegExp(`id="${id}"[^>]*>([\\s\\S]*?)</(?:p|div|span)>`).exec(page.html)?.[1] ?? '')
      .join(' ');
  }

  /** Submits each fault of one field, beside right values, and judges the answer. */
  async function tryFaults(
    browser: ScriptBrowser,
    start: Page,
    field: string,
    kind: Kind,
    others: Readonly<Record<string, string>>,
    action = '',
  ): Promise<Page> {
    let page = start;
    for (const [typed, says] of faults[kind]) {
      const what = `${start.screen} ${field} = ${JSON.stringify(typed.slice(0, 12))}`;
      page = await browser.submit(page, { ...others, [field]: typed }, action);
      expect(page, what).to.include({ status: 422, screen: start.screen, refusal: 'form' });
      expect(alertOf(page), what)
        .to.include('入力内容をご確認ください')
        .and.to.include(says)
        .and.to.match(/お問い合わせ番号/);
      expect(messageAt(page, field), what).to.include(says);
      expect(page.html.match(/<title>([^<]*)/)?.[1], what).to.match(/^エラー: /);
      const kept = shownValue(page, field);
      expect(kept, what).to.equal(kind === 'id' ? typed : '');
    }
    return page;
  }

  const login = ({ login_id, password }: DemoPerson) => ({ login_id, password });

  describe('in a field', () => {
    it('of the direct sign-in is told there, keeps the ID, and never counts: after fifteen of them the right pair is taken', async () => {
      const person = demo.person('ntakahashi14');
      const browser = demo.browser();
      let page = await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login');
      page = await browser.submit(page, {}, 'direct');
      page = await tryFaults(browser, page, 'login_id', 'id', login(person));
      for (let round = 0; round < 3; round += 1)
        page = await tryFaults(browser, page, 'password', 'password', login(person));
      expect(shownValue(page, 'login_id')).to.equal(person.login_id);
      const both = await browser.submit(page, { login_id: '', password: '' });
      expect(alertOf(both), 'all mistakes at once')
        .to.include('ログインIDを入力')
        .and.to.include('ログインパスワードを入力');
      expect((await browser.submit(both, { ...login(person), login_id: fullWidth(person.login_id) })).screen).to.equal(
        'OTP002',
      );
    });

    it('of the first-link check counts neither for the person nor for the Business Direct ID', async () => {
      const person = demo.person('ywatanabe85');
      const browser = demo.browser();
      let page = await throughBusinessDirect(demo, browser, person);
      page = await tryFaults(browser, page, 'login_id', 'id', login(person));
      for (let round = 0; round < 3; round += 1)
        page = await tryFaults(browser, page, 'password', 'password', login(person));
      expect(
        (await browser.submit(page, { ...login(person), login_id: ` ${person.login_id.toUpperCase()} ` })).screen,
      ).to.equal('OTP001');
    });

    it('of the code says how many digits, never counts, and a full-width code with a space is taken', async () => {
      const person = demo.person('ywatanabe85');
      const browser = demo.browser();
      let page = await throughBusinessDirect(demo, browser, person);
      page = await browser.submit(page, login(person));
      page = await tryFaults(browser, page, 'otp', 'code', { remember: 'on' });
      expect(page.html, 'the tick stays').to.match(
        /<input[^>]*name="remember"[^>]*checked|<input[^>]*checked[^>]*name="remember"/,
      );
      const code = fullWidth(await nextCode(demo, person));
      expect((await browser.submit(page, { otp: `${code.slice(0, 3)} ${code.slice(3)}` })).screen).to.equal('PTL002');
    });

    it('of the two codes that repair a token is told at the one that has it', async () => {
      const person = demo.person('dyamamoto47');
      const browser = demo.browser();
      let page = await browser.submit(await directly(demo, browser, person), {}, 'resync');
      expect(page.screen).to.equal('OTP003');
      page = await tryFaults(browser, page, 'otp', 'code', { otp_next: '123456' });
      page = await tryFaults(browser, page, 'otp_next', 'code', { otp: '123456' });
      page = await browser.submit(page, {}, 'back');
      expect((await browser.submit(page, { otp: await nextCode(demo, person) })).screen).to.equal('PTL002');
    });

    it('of the first-time setup is told before anything is stored', async function () {
      this.timeout(60_000);
      const person = demo.person('880654614');
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      page = await tryFaults(browser, page, 'new_login_id', 'id', {});
      for (const [typed, says] of [
        ['abc', '6〜12桁で入力してください'],
        ['abcdefghijklm', '6〜12桁で入力してください'],
        ['123456789', '数字9桁のログインIDは使えません'],
        ['みらい2411', '使用できない文字が含まれています'],
        ['ksato82', 'このログインIDは使用できません'],
        ['KSATO82', 'このログインIDは使用できません'],
      ] as const) {
        page = await browser.submit(page, { new_login_id: typed });
        expect(page, typed).to.include({ status: 422, screen: 'SET001', refusal: 'form' });
        expect(messageAt(page, 'new_login_id'), typed).to.include(says);
        expect(shownValue(page, 'new_login_id')).to.equal(typed);
      }
      page = await browser.submit(page, { new_login_id: fullWidth('mirai880') });
      expect(page.text(), 'full-width letters become half-width').to.include('mirai880');

      const again = { new_password_again: 'Akebono313' };
      page = await tryFaults(browser, page, 'new_password', 'password', again);
      for (const [typed, repeated, field, says] of [
        ['Ake31', 'Ake31', 'new_password', '8〜12桁で入力してください'],
        ['Akebono313Akebono', 'Akebono313Akebono', 'new_password', '8〜12桁で入力してください'],
        ['akebonoaka', 'akebonoaka', 'new_password', '英字と数字を両方含めてください'],
        ['mirai880', 'mirai880', 'new_password', 'ログインIDと同じ文字列は使えません'],
        [person.password, person.password, 'new_password', '通知されたパスワードと同じものは使えません'],
        ['Akebono313', 'Akebono314', 'new_password_again', '2つの入力が一致していません'],
      ] as const) {
        page = await browser.submit(page, { new_password: typed, new_password_again: repeated });
        expect(page, typed).to.include({ status: 422, screen: 'SET002', refusal: 'form' });
        expect(messageAt(page, field), typed).to.include(says);
        expect(page.html, 'never echoed').not.to.include(`value="${typed}"`);
      }
      page = await browser.submit(page, { new_password: 'Akebono313', new_password_again: 'Akebono313' });
      expect(page.screen).to.equal('SET003');
      page = await tryFaults(browser, page, 'new_confirmation_password', 'password', {
        new_confirmation_password_again: 'Hoshino929',
      });
      page = await browser.submit(page, {
        new_confirmation_password: 'Akebono313',
        new_confirmation_password_again: 'Akebono313',
      });
      expect(messageAt(page, 'new_confirmation_password')).to.include('別々のものを設定してください');
      page = await browser.submit(page, {
        new_confirmation_password: 'Hoshino929',
        new_confirmation_password_again: 'Hoshino929',
      });
      expect(page.screen).to.equal('SET004');
    });

    it('of the e-mail address and its code is told at the field, and a mistyped code keeps its tries', async function () {
      this.timeout(60_000);
      const person = { ...demo.person('880654614'), login_id: 'mirai880', password: 'Akebono313' };
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      expect(page.screen).to.equal('SET004');
      for (const typed of [
        '',
        'no-at-sign',
        'a@b',
        'a@example.co.jp,b@example.co.jp',
        'a@example.co.jp\r\nBcc: b@example.co.jp',
        fullWidth(person.email),
        `${'a'.repeat(260)}@example.co.jp`,
      ]) {
        page = await browser.submit(page, { email: typed });
        expect(page, typed.slice(0, 20)).to.include({ status: 422, screen: 'SET004', refusal: 'form' });
        expect(messageAt(page, 'email'), typed.slice(0, 20)).not.to.equal('');
      }
      page = await browser.submit(page, { email: person.email });
      expect(page.screen).to.equal('SET005');
      const code = await mailedCode(demo, person.email);
      for (const typed of ['', '1234567', '123456', 'abcdefgh', '9'.repeat(300), '1234\u00075678']) {
        page = await browser.submit(page, { email_code: typed });
        expect(page, typed.slice(0, 20)).to.include({ status: 422, screen: 'SET005', refusal: 'form' });
        expect(messageAt(page, 'email_code')).not.to.equal('');
      }
      const other = code === '00000000' ? '11111111' : '00000000';
      page = await browser.submit(page, { email_code: other });
      expect(page.refusal, 'a wrong one is').to.equal('credentials');
      expect(alertOf(page)).to.include('あと4回入力できます');
      page = await browser.submit(page, { email_code: fullWidth(`${code.slice(0, 4)} ${code.slice(4)}`) });
      expect(page.screen).to.equal('TKN001');
    });

    it("of a token's registration is told at the field and never counts", async () => {
      const person = demo.person('yogawa62');
      const serial = person.otp?.serial ?? '';
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      page = await tryFaults(browser, page, 'serial', 'id', { otp: '123456' });
      page = await tryFaults(browser, page, 'otp', 'code', { serial });
      expect(shownValue(page, 'serial')).to.equal(serial);
      page = await browser.submit(page, { serial: fullWidth(serial), otp: await nextCode(demo, person) });
      expect(page.screen).to.equal('PTL002');
    });

    it('of a due password change never counts, and nothing is changed until all of it is right', async () => {
      const person = demo.person('mkato99');
      const browser = demo.browser();
      let page = await directly(demo, browser, person);
      page = await browser.submit(page, { otp: await nextCode(demo, person) });
      const right = { password: person.password, new_password: 'Aozora5521', new_password_again: 'Aozora5521' };
      for (let round = 0; round < 2; round += 1) page = await tryFaults(browser, page, 'password', 'password', right);
      page = await tryFaults(browser, page, 'new_password', 'password', right);
      expect((await browser.submit(page, right)).screen).to.equal('PWC003');
    });

    it("of the proof for an act in the company's console never counts, and nobody is unlinked", async () => {
      const admin = demo.person('msuzuki14');
      const browser = demo.browser();
      let page = await enterOwnPages(demo, browser, admin, '/company/people/links', 'direct');
      const linked = page.html.split(/<tr\b/).find((row) => row.includes(demo.person('rhashimoto46').name)) ?? '';
      const id = /data-account="([^"]+)"/.exec(linked)?.[1] ?? '';
      page = await browser.submit(page, { people: [] }, 'unlink');
      expect(page).to.include({ status: 422, screen: 'CON070', refusal: 'form' });
      page = await browser.submit(page, { people: [id] }, 'unlink');
      expect(page.screen).to.equal('CON071');
      const right = { confirmation_password: admin.confirmation_password ?? '', otp: '123456' };
      for (let round = 0; round < 2; round += 1)
        page = await tryFaults(browser, page, 'confirmation_password', 'password', right);
      page = await tryFaults(browser, page, 'otp', 'code', right);
      page = await browser.submit(page, { ...right, otp: fullWidth(await nextCode(demo, admin)) });
      expect(page.screen).to.equal('CON072');
    });
  });

  describe('in what is sent', () => {
    let browser: ScriptBrowser;
    let page: Page;
    let person: DemoPerson;
    let right: URLSearchParams;

    before(async () => {
      browser = demo.browser();
      person = demo.person('sabe89');
      page = await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login');
      page = await browser.submit(page, {}, 'direct');
      right = new URLSearchParams([
        ...mainForm(page.html).hidden,
        ['login_id', person.login_id],
        ['password', person.password],
      ]);
    });

    /** The right form, with other fields. */
    const body = (change: (form: URLSearchParams) => void): string => {
      const form = new URLSearchParams(right);
      change(form);
      return form.toString();
    };
    const form = 'application/x-www-form-urlencoded';

    it('as a list, twice, in brackets or under a name of the language is not understood: 400', async () => {
      for (const [what, sent] of [
        ['login_id twice', body((form) => form.append('login_id', 'x'))],
        ['the token twice', body((form) => form.append('csrf', 'x'))],
        ['a list', body((form) => form.append('login_id[]', 'x'))],
        ['an object', body((form) => form.append('login_id[a]', 'x'))],
        ['__proto__', body((form) => form.append('__proto__', 'x'))],
        ['broken UTF-8', `${right.toString()}&q=%FF%FE`],
        [
          'a thousand fields and more',
          body((form) => {
            for (let n = 0; n < 1300; n += 1) form.append(`f${n}`, '');
          }),
        ],
      ] as const) {
        expect(await browser.post(page.url, sent), what).to.include({ status: 400, screen: 'REF025', refusal: 'csrf' });
      }
    });

    it('in another charset or type is not understood: 400', async () => {
      for (const type of [
        `${form}; charset=Shift_JIS`,
        `${form}; charset=utf-16`,
        'application/json',
        'multipart/form-data; boundary=x',
        'text/plain',
        '',
      ]) {
        const answer = await browser.post(page.url, right.toString(), { 'content-type': type });
        expect(answer, type).to.include({ status: 400, screen: 'REF025', refusal: 'csrf' });
      }
      expect((await browser.post(page.url, right.toString(), { 'content-encoding': 'gzip' })).status).to.equal(400);
    });

    it('of more than 16 KiB is too large: 413', async () => {
      const answer = await browser.post(
        page.url,
        body((form) => form.set('password', 'x'.repeat(20_000))),
      );
      expect(answer).to.include({ status: 413, screen: 'REF025', refusal: 'csrf' });
    });

    it("without this browser's token, or with another one's, is refused: 403", async () => {
      const other = demo.browser();
      const foreign = shownValue(await other.submit(await other.open(`${demo.portal}/`), {}, 'login'), 'csrf') ?? '';
      for (const [what, sent] of [
        ['no token', body((form) => form.delete('csrf'))],
        ['an empty token', body((form) => form.set('csrf', ''))],
        ["another browser's token", body((form) => form.set('csrf', foreign))],
        ['no body', ''],
      ] as const) {
        expect(await browser.post(page.url, sent), what).to.include({ status: 403, screen: 'REF025', refusal: 'csrf' });
      }
    });

    it('from another site is refused: 403', async () => {
      for (const headers of [
        { origin: 'https://evil.example' },
        { 'origin': 'null', 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: demo.portal },
      ]) {
        const answer = await browser.post(page.url, right.toString(), headers);
        expect(answer, JSON.stringify(headers)).to.include({ status: 403, screen: 'REF025', refusal: 'csrf' });
      }
    });

    it('under a forged host name is not answered, and no address of ours is built from it', async () => {
      for (const path of ['/', '/.well-known/openid-configuration', '/self-service']) {
        const answer = await get(Number(new URL(demo.gateway).port), path, 'evil.example');
        expect(answer.status, path).to.equal(400);
        expect(`${answer.body} ${answer.headers.location ?? ''}`, path).not.to.include('evil.example');
      }
    });

    it('in an address counts for nothing: what is typed comes in a post', async () => {
      const asked = new URL(page.url);
      asked.search = right.toString();
      const shown = await browser.open(asked.href);
      expect(shown.screen).to.equal('LGN002');
      expect(shownValue(shown, 'login_id')).to.equal('');
    });

    it('has done nothing: the same page takes the right form', async () => {
      expect((await browser.post(page.url, right.toString())).screen).to.equal('OTP002');
    });
  });

  describe('whatever was typed', () => {
    it('leaves no password in the logs', async () => {
      const log = demo.log();
      for (const { password, confirmation_password: confirmation } of demo.people) {
        expect(log).not.to.include(password);
        if (confirmation !== null) expect(log).not.to.include(confirmation);
      }
      expect(log).not.to.include('Akebono313');
    });
  });
});
