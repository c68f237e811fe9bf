// The consoles against one's neighbour: every route of both, as their routers know them, with every kind of id of another
// company. Such an id shows nothing, changes nothing, and is answered as one that nobody has. And who may not act, acts on no
// route: without the form's token, from another site, without the right, or from the moment on at which it was lost.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { mainForm, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import {
  allActions,
  allFields,
  allRoutes,
  type ConsoleScene,
  digestOf,
  faceOf,
  type Holdings,
  holdingsOf,
  pathsWith,
  pathWith,
  plausible,
  type Route,
  startConsoleScene,
  titleOf,
  unknownLike,
} from './attacks-console-scene.ts';
import { csrfOf } from './attacks-scene.ts';

const mainOf = ({ html }: Page): string => /<main\b[\s\S]*<\/main>/.exec(html)?.[0] ?? '';

const routes = allRoutes();
const fields = allFields();
const actions = allActions();

describe('the consoles and what belongs to others', function () {
  this.timeout(600_000);
  let scene: ConsoleScene;
  let neighbour: Holdings;
  let admin: DemoPerson;
  let browser: ScriptBrowser;
  let csrf: string;
  /** What stands beside the neighbour's ids where an address has several. */
  let own: Readonly<Record<string, string>>;

  before(async () => {
    scene = await startConsoleScene();
    const { demo, sql } = scene;
    // The neighbour's people: linked, remembered, signed in, in the middle of a procedure; and accounts at the bank.
    const companies = await sql('select id from company');
    for (const [place, { id }] of companies.entries()) {
      await sql(
        `insert into bank_account (id, company_id, branch_code, branch_name, kind, number, memo)
         values ($1, $2, '101', '本店', '普通', $3, '隣の会社の口座') on conflict do nothing`,
        [`bank-account-${place}-7f3a`, id, `77${place}1234`],
      );
    }
    for (const loginId of ['yishikawa92', 'tikeda16']) {
      const person = demo.person(loginId);
      const their = scene.browser();
      let page = await their.submit(await their.open(`${demo.portal}/`), {}, 'login');
      if (page.screen === 'LGN001') page = await their.submit(page, {}, 'federated');
      const { id = '', password = '' } = person.business_direct ?? {};
      if (page.screen === 'BDD001')
        page = await their.submit(page, { business_direct_id: id, business_direct_password: password });
      page = await their.submit(page, { login_id: person.login_id, password: person.password });
      await demo.forward(120);
      page = await their.submit(page, { otp: await demo.code(person), remember: 'on' });
      expect(page.screen).to.equal('PTL002');
      if (loginId === 'tikeda16') {
        page = await their.open(`${demo.gateway}/company/people/new`);
        if (page.screen === 'CON020')
          await their.submit(page, { person_name: '隣の下書き', email: 'draft@kitahama.example.co.jp', admin: 'none' });
      }
    }
    neighbour = await holdingsOf(scene, demo.person('tikeda16').contract_number);
    // No one-time passwords there: the confirmation password alone proves every act, and each one is tried with it.
    admin = demo.person('okondo31');
    browser = scene.browser();
    csrf = csrfOf((await scene.enter(browser, admin, '/company')).html);
    const colleague = await scene.accountId(demo.person('hsakamoto24'));
    const first = await browser.open(`${demo.gateway}/company/people/${colleague}/edit`);
    expect(first.screen).to.equal('CON030');
    const next = await browser.submit(first, {
      person_name: '坂本 光',
      email: '',
      admin: 'none',
      change_password: 'keep',
      change_confirmation_password: 'keep',
    });
    const draft = /\/edit\/([^/]+)/.exec(next.url)?.[1] ?? '';
    expect(draft, next.text().slice(0, 300)).not.to.equal('');
    own = { id: colleague, people: colleague, draft, key: draft, selection: draft, ref: draft };
  });
  after(() => scene?.close());

  const at = (path: string): string => `${scene.demo.gateway}${path}`;
  const enter = async (person: DemoPerson = admin, one: ScriptBrowser = browser): Promise<string> => {
    const page = await scene.enter(one, person, '/');
    expect(page.screen, page.text().slice(0, 300)).to.equal('TOP001');
    return csrfOf(page.html);
  };
  /** Asks as the admin of the one company; a sign-in that an act of this very test has ended is made again. */
  async function ask(route: Route, path: string, body: URLSearchParams): Promise<Page> {
    const go = (): Promise<Page> => {
      if (route.method === 'GET') return browser.open(at(path));
      body.set('csrf', csrf);
      return browser.post(at(path), body.toString());
    };
    const page = await go();
    if (page.screen !== 'LGN001' && page.screen !== 'OUT003') return page;
    csrf = await enter();
    return go();
  }

  /** What was shown that is not the sender's to know; what was sent may stand there again. */
  function leaks(page: Page, sent: readonly string[]): readonly string[] {
    const ours = new Set(sent.flatMap((id) => [id, id.toLowerCase()]));
    return neighbour.told.filter(
      (text) => !ours.has(text) && ![...ours].some((id) => id.includes(text)) && page.html.includes(text),
    );
  }

  /**
   * The neighbour's id between two that nobody has: it must be answered as one of them. What the first answer may change of
   * the sender's own is changed by then.
   */
  async function sandwich(
    route: Route,
    kind: string,
    id: string,
    form: (id: string) => URLSearchParams,
  ): Promise<void> {
    const query = (one: string): string =>
      new URLSearchParams(fields.map((name): [string, string] => [name, plausible[name] ?? one])).toString();
    const strangers = [unknownLike(id), unknownLike(id)] as const;
    for (const place of pathsWith(route, id, own).keys()) {
      for (const which of route.method === 'GET' ? ['', '?'] : ['']) {
        if (which === '' && route.method === 'GET' && route.params.length === 0) continue;
        const answer = async (one: string): Promise<Page> => {
          const path = pathsWith(route, one, own)[place] ?? '';
          return ask(route, which === '' ? path : `${path}?${query(one)}`, form(one));
        };
        const [before, theirs, afterwards] = [await answer(strangers[0]), await answer(id), await answer(strangers[1])];
        const told = `${route.method} ${pathsWith(route, id, own)[place]}${which}, the ${kind}`;
        expect(leaks(theirs, [id]), told).to.deep.equal([]);
        const face = faceOf(theirs, [id]);
        const faces = [faceOf(before, [strangers[0]]), faceOf(afterwards, [strangers[1]])];
        if (!faces.includes(face)) expect(face, told).to.equal(faces[1]);
      }
    }
  }

  it('reads the routes from the routers, and finds those that are known', () => {
    const known = routes.map(titleOf);
    expect(known).to.include.members([
      'GET /company/people/:id',
      'POST /company/people/unlink/:people',
      'GET /self-service',
    ]);
    expect(known.length).to.be.greaterThan(30);
    expect(fields).to.include.members(['people', 'device']);
    for (const [kind, id] of Object.entries(neighbour.ids)) expect(id, kind).not.to.equal('');
  });

  for (const route of routes.filter(({ method }) => method === 'GET')) {
    it(`${titleOf(route)}: an id of another company, of any kind, is an id of nobody`, async () => {
      const before = await digestOf(scene, neighbour);
      for (const [kind, id] of Object.entries(neighbour.ids))
        await sandwich(route, kind, id, () => new URLSearchParams());
      expect(await digestOf(scene, neighbour)).to.deep.equal(before);
    });
  }

  for (const route of routes.filter(({ method }) => method === 'POST')) {
    it(`${titleOf(route)}: an id of another company, of any kind and in any field, moves nothing there`, async () => {
      const before = await digestOf(scene, neighbour);
      const form = (id: string, action: string): URLSearchParams => {
        const body = new URLSearchParams(fields.map((name): [string, string] => [name, plausible[name] ?? id]));
        if (action !== '') body.set('action', action);
        body.set('confirmation_password', admin.confirmation_password ?? '');
        return body;
      };
      for (const [kind, id] of Object.entries(neighbour.ids)) await sandwich(route, kind, id, (one) => form(one, ''));
      // Every button that any page has, whether this one has it or not.
      for (const action of actions) {
        const kind = 'account id';
        await sandwich(route, `${kind}, pressing ${action}`, neighbour.ids[kind] ?? '', (one) => form(one, action));
      }
      expect(await digestOf(scene, neighbour)).to.deep.equal(before);
    });
  }

  for (const route of routes.filter(({ method, params }) => method === 'GET' && params.length > 0)) {
    it(`${titleOf(route)}: a page of one’s own, sent back with an id of another company in place of one’s own`, async () => {
      const before = await digestOf(scene, neighbour);
      const colleague = await scene.accountId(scene.demo.person('hsakamoto24'));
      const own: Readonly<Record<string, string>> = {
        ...(await holdingsOf(scene, admin.contract_number)).ids,
        'account id': colleague,
      };
      for (const [kind, mine] of Object.entries(own)) {
        if (mine === '') continue;
        const page = await browser.open(at(pathWith(route, mine)));
        if (page.status !== 200 || page.screen === 'LGN001' || !/<form\b[^>]*method="post"/.test(mainOf(page)))
          continue;
        const { hidden, action } = mainForm(page.html);
        const theirs = neighbour.ids[kind] ?? '';
        const answers: Page[] = [];
        for (const id of [unknownLike(theirs), theirs, unknownLike(theirs)]) {
          const swap = (text: string): string => text.replaceAll(mine, id);
          const body = new URLSearchParams(hidden.map(([name, value]) => [name, swap(value)]));
          body.set('confirmation_password', admin.confirmation_password ?? '');
          const target = new URL(swap(action ?? page.url), page.url).href;
          answers.push(await browser.post(swap(target), body.toString()));
          expect(leaks(answers.at(-1) ?? page, [id]), `${titleOf(route)}, ${kind}`).to.deep.equal([]);
        }
        const [first, second, third] = answers.map((answer) => `${answer.status} ${answer.screen} ${answer.refusal}`);
        expect([first, third], `${titleOf(route)}, ${kind}`).to.include(second);
      }
      expect(await digestOf(scene, neighbour)).to.deep.equal(before);
    });
  }

  for (const route of routes.filter(({ method, params }) => method === 'GET' && params.includes('people'))) {
    it(`${titleOf(route)}: chosen together with one’s own people, others are nobody`, async () => {
      const mine = await scene.accountId(scene.demo.person('hsakamoto24'));
      const beside = (id: string): string => `${mine}~${id}`;
      const theirs = neighbour.ids['account id'] ?? '';
      const unknown = unknownLike(theirs);
      const answer = async (id: string): Promise<string> => {
        const page = await ask(route, pathWith(route, beside(id)), new URLSearchParams());
        expect(leaks(page, [beside(id)]), titleOf(route)).to.deep.equal([]);
        return faceOf(page, [beside(id), id, encodeURIComponent(beside(id))]);
      };
      expect(await answer(theirs)).to.equal(await answer(unknown));
    });
  }

  it('registers and changes nobody with what is not theirs to give: role, company, proof, accounts and portals of others (CVE-2026-94000)', async () => {
    const { demo } = scene;
    const alien = {
      role: 'master',
      company_id: neighbour.companyId,
      companyId: neighbour.companyId,
      id: neighbour.accounts[0] ?? '',
      login_name: 'chosen99',
      email_proven_at: '1',
      emailProvenAt: '1',
      set_up_at: '1',
      setUpAt: '1',
      security_epoch: '0',
      views_records: 'true',
      viewsRecords: 'true',
      permissions: ['records', 'everything', 'admin'],
      portals: ['no-such-portal', neighbour.ids['account id'] ?? ''],
      accounts: [neighbour.ids['bank account id'] ?? '', 'no-such-account'],
    };
    const basics = { person_name: '余計 項目', email: 'yokei@sumire.example.co.jp', admin: 'none' };
    csrf = await enter();
    let page = await browser.open(`${demo.gateway}/company/people/new`);
    const before = await digestOf(scene, neighbour);
    const rights = { ...alien, permissions: ['everything', 'admin'] };
    const proof = { confirmation_password: admin.confirmation_password ?? '' };
    for (const [screen, plain] of [
      ['CON020', basics],
      ['CON021', {}],
      ['CON022', {}],
      ['CON023', proof],
    ] as const) {
      const sent = { ...rights, ...plain };
      expect(page.screen, page.text().slice(0, 300)).to.equal(screen);
      const here = page.url;
      const answer = await browser.submit(page, sent);
      // What is not on the page may be turned away, as tampered with or as nobody's; then its own fields alone go on.
      page =
        answer.screen === screen || answer.screen === 'REF024'
          ? await browser.submit(await browser.open(here), plain)
          : answer;
      expect(leaks(page, Object.values(alien).flat()), screen).to.deep.equal([]);
    }
    expect(page.screen, page.text().slice(0, 300)).to.equal('CON024');
    const [made] = await scene.sql('select * from account where email = $1', [basics.email]);
    const [company] = await scene.sql('select id from company where contract_number = $1', [admin.contract_number]);
    expect(made).to.include({
      role: 'member',
      company_id: company?.['id'],
      email_proven_at: null,
      set_up_at: null,
      views_records: false,
    });
    expect(made?.['login_name']).to.match(/^\d{9}$/);
    for (const table of ['portal_permission', 'bank_account_grant'])
      expect(await scene.sql(`select * from ${table} where account_id = $1`, [made?.['id']]), table).to.deep.equal([]);
    expect(await digestOf(scene, neighbour)).to.deep.equal(before);
  });

  it('gives nobody an account of another company, nor a portal that there is not', async () => {
    const crossed = await scene.sql(
      `select 1 from bank_account_grant g join bank_account b on b.id = g.bank_account_id
         join account a on a.id = g.account_id where a.company_id <> b.company_id`,
    );
    expect(crossed).to.deep.equal([]);
    const known = await scene.sql('select distinct client_id from portal_permission');
    expect(
      known.map((row) => row['client_id']).filter((id) => Object.values(neighbour.ids).includes(String(id))),
    ).to.deep.equal([]);
  });

  it('wrote down in the sender’s own record that ids of others were asked for', async () => {
    const id = await scene.accountId(admin);
    const found = await scene.sql(
      `select 1 from audit where event = 'console.foreign-target' and to_jsonb(audit)::text like '%' || $1 || '%' limit 1`,
      [id],
    );
    expect(found).to.have.length(1);
  });
});

