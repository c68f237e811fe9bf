// A relying party of the tests' own beside the demo's portal: its entry of portals.yaml, its callback, its back-channel
// address, and the calls it makes as a client. It keeps its tokens when it is told to sign out, so that a test can try them.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Page } from './script-browser.ts';

export interface Tokens {
  readonly status: number;
  readonly error: string | null;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
  /** Claims of the ID token. */
  readonly claims: JWTPayload;
  /** What was approved, with its receipt. */
  readonly details: readonly Readonly<Record<string, unknown>>[] | null;
}

export interface Pushed {
  readonly status: number;
  readonly error: string | null;
  /** Where the browser goes with it; '' when it was refused. */
  readonly url: string;
  readonly requestUri: string;
}

export interface OwnPortal {
  readonly clientId: string;
  readonly url: string;
  /** Its entry of portals.yaml. @param renkei what stands under `renkei:` */
  entry(renkei?: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** The address that begins a sign-in. @param ask parameters beside the usual ones; null leaves a usual one out */
  authorizeUrl(issuer: string, ask?: Readonly<Record<string, string | null>>): Promise<string>;
  /** Pushes the same request (RFC 9126). @param details what is to be approved */
  push(
    issuer: string,
    details: readonly object[] | null,
    ask?: Readonly<Record<string, string | null>>,
  ): Promise<Pushed>;
  /** What came back to the callback of a sign-in: `code` or `error`. */
  answer(page: Page): URLSearchParams;
  /** Redeems the code of a callback. */
  redeem(issuer: string, page: Page): Promise<Tokens>;
  refresh(issuer: string, refreshToken: string): Promise<Tokens>;
  /** What the gateway says of a token. */
  introspect(issuer: string, token: string): Promise<{ readonly active: boolean }>;
  userinfo(
    issuer: string,
    accessToken: string,
  ): Promise<{ readonly status: number; readonly claims: Record<string, unknown> }>;
  /** Claims of the logout tokens it got, oldest first. */
  readonly logoutTokens: readonly JWTPayload[];
  close(): Promise<void>;
}

interface Discovery {
  readonly authorization_endpoint: string;
  readonly pushed_authorization_request_endpoint: string;
  readonly token_endpoint: string;
  readonly introspection_endpoint: string;
  readonly userinfo_endpoint: string;
}

type Authentication = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';

/** Starts listening on a free port of loopback. */
export async function ownPortal(
  clientId: string,
  authentication: Authentication = 'client_secret_basic',
): Promise<OwnPortal> {
  const secret = randomBytes(24).toString('base64url');
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: clientId, alg: 'ES256', use: 'sig' };
  const logoutTokens: JWTPayload[] = [];
  const verifiers = new Map<string, string>();
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    if (request.method === 'POST' && request.url === '/backchannel-logout') {
      logoutTokens.push(decodeJwt(new URLSearchParams(body).get('logout_token') ?? ''));
      response.end();
      return;
    }
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>callback</title><main data-screen="CALLBACK"></main>');
  };
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const url = `http://localhost:${typeof bound === 'object' && bound ? bound.port : 0}`;
  const redirectUri = `${url}/callback`;

  const discover = async (issuer: string): Promise<Discovery> =>
    JSON.parse(await (await fetch(`${issuer}/.well-known/openid-configuration`)).text());
  /** What proves in a form who we are; with the basic scheme it is the header. */
  const proof = async (issuer: string): Promise<Readonly<Record<string, string>>> => {
    if (authentication === 'client_secret_basic') return {};
    if (authentication === 'client_secret_post') return { client_id: clientId, client_secret: secret };
    // By the machine's clock: this way of proving is for a demo whose clock was not moved.
    const at = Math.floor(Date.now() / 1000);
    const assertion = await new SignJWT({
      iss: clientId,
      sub: clientId,
      aud: issuer,
      jti: randomUUID(),
      iat: at,
      exp: at + 60,
    })
      .setProtectedHeader({ alg: 'ES256', kid: clientId })
      .sign(privateKey);
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    };
  };
  const post = async (issuer: string, address: string, form: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(address, {
      method: 'POST',
      ...(authentication === 'client_secret_basic' && {
        headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
      }),
      body: new URLSearchParams({ ...form, ...(await proof(issuer)) }),
    });
  const token = async (issuer: string, form: Readonly<Record<string, string>>): Promise<Tokens> => {
    const response = await post(issuer, (await discover(issuer)).token_endpoint, form);
    const text = await response.text();
    const body: Record<string, string> = JSON.parse(text);
    const { authorization_details: details = null }: { authorization_details?: Tokens['details'] } = JSON.parse(text);
    return {
      status: response.status,
      details,
      error: body['error'] ?? null,
      accessToken: body['access_token'] ?? '',
      refreshToken: body['refresh_token'] ?? '',
      idToken: body['id_token'] ?? '',
      claims: body['id_token'] === undefined ? {} : decodeJwt(body['id_token']),
    };
  };
  const answer = (page: Page): URLSearchParams => {
    if (page.screen !== 'CALLBACK')
      throw new Error(`not at the callback but at ${page.screen} ${page.refusal ?? ''} ${page.url}`);
    return new URL(page.url).searchParams;
  };

  const authorizeUrl: OwnPortal['authorizeUrl'] = async (issuer, ask = {}) => {
    const verifier = randomBytes(32).toString('base64url');
    const state = randomBytes(16).toString('base64url');
    if (ask['code_challenge'] !== null) verifiers.set(state, verifier);
    const address = new URL((await discover(issuer)).authorization_endpoint);
    const usual = {
      client_id: clientId,
      response_type: 'code',
      scope: 'openid profile email company',
      redirect_uri: redirectUri,
      state,
      nonce: randomBytes(16).toString('base64url'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries({ ...usual, ...ask }))
      if (value !== null) address.searchParams.set(name, value);
    return address.href;
  };

  return {
    clientId,
    url,
    logoutTokens,
    entry: (renkei = {}) => ({
      client_id: clientId,
      ...(authentication === 'private_key_jwt' ? { jwks: { keys: [jwk] } } : { client_secret: secret }),
      token_endpoint_auth_method: authentication,
      client_name: `試験の${clientId}`,
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [`${url}/`],
      backchannel_logout_uri: `${url}/backchannel-logout`,
      backchannel_logout_session_required: true,
      grant_types: ['authorization_code', 'refresh_token'],
      id_token_signed_response_alg: 'ES256',
      renkei,
    }),
    authorizeUrl,
    push: async (issuer, details, ask = {}) => {
      const asked = details === null ? ask : { ...ask, authorization_details: JSON.stringify(details) };
      const address = new URL(await authorizeUrl(issuer, asked));
      const { pushed_authorization_request_endpoint: endpoint, authorization_endpoint: there } = await discover(issuer);
      const response = await post(issuer, endpoint, Object.fromEntries(address.searchParams));
      const body: Record<string, string> = JSON.parse(await response.text());
      const requestUri = body['request_uri'] ?? '';
      const query = new URLSearchParams({ client_id: clientId, request_uri: requestUri });
      return {
        status: response.status,
        error: body['error'] ?? null,
        url: requestUri === '' ? '' : `${there}?${query}`,
        requestUri,
      };
    },
    answer,
    redeem: (issuer, page) => {
      const back = answer(page);
      const verifier = verifiers.get(back.get('state') ?? '');
      return token(issuer, {
        grant_type: 'authorization_code',
        code: back.get('code') ?? '',
        redirect_uri: redirectUri,
        ...(verifier === undefined ? {} : { code_verifier: verifier }),
      });
    },
    refresh: (issuer, refreshToken) => token(issuer, { grant_type: 'refresh_token', refresh_token: refreshToken }),
    introspect: async (issuer, value) =>
      JSON.parse(await (await post(issuer, (await discover(issuer)).introspection_endpoint, { token: value })).text()),
    userinfo: async (issuer, accessToken) => {
      const response = await fetch((await discover(issuer)).userinfo_endpoint, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      return { status: response.status, claims: response.ok ? JSON.parse(await response.text()) : {} };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
