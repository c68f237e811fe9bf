// SLF010–SLF011 over real HTTP on a running demo, in a browser without JavaScript: one's own passwords, what proves them, what a
// wrong press does, and what ends with a change on every process at once (guide S3, 2.1; spec §2).
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import { mainForm, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { enterOwnPages, nextCode, overlay } from '../support/walks.ts';

const address = '/self-service/password';
const done = '/self-service/password/result';

let demo: Demo;
let portal: OwnPortal;
const browser = (): ScriptBrowser => demo.browser(demo.stores === 'real');
const at = (path: string): string => `${demo.gateway}${path}`;
const signIn = (own: ScriptBrowser, person: DemoPerson, route: 'direct' | 'federated' = 'direct'): Promise<Page> =>
  enterOwnPages(demo, own, person, address, route);

/** What is typed to change the login password alone. */
const loginChange = (person: DemoPerson, to: string) => ({
  change_password: 'change',
  password: person.password,
  new_password: to,
  new_password_again: to,
  change_confirmation_password: 'keep',
});

const confirmationChange = (person: DemoPerson, to: string) => ({
  change_password: 'keep',
  change_confirmation_password: 'change',
  confirmation_password: person.confirmation_password ?? '',
  new_confirmation_password: to,
  new_confirmation_password_again: to,
});

const path = (page: Page): string => new URL(page.url).pathname;
const answer = ({ status, screen, refusal }: Page) => [status, screen, refusal];

async function mailsOf(person: DemoPerson, subject: string, atLeast: number): Promise<number> {
  for (let round = 0; ; round += 1) {
    const found = (await demo.mails(person.email ?? '')).filter((mail) => mail.subject.includes(subject)).length;
    if (found >= atLeast || round === 50) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

for (const stores of ['embedded', 'real'] as const) {
  describe(`one’s own passwords on ${stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores'}`, function () {
    this.timeout(60_000);
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      portal = await ownPortal('own-portal');
      const config = overlay({ 'portals.yaml': [portal.entry({ open: true })] });
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1, env: { RENKEI_CONFIG: config } });
    });
    after(async () => {
      await demo.stop();
      await portal.close();
    });
    passwords();
  });
}

