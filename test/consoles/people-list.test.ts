// 利用者一覧 and 利用者の詳細 over real HTTP on a running demo: search, filters, order, pages, file and paper, who may see whom,
// and what a role or a contract that ends in mid-session means on the next request.
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { besideStore } from '../support/database.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { addManyPeople } from '../support/many-people.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';

let demo: Demo;
const at = (path: string): string => `${demo.gateway}${path}`;
const browserOf = (): ScriptBrowser => demo.browser(demo.stores === 'real');

async function signIn(person: DemoPerson, path: string): Promise<{ browser: ScriptBrowser; page: Page }> {
  const browser = browserOf();
  let page = await browser.submit(await browser.open(at(path)), {}, 'direct');
  page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  if (page.screen === 'OTP002') {
    await demo.forward(120);
    page = await browser.submit(page, { otp: await demo.code(person) });
  }
  return { browser, page };
}

const idOf = (page: Page, loginId: string): string =>
  [...page.html.matchAll(/<tr[^>]*data-account="([^"]+)"(?:(?!<\/tr>)[\s\S])*?class="login-id">([^<]+)</g)].find(
    ([, , found]) => found === loginId,
  )?.[1] ?? `nobody called ${loginId}`;

const loginIds = ({ html }: Page): readonly string[] =>
  [...html.matchAll(/class="login-id">([^<]+)</g)].map(([, id = '']) => id);

const links = ({ html }: Page): readonly (readonly [string, string])[] =>
  [...html.matchAll(/<a href="([^"]+)">([\s\S]*?)<\/a>/g)].map(
    ([, href = '', text = '']) =>
      [
        href.replaceAll('&amp;', '&'),
        text
          .replaceAll(/<span class="hidden">[^<]*<\/span>/g, '')
          .replaceAll(/<[^>]+>/g, '')
          .trim(),
      ] as const,
  );
