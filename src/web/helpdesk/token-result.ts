// HDK046 and PRT006: what became of the tokens of one act, on the screen and on paper, as often as its session asks for it.
import type Router from '@koa/router';
import { MoveResultPage, type MoveResultRow, type MoveShown } from '../../../views/helpdesk/token-result.tsx';
import { stockPath } from '../../../views/helpdesk/tokens-filters.tsx';
import { MoveSlipPage } from '../../../views/print/tokens-moved.tsx';
import { isId } from '../../flows/company/turn-away.ts';
import type { Moved } from '../../flows/stock/mover.ts';
import type { StockMove } from '../../rules/stock-move.ts';
import { mailPending, seeOther, show } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import type { Done } from './token-move.ts';
import { openHelpdesk, type HelpdeskVisit } from './visit.ts';

export const results = `${stockPath}/result`;

export const resultKey = (key: string): string => `move-tokens:${key}`;

export interface MoveResult extends Done {
  readonly at: number;
  readonly reference: string;
  readonly move: StockMove;
}

export function tokenResultPages(router: Router, site: Site): void {
  router.get(results, (ctx) => seeOther(ctx, stockPath));
  router.get(`${results}/:key`, async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'view-stock');
    if (visit) await showResult(visit, ctx.params['key'] ?? '');
  });
  router.get(`${results}/:key/print`, async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'view-stock');
    if (visit) await showSlip(visit, ctx.params['key'] ?? '');
  });
  router.post(`${results}/:key`, async (ctx) => {
    if (!(await openHelpdesk(ctx, site, 'view-stock'))) return;
    seeOther(ctx, readForm(ctx).text('action') === 'top' ? '/helpdesk' : stockPath);
  });
}

const rowOf = ({ serial, result, why, from, to, companyName, fee, successor }: Moved): MoveResultRow => ({
  serial,
  done: result === 'done',
  why,
  from,
  to,
  companyName,
  fee,
  successor,
});

/** The result of an act of this session; null: there is none of that name. */
async function resultOf({ site, session }: HelpdeskVisit, key: string): Promise<MoveResult | null> {
  return isId(key) ? site.tools.consoleActivity.finished<MoveResult>(session.id, resultKey(key)) : null;
}

const shownOf = ({ move, tokens, fee, mails, limits, people }: MoveResult): MoveShown => ({
  move,
  tokens: tokens.map(rowOf),
  fee,
  mails,
  limits,
  people,
});

async function showResult(visit: HelpdeskVisit, key: string): Promise<void> {
  const { ctx, site, frame } = visit;
  const done = await resultOf(visit, key);
  if (!done) return seeOther(ctx, stockPath);
  return show(
    ctx,
    MoveResultPage({
      ...shownOf(done),
      frame: { ...frame, reference: done.reference },
      mailPending: await mailPending(site),
      print: `${results}/${key}/print`,
    }),
  );
}

async function showSlip(visit: HelpdeskVisit, key: string): Promise<void> {
  const { ctx, frame, operator } = visit;
  const done = await resultOf(visit, key);
  if (!done) return seeOther(ctx, stockPath);
  return show(
    ctx,
    MoveSlipPage({
      ...shownOf(done),
      frame: { ...frame, reference: done.reference },
      by: { name: operator.name, loginId: operator.loginName },
      at: done.at,
      back: `${results}/${key}`,
    }),
  );
}
