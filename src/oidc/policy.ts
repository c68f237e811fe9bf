// Whether a request needs the person: one prompt, and behind it the sign-in table. After a finished sign-in the same
// request comes by once more; what is missing then is an error to the portal, never a second round.
import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { acrAndAmr, type Acr } from '../rules/acr.ts';
import { liveLogin } from '../rules/login.ts';
import type { Portal } from '../rules/portal.ts';
import type { Instant, LiveLogin } from '../rules/sign-in-record.ts';
import type { Storage } from './adapter.ts';
import { takePushed } from './approvals.ts';
import { approvedOf, boundOf } from './binding.ts';
import { grantRequested, present, type ReadLogin } from './grants.ts';
import type { Questions } from './options.ts';
import { askable, errorOf, portalError, reasonOf } from './refusals.ts';
import { readRequest, type Asked } from './request.ts';

const { Check, Prompt } = interactionPolicy;

/** Clocks of a trusted upstream may differ by this much, in milliseconds. */
const skew = 15_000;

export interface PolicyOptions {
  readonly questions: Questions;
  readonly readLogin: ReadLogin;
  readonly claimEntry: Storage['claimEntry'];
  readonly claimPushed: Storage['claimPushed'];
  readonly portalOf: (clientId: string) => Portal | undefined;
  readonly subOf: (ctx: KoaContextWithOIDC, accountId: string) => Promise<string>;
  readonly clock: () => Instant;
}

const trueAcr = (live: LiveLogin): Acr =>
  acrAndAmr({ route: live.route, otp: live.otp, passwordProven: live.passwordAt !== null }).acr;

interface Missing {
  readonly error: ReturnType<typeof errorOf>;
  readonly reason: string;
}

const asking = (error: Missing['error']): Missing => ({ error, reason: askable });

/** What the portal would miss if the session of today answered; null when nothing. Throws for what no page can mend. */
async function missing(asked: Asked, ctx: KoaContextWithOIDC, questions: Questions): Promise<Missing | null> {
  const { request, live, acceptable } = asked;
  if (live === null) return asking('login_required');
  if (request.reauthenticate || request.selectUser) return asking('login_required');
  if (ctx.oidc.prompts.has('consent')) return asking('consent_required');
  const step = await questions.judge(request, live);
  if (step.to !== 'finish') return { error: errorOf(step), reason: reasonOf(step) };
  return acceptable === null || acceptable.includes(trueAcr(live)) ? null : asking('login_required');
}

/** After a finished sign-in: what the login lacks although the person did everything. Throws the portal's error. */
function assertMet(asked: Asked, ctx: KoaContextWithOIDC, sub: string, now: Instant): void {
  const { request, live, acceptable, insistedSub } = asked;
  if (live === null || (insistedSub !== null && insistedSub !== sub)) {
    throw portalError('login_required', 'the requested end-user did not sign in');
  }
  const met = acceptable === null || acceptable.includes(trueAcr(live));
  if (!met || (request.otpDemanded && live.otp === null)) {
    throw portalError('unmet_authentication_requirements', 'the requested authentication could not be obtained');
  }
  // A code of that very step, for that very content, by who signed in: whatever the login holds besides.
  const approved = approvedOf(ctx.oidc.result);
  const { approval } = request;
  if (approval !== null && (approved?.digest !== approval.digest || approved.accountId !== live.accountId))
    throw portalError('interaction_required', 'the operation was not approved');
  // Signed in during this attempt is fresh enough, however long the pages took.
  const began = (ctx.oidc.entities.Interaction?.iat ?? 0) * 1000;
  const old = request.maxAge !== null && now - live.authTime > request.maxAge * 1000;
  if (old && live.authTime + skew < began)
    throw portalError('login_required', 'the authentication is older than max_age');
}

/** The interaction policy. Prompt details carry `request` and `live` to the sign-in pages. */
export function signInPolicy({
  questions,
  readLogin,
  claimEntry,
  claimPushed,
  portalOf,
  subOf,
  clock,
}: PolicyOptions): interactionPolicy.Prompt[] {
  const readings = new WeakMap<KoaContextWithOIDC, Asked>();

  const liveOf = async (ctx: KoaContextWithOIDC): Promise<LiveLogin | null> => {
    const { session } = present(ctx);
    const bound = boundOf(session);
    const login = session.accountId && bound ? await readLogin(ctx, bound.loginId) : null;
    return login && login.accountId === session.accountId ? liveLogin(login, session.uid) : null;
  };

  const needsPerson = async (ctx: KoaContextWithOIDC): Promise<boolean> => {
    const portal = portalOf(present(ctx).clientId);
    if (!portal) throw portalError('access_denied', 'the portal is not registered');
    // Without it there would be neither ID token nor userinfo: nobody is asked to sign in for nothing.
    if (!ctx.oidc.requestParamOIDCScopes.has('openid')) throw portalError('invalid_scope', 'openid must be requested');
    await takePushed(ctx, claimPushed);
    const live = await liveOf(ctx);
    const liveSub = live && (await subOf(ctx, live.accountId));
    const done = ctx.oidc.result?.login !== undefined;
    const asked = readRequest(ctx, { portal, live, liveSub, done, now: clock() });
    readings.set(ctx, asked);
    // Whoever signs in, by whichever route: nobody is asked for what cannot be enough.
    if (asked.request.unmeetable) {
      throw portalError('unmet_authentication_requirements', 'no sign-in gives the requested acr');
    }
    if (done) {
      assertMet(asked, ctx, liveSub ?? '', clock());
    } else {
      const lacks = await missing(asked, ctx, questions);
      if (lacks !== null && ctx.oidc.prompts.has('none')) throw portalError(lacks.error, lacks.reason);
      if (lacks !== null) return Check.REQUEST_PROMPT;
    }
    await grantRequested(ctx, portal, { questions, readLogin, claimEntry });
    // Every ID token says its sid, so that a later id_token_hint can prove to be of this very session.
    Reflect.set(ctx.oidc.claims, 'id_token', { ...ctx.oidc.claims.id_token, sid: null });
    return Check.NO_NEED_TO_PROMPT;
  };

  const login = new Prompt({ name: 'login', requestable: true }, (ctx) => {
    const asked = readings.get(ctx);
    return asked && { request: asked.request, live: asked.live };
  });
  login.checks.clear();
  login.checks.add(new Check('sign_in', 'the end-user has to be asked', 'login_required', needsPerson));
  // These two values may be asked for; what they mean is decided above.
  const others = ['select_account', 'consent'].map((name) => new Prompt({ name, requestable: true }));
  for (const prompt of others) prompt.checks.clear();
  return [login, ...others];
}
