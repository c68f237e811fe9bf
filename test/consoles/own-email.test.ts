// SLF020–SLF022 over real HTTP on a running demo: another address of one's own counts once a code that went to it came back; the
// former one is told; and an address that somebody else typed is proven by its owner at the next sign-in (spec §2).
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, type Mail, startDemo } from '../support/demo-process.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { enterOwnPages } from '../support/walks.ts';

const address = '/self-service/email';

let demo: Demo;
const browser = (): ScriptBrowser => demo.browser(demo.stores === 'real');
const at = (path: string): string => `${demo.gateway}${path}`;
const signIn = (own: ScriptBrowser, person: DemoPerson, route: 'direct' | 'federated' = 'direct'): Promise<Page> =>
  enterOwnPages(demo, own, person, address, route);
const answer = ({ status, screen, refusal }: Page) => [status, screen, refusal];
const asked = (person: DemoPerson, email: string) => ({
  email,
  confirmation_password: person.confirmation_password ?? '',
});

/** Mails of an address with this in their subject, once there are so many. */
async function mails(to: string, subject: string, atLeast = 1): Promise<readonly Mail[]> {
  for (let round = 0; ; round += 1) {
    const found = (await demo.mails(to)).filter((mail) => mail.subject.includes(subject));
    if (found.length >= atLeast || round === 50) return found.toSorted((one, two) => one.date.localeCompare(two.date));
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

const codeOf = async (to: string, nth = 1): Promise<string> =>
  (await mails(to, 'メール通知パスワード', nth)).at(-1)?.code?.replace(/\D/g, '') ?? '';

for (const stores of ['embedded', 'real'] as const) {
  describe(`one’s own e-mail address on ${stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores'}`, function () {
    this.timeout(60_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1 });
    });
    after(() => demo.stop());
    addresses();
    if (stores === 'real') typedByOthers();
  });
}

