// トークン発行 in the self-service over real HTTP (guide S1's order: BOT010, BOT011, BOT012, BOT001–BOT003, BOT010, BOT004; and BOT005):
// each page in its turn, however somebody comes back to it, and what ends when the first code is right.
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { ownCode, scriptPhone } from '../support/phone.ts';
import { decode, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { enterOwnPages, nextCode, overlay, soon } from '../support/walks.ts';

const address = '/self-service/otp';
const issue = `${address}/issue`;

let demo: Demo;
const browser = (): ScriptBrowser => demo.browser(demo.stores === 'real');
const at = (path: string): string => `${demo.gateway}${path}`;
const answer = ({ status, screen, refusal }: Page) => [status, screen, refusal];
const path = (page: Page): string => new URL(page.url).pathname;
const mainOf = ({ html }: Page): string => /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? '';
const buttons = (page: Page): readonly string[] =>
  [...mainOf(page).matchAll(/name="action" value="(\w+)"/g)].map(([, value = '']) => value);
/** A fact of the page by its term. */
const fact = (page: Page, term: string): string =>
  decode(
    new RegExp(`<dt>${term}</dt><dd>([\\s\\S]*?)</dd>`).exec(page.html)?.[1]?.replace(/<[^>]+>/g, ' ') ?? '',
  ).trim();

async function signIn(own: ScriptBrowser, person: DemoPerson, to = address): Promise<Page> {
  const page = await enterOwnPages(demo, own, person, to, 'direct');
  return page.screen === 'TKN001' ? own.submit(page, {}, 'skip_registration') : page;
}

/** The newest code that was mailed for a token, another one than `old`. */
async function code(person: DemoPerson, old = ''): Promise<string> {
  const newest = async () =>
    (await demo.mails(person.email))
      .filter(({ subject }) => subject.includes('メール通知パスワード'))
      .toSorted((one, two) => Number(one.id) - Number(two.id))
      .at(-1)?.code ?? '';
  return soon(newest, (found) => found !== '' && found !== old);
}

const details = (to: string, activation = '580274') => ({
  email: to,
  email_again: to,
  activation_password: activation,
  activation_password_again: activation,
});

/** From BOT010 to BOT003 with the token app. */
async function issued(own: ScriptBrowser, person: DemoPerson, to: string, old = ''): Promise<Page> {
  let page = await own.submit(await own.open(at(address)), {}, 'issue');
  if (page.screen === 'BOT011') page = await own.submit(page, { token_kind: 'software' });
  page = await own.submit(page, {});
  page = await own.submit(page, details(to));
  const typed = { confirmation_password: person.confirmation_password ?? '', email_code: await code(person, old) };
  page = await own.submit(page, typed);
  expect(page.screen).to.equal('BOT003');
  return page;
}

const note = (page: Page, activation = '580274') => ({
  serviceId: /\d{4,12}/.exec(fact(page, 'サービスID'))?.[0] ?? '',
  userId: (/[0-9A-Z]{4} ?[0-9A-Z]{4} ?[0-9A-Z]{4}/.exec(fact(page, 'ユーザID'))?.[0] ?? '').replace(/ /g, ''),
  activation,
});

/** Takes one's token out of use, and signs in again where no code is asked. */
async function without(own: ScriptBrowser, person: DemoPerson): Promise<Page> {
  const page = await signIn(own, person, `${address}/revoke`);
  const typed = { confirmation_password: person.confirmation_password ?? '', otp: await nextCode(demo, person) };
  expect((await own.submit(page, { reason: 'phone', ...typed })).screen).to.equal('SLF031');
  return signIn(own, person);
}

async function sql(text: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: demo.databaseUrl ?? '' });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

for (const stores of ['embedded', 'real'] as const) {
  const where = stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores';
  const gateways = stores === 'real' ? 2 : 1;
  describe(`issuing one’s own token on ${where}`, function () {
    this.timeout(90_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      demo = await startDemo(stores, { gateways });
    });
    after(() => demo?.stop());
    guide();
  });

  describe(`issuing one’s own token where operations alone ask a code, on ${where}`, function () {
    this.timeout(90_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      // As guide S4 has it: `block-login` would ask an administrator without a token to register at the sign-in itself.
      const config = overlay({
        'policy.yaml': { otp: { at: 'operations' }, grace: { then: 'block-otp-operations' } },
      });
      demo = await startDemo(stores, { gateways, env: { RENKEI_CONFIG: config } });
    });
    after(() => demo?.stop());
    procedures();
    if (stores === 'real') heldUp();
  });
}

