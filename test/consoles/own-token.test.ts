// BOT010, SLF030–SLF031 and OTP003 over real HTTP on a running demo, in a browser without JavaScript: how one's own token stands,
// what proves its revocation for which reason, what ends with it on every process, and from when there is another one (spec §5).
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import { minuteBegins } from '../support/key-fob.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { enterOwnPages, nextCode, overlay, soon, wrongCode } from '../support/walks.ts';

const address = '/self-service/otp';
const check = `${address}/revoke`;

let demo: Demo;
let portal: OwnPortal;
const browser = (): ScriptBrowser => demo.browser(demo.stores === 'real');
const at = (path: string): string => `${demo.gateway}${path}`;
const signIn = (
  own: ScriptBrowser,
  person: DemoPerson,
  route: 'direct' | 'federated' = 'direct',
  path = check,
): Promise<Page> => enterOwnPages(demo, own, person, path, route);
const mainOf = ({ html }: Page): string => /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? '';
const answer = ({ status, screen, refusal }: Page) => [status, screen, refusal];
const path = (page: Page): string => new URL(page.url).pathname;
/** Moments that a page names, as the machine reads them. */
const times = (page: Page): readonly number[] =>
  [...mainOf(page).matchAll(/<time datetime="([^"]+)"/g)].map(([, text = '']) => Date.parse(text));
const buttons = (page: Page): readonly string[] =>
  [...mainOf(page).matchAll(/name="action" value="(\w+)"/g)].map(([, value = '']) => value);
const confirmation = (person: DemoPerson) => ({ confirmation_password: person.confirmation_password ?? '' });

const mails = async (person: DemoPerson, subject: string, atLeast = 1) =>
  soon(
    async () => (await demo.mails(person.email)).filter((mail) => mail.subject.includes(subject)),
    (found) => found.length >= atLeast,
  );

async function sql(text: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: demo.databaseUrl ?? '' });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

async function rowOf(person: DemoPerson): Promise<Record<string, unknown>> {
  const [row] = await sql('select * from account where login_name = $1', [person.login_id]);
  if (!row) throw new Error(`no row of ${person.login_id}`);
  return row;
}

/** Moves the clock to the next such time in Japan, to the second. */
async function forwardTo(hours: number, minutes: number, seconds = 0): Promise<void> {
  const day = 86_400_000;
  const wanted = ((hours - 9) * 60 + minutes) * 60_000 + seconds * 1000;
  await demo.forward(Math.ceil(((((wanted - (await demo.now())) % day) + day) % day) / 1000));
}

for (const stores of ['embedded', 'real'] as const) {
  const where = stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores';
  const gateways = stores === 'real' ? 2 : 1;
  describe(`one’s own token on ${where}`, function () {
    this.timeout(90_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      portal = await ownPortal('own-portal');
      const config = overlay({ 'portals.yaml': [portal.entry({ open: true })] });
      demo = await startDemo(stores, { gateways, env: { RENKEI_CONFIG: config } });
    });
    after(async () => {
      await demo?.stop();
      await portal?.close();
    });
    standing();
    revocation();
    repair();
  });

  describe(`one’s own token under guide S2 on ${where}`, function () {
    this.timeout(90_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      demo = await startDemo(stores, { gateways, env: { RENKEI_PROFILE: 's2' } });
    });
    after(() => demo?.stop());
    waiting();
  });
}