function addresses(): void {
  it('is another one from the moment its code came back; both addresses are told, and this sign-in and others go on', async () => {
    const person = demo.person('okondo31');
    const own = browser();
    const elsewhere = browser();
    await signIn(elsewhere, person);
    let page = await signIn(own, person);
    expect(answer(page)).to.deep.equal([200, 'SLF020', null]);
    expect(page.text()).to.include('o***@sumire.example.co.jp').and.include('変更後24時間は');
    page = await own.submit(page, asked(person, 'okondo.new@sumire.example.jp'));
    expect(answer(page)).to.deep.equal([200, 'SLF021', null]);
    expect(page.text()).to.include('okondo.new@sumire.example.jp').and.include('この手続きは');
    expect((await own.open(at('/self-service'))).text(), 'not before it is proven').to.include(
      'o***@sumire.example.co.jp',
    );
    const code = await codeOf('okondo.new@sumire.example.jp');
    expect(code).to.match(/^\d{8}$/);
    expect(await demo.mails(person.email ?? ''), 'nothing yet').to.deep.equal([]);

    expect(answer(await own.submit(page, { email_code: '' }))).to.deep.equal([422, 'SLF021', 'form']);
    const wrong = await own.submit(page, { email_code: code === '00000000' ? '11111111' : '00000000' });
    expect(answer(wrong)).to.deep.equal([422, 'SLF021', 'credentials']);
    expect(wrong.text()).to.include('あと4回入力できます');
    expect(
      answer(await elsewhere.open(at('/self-service/email/code'))),
      'another sign-in waits for no code',
    ).to.deep.equal([200, 'SLF020', null]);
    const stranger = await elsewhere.submit(await elsewhere.open(at(address)), {}, 'back');
    expect(stranger.screen).to.equal('SLF001');

    page = await own.submit(page, { email_code: `${code.slice(0, 4)} ${code.slice(4)}` });
    expect([...answer(page), new URL(page.url).pathname]).to.deep.equal([
      200,
      'SLF022',
      null,
      '/self-service/email/result',
    ]);
    expect(page.text())
      .to.include('o***@sumire.example.co.jp')
      .and.include('o***@sumire.example.jp')
      .and.include('からトークン発行に使えます')
      .and.match(/お問い合わせ番号 [0-9A-Z]{4}-[0-9A-Z]{4}/);
    expect((await own.open(page.url)).screen, 'shown again').to.equal('SLF022');
    const menu = await own.open(at('/self-service'));
    expect([menu.screen, menu.text().includes('o***@sumire.example.jp')]).to.deep.equal(['SLF001', true]);
    expect((await elsewhere.open(at('/self-service'))).screen).to.equal('SLF001');
    expect((await own.submit(page, {})).screen).to.equal('TOP001');

    const [old] = await mails(person.email ?? '', 'メールアドレスが変更されました');
    const [fresh] = await mails('okondo.new@sumire.example.jp', 'メールアドレスが変更されました');
    expect(old?.text)
      .to.include('o***@sumire.example.jp')
      .and.include(person.email ?? '');
    expect(old?.text).not.to.include('okondo.new@');
    expect(fresh?.text).to.include('okondo.new@sumire.example.jp').and.include('o***@sumire.example.co.jp');
    expect(fresh?.text).not.to.include(person.email ?? '');
  });

  it('judges the form first, counts wrong confirmation passwords, and locks at the fifth while the sign-in goes on', async () => {
    const person = demo.person('nishii42');
    const own = browser();
    let page = await signIn(own, person);
    const wrong = { ...person, confirmation_password: 'Wrong1234' };
    for (const email of [
      '',
      'nobody',
      'a@b',
      'a@example.jp\r\nBcc: b@example.jp',
      'a@example.jp,b@example.jp',
      'ａ@example.jp',
    ])
      expect(answer(await own.submit(page, asked(wrong, email))), email).to.deep.equal([422, 'SLF020', 'form']);
    page = await own.submit(page, asked(wrong, person.email ?? ''));
    expect(page.text()).to.include('現在と同じメールアドレスです');
    page = await own.submit(page, { email: 'n@example.jp', confirmation_password: 'ｗｒｏｎｇ１２３４' });
    expect(page.text()).to.include('この入力は回数に数えていません');
    for (const n of [4, 3, 2, 1]) {
      page = await own.submit(page, asked(wrong, 'n@example.jp'));
      expect([...answer(page), page.text().includes(`あと${n}回で一時利用停止`)]).to.deep.equal([
        422,
        'SLF020',
        'credentials',
        true,
      ]);
      expect(page.html).to.include('value="n@example.jp"').and.not.include('Wrong1234');
    }
    page = await own.submit(page, asked(wrong, 'n@example.jp'));
    expect(page.text()).to.include('確認用パスワードが一時利用停止になりました');
    page = await own.submit(page, asked(person, 'n@example.jp'));
    expect([page.refusal, await demo.mails('n@example.jp')], 'nothing is compared or sent').to.deep.equal([
      'credentials',
      [],
    ]);
    expect((await own.open(at('/self-service'))).status).to.equal(200);
  });

  it('sends again after a minute, at most five times in an hour, and a code is worth nothing for another address', async () => {
    const person = demo.person('hsakamoto24');
    const own = browser();
    let page = await own.submit(await signIn(own, person), asked(person, 'first@example.jp'));
    expect(page.screen).to.equal('SLF021');
    const soon = await own.submit(page, {}, 'resend');
    expect([...answer(soon), soon.text().includes('送信の上限に達しました')]).to.deep.equal([
      422,
      'SLF021',
      'form',
      true,
    ]);
    const first = await codeOf('first@example.jp');
    page = await own.submit(page, {}, 'change_email');
    expect([page.screen, page.html.includes('value="first@example.jp"')]).to.deep.equal(['SLF020', true]);
    page = await own.submit(page, asked(person, 'second@example.jp'));
    expect(answer(await own.submit(page, { email_code: first }))).to.deep.equal([422, 'SLF021', 'credentials']);
    for (let sent = 3; sent <= 5; sent += 1) {
      await demo.forward(61);
      page = await own.submit(page, {}, 'resend');
      expect(answer(page), `mail ${sent}`).to.deep.equal([200, 'SLF021', null]);
    }
    await demo.forward(61);
    page = await own.submit(page, {}, 'resend');
    expect([page.status, page.text().includes('送信の上限に達しました')]).to.deep.equal([422, true]);
    const again = await own.submit(await own.open(at(address)), asked(person, 'third@example.jp'));
    expect([again.status, again.text().includes('送信の上限に達しました')], 'nor any other address').to.deep.equal([
      422,
      true,
    ]);
    await demo.forward(10 * 60);
    page = await own.submit(await own.open(at('/self-service/email/code')), {
      email_code: await codeOf('second@example.jp', 4),
    });
    expect([page.status, page.text().includes('有効時間が過ぎました')]).to.deep.equal([422, true]);
    await demo.forward(14 * 60);
    expect((await own.open(at('/self-service/email/code'))).screen).to.equal('SLF021');
    await demo.forward(3 * 60);
    expect((await own.open(at('/self-service/email/code'))).screen, 'half an hour after it was asked').to.equal(
      'SLF020',
    );
  });

  it('acts once when the code is pressed twice', async () => {
    const person = demo.person('yogawa62');
    const own = browser();
    let page = await enterOwnPages(demo, own, person, address, 'direct');
    if (page.screen === 'TKN001') page = await own.submit(page, {}, 'skip_registration');
    page = await own.submit(await own.open(at(address)), asked(person, 'twice@example.jp'));
    const typed = { email_code: await codeOf('twice@example.jp') };
    const pressed = await Promise.all([own.submit(page, typed), own.clone().submit(page, typed)]);
    expect(pressed.map(answer)).to.deep.equal([
      [200, 'SLF022', null],
      [200, 'SLF022', null],
    ]);
    expect(answer(await own.submit(page, typed))).to.deep.equal([200, 'SLF022', null]);
    expect(await mails('twice@example.jp', 'メールアドレスが変更されました')).to.have.length(1);
  });

  it('has no result and no code page for whoever asked nothing, and takes nothing from other sites', async () => {
    const own = browser();
    const page = await signIn(own, demo.person('tikeda16'));
    for (const path of ['code', 'result'])
      expect((await own.open(at(`${address}/${path}`))).screen, path).to.equal('SLF020');
    const body = new URLSearchParams(asked(demo.person('tikeda16'), 'x@example.jp')).toString();
    expect((await own.post(at(address), body)).status).to.equal(403);
    expect((await own.post(at(`${address}/code`), 'email_code=12345678')).status).to.equal(403);
    const extra = {
      ...asked(demo.person('tikeda16'), 'x@example.jp'),
      email_proven_at: '1',
      account: 'x',
      address: 'y@example.jp',
    };
    expect((await own.submit(page, extra)).screen).to.equal('SLF021');
    expect(await demo.mails('y@example.jp')).to.deep.equal([]);
  });
}

