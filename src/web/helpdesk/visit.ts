// What every page of the desk begins with: an operator who is signed in now, whose role allows the act (spec §8). And the few
// ways in which nobody is let in.
import type { Context } from 'koa';
import type { Frame } from '../../../views/parts/frame.ts';
import { SessionExpiredPage } from '../../../views/end/session-expired.tsx';
import type { OperatorRow } from '../../flows/operator/actor.ts';
import { recordOperatorRefused } from '../../flows/operator/actor.ts';
import { lookAtOperator, type OpenSession } from '../../flows/operator/look.ts';
import { operatorActor } from '../../flows/operator/prove.ts';
import type { Act } from '../../flows/tools.ts';
import { allows, bank, type Act as ActName } from '../../rules/permission.ts';
import { seeOther, show } from '../console.ts';
import { frameOf } from '../frame.ts';
import { refuse } from '../refuse.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';
import { bringing } from './cookie.ts';
import { askedFor, signInFor } from './way-back.ts';

export type { OpenSession } from '../../flows/operator/look.ts';

export interface HelpdeskVisit {
  readonly ctx: Context;
  readonly site: Site;
  readonly act: Act;
  readonly operator: OperatorRow;
  /** `id` keys what is kept for this session (drafts, turns, results); `expiresAt` is its end whatever is done. */
  readonly session: OpenSession;
  readonly frame: Frame;
}

/**
 * The visit, read anew for every request; null when the answer is written already: the sign-in and back after it, the end by
 * idleness, or a role that may not (403, with its record).
 * @param name what the page is for, as the permission table calls it
 */
export async function openHelpdesk(
  ctx: Context,
  site: Site,
  name: ActName = 'view-stock',
): Promise<HelpdeskVisit | null> {
  const { act } = askedOf(ctx);
  const standing = await lookAtOperator(site.tools, act, bringing(ctx, site));
  if (standing.is === 'idle') {
    expired(ctx, site, standing.at);
    return null;
  }
  if (standing.is !== 'signed-in') {
    // A lost post is not repeated, but the operator comes back to the page.
    seeOther(ctx, signInFor(ctx, site, askedFor(ctx)));
    return null;
  }
  const { operator, session } = standing;
  if (!allows(operatorActor(operator), name, bank, site.tools.policy)) {
    await recordOperatorRefused(site.tools, act, operator, { for: name });
    notAllowed(ctx, site, name);
    return null;
  }
  return { ctx, site, act, operator, session, frame: frameFor(ctx, site, act, operator, session) };
}

function frameFor(ctx: Context, site: Site, act: Act, operator: OperatorRow, session: OpenSession): Frame {
  const until = Math.min(act.now + site.tools.policy.session.consoleIdle, session.expiresAt);
  const company = site.brand.desk[act.language];
  return frameOf(ctx, site, {
    signedIn: { name: operator.name, company, until, role: operator.role },
    path: ctx.path,
  });
}

/** REF027, with whoever may instead. */
function notAllowed(ctx: Context, site: Site, name: ActName): void {
  const who = allows({ kind: 'operator', role: 'clerk' }, name, bank, site.tools.policy) ? 'clerks' : 'supervisors';
  refuse(ctx, site, 'not-allowed', { screen: 'REF027', values: { who } }, { action: '/helpdesk' });
}

/** OUT003. Its button leads to the sign-in and back. */
function expired(ctx: Context, site: Site, at: number): void {
  const minutes = Math.round(site.tools.policy.session.consoleIdle / 60_000);
  const way = signInFor(ctx, site, askedFor(ctx)).replace('/helpdesk/sign-in', '/helpdesk/enter');
  const frame = frameOf(ctx, site, { path: '/helpdesk' });
  show(ctx, SessionExpiredPage({ frame, at, minutes, kept: false, action: way }));
}

/** What does not exist at the desk. */
export function notAtDesk(ctx: Context, site: Site): void {
  refuse(ctx, site, 'not-found', { screen: 'REF024' }, { action: '/helpdesk' });
}
