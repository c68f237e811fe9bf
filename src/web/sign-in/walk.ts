// From the table's step to an answer: the next page, the upstream, a refusal, or the end of the attempt. With as few hops as
// the protocol allows.
import type { Context } from 'koa';
import { beginUpstream } from '../../flows/sign-in/choose.ts';
import { finish } from '../../flows/sign-in/finish.ts';
import { findOwn, type Rows } from '../../flows/sign-in/look.ts';
import { readDeviceCookie, setDeviceCookie } from '../cookie.ts';
import { refuse } from '../refuse.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';
import { own, type Seen } from './own.ts';
import { refuseUntil, refuseUpstream, refuseVisit } from './refused.ts';
import { visitOf, type Visit } from './visit.ts';

/** Looks once more and walks to wherever the table says. */
export async function again(ctx: Context, site: Site, uid: string): Promise<void> {
  const seen = await own(ctx, site, uid);
  return seen ? goOn(ctx, site, seen) : startOver(ctx, site);
}

/** From an upstream's callback: what shows a page is left to the page's own address, which can be looked at again. */
export async function goOnFrom(ctx: Context, site: Site, uid: string, read: Partial<Rows> = {}): Promise<void> {
  const seen = await own(ctx, site, uid, read);
  return seen?.step.to === 'finish' ? goOn(ctx, site, seen) : seeOther(ctx, `/sign-in/${uid}`);
}

/** A lost race or a device that ended meanwhile is looked at again; more rounds than causes would be a fault of ours. */
const rounds = 4;

export async function goOn(ctx: Context, site: Site, first: Seen): Promise<void> {
  let seen = first;
  await site.tools.attempts.begin(first.record);
  for (let round = 0; round < rounds; round += 1) {
    const { step, record } = seen;
    const visit = visitOf(ctx, site, seen, null);
    if (record.finished) return resume(ctx, site, seen);
    if (step.to === 'page') return seeOther(ctx, `/sign-in/${record.id}/${step.slug}`);
    if (step.to === 'refuse') return refuseVisit(visit, step.word);
    if (step.to === 'waiting') return refuseUntil(visit, step.until);
    if (step.to === 'upstream') return toUpstream(visit);
    const { act: asked } = askedOf(ctx);
    const finished = await finish(site.tools, asked, record, (linkId) => readDeviceCookie(ctx, site, linkId));
    if (finished.verdict === 'finished') {
      if (finished.cookie) setDeviceCookie(ctx, site, finished.cookie, asked.now, site.tools.policy.device.perBrowser);
      const url = await site.provider.finish(ctx, record.id, finished.login, record.approved);
      return url === null ? startOver(ctx, site) : seeOther(ctx, url);
    }
    if (finished.verdict === 'over') return startOver(ctx, site);
    // What this request proved is written where it still counts, and the newest record is looked at.
    await site.settle();
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
export async function resume(ctx: Context, site: Site, seen: Seen, action = ''): Promise<void> {
  const { finished } = seen.record;
  const login =
    finished && (await site.provider.openAttempt(ctx, seen.record.id))
      ? await site.tools.logins.find(finished.loginId)
      : null;
  const url = login && (await site.provider.finish(ctx, seen.record.id, login, seen.record.approved));
  if (url !== null) return seeOther(ctx, url);
  return action === 'restart' ? seeOther(ctx, '/') : startOver(ctx, site);
}

export function startOver(ctx: Context, site: Site): void {
  refuse(ctx, site, 'start-over', { screen: 'REF001' });
}

export function seeOther(ctx: Context, url: string): void {
  ctx.status = 303;
  ctx.redirect(url);
}
