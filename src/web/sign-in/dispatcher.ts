// The dispatcher of the sign-in: every page and every post of an attempt comes here, the table says the next step, and this
// file walks there. It is the only place that knows how a step becomes an answer.
import Router from '@koa/router';
import type { Context } from 'koa';
import { render } from '../../../views/layout.tsx';
import { WaitingPage } from '../../../views/sign-in/waiting.tsx';
import { beginAttempt, freshRecord } from '../../flows/sign-in/begin.ts';
import { beginUpstream, chooseOtherLoginId, chooseRoute } from '../../flows/sign-in/choose.ts';
import { finish } from '../../flows/sign-in/finish.ts';
import { findOwn, look, lookAt, type Look } from '../../flows/sign-in/look.ts';
import type { Answer, FormError } from '../../flows/sign-in/answer.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import { readDeviceCookie, setDeviceCookie } from '../cookie.ts';
import { readForm, type Form } from '../form.ts';
import { speak } from '../language.ts';
import { refuse } from '../refuse.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';
import { asides, signInPages } from './pages.ts';
import { errorForPortal, refuseUpstream, refuseVisit } from './refused.ts';
import { visitOf, type Aside, type SignInPage, type Visit } from './visit.ts';

export function signInRouter(site: Site): Router {
  const router = new Router();
  router.get('/sign-in/:uid', async (ctx) => {
    const uid = ctx.params['uid'] ?? '';
    const seen = await openOrFind(ctx, site, uid);
    if (!seen) return startOver(ctx, site);
    return goOn(ctx, site, seen);
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

type Seen = Look & { readonly record: SignInRecord };

async function own(ctx: Context, site: Site, uid: string): Promise<Seen | null> {
  const { act: asked, browser } = askedOf(ctx);
  const seen = await look(site.tools, uid, browser, asked.now);
  if (!seen.record) return null;
  speak(ctx, site, seen.record.request.language);
  return { ...seen, record: seen.record };
}

/** The attempt of this browser, begun now when the provider has just sent the person here. */
async function openOrFind(ctx: Context, site: Site, uid: string): Promise<Seen | null> {
  const known = await own(ctx, site, uid);
  if (known) return known;
  const { act: asked, browser } = askedOf(ctx);
  const opened = browser === null ? null : await site.provider.openAttempt(ctx, uid);
  if (!opened || browser === null || opened.startedAt + site.tools.policy.attempt.lifetime <= asked.now) return null;
  const { request, live } = opened;
  const record = await beginAttempt(site.tools, asked, { id: uid, browser, request, live });
  if (record.browser !== browser) return null;
  speak(ctx, site, request.language);
  return { ...(await lookAt(site.tools, site.tools.store, record, asked.now)), record };
}

function pageOf(seen: Seen, slug: string): SignInPage | null {
  const { step } = seen;
  if (step.to !== 'page') return null;
  if (step.slug === slug) return signInPages[step.slug];
  const aside = Object.hasOwn(asides, slug) ? asides[slug] : undefined;
  return aside?.of.includes(step.slug) ? aside.page : null;
}

/** One post: a common way out, or the act of the page that the table has put here. Any other post leads to the present step. */
async function act(ctx: Context, site: Site, uid: string, slug: string): Promise<void> {
  const form = readForm(ctx);
  const action = form.text('action');
  const seen = await own(ctx, site, uid);
  if (seen?.record.finished) return resume(ctx, site, seen, action);
  if (!seen || seen.facts.attempt === 'gone') return restart(ctx, site, uid, action);
  const visit = visitOf(ctx, site, seen, form);
  if (await leave(visit, action)) return;
  const page = pageOf(seen, slug);
  const verb = page && Object.hasOwn(page.acts, action) ? page.acts[action] : undefined;
  if (!page || !verb) return again(ctx, site, uid);
  const answer = await verb(visit, form);
  return answered(visit, page, form, answer);
}

async function answered(visit: Visit, page: SignInPage, form: Form, answer: Answer | Aside): Promise<void> {
  const { ctx, site, record } = visit;
  if ('aside' in answer) return seeOther(ctx, `/sign-in/${record.id}/${answer.aside}`);
  if (answer.advanced) return again(ctx, site, record.id);
  if (answer.word === 'too-many') return tooMany(visit, answer);
  // What was just counted may have changed the step (the fifth wrong code): then the table answers, not the form.
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
      const url = record.request.own
        ? null
        : await site.provider.cancel(ctx, record.id, errorForPortal(visit), 'the person left the sign-in');
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
    case 'top':
      seeOther(ctx, '/');
      return true;
    default:
      return false;
  }
}

/** Looks once more and walks to wherever the table says, with as few hops as the protocol allows. */
async function again(ctx: Context, site: Site, uid: string): Promise<void> {
  const seen = await own(ctx, site, uid);
  return seen ? goOn(ctx, site, seen) : startOver(ctx, site);
}

/** A lost race or a device that ended meanwhile is looked at again; more rounds than causes would be a fault of ours. */
const rounds = 4;

export async function goOn(ctx: Context, site: Site, first: Seen): Promise<void> {
  let seen = first;
  for (let round = 0; round < rounds; round += 1) {
    const { step, record } = seen;
    const visit = visitOf(ctx, site, seen, null);
    if (record.finished) return resume(ctx, site, seen);
    if (step.to === 'page') return seeOther(ctx, `/sign-in/${record.id}/${step.slug}`);
    if (step.to === 'refuse') return refuseVisit(visit, step.word);
    if (step.to === 'waiting') return waiting(visit, step.until);
    if (step.to === 'upstream') return toUpstream(visit);
    const { act: asked } = askedOf(ctx);
    const finished = await finish(site.tools, asked, record, (linkId) => readDeviceCookie(ctx, site, linkId));
    if (finished.verdict === 'finished') {
      if (finished.cookie) setDeviceCookie(ctx, site, finished.cookie, asked.now, site.tools.policy.device.perBrowser);
      const url = await site.provider.finish(ctx, record.id, finished.login);
      return url === null ? startOver(ctx, site) : seeOther(ctx, url);
    }
    const next = await own(ctx, site, record.id);
    if (!next) return startOver(ctx, site);
    seen = next;
  }
  throw new Error('the sign-in table and the finishing transaction disagree');
}

async function toUpstream(visit: Visit): Promise<void> {
  const { ctx, site, act: asked, record } = visit;
  if (record.upstreamTrouble) return refuseUpstream(visit, record.upstreamTrouble);
  const url = await beginUpstream(site.tools, asked, record);
  if (url !== null) return seeOther(ctx, url);
  const now = await findOwn(site.tools, record.id, askedOf(ctx).browser);
  return now?.upstreamTrouble ? refuseUpstream(visit, now.upstreamTrouble) : startOver(ctx, site);
}

/**
 * A finished attempt whose answer was lost (double press, closed connection) is sent on once more; else it is over, and
 * 「最初からやり直す」 has nothing left of it to begin again.
 */
async function resume(ctx: Context, site: Site, seen: Seen, action = ''): Promise<void> {
  const { finished } = seen.record;
  const login =
    finished && (await site.provider.openAttempt(ctx, seen.record.id))
      ? await site.tools.logins.find(finished.loginId)
      : null;
  const url = login && (await site.provider.finish(ctx, seen.record.id, login));
  if (url !== null) return seeOther(ctx, url);
  return action === 'restart' ? seeOther(ctx, '/') : startOver(ctx, site);
}

/** 「最初からやり直す」 without an attempt: the portal's request is taken up again while this browser holds it. */
async function restart(ctx: Context, site: Site, uid: string, action: string): Promise<void> {
  const { act: asked, browser } = askedOf(ctx);
  if (action !== 'restart') return startOver(ctx, site);
  const opened = browser === null ? null : await site.provider.openAttempt(ctx, uid);
  if (!opened || browser === null) return seeOther(ctx, '/');
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

function waiting(visit: Visit, until: number): void {
  const { ctx, attempt } = visit;
  ctx.status = 200;
  ctx.type = 'html';
  ctx.body = render(WaitingPage({ ...attempt, at: until, why: { for: 'email' }, ask: 'any' }));
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

function startOver(ctx: Context, site: Site): void {
  refuse(ctx, site, 'start-over', { screen: 'REF001' });
}

function seeOther(ctx: Context, url: string): void {
  ctx.status = 303;
  ctx.redirect(url);
}
