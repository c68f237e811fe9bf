// SLF060 and SLF061: one's own records, and one of them in words. Nobody else's are ever found, whatever is asked for.
import type Router from '@koa/router';
import { HistoryPage } from '../../../views/self-service/history.tsx';
import { OwnRecordPage } from '../../../views/self-service/record.tsx';
import { recordNotAllowed } from '../../flows/company/turn-away.ts';
import { mayRead, viewRecord } from '../../flows/records.ts';
import type { Context } from 'koa';
import { openConsole, show, withReference, type ConsoleVisit } from '../console.ts';
import { detailsOf, findRecords } from '../records.ts';
import { refuse } from '../refuse.ts';
import type { Site } from '../site.ts';

const page = '/self-service/history';

export function historyPages(router: Router, site: Site): void {
  router.get(page, async (ctx) => {
    const visit = await openOwn(ctx, site);
    const found = visit && (await findRecords(visit, 'own', { path: page, file: 'records' }));
    if (!found) return;
    const { errors } = found;
    const frame = errors.length > 0 ? withReference(visit) : visit.frame;
    show(ctx, HistoryPage({ ...found, frame }), errors.length > 0 ? 422 : 200);
  });
  router.get(`${page}/:ref`, async (ctx) => {
    const visit = await openOwn(ctx, site);
    if (!visit) return;
    const found = await viewRecord(site.tools, visit.act, visit.person, 'own', ctx.params['ref'] ?? '');
    if (!found) return refuse(ctx, site, 'not-found', { screen: 'REF024' }, { action: '/' });
    const records = detailsOf(site, found);
    show(ctx, OwnRecordPage({ frame: withReference(visit, records[0]?.reference), records }));
    return undefined;
  });
}

/** A bank may take even one's own records away (policy `permissions`). */
async function openOwn(ctx: Context, site: Site): Promise<ConsoleVisit | null> {
  const visit = await openConsole(ctx, site);
  if (!visit || mayRead(site.tools, visit.person, 'own')) return visit;
  await recordNotAllowed(site.tools, visit.act, visit.person, { for: 'view-records' });
  refuse(ctx, site, 'not-allowed', { screen: 'REF027', values: { who: 'administrators' } }, { action: '/' });
  return null;
}
