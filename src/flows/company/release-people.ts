// Stopping people, making them available again, or releasing their one-time passwords: proof first, then each person in a
// transaction of its own, all or nothing; one refusal never blocks the others (screens.md §4.1).
import type { AccountState } from '../../rules/account.ts';
import type { LoginRecord } from '../../rules/login.ts';
import { allows, type Act as ActName, type Proof } from '../../rules/permission.ts';
import type { AccountRow, Person } from '../../store/account.ts';
import type { Finished } from '../../store/console-activity.ts';
import type { Tables } from '../../store/store.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { actorOf, companyOf, proofOf, proveAct, targetOf, type ProvenAct } from '../prove-act.ts';
import { releaseLocks } from '../release.ts';
import { resumeUse, stopUse } from '../stop.ts';
import type { Act, Tools } from '../tools.ts';
import { isLastReleaser, releasersOf, warnOfLastReleaser } from './last-releaser.ts';
import { findPeople } from './list-people.ts';
import { namesOf, type ChosenState, type StateAct } from './people-state.ts';

export interface Administrator {
  readonly person: Person;
  readonly login: LoginRecord;
}

/** Why nothing was done for a person. */
export type WhyNot = 'stale' | 'self' | 'nothing' | 'unknown' | 'desk' | 'last';

export interface StateResult extends Finished {
  readonly what: StateAct;
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly loginName: string;
    readonly role: 'master' | 'admin' | 'member' | null;
    /** `out`: left out for a reason that stood before; `failed`: changed since the check page, or unknown. */
    readonly result: 'done' | 'out' | 'failed';
    readonly why: WhyNot | null;
    readonly before: readonly AccountState[];
    /** What stands after the act, read anew. */
    readonly after: readonly AccountState[];
  }[];
}

type NotProven = Exclude<ProvenAct, { readonly verdict: 'proven' }>;

export type ActedOnStates =
  | Worked<NotProven, StateResult>
  | { readonly verdict: 'busy' }
  /** Nobody is left as the page showed them; nothing was asked or done. */
  | { readonly verdict: 'stale' };

const strongest: readonly Proof[] = ['token-needed', 'confirmation+otp', 'otp', 'confirmation'];

/** What these acts ask of the person who does them to colleagues. */
export function proofForNames(tools: Tools, act: Act, person: Person, names: readonly ActName[]): Proof {
  const asked = names.map((name) => proofOf(tools, act, person, name, companyOf(person)));
  return strongest.find((proof) => asked.includes(proof)) ?? 'confirmation';
}

/** What the page asks for changing states. */
export function proofForStates(tools: Tools, act: Act, person: Person, what: StateAct): Proof {
  return proofForNames(tools, act, person, namesOf(what));
}

/** Acts once for the page that `key` names. `stale`: ids of people for whom something else stands than the page showed. */
export async function changeStates(
  tools: Tools,
  act: Act,
  by: Administrator,
  asked: {
    readonly what: StateAct;
    readonly key: string;
    readonly chosen: readonly ChosenState[];
    readonly stale: ReadonlySet<string>;
  },
  typed: { readonly confirmation: string; readonly otp: string },
): Promise<ActedOnStates> {
  const { what, key, chosen, stale } = asked;
  const before = await tools.consoleActivity.finished<StateResult>(by.login.id, key);
  if (before) return { verdict: 'finished', result: before };
  const open = chosen.filter((one) => one.verdict === 'act' && !stale.has(one.id));
  if (open.length === 0) return { verdict: 'stale' };
  return actOnce(tools, act, by.login, key, async (): Promise<Worked<NotProven, StateResult>> => {
    const proof = proofForStates(tools, act, by.person, what);
    const proven = await proveAct(
      tools,
      act,
      by,
      { act: namesOf(what)[0], proof, about: { people: open.length } },
      typed,
    );
    if (proven.verdict !== 'proven') return { verdict: 'refused', refused: proven };
    const done = new Map<string, Outcome>();
    for (const { id } of open) done.set(id, await changeOne(tools, act, by, what, id));
    const now = new Map(
      (await findPeople(tools, act, by.person, [...done.keys()])).map(({ account, states }) => [account.id, states]),
    );
    const people = chosen.map((one) => resultOf(one, stale.has(one.id), done.get(one.id), now.get(one.id)));
    return { verdict: 'finished', result: { at: act.now, reference: act.reference, what, people } };
  });
}

