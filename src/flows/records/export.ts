// Handing out records as a file: what may be many is read page by page while it is sent, up to the place in the chain where
// it stood when it was asked for; and the hand-out of a company's records is itself written down.
import type { Person } from '../../store/account.ts';
import { writeRecord } from '../record.ts';
import { queryOf, shown, type RecordFilter, type RecordScope, type ShownRecord } from '../records.ts';
import type { Act, Tools } from '../tools.ts';

/** Records that are in memory at once. */
const atOnce = 500;

/** The records of a filter, newest first, in parts. Of a company: after a record of the hand-out with count and filter. */
export async function exportRecords(
  tools: Tools,
  act: Act,
  person: Person,
  scope: RecordScope,
  filter: RecordFilter,
): Promise<AsyncIterable<readonly ShownRecord[]>> {
  const { companyId, id } = person.account;
  const upTo = await tools.store.records.newest(companyId);
  const query = { ...queryOf(tools, person, scope, filter), upTo };
  if (scope === 'company') {
    const count = await tools.store.records.count(query);
    const { from, until } = filter.period;
    await tools.store.transaction((tables) =>
      writeRecord(tables, act, {
        event: 'records.exported',
        companyId,
        accountId: id,
        actor: { kind: 'account', id },
        data: { count, filter: { q: filter.q, kind: filter.kind, from, until }, upTo },
      }),
    );
  }
  return parts();

  async function* parts(): AsyncIterable<readonly ShownRecord[]> {
    let before = upTo + 1;
    for (;;) {
      const rows = await tools.store.records.page(query, { before }, atOnce);
      const part = rows.slice(0, atOnce);
      if (part.length > 0) yield await shown(tools, person, scope, part);
      const last = part.at(-1);
      if (rows.length <= atOnce || !last) return;
      before = last.seq;
    }
  }
}
