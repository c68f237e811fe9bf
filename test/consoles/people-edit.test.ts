// Registering and changing people over real HTTP (CON020–CON034, PRT001): what is issued and shown once, what a new person and
// one with a set password meet at the sign-in, what two administrators do to each other, and what no form can take.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import { root } from '../support/source.ts';
import { mainForm, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { overlay } from '../support/walks.ts';

let demo: Demo;
let portal: OwnPortal;
const at = (path: string): string => `${demo.gateway}${path}`;
const real = (): boolean => demo.stores === 'real';

async function freshCode(person: DemoPerson): Promise<string> {
  await demo.forward(120);
  return demo.code(person);
}

const proofs = async (person: DemoPerson) => ({
  confirmation_password: person.confirmation_password ?? '',
  ...(person.otp ? { otp: await freshCode(person) } : {}),
});

async function signIn(
  browser: ScriptBrowser,
  person: DemoPerson,
  path: string,
  password = person.password,
): Promise<Page> {
  let page = await browser.submit(await browser.open(at(path)), {}, 'direct');
  page = await browser.submit(page, { login_id: person.login_id, password });
  if (page.screen === 'OTP001' || page.screen === 'OTP002')
    page = await browser.submit(page, { otp: await freshCode(person) });
  return page;
}

async function idOf(browser: ScriptBrowser, loginId: string): Promise<string> {
  const { html } = await browser.open(at(`/company/people?per=100&q=${loginId}`));
  const found = [...html.matchAll(/data-account="([^"]+)"[\s\S]*?class="login-id">([^<]+)</g)];
  const id = found.find(([, , name]) => name === loginId)?.[1];
  if (id === undefined) throw new Error(`nobody called ${loginId} in the list`);
  return id;
}

const valuesOf = (html: string, name: string): readonly string[] =>
  [...html.matchAll(new RegExp(`<input type="checkbox"[^>]*name="${name}"[^>]*>`, 'g'))].map(
    ([input]) => /value="([^"]*)"/.exec(input)?.[1] ?? '',
  );
const ticked = (html: string, name: string): readonly string[] =>
  [...html.matchAll(new RegExp(`<input type="checkbox"[^>]*name="${name}"[^>]*>`, 'g'))]
    .filter(([input]) => / checked/.test(input))
    .map(([input]) => /value="([^"]*)"/.exec(input)?.[1] ?? '');

/** What a sheet shows as secrets, groups put together: ID first. */
const secretsOf = ({ html }: Page): readonly string[] =>
  [...html.matchAll(/<span class="secret">([\s\S]*?)<\/span><\/span>/g)].map(([, groups = '']) =>
    groups.replace(/<[^>]+>/g, ''),
  );

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

async function mailTo(address: string, subject: string) {
  for (let round = 0; round < 50; round += 1) {
    const found = (await demo.mails(address)).filter((mail) => mail.subject.includes(subject));
    if (found.length > 0) return found;
    await pause(100);
  }
  return [];
}

/** Walks from the first page to the check page; what is not given is left as it stands. */
async function toCheck(
  browser: ScriptBrowser,
  first: Page,
  given: {
    readonly basics: Readonly<Record<string, string>>;
    readonly rights?: Readonly<Record<string, readonly string[]>>;
    readonly accounts?: readonly string[];
  },
): Promise<Page> {
  let page = await browser.submit(first, given.basics);
  expect(page.screen, page.text()).to.match(/^CON0[23]1$/);
  const rights = given.rights ?? {
    permissions: ticked(page.html, 'permissions'),
    portals: ticked(page.html, 'portals'),
  };
  page = await browser.submit(page, rights);
  expect(page.screen).to.match(/^CON0[23]2$/);
  page = await browser.submit(page, { accounts: given.accounts ?? ticked(page.html, 'accounts') });
  expect(page.screen, page.text()).to.match(/^CON0[23]3$/);
  return page;
}