function standing(): void {
  it('stands in the menu and on a page of its own: kind, serial, since when, until when, with whom', async () => {
    const own = browser();
    const person = demo.person('atanaka93');
    const menu = await signIn(own, person, 'direct', '/self-service');
    expect(menu.text()).to.match(/ワンタイムパスワード設定 キーホルダー形式 · 期限 \d{4}年.{1,12}· 利用中/);
    const page = await own.open(at(address));
    expect(answer(page)).to.deep.equal([200, 'BOT010', null]);
    expect(page.text())
      .to.include('利用中')
      .and.include(`末尾${person.otp?.serial?.slice(-4)}`)
      .and.include('ほかの利用者1名と共有しています');
    expect(page.html).not.to.include(person.otp?.serial ?? 'a serial');
    expect(buttons(page)).to.deep.equal(['replace', 'resync', 'revoke', 'lost']);
    expect((await own.submit(page, {}, 'replace')).screen).to.equal('TKN004');
    expect((await own.submit(page, {}, 'resync')).screen).to.equal('OTP003');
    expect((await own.submit(page, {}, 'revoke')).screen).to.equal('SLF030');
    const lost = await own.submit(page, {}, 'lost');
    expect([lost.screen, /value="lost" checked/.test(lost.html)]).to.deep.equal(['SLF030', true]);
    expect((await own.submit(page, {}, 'issue')).screen, 'nothing to issue while one is in use').to.equal('BOT010');
    expect((await own.submit(page, {}, 'nonsense')).screen).to.equal('BOT010');
  });

  it('is in an app, without a clock to adjust; and a company that did not apply is told so, with no button', async () => {
    const own = browser();
    const page = await signIn(own, demo.person('msaito50'), 'direct', address);
    expect(page.text()).to.include('スマホアプリ形式').and.include('利用中');
    expect(buttons(page)).to.deep.equal(['revoke', 'lost']);
    expect((await own.open(at(`${address}/resync`))).screen).to.equal('BOT010');
    const none = browser();
    const bare = await signIn(none, demo.person('okondo31'), 'direct', address);
    expect(bare.text()).to.include('貴社はワンタイムパスワードをお申し込みではありません');
    expect(buttons(bare)).to.deep.equal([]);
    for (const later of ['revoke', 'resync', 'issue', 'issue/send', 'activate'])
      expect((await none.open(at(`${address}/${later}`))).screen, later).to.equal('BOT010');
    expect((await none.open(at('/self-service'))).text()).to.include('申込なし');
  });
}

