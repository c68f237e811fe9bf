// Sign-ins and records over real HTTP on a running demo: one's own alone, a company's own alone, what ends at once everywhere,
// and what is written into the files.
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';

let demo: Demo;
const at = (path: string): string => `${demo.gateway}${path}`;
const browserOf = (): ScriptBrowser => demo.browser(demo.stores === 'real');

/** Signs in to a page of our own, by login ID or through Business Direct. */
async function signIn(
  browser: ScriptBrowser,
  person: DemoPerson,
  path: string,
  route: 'direct' | 'federated' = 'direct',
  remember = false,
): Promise<Page> {
  let page = await browser.submit(await browser.open(at(path)), {}, route);
  if (page.screen === 'BDD001' && person.business_direct) {
    const { id, password } = person.business_direct;
    page = await browser.submit(page, { business_direct_id: id, business_direct_password: password });
  }
  if (page.screen === 'LGN002' || page.screen === 'LNK001')
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  if (page.screen === 'OTP001' || page.screen === 'OTP002') {
    await demo.forward(120);
    page = await browser.submit(page, { otp: await demo.code(person), ...(remember ? { remember: 'yes' } : {}) });
  }
  return page;
}

/** The same browser, closed and opened again: cookies that were meant to stay are there. */
function reopened(browser: ScriptBrowser): ScriptBrowser {
  const again = browser.clone();
  for (const name of browser.cookies().keys()) if (!name.startsWith('renkei_device_')) again.dropCookie(name);
  return again;
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

const rows = ({ html }: Page): readonly string[] =>
  [...html.matchAll(/<tr role="row"(?:(?!<\/tr>)[\s\S])*<\/tr>/g)].map(([row]) => row).slice(1);
const rowsWith = (page: Page, text: string): readonly string[] => rows(page).filter((row) => row.includes(text));
const idIn = (row: string): string => /name="session" value="([^"]+)"/.exec(row)?.[1] ?? '';
const references = ({ html }: Page): readonly string[] =>
  [...html.matchAll(/href="\/(?:self-service\/history|company\/records)\/([^"?]+)"/g)].map(([, ref = '']) => ref);
const live = (page: Page): number => [...page.html.matchAll(/name="session"/g)].length;

/** One statement on the demo's own database. */
async function sql(text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
  if (demo.databaseUrl === null) throw new Error('the demo runs on embedded stores');
  const client = new pg.Client({ connectionString: demo.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

const recorded = async (event: string): Promise<readonly Record<string, unknown>[]> =>
  (await sql('select body from audit where event = $1 order by at, seq', [event])).map(({ body }) =>
    JSON.parse(String(body)),
  );

for (const stores of ['embedded', 'real'] as const) {
  describe(`sign-ins and records on ${stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores'}`, function () {
    this.timeout(90_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1 });
    });
    after(async () => {
      if (stores === 'embedded' || process.env['RENKEI_TEST_REDIS_URL']) await demo.stop();
    });
    signIns();
    history();
    company();
    topPage();
  });
}