/** The first page of changing a person, with what stands. */
async function openEdit(
  browser: ScriptBrowser,
  id: string,
): Promise<{ readonly page: Page; readonly basics: Record<string, string> }> {
  const page = await browser.open(at(`/company/people/${id}/edit`));
  expect(page.screen).to.equal('CON030');
  const value = (name: string): string =>
    new RegExp(`<input[^>]* name="${name}"[^>]* value="([^"]*)"`).exec(page.html)?.[1] ?? '';
  const admin = /<input type="radio"[^>]*name="admin"[^>]*value="(grant|none)"[^>]* checked/.exec(page.html)?.[1];
  return {
    page,
    basics: { person_name: value('person_name'), email: value('email'), ...(admin ? { admin } : {}) },
  };
}

for (const stores of ['embedded', 'real'] as const) {
  describe(`people registered and changed on ${stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores'}`, function () {
    this.timeout(60_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      portal = await ownPortal('accounts-portal');
      const config = overlay({ 'portals.yaml': [portal.entry()] });
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1, env: { RENKEI_CONFIG: config } });
    });
    after(async () => {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) return;
      await demo.stop();
      await portal.close();
    });
    registering();
    changing();
    loading();
    guarding();
  });
}

function registering(): void {
  it('registers somebody, shows the password on one sheet once, and mails neither ID nor password', async () => {
    const admin = demo.person('msuzuki14');
    const browser = demo.browser(real());
    const first = await signIn(browser, admin, '/company/people/new');
    expect([first.status, first.screen]).to.deep.equal([200, 'CON020']);
    const wrong = await browser.submit(first, { person_name: '', email: 'nobody', admin: '' });
    expect([wrong.status, wrong.screen, wrong.refusal]).to.deep.equal([422, 'CON020', 'form']);
    expect(wrong.html, 'what was typed stays').to.include('value="nobody"');
    const long = await browser.submit(first, { person_name: '名'.repeat(41), email: 'a@b.example', admin: 'none' });
    expect([long.status, long.text().includes('40文字以内')]).to.deep.equal([422, true]);
    for (const name of ['改\u0007行', 'a\u202Eb', '\u200B\u2060'])
      expect(
        (await browser.submit(first, { person_name: name, email: 'a@b.example', admin: 'none' })).status,
        name,
      ).to.equal(422);

    const basics = { person_name: '新人 👩‍💻 שרה', email: 'shinjin@minato.example.co.jp', admin: 'none' };
    let page = await browser.submit(first, basics);
    expect(page.screen).to.equal('CON021');
    expect(page.text()).to.include('連携先でも利用設定が必要');
    expect(valuesOf(page.html, 'portals')).to.include.members(['accounts-portal', 'demo-portal']);
    const back = await browser.submit(page, { portals: 'accounts-portal' }, 'back');
    expect([back.screen, back.html.includes('shinjin@minato.example.co.jp')]).to.deep.equal(['CON020', true]);
    page = await browser.submit(back, basics);
    expect(ticked(page.html, 'portals'), 'kept on the way back').to.deep.equal(['accounts-portal']);
    page = await browser.submit(page, { permissions: 'view-records', portals: ['accounts-portal'] });
    expect(page.text()).to.include('本店営業部').and.include('港北支店');
    const [one = '', two = ''] = valuesOf(page.html, 'accounts');
    page = await browser.submit(page, { accounts: [one, two] });
    expect([page.screen, page.text().includes('登録後にシステムが発行します')]).to.deep.equal(['CON023', true]);
    expect(page.text()).to.include('新人 👩‍💻 שרה').and.include('連携する').and.include('照会できる');

    const missed = await browser.submit(page, { confirmation_password: admin.password, otp: await freshCode(admin) });
    expect([missed.status, missed.screen, missed.refusal]).to.deep.equal([422, 'CON023', 'credentials']);
    const typed = await proofs(admin);
    const both = await Promise.all([browser.submit(page, typed), browser.clone().submit(page, typed)]);
    expect(both.map(({ screen }) => screen)).to.deep.equal(['CON024', 'CON024']);
    const [result] = both;
    const issued = /<strong>(\d{9})</.exec(result.html)?.[1] ?? '';
    expect(both[1].html).to.include(issued);
    expect(result.text())
      .to.include('利用者を登録しました')
      .and.match(/お問い合わせ番号 [0-9A-Z]{4}-/);
    const list = await browser.open(at('/company/people?q=shinjin&per=100'));
    expect(list.status).to.equal(200);
    const named = await browser.open(at(`/company/people?per=100&q=${encodeURIComponent('新人')}`));
    expect([...named.html.matchAll(/data-account=/g)], 'once').to.have.length(1);
    expect(named.html).to.match(/data-state="new"/);

    expect((await browser.open(`${result.url}/print`)).screen, 'an address shows no secret').to.equal('CON024');
    const sheets = await Promise.all([
      browser.submit(result, {}, 'print'),
      browser.clone().submit(result, {}, 'print'),
    ]);
    expect(sheets.map(({ screen }) => screen)).to.deep.equal(['PRT001', 'PRT001']);
    const shown = sheets.map((sheet) => secretsOf(sheet)).filter((secrets) => secrets.length === 2);
    expect(shown, 'on one of two').to.have.length(1);
    const [loginId = '', password = ''] = shown[0] ?? [];
    expect(loginId).to.equal(issued);
    expect(password).to.match(/^(?=.*\d)(?=.*[A-Za-z])[2-9A-HJ-NP-Za-km-z]{9}$/);
    const again = await browser.submit(result, {}, 'print');
    expect([again.screen, again.html.includes(password), again.text().includes('一度だけ表示しました')]).to.deep.equal([
      'PRT001',
      false,
      true,
    ]);
    const reload = await browser.open(result.url);
    expect([
      reload.screen,
      reload.html.includes(password),
      reload.text().includes('一度だけ表示しました'),
    ]).to.deep.equal(['CON024', false, true]);
    expect(demo.log()).not.to.include(password);
    const [mail] = await mailTo('shinjin@minato.example.co.jp', '利用者登録');
    expect(mail?.text).to.be.a('string').and.not.include(issued).and.not.include(password);

    const theirs = demo.browser(real());
    let step = await theirs.submit(await theirs.open(at('/')), {}, 'direct');
    step = await theirs.submit(step, { login_id: loginId, password });
    expect(step.screen).to.equal('SET001');
    const reused = await browser.submit(page, typed);
    expect(reused.screen, 'the check page sent once more').to.equal('CON024');
  });

  it('lets the new person set up with the issued pair, in a company without one-time passwords', async () => {
    const master = demo.person('okondo31');
    const browser = demo.browser(real());
    const first = await signIn(browser, master, '/company/people/new');
    const check = await toCheck(browser, first, {
      basics: { person_name: '佐野 葵', email: 'asano@sumire.example.co.jp', admin: 'grant' },
    });
    expect(check.html, 'no code without an application').not.to.include('name="otp"');
    expect(check.text()).to.include('管理者ユーザ').and.include('なし');
    const result = await browser.submit(check, await proofs(master));
    const [loginId = '', password = ''] = secretsOf(await browser.submit(result, {}, 'print'));

    const theirs = demo.browser(real());
    let page = await theirs.submit(await theirs.open(at('/company')), {}, 'direct');
    page = await theirs.submit(page, { login_id: loginId, password });
    page = await theirs.submit(page, { new_login_id: 'asano77' });
    expect(page.screen).to.equal('SET002');
    const same = await theirs.submit(page, { new_password: password, new_password_again: password });
    expect([same.status, same.text().includes('通知されたパスワードと同じ')]).to.deep.equal([422, true]);
    page = await theirs.submit(page, { new_password: 'Tanpopo2026', new_password_again: 'Tanpopo2026' });
    page = await theirs.submit(page, {
      new_confirmation_password: 'Sumire2026',
      new_confirmation_password_again: 'Sumire2026',
    });
    expect([page.screen, page.html.includes('asano@sumire.example.co.jp')], 'the address is filled in').to.deep.equal([
      'SET004',
      true,
    ]);
    page = await theirs.submit(page, { email: 'asano@sumire.example.co.jp' });
    const [mail] = await mailTo('asano@sumire.example.co.jp', 'メール通知パスワード');
    page = await theirs.submit(page, { email_code: mail?.code ?? '' });
    expect([page.status, page.screen], 'an administrator').to.deep.equal([200, 'CON001']);
    expect((await signIn(demo.browser(real()), { ...master, login_id: loginId }, '/', password)).refusal).to.equal(
      'credentials',
    );
  });
}