function revocation(): void {
  it('asks reason, confirmation password and code of whoever signed in directly, whatever the reason; the rest is judged in order', async () => {
    const person = demo.person('dyamamoto47');
    const own = browser();
    await minuteBegins(demo);
    let page = await signIn(own, person);
    expect(answer(page)).to.deep.equal([200, 'SLF030', null]);
    expect(page.text())
      .to.include('新しいトークンは、すぐに登録できます')
      .and.include('ログイン中の1件が終了します')
      .and.include('手数料1,080円(税込)')
      .and.include('元に戻せません')
      .and.include('ログインに使ったコードは使えません');
    expect(answer(await own.submit(page, {}))).to.deep.equal([422, 'SLF030', 'form']);
    for (const reason of ['', 'broken', 'PHONE']) {
      const none = await own.submit(page, { reason, ...confirmation(person), otp: await nextCode(demo, person) });
      expect([...answer(none), none.text().includes('理由を選択してください')], reason).to.deep.equal([
        422,
        'SLF030',
        'form',
        true,
      ]);
    }
    for (const reason of ['phone', 'lost', 'other']) {
      const without = await own.submit(page, { reason, ...confirmation(person) });
      expect(answer(without), `${reason} without a code`).to.deep.equal([422, 'SLF030', 'form']);
      expect(without.html).to.match(new RegExp(`value="${reason}" checked`));
    }
    const code = await nextCode(demo, person);
    page = await own.submit(page, { reason: 'lost', confirmation_password: person.password, otp: code });
    expect([...answer(page), page.text().includes('あと4回で一時利用停止')]).to.deep.equal([
      422,
      'SLF030',
      'credentials',
      true,
    ]);
    page = await own.submit(page, { reason: 'lost', ...confirmation(person), otp: await wrongCode(demo, person) });
    expect(answer(page)).to.deep.equal([422, 'SLF030', 'otp-wrong']);
    expect((await own.submit(page, {}, 'back')).screen).to.equal('BOT010');
    page = await own.submit(page, { reason: 'lost', ...confirmation(person), otp: code });
    expect(answer(page), 'the code was not used up by the wrong password').to.deep.equal([200, 'SLF031', null]);
    expect(page.text())
      .to.include('トークンを失効しました。新しいトークンはすぐに登録できます。')
      .and.include('再発行には、手数料1,080円(税込)')
      .and.match(/お問い合わせ番号 [0-9A-Z]{4}-[0-9A-Z]{4}/);
    page = await own.submit(page, {});
    expect([page.screen, page.text().includes('ご本人がトークンを変更したため')]).to.deep.equal(['OUT004', true]);
    expect((await own.open(at(address))).screen).to.equal('LGN001');
  });

  it('ends every sign-in, device, attempt and refresh token of the person at once, and nobody else’s', async () => {
    const person = demo.person('rhashimoto46');
    const home = browser();
    let page = await home.open(await portal.authorizeUrl(demo.gateway));
    if (page.screen === 'LGN001') page = await home.submit(page, {}, 'federated');
    const { id = '', password = '' } = person.business_direct ?? {};
    page = await home.submit(page, { business_direct_id: id, business_direct_password: password });
    expect(page.screen).to.equal('OTP001');
    page = await home.submit(page, { otp: await nextCode(demo, person), remember: 'yes' });
    const tokens = await portal.redeem(demo.gateway, page);
    expect(tokens.refreshToken).not.to.equal('');
    expect((await enterOwnPages(demo, home, person, address, 'federated')).screen).to.equal('BOT010');
    const midway = browser();
    let begun = await midway.submit(await midway.open(await portal.authorizeUrl(demo.gateway)), {}, 'direct');
    begun = await midway.submit(begun, { login_id: person.login_id, password: person.password });
    expect(begun.screen).to.equal('OTP002');

    const office = browser();
    page = await signIn(office, person);
    expect(page.text())
      .to.include('入力を省略する端末1台で')
      .and.include('ログイン中の2件が終了します')
      .and.include('新しいトークンを登録するまでログインできません');
    page = await office.submit(page, { reason: 'phone', ...confirmation(person), otp: await nextCode(demo, person) });
    expect(page.screen).to.equal('SLF031');
    expect(page.text()).to.include(`試験の${portal.clientId}`);
    for (const gateway of demo.gateways) {
      expect((await home.open(`${gateway}${address}`)).screen, `home, seen by ${gateway}`).to.equal('LGN001');
      expect((await office.open(`${gateway}${address}`)).screen, `office, seen by ${gateway}`).to.equal('LGN001');
    }
    begun = await midway.submit(begun, { otp: await nextCode(demo, person) });
    expect([begun.status, begun.refusal], 'the open attempt').to.deep.equal([409, 'conflict']);
    expect((await portal.refresh(demo.gateway, tokens.refreshToken)).error).to.equal('invalid_grant');
    expect((await portal.introspect(demo.gateway, tokens.accessToken)).active).to.equal(false);
    await soon(
      async () => portal.logoutTokens.length,
      (n) => n > 0,
    );
    expect(portal.logoutTokens).to.have.length(1);
    const [mail] = await mails(person, 'トークンが失効されました');
    expect(mail?.text).to.include('ご本人');
    expect(await mails(person, '入力省略を終了しました')).to.have.length(1);
    const again = await throughBusinessDirect(demo, home, person);
    expect(['TKN001', 'TKN002', 'BOT011', 'BOT012'], 'a device skips nothing: a token is due').to.include(again.screen);
  });

  it('asks the confirmation password alone for a loss, of whoever came through the link; any other reason asks the code', async () => {
    const person = demo.person('ksato82');
    const own = browser();
    await signIn(own, person, 'federated', address);
    let page = await own.open(at(check));
    expect([...answer(page), page.text().includes('紛失・盗難の場合は、入力不要です')]).to.deep.equal([
      200,
      'SLF030',
      null,
      true,
    ]);
    page = await own.open(at(`${check}?reason=lost`));
    expect(page.html).not.to.include('name="otp"');
    for (const reason of ['phone', 'other']) {
      const changed = await own.submit(page, { reason, ...confirmation(person) });
      expect([...answer(changed), changed.html.includes('name="otp"')], reason).to.deep.equal([
        422,
        'SLF030',
        'form',
        true,
      ]);
    }
    page = await own.submit(page, { reason: 'lost', confirmation_password: 'Wrong1234' });
    expect(answer(page)).to.deep.equal([422, 'SLF030', 'credentials']);
    page = await own.submit(page, { reason: 'lost', ...confirmation(person) });
    expect(answer(page)).to.deep.equal([200, 'SLF031', null]);
    expect(page.text())
      .to.include('スマホアプリ形式のトークンを発行できます')
      .and.include('メール通知パスワードが必要');
    expect((await own.submit(page, {})).screen).to.equal('OUT004');
    if (demo.stores === 'real') {
      const row = await rowOf(person);
      expect(row['token_lost_at']).not.to.equal(null);
      const [proof] = await sql(
        `select body from audit where event = 'act.proven' and account_id = $1 order by seq desc limit 1`,
        [row['id']],
      );
      expect(String(proof?.['body'])).to.include('"proof":"confirmation"').and.include('"why":"lost"');
    }
    const next = await throughBusinessDirect(demo, own, person);
    expect(next.screen, 'the next token wants an e-mail code').to.equal('BOT012');
  });

  it('refuses what differs from the check page, another login’s value, and a token that is another one by now', async () => {
    const person = demo.person('sabe89');
    const own = browser();
    const elsewhere = browser();
    const page = await signIn(own, person);
    const other = await signIn(elsewhere, person);
    const typed = { reason: 'other', ...confirmation(person) };
    const value = /name="edit" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const foreign = /name="edit" value="([^"]+)"/.exec(other.html)?.[1] ?? '';
    const [nonce = '', tags = '', mac = ''] = value.split('.');
    const flipped = `${tags.startsWith('A') ? 'B' : 'A'}${tags.slice(1)}`;
    for (const edit of ['', foreign, `${nonce}.${flipped}.${mac}`, `x${nonce}.${tags}.${mac}`]) {
      const refused = await own.submit(page, { ...typed, otp: await nextCode(demo, person), edit });
      expect(answer(refused), edit).to.deep.equal([409, 'SLF030', 'conflict']);
    }
    expect((await own.post(at(check), new URLSearchParams({ ...typed, edit: value }).toString())).status).to.equal(403);
    if (demo.stores === 'real') {
      const { id } = await rowOf(person);
      const spare = 'select token_id from token_holder where account_id <> $1 and ended_at is null limit 1';
      const [was] = await sql('select token_id from token_holder where account_id = $1 and ended_at is null', [id]);
      await sql(`update token_holder set token_id = (${spare}) where account_id = $1 and ended_at is null`, [id]);
      const stale = await own.submit(page, { ...typed, otp: await nextCode(demo, person) });
      expect([...answer(stale), stale.text().includes('先に変更したため')]).to.deep.equal([
        409,
        'SLF030',
        'conflict',
        true,
      ]);
      await sql('update token_holder set token_id = $2 where account_id = $1 and ended_at is null', [
        id,
        was?.['token_id'],
      ]);
    }
    expect((await own.open(at(address))).text(), 'nothing happened').to.include('利用中');
    expect(await mails(person, 'トークンが失効されました', 0)).to.deep.equal([]);
  });

  it('acts once when it is pressed twice, and its result page can be set by nobody', async () => {
    const person = demo.person('ywatanabe85');
    const own = browser();
    const page = await signIn(own, person);
    const typed = { reason: 'phone', ...confirmation(person), otp: await nextCode(demo, person) };
    const pressed = await Promise.all([1, 2, 3].map(() => own.clone().submit(page, typed)));
    // Whoever comes after the end is asked to sign in.
    expect(pressed.map(({ screen }) => screen)).to.include('SLF031');
    for (const { screen } of pressed) expect(['SLF031', 'LGN001']).to.include(screen);
    expect((await own.submit(page, typed)).screen).to.equal('LGN001');
    expect(await mails(person, 'トークンが失効されました')).to.have.length(1);
    if (demo.stores === 'real') {
      const { id } = await rowOf(person);
      expect(await sql(`select 1 from audit where event = 'token.revoked' and account_id = $1`, [id])).to.have.length(
        1,
      );
    }
    const done = pressed.find(({ screen }) => screen === 'SLF031');
    const action = /<form[^>]*action="([^"]*result[^"]*)"/.exec(done?.html ?? '')?.[1] ?? '';
    expect(action).to.match(/at=\d+\./);
    const stranger = browser();
    const theirs = await stranger.open(at('/'));
    const csrf = /name="csrf" value="([^"]+)"/.exec(theirs.html)?.[1] ?? '';
    expect((await stranger.post(at(action), `csrf=${encodeURIComponent(csrf)}`)).screen).not.to.equal('OUT004');
    expect((await own.open(at(`${check}/result`))).screen).to.equal('LGN001');
  });

  it('leaves those who share the key-fob alone', async () => {
    const person = demo.person('atanaka93');
    const colleague = demo.person('sito48');
    const theirs = browser();
    expect((await signIn(theirs, colleague, 'direct', address)).text()).to.include('ほかの利用者1名');
    const own = browser();
    let page = await signIn(own, person);
    expect(page.text()).to.include('同じトークンを使うほかの利用者1名には影響しません');
    page = await own.submit(page, { reason: 'other', ...confirmation(person), otp: await nextCode(demo, person) });
    expect(page.screen).to.equal('SLF031');
    page = await theirs.open(at(address));
    expect([page.screen, page.text().includes('共有しています')]).to.deep.equal(['BOT010', false]);
    const again = await signIn(browser(), colleague, 'direct', address);
    expect(again.screen, 'and signs in with it').to.equal('BOT010');
  });
}

