// CON040–CON052 and CON090 over real HTTP on a running demo: stopping, releasing and deleting the company's own people, what
// proves it, what ends with it on every process at once, and that nobody acts upon oneself or another company.
import { spawn } from 'node:child_process';
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { root } from '../support/source.ts';

let demo: Demo;
const at = (path: string): string => `${demo.gateway}${path}`;
const spread = (): boolean => demo.stores === 'real';

/** A code that was never used: the clock moves on by two steps first. */
async function freshCode(person: DemoPerson): Promise<string> {
  await demo.forward(120);
  return demo.code(person);
}

async function signIn(browser: ScriptBrowser, person: DemoPerson, path: string): Promise<Page> {
  let page = await browser.submit(await browser.open(at(path)), {}, 'direct');
  if (page.screen === 'LGN002')
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  if (page.screen === 'OTP001' || page.screen === 'OTP002')
    page = await browser.submit(page, { otp: await freshCode(person) });
  return page;
}

async function administrator(loginId: string, path = '/company/people/state'): Promise<ScriptBrowser> {
  const browser = demo.browser(spread());
  await signIn(browser, demo.person(loginId), path);
  return browser;
}

/** The ids of the list's people by login ID. */
async function idsIn(browser: ScriptBrowser): Promise<ReadonlyMap<string, string>> {
  const { html } = await browser.open(at('/company/people/state?per=100'));
  const rows = [...html.matchAll(/data-account="([^"]+)"[\s\S]*?class="login-id">([^<]+)</g)];
  return new Map(rows.map(([, id = '', loginId = '']) => [loginId, id]));
}

const pick = (ids: ReadonlyMap<string, string>, ...loginIds: readonly string[]): string[] =>
  loginIds.map((loginId) => {
    const id = ids.get(loginId);
    if (id === undefined) throw new Error(`nobody called ${loginId} in the list`);
    return id;
  });

const rowOf = ({ html }: Page, id: string): string =>
  new RegExp(`<tr[^>]*data-account="${id}"[\\s\\S]*?</tr>`).exec(html)?.[0] ?? '';

const confirmed = (loginId: string) => ({
  confirmation_password: demo.person(loginId).confirmation_password ?? '',
});

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

async function mailed(person: DemoPerson, word: string): Promise<number> {
  for (let round = 0; round < 50; round += 1) {
    const found = (await demo.mails(person.email ?? '')).filter(({ subject }) => subject.includes(word));
    if (found.length > 0) return found.length;
    await pause(100);
  }
  return 0;
}

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

/** A command of the bank, in a process of its own. */
const command = (...args: readonly string[]): Promise<number | null> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args, '--json'], {
      cwd: root,
      env: demo.env,
      stdio: 'ignore',
    });
    child.once('exit', resolve);
  });

for (const stores of ['embedded', 'real'] as const) {
  describe(`people stopped and released on ${stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores'}`, function () {
    this.timeout(60_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1 });
    });
    after(async () => {
      if (stores === 'embedded' || process.env['RENKEI_TEST_REDIS_URL']) await demo.stop();
    });
    procedures();
  });
}

/** People written by the database itself, all with the login password of somebody who never signed in. */
async function addPeople(databaseUrl: string, count: number, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`insert into account (id, company_id, role, name, login_name, login_name_chosen, set_up_at, created_at)
      select '${prefix}-' || n, company.id, 'member', '利用者 ' || n, '${prefix}' || n, true, 1, 1
      from company, generate_series(1, ${count}) as n where contract_number = '1014820157'`);
    await client.query(`insert into credential (account_id, kind, hash, set_at)
      select '${prefix}-' || n, 'login', 'hash', 1 from generate_series(1, ${count}) as n`);
  } finally {
    await client.end();
  }
}

