// The list of people handed out as a file: who is in it is fixed when it is asked for, what is said of them is read in parts
// while it is sent; and the hand-out is itself written down.
import type { Person } from '../../store/account.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { findPeople, idsOfPeople, type Listed, type PeopleAsked } from './list-people.ts';

/** People that are in memory at once, besides the ids of all. */
const atOnce = 500;

/** Whoever is deleted while the file is sent is left out of the rest. */
export async function exportPeople(
  tools: Tools,
  act: Act,
  person: Person,
  asked: PeopleAsked,
): Promise<AsyncIterable<readonly Listed[]>> {
  const ids = await idsOfPeople(tools, act, person, asked);
  const { companyId, id } = person.account;
  const { q, state, role = '', tokenKind = '' } = asked;
  await tools.store.transaction((tables) =>
    writeRecord(tables, act, {
      event: 'records.exported',
      companyId,
      accountId: id,
      actor: { kind: 'account', id },
      data: { kind: 'people', count: ids.length, filter: { q, state, role, tokenKind } },
    }),
  );
  return parts();

  async function* parts(): AsyncIterable<readonly Listed[]> {
    for (let first = 0; first < ids.length; first += atOnce)
      yield await findPeople(tools, act, person, ids.slice(first, first + atOnce));
  }
}
