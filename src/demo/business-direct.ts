// The demo's Business Direct: an OpenID Provider with a login page, a start page and a logout, as a bank's internet banking
// would be. An outsider: knows the gateway only by its address.
import type { ClientMetadata, KoaContextWithOIDC } from 'oidc-provider';
import { refuse, seeOther } from './business-direct-answers.ts';
import { directKeys } from './business-direct-keys.ts';
import { afterLogout, logoutAsked } from './business-direct-logout.ts';
import { bySubject, directProvider } from './business-direct-provider.ts';
import { directRoutes } from './business-direct-routes.ts';
import { serve, styles } from './outsider.ts';
import type { Outsider } from './outsider.ts';
import type { DemoPerson } from './people.ts';

export interface BusinessDirectOptions {
  readonly issuer: string;
  readonly port: number;
  readonly people: readonly DemoPerson[];
  /** Relying parties by their OIDC registration names; one without a `backchannel_logout_uri` gets the gateway's. */
  readonly clients: readonly ClientMetadata[];
  /** Address of the gateway, whose `/initiate` 「Webサービスを開く」 calls. */
  readonly gateway: string;
  /** Folder that keeps the signing keys (`business-direct.json`). */
  readonly dataDir: string;
  readonly host?: string;
  readonly clock?: () => number;
}

const END_SESSION_PATH = '/session/end';

/**
 * Makes the provider: its keys are read or made here, nothing listens before `listen()`.
 * @throws when a client's registration or the file of keys is faulty
 */
export function businessDirect(options: BusinessDirectOptions): Outsider {
  const { issuer, port, gateway, dataDir, host = '127.0.0.1', clock = () => Date.now() } = options;
  const people = bySubject(options.people);
  const provider = directProvider({
    issuer,
    people,
    clients: options.clients.map((client) => withLogout(client, gateway)),
    keys: directKeys(dataDir),
    clock,
    refused: (ctx, detail) => refuse(ctx, 'portal-request', ctx.status, detail),
    logout: logoutAsked,
  });
  provider.use(styles);
  provider.use<object, { oidc?: KoaContextWithOIDC['oidc'] }>(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const status =
        error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
      if (status >= 500) ctx.app.emit('error', error, ctx);
      return refuse(ctx, status >= 500 ? 'unexpected' : 'portal-request', status, null);
    }
    // Without a session the library would answer with a script; there is nothing to ask, so we go on.
    if (ctx.path === END_SESSION_PATH && ctx.status === 200 && ctx.oidc?.session && !ctx.oidc.session.accountId) {
      return seeOther(ctx, afterLogout(ctx.oidc.session));
    }
    if (ctx.status === 404 && !ctx.body) refuse(ctx, 'not-found', 404, null);
  });
  provider.use(directRoutes({ provider, people, gateway, issuer }));
  return { url: issuer, ...serve(() => provider.callback(), port, host) };
}

function withLogout(client: ClientMetadata, gateway: string): ClientMetadata {
  if (client.backchannel_logout_uri) return client;
  return {
    ...client,
    backchannel_logout_uri: `${gateway}/upstream/backchannel-logout`,
    backchannel_logout_session_required: true,
  };
}