const linkTo = (page: Page, text: string): string =>
  links(page).find(([, label]) => label === text)?.[0] ?? `no ${text}`;

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
  describe(`the list of people on ${stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores'}`, function () {
    this.timeout(120_000);
    let browser: ScriptBrowser;
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1 });
    });
    beforeEach(async () => {
      ({ browser } = await signIn(demo.person('msuzuki14'), '/company'));
    });
    after(async () => {
      if (stores === 'embedded' || process.env['RENKEI_TEST_REDIS_URL']) await demo.stop();
    });

    it('is reached as the guide says: 管理 → 利用者管理 → 利用者情報の管理, with every procedure one press away', async () => {
      const top = await browser.open(at('/'));
      const console = await browser.open(at(linkTo(top, '管理')));
      expect(console.screen).to.equal('CON001');
      expect(console.text()).to.include('利用停止中 5名');
      for (const [label, screen] of [
        ['記録の照会', 'CON100'],
        ['会社の設定', 'CON120'],
        ['利用者管理', 'CON002'],
      ] as const)
        expect((await browser.open(at(linkTo(console, label)))).screen, label).to.equal(screen);
      const menu = await browser.open(at('/company/people-menu'));
      const shown = links(menu).map(([, label]) => label);
      const procedures = [
        ['パスワード変更', 'SLF010'],
        ['利用者停止・解除', 'CON040'],
        ['利用者情報の管理', 'CON010'],
        ['ワンタイムパスワードの利用停止解除', 'CON050'],
        ['ID連携・入力省略の管理', 'CON070'],
      ] as const;
      expect(shown.filter((label) => procedures.some(([known]) => known === label))).to.deep.equal(
        procedures.map(([label]) => label),
      );
      for (const [label, screen] of procedures)
        expect((await browser.open(at(linkTo(menu, label)))).screen, label).to.equal(screen);
    });

    it('keeps filters in the address, each with its own way out, also over pages, order and mistakes', async () => {
      const open = async (query: string): Promise<Page> => browser.open(at(`/company/people?${query}`));
      const page = await open(`q=${encodeURIComponent('ａ')}&state=available&role=member&token_kind=hardware&per=20`);
      expect(page.text()).to.include('検索語: ａ').and.include('状態: 利用可能').and.include('区分: 一般ユーザ');
      expect(loginIds(page)).to.deep.equal(['atanaka93', 'dyamamoto47', 'mhayashi38', 'sabe89', 'ywatanabe85']);
      const without = links(page).filter(([, label]) => label === '解除');
      expect(without).to.have.length(4);
      expect(new URL(at(without[1]?.[0] ?? '')).searchParams.get('state')).to.equal(null);
      expect(new URL(at(without[1]?.[0] ?? '')).searchParams.get('role')).to.equal('member');
      const cleared = await browser.open(at(linkTo(page, '条件を解除')));
      expect([
        cleared.text().includes('全20名中 1〜20名'),
        links(cleared).some(([, label]) => label === '解除'),
      ]).to.deep.equal([true, false]);

      const wrong = await browser.submit(page, {});
      expect([wrong.status, wrong.screen, wrong.refusal]).to.deep.equal([422, 'CON010', 'form']);
      expect(wrong.text()).to.include('対象の利用者を1名以上選択してください');
      expect(loginIds(wrong), 'the filters stay').to.deep.equal(loginIds(page));

      const last = await open('per=20&page=99');
      expect([last.status, loginIds(last).length]).to.deep.equal([200, 20]);
      const strange = 'q=%00&state=nonsense&role=x&token_kind=y&sort=drop&page=-1&per=7&state=available';
      expect((await open(strange)).status).to.equal(200);
      const none = await open(`q=${encodeURIComponent('いない人')}`);
      expect(none.text()).to.include('条件に合う利用者がありません');
      expect((await browser.submit(none, {}, 'create')).screen).to.equal('CON020');
    });

    it('is ordered by name, login ID, last sign-in and state, and says so', async () => {
      const page = await browser.open(at('/company/people?state=account-stopped&state=x&per=100'));
      expect(page.status).to.equal(200);
      const first = await browser.open(at('/company/people?per=100'));
      expect(first.html).to.match(/aria-sort="ascending"[^>]*><a[^>]*>ログインID/);
      const newest = await browser.open(at(linkTo(first, '最終ログイン')));
      expect(newest.html).to.match(/aria-sort="descending"[^>]*><a[^>]*>最終ログイン/);
      expect(loginIds(newest)[0], 'who signed in just now').to.equal('msuzuki14');
      const worst = await browser.open(at(linkTo(newest, '状態')));
      expect(loginIds(worst)[0]).to.equal('rkimura78');
      const turned = await browser.open(at(linkTo(worst, '状態▼')));
      expect(turned.html).to.match(/aria-sort="ascending"[^>]*><a[^>]*>状態/);
      const reversed = await browser.open(at('/company/people?per=100&sort=-login_id'));
      expect(loginIds(reversed)).to.deep.equal(loginIds(first).toReversed());
    });

    it('leads to each act for the one who is chosen, and not for oneself', async () => {
      const list = await browser.open(at('/company/people?per=100'));
      const [own, other, master] = ['msuzuki14', 'sito48', 'ksato82'].map((id) => idOf(list, id));
      const press = async (people: string | undefined, action: string): Promise<Page> =>
        browser.submit(list, { people: people ?? '' }, action);
      const self = await press(own, '');
      expect([self.status, self.refusal]).to.deep.equal([422, 'form']);
      expect(self.text()).to.include('ご自身のパスワードは「お客様情報変更」で変更してください');
      expect(linkTo(self, 'お客様情報変更')).to.equal('/self-service');
      expect((await press(own, 'delete')).text()).to.include('ご自身を削除することはできません');
      expect((await press(master, 'delete')).text()).to.include('マスターユーザは削除できません');
      expect((await press(other, '')).screen).to.equal('CON030');
      expect((await press(other, 'delete')).screen).to.equal('CON090');
      expect((await press(other, 'create')).screen).to.equal('CON020');
    });

    it('knows nobody of another company: in path, query and body, whatever button is pressed', async () => {
      const { browser: theirs } = await signIn(demo.person('tikeda16'), '/company');
      const foreign = idOf(await theirs.open(at('/company/people?per=100')), 'yishikawa92');
      const list = await browser.open(at('/company/people?per=100'));
      expect(list.html).not.to.include(foreign);
      expect((await browser.open(at('/company/people?q=yishikawa'))).text()).to.include('条件に合う');
      expect((await browser.open(at(`/company/people?people=${foreign}`))).html).not.to.include('yishikawa92');
      for (const id of [foreign, 'nobody', 'x'.repeat(300), '../records']) {
        for (const action of ['', 'change', 'delete']) {
          const page = await browser.submit(list, { people: id }, action === 'change' ? '' : action);
          expect([page.status, page.screen, page.refusal], `${action} ${id}`).to.deep.equal([
            404,
            'REF024',
            'not-found',
          ]);
        }
      }
      const detail = await browser.open(at(`/company/people/${idOf(list, 'sito48')}`));
      const csrf = /name="csrf" value="([^"]+)"/.exec(detail.html)?.[1] ?? '';
      for (const action of ['change', 'state', 'otp-release', 'unlink', 'forget', 'delete', '']) {
        const page = await browser.post(
          at(`/company/people/${foreign}`),
          new URLSearchParams({ csrf, action }).toString(),
        );
        expect([page.status, page.screen], action).to.deep.equal([404, 'REF024']);
      }
      if (stores === 'real') {
        const found = (await recorded('console.foreign-target')).filter(({ data }) =>
          JSON.stringify(data).includes(foreign),
        );
        expect(found.length).to.be.at.least(10);
        expect(new Set(found.map(({ accountId }) => accountId))).to.deep.equal(new Set([null]));
      }
    });

    it('is not for members, in any form', async () => {
      const { browser: member } = await signIn(demo.person('sabe89'), '/');
      for (const path of [
        '/company',
        '/company/people-menu',
        '/company/people',
        '/company/people?action=csv',
        '/company/people/print',
      ]) {
        const page = await member.open(at(path));
        expect([page.status, page.screen, page.refusal], path).to.deep.equal([403, 'REF027', 'not-allowed']);
        expect(page.headers.get('content-type'), path).to.include('text/html');
      }
    });

    it('shows one person whole: what is locked, why and until when, and where each act begins', async () => {
      const list = await browser.open(at('/company/people?per=100'));
      const locked = await browser.open(at(`/company/people/${idOf(list, 'hyamada58')}`));
      expect([locked.status, locked.screen]).to.deep.equal([200, 'CON011']);
      expect(locked.html).to.match(/data-account="[^"]+" data-state="[^"]*password-locked/);
      expect(locked.text())
        .to.include('誤入力')
        .and.match(/に終了します/);
      for (const head of ['基本', '権限', '利用可能口座', 'パスワード有効期限', 'トークン', '最近の記録'])
        expect(locked.html, head).to.include(`<h2>${head}</h2>`);
      const release = await browser.submit(locked, {}, 'state');
      expect([release.screen, loginIds(release)]).to.deep.equal(['CON040', ['hyamada58']]);
      expect(release.html).to.match(/name="people" value="[^"]+" checked/);
      expect((await browser.submit(locked, {}, 'change')).screen).to.equal('CON030');
      expect((await browser.submit(locked, {}, 'delete')).screen).to.equal('CON090');
      const stopped = await browser.open(at(`/company/people/${idOf(list, 'rinoue13')}`));
      expect((await browser.submit(stopped, {}, 'otp-release')).screen).to.equal('CON050');
      const linked = await browser.open(at(`/company/people/${idOf(list, 'rhashimoto46')}`));
      expect((await browser.submit(linked, {}, 'unlink')).screen).to.equal('CON071');
      const own = await browser.open(at(`/company/people/${idOf(list, 'msuzuki14')}`));
      expect([own.screen, own.text().includes('ご自身のパスワードは')]).to.deep.equal(['CON011', true]);
      expect(own.html).not.to.match(/<form class="form"/);
      // A button that the page does not show leads back to the page.
      const again = await browser.submit(linked, {}, 'otp-release');
      expect([again.screen, again.url]).to.deep.equal(['CON011', linked.url]);

      const { page } = await signIn(demo.person('ntakahashi14'), `/company/people/${idOf(list, 'sito48')}`);
      expect([page.screen, page.text().includes('伊藤 翔太')], 'signs in and returns').to.deep.equal(['CON011', true]);
    });

    it('is printed with its filters, count and date', async () => {
      const list = await browser.open(at('/company/people?state=password-locked'));
      const sheet = await browser.open(at(linkTo(list, 'この条件で印刷')));
      expect([sheet.status, sheet.screen]).to.deep.equal([200, 'PRT005']);
      expect(sheet.text())
        .to.include('状態: ログインパスワード一時利用停止')
        .and.include('1名')
        .and.include('hyamada58');
      expect(linkTo(sheet, '戻る')).to.equal('/company/people?state=password-locked');
    });

    it('is handed out as a file under its filters', async () => {
      const list = await browser.open(at('/company/people?role=admin&sort=-login_id'));
      const file = await browser.open(at(linkTo(list, 'この条件でCSVを出力')));
      expect(file.headers.get('content-type')).to.equal('text/csv; charset=utf-8');
      expect(file.headers.get('content-disposition')).to.match(/^attachment; filename="users-\d{4}-\d\d-\d\d\.csv"$/);
      expect(file.headers.get('cache-control')).to.include('no-store');
      const [head, ...rows] = file.html.replace(/^\uFEFF/, '').split('\r\n');
      expect(head).to.equal('利用者名,ログインID,区分,状態,トークン,ID連携,最終ログイン');
      expect(rows.map((row) => row.split(',')[1])).to.deep.equal([
        'ntakahashi14',
        'msuzuki14',
        'amatsumoto90',
        undefined,
      ]);
    });

    if (stores === 'real') onOwnDatabase();
  });
}

