// A forgotten master password over real HTTP on a running demo: from 「ログインでお困りの方」 to the letter and the first sign-in
// with it; one face for every entry; the command line; and the paper form that anybody may print.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, directly, startDemo } from '../support/demo-process.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { root } from '../support/source.ts';
import { nextCode } from '../support/walks.ts';

const run = promisify(execFile);

let demo: Demo;
let folder: string;
const at = (path: string): string => `${demo.gateway}${path}`;

/** What `npx renkei …` says, and whether it was content. */
async function renkei(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const program = [
    join(root, 'node_modules/.bin/node'),
    ['--import', 'tsx', join(root, 'src/main.ts'), ...args],
  ] as const;
  return run(program[0], program[1], { env: demo.env, cwd: root }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { readonly code?: number; readonly stdout?: string; readonly stderr?: string }) => ({
      code: error.code ?? 1,
      out: `${error.stdout ?? ''}${error.stderr ?? ''}`,
    }),
  );
}

/** Mails to somebody whose subject has this in it, newest last, as soon as there are as many as asked for. */
async function mails(
  person: DemoPerson,
  subject: string,
  count: number,
): Promise<readonly { readonly text: string; readonly code: string | null }[]> {
  for (let round = 0; round < 50; round += 1) {
    const found = (await demo.mails(person.email ?? '')).filter((mail) => mail.subject.includes(subject));
    if (found.length >= count) return found.toSorted((one, other) => one.date.localeCompare(other.date));
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  return [];
}

const entriesOf = (person: DemoPerson) => ({
  login_id: person.login_id,
  contract_number: person.contract_number,
  email: person.email ?? '',
});

async function ask(browser: ScriptBrowser, entries: Readonly<Record<string, string>>): Promise<Page> {
  return browser.submit(await browser.open(at('/reset-request')), entries);
}

/** A page without what differs from one to the next: tokens, times, numbers. */
const face = ({ html }: Page): string =>
  html
    .replace(/name="csrf" value="[^"]*"/g, '')
    .replace(/<time[^>]*>[^<]*<\/time>/g, '')
    .replace(/[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}/g, '');

for (const stores of ['embedded', 'real'] as const) {
  describe(`forgotten passwords on ${stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores'}`, function () {
    this.timeout(120_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      folder = mkdtempSync(join(tmpdir(), 'renkei-letters-'));
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1 });
    });
    after(async () => {
      rmSync(folder, { recursive: true, force: true });
      if (stores === 'embedded' || process.env['RENKEI_TEST_REDIS_URL']) await demo.stop();
    });
    forgotten();
  });
}

