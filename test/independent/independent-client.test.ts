// openid-client, a relying-party library that is certified on its own, used as its documentation says: what a portal does
// with codes, tokens and sessions, and what it is told when it does it wrong.
import { expect } from 'chai';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import type { DemoPerson } from '../../src/demo/people.ts';
import {
  clientScene,
  errorWord,
  failure,
  keyPair,
  portalSecret,
  type ClientScene,
  type Entered,
} from '../support/client-scene.ts';
import type { Demo } from '../support/demo-process.ts';
import { begin, discovered, verifiedLogoutToken, walk, type RelyingParty } from '../support/relying-party.ts';
import type { ScriptBrowser } from '../support/script-browser.ts';
import { renkei, soon } from '../support/walks.ts';

describe('a portal built with openid-client', function () {
  this.timeout(60_000);
  let scene: ClientScene;
  let demo: Demo;
  let rp: RelyingParty;

  before(async () => {
    scene = await clientScene();
    ({ demo, rp } = scene);
  });

  after(() => scene?.close());

  describe('with its secret in the header, and the standard’s defaults', () => {
    let browser: ScriptBrowser;
    let first: Entered;
    const person = (): DemoPerson => demo.person('ywatanabe85');

    it('gets an ID token by code and PKCE that the library accepts', async () => {
      browser = demo.browser();
      first = await scene.enter(browser, person(), 'basic');
      expect(first.screens).to.deep.equal(['LGN001', 'BDD001', 'LNK001', 'OTP001', 'CALLBACK']);
      const claims = first.tokens.claims();
      expect(claims).to.include({
        iss: demo.gateway,
        aud: 'basic',
        acr: 'urn:renkei:acr:federated-otp',
        preferred_username: 'ywatanabe85',
      });
      expect(claims?.['amr']).to.deep.equal(['fed', 'pwd', 'otp', 'mfa']);
      expect(claims?.auth_time).to.be.closeTo(Math.floor((await demo.now()) / 1000), 120);
      expect(decodeProtectedHeader(first.tokens.id_token ?? ''))
        .to.include({ alg: 'RS256' })
        .and.have.property('kid');
      expect(first.tokens.expires_in).to.equal(600);
      expect(claims ? claims.exp - claims.iat : 0).to.equal(600);
      expect(new URL(first.page.url).searchParams.get('iss')).to.equal(demo.gateway);
    });

    it('reads at userinfo what the scopes gave, and no identity of Business Direct', async () => {
      const { sub } = first.tokens.claims() ?? { sub: '' };
      const info = await client.fetchUserInfo(first.config, first.tokens.access_token, sub);
      expect(info).to.deep.include({
        sub,
        preferred_username: 'ywatanabe85',
        name: person().name,
        email: person().email,
        email_verified: true,
        role: 'member',
        company: { contract_number: person().contract_number, name: person().company },
        accounts: [],
      });
      expect(info['link']).to.include({ linked: true });
      expect(JSON.stringify(info)).not.to.include(person().business_direct?.id);
    });

    it('gets only the claims of the scopes it asks, and those it names one by one', async () => {
      const { tokens, config } = await scene.enter(browser, person(), 'basic', {
        scope: 'openid',
        claims: JSON.stringify({ userinfo: { name: { essential: true } }, id_token: { role: null } }),
      });
      const { sub, ...claims } = tokens.claims() ?? { sub: '' };
      expect(claims).to.include({ role: 'member' });
      expect(claims).not.to.have.any.keys('name', 'email', 'company', 'preferred_username');
      const info = await client.fetchUserInfo(config, tokens.access_token, sub);
      expect(info).to.have.property('name', person().name);
      expect(info).not.to.have.any.keys('email', 'company', 'preferred_username', 'role');
    });

    it('refreshes: every refresh token is replaced, and the last one works ten seconds more', async () => {
      const config = await scene.as('basic');
      const { tokens } = await scene.enter(browser, person(), 'basic');
      const old = tokens.refresh_token ?? '';
      const second = await client.refreshTokenGrant(config, old);
      expect(second.refresh_token).to.be.a('string').and.not.equal(old);
      expect(second.claims()).to.include({
        sub: tokens.claims()?.sub,
        auth_time: tokens.claims()?.auth_time,
        acr: tokens.claims()?.['acr'],
      });
      const again = await client.refreshTokenGrant(config, old);
      expect(again.refresh_token).to.be.a('string');
      await demo.forward(11);
      expect(await errorWord(client.refreshTokenGrant(config, old))).to.equal('invalid_grant');
      // Somebody came back with a token that was replaced long ago: nothing of this grant is good any more.
      expect(await errorWord(client.refreshTokenGrant(config, second.refresh_token ?? ''))).to.equal('invalid_grant');
      expect(await errorWord(client.fetchUserInfo(config, second.access_token, client.skipSubjectCheck))).to.equal(
        'invalid_token',
      );
    });

    it('or as its registration says: never twice, or one token that stays', async () => {
      const strict = await scene.enter(browser, person(), 'strict');
      const old = strict.tokens.refresh_token ?? '';
      await client.refreshTokenGrant(strict.config, old);
      expect(await errorWord(client.refreshTokenGrant(strict.config, old))).to.equal('invalid_grant');
      const keeping = await scene.enter(browser, person(), 'keeping');
      const kept = keeping.tokens.refresh_token ?? '';
      const next = await client.refreshTokenGrant(keeping.config, kept);
      expect(next.refresh_token ?? kept).to.equal(kept);
      expect((await client.refreshTokenGrant(keeping.config, kept)).access_token).to.be.a('string');
    });

    it('asks about its own tokens, as the bank’s resource servers may about all', async () => {
      const { tokens, config } = await scene.enter(browser, person(), 'basic');
      const mine = await client.tokenIntrospection(config, tokens.access_token);
      expect(mine).to.include({
        active: true,
        client_id: 'basic',
        token_type: 'Bearer',
        iss: demo.gateway,
        sub: tokens.claims()?.sub,
      });
      expect((await client.tokenIntrospection(config, tokens.refresh_token ?? '')).active).to.equal(true);
      expect((await client.tokenIntrospection(await scene.as('api'), tokens.access_token)).active).to.equal(true);
      expect(await client.tokenIntrospection(await scene.as('post'), tokens.access_token)).to.deep.equal({
        active: false,
      });
      expect(await client.tokenIntrospection(config, 'nobody-knows-this-token')).to.deep.equal({ active: false });
    });

    it('revokes: an access token alone, a refresh token with all that came of it, and none of a stranger', async () => {
      const { tokens, config } = await scene.enter(browser, person(), 'basic');
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
      const refresh = refreshed.refresh_token ?? '';
      await failure(client.tokenRevocation(await scene.as('post'), refresh));
      expect((await client.tokenIntrospection(config, refresh)).active, 'revoked by a stranger').to.equal(true);
      await client.tokenRevocation(config, refreshed.access_token);
      expect((await client.tokenIntrospection(config, refreshed.access_token)).active).to.equal(false);
      expect(await errorWord(client.fetchUserInfo(config, refreshed.access_token, client.skipSubjectCheck))).to.equal(
        'invalid_token',
      );
      await client.tokenRevocation(config, refresh, { token_type_hint: 'refresh_token' });
      expect(await errorWord(client.refreshTokenGrant(config, refresh))).to.equal('invalid_grant');
      expect((await client.tokenIntrospection(config, tokens.access_token)).active).to.equal(false);
      await client.tokenRevocation(config, 'nobody-knows-this-token');
    });
  });

  describe('knows a person', () => {
    let browser: ScriptBrowser;
    const person = (): DemoPerson => demo.person('dyamamoto47');
    const subAt = async (clientId: string, ask: Readonly<Record<string, string | null>> = {}): Promise<string> => {
      const { tokens } = await scene.enter(browser, person(), clientId, ask);
      return tokens.claims()?.sub ?? '';
    };

    it('under one name within its sector, another outside, and a public one where it is registered so', async () => {
      browser = demo.browser();
      const [basic, signing, elsewhere, twoHosts] = [
        await subAt('basic'),
        await subAt('signing'),
        await subAt('elsewhere'),
        await subAt('two-hosts'),
      ];
      expect(signing).to.equal(basic);
      expect(new Set([basic, elsewhere, twoHosts]).size).to.equal(3);
      expect(await subAt('two-hosts', { redirect_uri: rp.elsewhere })).to.equal(twoHosts);
      const shared = await subAt('post');
      expect(await subAt('app')).to.equal(shared);
      expect([basic, elsewhere, twoHosts]).not.to.include(shared);
      for (const sub of [basic, shared]) expect(sub).not.to.match(/dyamamoto47|minato05/);
    });

    it('and keeps the name in another browser on another day, also through the direct route', async () => {
      const before = await subAt('basic');
      await demo.forward(86_400);
      browser = demo.browser();
      const { tokens, screens } = await scene.enter(browser, person(), 'basic', {}, { route: 'direct' });
      expect(screens).to.deep.equal(['LGN001', 'LGN002', 'OTP002', 'CALLBACK']);
      expect(tokens.claims()).to.include({ sub: before, acr: 'urn:renkei:acr:password-otp' });
      expect(tokens.claims()?.['amr']).to.deep.equal(['pwd', 'otp', 'mfa']);
    });
  });

  describe('proves itself', () => {
    let browser: ScriptBrowser;
    const person = (): DemoPerson => demo.person('msaito50');

    it('by a secret in the form, and gets ES256 where it is registered', async () => {
      browser = demo.browser();
      const { tokens, config } = await scene.enter(browser, person(), 'post');
      expect(decodeProtectedHeader(tokens.id_token ?? '').alg).to.equal('ES256');
      expect((await client.refreshTokenGrant(config, tokens.refresh_token ?? '')).claims()).to.have.property('sub');
    });

    it('by a key in its registration', async () => {
      const { tokens, config } = await scene.enter(browser, person(), 'signing');
      expect((await client.refreshTokenGrant(config, tokens.refresh_token ?? '')).access_token).to.be.a('string');
      expect((await client.tokenIntrospection(config, tokens.access_token)).active).to.equal(true);
      const stranger = await keyPair('inline', 'ES256');
      const forged = await discovered(demo, 'signing', client.PrivateKeyJwt({ key: stranger.key, kid: 'inline' }));
      expect(await errorWord(client.tokenIntrospection(forged, tokens.access_token))).to.equal('invalid_client');
    });

    it('by a key that it publishes, and by the next one when it has changed', async () => {
      const { tokens } = await scene.enter(browser, person(), 'publishing');
      expect(decodeProtectedHeader(tokens.id_token ?? '').alg).to.equal('ES256');
      scene.publishNext(await keyPair('published-next', 'RS256'));
      await demo.forward(61);
      expect(
        (await client.refreshTokenGrant(await scene.as('publishing'), tokens.refresh_token ?? '')).access_token,
      ).to.be.a('string');
    });

    it('by an assertion that counts once', async () => {
      const assertions: string[] = [];
      const config = await scene.as('signing');
      config[client.customFetch] = (url, { method, headers, body }) => {
        if (body instanceof URLSearchParams) assertions.push(body.get('client_assertion') ?? '');
        return fetch(url, { method, headers, ...(body instanceof URLSearchParams ? { body } : {}) });
      };
      await client.tokenIntrospection(config, 'unknown');
      const [assertion = ''] = assertions;
      expect(decodeJwt(assertion)).to.include({ iss: 'signing', sub: 'signing' });
      const again = await fetch(`${demo.gateway}/oidc/introspection`, {
        method: 'POST',
        body: new URLSearchParams({
          token: 'unknown',
          client_id: 'signing',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        }),
      });
      expect(again.status).to.equal(401);
      expect(JSON.parse(await again.text()).error).to.equal('invalid_client');
    });

    it('not at all as an app: PKCE alone holds, and refresh tokens are never taken twice', async () => {
      const { tokens, config } = await scene.enter(browser, person(), 'app');
      const old = tokens.refresh_token ?? '';
      await client.refreshTokenGrant(config, old);
      expect(await errorWord(client.refreshTokenGrant(config, old))).to.equal('invalid_grant');
    });

    it('wrongly, and is told so', async () => {
      const { tokens } = await scene.enter(browser, person(), 'basic');
      const wrong = await discovered(demo, 'basic', client.ClientSecretBasic('not-the-secret'));
      const error = await failure(client.refreshTokenGrant(wrong, tokens.refresh_token ?? ''));
      expect(error).to.be.instanceOf(client.WWWAuthenticateChallengeError).and.have.property('status', 401);
      const posted = await discovered(demo, 'basic', client.ClientSecretPost(portalSecret));
      expect(await errorWord(client.refreshTokenGrant(posted, tokens.refresh_token ?? ''))).to.equal('invalid_client');
      // None of this hurt the token.
      expect(
        (await client.refreshTokenGrant(await scene.as('basic'), tokens.refresh_token ?? '')).access_token,
      ).to.be.a('string');
    });
  });

  describe('redeems a code', () => {
    let browser: ScriptBrowser;
    const person = (): DemoPerson => demo.person('atanaka93');
    const fresh = async (
      clientId = 'basic',
    ): Promise<{ readonly url: URL; readonly checks: client.AuthorizationCodeGrantChecks }> => {
      const begun = await begin(await scene.as(clientId), scene.callbackOf(clientId));
      const { page } = await walk(demo, browser, person(), begun.url);
      expect(page.screen).to.equal('CALLBACK');
      return { url: new URL(page.url), checks: begun.checks };
    };

    before(() => {
      browser = demo.browser();
    });

    it('once: the second time ends what the first one gave', async () => {
      const { url, checks } = await fresh();
      const tokens = await client.authorizationCodeGrant(await scene.as('basic'), url, checks);
      expect(await errorWord(client.authorizationCodeGrant(await scene.as('basic'), url, checks))).to.equal(
        'invalid_grant',
      );
      expect(
        await errorWord(client.fetchUserInfo(await scene.as('basic'), tokens.access_token, client.skipSubjectCheck)),
      ).to.equal('invalid_token');
      expect(await errorWord(client.refreshTokenGrant(await scene.as('basic'), tokens.refresh_token ?? ''))).to.equal(
        'invalid_grant',
      );
    });

    it('with its own verifier, as itself, at its own address, within a minute', async () => {
      const wrongVerifier = await fresh();
      const checks = { ...wrongVerifier.checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
      expect(
        await errorWord(client.authorizationCodeGrant(await scene.as('basic'), wrongVerifier.url, checks)),
      ).to.equal('invalid_grant');
      const foreign = await fresh();
      expect(
        await errorWord(client.authorizationCodeGrant(await scene.as('post'), foreign.url, foreign.checks)),
      ).to.equal('invalid_grant');
      const moved = await fresh();
      // The library names as redirect_uri the address that the answer came to.
      moved.url.hostname = '127.0.0.1';
      expect(await errorWord(client.authorizationCodeGrant(await scene.as('basic'), moved.url, moved.checks))).to.equal(
        'invalid_grant',
      );
      const late = await fresh();
      await demo.forward(61);
      expect(await errorWord(client.authorizationCodeGrant(await scene.as('basic'), late.url, late.checks))).to.equal(
        'invalid_grant',
      );
    });

    it('and the library refuses an answer of another issuer, another state, another nonce', async () => {
      const { url, checks } = await fresh();
      const mixed = new URL(url);
      mixed.searchParams.set('iss', 'https://attacker.example');
      const config = await scene.as('basic');
      const cause = async (work: Promise<unknown>): Promise<string> => {
        const error = await failure(work);
        return error instanceof Error
          ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`
          : String(error);
      };
      expect(await cause(client.authorizationCodeGrant(config, mixed, checks))).to.include('"iss"');
      expect(await cause(client.authorizationCodeGrant(config, url, { ...checks, expectedState: 'other' }))).to.include(
        '"state"',
      );
      expect(await cause(client.authorizationCodeGrant(config, url, { ...checks, expectedNonce: 'other' }))).to.include(
        '"nonce"',
      );
    });
  });

  describe('signs out', () => {
    const person = (): DemoPerson => demo.person('sito48');

    it('at once by the ID token, also one that has expired, and comes back with its state; other portals are told', async () => {
      const browser = demo.browser();
      const basic = await scene.enter(browser, person(), 'basic');
      const post = await scene.enter(browser, person(), 'post');
      await demo.forward(700);
      const url = client.buildEndSessionUrl(basic.config, {
        id_token_hint: basic.tokens.id_token ?? '',
        post_logout_redirect_uri: rp.start,
        state: 'back again',
      });
      const page = await browser.open(url.href);
      expect(page.screen).to.equal('START');
      expect(page.hops).to.have.length(2);
      expect(new URL(page.url).searchParams.get('state')).to.equal('back again');
      expect(await scene.silent(browser, 'basic')).to.equal('login_required');
      for (const { config, tokens } of [basic, post])
        expect(await errorWord(client.refreshTokenGrant(config, tokens.refresh_token ?? ''))).to.equal('invalid_grant');

      for (const [clientId, entered, alg] of [
        ['basic', basic, 'RS256'],
        ['post', post, 'ES256'],
      ] as const) {
        const [token = ''] = await soon(
          async () => rp.logoutTokens(clientId),
          (tokens) => tokens.length > 0,
        );
        const { payload, protectedHeader } = await verifiedLogoutToken(demo, token, clientId);
        expect(protectedHeader.alg).to.equal(alg);
        expect(payload).to.include({ sub: entered.tokens.claims()?.sub, sid: entered.tokens.claims()?.['sid'] });
        expect(payload['events']).to.deep.equal({ 'http://schemas.openid.net/event/backchannel-logout': {} });
        expect(payload).not.to.have.property('nonce');
        expect((payload.exp ?? 0) - (payload.iat ?? 0)).to.be.within(1, 600);
      }
    });

    it('after one question without a proof, and goes nowhere that is not registered', async () => {
      const browser = demo.browser();
      const { config, tokens } = await scene.enter(browser, person(), 'basic');
      const asked = await browser.open(client.buildEndSessionUrl(config, { post_logout_redirect_uri: rp.start }).href);
      expect(asked.screen).to.equal('OUT001');
      expect((await client.tokenIntrospection(config, tokens.access_token)).active).to.equal(true);
      const refused = await browser.open(
        client.buildEndSessionUrl(config, { post_logout_redirect_uri: 'http://localhost:1/evil' }).href,
      );
      expect([refused.status, refused.screen]).to.deep.equal([400, 'REF023']);
      const again = await browser.open(client.buildEndSessionUrl(config, { post_logout_redirect_uri: rp.start }).href);
      expect((await browser.submit(again, {})).screen).to.equal('START');
      expect(await scene.silent(browser, 'basic')).to.equal('login_required');
      expect((await client.tokenIntrospection(config, tokens.access_token)).active).to.equal(false);
    });

    it('the person whose link is removed: tokens are dead at once, and the portal is told', async () => {
      const browser = demo.browser();
      const { config, tokens } = await scene.enter(browser, person(), 'elsewhere');
      const told = rp.logoutTokens('elsewhere').length;
      const { status, err } = await renkei(demo, 'unlink', person().login_id, '--json');
      expect(status, err).to.equal(0);
      expect((await client.tokenIntrospection(config, tokens.access_token)).active).to.equal(false);
      expect(await errorWord(client.fetchUserInfo(config, tokens.access_token, client.skipSubjectCheck))).to.equal(
        'invalid_token',
      );
      expect(await scene.silent(browser, 'elsewhere')).to.equal('login_required');
      const received = await soon(
        async () => rp.logoutTokens('elsewhere'),
        ({ length }) => length > told,
      );
      const { payload } = await verifiedLogoutToken(demo, received.at(-1) ?? '', 'elsewhere');
      expect(payload['sid']).to.equal(tokens.claims()?.['sid']);
    });
  });
});