function onOwnDatabase(): void {
  const company = async (): Promise<string> =>
    String((await sql(`select company_id as id from account where login_name = 'msuzuki14'`))[0]?.['id']);

  it('shows and hands out names of any letters, none of them as markup or as a formula', async () => {
    const names = [
      '=1+1',
      '+81 3',
      '-x',
      '@cmd',
      '＝ＨＹＰＥＲ',
      '"a",b',
      '𠮷野 家',
      '<b>太字</b>',
      'שלום',
      'e\u0301le\u0300ve',
      '👩‍👩‍👧 家族',
    ];
    const { browser } = await signIn(demo.person('msuzuki14'), '/company');
    const before = await sql(`select name from account where login_name = 'sito48'`);
    for (const name of names) {
      await sql(`update account set name = $1 where login_name = 'sito48'`, [name]);
      const page = await browser.open(at('/company/people?q=sito48'));
      expect(page.text(), name).to.include(name);
      expect(page.html, name).not.to.include('<b>');
      const found = await browser.open(at(`/company/people?q=${encodeURIComponent(name)}`));
      expect(loginIds(found), name).to.include('sito48');
      expect((await browser.open(at(`/company/people/${idOf(page, 'sito48')}`))).text(), name).to.include(name);
      const { html } = await browser.open(at('/company/people?q=sito48&action=csv'));
      const row = html.split('\r\n')[1] ?? '';
      expect(row, name).not.to.match(/^"?[=+\-@＝]/);
      expect(row.replaceAll('""', '"'), name).to.include(name);
    }
    await sql(`update account set name = $1 where login_name = 'sito48'`, [before[0]?.['name']]);
    const exported = (await recorded('records.exported')).filter(({ data }) =>
      JSON.stringify(data).includes('"people"'),
    );
    expect(exported.at(-1)?.['data']).to.deep.include({ kind: 'people', count: 1 });
  });

  it('finds its way through 3,000 people by pages and hands all of them out, each once', async () => {
    const { database, store, url } = await besideStore(demo.databaseUrl ?? '');
    await addManyPeople({ database, store, url }, 3_000, await company());
    await database.close();
    const { browser } = await signIn(demo.person('msuzuki14'), '/company');
    const last = await browser.open(at('/company/people?page=61'));
    expect(last.text()).to.include('全3,020名中 3,001〜3,020名').and.include('61/61ページ');
    expect(linkTo(last, '前へ')).to.equal('/company/people?page=60');
    expect(links(last).some(([, label]) => label === '次へ')).to.equal(false);
    expect(last.html).to.match(/name="page"[^>]*value="61"/);
    const file = await browser.open(at('/company/people?action=csv'));
    const ids = file.html
      .split('\r\n')
      .slice(1, -1)
      .map((row) => row.split(',')[1]);
    expect([ids.length, new Set(ids).size]).to.deep.equal([3_020, 3_020]);
    const sheet = await browser.open(at('/company/people/print'));
    expect(sheet.text()).to.include('3,020名').and.include('先頭の1,000名だけを印刷します');
    await sql(`update account set deleted_at = 1 where id like $1`, [`${await company()}-%`]);
    expect((await browser.open(at('/company/people'))).text()).to.include('全20名中');
  });

  it('is closed on the next request to an admin who was demoted in mid-session', async () => {
    const { browser, page } = await signIn(demo.person('msuzuki14'), '/company/people');
    expect(page.screen).to.equal('CON010');
    const id = idOf(page, 'sito48');
    await sql(`update account set role = 'member' where login_name = 'msuzuki14'`);
    for (const path of [
      '/company',
      '/company/people',
      '/company/people?action=csv',
      '/company/people/print',
      `/company/people/${id}`,
    ]) {
      const closed = await browser.open(at(path));
      expect([closed.status, closed.screen, closed.html.includes('sito48')], path).to.deep.equal([
        403,
        'REF027',
        false,
      ]);
    }
    const pressed = await browser.submit(page, { people: id });
    expect([pressed.status, pressed.screen]).to.deep.equal([403, 'REF027']);
    expect((await browser.open(at('/self-service'))).status, 'what is one’s own stays').to.equal(200);
    await sql(`update account set role = 'admin' where login_name = 'msuzuki14'`);
    expect((await browser.open(at('/company/people'))).status).to.equal(200);
  });

  it('signs out on the next request when the contract was suspended in mid-session', async () => {
    const { browser, page } = await signIn(demo.person('tikeda16'), '/company/people');
    expect(page.screen).to.equal('CON010');
    await sql(
      `update company set suspended_at = 1 where id = (select company_id from account where login_name = 'tikeda16')`,
    );
    for (const path of ['/company/people', '/company/people?action=csv', '/company/people/print'])
      expect((await browser.open(at(path))).screen, path).to.equal('LGN001');
    await sql(
      `update company set suspended_at = null where id = (select company_id from account where login_name = 'tikeda16')`,
    );
  });
}