function guide(): void {
  it('S1: goes from BOT010 by kind, e-mail code, details and check to BOT003, back to BOT010, and to the code', async () => {
    const person = demo.person('akatayama72');
    const phone = scriptPhone(demo);
    const mobile = 'katayama.phone@rindou.example.jp';
    const own = browser();
    const elsewhere = browser();
    expect((await signIn(elsewhere, person)).screen).to.equal('BOT010');
    let page = await signIn(own, person);
    expect([...answer(page), fact(page, '状態'), buttons(page)]).to.deep.equal([
      200,
      'BOT010',
      null,
      '未登録',
      // The company applied for both: a key-fob that is in hand is registered here as well (screens.md BOT010).
      ['issue', 'register'],
    ]);
    for (const later of ['send', 'details', 'check', 'done'])
      expect((await own.open(at(`${issue}/${later}`))).screen, `${later} before its turn`).to.equal('BOT011');
    for (const other of ['activate', 'authenticator'])
      expect((await own.open(at(`${address}/${other}`))).screen, `${other} before its turn`).to.equal('BOT011');

    page = await own.submit(page, {}, 'issue');
    expect([...answer(page), path(page)]).to.deep.equal([200, 'BOT011', null, issue]);
    expect(answer(await own.submit(page, {}))).to.deep.equal([422, 'BOT011', 'form']);
    const fob = await own.submit(page, { token_kind: 'hardware' });
    expect([...answer(fob), path(fob)], 'registered on a page of its own').to.deep.equal([
      200,
      'TKN001',
      null,
      `${address}/register`,
    ]);
    expect(fob.html).not.to.include('skip_registration');
    page = await own.submit(fob, {}, 'software');
    expect([page.screen, path(page)]).to.deep.equal(['BOT011', issue]);
    page = await own.submit(page, { token_kind: 'software' });
    expect([page.screen, page.text().includes('a***@rindou.example.co.jp')]).to.deep.equal(['BOT012', true]);
    expect((await demo.mails(person.email)).length, 'nothing before OK').to.equal(0);
    page = await own.submit(page, {});
    expect([page.screen, path(page)]).to.deep.equal(['BOT001', `${issue}/details`]);
    for (const wrong of [
      { email_again: 'x@example.jp' },
      { activation_password: '1234', activation_password_again: '1234' },
    ])
      expect(answer(await own.submit(page, { ...details(mobile), ...wrong }))).to.deep.equal([422, 'BOT001', 'form']);
    expect((await own.clone().open(at(address))).text(), 'nothing is issued yet').to.include('未登録');

    // Another browser of the same person stands at its own beginning; this one comes back to where it was.
    expect((await elsewhere.open(at(`${issue}/details`))).screen).to.equal('BOT011');
    page = await own.submit(await own.open(at(issue)), details(mobile));
    expect([page.screen, page.text().includes(mobile)]).to.deep.equal(['BOT002', true]);
    expect(page.html).not.to.include('580274');
    page = await own.submit(page, {}, 'back');
    expect([page.screen, page.html.includes(`value="${mobile}"`)]).to.deep.equal(['BOT001', true]);
    page = await own.submit(page, details(mobile));

    const mailed = await code(person);
    const proof = { confirmation_password: person.confirmation_password ?? '', email_code: mailed };
    expect(answer(await own.submit(page, {}))).to.deep.equal([422, 'BOT002', 'form']);
    expect(answer(await own.submit(page, { ...proof, confirmation_password: person.password }))).to.deep.equal([
      422,
      'BOT002',
      'credentials',
    ]);
    const wrong = mailed === '00000000' ? '11111111' : '00000000';
    expect(answer(await own.submit(page, { ...proof, email_code: wrong }))).to.deep.equal([
      422,
      'BOT002',
      'credentials',
    ]);
    const pressed = await Promise.all([1, 2].map(() => own.clone().submit(page, proof)));
    for (const done of pressed) expect([done.screen, path(done)]).to.deep.equal(['BOT003', `${issue}/done`]);
    page = await own.open(at(address));
    expect(page.screen).to.equal('BOT010');
    page = await own.open(at(`${issue}/done`));
    expect(page.text())
      .to.include('トークンを発行しました')
      .and.include(mobile)
      .and.match(/お問い合わせ番号 [0-9A-Z]{4}-[0-9A-Z]{4}/);
    const given = note(page);
    const sent = await soon(
      async () => (await demo.mails(mobile)).filter(({ text }) => text.includes(given.serviceId)),
      (found) => found.length > 0,
    );
    expect(sent, 'one issue, one mail').to.have.length(1);

    page = await own.submit(page, {}, 'settings');
    expect([page.screen, fact(page, '状態'), buttons(page)]).to.deep.equal([
      'BOT010',
      '発行済み(初期設定待ち)',
      ['verify', 'revoke'],
    ]);
    const top = await own.open(at('/'));
    expect(top.html).to.include('href="/self-service/otp/activate"');
    expect((await own.open(at('/self-service'))).text()).to.include('発行済み(初期設定待ち)');
    page = await own.submit(page, {}, 'verify');
    expect([...answer(page), path(page)]).to.deep.equal([200, 'BOT004', null, `${address}/activate`]);
    expect(answer(await own.submit(page, { otp: '12' }))).to.deep.equal([422, 'BOT004', 'form']);
    expect(await phone.add(given)).to.equal(true);
    const shown = await phone.code(given.userId);
    const missed = await own.submit(page, { otp: shown === '000000' ? '000001' : '000000' });
    expect([...answer(missed), missed.text().includes('あと4回で利用停止')]).to.deep.equal([
      422,
      'BOT004',
      'otp-wrong',
      true,
    ]);
    page = await own.submit(missed, { otp: shown });
    expect([...answer(page), path(page), fact(page, '状態'), fact(page, '種類')]).to.deep.equal([
      200,
      'BOT010',
      null,
      address,
      '利用中',
      'スマホアプリ形式',
    ]);
    expect(page.text()).to.include('ワンタイムパスワードの利用を開始しました');
    expect((await own.submit(missed, { otp: shown })).text(), 'pressed once more').to.include('利用を開始しました');
    expect((await own.open(at(address))).text()).not.to.include('利用を開始しました');
    for (const gateway of demo.gateways) {
      expect((await elsewhere.open(`${gateway}${address}`)).screen, `the other sign-in at ${gateway}`).to.equal(
        'LGN001',
      );
      expect((await own.open(`${gateway}/self-service`)).screen, `this one at ${gateway}`).to.equal('SLF001');
    }
    for (const later of [
      'issue',
      'issue/send',
      'issue/details',
      'issue/check',
      'issue/done',
      'activate',
      'authenticator',
    ])
      expect((await own.open(at(`${address}/${later}`))).screen, later).to.equal('BOT010');
    const next = browser();
    page = await next.submit(await next.open(at(address)), {}, 'direct');
    page = await next.submit(page, { login_id: person.login_id, password: person.password });
    expect(page.screen).to.equal('OTP002');
    expect(answer(await next.submit(page, { otp: shown }))).to.deep.equal([422, 'OTP002', 'otp-used']);
    await demo.forward(60);
    page = await next.submit(page, { otp: await phone.code(given.userId) });
    expect(page.screen).to.equal('BOT010');
  });
}

