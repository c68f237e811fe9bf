// Writing the audit record of an act, in its transaction, on the company's chain. Call it last: the chain's head is the
// last lock of every transaction.
import type { Act } from './tools.ts';
import type { AuditRecord } from '../rules/audit-event.ts';
import type { Tables } from '../store/store.ts';

export async function writeRecord(
  tables: Tables,
  act: Act,
  entry: Pick<AuditRecord, 'event' | 'accountId' | 'actor'> & {
    readonly companyId: string | null;
    readonly data?: AuditRecord['data'];
  },
): Promise<void> {
  await tables.audit.add({
    chain: entry.companyId ?? 'bank',
    at: act.now,
    reference: act.reference,
    event: entry.event,
    accountId: entry.accountId,
    actor: entry.actor,
    data: { ...entry.data, agent: act.agent },
  });
}