describe('many people at once, on PostgreSQL and Redis', function () {
  this.timeout(120_000);
  before(async function () {
    if (!process.env['RENKEI_TEST_REDIS_URL']) this.skip();
    demo = await startDemo('real', { gateways: 2 });
  });
  after(async () => {
    if (process.env['RENKEI_TEST_REDIS_URL']) await demo.stop();
  });

  const everybody = { scope: 'all', target_state: 'stopped' };

  it('takes up to 1,000 over all pages, asks for their number, and gives a result for each', async () => {
    await addPeople(demo.databaseUrl ?? '', 1_000, 'many');
    await addPeople(demo.databaseUrl ?? '', 1, 'one-more-many');
    const browser = await administrator('msuzuki14');
    const all = await browser.open(at('/company/people/state?q=many'));
    const tooMany = await browser.submit(all, everybody);
    expect([tooMany.status, tooMany.text().includes('一度に1,000名まで')]).to.deep.equal([422, true]);

    const list = await browser.open(at('/company/people/state?q=many&state=available&per=20'));
    const filtered = await browser.open(at('/company/people/state?q=many9'));
    expect(list.text()).to.include('条件に合う全員(ご自身を除く 1,001名)');
    const few = await browser.submit(filtered, everybody);
    expect(few.text(), 'many9, many90 to many99, many900 to many999').to.include('111名を停止する');
    const uncounted = await browser.submit(few, confirmed('msuzuki14'));
    expect([uncounted.status, uncounted.refusal]).to.deep.equal([422, 'form']);
    const miscounted = await browser.submit(few, { ...confirmed('msuzuki14'), confirm_count: '1000' });
    expect(miscounted.text()).to.include('入力した人数が、対象の111名と一致していません');

    const client = new pg.Client({ connectionString: demo.databaseUrl ?? '' });
    await client.connect();
    await client.query(`update account set deleted_at = 1 where login_name = 'one-more-many1'`);
    await client.end();
    const check = await browser.submit(await browser.open(at('/company/people/state?q=many')), everybody);
    expect([check.screen, check.text().includes('1,000名を停止する')]).to.deep.equal(['CON041', true]);
    const typed = { ...confirmed('msuzuki14'), confirm_count: '1,000' };
    const began = performance.now();
    const pressed = await Promise.all([browser.submit(check, typed), browser.clone().submit(check, typed)]);
    const took = Math.round(performance.now() - began);
    expect(took, 'milliseconds').to.be.below(60_000);
    // Either of them may be the first.
    const done = pressed.filter(({ status }) => status === 200);
    expect(done).not.to.be.empty;
    for (const page of [...done, await browser.submit(check, typed)]) {
      expect([page.status, page.screen]).to.deep.equal([200, 'CON042']);
      expect(page.text()).to.include('1,000名中1,000名を停止しました');
    }
    for (const { screen } of pressed)
      expect(['CON042', 'CON041', 'CON040'], 'the other press waits, or is told that the first is at it').to.include(
        screen,
      );
    const records = await recorded(demo.databaseUrl ?? '', 'account.stopped');
    expect(records).to.have.length(1_000);

    const released = await browser.submit(await browser.open(at('/company/people/state?q=many')), {
      scope: 'all',
      target_state: 'available',
    });
    expect(released.html.includes('name="confirm_count"'), 'a release is not counted').to.equal(false);
    expect((await browser.submit(released, confirmed('msuzuki14'))).text()).to.include(
      '1,000名中1,000名を解除しました',
    );
  });
});

