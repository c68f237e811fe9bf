// CON040 and CON050: the people of a company with their locks and stops, why each stands, and who of the chosen ones can be
// stopped, made available again, or released from a stopped one-time password. Relations are computed from the store.
import { statesOf, type AccountState } from '../../rules/account.ts';
import { restrictionsOf, restrictionStates, type CauseFacts, type Restriction } from '../../rules/cause.ts';
import { judgePermission } from '../../rules/permission.ts';
import { judgeRelease, type Releasing } from '../../rules/release.ts';
import type { Person } from '../../store/account.ts';
import type { RestrictionFacts } from '../../store/restriction.ts';
import { actorOf, targetOf } from '../prove-act.ts';
import type { Act, Tools } from '../tools.ts';
import { findPeople, idsOfPeople, type Listed } from './list-people.ts';
import { recordForeign } from './turn-away.ts';

/** `available` releases both passwords and resumes; `otp-release` is a procedure of its own (S2). */
export type StateAct = 'available' | 'stopped' | 'otp-release';

export interface Restricted extends Listed {
  readonly restrictions: readonly Restriction[];
  /** Whether the viewer may release this person's stopped one-time password. */
  readonly otpRelease: Releasing;
}

export interface StateAsked {
  readonly q: string;
  /** `restricted`: any lock or stop. */
  readonly state: AccountState | 'restricted' | '';
  readonly page: number;
  readonly per: number;
}

/** The ids of all that match, in the order of the list; the viewer's own among them. */
export async function idsOfStates(
  tools: Tools,
  act: Act,
  viewer: Person,
  { q, state }: Pick<StateAsked, 'q' | 'state'>,
): Promise<readonly string[]> {
  const ids = await idsOfPeople(tools, act, viewer, { q, state: state === 'restricted' ? '' : state });
  if (state !== 'restricted') return ids;
  const restricted = new Set(await tools.store.restriction.people(viewer.account.companyId, null, act.now));
  return ids.filter((id) => restricted.has(id));
}

/** One page; a page past the end is the last one. `others`: how many match besides the viewer. */
export async function listStates(
  tools: Tools,
  act: Act,
  viewer: Person,
  asked: StateAsked,
): Promise<{
  readonly total: number;
  readonly others: number;
  readonly page: number;
  readonly people: readonly Restricted[];
}> {
  const ids = await idsOfStates(tools, act, viewer, asked);
  const page = Math.min(asked.page, Math.max(1, Math.ceil(ids.length / asked.per)));
  const shown = ids.slice((page - 1) * asked.per, page * asked.per);
  return {
    total: ids.length,
    others: ids.filter((id) => id !== viewer.account.id).length,
    page,
    people: await findRestricted(tools, act, viewer, shown),
  };
}

/** These people of the viewer's company with the causes of their locks and stops; four statements for all of them. */
export async function findRestricted(
  tools: Tools,
  act: Act,
  viewer: Person,
  ids: readonly string[],
): Promise<readonly Restricted[]> {
  const people = await findPeople(tools, act, viewer, ids);
  const restricted = people.filter(({ states }) => states.some((state) => restricts(state)));
  const { companyId } = viewer.account;
  const facts = await tools.store.restriction.facts(
    companyId,
    restricted.map(({ account }) => account.id),
  );
  const sprays = restricted.length === 0 ? [] : await tools.store.restriction.sprays(companyId, 0);
  const of = new Map(facts.map((one) => [one.accountId, one]));
  const policy = { tries: tools.policy.locks.tries, lock: tools.policy.locks.lock };
  return people.map((one) => {
    const own = of.get(one.account.id);
    return {
      ...one,
      restrictions: own ? restrictionsOf(causeFacts(one, own, sprays), policy, act.now) : [],
      otpRelease: judgeRelease(
        actorOf(viewer),
        targetOf(one),
        'otp',
        one.token?.kind ?? (one.issue ? 'software' : null),
        tools.policy,
      ),
    };
  });
}

/** Whose code was stopped: a software token may have stopped at its first codes, before it was in anybody's hands. */
export function kindOf({ token, issue }: Pick<Listed, 'token' | 'issue'>, { company }: Pick<Person, 'company'>) {
  if (token !== null) return token.kind;
  return issue !== null || company.otpApplication === 'software' ? 'software' : null;
}

export const restricts = (state: AccountState): boolean => restrictionStates.some((one) => one === state);

