// CON120–CON122 over real HTTP on a running demo: what a company decides for itself, what ends with it, and that two who
// change it at once do not overwrite each other.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';

let demo: Demo;
const at = (path: string): string => `${demo.gateway}${path}`;
const path = '/company/settings';

async function freshCode(person: DemoPerson): Promise<string> {
  await demo.forward(120);
  return demo.code(person);
}

async function signIn(browser: ScriptBrowser, person: DemoPerson, to: string): Promise<Page> {
  let page = await browser.submit(await browser.open(at(to)), {}, 'direct');
  if (page.screen === 'LGN002')
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  if (page.screen === 'OTP001' || page.screen === 'OTP002')
    page = await browser.submit(page, { otp: await freshCode(person) });
  return page;
}

async function administrator(loginId: string): Promise<ScriptBrowser> {
  const browser = demo.browser();
  expect((await signIn(browser, demo.person(loginId), path)).screen).to.equal('CON120');
  return browser;
}

const proofs = async (loginId: string) => ({
  confirmation_password: demo.person(loginId).confirmation_password ?? '',
  otp: await freshCode(demo.person(loginId)),
});

const unchanged = { sharing_mode: 'some', remember_allowed: 'yes', otp_at: 'bank', hours_from: '', hours_to: '' };

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

describe('the company’s settings', function () {
  this.timeout(60_000);
  before(async () => {
    demo = await startDemo('embedded');
  });
  after(() => demo.stop());

  it('are for masters and admins, and show who can release whom', async () => {
    const member = demo.browser();
    expect((await signIn(member, demo.person('sabe89'), path)).screen).to.equal('REF027');
    for (const page of [`${path}/check/x`, `${path}/result/x`])
      expect((await member.open(at(page))).status, page).to.equal(403);
    const browser = await administrator('msuzuki14');
    const page = await browser.open(at(path));
    expect(page.text()).to.include('利用停止を解除できる方').and.include('できない(ビジネスヘルプデスクが解除)');
    expect(page.text()).to.match(/他の利用者を解除できる方は、現在\d+名です/);
    expect((await browser.open(at(`${path}/check/nothing`))).screen).to.equal('CON120');
    expect((await browser.open(at(`${path}/result/nothing`))).screen).to.equal('CON120');
  });

  it('take nothing that is incomplete, unknown or the same', async () => {
    const browser = await administrator('msuzuki14');
    const page = await browser.open(at(path));
    for (const [fields, words] of [
      [unchanged, '変更した項目がありません'],
      [{}, '入力省略の利用を選択してください'],
      [{ ...unchanged, remember_allowed: 'perhaps' }, '入力省略の利用を選択してください'],
      [{ ...unchanged, otp_at: 'never' }, 'コードを求めるときを選択してください'],
      [{ ...unchanged, hours_from: '08:00' }, '利用終了時刻を入力してください'],
      [{ ...unchanged, hours_from: '25:00', hours_to: '09:00' }, '「08:00」の形で'],
      [{ ...unchanged, hours_from: '09:00', hours_to: '09:00' }, '別の時刻に'],
    ] as const) {
      const refused = await browser.submit(page, fields);
      expect([refused.status, refused.refusal, refused.text().includes(words)], words).to.deep.equal([
        422,
        'form',
        true,
      ]);
    }
  });

  it('forbid the skip: every device of the company ends at once, its people are told, and the next sign-in asks', async () => {
    const person = demo.person('msaito50');
    const theirs = demo.browser();
    let entered = await throughBusinessDirect(demo, theirs, person);
    if (entered.screen === 'LNK001')
      entered = await theirs.submit(entered, { login_id: person.login_id, password: person.password });
    await theirs.submit(entered, { otp: await freshCode(person), remember: 'yes' });

    const browser = await administrator('msuzuki14');
    const check = await browser.submit(await browser.open(at(path)), { ...unchanged, remember_allowed: 'no' });
    expect([check.screen, check.text().includes('端末1台の入力省略が終了します')]).to.deep.equal(['CON121', true]);
    for (const forged of [{ remember_allowed: 'yes' }, { sharing_mode: 'one_for_all' }, { edit: 'x' }]) {
      const page = await browser.submit(check, { ...(await proofs('msuzuki14')), ...forged });
      expect([page.status, page.refusal], Object.keys(forged)[0]).to.deep.equal([409, 'conflict']);
    }
    const typed = await proofs('msuzuki14');
    const wrong = await browser.submit(check, { ...typed, confirmation_password: 'wrongone1' });
    expect([wrong.status, wrong.refusal]).to.deep.equal([422, 'credentials']);
    const [one, two] = await Promise.all([browser.submit(check, typed), browser.clone().submit(check, typed)]);
    for (const page of [one, two, await browser.open(one.url)]) {
      expect([page.status, page.screen]).to.deep.equal([200, 'CON122']);
      expect(page.text()).to.include('会社の設定を変更しました').and.include('入力省略を1台終了しました');
    }
    const told = async () =>
      (await demo.mails(person.email ?? '')).filter(({ subject }) => subject.includes('入力省略を終了'));
    for (let round = 0; round < 50 && (await told()).length === 0; round += 1) await pause(100);
    expect(await told()).to.have.length(1);
    const again = theirs.clone();
    for (const name of theirs.cookies().keys()) if (!name.startsWith('renkei_device_')) again.dropCookie(name);
    const asked = await throughBusinessDirect(demo, again, person);
    expect(asked.screen).to.match(/^OTP00/);
    expect(asked.html, 'not offered').not.to.include('name="remember"');
  });

  it('are not overwritten by who saw other ones', async () => {
    const [first, second] = [await administrator('msuzuki14'), await administrator('ntakahashi14')];
    const choose = async (browser: ScriptBrowser): Promise<Page> =>
      browser.submit(await browser.open(at(path)), { ...unchanged, remember_allowed: 'no', otp_at: 'login' });
    const [one, two] = [await choose(first), await choose(second)];
    expect((await first.submit(one, await proofs('msuzuki14'))).screen).to.equal('CON122');
    const late = await second.submit(two, await proofs('ntakahashi14'));
    expect([late.status, late.refusal, late.text().includes('先に変更した')]).to.deep.equal([409, 'conflict', true]);
  });

  it('close the company’s hours for its own people, once it is known whose they are', async () => {
    const browser = await administrator('msuzuki14');
    const hour = 3_600_000;
    const clock = (ms: number): string => new Date(ms + 9 * hour).toISOString().slice(11, 16);
    const now = await demo.now();
    const hours = { hours_from: clock(now + 2 * hour), hours_to: clock(now + 4 * hour) };
    const check = await browser.submit(await browser.open(at(path)), { ...unchanged, ...hours });
    expect(check.text()).to.include('ログインできません');
    expect((await browser.submit(check, await proofs('msuzuki14'))).screen).to.equal('CON122');
    const refused = await signIn(demo.browser(), demo.person('sabe89'), '/self-service');
    expect([refused.status, refused.screen, refused.refusal]).to.deep.equal([503, 'REF018', 'closed']);
    const told = `${hours.hours_from}〜${hours.hours_to}`.replaceAll(/(?<!\d)0(?=\d:)/g, '');
    expect(refused.text(), 'no leading zero in the hour').to.include(told);
    const wrong = demo.browser();
    let stranger = await wrong.submit(await wrong.open(at('/self-service')), {}, 'direct');
    stranger = await wrong.submit(stranger, { login_id: 'sabe89', password: 'Wrong99999' });
    expect([stranger.screen, stranger.refusal], 'nothing is told before').to.deep.equal(['LGN002', 'credentials']);
    expect((await signIn(demo.browser(), demo.person('tikeda16'), path)).screen, 'another company').to.equal('CON120');
    await demo.forward(2 * 3_600 + 60);
    expect((await signIn(demo.browser(), demo.person('sabe89'), '/self-service')).screen).to.equal('SLF001');
  });
});

describe('a code at sign-in where the bank asks it at operations alone (S4)', function () {
  this.timeout(60_000);
  before(async () => {
    demo = await startDemo('embedded', { env: { RENKEI_PROFILE: 's4' } });
  });
  after(() => demo.stop());

  it('is asked of the company’s people from the next sign-in', async () => {
    const person = demo.person('ksato82');
    const before = demo.browser();
    const page = await before.submit(await before.open(at('/self-service')), {}, 'direct');
    const free = await before.submit(page, { login_id: person.login_id, password: person.password });
    expect(free.screen).to.equal('SLF001');
    const browser = await administrator('msuzuki14');
    const check = await browser.submit(await browser.open(at(path)), { ...unchanged, otp_at: 'login' });
    expect((await browser.submit(check, await proofs('msuzuki14'))).screen).to.equal('CON122');
    const after = demo.browser();
    const form = await after.submit(await after.open(at('/self-service')), {}, 'direct');
    const asked = await after.submit(form, { login_id: person.login_id, password: person.password });
    expect(asked.screen).to.match(/^OTP00/);
  });
});