describe('the guides’ way: the confirmation password on the list itself (S3, S2)', function () {
  this.timeout(60_000);
  before(async () => {
    demo = await startDemo('embedded', { env: { RENKEI_PROFILE: 's3' } });
  });
  after(() => demo.stop());

  it('acts from the list, once for each choice, and tells what a colleague changed', async () => {
    const [browser, other] = [await administrator('msuzuki14'), await administrator('ksato82')];
    const ids = await idsIn(browser);
    const list = await browser.open(at('/company/people/state?state=restricted'));
    const seenBefore = await other.open(at('/company/people/state?state=restricted'));
    expect([list.html.includes('name="confirmation_password"'), list.html.includes('実行')]).to.deep.equal([
      true,
      true,
    ]);
    const people = pick(ids, 'hyamada58', 'ysasaki32');
    const choice = { people, target_state: 'available' };
    const wrong = await browser.submit(list, { ...choice, confirmation_password: 'wrongone1' });
    expect([wrong.status, wrong.refusal]).to.deep.equal([422, 'credentials']);
    expect(rowOf(wrong, people[0] ?? ''), 'the choice is kept').to.include('checked');
    const tampered = await browser.submit(list, { ...choice, ...confirmed('msuzuki14'), shown: people.join('~') });
    expect([tampered.status, tampered.refusal]).to.deep.equal([409, 'conflict']);
    const typed = { ...choice, ...confirmed('msuzuki14') };
    const pressed = await Promise.all([browser.submit(list, typed), browser.clone().submit(list, typed)]);
    for (const page of pressed) {
      expect(page.screen).to.equal('CON042');
      expect(page.text()).to.include('2名中2名を解除しました');
    }
    const late = await other.submit(seenBefore, { ...choice, ...confirmed('ksato82') });
    expect([late.status, late.screen], 'nobody is left to be released').to.deep.equal([422, 'CON040']);
    const next = await browser.submit(list, {
      people: pick(ids, 'amatsumoto90'),
      target_state: 'available',
      ...confirmed('msuzuki14'),
    });
    expect(next.text(), 'another choice of the same page').to.include('1名中1名を解除しました');
    const elsewhere = await browser.submit(list, {
      people: pick(ids, 'sabe89'),
      target_state: 'stopped',
      ...confirmed('msuzuki14'),
    });
    expect(elsewhere.screen, 'who did not stand on the page is shown first').to.equal('CON041');
  });

  it('releases one-time passwords the same way', async () => {
    const browser = await administrator('msuzuki14', '/company/people/otp-release');
    const list = await browser.open(at('/company/people/otp-release'));
    const people = pick(await idsIn(browser), 'rinoue13');
    expect(list.html).to.include('停止解除</button>');
    const done = await browser.submit(list, { people, ...confirmed('msuzuki14') });
    expect([done.screen, done.text().includes('1名中1名を解除しました')]).to.deep.equal(['CON052', true]);
  });
});

