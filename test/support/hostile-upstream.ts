// A small OpenID Provider on a loopback port that does everything right until a switch is set: one switch per way in
// which a provider, or somebody who stands in for it, can do wrong. It signs in whoever comes, without a page.
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { UpstreamConfig } from '../../src/rules/upstream.ts';
import {
  addresses,
  callbackSwitches,
  fail,
  hostileHtml,
  lostCallbacks,
  type Breakage,
  type Claims,
  type Switch,
} from './hostile-upstream-switches.ts';
import { encode, idTokenOf, newKey, sign } from './hostile-upstream-tokens.ts';

export interface HostileUpstream {
  readonly issuer: string;
  config(renkei?: Partial<UpstreamConfig['renkei']>): UpstreamConfig;
  /** Goes to the authorization address as a browser would; what the callback would receive. */
  authorize(url: string): Promise<URLSearchParams>;
  misbehave(name: Switch | null): void;
  breakDown(breakage: Breakage | null): void;
  /** Claims laid over ID token or userinfo. */
  say(where: 'id-token' | 'userinfo', claims: Claims): void;
  logoutToken(claims?: Claims, options?: { header?: Claims; forged?: boolean; unsigned?: boolean }): Promise<string>;
  rotate(kid: string): Promise<void>;
  /** From now on nobody is sent back; where they would have gone stands in `callbacks`. */
  hold(on: boolean): void;
  readonly callbacks: readonly string[];
  /** Paths asked for, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** An object whose members stand under the name that a careless copy takes for its prototype. */
const inPrototype = (members: unknown): unknown => JSON.parse(`{"__proto__":${JSON.stringify(members)}}`);

/** `clock` in milliseconds: what its tokens call now. */
export async function startHostileUpstream(clock: () => number): Promise<HostileUpstream> {
  const clientId = 'renkei';
  const clientSecret = 'a secret / with + odd : letters';
  const requests: string[] = [];
  const callbacks: string[] = [];
  const faults: unknown[] = [];
  let held = false;
  const codes = new Map<string, { challenge: string; nonce: string; redirectUri: string }>();
  let key = await newKey('first');
  const stranger = await newKey('stranger');
  let active: Switch | null = null;
  let broken: Breakage | null = null;
  let said: Record<'id-token' | 'userinfo', Claims> = { 'id-token': {}, 'userinfo': {} };
  /** Of the last sign-in that was not a replay. */
  let lastToken = '';
  const now = (): number => Math.floor(clock() / 1000);

  async function idToken(nonce: string, code: string): Promise<string> {
    if (active === 'keys-rotated-before-signing') key = await newKey(randomUUID());
    if (active === 'same-kid-rotated-before-signing') key = await newKey(key.kid);
    if (active === 'id-token-over-long') return 'x'.repeat(200_000);
    const claims: Claims = {
      iss: issuer,
      aud: clientId,
      sub: 'bd-0001',
      iat: now(),
      exp: now() + 600,
      nonce,
      ...said['id-token'],
    };
    const accessToken = 'an-access-token';
    const making = { key, stranger, now: now(), claims, accessToken, code, elsewhere: `${issuer}/elsewhere` };
    if (active === 'replayed') return lastToken;
    lastToken = await idTokenOf(active, making);
    return lastToken;
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<[number, unknown]> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const form = new URLSearchParams(Buffer.concat(parts).toString());
    const [, basic = ''] = (request.headers.authorization ?? '').split(' ');
    const [id, secret] = Buffer.from(basic, 'base64')
      .toString()
      .split(':')
      .map((part) => decodeURIComponent(part.replace(/\+/g, ' ')));
    if (id !== clientId || secret !== clientSecret) return [401, { error: 'invalid_client' }];
    const code = form.get('code') ?? '';
    // A firewall in front of it, which drops whatever looks odd to it.
    if (active === 'firewall-drops-odd-codes' && code.includes('odd')) response.destroy();
    const kept = codes.get(code);
    codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!kept || challenge !== kept.challenge || form.get('redirect_uri') !== kept.redirectUri)
      return [400, { error: 'invalid_grant' }];
    if (active === 'token-error-html') return [400, { error: hostileHtml, error_description: hostileHtml }];
    const answer = {
      ...(active !== 'access-token-missing' && { access_token: 'an-access-token' }),
      token_type: active === 'token-type-odd' ? 'mac' : 'Bearer',
      ...(active !== 'id-token-missing' && {
        id_token: active === 'id-token-odd' ? ['x'] : await idToken(kept.nonce, code),
      }),
    };
    if (active === 'token-answer-list') return [200, [answer]];
    return active === 'token-answer-proto' ? [200, inPrototype(answer)] : [200, answer];
  }

