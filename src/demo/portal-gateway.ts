// The portal's side of the protocol: finds the gateway (again and again until it is up), sends people there, redeems what
// comes back. The only openid-client of the portal; sessions and pages are elsewhere.
import * as client from 'openid-client';
import type { Pending, PortalLogin } from './portal-session.ts';
import { detailsOf, type Transfer } from './portal-transfer.ts';

export interface GatewayOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly idTokenAlg: string;
}

export interface Started {
  readonly url: string;
  readonly state: string;
  readonly pending: Pending;
}

export interface Redeemed {
  readonly login: PortalLogin;
  /** What the person approved, as the gateway tells it. */
  readonly details: unknown;
}

export interface Gateway {
  /**
   * Where to send the browser, and what to remember. What is to be approved is pushed first, so that it never goes through the
   * browser.
   * @param extra `prompt`, `acr_values`, `login_hint`, `ui_locales`
   */
  start(extra: Readonly<Record<string, string>>, transfer?: Transfer | null): Promise<Started>;
  /** Redeems the code of a callback; the library checks state, `iss`, nonce, verifier, signature, `aud`, times. */
  redeem(callback: URL, state: string, pending: Pending): Promise<Redeemed>;
  /** New tokens for the refresh token; the ID token stays when the gateway sends no new one. */
  refresh(login: PortalLogin, refreshToken: string): Promise<PortalLogin>;
  logoutUrl(login: PortalLogin, returnTo: string, state: string): Promise<string>;
  /** Where the gateway's keys are. */
  jwksUri(): Promise<string>;
}

const TIMEOUT_SECONDS = 5;
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/;

export function gatewayClient(options: GatewayOptions): Gateway {
  const { issuer, clientId, clientSecret, redirectUri, scope, idTokenAlg } = options;
  let found: Promise<client.Configuration> | null = null;

  // A failed discovery is forgotten, so that the portal may start before the gateway.
  const gateway = (): Promise<client.Configuration> => {
    found ??= discover().catch((error: unknown) => {
      found = null;
      throw error;
    });
    return found;
  };
  const discover = (): Promise<client.Configuration> =>
    client.discovery(
      new URL(issuer),
      clientId,
      { id_token_signed_response_alg: idTokenAlg },
      client.ClientSecretBasic(clientSecret),
      {
        timeout: TIMEOUT_SECONDS,
        // Plain http is for the demo's loopback only. Without the second, a signature from the token endpoint isn't checked.
        execute: [
          ...(LOOPBACK.test(`${issuer}/`) ? [client.allowInsecureRequests] : []),
          client.enableNonRepudiationChecks,
        ],
      },
    );

  return {
    start: async (extra, transfer = null) => {
      const config = await gateway();
      const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
      const ask = {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...extra,
      };
      const url = transfer
        ? await client.buildAuthorizationUrlWithPAR(config, {
            ...ask,
            authorization_details: JSON.stringify(detailsOf(transfer)),
          })
        : client.buildAuthorizationUrl(config, ask);
      return {
        url: url.href,
        state,
        pending: { nonce, verifier, silent: extra.prompt === 'none', transfer, asker: null },
      };
    },
    redeem: async (callback, state, { nonce, verifier }) => {
      const config = await gateway();
      const tokens = await client.authorizationCodeGrant(config, callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims || tokens.id_token === undefined) throw new Error('no ID token');
      const userinfo = await userInfo(config, tokens.access_token, claims.sub);
      const login = { claims, idToken: tokens.id_token, userinfo, refreshToken: tokens.refresh_token ?? null };
      return { login, details: tokens.authorization_details };
    },
    refresh: async (login, refreshToken) => {
      const tokens = await client.refreshTokenGrant(await gateway(), refreshToken);
      const claims = tokens.claims() ?? login.claims;
      if (claims.sub !== login.claims.sub) throw new Error('refreshed as somebody else');
      return {
        ...login,
        claims,
        idToken: tokens.id_token ?? login.idToken,
        refreshToken: tokens.refresh_token ?? refreshToken,
      };
    },
    logoutUrl: async (login, returnTo, state) => {
      const config = await gateway();
      const parameters = { id_token_hint: login.idToken, post_logout_redirect_uri: returnTo, state };
      return client.buildEndSessionUrl(config, parameters).href;
    },
    jwksUri: async () => {
      const uri = (await gateway()).serverMetadata().jwks_uri;
      if (uri === undefined) throw new Error('the gateway names no keys');
      return uri;
    },
  };
}

/** Only for the page: a sign-in without it is still a sign-in. */
async function userInfo(
  config: client.Configuration,
  accessToken: string,
  sub: string,
): Promise<client.UserInfoResponse | null> {
  if (config.serverMetadata().userinfo_endpoint === undefined) return null;
  try {
    return await client.fetchUserInfo(config, accessToken, sub);
  } catch {
    return null;
  }
}

/** An error in the protocol's own words, or ours where there are none; never a token or a stack. */
export function errorOf(error: unknown): { readonly error: string; readonly error_description: string } {
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError) {
    return { error: error.error, error_description: error.error_description ?? '' };
  }
  const cause = error instanceof Error ? error.message : '';
  if (error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError'))
    return { error: 'gateway_unreachable', error_description: cause };
  return { error: 'answer_refused', error_description: cause };
}
