// CON100 and CON101: the records of the whole company, for its master, its admins, and members who were given that right and
// see nothing else of the console.
import type Router from '@koa/router';
import type { Context } from 'koa';
import { CompanyRecordPage } from '../../../views/company/record.tsx';
import { CompanyRecordsPage } from '../../../views/company/records.tsx';
import { recordNotAllowed } from '../../flows/company/turn-away.ts';
import { actorOf, companyOf } from '../../flows/prove-act.ts';
import { mayRead, viewRecord } from '../../flows/records.ts';
import { allows } from '../../rules/permission.ts';
import { openConsole, show, withReference, type ConsoleVisit } from '../console.ts';
import { detailsOf, findRecords } from '../records.ts';
import { refuse } from '../refuse.ts';
import type { Site } from '../site.ts';
import { notFound } from './visit.ts';

const page = '/company/records';

export function recordPages(router: Router, site: Site): void {
  router.get(page, async (ctx) => {
    const visit = await openRecords(ctx, site);
    const found = visit && (await findRecords(visit, 'company', { path: page, file: 'company-records' }));
    if (!found) return;
    const { errors } = found;
    const { person } = visit;
    const frame = errors.length > 0 ? withReference(visit) : visit.frame;
    const console = allows(actorOf(person), 'list-people', companyOf(person), site.tools.policy);
    show(ctx, CompanyRecordsPage({ ...found, frame, console }), errors.length > 0 ? 422 : 200);
  });
  router.get(`${page}/:ref`, async (ctx) => {
    const visit = await openRecords(ctx, site);
    if (!visit) return;
    const found = await viewRecord(site.tools, visit.act, visit.person, 'company', ctx.params['ref'] ?? '');
    if (!found) return notFound(visit);
    const records = detailsOf(site, found);
    show(ctx, CompanyRecordPage({ frame: withReference(visit, records[0]?.reference), records }));
    return undefined;
  });
}

/** Null when the answer is written already: sign-in, the end by idleness, or somebody who may not. */
async function openRecords(ctx: Context, site: Site): Promise<ConsoleVisit | null> {
  const visit = await openConsole(ctx, site);
  if (!visit || mayRead(site.tools, visit.person, 'company')) return visit;
  await recordNotAllowed(site.tools, visit.act, visit.person, { for: 'view-records' });
  refuse(ctx, site, 'not-allowed', { screen: 'REF027', values: { who: 'administrators' } }, { action: '/' });
  return null;
}
