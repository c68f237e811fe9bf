// The provider from the outside: what a portal's server and a person's browser see of it.
import { expect } from 'chai';
import { createConnection } from 'node:net';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import {
  authorize,
  back,
  codeFor,
  gateway,
  header,
  login,
  moveClock,
  newKeys,
  objects,
  otpNow,
  pass,
  payload,
  portalAt,
  redeem,
  refresh,
  restoreClock,
  signIn,
  userinfo,
  type Gateway,
} from './provider-harness.ts';

const acr = (name: string): string => `urn:renkei:acr:${name}`;

describe('the OpenID Provider', () => {
  let gate: Gateway;
  before(async () => {
    moveClock();
    gate = await gateway();
  });
  after(async () => {
    restoreClock();
    await gate.close();
  });
  beforeEach(() => {
    gate.fakes.step = { to: 'finish' };
    gate.fakes.judged.length = 0;
    gate.fakes.endings.length = 0;
    gate.fakes.entered.length = 0;
  });

  describe('announces itself', () => {
    it('with the issuer’s addresses, whatever Host or forwarded headers say', async () => {
      const headers = {
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        'forwarded': 'host=evil.example',
      };
      const plain = await gate.browser().go('/.well-known/openid-configuration', { headers });
      const raw = async (target: string): Promise<string> => {
        const socket = createConnection(Number(new URL(gate.url).port), 'localhost');
        socket.write(`GET ${target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
        let text = '';
        for await (const chunk of socket) text += String(chunk);
        return text;
      };
      for (const target of [
        '/.well-known/openid-configuration',
        'http://evil.example/.well-known/openid-configuration',
      ]) {
        expect(await raw(target), target)
          .to.include('200 OK')
          .and.not.include('evil');
      }
      expect(plain.text).not.to.include('evil');
      const discovery = plain.json();
      expect(discovery).to.include({
        issuer: gate.url,
        authorization_endpoint: `${gate.url}/oidc/authorize`,
        token_endpoint: `${gate.url}/oidc/token`,
        end_session_endpoint: `${gate.url}/oidc/end-session`,
        backchannel_logout_supported: true,
        claims_parameter_supported: true,
      });
      expect(discovery['response_types_supported']).to.deep.equal(['code', 'none']);
      expect(discovery['grant_types_supported']).to.have.members(['authorization_code', 'refresh_token']);
      expect(discovery['id_token_signing_alg_values_supported']).to.have.members(['ES256', 'RS256']);
      expect(discovery['subject_types_supported']).to.deep.equal(['pairwise', 'public']);
      expect(discovery['acr_values_supported']).to.deep.equal(
        ['federated', 'federated-otp', 'password', 'password-otp'].map(acr),
      );
      expect(discovery['scopes_supported']).to.have.members(['openid', 'profile', 'email', 'accounts']);
      expect(discovery['code_challenge_methods_supported']).to.deep.equal(['S256']);
      expect(discovery['pushed_authorization_request_endpoint']).to.equal(`${gate.url}/oidc/par`);
      expect(discovery['authorization_details_types_supported']).to.deep.equal(['urn:renkei:approval']);
      expect(discovery).not.to.have.any.keys(
        'require_pushed_authorization_requests',
        'dpop_signing_alg_values_supported',
        'registration_endpoint',
      );
    });

    it('and shows public keys only', async () => {
      const keys = objects((await gate.browser().go('/oidc/jwks')).json()['keys']);
      expect(keys.map(({ kid, alg, use }) => [kid, alg, use])).to.deep.equal([
        ['first-es', 'ES256', 'sig'],
        ['first-rs', 'RS256', 'sig'],
      ]);
      for (const key of keys) expect(key).not.to.have.any.keys('d', 'p', 'q', 'dp', 'dq', 'qi');
    });

    it('the same way each time, by whichever method it is asked', async () => {
      for (const path of ['/.well-known/openid-configuration', '/oidc/jwks']) {
        const told = async (method = 'GET') => {
          const answer = await gate.browser().go(`${path}?x=${Math.random()}`, { method });
          const { status, headers } = answer;
          return { status, type: headers.get('content-type'), text: method === 'GET' ? answer.json() : null };
        };
        const first = await told();
        expect(first.status).to.equal(200);
        expect(await told()).to.deep.equal(first);
        expect(await told('HEAD')).to.deep.equal({ ...first, text: null });
        expect((await told('POST')).status).to.be.oneOf([404, 405]);
      }
    });

    it('at exactly its own paths', async () => {
      for (const path of [
        '/oidc/end-session/CONFIRM',
        '/oidc/end-session/confirm/',
        '/OIDC/token',
        '/oidc/authorize/',
      ]) {
        expect((await gate.browser().go(path, { method: 'POST' })).status).to.equal(404);
      }
    });
  });

  describe('signs in by code and PKCE', () => {
    it('and tells the portal what it may know, in ID token and userinfo', async () => {
      const who = gate.browser();
      const page = await authorize(who, {
        params: { ui_locales: 'en-GB ja', login_hint: 'hanako01', scope: 'openid profile email accounts' },
      });
      expect(page.status).to.equal(303);
      expect(page.location?.pathname).to.match(/^\/sign-in\/[\w-]{21,}$/);
      const attempt = await who.go(page.location?.href ?? '');
      expect(attempt.status).to.equal(200);
      expect(gate.fakes.opened?.request).to.deep.equal({
        clientId: 'alpha',
        portalName: 'Portal alpha',
        own: false,
        otpDemanded: false,
        routes: ['federated', 'direct'],
        unmeetable: false,
        reauthenticate: false,
        maxAge: null,
        selectUser: false,
        loginHint: 'hanako01',
        language: 'en',
        upstream: null,
        consentAsked: false,
        approval: null,
      });
      expect(gate.fakes.opened?.live).to.equal(null);

      const record = login(gate.fakes, 'hanako', { otp: otpNow() });
      const returned = await signIn(who, page, record);
      expect(returned.status).to.equal(303);
      expect(returned.location?.origin).to.equal('https://alpha.example');
      expect(returned.location?.searchParams.get('state')).to.equal('the-state');
      expect(returned.location?.searchParams.get('iss')).to.equal(gate.url);

      const tokens = (await redeem(gate, returned.location?.searchParams.get('code') ?? '')).json();
      expect(tokens).to.include({ token_type: 'Bearer', expires_in: 600, scope: 'openid profile email accounts' });
      const { payload: claims, protectedHeader } = await jwtVerify(
        String(tokens['id_token']),
        createRemoteJWKSet(new URL(`${gate.url}/oidc/jwks`)),
        { issuer: gate.url, audience: 'alpha', currentDate: new Date(Date.now()) },
      );
      expect(protectedHeader).to.include({ alg: 'ES256', kid: 'first-es' });
      expect(claims).to.deep.include({
        nonce: 'the-nonce',
        acr: acr('federated-otp'),
        amr: ['fed', 'otp', 'mfa'],
        auth_time: Math.floor(record.authTime / 1000),
        preferred_username: 'name-of-hanako',
        name: '連携 花子',
        email: 'hanako@example.jp',
        email_verified: true,
        company: { contract_number: '1234567890', name: '連携商事' },
        role: 'admin',
        link: { linked: true, since: '2026-11-22T08:50:00+09:00' },
        accounts: [{ branch_code: '100', branch_name: '本店', kind: '普通', number: '1234567' }],
      });
      expect(claims.exp).to.equal((claims.iat ?? 0) + 600);
      expect(claims.sub).to.not.include('hanako');
      expect(claims['sid']).to.equal(gate.fakes.entered[0]?.sid);
      expect(gate.fakes.entered[0]).to.include({ loginId: record.id, clientId: 'alpha' });
      const info = (await userinfo(gate, tokens['access_token'])).json();
      expect(info).to.include({ sub: claims.sub, preferred_username: 'name-of-hanako' });
    });

    it('and gives only what the scopes of request and registration allow', async () => {
      const few = payload(
        (await redeem(gate, await codeFor(gate, gate.browser(), { params: { scope: 'openid' } }))).json()['id_token'],
      );
      expect(few).to.not.have.any.keys('name', 'email', 'company', 'role', 'accounts', 'preferred_username');
      expect(few).to.include.keys('sub', 'acr', 'amr', 'auth_time', 'sid');
      const refused = await authorize(gate.browser(), { client: 'code-only' });
      expect(refused.location?.searchParams.get('error')).to.equal('invalid_scope');
      const params = {
        scope: 'openid',
        claims: JSON.stringify({ id_token: { email: null, name: { essential: true } } }),
      };
      const code = await codeFor(gate, gate.browser(), { client: 'code-only', params });
      const claims = payload((await redeem(gate, code, 'code-only')).json()['id_token']);
      expect(claims).to.have.property('name');
      expect(claims).to.not.have.property('email');
    });

    it('names one person differently to each portal, and always the same to one', async () => {
      const subs: unknown[] = [];
      for (const client of ['alpha', 'alpha', 'beta', 'basic']) {
        const code = await codeFor(gate, gate.browser(), { client });
        subs.push(payload((await redeem(gate, code, client)).json()['id_token'])['sub']);
      }
      expect(subs[0]).to.equal(subs[1]);
      expect(subs[2]).to.not.equal(subs[0]);
      expect(subs[3]).to.equal('hanako');
    });

    it('and requires PKCE S256 of everybody but confidential portals that may do without', async () => {
      const none = { code_challenge: undefined, code_challenge_method: undefined };
      for (const client of ['alpha', 'spa']) {
        expect(
          (await authorize(gate.browser(), { client, params: none })).location?.searchParams.get('error'),
        ).to.equal('invalid_request');
      }
      const plain = await authorize(gate.browser(), { params: { code_challenge_method: 'plain' } });
      expect(plain.location?.searchParams.get('error')).to.equal('invalid_request');
      const code = await codeFor(gate, gate.browser(), { client: 'basic', params: none });
      const form = { grant_type: 'authorization_code', code, redirect_uri: 'https://basic.example/cb' };
      const tokens = (await back(gate, '/oidc/token', 'basic', form)).json();
      expect(header(tokens['id_token'])).to.include({ alg: 'RS256', kid: 'first-rs' });
      const wrong = await codeFor(gate, gate.browser());
      expect((await redeem(gate, wrong, 'alpha', { code_verifier: 'x'.repeat(43) })).json()['error']).to.equal(
        'invalid_grant',
      );
    });

    it('shows its own page, never the portal’s address, when the address is not registered', async () => {
      const page = await authorize(gate.browser(), { params: { redirect_uri: 'https://alpha.example/cb2' } });
      expect(page.status).to.equal(400);
      expect(page.json()).to.include({ page: 'error', error: 'invalid_redirect_uri' });
      expect((await authorize(gate.browser(), { client: 'nobody' })).json()).to.include({
        page: 'error',
        error: 'invalid_client',
      });
      expect((await authorize(gate.browser(), { params: { response_type: 'token' } })).text).to.not.include(
        'access_token',
      );
    });

    it('takes a secret only the way the portal registered', async () => {
      const code = await codeFor(gate, gate.browser());
      const form = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: 'https://alpha.example/cb',
        client_id: 'alpha',
        client_secret: 'secret-of-alpha',
      });
      const answer = await gate
        .browser()
        .go('/oidc/token', { method: 'POST', body: form, headers: { accept: 'application/json' } });
      expect(answer.status).to.not.equal(200);
      expect(answer.text).to.not.include('access_token');
    });

    it('gives no code when the permission was taken away between the last page and here', async () => {
      const who = gate.browser();
      gate.fakes.closed.add('alpha');
      try {
        const page = await authorize(who);
        const returned = await signIn(who, page, login(gate.fakes, 'hanako', { otp: otpNow() }));
        expect(returned.location?.origin).to.equal('https://alpha.example');
        expect(returned.location?.searchParams.get('error')).to.equal('access_denied');
        expect(returned.location?.searchParams.get('code')).to.equal(null);
      } finally {
        gate.fakes.closed.delete('alpha');
      }
    });

    it('ends with the portal’s error when the person gives up', async () => {
      const who = gate.browser();
      const page = await authorize(who);
      const cancelled = await who.go(`${page.location?.pathname}/cancel?error=access_denied`);
      const returned = await who.go(cancelled.location?.href ?? '');
      expect(Object.fromEntries(returned.location?.searchParams ?? [])).to.deep.include({
        error: 'access_denied',
        error_description: 'cancelled',
        state: 'the-state',
      });
      expect((await who.go(`${page.location?.pathname}/cancel?error=access_denied`)).status).to.equal(410);
    });
  });

  describe('opens an attempt', () => {
    it('only in the browser that began it, under its own address', async () => {
      const [mine, other] = [gate.browser(), gate.browser()];
      const page = await authorize(mine);
      expect((await other.go(page.location?.href ?? '')).status).to.equal(410);
      const second = await authorize(mine);
      const [first, last] = [page.location?.pathname ?? '', second.location?.pathname ?? ''];
      // The cookie of one attempt, well signed, under the address of another.
      const stolen = [...mine.jar].filter(([, { path }]) => path === first);
      for (const [name, cookie] of stolen) other.jar.set(name, { ...cookie, path: last });
      const forged = await other.go(last);
      expect(forged.status).to.equal(410);
      expect((await mine.go(last)).status).to.equal(200);
    });

    it('with cookies that scripts can’t read and that end with the browser', async () => {
      const who = gate.browser();
      await codeFor(gate, who);
      const session = who.jar.get('renkei_session;/');
      expect(session?.attributes.toLowerCase())
        .to.include('httponly')
        .and.include('samesite=lax')
        .and.not.include('expires');
      expect(who.jar.has('renkei_session.sig;/')).to.equal(true);
      const page = await authorize(gate.browser());
      expect(page.headers.getSetCookie().join('\n'))
        .to.match(/renkei_interaction=.*path=\/sign-in\//)
        .and.to.match(/renkei_resume=.*path=\/oidc\/authorize\//);
    });

    it('until its time is over', async () => {
      const who = gate.browser();
      const page = await authorize(who);
      pass(59 * 60_000);
      expect((await who.go(page.location?.href ?? '')).status).to.equal(200);
      pass(2 * 60_000);
      expect((await who.go(page.location?.href ?? '')).status).to.equal(410);
    });

    it('that can’t be finished twice, or resumed without a live login', async () => {
      const who = gate.browser();
      const page = await authorize(who);
      const record = login(gate.fakes, 'hanako');
      const finished = await who.go(`${page.location?.pathname}/finish?login=${record.id}`);
      gate.fakes.ended.add(record.id);
      const returned = await who.go(finished.location?.href ?? '');
      expect(returned.location?.searchParams.get('error')).to.equal('login_required');
      expect((await who.go('/session/now')).json()['session']).to.equal(null);
      expect((await who.go(finished.location?.href ?? '')).status).to.equal(400);
      expect((await who.go(`${page.location?.pathname}/finish?login=${record.id}`)).status).to.equal(410);
    });
  });

  describe('when another person signs in', () => {
    it('ends the first one’s session, with a new sid and no page that needs script', async () => {
      const who = gate.browser();
      const first = login(gate.fakes, 'hanako');
      const hers = (await redeem(gate, await codeFor(gate, who, {}, first))).json();
      const page = await authorize(who, { params: { prompt: 'login' } });
      const his = login(gate.fakes, 'taro');
      const returned = await signIn(who, page, his);
      expect(returned.status).to.equal(303);
      const tokens = (await redeem(gate, returned.location?.searchParams.get('code') ?? '')).json();
      expect(payload(tokens['id_token'])['sid']).to.not.equal(payload(hers['id_token'])['sid']);
      expect(payload(tokens['id_token'])['sub']).to.not.equal(payload(hers['id_token'])['sub']);
      expect(gate.fakes.endings).to.have.length(1);
      expect(gate.fakes.endings[0]).to.deep.include({ reason: 'replaced' });
      expect(gate.fakes.endings[0]?.session).to.deep.include({ accountId: 'hanako', loginIds: [first.id] });
      expect(gate.fakes.endings[0]?.session.portals).to.deep.equal([
        { clientId: 'alpha', sid: payload(hers['id_token'])['sid'] },
      ]);
      expect((await userinfo(gate, hers['access_token'])).status).to.equal(401);
      expect((await refresh(gate, hers['refresh_token'])).json()['error']).to.equal('invalid_grant');
      expect((await who.go('/session/now')).json()['session']).to.include({ accountId: 'taro', loginId: his.id });
    });

    it('also when that session began after the attempt, or ended during it', async () => {
      const who = gate.browser();
      const page = await authorize(who);
      await codeFor(gate, who, { client: 'beta' }, login(gate.fakes, 'hanako'));
      expect((await signIn(who, page, login(gate.fakes, 'taro'))).location?.searchParams.get('code')).to.be.a('string');
      expect(gate.fakes.endings).to.have.length(1);
      const again = await authorize(who, { params: { prompt: 'login' } });
      await who.go('/sign-out/now');
      expect((await signIn(who, again, login(gate.fakes, 'taro'))).location?.searchParams.get('code')).to.be.a(
        'string',
      );
      const cancelled = await authorize(who, { params: { prompt: 'login' } });
      await who.go('/sign-out/now');
      const to = await who.go(`${cancelled.location?.pathname}/cancel?error=access_denied`);
      expect((await who.go(to.location?.href ?? '')).location?.searchParams.get('error')).to.equal('access_denied');
    });
  });

  describe('serves our own consoles', () => {
    it('by a request without code or token, and a session they can read', async () => {
      const who = gate.browser();
      const params = { redirect_uri: `${gate.url}/signed-in`, renkei_upstream: 'https://bd.example' };
      const page = await authorize(who, { client: 'renkei-web', params });
      await who.go(page.location?.href ?? '');
      expect(gate.fakes.opened?.request).to.include({ own: true, upstream: 'https://bd.example' });
      const record = login(gate.fakes, 'hanako');
      const returned = await signIn(who, page, record);
      expect([...(returned.location?.searchParams.keys() ?? [])]).to.have.members(['state', 'iss']);
      const { session } = (await who.go('/session/now')).json();
      expect(session).to.include({ loginId: record.id, accountId: 'hanako' });
      expect(gate.fakes.entered).to.deep.equal([]);
      // The upstream is not for others to name.
      const other = gate.browser();
      await other.go(
        (await authorize(other, { params: { renkei_upstream: 'https://bd.example' } })).location?.href ?? '',
      );
      expect(gate.fakes.opened?.request.upstream).to.equal(null);
      // And others get no response without a code.
      const none = await authorize(gate.browser(), { params: { response_type: 'none' } });
      expect(none.location?.searchParams.get('error')).to.equal('invalid_request');
    });

    it('whose use keeps the session, up to the login’s end', async () => {
      const who = gate.browser();
      const record = login(gate.fakes, 'hanako');
      await codeFor(gate, who, {}, record);
      for (let hour = 0; hour < 29; hour += 1) {
        pass(20 * 60_000);
        expect((await who.go('/session/now')).json()['session'], `after ${hour * 20} minutes`).to.not.equal(null);
      }
      pass(20 * 60_000);
      expect((await who.go('/session/now')).json()['session']).to.equal(null);
      const idle = gate.browser();
      await codeFor(gate, idle);
      pass(31 * 60_000);
      expect((await idle.go('/session/now')).json()['session']).to.equal(null);
    });
  });

  describe('changes its keys', () => {
    it('without downtime: old tokens still verify, new ones are signed by the new key', async () => {
      const own = await gateway();
      const who = own.browser();
      const tokens = (await redeem(own, await codeFor(own, who))).json();
      const [es, rs] = newKeys('second');
      await who.go('/oidc/jwks');
      await own.rim.rotateKeys([es, rs].filter((key) => key !== undefined));
      const published = objects((await who.go('/oidc/jwks')).json()['keys']);
      expect(published.map(({ kid }) => kid)).to.deep.equal(['second-es', 'second-rs']);
      expect((await refresh(own, tokens['refresh_token'])).status).to.equal(200);
      const after = (await redeem(own, await codeFor(own, who, { client: 'beta' }), 'beta')).json();
      expect(header(after['id_token'])['kid']).to.equal('second-es');
      await own.close();
    });
  });

  describe('and', () => {
    it('refuses to start with a portal that is registered wrongly, and names it', async () => {
      const portals = [
        portalAt('good'),
        portalAt('bad', { redirect_uris: ['https://a.example/cb', 'https://b.example/cb'] }),
      ];
      const error = await gateway({ portals }).catch((caught: unknown) => caught);
      expect(String(error)).to.include('bad: ').and.include('sector_identifier_uri');
    });

    it('reports nothing unexpected in all of this', () => {
      expect(gate.fakes.events.filter((event) => event.kind === 'unexpected')).to.deep.equal([]);
    });
  });
});
