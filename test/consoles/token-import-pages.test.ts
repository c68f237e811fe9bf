// HDK041–043 over real HTTP on a running demo: a seed file that is checked, taken over, refused; what is posted in no form of
// ours; and that no secret of a file is ever seen again.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { codeAt, secretFromBase32, stepAt } from '../../src/secrets/totp.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { closedByPassword, closedCbc, csvFile, csvHead, csvLine, pskcFile, seedTokens } from '../support/seed-file.ts';
import { root } from '../support/source.ts';

interface DemoOperator {
  readonly login_id: string;
  readonly password: string;
  readonly otp: {
    readonly secret: string;
    readonly algorithm: 'SHA1';
    readonly digits: number;
    readonly period: number;
  } | null;
}

const operators: readonly DemoOperator[] = JSON.parse(readFileSync(join(root, 'config/demo/operators.json'), 'utf8'));

let demo: Demo;
const path = '/helpdesk/tokens/import';
const at = (address: string): string => `${demo.gateway}${address}`;

/** Whatever any answer of these tests said. */
let everything = '';

function operator(loginId: string): DemoOperator {
  const found = operators.find(({ login_id }) => login_id === loginId);
  if (!found) throw new Error(`no operator ${loginId}`);
  return found;
}

/** A code that was never used: the clock moves on by two steps first. */
async function freshCode({ otp }: DemoOperator): Promise<string> {
  if (!otp) throw new Error('no token');
  await demo.forward(2 * otp.period);
  return codeAt({ ...otp, secret: secretFromBase32(otp.secret) }, stepAt(await demo.now(), otp.period));
}

const clerk = (): DemoOperator => operator('tantou01');
const seen = (page: Page): Page => {
  everything += page.html;
  return page;
};

async function signedIn(who = clerk()): Promise<ScriptBrowser> {
  const browser = demo.browser(demo.stores === 'real');
  let page = await browser.open(at('/helpdesk'));
  expect(page.screen).to.equal('HDK003');
  page = await browser.submit(page, { login_id: who.login_id, password: who.password });
  expect(page.screen).to.equal('HDK004');
  page = await browser.submit(page, { otp: await freshCode(who) });
  expect(page.screen).to.equal('HDK001');
  return browser;
}

/** Chooses a file on HDK041 and sends the form. */
async function send(
  browser: ScriptBrowser,
  content: Buffer | string,
  fields: Readonly<Record<string, string>> = { dry_run: 'yes' },
  fileName = 'seeds.csv',
): Promise<Page> {
  const page = await browser.open(at(path));
  expect(page.screen).to.equal('HDK041');
  return seen(await browser.submit(page, { ...fields, file: { fileName, content: content.toString('utf8') } }));
}

