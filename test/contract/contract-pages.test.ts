// What outside tools may rely on in pages, forms, statuses, cookies, the demo's portal and its Business Direct (spec §12). Every
// page that this file meets is kept and judged at the end by what holds for all of them.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, directly, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import { type HostileUpstream, startHostileUpstream } from '../support/hostile-upstream.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import { freshDeskCode, operatorOf, toCode } from '../support/operator.ts';
import { mainForm, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { type TcpGate, tcpGate } from '../support/tcp-gate.ts';
import {
  alertOf,
  enterDirectly,
  enterLinked,
  enterOwnPages,
  get,
  hasField,
  leavePortal,
  nextCode,
  overlay,
  portalState,
  soon,
  wrongCode,
} from '../support/walks.ts';

/** The words of `data-refusal`. */
const words = [
  'form',
  'credentials',
  'otp-wrong',
  'otp-used',
  'otp-stopped',
  'account-stopped',
  'company-suspended',
  'no-permission',
  'link-taken',
  'link-limit',
  'company-mismatch',
  'not-planned',
  'upstream-down',
  'upstream-refused',
  'waiting',
  'closed',
  'start-over',
  'too-many',
  'conflict',
  'csrf',
  'otp-unreachable',
  'not-found',
  'not-allowed',
  'portal-request',
  'approval-gone',
  'certificate',
  'unavailable',
  'unexpected',
];

describe('pages, forms and statuses', () => {
  let demo: Demo;
  let portal: OwnPortal;
  let bank: HostileUpstream;
  let redis: TcpGate;
  let ahead = 0;
  const seen: Page[] = [];

  before(async function () {
    this.timeout(120_000);
    portal = await ownPortal('second-portal');
    bank = await startHostileUpstream(() => Date.now() + ahead);
    const url = new URL(process.env['RENKEI_TEST_REDIS_URL'] ?? '');
    redis = await tcpGate({ host: url.hostname, port: Number(url.port) });
    url.port = String(redis.port);
    const config = overlay({
      'portals.yaml': [portal.entry()],
      'upstreams.yaml': [
        { ...bank.config({ display_claim: 'preferred_username', company_claim: 'company' }), name: '第二の銀行' },
      ],
    });
    demo = await startDemo('real', { env: { RENKEI_CONFIG: config, RENKEI_REDIS_URL: url.href } });
  });
  after(async () => {
    await demo?.stop();
    await Promise.all([portal?.close(), bank?.close(), redis?.close().catch(() => {})]);
  });

  /** A browser whose pages are kept. */
  function visitor(): ScriptBrowser {
    const browser = demo.browser();
    const keep = async (page: Promise<Page>): Promise<Page> => {
      seen.push(await page);
      return page;
    };
    return {
      ...browser,
      open: (url) => keep(browser.open(url)),
      submit: (page, fields, action) => keep(browser.submit(page, fields, action)),
      post: (url, body, headers) => keep(browser.post(url, body, headers)),
    };
  }

  const atPortal = (browser: ScriptBrowser, action: string): Promise<Page> =>
    browser.open(`${demo.portal}/`).then((page) => browser.submit(page, {}, action));
  const asked = (page: Page): URLSearchParams =>
    new URL(page.hops.find((hop) => hop.startsWith(`${demo.gateway}/`) && hop.includes('client_id=')) ?? 'x:')
      .searchParams;

  describe("the demo's portal", () => {
    it('has one form with the buttons login, login_otp, login_again, login_silent and logout', async () => {
      const page = await visitor().open(`${demo.portal}/`);
      expect(page.html.match(/<form\b[^>]*method="post"/g)).to.have.length(1);
      const actions = [...page.html.matchAll(/<button\b[^>]*name="action"[^>]*value="(\w+)"/g)].map(
        ([, value]) => value,
      );
      expect(actions).to.deep.equal(['login', 'login_otp', 'login_again', 'login_silent', 'logout']);
    });

    it('asks with acr_values, prompt=login and prompt=none as its buttons say', async () => {
      expect(asked(await atPortal(visitor(), 'login')).get('acr_values')).to.equal(null);
      expect(
        asked(await atPortal(visitor(), 'login_otp'))
          .get('acr_values')
          ?.split(' '),
      ).to.have.members(['urn:renkei:acr:federated-otp', 'urn:renkei:acr:password-otp']);
      expect(asked(await atPortal(visitor(), 'login_again')).get('prompt')).to.equal('login');
      expect(asked(await atPortal(visitor(), 'login_silent')).get('prompt')).to.equal('none');
    });

    it('shows the ID token as JSON when signed in, and an error as JSON when not', async () => {
      const browser = visitor();
      const refused = await atPortal(browser, 'login_silent');
      expect(refused.html).to.match(/id="error"/);
      expect(refused.json('error')).to.include({ error: 'login_required' });
      const person = demo.person('ymori34');
      const page = await enterLinked(demo, browser, person);
      expect(page.html).to.match(/<script type="application\/json" id="claims">/);
      expect(page.json('claims')).to.include({
        iss: demo.gateway,
        aud: 'demo-portal',
        acr: 'urn:renkei:acr:federated-otp',
        name: person.name,
      });
    });

    it('is told company, role and link, and never the Business Direct ID', async () => {
      const browser = visitor();
      const person = demo.person('ymori34');
      await enterLinked(demo, browser, person);
      const tokens = await portal.redeem(demo.gateway, await browser.open(await portal.authorizeUrl(demo.gateway)));
      const { claims } = await portal.userinfo(demo.gateway, tokens.accessToken);
      expect(claims).to.deep.include({
        preferred_username: person.login_id,
        name: person.name,
        email: person.email,
        role: 'master',
        company: { contract_number: person.contract_number, name: person.company },
      });
      expect(claims['link']).to.include({ linked: true });
      expect(JSON.stringify([claims, tokens.claims])).not.to.include('kitahama01');
      expect(tokens.claims.sub, 'pairwise').not.to.equal((await portalState(demo, browser)).sub);
    });
  });

  describe("the demo's Business Direct", () => {
    it('asks business_direct_id and business_direct_password, and says credentials when they do not fit', async () => {
      const browser = visitor();
      let page = await browser.submit(await atPortal(browser, 'login'), {}, 'federated');
      expect([
        page.screen,
        hasField(page, 'business_direct_id'),
        hasField(page, 'business_direct_password'),
      ]).to.deep.equal(['BDD001', true, true]);
      page = await browser.submit(page, { business_direct_id: 'minato04', business_direct_password: 'no' });
      expect(page).to.include({ status: 422, screen: 'BDD001', refusal: 'credentials' });
    });
  });

  describe('a form of the gateway', () => {
    it('is one POST form in main whose hidden inputs go back as found; without them nothing is done', async () => {
      const browser = visitor();
      const page = await browser.submit(await atPortal(browser, 'login'), {}, 'direct');
      const { hidden, action } = mainForm(page.html);
      expect(hidden.map(([name]) => name)).to.deep.equal(['csrf']);
      const address = new URL(action ?? page.url, page.url).href;
      const person = demo.person('okondo31');
      const form = new URLSearchParams({ login_id: person.login_id, password: person.password });
      expect((await browser.post(address, form.toString())).status).to.equal(403);
      for (const [name, value] of hidden) form.append(name, value);
      expect((await browser.post(address, form.toString())).screen).to.equal('PTL002');
    });

    it('answers 303 when it leads on, with an address of its own', async () => {
      const browser = visitor();
      const page = await atPortal(browser, 'login');
      const body = new URLSearchParams([...mainForm(page.html).hidden, ['action', 'direct']]);
      const cookie = [...browser.cookies()].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(page.url, {
        method: 'POST',
        redirect: 'manual',
        body,
        headers: { cookie, accept: 'text/html' },
      });
      expect(answer.status).to.equal(303);
      expect(new URL(answer.headers.get('location') ?? '', page.url).origin).to.equal(demo.gateway);
    });

    it('answers 422 on the same screen with a word for what is the matter, and says it in role="alert"', async () => {
      const person = demo.person('ntakahashi14');
      const browser = visitor();
      let page = await browser.submit(await atPortal(browser, 'login'), {}, 'direct');
      const tries: [string, Record<string, string>][] = [
        ['form', { login_id: '', password: '' }],
        ['credentials', { login_id: person.login_id, password: 'Chigau1234' }],
      ];
      for (const [word, typed] of tries) {
        page = await browser.submit(page, typed);
        expect([page.status, page.screen, page.refusal]).to.deep.equal([422, 'LGN002', word]);
        expect(alertOf(page)).not.to.equal('');
      }
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
      const otp = await nextCode(demo, person);
      const again = await directly(demo, demo.browser(), person);
      page = await browser.submit(page, { otp: await wrongCode(demo, person) });
      expect([page.status, page.refusal]).to.deep.equal([422, 'otp-wrong']);
      page = await browser.submit(page, { otp });
      expect(page.screen).to.equal('PTL002');
      expect(again.screen).to.equal('OTP002');
      const other = visitor();
      page = await other.submit(await directly(demo, other, person), { otp });
      expect([page.status, page.refusal]).to.deep.equal([422, 'otp-used']);
    });

    it('speaks English to a browser that prefers it, and keeps what was chosen', async () => {
      const { status, body } = await get(
        Number(new URL(demo.gateway).port),
        '/nothing-here',
        new URL(demo.gateway).host,
        { 'accept-language': 'en' },
      );
      expect(status).to.equal(404);
      expect(body)
        .to.include('<html lang="en">')
        .and.to.include('Page not found')
        .and.to.include('data-screen="REF024"');
      const browser = visitor();
      const page = await atPortal(browser, 'login');
      const form = /<form\b[^>]*action="\/language"[\s\S]*?<\/form>/.exec(page.html)?.[0] ?? '';
      const hidden = [...form.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(
        ([, name = '', value = '']): [string, string] => [name, value],
      );
      const back = await browser.post(
        `${demo.gateway}/language`,
        new URLSearchParams([...hidden, ['language', 'en']]).toString(),
      );
      expect([back.screen, back.html.includes('<html lang="en">')]).to.deep.equal(['LGN001', true]);
    });
  });

  describe('an address', () => {
    it('that does not exist is 404, whatever it looks like', async () => {
      for (const path of [
        '/nothing-here',
        '/sign-in',
        '/company/../etc',
        '/assets/none.css',
        '/%2e%2e/x',
        '/__proto__',
      ]) {
        expect(await visitor().open(`${demo.gateway}${path}`), path).to.include({
          status: 404,
          screen: 'REF024',
          refusal: 'not-found',
        });
      }
    });

    it('of the helpdesk asks operators to sign in, and is back afterwards', async () => {
      const browser = visitor();
      const asked = await toCode(demo, browser, operatorOf('clerk'));
      expect(asked).to.include({ status: 200, screen: 'HDK004', refusal: null });
      const desk = await browser.submit(asked, { otp: await freshDeskCode(demo, operatorOf('clerk')) });
      expect(desk).to.include({ status: 200, screen: 'HDK001', url: `${demo.gateway}/helpdesk` });
      expect(await browser.open(`${demo.gateway}/helpdesk/nothing`)).to.include({ status: 404, refusal: 'not-found' });
    });

    it("of a portal's faulty request is 400, told here and never sent back", async () => {
      for (const ask of [
        { client_id: 'nobody' },
        { redirect_uri: 'https://evil.example/callback' },
        { redirect_uri: null, client_id: null },
      ]) {
        const page = await visitor().open(await portal.authorizeUrl(demo.gateway, ask));
        expect(page, JSON.stringify(ask)).to.include({ status: 400, screen: 'REF023', refusal: 'portal-request' });
      }
    });

    it('of an attempt that is no more is 410', async () => {
      expect(await visitor().open(`${demo.gateway}/sign-in/nothing`)).to.include({
        status: 410,
        screen: 'REF001',
        refusal: 'start-over',
      });
    });
  });

  describe('cookies', () => {
    it('are renkei_… in the gateway, bd_… upstream and portal_… in the portal', async () => {
      const browser = visitor();
      await enterLinked(demo, browser, demo.person('tikeda16'), { remember: true });
      await browser.open(`${demo.gateway}/`);
      const names = [...browser.cookies().keys()];
      expect(names.filter((name) => !/^(?:renkei|bd|portal)_/.test(name))).to.deep.equal([]);
      for (const one of [/^renkei_browser$/, /^renkei_session/, /^renkei_device_[0-9a-f]{8}$/, /^bd_/, /^portal_/]) {
        expect(
          names.filter((name) => one.test(name)),
          String(one),
        ).not.to.deep.equal([]);
      }
    });

    it('are HttpOnly, Lax and, on the http loopback demo, neither Secure nor __Host-', async () => {
      for (const address of [`${demo.gateway}/`, `${demo.businessDirect}/login`]) {
        const cookies = (
          await fetch(address, { redirect: 'manual', headers: { accept: 'text/html' } })
        ).headers.getSetCookie();
        for (const cookie of cookies) {
          expect(cookie)
            .to.match(/;\s*httponly/i)
            .and.to.match(/;\s*samesite=lax/i)
            .and.not.to.match(/;\s*secure|^__/i);
        }
      }
    });
  });

  describe('signing out', () => {
    it('by a portal with the ID token of this very session is done at once, and the others are told', async () => {
      const browser = visitor();
      await enterLinked(demo, browser, demo.person('ymori34'));
      const tokens = await portal.redeem(demo.gateway, await browser.open(await portal.authorizeUrl(demo.gateway)));
      expect((await leavePortal(demo, browser)).screen).to.equal('PTL001');
      await soon(
        async () => portal.logoutTokens.length,
        (count) => count > 0,
      );
      expect(portal.logoutTokens.at(-1)).to.include({
        sid: tokens.claims['sid'],
        aud: 'second-portal',
        iss: demo.gateway,
      });
      expect(await portal.refresh(demo.gateway, tokens.refreshToken)).to.include({ error: 'invalid_grant' });
    });

    it('without one asks first, on a page of its own', async () => {
      const browser = visitor();
      await enterLinked(demo, browser, demo.person('ymori34'));
      const { end_session_endpoint: end } = JSON.parse(
        await (await fetch(`${demo.gateway}/.well-known/openid-configuration`)).text(),
      );
      const page = await browser.open(String(end));
      expect(page.screen).to.equal('OUT001');
      expect((await browser.submit(page, {}, 'cancel')).status).to.be.lessThan(400);
      expect((await browser.open(`${demo.gateway}/`)).screen, 'still signed in').to.equal('TOP001');
      const done = await browser.submit(await browser.open(String(end)), {});
      expect(done.screen).to.equal('OUT002');
      expect(done.text()).to.include('ビジネスダイレクト');
    });
  });

  describe("an upstream's logout token", () => {
    const tell = (token: string): Promise<Response> =>
      fetch(`${demo.gateway}/upstream/backchannel-logout`, {
        method: 'POST',
        body: new URLSearchParams({ logout_token: token }),
      });
    const follow = async (): Promise<void> => {
      ahead = (await demo.now()) - Date.now();
    };

    /** Signs in through the second bank, which vouches for whom it was told. */
    async function enterThrough(browser: ScriptBrowser, person: DemoPerson): Promise<Page> {
      await follow();
      bank.say('id-token', {
        preferred_username: 'second-01',
        company: { contract_number: person.contract_number, name: person.company },
      });
      const choice = await atPortal(browser, 'login');
      const other = /value="(federated-[^"]+)"/.exec(choice.html)?.[1] ?? '';
      let page = choice.screen === 'LGN001' ? await browser.submit(choice, {}, other) : choice;
      if (page.screen === 'LNK001') {
        expect(page.text()).to.include('second-01');
        page = await browser.submit(page, { login_id: person.login_id, password: person.password });
      }
      return page.screen?.startsWith('OTP') ? browser.submit(page, { otp: await nextCode(demo, person) }) : page;
    }

    it('is taken at /upstream/backchannel-logout and ends what came through that link, and no other session', async () => {
      const person = demo.person('yishikawa92');
      const linked = visitor();
      expect((await enterThrough(linked, person)).screen).to.equal('PTL002');
      const direct = visitor();
      expect((await enterDirectly(demo, direct, person)).screen).to.equal('PTL002');

      await follow();
      expect((await tell(await bank.logoutToken())).status).to.equal(200);
      expect(
        (
          await soon(
            () => portalState(demo, linked),
            ({ signedIn }) => !signedIn,
          )
        ).signedIn,
      ).to.equal(false);
      expect((await atPortal(linked, 'login_silent')).json('error')).to.include({ error: 'login_required' });
      expect((await atPortal(direct, 'login_silent')).screen).to.equal('PTL002');
      expect((await enterThrough(linked, person)).screen, 'the link itself stays').to.equal('PTL002');
    });

    it('is refused with 400 when it is forged, unsigned, used before, or no token at all', async () => {
      const person = demo.person('yishikawa92');
      const browser = visitor();
      await enterThrough(browser, person);
      await follow();
      const used = await bank.logoutToken({ sub: 'bd-of-nobody' });
      expect((await tell(used)).status).to.equal(200);
      for (const token of [
        '',
        'x.y.z',
        used,
        await bank.logoutToken({}, { forged: true }),
        await bank.logoutToken({}, { unsigned: true }),
        await bank.logoutToken({ aud: 'another' }),
      ]) {
        const answer = await tell(token);
        expect([answer.status, answer.headers.get('cache-control')], token.slice(0, 20)).to.deep.equal([
          400,
          'no-store',
        ]);
      }
      expect((await atPortal(browser, 'login_silent')).screen).to.equal('PTL002');
    });
  });

  describe('a person whose confirmation password is stopped', () => {
    it('signs in and looks around, and is told before an act that asks for it', async () => {
      const browser = visitor();
      const person = demo.person('amatsumoto90');
      let page = await enterOwnPages(demo, browser, person, '/', 'direct');
      expect(page.text()).to.include('確認用パスワードが利用停止になっています');
      page = await browser.open(`${demo.gateway}/company/people/links`);
      const row = page.html.split(/<tr\b/).find((one) => one.includes(demo.person('rhashimoto46').name)) ?? '';
      page = await browser.submit(page, { people: [/data-account="([^"]+)"/.exec(row)?.[1] ?? ''] }, 'unlink');
      expect(page.screen).to.equal('CON071');
      expect(page.text()).to.include('この操作には利用停止解除が必要です');
      page = await browser.submit(page, {
        confirmation_password: person.confirmation_password ?? '',
        otp: await nextCode(demo, person),
      });
      expect(page).to.include({ status: 422, refusal: 'credentials' });
    });
  });

  describe('when a store does not answer', () => {
    it('every page is 503 with Retry-After in both languages, and no check is skipped', async () => {
      const person = demo.person('ymori34');
      const browser = visitor();
      const otp = await throughBusinessDirect(demo, browser, person);
      expect(otp.screen).to.equal('OTP001');
      await redis.close();
      const code = await demo.code(person);
      for (const page of [
        await browser.submit(otp, { otp: code }),
        await browser.open(`${demo.gateway}/`),
        await browser.open(otp.url),
      ]) {
        expect(page).to.include({ status: 503, screen: 'REF020', refusal: 'unavailable' });
        expect(Number(page.headers.get('retry-after'))).to.be.greaterThan(0);
        expect(page.html).to.include('ただいまご利用いただけません').and.to.include('Not available at the moment');
      }
      const health = await fetch(`${demo.gateway}/health`);
      expect(health.status).to.equal(503);
      expect(JSON.parse(await health.text()).parts).to.include({ database: 'up', state: 'down' });
    });
  });

  describe('every page that was met here', () => {
    const ours = (): readonly Page[] => seen.filter(({ url }) => url.startsWith(`${demo.gateway}/`));

    it('has one main with a screen ID, and at most one POST form in it', () => {
      expect(ours().length).to.be.greaterThan(50);
      for (const { html, url } of ours()) {
        expect(html.match(/<main\b/g), url).to.have.length(1);
        expect(html, url).to.match(/<main\b[^>]*data-screen="[A-Z]{2,4}\d{3}"/);
        const main = /<main\b[\s\S]*<\/main>/.exec(html)?.[0] ?? '';
        expect((main.match(/<form\b[^>]*method="post"/g) ?? []).length, url).to.be.at.most(1);
      }
    });

    it('says in data-refusal one of the words of the contract, or nothing', () => {
      for (const { refusal, status, url } of ours()) {
        if (refusal !== null) expect(words, url).to.include(refusal);
        if (status >= 400) expect(refusal, url).not.to.equal(null);
      }
    });

    it('has a status of the contract, a reference number when it refuses, and is never kept by the browser', () => {
      for (const { status, headers, html, url } of ours()) {
        expect([200, 400, 403, 404, 409, 410, 413, 422, 429, 503], url).to.include(status);
        if (status >= 400) expect(html, url).to.match(/[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}/);
        expect(headers.get('cache-control'), url).to.include('no-store');
        expect(headers.get('content-security-policy'), url).to.include("default-src 'none'");
      }
    });
  });
});
