// CON090: deleting people of one's own company. What ends for each is shown before; the master, oneself, and the last person
// able to release others are never deleted by the company (spec §8).
import { judgePermission } from '../../rules/permission.ts';
import type { Person } from '../../store/account.ts';
import type { Finished } from '../../store/console-activity.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { deleteAccount } from '../delete.ts';
import { actorOf, proveAct, targetOf, type ProvenAct } from '../prove-act.ts';
import type { Act, Tools } from '../tools.ts';
import { findPeople, type Listed } from './list-people.ts';
import { proofForNames, stillMay, unlessLast, type Administrator } from './release-people.ts';
import { recordForeign } from './turn-away.ts';

export interface ChosenDeletion {
  readonly id: string;
  readonly person: Listed | null;
  readonly logins: number;
  readonly verdict: 'act' | 'self' | 'master' | 'unknown';
}

/** Judges each chosen id once, in the order of the choice. Foreign and unknown ones are written down. */
export async function chooseDeletions(
  tools: Tools,
  act: Act,
  viewer: Person,
  ids: readonly string[],
): Promise<readonly ChosenDeletion[]> {
  const unique = [...new Set(ids)];
  const people = new Map((await findPeople(tools, act, viewer, unique)).map((one) => [one.account.id, one]));
  const logins = await tools.store.restriction.logins([...people.keys()], act.now);
  const chosen = unique.map((id): ChosenDeletion => {
    const person = people.get(id) ?? null;
    return { id, person, logins: logins.get(id) ?? 0, verdict: verdictOf(tools, viewer, person) };
  });
  const unknown = chosen.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id);
  if (unknown.length > 0) await recordForeign(tools, act, viewer, { for: 'delete-user', ids: unknown });
  return chosen;
}

function verdictOf(tools: Tools, viewer: Person, person: Listed | null): ChosenDeletion['verdict'] {
  if (!person) return 'unknown';
  if (person.self) return 'self';
  if (person.account.role === 'master') return 'master';
  return judgePermission(actorOf(viewer), 'delete-user', targetOf(person), tools.policy) === null ? 'act' : 'unknown';
}

/** What a check page showed of a person: when it differs, nothing is done. */
export function seenDeletion({ person }: ChosenDeletion): string {
  if (!person) return '';
  const { account, link, token } = person;
  return JSON.stringify([account.role, account.loginName, account.name, link?.id ?? null, token?.serial ?? null]);
}

export interface DeletionResult extends Finished {
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly loginName: string;
    readonly result: 'done' | 'out' | 'failed';
    readonly why: 'stale' | 'self' | 'master' | 'unknown' | 'last' | null;
  }[];
}

type NotProven = Exclude<ProvenAct, { readonly verdict: 'proven' }>;

export type Deleted = Worked<NotProven, DeletionResult> | { readonly verdict: 'busy' } | { readonly verdict: 'stale' };

/** Deletes once for the check page that `key` names; each person in a transaction of its own. */
export async function deletePeople(
  tools: Tools,
  act: Act,
  by: Administrator,
  asked: {
    readonly key: string;
    readonly chosen: readonly ChosenDeletion[];
    readonly stale: ReadonlySet<string>;
  },
  typed: { readonly confirmation: string; readonly otp: string },
): Promise<Deleted> {
  const { key, chosen, stale } = asked;
  const before = await tools.consoleActivity.finished<DeletionResult>(by.login.id, key);
  if (before) return { verdict: 'finished', result: before };
  const open = chosen.filter((one) => one.verdict === 'act' && !stale.has(one.id));
  if (open.length === 0) return { verdict: 'stale' };
  return actOnce(tools, act, by.login, key, async (): Promise<Worked<NotProven, DeletionResult>> => {
    const proof = proofForNames(tools, act, by.person, ['delete-user']);
    const proven = await proveAct(tools, act, by, { act: 'delete-user', proof, about: { people: open.length } }, typed);
    if (proven.verdict !== 'proven') return { verdict: 'refused', refused: proven };
    const done = new Map<string, Outcome>();
    for (const { id } of open) done.set(id, await deleteOne(tools, act, by, id));
    const people = chosen.map((one) => resultOf(one, stale.has(one.id), done.get(one.id)));
    return { verdict: 'finished', result: { at: act.now, reference: act.reference, people } };
  });
}

type Outcome = 'done' | 'last' | 'stale' | 'ended';

async function deleteOne(tools: Tools, act: Act, by: Administrator, id: string): Promise<Outcome> {
  const whom = { actor: { kind: 'account', id: by.person.account.id }, by: 'admin' } as const;
  return tools.store.transaction(async (tables) => {
    await tables.company.lock(by.person.account.companyId);
    const account = await tables.account.lock(id);
    if (account.deletedAt !== null) return 'stale';
    if (!(await stillMay(tools, tables, act, by, ['delete-user'], account))) return 'ended';
    return (await unlessLast(tools, tables, act, account, () => deleteAccount(tools, tables, act, account, whom)))
      ? 'done'
      : 'last';
  });
}

function resultOf(
  { id, person, verdict }: ChosenDeletion,
  stale: boolean,
  outcome: Outcome | undefined,
): DeletionResult['people'][number] {
  const who = { id, name: person?.account.name ?? '—', loginName: person?.account.loginName ?? '' };
  if (verdict !== 'act') return { ...who, result: verdict === 'unknown' ? 'failed' : 'out', why: verdict };
  if (outcome === 'done') return { ...who, result: 'done', why: null };
  if (outcome === 'last') return { ...who, result: 'out', why: 'last' };
  return { ...who, result: stale || outcome === 'stale' ? 'out' : 'failed', why: 'stale' };
}
