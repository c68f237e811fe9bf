// What every page of the consoles begins with: who is signed in, and whether the console was left alone too long (15 minutes,
// sooner than the session's own end). And the few ways in which such a page answers.
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { SessionExpiredPage } from '../../views/end/session-expired.tsx';
import type { FormError } from '../../views/messages/errors.ts';
import { readErrors, type LooseError } from '../../views/messages/stored.ts';
import { render } from '../../views/layout.tsx';
import type { NotifiedPortal } from '../../views/parts/notified.tsx';
import type { Act } from '../flows/tools.ts';
import { refusedForHours } from './closed.ts';
import { enter, signedIn, type SignedIn } from './entry.ts';
import { frameOf } from './frame.ts';
import { askedOf } from './request.ts';
import type { Site } from './site.ts';

export interface ConsoleVisit extends SignedIn {
  readonly ctx: Context;
  readonly site: Site;
  readonly act: Act;
}

/** The visit, read anew for every request; null when the answer is written already (sign-in, or the end by idleness). */
export async function openConsole(ctx: Context, site: Site): Promise<ConsoleVisit | null> {
  if (refusedForHours(ctx, site)) return null;
  const here = await signedIn(ctx, site);
  if (!here) {
    // A lost post is not repeated, but its person comes back to the page, which shows the true present step.
    if (ctx.method === 'POST') enter(ctx, site, ctx.path);
    return null;
  }
  const { act } = askedOf(ctx);
  const { consoleActivity, policy } = site.tools;
  const last = await consoleActivity.last(here.login.id);
  if (last !== null && act.now - last >= policy.session.consoleIdle) {
    await site.provider.endSession(ctx);
    expired(ctx, site, last + policy.session.consoleIdle);
    return null;
  }
  await consoleActivity.touch(here.login.id, act.now, here.login.expiresAt);
  return { ...here, frame: { ...here.frame, path: ctx.path }, ctx, site, act };
}

/** OUT003. Its button posts to the address of the page; nobody is signed in any more, so it leads to the sign-in and back. */
function expired(ctx: Context, site: Site, at: number): void {
  const minutes = Math.round(site.tools.policy.session.consoleIdle / 60_000);
  show(
    ctx,
    SessionExpiredPage({ frame: frameOf(ctx, site, { path: ctx.path }), at, minutes, kept: false, action: ctx.path }),
  );
}

export function show(ctx: Context, page: VNode, status: 200 | 403 | 409 | 422 = 200): void {
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = render(page);
}

export function seeOther(ctx: Context, path: string): void {
  ctx.status = 303;
  ctx.redirect(path);
}

/** The visit's frame with the reference number: for errors and results. */
export function withReference({ frame, act }: ConsoleVisit, reference: string = act.reference): ConsoleVisit['frame'] {
  return { ...frame, reference };
}

/** What flows found wrong, in the words of the pages. */
export function told(visit: ConsoleVisit, errors: readonly LooseError[]): readonly FormError[] {
  return readErrors(errors, { printable: visit.site.tools.policy.password.printable });
}

export function portalName(site: Site, clientId: string): string {
  return site.tools.portals.get(clientId)?.name ?? clientId;
}

/** Portals that were left when links ended at a moment, and whether they know it by now. */
export async function notified(site: Site, links: readonly string[], at: number): Promise<readonly NotifiedPortal[]> {
  const left = await site.tools.store.login.left('linkId', links, at);
  return left.map(({ clientId, told: done }) => ({ name: portalName(site, clientId), done }));
}

/** Mails wait in the outbox (screens.md §3 row 21). */
export async function mailPending(site: Site): Promise<boolean> {
  return (await site.tools.store.outbox.waiting('mail')) > 0;
}
