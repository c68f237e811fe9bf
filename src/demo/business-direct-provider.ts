// The OpenID Provider inside the demo's Business Direct: protocol settings, claims, sessions. Pages are handed in.
import Provider from 'oidc-provider';
import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { DirectKeys } from './business-direct-keys.ts';
import { memoryAdapter } from './memory-adapter.ts';
import { subjectOf } from './people.ts';
import type { DemoPerson } from './people.ts';

/** The provider's own start page, as a client that gets no code: only the session is wanted. */
export const HOME_CLIENT = 'bd-home';

const SESSION_SECONDS = 10 * 3600;
const OUTGOING_TIMEOUT = 2_500;

export interface DirectProviderOptions {
  readonly issuer: string;
  readonly people: ReadonlyMap<string, DemoPerson>;
  readonly clients: readonly ClientMetadata[];
  readonly keys: DirectKeys;
  readonly clock: () => number;
  /** Shows that a request of a relying party was refused. */
  readonly refused: (ctx: KoaContextWithOIDC, detail: string) => void;
  /** Decides a relying party's logout request: ends at once or asks. */
  readonly logout: (ctx: KoaContextWithOIDC) => Promise<void>;
}

/** People by the `sub` they are asserted with; those without a Business Direct ID are left out. */
export function bySubject(people: readonly DemoPerson[]): ReadonlyMap<string, DemoPerson> {
  return new Map(
    people.flatMap((person) => (person.business_direct ? [[subjectOf(person.business_direct.id), person]] : [])),
  );
}

export function directProvider(options: DirectProviderOptions): Provider {
  const { issuer, people, keys, clock } = options;
  const home: ClientMetadata = {
    client_id: HOME_CLIENT,
    redirect_uris: [`${issuer}/`],
    response_types: ['none'],
    grant_types: [],
    token_endpoint_auth_method: 'none',
  };
  const clients = [...options.clients, home];
  const configuration: Configuration = {
    adapter: memoryAdapter(clock),
    clients,
    jwks: { keys: keys.signing },
    cookies: {
      keys: [keys.cookies],
      // Cookies of localhost go to every port: the names must not meet the gateway's or the portal's.
      names: { session: 'bd_session', interaction: 'bd_interaction', resume: 'bd_resume' },
    },
    responseTypes: ['code', 'none'],
    pkce: { required: (_ctx, client) => client.clientId !== HOME_CLIENT },
    // The ID token is all a relying party of this provider gets to see, so the claims stand in it.
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'business_direct_id', 'company', 'auth_time', 'sid'] },
    findAccount: (_ctx, sub) => accountOf(people, sub),
    loadExistingGrant: grantWithoutAsking,
    interactions: { url: (_ctx, interaction) => `/login/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: options.logout },
    },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: SESSION_SECONDS,
      IdToken: 600,
      Interaction: 1800,
      Session: SESSION_SECONDS,
    },
    fetch: fetchOnlyFrom(clients),
    renderError: (ctx, out) => options.refused(ctx, [out.error, out.error_description].filter(Boolean).join(': ')),
  };
  return new Provider(issuer, configuration);
}

function accountOf(people: ReadonlyMap<string, DemoPerson>, sub: string) {
  const person = people.get(sub);
  if (!person) return undefined;
  return {
    accountId: sub,
    claims: () => ({
      sub,
      business_direct_id: person.business_direct?.id,
      company: { contract_number: person.contract_number, name: person.company },
    }),
  };
}

/** A bank's own federation asks no consent: the grant is made as it is needed, once per session and client. */
async function grantWithoutAsking(ctx: KoaContextWithOIDC) {
  const { provider, client, session } = ctx.oidc;
  if (!client || !session?.accountId) return undefined;
  const known = session.grantIdFor(client.clientId);
  const grant =
    (known ? await provider.Grant.find(known) : undefined) ??
    new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  await grant.save();
  return grant;
}

/** The library refuses private addresses, which all of a demo's are: instead only origins of registered clients are called. */
function fetchOnlyFrom(clients: readonly ClientMetadata[]): NonNullable<Configuration['fetch']> {
  const uris = clients.flatMap((client) => [client.backchannel_logout_uri, client.jwks_uri]);
  const origins = new Set(uris.flatMap((uri) => (uri ? [new URL(uri).origin] : [])));
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!origins.has(url.origin)) throw new Error(`not a registered client's origin: ${url.origin}`);
    const { method = 'GET', headers = {}, body = null } = init ?? {};
    return fetch(url, { method, headers, body, redirect: 'error', signal: AbortSignal.timeout(OUTGOING_TIMEOUT) });
  };
}
