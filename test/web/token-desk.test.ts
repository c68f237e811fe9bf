// The token desk over real HTTP on a running demo (HDK011, HDK040, HDK044–HDK048): from the stock to a company's hands, what
// each page says in both languages, what is told and to whom, and that nothing is done twice or unseen.
import { expect } from 'chai';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { enterDesk, freshDeskCode, operatorOf, type Role } from '../support/operator.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';

let demo: Demo;
const at = (path: string): string => `${demo.gateway}${path}`;
const stock = '/helpdesk/tokens';

const words = (page: Page): string => page.text().replace(/\s/g, '');
const rowOf = ({ html }: Page, text: string): string =>
  [...html.matchAll(/<tr [\s\S]*?<\/tr>/g)].map(([row]) => row).find((row) => row.includes(text)) ?? '';
const plain = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, '');

const browsers = new Map<Role, ScriptBrowser>();

async function desk(role: Role): Promise<ScriptBrowser> {
  const known = browsers.get(role);
  if (known && (await known.open(at('/helpdesk'))).screen === 'HDK001') return known;
  const browser = demo.browser(true);
  await enterDesk(demo, browser, operatorOf(role));
  browsers.set(role, browser);
  return browser;
}

const otp = async (role: Role): Promise<{ readonly otp: string }> => ({
  otp: await freshDeskCode(demo, operatorOf(role)),
});

/** Serial numbers that the stock lists under a filter. */
async function serials(browser: ScriptBrowser, query: string): Promise<readonly string[]> {
  const { html } = await browser.open(at(`${stock}?${query}`));
  return [...html.matchAll(/name="people" value="([^"]+)"/g)].map(([, serial = '']) => serial);
}

