// The people of one company for its own master and admins: one page of the list, one person, and the counts of the first page.
import { statesOf, type AccountState } from '../../rules/account.ts';
import { graceEndsAt, graceState } from '../../rules/grace.ts';
import { allows } from '../../rules/permission.ts';
import type { Person } from '../../store/account.ts';
import type { ListedPerson } from '../../store/company.ts';
import { actorOf, targetOf } from '../prove-act.ts';
import type { Act, Tools } from '../tools.ts';
import { isId, recordForeign } from './turn-away.ts';

export interface Listed extends ListedPerson {
  readonly states: readonly AccountState[];
  /** The person who looks. */
  readonly self: boolean;
}

export interface ListAsked {
  readonly q: string;
  readonly state: AccountState | 'linked' | 'unlinked' | '';
  readonly page: number;
  readonly per: number;
}

/** One page; a page past the end is the last one. */
export async function listPeople(
  tools: Tools,
  act: Act,
  person: Person,
  asked: ListAsked,
): Promise<{ readonly total: number; readonly page: number; readonly people: readonly Listed[] }> {
  const { q, state, page, per } = asked;
  const linked = state === 'linked' ? true : state === 'unlinked' ? false : null;
  const query = {
    companyId: person.account.companyId,
    text: q,
    state: wordOf(state),
    linked,
    ids: null,
    now: act.now,
    usedSince: act.now - tools.policy.device.unused,
    per,
  };
  const first = await tools.store.company.people({ ...query, page });
  const last = Math.max(1, Math.ceil(first.total / per));
  const found = page > last ? await tools.store.company.people({ ...query, page: last }) : first;
  return {
    total: found.total,
    page: Math.min(page, last),
    people: found.people.map((one) => listed(one, act, person)),
  };
}

const wordOf = (state: ListAsked['state']): AccountState | null =>
  state === '' || state === 'linked' || state === 'unlinked' ? null : state;

/** These people of the viewer's own company, as far as they exist there. */
export async function findPeople(
  tools: Tools,
  act: Act,
  person: Person,
  ids: readonly string[],
): Promise<readonly Listed[]> {
  const { people } = await tools.store.company.people({
    companyId: person.account.companyId,
    text: '',
    state: null,
    linked: null,
    ids: ids.filter(isId),
    now: act.now,
    usedSince: act.now - tools.policy.device.unused,
    page: 1,
    per: Math.max(1, ids.length),
  });
  return people.map((one) => listed(one, act, person));
}

function listed(one: ListedPerson, act: Act, viewer: Person): Listed {
  return { ...one, states: statesOf(one, act.now), self: one.account.id === viewer.account.id };
}

/** One person with everything the detail page shows; null for whoever is not of the viewer's company (written down). */
export async function viewPerson(
  tools: Tools,
  act: Act,
  viewer: Person,
  id: string,
): Promise<{ readonly listed: Listed; readonly person: Person } | null> {
  const [found] = await findPeople(tools, act, viewer, [id]);
  const person = found ? await tools.store.account.person(found.account.id) : null;
  if (found && person && allows(actorOf(viewer), 'view-person', targetOf(person), tools.policy)) {
    return { listed: found, person };
  }
  await recordForeign(tools, act, viewer, { for: 'view-person', ids: [id] });
  return null;
}

/** What the first page of the console says: locks and stops, and registrations that are due within the time of warning. */
export async function companyCounts(
  tools: Tools,
  act: Act,
  { account, company }: Person,
): Promise<{ readonly stopped: number; readonly dueSoon: number; readonly otherReleasers: number }> {
  const { stopped, withoutToken } = await tools.store.company.counts(account.companyId, act.now);
  const limit = company.otpApplication === 'none' ? null : graceEndsAt(company, tools.policy.grace);
  const running = ['open', 'last'].includes(graceState(limit, act.now));
  const near = running && limit !== null && limit - act.now <= tools.policy.password.warnBefore;
  const otherReleasers = await tools.store.company.releasers(account.companyId, account.id);
  return { stopped, dueSoon: near ? withoutToken : 0, otherReleasers };
}
