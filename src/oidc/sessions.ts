// The provider's session of a browser, outside the library's own routes: who is signed in here, and its end.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Session } from 'oidc-provider';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Storage } from './adapter.ts';
import { boundOf } from './binding.ts';
import type { EndingReason, EndingSession, Questions } from './options.ts';

/** Who is signed in in this browser. */
export interface CurrentSession {
  readonly sessionUid: string;
  readonly loginId: string;
  readonly accountId: string;
}

/** A session's end is moved on use, but not written more often than this, in seconds. */
const slideStep = 60;

export interface SessionDeps {
  readonly storage: Storage;
  readonly questions: Questions;
  readonly clock: () => Instant;
  /** Seconds until a session in use would end, from now. */
  readonly lifetime: (session: Session) => number;
}

/** The session that the browser's cookie names, if it stands; anonymous ones too. */
export async function sessionOf(
  provider: Provider,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Session | null> {
  const id = provider.createContext(req, res).cookies.get(provider.cookieName('session'), { signed: true });
  return (id && (await provider.Session.find<Session>(id))) || null;
}

/** Who is signed in here; being asked is activity, so the idle end moves on. */
export async function currentSession(
  provider: Provider,
  req: IncomingMessage,
  res: ServerResponse,
  deps: SessionDeps,
): Promise<CurrentSession | null> {
  const session = await sessionOf(provider, req, res);
  const bound = session && boundOf(session);
  if (!session?.accountId || !bound) return null;
  const exp = Math.floor(deps.clock() / 1000) + deps.lifetime(session);
  if (exp - session.exp >= slideStep) await deps.storage.slideSession(session.uid, exp);
  return { sessionUid: session.uid, loginId: bound.loginId, accountId: session.accountId };
}

/** Whom a session's end concerns; null for an anonymous one. */
function endingOf(session: Session): EndingSession | null {
  const bound = boundOf(session);
  if (!session.accountId || !bound) return null;
  const entries = Object.entries(session.authorizations ?? {});
  return {
    sessionUid: session.uid,
    accountId: session.accountId,
    loginIds: [bound.loginId],
    portals: entries.flatMap(([clientId, { sid }]) => (sid === undefined ? [] : [{ clientId, sid }])),
  };
}

/**
 * Ends a session: its logins and the news to its portals first (committed by the question), then its grants, then itself.
 * Interrupted in between, nothing works any more, because the login no longer stands.
 */
export async function endSession(
  session: Session,
  reason: EndingReason,
  deps: SessionDeps,
): Promise<EndingSession | null> {
  const ending = endingOf(session);
  if (ending) await deps.questions.sessionEnding(ending, reason);
  const grants = Object.values(session.authorizations ?? {}).flatMap(({ grantId }) =>
    grantId === undefined ? [] : [grantId],
  );
  await Promise.all(grants.map((grantId) => deps.storage.endGrant(grantId)));
  await deps.storage.endSession(session.uid);
  await session.destroy();
  return ending;
}
