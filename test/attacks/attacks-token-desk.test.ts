// The token desk against whoever is not its operator, and against an operator's browser that sends what its pages never offered:
// forged tokens and companies, changed and old check pages, used codes, limits beyond the rule, formulas in files.
import { expect } from 'chai';
import pg from 'pg';
import { type Demo, directly, startDemo } from '../support/demo-process.ts';
import { enterDesk, freshDeskCode, operatorOf, operatorsOf, type Role } from '../support/operator.ts';
import { mainForm, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { csrfOf } from './attacks-scene.ts';

let demo: Demo;
const stock = '/helpdesk/tokens';
const at = (path: string): string => `${demo.gateway}${path}`;

async function sql(statement: string, ...values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: demo.databaseUrl ?? '' });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Everything that a move could change. */
const tokens = async (): Promise<string> =>
  JSON.stringify(
    await sql(`select serial, company_id, order_id, fee, shipped_at, arrived_at, successor_to, retired_at, retired_why
      from token where kind = 'hardware' order by serial`),
  );
const companies = async (): Promise<string> =>
  JSON.stringify(
    await sql(`select id, otp_application, otp_applied_at, token_arrived_at, grace_extended_to, grace_extended_at
      from company order by id`),
  );

async function desk(role: Role): Promise<ScriptBrowser> {
  const browser = demo.browser();
  await enterDesk(demo, browser, operatorOf(role));
  return browser;
}

const otp = async (role: Role = 'clerk'): Promise<{ readonly otp: string }> => ({
  otp: await freshDeskCode(demo, operatorOf(role)),
});

async function inStock(browser: ScriptBrowser): Promise<readonly string[]> {
  const { html } = await browser.open(at(`${stock}?state=in-stock`));
  return [...html.matchAll(/name="people" value="([^"]+)"/g)].map(([, serial = '']) => serial);
}

/** The check page of an assignment of one token. */
async function checked(browser: ScriptBrowser, serial: string): Promise<Page> {
  const order = await browser.submit(await browser.open(at(`${stock}?state=in-stock`)), { people: [serial] }, 'assign');
  return browser.submit(order, { contract_number: '1186204438', reason: 'loss' });
}

/** Posts a page's form with fields of one's own in it. */
async function forged(browser: ScriptBrowser, page: Page, change: (form: URLSearchParams) => void): Promise<Page> {
  const form = new URLSearchParams(mainForm(page.html).hidden);
  change(form);
  return browser.post(page.url, form.toString());
}

