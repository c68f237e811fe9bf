// Ends a session of the demo's Business Direct provider: every relying party of it is told by back-channel logout, its
// grants die, the cookie goes. One way for all: the person's own logout, a relying party's, and a change of person.
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { directLanguage, refuse, seeOther } from './business-direct-answers.ts';
import { LogoutPage } from './business-direct-end-pages.tsx';
import { sendPage } from './frame.tsx';

export type DirectSession = Awaited<ReturnType<Provider['Session']['get']>>;

/**
 * Ends the session at once. A relying party that can't be reached is skipped: an outsider of a demo keeps no outbox.
 * @param ctx the request whose browser loses the session cookie
 */
export async function endDirectSession(provider: Provider, ctx: Context, session: DirectSession): Promise<void> {
  const parties = Object.entries(session.authorizations ?? {});
  await Promise.all(parties.map(([clientId, { sid }]) => tell(provider, clientId, session.accountId, sid)));
  for (const [, { grantId }] of parties) {
    const grant = grantId ? await provider.Grant.find(grantId) : undefined;
    await grant?.destroy();
  }
  await session.destroy();
  ctx.cookies.set(provider.cookieName('session'), null, { httpOnly: true, sameSite: 'lax' });
}

async function tell(provider: Provider, clientId: string, accountId?: string, sid?: string): Promise<void> {
  const client = await provider.Client.find(clientId);
  if (!client?.backchannelLogoutUri || !accountId || !sid) return;
  // The library's own sender of logout tokens; its types leave it out.
  const send: unknown = Reflect.get(client, 'backchannelLogout');
  if (typeof send !== 'function') return;
  try {
    await send.call(client, accountId, sid);
  } catch {
    // Reached or not, the session ends here.
  }
}

/** A relying party that shows an ID token of this very session ends it at once; anybody else makes us ask. */
export async function logoutAsked(ctx: KoaContextWithOIDC): Promise<void> {
  const { provider, session, client, entities } = ctx.oidc;
  if (!session) return;
  const sid = client ? session.sidFor(client.clientId) : undefined;
  if (sid !== undefined && entities.IdTokenHint?.payload.sid === sid) {
    const next = afterLogout(session);
    await endDirectSession(provider, ctx, session);
    return seeOther(ctx, next);
  }
  const secret = session.state?.secret;
  if (typeof secret !== 'string') return refuse(ctx, 'start-over', 410, null);
  sendPage(ctx, 200, LogoutPage({ language: directLanguage(ctx), asker: client?.clientName ?? null, secret }));
}

/** Where a logout leads: to the address the relying party registered and asked for, else to our own page. */
export function afterLogout(session: DirectSession): string {
  const { postLogoutRedirectUri, state } = session.state ?? {};
  if (typeof postLogoutRedirectUri !== 'string') return '/logged-out';
  const next = new URL(postLogoutRedirectUri);
  if (typeof state === 'string') next.searchParams.set('state', state);
  return next.href;
}
