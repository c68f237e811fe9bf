// CON060–CON064 over real HTTP on a running demo: tokens revoked by the company, many at once or one device for all who share
// it, what ends with it on every process at once, the wait of S2 as one moment everywhere, and the code by mail.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { atJapanTime, japanTime } from '../../src/rules/japan-time.ts';
import { type Demo, directly, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { root } from '../support/source.ts';

let demo: Demo;
const at = (path: string): string => `${demo.gateway}${path}`;
const spread = (): boolean => demo.stores === 'real';
const list = '/company/people/token-revoke';

/** A code that was never used: the clock moves on by two steps first. */
async function freshCode(person: DemoPerson): Promise<string> {
  await demo.forward(120);
  return demo.code(person);
}

async function signIn(browser: ScriptBrowser, person: DemoPerson, path: string): Promise<Page> {
  let page = await browser.open(at(path));
  if (page.screen === 'LGN001') page = await browser.submit(page, {}, 'direct');
  if (page.screen === 'LGN002')
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  if (page.screen === 'OTP001' || page.screen === 'OTP002')
    page = await browser.submit(page, { otp: await freshCode(person) });
  return page;
}

async function administrator(loginId: string, path = list): Promise<ScriptBrowser> {
  const browser = demo.browser(spread());
  await signIn(browser, demo.person(loginId), path);
  return browser;
}

/** Ids by login ID, from the list of all people. */
async function idsIn(browser: ScriptBrowser): Promise<ReadonlyMap<string, string>> {
  const { html } = await browser.open(at('/company/people/state?per=100'));
  const rows = [...html.matchAll(/data-account="([^"]+)"[\s\S]*?class="login-id">([^<]+)</g)];
  return new Map(rows.map(([, id = '', loginId = '']) => [loginId, id]));
}

async function idOf(browser: ScriptBrowser, loginId: string): Promise<string> {
  const id = (await idsIn(browser)).get(loginId);
  if (id === undefined) throw new Error(`nobody called ${loginId} in the list`);
  return id;
}

const rowOf = ({ html }: Page, id: string): string =>
  new RegExp(`<tr[^>]*data-account="${id}"[\\s\\S]*?</tr>`).exec(html)?.[0] ?? '';

/** What a page says, without the blanks that stand where its markup was. */
const words = (page: Page): string => page.text().replace(/\s/g, '');
const wordsOf = (page: Page, id: string): string => rowOf(page, id).replace(/<[^>]+>|\s/g, '');

/** The proof of the demo's own profile: confirmation password and a fresh code. */
async function proof(loginId: string): Promise<{ readonly confirmation_password: string; readonly otp: string }> {
  const person = demo.person(loginId);
  return { confirmation_password: person.confirmation_password ?? '', otp: await freshCode(person) };
}

const confirmed = (loginId: string) => ({
  confirmation_password: demo.person(loginId).confirmation_password ?? '',
});

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let round = 0; round < 100; round += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  throw new Error('it did not come');
}

const mailed = (person: DemoPerson, word: string) =>
  until(async () => (await demo.mails(person.email ?? '')).findLast(({ subject }) => subject.includes(word)));

async function sql(statement: string, ...values: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: demo.databaseUrl ?? '' });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** A command of the bank, in a process of its own; its answer for machines. */
async function command(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args, '--json'], {
    cwd: root,
    env: demo.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout));
}

/** Moves the clock to the next moment of this time of day in Japan. */
async function moveTo(hour: number, minute: number, second = 0): Promise<number> {
  const now = await demo.now();
  const { year, month, day } = japanTime(now);
  const today = atJapanTime(year, month, day, hour, minute, second);
  const target = today > now ? today : today + 86_400_000;
  await demo.forward(Math.ceil((target - now) / 1000));
  return target;
}

