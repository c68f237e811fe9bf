// Unlinking people, or ending their skip, after the check page: proof first, then each person by itself, all or nothing; one
// refusal never blocks the others (screens.md §4.1).
import type { Proof } from '../../rules/permission.ts';
import type { AccountRow, Person } from '../../store/account.ts';
import type { FinishedAct, FinishedPerson } from '../../store/console-activity.ts';
import type { Tables } from '../../store/store.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { forget } from '../forget.ts';
import { proofOf, proveAct, targetOf, type ProvenAct } from '../prove-act.ts';
import type { Act, Tools } from '../tools.ts';
import { unlink } from '../unlink.ts';
import type { Chosen, PeopleAct } from './choice.ts';
import { stillMay, type Administrator } from './release-people.ts';

/** What the check page asks for these people; the strongest, though one act asks the same for all colleagues. */
export function proofForPeople(
  tools: Tools,
  act: Act,
  person: Person,
  what: PeopleAct,
  chosen: readonly Chosen[],
): Proof {
  const asked = chosen.flatMap((one) =>
    one.verdict === 'act' && one.person ? [proofOf(tools, act, person, what, targetOf(one.person))] : [],
  );
  const order: readonly Proof[] = ['token-needed', 'confirmation+otp', 'otp', 'confirmation'];
  return order.find((proof) => asked.includes(proof)) ?? 'confirmation';
}

type NotProven = Exclude<ProvenAct, { readonly verdict: 'proven' }>;

export type ActedOnPeople =
  | Worked<NotProven>
  | { readonly verdict: 'busy' }
  /** Nobody is left as the check page showed them; nothing was asked or done. */
  | { readonly verdict: 'stale' };

/**
 * Acts once for the check page that `key` names.
 * @param stale ids of people whose links or devices are no longer what the page showed
 */
export async function actOnPeople(
  tools: Tools,
  act: Act,
  by: Administrator,
  asked: {
    readonly what: PeopleAct;
    readonly key: string;
    readonly chosen: readonly Chosen[];
    readonly stale: ReadonlySet<string>;
  },
  typed: { readonly confirmation: string; readonly otp: string },
): Promise<ActedOnPeople> {
  const { what, chosen, stale } = asked;
  const before = await tools.consoleActivity.finished(by.login.id, asked.key);
  if (before) return { verdict: 'finished', result: before };
  const open = chosen.filter((one) => one.verdict === 'act' && !stale.has(one.id));
  if (open.length === 0) return { verdict: 'stale' };
  return actOnce(tools, act, by.login, asked.key, async (): Promise<Worked<NotProven>> => {
    const proof = proofForPeople(tools, act, by.person, what, open);
    const proven = await proveAct(tools, act, by, { act: what, proof, about: { people: open.length } }, typed);
    if (proven.verdict !== 'proven') return { verdict: 'refused', refused: proven };
    const people: FinishedPerson[] = [];
    const links: string[] = [];
    for (const one of chosen) {
      const done = open.includes(one) && (await actOn(tools, act, by, what, one, links));
      people.push(finished(one, stale.has(one.id), done));
    }
    const result: FinishedAct = { at: act.now, reference: act.reference, people, links, endedItself: false };
    return { verdict: 'finished', result };
  });
}

/** True when it was done; false when somebody else was first, or who acts may not do it any more. */
async function actOn(
  tools: Tools,
  act: Act,
  by: Administrator,
  what: PeopleAct,
  one: Chosen,
  ended: string[],
): Promise<boolean> {
  const { account } = by.person;
  const actor = { kind: 'account', id: account.id } as const;
  const still = (tables: Tables, whose: AccountRow): Promise<boolean> =>
    stillMay(tools, tables, act, by, [what], whose);
  if (what === 'forget-device') return (await forget(tools, act, { accountId: one.id, actor, by: 'admin', still })) > 0;
  let done = false;
  for (const { id } of one.links) {
    const asked = {
      linkId: id,
      companyId: account.companyId,
      actor,
      by: 'admin',
      why: 'unlinked-by-admin',
      still,
    } as const;
    if (!(await unlink(tools, act, asked))) continue;
    ended.push(id);
    done = true;
  }
  return done;
}

function finished(one: Chosen, stale: boolean, done: boolean): FinishedPerson {
  const { person } = one;
  const who = {
    id: one.id,
    name: person?.account.name ?? '—',
    loginName: person?.account.loginName ?? '',
    states: person?.states ?? [],
    linked: one.links.length === 0 ? null : one.links.map(({ display }) => display).join('、'),
  };
  if (one.verdict === 'unknown') return { ...who, result: 'failed', why: 'unknown' };
  if (one.verdict === 'self') return { ...who, result: 'out', why: 'self' };
  if (stale || (one.verdict === 'act' && !done)) return { ...who, result: 'failed', why: 'stale' };
  return one.verdict === 'nothing' ? { ...who, result: 'out', why: 'nothing' } : { ...who, result: 'done', why: null };
}
