// CON010 and CON070, the two lists of people. The filters live in the address; choosing people leads to the page of the act,
// which carries their ids in its own address.
import type Router from '@koa/router';
import { CompanyLinksPage } from '../../../views/company/links.tsx';
import { PeoplePage } from '../../../views/company/people.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { choose, type PeopleAct } from '../../flows/company/choice.ts';
import { findPeople, listPeople } from '../../flows/company/list-people.ts';
import { isId, recordForeign } from '../../flows/company/turn-away.ts';
import { seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { checkPath } from './check-path.ts';
import { sendPeople, showPeopleSheet } from './people-file.ts';
import { readPeopleQuery } from './people-query.ts';
import { notFound, openCompany, rowOf } from './visit.ts';

type ListPath = '/company/people' | '/company/people/links';

/** The most people of one act: those of one page, because a choice is made per page (screens.md 4.2). */
export const bulkMost = 100;

export function peoplePages(router: Router, site: Site): void {
  router.get('/company/people', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (!visit) return;
    if (ctx.query['action'] === 'csv') await sendPeople(visit);
    else await showList(visit, '/company/people', many(ctx.query['people']));
  });
  router.post('/company/people', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (!visit) return;
    const form = readForm(ctx);
    await pickOne(visit, form.text('action'), form.all('people'));
  });
  router.get('/company/people/print', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showPeopleSheet(visit);
  });
  router.get('/company/people/links', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showList(visit, '/company/people/links', many(ctx.query['people']));
  });
  router.post('/company/people/links', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (!visit) return;
    const form = readForm(ctx);
    await pickForLinks(visit, form.text('action'), form.all('people'));
  });
}

const many = (value: string | readonly string[] | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : (value ?? []);

export async function showList(
  visit: ConsoleVisit,
  path: ListPath,
  chosen: readonly string[],
  errors: readonly LooseError[] = [],
  status?: 409,
): Promise<void> {
  const { ctx, site, act, person } = visit;
  const asked = readPeopleQuery(visit);
  const { total, page, people } = await listPeople(site.tools, act, person, asked);
  const shared = {
    frame: { ...(errors.length > 0 ? withReference(visit) : visit.frame), path },
    errors: told(visit, errors),
    banners: [],
    query: { path, ...asked, page, total },
    people: people.map((one) => rowOf(one, act.now, site.tools.policy.tokenExpiry.warnBefore)),
  };
  const [first = null] = chosen;
  const view =
    path === '/company/people' ? PeoplePage({ ...shared, chosen: first }) : CompanyLinksPage({ ...shared, chosen });
  show(ctx, view, errors.length === 0 ? 200 : (status ?? 422));
}

/** What a button of CON010 does with the one who was chosen. */
async function pickOne(visit: ConsoleVisit, action: string, ids: readonly string[]): Promise<void> {
  const { ctx, site, act, person } = visit;
  const path = '/company/people';
  if (action === 'create') return seeOther(ctx, `${path}/new`);
  const again = (key: string): Promise<void> => showList(visit, path, ids, [{ field: 'people', key }]);
  const [id] = ids;
  if (id === undefined) return again('bulk.none');
  const [found] = await findPeople(site.tools, act, person, [id]);
  if (!found) {
    await recordForeign(site.tools, act, person, {
      for: action === 'delete' ? 'delete-user' : 'change-user',
      ids: [id],
    });
    return notFound(visit);
  }
  if (action === 'delete') {
    if (found.self) return again('self.delete');
    if (found.account.role === 'master') return again('master.delete');
    return seeOther(ctx, `${path}/delete/${id}`);
  }
  return found.self ? again('self.edit') : seeOther(ctx, `${path}/${id}/edit`);
}

/** Unlinking, and ending the skip, for those who were chosen on CON070. */
async function pickForLinks(visit: ConsoleVisit, action: string, ids: readonly string[]): Promise<void> {
  const { ctx, site, act, person } = visit;
  const path = '/company/people/links';
  const again = (key: string, values?: Readonly<Record<string, number>>): Promise<void> =>
    showList(visit, path, ids, [{ field: 'people', key, values }]);
  if (ids.length === 0) return again('bulk.none');
  if (ids.length > bulkMost) return again('bulk.many', { max: bulkMost });
  const what: PeopleAct | null = action === 'unlink' ? 'unlink' : action === 'forget' ? 'forget-device' : null;
  if (what === null) return seeOther(ctx, path);
  const chosen = await choose(site.tools, act, person, what, ids);
  if (chosen.every(({ verdict }) => verdict === 'unknown')) return notFound(visit);
  if (chosen.some(({ verdict }) => verdict === 'act')) return seeOther(ctx, checkPath(what, ids.filter(isId)));
  return again(chosen.some(({ verdict }) => verdict === 'self') ? 'self.link' : 'bulk.none');
}