/** What an administrator's change leaves behind is written by hand here: the address, unproven. */
function typedByOthers(): void {
  const sql = async (text: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: demo.databaseUrl ?? '' });
    await client.connect();
    try {
      return (await client.query(text, [...values])).rows;
    } finally {
      await client.end();
    }
  };
  const typed = (person: DemoPerson, email: string) =>
    sql('update account set email = $2, email_proven_at = null, email_by_other_at = 1 where login_name = $1', [
      person.login_id,
      email,
    ]);

  for (const route of ['direct', 'federated'] as const) {
    it(`is asked of its owner at the next ${route} sign-in when somebody else typed it, and until then gets no mail`, async () => {
      const person = demo.person(route === 'direct' ? 'rhashimoto46' : 'msuzuki14');
      const email = `typed-${route}@example.jp`;
      await typed(person, email);
      const own = browser();
      let page = await enterOwnPages(demo, own, person, '/self-service', route);
      expect([page.screen, page.html.includes(`value="${email}"`)]).to.deep.equal(['SET004', true]);
      expect((await own.open(at('/self-service'))).screen, 'not to be got around').not.to.equal('SLF001');
      expect(await demo.mails(email), 'nothing before it is asked for').to.deep.equal([]);
      page = await own.submit(page, { email });
      expect(page.screen).to.equal('SET005');
      page = await own.submit(page, { email_code: await codeOf(email) });
      expect(page.screen).to.equal('SLF001');
      const [row] = await sql('select email, email_proven_at from account where login_name = $1', [person.login_id]);
      expect(row?.['email']).to.equal(email);
      expect(row?.['email_proven_at']).not.to.equal(null);
    });
  }

  it('is stale when somebody else set an address between the code and its proof', async () => {
    const person = demo.person('tikeda16');
    const own = browser();
    await signIn(own, person);
    await demo.forward(61);
    const page = await own.submit(await own.open(at(address)), asked(person, 'own@example.jp'));
    const code = await codeOf('own@example.jp');
    await typed(person, 'admin-typed@example.jp');
    const late = await own.submit(page, { email_code: code });
    expect(answer(late)).to.deep.equal([409, 'SLF020', 'conflict']);
    const [row] = await sql('select email from account where login_name = $1', [person.login_id]);
    expect(row?.['email']).to.equal('admin-typed@example.jp');
    expect(await demo.mails('admin-typed@example.jp')).to.deep.equal([]);
  });
}