for (const stores of ['embedded', 'real'] as const) {
  describe(`tokens revoked by the company on ${stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores'}`, function () {
    this.timeout(60_000);
    before(async () => {
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1 });
    });
    after(() => demo.stop());
    procedures();
  });
}

function procedures(): void {
  it('lists who has a token, with serial, kind, sharers and state; oneself and who has none left without a box', async () => {
    const browser = await administrator('msuzuki14', '/company');
    const menu = await browser.open(at('/company/people-menu'));
    expect(menu.html).to.include(`href="${list}"`);
    const page = await browser.open(at(`${list}?per=100`));
    expect([page.status, page.screen]).to.deep.equal([200, 'CON060']);
    const [self, shared, bare] = await Promise.all(
      ['msuzuki14', 'atanaka93', '491841845'].map((loginId) => idOf(browser, loginId)),
    );
    expect(rowOf(page, self ?? ''))
      .to.include('ご自身は対象外')
      .and.not.include('type="checkbox"');
    expect(rowOf(page, shared ?? ''))
      .to.include('4282629452')
      .and.include('2名で共有')
      .and.include('利用中');
    expect(rowOf(page, bare ?? ''), 'who has none does not stand there').to.equal('');
    expect(page.text()).to.include('1個のトークンを全員分失効する(シリアル番号 4282629452、2名)');
    expect(page.html.includes('name="confirmation_password"'), 'asked on the check page').to.equal(false);
    expect(page.text(), 'nobody of another company').not.to.include('tikeda16');
    expect((await browser.open(at(`${list}?page=-1&per=7&q=%00&selection=nonsense`))).status).to.equal(200);
    expect(rowOf(await browser.open(at('/company/people?per=100')), shared ?? '')).to.include(
      'キーホルダー形式・利用中',
    );

    for (const [fields, told] of [
      [{ reason: 'phone' }, '対象の利用者を1名以上'],
      [{ people: [shared ?? ''] }, '理由を選択してください'],
      [{ people: [shared ?? ''], reason: 'bored' }, '理由を選択してください'],
      [{ people: [self ?? ''], reason: 'phone' }, '「お客様情報変更」で失効してください'],
      [{ people: [shared ?? ''], reason: 'phone', reason_words: 'あ'.repeat(201) }, '200文字以内'],
    ] as const) {
      const refused = await browser.submit(page, fields);
      expect([refused.status, refused.screen, refused.refusal]).to.deep.equal([422, 'CON060', 'form']);
      expect(refused.text()).to.include(told);
    }
    const member = demo.browser(spread());
    expect((await signIn(member, demo.person('sabe89'), list)).screen).to.equal('REF027');
    for (const path of [`${list}/check/x`, `${list}/result/x`])
      expect((await member.open(at(path))).status).to.equal(403);
  });

  it('revokes one who shares a key-fob: the other stays signed in and goes on using it', async () => {
    const [person, other] = [demo.person('atanaka93'), demo.person('sito48')];
    const [theirs, others] = [demo.browser(spread()), demo.browser(spread())];
    expect((await signIn(theirs, person, '/self-service')).screen).to.equal('SLF001');
    expect((await signIn(others, other, '/self-service')).screen).to.equal('SLF001');
    const browser = await administrator('msuzuki14');
    const id = await idOf(browser, 'atanaka93');
    const check = await browser.submit(await browser.open(at(list)), {
      people: [id],
      reason: 'phone',
      reason_words: '機種変更',
    });
    expect([check.status, check.screen]).to.deep.equal([200, 'CON061']);
    expect(rowOf(check, id))
      .to.include('同じトークンを使う次の方は、引き続き利用できます')
      .and.include('伊藤 翔太')
      .and.include('ログイン 1件');
    expect(check.text()).to.include('元に戻せません').and.include('機種変更');
    const back = await browser.submit(check, {}, 'back');
    expect([back.screen, rowOf(back, id).includes('checked')]).to.deep.equal(['CON060', true]);

    const wrong = await browser.submit(check, { confirmation_password: 'Wrong12345', otp: '000000' });
    expect([wrong.status, wrong.refusal, wrong.text().includes('あと4回')]).to.deep.equal([422, 'credentials', true]);
    const noCode = await browser.submit(check, { ...confirmed('msuzuki14'), email_code: '12345678' });
    expect([noCode.status, noCode.refusal], 'a code by mail is no way here').to.deep.equal([422, 'form']);
    for (const forged of [{ people: [id] }, { serial: '4282629452' }, { reason: 'lost' }, { edit: 'x' }]) {
      const page = await browser.submit(check, { ...confirmed('msuzuki14'), otp: '123456', ...forged });
      expect([page.status, page.refusal], Object.keys(forged)[0]).to.deep.equal([409, 'conflict']);
    }
    expect((await theirs.open(at('/self-service'))).screen, 'nothing was done').to.equal('SLF001');

    const typed = await proof('msuzuki14');
    const pressed = await Promise.all([browser.submit(check, typed), browser.clone().submit(check, typed)]);
    for (const page of [...pressed, await browser.submit(check, typed), await browser.open(pressed[0]?.url ?? '')]) {
      expect([page.status, page.screen]).to.deep.equal([200, 'CON062']);
      expect(page.text()).to.include('1名中1名のトークンを失効しました').and.include('すぐに');
      expect(page.text()).to.match(/お問い合わせ番号 [0-9A-Z]{4}-[0-9A-Z]{4}/);
    }
    const key = new URL(pressed[0]?.url ?? '').pathname.split('/').at(-1) ?? '';
    for (const path of [
      '/company/people/delete/result',
      '/company/people/otp-release/result',
      `/company/people/${id}/allow-issue/result`,
    ])
      expect((await browser.open(at(`${path}/${key}`))).screen, path).not.to.match(/CON0(91|52|64)/);

    for (let turn = 0; turn < 2; turn += 1)
      expect((await theirs.open(at('/self-service'))).screen, 'over on every process').to.equal('LGN001');
    expect((await others.open(at('/self-service'))).screen, 'the other is not touched').to.equal('SLF001');
    expect((await signIn(demo.browser(spread()), other, '/self-service')).screen, 'and uses the same token').to.equal(
      'SLF001',
    );
    const mail = await mailed(person, 'トークンが失効されました');
    expect(mail.text)
      .to.include('新しいトークンはすぐに登録できます')
      .and.include('9452')
      .and.not.include('4282629452');
    const registering = await signIn(demo.browser(spread()), person, '/self-service');
    expect(registering.screen, 'no token: a new one is due').to.match(/^(TKN|BOT)/);
  });

  it('revokes the device for all who share it, all of them by name first, and its serial number is worth nothing then', async () => {
    const [person, other] = [demo.person('atanaka93'), demo.person('sito48')];
    const theirs = demo.browser(spread());
    const page = await signIn(theirs, person, '/self-service');
    const again = await theirs.submit(page, { serial: '4282629452', otp: await freshCode(person) });
    expect(again.screen, 'registered anew').to.equal('SLF001');
    const others = demo.browser(spread());
    expect((await signIn(others, other, '/self-service')).screen).to.equal('SLF001');

    const browser = await administrator('ksato82');
    const ids = [await idOf(browser, 'atanaka93'), await idOf(browser, 'sito48')];
    const shown = await browser.open(at(list));
    const foreign = await browser.submit(shown, { serial: '4276594461', reason: 'lost' });
    expect([foreign.status, foreign.screen], 'a serial number of another company').to.deep.equal([404, 'REF024']);
    const nobodys = await browser.submit(shown, { serial: '9999999999', reason: 'lost' });
    expect([nobodys.status, nobodys.screen]).to.deep.equal([404, 'REF024']);
    const check = await browser.submit(shown, { serial: '4282629452', reason: 'lost' });
    expect(check.screen).to.equal('CON061');
    expect(check.text()).to.include('シリアル番号 4282629452のトークンを、次の2名の全員分失効します');
    for (const id of ids) expect(rowOf(check, id)).to.include('4282629452').and.not.include('引き続き');
    const done = await browser.submit(check, await proof('ksato82'));
    expect(done.screen, done.text()).to.equal('CON062');
    expect(done.text()).to.include('2名中2名のトークンを失効しました').and.include('全員分を失効しました');
    const slip = await browser.open(`${done.url}/print`);
    expect([slip.status, slip.screen]).to.deep.equal([200, 'PRT006']);
    expect(slip.text())
      .to.include('2名中2名のトークンを失効しました')
      .and.include('4282629452')
      .and.include(other.name);
    for (const their of [theirs, others])
      for (let turn = 0; turn < 2; turn += 1) expect((await their.open(at('/self-service'))).screen).to.equal('LGN001');
    const retry = await signIn(demo.browser(spread()), person, '/self-service');
    const refused = await demo.browser(spread()).open(at('/'));
    expect(refused.status).to.equal(200);
    const locked = demo.browser(spread());
    const form = await signIn(locked, person, '/self-service');
    const late = await locked.submit(form, { serial: '4282629452', otp: await freshCode(person) });
    expect([retry.screen, late.status, late.refusal], 'a retired serial number').to.deep.equal([
      form.screen,
      422,
      'otp-wrong',
    ]);
    const over = await browser.submit(check, await proof('ksato82'));
    expect(over.text(), 'pressed again: the result stands').to.include('2名中2名のトークンを失効しました');
  });

  it('ends one’s own sign-in with the result page where oneself shares the device', async () => {
    // The master has a key-fob alone: a colleague without one registers the same.
    const person = demo.person('atanaka93');
    const master = demo.person('ksato82');
    const theirs = demo.browser(spread());
    const form = await signIn(theirs, person, '/self-service');
    const shared = await theirs.submit(form, {
      serial: master.otp?.serial ?? '',
      otp: await freshCode(master),
    });
    expect(shared.screen).to.equal('SLF001');
    const browser = await administrator('ksato82');
    const check = await browser.submit(await browser.open(at(list)), {
      serial: master.otp?.serial ?? '',
      reason: 'lost',
    });
    expect(check.text()).to.include('ご自身も含まれます');
    const done = await browser.submit(check, await proof('ksato82'));
    expect([done.status, done.screen]).to.deep.equal([200, 'CON062']);
    expect(done.text())
      .to.include('2名中2名のトークンを失効しました')
      .and.include('このログインは、この画面で終了します');
    expect((await browser.submit(done, {})).screen).to.equal('OUT004');
    expect((await browser.open(at(list))).screen).to.equal('LGN001');
    expect((await theirs.open(at('/self-service'))).screen).to.equal('LGN001');
  });

  it('ends the portal’s sign-in and the remembered device with the token, on every process', async () => {
    const person = demo.person('rhashimoto46');
    const theirs = demo.browser(spread());
    let page = await throughBusinessDirect(demo, theirs, person);
    if (page.screen === 'OTP001') page = await theirs.submit(page, { otp: await freshCode(person), remember: 'yes' });
    expect(page.screen).to.equal('PTL002');
    const browser = await administrator('msuzuki14');
    const id = await idOf(browser, 'rhashimoto46');
    const check = await browser.submit(await browser.open(at(list)), { people: [id], reason: 'lost' });
    expect(rowOf(check, id)).to.include('入力省略 1台');
    const done = await browser.submit(check, await proof('msuzuki14'));
    expect(done.text()).to.include('1名中1名のトークンを失効しました');
    const back = await throughBusinessDirect(demo, theirs, person);
    expect(back.screen, 'neither the session nor the remembered device').to.match(/^(TKN|BOT|WAI)/);
  });

  it('tells what a colleague changed since the page was shown, per person', async () => {
    const [one, two] = [await administrator('msuzuki14'), await administrator('ntakahashi14')];
    const ids = [await idOf(one, 'dyamamoto47'), await idOf(one, 'ywatanabe85')];
    const choice = { people: ids, reason: 'other' };
    const [first, second] = [
      await one.submit(await one.open(at(list)), { ...choice, people: [ids[0] ?? ''] }),
      await two.submit(await two.open(at(list)), choice),
    ];
    expect((await two.open(first.url)).screen, 'a choice is of the login that made it').to.equal('CON060');
    const edit = /name="edit" value="([^"]*)"/.exec(first.html)?.[1] ?? '';
    const stolen = await two.submit(second, { ...confirmed('ntakahashi14'), otp: '123456', edit });
    expect([stolen.status, stolen.refusal], 'what another page showed').to.deep.equal([409, 'conflict']);
    expect((await one.submit(first, await proof('msuzuki14'))).screen).to.equal('CON062');
    const done = await two.submit(second, await proof('ntakahashi14'));
    expect(done.screen, done.text()).to.equal('CON062');
    expect(done.text()).to.include('2名中1名のトークンを失効しました');
    expect(rowOf(done, ids[0] ?? ''))
      .to.include('対象外')
      .and.include('ほかの管理者ユーザが先に変更した');
    expect(rowOf(done, ids[1] ?? '')).to.include('完了');
    const foreign = await two.submit(await two.open(at(list)), { people: ['nobody-at-all'], reason: 'other' });
    expect([foreign.status, foreign.screen]).to.deep.equal([404, 'REF024']);
  });

  it('leads from a person’s page to the list with that person chosen, and shows the token there', async () => {
    const browser = await administrator('msuzuki14', '/company');
    const id = await idOf(browser, 'msaito50');
    const page = await browser.open(at(`/company/people/${id}`));
    expect(page.text()).to.include('スマホアプリ形式').and.include('トークンの状態').and.include('利用中');
    const chosen = await browser.submit(page, {}, 'token-revoke');
    expect([chosen.screen, rowOf(chosen, id).includes('checked')]).to.deep.equal(['CON060', true]);
    const bare = await idOf(browser, '491841845');
    const none = await browser.open(at(`/company/people/${bare}`));
    expect(none.text()).to.include('未登録');
    expect(none.html).not.to.include('token-revoke');
    expect((await browser.submit(none, {}, 'token-revoke')).screen, 'a button that is not there').to.equal('CON011');
  });

  it('is done by the bank’s command line too, and listed there', async () => {
    const listed = await command('tokens', 'list', '--company', '2053317046');
    expect(JSON.stringify(listed['tokens'])).to.include('yishikawa92').and.not.include('msuzuki14');
    const done = await command(
      'tokens',
      'revoke',
      '--login-id',
      'yishikawa92',
      '--reason',
      'lost',
      '--why',
      '電話で確認',
    );
    expect(done).to.deep.include({ ok: true, reason: 'lost' });
    expect((await command('tokens', 'revoke', '--login-id', 'yishikawa92', '--reason', 'lost'))['error']).to.equal(
      'no_token',
    );
    expect((await command('tokens', 'allow-issue', '--login-id', 'yishikawa92'))['error']).to.equal('no_guard');
    expect((await mailed(demo.person('yishikawa92'), 'トークンが失効されました')).text).to.include('紛失・盗難');
  });
}