function signIns(): void {
  describe('ログイン中の端末', () => {
    it('lists the open ones with route, code, browser and portals, and ends one at once for every process and portal', async () => {
      const person = demo.person('msaito50');
      const theirs = browserOf();
      await signIn(theirs, person, '/self-service', 'federated');
      const entered = await theirs.submit(await theirs.open(`${demo.portal}/`), {}, 'login');
      expect(entered.json('claims'), 'signed in to the portal').not.to.equal(null);
      const here = browserOf();
      let page = await signIn(here, person, '/self-service/sessions');
      expect([page.status, page.screen, live(page)]).to.deep.equal([200, 'SLF055', 2]);
      const [other = ''] = rowsWith(page, 'ID連携ログイン');
      expect(other).to.include('入力').and.include('Chrome / Windows').and.include('提携').and.not.include('この画面');
      expect(rowsWith(page, 'この画面')).to.have.length(1);
      expect(rowsWith(page, 'この画面')[0]).to.include('直接ログイン');

      page = await here.submit(page, {});
      expect([page.status, page.refusal], 'nothing chosen').to.deep.equal([422, 'form']);
      page = await here.submit(page, { session: idIn(other) });
      expect([page.status, page.screen, live(page)]).to.deep.equal([200, 'SLF055', 1]);
      expect(page.text())
        .to.include('選択したログインを終了しました')
        .and.include('ご本人が終了しました')
        .and.match(/お問い合わせ番号 [0-9A-Z]{4}-[0-9A-Z]{4}/);
      expect((await theirs.open(at('/self-service'))).screen, 'over there').to.equal('LGN001');
      expect((await theirs.open(at('/self-service'))).screen, 'and on the other process').to.equal('LGN001');
      const portal = async (): Promise<unknown> => (await theirs.open(`${demo.portal}/`)).json('claims');
      for (let round = 0; round < 50 && (await portal()) !== null; round += 1) await pause(100);
      expect(await portal(), 'the portal was told').to.equal(null);
      const silent = await theirs.submit(await theirs.open(`${demo.portal}/`), {}, 'login_silent');
      expect(silent.json('claims'), 'no way in').to.equal(null);
      const again = await here.submit(page, { session: idIn(other) });
      expect([again.status, live(again)], 'pressed twice').to.deep.equal([200, 1]);
      expect((await here.open(at('/self-service'))).status, 'the present one goes on').to.equal(200);
    });

    it('ends all others, and by ending itself signs out', async () => {
      const person = demo.person('dyamamoto47');
      const others = [browserOf(), browserOf()];
      for (const other of others) await signIn(other, person, '/self-service');
      const here = browserOf();
      let page = await signIn(here, person, '/self-service/sessions');
      expect(live(page)).to.equal(3);
      page = await here.submit(page, {}, 'end_others');
      expect([page.status, live(page)]).to.deep.equal([200, 1]);
      for (const other of others) expect((await other.open(at('/self-service'))).screen).to.equal('LGN001');
      const end = await here.submit(page, { session: idIn(rowsWith(page, 'この画面')[0] ?? '') });
      expect([end.status, end.screen]).to.deep.equal([200, 'OUT002']);
      expect((await here.open(at('/self-service'))).screen).to.equal('LGN001');
    });

    it('never shows or ends somebody else’s: foreign and unknown ids look alike and are written down', async () => {
      const [one, two] = [browserOf(), browserOf()];
      const mine = await signIn(one, demo.person('sabe89'), '/self-service/sessions');
      const theirs = await signIn(two, demo.person('ymori34'), '/self-service/sessions');
      const foreign = idIn(rowsWith(theirs, 'この画面')[0] ?? '');
      expect(mine.html).not.to.include(foreign);
      const told: string[] = [];
      for (const session of [foreign, '01900000-0000-7000-8000-000000000000', '../x', 'x'.repeat(200)]) {
        const page = await one.submit(mine, { session });
        expect([page.status, page.screen, page.refusal], session).to.deep.equal([404, 'REF024', 'not-found']);
        told.push(page.text().replace(/[0-9A-Z]{4}-[0-9A-Z]{4}|\d+:\d+/g, ''));
      }
      expect(new Set(told).size).to.equal(1);
      expect((await two.open(at('/self-service'))).screen, 'still signed in').to.equal('SLF001');
      if (demo.databaseUrl === null) return;
      const records = await recorded('console.foreign-target');
      expect(records.filter(({ data }) => JSON.stringify(data).includes('end-session'))).to.have.length(4);
    });

    it('keeps five: a sixth ends the oldest, which stays listed with why', async () => {
      const person = demo.person('atanaka93');
      const browsers = Array.from({ length: 6 }, browserOf);
      const ids: string[] = [];
      for (const browser of browsers) {
        const page = await signIn(browser, person, '/self-service/sessions');
        ids.push(idIn(rowsWith(page, 'この画面')[0] ?? ''));
      }
      const [oldest, ...kept] = browsers;
      expect((await oldest?.open(at('/self-service')))?.screen).to.equal('LGN001');
      for (const browser of kept) expect((await browser.open(at('/self-service'))).screen).to.equal('SLF001');
      const page = await kept[4]?.open(at('/self-service/sessions'));
      expect([page && live(page), page?.html.includes(ids[0] ?? '')]).to.deep.equal([5, false]);
      expect(page?.text()).to.include('新しいログインが上限の件数を超えました').and.include('5件まで');
      const written = await kept[4]?.open(at('/self-service/history?state=sign-in'));
      expect(written && rowsWith(written, 'ログインの終了')[0]).to.include('システム');
    });
  });
}

