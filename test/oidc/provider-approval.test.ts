// Pushed requests (RFC 9126) and what they ask to have approved (RFC 9396): who may ask, how often, and what comes back.
import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as openid from 'openid-client';
import type { PortalRequest } from '../../src/rules/sign-in-record.ts';
import {
  authorize,
  back,
  codeFor,
  gateway,
  login,
  moveClock,
  objects,
  otpNow,
  pass,
  payload,
  portalAt,
  redeem,
  refresh,
  restoreClock,
  rules,
  signIn,
  verifier,
  type Answer,
  type Browser,
  type Gateway,
  userinfo,
} from './provider-harness.ts';

const transfer = {
  type: 'urn:renkei:approval',
  action: '振込',
  payee: 'みなと銀行 本店 普通 1234567',
  amount: { value: '1500000', currency: 'JPY' },
  date: '2026-11-30',
};
const challenge = createHash('sha256').update(verifier).digest('base64url');

describe('a pushed authorization request', () => {
  let gate: Gateway;
  let key: Awaited<ReturnType<typeof generateKeyPair>>;
  before(async () => {
    moveClock();
    key = await generateKeyPair('ES256');
    gate = await gateway({
      portals: [
        portalAt('alpha'),
        portalAt('beta'),
        portalAt('watch', { renkei: { ...rules, resourceServer: true } }),
        portalAt('spa', { client_secret: undefined, token_endpoint_auth_method: 'none' }),
        portalAt('post', { token_endpoint_auth_method: 'client_secret_post' }),
        portalAt('signing', {
          client_secret: undefined,
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: {
            keys: [{ ...(await exportJWK(key.publicKey)), kty: 'EC', kid: 'signing', alg: 'ES256', use: 'sig' }],
          },
        }),
      ],
    });
  });
  after(async () => {
    restoreClock();
    await gate.close();
  });
  beforeEach(() => {
    gate.fakes.step = { to: 'page', slug: 'approve' };
  });

  const asked = (client: string, more: Record<string, string> = {}): Record<string, string> => ({
    client_id: client,
    response_type: 'code',
    redirect_uri: `https://${client}.example/cb`,
    scope: 'openid profile',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  });
  const details = (...list: readonly object[]): Record<string, string> => ({
    authorization_details: JSON.stringify(list),
  });
  const push = (more: Record<string, string> = {}, client = 'alpha'): Promise<Answer> =>
    back(gate, '/oidc/par', client, asked(client, more));
  const open = (who: Browser, uri: unknown, client = 'alpha'): Promise<Answer> =>
    who.go(`/oidc/authorize?${new URLSearchParams({ client_id: client, request_uri: String(uri) })}`);
  const uriOf = (answer: Answer): string => String(answer.json()['request_uri']);
  const wordOf = (answer: Answer): string | null => answer.location?.searchParams.get('error') ?? null;
  const approvalOf = (): PortalRequest['approval'] => gate.fakes.opened?.request.approval ?? null;

  /** From the pushed request to the portal's address, approved under this number. */
  async function approved(who: Browser, uri: string, number = 'AAAA-0001'): Promise<Answer> {
    const page = await open(who, uri);
    await who.go(page.location?.pathname ?? '/nowhere');
    const record = login(gate.fakes, 'hanako', { otp: otpNow() });
    const done = await who.go(`${page.location?.pathname}/finish?login=${record.id}&approved=${number}`);
    return who.go(done.location?.href ?? '/nowhere');
  }
  const codeIn = (answer: Answer): string => answer.location?.searchParams.get('code') ?? '';

  describe('of any portal', () => {
    it('is answered with an address for one minute, and signs in as the same request would', async () => {
      const answer = await push({ acr_values: 'urn:renkei:acr:federated-otp', max_age: '60', ui_locales: 'en' });
      expect(answer.status, answer.text).to.equal(201);
      expect(answer.json()).to.have.all.keys('request_uri', 'expires_in').and.to.include({ expires_in: 60 });
      const who = gate.browser();
      const page = await open(who, uriOf(answer));
      expect(page.location?.pathname).to.match(/^\/sign-in\//);
      await who.go(page.location?.pathname ?? '');
      expect(gate.fakes.opened?.request).to.include({ otpDemanded: true, maxAge: 60, language: 'en', approval: null });
      const code = codeIn(await signIn(who, page, login(gate.fakes, 'hanako', { otp: otpNow() })));
      const tokens = (await redeem(gate, code)).json();
      expect(payload(tokens['id_token'])['nonce']).to.equal('the-nonce');
      expect(tokens).not.to.have.property('authorization_details');
    });

    it('is taken from public portals too, and from none that does not say who it is', async () => {
      expect((await push({}, 'spa')).status).to.equal(201);
      const nobody = await gate.browser().go('/oidc/par', {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams(asked('alpha')),
      });
      expect([nobody.status, nobody.json()['error']]).to.deep.equal([401, 'invalid_client']);
      const own = await gate.browser().go('/oidc/par', {
        method: 'POST',
        body: new URLSearchParams({
          ...asked('renkei-web'),
          response_type: 'none',
          scope: 'openid',
          redirect_uri: `${gate.url}/signed-in`,
        }),
      });
      expect([own.status, own.json()['error']]).to.deep.equal([400, 'unauthorized_client']);
      // Registered for the other way of saying its secret.
      const wrongWay = await gate.browser().go('/oidc/par', {
        method: 'POST',
        body: new URLSearchParams({ client_secret: 'secret-of-alpha', ...asked('alpha') }),
      });
      expect([wrongWay.status, wrongWay.json()['error']]).to.deep.equal([401, 'invalid_client']);
      const rightWay = await gate.browser().go('/oidc/par', {
        method: 'POST',
        body: new URLSearchParams({ client_secret: 'secret-of-post', ...asked('post') }),
      });
      expect(rightWay.status).to.equal(201);
    });

    it('is taken with an assertion that the portal signed, once, made for us', async () => {
      const assertion = (audience: string): Promise<string> => {
        const at = Math.floor(Date.now() / 1000);
        return new SignJWT({ iss: 'signing', sub: 'signing', aud: audience, jti: randomUUID(), iat: at, exp: at + 60 })
          .setProtectedHeader({ alg: 'ES256', kid: 'signing' })
          .sign(key.privateKey);
      };
      const pushed = async (signed: string): Promise<number> =>
        (
          await gate.browser().go('/oidc/par', {
            method: 'POST',
            body: new URLSearchParams({
              ...asked('signing', details(transfer)),
              client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
              client_assertion: signed,
            }),
          })
        ).status;
      const good = await assertion(gate.issuer);
      expect([await pushed(good), await pushed(good)]).to.deep.equal([201, 401]);
      expect(await pushed(await assertion('https://elsewhere.example'))).to.equal(401);
      expect(await pushed(`${(await assertion(gate.issuer)).split('.').slice(0, 2).join('.')}.x`)).to.equal(401);
    });

    it('has every parameter once, in a form of a size that is read', async () => {
      const posted = (body: string | URLSearchParams): Promise<Answer> =>
        gate.browser().go('/oidc/par', {
          method: 'POST',
          headers: {
            accept: 'application/json',
            authorization: `Basic ${Buffer.from('alpha:secret-of-alpha').toString('base64')}`,
            ...(typeof body === 'string' && { 'content-type': 'application/json' }),
          },
          body,
        });
      for (const name of ['authorization_details', 'redirect_uri', 'client_id', 'state']) {
        const twice = new URLSearchParams(asked('alpha', details(transfer)));
        twice.append(name, twice.get(name) ?? '');
        expect([name, (await posted(twice)).json()['error']]).to.deep.equal([name, 'invalid_request']);
      }
      expect((await posted(JSON.stringify(asked('alpha', details(transfer))))).status).to.equal(400);
      const huge = await posted(new URLSearchParams({ ...asked('alpha'), state: 'x'.repeat(200_000) }));
      expect([huge.status, huge.json()['error']]).to.deep.equal([400, 'invalid_request']);
      const deep = await push({ authorization_details: `${'['.repeat(7_000)}${']'.repeat(7_000)}` });
      expect([deep.status, deep.json()['error']]).to.deep.equal([400, 'invalid_authorization_details']);
      expect(gate.fakes.events.filter(({ kind }) => kind === 'unexpected')).to.deep.equal([]);
    });

    it('is judged when it is pushed: address, PKCE, scope, size', async () => {
      const words = async (more: Record<string, string>): Promise<unknown> => (await push(more)).json()['error'];
      expect(await words({ redirect_uri: 'https://evil.example/' })).to.equal('invalid_request');
      expect(await words({ code_challenge: '' })).to.equal('invalid_request');
      expect(await words({ request_uri: 'urn:ietf:params:oauth:request_uri:x' })).to.equal('request_uri_not_supported');
      expect(await words({ request: 'a.b.c' })).to.equal('request_not_supported');
      expect(await words({ state: 'x'.repeat(17_000) })).to.equal('invalid_request');
      expect((await gate.browser().go('/oidc/par')).status).to.equal(404);
    });

    it('is all that a portal with openid-client may use: sign-in, code demanded, silent, re-authentication', async () => {
      const config = await openid.discovery(
        new URL(gate.url),
        'alpha',
        { id_token_signed_response_alg: 'ES256' },
        openid.ClientSecretBasic('secret-of-alpha'),
        { execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks] },
      );
      const who = gate.browser();
      const ask = async (more: Record<string, string>, page: boolean): Promise<openid.IDToken | undefined> => {
        const [state, nonce] = [openid.randomState(), openid.randomNonce()];
        const pkceCodeVerifier = openid.randomPKCECodeVerifier();
        const url = await openid.buildAuthorizationUrlWithPAR(config, {
          redirect_uri: 'https://alpha.example/cb',
          scope: 'openid profile',
          state,
          nonce,
          code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
          code_challenge_method: 'S256',
          ...more,
        });
        const first = await who.go(url.href);
        expect(first.location?.pathname.startsWith('/sign-in/'), JSON.stringify(more)).to.equal(page);
        const last = page ? await signIn(who, first, login(gate.fakes, 'hanako', { otp: otpNow() })) : first;
        const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier, idTokenExpected: true };
        const tokens = await openid.authorizationCodeGrant(config, last.location ?? new URL(gate.url), checks);
        expect(tokens.authorization_details).to.equal(undefined);
        return tokens.claims();
      };
      expect(await ask({}, true)).to.include({ acr: 'urn:renkei:acr:federated-otp' });
      gate.fakes.step = { to: 'finish' };
      expect(await ask({ prompt: 'none' }, false)).to.include({ acr: 'urn:renkei:acr:federated-otp' });
      expect(await ask({ acr_values: 'urn:renkei:acr:federated-otp' }, false)).to.have.property('sid');
      for (const fresh of [{ max_age: '0' }, { prompt: 'login' }])
        expect(await ask(fresh, true)).to.have.property('auth_time');
    });

    it('is good once, for its own portal, and for a minute', async () => {
      const uri = uriOf(await push());
      expect((await open(gate.browser(), uri)).location?.pathname).to.match(/^\/sign-in\//);
      expect(wordOf(await open(gate.browser(), uri))).to.equal('invalid_request_uri');
      const foreign = uriOf(await push());
      const stolen = await open(gate.browser(), foreign, 'beta');
      expect(stolen.location?.pathname ?? '').not.to.match(/^\/sign-in\//);
      expect(stolen.text + String(stolen.location)).to.match(/invalid_request_object/);
      expect((await open(gate.browser(), foreign)).location?.pathname, 'still its own portal’s').to.match(
        /^\/sign-in\//,
      );
      const late = uriOf(await push());
      pass(61_000);
      expect((await open(gate.browser(), late)).location?.pathname ?? '').not.to.match(/^\/sign-in\//);
      expect((await open(gate.browser(), `${late}x`)).location?.pathname ?? '').not.to.match(/^\/sign-in\//);
    });

    it('is taken up by one of many browsers that open it at once', async () => {
      const uri = uriOf(await push());
      const pages = await Promise.all(Array.from({ length: 8 }, () => open(gate.browser(), uri)));
      expect(pages.filter(({ location }) => location?.pathname.startsWith('/sign-in/'))).to.have.length(1);
    });

    it('counts alone: what the browser adds to it changes nothing', async () => {
      const who = gate.browser();
      const uri = uriOf(await push(details(transfer)));
      const more = new URLSearchParams({
        client_id: 'alpha',
        request_uri: uri,
        scope: 'openid email',
        redirect_uri: 'https://alpha.example/other',
        prompt: 'none',
        acr_values: 'urn:renkei:acr:password-otp',
        max_age: '1',
        login_hint: 'somebody',
        ui_locales: 'en',
        resource: 'https://api.example/',
        response_mode: 'form_post',
        ...details({ ...transfer, payee: 'somebody else' }),
      });
      const page = await who.go(`/oidc/authorize?${more}`);
      await who.go(page.location?.pathname ?? '/nowhere');
      expect(approvalOf()?.items.map(({ payee }) => payee)).to.deep.equal([transfer.payee]);
      expect(gate.fakes.opened?.request).to.include({
        otpDemanded: false,
        maxAge: null,
        loginHint: null,
        language: null,
      });
      const both = await who.go(
        `/oidc/authorize?${new URLSearchParams({ client_id: 'alpha', request_uri: uri, request: 'a.b.c' })}`,
      );
      expect(both.location?.pathname ?? '').not.to.match(/^\/sign-in\//);
    });
  });

  it('leaves ordinary requests as they were: `resource` is nothing to us, the answer has nothing new', async () => {
    gate.fakes.step = { to: 'finish' };
    for (const resource of [
      'https://api.example/',
      'urn:renkei:approval:none',
      'no-address',
      'https://api.example/#x',
    ]) {
      const who = gate.browser();
      const params = { resource, scope: 'openid profile api:read' };
      const sent = await redeem(gate, await codeFor(gate, who, { params }), 'alpha', { resource });
      const plain = await redeem(gate, await codeFor(gate, who), 'alpha');
      expect(sent.status, sent.text).to.equal(200);
      for (const tokens of [sent.json(), plain.json()]) {
        expect(tokens).to.have.all.keys(
          'access_token',
          'token_type',
          'expires_in',
          'id_token',
          'refresh_token',
          'scope',
        );
        expect(tokens['scope']).to.match(/^openid profile( email)?$/);
      }
      const { access_token: access, refresh_token: renewing } = sent.json();
      expect((await userinfo(gate, access)).status).to.equal(200);
      const about = (await back(gate, '/oidc/introspection', 'watch', { token: String(access) })).json();
      expect(about).to.include({ active: true }).and.not.to.have.any.keys('aud', 'authorization_details');
      const renewed = await back(gate, '/oidc/token', 'alpha', {
        grant_type: 'refresh_token',
        refresh_token: String(renewing),
        resource,
      });
      expect(renewed.status, renewed.text).to.equal(200);
    }
    const several = await gate
      .browser()
      .go(
        `/oidc/authorize?${new URLSearchParams([...Object.entries(asked('alpha')), ['resource', 'a'], ['resource', 'b']])}`,
      );
    expect(several.location?.pathname).to.match(/^\/sign-in\//);
    expect((await push({ resource: 'https://api.example/', ...details(transfer) })).status).to.equal(201);
  });

  describe('that asks for an approval', () => {
    it('is frozen with the interaction, and its receipt comes with the code’s tokens', async () => {
      const who = gate.browser();
      const sent = [transfer, { ...transfer, payee: '別の振込先', count: 2, number: 'F-2' }];
      const back = await approved(who, uriOf(await push(details(...sent))));
      expect(approvalOf()?.items).to.deep.equal([
        {
          action: '振込',
          payee: transfer.payee,
          amount: transfer.amount,
          count: null,
          date: '2026-11-30',
          number: null,
        },
        { action: '振込', payee: '別の振込先', amount: transfer.amount, count: 2, date: '2026-11-30', number: 'F-2' },
      ]);
      const tokens = (await redeem(gate, codeIn(back))).json();
      const told = objects(tokens['authorization_details']);
      expect(told.map(({ receipt: _receipt, approved_at: _at, ...rest }) => rest)).to.deep.equal(sent);
      expect(told.map(({ receipt }) => receipt)).to.deep.equal(['AAAA-0001', 'AAAA-0001']);
      expect(Date.parse(String(told[0]?.['approved_at']))).to.be.closeTo(Date.now(), 5_000);
      expect(payload(tokens['id_token'])).not.to.have.property('authorization_details');

      const ask = async (token: unknown, client: string): Promise<unknown> =>
        (await back_introspect(token, client)).json()['authorization_details'];
      expect(await ask(tokens['access_token'], 'watch')).to.deep.equal(tokens['authorization_details']);
      expect(await ask(tokens['refresh_token'], 'alpha')).to.equal(undefined);
      expect(await ask(tokens['access_token'], 'beta')).to.equal(undefined);

      // A token of later tells of no approval, and none can be asked for there.
      const next = (await refresh(gate, tokens['refresh_token'])).json();
      expect(next).to.have.property('access_token');
      expect(next).not.to.have.property('authorization_details');
      expect(await ask(next['access_token'], 'watch')).to.equal(undefined);
    });
    const back_introspect = (token: unknown, client: string): Promise<Answer> =>
      back(gate, '/oidc/introspection', client, { token: String(token) });

    it('never goes through the browser', async () => {
      const who = gate.browser();
      const answer = await authorize(who, { params: details(transfer) });
      expect(wordOf(answer)).to.equal('invalid_request');
      expect(answer.location?.searchParams.get('error_description')).to.match(/must be pushed/);
      expect(wordOf(await authorize(who, { params: { authorization_details: '[]' } }))).to.equal('invalid_request');
      expect(wordOf(await authorize(who, { params: { authorization_details: 'x' } }))).to.match(/^invalid_/);
      const own = await authorize(who, { client: 'renkei-web', params: details(transfer) });
      expect(own.location?.pathname ?? '').not.to.match(/^\/sign-in\//);
    });

    it('is refused at once where it could not be shown', async () => {
      const words = async (more: Record<string, string>): Promise<unknown> => {
        const answer = await push(more);
        expect(answer.status).to.equal(400);
        return answer.json()['error'];
      };
      const wrong = [
        '[]',
        '{}',
        'null',
        '"x"',
        '[',
        '[1]',
        '[{}]',
        JSON.stringify([{ ...transfer, type: 'payment_initiation' }]),
        JSON.stringify([{ ...transfer, note: 'x' }]),
        JSON.stringify([{ ...transfer, payee: 'A\u202EB' }]),
        JSON.stringify([{ ...transfer, amount: 5 }]),
        JSON.stringify(Array.from({ length: 11 }, () => transfer)),
        JSON.stringify([{ ...transfer, valid_until: new Date(Date.now() - 1000).toISOString().replace(/\.\d+/, '') }]),
      ];
      for (const text of wrong)
        expect(await words({ authorization_details: text }), text).to.equal('invalid_authorization_details');
      expect(
        await words({ authorization_details: JSON.stringify([{ ...transfer, payee: 'x'.repeat(20_000) }]) }),
      ).to.match(/^invalid_/);
      expect(gate.fakes.events.filter(({ kind }) => kind === 'unexpected')).to.deep.equal([]);
    });

    it('is not answered by a login, however fresh: nothing less than its approval gives a code', async () => {
      const who = gate.browser();
      await codeFor(gate, who, {}, login(gate.fakes, 'hanako', { otp: otpNow() }));
      const uri = uriOf(await push(details(transfer)));
      const page = await open(who, uri);
      expect(page.location?.pathname).to.match(/^\/sign-in\//);
      expect(wordOf(await signIn(who, page, login(gate.fakes, 'hanako', { otp: otpNow() })))).to.equal(
        'interaction_required',
      );
      // An approval of something else.
      const other = await open(who, uriOf(await push(details(transfer))));
      const record = login(gate.fakes, 'hanako', { otp: otpNow() });
      const done = await who.go(
        `${other.location?.pathname}/finish?login=${record.id}&approved=AAAA-0002&digest=other`,
      );
      expect(wordOf(await who.go(done.location?.href ?? '/nowhere'))).to.equal('interaction_required');
      // An approval of this very content, by somebody else than who signed in.
      const page2 = await open(who, uriOf(await push(details(transfer))));
      await who.go(page2.location?.pathname ?? '');
      const own = login(gate.fakes, 'hanako', { otp: otpNow() });
      const by = await who.go(`${page2.location?.pathname}/finish?login=${own.id}&approved=AAAA-0002&by=taro`);
      expect(wordOf(await who.go(by.location?.href ?? '/nowhere'))).to.equal('interaction_required');
    });

    it('is over with the code: the same content, asked silently in the same session, is asked anew', async () => {
      const who = gate.browser();
      await redeem(gate, codeIn(await approved(who, uriOf(await push(details(transfer))))));
      const silent = await open(who, uriOf(await push({ prompt: 'none', ...details(transfer) })));
      expect(wordOf(silent)).to.equal('interaction_required');
      const page = await open(who, uriOf(await push(details(transfer))));
      expect(page.location?.pathname).to.match(/^\/sign-in\//);
    });

    it('is worth nothing when the login no longer stands at the way back, or at the token', async () => {
      const who = gate.browser();
      const page = await open(who, uriOf(await push(details(transfer))));
      await who.go(page.location?.pathname ?? '');
      const record = login(gate.fakes, 'hanako', { otp: otpNow() });
      const done = await who.go(`${page.location?.pathname}/finish?login=${record.id}&approved=AAAA-0007`);
      gate.fakes.ended.add(record.id);
      expect(wordOf(await who.go(done.location?.href ?? '/nowhere'))).to.equal('login_required');

      const other = gate.browser();
      const code = codeIn(await approved(other, uriOf(await push(details(transfer)))));
      for (const { id } of gate.fakes.logins.values()) gate.fakes.ended.add(id);
      const answer = (await redeem(gate, code)).json();
      expect(answer['error']).to.equal('invalid_grant');
      expect(answer).not.to.have.property('authorization_details');

      const third = gate.browser();
      const uri = uriOf(await push(details(transfer)));
      gate.fakes.closed.add('alpha');
      expect(wordOf(await approved(third, uri))).to.equal('access_denied');
      gate.fakes.closed.clear();
    });

    it('needs a page: prompt=none is told so', async () => {
      const who = gate.browser();
      await codeFor(gate, who, {}, login(gate.fakes, 'hanako', { otp: otpNow() }));
      const silent = await open(who, uriOf(await push({ prompt: 'none', ...details(transfer) })));
      expect(wordOf(silent)).to.equal('interaction_required');
      gate.fakes.step = { to: 'refuse', word: 'otp-unreachable' };
      const never = await open(who, uriOf(await push({ prompt: 'none', ...details(transfer) })));
      expect(wordOf(never)).to.equal('unmet_authentication_requirements');
    });

    it('gives one code: going back, and the same code twice, give nothing more', async () => {
      const who = gate.browser();
      const uri = uriOf(await push(details(transfer)));
      const page = await open(who, uri);
      await who.go(page.location?.pathname ?? '');
      const record = login(gate.fakes, 'hanako', { otp: otpNow() });
      const done = await who.go(`${page.location?.pathname}/finish?login=${record.id}&approved=AAAA-0003`);
      const code = codeIn(await who.go(done.location?.href ?? ''));
      const again = await who.go(done.location?.href ?? '');
      expect([again.status, again.location]).to.deep.equal([400, null]);
      expect((await who.go(`${page.location?.pathname}/finish?login=${record.id}&approved=AAAA-0004`)).status).to.equal(
        410,
      );
      expect((await open(who, uri)).location).to.equal(null);
      expect((await redeem(gate, code)).json()).to.have.property('authorization_details');
      expect((await redeem(gate, code)).json()['error']).to.equal('invalid_grant');
    });

    it('is asked for at no other place', async () => {
      const who = gate.browser();
      const back = await approved(who, uriOf(await push(details(transfer))));
      const wider = await redeem(gate, codeIn(back), 'alpha', details({ ...transfer, payee: 'somebody else' }));
      expect(wider.json()['error']).to.equal('invalid_authorization_details');
      const tokens = (await redeem(gate, codeIn(back))).json();
      expect(objects(tokens['authorization_details'])[0]).to.include({ receipt: 'AAAA-0001' });
      const plain = await codeFor(gate, gate.browser());
      const added = await redeem(gate, plain, 'alpha', details(transfer));
      expect(added.json()['error']).to.equal('invalid_authorization_details');
    });

    it('leaves no trace in a sign-in without one, in the same session', async () => {
      const who = gate.browser();
      await redeem(gate, codeIn(await approved(who, uriOf(await push(details(transfer))))));
      gate.fakes.step = { to: 'finish' };
      const tokens = (await redeem(gate, await codeFor(gate, who))).json();
      expect(tokens).to.have.property('id_token').and.not.to.have.property('authorization_details');
      expect(tokens).not.to.have.property('authorization_details');
    });
  });
});
