// RP-initiated logout: at once when the id_token_hint is of this very session, else after one question; never a page that
// needs JavaScript. The library's own confirmation is not used, because it would tell portals inline and end no login.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { errors, type KoaContextWithOIDC, type Session } from 'oidc-provider';
import type { Portal } from '../rules/portal.ts';
import { boundOf } from './binding.ts';
import { readForm } from './form.ts';
import type { NamedPortal, Pages } from './options.ts';
import { endSession, type SessionDeps } from './sessions.ts';

/** More than the form ever sends, in bytes. */
const longestForm = 4_096;

export interface LogoutOptions extends SessionDeps {
  readonly pages: Pages;
  readonly portalOf: (clientId: string) => Portal | undefined;
}

export function namedPortal(portal: Portal | undefined): NamedPortal | null {
  return portal
    ? { clientId: portal.client_id, name: portal.client_name ?? portal.client_id, uri: portal.client_uri ?? null }
    : null;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Told to our own end page in its address: by then nobody is signed in who could be asked. A word there does nothing. */
type GoesOn = 'upstream' | 'device';
const goesOnParam = 'goes_on';

/** The address after the end: the portal's, with its state, else our own page. Both were validated by the library. */
function afterwards(
  provider: Provider,
  back: { readonly uri: string | null; readonly state: string | null; readonly clientId: string | null },
  goesOn: readonly GoesOn[] = [],
): string {
  const url = new URL(back.uri ?? provider.urlFor('end_session_success'));
  if (back.uri !== null && back.state !== null) url.searchParams.set('state', back.state);
  if (back.uri === null && back.clientId !== null) url.searchParams.set('client_id', back.clientId);
  if (back.uri === null && goesOn.length > 0) url.searchParams.set(goesOnParam, goesOn.join(' '));
  return url.href;
}

function leave(ctx: KoaContextWithOIDC, address: string): void {
  ctx.body = null;
  ctx.status = 303;
  ctx.redirect(address);
}

function sameSecret(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

export function logoutPages(options: LogoutOptions) {
  const { pages, portalOf } = options;
  const forget = (req: IncomingMessage, res: ServerResponse, provider: Provider): void => {
    const { cookies, secure } = provider.createContext(req, res);
    cookies.set(provider.cookieName('session'), null, { httpOnly: true, sameSite: 'lax', secure });
  };

  /** What the end of this session does not touch: the upstream's own session, a remembered device. */
  const goesOnAfter = async (session: Session): Promise<readonly GoesOn[]> => {
    const bound = boundOf(session);
    const login = bound && (await options.questions.login(bound.loginId));
    if (!login) return [];
    return [
      ...(login.route === 'federated' ? ['upstream' as const] : []),
      ...(login.deviceId === null ? [] : ['device' as const]),
    ];
  };

  return {
    /** Clears the session's cookie in the browser. */
    forget,

    /** For the library's `logoutSource`: somebody is signed in, the request was validated. */
    async ask(ctx: KoaContextWithOIDC): Promise<void> {
      const { session, provider, client, params, entities } = ctx.oidc;
      if (!session) throw new Error('a logout without session');
      const clientId = client?.clientId ?? null;
      const back = { uri: text(params?.['post_logout_redirect_uri']), state: text(params?.['state']), clientId };
      const sid = entities.IdTokenHint?.payload['sid'];
      if (clientId !== null && typeof sid === 'string' && sid === session.sidFor(clientId)) {
        const goesOn = await goesOnAfter(session);
        await endSession(session, 'portal', options);
        forget(ctx.req, ctx.res, provider);
        leave(ctx, afterwards(provider, back, goesOn));
        return;
      }
      const entered = Object.keys(session.authorizations ?? {}).map((id) => namedPortal(portalOf(id)));
      await pages.confirmLogout(ctx, {
        action: provider.pathFor('end_session_confirm'),
        hidden: { xsrf: text(session.state?.['secret']) ?? '' },
        portal: namedPortal(portalOf(clientId ?? '')),
        entered: entered.filter((portal) => portal !== null),
      });
    },

    /** Instead of the library's page that posts itself by script when somebody else is signed in: that session ends. */
    async makeRoom(ctx: KoaContextWithOIDC): Promise<void> {
      const { session, provider } = ctx.oidc;
      if (!session) throw new Error('a sign-in over nobody');
      await endSession(session, 'replaced', options);
      forget(ctx.req, ctx.res, provider);
      leave(ctx, new URL(ctx.path, provider.issuer).href);
    },

    /** Instead of the library's page that posts itself by script when nobody is signed in. */
    nobody(ctx: KoaContextWithOIDC): void {
      const { provider, client, params } = ctx.oidc;
      const back = { uri: text(params?.['post_logout_redirect_uri']), state: text(params?.['state']) };
      leave(ctx, afterwards(provider, { ...back, clientId: client?.clientId ?? null }));
    },

    /** The answer to the question; before the library's own route. */
    async confirm(ctx: KoaContextWithOIDC, provider: Provider): Promise<void> {
      const form = await readForm(ctx, longestForm);
      const session = await provider.Session.get(ctx);
      const secret = text(session.state?.['secret']);
      if (secret === null || !sameSecret(secret, form.get('xsrf') ?? ''))
        throw new errors.InvalidRequest('could not find logout details');
      if (form.get('action') === 'cancel') {
        leave(ctx, new URL('/', provider.issuer).href);
        return;
      }
      const { postLogoutRedirectUri, state, clientId } = session.state ?? {};
      const back = { uri: text(postLogoutRedirectUri), state: text(state), clientId: text(clientId) };
      const goesOn = await goesOnAfter(session);
      await endSession(session, 'portal', options);
      forget(ctx.req, ctx.res, provider);
      leave(ctx, afterwards(provider, back, goesOn));
    },

    /** For the library's `postLogoutSuccessSource`. */
    async signedOut(ctx: KoaContextWithOIDC): Promise<void> {
      const goesOn = new URL(ctx.href).searchParams.get(goesOnParam)?.split(' ') ?? [];
      await pages.signedOut(ctx, {
        portal: namedPortal(portalOf(ctx.oidc.client?.clientId ?? '')),
        upstreamGoesOn: goesOn.includes('upstream'),
        deviceGoesOn: goesOn.includes('device'),
      });
    },
  };
}

/**
 * Sends one logout token (the outbox worker's errand). `nobody`: the portal takes none. Rejects when it could not be
 * delivered within the library's 2.5 seconds, or the portal did not answer 200 or 204.
 */
export async function deliverLogout(
  provider: Provider,
  to: { readonly clientId: string; readonly accountId: string; readonly sid: string },
): Promise<'delivered' | 'nobody'> {
  const client = await provider.Client.find(to.clientId);
  // Part of every client of the library, but not of its types.
  const send: unknown = client && Reflect.get(client, 'backchannelLogout');
  if (!client?.backchannelLogoutUri || typeof send !== 'function') return 'nobody';
  await Reflect.apply(send, client, [to.accountId, to.sid]);
  return 'delivered';
}
