// What the demo's portal remembers of its browsers: a session per cookie, in this process only. Judges nothing.
import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { IDToken, UserInfoResponse } from 'openid-client';
import type { Transfer, TransferState } from './portal-transfer.ts';

/** One sign-in that was sent to the gateway and has not come back. */
export interface Pending {
  readonly nonce: string;
  readonly verifier: string;
  readonly silent: boolean;
  /** It was sent to have this approved. */
  readonly transfer: Transfer | null;
  /** Who was signed in here when a transfer was sent: nobody else approves it. Null: nobody was. */
  readonly asker: string | null;
}

export interface PortalLogin {
  readonly claims: IDToken;
  readonly idToken: string;
  readonly userinfo: UserInfoResponse | null;
  readonly refreshToken: string | null;
}

export interface PortalError {
  readonly error: string;
  readonly error_description: string;
  readonly reference: string;
}

/** What came of the button 「トークンを更新」, as shown in `<script id="refresh">`. */
export interface RefreshResult {
  readonly ok: boolean;
  readonly at: number;
  readonly error: string | null;
  readonly error_description: string | null;
}

export interface LogoutReceived {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly sub: string | null;
  readonly sid: string | null;
}

export interface PortalSession {
  readonly pending: Map<string, Pending>;
  login: PortalLogin | null;
  error: PortalError | null;
  refresh: RefreshResult | null;
  transfer: TransferState | null;
  lastLogoutToken: LogoutReceived | null;
  /** `state` of a logout sent to the gateway. */
  logoutState: string | null;
}

const COOKIE = 'portal_session';
const SESSIONS = 10_000;
const PENDING = 20;

export interface PortalSessions {
  /** The browser's session, or null. */
  of(ctx: Context): PortalSession | null;
  /** The browser's session, made with its cookie when there is none. */
  open(ctx: Context): PortalSession;
  /** The same session under a new cookie: what was known before a sign-in is worth nothing after it. */
  renew(ctx: Context, session: PortalSession): void;
  /** Sessions whose login has this `sid`, or, where the gateway names none, this `sub`. */
  matching(sid: string | null, sub: string | null): PortalSession[];
}

export function portalSessions(): PortalSessions {
  const sessions = new Map<string, PortalSession>();

  const keep = (ctx: Context, session: PortalSession): void => {
    const id = randomBytes(32).toString('base64url');
    sessions.set(id, session);
    const oldest = sessions.keys().next();
    if (sessions.size > SESSIONS && !oldest.done) sessions.delete(oldest.value);
    ctx.cookies.set(COOKIE, id, { httpOnly: true, sameSite: 'lax', signed: false, overwrite: true });
  };
  const of = (ctx: Context): PortalSession | null =>
    sessions.get(ctx.cookies.get(COOKIE, { signed: false }) ?? '') ?? null;

  return {
    of,
    open: (ctx) => {
      const known = of(ctx);
      if (known) return known;
      const session: PortalSession = {
        pending: new Map(),
        login: null,
        error: null,
        refresh: null,
        transfer: null,
        lastLogoutToken: null,
        logoutState: null,
      };
      keep(ctx, session);
      return session;
    },
    renew: (ctx, session) => {
      sessions.delete(ctx.cookies.get(COOKIE, { signed: false }) ?? '');
      keep(ctx, session);
    },
    matching: (sid, sub) =>
      [...sessions.values()].filter(
        ({ login }) => login && (sid === null ? login.claims.sub === sub : login.claims.sid === sid),
      ),
  };
}

/** Remembers a sign-in on its way; a browser that starts many and finishes none loses the oldest. */
export function remember(session: PortalSession, state: string, pending: Pending): void {
  session.pending.set(state, pending);
  const oldest = session.pending.keys().next();
  if (session.pending.size > PENDING && !oldest.done) session.pending.delete(oldest.value);
}
