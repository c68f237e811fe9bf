// Refusals as pages: the one place where a refusal becomes a status, a screen and its headers.
import { render } from '../../views/layout.tsx';
import { RefusalPage } from '../../views/refused/refusal.tsx';
import type { Refusal } from '../../views/refused/refusals.ts';
import { renderOutage, type Outage } from '../../views/refused/outage.tsx';
import { refusalPage, type Refusal as Word, type RefusalVariant } from '../rules/refusal.ts';
import { frameOf } from './frame.ts';
import { askedOf, type Answerable } from './request.ts';
import type { Site } from './site.ts';

/** Answers with a refusal page. `until` fills Retry-After; `reference`: of the act that was refused, where an earlier one. */
export function refuse(
  ctx: Answerable,
  site: Site,
  word: Word | RefusalVariant,
  refusal: Refusal,
  more: {
    readonly cancel?: boolean;
    readonly action?: string;
    readonly until?: number;
    readonly reference?: string;
  } = {},
): void {
  const page = refusalPage(word);
  const { act } = askedOf(ctx);
  ctx.status = page.status;
  ctx.type = 'html';
  const reference = more.reference ?? act.reference;
  if (more.reference !== undefined) ctx.set('X-Renkei-Reference', reference);
  if (page.retryAfter) ctx.set('Retry-After', String(retryAfter(act.now, more.until)));
  // What was posted can't be asked for in another language; the step that its form leads to can.
  const step = ctx.req.method === 'GET' || more.action === undefined ? {} : { path: more.action };
  ctx.body = render(
    RefusalPage({
      frame: { ...frameOf(ctx, site, step), reference },
      refusal,
      cancel: more.cancel ?? false,
      action: more.action ?? null,
    }),
  );
  site.log('refused', {
    word: page.word,
    screen: refusal.screen,
    reference,
    path: pathWithoutIds(ctx.path),
  });
}

/** Pages that need no store, no session and no language: both languages one under the other. */
export function refuseStatically(ctx: Answerable, site: Site, outage: Outage, now: number, reference: string): void {
  const status = outage.screen === 'REF026' ? 500 : 503;
  ctx.status = status;
  ctx.type = 'html';
  if (status === 503) ctx.set('Retry-After', outage.screen === 'REF018' ? String(retryAfter(now, outage.opens)) : '10');
  ctx.body = renderOutage({ brand: site.brand, environment: site.environment, now, reference, outage });
}

const retryAfter = (now: number, until: number | undefined): number =>
  Math.max(1, Math.ceil(((until ?? now + 10_000) - now) / 1000));

/** Addresses carry attempt ids; logs name the kind of page. */
export const pathWithoutIds = (path: string): string => path.replace(/[A-Za-z0-9_-]{16,}/g, ':id');
