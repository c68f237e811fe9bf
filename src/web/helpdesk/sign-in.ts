// HDK003 and HDK004: the operators' way in, on pages of its own (spec §8). Reload, back, a second tab and a second press show the
// true present step, because it is looked up for every request.
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { FormError } from '../../../views/messages/errors.ts';
import { readErrors, type LooseError } from '../../../views/messages/stored.ts';
import { OperatorSignInPage } from '../../../views/helpdesk/sign-in.tsx';
import { OperatorStoppedPage } from '../../../views/helpdesk/stopped.tsx';
import { actOnce } from '../../flows/act-once.ts';
import type { OperatorAnswer } from '../../flows/operator/advance.ts';
import { lookAtOperator, type Bringing, type Standing } from '../../flows/operator/look.ts';
import { endOperatorAccess, leaveOperatorSignIn, proveOperatorPassword } from '../../flows/operator/sign-in.ts';
import type { Banner } from '../../../views/messages/banners.ts';
import { seeOther, show } from '../console.ts';
import { readForm } from '../form.ts';
import { frameOf } from '../frame.ts';
import { keepLasting, lastingValue } from '../known-browser.ts';
import { refuse } from '../refuse.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';
import { bringing, setOperatorCookie } from './cookie.ts';
import { stepPages, type PageStep, type StepVisit } from './steps.ts';
import { backOf, signInPath } from './way-back.ts';

export function operatorSignInPages(router: Router, site: Site): void {
  router.get(signInPath, async (ctx) => {
    const standing = await look(ctx, site);
    if (standing.is === 'signed-in') return seeOther(ctx, backOf(ctx, site));
    if (standing.is === 'signing-in') return toStep(ctx, site, standing);
    showSignIn(ctx, site, { banners: [] });
  });

  router.post(signInPath, async (ctx) => {
    const { act, browser } = askedOf(ctx);
    const form = readForm(ctx);
    const before = bringing(ctx, site);
    const loginId = form.text('login_id');
    const back = backOf(ctx, site);
    const answer = await proveOperatorPassword(
      site.tools,
      act,
      { browser: browser ?? '', back },
      { loginId, password: form.text('password') },
    );
    if (answer.verdict === 'too-many') return tooMany(ctx, site, answer.until);
    if (answer.verdict === 'refused') return showSignIn(ctx, site, { loginId, errors: answer.errors });
    await endOperatorAccess(site.tools, before.value);
    return advance(ctx, site, answer, back, null);
  });

  for (const step of ['otp', 'new-password', 'token'] as const) stepRoutes(router, site, step);
}

function stepRoutes(router: Router, site: Site, step: PageStep): void {
  const page = stepPages[step];
  router.get(page.path, async (ctx) => {
    const standing = await look(ctx, site);
    if (standing.is !== 'signing-in' || standing.step !== step) return present(ctx, site, standing);
    show(ctx, await page.show(visitOf(ctx, site, standing, [])));
  });

  router.post(page.path, async (ctx) => {
    const { act } = askedOf(ctx);
    const standing = await look(ctx, site);
    if (standing.is !== 'signing-in' || standing.step !== step) return present(ctx, site, standing);
    const form = readForm(ctx);
    const { attempt } = standing;
    if (form.text('action') === 'cancel') {
      await leaveOperatorSignIn(site.tools, attempt);
      setOperatorCookie(ctx, site, null);
      return seeOther(ctx, signInPath);
    }
    // Drawn before it is known whether this proof is the last one: a new value is known to nobody.
    const lasting = lastingValue(ctx, site) ?? site.newValue();
    // Of two presses of one button the second waits for the first, and is then shown where that led.
    const acted = await actOnce<OperatorAnswer, { at: number; reference: string; value: null }>(
      site.tools,
      act,
      attempt,
      step,
      async () => {
        const now = await look(ctx, site);
        if (now.is !== 'signing-in' || now.step !== step) return once({ verdict: 'advanced', value: null });
        const visit = visitOf(ctx, site, now, []);
        return once(await page.act({ ...visit, act: { ...visit.act, lasting: site.digest(lasting) } }, form));
      },
    );
    const answer = acted.verdict === 'refused' ? acted.refused : null;
    if (answer?.verdict !== 'refused') return advance(ctx, site, answer, attempt.back, lasting);
    const now = await look(ctx, site);
    if (now.is !== 'signing-in' || now.step !== step) return present(ctx, site, now);
    show(ctx, await page.show(visitOf(ctx, site, now, told(site, answer.errors))), 422);
  });
}