async function companyId(browser: ScriptBrowser, contractNumber: string): Promise<string> {
  const { html } = await browser.open(at(`/helpdesk/companies?q=${contractNumber}`));
  return /\/helpdesk\/companies\/([^/"]+)\/otp/.exec(html)?.[1] ?? '';
}

async function choose(browser: ScriptBrowser, query: string, people: readonly string[], act: string): Promise<Page> {
  return browser.submit(await browser.open(at(`${stock}?${query}`)), { people }, act);
}

describe('the token desk', function () {
  this.timeout(90_000);
  before(async () => {
    demo = await startDemo('real', { gateways: 2 });
  });
  after(() => demo.stop());

  it('lists the stock by state, with filters in the address, and finds a serial number by how it begins', async () => {
    const browser = await desk('clerk');
    const all = await browser.open(at(stock));
    expect([all.status, all.screen]).to.deep.equal([200, 'HDK040']);
    for (const word of ['在庫', '手配中', '発送済み', '到着済み', '登録済み', '期限間近'])
      expect(words(all)).to.include(word);
    const [first = ''] = await serials(browser, 'state=in-stock');
    const found = await browser.open(at(`${stock}?q=${first.slice(0, 3)}%20-${first.slice(3)}`));
    expect(found.html).to.include(`href="/helpdesk/tokens/${first}"`);
    expect(rowOf(found, first)).to.include('在庫');
    const none = await browser.open(at(`${stock}?q=ZZZ`));
    expect(words(none)).to.include('条件に合うトークンがありません。条件を変えるか、「条件を解除」を押してください。');
  });

  it('goes from page to page by serial number, forth and back', async () => {
    const browser = await desk('clerk');
    const first = await browser.open(at(`${stock}?per=20`));
    const next = /href="([^"]*after=[^"]*)"/.exec(first.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = await browser.open(at(next));
    const shown = (page: Page): readonly string[] =>
      [...page.html.matchAll(/name="people" value="([^"]+)"/g)].map(([, serial = '']) => serial);
    expect(shown(first)).to.have.length(20);
    expect(shown(second)[0]).to.satisfy((serial: string) => serial > (shown(first).at(-1) ?? ''));
    const back = /href="([^"]*before=[^"]*)"/.exec(second.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(shown(await browser.open(at(back)))).to.deep.equal(shown(first));
  });

  it('says of a token what it is, and never its secret', async () => {
    const browser = await desk('clerk');
    const [serial = ''] = await serials(browser, 'state=in-stock');
    const page = await browser.open(at(`${stock}/${serial.toLowerCase()}`));
    expect([page.status, page.screen]).to.deep.equal([200, 'HDK044']);
    expect(words(page)).to.include('在庫').and.include('取込').and.include('まだ使われていません');
    expect(page.html).not.to.match(/v1\.|sealed/);
    const used = (await serials(browser, 'state=registered'))[0] ?? '';
    const held = await browser.open(at(`${stock}/${used}`));
    expect(held.html).to.match(/data-account="/);
    for (const nothing of ['NOPE', `${serial}9`, '%00', 'a'.repeat(300)]) {
      const unknown = await browser.open(at(`${stock}/${nothing}`));
      expect([unknown.status, unknown.screen], nothing).to.deep.equal([404, 'REF024']);
    }
  });

  it('gives tokens to a company: for whom and why first, then the fee, then a fresh code, and acts once', async () => {
    const browser = await desk('clerk');
    const two = (await serials(browser, 'state=in-stock')).slice(0, 2);
    const order = await choose(browser, 'state=in-stock', two, 'assign');
    expect(order.screen).to.equal('HDK045');
    const wrong = await browser.submit(order, { contract_number: '9999999999' });
    expect([wrong.status, wrong.refusal]).to.deep.equal([422, 'form']);
    expect(words(wrong))
      .to.include('このご契約番号のご契約先はありません。')
      .and.include('割当の理由を選択してください。');
    expect(wrong.html).to.include('value="9999999999"');
    const suspended = await browser.submit(wrong, { contract_number: '3140582279', reason: 'loss' });
    expect(words(suspended)).to.include('利用停止中のため、割り当てられません。');
    const software = await browser.submit(suspended, { contract_number: '1598203746', reason: 'loss' });
    expect(words(software)).to.include('キーホルダー形式のお申込がないため');
    const late = await browser.submit(software, { contract_number: '3027715590', reason: 'loss' });
    expect(words(late)).to.match(/登録期限\([0-9]+年[0-9]+月[0-9]+日\([日月火水木金土]\)\)は過ぎています。/);
    const asked = await choose(browser, 'state=in-stock', two, 'assign');
    const check = await browser.submit(asked, {
      contract_number: '1629-047385',
      reason: 'application',
      form_number: 'K-1',
    });
    expect([check.status, check.screen]).to.deep.equal([200, 'HDK045']);
    expect(words(check)).to.include('2個を割り当てる').and.include('K-1').and.include('手数料');
    expect(words(check)).to.match(/登録期限[0-9]+年/);
    const short = await browser.submit(check, { otp: '12' });
    expect([short.status, short.refusal]).to.deep.equal([422, 'form']);
    const result = await browser.submit(short, await otp('clerk'));
    expect(result.screen).to.equal('HDK046');
    expect(words(result))
      .to.include('2個中2個の手続きが完了しました。')
      .and.match(/お問い合わせ番号[0-9A-Z]{4}-[0-9A-Z]{4}/);
    // Pressed twice: the same result, no second order, and the code is not looked at.
    const again = await browser.submit(short, { otp: '000000' });
    expect([again.screen, again.url]).to.deep.equal(['HDK046', result.url]);
    const life = await browser.open(at(`${stock}/${two[0] ?? ''}`));
    expect(words(life)).to.include('手配中').and.include('お申込').and.include('K-1');
    const reload = await browser.open(result.url);
    expect(words(reload)).to.include('2個中2個').and.include('結果票を印刷');
    const slip = await browser.open(`${result.url}/print`);
    expect([slip.status, slip.screen]).to.deep.equal([200, 'PRT006']);
    const reference = /お問い合わせ番号([0-9A-Z]{4}-[0-9A-Z]{4})/.exec(words(reload))?.[1] ?? '-';
    for (const said of ['トークンの割当結果', operatorOf('clerk').login_id, '2個中2個', two[0] ?? '-', reference])
      expect(words(slip)).to.include(said);
  });

  it('ships them, tells who is to register, and marks them as arrived: the limit follows', async () => {
    const browser = await desk('clerk');
    const query = 'state=ordered&contract_number=1629047385';
    const two = await serials(browser, query);
    const person = demo.people.find((one) => one.contract_number === '1629047385');
    const shipping = await choose(browser, query, two, 'ship');
    expect(words(shipping)).to.include('メールでお知らせします');
    const shipped = await browser.submit(shipping, await otp('clerk'));
    expect(words(shipped)).to.include(`${two.length}個中${two.length}個`);
    const mails = await waitFor(
      () => demo.mails(person?.email ?? ''),
      (all) => all.some(({ subject }) => subject.includes('登録期限')),
    );
    expect(mails.filter(({ subject }) => subject.includes('登録期限'))).to.have.length(1);
    const arriving = await choose(browser, 'state=shipped&contract_number=1629047385', two, 'arrive');
    expect(words(arriving)).to.include('到着により、登録期限は');
    const arrived = await browser.submit(arriving, await otp('clerk'));
    expect(words(arrived)).to.include('登録期限は').and.include('到着済み');
    const page = await browser.open(at(`/helpdesk/companies/${await companyId(browser, '1629047385')}/otp`));
    expect(words(page)).to.match(/到着日\(.*\)から14日後です。/);
  });

  it('orders successors for tokens that expire, as pairs, and refuses the others in words', async () => {
    const browser = await desk('clerk');
    const [inStock = ''] = await serials(browser, 'state=in-stock');
    const refused = await choose(browser, '', [inStock], 'exchange');
    expect([refused.status, refused.screen]).to.deep.equal([422, 'HDK040']);
    expect(words(refused)).to.include('利用中の方がいません。');
    const [expiring = ''] = await serials(browser, 'state=expiring');
    const page = await browser.open(at(`${stock}/${expiring}`));
    const followed = words(page).includes('交換先');
    const chosen = await browser.submit(
      await browser.open(at(`${stock}?q=${expiring}`)),
      { people: [expiring] },
      'exchange',
    );
    if (followed) expect(words(chosen)).to.include('交換するトークンを手配済みです。');
    else expect(words(chosen)).to.include('交換先');
  });

  it('takes a lost token from all who share it: whom it hits stands there first, a reason is needed', async () => {
    const browser = await desk('clerk');
    const shared = [...demo.people]
      .map(({ otp: token }) => token?.serial)
      .find((serial, n, all) => serial !== undefined && all.indexOf(serial) !== n);
    const serial = shared ?? '';
    const page = await browser.open(at(`${stock}/${serial}`));
    expect(page.screen).to.equal('HDK044');
    const check = await browser.submit(page, {}, 'lose');
    expect(check.screen).to.equal('HDK045');
    const holders = demo.people.filter(({ otp: token }) => token?.serial === serial);
    for (const { name } of holders) expect(check.text()).to.include(name);
    expect(words(check)).to.include('元に戻せません');
    const unreasoned = await browser.submit(check, await otp('clerk'));
    expect([unreasoned.status, unreasoned.refusal]).to.deep.equal([422, 'form']);
    expect(words(unreasoned)).to.include('理由を入力してください。');
    const done = await browser.submit(unreasoned, { reason: '机の引き出しごと紛失', ...(await otp('clerk')) });
    expect(words(done)).to.include('1個中1個').and.include(`${holders.length}名のトークンを失効しました。`);
    expect(rowOf(done, serial)).to.include('紛失');
    expect(words(await browser.open(at(`${stock}/${serial}`))))
      .to.include('紛失')
      .and.include('これまでの利用者');
  });

  it('tells what is due by month and company, sends notices once a day, and counts who was told', async () => {
    const browser = await desk('clerk');
    const page = await browser.open(at(`${stock}/due?about=limit`));
    expect([page.status, page.screen]).to.deep.equal([200, 'HDK047']);
    const boxes = [...page.html.matchAll(/name="people" value="([^"]+)"/g)].map(([, id = '']) => id);
    const nobody = await browser.submit(page, await otp('clerk'));
    expect(words(nobody)).to.include('対象のご契約先を1件以上選択してください。');
    const sent = await browser.submit(page, { people: boxes, ...(await otp('clerk')) });
    expect([sent.status, sent.screen]).to.deep.equal([200, 'HDK047']);
    const n = Number(/お知らせを(\d+)通送信しました。/.exec(words(sent))?.[1]);
    expect(n).to.be.above(0);
    expect(words(sent)).to.match(/お問い合わせ番号[0-9A-Z]{4}-[0-9A-Z]{4}/);
    const twice = await browser.open(at(`${stock}/due?about=limit`));
    const again = await browser.submit(twice, { people: boxes, ...(await otp('clerk')) });
    expect(words(again)).to.include('本日のお知らせはすでに送信済みです。');
    for (const about of ['expiry', 'arrival', 'nonsense'])
      expect((await browser.open(at(`${stock}/due?about=${about}&to=2031-01-01`))).screen).to.equal('HDK047');
    const file = await browser.open(at(`${stock}/due?about=limit&action=csv`));
    expect(file.headers.get('content-type')).to.include('text/csv');
    expect(file.html.split('\r\n').length).to.be.above(boxes.length);
  });

  it('changes an application, and lets a supervisor alone set its limit, once, with a reason', async () => {
    const [person, chief] = [await desk('clerk'), await desk('supervisor')];
    const path = `/helpdesk/companies/${await companyId(person, '1186204438')}/otp`;
    const page = await person.open(at(path));
    expect([page.status, page.screen]).to.deep.equal([200, 'HDK048']);
    expect(page.html).not.to.include('name="grace_until"');
    const same = await person.submit(page, { otp_application: 'hardware', ...(await otp('clerk')) });
    expect(words(same)).to.include('変更する内容がありません。');
    const both = await person.submit(page, { otp_application: 'both', ...(await otp('clerk')) });
    expect(words(both)).to.include('お申込と登録期限を変更しました。').and.include('両方');
    const open = await chief.open(at(path));
    const day = new Date((await demo.now()) + 40 * 86_400_000 + 32_400_000).toISOString().slice(0, 10);
    const unreasoned = await chief.submit(open, {
      otp_application: 'both',
      grace_until: day,
      ...(await otp('supervisor')),
    });
    expect(words(unreasoned)).to.include('理由を入力してください。');
    const far = await chief.submit(open, {
      otp_application: 'both',
      grace_until: '2099-01-01',
      reason: 'x',
      otp: '000000',
    });
    expect([far.status, far.refusal]).to.deep.equal([422, 'form']);
    const early = await chief.submit(open, {
      otp_application: 'both',
      grace_until: '2020-01-01',
      reason: 'x',
      otp: '000000',
    });
    expect(words(early)).to.include('現在の期限より後の日付');
    const odd = await chief.submit(open, {
      otp_application: 'both',
      grace_until: '2026-02-31',
      reason: 'x',
      otp: '000000',
    });
    expect(words(odd)).to.include('「2026-11-22」の形で');
    const fields = { otp_application: 'both', grace_until: day, reason: '配送の遅れ' };
    const set = await chief.submit(open, { ...fields, ...(await otp('supervisor')) });
    const [y, m, d] = day.split('-').map(Number);
    expect(words(set))
      .to.include('お申込と登録期限を変更しました。')
      .and.include('責任者が')
      .and.include(`${y}年${m}月${d}日`);
    const next = await chief.open(at(path));
    expect(words(next)).to.include('すでに一度変更しています');
    expect(next.html).not.to.include('name="grace_until"');
  });

  it('names nobody as unregistered where the company has not applied, or nothing of theirs needs a code', async () => {
    const browser = await desk('clerk');
    const none = await browser.open(at(`/helpdesk/companies/${await companyId(browser, '2219046683')}/otp`));
    expect(words(none)).to.include('お申込がないため、登録は必要ありません。').and.not.to.include('近藤修');
    const some = await browser.open(at(`/helpdesk/companies/${await companyId(browser, '1629047385')}/otp`));
    expect(words(some)).to.include('桜井直美').and.include('西村綾');
    expect(rowOf(some, '桜井')).to.include(' data-state="available"');
  });

  it('tells beforehand that key-fobs given up and applied for again keep their limit', async () => {
    const browser = await desk('clerk');
    const path = `/helpdesk/companies/${await companyId(browser, '1840572963')}/otp`;
    const limit = /登録期限([0-9]+年[0-9]+月[0-9]+日)/.exec(words(await browser.open(at(path))))?.[1];
    expect(limit).to.be.a('string');
    const change = async (to: string): Promise<Page> =>
      browser.submit(await browser.open(at(path)), { otp_application: to, ...(await otp('clerk')) });
    const without = await change('none');
    expect(words(without)).to.include('前のお申込の続きになります').and.include(`前のお申込のまま(${limit}`);
    expect(words(await change('both'))).to.include(`登録期限${limit}`);
  });

  it('writes the filtered list as a file', async () => {
    const browser = await desk('clerk');
    const file = await browser.open(at(`${stock}?state=registered&action=csv`));
    expect(file.headers.get('content-type')).to.include('text/csv');
    const lines = file.html.replace('\uFEFF', '').trim().split('\r\n');
    expect(lines[0]).to.equal('シリアル番号,状態,ご契約先,ご契約番号,利用者,有効期限,最新の日付,交換先');
    expect(lines.slice(1).every((line) => line.includes('登録済み'))).to.equal(true);
  });

  it('speaks English too', async () => {
    const browser = await desk('clerk');
    const page = await browser.open(at(stock));
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    await browser.post(at('/language'), new URLSearchParams({ csrf, language: 'en', back: stock }).toString());
    for (const [path, title] of [
      [stock, 'Token stock'],
      [`${stock}/due`, 'Due list'],
      ['/helpdesk/companies', 'Companies'],
    ] as const) {
      const english = await browser.open(at(path));
      expect(english.html).to.include(`<h1>${title}</h1>`);
      expect(plain(/<main[\s\S]*<\/main>/.exec(english.html)?.[0] ?? ''), path).not.to.match(/undefined|\{[a-z]+\}/);
    }
    await browser.post(at('/language'), new URLSearchParams({ csrf, language: 'ja', back: stock }).toString());
  });

  it('shows an auditor everything, and lets none of it be changed', async () => {
    const browser = await desk('auditor');
    for (const path of [stock, `${stock}/due`, '/helpdesk/companies']) {
      const page = await browser.open(at(path));
      expect(page.status, path).to.equal(200);
      expect(/<main[\s\S]*<\/main>/.exec(page.html)?.[0], path).not.to.match(/<form[^>]*method="post"/);
    }
    const id = await companyId(browser, '1014820157');
    const page = await browser.open(at(`/helpdesk/companies/${id}/otp`));
    expect(page.screen).to.equal('HDK048');
    expect(page.html).not.to.include('name="otp_application"');
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    for (const path of [stock, `${stock}/due`, `/helpdesk/companies/${id}/otp`, `${stock}/check/x`]) {
      const refused = await browser.post(
        at(path),
        new URLSearchParams({ csrf, people: 'x', action: 'assign' }).toString(),
      );
      expect([refused.status, refused.screen], path).to.deep.equal([403, 'REF027']);
    }
  });
});

async function waitFor<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  for (let round = 0; ; round += 1) {
    const seen = await look();
    if (holds(seen) || round > 100) return seen;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}