function history(): void {
  describe('ログイン・操作の記録', () => {
    it('shows what happened to oneself in words, by period and kind, and each record with its receipt', async () => {
      const person = demo.person('ywatanabe85');
      const browser = browserOf();
      await signIn(browser, person, '/self-service', 'federated', true);
      const skipping = reopened(browser);
      await signIn(skipping, person, '/self-service', 'federated');
      const stranger = await browserOf().open(at('/self-service'));
      const missing = browserOf();
      let page = await missing.submit(await missing.open(at('/self-service')), {}, 'direct');
      page = await missing.submit(page, { login_id: person.login_id, password: 'Wrongone99' });
      expect([stranger.screen, page.status]).to.deep.equal(['LGN001', 422]);

      const list = await skipping.open(at('/self-service/history'));
      expect([list.status, list.screen]).to.deep.equal([200, 'SLF060']);
      const signInRows = rows(list).filter((row) => /<td[^>]*data-head="内容"[^>]*><div>ログイン<\/div>/.test(row));
      expect(signInRows).to.have.length(2);
      expect(signInRows[0]).to.include('省略(Chrome / Windows)').and.include('ID連携ログイン').and.include('完了');
      expect(signInRows[1]).to.include('入力').and.not.include('note-below');
      const [missed = ''] = rowsWith(list, 'パスワードの入力');
      expect(missed).to.include('確認できず').and.include('不明(ログイン前)').and.include('直接ログイン');
      expect(list.text()).to.include('ID連携の登録');

      const day = new Date((await demo.now()) + 9 * 3_600_000).toISOString().slice(0, 10);
      const before = new Date((await demo.now()) + (9 - 72) * 3_600_000).toISOString().slice(0, 10);
      const kind = await skipping.open(at(`/self-service/history?from=${before}&to=${day}&state=password`));
      expect(rows(kind).every((row) => row.includes('パスワード'))).to.equal(true);
      const past = await skipping.open(at('/self-service/history?to=2020-01-01'));
      expect([rows(past).length, past.text().includes('この期間の記録はありません')]).to.deep.equal([0, true]);

      const reference = references({ ...list, html: signInRows[1] ?? '' })[0] ?? '';
      const one = await skipping.open(at(`/self-service/history/${reference}`));
      expect([one.status, one.screen]).to.deep.equal([200, 'SLF061']);
      expect(one.text())
        .to.include(person.business_direct?.id)
        .and.include('ログインIDとログインパスワード')
        .and.include('キーホルダー形式')
        .and.include('必要な確認がすべて済んだため')
        .and.include('ID連携ログインとワンタイムパスワード')
        .and.include('このブラウザを入力省略に登録しました')
        .and.include('お心当たりがない場合')
        .and.include(reference);
      expect(one.text()).not.to.match(/urn:|oidc|says/);
      const lower = await skipping.open(at(`/self-service/history/${reference.toLowerCase().replace('-', '')}`));
      expect(lower.status, 'as somebody types it').to.equal(200);
      const ended = await skipping.submit(one, {});
      expect([ended.status, ended.screen, live(ended)]).to.deep.equal([200, 'SLF055', 1]);
    });

    it('tells wrong dates at their fields and keeps what was typed', async () => {
      const browser = browserOf();
      await signIn(browser, demo.person('rhashimoto46'), '/self-service');
      const page = await browser.open(
        at(`/self-service/history?from=${encodeURIComponent('昨日"><b>')}&to=2026-02-30&state=code`),
      );
      expect([page.status, page.screen, page.refusal]).to.deep.equal([422, 'SLF060', 'form']);
      expect(page.text()).to.include('「2026-11-22」の形で入力してください');
      expect(page.html)
        .to.include('value="昨日&quot;>')
        .and.include('value="2026-02-30"')
        .and.match(/value="code" selected/);
      const file = await browser.open(at('/self-service/history?from=x&action=csv'));
      expect([file.status, file.screen]).to.deep.equal([422, 'SLF060']);
      for (const query of [
        '?from=%00&state=nonsense&before=-1&after=x',
        '?from=&to=&before=99999999999999999',
        '?q=a&q=b',
      ])
        expect((await browser.open(at(`/self-service/history${query}`))).status, query).to.equal(200);
    });

    it('gives nobody another’s record: foreign, unknown and malformed numbers are 404', async () => {
      const [one, two] = [browserOf(), browserOf()];
      await signIn(one, demo.person('sito48'), '/self-service');
      await signIn(two, demo.person('mhayashi38'), '/self-service');
      const [foreign = ''] = references(await two.open(at('/self-service/history')));
      expect((await two.open(at(`/self-service/history/${foreign}`))).status).to.equal(200);
      for (const reference of [foreign, '2222-2222', 'x', 'a%00b', 'x'.repeat(300)]) {
        const page = await one.open(at(`/self-service/history/${reference}`));
        expect([page.status, page.screen, page.refusal], reference).to.deep.equal([404, 'REF024', 'not-found']);
      }
      expect((await one.open(at('/self-service/history'))).html).not.to.include(foreign);
    });

    it('goes through pages of fifty and back, and writes all of them into a file', async () => {
      const person = demo.person('ntakahashi14');
      const browser = browserOf();
      await signIn(browser, person, '/self-service', 'federated', true);
      let devices = await browser.open(at('/self-service/devices'));
      const device = /name="device" value="([^"]+)"/.exec(devices.html)?.[1] ?? '';
      for (let n = 0; n < 60; n += 1)
        devices = await browser.submit(devices, { device, device_label: n === 59 ? '=1+1,"机"' : `机${n}` });
      const first = await browser.open(at('/self-service/history?state=link'));
      expect(rows(first)).to.have.length(50);
      const older = /href="([^"]*before=[^"]*)"/.exec(first.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
      expect(first.html).not.to.include('after=');
      const second = await browser.open(at(older));
      expect(rows(second).length).to.be.within(11, 15);
      expect(second.html).not.to.include('before=');
      const newer = /href="([^"]*after=[^"]*)"/.exec(second.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const back = await browser.open(at(newer));
      expect(references(back)).to.deep.equal(references(first));
      expect(new Set([...references(first), ...references(second)]).size).to.be.within(61, 63);

      await signIn(reopened(browser), person, '/self-service', 'federated');
      const file = await browser.open(at('/self-service/history?state=sign-in&action=csv'));
      expect([file.status, file.headers.get('content-type'), file.headers.get('cache-control')]).to.deep.equal([
        200,
        'text/csv; charset=utf-8',
        'no-store',
      ]);
      expect(file.headers.get('content-disposition')).to.match(/^attachment; filename="records-\d{4}-\d\d-\d\d\.csv"$/);
      expect(file.html.startsWith('\uFEFF日時,内容,実行者,経路,コード,結果,お問い合わせ番号\r\n')).to.equal(true);
      expect(file.html).to.include('"省略(=1+1,""机"")"').and.match(/\r\n$/);
      const whole = await browser.open(at('/self-service/history?state=link&action=csv'));
      expect(whole.html.split('\r\n').length).to.be.within(63, 66);
    });
  });
}

