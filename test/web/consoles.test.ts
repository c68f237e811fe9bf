// Self-service and the company console over real HTTP on a running demo: what a person and a company's admins can end, what
// proves it, and that nothing of another company is ever seen or changed.
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, directly, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';

let demo: Demo;
const at = (path: string): string => `${demo.gateway}${path}`;

/** A code that was never used: the clock moves on by two steps first. */
async function freshCode(person: DemoPerson): Promise<string> {
  await demo.forward(120);
  return demo.code(person);
}

const proofs = async (person: DemoPerson) => ({
  confirmation_password: person.confirmation_password ?? '',
  otp: await freshCode(person),
});

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
    page = await browser.submit(page, { otp: await freshCode(person), ...(remember ? { remember: 'yes' } : {}) });
  }
  return page;
}

/** The same browser, closed and opened again: cookies that were meant to stay are there. */
function signedOut(browser: ScriptBrowser): ScriptBrowser {
  const again = browser.clone();
  for (const name of browser.cookies().keys()) if (!name.startsWith('renkei_device_')) again.dropCookie(name);
  return again;
}

/** Mails about a removed link, once the outbox is empty. */
async function removalMails(person: DemoPerson): Promise<number> {
  for (let round = 0; round < 50; round += 1) {
    const found = (await demo.mails(person.email ?? '')).filter(
      ({ subject }) => subject.includes('ID連携') && subject.includes('解除'),
    );
    if (found.length > 0) return found.length;
    await pause(100);
  }
  return 0;
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** The ids of the list's people by login ID, as the rows carry them. */
async function idsIn(browser: ScriptBrowser): Promise<ReadonlyMap<string, string>> {
  const { html } = await browser.open(at('/company/people?per=100'));
  const rows = [...html.matchAll(/data-account="([^"]+)"[\s\S]*?class="login-id">([^<]+)</g)];
  return new Map(rows.map(([, id = '', loginId = '']) => [loginId, id]));
}

const idOf = (ids: ReadonlyMap<string, string>, loginId: string): string => {
  const id = ids.get(loginId);
  if (id === undefined) throw new Error(`nobody called ${loginId} in the list`);
  return id;
};

const rowOf = ({ html }: Page, id: string): string =>
  new RegExp(`<tr[^>]*data-account="${id}"[\\s\\S]*?</tr>`).exec(html)?.[0] ?? '';

/** What the audit wrote down of one event, from the database itself. */
async function recorded(databaseUrl: string, event: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ body: string }>('select body from audit where event = $1 order by seq', [
      event,
    ]);
    return rows.map(({ body }) => JSON.parse(body));
  } finally {
    await client.end();
  }
}

for (const stores of ['embedded', 'real'] as const) {
  describe(`the consoles on ${stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores'}`, function () {
    this.timeout(60_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1 });
    });
    after(async () => {
      if (stores === 'embedded' || process.env['RENKEI_TEST_REDIS_URL']) await demo.stop();
    });
    consoles();
  });
}