function causeFacts(
  { account }: Listed,
  { login, confirmation, tokenExpiresAt, records }: RestrictionFacts,
  sprays: CauseFacts['sprays'],
): CauseFacts {
  // Newest first: the run that led to the stop goes back to the last right code.
  const otp = records.filter(({ event }) => event.startsWith('otp.'));
  const stop = otp.findIndex(({ event }) => event === 'otp.stopped');
  const right = otp.findIndex(({ event }, place) => place > stop && /accepted|repaired/.test(event));
  const run = stop === -1 ? [] : otp.slice(stop, right === -1 ? undefined : right);
  const holds = (name: string, value: string): number => run.filter(({ body }) => said(body, name) === value).length;
  const stopped = records.find(({ event }) => event === 'account.stopped');
  return {
    account,
    login,
    confirmation,
    otp: { drifted: holds('clock', 'off'), colleague: holds('by', 'colleague') },
    tokenExpiresAt,
    sprays,
    stoppedBy: stopped && actorKind(stopped.body) === 'account' ? 'admin' : 'desk',
  };
}

const fact = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? new Map<string, unknown>(Object.entries(of)).get(name) : undefined;

const said = (body: string, name: string): unknown => fact(fact(JSON.parse(body), 'data'), name);
const actorKind = (body: string): unknown => fact(fact(JSON.parse(body), 'actor'), 'kind');

export interface ChosenState {
  readonly id: string;
  /** Null: of another company, or of none. */
  readonly person: Restricted | null;
  /** The states that will stand after the act. */
  readonly after: readonly AccountState[];
  /** Open logins, which a stop ends. */
  readonly logins: number;
  readonly verdict: 'act' | 'self' | 'nothing' | 'desk' | 'unknown';
}

/** Judges each chosen id once, in the order of the choice. Foreign and unknown ones are written down. */
export async function chooseStates(
  tools: Tools,
  act: Act,
  viewer: Person,
  what: StateAct,
  ids: readonly string[],
): Promise<readonly ChosenState[]> {
  const unique = [...new Set(ids)];
  const people = new Map((await findRestricted(tools, act, viewer, unique)).map((one) => [one.account.id, one]));
  const logins = what === 'stopped' ? await tools.store.restriction.logins([...people.keys()], act.now) : new Map();
  const chosen = unique.map((id): ChosenState => {
    const person = people.get(id) ?? null;
    return {
      id,
      person,
      after: person === null ? [] : afterwards(person, what, act.now),
      logins: Number(logins.get(id) ?? 0),
      verdict: verdictOf(tools, viewer, what, person),
    };
  });
  const unknown = chosen.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id);
  if (unknown.length > 0) await recordForeign(tools, act, viewer, { for: what, ids: unknown });
  return chosen;
}

const actNames = {
  'available': ['release-password', 'resume-user'],
  'stopped': ['stop-user'],
  'otp-release': ['release-otp'],
} as const;

/** The acts of the permission table that a choice means. */
export const namesOf = (what: StateAct): (typeof actNames)[StateAct] => actNames[what];

function verdictOf(tools: Tools, viewer: Person, what: StateAct, person: Restricted | null): ChosenState['verdict'] {
  if (!person) return 'unknown';
  if (person.self) return 'self';
  const refused = namesOf(what).some(
    (name) => judgePermission(actorOf(viewer), name, targetOf(person), tools.policy) !== null,
  );
  if (refused) return 'unknown';
  if (what === 'stopped') return person.account.stoppedAt === null ? 'act' : 'nothing';
  if (what === 'available') return person.restrictions.length > 0 ? 'act' : 'nothing';
  if (person.account.otpStoppedAt === null) return 'nothing';
  return person.otpRelease === 'desk' ? 'desk' : 'act';
}

/** What will stand after the act, as the check page promises it. */
function afterwards(person: Restricted, what: StateAct, now: number): readonly AccountState[] {
  const { account, login, confirmation } = person;
  const free = { lockedUntil: null, stoppedAt: null };
  if (what === 'stopped') return statesOf({ ...person, account: { ...account, stoppedAt: now } }, now);
  if (what === 'otp-release') return statesOf({ ...person, account: { ...account, otpStoppedAt: null } }, now);
  return statesOf(
    {
      account: { ...account, stoppedAt: null },
      login: { ...login, ...free },
      confirmation: confirmation && { ...confirmation, ...free },
    },
    now,
  );
}

/** What stands for a person, as far as these acts change it: when it differs from what a page showed, nothing is done. */
export function seenState({ person }: Pick<ChosenState, 'person'>): string {
  if (!person) return '';
  const { account, login, confirmation } = person;
  const { stoppedAt, otpStoppedAt, role } = account;
  return JSON.stringify([
    role,
    stoppedAt,
    otpStoppedAt,
    ...[login, confirmation].map((password) => password && [password.lockedUntil, password.stoppedAt]),
  ]);
}