function forgotten(): void {
  it('RST001 is reached from the sign-in and without one, says the same for every cause, and leads to the request', async () => {
    const browser = demo.browser();
    const alone = await browser.open(at('/forgot'));
    expect([alone.status, alone.screen]).to.deep.equal([200, 'RST001']);
    expect(alone.html).to.include('href="/forms/initialisation"').and.not.include('name="login_id"');
    let page = await browser.submit(await browser.open(at('/')), {}, 'direct');
    page = await browser.submit(page, {}, 'forgot');
    expect(page.screen).to.equal('RST001');
    const back = await browser.submit(page, {}, 'back');
    expect(back.screen).to.equal('LGN002');
    const request = await browser.submit(page, {}, 'reset');
    expect([request.status, request.screen, new URL(request.url).pathname]).to.deep.equal([
      200,
      'RST002',
      '/reset-request',
    ]);
    expect((await browser.submit(alone, {}, 'reset')).screen).to.equal('RST002');
    expect((await browser.submit(request, {}, 'cancel')).screen).to.equal('LGN001');
  });

  it('shows one face for every entry: status, page, headers, number of hops', async () => {
    const master = demo.person('ksato82');
    const other = demo.people.find(
      ({ role, contract_number }) => role === 'master' && contract_number !== master.contract_number,
    );
    const admin = demo.person('msuzuki14');
    const forms = [
      entriesOf(master),
      { ...entriesOf(master), login_id: 'nobody99' },
      { ...entriesOf(master), contract_number: other?.contract_number ?? '' },
      { ...entriesOf(master), email: 'somebody@else.example.jp' },
      entriesOf(admin),
      { ...entriesOf(master), login_id: admin.login_id },
    ];
    const faces = [];
    for (const form of forms) {
      const browser = demo.browser();
      const page = await ask(browser, form);
      const wrong = await browser.submit(page, { email_code: '00000000' });
      faces.push(
        JSON.stringify(
          [page, wrong].map((one) => [
            one.status,
            one.screen,
            one.refusal,
            face(one),
            one.hops.length,
            [...one.headers.keys()].toSorted(),
          ]),
        ),
      );
      expect([page.status, page.screen, wrong.status, wrong.refusal]).to.deep.equal([
        200,
        'RST003',
        422,
        'credentials',
      ]);
      expect(wrong.text())
        .to.include('メール通知パスワードを確認できませんでした')
        .and.not.match(/あと\d回/);
    }
    expect(new Set(faces).size).to.equal(1);
    expect(await mails(master, 'メール通知パスワード', 1)).to.have.length(1);
    expect(await demo.mails(admin.email ?? '')).to.deep.equal([]);
  });

  it('keeps what was typed, and answers a form that cannot be right at its fields', async () => {
    const browser = demo.browser();
    const page = await ask(browser, { login_id: 'ksato82', contract_number: '12ab', email: 'nowhere' });
    expect([page.status, page.refusal]).to.deep.equal([422, 'form']);
    expect(page.html).to.include('value="ksato82"').and.include('value="12ab"').and.include('value="nowhere"');
    for (const field of ['contract_number', 'email']) expect(page.html).to.include(`id="${field}-error"`);
  });

  it('goes from the request to the letter, and from the letter to a password of one’s own', async () => {
    const master = demo.person('ksato82');
    const browser = demo.browser(demo.stores === 'real');
    await demo.forward(3600);
    const before = (await demo.mails(master.email ?? '')).length;
    const coded = await ask(browser, entriesOf(master));
    const all = await mails(master, 'メール通知パスワード', 2);
    expect(all.at(-1)?.text).to.include('再設定申請');
    const code = all.at(-1)?.code ?? '';
    expect(code).to.match(/^\d{8}$/);

    const stranger = demo.browser();
    expect((await stranger.open(at('/reset-code'))).status, 'another browser').to.equal(410);
    const form = await ask(stranger, { ...entriesOf(master), email: 'me@else.example.jp' });
    expect((await stranger.submit(form, { email_code: code })).refusal).to.equal('credentials');

    const done = await browser.submit(coded, { email_code: code });
    expect([done.status, done.screen]).to.deep.equal([200, 'RST004']);
    const number = /\d{8}-\d{4}/.exec(done.text())?.[0] ?? '';
    expect(done.text()).to.include('現在のパスワードは、届くまで変わりません。');
    expect((await browser.submit(coded, { email_code: code })).screen, 'sent again').to.equal('RST004');
    expect((await browser.open(at('/reset-code'))).text()).to.include(number);
    expect((await browser.submit(done, {})).screen, 'nobody is signed in').to.equal('LGN001');
    expect((await mails(master, '再設定の申請を受け付けました', 1)).at(-1)?.text).to.include(number);
    expect((await demo.mails(master.email ?? '')).length).to.equal(before + 2);

    const listed = await renkei('reset-requests', '--json');
    const [request] = JSON.parse(listed.out).requests;
    expect(request).to.include({ number, login_id: master.login_id, contract_number: master.contract_number });

    const file = join(folder, `${demo.stores}.html`);
    expect(await renkei('reset-requests', 'approve', number), 'where does the letter go?').to.include({ code: 1 });
    const [first, second] = await Promise.all([
      renkei('reset-requests', 'approve', number, '--letter', file, '--json'),
      renkei('reset-requests', 'approve', number, '--letter', `${file}.2`, '--json'),
    ]);
    const [won, lost] = first.code === 0 ? [first, second] : [second, first];
    expect([won.code, lost.code]).to.deep.equal([0, 1]);
    expect(lost.out).to.include('already_decided');
    const kept = first.code === 0 ? file : `${file}.2`;
    const letter = readFileSync(kept, 'utf8');
    expect(statSync(kept).mode & 0o777).to.equal(0o600);
    expect(() => statSync(first.code === 0 ? `${file}.2` : file), 'no empty file is left').to.throw();
    const password = [...letter.matchAll(/<span>(\d{3})<\/span>/g)].map(([, group = '']) => group).join('');
    expect(password).to.match(/^\d{12}$/);
    expect(letter).to.include('data-screen="PRT002"').and.include(master.contract_number).and.include('<style>');
    expect(letter).not.to.match(/<script|<link|href="\/assets/);
    expect(JSON.parse(won.out)).to.include({ ok: true, number, decision: 'approved', login_id: master.login_id });
    const everything = won.out + demo.log() + (await renkei('audit', 'list', master.login_id, '--json')).out;
    expect(everything).not.to.include(password);
    expect((await mails(master, '再設定の申請の結果', 1)).at(-1)?.text)
      .to.include('郵送')
      .and.not.include(password);

    const old = await directly(demo, demo.browser(), master);
    expect(old.screen, 'the present password until the letter is used').to.equal('OTP002');
    const linked = await directly(demo, browser, { ...master, password });
    expect(linked.screen).to.equal('OTP002');
    const due = await browser.submit(linked, { otp: await nextCode(demo, master) });
    expect(due.screen).to.equal('PWC001');
    expect(due.text()).to.include('郵送した初期パスワード').and.not.include('管理者ユーザがパスワードを設定');
    expect(due.html).not.to.include('name="new_confirmation_password"');
    expect((await directly(demo, demo.browser(), master)).refusal, 'the old one is no more').to.equal('credentials');
    const same = { new_password: master.password, new_password_again: master.password };
    expect((await browser.submit(due, { password, ...same })).text()).to.include('最近使ったパスワード');
    const own = { new_password: 'Harukaze2031', new_password_again: 'Harukaze2031' };
    const changed = await browser.submit(due, { password, ...own });
    expect(changed.screen).to.equal('PWC003');
    expect((await browser.submit(changed, {})).screen).to.equal('PTL002');
    const verified = await renkei('audit', 'verify', '--json');
    expect(JSON.parse(verified.out)).to.include({ ok: true });
  });

  it('sends back with a reason, and knows no numbers that nobody was given', async () => {
    const master = demo.people.find(
      ({ role, state, email, login_id }) =>
        role === 'master' && state.startsWith('ready') && email && login_id !== 'ksato82',
    );
    if (!master) throw new Error('the demo has no second master');
    const browser = demo.browser();
    const page = await ask(browser, entriesOf(master));
    const [mail] = await mails(master, 'メール通知パスワード', 1);
    const done = await browser.submit(page, { email_code: mail?.code ?? '' });
    const number = /\d{8}-\d{4}/.exec(done.text())?.[0] ?? '';
    expect((await renkei('reset-requests', 'refuse', number, '--json')).code, 'why?').to.equal(1);
    const refused = await renkei('reset-requests', 'refuse', number, '登録と異なるため', '--json');
    expect(JSON.parse(refused.out)).to.include({ ok: true, number, decision: 'refused' });
    expect((await mails(master, '再設定の申請の結果', 1)).at(-1)?.text).to.include('登録と異なるため');
    const file = join(folder, 'none.html');
    const late = await renkei('reset-requests', 'approve', number, '--letter', file, '--json');
    expect(JSON.parse(late.out)).to.include({ ok: false, error: 'already_decided' });
    expect((await renkei('reset-requests', 'approve', '20200101-0000', '--letter', file, '--json')).code).to.equal(1);
    expect(() => statSync(file)).to.throw();
    expect((await renkei('reset-requests')).out).to.include('No request waits.');
  });

  it('prints the empty form for everybody, each with a number of its own', async () => {
    const browser = demo.browser();
    const [one, other] = [
      await browser.open(at('/forms/initialisation')),
      await browser.open(at('/forms/initialisation')),
    ];
    expect([one.status, one.screen]).to.deep.equal([200, 'PRT004']);
    const numberOf = (page: Page): string => /依頼書番号 (\S{9})/.exec(page.text())?.[1] ?? '';
    expect(numberOf(one))
      .to.match(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
      .and.not.equal(numberOf(other));
    expect(one.html).to.include('data-print').and.not.include('<input type="text"');
  });

  it('refuses a source that asks for many, and a page of another browser', async () => {
    const browser = demo.browser();
    let last: Page | null = null;
    for (let n = 0; n < 40 && last?.status !== 429; n += 1)
      last = await ask(browser, { login_id: `nobody${n}`, contract_number: '1', email: 'a@example.jp' });
    expect([last?.status, last?.refusal]).to.deep.equal([429, 'too-many']);
    expect(Number(last?.headers.get('retry-after'))).to.be.greaterThan(0);
    const page = await demo.browser().open(at('/reset-request'));
    const forged = await demo.browser().submit(page, entriesOf(demo.person('ksato82')));
    expect([forged.status, forged.refusal]).to.deep.equal([403, 'csrf']);
  });
}