function consoles(): void {
  describe('お客様情報変更', () => {
    it('shows everybody their own link and devices, and asks those who are not signed in to sign in and come back', async () => {
      const browser = demo.browser(demo.stores === 'real');
      const person = demo.person('ywatanabe85');
      const menu = await signIn(browser, person, '/self-service');
      expect([menu.status, menu.screen, new URL(menu.url).pathname]).to.deep.equal([200, 'SLF001', '/self-service']);
      expect(menu.text()).to.include('未連携');
      const link = await browser.open(at('/self-service/link'));
      expect([link.screen, link.text().includes('ID連携は登録されていません')]).to.deep.equal(['SLF040', true]);
      const check = await browser.open(at('/self-service/link/remove'));
      expect(check.screen, 'nothing to remove').to.equal('SLF040');
      expect((await browser.open(at('/self-service/devices'))).text()).to.include('登録された端末はありません');
    });

    it('unlinks after the confirmation password and a code, signs out who came through the link, and asks for the first-link check again', async () => {
      const browser = demo.browser(demo.stores === 'real');
      const person = demo.person('rhashimoto46');
      await signIn(browser, person, '/self-service/link', 'federated');
      let page = await browser.submit(await browser.open(at('/self-service/link')), {});
      expect(page.screen).to.equal('SLF041');
      expect(page.text()).to.include('解除後、このログインも終了します');

      page = await browser.submit(page, {});
      expect([page.status, page.screen, page.refusal]).to.deep.equal([422, 'SLF041', 'form']);

      const otp = await freshCode(person);
      page = await browser.submit(page, { confirmation_password: person.password, otp });
      expect([page.status, page.refusal]).to.deep.equal([422, 'credentials']);
      expect(page.text()).to.include('あと4回で一時利用停止になります');
      page = await browser.submit(page, {
        confirmation_password: person.confirmation_password ?? '',
        otp: otp === '000000' ? '000001' : '000000',
      });
      expect([page.status, page.refusal]).to.deep.equal([422, 'otp-wrong']);

      page = await browser.submit(page, { confirmation_password: person.confirmation_password ?? '', otp });
      expect([page.status, page.screen], 'the code was not used up by the wrong password').to.deep.equal([
        200,
        'SLF042',
      ]);
      expect(page.text())
        .to.include('この画面で終了します')
        .and.to.match(/お問い合わせ番号 [0-9A-Z]{4}-[0-9A-Z]{4}/);
      const end = await browser.submit(page, {});
      expect(end.screen).to.equal('OUT004');
      expect((await browser.open(at('/self-service'))).screen, 'signed out').to.equal('LGN001');
      const again = await throughBusinessDirect(demo, browser, person);
      expect(again.screen).to.equal('LNK001');
      expect(await removalMails(person)).to.equal(1);
    });

    it('acts once for a page that is sent twice, keeps a direct sign-in, and shows the result again', async () => {
      const browser = demo.browser(demo.stores === 'real');
      const person = demo.person('dyamamoto47');
      await signIn(demo.browser(demo.stores === 'real'), person, '/self-service', 'federated');
      await signIn(browser, person, '/self-service');
      const page = await browser.open(at('/self-service/link/remove'));
      expect(page.screen).to.equal('SLF041');
      const typed = await proofs(person);
      const both = await Promise.all([browser.submit(page, typed), browser.clone().submit(page, typed)]);
      expect(both.map(({ status, screen }) => [status, screen])).to.deep.equal([
        [200, 'SLF042'],
        [200, 'SLF042'],
      ]);
      const third = await browser.submit(page, typed);
      expect([third.status, third.screen]).to.deep.equal([200, 'SLF042']);
      const back = await browser.submit(third, {});
      expect([back.screen, back.text().includes('ID連携は登録されていません')]).to.deep.equal(['SLF040', true]);
      expect(await removalMails(person)).to.equal(1);
    });

    it('names, and ends, the devices that skip the code', async () => {
      const browser = demo.browser(demo.stores === 'real');
      const person = demo.person('msaito50');
      await signIn(browser, person, '/self-service', 'federated', true);
      let page = await browser.open(at('/self-service/devices'));
      expect(page.text()).to.include('登録された端末 1台').and.include('この端末').and.include('Chrome / Windows');
      const device = /name="device" value="([^"]+)"/.exec(page.html)?.[1] ?? '';

      page = await browser.submit(page, { device });
      expect([page.status, page.refusal], 'no name').to.deep.equal([422, 'form']);
      page = await browser.submit(page, { device, device_label: '机'.repeat(41) });
      expect([page.status, page.text().includes('40文字以内')]).to.deep.equal([422, true]);
      page = await browser.submit(page, { device, device_label: '経理課\u0007PC' });
      expect([page.status, page.refusal], 'control characters').to.deep.equal([422, 'form']);
      page = await browser.submit(page, { device, device_label: '経理課の<b>自席PC' });
      expect([page.status, page.text().includes('経理課の<b>自席PC'), page.html.includes('&lt;b>')]).to.deep.equal([
        200,
        true,
        true,
      ]);
      page = await browser.submit(page, { device: 'somebody-elses', device_label: 'x' });
      expect([page.status, page.screen]).to.deep.equal([404, 'REF024']);

      page = await browser.submit(await browser.open(at('/self-service/devices')), { device }, 'forget');
      expect([page.status, page.text().includes('入力省略を終了しました')]).to.deep.equal([200, true]);
      expect(page.text()).to.include('終了した端末').and.include('経理課の<b>自席PC');
      const asked = await throughBusinessDirect(demo, signedOut(browser), person);
      expect(asked.screen, 'a code is asked again').to.equal('OTP001');
    });

    it('locks the confirmation password at the fifth miss, and lets looking around go on', async () => {
      const browser = demo.browser(demo.stores === 'real');
      const person = demo.person('ymori34');
      await signIn(browser, person, '/self-service');
      let page = await browser.open(at('/self-service/link/remove'));
      const otp = await freshCode(person);
      for (let miss = 1; miss <= 5; miss += 1)
        page = await browser.submit(page, { confirmation_password: 'wrongone1', otp });
      expect([page.status, page.refusal]).to.deep.equal([422, 'credentials']);
      expect(page.text()).to.include('確認用パスワードが一時利用停止になりました');
      page = await browser.submit(page, { confirmation_password: person.confirmation_password ?? '', otp });
      expect([page.status, page.refusal], 'nothing is compared').to.deep.equal([422, 'credentials']);
      expect((await browser.open(at('/self-service'))).status).to.equal(200);
    });
  });

  describe('管理', () => {
    it('is for masters and admins alone, and tells members who can', async () => {
      const browser = demo.browser(demo.stores === 'real');
      const page = await signIn(browser, demo.person('sabe89'), '/company');
      expect([page.status, page.screen, page.refusal]).to.deep.equal([403, 'REF027', 'not-allowed']);
      for (const path of [
        '/company/people-menu',
        '/company/people',
        '/company/people/links',
        '/company/people/anybody',
        '/company/people/unlink/anybody',
      ]) {
        expect((await browser.open(at(path))).status, path).to.equal(403);
      }
    });

    it('lists the company’s own people with their states, filtered and in pages', async () => {
      const browser = demo.browser(demo.stores === 'real');
      const menu = await signIn(browser, demo.person('msuzuki14'), '/company');
      expect([menu.status, menu.screen]).to.deep.equal([200, 'CON001']);
      expect((await browser.open(at('/company/people-menu'))).screen).to.equal('CON002');
      const all = await browser.open(at('/company/people?per=20'));
      expect([all.screen, all.text().includes('全20名中 1〜20名')]).to.deep.equal(['CON010', true]);
      expect(all.text()).not.to.include('北浜');
      const stopped = await browser.open(at('/company/people?state=account-stopped'));
      expect(stopped.text()).to.include('全1名中').and.include('rkimura78');
      expect(stopped.html).to.match(/data-state="account-stopped"/);
      const free = await browser.open(at('/company/people?state=available&per=100'));
      expect([...free.html.matchAll(/data-state="([^"]+)"/g)].map(([, state]) => state)).to.satisfy(
        (states: string[]) => states.every((state) => state === 'available'),
      );
      expect((await browser.open(at(`/company/people?q=${encodeURIComponent('鈴木')}`))).text()).to.include('全1名中');
      expect((await browser.open(at('/company/people?q=%25'))).text(), 'a sign of the database is a sign').to.include(
        '条件に合う',
      );
      expect((await browser.open(at('/company/people?page=99&per=20'))).status).to.equal(200);
      expect((await browser.open(at('/company/people?q=%00&state=nonsense&page=-1&per=7'))).status).to.equal(200);
    });

    it('shows one person, signs in and returns to a person’s page, and knows nobody of another company', async () => {
      const admin = demo.person('msuzuki14');
      const browser = demo.browser(demo.stores === 'real');
      await signIn(browser, admin, '/company');
      const ids = await idsIn(browser);
      const other = demo.browser(demo.stores === 'real');
      await signIn(other, demo.person('tikeda16'), '/company');
      const foreign = idOf(await idsIn(other), 'yishikawa92');

      const page = await signIn(demo.browser(demo.stores === 'real'), admin, `/company/people/${idOf(ids, 'sito48')}`);
      expect([page.status, page.screen, page.text().includes('sito48')]).to.deep.equal([200, 'CON011', true]);
      for (const id of [foreign, 'nobody', 'a%00b', 'x'.repeat(300)]) {
        const unknown = await browser.open(at(`/company/people/${id}`));
        expect([unknown.status, unknown.screen, unknown.refusal], id).to.deep.equal([404, 'REF024', 'not-found']);
      }
      const [one, two] = await Promise.all([
        browser.open(at(`/company/people/${foreign}`)),
        browser.open(at('/company/people/01900000-0000-7000-8000-000000000000')),
      ]);
      const plain = ({ html }: Page) =>
        html
          .replace(/[0-9A-Z]{4}-[0-9A-Z]{4}/g, '')
          .replace(/<time[\s\S]*?<\/time>/g, '')
          .replaceAll(/\/company\/people\/[\w-]+/g, '');
      expect(plain(one)).to.equal(plain(two));
      const list = await browser.open(at('/company/people/links'));
      const refused = await browser.submit(list, { people: foreign }, 'unlink');
      expect([refused.status, refused.screen]).to.deep.equal([404, 'REF024']);
      if (demo.databaseUrl === null) return;
      const records = await recorded(demo.databaseUrl, 'console.foreign-target');
      expect(records.filter(({ data }) => JSON.stringify(data).includes(foreign)).length).to.be.at.least(3);
      expect(
        records.every(({ accountId }) => accountId === null),
        'in nobody else’s history',
      ).to.equal(true);
    });

    it('unlinks several people: check page, proof, a result for each, once', async () => {
      const admin = demo.person('msuzuki14');
      const [linked, unlinked] = [demo.person('atanaka93'), demo.person('sito48')];
      const theirs = demo.browser(demo.stores === 'real');
      await signIn(theirs, linked, '/self-service', 'federated');
      const entered = await theirs.submit(await theirs.open(`${demo.portal}/`), {}, 'login');
      expect(entered.json('claims'), 'signed in to the portal').not.to.equal(null);
      const other = demo.browser(demo.stores === 'real');
      await signIn(other, demo.person('tikeda16'), '/company');
      const foreign = idOf(await idsIn(other), 'ymori34');
      const browser = demo.browser(demo.stores === 'real');
      await signIn(browser, admin, '/company/people/links');
      const ids = await idsIn(browser);
      const list = await browser.open(at('/company/people/links?per=100'));
      expect(list.screen).to.equal('CON070');

      expect((await browser.submit(list, {}, 'unlink')).text()).to.include('対象の利用者を1名以上選択してください');
      const self = await browser.submit(list, { people: idOf(ids, 'msuzuki14') }, 'unlink');
      expect([self.status, self.refusal, self.text().includes('お客様情報変更')]).to.deep.equal([422, 'form', true]);

      const people = [idOf(ids, 'atanaka93'), idOf(ids, 'sito48'), foreign, idOf(ids, 'msuzuki14')];
      const check = await browser.submit(list, { people }, 'unlink');
      expect([check.status, check.screen]).to.deep.equal([200, 'CON071']);
      expect(check.text()).to.include('次の1名のID連携を解除します').and.include(linked.name);
      expect(check.text()).to.include('提携サービスからもログアウトします').and.include('入力省略 0台、ログイン 1件');
      expect(check.text(), 'nobody of another company').not.to.include(demo.person('ymori34').name);

      const back = await browser.submit(check, {}, 'back');
      expect([back.screen, rowOf(back, idOf(ids, 'atanaka93')).includes('checked')]).to.deep.equal(['CON070', true]);

      const typed = await proofs(admin);
      const tampered = await browser.submit(check, { ...typed, people: [idOf(ids, 'ksato82')] });
      expect([tampered.status, tampered.refusal]).to.deep.equal([409, 'conflict']);
      const [one, two] = await Promise.all([browser.submit(check, typed), browser.clone().submit(check, typed)]);
      for (const page of [one, two, await browser.submit(check, typed), await browser.open(one.url)]) {
        expect([page.status, page.screen]).to.deep.equal([200, 'CON072']);
        expect(page.text()).to.include('4名中1名を解除しました');
        expect(rowOf(page, idOf(ids, 'atanaka93')))
          .to.include('完了')
          .and.include('変更');
        expect(rowOf(page, idOf(ids, 'sito48'))).to.include('対象外');
        expect(rowOf(page, idOf(ids, 'msuzuki14'))).to.include('対象外');
        expect(rowOf(page, foreign)).to.include('見つかりませんでした').and.not.include(demo.person('ymori34').name);
      }
      const told = async () => (await browser.open(one.url)).text().includes('通知済み');
      for (let round = 0; round < 50 && !(await told()); round += 1) await pause(100);
      expect(await told(), 'the portal was told').to.equal(true);
      expect((await browser.submit(one, {})).screen).to.equal('CON002');
      expect((await theirs.open(at('/self-service'))).screen, 'signed in through the link').to.equal('LGN001');
      expect((await throughBusinessDirect(demo, demo.browser(demo.stores === 'real'), linked)).screen).to.equal(
        'LNK001',
      );
      expect(await removalMails(linked)).to.equal(1);
      expect((await demo.mails(unlinked.email ?? '')).map(({ subject }) => subject)).to.deep.equal([]);
      expect((await browser.open(at('/company/people/unlink'))).screen).to.equal('CON070');
    });

    it('does nothing for whom somebody else changed since the check page', async () => {
      const [admin, colleague, person] = [demo.person('msuzuki14'), demo.person('ntakahashi14'), demo.person('sabe89')];
      await signIn(demo.browser(demo.stores === 'real'), person, '/self-service', 'federated');
      const [first, second] = [demo.browser(demo.stores === 'real'), demo.browser(demo.stores === 'real')];
      await signIn(first, admin, '/company');
      await signIn(second, colleague, '/company');
      const id = idOf(await idsIn(first), 'sabe89');
      const path = `/company/people/unlink/${id}`;
      const [seenByFirst, seenBySecond] = [await first.open(at(path)), await second.open(at(path))];
      expect([seenByFirst.screen, seenBySecond.screen]).to.deep.equal(['CON071', 'CON071']);
      expect((await first.submit(seenByFirst, await proofs(admin))).text()).to.include('1名中1名を解除しました');
      const late = await second.submit(seenBySecond, await proofs(colleague));
      expect([late.status, late.refusal, late.text().includes('先に変更した')]).to.deep.equal([409, 'conflict', true]);
      const borrowed = /name="edit" value="([^"]+)"/.exec(seenByFirst.html)?.[1] ?? '';
      const forged = await second.submit(seenBySecond, { edit: borrowed, ...(await proofs(colleague)) });
      expect([forged.status, forged.refusal], 'another person’s check page').to.deep.equal([409, 'conflict']);
    });

    it('ends skipping with the confirmation password alone, and leaves the link', async () => {
      const [admin, person] = [demo.person('msuzuki14'), demo.person('ywatanabe85')];
      const theirs = demo.browser(demo.stores === 'real');
      await signIn(theirs, person, '/self-service', 'federated', true);
      const skipped = await throughBusinessDirect(demo, signedOut(theirs), person);
      expect(new URL(skipped.url).origin, 'no code is asked').to.equal(demo.portal);
      const browser = demo.browser(demo.stores === 'real');
      await signIn(browser, admin, '/company');
      const id = idOf(await idsIn(browser), 'ywatanabe85');
      const detail = await browser.open(at(`/company/people/${id}`));
      const check = await browser.submit(detail, {}, 'forget');
      expect([check.screen, check.html.includes('name="otp"')]).to.deep.equal(['CON080', false]);
      const result = await browser.submit(check, { confirmation_password: admin.confirmation_password ?? '' });
      expect([result.status, result.screen, result.text().includes('1名中1名の入力省略を終了しました')]).to.deep.equal([
        200,
        'CON081',
        true,
      ]);
      const again = await throughBusinessDirect(demo, signedOut(theirs), person);
      expect(again.screen, 'still linked, a code is asked').to.equal('OTP001');
    });

    it('stops at the fifth wrong code: the session is over', async () => {
      const browser = demo.browser(demo.stores === 'real');
      const admin = demo.person('ksato82');
      await signIn(browser, admin, '/self-service/link/remove');
      let page = await browser.open(at('/self-service/link/remove'));
      for (let miss = 1; miss <= 5; miss += 1) {
        page = await browser.submit(page, { confirmation_password: admin.confirmation_password ?? '', otp: '000000' });
      }
      expect(page.screen).to.equal('LGN001');
    });

    it('ends by itself after 15 minutes without use, and comes back to the page', async () => {
      const browser = demo.browser(demo.stores === 'real');
      const admin = demo.person('ntakahashi14');
      await signIn(browser, admin, '/company/people');
      await demo.forward(14 * 60);
      expect((await browser.open(at('/company/people'))).screen).to.equal('CON010');
      await demo.forward(15 * 60);
      const ended = await browser.open(at('/company/people/links'));
      expect([ended.status, ended.screen, ended.text().includes('15分間操作がなかったため')]).to.deep.equal([
        200,
        'OUT003',
        true,
      ]);
      let page = await browser.submit(ended, {});
      expect(page.screen).to.equal('LGN001');
      page = await browser.submit(page, {}, 'direct');
      page = await browser.submit(page, { login_id: admin.login_id, password: admin.password });
      page = await browser.submit(page, { otp: await freshCode(admin) });
      expect(page.screen).to.equal('CON070');
    });

    it('asks the confirmation password alone in a company without one-time passwords', async () => {
      const browser = demo.browser(demo.stores === 'real');
      const master = demo.person('okondo31');
      const page = await directly(demo, demo.browser(demo.stores === 'real'), master);
      expect(page.status).to.equal(200);
      await signIn(demo.browser(demo.stores === 'real'), demo.person('nishii42'), '/self-service', 'federated');
      await signIn(browser, master, '/company');
      const id = idOf(await idsIn(browser), 'nishii42');
      const check = await browser.open(at(`/company/people/unlink/${id}`));
      expect([check.screen, check.html.includes('name="otp"')]).to.deep.equal(['CON071', false]);
      const result = await browser.submit(check, { confirmation_password: master.confirmation_password ?? '' });
      expect(result.text()).to.include('1名中1名を解除しました');
    });
  });
}