function procedures(): void {
  it('is left by 中止する, forgotten with it, and an authenticator shows its key once', async () => {
    const person = demo.person('msaito50');
    const own = browser();
    let page = await without(own, person);
    expect([page.screen, fact(page, '状態'), buttons(page)]).to.deep.equal(['BOT010', '未登録', ['issue', 'register']]);
    page = await own.submit(page, {}, 'issue');
    page = await own.submit(page, { token_kind: 'software' });
    page = await own.submit(page, {});
    const first = await code(person);
    page = await own.submit(page, {}, 'cancel');
    expect(page.screen).to.equal('BOT010');
    page = await own.submit(page, {}, 'issue');
    expect(page.screen, 'begins anew').to.equal('BOT011');
    await demo.forward(61);
    page = await own.submit(page, { token_kind: 'authenticator' });
    page = await own.submit(page, {});
    expect([page.screen, path(page)]).to.deep.equal(['BOT005', `${address}/authenticator`]);
    page = await own.submit(page, {
      confirmation_password: person.confirmation_password ?? '',
      email_code: await code(person, first),
    });
    expect([page.screen, page.html.includes('otpauth://totp/')]).to.deep.equal(['BOT005', true]);
    const secret = /secret=([A-Z2-7]+)/.exec(page.html)?.[1] ?? '';
    const reloaded = await own.open(page.url);
    expect([reloaded.screen, reloaded.html.includes(secret)]).to.deep.equal(['BOT005', false]);
    expect((await own.open(at(`${address}/activate`))).screen).to.equal('BOT005');
    const typed = { otp: ownCode({ secret, algorithm: 'SHA1', digits: 6, period: 60 }, await demo.now()) };
    page = await own.submit(reloaded, typed);
    expect([page.screen, fact(page, '種類'), page.text().includes('利用を開始しました')]).to.deep.equal([
      'BOT010',
      '市販の認証アプリ',
      true,
    ]);
  });

  it('lapses after 72 hours, and says so; and an open issue is taken back with the confirmation password alone', async () => {
    const person = demo.person('yishikawa92');
    const phone = scriptPhone(demo);
    let own = browser();
    await without(own, person);
    const first = note(await issued(own, person, 'first@kitahama.example.jp'));
    await demo.forward(73 * 3600);
    own = browser();
    let page = await signIn(own, person);
    expect([page.screen, fact(page, '状態'), page.text().includes('72時間以内に')]).to.deep.equal([
      'BOT010',
      '未登録',
      true,
    ]);
    expect(await phone.add(first)).to.equal(false);

    const second = note(await issued(own, person, 'second@kitahama.example.jp', await code(person)));
    page = await own.submit(await own.open(at(address)), {}, 'revoke');
    expect([
      page.screen,
      page.text().includes('トークンの発行を取り消します'),
      page.html.includes('name="otp"'),
    ]).to.deep.equal(['SLF030', true, false]);
    const wrong = await own.submit(page, { reason: 'other', confirmation_password: 'Wrong1234' });
    expect(answer(wrong)).to.deep.equal([422, 'SLF030', 'credentials']);
    page = await own.submit(page, { reason: 'other', confirmation_password: person.confirmation_password ?? '' });
    expect(page.screen).to.equal('SLF031');
    expect(await phone.add(second), 'its secret is nobody’s').to.equal(false);
    expect((await own.open(at(address))).screen).to.equal('LGN001');
    page = await signIn(own, person);
    expect([fact(page, '状態'), buttons(page)]).to.deep.equal(['未登録', ['issue', 'register']]);
  });

  it('stops the one-time password at the fifth wrong code, and with it this sign-in', async () => {
    const person = demo.person('ntakahashi14');
    const own = browser();
    await without(own, person);
    await issued(own, person, 'stop@minato.example.jp');
    let page = await own.submit(await own.open(at(`${issue}/done`)), {});
    expect(page.screen).to.equal('BOT004');
    for (let miss = 1; miss < 5; miss += 1) {
      page = await own.submit(page, { otp: '000000' });
      expect(answer(page), `miss ${miss}`).to.deep.equal([422, 'BOT004', 'otp-wrong']);
    }
    expect(page.text()).to.include('スマートフォンの日付と時刻を「自動設定」に');
    page = await own.submit(page, { otp: '000000' });
    expect(page.screen).to.equal('LGN001');
    page = await enterOwnPages(demo, browser(), person, address, 'direct');
    expect(page.screen).to.equal('REF004');
  });
}

