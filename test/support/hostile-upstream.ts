// A small OpenID Provider on a loopback port that does everything right until a switch is set: one switch per way in
// which a provider, or somebody who stands in for it, can do wrong. It signs in whoever comes, without a page.
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { UpstreamConfig } from '../../src/rules/upstream.ts';
import {
  addresses,
  claimSwitches,
  fail,
  type Breakage,
  type Claims,
  type Switch,
} from './hostile-upstream-switches.ts';

interface Key {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

async function newKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'ES256' } };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

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
  /** Paths asked for, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** `clock` in milliseconds: what its tokens call now. */
export async function startHostileUpstream(clock: () => number): Promise<HostileUpstream> {
  const clientId = 'renkei';
  const clientSecret = 'a secret / with + odd : letters';
  const requests: string[] = [];
  const codes = new Map<string, { challenge: string; nonce: string; redirectUri: string }>();
  let key = await newKey('first');
  const stranger = await newKey('stranger');
  let active: Switch | null = null;
  let broken: Breakage | null = null;
  let said: Record<'id-token' | 'userinfo', Claims> = { 'id-token': {}, 'userinfo': {} };
  let firstToken: string | null = null;
  const now = (): number => Math.floor(clock() / 1000);

  const sign = (claims: Claims, header: Claims, by: Key): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: by.kid, ...header }).sign(by.privateKey);

  async function idToken(nonce: string): Promise<string> {
    const good: Claims = {
      iss: issuer,
      aud: clientId,
      sub: 'bd-0001',
      iat: now(),
      exp: now() + 600,
      nonce,
      ...said['id-token'],
    };
    const claims = active === null ? good : (claimSwitches[active]?.(good, now()) ?? good);
    if (active === 'unsigned') return `${encode({ alg: 'none' })}.${encode(claims)}.`;
    if (active === 'hs256-with-public-key') {
      const secret = new TextEncoder().encode(await exportSPKI(key.publicKey));
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(secret);
    }
    if (active === 'unknown-key') return sign(claims, {}, stranger);
    if (active === 'forged-under-known-kid') return sign(claims, { kid: key.kid }, stranger);
    if (active === 'logout-token-as-id-token') return sign(claims, { typ: 'logout+jwt' }, key);
    if (active === 'critical-header') {
      const header = { alg: 'ES256', kid: key.kid, crit: ['odd'], odd: true };
      return `${encode(header)}.${encode(claims)}.${'A'.repeat(86)}`;
    }
    if (active === 'keys-rotated-before-signing') key = await newKey(randomUUID());
    if (active === 'same-kid-rotated-before-signing') key = await newKey(key.kid);
    const token = await sign(claims, {}, key);
    firstToken ??= token;
    if (active === 'replayed') return firstToken;
    return active === 'signature-cut' ? token.slice(0, -10) : token;
  }

  async function token(request: IncomingMessage): Promise<[number, unknown]> {
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
    const kept = codes.get(code);
    codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!kept || challenge !== kept.challenge || form.get('redirect_uri') !== kept.redirectUri)
      return [400, { error: 'invalid_grant' }];
    return [
      200,
      {
        access_token: 'an-access-token',
        token_type: active === 'token-type-odd' ? 'mac' : 'Bearer',
        ...(active !== 'id-token-missing' && {
          id_token: active === 'id-token-odd' ? ['x'] : await idToken(kept.nonce),
        }),
      },
    ];
  }

  function discovery(): unknown {
    return {
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
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const code = randomUUID();
    const redirectUri = query.get('redirect_uri') ?? '';
    codes.set(code, { challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce') ?? '', redirectUri });
    const iss = active === 'iss-parameter-wrong' ? 'https://other.example' : issuer;
    const back = new URL(redirectUri);
    back.search = new URLSearchParams({
      code,
      state: query.get('state') ?? '',
      ...(active !== 'iss-parameter-missing' && { iss }),
    }).toString();
    response.writeHead(303, { location: back.href }).end();
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
    if (url.pathname === '/token') return json(...(await token(request)));
    if (url.pathname === '/jwks') {
      const many = Array.from({ length: 10_000 }, () => ({ kty: 'EC' }));
      return json(200, { keys: active === 'ten-thousand-keys' ? many : [key.jwk] });
    }
    if (url.pathname === '/userinfo' && request.headers.authorization === 'Bearer an-access-token') {
      return json(200, { sub: active === 'userinfo-of-another' ? 'bd-0002' : 'bd-0001', ...said.userinfo });
    }
    return json(404, { error: 'not_found' });
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

  return {
    issuer,
    requests,
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
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
