// CON010 and CON070, the two lists of people, and CON011, one of them. The filters live in the address; choosing people leads
// to a check page that carries their ids in its own.
import type Router from '@koa/router';
import { PeoplePage } from '../../../views/company/people.tsx';
import type { PeopleQuery } from '../../../views/company/people-list.tsx';
import { CompanyLinksPage } from '../../../views/company/links.tsx';
import { PersonPage } from '../../../views/company/person.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { allStates } from '../../../views/parts/facts.tsx';
import { choose, type PeopleAct } from '../../flows/company/choice.ts';
import { listPeople, viewPerson, type Listed } from '../../flows/company/list-people.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { lockState } from '../../rules/lock.ts';
import { earlierExpiry } from '../../rules/password.ts';
import { seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { checkPath } from './check-path.ts';
import { notFound, openCompany, rowOf } from './visit.ts';

type ListPath = '/company/people' | '/company/people/links';

/** The most people of one act: those of one page, because a choice is made per page (screens.md 4.2). */
export const bulkMost = 100;

export function peoplePages(router: Router, site: Site): void {
  for (const path of ['/company/people', '/company/people/links'] as const) {
    router.get(path, async (ctx) => {
      const visit = await openCompany(ctx, site);
      if (visit) await showList(visit, path, many(ctx.query['people']));
    });
    router.post(path, async (ctx) => {
      const visit = await openCompany(ctx, site);
      if (!visit) return;
      const form = readForm(ctx);
      await pick(visit, path, form.text('action'), form.all('people'));
    });
  }
}

/** After the paths that are words: every other name is a person's id. */
export function personPages(router: Router, site: Site): void {
  router.get('/company/people/:id', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showPerson(visit, ctx.params['id'] ?? '');
  });
  router.post('/company/people/:id', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await pick(visit, null, readForm(ctx).text('action'), [ctx.params['id'] ?? '']);
  });
}

const one = (value: string | readonly string[] | undefined): string => (typeof value === 'string' ? value : '');
const many = (value: string | readonly string[] | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : (value ?? []);

const sizes = [20, 50, 100] as const;

/** The filters as they stand in the address; what is no filter of ours is as if it were not there. */
function queryOf({ ctx }: ConsoleVisit): Pick<PeopleQuery, 'q' | 'state' | 'page' | 'per'> {
  const states: readonly PeopleQuery['state'][] = [...allStates, 'linked', 'unlinked'];
  const page = Number(one(ctx.query['page']));
  return {
    q: one(ctx.query['q'])
      .replace(/\p{Cc}/gu, '')
      .trim()
      .slice(0, 100),
    state: states.find((state) => state === one(ctx.query['state'])) ?? '',
    page: Number.isInteger(page) && page > 0 && page <= 100_000 ? page : 1,
    per: sizes.find((per) => String(per) === one(ctx.query['per'])) ?? 50,
  };
}

export async function showList(
  visit: ConsoleVisit,
  path: ListPath,
  chosen: readonly string[],
  errors: readonly LooseError[] = [],
  status?: 409,
): Promise<void> {
  const { ctx, site, act, person } = visit;
  const asked = queryOf(visit);
  const { total, page, people } = await listPeople(site.tools, act, person, asked);
  const shared = {
    frame: { ...(errors.length > 0 ? withReference(visit) : visit.frame), path },
    errors: told(visit, errors),
    banners: [],
    query: { path, ...asked, page, total },
    people: people.map(rowOf),
  };
  const [first = null] = chosen;
  const view =
    path === '/company/people' ? PeoplePage({ ...shared, chosen: first }) : CompanyLinksPage({ ...shared, chosen });
  show(ctx, view, errors.length === 0 ? 200 : (status ?? 422));
}

/** What a button of a list or of a person's page does with the people it was pressed for. */
async function pick(visit: ConsoleVisit, path: ListPath | null, action: string, ids: readonly string[]): Promise<void> {
  const { ctx, site, act, person } = visit;
  const [first = ''] = ids;
  const again = (key: string, values?: Readonly<Record<string, number>>): Promise<void> =>
    showList(visit, path ?? '/company/people', ids, [{ field: 'people', key, values }]);
  if (ids.length === 0) return again('bulk.none');
  if (ids.length > bulkMost) return again('bulk.many', { max: bulkMost });
  const what: PeopleAct | null = action === 'unlink' ? 'unlink' : action === 'forget' ? 'forget-device' : null;
  if (what === null) {
    if (path === '/company/people/links') return seeOther(ctx, path);
    return isId(first) ? seeOther(ctx, `/company/people/${first}`) : notFound(visit);
  }
  const chosen = await choose(site.tools, act, person, what, ids);
  if (chosen.every(({ verdict }) => verdict === 'unknown')) return notFound(visit);
  if (chosen.some(({ verdict }) => verdict === 'act')) return seeOther(ctx, checkPath(what, ids.filter(isId)));
  return again(chosen.some(({ verdict }) => verdict === 'self') ? 'self.link' : 'bulk.none');
}

async function showPerson(visit: ConsoleVisit, id: string): Promise<void> {
  const { ctx, site, act, frame } = visit;
  const found = await viewPerson(site.tools, act, visit.person, id);
  if (!found) return notFound(visit);
  const { listed, person } = found;
  const { token, login, confirmation } = person;
  show(
    ctx,
    PersonPage({
      frame,
      banners: [],
      person: rowOf(listed),
      email: person.account.email,
      passwordExpires: earlierExpiry(login.expiresAt, confirmation?.expiresAt ?? null),
      locks: locksOf(listed, act.now),
      token: token?.serial ? { serial: token.serial, since: token.registeredAt } : null,
      portals: [...site.tools.portals.values()]
        .filter(({ clientId, open }) => open || person.portals.includes(clientId))
        .map(({ name }) => name),
    }),
  );
  return undefined;
}

function locksOf({ login, confirmation }: Listed, now: number) {
  const both = [
    { state: 'password-locked', password: login },
    { state: 'confirmation-locked', password: confirmation },
  ] as const;
  return both.flatMap(({ state, password }) =>
    password !== null && password.lockedUntil !== null && lockState(password, now) === 'locked'
      ? [{ state, until: password.lockedUntil }]
      : [],
  );
}