/** What an administrator and the clock do in between is written by hand here. */
function heldUp(): void {
  it('says from when, with no button of an app’s issue, while a changed address or the takeover guard holds the issue up', async () => {
    const person = demo.person('rhashimoto46');
    const own = browser();
    await without(own, person);
    const row = 'where login_name = $1';
    await sql(`update account set email_changed_at = $2 ${row}`, [person.login_id, await demo.now()]);
    let page = await own.open(at(address));
    // A key-fob needs neither the address nor the guard (spec §3, row 11).
    expect([page.screen, buttons(page)]).to.deep.equal(['BOT010', ['register']]);
    expect(page.text()).to.include('メールアドレスを変更されたため');
    for (const later of ['issue', 'issue/send', 'issue/details'])
      expect((await own.open(at(`${address}/${later}`))).screen, later).to.equal('BOT010');

    await sql(`update account set email_changed_at = 0, email_by_other_at = $2, password_by_other_at = $2 ${row}`, [
      person.login_id,
      await demo.now(),
    ]);
    page = await own.open(at(address));
    expect([buttons(page), page.text().includes('の許可の後に、トークンを発行できます')]).to.deep.equal([
      ['register'],
      true,
    ]);
    expect((await own.open(at('/'))).text()).to.include('トークンを発行できます');
    await sql(`update account set issue_allowed_at = $2 ${row}`, [person.login_id, await demo.now()]);
    page = await own.open(at(address));
    expect(buttons(page)).to.deep.equal(['issue', 'register']);
    page = await own.submit(page, {}, 'issue');
    page = await own.submit(page, { token_kind: 'software' });
    page = await own.submit(page, {});
    expect(page.screen).to.equal('BOT001');
    await sql(`update account set email_changed_at = $2 ${row}`, [person.login_id, await demo.now()]);
    page = await own.submit(page, details('late@minato.example.jp'));
    expect(page.screen, 'also in the middle of it').to.equal('BOT010');
  });
}