describe('the takeover guard in the console, on PostgreSQL and Redis with two gateways', function () {
  this.timeout(60_000);
  before(async () => {
    demo = await startDemo('real', { gateways: 2 });
  });
  after(() => demo.stop());

  it('is shown with who changed what and when; lifted by who did neither; never by who did', async () => {
    const browser = await administrator('msuzuki14', '/company');
    const [id, changer] = [await idOf(browser, 'sabe89'), await idOf(browser, 'ntakahashi14')];
    const page = at(`/company/people/${id}`);
    expect((await browser.open(`${page}/allow-issue`)).screen, 'no guard, no page').to.equal('CON011');
    const now = String(await demo.now());
    await sql(
      `update account set password_by_other = $2, password_by_other_at = $3, email_by_other = 'operator',
       email_by_other_at = $3 where id = $1`,
      id,
      changer,
      now,
    );
    const detail = await browser.open(page);
    expect(detail.text()).to.include('ご本人以外により続けて変更されています').and.include('トークン発行を許可する');
    const check = await browser.submit(detail, {}, 'allow_issue');
    expect([check.status, check.screen]).to.deep.equal([200, 'CON063']);
    expect(check.text()).to.include(demo.person('ntakahashi14').name).and.include('ビジネスヘルプデスク');

    const other = await administrator('ntakahashi14', '/company');
    const theirs = await other.open(page);
    expect(theirs.html).not.to.include('value="allow_issue"');
    expect(theirs.text()).to.include('変更した方は、トークンの発行を許可できません');
    expect((await other.submit(theirs, {}, 'allow_issue')).screen).to.equal('CON011');
    expect((await other.open(`${page}/allow-issue`)).screen).to.equal('CON011');
    const stranger = await administrator('tikeda16', '/company');
    expect((await stranger.open(`${page}/allow-issue`)).status).to.equal(404);

    const tampered = await browser.submit(check, { ...confirmed('msuzuki14'), otp: '123456', edit: 'x' });
    expect([tampered.status, tampered.refusal]).to.deep.equal([409, 'conflict']);
    const typed = await proof('msuzuki14');
    const pressed = await Promise.all([browser.submit(check, typed), browser.clone().submit(check, typed)]);
    for (const one of [...pressed, await browser.submit(check, typed)]) {
      expect([one.status, one.screen], one.text()).to.deep.equal([200, 'CON064']);
      expect(one.text()).to.include(`${demo.person('sabe89').name}さんのトークン発行を許可しました`);
    }
    expect((await browser.open(page)).text()).not.to.include('続けて変更されています');
    expect((await mailed(demo.person('sabe89'), '発行が認められました')).subject).to.include('トークン');
    const [record] = await sql(`select body from audit where event = 'token.issue-allowed'`);
    expect(String(record?.['body'])).to.include(changer);
  });

  it('takes nothing and allows nothing from the moment on at which the right is lost', async () => {
    const browser = await administrator('ntakahashi14');
    const victim = await idOf(browser, 'ywatanabe85');
    const check = await browser.submit(await browser.open(at(list)), { people: [victim], reason: 'other' });
    expect(check.screen).to.equal('CON061');
    await sql(`update account set role = 'member' where id = $1`, await idOf(browser, 'ntakahashi14'));
    const typed = await proof('ntakahashi14');
    const refused = await browser.submit(check, typed);
    expect([refused.status, refused.screen]).to.deep.equal([403, 'REF027']);
    const [held] = await sql(
      'select count(*)::int as n from token_holder where account_id = $1 and ended_at is null',
      victim,
    );
    expect(held?.['n']).to.equal(1);
  });
});