function passwords(): void {
  it('shows both with 変更しない and their dates, and asks to sign in first', async () => {
    const page = await signIn(browser(), demo.person('ywatanabe85'));
    expect([...answer(page), path(page)]).to.deep.equal([200, 'SLF010', null, address]);
    expect([...page.html.matchAll(/value="keep" checked/g)]).to.have.length(2);
    expect(page.text())
      .to.include('ログインパスワードの変更要否')
      .and.include('現在のログインパスワード')
      .and.include('新しい確認用パスワード')
      .and.match(/パスワード有効期限 ?: \d{4}年/);
    expect(page.html, 'nothing else is asked').not.to.match(/name="otp"/);
  });

  it('S3 2.1: changes one, says until when, and keeps this sign-in while every other one, device and refresh token ends', async () => {
    const person = demo.person('rhashimoto46');
    const home = browser();
    // A remembered device at home, with a portal that holds a refresh token; and the office, where the change is made.
    let page = await home.open(await portal.authorizeUrl(demo.gateway));
    if (page.screen === 'LGN001') page = await home.submit(page, {}, 'federated');
    if (page.screen === 'BDD001') {
      const { id = '', password = '' } = person.business_direct ?? {};
      page = await home.submit(page, { business_direct_id: id, business_direct_password: password });
    }
    expect(page.screen).to.equal('OTP001');
    page = await home.submit(page, { otp: await nextCode(demo, person), remember: 'yes' });
    const tokens = await portal.redeem(demo.gateway, page);
    expect(tokens.refreshToken, 'a refresh token').not.to.equal('');
    const open = await enterOwnPages(demo, home, person, address, 'federated');
    expect(open.screen, 'signed in at home').to.equal('SLF010');

    const office = browser();
    page = await signIn(office, person);
    const midway = browser();
    let begun = await midway.submit(await midway.open(await portal.authorizeUrl(demo.gateway)), {}, 'direct');
    begun = await midway.submit(begun, { login_id: person.login_id, password: person.password });
    expect(begun.screen, 'an open attempt').to.equal('OTP002');
    page = await office.submit(page, loginChange(person, 'Minazuki2026'));
    expect([...answer(page), path(page)]).to.deep.equal([200, 'SLF011', null, done]);
    expect(page.text())
      .to.include('パスワードを変更しました。有効期限は')
      .and.include(person.login_id)
      .and.include('* 変更')
      .and.include('変更なし')
      .and.match(/お問い合わせ番号 [0-9A-Z]{4}-[0-9A-Z]{4}/);
    expect(page.text()).not.to.include('利用者管理メニューへ');
    expect((await office.open(at(done))).screen, 'shown again').to.equal('SLF011');
    expect((await office.open(at('/self-service'))).screen, 'this sign-in goes on').to.equal('SLF001');

    for (const gateway of demo.gateways) {
      const lost = await home.open(`${gateway}${address}`);
      expect(lost.screen, `signed out at home, seen by ${gateway}`).to.equal('LGN001');
    }
    begun = await midway.submit(begun, { otp: await nextCode(demo, person) });
    expect([begun.status, begun.refusal], 'the open attempt').to.deep.equal([409, 'conflict']);
    expect((await portal.refresh(demo.gateway, tokens.refreshToken)).error).to.equal('invalid_grant');
    expect((await portal.introspect(demo.gateway, tokens.accessToken)).active).to.equal(false);
    const again = await throughBusinessDirect(demo, home, person);
    expect(again.screen, 'the device asks a code').to.equal('OTP001');

    const old = browser();
    page = await old.submit(await old.open(at(address)), {}, 'direct');
    page = await old.submit(page, { login_id: person.login_id, password: person.password });
    expect(answer(page), 'the former one').to.deep.equal([422, 'LGN002', 'credentials']);
    page = await old.submit(page, { login_id: person.login_id, password: 'Minazuki2026' });
    expect(page.screen).to.equal('OTP002');
    expect(await mailsOf(person, 'パスワードが変更されました', 1)).to.equal(1);
  });

  it('changes both for somebody who came through Business Direct, and leads administrators back to their menu', async () => {
    const person = demo.person('msuzuki14');
    const own = browser();
    const page = await own.submit(await signIn(own, person, 'federated'), {
      ...loginChange(person, 'Kisaragi2026'),
      ...confirmationChange(person, 'Yayoi20261'),
      change_password: 'change',
    });
    expect(answer(page)).to.deep.equal([200, 'SLF011', null]);
    expect([...page.html.matchAll(/<strong>\* 変更<\/strong>/g)]).to.have.length(2);
    expect((await own.submit(page, {}, 'users')).screen).to.equal('CON002');
    expect((await own.submit(page, {}, 'top')).screen).to.equal('TOP001');
    const check = await own.open(at('/self-service/link/remove'));
    const typed = { confirmation_password: person.confirmation_password ?? '', otp: await nextCode(demo, person) };
    expect((await own.submit(check, typed)).refusal, 'the former one').to.equal('credentials');
  });

  it('judges the form of everything at once, before anything is compared or counted', async () => {
    const person = demo.person('dyamamoto47');
    const own = browser();
    let page = await signIn(own, person);
    const send = async (fields: Readonly<Record<string, string>>): Promise<Page> => {
      page = await own.submit(page, fields);
      expect([page.status, page.screen], JSON.stringify(fields)).to.deep.equal([422, 'SLF010']);
      for (const secret of Object.values(fields).filter((value) => value.length > 7))
        expect(page.html, 'no secret comes back').not.to.include(secret);
      return page;
    };
    expect((await send({})).text()).to.include('変更するパスワードを1つ以上選択してください');
    expect((await send({ change_password: 'surely', new_password: 'Abcdef123' })).text()).to.include('1つ以上選択');

    const both = { change_password: 'change', change_confirmation_password: 'change' };
    const empty = await send(both);
    expect(empty.text())
      .to.include('現在のログインパスワードを入力してください')
      .and.include('現在の確認用パスワードを入力してください')
      .and.include('新しい確認用パスワードを入力してください');
    for (const [typed, told] of [
      ['Ｍｉｎａｔｏ９９', '全角の文字が含まれています'],
      ['Short1', '8〜12桁で入力してください'],
      ['OnlyLetters', '英字と数字を両方含めてください'],
      ['dyamamoto47', 'ログインIDと同じ文字列は使えません'],
    ] as const)
      expect((await send(loginChange({ ...person, password: 'not1compared' }, typed))).text()).to.include(told);
    expect((await send(loginChange({ ...person, password: 'ｘ'.repeat(8) }, 'Minazuki2026'))).text()).to.include(
      'この入力は回数に数えていません',
    );
    expect(
      (
        await send({ ...loginChange({ ...person, password: 'not1compared' }, 'Abcdef123'), new_password_again: 'x' })
      ).text(),
    ).to.include('2つの入力が一致していません');
    const same = { ...loginChange(person, 'Minazuki2026'), ...confirmationChange(person, 'Minazuki2026') };
    expect((await send({ ...same, change_password: 'change' })).text()).to.include('別々のものを設定してください');
    // Many more than five refused presses: none of them was a guess.
    page = await own.submit(page, loginChange(person, 'Minazuki2026'));
    expect(page.screen).to.equal('SLF011');
  });

  it('refuses the other one, the present one and the last three, after the present one was proven', async () => {
    const start = demo.person('atanaka93');
    const own = browser();
    let person = start;
    let page = await signIn(own, person);
    page = await own.submit(page, loginChange(person, person.confirmation_password ?? ''));
    expect([page.refusal, page.text().includes('別々のものを設定してください')]).to.deep.equal(['form', true]);
    for (const next of ['Mutsuki2026', 'Kisaragi2026', 'Yayoi20261']) {
      page = await own.submit(await own.open(at(address)), loginChange(person, next));
      expect(page.screen, next).to.equal('SLF011');
      person = { ...person, password: next };
    }
    for (const [used, refused] of [
      ['Yayoi20261', true],
      ['Kisaragi2026', true],
      ['Mutsuki2026', true],
      [start.password, false],
    ] as const) {
      page = await own.submit(await own.open(at(address)), loginChange(person, used));
      expect([used, page.text().includes('最近使ったパスワードと同じものは使えません')]).to.deep.equal([used, refused]);
    }
  });

  it('counts the two on their own, changes nothing while one is wrong, locks at the fifth, and the sign-in goes on', async () => {
    const person = demo.person('sabe89');
    const own = browser();
    const wrong = { ...person, password: 'Wrong1234', confirmation_password: 'Wrong1234' };
    let page = await signIn(own, person);
    const both = (typed: DemoPerson) => ({
      ...loginChange(typed, 'Minazuki2026'),
      ...confirmationChange(typed, 'Fumizuki2026'),
      change_password: 'change',
    });
    page = await own.submit(page, both(wrong));
    expect(answer(page)).to.deep.equal([422, 'SLF010', 'credentials']);
    expect(
      [...page.html.matchAll(/あと4回で一時利用停止になります/g)],
      'both, in summary and at the field',
    ).to.have.length(4);
    page = await own.submit(page, both({ ...wrong, password: person.password }));
    expect(page.text()).to.include('現在の確認用パスワードを確認できませんでした').and.include('あと3回で');
    expect(page.text()).not.to.include('現在のログインパスワードを確認できませんでした');
    for (let miss = 3; miss <= 5; miss += 1) page = await own.submit(page, confirmationChange(wrong, 'Fumizuki2026'));
    expect([...answer(page), page.text().includes('確認用パスワードが一時利用停止になりました')]).to.deep.equal([
      422,
      'SLF010',
      'credentials',
      true,
    ]);
    page = await own.submit(page, confirmationChange(person, 'Fumizuki2026'));
    expect(page.refusal, 'nothing is compared any more').to.equal('credentials');
    page = await own.open(at(address));
    expect([
      page.status,
      page.html.includes('name="confirmation_password"'),
      page.html.includes('name="password"'),
    ]).to.deep.equal([200, false, true]);
    expect(page.text()).to.include('確認用パスワードが一時利用停止になりました');
    page = await own.submit(page, loginChange(person, 'Minazuki2026'));
    expect(page.screen, 'the other one can be changed').to.equal('SLF011');

    for (let miss = 1; miss <= 5; miss += 1) {
      page = await own.submit(await own.open(at(address)), loginChange(wrong, 'Hazuki20261'));
    }
    expect(page.text()).to.include('ログインパスワードが一時利用停止になっています');
    page = await own.open(at(address));
    expect([page.status, page.screen, page.html.includes('name="new_password"')]).to.deep.equal([200, 'SLF010', false]);
    expect((await own.open(at('/self-service'))).text())
      .to.include('ログインパスワード一時利用停止')
      .and.include('確認用パスワード一時利用停止');
    await demo.forward(30 * 60);
    expect((await own.open(at(address))).status).to.equal(200);
  });

  it('acts once when it is pressed twice, and tells another tab that it was late', async () => {
    const person = demo.person('sito48');
    const own = browser();
    const page = await signIn(own, person);
    const other = await own.open(at(address));
    const typed = loginChange(person, 'Minazuki2026');
    const pressed = await Promise.all([own.submit(page, typed), own.clone().submit(page, typed)]);
    expect(pressed.map(answer)).to.deep.equal([
      [200, 'SLF011', null],
      [200, 'SLF011', null],
    ]);
    expect(answer(await own.submit(page, typed)), 'once more').to.deep.equal([200, 'SLF011', null]);
    const late = await own.submit(other, loginChange(person, 'Hazuki20261'));
    expect(answer(late)).to.deep.equal([409, 'SLF010', 'conflict']);
    expect(late.text()).to.include('先に変更したため');
    expect(await mailsOf(person, 'パスワードが変更されました', 1)).to.equal(1);

    const now = { ...person, password: 'Minazuki2026' };
    const tabs = await Promise.all([own.open(at(address)), own.clone().open(at(address))]);
    const raced = await Promise.all(tabs.map((tab, n) => own.clone().submit(tab, loginChange(now, `Raced2026${n}`))));
    expect(raced.map(({ status }) => status).toSorted((one, two) => one - two)).to.deep.equal([200, 409]);
  });

  it('takes nothing from other sites, other browsers, changed pages or fields that it did not ask', async () => {
    const person = demo.person('nishii42');
    const own = browser();
    const page = await signIn(own, person);
    const hidden = new URLSearchParams(mainForm(page.html).hidden);
    const body = (patch: Readonly<Record<string, string>>): string =>
      new URLSearchParams({
        ...Object.fromEntries(hidden),
        ...loginChange(person, 'Minazuki2026'),
        ...patch,
      }).toString();
    for (const [what, post] of [
      ['no token', own.post(at(address), body({ csrf: '' }))],
      ['a forged token', own.post(at(address), body({ csrf: 'x'.repeat(43) }))],
      [
        'another site',
        own.post(at(address), body({}), { 'origin': 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
      ],
    ] as const)
      expect((await post).status, what).to.equal(403);
    const tampered = await own.post(at(address), body({ edit: 'x.y.z' }));
    expect(answer(tampered)).to.deep.equal([409, 'SLF010', 'conflict']);
    const stranger = browser();
    const theirs = await stranger.post(at(address), body({}));
    expect(theirs.screen, 'another browser').not.to.equal('SLF011');
    const extra = {
      role: 'master',
      account: 'somebody',
      email: 'x@example.jp',
      force_change_password: 'yes',
      forced: 'true',
    };
    const changed = await own.post(at(address), body({ ...extra, change_confirmation_password: 'keep' }));
    expect(answer(changed)).to.deep.equal([200, 'SLF011', null]);
    const again = await own.open(at('/company'));
    expect(again.status, 'still a member').to.equal(403);
  });

  it('keeps no secret of a page that was left too long', async () => {
    const person = demo.person('hsakamoto24');
    const own = browser();
    const page = await signIn(own, person);
    await demo.forward(16 * 60);
    const ended = await own.submit(page, loginChange(person, 'Minazuki2026'));
    expect(ended.screen).to.equal('OUT003');
    expect(ended.html).not.to.include(person.password).and.not.to.include('Minazuki2026');
    expect((await own.open(at(address))).html).not.to.include('Minazuki2026');
  });

  it('has no result for a sign-in that changed nothing, and 戻る leads to the menu', async () => {
    const own = browser();
    const page = await signIn(own, demo.person('okondo31'));
    expect((await own.open(at(done))).screen).to.equal('SLF010');
    expect((await own.submit(page, {}, 'back')).screen).to.equal('SLF001');
  });
}
