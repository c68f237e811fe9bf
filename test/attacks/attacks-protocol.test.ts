// The protocol's own holes: requests that a portal should not make, addresses that only look registered, codes and tokens in
// other hands, and what was given before a stop and is used after it.
import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Tokens } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { directly, dottedAddress, enter, raw, theScene, type RawAnswer, type Scene } from './attacks-scene.ts';

describe('attacks on the protocol', function () {
  this.timeout(180_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
    await scene.forgetSources();
  });

  const parametersOf = async (): Promise<URLSearchParams> =>
    new URL(await scene.portal.authorizeUrl(scene.demo.gateway)).searchParams;
  const authorize = (query: URLSearchParams, browser?: ScriptBrowser): Promise<RawAnswer> =>
    raw(`${scene.demo.gateway}/oidc/authorize?${query.toString()}`, browser ? { browser } : {});
  const secretOf = (portal: Scene['portal']): string => String(Reflect.get(portal.entry(), 'client_secret'));
  const post = (
    path: string,
    form: Readonly<Record<string, string>>,
    portal: Scene['portal'] | null = scene.portal,
  ): Promise<RawAnswer> =>
    raw(`${scene.demo.gateway}${path}`, {
      method: 'POST',
      body: new URLSearchParams(form).toString(),
      headers: {
        accept: 'application/json',
        ...(portal
          ? { authorization: `Basic ${Buffer.from(`${portal.clientId}:${secretOf(portal)}`).toString('base64')}` }
          : {}),
      },
    });
  const json = ({ text }: RawAnswer): Record<string, unknown> => JSON.parse(text);

  /** A session of somebody whom no code is asked of. */
  async function signedIn(
    person: DemoPerson = scene.demo.person('hsakamoto24'),
  ): Promise<{ readonly browser: ScriptBrowser; readonly page: Page }> {
    const browser = scene.browser();
    return { browser, page: await directly(scene, browser, person) };
  }

  describe('a request', () => {
    it('without PKCE, with plain, or with a challenge that is none goes back with an error', async () => {
      for (const change of [
        { code_challenge: null, code_challenge_method: null },
        { code_challenge_method: null },
        { code_challenge_method: 'plain' },
        { code_challenge_method: 'S512' },
        { code_challenge: 'x' },
        { code_challenge: '' },
      ] as const) {
        const { browser } = await signedIn();
        const page = await browser.open(await scene.portal.authorizeUrl(scene.demo.gateway, change));
        const back = scene.portal.answer(page);
        expect([back.get('error'), back.get('code')], JSON.stringify(change)).to.deep.equal(['invalid_request', null]);
        expect(back.get('iss')).to.equal(scene.demo.gateway);
      }
    });

    it('to an address that only looks registered shows a page and sends nobody anywhere (CVE-2024-52289)', async () => {
      const registered = `${scene.portal.url}/callback`;
      const port = new URL(registered).port;
      const near = [
        `${registered}/`,
        `${registered}?x=y`,
        `${registered}#x`,
        `${registered}%2f`,
        `${registered}/../callback`,
        `${scene.portal.url}/Callback`,
        `${scene.portal.url}/callbac`,
        `${scene.portal.url}//callback`,
        `${scene.portal.url}/x/../callback`,
        `${scene.portal.url}/callback%00`,
        registered.replace('http:', 'https:'),
        registered.replace('localhost', 'LOCALHOST.'),
        registered.replace('localhost', '127.0.0.1'),
        registered.replace('localhost', 'localhost.evil.example'),
        registered.replace('localhost', 'evil.example@localhost'),
        `http://localhost:${Number(port) + 1}/callback`,
        `http://localhost:${port}@evil.example/callback`,
        'javascript:alert(1)',
        'urn:ietf:wg:oauth:2.0:oob',
        `${scene.other.url}/callback`,
        '',
        '*',
      ];
      const { browser } = await signedIn();
      for (const uri of near) {
        const query = await parametersOf();
        query.set('redirect_uri', uri);
        const answer = await authorize(query, browser);
        expect([answer.status, answer.location], uri).to.deep.equal([400, null]);
        expect(answer.text, uri).to.contain('data-screen="REF023"');
      }
      // A dot is a dot, and no sign of a pattern.
      for (const uri of [
        dottedAddress.replace('foo.example', 'fooaexample'),
        dottedAddress.replace('example.com', 'exampleXcom'),
        dottedAddress.replace('foo.', ''),
        `${dottedAddress}back`,
        `https://evil.example/?${dottedAddress}`,
      ]) {
        const query = new URL(await scene.other.authorizeUrl(scene.demo.gateway, { redirect_uri: uri })).searchParams;
        const answer = await authorize(query, browser);
        expect([answer.status, answer.location], uri).to.deep.equal([400, null]);
      }
      const dotted = await scene.other.authorizeUrl(scene.demo.gateway, { redirect_uri: dottedAddress });
      expect((await authorize(new URL(dotted).searchParams, browser)).location).to.match(
        /^https:\/\/foo\.example\.com\/callback\?code=/,
      );
      const twice = await parametersOf();
      twice.append('redirect_uri', 'https://evil.example/callback');
      expect((await authorize(twice, browser)).location).to.equal(null);
      const none = await parametersOf();
      none.delete('redirect_uri');
      expect((await authorize(none, browser)).location).to.equal(null);
    });

    it('for what is not offered ends in an error: other flows, requests by reference, unknown clients', async () => {
      const { browser } = await signedIn();
      for (const [name, value] of [
        ['response_type', 'token'],
        ['response_type', 'id_token'],
        ['response_type', 'code id_token'],
        ['response_type', 'code token'],
        ['request', 'eyJhbGciOiJub25lIn0.e30.'],
        ['request_uri', 'https://evil.example/request'],
        ['request_uri', 'urn:ietf:params:oauth:request_uri:x'],
        ['registration', '{}'],
        ['claims', '{'],
        ['claims', '[]'],
        ['max_age', '-1'],
        ['max_age', 'x'],
        ['prompt', 'none login'],
        ['prompt', 'create'],
        ['id_token_hint', 'x.y.z'],
        ['scope', 'profile'],
      ] as const) {
        const query = await parametersOf();
        query.set(name, value);
        const answer = await authorize(query, browser);
        const back = answer.location === null ? null : new URL(answer.location);
        expect(back?.searchParams.has('code') ?? false, `${name}=${value} → ${answer.location}`).to.equal(false);
        expect(`${back?.hash ?? ''}${back?.search ?? ''}`, `${name}=${value}`).not.to.match(/access_token|id_token=/);
        expect(answer.status, `${name}=${value}`).to.be.below(500);
      }
      for (const client of ['unknown', 'renkei-web', '', '__proto__', 'constructor']) {
        const query = await parametersOf();
        query.set('client_id', client);
        expect((await authorize(query, browser)).location, client).to.equal(null);
      }
    });

    it('writes nothing into a page but text: hints, names and errors with marks of HTML in them', async () => {
      const marks = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`;
      const browser = scene.browser();
      const page = await browser.open(
        await scene.portal.authorizeUrl(scene.demo.gateway, { login_hint: marks, ui_locales: marks, state: marks }),
      );
      const direct = await browser.submit(page, {}, 'direct');
      const typed = await browser.submit(direct, { login_id: marks, password: 'x' });
      const faulty = await browser.open(`${scene.demo.gateway}/oidc/authorize?client_id=${encodeURIComponent(marks)}`);
      for (const { html, screen } of [page, direct, typed, faulty]) {
        expect(html, String(screen)).not.to.contain('<script>alert');
        expect(html, String(screen)).not.to.contain('<img src=x');
      }
    });

    it('of our own consoles gives no code and no token to anybody', async () => {
      const { browser } = await signedIn();
      const callback = `${scene.demo.gateway}/signed-in`;
      for (const type of ['code', 'token', 'id_token']) {
        const query = new URLSearchParams({
          client_id: 'renkei-web',
          response_type: type,
          redirect_uri: callback,
          scope: 'openid',
          state: 'x',
          nonce: 'x',
          code_challenge: 'x'.repeat(43),
          code_challenge_method: 'S256',
        });
        const answer = await authorize(query, browser);
        expect(answer.location ?? '', type).not.to.match(/[?#&](code|access_token|id_token)=/);
      }
      const asked = await post(
        '/oidc/token',
        {
          grant_type: 'authorization_code',
          client_id: 'renkei-web',
          code: 'x',
          redirect_uri: callback,
          code_verifier: 'x'.repeat(43),
        },
        null,
      );
      expect(asked.status).to.be.oneOf([400, 401]);
      for (const grant of [
        'client_credentials',
        'password',
        'implicit',
        'urn:ietf:params:oauth:grant-type:token-exchange',
        'urn:ietf:params:oauth:grant-type:device_code',
      ]) {
        expect(
          json(
            await post('/oidc/token', {
              grant_type: grant,
              username: 'hsakamoto24',
              password: 'wakaba2545',
              scope: 'openid',
            }),
          )['access_token'],
          grant,
        ).to.equal(undefined);
      }
    });
  });

  describe('a code', () => {
    const redeem = (
      code: string,
      verifier: string,
      portal: Scene['portal'] | null,
      more: Readonly<Record<string, string>> = {},
    ): Promise<RawAnswer> =>
      post(
        '/oidc/token',
        {
          grant_type: 'authorization_code',
          code,
          redirect_uri: `${scene.portal.url}/callback`,
          code_verifier: verifier,
          ...more,
        },
        portal,
      );

    /** A code whose verifier the test knows. */
    async function given(browser: ScriptBrowser): Promise<{ readonly code: string; readonly verifier: string }> {
      const verifier = randomBytes(32).toString('base64url');
      const challenge = createHash('sha256').update(verifier).digest('base64url');
      const page = await browser.open(
        await scene.portal.authorizeUrl(scene.demo.gateway, { code_challenge: challenge }),
      );
      return { code: scene.portal.answer(page).get('code') ?? '', verifier };
    }

    it('is worth nothing without its verifier, to another portal, at another address, or by another way of proving who asks', async () => {
      const { browser } = await signedIn();
      const tries: readonly ((code: string, verifier: string) => Promise<RawAnswer>)[] = [
        (code) => redeem(code, '', scene.portal),
        (code) => redeem(code, 'x'.repeat(43), scene.portal),
        (code, verifier) => redeem(code, `${verifier.slice(0, -1)}~`, scene.portal),
        (code, verifier) => redeem(code, verifier, scene.other),
        (code, verifier) => redeem(code, verifier, null),
        (code, verifier) => redeem(code, verifier, null, { client_id: scene.portal.clientId }),
        (code, verifier) => redeem(code, verifier, null, { client_id: scene.portal.clientId, client_secret: 'wrong' }),
        // The right secret, but not in the way that is registered.
        (code, verifier) =>
          redeem(code, verifier, null, { client_id: scene.portal.clientId, client_secret: secretOf(scene.portal) }),
        (code, verifier) => redeem(code, verifier, scene.portal, { redirect_uri: `${scene.portal.url}/callback/` }),
        (code, verifier) => redeem(code, verifier, scene.portal, { redirect_uri: `${scene.other.url}/callback` }),
        (code, verifier) => redeem(code, verifier, scene.portal, { client_id: scene.other.clientId }),
      ];
      for (const [index, attempt] of tries.entries()) {
        const { code, verifier } = await given(browser);
        const answer = await attempt(code, verifier);
        expect(answer.status, `try ${index}: ${answer.text}`).to.be.oneOf([400, 401]);
        expect(json(answer)['access_token'], `try ${index}`).to.equal(undefined);
      }
      const { code, verifier } = await given(browser);
      expect((await redeem(code, verifier, scene.portal)).status).to.equal(200);
    });

    it('that is a minute old is worth nothing', async () => {
      const { browser } = await signedIn();
      const { code, verifier } = await given(browser);
      await scene.demo.forward(61);
      expect(json(await redeem(code, verifier, scene.portal))['error']).to.equal('invalid_grant');
    });

    const ends: readonly (readonly [string, string, string])[] = [
      [
        'the account was stopped',
        'update account set stopped_at = 1 where id = $1',
        'update account set stopped_at = null where id = $1',
      ],
      [
        'its one-time password was stopped',
        'update account set otp_stopped_at = 1 where id = $1',
        'update account set otp_stopped_at = null where id = $1',
      ],
      [
        'its password was changed elsewhere',
        'update account set security_epoch = security_epoch + 1, epoch_spares = null where id = $1',
        'select $1::text',
      ],
      [
        'its company was suspended',
        'update company set suspended_at = 1 where id = (select company_id from account where id = $1)',
        'update company set suspended_at = null where id = (select company_id from account where id = $1)',
      ],
      [
        'its login was ended',
        'update login set ended_at = 1 where account_id = $1 and ended_at is null',
        'select $1::text',
      ],
    ];
    for (const [why, stop, revive] of ends) {
      it(`and every token are worth nothing once ${why} (CVE-2026-9798, CVE-2026-16103)`, async () => {
        const person = scene.demo.person('nishii42');
        const id = await scene.accountId(person);
        const { browser, page } = await signedIn(person);
        const tokens = await scene.portal.redeem(scene.demo.gateway, page);
        const { code, verifier } = await given(browser);
        expect((await scene.portal.userinfo(scene.demo.gateway, tokens.accessToken)).status).to.equal(200);
        await scene.sql(stop, [id]);
        try {
          expect(json(await redeem(code, verifier, scene.portal))['error'], 'the code').to.equal('invalid_grant');
          await expectDead(tokens);
          const silent = await browser.open(await scene.portal.authorizeUrl(scene.demo.gateway, { prompt: 'none' }));
          expect(scene.portal.answer(silent).get('error')).to.equal('login_required');
        } finally {
          await scene.sql(revive, [id]);
        }
      });
    }

    it('and every token are worth nothing once the link they came through is gone', async () => {
      const person = scene.demo.person('rhashimoto46');
      const id = await scene.accountId(person);
      const browser = scene.browser();
      const tokens = await scene.portal.redeem(scene.demo.gateway, await enter(scene, browser, person));
      const { code, verifier } = await given(browser);
      const [link] = await scene.sql(
        'update link set ended_at = 1 where account_id = $1 and ended_at is null returning id',
        [id],
      );
      try {
        expect(json(await redeem(code, verifier, scene.portal))['error']).to.equal('invalid_grant');
        await expectDead(tokens);
      } finally {
        await scene.sql('update link set ended_at = null where id = $1', [link?.['id']]);
      }
    });
  });

  async function expectDead({ accessToken, refreshToken }: Tokens): Promise<void> {
    for (const gateway of scene.demo.gateways) {
      expect((await scene.portal.userinfo(gateway, accessToken)).status, 'userinfo').to.equal(401);
      expect(await scene.portal.introspect(gateway, accessToken), 'introspection').to.deep.equal({ active: false });
      expect((await scene.portal.refresh(gateway, refreshToken)).error, 'refresh').to.equal('invalid_grant');
    }
  }

  describe('a token', () => {
    it('of one portal tells another one nothing, and cannot be ended or refreshed by it', async () => {
      const { page } = await signedIn();
      const tokens = await scene.portal.redeem(scene.demo.gateway, page);
      for (const token of [tokens.accessToken, tokens.refreshToken]) {
        expect(await scene.other.introspect(scene.demo.gateway, token)).to.deep.equal({ active: false });
        await post('/oidc/revocation', { token }, scene.other);
      }
      expect((await scene.other.refresh(scene.demo.gateway, tokens.refreshToken)).error).to.equal('invalid_grant');
      expect(await scene.portal.introspect(scene.demo.gateway, tokens.accessToken)).to.include({ active: true });
      expect((await scene.portal.userinfo(scene.demo.gateway, tokens.accessToken)).status).to.equal(200);
      for (const path of ['/oidc/introspection', '/oidc/revocation']) {
        expect((await post(path, { token: tokens.accessToken }, null)).status, path).to.be.oneOf([400, 401]);
        // A client without a secret may ask, and learns nothing.
        const told = await post(path, { token: tokens.accessToken, client_id: 'renkei-web' }, null);
        expect(told.text, path).not.to.contain('"active":true');
      }
      expect((await scene.portal.userinfo(scene.demo.gateway, tokens.accessToken)).status).to.equal(200);
    });

    it('of one kind is none of another: refresh at userinfo, code or ID token as access token, access token as hint', async () => {
      const { browser, page } = await signedIn();
      const tokens = await scene.portal.redeem(scene.demo.gateway, page);
      const code =
        scene.portal.answer(await browser.open(await scene.portal.authorizeUrl(scene.demo.gateway))).get('code') ?? '';
      for (const wrong of [tokens.refreshToken, tokens.idToken, code, '', 'x'.repeat(43), 'x'.repeat(5_000)]) {
        expect((await scene.portal.userinfo(scene.demo.gateway, wrong)).status, wrong.slice(0, 12)).to.be.oneOf([
          400, 401,
        ]);
        expect(
          (await scene.portal.refresh(scene.demo.gateway, wrong === tokens.refreshToken ? tokens.accessToken : wrong))
            .status,
        ).to.equal(400);
      }
    });

    it('that was revoked takes its grant with it, and a replaced one that comes back late ends all of them', async () => {
      const { browser, page } = await signedIn();
      const first = await scene.portal.redeem(scene.demo.gateway, page);
      await post('/oidc/revocation', { token: first.refreshToken });
      await expectDead(first);
      const second = await scene.portal.redeem(
        scene.demo.gateway,
        await browser.open(await scene.portal.authorizeUrl(scene.demo.gateway)),
      );
      const renewed = await scene.portal.refresh(scene.demo.gateway, second.refreshToken);
      expect(renewed.status).to.equal(200);
      await scene.demo.forward(11);
      expect((await scene.portal.refresh(scene.demo.gateway, second.refreshToken)).error).to.equal('invalid_grant');
      await expectDead(renewed);
    });

    it('is never shown in an address, and answers with tokens are not kept by anybody', async () => {
      const { browser } = await signedIn();
      const page = await browser.open(await scene.portal.authorizeUrl(scene.demo.gateway));
      expect(page.hops.join(' ')).not.to.match(/access_token|id_token=|refresh_token/);
      const tokens = await scene.portal.redeem(scene.demo.gateway, page);
      const answer = await raw(`${scene.demo.gateway}/oidc/userinfo?access_token=${tokens.accessToken}`);
      expect(answer.status).to.be.oneOf([400, 401]);
      const refreshed = await post('/oidc/token', { grant_type: 'refresh_token', refresh_token: tokens.refreshToken });
      expect(String(refreshed.headers['cache-control'])).to.contain('no-store');
    });
  });
});