function procedures(): void {
  it('lists everybody with state, cause and end; oneself without a box; filtered to those who are stopped', async () => {
    const browser = await administrator('msuzuki14');
    const all = await browser.open(at('/company/people/state?per=100'));
    expect([all.status, all.screen]).to.deep.equal([200, 'CON040']);
    const ids = await idsIn(browser);
    const [self = '', locked = '', stopped = ''] = pick(ids, 'msuzuki14', 'hyamada58', 'ysasaki32');
    expect(rowOf(all, self)).to.include('ご自身は対象外').and.not.include('type="checkbox"');
    expect(rowOf(all, locked))
      .to.match(/誤入力 \d+回/)
      .and.match(/<time datetime="[^"]+">\d{4}-\d\d-\d\d \d\d:\d\d/);
    expect(rowOf(all, stopped)).to.include('解除するまで');
    const restricted = await browser.open(at('/company/people/state?state=restricted'));
    expect(restricted.text()).to.include('全5名中 1〜5名').and.include('条件に合う全員(ご自身を除く 5名)');
    expect((await browser.open(at('/company/people/state?state=nonsense&page=-1&per=7&q=%00'))).status).to.equal(200);
    const member = demo.browser(spread());
    expect((await signIn(member, demo.person('sabe89'), '/company/people/state')).screen).to.equal('REF027');
    for (const path of ['/company/people/otp-release', '/company/people/state/check/x', '/company/people/delete/x'])
      expect((await member.open(at(path))).status, path).to.equal(403);
  });

  it('releases four people at once after the confirmation password, tells what remains, once, and on paper', async () => {
    const browser = await administrator('msuzuki14');
    const ids = await idsIn(browser);
    const list = await browser.open(at('/company/people/state?state=restricted'));
    expect((await browser.submit(list, { target_state: 'available' })).text()).to.include('対象の利用者を1名以上');
    const people = pick(ids, 'hyamada58', 'ysasaki32', 'amatsumoto90', 'rinoue13');
    expect((await browser.submit(list, { people })).refusal).to.equal('form');
    expect((await browser.submit(list, { people, target_state: 'deleted' })).status).to.equal(422);
    const self = await browser.submit(list, { people: pick(ids, 'msuzuki14'), target_state: 'available' });
    expect([self.status, self.text().includes('ご自身では解除できません')]).to.deep.equal([422, true]);
    const nobody = await browser.submit(list, { people: pick(ids, 'sabe89'), target_state: 'available' });
    expect([nobody.status, nobody.refusal]).to.deep.equal([422, 'form']);

    const check = await browser.submit(list, { people, target_state: 'available' });
    expect([check.status, check.screen]).to.deep.equal([200, 'CON041']);
    expect(check.text())
      .to.include('4名を解除する')
      .and.include('ワンタイムパスワード利用停止は別の手続きで解除します');
    expect([check.html.includes('name="otp"'), check.html.includes('name="confirm_count"')]).to.deep.equal([
      false,
      false,
    ]);
    const back = await browser.submit(check, {}, 'back');
    expect([back.screen, rowOf(back, people[0] ?? '').includes('checked')]).to.deep.equal(['CON040', true]);
    const wrong = await browser.submit(check, { confirmation_password: demo.person('msuzuki14').password });
    expect([wrong.status, wrong.refusal, wrong.text().includes('あと4回')]).to.deep.equal([422, 'credentials', true]);
    for (const forged of [{ people }, { target_state: 'stopped' }, { edit: 'x' }]) {
      const page = await browser.submit(check, { ...confirmed('msuzuki14'), ...forged });
      expect([page.status, page.refusal], Object.keys(forged)[0]).to.deep.equal([409, 'conflict']);
    }

    const typed = confirmed('msuzuki14');
    const [one, two] = await Promise.all([browser.submit(check, typed), browser.clone().submit(check, typed)]);
    for (const page of [one, two, await browser.submit(check, typed), await browser.open(one.url)]) {
      expect([page.status, page.screen]).to.deep.equal([200, 'CON042']);
      expect(page.text()).to.include('4名中4名を解除しました');
      expect(rowOf(page, people[3] ?? '')).to.include('/company/people/otp-release');
      expect(rowOf(page, people[0] ?? '')).to.include(`/company/people/${people[0]}/edit`);
      expect(page.text()).to.match(/お問い合わせ番号 [0-9A-Z]{4}-[0-9A-Z]{4}/);
    }
    const key = new URL(one.url).pathname.split('/').at(-1) ?? '';
    for (const [other, screen] of [
      ['/company/people/delete/result', 'CON010'],
      ['/company/people/unlink/result', 'CON070'],
      ['/company/people/forget/result', 'CON070'],
      ['/company/people/otp-release/result', 'CON050'],
      ['/company/settings/result', 'CON120'],
    ]) {
      const page = await browser.open(at(`${other}/${key}`));
      expect([page.status, page.screen], `no result of another act: ${other}`).to.deep.equal([200, screen]);
    }
    const slip = await browser.open(`${one.url}/print`);
    expect([slip.status, slip.screen]).to.deep.equal([200, 'PRT006']);
    expect(slip.text()).to.include('4名中4名を解除しました').and.include(demo.person('hyamada58').name);
    expect(await mailed(demo.person('hyamada58'), '利用停止が解除されました')).to.equal(1);
    const again = await signIn(demo.browser(spread()), demo.person('hyamada58'), '/self-service');
    expect(again.screen, 'the login password works at once').to.equal('SLF001');
    const over = await browser.submit(list, { people: people.slice(0, 3), target_state: 'available' });
    expect([over.status, over.text().includes('対象になる方がいません')], 'nothing is left').to.deep.equal([422, true]);
  });

  it('stops a person in mid-session: console, portal and open attempt are over on every process, and resumes', async () => {
    const person = demo.person('ywatanabe85');
    const theirs = demo.browser(spread());
    await signIn(theirs, person, '/self-service');
    const entered = await theirs.submit(await theirs.open(`${demo.portal}/`), {}, 'login');
    expect(entered.json('claims')).not.to.equal(null);
    const trying = demo.browser(spread());
    const half = await trying.submit(await trying.submit(await trying.open(at('/self-service')), {}, 'direct'), {
      login_id: person.login_id,
      password: person.password,
    });
    expect(half.screen).to.match(/^OTP00/);

    const browser = await administrator('ntakahashi14');
    const ids = await idsIn(browser);
    const people = pick(ids, 'ywatanabe85', 'ntakahashi14');
    const list = await browser.open(at('/company/people/state'));
    const check = await browser.submit(list, { people, target_state: 'stopped' });
    expect(check.text()).to.include('次の1名を利用停止にします').and.include('が終了します');
    const done = await browser.submit(check, confirmed('ntakahashi14'));
    expect(done.text()).to.include('2名中1名を停止しました');
    expect(rowOf(done, people[1] ?? '')).to.include('対象外');
    const told = async () => (await browser.open(done.url)).text().includes('通知済み');
    for (let round = 0; round < 50 && !(await told()); round += 1) await pause(100);
    expect(await told(), 'the portal was told').to.equal(true);

    for (const gateway of demo.gateways) {
      const asked = theirs.clone();
      expect((await asked.open(`${gateway}/self-service`)).screen, gateway).to.equal('LGN001');
    }
    expect((await trying.submit(half, { otp: await freshCode(person) })).refusal).to.equal('account-stopped');
    const refused = await signIn(demo.browser(spread()), person, '/self-service');
    expect([refused.screen, refused.refusal]).to.deep.equal(['REF005', 'account-stopped']);
    expect(await mailed(person, 'ご利用が停止されました')).to.equal(1);

    const resumed = await browser.submit(
      await browser.submit(await browser.open(at('/company/people/state')), {
        people: people.slice(0, 1),
        target_state: 'available',
      }),
      confirmed('ntakahashi14'),
    );
    expect(resumed.text()).to.include('1名中1名を解除しました');
    expect((await theirs.open(at('/self-service'))).screen, 'nothing comes back').to.equal('LGN001');
    expect((await signIn(demo.browser(spread()), person, '/self-service')).screen).to.equal('SLF001');
  });

  it('releases a one-time password where the company may, and sends key-fobs to the desk', async () => {
    const browser = await administrator('msuzuki14', '/company/people/otp-release');
    const list = await browser.open(at('/company/people/otp-release'));
    expect(list.screen).to.equal('CON050');
    const [id = ''] = pick(await idsIn(browser), 'rinoue13');
    expect(rowOf(list, id)).to.include('スマホアプリ形式').and.include('type="checkbox"');
    const check = await browser.submit(list, { people: id });
    expect([check.screen, check.text().includes('解除しても、入力省略は戻りません')]).to.deep.equal(['CON051', true]);
    const done = await browser.submit(check, confirmed('msuzuki14'));
    expect([done.screen, done.text().includes('1名中1名を解除しました')]).to.deep.equal(['CON052', true]);
    expect((await signIn(demo.browser(spread()), demo.person('rinoue13'), '/self-service')).screen).to.equal('SLF001');

    const other = await administrator('tikeda16', '/company/people/otp-release');
    const fobs = await other.open(at('/company/people/otp-release'));
    const [fob = ''] = pick(await idsIn(other), 'kmaeda18');
    expect(rowOf(fobs, fob))
      .to.include('キーホルダー形式のため、解除は')
      .and.include('お電話ください')
      .and.not.include('type="checkbox"');
    const forced = await other.submit(fobs, { people: fob });
    expect([forced.status, forced.text().includes('キーホルダー形式のため')]).to.deep.equal([422, true]);
    expect(await command('unlock', 'kmaeda18', 'otp')).to.equal(0);
    expect((await other.open(at('/company/people/otp-release'))).text()).to.include('利用者はいません');
  });

  it('does nothing for whom a colleague changed meanwhile, and the others go on', async () => {
    const [first, second] = [await administrator('msuzuki14'), await administrator('ksato82')];
    const ids = await idsIn(first);
    const people = pick(ids, 'atanaka93', 'sito48');
    const choose = async (browser: ScriptBrowser, chosen: readonly string[]): Promise<Page> =>
      browser.submit(await browser.open(at('/company/people/state')), { people: chosen, target_state: 'stopped' });
    const [both, one] = [await choose(first, people), await choose(second, people.slice(0, 1))];
    expect((await second.submit(one, confirmed('ksato82'))).text()).to.include('1名中1名を停止しました');
    const late = await first.submit(both, confirmed('msuzuki14'));
    expect(late.text()).to.include('2名中1名を停止しました');
    expect(rowOf(late, people[0] ?? '')).to.include('対象外');
    const borrowed = /name="edit" value="([^"]+)"/.exec(both.html)?.[1] ?? '';
    const third = await choose(second, pick(ids, 'msaito50'));
    const forged = await second.submit(third, { ...confirmed('ksato82'), edit: borrowed });
    expect([forged.status, forged.refusal], 'another person’s page').to.deep.equal([409, 'conflict']);
    const path = new URL(both.url).pathname;
    expect((await second.open(at(path))).screen, 'another login’s choice').to.equal('CON040');
    for (const person of [demo.person('atanaka93'), demo.person('sito48')])
      expect((await signIn(demo.browser(spread()), person, '/self-service')).refusal).to.equal('account-stopped');
  });

  it('knows nobody of another company, in no list and under no button', async () => {
    const other = await administrator('tikeda16');
    const [foreign = ''] = pick(await idsIn(other), 'yishikawa92');
    const browser = await administrator('msuzuki14');
    const ids = await idsIn(browser);
    for (const target_state of ['available', 'stopped']) {
      const page = await browser.submit(await browser.open(at('/company/people/state')), {
        people: foreign,
        target_state,
      });
      expect([page.status, page.screen, page.refusal]).to.deep.equal([404, 'REF024', 'not-found']);
    }
    expect((await browser.open(at(`/company/people/delete/${foreign}`))).screen).to.equal('REF024');
    const mixed = await browser.submit(await browser.open(at('/company/people/state')), {
      people: [foreign, 'nobody', ...pick(ids, 'msaito50')],
      target_state: 'stopped',
    });
    expect(mixed.text()).to.include('1名を停止する').and.not.include(demo.person('yishikawa92').name);
    const done = await browser.submit(mixed, confirmed('msuzuki14'));
    expect(done.text()).to.include('3名中1名を停止しました').and.not.include(demo.person('yishikawa92').name);
    expect((await signIn(demo.browser(spread()), demo.person('yishikawa92'), '/self-service')).screen).to.equal(
      'SLF001',
    );
    if (demo.databaseUrl === null) return;
    const records = await recorded(demo.databaseUrl, 'console.foreign-target');
    expect(records.filter(({ data }) => JSON.stringify(data).includes(foreign)).length).to.be.at.least(3);
  });

  it('deletes after the number, the confirmation password and a code; from then on they are like nobody', async () => {
    const person = demo.person('mhayashi38');
    const theirs = demo.browser(spread());
    await signIn(theirs, person, '/self-service');
    const browser = await administrator('msuzuki14');
    const ids = await idsIn(browser);
    const [id = '', master = '', self = ''] = pick(ids, 'mhayashi38', 'ksato82', 'msuzuki14');
    for (const never of [master, self])
      expect((await browser.open(at(`/company/people/delete/${never}`))).screen, 'never').to.equal('CON010');
    const check = await browser.open(at(`/company/people/delete/${[id, master, self].join('~')}`));
    expect([check.status, check.screen]).to.deep.equal([200, 'CON090']);
    expect(check.text()).to.include('次の1名を削除します').and.include('元に戻せません').and.include('記録は残ります');
    expect(check.html).to.match(/class="button button-danger"/);
    const proof = async () => ({
      ...confirmed('msuzuki14'),
      otp: await freshCode(demo.person('msuzuki14')),
    });
    const uncounted = await browser.submit(check, { ...(await proof()), confirm_count: '2' });
    expect([uncounted.status, uncounted.text().includes('入力した人数が')]).to.deep.equal([422, true]);
    const typed = { ...(await proof()), confirm_count: '１' };
    const done = await browser.submit(check, typed);
    expect([done.status, done.screen]).to.deep.equal([200, 'CON091']);
    expect(done.text()).to.include('3名中1名を削除しました').and.include('マスターユーザは削除できません');
    expect((await browser.submit(check, typed)).text(), 'pressed twice').to.include('3名中1名を削除しました');
    expect((await browser.open(`${done.url}/print`)).screen).to.equal('PRT006');
    expect((await theirs.open(at('/self-service'))).screen).to.equal('LGN001');
    const again = await signIn(demo.browser(spread()), person, '/self-service');
    expect([again.screen, again.refusal], 'like an unknown login ID').to.deep.equal(['LGN002', 'credentials']);
    expect((await browser.open(at(`/company/people/${id}`))).screen).to.equal('REF024');
    expect((await browser.open(at(`/company/people/delete/${id}`))).screen).to.equal('REF024');
    expect((await idsIn(browser)).has('mhayashi38')).to.equal(false);
    expect(await command('unlock', 'mhayashi38')).not.to.equal(0);
    expect(await mailed(person, '利用者登録の削除')).to.equal(1);
  });
}