describe('the consoles and those who may not act', function () {
  this.timeout(600_000);
  let scene: ConsoleScene;

  before(async () => {
    scene = await startConsoleScene();
  });
  after(() => scene?.close());

  const at = (path: string): string => `${scene.demo.gateway}${path}`;

  /** All that the database holds, but what only says that somebody looked. */
  async function everything(): Promise<string> {
    const tables = await scene.sql(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
    );
    const parts: string[] = [];
    for (const { name } of tables) {
      if (/^(audit|outbox)/.test(String(name)) || name === 'deployment') continue;
      const rows = await scene.sql(`select to_jsonb(t)::text as row from "${String(name)}" t order by 1`);
      parts.push(`${String(name)}: ${rows.map(({ row }) => String(row)).join('\n')}`);
    }
    return parts.join('\n');
  }

  it('no route takes a form without its token, with another browser’s, or from another site', async () => {
    const { demo } = scene;
    const admin = demo.person('okondo31');
    const [browser, other] = [scene.browser(), scene.browser()];
    const csrf = csrfOf((await scene.enter(browser, admin, '/')).html);
    const foreign = csrfOf((await scene.enter(other, demo.person('nishii42'), '/')).html);
    const before = await everything();
    for (const route of routes.filter(({ method }) => method === 'POST')) {
      const url = at(pathWith(route, await scene.accountId(demo.person('nishii42'))));
      const body = (token: string | null): string =>
        new URLSearchParams({
          ...(token === null ? {} : { csrf: token }),
          people: 'x',
          confirmation_password: admin.confirmation_password ?? '',
        }).toString();
      for (const [what, sent, headers] of [
        ['no token', body(null), {}],
        ['an empty token', body(''), {}],
        ['another browser’s token', body(foreign), {}],
        ['a forged token', body(unknownLike(csrf)), {}],
        ['another site', body(csrf), { 'sec-fetch-site': 'cross-site', 'origin': 'https://evil.example' }],
        ['a sister site', body(csrf), { 'sec-fetch-site': 'same-site', 'origin': 'http://evil.localhost' }],
        ['another origin', body(csrf), { origin: demo.portal }],
        ['no origin, but from elsewhere', body(csrf), { 'sec-fetch-site': 'cross-site', 'origin': 'null' }],
      ] as const) {
        const answer = await browser.post(url, sent, headers);
        expect([answer.status, answer.screen], `${titleOf(route)}, ${what}`).to.deep.equal([403, 'REF025']);
      }
      const typed = await browser.post(url, JSON.stringify({ csrf }), { 'content-type': 'application/json' });
      expect(typed.status, `${titleOf(route)}, as JSON`).to.be.oneOf([400, 403, 415]);
    }
    expect(await everything()).to.equal(before);
  });

  it('no route of a console answers who is not signed in', async () => {
    const stranger = scene.browser();
    const csrf = csrfOf((await stranger.open(at('/'))).html);
    const before = await everything();
    for (const route of routes) {
      const path = pathWith(route, await scene.accountId(scene.demo.person('nishii42')));
      const answer =
        route.method === 'GET'
          ? await stranger.open(at(path))
          : await stranger.post(at(path), new URLSearchParams({ csrf }).toString());
      expect(answer.screen, titleOf(route)).to.equal('LGN001');
    }
    expect(await everything()).to.equal(before);
  });

  it('a member without rights is told so on every route of the company’s console, and every one is written down', async () => {
    const { demo } = scene;
    const member = demo.person('hsakamoto24');
    const browser = scene.browser();
    const csrf = csrfOf((await scene.enter(browser, member, '/')).html);
    const ids = [
      await scene.accountId(demo.person('nishii42')),
      await scene.accountId(demo.person('tikeda16')),
      'nobody',
    ];
    const before = await everything();
    for (const route of routes.filter((one) => one.console === 'company')) {
      for (const id of route.params.length === 0 ? ['-'] : ids) {
        const path = pathWith(route, id);
        const answer =
          route.method === 'GET'
            ? await browser.open(at(path))
            : await browser.post(
                at(path),
                new URLSearchParams({
                  csrf,
                  people: id,
                  confirmation_password: member.confirmation_password ?? '',
                }).toString(),
              );
        expect([answer.status, answer.screen, answer.refusal], `${titleOf(route)} ${id}`).to.deep.equal([
          403,
          'REF027',
          'not-allowed',
        ]);
        const [reference = ''] = /[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(answer.text()) ?? [];
        const found = await scene.sql(
          `select 1 from audit where event = 'access.refused' and to_jsonb(audit)::text like '%' || $1 || '%'`,
          [reference],
        );
        expect(found.length, `${titleOf(route)} is in the record under ${reference}`).to.equal(1);
      }
    }
    expect(await everything()).to.equal(before);
  });

  describe('lost in the middle of a sign-in: effective on the next request, whatever the route', () => {
    const losses = [
      {
        what: 'administration',
        lose: `update account set role = 'member' where id = $1`,
        back: `update account set role = 'admin' where id = $1`,
        applies: (route: Route) => route.console === 'company',
        screen: /^REF027$/,
      },
      {
        what: 'the account, by a stop',
        lose: 'update account set stopped_at = 1 where id = $1',
        back: 'update account set stopped_at = null where id = $1',
        applies: () => true,
        screen: /^(LGN001|OUT004)$/,
      },
      {
        what: 'the contract, suspended',
        lose: 'update company set suspended_at = 1 where id = (select company_id from account where id = $1)',
        back: 'update company set suspended_at = null where id = (select company_id from account where id = $1)',
        applies: () => true,
        screen: /^(LGN001|OUT004)$/,
      },
    ] as const;
    for (const loss of losses) {
      it(loss.what, async () => {
        const { demo } = scene;
        const person = demo.person('nishii42');
        const id = await scene.accountId(person);
        const victim = await scene.accountId(demo.person('hsakamoto24'));
        await scene.sql(`update account set role = 'admin' where id = $1`, [id]);
        const browser = scene.browser();
        for (const route of routes.filter(loss.applies)) {
          const page = await scene.enter(browser, person, '/company');
          expect(page.screen, 'has it before').to.equal('CON001');
          await scene.sql(loss.lose, [id]);
          const path = pathWith(route, victim);
          const answer =
            route.method === 'GET'
              ? await browser.open(at(path))
              : await browser.post(
                  at(path),
                  new URLSearchParams({
                    csrf: csrfOf(page.html),
                    people: victim,
                    confirmation_password: person.confirmation_password ?? '',
                  }).toString(),
                );
          expect(answer.screen, titleOf(route)).to.match(loss.screen);
          await scene.sql(loss.back, [id]);
        }
      });
    }
  });
});
