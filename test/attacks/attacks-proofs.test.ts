// Attacks on the order of proofs: paths that forget a factor, demands that are walked around, values of one kind used as
// another, attempts used twice, and people who meet under load. Each is named after the system that had the hole.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { root } from '../support/source.ts';
import { cookiesNamed } from '../support/walks.ts';
import {
  attemptOf,
  csrfOf,
  directly,
  enter,
  raw,
  theScene,
  through,
  toChoice,
  toConsole,
  towardsSecond,
  type Scene,
} from './attacks-scene.ts';

describe('attacks on the order of proofs', function () {
  this.timeout(180_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
    await scene.forgetSources();
  });

  type Ask = Readonly<Record<string, string | null>>;
  const claims = (value: unknown): Ask => ({ claims: JSON.stringify({ id_token: { acr: value } }) });

  /** Walks on with the first factor alone, wherever a path leads, up to the page that asks for something else. */
  async function withFirstFactor(
    browser: ScriptBrowser,
    start: Page,
    person: DemoPerson,
    route: string,
  ): Promise<Page> {
    let page = start;
    for (let step = 0; step < 6; step += 1) {
      if (page.screen === 'LGN001') page = await browser.submit(page, {}, route);
      else if (page.screen === 'LGN002' || page.screen === 'LNK001')
        page = await browser.submit(page, { login_id: person.login_id, password: person.password });
      else if (page.screen === 'BDD001' && person.business_direct) {
        const { id, password } = person.business_direct;
        page = await browser.submit(page, { business_direct_id: id, business_direct_password: password });
      } else return page;
    }
    throw new Error(`it goes in circles at ${page.screen}`);
  }

  const paths: readonly (readonly [string, string, (scene: Scene) => Promise<string> | string])[] = [
    ['a portal, directly', 'direct', ({ portal, demo }) => portal.authorizeUrl(demo.gateway)],
    ['a portal, through Business Direct', 'federated', ({ portal, demo }) => portal.authorizeUrl(demo.gateway)],
    [
      'a portal that takes less',
      'direct',
      ({ portal, demo }) => portal.authorizeUrl(demo.gateway, { acr_values: 'urn:renkei:acr:password' }),
    ],
    [
      'a portal that takes less, linked',
      'federated',
      ({ portal, demo }) => portal.authorizeUrl(demo.gateway, { acr_values: 'urn:renkei:acr:federated' }),
    ],
    ['an unknown acr', 'direct', ({ portal, demo }) => portal.authorizeUrl(demo.gateway, { acr_values: '0' })],
    [
      'a voluntary claim',
      'federated',
      ({ portal, demo }) => portal.authorizeUrl(demo.gateway, claims({ value: 'urn:renkei:acr:federated' })),
    ],
    ['prompt=login', 'direct', ({ portal, demo }) => portal.authorizeUrl(demo.gateway, { prompt: 'login' })],
    ['prompt=consent', 'federated', ({ portal, demo }) => portal.authorizeUrl(demo.gateway, { prompt: 'consent' })],
    ['max_age=0', 'federated', ({ portal, demo }) => portal.authorizeUrl(demo.gateway, { max_age: '0' })],
    ['a login_hint', 'direct', ({ portal, demo }) => portal.authorizeUrl(demo.gateway, { login_hint: 'sabe89' })],
    ['our first page', 'direct', ({ demo }) => `${demo.gateway}/`],
    ['our own settings', 'federated', ({ demo }) => `${demo.gateway}/self-service`],
    ['the company console', 'direct', ({ demo }) => `${demo.gateway}/company/people`],
    [
      'a start by Business Direct',
      'federated',
      ({ demo }) => `${demo.gateway}/initiate?iss=${encodeURIComponent(demo.businessDirect)}`,
    ],
  ];
  for (const [id, what] of [
    ['sabe89', 'a key-fob'],
    ['msaito50', 'an app token'],
    ['atanaka93', 'a shared key-fob'],
  ] as const) {
    it(`every path asks the code of ${what}, and gives nothing before it (CVE-2026-15616, CVE-2026-34727, CVE-2026-73278, GHSA-4qvm-r4pr-v3wg)`, async () => {
      const person = scene.demo.person(id);
      await scene.asBefore(person);
      for (const [path, route, address] of paths) {
        const browser = scene.browser();
        const start = await browser.open(await address(scene));
        const page = await withFirstFactor(browser, start, person, route);
        expect(page.screen, path).to.match(/^OTP00[12]$/);
        // Nothing that has a right yet: no session, no device, no code in any address on the way.
        const names = [...browser.cookies().keys()].filter((name) => name.startsWith('renkei_'));
        // `known` alone has none: it says whose guesses are counted apart.
        const known = /^renkei_(browser|known|language|(interaction|resume)(\.sig)?)$/;
        expect(
          names.filter((name) => !known.test(name)),
          path,
        ).to.deep.equal([]);
        expect(page.hops.join(' '), path).not.to.match(/[?&]code=(?!.*upstream)/);
        expect((await browser.open(`${scene.demo.gateway}/self-service`)).screen, path).to.equal('LGN001');
      }
      expect(await scene.holdings(person)).to.deep.equal({ links: [], logins: 0, devices: 0 });
    });
  }

  const demands: readonly (readonly [string, string, string])[] = [
    ['a password that has to be changed', 'mkato99', 'PWC001'],
    ['a token that has to be registered', 'cmurakami98', 'TKN002'],
    ['a first-time setup', '880654614', 'SET001'],
  ];
  for (const [what, id, screen] of demands) {
    it(`${what} stays asked, whatever other address is called meanwhile (CVE-2025-3910)`, async () => {
      const { demo, portal } = scene;
      const person = demo.person(id);
      await scene.asBefore(person);
      const browser = scene.browser();
      let page = await directly(scene, browser, person);
      if (page.screen === 'OTP002') page = await browser.submit(page, { otp: await scene.code(person) });
      expect(page.screen).to.equal(screen);
      const uid = attemptOf(page).split('/').at(-1);
      for (const path of [
        '/',
        '/self-service',
        '/self-service/link',
        '/self-service/devices',
        '/company',
        '/company/people',
        '/signed-in',
        `/oidc/authorize/${uid}`,
        await portal.authorizeUrl(demo.gateway),
        await portal.authorizeUrl(demo.gateway, { prompt: 'none' }),
        await scene.other.authorizeUrl(demo.gateway),
        `/initiate?iss=${encodeURIComponent(demo.businessDirect)}`,
      ]) {
        const other = await browser.clone().open(path.startsWith('http') ? path : `${demo.gateway}${path}`);
        expect(other.screen, path).not.to.match(/^(TOP|SLF|CON)/);
        if (other.screen === 'CALLBACK') expect(portal.answer(other).get('code'), path).to.equal(null);
      }
      expect((await browser.open(attemptOf(page))).screen).to.equal(screen);
      expect((await scene.holdings(person)).logins).to.equal(0);
    });
  }

  it('what a session must prove follows the token at once: registered, it asks; gone, nothing stands for it (CVE-2024-45042)', async () => {
    const { demo, portal } = scene;
    const person = demo.person('kokada89');
    const first = scene.browser();
    let page = await directly(scene, first, person);
    // As late as the tests have moved the clock, the grace may be over for them.
    if (!page.html.includes('skip_registration')) {
      const [row] = await scene.sql('select id from company where contract_number = $1', [person.contract_number]);
      const { demo: at } = scene;
      await scene.sql('update company set otp_applied_at = $2, token_arrived_at = null where id = $1', [
        row?.['id'],
        (await at.now()) - 86_400_000,
      ]);
      page = await first.open(page.url);
    }
    page = await first.submit(page, {}, 'skip_registration');
    const tokens = await portal.redeem(demo.gateway, page);
    expect(tokens.claims['acr']).to.equal('urn:renkei:acr:password');

    const second = scene.browser();
    const register = await directly(scene, second, person);
    await demo.forward(60);
    const entered = await second.submit(register, { serial: person.otp?.serial ?? '', otp: await demo.code(person) });
    const strong = await portal.redeem(demo.gateway, entered);
    expect(strong.claims['acr']).to.equal('urn:renkei:acr:password-otp');
    // The session of before the token is no session of a person who has one.
    expect((await portal.userinfo(demo.gateway, tokens.accessToken)).status).to.equal(401);
    const silent = await first.open(await portal.authorizeUrl(demo.gateway, { prompt: 'none' }));
    expect(portal.answer(silent).get('error')).to.equal('login_required');
    expect((await directly(scene, first, person)).screen).to.equal('OTP002');
    // And a demand is not met by a token that is gone.
    await scene.sql('update token set retired_at = 1 where serial = $1', [person.otp?.serial]);
    const ask = { acr_values: 'urn:renkei:acr:password-otp urn:renkei:acr:federated-otp' };
    const third = scene.browser();
    expect((await directly(scene, third, person, ask)).screen).to.match(/^TKN00\d$/);
    await scene.sql('update token set retired_at = null where serial = $1', [person.otp?.serial]);
  });

  it('a token is not exchanged where nobody asked for it: no registration beside a usable one (GHSA-8g9r-9wjw-37j4)', async () => {
    const { demo } = scene;
    const person = demo.person('sabe89');
    const spare = JSON.parse(readFileSync(join(root, 'config/demo/tokens.json'), 'utf8'))[2];
    const holds = async (): Promise<unknown> =>
      scene.sql('select token_id from token_holder where account_id = $1 and ended_at is null', [
        await scene.accountId(person),
      ]);
    const before = await holds();
    const code = await demo.code({ ...person, otp: { ...spare, kind: 'hardware', registered: false } });
    const body = (page: Page): string =>
      new URLSearchParams({ csrf: csrfOf(page.html), serial: spare.serial, otp: code, action: '' }).toString();
    const half = scene.browser();
    const page = await directly(scene, half, person);
    for (const slug of ['/register-token', '', '/otp-help', '/otp-resync', '/setup-email'])
      expect((await half.post(`${attemptOf(page)}${slug}`, body(page))).screen, slug).to.match(/^OTP00\d$/);
    const whole = scene.browser();
    const settings = await toConsole(scene, whole, person, '/self-service');
    expect(settings.screen).to.match(/^SLF/);
    const answers = {
      '/self-service/otp': [200, 'BOT010'],
      '/self-service/otp/issue': [200, 'BOT010'],
      '/self-service/otp/activate': [200, 'BOT010'],
      '/self-service/otp/revoke': [409, 'SLF030'],
      '/self-service/otp/register': [200, 'BOT010'],
      '/self-service/otp/replace': [409, 'TKN004'],
      '/self-service/otp/needed': [200, 'BOT010'],
      '/self-service/token': [404, 'REF024'],
      '/self-service': [404, 'REF024'],
    };
    for (const [path, answer] of Object.entries(answers)) {
      const { status, screen } = await whole.post(`${demo.gateway}${path}`, body(settings));
      expect([status, screen], path).to.deep.equal(answer);
    }
    expect(await holds()).to.deep.equal(before);
    await scene.asBefore(person);
  });

  it('a forgotten password, or a person without an ID, is helped by a page alone: nobody is signed in by it (keycloak #12759)', async () => {
    const person = scene.demo.person('sabe89');
    const browser = scene.browser();
    const page = await browser.submit(await toChoice(scene, browser), {}, 'direct');
    const [kept] = await scene.sql('select hash from credential where account_id = $1', [
      await scene.accountId(person),
    ]);
    for (const slug of ['forgot', 'no-id']) {
      const help = await browser.open(`${attemptOf(page)}/${slug}`);
      expect(help.status, slug).to.equal(200);
      const fields = {
        login_id: person.login_id,
        email: person.email,
        new_password: 'Atarashii1',
        contract_number: person.contract_number,
      };
      for (const action of ['', 'reset', 'send', 'next']) {
        const body = new URLSearchParams({ csrf: csrfOf(page.html), action, ...fields }).toString();
        // A master's request stands beside every attempt: it proves an address to an operator, and signs nobody in.
        const asks = action === 'reset';
        const answer = await browser.post(`${attemptOf(page)}/${slug}`, body);
        expect(answer.screen, `${slug} ${action}`).to.equal(asks ? 'RST002' : 'LGN002');
      }
    }
    expect(
      await scene.sql('select hash from credential where account_id = $1', [await scene.accountId(person)]),
    ).to.deep.include(kept);
    expect((await scene.holdings(person)).logins).to.equal(0);
  });

  it('a choice on one page is no choice on another: every button at every step keeps what is asked (CVE-2026-18963)', async () => {
    const { demo, portal } = scene;
    const actions = ['federated', 'direct', 'back', 'retry', 'restart', 'no_id', 'forgot', 'top', 'resync', 'otp_help'];
    const more = ['continue', 'other', 'resend', 'change_email', 'skip_registration', 'consent', 'agree', 'skip'];
    const person = demo.person('atanaka93');
    await scene.asBefore(person);
    for (const route of ['direct', 'federated'] as const) {
      const browser = scene.browser();
      const start = await browser.open(await portal.authorizeUrl(demo.gateway));
      let page = await withFirstFactor(browser, start, person, route);
      expect(page.screen).to.match(/^OTP00[12]$/);
      for (const action of [...actions, ...more, ...actions.toReversed()]) {
        for (const slug of ['', '/otp']) {
          const body = new URLSearchParams({ csrf: csrfOf(start.html), action }).toString();
          const answer = await browser.post(`${attemptOf(start)}${slug}`, body);
          expect(answer.screen, `${action} at ${slug}`).to.match(
            /^(LGN00[1235]|LNK001|OTP00\d|BDD00\d|NOI001|REF\d+)$/,
          );
        }
        const now = await browser.open(attemptOf(start));
        // Wherever it stands now: with the first factor alone it ends before the code.
        page = await withFirstFactor(browser, now, person, route);
        expect(page.screen, action).to.match(/^OTP00[12]$/);
      }
      expect(await scene.holdings(person)).to.deep.equal({ links: [], logins: 0, devices: 0 });
    }
  });

  it('an attempt is consumed once: what led to its end leads nowhere again, here or elsewhere (CAS gist)', async () => {
    const { demo, portal } = scene;
    const person = demo.person('hsakamoto24');
    const browser = scene.browser();
    const page = await directly(scene, browser, person);
    const code = portal.answer(page).get('code');
    const uid = attemptOf({ url: page.hops.find((hop) => hop.includes('/sign-in/')) ?? '' })
      .split('/')
      .at(-1);
    const login = await scene.sql('select id from login where account_id = $1', [await scene.accountId(person)]);
    for (const at of [browser, browser.clone(), scene.browser()]) {
      for (const hop of [...page.hops, `${demo.gateway}/oidc/authorize/${uid}`, `${demo.gateway}/sign-in/${uid}`]) {
        if (!hop.startsWith(demo.gateway) || hop.includes('/oidc/authorize?')) continue;
        const again = await at.open(hop);
        expect(again.screen, hop).not.to.equal('CALLBACK');
        if (again.screen === 'CALLBACK') expect(portal.answer(again).get('code')).not.to.equal(code);
      }
    }
    expect(
      await scene.sql('select id from login where account_id = $1', [await scene.accountId(person)]),
    ).to.deep.equal(login);
  });

  it('a code that is asked in addition brings back no session that was signed out meanwhile, nor one of another person', async () => {
    const { demo, portal } = scene;
    const person = demo.person('rhashimoto46');
    const otherPerson = demo.person('hsakamoto24');
    const ask = { acr_values: 'urn:renkei:acr:federated-otp urn:renkei:acr:password-otp' };
    for (const meanwhile of ['signed out', 'another person'] as const) {
      await scene.asBefore(person);
      const browser = scene.browser();
      await enter(scene, browser, person, { remember: true });
      // Remembered: a session without a code, to which a portal's demand adds one.
      for (const [name] of cookiesNamed(browser, 'renkei_'))
        if (!name.startsWith('renkei_device_')) browser.dropCookie(name);
      const tokens = await portal.redeem(demo.gateway, await through(scene, browser, person));
      expect(tokens.claims['acr']).to.equal('urn:renkei:acr:federated');
      const step = await browser.open(await portal.authorizeUrl(demo.gateway, ask));
      expect(step.screen).to.equal('OTP002');

      if (meanwhile === 'signed out') {
        const top = await browser.open(`${demo.gateway}/`);
        const body = new URLSearchParams({ csrf: csrfOf(top.html) }).toString();
        await browser.post(`${demo.gateway}/logout`, body);
      } else {
        const page = await browser.open(await portal.authorizeUrl(demo.gateway, { prompt: 'login' }));
        expect((await withFirstFactor(browser, page, otherPerson, 'direct')).screen).to.equal('CALLBACK');
      }
      const late = await browser.submit(step, { otp: await scene.code(person) });
      if (late.screen === 'CALLBACK' && portal.answer(late).has('code'))
        expect((await portal.redeem(demo.gateway, late)).error, meanwhile).to.equal('invalid_grant');
      expect((await portal.userinfo(demo.gateway, tokens.accessToken)).status, meanwhile).to.equal(401);
      const now = await browser.open(`${demo.gateway}/`);
      expect(now.html, meanwhile).not.to.contain(person.login_id);
      expect((await scene.holdings(person)).logins, meanwhile).to.be.below(2);
    }
    await scene.asBefore(person);
  });

  it('a value of one kind is nothing of another, wherever it is put (GHSA-5vfx-8w6m-h3v4, CVE-2026-19349)', async () => {
    const { demo, portal } = scene;
    const person = demo.person('rhashimoto46');
    await scene.asBefore(person);
    const browser = scene.browser();
    const page = await enter(scene, browser, person, { remember: true });
    const code = portal.answer(await browser.open(await portal.authorizeUrl(demo.gateway))).get('code') ?? '';
    const tokens = await portal.redeem(demo.gateway, page);
    const open = scene.browser();
    const { url, page: begun } = await towardsSecond(scene, open);
    const [row] = await scene.sql('select id, attempt_id from login where account_id = $1 order by started_at desc', [
      await scene.accountId(person),
    ]);
    const [device] = await scene.sql('select id, link_id from device where account_id = $1 and ended_at is null', [
      await scene.accountId(person),
    ]);
    const values: Readonly<Record<string, string>> = {
      'state': url.searchParams.get('state') ?? '',
      'nonce': url.searchParams.get('nonce') ?? '',
      'attempt': attemptOf(begun).split('/').at(-1) ?? '',
      'finished attempt': String(row?.['attempt_id']),
      'login': String(row?.['id']),
      'device row': String(device?.['id']),
      'link': String(device?.['link_id']),
      'account': await scene.accountId(person),
      'sid': String(tokens.claims['sid']),
      'code': code,
      'access token': tokens.accessToken,
      'refresh token': tokens.refreshToken,
      ...Object.fromEntries(cookiesNamed(browser, 'renkei_')),
      'csrf': csrfOf(begun.html),
    };
    // The names under which Redis keeps things of ours, as if they could be guessed from outside.
    const ours = /:(attempt|login|device|email-code|console|console-turn|browser-logins):/;
    for (const key of (await scene.redis.keys('*')).filter((each) => ours.test(each)).slice(0, 40))
      Object.assign(values, { [`key ${key}`]: key.split(':').at(-1) });
    const signature = new Map(cookiesNamed(browser, 'renkei_session')).get('renkei_session.sig') ?? '';
    const own = new Map(cookiesNamed(browser, 'renkei_session')).get('renkei_session') ?? '';
    for (const [name, value] of Object.entries(values)) {
      const cookie = encodeURIComponent(value);
      if (value !== own) {
        for (const sig of [signature, value.slice(0, 27), '']) {
          const headers = { cookie: `renkei_session=${cookie}; renkei_session.sig=${sig}` };
          const top = await raw(`${demo.gateway}/self-service`, { headers });
          expect([top.status, String(top.location).includes('/oidc/authorize')], `${name} as session`).to.deep.equal([
            303,
            true,
          ]);
        }
      }
      const asAttempt = await raw(`${demo.gateway}/sign-in/${cookie}`, {
        headers: { cookie: `renkei_browser=${cookie}; renkei_interaction=${cookie}` },
      });
      expect([410, 404], `${name} as attempt`).to.include(asAttempt.status);
      if (name !== 'state') {
        const callback = await raw(`${demo.gateway}/upstream/callback?state=${cookie}&code=x`, { browser: open });
        expect(callback.status, `${name} as state`).to.equal(410);
      }
      const resumed = await raw(`${demo.gateway}/oidc/authorize/${cookie}`, { browser });
      expect(resumed.location ?? '', `${name} as resumption`).not.to.match(/[?&]code=/);
      if (name !== 'refresh token')
        expect((await portal.refresh(demo.gateway, value)).status, `${name} as refresh token`).to.equal(400);
      if (name !== 'access token') {
        expect((await portal.userinfo(demo.gateway, value)).status, `${name} as access token`).to.be.oneOf([400, 401]);
        if (name !== 'refresh token')
          expect(await portal.introspect(demo.gateway, value), name).to.deep.equal({ active: false });
      }
      const [deviceName = ''] = cookiesNamed(browser, 'renkei_device_')[0] ?? [];
      if (name === deviceName || !/^[\w-]{43}$/.test(value)) continue;
      const thief = scene.browser();
      thief.setCookie(deviceName, value);
      expect((await through(scene, thief, person)).screen, `${name} as device`).to.equal('OTP001');
    }
    await scene.asBefore(person);
  });

  it('people who sign in at the same moments are never exchanged: names, claims, pages, both gateways (CVE-2021-35472)', async () => {
    const { demo, portal } = scene;
    const people = ['okondo31', 'nishii42', 'hsakamoto24'].map((id) => demo.person(id));
    const browsers = new Map(people.map((person) => [person.login_id, scene.browser()]));
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(
        [...people, ...people].map(async (person, index) => {
          // Each once in a browser that stays, and once in a new one.
          const browser = index < people.length ? (browsers.get(person.login_id) ?? scene.browser()) : scene.browser();
          let page = await browser.open(await portal.authorizeUrl(demo.gateway));
          page = await withFirstFactor(browser, page, person, 'direct');
          const tokens = await portal.redeem(demo.gateway, page);
          const [claimsOfToken, told, top, again] = await Promise.all([
            Promise.resolve(tokens.claims),
            portal.userinfo(demo.gateway, tokens.accessToken),
            browser.open(`${demo.gateway}/`),
            browser.open(await portal.authorizeUrl(demo.gateway, { prompt: 'none' })),
          ]);
          expect(claimsOfToken['preferred_username']).to.equal(person.login_id);
          expect(told.claims['preferred_username']).to.equal(person.login_id);
          expect(told.claims['sub']).to.equal(tokens.claims.sub);
          expect(top.html).to.contain(person.name);
          for (const other of people)
            if (other !== person) expect(top.html).not.to.contain(other.login_id).and.not.to.contain(other.name);
          const silent = await portal.redeem(demo.gateway, again);
          expect([silent.claims['preferred_username'], silent.claims['sid']]).to.deep.equal([
            person.login_id,
            tokens.claims['sid'],
          ]);
        }),
      );
    }
  });
});