/** The imports that HDK041 lists, as their rows say them. */
async function listed(browser: ScriptBrowser): Promise<readonly string[]> {
  const { html } = seen(await browser.open(at(path)));
  return [...html.matchAll(/<tr[^>]*>(?:(?!<\/tr>)[\s\S])*tokens\/import\/[0-9a-f-]{36}[\s\S]*?<\/tr>/g)].map(([row]) =>
    row
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

const boundary = 'a-boundary';
const part = (name: string, value: string, more = ''): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const filePart = (content: string): string => part('file', content, '; filename="seeds.csv"\r\nContent-Type: text/csv');
const end = `--${boundary}--\r\n`;
const multipart = { 'content-type': `multipart/form-data; boundary=${boundary}` };
const csrfOf = ({ html }: Page): string => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** A socket that posts to the import page as this browser would. */
async function socketOf(browser: ScriptBrowser, length: number) {
  const url = new URL(demo.gateway);
  const socket = connect(Number(url.port), url.hostname);
  await once(socket, 'connect');
  const cookies = [...browser.cookies()].map(([name, value]) => `${name}=${value}`).join('; ');
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: ${url.host}\r\nCookie: ${cookies}\r\nAccept: text/html\r\n` +
      `Content-Type: ${multipart['content-type']}\r\nContent-Length: ${length}\r\n\r\n`,
  );
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  socket.on('error', () => {});
  return { socket, said: () => said };
}

/** Waits until something came to pass. @param told what to say of it when it does not, within the test's own time */
async function until(condition: () => Promise<boolean> | boolean, told: () => string = () => ''): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`it did not come to pass: ${told().slice(0, 300)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

for (const stores of ['embedded', 'real'] as const) {
  describe(`importing tokens on ${stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores'}`, function () {
    this.timeout(60_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      everything = '';
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1 });
    });
    after(async () => {
      if (stores === 'embedded' || process.env['RENKEI_TEST_REDIS_URL']) await demo.stop();
    });
    imports();
  });
}

function imports(): void {
  let browser: ScriptBrowser;
  before(async () => {
    browser = await signedIn();
  });

  it('explains the files, and gives a sample that nobody could import by mistake', async () => {
    const page = seen(await browser.open(at(path)));
    expect([page.status, page.screen]).to.deep.equal([200, 'HDK041']);
    for (const name of ['transport_key', 'dry_run', 'otp', 'file']) expect(page.html).to.include(`name="${name}"`);
    expect(page.html).to.match(/name="dry_run"[^>]*checked/);
    expect(page.html).to.include('enctype="multipart/form-data"');
    const sample = await browser.open(at(`${path}/sample.csv`));
    expect(sample.headers.get('content-disposition')).to.equal('attachment; filename="tokens-sample.csv"');
    const result = await send(browser, sample.html);
    expect([result.screen, result.refusal]).to.deep.equal(['HDK043', 'form']);
    expect(result.text()).to.include('1行に確認が必要です').and.to.include('シード');
  });

  it('checks a file and registers nothing; its own page takes it over after a fresh code, once', async () => {
    const tokens = seedTokens(25, 'CH');
    const checked = await send(browser, csvFile(tokens));
    expect([checked.status, checked.screen, checked.refusal]).to.deep.equal([200, 'HDK043', null]);
    expect(checked.text())
      .to.include('25件を検証しました')
      .and.to.match(/[0-9a-f]{64}/);
    const again = await browser.open(checked.url);
    expect(again.text()).to.include('25件を検証しました');

    const wrong = seen(await browser.submit(again, { otp: '000000' }));
    expect([wrong.status, wrong.refusal]).to.deep.equal([422, 'otp-wrong']);
    const otp = await freshCode(clerk());
    const [one, other] = await Promise.all([browser.submit(again, { otp }), browser.clone().submit(again, { otp })]);
    for (const page of [one, other]) {
      expect([page.status, page.screen, page.refusal]).to.deep.equal([200, 'HDK043', null]);
      expect(page.text()).to.include('登録 25件');
    }
    const press = seen(await browser.submit(again, { otp }));
    expect(press.text(), 'pressed once more').to.include('登録 25件');
    expect((await listed(browser))[0])
      .to.include('取込済み')
      .and.to.include('25');
  });

  it('takes a good file over at once when it is not only to be checked, after a fresh code', async () => {
    const file = csvFile(seedTokens(3, 'AT'));
    const before = await listed(browser);
    const none = await send(browser, file, {});
    expect([none.status, none.screen, none.refusal]).to.deep.equal([422, 'HDK041', 'form']);
    expect(none.text()).to.include('もう一度選択してください');
    expect(none.html).not.to.match(/name="dry_run"[^>]*checked/);
    const wrong = await send(browser, file, { otp: '000000' });
    expect([wrong.status, wrong.refusal]).to.deep.equal([422, 'otp-wrong']);
    expect(await listed(browser), 'nothing was read').to.deep.equal(before);
    const done = await send(browser, file, { otp: await freshCode(clerk()) });
    expect([done.status, done.screen]).to.deep.equal([200, 'HDK043']);
    expect(done.text()).to.include('登録 3件');
  });

  it('names a bad line among good ones, registers none of them, and gives the list as a file', async () => {
    const tokens = seedTokens(200, 'BD');
    const lines = tokens.map(csvLine);
    lines[99] = `BD00000100,abcd,2031-03-31,FT-200\r\n`;
    lines[149] = `"=cmd|' /C calc'!A0",${'ab'.repeat(20)},2031-03-31,FT-200\r\n`;
    const bad = await send(browser, csvHead + lines.join(''), { otp: await freshCode(clerk()) });
    expect([bad.status, bad.screen, bad.refusal]).to.deep.equal([200, 'HDK043', 'form']);
    expect(bad.text()).to.include('2行に確認が必要です。この取込では何も登録していません');
    expect(bad.text()).to.include('登録 0件、確認が必要 2行').and.to.include('101').and.to.include('BD00000100');
    const list = seen(await browser.open(`${bad.url}/problems.csv`));
    expect(list.headers.get('content-type')).to.equal('text/csv; charset=utf-8');
    expect(list.html).to.include('101,').and.to.include('151,');
    expect(list.html).not.to.match(/(^|,)"?=/m);
    const once = await send(browser, csvFile(tokens));
    expect(once.text(), 'none of them is known').to.include('200件を検証しました');
  });

  it('reads encrypted PSKC under the key that was typed, and says of every other file what to do', async () => {
    const key = Buffer.from('12345678901234567890123456789012');
    const closed = pskcFile(seedTokens(4, 'PK'), closedCbc(key));
    const typed = { dry_run: 'yes', transport_key: key.toString('hex') };
    expect((await send(browser, closed, typed, 'seeds.xml')).text()).to.include('4件を検証しました');
    const phrase = { dry_run: 'yes', transport_key: '合言葉 of the maker' };
    const derived = pskcFile(seedTokens(2, 'PB'), closedByPassword(phrase.transport_key));
    expect((await send(browser, derived, phrase)).text()).to.include('2件を検証しました');
    const plain = pskcFile(seedTokens(2, 'PP')).toString();
    const wrong: readonly (readonly [Buffer | string, Readonly<Record<string, string>>, string])[] = [
      [closed, { dry_run: 'yes' }, '復号鍵を入力して'],
      [closed, { dry_run: 'yes', transport_key: 'ab'.repeat(32) }, '復号鍵'],
      [closed.subarray(0, 1500), typed, '途中で終わっています'],
      [plain.replace('?>\n', '?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n'), { dry_run: 'yes' }, 'DOCTYPE宣言'],
      ['', { dry_run: 'yes' }, 'ファイル'],
      ['\u0000\u0001 nothing', { dry_run: 'yes' }, '文字を読み取れません'],
      ['a,b,c\r\n1,2,3\r\n', { dry_run: 'yes' }, '1行目の列名'],
    ];
    for (const [file, fields, words] of wrong) {
      const page = await send(browser, file, fields);
      expect([page.status, page.screen, page.refusal], words).to.deep.equal([200, 'HDK043', 'form']);
      expect(page.text()).to.include(words).and.to.include('何も登録していません');
    }
  });

  it('lets one of two checks of the same tokens in: the other is told, and nothing of it is registered', async () => {
    const file = csvFile(seedTokens(5, 'RC'));
    const [one, other] = [await send(browser, file), await send(browser, file)];
    const first = await browser.submit(one, { otp: await freshCode(clerk()) });
    expect(first.text()).to.include('登録 5件');
    const second = seen(await browser.submit(other, { otp: await freshCode(clerk()) }));
    expect([second.status, second.screen, second.refusal]).to.deep.equal([409, 'HDK043', 'conflict']);
    expect(second.text()).to.include('先に登録された').and.to.include('RC00000001');
    expect((await browser.open(other.url)).refusal).to.equal('conflict');
  });

  it('gives a check up when it is cancelled', async () => {
    const checked = await send(browser, csvFile(seedTokens(2, 'CN')));
    const gone = seen(await browser.submit(checked, {}, 'cancel'));
    expect([gone.status, gone.screen]).to.deep.equal([200, 'HDK043']);
    expect(gone.text()).to.include('取込を中止しました');
    expect((await browser.submit(checked, { otp: await freshCode(clerk()) })).text()).to.include('取込を中止しました');
  });

  it('asks those who are not signed in to sign in without reading what they send, and refuses an auditor', async () => {
    const stranger = demo.browser();
    const { socket, said } = await socketOf(stranger, 150_000_000);
    await until(() => said().includes('\r\n\r\n'));
    expect(said())
      .to.match(/^HTTP\/1.1 303/)
      .and.to.match(/Location: \S*\/helpdesk\/sign-in/i);
    socket.destroy();
    const auditor = await signedIn(operator('kansa01'));
    expect((await auditor.open(at(path))).status).to.equal(403);
    const checked = await send(browser, csvFile(seedTokens(2, 'AU')));
    const csrf = csrfOf(await auditor.open(at('/helpdesk')));
    const page = await auditor.post(at(path), part('csrf', csrf) + filePart('serial\r\n') + end, multipart);
    expect([page.status, page.screen]).to.deep.equal([403, 'REF027']);
    for (const address of [checked.url, `${checked.url}/problems.csv`, at(`${path}/sample.csv`)])
      expect((await auditor.open(address)).status, address).to.equal(403);
  });

  it('knows no import by a strange address', async () => {
    for (const address of ['/00000000-0000-7000-8000-000000000000', '/x', '/__proto__', '/x/problems.csv']) {
      const page = await browser.open(at(path + address));
      expect([page.status, page.screen], address).to.deep.equal([404, 'REF024']);
    }
  });

  it('does nothing of a post that is no form of ours', async () => {
    const before = await listed(browser);
    const csrf = csrfOf(await browser.open(at(path)));
    const good = part('csrf', csrf) + part('dry_run', 'yes');
    const file = filePart(csvFile(seedTokens(1, 'XX')).toString());
    const long = filePart('x'.repeat(300_000));
    const attacks: readonly (readonly [string, string, number, Readonly<Record<string, string>>?])[] = [
      ['no token', part('dry_run', 'yes') + file + end, 403],
      ['an empty token', part('csrf', '') + part('dry_run', 'yes') + file + end, 403],
      ['another token', part('csrf', 'x'.repeat(43)) + part('dry_run', 'yes') + file + end, 403],
      ['another token behind the file', part('dry_run', 'yes') + file + part('csrf', 'x'.repeat(43)) + end, 403],
      ['two files', good + file + file + end, 400],
      ['a file that is none', good + part('file', 'x') + end, 400],
      ['a stranger’s field', `${good}${part('__proto__', 'x')}${file}${end}`, 400],
      ['two tokens', part('csrf', csrf) + good + file + end, 400],
      ['no end', good + file, 400],
      ['no file', good + end, 400],
      ['another boundary', good + file + end, 400, { 'content-type': 'multipart/form-data; boundary=other' }],
      ['no boundary', good + file + end, 400, { 'content-type': 'multipart/form-data' }],
      [
        'a form without files',
        `csrf=${csrf}&dry_run=yes`,
        400,
        { 'content-type': 'application/x-www-form-urlencoded' },
      ],
      [
        'another site',
        good + file + end,
        403,
        { ...multipart, 'origin': 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      ],
      ['a long key', good + part('transport_key', 'k'.repeat(2000)) + file + end, 413],
    ];
    for (const [what, body, early] of [
      ['the token behind a long file', part('dry_run', 'yes') + long + part('csrf', csrf) + end, 403],
      ['a field behind a long file', part('csrf', csrf) + long + part('dry_run', 'yes') + end, 422],
    ] as const)
      // The fields before it may have been judged already when the late one is found.
      expect((await browser.post(at(path), body, multipart)).status, what).to.be.oneOf([400, early]);
    for (const [what, body, status, headers = multipart] of attacks) {
      const page = seen(await browser.post(at(path), body, headers));
      expect([what, page.status]).to.deep.equal([what, status]);
    }
    const after = await listed(browser);
    expect(after.filter((row) => !before.includes(row) && !row.includes('取り込めませんでした'))).to.deep.equal([]);
    for (const address of ['/helpdesk/sign-in', '/helpdesk/tokens', '/language', `${path}/`])
      expect((await browser.post(at(address), good + file + end, multipart)).status, address).to.equal(400);
  });

  it('understands a program that sends the fields behind the file', async () => {
    const csrf = csrfOf(await browser.open(at(path)));
    const file = filePart(csvFile(seedTokens(2, 'BH')).toString());
    const page = seen(
      await browser.post(at(path), file + part('dry_run', 'yes') + part('csrf', csrf) + end, multipart),
    );
    expect([page.status, page.screen]).to.deep.equal([200, 'HDK043']);
    expect(page.text()).to.include('2件');
  });

  it('refuses what says that it is too large before it is sent, and lets nothing of it in', async () => {
    const before = await listed(browser);
    const { socket, said } = await socketOf(browser, 300_000_000);
    await until(() => said().includes('data-screen'));
    expect(said())
      .to.match(/^HTTP\/1.1 413/)
      .and.to.include('REF025');
    socket.destroy();
    expect(await listed(browser)).to.deep.equal(before);
  });

  it('ends an import whose sender went away half-way, and shows it while it is read', async () => {
    const csrf = csrfOf(await browser.open(at(path)));
    const lines = csvFile(seedTokens(6000, 'HW')).toString();
    const { socket, said } = await socketOf(browser, 5_000_000);
    socket.write(part('csrf', csrf) + part('dry_run', 'yes') + filePart(lines).trimEnd());
    await until(async () => (await listed(browser))[0]?.includes('読み取り中') === true, said);
    const { html } = await browser.open(at(path));
    const id = new RegExp(`${path}/([0-9a-f-]{36})`).exec(html)?.[1] ?? '';
    const running = seen(await browser.open(at(`${path}/${id}`)));
    expect([running.screen, running.headers.get('refresh')]).to.deep.equal(['HDK042', '5']);
    expect(running.text()).to.include('1行目の列名を含む').and.to.include('列名の行を除く');
    // How far it is, of what was said to come: more with every batch that is staged.
    const so = ({ html }: Page): readonly number[] =>
      ['value', 'max'].map((name) => Number(new RegExp(`<progress[^>]* ${name}="([0-9]+)"`).exec(html)?.[1]));
    await until(async () => (so(await browser.open(at(`${path}/${id}`)))[0] ?? 0) > 100_000);
    const [read = 0, size = 0] = so(await browser.open(at(`${path}/${id}`)));
    expect([read <= lines.length, size]).to.deep.equal([true, 5_000_000]);
    expect((await browser.open(at(`${path}/${id}`))).text()).to.match(/ファイルの[0-9]+%を読み取りました/);
    socket.destroy();
    await until(async () => (await browser.open(at(`${path}/${id}`))).screen === 'HDK043');
    const ended = seen(await browser.open(at(`${path}/${id}`)));
    expect(ended.headers.get('refresh')).to.equal(null);
    expect(ended.text()).to.include('途中で止まりました').and.to.include('何も登録していません');
  });

  it('stops reading when it is cancelled on its page', async () => {
    const csrf = csrfOf(await browser.open(at(path)));
    const lines = csvFile(seedTokens(12_000, 'ST')).toString();
    const half = lines.slice(0, lines.length / 2);
    const body = part('csrf', csrf) + part('dry_run', 'yes') + filePart(lines) + end;
    const { socket, said } = await socketOf(browser, body.length);
    const sent = part('csrf', csrf) + part('dry_run', 'yes') + filePart(half).trimEnd();
    socket.write(sent);
    await until(async () => (await listed(browser))[0]?.includes('読み取り中') === true, said);
    const id = new RegExp(`${path}/([0-9a-f-]{36})`).exec((await browser.open(at(path))).html)?.[1] ?? '';
    const gone = await browser.submit(await browser.open(at(`${path}/${id}`)), {}, 'cancel');
    expect(gone.text()).to.include('取込を中止しました');
    socket.write(body.slice(sent.length));
    await until(() => said().includes('\r\n\r\n'));
    expect(said())
      .to.match(/^HTTP\/1.1 303/)
      .and.to.include(id);
    socket.destroy();
    expect((await browser.open(at(`${path}/${id}`))).text()).to.include('取込を中止しました');
  });

  it('has shown and written down no secret of any file, and no key', async () => {
    const tokens = ['CH', 'AT', 'BD', 'PK', 'PB', 'RC', 'HW'].flatMap((prefix) => seedTokens(30, prefix));
    const secrets = tokens.flatMap(({ secret }) => [
      Buffer.from(secret).toString('hex'),
      Buffer.from(secret).toString('base64'),
    ]);
    const keys = [Buffer.from('12345678901234567890123456789012').toString('hex'), '合言葉 of the maker', '\uFFFD'];
    const places = [everything, demo.log(), ...(await recorded())];
    for (const secret of [...secrets, ...keys])
      for (const place of places) expect(place.includes(secret)).to.equal(false);
    expect(everything).to.have.length.greaterThan(100_000);
  });
}

/** Every record, where the database can be asked from here. */
async function recorded(): Promise<readonly string[]> {
  if (demo.databaseUrl === null) return [];
  const client = new pg.Client({ connectionString: demo.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ body: string }>('select body from audit');
    expect(rows.filter(({ body }) => body.includes('token.imported'))).to.have.length(3);
    return rows.map(({ body }) => body);
  } finally {
    await client.end();
  }
}
