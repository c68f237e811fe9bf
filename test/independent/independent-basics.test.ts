// The basics of an OpenID Provider, asked by hand as a conformance suite would: each sentence is one of OpenID Connect Core,
// RFC 6749, 6750, 9207 or RP-Initiated Logout, over plain HTTP, and in a real browser where that decides.
import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { chromium } from 'playwright-core';
import type { DemoPerson } from '../../src/demo/people.ts';
import { startDemo, type Demo } from '../support/demo-process.ts';
import { relyingParty, walk, type RelyingParty } from '../support/relying-party.ts';
import type { ScriptBrowser } from '../support/script-browser.ts';
import { needs } from '../support/tools.ts';
import { nextCode, overlay } from '../support/walks.ts';

const secret = 'a-secret-of-a-portal-0123456789-abcdef';
const basic = (clientId: string, value = secret): string =>
  `Basic ${Buffer.from(`${clientId}:${value}`).toString('base64')}`;

type Params = Readonly<Record<string, string | null>>;

describe('an OpenID Provider', function () {
  this.timeout(60_000);
  let config: string;
  let demo: Demo;
  let rp: RelyingParty;

  before(async () => {
    rp = await relyingParty();
    const portal = (client_id: string, more: object, ours: object): object => ({
      client_id,
      client_secret: secret,
      redirect_uris: [rp.callback],
      ...more,
      renkei: { open: true, ...ours },
    });
    config = overlay({
      'portals.yaml': [
        portal(
          'plain',
          { grant_types: ['authorization_code', 'refresh_token'], post_logout_redirect_uris: [rp.start] },
          { pkce: 'optional' },
        ),
        portal('careful', {}, {}),
        portal('away', { redirect_uris: [rp.elsewhere] }, { pkce: 'optional' }),
      ],
    });
    demo = await startDemo('embedded', { env: { RENKEI_CONFIG: config } });
  });

  after(async () => {
    await demo?.stop();
    await rp?.close();
    if (config) rmSync(config, { recursive: true, force: true });
  });

  const form = (params: Params): URLSearchParams =>
    new URLSearchParams(Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== null));
  const request = (ask: Params = {}): URLSearchParams =>
    form({
      client_id: 'plain',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: rp.callback,
      state: 'the state',
      nonce: 'the nonce',
      ...ask,
    });
  const authorizeUrl = (ask: Params = {}): string => `${demo.gateway}/oidc/authorize?${request(ask).toString()}`;
  const authorize = (ask: Params): Promise<Response> =>
    fetch(authorizeUrl(ask), { redirect: 'manual', headers: { accept: 'text/html' } });

  /** The parameters of an answer that went to the portal, in the query or the fragment. */
  async function told(ask: Params): Promise<URLSearchParams> {
    const response = await authorize(ask);
    const url = new URL(response.headers.get('location') ?? 'http://nowhere', demo.gateway);
    expect(`${url.origin}${url.pathname}`, `${response.status} ${url.href}`).to.equal(rp.callback);
    return url.hash === '' ? url.searchParams : new URLSearchParams(url.hash.slice(1));
  }

  const token = (params: Params, authorization = basic('plain')): Promise<Response> =>
    fetch(`${demo.gateway}/oidc/token`, { method: 'POST', headers: { authorization }, body: form(params) });
  const json = async (response: Response): Promise<Record<string, unknown>> => JSON.parse(await response.text());
  const textOf = (body: Record<string, unknown>, name: string): string => {
    const value = body[name];
    return typeof value === 'string' ? value : '';
  };

  /** A code for a person who may have to walk through the pages. */
  async function codeFor(browser: ScriptBrowser, person: DemoPerson, ask: Params = {}): Promise<string> {
    const { page } = await walk(demo, browser, person, authorizeUrl(ask));
    expect(page.screen, page.url).to.equal('CALLBACK');
    return new URL(page.url).searchParams.get('code') ?? '';
  }

  const redeem = async (code: string): Promise<Record<string, unknown>> => {
    const response = await token({ grant_type: 'authorization_code', code, redirect_uri: rp.callback });
    expect(response.status).to.equal(200);
    return json(response);
  };

  describe('describes itself', () => {
    it('at its well-known address, by GET and HEAD, truly and to machines alone', async () => {
      const address = `${demo.gateway}/.well-known/openid-configuration`;
      const response = await fetch(address, { headers: { origin: 'https://evil.example' } });
      expect(response.headers.get('content-type')).to.match(/^application\/json/);
      expect(response.headers.get('access-control-allow-origin')).to.equal(null);
      expect(response.headers.getSetCookie()).to.deep.equal([]);
      const metadata = await json(response);
      expect(metadata).to.deep.include({
        issuer: demo.gateway,
        authorization_endpoint: `${demo.gateway}/oidc/authorize`,
        response_types_supported: ['code', 'none'],
        subject_types_supported: ['pairwise', 'public'],
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
        claims_parameter_supported: true,
        request_uri_parameter_supported: false,
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
      });
      expect(metadata['grant_types_supported']).to.have.members(['authorization_code', 'refresh_token']);
      expect(metadata['id_token_signing_alg_values_supported']).to.have.members(['ES256', 'RS256']);
      expect(metadata['acr_values_supported']).to.have.length(4);
      for (const [name, value] of Object.entries(metadata))
        if (name.endsWith('_endpoint') || name.endsWith('_uri'))
          expect(value).to.match(new RegExp(`^${demo.gateway}/`));
      const head = await fetch(address, { method: 'HEAD' });
      expect(head.status).to.equal(200);
      expect(await head.text()).to.equal('');
    });

    it('and shows the public half of its keys, one for each algorithm', async () => {
      const { keys } = await json(await fetch(`${demo.gateway}/oidc/jwks`));
      if (!Array.isArray(keys)) throw new Error('no keys');
      expect(keys.map(({ alg }: { alg: string }) => alg)).to.have.members(['ES256', 'RS256']);
      for (const key of keys) {
        expect(Object.keys(key)).to.include.members(['kty', 'kid', 'use']);
        expect(Object.keys(key)).not.to.include.any.members(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth']);
      }
    });
  });

  describe('refuses a request', () => {
    it('on its own page, when it cannot know whose it is or where to answer', async () => {
      const wrong: readonly Params[] = [
        { client_id: null },
        { client_id: 'nobody' },
        { client_id: 'renkei-web' },
        { redirect_uri: null },
        { redirect_uri: `${rp.callback}/` },
        { redirect_uri: `${rp.callback}?more=1` },
        { redirect_uri: rp.callback.replace('/callback', '/Callback') },
        { redirect_uri: `${rp.callback}#fragment` },
        { redirect_uri: rp.elsewhere },
        { redirect_uri: 'javascript:alert(1)' },
      ];
      for (const ask of wrong) {
        const response = await authorize(ask);
        const html = await response.text();
        expect(response.status, JSON.stringify(ask)).to.equal(400);
        expect(response.headers.get('location')).to.equal(null);
        expect(html).to.match(
          /<main[^>]* data-screen="REF023"[^>]* data-refusal="portal-request"|<main[^>]* data-refusal="portal-request"[^>]* data-screen="REF023"/,
        );
        expect(response.headers.get('x-renkei-reference'), 'a number to tell').to.be.a('string');
        expect(html).to.include(response.headers.get('x-renkei-reference'));
      }
    });

    it('at the portal, with state and iss, when it is faulty or not supported', async () => {
      const faulty: readonly (readonly [Params, string])[] = [
        [{ response_type: null }, 'invalid_request'],
        [{ response_type: 'token' }, 'unsupported_response_type'],
        [{ response_type: 'id_token' }, 'unsupported_response_type'],
        [{ response_type: 'code id_token' }, 'unsupported_response_type'],
        [{ response_type: 'none' }, 'invalid_request'],
        [{ response_mode: 'web_message' }, 'unsupported_response_mode'],
        [{ scope: null, nonce: null }, 'invalid_scope'],
        [{ scope: 'profile', nonce: null }, 'invalid_scope'],
        [{ prompt: 'none login' }, 'invalid_request'],
        [{ prompt: 'none consent' }, 'invalid_request'],
        [{ prompt: 'create' }, 'invalid_request'],
        [{ max_age: '-1' }, 'invalid_request'],
        [{ max_age: 'soon' }, 'invalid_request'],
        [{ claims: '{' }, 'invalid_request'],
        [{ claims: '[]' }, 'invalid_request'],
        [{ id_token_hint: 'garbage' }, 'invalid_request'],
        [{ request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
        [{ request_uri: 'https://portal.example/request' }, 'request_uri_not_supported'],
        [{ registration: '{}' }, 'registration_not_supported'],
        [{ code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' }, 'invalid_request'],
        [{ code_challenge: 'a'.repeat(43) }, 'invalid_request'],
        [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
        [{ client_id: 'careful' }, 'invalid_request'],
        [{ prompt: 'none' }, 'login_required'],
      ];
      for (const [ask, error] of faulty) {
        const answer = await told(ask);
        expect(answer.get('error'), JSON.stringify(ask)).to.equal(error);
        expect(answer.get('state')).to.equal('the state');
        expect(answer.get('iss')).to.equal(demo.gateway);
        expect(answer.has('code')).to.equal(false);
      }
      const twice = await fetch(`${authorizeUrl()}&nonce=other`, { redirect: 'manual' });
      expect(twice.headers.get('location')).to.include('error=invalid_request');
    });

    it('but not for what it does not know: parameters, scopes, languages, displays', async () => {
      for (const ask of [
        { extra: 'x' },
        { scope: 'openid phone offline_access nonsense' },
        { ui_locales: 'tlh' },
        { display: 'popup' },
        { acr_values: 'urn:nobody:knows' },
        { claims_locales: 'fr' },
      ]) {
        const response = await authorize(ask);
        expect(response.headers.get('location'), JSON.stringify(ask)).to.match(/^\/sign-in\//);
      }
    });
  });

  describe('answers', () => {
    let browser: ScriptBrowser;
    const person = (): DemoPerson => demo.person('ywatanabe85');

    before(async () => {
      browser = demo.browser();
      await codeFor(browser, person());
    });

    it('with state and iss beside the code; without a state when none was sent', async () => {
      const { searchParams: answer } = new URL((await browser.open(authorizeUrl())).url);
      expect([...answer.keys()].toSorted()).to.deep.equal(['code', 'iss', 'state']);
      const { searchParams: stateless } = new URL((await browser.open(authorizeUrl({ state: null }))).url);
      expect([...stateless.keys()].toSorted()).to.deep.equal(['code', 'iss']);
    });

    it('with the nonce in the ID token when one was sent, and the claims that are due', async () => {
      const claims = decodeJwt(textOf(await redeem(await codeFor(browser, person())), 'id_token'));
      expect(claims).to.include({ nonce: 'the nonce', aud: 'plain', iss: demo.gateway });
      expect(Object.keys(claims)).to.include.members(['sub', 'exp', 'iat', 'auth_time', 'acr', 'amr', 'sid']);
      expect(
        decodeJwt(textOf(await redeem(await codeFor(browser, person(), { nonce: null })), 'id_token')),
      ).not.to.have.property('nonce');
    });

    it('with tokens that nobody keeps on the way', async () => {
      const answer = await token({
        grant_type: 'authorization_code',
        code: await codeFor(browser, person()),
        redirect_uri: rp.callback,
      });
      expect(answer.headers.get('cache-control')).to.equal('no-store');
      expect(answer.headers.get('content-type')).to.match(/^application\/json/);
      const body = await json(answer);
      expect(body).to.include({ token_type: 'Bearer', expires_in: 600, scope: 'openid' });
      const failed = await token({ grant_type: 'authorization_code', code: 'unknown', redirect_uri: rp.callback });
      expect(failed.status).to.equal(400);
      expect(failed.headers.get('cache-control')).to.equal('no-store');
      expect((await json(failed))['error']).to.equal('invalid_grant');
    });

    it('in the query, the fragment, or by a form', async () => {
      const fragment = await browser.open(authorizeUrl({ response_mode: 'fragment' }));
      expect(new URLSearchParams(new URL(fragment.url).hash.slice(1)).get('code')).to.be.a('string');
      const posted = await browser.open(authorizeUrl({ response_mode: 'form_post' }));
      expect(posted.status).to.equal(200);
      expect(posted.html)
        .to.include(`action="${rp.callback}"`)
        .and.match(/name="code" value="[\w-]{40,}"/);
      expect(posted.html, 'also without JavaScript').to.match(/<noscript>[\s\S]*<button/);
    });

    it('a request by POST as one by GET, also one that another site’s page sends without our cookies', async () => {
      const post = (): Promise<Response> =>
        fetch(`${demo.gateway}/oidc/authorize`, {
          method: 'POST',
          body: request(),
          redirect: 'manual',
          headers: { 'accept': 'text/html', 'origin': 'http://127.0.0.1:1', 'sec-fetch-site': 'cross-site' },
        });
      const first = await post();
      expect(first.status).to.equal(303);
      expect(first.headers.getSetCookie(), 'and this browser keeps what it has open').to.deep.equal([]);
      const location = new URL(first.headers.get('location') ?? '', demo.gateway).href;
      expect(location).to.equal(authorizeUrl());
      expect((await browser.open(location)).screen).to.equal('CALLBACK');

      const form = (body: string, type: string): Promise<Response> =>
        fetch(`${demo.gateway}/oidc/authorize`, {
          method: 'POST',
          body,
          redirect: 'manual',
          headers: { 'accept': 'text/html', 'content-type': type },
        });
      expect((await form(JSON.stringify(Object.fromEntries(request())), 'application/json')).status).to.equal(400);
      expect((await form(`state=${'x'.repeat(20_000)}`, 'application/x-www-form-urlencoded')).status).to.equal(400);
    });

    it('a code once: when it comes again, what it gave is void', async () => {
      const code = await codeFor(browser, person());
      const tokens = await redeem(code);
      expect(
        (await json(await token({ grant_type: 'authorization_code', code, redirect_uri: rp.callback })))['error'],
      ).to.equal('invalid_grant');
      const info = await fetch(`${demo.gateway}/oidc/userinfo`, {
        headers: { authorization: `Bearer ${textOf(tokens, 'access_token')}` },
      });
      expect(info.status).to.equal(401);
      expect(
        (await json(await token({ grant_type: 'refresh_token', refresh_token: textOf(tokens, 'refresh_token') })))[
          'error'
        ],
      ).to.equal('invalid_grant');
    });

    it('what it is asked of the person at userinfo, by GET and POST, from the header or a form', async () => {
      const accessToken = textOf(
        await redeem(await codeFor(browser, person(), { scope: 'openid profile email' })),
        'access_token',
      );
      const ask = (init: RequestInit): Promise<Response> => fetch(`${demo.gateway}/oidc/userinfo`, init);
      const authorization = `Bearer ${accessToken}`;
      for (const init of [
        { headers: { authorization } },
        { method: 'POST', headers: { authorization } },
        { method: 'POST', body: form({ access_token: accessToken }) },
      ]) {
        const response = await ask(init);
        expect(response.status).to.equal(200);
        expect(response.headers.get('cache-control')).to.equal('no-store');
        expect(await json(response)).to.include({ preferred_username: person().login_id, email: person().email });
      }
      expect(
        (await fetch(`${demo.gateway}/oidc/userinfo?access_token=${accessToken}`)).status,
        'never from the address',
      ).to.equal(400);
    });
  });

  describe('tells a client what is wrong', () => {
    it('at userinfo by WWW-Authenticate', async () => {
      const bad = await fetch(`${demo.gateway}/oidc/userinfo`, {
        headers: { authorization: 'Bearer unknown', origin: 'https://evil.example' },
      });
      expect(bad.status).to.equal(401);
      expect(bad.headers.get('www-authenticate')).to.match(/^Bearer realm="[^"]+", error="invalid_token"/);
      expect(bad.headers.get('access-control-allow-origin')).to.equal(null);
      const none = await fetch(`${demo.gateway}/oidc/userinfo`);
      expect(none.status).to.equal(401);
      expect(none.headers.get('www-authenticate')).to.match(/^Bearer realm="[^"]+"$/);
    });

    it('at the token endpoint, with the words of RFC 6749', async () => {
      const code = { grant_type: 'authorization_code', code: 'unknown', redirect_uri: rp.callback };
      const wrong: readonly (readonly [Promise<Response>, number, string])[] = [
        [token({}), 400, 'invalid_request'],
        [token({ grant_type: 'password', username: 'a', password: 'b' }), 400, 'unsupported_grant_type'],
        [token({ grant_type: 'client_credentials' }), 400, 'unsupported_grant_type'],
        [token({ grant_type: 'refresh_token', refresh_token: 'unknown' }), 400, 'invalid_grant'],
        [token({ grant_type: 'refresh_token', refresh_token: 'unknown' }, basic('careful')), 400, 'invalid_request'],
        [token(code, basic('plain', 'wrong')), 401, 'invalid_client'],
        [token(code, basic('nobody')), 401, 'invalid_client'],
        [token({ ...code, client_id: 'plain', client_secret: secret }), 400, 'invalid_request'],
        [token(code, 'Basic %%%'), 400, 'invalid_request'],
        [fetch(`${demo.gateway}/oidc/token`, { method: 'POST', body: form(code) }), 400, 'invalid_request'],
        [
          fetch(`${demo.gateway}/oidc/token`, { method: 'POST', body: form({ ...code, client_id: 'plain' }) }),
          401,
          'invalid_client',
        ],
        [
          fetch(`${demo.gateway}/oidc/token`, {
            method: 'POST',
            headers: { 'authorization': basic('plain'), 'content-type': 'application/json' },
            body: JSON.stringify(code),
          }),
          400,
          'invalid_request',
        ],
      ];
      for (const [index, [answer, status, error]] of wrong.entries()) {
        const response = await answer;
        const body = await json(response);
        expect([response.status, body['error']], `${index} ${JSON.stringify(body)}`).to.deep.equal([status, error]);
        expect(response.headers.get('cache-control')).to.equal('no-store');
        expect(response.headers.get('access-control-allow-origin')).to.equal(null);
        expect(response.headers.get('x-content-type-options')).to.equal('nosniff');
        expect(response.headers.getSetCookie()).to.deep.equal([]);
        if (status === 401 && index < 9) expect(response.headers.get('www-authenticate')).to.match(/^Basic realm=/);
      }
      expect((await fetch(`${demo.gateway}/oidc/token`)).status).to.equal(404);
    });
  });

  it('signs out by POST as by GET', async () => {
    const browser = demo.browser();
    const tokens = await redeem(await codeFor(browser, demo.person('dyamamoto47')));
    const ask = form({ id_token_hint: textOf(tokens, 'id_token'), post_logout_redirect_uri: rp.start, state: 'away' });
    const page = await browser.post(`${demo.gateway}/oidc/end-session`, ask.toString());
    expect(page.screen).to.equal('START');
    expect(new URL(page.url).searchParams.get('state')).to.equal('away');
    expect((await browser.open(authorizeUrl({ prompt: 'none' }))).url).to.include('error=login_required');
  });

  it('and a page of another site can post to it and be posted to, in a real browser', async function () {
    const executablePath = needs(this, 'chromium');
    const person = demo.person('sabe89');
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const page = await (await browser.newContext()).newPage();
      const screen = (id: string): Promise<void> =>
        page.locator(`main[data-screen="${id}"]`).waitFor({ state: 'attached' });
      const away = { client_id: 'away', redirect_uri: rp.elsewhere, response_mode: 'form_post' };
      /** The portal's page on 127.0.0.1 sends its request to localhost. */
      const postFromElsewhere = async (): Promise<void> => {
        const inputs = [...request(away)].map(([name, value]) => `<input name="${name}" value="${value}">`).join('');
        await page.goto(rp.elsewhere.replace('/callback', '/'));
        await page.setContent(
          `<form method="post" action="${demo.gateway}/oidc/authorize">${inputs}<button>go</button></form>`,
        );
        await page.locator('button').click();
      };
      await postFromElsewhere();
      await screen('LGN001');
      await page.locator('main form button[name="action"][value="direct"]').click();
      await screen('LGN002');
      await page.fill('[name="login_id"]', person.login_id);
      await page.fill('[name="password"]', person.password);
      await page.locator('main form[method="post"] button[type="submit"]').first().click();
      await screen('OTP002');
      await page.fill('[name="otp"]', await nextCode(demo, person));
      await page.locator('main form[method="post"] button[type="submit"]').first().click();
      await screen('CALLBACK');
      const posted = async (): Promise<Record<string, unknown>> =>
        JSON.parse((await page.locator('#posted').textContent()) ?? '{}');
      expect(await posted())
        .to.include({ state: 'the state', iss: demo.gateway })
        .and.have.property('code');

      await postFromElsewhere();
      await screen('CALLBACK');
      expect(await posted(), 'the live session is seen through the post of another site').to.have.property('code');
    } finally {
      await browser.close();
    }
  });
});
