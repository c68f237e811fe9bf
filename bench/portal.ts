// The portal of the bench: it begins a sign-in with PKCE, state and nonce, redeems the code, refreshes and introspects, and
// judges what it was given. The same for the gateway and for the bare provider.
import { createHash, randomBytes } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Answer, Wire } from './browser.ts';

/** Nobody listens there: browsers stop at it. */
export const callback = 'http://127.0.0.1:9/callback';
export const portalId = 'bench-portal';
const secret = randomBytes(24).toString('base64url');

/** Its registration, in the names of OpenID Connect. */
export const registration = {
  client_id: portalId,
  client_secret: secret,
  redirect_uris: [callback],
  grant_types: ['authorization_code', 'refresh_token'],
  id_token_signed_response_alg: 'ES256',
};

export interface Begun {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
}

export interface Portal {
  readonly issuer: string;
  readonly endpoints: { readonly jwks_uri: string; readonly token_endpoint: string };
  begin(ask?: Readonly<Record<string, string>>): Begun;
  /** Redeems the code that came back. Throws when none did. */
  redeem(begun: Begun, back: Answer): Promise<Tokens>;
  refresh(tokens: Tokens): Promise<Tokens>;
  /** Throws unless the token is active. */
  introspect(tokens: Tokens): Promise<void>;
  /** Throws unless the ID token is signed, for us, of this sign-in, about somebody, and says this acr. */
  verify(tokens: Tokens, nonce: string | null, acr: string): Promise<void>;
}

interface Discovery {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly introspection_endpoint: string;
  readonly jwks_uri: string;
}

const machine = {
  'accept': 'application/json',
  'content-type': 'application/x-www-form-urlencoded',
  'authorization': `Basic ${Buffer.from(`${portalId}:${secret}`).toString('base64')}`,
};

export async function portalOf(wire: Wire, issuer: string): Promise<Portal> {
  const read = async (url: string): Promise<string> => (await wire.call(url, { headers: machine })).body;
  const endpoints: Discovery = JSON.parse(await read(`${issuer}/.well-known/openid-configuration`));
  const keys = createLocalJWKSet(JSON.parse(await read(endpoints.jwks_uri)));

  const post = async (url: string, form: Readonly<Record<string, string>>): Promise<Record<string, unknown>> => {
    const body = new URLSearchParams(form).toString();
    const answer = await wire.call(url, { method: 'POST', headers: machine, body });
    if (answer.status !== 200) throw new Error(`${new URL(url).pathname}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body);
  };
  const tokensOf = (answer: Record<string, unknown>): Tokens => ({
    accessToken: String(answer['access_token']),
    refreshToken: String(answer['refresh_token']),
    idToken: String(answer['id_token']),
  });

  return {
    issuer,
    endpoints,
    begin(ask = {}) {
      const [state, nonce, verifier] = [16, 16, 32].map((bytes) => randomBytes(bytes).toString('base64url'));
      const begun = { state: state ?? '', nonce: nonce ?? '', verifier: verifier ?? '' };
      const query = new URLSearchParams({
        client_id: portalId,
        redirect_uri: callback,
        response_type: 'code',
        scope: 'openid profile email',
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: createHash('sha256').update(begun.verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...ask,
      });
      return { ...begun, url: `${endpoints.authorization_endpoint}?${query.toString()}` };
    },
    async redeem(begun, back) {
      const { searchParams } = new URL(back.url);
      const code = searchParams.get('code');
      if (code === null || searchParams.get('state') !== begun.state)
        throw new Error(`no code: ${back.status} ${back.screen ?? ''} ${back.url} ${back.body.slice(0, 500)}`);
      return tokensOf(
        await post(endpoints.token_endpoint, {
          grant_type: 'authorization_code',
          code,
          redirect_uri: callback,
          code_verifier: begun.verifier,
        }),
      );
    },
    refresh: async ({ refreshToken }) =>
      tokensOf(await post(endpoints.token_endpoint, { grant_type: 'refresh_token', refresh_token: refreshToken })),
    async introspect({ accessToken }) {
      const told = await post(endpoints.introspection_endpoint, { token: accessToken });
      if (told['active'] !== true) throw new Error('the token is not active');
    },
    async verify({ idToken }, nonce, acr) {
      const { payload } = await jwtVerify(idToken, keys, { issuer, audience: portalId, requiredClaims: ['sub'] });
      if (nonce !== null && payload['nonce'] !== nonce) throw new Error('the ID token is of another sign-in');
      if (payload['acr'] !== acr) throw new Error(`acr is ${String(payload['acr'])}, not ${acr}`);
    },
  };
}
