// The dispatcher of the sign-in: every page and every post of an attempt comes here; the table says the next step (own.ts), and
// walk.ts goes there. These two are the only places that know how a step becomes an answer.
import Router from '@koa/router';
import type { Context } from 'koa';
import { render } from '../../../views/layout.tsx';
import { freshRecord } from '../../flows/sign-in/begin.ts';
import { declineApproval } from '../../flows/sign-in/approve.ts';
import { chooseOtherLoginId, chooseRoute } from '../../flows/sign-in/choose.ts';
import type { Answer, FormError } from '../../flows/sign-in/answer.ts';
import type { PageSlug } from '../../rules/sign-in.ts';
import { readForm, type Form } from '../form.ts';
import { refuse } from '../refuse.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';
import { own, type Seen } from './own.ts';
import { asides, signInPages } from './pages.ts';
import { errorForPortal, leaving } from './refused.ts';
import { visitOf, type Aside, type SignInPage, type Visit } from './visit.ts';
import { again, goOn, resume, seeOther, startOver } from './walk.ts';

export function signInRouter(site: Site): Router {
  const router = new Router();
  router.get('/sign-in/:uid', async (ctx) => {
    const uid = ctx.params['uid'] ?? '';
    site.provider.foresee(uid);
    const seen = await own(ctx, site, uid);
    if (!seen) return startOver(ctx, site);
    const { step } = seen;
    if (step.to !== 'page' || seen.record.finished) return goOn(ctx, site, seen);
    // Shown here, one hop less; its form is posted to the page's own address.
    return show(signInPages[step.slug], visitOf(ctx, site, seen, null, [], `/sign-in/${uid}/${step.slug}`));
  });
  router.get('/sign-in/:uid/:slug', async (ctx) => {
    const seen = await own(ctx, site, ctx.params['uid'] ?? '');
    if (!seen) return startOver(ctx, site);
    const page = pageOf(seen, ctx.params['slug'] ?? '');
    if (!page) return seeOther(ctx, `/sign-in/${seen.record.id}`);
    return show(page, visitOf(ctx, site, seen, null));
  });
  router.post('/sign-in/:uid', (ctx) => act(ctx, site, ctx.params['uid'] ?? '', ''));
  router.post('/sign-in/:uid/:slug', (ctx) => act(ctx, site, ctx.params['uid'] ?? '', ctx.params['slug'] ?? ''));
  return router;
}

function pageOf(seen: Seen, slug: string): SignInPage | null {
  const { step } = seen;
  if (step.to !== 'page') return null;
  if (step.slug === slug) return signInPages[step.slug];
  const aside = Object.hasOwn(asides, slug) ? asides[slug] : undefined;
  return aside?.of.includes(step.slug) ? aside.page : null;
}

/** Where a password is compared, and its source is asked about before. */
const passwordPages: ReadonlySet<string> = new Set(['direct', 'first-link'] satisfies PageSlug[]);

/** One post: a common way out, or the act of the page that the table has put here. Any other post leads to the present step. */
async function act(ctx: Context, site: Site, uid: string, slug: string): Promise<void> {
  const form = readForm(ctx);
  const action = form.text('action');
  site.provider.foresee(uid);
  if (passwordPages.has(slug)) site.tools.sources.foresee(askedOf(ctx).act.source);
  const seen = await own(ctx, site, uid);
  if (seen?.record.finished) return resume(ctx, site, seen, action);
  if (!seen || seen.facts.attempt === 'gone') return restart(ctx, site, uid, action);
  await site.tools.attempts.begin(seen.record);
  const visit = visitOf(ctx, site, seen, form);
  const page = pageOf(seen, slug);
  const verb = page && Object.hasOwn(page.acts, action) ? page.acts[action] : undefined;
  if (!verb && (await leave(visit, action))) return;
  if (!page || !verb) return again(ctx, site, uid);
  const answer = await verb(visit, form);
  return answered(visit, page, form, answer);
}

async function answered(visit: Visit, page: SignInPage, form: Form, answer: Answer | Aside): Promise<void> {
  const { ctx, site, record } = visit;
  if ('aside' in answer) return seeOther(ctx, `/sign-in/${record.id}/${answer.aside}`);
  if (answer.advanced) return again(ctx, site, record.id);
  if (answer.word === 'too-many') return tooMany(visit, answer);
  // What was just counted may have changed the step (the fifth wrong code), or another press of the same button has proven what
  // this one no longer could: then the table answers, not the form.
  await site.tools.attempts.stands(record.id);
  const seen = await own(ctx, site, record.id);
  if (!seen) return startOver(ctx, site);
  const same = seen.step.to === 'page' && visit.look.step.to === 'page' && seen.step.slug === visit.look.step.slug;
  if (!same) return goOn(ctx, site, seen);
  return show(page, visitOf(ctx, site, seen, form, answer.errors), answer.errors);
}

