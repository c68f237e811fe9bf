// The moment in which login, session and portal are tied together, and what ties them afterwards. What a portal may learn
// was decided by the sign-in table (permission, consent), so a grant is given as it was requested.
import { errors, type Grant, type KoaContextWithOIDC, type Session } from 'oidc-provider';
import type { LoginRecord } from '../rules/login.ts';
import type { Portal } from '../rules/portal.ts';
import type { Entry, Storage } from './adapter.ts';
import { bind, type Bound, boundOf, loginOf } from './binding.ts';
import { releasable } from './claims.ts';
import type { Questions } from './options.ts';
import { ownClientId } from './own-client.ts';

/** The request's session and client, which every route that comes here has. */
export function present(ctx: KoaContextWithOIDC): { readonly session: Session; readonly clientId: string } {
  const { session, client } = ctx.oidc;
  if (!session || !client) throw new Error('an authorization pass without session or client');
  return { session, clientId: client.clientId };
}

export type ReadLogin = (ctx: KoaContextWithOIDC, loginId: string) => Promise<LoginRecord | null>;

/** One reading of a login per request, however many ask for it. */
export function loginReader(questions: Questions): ReadLogin {
  const readings = new WeakMap<
    KoaContextWithOIDC,
    { readonly loginId: string; readonly login: Promise<LoginRecord | null> }
  >();
  return (ctx, loginId) => {
    const known = readings.get(ctx);
    if (known?.loginId === loginId) return known.login;
    // A sign-in that was just finished brings its login along.
    const brought = loginOf(ctx.oidc.result);
    const login = brought?.id === loginId ? Promise.resolve(brought) : questions.login(loginId);
    readings.set(ctx, { loginId, login });
    return login;
  };
}

/**
 * For the library's `loadExistingGrant`, the first hook that sees both a finished interaction and the session: binds the
 * session to its login, and answers this client's grant if it came through that login, or the same way through an earlier
 * one of this session. A new grant is not made here but when the policy has let the request pass.
 */
export function grantLoader(questions: Questions): (ctx: KoaContextWithOIDC) => Promise<Grant | undefined> {
  return async (ctx) => {
    const { session, clientId } = present(ctx);
    if (ctx.oidc.result?.login) {
      const login = loginOf(ctx.oidc.result);
      const standing = login && (await questions.standing(login.id));
      // Stopped, unlinked or changed between the last page and here.
      if (!login || !standing || standing.accountId !== session.accountId || login.accountId !== session.accountId) {
        throw new errors.LoginRequired('the sign-in no longer holds');
      }
      bind(session, { loginId: login.id, endsAt: login.expiresAt });
    }
    const bound = boundOf(session);
    const grantId = session.grantIdFor(clientId);
    if (!bound || !grantId) return undefined;
    const grant = await ctx.oidc.provider.Grant.find(grantId);
    return grant && (await goesOn(grant, bound, questions)) ? grant : undefined;
  };
}

/**
 * A portal that is entered in several tabs at once keeps the codes of all of them: its grant goes on under the newest
 * login of the session. Not when that one came another way: what came through a link must end with it.
 */
async function goesOn(grant: Grant, { loginId }: Bound, questions: Questions): Promise<boolean> {
  const before = boundOf(grant);
  if (!before || before.loginId === loginId) return before !== null;
  const [old, now] = await Promise.all([questions.login(before.loginId), questions.login(loginId)]);
  if (!old || !now) return false;
  return old.accountId === now.accountId && old.route === now.route && old.linkId === now.linkId;
}

interface Asking {
  readonly questions: Questions;
  readonly readLogin: ReadLogin;
  readonly claimEntry: Storage['claimEntry'];
}

/** Grants what was requested and notes who must be told of the end; called once the policy has let the request pass. */
export async function grantRequested(
  ctx: KoaContextWithOIDC,
  portal: Portal,
  { questions, readLogin, claimEntry }: Asking,
): Promise<void> {
  const { session, clientId } = present(ctx);
  const { grant } = ctx.oidc;
  const bound = boundOf(session);
  if (!grant || !bound) throw new Error('a request passed without a grant or a login');
  const allowed = releasable(portal);
  const wanted = {
    scopes: [...ctx.oidc.requestParamOIDCScopes],
    claims: [...ctx.oidc.requestParamClaims].filter((name) => allowed.has(name)),
  };
  const has = { scopes: grant.getOIDCScope().split(' '), claims: grant.getOIDCClaims() };
  const isNew = !grant.jti;
  const moves = boundOf(grant)?.loginId !== bound.loginId;
  if (
    !isNew &&
    !moves &&
    wanted.scopes.every((name) => has.scopes.includes(name)) &&
    wanted.claims.every((name) => has.claims.includes(name))
  )
    return;

  grant.addOIDCScope(wanted.scopes);
  if (wanted.claims.length > 0) grant.addOIDCClaims(wanted.claims);
  // Our own pages get neither code nor token, so nothing would ever look for their grant.
  if (clientId === ownClientId) return;

  session.ensureClientContainer(clientId);
  bind(grant, bound);
  const own: Entry = { grantId: await grant.save(), sid: session.sidFor(clientId) ?? '' };
  // Nobody else knows a session that this very request has made.
  const { grantId, sid } =
    isNew && !Reflect.get(session, 'new') ? await agreedEntry(ctx, grant, own, { questions, claimEntry }) : own;
  session.grantIdFor(clientId, grantId);
  session.sidFor(clientId, sid);
  if (isNew || moves) {
    const login = await readLogin(ctx, bound.loginId);
    // Who ends this session ends this login too, even when a later one of the same person has taken its place.
    if (login && !(await questions.bindPortal(login, session.uid, clientId, sid)))
      throw new errors.AccessDenied('the account may not enter this portal');
  }
}

/** Few tabs enter one portal at once. */
const rounds = 10;

/**
 * Tabs that enter a portal for the first time at the same moment each make a grant and a sid, and the session keeps one of
 * each: the first, for all of them, so that every code can be redeemed and the portal's logout names whom it knows.
 */
async function agreedEntry(
  ctx: KoaContextWithOIDC,
  grant: Grant,
  own: Entry,
  { questions, claimEntry }: Pick<Asking, 'questions' | 'claimEntry'>,
): Promise<Entry> {
  const { session, clientId } = present(ctx);
  const bound = boundOf(grant);
  if (!bound) throw new Error('a grant without its login');
  let instead: Entry | null = null;
  let offered = own;
  for (let round = 0; round < rounds; round += 1) {
    const entry: Entry = await claimEntry(session.uid, clientId, offered, instead, bound.endsAt);
    if (entry.grantId === own.grantId) return entry;
    const first = await ctx.oidc.provider.Grant.find(entry.grantId);
    if (first && (await goesOn(first, bound, questions))) {
      bind(first, bound);
      first.addOIDCScope(grant.getOIDCScope());
      first.addOIDCClaims(grant.getOIDCClaims());
      await first.save();
      await grant.destroy();
      ctx.oidc.entity('Grant', first);
      return entry;
    }
    // Revoked, or of an earlier login: the portal is entered anew, in the same session.
    instead = entry;
    offered = { grantId: own.grantId, sid: entry.sid };
  }
  throw new Error('a portal was entered by too many requests at once');
}