function changing(): void {
  it('sets passwords for others: exactly those are forced at the next sign-in, and everything signed in ends', async () => {
    const [admin, person] = [demo.person('msuzuki14'), demo.person('dyamamoto47')];
    const theirs = demo.browser(real());
    expect((await signIn(theirs, person, '/self-service')).screen).to.equal('SLF001');
    const browser = demo.browser(real());
    await signIn(browser, admin, '/company');
    const id = await idOf(browser, 'dyamamoto47');
    const { page: first, basics } = await openEdit(browser, id);
    const typed = {
      ...basics,
      change_password: 'change',
      new_password_by: 'typed',
      change_confirmation_password: 'keep',
    };
    for (const [candidate, words] of [
      ['', 'を入力してください'],
      ['短い', '全角'],
      ['abcdefgh', '英字と数字'],
      ['short1', '8〜12桁'],
    ] as const) {
      const wrong = await browser.submit(first, { ...typed, new_password: candidate });
      expect(
        [wrong.status, wrong.text().includes(words), wrong.html.includes(`value="${candidate}"`) && candidate !== ''],
        candidate,
      ).to.deep.equal([422, true, false]);
    }
    const check = await toCheck(browser, first, { basics: { ...typed, new_password: 'Watashi2026' } });
    expect(check.text())
      .to.include('入力したパスワードに変更する')
      .and.include('変更しない')
      .and.include('すべて終了します');
    expect(check.html).to.include('class="changed"').and.not.include('Watashi2026');
    const only = await browser.open(`${check.url}?show=changed`);
    expect([only.screen, only.text().includes(basics['email'] ?? '')]).to.deep.equal(['CON033', false]);
    const result = await browser.submit(only, await proofs(admin));
    expect([result.screen, result.text().includes('変更後のパスワードをご本人へお伝えください')]).to.deep.equal([
      'CON034',
      true,
    ]);
    expect(result.text()).to.include('ログイン 1件');
    expect(result.html).not.to.include('Watashi2026').and.not.include('value="print"');
    expect((await theirs.open(at('/self-service'))).screen, 'signed out').to.equal('LGN001');
    const [mail] = await mailTo(person.email, '管理者ユーザがパスワードを設定');
    expect(mail?.text).to.be.a('string').and.not.include('Watashi2026');

    const old = await signIn(demo.browser(real()), person, '/self-service');
    expect(old.refusal).to.equal('credentials');
    const again = demo.browser(real());
    const forced = await signIn(again, person, '/self-service', 'Watashi2026');
    expect([forced.screen, forced.html.includes('name="new_confirmation_password"')]).to.deep.equal(['PWC001', false]);
    let page = await again.submit(forced, {
      password: 'Watashi2026',
      new_password: 'Jibun2026',
      new_password_again: 'Jibun2026',
    });
    expect(page.screen).to.equal('PWC003');
    page = await again.submit(page, {});
    expect(page.screen).to.equal('SLF001');
  });

  it('issues both passwords on a sheet that is shown once', async () => {
    const [admin, person] = [demo.person('msuzuki14'), demo.person('sito48')];
    const browser = demo.browser(real());
    await signIn(browser, admin, '/company');
    const id = await idOf(browser, 'sito48');
    const { page: first, basics } = await openEdit(browser, id);
    const check = await toCheck(browser, first, {
      basics: { ...basics, change_password: 'change', change_confirmation_password: 'change' },
    });
    const result = await browser.submit(check, await proofs(admin));
    const sheet = await browser.submit(result, {}, 'print');
    const [login = '', confirmation = ''] = secretsOf(sheet);
    expect(sheet.text()).to.include('sito48').and.include('パスワード強制変更');
    expect([login, confirmation]).to.satisfy((both: string[]) =>
      both.every((one) => /^[2-9A-HJ-NP-Za-km-z]{9}$/.test(one)),
    );
    expect(secretsOf(await browser.submit(result, {}, 'print'))).to.deep.equal([]);
    const forced = await signIn(demo.browser(real()), person, '/', login);
    expect([forced.screen, forced.html.includes('name="new_confirmation_password"')]).to.deep.equal(['PWC001', true]);
  });

  it('gives a person before the first-time setup a new ID and password; the old ones are void', async () => {
    const admin = demo.person('msuzuki14');
    const person = demo.person('491841845');
    const browser = demo.browser(real());
    await signIn(browser, admin, '/company');
    const id = await idOf(browser, person.login_id);
    const { page: first, basics } = await openEdit(browser, id);
    expect(first.html).not.to.include('name="new_password"');
    const check = await toCheck(browser, first, {
      basics: { ...basics, email: person.email, change_password: 'change' },
    });
    const result = await browser.submit(check, await proofs(admin));
    expect(result.screen).to.equal('CON034');
    const [loginId = '', password = ''] = secretsOf(await browser.submit(result, {}, 'print'));
    expect(loginId)
      .to.match(/^\d{9}$/)
      .and.not.equal(person.login_id);
    const old = await signIn(demo.browser(real()), person, '/');
    expect(old.refusal).to.equal('credentials');
    const fresh = await signIn(demo.browser(real()), { ...person, login_id: loginId }, '/', password);
    expect(fresh.screen).to.equal('SET001');
  });

  it('changes name, address and rights: the old address is told at once, and the new one must be proven', async () => {
    const [admin, person] = [demo.person('msuzuki14'), demo.person('msaito50')];
    const browser = demo.browser(real());
    await signIn(browser, admin, '/company');
    const id = await idOf(browser, 'msaito50');
    const { page: first, basics } = await openEdit(browser, id);
    const changed = { ...basics, person_name: '斎藤 めぐみ', email: 'megumi@minato.example.co.jp', admin: 'grant' };
    const check = await toCheck(browser, first, { basics: changed });
    expect(check.text()).to.include('斎藤 恵 → * 斎藤 めぐみ 変更').and.include('一般ユーザ → * 管理者ユーザ 変更');
    const result = await browser.submit(check, await proofs(admin));
    expect(result.screen).to.equal('CON034');
    const [told] = await mailTo(person.email, 'メールアドレスが変更');
    expect(told?.text).to.include(person.email).and.not.include('megumi@minato.example.co.jp');
    expect(await mailTo('megumi@minato.example.co.jp', 'メールアドレスが変更')).to.have.length(1);
    expect(await mailTo(person.email, '権限が変更')).to.have.length(1);
    const theirs = demo.browser(real());
    const step = await signIn(theirs, person, '/company');
    expect([step.screen, step.html.includes('megumi@minato.example.co.jp')]).to.deep.equal(['SET004', true]);

    // Demoted again: the console is gone at the next request.
    const next = await openEdit(browser, id);
    const demote = await toCheck(browser, next.page, { basics: { ...next.basics, admin: 'none' } });
    await browser.submit(demote, await proofs(admin));
    const { html } = await browser.open(at(`/company/people?q=msaito50`));
    expect(html).to.include('一般ユーザ');
  });

  it('grants accounts as a claim of a portal, and ends the sign-ins of a portal that is taken away', async () => {
    const [admin, person] = [demo.person('msuzuki14'), demo.person('atanaka93')];
    const browser = demo.browser(real());
    await signIn(browser, admin, '/company');
    const id = await idOf(browser, 'atanaka93');
    const grant = async (portals: readonly string[], names: readonly string[]): Promise<Page> => {
      const { page: first, basics } = await openEdit(browser, id);
      let page = await browser.submit(first, basics);
      page = await browser.submit(page, { portals });
      const rows = [
        ...page.html.matchAll(/value="([^"]+)"[^>]*\/?><span>([^<]+)<[\s\S]*?data-head="口座番号"[^>]*><div>(\d+)</g),
      ];
      page = await browser.submit(page, {
        accounts: rows
          .filter(([, , , accountNumber = '']) => names.includes(accountNumber))
          .map(([, value = '']) => value),
      });
      return browser.submit(page, await proofs(admin));
    };
    expect((await grant(['accounts-portal', 'demo-portal'], ['1042781', '2230948'])).screen).to.equal('CON034');
    const theirs = demo.browser(real());
    let page = await theirs.open(await portal.authorizeUrl(demo.gateway, { scope: 'openid profile accounts' }));
    page = await theirs.submit(page, {}, 'direct');
    page = await theirs.submit(page, { login_id: person.login_id, password: person.password });
    page = await theirs.submit(page, { otp: await freshCode(person) });
    const tokens = await portal.redeem(demo.gateway, page);
    const numbers = (claims: Readonly<Record<string, unknown>>): string => JSON.stringify(claims['accounts']);
    const info = await portal.userinfo(demo.gateway, tokens.accessToken);
    expect(numbers(info.claims)).to.include('1042781').and.include('2230948').and.not.include('0020315');
    await grant(['accounts-portal', 'demo-portal'], ['2230948']);
    const fewer = await portal.userinfo(demo.gateway, tokens.accessToken);
    expect(numbers(fewer.claims)).to.include('2230948').and.not.include('1042781');

    const removed = await grant(['demo-portal'], ['2230948']);
    expect(removed.text()).to.include('ログイン 1件');
    expect((await portal.userinfo(demo.gateway, tokens.accessToken)).status).to.equal(401);
    for (let round = 0; round < 50 && portal.logoutTokens.length === 0; round += 1) await pause(100);
    expect(portal.logoutTokens).to.have.length(1);
    const refused = await demo.browser(real()).open(await portal.authorizeUrl(demo.gateway));
    expect(refused.screen).to.equal('LGN001');
  });
}