function repair(): void {
  it('adjusts the clock of a key-fob with two codes in a row, once, and counts on the one counter of all codes', async () => {
    const person = demo.person('tikeda16');
    const own = browser();
    let page = await signIn(own, person, 'direct', `${address}/resync`);
    expect([...answer(page), path(page)]).to.deep.equal([200, 'OTP003', null, `${address}/resync`]);
    expect(answer(await own.submit(page, {}))).to.deep.equal([422, 'OTP003', 'form']);
    expect(answer(await own.submit(page, { otp: '12345', otp_next: '１２３４５６' }))).to.deep.equal([
      422,
      'OTP003',
      'form',
    ]);
    // Drifted by four minutes: codes that no sign-in takes.
    const [first, second] = [await demo.code(person, 4), await demo.code(person, 5)];
    const swapped = await own.submit(page, { otp: second, otp_next: first });
    expect([...answer(swapped), swapped.text().includes('あと4回で利用停止')]).to.deep.equal([
      422,
      'OTP003',
      'otp-wrong',
      true,
    ]);
    page = await own.submit(swapped, {}, 'back');
    expect(page.screen).to.equal('BOT010');
    page = await own.submit(page, {}, 'resync');
    const pressed = await Promise.all([1, 2].map(() => own.clone().submit(page, { otp: first, otp_next: second })));
    for (const done of pressed) {
      expect([...answer(done), path(done)]).to.deep.equal([200, 'BOT010', null, address]);
      expect(done.text()).to.include('トークンの時刻を合わせました');
    }
    expect((await own.open(at(`${address}?resync=nonsense`))).text()).not.to.include('時刻を合わせました');
    const replayed = await own.submit(await own.open(at(`${address}/resync`)), { otp: first, otp_next: second });
    expect(answer(replayed)).to.deep.equal([422, 'OTP003', 'otp-used']);
    expect((await own.submit(page, { otp: first, otp_next: second, edit: 'x.y.z' })).status).to.equal(409);
    await demo.forward(120);
    const again = await signIn(browser(), person, 'direct', address);
    expect(again.screen, 'by its own clock it is behind now').to.equal('OTP002');
  });
}

