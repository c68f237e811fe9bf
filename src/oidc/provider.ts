// The provider library's configuration: what is on, what is off, and which of our functions answers for what. Built anew
// whenever the keys change.
import Provider, { type Configuration } from 'oidc-provider';
import { acrMeanings } from '../rules/acr.ts';
import type { Portal } from '../rules/portal.ts';
import { approvals, ignoreResource } from './approvals.ts';
import { createStorage, type Storage } from './adapter.ts';
import { boundOf, keepBinding } from './binding.ts';
import { accountFinder, claims, ownTokens, pairwise } from './claims.ts';
import { egressFetch } from './egress.ts';
import { reportEvents } from './events.ts';
import { grantLoader, loginReader } from './grants.ts';
import { signingKeys } from './keys.ts';
import { logoutPages, namedPortal } from './logout.ts';
import type { OidcOptions } from './options.ts';
import { clientMetadata, needsPkce, overlapOf, rotates } from './portal.ts';
import { signInPolicy } from './policy.ts';
import { fixAddress } from './serve.ts';
import { keepIdsByUid } from './session-records.ts';
import type { SessionDeps } from './sessions.ts';

/** Seconds (spec §3). */
const ttl = { code: 60, token: 600, anonymous: 600 };

export const routes = {
  authorization: '/oidc/authorize',
  pushed_authorization_request: '/oidc/par',
  token: '/oidc/token',
  jwks: '/oidc/jwks',
  userinfo: '/oidc/userinfo',
  introspection: '/oidc/introspection',
  revocation: '/oidc/revocation',
  end_session: '/oidc/end-session',
} as const;

/** Cookie names (spec §12): what `__Host-` and `__Secure-` promise holds on https only; `__Host-` needs path `/`. */
function cookieNames(https: boolean): {
  readonly session: string;
  readonly interaction: string;
  readonly resume: string;
} {
  const [host, secure] = https ? ['__Host-', '__Secure-'] : ['', ''];
  return {
    session: `${host}renkei_session`,
    interaction: `${secure}renkei_interaction`,
    resume: `${secure}renkei_resume`,
  };
}

export interface Rim {
  readonly storage: Storage;
  readonly sessions: SessionDeps;
  readonly logout: ReturnType<typeof logoutPages>;
  readonly portalOf: (clientId: string) => Portal | undefined;
}

/** What outlives a change of keys. */
export function rimParts(options: OidcOptions, portals: readonly Portal[]): Rim {
  const { clock, policy, questions, pages } = options;
  const byId = new Map(portals.map((portal) => [portal.client_id, portal]));
  const portalOf = (clientId: string): Portal | undefined => byId.get(clientId);
  const storage = createStorage({
    state: options.state,
    settle: options.settle,
    clock,
    standing: (loginId) => questions.standing(loginId),
    overlapOf: (clientId) => overlapOf(portalOf(clientId)),
  });
  /** The lesser of the idle time and the rest of the login; an anonymous session only carries a logout question. */
  const lifetime: SessionDeps['lifetime'] = (session) => {
    const bound = boundOf(session);
    if (!bound) return ttl.anonymous;
    return Math.max(1, Math.floor(Math.min(policy.session.idle, bound.endsAt - clock()) / 1000));
  };
  const sessions = { storage, questions, clock, lifetime };
  return { storage, sessions, portalOf, logout: logoutPages({ ...sessions, pages, portalOf }) };
}

function configuration(
  options: OidcOptions,
  parts: Rim,
  jwks: OidcOptions['jwks'],
  portals: readonly Portal[],
): Configuration {
  const { policy, questions, pages } = options;
  const { portalOf, logout } = parts;
  const https = new URL(options.issuer).protocol === 'https:';
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true, secure: https } as const;
  const readLogin = loginReader(questions);
  const subFor = pairwise(options.pairwiseSalt);
  const { extraParams, ...rich } = approvals(options.clock);
  const seconds = (milliseconds: number): number => Math.max(1, Math.floor(milliseconds / 1000));

  return {
    adapter: parts.storage.adapter,
    clients: portals.map(clientMetadata),
    jwks: signingKeys(jwks),
    routes,
    cookies: { names: cookieNames(https), long: cookie, short: cookie, keys: options.cookieKeys },
    acrValues: Object.keys(acrMeanings),
    claims,
    scopes: ['openid'],
    // Portals show who signed in without a second request.
    conformIdTokenClaims: false,
    responseTypes: ['code', 'none'],
    // A grant's id is no secret: it stands in our records alone.
    formats: { bitsOfOpaqueRandomness: (_ctx, token) => (token.kind === 'Grant' ? 128 : 256) },
    subjectTypes: ['pairwise', 'public'],
    pairwiseIdentifier: subFor,
    // Portals are registered by the bank, not by themselves: their sector is what their registration says.
    sectorIdentifierUriValidate: () => false,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    clientBasedCORS: () => false,
    allowOmittingSingleRegisteredRedirectUri: false,
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256', 'RS256'],
      clientAuthSigningAlgValues: ['ES256', 'RS256', 'PS256'],
    },
    extraParams,
    discovery: { ui_locales_supported: ['ja', 'en'] },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      ...rich,
      claimsParameter: { enabled: true },
      userinfo: { enabled: true },
      backchannelLogout: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: ownTokens((clientId) => portalOf(clientId)?.renkei.resourceServer === true),
      },
      revocation: { enabled: true, allowedPolicy: ownTokens(() => false) },
      rpInitiatedLogout: { enabled: true, logoutSource: logout.ask, postLogoutSuccessSource: logout.signedOut },
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    },
    pkce: { required: (_ctx, client) => needsPkce(portalOf(client.clientId)) },
    // Refresh for portals registered for it, without offline_access; everything ends with the session (spec §9).
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => true,
    rotateRefreshToken: (ctx) => rotates(portalOf(ctx.oidc.client?.clientId ?? '')),
    ttl: {
      AuthorizationCode: ttl.code,
      AccessToken: ttl.token,
      IdToken: ttl.token,
      RefreshToken: seconds(policy.session.absolute),
      Grant: seconds(policy.session.absolute),
      Interaction: seconds(policy.attempt.setup),
      Session: (_ctx, session) => parts.sessions.lifetime(session),
    },
    findAccount: accountFinder(questions, parts.storage.heardOf),
    loadExistingGrant: grantLoader(questions),
    interactions: {
      policy: signInPolicy({
        questions,
        readLogin,
        claimEntry: parts.storage.claimEntry,
        claimPushed: parts.storage.claimPushed,
        portalOf,
        clock: options.clock,
        subOf: async (ctx, accountId) => {
          const { client } = ctx.oidc;
          return client?.subjectType === 'pairwise' ? subFor(ctx, accountId, client) : accountId;
        },
      }),
      url: (_ctx, interaction) => `/sign-in/${interaction.uid}`,
    },
    renderError: async (ctx, out, error) => {
      const portal = namedPortal(portalOf(ctx.oidc.client?.clientId ?? ''));
      await pages.error(ctx, { error: out.error, description: out.error_description ?? null, portal }, error);
    },
    fetch: egressFetch(options.egress),
  };
}

/** A provider with these keys; the old one may go on answering what it has begun. */
export function buildProvider(
  options: OidcOptions,
  parts: Rim,
  jwks: OidcOptions['jwks'],
  portals: readonly Portal[],
): Provider {
  const provider = new Provider(options.issuer, configuration(options, parts, jwks, portals));
  keepBinding(provider);
  keepIdsByUid(provider);
  fixAddress(provider, new URL(options.issuer));
  ignoreResource(provider);
  reportEvents(provider, options.report);
  return provider;
}