function loading(): void {
  const exec = promisify(execFile);
  /** What `npx renkei bank-accounts load` says of a file. */
  async function load(contract: string, text: string): Promise<Readonly<Record<string, unknown>>> {
    const folder = mkdtempSync(join(tmpdir(), 'renkei-accounts-'));
    const file = join(folder, 'accounts.csv');
    writeFileSync(file, text);
    const args = ['--import', 'tsx', 'src/main.ts', 'bank-accounts', 'load', contract, file, '--json'];
    try {
      return JSON.parse((await exec(process.execPath, args, { cwd: root, env: demo.env })).stdout);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('offers the accounts that the bank handed in, and registers nobody with one that it took away', async () => {
    const head = 'branch_code,branch_name,kind,number,memo';
    const master = demo.person('okondo31');
    const browser = demo.browser(real());
    let page = await signIn(browser, master, '/company/people/new');
    const basics = { person_name: '口座 太郎', email: 'koza@sumire.example.co.jp', admin: 'none' };
    page = await browser.submit(await browser.submit(page, basics), {});
    expect([page.screen, page.text().includes('口座は登録されていません')]).to.deep.equal(['CON022', true]);
    const good = await load('2219046683', `${head}\n100,"本店, 別館",普通,1234567,"=1+1"\n`);
    expect(good).to.deep.include({ ok: true, accounts: 1, added: 1, changed: 0, removed: 0 });
    page = await browser.open(page.url);
    expect(page.text()).to.include('本店, 別館(100)').and.include('1234567').and.include('=1+1');
    const check = await browser.submit(page, { accounts: valuesOf(page.html, 'accounts') });
    // The bank takes it away before the administrator is done: told, and nothing is registered with it.
    await load('2219046683', `${head}\n100,"本店, 別館",普通,7654321,\n`);
    const stale = await browser.submit(check, await proofs(master));
    expect([stale.status, stale.screen, stale.refusal]).to.deep.equal([409, 'CON023', 'conflict']);
    expect((await browser.submit(stale, await proofs(master))).screen).to.equal('CON024');
  });
}

function guarding(): void {
  it('overwrites nothing that another administrator changed first', async () => {
    const [one, two] = [demo.person('msuzuki14'), demo.person('ntakahashi14')];
    const [first, second] = [demo.browser(real()), demo.browser(real())];
    await signIn(first, one, '/company');
    await signIn(second, two, '/company');
    const id = await idOf(first, 'sabe89');
    const [mine, yours] = [await openEdit(first, id), await openEdit(second, id)];
    const name = (text: string, basics: Record<string, string>) => ({ basics: { ...basics, person_name: text } });
    const [seenByFirst, seenBySecond] = [
      await toCheck(first, mine.page, name('阿部 一', mine.basics)),
      await toCheck(second, yours.page, name('阿部 二', yours.basics)),
    ];
    expect((await first.submit(seenByFirst, await proofs(one))).screen).to.equal('CON034');
    const late = await second.submit(seenBySecond, await proofs(two));
    expect([late.status, late.screen, late.refusal]).to.deep.equal([409, 'CON030', 'conflict']);
    expect(late.text()).to.include('先に変更した');
    expect(late.html, 'what stands now').to.include('阿部 一').and.not.include('阿部 二');
    const retried = await second.submit(await toCheck(second, late, name('阿部 二', yours.basics)), await proofs(two));
    expect(retried.screen).to.equal('CON034');

    const [a, b] = [await openEdit(first, id), await openEdit(second, id)];
    const checks = [
      await toCheck(first, a.page, name('阿部 三', a.basics)),
      await toCheck(second, b.page, name('阿部 四', b.basics)),
    ] as const;
    const typedBySecond = await proofs(two);
    const typedByFirst = {
      ...typedBySecond,
      confirmation_password: one.confirmation_password ?? '',
      otp: await demo.code(one),
    };
    const raced = await Promise.all([first.submit(checks[0], typedByFirst), second.submit(checks[1], typedBySecond)]);
    expect(
      raced.map(({ screen }) => screen),
      'one of two at the same moment',
    ).to.have.members(['CON030', 'CON034']);
  });

  it('refuses what differs from the check page, and what another login or company owns', async () => {
    const admin = demo.person('msuzuki14');
    const browser = demo.browser(real());
    await signIn(browser, admin, '/company');
    const other = demo.browser(real());
    await signIn(other, demo.person('tikeda16'), '/company');
    const foreign = await idOf(other, 'yishikawa92');
    const theirAccounts = valuesOf(
      (
        await other.submit(
          await other.submit((await openEdit(other, foreign)).page, (await openEdit(other, foreign)).basics),
          {},
        )
      ).html,
      'accounts',
    );
    expect(theirAccounts).to.have.length(2);

    const id = await idOf(browser, 'mhayashi38');
    const { page: first, basics } = await openEdit(browser, id);
    let page = await browser.submit(first, { ...basics, role: 'master', companyId: 'x', setUpAt: '1', id: foreign });
    expect(page.screen, 'nothing but its own fields is read').to.equal('CON031');
    const nowhere = await browser.submit(page, { portals: ['no-such-portal'] });
    expect([nowhere.status, nowhere.screen]).to.deep.equal([404, 'REF024']);
    page = await browser.submit(page, { portals: ['demo-portal'] });
    const stolen = await browser.submit(page, { accounts: [theirAccounts[0] ?? ''] });
    expect([stolen.status, stolen.screen]).to.deep.equal([404, 'REF024']);
    const check = await browser.submit(page, {});
    expect(check.screen).to.equal('CON033');
    for (const url of [check.url, first.url]) {
      const borrowed = await other.open(url);
      expect([borrowed.status, borrowed.screen]).to.deep.equal([404, 'REF024']);
    }
    const colleague = demo.browser(real());
    await signIn(colleague, demo.person('ntakahashi14'), '/company');
    expect((await colleague.open(check.url)).status, 'a colleague’s draft').to.equal(404);
    for (const path of [`/company/people/${foreign}/edit`, '/company/people/nobody/edit', '/company/people/new/AAAA']) {
      const unknown = await browser.open(at(path));
      expect([unknown.status, unknown.screen], path).to.deep.equal([404, 'REF024']);
    }
    const typed = await proofs(admin);
    const tampered = await browser.submit(check, {
      ...typed,
      edit: `${mainForm(check.html).hidden.find(([n]) => n === 'edit')?.[1] ?? ''}x`,
    });
    expect([tampered.status, tampered.refusal, tampered.text().includes('確認画面と異なる')]).to.deep.equal([
      409,
      'conflict',
      true,
    ]);
    // Another tab goes back and changes the draft: the page that was shown is not what would be done.
    const tab = browser.clone();
    const basicsUrl = check.url.replace(/\/check$/, '');
    const changed = await tab.submit(await tab.open(basicsUrl), { ...basics, person_name: '別の名前' });
    expect(changed.screen).to.equal('CON031');
    const mixed = await browser.submit(check, typed);
    expect([mixed.status, mixed.text().includes('確認画面と異なる'), mixed.text().includes('別の名前')]).to.deep.equal([
      409,
      true,
      true,
    ]);
  });

  it('keeps one’s own row, role and passwords out, and tells a lost draft to begin again', async () => {
    const admin = demo.person('msuzuki14');
    const browser = demo.browser(real());
    await signIn(browser, admin, '/company');
    const own = await browser.open(at(`/company/people/${await idOf(browser, 'msuzuki14')}/edit`));
    expect([own.status, own.refusal, own.text().includes('お客様情報変更')]).to.deep.equal([422, 'form', true]);

    const master = await idOf(browser, 'ksato82');
    const { page: first, basics } = await openEdit(browser, master);
    expect(first.html, 'the master stays the master').not.to.include('name="admin"');
    const demoted = await browser.submit(first, { ...basics, admin: 'none' });
    expect([demoted.status, demoted.screen, demoted.refusal]).to.deep.equal([403, 'REF027', 'not-allowed']);

    const again = demo.browser(real());
    await signIn(again, admin, '/company');
    const lost = await again.open(first.url);
    expect([lost.status, lost.screen, lost.refusal]).to.deep.equal([410, 'CON030', 'start-over']);
    const { page: unchanged, basics: same } = await openEdit(browser, master);
    const check = await toCheck(browser, unchanged, { basics: same });
    expect(check.text()).to.include('変更した項目はありません');
    expect(check.html).not.to.include('name="confirmation_password"');
  });

  it('tells a password the person has or had only after the proof', async () => {
    const [admin, person] = [demo.person('msuzuki14'), demo.person('sabe89')];
    const browser = demo.browser(real());
    await signIn(browser, admin, '/company');
    const { page: first, basics } = await openEdit(browser, await idOf(browser, 'sabe89'));
    const check = await toCheck(browser, first, {
      basics: { ...basics, change_password: 'change', new_password_by: 'typed', new_password: person.password },
    });
    expect(check.text()).not.to.include('最近使った');
    const refused = await browser.submit(check, await proofs(admin));
    expect([refused.status, refused.screen, refused.text().includes('最近使った')]).to.deep.equal([
      422,
      'CON030',
      true,
    ]);
  });
}