/** Ways that every page may offer. True when one was taken. */
async function leave(visit: Visit, action: string): Promise<boolean> {
  const { ctx, site, act: asked, record } = visit;
  const { tools } = site;
  const route =
    action === 'direct' ? 'direct' : action === 'federated' || action.startsWith('federated-') ? 'federated' : null;
  if (route !== null && record.request.routes.includes(route)) {
    const issuer = site.upstreams().find(({ id }) => action === `federated-${id}`)?.issuer ?? null;
    await chooseRoute(tools, asked, record, route, issuer);
    await again(ctx, site, record.id);
    return true;
  }
  switch (action) {
    case 'cancel':
    case 'decline': {
      if (!(await declined(visit))) {
        await again(ctx, site, record.id);
        return true;
      }
      const url = record.request.own
        ? null
        : await site.provider.cancel(ctx, record.id, errorForPortal(visit), leaving(visit));
      if (url === null) await chooseRoute(tools, asked, record, null);
      seeOther(ctx, url ?? `/sign-in/${record.id}`);
      return true;
    }
    case 'restart':
      await chooseRoute(tools, asked, record, null);
      seeOther(ctx, `/sign-in/${record.id}`);
      return true;
    case 'retry':
      // Asking an upstream once more that did not answer; any other wait is simply looked at again.
      if (record.upstreamTrouble) await chooseRoute(tools, asked, record, 'federated', record.issuer);
      await again(ctx, site, record.id);
      return true;
    case 'back':
      if (visit.look.row === '8') await chooseOtherLoginId(tools, asked, record);
      seeOther(ctx, `/sign-in/${record.id}`);
      return true;
    case 'no_id':
      seeOther(ctx, `/sign-in/${record.id}/no-id`);
      return true;
    case 'forgot':
      seeOther(ctx, `/sign-in/${record.id}/forgot`);
      return true;
    case 'reset':
      seeOther(ctx, '/reset-request');
      return true;
    case 'print':
      seeOther(ctx, '/forms/initialisation');
      return true;
    case 'top':
      seeOther(ctx, '/');
      return true;
    default:
      return false;
  }
}

/** Leaving from an approval is written down; false when another tab has approved it meanwhile. */
async function declined({ site, act: asked, record, look }: Visit): Promise<boolean> {
  const approving = look.step.to === 'page' && look.step.slug === 'approve';
  return !approving || !look.person || declineApproval(site.tools, asked, record, look.person);
}

/** 「最初からやり直す」 without an attempt: the portal's request is taken up again while this browser holds it. */
async function restart(ctx: Context, site: Site, uid: string, action: string): Promise<void> {
  const { act: asked, browser } = askedOf(ctx);
  if (action !== 'restart') return startOver(ctx, site);
  const opened = browser === null ? null : await site.provider.openAttempt(ctx, uid);
  if (!opened || opened.finished || browser === null) return seeOther(ctx, '/');
  const fresh = freshRecord(
    { id: uid, browser, request: opened.request, live: opened.live },
    asked.now,
    site.tools.policy.attempt.lifetime,
  );
  await site.tools.attempts.begin(fresh);
  return seeOther(ctx, `/sign-in/${uid}`);
}

async function show(page: SignInPage, visit: Visit, errors: readonly FormError[] = []): Promise<void> {
  const { ctx } = visit;
  ctx.status = errors.length > 0 ? 422 : 200;
  ctx.type = 'html';
  ctx.body = render(await page.show(visit));
}

function tooMany(visit: Visit, answer: { readonly until: number; readonly about: 'source' | 'first-link' }): void {
  const { ctx, site, record } = visit;
  const { until } = answer;
  const shown =
    answer.about === 'source'
      ? ({ screen: 'REF019', text: 'login.busy', values: { at: until } } as const)
      : ({ screen: 'REF019', text: 'link.tries', values: { bd: record.upstream?.display ?? '', at: until } } as const);
  refuse(ctx, site, 'too-many', shown, { until, cancel: !record.request.own, action: `/sign-in/${record.id}` });
}
