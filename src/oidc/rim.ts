// The protocol rim as the rest of the house sees it: one koa middleware, and the verbs of sign-in and sign-out. Holds the
// provider of the present keys and swaps it when they change.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { cancel, finish, openAttempt, type OpenAttempt } from './interaction.ts';
import type { Approved } from '../rules/approval.ts';
import type { LoginRecord } from '../rules/login.ts';
import { deliverLogout } from './logout.ts';
import type { EndingSession, OidcOptions } from './options.ts';
import { ownClient, ownClientId } from './own-client.ts';
import { buildProvider, rimParts, routes } from './provider.ts';
import { serve, type OuterContext } from './serve.ts';
import { currentSession, endSession, sessionOf, type CurrentSession } from './sessions.ts';

type Req = IncomingMessage;
type Res = ServerResponse;

export interface OidcRim {
  /** For the outer koa application, without a body parser before it; other paths go to `next`. */
  middleware(ctx: OuterContext, next: () => Promise<unknown>): Promise<unknown>;
  /** Null when there is no such interaction or the browser's cookie names another one. */
  openAttempt(req: Req, res: Res, uid: string): Promise<OpenAttempt | null>;
  /** Says that the interaction will be opened within this request: it is read meanwhile. */
  foresee(uid: string): void;
  /** The URL to redirect to (303); null when the interaction is gone. */
  finish(req: Req, res: Res, uid: string, login: LoginRecord, approved?: Approved | null): Promise<string | null>;
  cancel(req: Req, res: Res, uid: string, error: string, description: string): Promise<string | null>;
  /** Who is signed in; being asked counts as activity. */
  currentSession(req: Req, res: Res): Promise<CurrentSession | null>;
  /** Our own sign-out: asks `sessionEnding`, ends the session and clears its cookie. Null when nobody was signed in. */
  endSession(req: Req, res: Res): Promise<EndingSession | null>;
  deliverBackchannelLogout(to: {
    readonly clientId: string;
    readonly accountId: string;
    readonly sid: string;
  }): Promise<'delivered' | 'nobody'>;
  /** Keys as in the options; requests under way end with the old ones. */
  rotateKeys(jwks: OidcOptions['jwks']): Promise<void>;
}

/**
 * Builds the rim and checks every portal's registration at once.
 * Rejects with an error that names the portal and what is wrong with it.
 */
export async function createProvider(options: OidcOptions): Promise<OidcRim> {
  const portals = [...options.portals.filter(({ client_id: id }) => id !== ownClientId), ownClient(options.issuer)];
  const parts = rimParts(options, portals);
  const build = (jwks: OidcOptions['jwks']): Provider => buildProvider(options, parts, jwks, portals);
  let provider = build(options.jwks);
  const serving = { pages: options.pages, report: options.report, settle: parts.storage.settle };
  let handle = serve(provider, parts.logout, serving);

  const mistakes: string[] = [];
  for (const { client_id: id } of portals) {
    await provider.Client.find(id).catch((error: Error) => {
      mistakes.push(`${id}: ${String(Reflect.get(error, 'error_description') ?? error.message)}`);
    });
  }
  if (mistakes.length > 0) throw new Error(`portals: ${mistakes.join('; ')}`);

  const fixed = new Set([
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    ...Object.values(routes),
  ]);
  for (const end of ['confirm', 'success']) fixed.add(`${routes.end_session}/${end}`);
  const resume = new RegExp(`^${routes.authorization}/[\\w-]{1,128}$`);

  return {
    // The exact path only: the library would also take other cases and a slash at the end.
    middleware: (ctx, next) => (fixed.has(ctx.path) || resume.test(ctx.path) ? handle(ctx) : next()),
    foresee: (uid) => parts.storage.foresee(uid),
    openAttempt: (req, res, uid) => openAttempt(provider, req, res, uid),
    finish: (req, res, uid, login, approved = null) =>
      finish(provider, req, res, uid, { login, approved }, parts.sessions),
    cancel: (req, res, uid, error, description) => cancel(provider, req, res, uid, error, description),
    currentSession: (req, res) => currentSession(provider, req, res, parts.sessions),
    endSession: async (req, res) => {
      const session = await sessionOf(provider, req, res);
      parts.logout.forget(req, res, provider);
      return session && endSession(session, 'signed-out', parts.sessions);
    },
    deliverBackchannelLogout: async (to) => {
      try {
        return await deliverLogout(provider, to);
      } catch (error) {
        options.report({
          kind: 'backchannel-failed',
          clientId: to.clientId,
          error: error instanceof Error ? error : new Error(String(error)),
        });
        throw error;
      }
    },
    rotateKeys: async (jwks) => {
      const next = build(jwks);
      handle = serve(next, parts.logout, serving);
      provider = next;
    },
  };
}