describe('the guide’s way (S2): the confirmation password on the list, and the wait with its night', function () {
  this.timeout(90_000);
  before(async () => {
    demo = await startDemo('real', { gateways: 2, env: { RENKEI_PROFILE: 's2' } });
  });
  after(() => demo.stop());

  it('tells one moment before the button, in the result, by mail, at sign-in and on the person’s page', async () => {
    const person = demo.person('msaito50');
    await moveTo(21, 10);
    const theirs = demo.browser(true);
    expect((await signIn(theirs, person, '/self-service')).screen).to.equal('SLF001');
    const browser = await administrator('msuzuki14');
    const id = await idOf(browser, 'msaito50');
    const page = await browser.open(at(list));
    expect(page.html).to.include('name="confirmation_password"').and.not.include('name="otp"');
    const promised =
      /失効は21:\d\d。夜間\(20:50〜翌日8:10\)のため、(\d+年\d+月\d+日\(.\)8:10)から再発行・ログインできます。/;
    const [, moment = ''] = promised.exec(words(page)) ?? [];
    expect(moment, page.text()).not.to.equal('');

    const wrong = await browser.submit(page, { people: [id], reason: 'phone', confirmation_password: 'Wrong12345' });
    expect([wrong.status, wrong.refusal, rowOf(wrong, id).includes('checked')]).to.deep.equal([
      422,
      'credentials',
      true,
    ]);
    const choice = { people: [id], reason: 'phone', ...confirmed('msuzuki14') };
    const tampered = await browser.submit(page, { ...choice, shown: id });
    expect([tampered.status, tampered.refusal]).to.deep.equal([409, 'conflict']);
    const pressed = await Promise.all([browser.submit(page, choice), browser.clone().submit(page, choice)]);
    for (const done of [...pressed, await browser.submit(page, choice)]) {
      expect([done.status, done.screen], done.text()).to.deep.equal([200, 'CON062']);
      expect(wordsOf(done, id)).to.include(moment);
    }
    expect((await theirs.open(at('/self-service'))).screen).to.equal('LGN001');
    expect((await mailed(person, 'トークンが失効されました')).text.replace(/\s/g, '')).to.include(moment);
    expect(words(await browser.open(at(`/company/people/${id}`)))).to.include(`再発行待ち(${moment}から)`);
    expect(words(await browser.open(at('/company')))).to.include('再発行待ち1名');
    const listed = await browser.open(at(`${list}?q=msaito50`));
    expect(rowOf(listed, id)).to.include('再発行待ち').and.include('失効するトークンはありません');

    await moveTo(22, 0);
    const waits = await signIn(demo.browser(true), person, '/self-service');
    expect([waits.status, waits.screen], waits.text()).to.deep.equal([200, 'WAI001']);
    expect(words(waits)).to.include('8:10から');
    await moveTo(8, 9, 50);
    expect((await signIn(demo.browser(true), person, '/self-service')).screen).to.equal('WAI001');
    await moveTo(8, 10);
    expect((await signIn(demo.browser(true), person, '/self-service')).screen, 'issue and sign-in go on').not.to.equal(
      'WAI001',
    );
  });

  it('shows another moment first when the night has begun since the page', async () => {
    await moveTo(20, 45);
    const browser = await administrator('msuzuki14');
    const id = await idOf(browser, 'rhashimoto46');
    const page = await browser.open(at(list));
    expect(words(page))
      .to.match(/失効は20:4\d。/)
      .and.not.include('夜間');
    await moveTo(20, 50);
    const choice = { people: [id], reason: 'phone', ...confirmed('msuzuki14') };
    const later = await browser.submit(page, choice);
    expect([later.status, later.screen, later.refusal]).to.deep.equal([409, 'CON060', 'conflict']);
    expect(words(later)).to.include('再発行できる時刻が変わりました').and.include('夜間(20:50〜翌日8:10)');
    const done = await browser.submit(later, choice);
    expect([done.screen, wordsOf(done, id).includes('8:10')]).to.deep.equal(['CON062', true]);
  });

  it('asks the check page for a device, which names whom it hits; key-fobs wait for nothing', async () => {
    const browser = await administrator('msuzuki14');
    const page = await browser.open(at(list));
    const check = await browser.submit(page, { serial: '4282629452', reason: 'lost', ...confirmed('msuzuki14') });
    expect(check.screen).to.equal('CON061');
    expect(check.html.includes('name="otp"'), 'the password alone (S2)').to.equal(false);
    expect(check.text())
      .to.include('田中 彩')
      .and.include('伊藤 翔太')
      .and.include('新しいトークンはすぐに登録できます');
    const done = await browser.submit(check, confirmed('msuzuki14'));
    expect([done.screen, done.text().includes('すぐに')]).to.deep.equal(['CON062', true]);
  });

  it('releases stopped one-time passwords of both kinds by the company itself, and shows the cause', async () => {
    const browser = await administrator('tikeda16', '/company/people/otp-release');
    const page = await browser.open(at('/company/people/otp-release'));
    const id = await idOf(browser, 'kmaeda18');
    expect(rowOf(page, id)).to.include('type="checkbox"').and.include('キーホルダー形式').and.not.include('解除は');
    expect(rowOf(page, id)).to.match(/誤入力|時刻のずれ|同僚のコード|期限切れ|社外からの集中/);
    expect(page.html).to.include('停止解除</button>').and.include('name="confirmation_password"');
    const done = await browser.submit(page, { people: [id], ...confirmed('tikeda16') });
    expect([done.screen, done.text().includes('1名中1名を解除しました')]).to.deep.equal(['CON052', true]);
  });
});