/** No result is kept: what is true is looked up, and a cookie's value stands in no record. */
const once = (answer: OperatorAnswer) => ({ verdict: 'refused', refused: answer }) as const;

const look = (ctx: Context, site: Site, brought: Bringing = bringing(ctx, site)): Promise<Standing> =>
  lookAtOperator(site.tools, askedOf(ctx).act, brought);

/** Sets the new value, and leads on. @param lasting what the browser is known by once the operator is signed in */
async function advance(
  ctx: Context,
  site: Site,
  answer: OperatorAnswer | null,
  back: string,
  lasting: string | null,
): Promise<void> {
  if (answer?.verdict === 'stopped') return stopped(ctx, site);
  const value = answer?.verdict === 'advanced' ? answer.value : null;
  if (value === null) return present(ctx, site, await look(ctx, site));
  setOperatorCookie(ctx, site, value);
  const standing = await look(ctx, site, { value, browser: askedOf(ctx).browser });
  if (standing.is === 'signed-in') {
    if (lasting !== null) keepLasting(ctx, site, lasting);
    return seeOther(ctx, back);
  }
  return present(ctx, site, standing);
}

/** Leads to where the operator truly is. */
async function present(ctx: Context, site: Site, standing: Standing): Promise<void> {
  if (standing.is === 'signed-in') return seeOther(ctx, '/helpdesk');
  if (standing.is === 'signing-in') return toStep(ctx, site, standing);
  return seeOther(ctx, signInPath);
}

async function toStep(ctx: Context, site: Site, standing: Extract<Standing, { is: 'signing-in' }>): Promise<void> {
  if (standing.step !== 'refused') return seeOther(ctx, stepPages[standing.step].path);
  await leaveOperatorSignIn(site.tools, standing.attempt);
  stopped(ctx, site);
}

/** The one-time password is stopped; nothing that this browser has proven counts any more. */
function stopped(ctx: Context, site: Site): void {
  setOperatorCookie(ctx, site, null);
  show(ctx, OperatorStoppedPage({ frame: frameOf(ctx, site, { path: signInPath, reference: true }) }), 403);
}

function visitOf(
  ctx: Context,
  site: Site,
  { operator, attempt }: Extract<Standing, { is: 'signing-in' }>,
  errors: readonly FormError[],
): StepVisit {
  const { act } = askedOf(ctx);
  const frame = frameOf(ctx, site, { path: ctx.path, reference: errors.length > 0 });
  return { site, act, operator, attempt, frame, errors, read: ctx.method === 'GET' };
}

const told = (site: Site, errors: readonly LooseError[]): readonly FormError[] =>
  readErrors(errors, { printable: site.tools.policy.password.printable });

/** HDK003, with what was typed before and what was wrong with it. */
export function showSignIn(
  ctx: Context,
  site: Site,
  more: { readonly loginId?: string; readonly errors?: readonly LooseError[]; readonly banners?: readonly Banner[] },
): void {
  const errors = told(site, more.errors ?? []);
  const frame = frameOf(ctx, site, { path: signInPath, reference: errors.length > 0 });
  const page = OperatorSignInPage({ frame, errors, banners: more.banners ?? [], loginId: more.loginId ?? '' });
  show(ctx, page, errors.length > 0 ? 422 : 200);
}

function tooMany(ctx: Context, site: Site, until: number): void {
  const busy = { screen: 'REF019', text: 'operator.busy', values: { at: until } } as const;
  refuse(ctx, site, 'too-many', busy, { until, action: '/helpdesk/enter' });
}
