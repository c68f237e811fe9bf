// Portals of every kind that a registration can describe, all one relying party built with openid-client, beside a demo. Each
// is spoken for by its client ID.
import { rmSync } from 'node:fs';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import * as client from 'openid-client';
import type { DemoPerson } from '../../src/demo/people.ts';
import { startDemo, type Demo } from './demo-process.ts';
import { begin, discovered, relyingParty, walk, type Begun, type RelyingParty } from './relying-party.ts';
import type { Page, ScriptBrowser } from './script-browser.ts';
import { overlay } from './walks.ts';

export type Ask = Readonly<Record<string, string | null>>;

export interface Entered {
  readonly tokens: Awaited<ReturnType<typeof client.authorizationCodeGrant>>;
  readonly screens: readonly string[];
  readonly config: client.Configuration;
  readonly page: Page;
}

export interface KeyPair {
  readonly key: client.CryptoKey;
  readonly kid: string;
  readonly jwk: JWK;
}

export interface ClientScene {
  readonly demo: Demo;
  readonly rp: RelyingParty;
  /** The library as this portal configures it: its own way to prove itself, its algorithm. */
  as(clientId: string): Promise<client.Configuration>;
  callbackOf(clientId: string): string;
  /** Signs a person in to a portal as far as pages ask, and redeems the code. Throws where the person is stopped. */
  enter(
    browser: ScriptBrowser,
    person: DemoPerson,
    clientId: string,
    ask?: Ask,
    how?: Parameters<typeof walk>[4],
  ): Promise<Entered>;
  /** What a request is answered at once. */
  answered(browser: ScriptBrowser, clientId: string, ask: Ask): Promise<{ readonly begun: Begun; readonly page: Page }>;
  /** The word that prompt=none is answered with: an OAuth error, or that it succeeded. */
  silent(browser: ScriptBrowser, clientId: string, ask?: Ask): Promise<string>;
  /** The portal `publishing` changes its key. */
  publishNext(next: KeyPair): void;
  close(): Promise<void>;
}

export const portalSecret = 'a-secret-of-a-portal-0123456789-abcdef';

export async function keyPair(kid: string, alg: 'ES256' | 'RS256' | 'PS256'): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { key: privateKey, kid, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** What a promise is rejected with. */
export const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );

/** The OAuth error word that the library raised. */
export async function errorWord(work: Promise<unknown>): Promise<string> {
  const error = await failure(work);
  if (error instanceof client.ResponseBodyError || error instanceof client.AuthorizationResponseError)
    return error.error;
  if (error instanceof client.WWWAuthenticateChallengeError)
    return error.cause[0]?.parameters.error ?? `status ${error.status}`;
  return String(error);
}

export async function clientScene(): Promise<ClientScene> {
  const rp = await relyingParty();
  const inline = await keyPair('inline', 'ES256');
  let published = await keyPair('published', 'PS256');
  rp.publish([published.jwk]);
  const refreshing = { grant_types: ['authorization_code', 'refresh_token'] };
  const withSecret = (client_id: string, more: object = {}, ours: object = {}): object => ({
    client_id,
    client_secret: portalSecret,
    redirect_uris: [rp.callback],
    post_logout_redirect_uris: [rp.start],
    backchannel_logout_uri: rp.backchannel(client_id),
    ...more,
    renkei: { open: true, ...ours },
  });
  const withKey = (client_id: string, more: object): object => ({
    client_id,
    token_endpoint_auth_method: 'private_key_jwt',
    redirect_uris: [rp.callback],
    ...refreshing,
    ...more,
    renkei: { open: true },
  });
  const config = overlay({
    'portals.yaml': [
      withSecret('basic', refreshing),
      withSecret('post', {
        ...refreshing,
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: 'ES256',
        subject_type: 'public',
      }),
      withSecret('elsewhere', { redirect_uris: [rp.elsewhere] }),
      withSecret('two-hosts', {
        redirect_uris: [rp.callback, rp.elsewhere],
        sector_identifier_uri: 'https://portal.example/hosts.json',
      }),
      withSecret('strict', { ...refreshing }, { rotation: 'strict' }),
      withSecret('keeping', { ...refreshing }, { rotation: 'none' }),
      withSecret('demanding', {}, { otp: 'always' }),
      withSecret('closed', {}, { open: false }),
      withSecret('api', {}, { resourceServer: true }),
      withKey('signing', { jwks: { keys: [inline.jwk] } }),
      withKey('publishing', { jwks_uri: rp.jwksUri, id_token_signed_response_alg: 'ES256' }),
      {
        client_id: 'app',
        token_endpoint_auth_method: 'none',
        redirect_uris: [rp.elsewhere],
        ...refreshing,
        subject_type: 'public',
        renkei: { open: true },
      },
    ],
  });
  const demo = await startDemo('embedded', { env: { RENKEI_CONFIG: config } });

  const auths: Readonly<Record<string, () => client.ClientAuth>> = {
    post: () => client.ClientSecretPost(portalSecret),
    app: () => client.None(),
    signing: () => client.PrivateKeyJwt({ key: inline.key, kid: inline.kid }),
    publishing: () => client.PrivateKeyJwt({ key: published.key, kid: published.kid }),
  };
  const algorithms: Readonly<Record<string, string>> = { post: 'ES256', publishing: 'ES256' };

  const as = (clientId: string): Promise<client.Configuration> =>
    discovered(demo, clientId, auths[clientId]?.() ?? client.ClientSecretBasic(portalSecret), {
      id_token_signed_response_alg: algorithms[clientId] ?? 'RS256',
    });
  const callbackOf = (clientId: string): string =>
    ['elsewhere', 'app'].includes(clientId) ? rp.elsewhere : rp.callback;

  /** Signs a person in to a portal as far as pages ask, and redeems the code. */
  async function enter(
    browser: ScriptBrowser,
    person: DemoPerson,
    clientId: string,
    ask: Ask = {},
    how: Parameters<typeof walk>[4] = {},
  ): Promise<Entered> {
    const begun = await begin(await as(clientId), callbackOf(clientId), ask);
    const { page, screens } = await walk(demo, browser, person, begun.url, how);
    if (page.screen !== 'CALLBACK') throw new Error(`at ${page.screen} ${page.refusal ?? ''} ${page.url}`);
    const config = await as(clientId);
    return {
      tokens: await client.authorizationCodeGrant(config, new URL(page.url), begun.checks),
      screens,
      config,
      page,
    };
  }

  /** What a request is answered without a page of Renkei. */
  async function answered(
    browser: ScriptBrowser,
    clientId: string,
    ask: Ask,
  ): Promise<{ readonly begun: Begun; readonly page: Page }> {
    const begun = await begin(await as(clientId), callbackOf(clientId), ask);
    return { begun, page: await browser.open(begun.url) };
  }

  async function silent(browser: ScriptBrowser, clientId: string, ask: Ask = {}): Promise<string> {
    const { begun, page } = await answered(browser, clientId, { prompt: 'none', ...ask });
    return errorWord(client.authorizationCodeGrant(await as(clientId), new URL(page.url), begun.checks));
  }

  return {
    demo,
    rp,
    as,
    callbackOf,
    enter,
    answered,
    silent,
    publishNext: (next) => {
      published = next;
      rp.publish([next.jwk]);
    },
    close: async () => {
      await demo.stop();
      await rp.close();
      rmSync(config, { recursive: true, force: true });
    },
  };
}