function company(): void {
  describe('記録の照会', () => {
    it('is for masters and admins; members are told who can', async () => {
      const browser = browserOf();
      const page = await signIn(browser, demo.person('sito48'), '/company/records');
      expect([page.status, page.screen, page.refusal]).to.deep.equal([403, 'REF027', 'not-allowed']);
      for (const path of ['/company/records/2222-2222', '/company/records?action=csv'])
        expect((await browser.open(at(path))).status, path).to.equal(403);
    });

    it('shows everybody of the company and nobody of another, by name, number, period and kind', async () => {
      const foreigner = browserOf();
      await signIn(foreigner, demo.person('tikeda16'), '/company/records');
      const [foreign = ''] = references(await foreigner.open(at('/company/records')));
      const own = browserOf();
      await signIn(own, demo.person('sabe89'), '/self-service', 'federated');
      const browser = browserOf();
      const list = await signIn(browser, demo.person('msuzuki14'), '/company/records');
      expect([list.status, list.screen]).to.deep.equal([200, 'CON100']);
      expect(list.text())
        .to.include('sabe89')
        .and.include('阿部 俊介')
        .and.not.include('池田')
        .and.not.include('tikeda16');
      expect(references(list)).not.to.include(foreign);
      const byName = await browser.open(at(`/company/records?q=${encodeURIComponent('阿部')}`));
      expect(rows(byName).length).to.be.greaterThan(1);
      expect(rows(byName).every((row) => row.includes('阿部 俊介'))).to.equal(true);
      const [reference = ''] = references(byName);
      const byNumber = await browser.open(at(`/company/records?q=${reference.toLowerCase()}`));
      expect(new Set(references(byNumber))).to.deep.equal(new Set([reference]));
      const missing = await browser.open(at(`/company/records?q=${encodeURIComponent(foreign)}`));
      expect(rows(missing)).to.have.length(0);
      expect((await browser.open(at('/company/records?q=%25'))).text()).to.include('この期間の記録はありません');
      expect((await browser.open(at('/company/records?from=2026-13-01'))).status).to.equal(422);

      const one = await browser.open(at(`/company/records/${reference}`));
      expect([one.status, one.screen]).to.deep.equal([200, 'CON101']);
      expect(one.text()).to.include('阿部 俊介').and.include('ご本人').and.include('必要な確認がすべて済んだため');
      for (const ref of [foreign, '2222-2222', 'x']) {
        const page = await browser.open(at(`/company/records/${ref}`));
        expect([page.status, page.screen], ref).to.deep.equal([404, 'REF024']);
      }
    });

    it('names who did what to whom, and to the person only their role', async () => {
      const [admin, person] = [demo.person('msuzuki14'), demo.person('rhashimoto46')];
      const theirs = browserOf();
      await signIn(theirs, person, '/self-service', 'federated', true);
      const browser = browserOf();
      await signIn(browser, admin, '/company');
      const people = await browser.open(at('/company/people?per=100'));
      const id =
        [...people.html.matchAll(/data-account="([^"]+)"[\s\S]*?class="login-id">([^<]+)</g)].find(
          ([, , loginId]) => loginId === person.login_id,
        )?.[1] ?? '';
      const check = await browser.open(at(`/company/people/forget/${id}`));
      expect(check.screen).to.equal('CON080');
      const done = await browser.submit(check, { confirmation_password: admin.confirmation_password ?? '' });
      expect(done.screen).to.equal('CON081');
      const list = await browser.open(at('/company/records?state=link'));
      const [row = ''] = rowsWith(list, '入力省略の終了');
      expect(row).to.include(person.name).and.include(`${admin.name} (管理者ユーザ)`);
      const seen = await theirs.open(at('/self-service/history?state=link'));
      const [ownRow = ''] = rowsWith(seen, '入力省略の終了');
      expect(ownRow).to.include('管理者ユーザ').and.not.include(admin.name);
      const [reference = ''] = references({ ...seen, html: ownRow });
      const own = await theirs.open(at(`/self-service/history/${reference}`));
      expect(own.text()).to.include('管理者ユーザ').and.not.include(admin.name).and.not.include(admin.login_id);
    });

    it('hands out a file that no spreadsheet takes for formulas, and writes that down with count and filter', async () => {
      const browser = browserOf();
      if (demo.databaseUrl !== null) {
        await sql('update account set name = $1 where login_name = $2', ['=HYPERLINK("http://x","机")', 'hyamada58']);
        await sql('update account set name = $1 where login_name = $2', ['＠森, 由紀子', 'ysasaki32']);
      }
      await signIn(browser, demo.person('msuzuki14'), '/company/records');
      for (const [loginId, password] of [
        ['hyamada58', 'Wrongone99'],
        ['ysasaki32', 'Wrongone99'],
      ] as const) {
        const theirs = browserOf();
        const page = await theirs.submit(await theirs.open(at('/self-service')), {}, 'direct');
        await theirs.submit(page, { login_id: loginId, password });
      }
      const file = await browser.open(at('/company/records?state=password&action=csv'));
      expect(file.headers.get('content-disposition')).to.match(/^attachment; filename="company-records-/);
      const lines = file.html.slice(1).split('\r\n');
      expect(lines[0]).to.equal('日時,利用者,ログインID,内容,実行者,経路,コード,結果,お問い合わせ番号');
      expect(lines.slice(1, -1).every((line) => line.includes('パスワード'))).to.equal(true);
      expect(file.html).not.to.include('kitahama').and.not.include('ymori34');
      const list = await browser.open(at('/company/records?state=administration'));
      const [row = ''] = rowsWith(list, '記録の出力');
      expect(row).to.include('msuzuki14');
      const [reference = ''] = references({ ...list, html: row });
      expect((await browser.open(at(`/company/records/${reference}`))).text()).to.include(`${lines.length - 2}件`);
      if (demo.databaseUrl === null) return;
      expect(file.html)
        .to.include(`,"'=HYPERLINK(""http://x"",""机"")",hyamada58,`)
        .and.include(`,"'＠森, 由紀子",ysasaki32,`);
      const [exported] = (await recorded('records.exported')).toReversed();
      expect(exported?.['data']).to.deep.include({
        count: lines.length - 2,
        filter: { q: '', kind: 'password', from: null, until: null },
      });
    });

    it('lets a member who was given the right read records, and nothing else of the console', async () => {
      const browser = browserOf();
      await signIn(browser, demo.person('sito48'), '/');
      expect((await browser.open(at('/company/records'))).status).to.equal(403);
      // The right is given by SQL here, which a database inside the process doesn't take; people-edit gives it by the console.
      if (demo.databaseUrl === null) return;
      await sql('update account set views_records = true where login_name = $1', ['sito48']);
      const list = await browser.open(at('/company/records'));
      expect([list.status, list.screen]).to.deep.equal([200, 'CON100']);
      expect(list.html).not.to.include('href="/company"');
      const [reference = ''] = references(list);
      expect((await browser.open(at(`/company/records/${reference}`))).screen).to.equal('CON101');
      expect((await browser.open(at('/'))).html).to.include('href="/company/records"');
      for (const path of ['/company', '/company/people', '/company/people-menu'])
        expect((await browser.open(at(path))).status, path).to.equal(403);
      await sql('update account set views_records = false where login_name = $1', ['sito48']);
      expect((await browser.open(at('/company/records'))).status, 'taken away again').to.equal(403);
    });
  });
}

function topPage(): void {
  describe('the top page', () => {
    it('leads to the record of the sign-in before, and tells that a skip was used elsewhere until the next sign-in', async () => {
      const person = demo.person('ksato82');
      const browser = browserOf();
      await signIn(browser, person, '/', 'federated', true);
      const copy = reopened(browser);
      const used = reopened(browser);
      const top = await signIn(used, person, '/', 'federated');
      expect(top.screen).to.equal('TOP001');
      const [before = ''] = references(top);
      expect((await used.open(at(`/self-service/history/${before}`))).screen).to.equal('SLF061');
      expect(top.text()).not.to.include('別の場所でも使われた可能性');
      await signIn(reopened(used), person, '/', 'federated');
      await demo.forward(120);
      const stolen = await signIn(copy, person, '/', 'federated');
      expect([stolen.screen, stolen.text().includes('別の場所でも使われた可能性があるため')]).to.deep.equal([
        'TOP001',
        true,
      ]);
      await pause(10);
      const next = await signIn(browserOf(), person, '/');
      expect([next.screen, next.text().includes('別の場所でも使われた可能性があるため')]).to.deep.equal([
        'TOP001',
        false,
      ]);
    });
  });
}
