// The portal's verbs on one browser's session: begin and finish a sign-in, refresh, sign out. Each answers where to go next;
// nothing here knows HTTP.
import { randomInt, randomUUID } from 'node:crypto';
import { errorOf } from './portal-gateway.ts';
import type { Gateway } from './portal-gateway.ts';
import { remember } from './portal-session.ts';
import type { PortalError, PortalSession } from './portal-session.ts';
import { judgeApproval, type Transfer } from './portal-transfer.ts';

const HOME = '/';
const TRANSFER = '/transfer';

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

/** Sends the browser to the gateway to have a transfer approved. @returns where to go: there, or back to the form with what is wrong */
export async function beginTransfer(gateway: Gateway, session: PortalSession, transfer: Transfer): Promise<string> {
  session.transfer = { sent: transfer, approved: null, error: null };
  try {
    const { url, state, pending } = await gateway.start({}, transfer);
    remember(session, state, { ...pending, asker: session.login?.claims.sub ?? null });
    return url;
  } catch (error) {
    return notTransferred(session, transfer, errorOf(error));
  }
}

function notTransferred(session: PortalSession, sent: Transfer, error: Omit<PortalError, 'reference'>): string {
  session.transfer = { sent, approved: null, error: { ...error, reference: reference() } };
  return TRANSFER;
}

/** Takes what came back. `signedIn`: somebody is signed in by it. */
export async function finish(
  gateway: Gateway,
  session: PortalSession,
  callback: URL,
): Promise<{ readonly signedIn: boolean; readonly to: string }> {
  const state = callback.searchParams.get('state') ?? '';
  const pending = session.pending.get(state);
  session.pending.delete(state);
  if (!pending) {
    failed(session, { error: 'start_over', error_description: 'no sign-in of this browser has this state' });
    return { signedIn: false, to: HOME };
  }
  const { transfer, asker } = pending;
  try {
    const { login, details } = await gateway.redeem(callback, state, pending);
    // The browser may be somebody else's at the gateway: what they approved is not this person's transfer.
    if (transfer && asker !== null && asker !== login.claims.sub)
      return {
        signedIn: false,
        to: notTransferred(session, transfer, { error: 'approved_by_other', error_description: '' }),
      };
    session.login = login;
    if (transfer) approvedIn(session, transfer, details);
  } catch (error) {
    const told = errorOf(error);
    if (transfer) return { signedIn: false, to: notTransferred(session, transfer, told) };
    // "No session" to a silent check is an answer: the person is signed out there, so here too.
    if (pending.silent && told.error === 'login_required') session.login = null;
    failed(session, told);
    return { signedIn: false, to: HOME };
  }
  session.error = null;
  session.refresh = null;
  session.lastLogoutToken = null;
  session.logoutState = null;
  return { signedIn: true, to: transfer ? TRANSFER : HOME };
}

/** A transfer is carried out when the gateway says that exactly this was approved; the receipt is kept with it. */
function approvedIn(session: PortalSession, sent: Transfer, details: unknown): void {
  const approved = judgeApproval(sent, details);
  if (approved) session.transfer = { sent, approved, error: null };
  else notTransferred(session, sent, { error: 'not_approved', error_description: '' });
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
  session.transfer = null;
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
