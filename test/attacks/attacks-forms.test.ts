// What is posted, and what stands around it: forms that were never shown, fields that nobody asked for, posts from elsewhere,
// addresses that lead away, names of other hosts, and requests that no browser sends.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
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
  type RawAnswer,
  type Scene,
} from './attacks-scene.ts';

const slugs = [
  '',
  'select-account',
  'choose-route',
  'first-link',
  'direct',
  'otp',
  'otp-resync',
  'otp-help',
  'setup-login-id',
  'setup-password',
  'setup-confirmation-password',
  'setup-email',
  'setup-email-code',
  'register-token',
  'forced-change',
  'expired-password',
  'password-changed',
  'consent',
  'no-id',
  'forgot',
  'finish',
  '__proto__',
  'constructor',
  'toString',
] as const;

describe('attacks by what is posted', function () {
  this.timeout(240_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
    await scene.forgetSources();
  });

  const own = (browser: ScriptBrowser, url: string, fields: Readonly<Record<string, string>>): Promise<Page> =>
    browser.post(url, new URLSearchParams(fields).toString());

  describe('steps that were not reached', () => {
    /** Attempts that stand at different steps, each with what brings it there. */
    const stages: readonly (readonly [string, (browser: ScriptBrowser) => Promise<Page>, DemoPersonOf])[] = [
      ['LGN001', (browser) => toChoice(scene, browser), (demo) => demo.person('tikeda16')],
      [
        'LGN002',
        async (browser) => browser.submit(await toChoice(scene, browser), {}, 'direct'),
        (demo) => demo.person('tikeda16'),
      ],
      [
        'LNK001',
        (browser) => through(scene, browser, scene.demo.person('tikeda16')),
        (demo) => demo.person('tikeda16'),
      ],
      [
        'OTP002',
        (browser) => directly(scene, browser, scene.demo.person('tikeda16')),
        (demo) => demo.person('tikeda16'),
      ],
      [
        'SET001',
        (browser) => directly(scene, browser, scene.demo.person('880654614')),
        (demo) => demo.person('880654614'),
      ],
      [
        'TKN002',
        (browser) => directly(scene, browser, scene.demo.person('cmurakami98')),
        (demo) => demo.person('cmurakami98'),
      ],
    ];
    type DemoPersonOf = (demo: Scene['demo']) => DemoPerson;

    for (const [screen, bring, whose] of stages) {
      it(`${screen}: an empty post to any page, in any order, never leads on (CVE-2026-49448)`, async () => {
        const person = whose(scene.demo);
        const browser = scene.browser();
        const page = await bring(browser);
        expect(page.screen).to.equal(screen);
        const before = await scene.holdings(person);
        const csrf = csrfOf(page.html);
        const filled = {
          csrf,
          otp: '000000',
          otp_next: '000001',
          remember: 'on',
          consent: 'yes',
          email_code: '00000000',
          finished: 'true',
          account: 'x',
          step: 'finish',
        };
        for (const slug of [...slugs, ...[...slugs].reverse()]) {
          const url = `${attemptOf(page)}${slug === '' ? '' : `/${slug}`}`;
          const empty = await browser.post(url, '');
          expect([403, 400], `${slug} empty`).to.include(empty.status);
          // Codes that are no guess of anybody: only where no code is asked.
          const fields: readonly Readonly<Record<string, string>>[] =
            slug === 'otp' || slug === 'otp-resync' ? [{ csrf }] : [{ csrf }, { ...filled, otp: '' }];
          for (const each of fields) {
            const answer = await own(browser, url, each);
            expect(answer.status, `${slug} ${JSON.stringify(each).slice(0, 40)}`).to.be.oneOf([200, 422]);
            expect(['CALLBACK', 'TOP001'], slug).not.to.include(answer.screen);
          }
        }
        expect((await browser.open(attemptOf(page))).screen).to.equal(screen);
        expect(await scene.holdings(person)).to.deep.equal(before);
      });
    }

    it('a code before the password proves nothing (CVE-2025-64103)', async () => {
      const person = scene.demo.person('tikeda16');
      const browser = scene.browser();
      const page = await browser.submit(await toChoice(scene, browser), {}, 'direct');
      const otp = await scene.code(person);
      for (const slug of ['otp', 'direct', 'otp-resync', '']) {
        const answer = await own(browser, `${attemptOf(page)}${slug === '' ? '' : `/${slug}`}`, {
          csrf: csrfOf(page.html),
          otp,
          login_id: person.login_id,
        });
        expect(answer.screen, slug).to.equal('LGN002');
      }
      // And it was not used up.
      const asked = await browser.submit(page, { login_id: person.login_id, password: person.password });
      expect((await browser.submit(asked, { otp })).screen).to.equal('CALLBACK');
    });

    it('a registration that may not be put off any more is not, and one that may not be skipped for this portal neither', async () => {
      const browser = scene.browser();
      const person = scene.demo.person('cmurakami98');
      const page = await directly(scene, browser, person);
      expect(page.screen).to.equal('TKN002');
      expect(page.html).not.to.contain('skip_registration');
      for (const action of ['skip_registration', 'skip', 'later']) {
        expect((await browser.submit(page, {}, action)).screen, action).to.equal('TKN002');
      }
      const grace = scene.demo.person('kokada89');
      const other = scene.browser();
      const asked = await directly(scene, other, grace, {
        acr_values: 'urn:renkei:acr:password-otp urn:renkei:acr:federated-otp',
      });
      expect(asked.html).not.to.contain('skip_registration');
      expect((await other.submit(asked, {}, 'skip_registration')).screen).to.equal(asked.screen);
      expect((await scene.holdings(grace)).logins).to.equal(0);
    });

    it('the way that a portal demands stays demanded: back, restart, another route and a second tab keep it (CVE-2026-94218)', async () => {
      const { demo, portal } = scene;
      const person = demo.person('yishikawa92');
      const browser = scene.browser();
      const essential = JSON.stringify({
        id_token: { acr: { essential: true, value: 'urn:renkei:acr:federated-otp' } },
      });
      const ask = { claims: essential, prompt: 'login' };
      let page = await browser.open(await portal.authorizeUrl(demo.gateway, ask));
      const attempt = attemptOf(page);
      for (const action of ['direct', 'restart', 'back', 'retry', 'direct', 'no_id', 'forgot', 'top']) {
        await own(browser, attempt, { csrf: csrfOf(page.html), action });
        const now = await browser.open(attempt);
        expect(['LGN002', 'OTP002', 'CALLBACK'], action).not.to.include(now.screen);
      }
      page = await browser.open(attempt);
      if (page.screen === 'LGN001') page = await browser.submit(page, {}, 'federated');
      if (page.screen === 'BDD001') {
        page = await browser.submit(page, {
          business_direct_id: person.business_direct?.id ?? '',
          business_direct_password: person.business_direct?.password ?? '',
        });
      }
      expect(page.screen).to.equal('LNK001');
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
      expect(page.screen).to.equal('OTP002');
      // Restarted after the password: everything is asked again.
      await own(browser, attempt, { csrf: csrfOf(page.html), action: 'restart' });
      const again = await browser.open(`${attempt}/otp`);
      expect(again.screen).not.to.equal('OTP002');
      expect((await scene.holdings(person)).links).to.deep.equal([]);
    });
  });

  describe('fields that nobody asked for', () => {
    it('name no other identity: the link is made for the one that was verified (CVE-2026-105215, CVE-2026-120263)', async () => {
      const { demo } = scene;
      const person = demo.person('ntakahashi14');
      const victim = demo.person('ksato82');
      const browser = scene.browser();
      let page = await through(scene, browser, person);
      expect(page.screen).to.equal('LNK001');
      const lies = {
        sub: 'another',
        subject: 'another',
        issuer: 'https://evil.example',
        upstream: JSON.stringify({ issuer: scene.hostile.issuer, subject: 'evil' }),
        linkId: 'x',
        link_id: 'x',
        account: await scene.accountId(victim),
        account_id: await scene.accountId(victim),
        bd: victim.business_direct?.id ?? '',
        business_direct_id: victim.business_direct?.id ?? '',
        email: victim.email ?? '',
        username: victim.login_id,
        state: 'x',
        uid: 'x',
      };
      page = await browser.submit(page, { ...lies, login_id: person.login_id, password: person.password });
      expect(page.screen).to.equal('OTP001');
      page = await browser.submit(page, { ...lies, otp: await scene.code(person) });
      expect(page.screen).to.equal('CALLBACK');
      const tokens = await scene.portal.redeem(demo.gateway, page);
      expect(tokens.claims['preferred_username']).to.equal(person.login_id);
      expect((await scene.holdings(person)).links).to.deep.equal([person.business_direct?.id]);
      expect((await scene.holdings(victim)).links).to.deep.equal([victim.business_direct?.id]);
      const [row] = await scene.sql('select issuer from link where account_id = $1 and ended_at is null', [
        await scene.accountId(person),
      ]);
      expect(row?.['issuer']).to.equal(demo.businessDirect);
    });

    it('named like parts of every object do no harm', async () => {
      const browser = scene.browser();
      const page = await browser.submit(await toChoice(scene, browser), {}, 'direct');
      const csrf = csrfOf(page.html);
      for (const name of [
        '__proto__',
        'constructor',
        'prototype',
        'toString',
        'hasOwnProperty',
        'then',
        'length',
        'acts',
      ]) {
        for (const body of [
          `csrf=${csrf}&${name}=x`,
          `csrf=${csrf}&action=${name}`,
          `csrf=${csrf}&${name}[x]=y`,
          `csrf=${csrf}&login_id[${name}]=y`,
        ]) {
          const answer = await browser.post(page.url, body);
          expect([200, 400, 422], body.slice(-40)).to.include(answer.status);
        }
      }
      for (const path of ['__proto__', 'constructor', '%5F%5Fproto%5F%5F', 'then']) {
        expect((await browser.open(`${attemptOf(page)}/${path}`)).screen).to.equal('LGN002');
        expect((await browser.open(`${scene.demo.gateway}/sign-in/${path}`)).status).to.equal(410);
      }
    });

    it('given twice, nested, in another charset or another type are not understood, and nothing was counted', async () => {
      const { demo } = scene;
      const person = demo.person('yishikawa92');
      const browser = scene.browser();
      const page = await browser.submit(await toChoice(scene, browser), {}, 'direct');
      const csrf = csrfOf(page.html);
      const good = `csrf=${csrf}&login_id=${person.login_id}&password=Machigai123`;
      const bodies: readonly (readonly [string, string])[] = [
        [`${good}&password=Machigai124`, 'application/x-www-form-urlencoded'],
        [`csrf=${csrf}&csrf=x&login_id=a&password=b`, 'application/x-www-form-urlencoded'],
        [`csrf=${csrf}&login_id[]=a&password[]=b`, 'application/x-www-form-urlencoded'],
        [`csrf=${csrf}&login_id=%ff%fe&password=x`, 'application/x-www-form-urlencoded'],
        [good, 'application/x-www-form-urlencoded; charset=utf-16'],
        [good, 'application/x-www-form-urlencoded; charset=shift_jis'],
        [good, 'text/plain'],
        [JSON.stringify({ csrf, login_id: person.login_id, password: 'Machigai123' }), 'application/json'],
        [
          `--x\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n${csrf}\r\n--x--`,
          'multipart/form-data; boundary=x',
        ],
        [Array.from({ length: 5_000 }, (_each, index) => `f${index}=1`).join('&'), 'application/x-www-form-urlencoded'],
        [`${good}&filler=${'x'.repeat(20_000)}`, 'application/x-www-form-urlencoded'],
      ];
      const since = Date.now();
      for (const [body, type] of bodies) {
        const answer = await browser.post(page.url, body, { 'content-type': type });
        expect([400, 413], `${type} ${body.slice(0, 60)}`).to.include(answer.status);
        expect(answer.screen, type).to.equal('REF025');
      }
      const missed = await scene.sql(
        `select 1 from credential where account_id = $1 and kind = 'login' and misses > 0`,
        [await scene.accountId(person)],
      );
      expect(missed, String(since)).to.deep.equal([]);
    });

    it('that are no guess at all are told at their field: empty, endless, with control characters, in full width', async () => {
      const { demo } = scene;
      const person = demo.person('yishikawa92');
      const browser = scene.browser();
      const page = await browser.submit(await toChoice(scene, browser), {}, 'direct');
      const odd = [
        '',
        ' ',
        '\u0000',
        'a\u0000b',
        'x'.repeat(9_000),
        'Ｍａｃｈｉｇａｉ１２３',
        '\u202e',
        "' or 1=1 --",
        '{{7*7}}',
        '<script>alert(1)</script>',
        '%00',
        '../../etc/passwd',
      ];
      for (const text of odd) {
        for (const fields of [
          { login_id: text, password: 'x' },
          { login_id: person.login_id, password: text },
        ]) {
          const answer = await browser.submit(page, fields);
          expect([422, 429], JSON.stringify(fields).slice(0, 60)).to.include(answer.status);
          expect(answer.html).not.to.contain('<script>alert');
        }
      }
      await scene.forgetSources();
      await scene.sql(
        `update credential set misses = 0, locks = 0, locked_until = null, stopped_at = null where account_id = $1`,
        [await scene.accountId(person)],
      );
    });
  });

  describe('posts from elsewhere', () => {
    it('are refused by their origin, and without the token of this very browser', async () => {
      const { demo } = scene;
      const person = demo.person('hsakamoto24');
      const browser = scene.browser();
      await directly(scene, browser, person);
      const top = await browser.open(`${demo.gateway}/`);
      expect(top.screen).to.equal('TOP001');
      const csrf = csrfOf(top.html);
      const stranger = csrfOf((await scene.browser().open(`${demo.gateway}/`)).html);
      const machine = await raw(`${demo.gateway}/demo`, { headers: { accept: 'application/json' } });
      const posts: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
        [`csrf=${csrf}`, { 'sec-fetch-site': 'cross-site' }],
        [`csrf=${csrf}`, { 'sec-fetch-site': 'same-site' }],
        [`csrf=${csrf}`, { origin: 'https://evil.example' }],
        [`csrf=${csrf}`, { origin: `${demo.gateway}.evil.example` }],
        [`csrf=${csrf}`, { 'origin': 'null', 'sec-fetch-site': '' }],
        [`csrf=${csrf}`, { 'origin': demo.portal, 'sec-fetch-site': '' }],
        [`csrf=${stranger}`, {}],
        ['csrf=', {}],
        ['', {}],
        // What a page tells those who accept no pages is nobody's token.
        [`csrf=${csrfOf(machine.text)}`, { accept: 'application/json' }],
      ];
      for (const [body, headers] of posts) {
        const answer = await browser.post(`${demo.gateway}/logout`, body, headers);
        expect([answer.status, answer.refusal], JSON.stringify(headers)).to.deep.equal([403, 'csrf']);
      }
      expect((await browser.open(`${demo.gateway}/`)).screen).to.equal('TOP001');
    });

    it('to the consoles do nothing without a session, with or without a token', async () => {
      const { demo } = scene;
      const victim = await scene.accountId(demo.person('ksato82'));
      const before = await scene.holdings(demo.person('ksato82'));
      const paths = [
        '/self-service',
        '/self-service/link',
        '/self-service/link/remove',
        '/self-service/link/result',
        '/self-service/otp',
        '/self-service/otp/revoke',
        '/self-service/otp/revoke/result',
        '/self-service/otp/resync',
        '/self-service/otp/issue/check',
        '/self-service/otp/activate',
        '/self-service/devices',
        '/company',
        '/company/people',
        '/company/people/links',
        `/company/people/${victim}`,
        `/company/people/unlink/${victim}`,
        `/company/people/forget/${victim}`,
        '/company/people/unlink/result/x',
        '/logout',
        '/signed-out',
      ];
      const browser = scene.browser();
      const csrf = csrfOf((await browser.open(`${demo.gateway}/`)).html);
      const body = { confirmation_password: 'x', otp: '000000', people: victim, action: 'unlink', device: 'x' };
      for (const path of paths) {
        const without = await own(browser, `${demo.gateway}${path}`, body);
        expect([without.status, without.refusal], path).to.deep.equal([403, 'csrf']);
        const answer = await own(browser, `${demo.gateway}${path}`, { ...body, csrf });
        expect(['LGN001', 'OUT002', 'REF024'], `${path}: ${answer.status} ${answer.screen}`).to.include(answer.screen);
      }
      expect(await scene.holdings(demo.person('ksato82'))).to.deep.equal(before);
    });

    it('cannot sign anybody out by a link, nor lead away after it: the end is asked for first (CVE-2021-29456)', async () => {
      const { demo, portal } = scene;
      const browser = scene.browser();
      const tokens = await portal.redeem(demo.gateway, await directly(scene, browser, demo.person('hsakamoto24')));
      const elsewhere = scene.browser();
      const foreign = await portal.redeem(demo.gateway, await directly(scene, elsewhere, demo.person('okondo31')));
      for (const query of [
        '',
        `?id_token_hint=${foreign.idToken}`,
        `?client_id=${portal.clientId}`,
        `?id_token_hint=${foreign.idToken}&post_logout_redirect_uri=${encodeURIComponent(`${portal.url}/`)}`,
        `?id_token_hint=${tokens.idToken.slice(0, -8)}AAAAAAAA`,
      ]) {
        const answer = await browser.open(`${demo.gateway}/oidc/end-session${query}`);
        expect(['OUT001', 'REF023'], `${query.slice(0, 40)} ${answer.status}`).to.include(answer.screen);
        expect((await browser.open(`${demo.gateway}/`)).screen).to.equal('TOP001');
      }
      for (const uri of [
        'https://evil.example/',
        `${portal.url}.evil.example/`,
        `${portal.url}/elsewhere`,
        'javascript:alert(1)',
        `${portal.url}//evil.example`,
      ]) {
        const answer = await raw(
          `${demo.gateway}/oidc/end-session?id_token_hint=${tokens.idToken}&post_logout_redirect_uri=${encodeURIComponent(uri)}`,
          { browser },
        );
        expect(answer.status, uri).to.equal(400);
        expect(answer.location, uri).to.equal(null);
      }
      expect((await browser.open(`${demo.gateway}/`)).screen).to.equal('TOP001');
    });
  });

  describe('addresses that lead away (CVE-2026-107369)', () => {
    const away = [
      '//evil.example',
      '//evil.example/self-service',
      '/\\evil.example',
      '\\\\evil.example',
      '/%2f%2fevil.example',
      '%2f%2fevil.example',
      '/\t/evil.example',
      '/%09/evil.example',
      '\t//evil.example',
      ' //evil.example',
      'https://evil.example',
      'https:evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      '/self-service/../../evil',
      '/..//evil.example',
      '/self-service?x=//evil.example',
      '/self-service#//evil.example',
      '/self-service\r\nlocation: https://evil.example',
      '/@evil.example',
      '/.evil.example\u2028',
      '',
    ];
    const stays = (answer: RawAnswer): boolean =>
      answer.location === null || new URL(answer.location, scene.demo.gateway).origin === scene.demo.gateway;

    it('are not taken by the language switch', async () => {
      const browser = scene.browser();
      const csrf = csrfOf((await browser.open(`${scene.demo.gateway}/`)).html);
      for (const back of away) {
        const body = new URLSearchParams({ csrf, language: 'ja', return_to: back }).toString();
        const answer = await raw(`${scene.demo.gateway}/language`, {
          method: 'POST',
          body,
          browser,
          headers: { origin: scene.demo.gateway },
        });
        expect([answer.status, answer.location], JSON.stringify(back)).to.deep.equal([303, '/']);
      }
    });

    it('are not taken by a sign-in that an upstream begins', async () => {
      const { demo } = scene;
      const iss = encodeURIComponent(demo.businessDirect);
      const more = away.flatMap((path) => [path, `${demo.gateway}${path}`, `${demo.gateway}@evil.example${path}`]);
      for (const target of [
        ...more,
        `${demo.gateway}.evil.example/`,
        demo.gateway.replace('http:', 'https:'),
        `${demo.portal}/callback`,
        `${demo.portal}/initiate-login/`,
        `${demo.portal}/initiate-login?x=y`,
      ]) {
        const answer = await raw(`${demo.gateway}/initiate?iss=${iss}&target_link_uri=${encodeURIComponent(target)}`);
        expect(stays(answer), `${JSON.stringify(target)} → ${answer.location}`).to.equal(true);
        if (answer.location !== null) {
          // The place it returns to is one of ours, too.
          const state = new URL(answer.location, demo.gateway).searchParams.get('state') ?? '';
          expect(Buffer.from(state.split('.')[0] ?? '', 'base64url').toString(), target).to.match(
            /^\/(?:[\w~.-]+(?:\/[\w~.-]+)*)?$/,
          );
        }
      }
      for (const unknown of ['', 'https://evil.example', `${demo.businessDirect}/`, scene.demo.portal]) {
        const answer = await raw(
          `${demo.gateway}/initiate?iss=${encodeURIComponent(unknown)}&target_link_uri=${encodeURIComponent(`${demo.gateway}/`)}`,
        );
        expect([answer.status, answer.location], unknown).to.deep.equal([400, null]);
      }
      const registered = await raw(
        `${demo.gateway}/initiate?iss=${iss}&target_link_uri=${encodeURIComponent(`${demo.portal}/initiate-login`)}`,
      );
      expect(registered.location).to.match(new RegExp(`^${demo.portal}/initiate-login\\?iss=`));
    });

    it('are not taken from the state of our own pages: forged, edited, or of another browser', async () => {
      const { demo } = scene;
      const browser = scene.browser();
      await browser.open(`${demo.gateway}/`);
      const asked = await raw(`${demo.gateway}/self-service/link`, { browser });
      const state = new URL(asked.location ?? '', demo.gateway).searchParams.get('state') ?? '';
      const [, mac = ''] = state.split('.');
      const place = (path: string): string => Buffer.from(path).toString('base64url');
      for (const forged of [
        ...away.map((path) => `${place(path)}.${mac}`),
        ...away.map((path) => `${place(path)}.`),
        `${place('/self-service')}.${mac}`,
        `${state}x`,
        state.replace('.', ''),
        '',
        '.',
      ]) {
        const answer = await raw(`${demo.gateway}/signed-in?state=${encodeURIComponent(forged)}`, { browser });
        expect([answer.status, answer.location], forged.slice(0, 40)).to.deep.equal([410, null]);
      }
      const good = await raw(`${demo.gateway}/signed-in?state=${encodeURIComponent(state)}`, { browser });
      expect([good.status, good.location]).to.deep.equal([303, '/self-service/link']);
      const stranger = scene.browser();
      await stranger.open(`${demo.gateway}/`);
      expect(
        (await raw(`${demo.gateway}/signed-in?state=${encodeURIComponent(state)}`, { browser: stranger })).status,
      ).to.equal(410);
    });

    it('in the path itself lead nowhere', async () => {
      for (const path of [
        '//evil.example',
        '/\\evil.example',
        '//evil.example/%2e%2e',
        '/%2f%2fevil.example',
        '/self-service//evil.example',
        '/sign-in//evil.example',
        '/sign-in/%2f%2fevil.example',
        '/%',
        '/%e0%a4%a',
        '/sign-in/%',
        '/assets/..%2f..%2fpackage.json',
        '/assets/%2e%2e/%2e%2e/package.json',
      ]) {
        const answer = await raw(scene.demo.gateway, { path });
        expect(answer.status, path).to.be.oneOf([400, 404, 410, 303]);
        expect(stays(answer), `${path} → ${answer.location}`).to.equal(true);
        expect(answer.text, path).not.to.match(/(?:href|action)="(?:\/\/|\/\\|https?:\/\/evil)/);
        expect(answer.text, path).not.to.contain('"dependencies"');
      }
    });
  });

  describe('hosts and methods', () => {
    it('a forged Host is not answered, and no forwarded header changes an address (CVE-2026-29067)', async () => {
      const { demo } = scene;
      const honest = JSON.parse((await raw(`${demo.gateway}/.well-known/openid-configuration`)).text);
      expect(honest.issuer).to.equal(demo.gateway);
      for (const host of [
        'evil.example',
        `${new URL(demo.gateway).host}.evil.example`,
        `evil.example:${new URL(demo.gateway).port}`,
        'localhost',
      ]) {
        for (const path of [
          '/.well-known/openid-configuration',
          '/',
          '/oidc/authorize?client_id=renkei-web',
          '/initiate?iss=x',
        ]) {
          const answer = await raw(`${demo.gateway}${path}`, { headers: { host } });
          expect(answer.status, `${host} ${path}`).to.equal(400);
          expect(answer.text).not.to.contain('evil.example');
        }
      }
      const forwarded = {
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        'x-forwarded-port': '444',
        'x-forwarded-for': '10.0.0.1',
        'forwarded': 'host=evil.example;proto=https',
        'x-original-url': '/company',
        'x-rewrite-url': '/company',
        'x-forwarded-prefix': '/evil',
      };
      const told = JSON.parse(
        (await raw(`${demo.gateway}/.well-known/openid-configuration`, { headers: forwarded })).text,
      );
      expect(told).to.deep.equal(honest);
      const asked = await raw(`${demo.gateway}/self-service`, { headers: forwarded });
      expect(asked.location).to.match(new RegExp(`^${demo.gateway}/oidc/authorize\\?`));
      expect(decodeURIComponent(asked.location ?? '')).not.to.contain('evil.example');
      const page = await raw(`${demo.gateway}/demo`, { headers: forwarded });
      expect(page.text).not.to.contain('evil.example');
      // An address of its own in the request line does not make another host of us.
      const absolute = await raw(demo.gateway, { path: `http://evil.example/.well-known/openid-configuration` });
      expect(absolute.text).not.to.contain('evil.example');
    });

    it('methods that no form has end in a page, and do nothing', async () => {
      const { demo } = scene;
      const browser = scene.browser();
      const page = await browser.submit(await toChoice(scene, browser), {}, 'direct');
      for (const url of [
        page.url,
        `${demo.gateway}/`,
        `${demo.gateway}/logout`,
        `${demo.gateway}/company/people`,
        `${demo.gateway}/upstream/callback`,
        `${demo.gateway}/oidc/token`,
        `${demo.gateway}/oidc/authorize`,
        `${demo.gateway}/language`,
        `${demo.gateway}/health`,
      ]) {
        for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'TRACE', 'SEARCH']) {
          const answer = await raw(url, { method, browser });
          expect(answer.status, `${method} ${url}`).to.be.within(200, 499);
          expect(answer.headers['access-control-allow-origin'], `${method} ${url}`).to.equal(undefined);
          if (method === 'TRACE') expect(answer.text).not.to.contain('renkei_browser=');
        }
        const head = await raw(url, { method: 'HEAD', browser });
        expect(head.status, `HEAD ${url}`).to.be.below(500);
        expect(head.text).to.equal('');
      }
      expect((await browser.open(page.url)).screen).to.equal('LGN002');
    });

    it('cookies and headers of any size or shape are a clean answer', async () => {
      const { demo } = scene;
      const odd = [
        { cookie: `renkei_browser=${'x'.repeat(4_000)}` },
        { cookie: `renkei_session=${'x'.repeat(6_000)}; renkei_session.sig=${'y'.repeat(2_000)}` },
        {
          cookie: Array.from({ length: 300 }, (_each, index) => `renkei_device_${index}=${'v'.repeat(20)}`).join('; '),
        },
        { cookie: 'renkei_interaction=__proto__; renkei_language=constructor; =; ;;; a' },
        { cookie: 'renkei_language=%00; renkei_browser=%' },
        { 'accept-language': 'x'.repeat(8_000) },
        { accept: '*/*;q=x,,,,;;;' },
        { 'user-agent': `<script>${'x'.repeat(5_000)}` },
        { authorization: 'Basic %%%' },
        { authorization: `Bearer ${'x'.repeat(8_000)}` },
        { 'content-length': '5' },
      ];
      for (const headers of odd) {
        for (const path of [
          '/',
          '/sign-in/x',
          '/upstream/callback?state=x',
          '/oidc/userinfo',
          '/oidc/authorize?client_id=renkei-web',
          '/company',
        ]) {
          if ('content-length' in headers) continue;
          const answer = await raw(`${demo.gateway}${path}`, { headers });
          expect(answer.status, `${JSON.stringify(headers).slice(0, 60)} ${path}`).to.be.within(200, 499);
          expect(answer.text).not.to.contain('<script>x');
        }
      }
      const huge = await raw(`${demo.gateway}/`, { headers: { cookie: 'x'.repeat(40_000) } });
      expect(huge.status).to.equal(431);
      expect((await raw(`${demo.gateway}/sign-in/${'x'.repeat(7_000)}`)).status).to.equal(410);
      expect((await raw(`${demo.gateway}/?${'x'.repeat(7_000)}`)).status).to.be.below(500);
      expect((await raw(demo.gateway)).status).to.be.below(400);
    });

    it('a surplus of device cookies ends with five of them', async () => {
      const person = scene.demo.person('rhashimoto46');
      const browser = scene.browser();
      for (let index = 0; index < 12; index += 1)
        browser.setCookie(`renkei_device_${index.toString(16).padStart(8, '0')}`, 'v'.repeat(43));
      browser.setCookie('renkei_device_(x)"@,', 'v'.repeat(43));
      await enter(scene, browser, person, { remember: true });
      expect(cookiesNamed(browser, 'renkei_device_')).to.have.length(5);
      for (const [name] of cookiesNamed(browser, 'renkei_'))
        if (!name.startsWith('renkei_device_')) browser.dropCookie(name);
      expect((await through(scene, browser, person)).screen).to.equal('CALLBACK');
    });
  });
});
