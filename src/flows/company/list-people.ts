// The people of one company for its own master and admins: one page of the list, some by id, and the counts of the first page.
import { statesOf, type AccountState } from '../../rules/account.ts';
import type { PeopleSort } from '../../rules/people-sort.ts';
import type { Role } from '../../rules/permission.ts';
import type { Person } from '../../store/account.ts';
import type { ListedPerson } from '../../store/people-facts.ts';
import type { PeopleFilter } from '../../store/people.ts';
import type { Act, Tools } from '../tools.ts';
import { countDueSoon } from './company-tokens.ts';
import { isId } from './turn-away.ts';

export interface Listed extends ListedPerson {
  readonly states: readonly AccountState[];
  /** The person who looks. */
  readonly self: boolean;
}

/** What a list of people is asked for; what is left out does not narrow it. */
export interface ListAsked {
  readonly q: string;
  readonly state: AccountState | 'linked' | 'unlinked' | '';
  readonly role?: Role | '';
  readonly tokenKind?: 'none' | 'hardware' | 'software' | '';
  /** Only those with a token in hand, an issue that waits for its first code, or a wait after a revocation. */
  readonly withToken?: boolean;
  readonly sort?: PeopleSort;
  readonly page: number;
  readonly per: number;
}

export type PeopleAsked = Omit<ListAsked, 'page' | 'per'>;

/** One page; a page past the end is the last one. */
export async function listPeople(
  tools: Tools,
  act: Act,
  person: Person,
  asked: ListAsked,
): Promise<{ readonly total: number; readonly page: number; readonly people: readonly Listed[] }> {
  const { page, per } = asked;
  const found = await tools.store.people.list({ ...filterOf(act, person, asked), ...usedSince(tools, act), page, per });
  return { ...found, people: found.people.map((one) => listed(one, act, person)) };
}

/** The ids of all that match, in the order of the list; the viewer's own among them. */
export async function idsOfPeople(
  tools: Tools,
  act: Act,
  person: Person,
  asked: PeopleAsked,
): Promise<readonly string[]> {
  return tools.store.people.ids(filterOf(act, person, asked));
}

/** What the store is asked for; of the viewer's own company, whatever was typed. */
export function filterOf(act: Act, { account }: Person, asked: PeopleAsked): PeopleFilter {
  const { q, state, role = '', tokenKind = '', withToken = false, sort = 'login_id' } = asked;
  return {
    companyId: account.companyId,
    text: q,
    state: state === '' || state === 'linked' || state === 'unlinked' ? null : state,
    role: role === '' ? null : role,
    tokenKind: tokenKind === '' ? null : tokenKind,
    withToken,
    linked: state === 'linked' ? true : state === 'unlinked' ? false : null,
    sort,
    now: act.now,
  };
}

const usedSince = ({ policy }: Tools, { now }: Act): { readonly usedSince: number } => ({
  usedSince: now - policy.device.unused,
});

/** These people of the viewer's own company, as far as they exist there, in the order of the ids. */
export async function findPeople(
  tools: Tools,
  act: Act,
  person: Person,
  ids: readonly string[],
): Promise<readonly Listed[]> {
  const own = [...new Set(ids.filter(isId))];
  const at = { now: act.now, ...usedSince(tools, act) };
  const people = await tools.store.people.of(person.account.companyId, own, at);
  return people.map((one) => listed(one, act, person));
}

function listed(one: ListedPerson, act: Act, viewer: Person): Listed {
  return { ...one, states: statesOf(one, act.now), self: one.account.id === viewer.account.id };
}

/** What the first page of the console says: locks and stops, and registrations that are due within the time of warning. */
export async function companyCounts(
  tools: Tools,
  act: Act,
  person: Person,
): Promise<{
  readonly stopped: number;
  readonly dueSoon: number;
  readonly waiting: number;
  readonly otherReleasers: number;
}> {
  const { account } = person;
  return {
    stopped: await tools.store.people.stopped(account.companyId, act.now),
    dueSoon: await countDueSoon(tools, act, person, tools.policy.password.warnBefore),
    waiting: await tools.store.tokensOfPeople.waiting(account.companyId, act.now),
    otherReleasers: await tools.store.company.releasers(account.companyId, account.id),
  };
}
