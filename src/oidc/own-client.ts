// The built-in client of our own consoles: it signs in by the ordinary request but asks for no code and no token
// (response_type=none); the consoles read the session itself. It exists in every deployment and can't be configured away.
import type { Portal } from '../rules/portal.ts';

export const ownClientId = 'renkei-web';

/** Where the provider sends the browser back to; `state` comes with it. */
export const ownReturnPath = '/signed-in';

export function ownClient(issuer: string): Portal {
  return {
    client_id: ownClientId,
    client_name: 'Renkei',
    redirect_uris: [new URL(ownReturnPath, issuer).href],
    token_endpoint_auth_method: 'none',
    grant_types: [],
    response_types: ['none'],
    scope: 'openid',
    subject_type: 'pairwise',
    id_token_signed_response_alg: 'ES256',
    renkei: {
      open: true,
      otp: 'asked',
      acr: null,
      consent: 'none',
      pkce: 'required',
      rotation: 'strict',
      resourceServer: false,
    },
  };
}

export interface OwnSignIn {
  /** Comes back unchanged; must be bound to the browser by the caller. */
  readonly state: string;
  readonly prompt?: 'login' | 'none' | 'select_account';
  readonly acrValues?: string;
  /** Seconds. */
  readonly maxAge?: number;
  readonly loginHint?: string;
  readonly language?: 'ja' | 'en';
  /** The upstream's issuer, from its own third-party-initiated login. */
  readonly upstream?: string;
}

/** The parameters of the authorization request that signs in to our own pages. */
export function ownSignIn(issuer: string, ask: OwnSignIn): URLSearchParams {
  const entries = Object.entries({
    client_id: ownClientId,
    response_type: 'none',
    redirect_uri: new URL(ownReturnPath, issuer).href,
    scope: 'openid',
    state: ask.state,
    prompt: ask.prompt,
    acr_values: ask.acrValues,
    max_age: ask.maxAge?.toString(),
    login_hint: ask.loginHint,
    ui_locales: ask.language,
    renkei_upstream: ask.upstream,
  });
  return new URLSearchParams(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