  function discovery(): unknown {
    const said = {
      issuer: active === 'discovery-of-another-issuer' ? 'https://other.example' : issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint:
        active === 'discovery-names-metadata-service' ? 'http://169.254.169.254/token' : `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/userinfo`,
      end_session_endpoint: `${issuer}/logout`,
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: active === 'discovery-only-hs256' ? ['HS256'] : ['ES256', 'HS256'],
      code_challenge_methods_supported: [active === 'discovery-without-pkce' ? 'plain' : 'S256'],
      authorization_response_iss_parameter_supported: true,
    };
    if (active === 'discovery-list') return [said];
    return active === 'discovery-proto' ? inPrototype(said) : said;
  }

  function keys(): readonly unknown[] {
    if (active === 'ten-thousand-keys') return Array.from({ length: 10_000 }, () => ({ kty: 'EC' }));
    if (active === 'keys-without-kty') return [{ ...key.jwk, kty: undefined }];
    if (active === 'keys-symmetric') return [{ kty: 'oct', kid: key.kid, alg: 'HS256', k: 'c2VjcmV0' }];
    return [key.jwk];
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const code = randomUUID();
    const redirectUri = query.get('redirect_uri') ?? '';
    codes.set(code, { challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce') ?? '', redirectUri });
    const iss = active === 'iss-parameter-wrong' ? 'https://other.example' : issuer;
    const back = new URL(redirectUri);
    const params = new URLSearchParams({
      code,
      state: query.get('state') ?? '',
      ...(active !== 'iss-parameter-missing' && { iss }),
    });
    if (active !== null) (callbackSwitches[active] ?? lostCallbacks[active])?.(params);
    back.search = params.toString();
    if (!held) response.writeHead(303, { location: back.href }).end();
    else {
      callbacks.push(back.href);
      response.writeHead(200, { 'content-type': 'text/html' }).end('<main data-screen="HELD"></main>');
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    requests.push(url.pathname);
    if (broken && addresses[url.pathname] === broken.at) return fail(broken.how, response);
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (url.pathname === '/authorize') return authorize(url.searchParams, response);
    if (url.pathname === '/.well-known/openid-configuration') return json(200, discovery());
    if (url.pathname === '/token') return json(...(await token(request, response)));
    if (url.pathname === '/jwks') return json(200, { keys: keys() });
    if (url.pathname === '/userinfo' && request.headers.authorization === 'Bearer an-access-token') {
      return json(200, { sub: active === 'userinfo-of-another' ? 'bd-0002' : 'bd-0001', ...said.userinfo });
    }
    return json(404, { error: 'not_found' });
  }

  const server = createServer((request, response) => {
    // A fault of this file's own must not look like one of those it plays.
    answer(request, response).catch((error: unknown) => faults.push(error));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

  return {
    issuer,
    requests,
    callbacks,
    hold(on) {
      held = on;
    },
    config: (renkei = {}) => ({
      issuer,
      client_id: clientId,
      client_secret: clientSecret,
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid profile',
      name: { ja: 'ビジネスダイレクト', en: 'Business Direct' },
      renkei: {
        enabled: true,
        display_claim: null,
        company_claim: null,
        trust: { auth_time: true, otp: 'none' },
        ...renkei,
      },
    }),
    async authorize(url) {
      const response = await fetch(url, { redirect: 'manual' });
      return new URL(response.headers.get('location') ?? '').searchParams;
    },
    misbehave(name) {
      active = name;
    },
    breakDown(breakage) {
      broken = breakage;
    },
    say(where, claims) {
      said = { ...said, [where]: claims };
    },
    async logoutToken(claims = {}, options = {}) {
      const body: Claims = {
        iss: issuer,
        aud: clientId,
        iat: now(),
        exp: now() + 120,
        jti: randomUUID(),
        sub: 'bd-0001',
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
        ...claims,
      };
      if (options.unsigned) return `${encode({ alg: 'none', typ: 'logout+jwt' })}.${encode(body)}.`;
      return sign(body, { typ: 'logout+jwt', kid: key.kid, ...options.header }, options.forged ? stranger : key);
    },
    async rotate(kid) {
      key = await newKey(kid);
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      if (faults.length > 0) throw faults[0];
    },
  };
}
