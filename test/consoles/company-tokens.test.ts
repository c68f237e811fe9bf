// CON110, PRT003 and the way of sharing in CON120 over real HTTP on a running demo: what a company sees of its key-fobs, that some
// of them arrived, the form that asks for more, and how its people share them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { renkei } from '../support/walks.ts';

let demo: Demo;
const at = (path: string): string => `${demo.gateway}${path}`;
const path = '/company/tokens';

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

async function administrator(loginId: string, to = path): Promise<{ browser: ScriptBrowser; page: Page }> {
  const browser = demo.browser();
  return { browser, page: await signIn(browser, demo.person(loginId), to) };
}

const proofs = async (loginId: string) => ({
  confirmation_password: demo.person(loginId).confirmation_password ?? '',
  otp: await freshCode(demo.person(loginId)),
});

/** Two groups apart from each other, as a page writes a serial number. */
const shown = (page: Page, serial: string): boolean =>
  page.html.includes((serial.match(/.{1,4}/g) ?? []).map((group) => `<span>${group}</span>`).join(''));

const minato = '4237905259';
const yamanami = { ending: '4214630979', next: '4225067184' };

describe('a company’s key-fobs', function () {
  this.timeout(60_000);
  before(async () => {
    demo = await startDemo('embedded');
  });
  after(() => demo.stop());

  it('are for masters and admins, on every address, and are written down for whoever may not', async () => {
    const member = demo.browser();
    expect((await signIn(member, demo.person('sabe89'), path)).screen).to.equal('REF027');
    for (const one of [`${path}/print`, `${path}/result/x`])
      expect((await member.open(at(one))).status, one).to.equal(403);
  });

  it('stand in the menu, each with its state and dates, its users by name, and what is left free', async () => {
    const { browser, page } = await administrator('msakai52', '/company');
    expect(page.screen).to.equal('CON001');
    expect(page.html).to.include(`href="${path}"`);
    const list = await browser.open(at(path));
    expect([list.status, list.screen]).to.deep.equal([200, 'CON110']);
    for (const serial of Object.values(yamanami)) expect(shown(list, serial), serial).to.equal(true);
    expect(list.text())
      .to.include('期限間近')
      .and.include('発送済み')
      .and.include(demo.person('msakai52').name)
      .and.match(/無料 残り\d個/)
      .and.include('1,080円(税込)')
      .and.include(`次のトークン: ${yamanami.next}`);
    const one = await browser.open(at(`${path}?q=４２２５-0671`));
    expect([shown(one, yamanami.next), shown(one, yamanami.ending)]).to.deep.equal([true, false]);
    const none = await browser.open(at(`${path}?state=lost`));
    expect(none.text()).to.include('条件に合うトークンがありません');
  });

  it('are marked as arrived by one press, once, and the records say so', async () => {
    const { browser, page } = await administrator('msakai52');
    const nothing = await browser.submit(page, {});
    expect([nothing.status, nothing.refusal, nothing.text().includes('1個以上選択')]).to.deep.equal([
      422,
      'form',
      true,
    ]);
    const forged = await browser.submit(page, { people: yamanami.next, edit: 'x' });
    expect([forged.status, forged.refusal]).to.deep.equal([409, 'conflict']);
    const foreign = await browser.submit(page, { people: minato });
    expect([foreign.status, foreign.screen]).to.deep.equal([404, 'REF024']);
    const unknown = await browser.submit(page, { people: '9999999999' });
    expect([unknown.status, unknown.screen]).to.deep.equal([404, 'REF024']);
    const both = [yamanami.next, minato];
    const [one, two] = await Promise.all([
      browser.submit(page, { people: both }),
      browser.clone().submit(page, { people: both }),
    ]);
    for (const done of [one, two, await browser.open(one.url)]) {
      expect([done.status, done.screen]).to.deep.equal([200, 'CON110']);
      expect(done.text())
        .to.include('2個中1個の到着を登録しました。')
        .and.include('このシリアル番号のトークンは、貴社にありません。')
        .and.match(/お問い合わせ番号 [0-9A-Z]{4}-[0-9A-Z]{4}/);
    }
    const again = await browser.submit(one, {}, 'tokens');
    expect(again.text(), 'nothing is on its way any more').to.include('到着済み').and.not.include('発送済み');
    const records = await browser.open(at('/company/records'));
    expect(records.text()).to.include('トークンの到着');
  });

  it('tell in one sentence why there are none, and what to do', async () => {
    const { page } = await administrator('okondo31');
    expect([page.status, page.screen]).to.deep.equal([200, 'CON110']);
    expect(page.text()).to.include('お申し込みではありません').and.not.include('利用開始登録がお済みでない');
    expect(page.html).not.to.include('<table');
  });

  it('name who has not registered one, since when and until when', async () => {
    const { browser } = await administrator('msuzuki14');
    const page = await browser.open(at(path));
    const rows = [...page.html.matchAll(/data-account="([^"]+)"/g)];
    expect(rows.length).to.be.greaterThan(1);
    expect(page.text()).to.include('利用開始登録がお済みでない利用者').and.include('登録期限');
  });

  it('are asked for on a form that is filled in: quota and fee by the bank’s rule, a serial number only of one’s own', async () => {
    const { browser } = await administrator('msuzuki14');
    const open = (query: string): Promise<Page> => browser.open(at(`${path}/print${query}`));
    const more = await open('?kind=additional&count=5');
    expect(more.screen).to.equal('PRT003');
    const left = Number(/残り(\d)個/.exec(more.text())?.[1]);
    const fee = (5 - left) * 1_080;
    expect(more.text())
      .to.include(`${fee.toLocaleString('en')}円(税込)`)
      .and.include('追加発行')
      .and.match(/依頼書番号 [0-9A-Z]{4}-[0-9A-Z]{4}/)
      .and.include('ご契約番号');
    const lost = await open(`?kind=lost&serial=${minato}`);
    expect(shown(lost, minato)).to.equal(true);
    expect(lost.text()).to.include('再発行(紛失・盗難)').and.include('1,080円(税込)');
    const fault = await open(`?kind=fault&serial=${minato}`);
    expect(fault.text()).to.include('無料');
    for (const query of [
      `?serial=${yamanami.next}`,
      `?serial=${minato}&serial=${yamanami.next}`,
      '?serial=9999999999',
      '?serial=%3Cb%3E',
    ]) {
      const foreign = await open(query);
      expect([foreign.status, foreign.screen], query).to.deep.equal([404, 'REF024']);
    }
    for (const query of ['?kind=free', '?count=-1', '?count=1e9', '?count=1&count=2', '?kind=lost&kind=fault', ''])
      expect((await open(query)).status, query).to.equal(200);
    const blank = await demo.browser().open(at(`/forms/token-order?serial=${minato}&mark=x`));
    expect([blank.screen, shown(blank, minato)], 'nobody sets a number there').to.deep.equal(['PRT003', false]);
  });

  it('that are revoked as lost lead to the form with their numbers, also for whoever is signed out by it', async () => {
    const { browser } = await administrator('msuzuki14');
    const list = await browser.open(at('/company/people/token-revoke?q=dyamamoto47'));
    const id = /name="people" value="([^"]+)"/.exec(list.html)?.[1] ?? '';
    const check = await browser.submit(list, { people: id, reason: 'lost' });
    const done = await browser.submit(check, await proofs('msuzuki14'));
    expect([done.screen, done.text().includes('1,080円(税込)')]).to.deep.equal(['CON062', true]);
    const href = /href="(\/company\/tokens\/print[^"]+)"/.exec(done.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(shown(await browser.open(at(href)), '4217758513')).to.equal(true);

    const own = demo.browser();
    const person = demo.person('mhayashi38');
    await signIn(own, person, '/self-service/otp');
    const typed = {
      reason: 'lost',
      confirmation_password: person.confirmation_password ?? '',
      otp: await freshCode(person),
    };
    const over = await own.submit(await own.open(at('/self-service/otp/revoke')), typed);
    expect(over.screen).to.equal('SLF031');
    const form = /href="(\/forms\/token-order[^"]+)"/.exec(over.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(shown(await own.open(at(form)), '4298838245')).to.equal(true);
    expect(shown(await demo.browser().open(at(form)), '4298838245'), 'another browser').to.equal(false);
  });

  it('are shared in another way from the next registration on; those of today stay', async () => {
    const settings = '/company/settings';
    const same = { remember_allowed: 'yes', otp_at: 'bank', hours_from: '', hours_to: '' };
    const { browser, page } = await administrator('msuzuki14', settings);
    for (const sharing of [{}, { sharing_mode: 'none' }, { sharing_mode: '' }]) {
      const refused = await browser.submit(page, { ...same, ...sharing });
      expect([refused.status, refused.refusal], JSON.stringify(sharing)).to.deep.equal([422, 'form']);
    }
    const check = await browser.submit(page, { ...same, sharing_mode: 'one_each' });
    expect(check.screen).to.equal('CON121');
    expect(check.text())
      .to.include('現在の登録はそのままです')
      .and.include('2名で共有しています')
      .and.include('ほかの利用者が使っていないトークンを登録します')
      .and.include('* 1人1個');
    const forged = await browser.submit(check, { ...(await proofs('msuzuki14')), sharing_mode: 'some' });
    expect([forged.status, forged.refusal]).to.deep.equal([409, 'conflict']);
    const done = await browser.submit(check, await proofs('msuzuki14'));
    expect([done.screen, done.text().includes('1人1個')]).to.deep.equal(['CON122', true]);
    const sharer = demo.browser();
    const entered = await throughBusinessDirect(demo, sharer, demo.person('atanaka93'));
    expect(entered.screen, 'who shares already goes on').not.to.match(/^TKN/);
    const reference = /お問い合わせ番号 (\S+)/.exec(done.text())?.[1] ?? '';
    const record = await browser.open(at(`/company/records/${reference}`));
    expect(record.text()).to.include('トークンの使い方').and.include('一部で共有').and.include('1人1個');
  });
});