describe('attacks on the token desk', function () {
  this.timeout(120_000);
  before(async () => {
    demo = await startDemo('real');
  });
  after(() => demo.stop());

  it('nobody but an operator reaches it: not with a customer’s session, not without one, and no act of theirs is done', async () => {
    const customer = demo.browser();
    await directly(demo, customer, demo.person('ksato82'));
    const before = await tokens();
    for (const browser of [customer, demo.browser()]) {
      const page = await browser.open(at(stock));
      expect(page.screen).to.equal('HDK003');
      expect(page.html).not.to.include('4230175846');
      const body = new URLSearchParams({ csrf: csrfOf(page.html), people: '4230175846', action: 'lose' }).toString();
      for (const path of [stock, `${stock}/due`, `${stock}/check/x`, '/helpdesk/companies/x/otp'])
        expect((await browser.post(at(path), body)).screen, path).to.equal('HDK003');
      for (const path of [`${stock}?action=csv`, `${stock}/due?action=csv`, `${stock}/4230175846`])
        expect((await browser.open(at(path))).screen, path).to.equal('HDK003');
    }
    const operator = await desk('clerk');
    expect((await operator.open(at('/company'))).screen, 'and an operator is no customer').to.match(/^LGN/);
    expect(await tokens()).to.equal(before);
  });

  it('no form acts without its token, or from another site', async () => {
    const browser = await desk('clerk');
    const [serial = ''] = await inStock(browser);
    const page = await checked(browser, serial);
    const before = await tokens();
    const code = await otp();
    const without = await forged(browser, page, (form) => {
      form.set('csrf', 'x');
      form.set('otp', code.otp);
    });
    expect([without.status, without.refusal]).to.deep.equal([403, 'csrf']);
    const body = new URLSearchParams({ ...Object.fromEntries(mainForm(page.html).hidden), ...code }).toString();
    const cross = await browser.post(page.url, body, {
      'sec-fetch-site': 'cross-site',
      'origin': 'https://evil.example',
    });
    expect(cross.status).to.equal(403);
    expect(await tokens()).to.equal(before);
  });

  it('a check page acts on what it showed: no other tokens, company or fee, and not when it was changed', async () => {
    const browser = await desk('clerk');
    const [serial = '', other = ''] = await inStock(browser);
    const page = await checked(browser, serial);
    const before = await tokens();
    const code = await otp();
    const changes: Readonly<Record<string, (form: URLSearchParams) => void>> = {
      'another token': (form) => form.set('people', other),
      'another company': (form) => form.set('contract_number', '1014820157'),
      'a form number': (form) => form.set('form_number', 'K-999'),
      'a reason': (form) => form.set('reason', 'fault'),
      'another value': (form) => form.set('edit', `${form.get('edit') ?? ''}x`),
      'a shorter value': (form) => form.set('edit', (form.get('edit') ?? '').slice(5)),
      'an empty value': (form) => form.set('edit', ''),
    };
    for (const [what, change] of Object.entries(changes)) {
      const answer = await forged(browser, page, (form) => {
        change(form);
        form.set('otp', code.otp);
      });
      expect([answer.status, answer.refusal], what).to.deep.equal([409, 'conflict']);
    }
    expect(await tokens()).to.equal(before);
    const colleague = demo.browser();
    const [first] = operatorsOf('supervisor');
    if (!first) throw new Error('no supervisor');
    await enterDesk(demo, colleague, first);
    expect((await colleague.open(page.url)).screen, 'a choice is its own session’s').to.equal('HDK040');
    const theirs = await forged(colleague, page, (form) => form.set('csrf', 'x'));
    expect(theirs.status).to.equal(403);
    // A value of another choice, under the same session.
    const next = await checked(browser, other);
    const swapped = await forged(browser, next, (form) => {
      form.set('edit', new URLSearchParams(mainForm(page.html).hidden).get('edit') ?? '');
      form.set('otp', code.otp);
    });
    expect(swapped.status).to.equal(409);
    expect(await tokens()).to.equal(before);
  });

  it('does nothing from an old page, when somebody else was first', async () => {
    const browser = await desk('clerk');
    const [serial = ''] = await inStock(browser);
    const old = await checked(browser, serial);
    const chief = await desk('supervisor');
    const done = await chief.submit(await checked(chief, serial), await otp('supervisor'));
    expect(done.screen).to.equal('HDK046');
    const before = await tokens();
    const late = await browser.submit(old, await otp());
    expect([late.status, late.refusal]).to.deep.equal([409, 'conflict']);
    expect(late.text().replace(/\s/g, '')).to.include('ほかの担当者が先に変更した');
    expect(await tokens()).to.equal(before);
  });

  it('takes no code twice, none of the sign-in, and none of anybody else', async () => {
    const browser = demo.browser();
    const clerk = operatorOf('clerk');
    const signedIn = await browser.open(at(stock));
    const codePage = await browser.submit(signedIn, { login_id: clerk.login_id, password: clerk.password });
    const used = (await otp()).otp;
    await browser.submit(codePage, { otp: used });
    const [serial = ''] = await inStock(browser);
    const page = await checked(browser, serial);
    const before = await tokens();
    const again = await browser.submit(page, { otp: used });
    expect([again.status, again.refusal]).to.deep.equal([422, 'otp-used']);
    const others = await browser.submit(page, await otp('supervisor'));
    expect(others.status).to.equal(422);
    expect(await tokens()).to.equal(before);
    const fresh = await otp();
    expect((await browser.submit(page, fresh)).screen).to.equal('HDK046');
    const [next = ''] = await inStock(browser);
    const second = await checked(browser, next);
    const replayed = await browser.submit(second, fresh);
    expect(replayed.refusal).to.equal('otp-used');
    expect((await inStock(browser)).includes(next)).to.equal(true);
  });

  it('sets no limit for a clerk, none twice, none beyond the rule, and none on an unknown company', async () => {
    const [clerk, chief] = [await desk('clerk'), await desk('supervisor')];
    const [row] = await sql(`select id from company where contract_number = '1186204438'`);
    const path = `/helpdesk/companies/${String(row?.['id'])}/otp`;
    const day = (days: number): Promise<string> =>
      demo.now().then((now) => new Date(now + days * 86_400_000 + 32_400_000).toISOString().slice(0, 10));
    const fields = { otp_application: 'hardware', reason: '配送の遅れ' };
    const before = await companies();
    const page = await clerk.open(at(path));
    const byClerk = await clerk.submit(page, { ...fields, grace_until: await day(30), ...(await otp()) });
    expect([byClerk.status, byClerk.screen]).to.deep.equal([403, 'REF027']);
    const open = await chief.open(at(path));
    for (const limit of [await day(46), await day(-1), '9999-12-31', '2026-13-01', 'x']) {
      const refused = await chief.submit(open, { ...fields, grace_until: limit, otp: '000000' });
      expect([refused.status, refused.refusal], limit).to.deep.equal([422, 'form']);
    }
    for (const id of ['x', 'x'.repeat(200), '..%2f..']) {
      const unknown = await chief.open(at(`/helpdesk/companies/${id}/otp`));
      expect(unknown.status, id).to.equal(404);
    }
    expect(await companies()).to.equal(before);
    const set = await chief.submit(open, { ...fields, grace_until: await day(30), ...(await otp('supervisor')) });
    expect(set.status).to.equal(200);
    const after = await companies();
    expect(after).not.to.equal(before);
    // The page that offered it, once more; and a page of now with the field added.
    const old = await forged(chief, open, (form) => {
      form.set('otp_application', 'both');
      form.set('grace_until', '2026-12-31');
      form.set('reason', 'x');
      form.set('otp', '000000');
    });
    expect(old.url, 'the same page sent again shows what it did').to.include('done=');
    const now = await chief.open(at(path));
    const twice = await chief.submit(now, { ...fields, grace_until: await day(40), ...(await otp('supervisor')) });
    expect([twice.status, twice.refusal]).to.deep.equal([422, 'form']);
    expect(await companies()).to.equal(after);
  });

  it('writes no formula into a file, whoever chose the name', async () => {
    const browser = await desk('clerk');
    await sql(
      `update company set name = '=HYPERLINK("https://evil.example","x")' where contract_number = '1014820157'`,
    );
    for (const path of [`${stock}?action=csv`, `${stock}/due?about=limit&action=csv&from=2020-01-01&to=2030-01-01`]) {
      const { html } = await browser.open(at(path));
      expect(html, path).to.include('HYPERLINK');
      expect(html, path).not.to.match(/(^|,|")=HYPERLINK/m);
      expect(html, path).to.include("'=HYPERLINK");
    }
  });

  it('answers odd input like any other: control signs, long lists, brackets, nothing', async () => {
    const browser = await desk('clerk');
    const page = await browser.open(at(stock));
    const csrf = csrfOf(page.html);
    const before = await tokens();
    const post = (path: string, body: string): Promise<Page> => browser.post(at(path), `csrf=${csrf}&${body}`);
    for (const body of [
      'people=%00&action=assign',
      'people=%EF%BC%A0&action=lose',
      'action=lose',
      'people=x&action=drop',
    ])
      expect((await post(stock, body)).status, body).to.be.oneOf([200, 404, 422]);
    const many = Array.from({ length: 101 }, (_one, n) => `people=T${n}`).join('&');
    expect((await post(stock, `${many}&action=ship`)).status).to.equal(422);
    expect((await post(stock, 'people%5B%5D=x&action=ship')).status).to.equal(400);
    for (const query of [
      'q=%00',
      'q=%25',
      'after=%00',
      'before=%F0%9F%98%80',
      'contract_number=%00',
      'page=1e9',
      'state=x',
    ])
      expect((await browser.open(at(`${stock}?${query}`))).status, query).to.equal(200);
    for (const query of ['from=%00', 'from=0000-00-00', 'to=99999-01-01', 'page=100000', 'contract_number=x'])
      expect((await browser.open(at(`${stock}/due?${query}`))).status, query).to.equal(200);
    expect((await browser.open(at('/helpdesk/companies?q=%25_%5C&page=99'))).status).to.equal(200);
    expect(await tokens()).to.equal(before);
  });
});
