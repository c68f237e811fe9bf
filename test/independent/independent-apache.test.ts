// A partner portal that nobody of this house wrote: Debian's Apache with mod_auth_openidc, on 127.0.0.1 while the gateway is
// on localhost, so that each is another site to the browser.
import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { decodeProtectedHeader } from 'jose';
import { chromium } from 'playwright-core';
import type { DemoPerson } from '../../src/demo/people.ts';
import { apacheAddresses, apacheClaims, startApache, type Apache } from '../support/apache.ts';
import { freePort } from '../support/ports.ts';
import { startDemo, type Demo } from '../support/demo-process.ts';
import { walk, type Walked } from '../support/relying-party.ts';
import { decode, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { findTool, needs } from '../support/tools.ts';
import { nextCode, overlay, renkei, soon } from '../support/walks.ts';

const secret = 'apache-secret-0123456789-abcdefghijkl';

type Addresses = ReturnType<typeof apacheAddresses>;

describe('a portal on Apache with mod_auth_openidc', function () {
  this.timeout(60_000);
  let config: string;
  let demo: Demo;
  let apache: Apache;
  /** PKCE by S256, refresh tokens, back-channel logout by `sid`. */
  let main: Addresses;
  /** Without PKCE, which its registration allows; also guards an API by introspection. */
  let plain: Addresses;
  /** Without PKCE, which its registration does not allow. */
  let careless: Addresses;

  before(async function () {
    const program = needs(this, 'apache-openidc');
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    main = apacheAddresses(ports[0]);
    plain = apacheAddresses(ports[1]);
    careless = apacheAddresses(ports[2]);
    const entry = (clientId: string, site: Addresses, renkeiPart: object, more: object = {}): object => ({
      client_id: clientId,
      client_secret: secret,
      client_name: `Apache ${clientId}`,
      token_endpoint_auth_method: 'client_secret_basic',
      redirect_uris: [site.redirectUri],
      post_logout_redirect_uris: [site.start],
      backchannel_logout_uri: site.backchannelLogoutUri,
      ...more,
      renkei: { open: true, ...renkeiPart },
    });
    config = overlay({
      'portals.yaml': [
        entry(
          'apache-main',
          main,
          {},
          {
            grant_types: ['authorization_code', 'refresh_token'],
            backchannel_logout_session_required: true,
            initiate_login_uri: `${main.redirectUri}?target_link_uri=${encodeURIComponent(main.secure)}`,
          },
        ),
        entry('apache-plain', plain, { pkce: 'optional', resourceServer: true }),
        entry('apache-careless', careless, {}),
      ],
    });
    demo = await startDemo('embedded', { env: { RENKEI_CONFIG: config } });
    const lines = ['OIDCScope "openid profile email accounts"', 'OIDCPassIDTokenAs claims serialized'];
    apache = await startApache(program, demo.gateway, [
      {
        port: ports[0],
        clientId: 'apache-main',
        clientSecret: secret,
        lines: [...lines, 'OIDCPKCEMethod S256', 'OIDCProviderTokenEndpointAuth client_secret_basic'],
      },
      {
        port: ports[1],
        clientId: 'apache-plain',
        clientSecret: secret,
        lines: [
          ...lines,
          `OIDCOAuthServerMetadataURL ${demo.gateway}/.well-known/oauth-authorization-server`,
          'OIDCOAuthClientID apache-plain',
          `OIDCOAuthClientSecret ${secret}`,
          'OIDCOAuthIntrospectionEndpointAuth client_secret_basic',
          'OIDCOAuthRemoteUserClaim sub',
          // Asked at every request.
          'OIDCOAuthTokenIntrospectionInterval -1',
          '<Location /api/>',
          'AuthType oauth20',
          'Require claim client_id:apache-main',
          '</Location>',
        ],
      },
      { port: ports[2], clientId: 'apache-careless', clientSecret: secret, lines },
    ]);
  });

  after(async () => {
    await apache?.stop();
    await demo?.stop();
    if (config) rmSync(config, { recursive: true, force: true });
  });

  const enter = (browser: ScriptBrowser, person: DemoPerson, start: string): Promise<Walked> =>
    walk(demo, browser, person, start);

  const signedOut = (browser: ScriptBrowser, site: Addresses): Promise<Page> =>
    soon(
      () => browser.open(site.secure),
      ({ screen }) => screen !== 'APACHE-SECURE',
    );

  describe('and PKCE', () => {
    let browser: ScriptBrowser;
    const person = (): DemoPerson => demo.person('ywatanabe85');

    it('lets a person in through Business Direct, the first-link check and a code, and learns who it is', async () => {
      browser = demo.browser();
      const { page, screens } = await enter(browser, person(), main.secure);
      expect(screens).to.deep.equal(['LGN001', 'BDD001', 'LNK001', 'OTP001', 'APACHE-SECURE']);
      expect(page.url).to.equal(main.secure);
      expect(apacheClaims(page.html)).to.include({
        iss: demo.gateway,
        aud: 'apache-main',
        acr: 'urn:renkei:acr:federated-otp',
        amr: 'fed,pwd,otp,mfa',
        preferred_username: 'ywatanabe85',
        name: person().name,
        email: person().email,
        email_verified: '1',
        role: 'member',
        company: JSON.stringify({ contract_number: person().contract_number, name: person().company }).replace(
          /([:,])"/g,
          '$1 "',
        ),
      });
      const { sub = '', remote_user: user } = apacheClaims(page.html);
      expect(user).to.equal(`${sub}@${demo.gateway}`);
      expect(page.html).not.to.include(person().business_direct?.id);
    });

    it('by a request with S256 and nonce, and an ID token signed as the standard defaults', async () => {
      const { page } = await enter(browser, person(), main.secure);
      const idToken = apacheClaims(page.html)['id_token'] ?? '';
      expect(decodeProtectedHeader(idToken).alg).to.equal('RS256');
      const fresh = await demo.browser().open(main.secure);
      const asked = new URL(fresh.hops[1] ?? '').searchParams;
      expect([...asked.keys()]).to.include.members(['state', 'nonce', 'code_challenge']);
      expect(asked.get('code_challenge_method')).to.equal('S256');
    });

    it('changes its tokens by the refresh token', async () => {
      const before = apacheClaims((await browser.open(main.secure)).html)['access_token'] ?? '';
      const page = await browser.open(
        `${main.redirectUri}?refresh=${encodeURIComponent(main.secure)}&access_token=${before}`,
      );
      expect(page.screen).to.equal('APACHE-SECURE');
      expect(new URL(page.url).searchParams.get('error_code')).to.equal(null);
      const after = apacheClaims(page.html)['access_token'] ?? '';
      expect(after).to.have.length.greaterThan(20).and.not.equal(before);
    });

    it('and its neighbour without PKCE is entered with the same session, without a page and under another name', async () => {
      const { page, screens } = await enter(browser, person(), plain.secure);
      expect(screens).to.deep.equal(['APACHE-SECURE']);
      expect(new URL(page.hops[1] ?? '').searchParams.has('code_challenge')).to.equal(false);
      const [here, there] = [apacheClaims(page.html), apacheClaims((await browser.open(main.secure)).html)];
      expect(here['preferred_username']).to.equal(there['preferred_username']);
      expect(here['sub']).to.be.a('string').with.length.greaterThan(20).and.not.equal(there['sub']);
    });

    it('while an API behind introspection takes its access token', async () => {
      const token = apacheClaims((await browser.open(main.secure)).html)['access_token'] ?? '';
      const ask = (bearer: string): Promise<Response> =>
        fetch(`${new URL(plain.start).origin}/api/`, { headers: { authorization: `Bearer ${bearer}` } });
      expect((await ask(token)).status).to.equal(200);
      expect((await ask(`${token.slice(0, -1)}x`)).status).to.equal(401);
      const other = apacheClaims((await browser.open(plain.secure)).html)['access_token'] ?? '';
      expect((await ask(other)).status, 'a token of another portal').to.equal(401);
    });

    it('signs out at once by its ID token, comes back to the portal, and the neighbour is told', async () => {
      const page = await browser.open(main.logout);
      expect(page.url).to.equal(main.start);
      const [, end = ''] = page.hops;
      expect(end.startsWith(`${demo.gateway}/oidc/end-session?`)).to.equal(true);
      expect(page.hops).to.have.length(3);
      expect((await browser.open(main.secure)).screen).to.equal('LGN001');
      expect((await signedOut(browser, plain)).screen, apache.log()).to.equal('LGN001');
    });
  });

  it('without PKCE, where it is required, is told so and lets nobody in', async () => {
    const page = await demo.browser().open(careless.secure);
    expect(page.screen).not.to.equal('APACHE-SECURE');
    expect(page.url.startsWith(careless.redirectUri)).to.equal(true);
    const answer = new URL(page.url).searchParams;
    expect(answer.get('error')).to.equal('invalid_request');
    expect(answer.get('iss')).to.equal(demo.gateway);
    expect(answer.has('code')).to.equal(false);
  });

  it('is entered from the gateway’s own top page', async () => {
    const browser = demo.browser();
    const person = demo.person('dyamamoto47');
    const { page: top } = await enter(browser, person, `${demo.gateway}/`);
    const href = [...top.html.matchAll(/href="([^"]*)"/g)]
      .map(([, each = '']) => decode(each))
      .find((each) => each.startsWith(main.redirectUri));
    expect(href, top.text()).to.be.a('string');
    const page = await browser.open(href ?? '');
    expect(page.screen, `${page.url} ${page.html}`).to.equal('APACHE-SECURE');
    expect(apacheClaims(page.html)['preferred_username']).to.equal(person.login_id);
  });

  it('loses the person at once when the link is removed, and the next sign-in is checked anew', async () => {
    const person = demo.person('msuzuki14');
    const browser = demo.browser();
    const { page } = await enter(browser, person, main.secure);
    expect(page.screen).to.equal('APACHE-SECURE');
    const token = apacheClaims(page.html)['access_token'] ?? '';
    const api = (): Promise<Response> =>
      fetch(`${new URL(plain.start).origin}/api/`, { headers: { authorization: `Bearer ${token}` } });
    expect((await api()).status).to.equal(200);

    const { status, out, err } = await renkei(demo, 'unlink', person.login_id, '--json');
    expect(status, err).to.equal(0);
    expect(JSON.parse(out).ok).to.equal(true);
    expect((await api()).status).to.equal(401);
    expect((await signedOut(browser, main)).screen, apache.log()).to.equal('LGN001');
    const again = await enter(browser, person, main.secure);
    expect(again.screens).to.include.members(['LNK001', 'OTP001']);
    expect(again.page.screen).to.equal('APACHE-SECURE');
  });

  it('is entered and left in a real browser', async function () {
    const executablePath = findTool('chromium') ?? this.skip();
    const person = demo.person('ntakahashi14');
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const page = await (await browser.newContext()).newPage();
      const screen = (id: string): Promise<void> => page.locator(`main[data-screen="${id}"]`).waitFor();
      const press = (action: string): Promise<void> =>
        page.locator(`main form button[name="action"][value="${action}"]`).click();
      const send = (): Promise<void> => page.locator('main form[method="post"] button[type="submit"]').first().click();
      await page.goto(main.secure);
      await screen('LGN001');
      await press('federated');
      await screen('BDD001');
      await page.fill('[name="business_direct_id"]', person.business_direct?.id ?? '');
      await page.fill('[name="business_direct_password"]', person.business_direct?.password ?? '');
      await page.locator('main form button').first().click();
      await screen('LNK001');
      await page.fill('[name="login_id"]', person.login_id);
      await page.fill('[name="password"]', person.password);
      await send();
      await screen('OTP001');
      await page.fill('[name="otp"]', await nextCode(demo, person));
      await page.check('[name="remember"]');
      await send();
      await screen('APACHE-SECURE');
      expect(apacheClaims(await page.content())).to.include({
        preferred_username: person.login_id,
        acr: 'urn:renkei:acr:federated-otp',
      });

      await page.goto(plain.secure);
      await screen('APACHE-SECURE');
      await page.goto(main.logout);
      await screen('APACHE');
      expect(page.url()).to.equal(main.start);
      await page.goto(main.secure);
      await screen('LGN001');
      // Business Direct knows the person still, and this browser is remembered: no page asks anything.
      await press('federated');
      await screen('APACHE-SECURE');
      expect(apacheClaims(await page.content())['acr']).to.equal('urn:renkei:acr:federated');
    } finally {
      await browser.close();
    }
  });
});