type Outcome =
  | 'done'
  | 'stale'
  | 'last'
  /** Whoever acts is not signed in any more, or may not do this any more. */
  | 'ended';

async function changeOne(tools: Tools, act: Act, by: Administrator, what: StateAct, id: string): Promise<Outcome> {
  const whom = { actor: { kind: 'account', id: by.person.account.id }, by: 'admin' } as const;
  return tools.store.transaction(async (tables) => {
    // Two who stop each other take turns: the second finds that its own login has ended.
    if (what === 'stopped') await tables.company.lock(by.person.account.companyId);
    const account = await tables.account.lock(id);
    if (!(await stillMay(tools, tables, act, by, namesOf(what), account))) return 'ended';
    switch (what) {
      case 'stopped': {
        if (account.stoppedAt !== null) return 'stale';
        return (await unlessLast(tools, tables, act, account, () => stopUse(tools, tables, act, account, whom)))
          ? 'done'
          : 'last';
      }
      case 'available':
        await resumeUse(tools, tables, act, account, whom);
        await releaseLocks(tools, tables, act, account, { locks: ['login', 'confirmation'], ...whom });
        return 'done';
      case 'otp-release':
        return (await releaseLocks(tools, tables, act, account, { locks: ['otp'], ...whom })).length > 0
          ? 'done'
          : 'stale';
    }
  });
}

/**
 * Takes a person out of those who can release others, under the company's lock; false for the last one, where nothing was
 * done. When one is left, all who administer the company are told.
 */
export async function unlessLast(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  work: () => Promise<unknown>,
): Promise<boolean> {
  if (account.role === 'member') {
    await work();
    return true;
  }
  if (await isLastReleaser(tables, account)) return false;
  const before = await releasersOf(tables, account.companyId);
  await work();
  await warnOfLastReleaser(tools, tables, act, account.companyId, before);
  return true;
}

/** Inside the transaction: who acts is still signed in and may do this to this person, who is still there. */
export async function stillMay(
  tools: Tools,
  tables: Tables,
  act: Act,
  by: Administrator,
  names: readonly ActName[],
  account: AccountRow,
): Promise<boolean> {
  if (account.deletedAt !== null) return false;
  const standing = await tables.login.standing(by.login.id, act.now);
  if (!standing) return false;
  const { role } = standing.told;
  const actor = actorOf({ ...by.person, account: { ...by.person.account, role } });
  return names.every((name) => allows(actor, name, targetOf({ account }), tools.policy));
}

const whyOf = { self: 'self', nothing: 'nothing', unknown: 'unknown', desk: 'desk' } as const;

function resultOf(
  { id, person, verdict }: ChosenState,
  stale: boolean,
  outcome: Outcome | undefined,
  now: readonly AccountState[] | undefined,
): StateResult['people'][number] {
  const before = person?.states ?? [];
  const who = {
    id,
    name: person?.account.name ?? '—',
    loginName: person?.account.loginName ?? '',
    role: person?.account.role ?? null,
    before,
    after: now ?? before,
  };
  // What a colleague did meanwhile is told as that, not as what it leaves.
  if (stale && verdict !== 'unknown' && verdict !== 'self') return { ...who, result: 'out', why: 'stale' };
  if (verdict !== 'act') return { ...who, result: verdict === 'unknown' ? 'failed' : 'out', why: whyOf[verdict] };
  if (outcome === 'done') return { ...who, result: 'done', why: null };
  if (outcome === 'last') return { ...who, result: 'out', why: 'last' };
  return { ...who, result: stale || outcome === 'stale' ? 'out' : 'failed', why: 'stale' };
}