describe('a key-fob that has ended', function () {
  this.timeout(60_000);
  before(async () => {
    demo = await startDemo('embedded');
  });
  after(() => demo.stop());

  it('stays in the company’s list with the day of its end', async () => {
    const { serial } = demo.person('tnaito76').otp ?? {};
    const { status } = await renkei(demo, 'tokens', 'revoke', '--serial', serial ?? '', '--reason', 'lost');
    expect(status).to.equal(0);
    const { browser } = await administrator('msakai52');
    const list = await browser.open(at(`${path}?q=${serial}`));
    const day = new Date((await demo.now()) + 9 * 3_600_000).toISOString().slice(0, 10);
    expect(list.text()).to.match(new RegExp(`(紛失|失効) ${day}`));
  });
});

describe('a bank that narrows how key-fobs are shared', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'renkei-sharing-'));
  after(async () => {
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('offers what it allows alone, and takes nothing else', async () => {
    writeFileSync(join(folder, 'policy.yaml'), 'sharing: [one_for_all, one_each]\n');
    demo = await startDemo('embedded', { env: { RENKEI_CONFIG: folder } });
    const same = { remember_allowed: 'yes', otp_at: 'bank', hours_from: '', hours_to: '' };
    const { browser, page } = await administrator('msuzuki14', '/company/settings');
    expect(page.html).to.include('value="one_for_all"').and.not.include('value="some"');
    const refused = await browser.submit(page, { ...same, sharing_mode: 'some' });
    expect([refused.status, refused.refusal]).to.deep.equal([422, 'form']);
    const check = await browser.submit(page, { ...same, sharing_mode: 'one_for_all' });
    expect(check.screen).to.equal('CON121');
    await demo.stop();
    writeFileSync(join(folder, 'policy.yaml'), 'sharing: [one_each]\n');
    demo = await startDemo('embedded', { env: { RENKEI_CONFIG: folder } });
    const only = await administrator('msuzuki14', '/company/settings');
    expect(only.page.html).not.to.include('name="sharing_mode"');
    expect(only.page.text()).to.include('変更できません').and.include('1人1個');
  });
});
