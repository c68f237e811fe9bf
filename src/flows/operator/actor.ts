// An operator as the permission table and the audit records know one, and the records of the bank's own chain.
import type { AuditActor, AuditEvent, AuditRecord } from '../../rules/audit-event.ts';
import type { Actor } from '../../rules/permission.ts';
import type { OperatorRow } from '../../store/operator.ts';
import type { Tables } from '../../store/store.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

export type { OperatorRow } from '../../store/operator.ts';

/** What an operator is to the permission table. */
export function operatorActor(operator: Pick<OperatorRow, 'role'>): Actor {
  return { kind: 'operator', role: operator.role };
}

/** Who did it, as a record says it. */
export function auditActor(operator: Pick<OperatorRow, 'id'>): AuditActor {
  return { kind: 'operator', id: operator.id };
}

/** A record of what concerns the operator alone: it belongs to no company. Call it last in its transaction. */
export async function recordOperator(
  tables: Tables,
  act: Act,
  event: AuditEvent,
  actor: AuditActor,
  data: AuditRecord['data'],
): Promise<void> {
  await writeRecord(tables, act, { event, companyId: null, accountId: null, actor, data });
}

/** The role does not allow it: whether a button led here or an address was typed. */
export async function recordOperatorRefused(
  tools: Tools,
  act: Act,
  operator: OperatorRow,
  asked: { readonly for: string },
): Promise<void> {
  await tools.store.transaction((tables) =>
    recordOperator(tables, act, 'operator.refused', auditActor(operator), { for: asked.for, role: operator.role }),
  );
}