describe('an administrator without a usable token (S4): a code by mail', function () {
  this.timeout(60_000);
  before(async () => {
    demo = await startDemo('real', { gateways: 2, env: { RENKEI_PROFILE: 's4' } });
  });
  after(() => demo.stop());

  it('proves it by confirmation password and e-mail code, and is told of by mail to the others', async () => {
    const [master, member] = [demo.person('thasegawa85'), demo.person('cmurakami98')];
    const theirs = demo.browser(true);
    let page = await directly(demo, theirs, member, 'login_otp');
    page = await theirs.submit(page, { serial: member.otp?.serial ?? '', otp: await freshCode(member) });
    expect((await theirs.open(at('/self-service'))).screen, page.text()).to.equal('SLF001');
    const browser = demo.browser(true);
    page = await signIn(browser, master, list);
    expect(page.screen, page.text()).to.equal('CON060');
    const id = await idOf(browser, 'cmurakami98');
    const check = await browser.submit(await browser.open(at(list)), { people: [id], reason: 'lost' });
    expect(check.screen).to.equal('CON061');
    expect(check.html).to.include('name="email_code"').and.not.include('name="otp"');
    expect(check.text()).to.include('ご自身のトークンを使えないため');
    const mail = await mailed(master, 'メール通知パスワード');
    expect(mail.text).to.include('トークン失効');
    const code = mail.code ?? '';
    expect(code).to.match(/^\d{8}$/);

    const otp = await browser.submit(check, { ...confirmed('thasegawa85'), otp: '123456' });
    expect([otp.status, otp.refusal], 'another kind of proof').to.deep.equal([422, 'form']);
    const password = await browser.submit(check, { confirmation_password: 'Wrong12345', email_code: code });
    expect([password.status, password.refusal]).to.deep.equal([422, 'credentials']);
    const wrong = await browser.submit(check, {
      ...confirmed('thasegawa85'),
      email_code: (code.startsWith('1') ? '2' : '1') + code.slice(1),
    });
    expect([wrong.status, wrong.text().includes('あと4回')]).to.deep.equal([422, true]);
    const soon = await browser.submit(wrong, {}, 'resend');
    expect([soon.status, soon.text().includes('送信の上限')], 'within the pause').to.deep.equal([422, true]);
    const done = await browser.submit(wrong, { ...confirmed('thasegawa85'), email_code: code });
    expect([done.status, done.screen], done.text()).to.deep.equal([200, 'CON062']);
    expect((await theirs.open(at('/self-service'))).screen).to.equal('LGN001');
    const [told] = await sql(
      `select count(*)::int as n from outbox where payload->>'mail' = 'token-revoked-without-token'`,
    );
    expect(told?.['n'], 'this company has no other administrator').to.equal(0);
    const [record] = await sql(`select body from audit where event = 'act.proven' order by at desc, seq desc limit 1`);
    expect(String(record?.['body'])).to.include('confirmation+email-code');
  });
});
