// The attempt of this browser, looked at: what its record says, by the rows of today.
import type { Context } from 'koa';
import { freshRecord } from '../../flows/sign-in/begin.ts';
import { lookAt, type Look, type Rows } from '../../flows/sign-in/look.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import { speak } from '../language.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';

export type Seen = Look & { readonly record: SignInRecord };

/**
 * The attempt of this browser, or null; while nothing was chosen or proven it is only what the provider's interaction says.
 * @param read rows that this request has read already
 */
export async function own(ctx: Context, site: Site, uid: string, read: Partial<Rows> = {}): Promise<Seen | null> {
  const { tools } = site;
  const { act: asked, browser } = askedOf(ctx);
  if (browser === null) return null;
  const known = await tools.attempts.find(uid);
  const record = known ?? (await unbegun(ctx, site, uid, browser));
  if (!record || record.browser !== browser) return null;
  speak(ctx, site, record.request.language);
  return { ...(await lookAt(tools, tools.store, record, asked.now, read)), record };
}

async function unbegun(ctx: Context, site: Site, uid: string, browser: string): Promise<SignInRecord | null> {
  const { lifetime } = site.tools.policy.attempt;
  const opened = await site.provider.openAttempt(ctx, uid);
  // Its record is gone, but it was finished: whoever comes now begins anew, and is not the person of then.
  if (!opened || opened.finished || opened.startedAt + lifetime <= askedOf(ctx).act.now) return null;
  const { request, live, startedAt } = opened;
  return freshRecord({ id: uid, browser, request, live }, startedAt, lifetime);
}