function waiting(): void {
  const wait = 20 * 60_000;

  it('asks the confirmation password alone; page, mail and sign-in name one moment twenty minutes later', async () => {
    const person = demo.person('msaito50');
    await forwardTo(12, 0);
    const own = browser();
    let page = await signIn(own, person);
    expect(page.html).not.to.include('name="otp"');
    expect(times(page)[0]).to.be.closeTo((await demo.now()) + wait, 5_000);
    page = await own.submit(page, { reason: 'phone', ...confirmation(person) });
    expect(page.screen).to.equal('SLF031');
    const [until = 0] = times(page);
    expect(until).to.be.closeTo((await demo.now()) + wait, 5_000);
    expect(page.text()).to.include('から、新しいトークンの発行とログインができます');
    const [mail] = await mails(person, 'トークンが失効されました');
    const clock = new Date(until + 9 * 3_600_000).toISOString();
    expect(mail?.text).to.include(`${Number(clock.slice(11, 13))}:${clock.slice(14, 16)}`);
    expect((await own.submit(page, {})).screen).to.equal('OUT004');

    for (const route of ['direct', 'federated'] as const) {
      const again = await signIn(browser(), person, route, address);
      expect([...answer(again), times(again).includes(until)], route).to.deep.equal([200, 'WAI001', 'waiting', true]);
    }
    await demo.forward(Math.floor((until - (await demo.now())) / 1000) - 3);
    const waits = browser();
    page = await signIn(waits, person, 'direct', address);
    expect(page.screen).to.equal('WAI001');
    // Pages name whole seconds.
    await demo.forward(Math.max(0, Math.ceil((until - (await demo.now())) / 1000)) + 1);
    page = await waits.submit(page, {});
    expect(['TKN001', 'TKN002', 'BOT011', 'BOT012'], 'the issue begins').to.include(page.screen);
  });

  it('waits till the morning when the night begins between the page and its confirmation', async () => {
    const person = demo.person('yishikawa92');
    await forwardTo(20, 46);
    const own = browser();
    let page = await signIn(own, person);
    expect(page.text()).not.to.include('夜間');
    await forwardTo(20, 50);
    page = await own.submit(page, { reason: 'other', ...confirmation(person) });
    expect([...answer(page), page.text().includes('再発行できる時刻が変わりました')]).to.deep.equal([
      409,
      'SLF030',
      'conflict',
      true,
    ]);
    expect(page.text()).to.include('夜間(20:50〜8:10)');
    page = await own.submit(page, { reason: 'other', ...confirmation(person) });
    expect([page.screen, page.text().includes('夜間(20:50〜8:10)')]).to.deep.equal(['SLF031', true]);
    const [until = 0] = times(page);
    expect(new Date(until + 9 * 3_600_000).toISOString().slice(11, 19)).to.equal('08:10:00');
    await forwardTo(8, 9, 50);
    const again = browser();
    page = await signIn(again, person, 'direct', address);
    expect([page.screen, times(page).includes(until)]).to.deep.equal(['WAI001', true]);
    await forwardTo(8, 10);
    page = await again.submit(page, {});
    expect(page.screen).not.to.equal('WAI001');
  });

  it('lets a key-fob go without any wait', async () => {
    const person = demo.person('tikeda16');
    const own = browser();
    let page = await signIn(own, person);
    expect(page.text()).to.include('新しいトークンは、すぐに登録できます');
    page = await own.submit(page, { reason: 'lost', ...confirmation(person) });
    expect(page.text()).to.include('新しいトークンはすぐに登録できます');
  });
}
