// A relying party as openid-client's documentation builds one: its callback, its published keys, its ear for logout tokens,
// and the walk of a person from its address through the gateway's pages. What it makes of answers is the library's doing.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { createRemoteJWKSet, jwtVerify, type JWK, type JWTVerifyResult } from 'jose';
import * as client from 'openid-client';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Demo } from './demo-process.ts';
import type { Page, ScriptBrowser } from './script-browser.ts';
import { nextCode } from './walks.ts';

export interface RelyingParty {
  readonly callback: string;
  /** The same server by another host name: another site, another sector. */
  readonly elsewhere: string;
  readonly start: string;
  readonly jwksUri: string;
  /** What stands at `jwksUri` from now on. */
  publish(keys: readonly JWK[]): void;
  backchannel(clientId: string): string;
  /** Logout tokens that came for a client, oldest first. */
  logoutTokens(clientId: string): readonly string[];
  close(): Promise<void>;
}

/** Listens on a free port of loopback. */
export async function relyingParty(): Promise<RelyingParty> {
  let keys: readonly JWK[] = [];
  const received: { readonly clientId: string; readonly token: string }[] = [];
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const body = new URLSearchParams(await text(request));
    if (pathname === '/jwks') {
      response.setHeader('content-type', 'application/jwk-set+json');
      response.end(JSON.stringify({ keys }));
    } else if (pathname.startsWith('/backchannel/')) {
      received.push({ clientId: pathname.slice('/backchannel/'.length), token: body.get('logout_token') ?? '' });
      response.setHeader('cache-control', 'no-store');
      response.end();
    } else {
      const screen = pathname === '/callback' ? 'CALLBACK' : 'START';
      const posted = JSON.stringify(Object.fromEntries(body));
      response.setHeader('content-type', 'text/html');
      response.end(
        `<!doctype html><title>portal</title><main data-screen="${screen}"><script type="application/json" id="posted">${posted}</script></main>`,
      );
    }
  }
  const server = createServer((request, response) => void respond(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const origin = `http://localhost:${port}`;
  return {
    callback: `${origin}/callback`,
    elsewhere: `http://127.0.0.1:${port}/callback`,
    start: `${origin}/`,
    jwksUri: `${origin}/jwks`,
    publish: (next) => {
      keys = next;
    },
    backchannel: (clientId) => `${origin}/backchannel/${clientId}`,
    logoutTokens: (clientId) => received.filter((each) => each.clientId === clientId).map(({ token }) => token),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The library's configuration by discovery; it checks signatures, and its clock is the demo's. */
export async function discovered(
  demo: Demo,
  clientId: string,
  auth: client.ClientAuth,
  metadata: Partial<client.ClientMetadata> = {},
): Promise<client.Configuration> {
  const ahead = Math.round(((await demo.now()) - Date.now()) / 1000);
  return client.discovery(new URL(demo.gateway), clientId, { ...metadata, [client.clockSkew]: ahead }, auth, {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  });
}

export interface Begun {
  readonly url: string;
  readonly checks: client.AuthorizationCodeGrantChecks;
}

/** A request with PKCE, state and nonce. @param ask parameters beside these; null leaves one out */
export async function begin(
  config: client.Configuration,
  redirectUri: string,
  ask: Readonly<Record<string, string | null>> = {},
): Promise<Begun> {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const usual = {
    redirect_uri: redirectUri,
    scope: 'openid profile email accounts',
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  const all = Object.entries<string | null>({ ...usual, ...ask });
  const given = Object.fromEntries(all.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
  return {
    url: client.buildAuthorizationUrl(config, given).href,
    checks: {
      pkceCodeVerifier: verifier,
      ...(given['state'] === undefined ? {} : { expectedState: given['state'] }),
      ...(given['nonce'] === undefined ? {} : { expectedNonce: given['nonce'] }),
      ...(given['max_age'] === undefined ? {} : { maxAge: Number(given['max_age']) }),
      idTokenExpected: true,
    },
  };
}

/** Where a person came through, from the first page that was shown to the last. */
export interface Walked {
  readonly page: Page;
  readonly screens: readonly string[];
}

/**
 * Opens an address and answers every page as it comes: route, Business Direct, login ID and password, code.
 * @param how.remember ticks 「次回以降、ワンタイムパスワードの入力を省略する」 where it is offered
 * @param how.atOnce the clock stands still on the way; the person's last code was of another minute
 */
export async function walk(
  demo: Demo,
  browser: ScriptBrowser,
  person: DemoPerson,
  start: string | Page,
  {
    route = 'federated',
    remember = false,
    atOnce = false,
  }: { readonly route?: 'federated' | 'direct'; readonly remember?: boolean; readonly atOnce?: boolean } = {},
): Promise<Walked> {
  let page = typeof start === 'string' ? await browser.open(start) : start;
  const screens = [page.screen ?? ''];
  const credentials = { login_id: person.login_id, password: person.password };
  const upstream = {
    business_direct_id: person.business_direct?.id ?? '',
    business_direct_password: person.business_direct?.password ?? '',
  };
  const code = async (): Promise<Page> =>
    browser.submit(page, {
      otp: await (atOnce ? demo.code(person) : nextCode(demo, person)),
      ...(remember && page.html.includes('name="remember"') ? { remember: 'on' } : {}),
    });
  const answers: Readonly<Record<string, () => Promise<Page>>> = {
    LGN001: () => browser.submit(page, {}, route),
    LGN002: () => browser.submit(page, credentials),
    BDD001: () => browser.submit(page, upstream),
    LNK001: () => browser.submit(page, credentials),
    OTP001: code,
    OTP002: code,
  };
  for (let act = answers[page.screen ?? '']; act && screens.length < 12; act = answers[page.screen ?? '']) {
    page = await act();
    screens.push(page.screen ?? '');
  }
  return { page, screens };
}

/** Verifies a logout token as Back-Channel Logout 1.0 §2.6 asks, against the keys that the gateway publishes. */
export async function verifiedLogoutToken(demo: Demo, token: string, clientId: string): Promise<JWTVerifyResult> {
  const keys = createRemoteJWKSet(new URL(`${demo.gateway}/oidc/jwks`));
  return jwtVerify(token, keys, {
    issuer: demo.gateway,
    audience: clientId,
    typ: 'logout+jwt',
    requiredClaims: ['iat', 'exp', 'jti', 'events', 'sub', 'sid'],
    currentDate: new Date(await demo.now()),
  });
}
