// PRT003 トークン追加発行・再発行依頼書: the order form filled in with what the company's own row and orders say. Which tokens it
// is about stands in the address; others than the company's own look like none.
import type Router from '@koa/router';
import type { Context } from 'koa';
import { orderKinds, TokenOrderPage, type OrderKind } from '../../../views/print/token-order.tsx';
import { ownSerials, quotaOf } from '../../flows/company/company-tokens.ts';
import { orderFee, type OrderReason } from '../../rules/token-stock.ts';
import { show, type ConsoleVisit } from '../console.ts';
import type { Site } from '../site.ts';
import { notFound } from './visit.ts';

export const tokenOrderPath = '/company/tokens/print';

/** The most tokens of one form. */
const most = 99;

const reasons = { additional: 'application', lost: 'loss', fault: 'fault' } as const satisfies Record<
  OrderKind,
  OrderReason
>;

/** The address of the form for these tokens. */
export function tokenOrderHref(kind: OrderKind, serials: readonly string[]): string {
  const params = new URLSearchParams([['kind', kind], ...serials.map((serial) => ['serial', serial])]);
  return `${tokenOrderPath}?${params.toString()}`;
}

export function tokenOrderPages(
  router: Router,
  site: Site,
  open: (ctx: Context) => Promise<ConsoleVisit | null>,
): void {
  router.get(tokenOrderPath, async (ctx) => {
    const visit = await open(ctx);
    if (visit) await showForm(visit, site);
  });
}

async function showForm(visit: ConsoleVisit, site: Site): Promise<void> {
  const { ctx, act, person } = visit;
  const { fees } = site.tools.policy;
  const serials = [ctx.query['serial'] ?? []]
    .flat()
    .map((serial) => serial.replace(/\p{Cc}/gu, ''))
    .filter((serial) => serial !== '');
  const few = serials.length <= most ? serials : serials.slice(0, most + 1);
  const { unknown } = await ownSerials(site.tools, act, person, { for: 'report-arrival', serials: few });
  if (unknown.length > 0 || few.length > most) return notFound(visit);
  const wanted = orderKinds.find((kind) => kind === ctx.query['kind']) ?? (few.length > 0 ? 'lost' : 'additional');
  // More of them is one request, another one for this token is another.
  const kind = wanted === 'additional' && few.length > 0 ? 'lost' : wanted;
  const count = few.length > 0 ? new Set(few).size : countOf(ctx);
  const { left, used } = await quotaOf(site.tools, person);
  const reason = reasons[kind];
  const { company } = person;
  return show(
    ctx,
    TokenOrderPage({
      frame: { ...visit.frame, path: tokenOrderPath },
      number: act.reference,
      company: { name: company.name, contractNumber: company.contractNumber },
      kind,
      count,
      serials: [...new Set(few)],
      freeLeft: left,
      fee: {
        ...orderFee(reason, count, used, fees),
        one: reason === 'loss' ? fees.reissue : fees.token,
        most: fees.free,
      },
      choice: { path: tokenOrderPath, max: most },
      back: '/company/tokens',
    }),
  );
}

function countOf({ query }: Context): number {
  const count = Number(query['count']);
  return Number.isInteger(count) && count >= 1 && count <= most ? count : 1;
}
