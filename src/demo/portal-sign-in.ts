// The portal's verbs on one browser's session: begin and finish a sign-in, refresh, sign out. Each answers where to go next;
// nothing here knows HTTP.
import { randomInt, randomUUID } from 'node:crypto';
import { errorOf } from './portal-gateway.ts';
import type { Gateway } from './portal-gateway.ts';
import { remember } from './portal-session.ts';
import type { PortalSession } from './portal-session.ts';

const HOME = '/';

/** Sends the browser to the gateway. @param extra what this sign-in asks besides */
export async function begin(
  gateway: Gateway,
  session: PortalSession,
  extra: Readonly<Record<string, string>>,
): Promise<string> {
  session.error = null;
  session.refresh = null;
  try {
    const { url, state, pending } = await gateway.start(extra);
    remember(session, state, pending);
    return url;
  } catch (error) {
    return failed(session, errorOf(error));
  }
}

/** Takes what came back. @returns whether somebody is signed in by it */
export async function finish(gateway: Gateway, session: PortalSession, callback: URL): Promise<boolean> {
  const state = callback.searchParams.get('state') ?? '';
  const pending = session.pending.get(state);
  session.pending.delete(state);
  if (!pending) {
    failed(session, { error: 'start_over', error_description: 'no sign-in of this browser has this state' });
    return false;
  }
  try {
    session.login = await gateway.redeem(callback, state, pending);
  } catch (error) {
    const told = errorOf(error);
    // "No session" to a silent check is an answer: the person is signed out there, so here too.
    if (pending.silent && told.error === 'login_required') session.login = null;
    failed(session, told);
    return false;
  }
  session.error = null;
  session.refresh = null;
  session.lastLogoutToken = null;
  session.logoutState = null;
  return true;
}

/** Uses the refresh token and keeps what came of it for the page. @param now milliseconds since the epoch */
export async function refresh(gateway: Gateway, session: PortalSession, now: number): Promise<string> {
  const { login } = session;
  if (!login) return HOME;
  if (login.refreshToken === null) {
    session.refresh = { ok: false, at: now, error: 'no_refresh_token', error_description: null };
    return HOME;
  }
  try {
    const renewed = await gateway.refresh(login, login.refreshToken);
    // A logout may have come while we waited.
    if (session.login === login) session.login = renewed;
    session.refresh = { ok: true, at: now, error: null, error_description: null };
  } catch (error) {
    session.refresh = { ok: false, at: now, ...errorOf(error) };
  }
  return HOME;
}

/** Signs out here, then at the gateway: an unreachable one must not keep a person signed in. */
export async function signOut(gateway: Gateway, session: PortalSession, returnTo: string): Promise<string> {
  const { login } = session;
  session.login = null;
  session.error = null;
  session.refresh = null;
  if (!login) return HOME;
  session.logoutState = randomUUID();
  try {
    return await gateway.logoutUrl(login, returnTo, session.logoutState);
  } catch (error) {
    return failed(session, errorOf(error));
  }
}

/** Keeps an error for the page; it stands there until the next button. @returns the page */
export function failed(
  session: PortalSession,
  error: { readonly error: string; readonly error_description: string },
): string {
  session.error = { ...error, reference: reference() };
  return HOME;
}

const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 8 characters in two groups (screens.md §3.6). */
function reference(): string {
  const four = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${four()}-${four()}`;
}
