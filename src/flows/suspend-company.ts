// ご契約の利用停止: the bank suspends a company, and resumes it. Logins, remembered devices and open attempts of all its people end
// with the suspension on every process at once, and don't come back with the resuming (spec §6). The bank tells its customer
// itself: no mail.
import type { AuditActor } from '../rules/audit-event.ts';
import { endLogins } from './logout.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';

export interface Suspended {
  readonly people: number;
  readonly devices: number;
  /** Client ids that are told by back-channel logout. */
  readonly portals: readonly string[];
}

interface Asked {
  readonly companyId: string;
  readonly actor: AuditActor;
}

/** Null: it was suspended before. */
export async function suspendCompany(tools: Tools, act: Act, { companyId, actor }: Asked): Promise<Suspended | null> {
  return tools.store.transaction(async (tables) => {
    const company = await tables.company.lock(companyId);
    if (company.suspendedAt !== null) return null;
    await tables.company.change(companyId, { suspendedAt: act.now });
    const people = await tables.account.raiseEpochs(companyId);
    const ended = await tables.device.endOfCompany(companyId, act.now, 'company-suspended');
    const portals = await endLogins(tools, tables, act, { companyId }, 'company-suspended');
    const data = { devices: ended.map(({ id }) => id), portals };
    await writeRecord(tables, act, { event: 'company.suspended', companyId, accountId: null, actor, data });
    return { people, devices: ended.length, portals };
  });
}

/** False: it was not suspended. */
export async function resumeCompany(tools: Tools, act: Act, { companyId, actor }: Asked): Promise<boolean> {
  return tools.store.transaction(async (tables) => {
    const { suspendedAt } = await tables.company.lock(companyId);
    if (suspendedAt === null) return false;
    await tables.company.change(companyId, { suspendedAt: null });
    const data = { suspendedAt };
    await writeRecord(tables, act, { event: 'company.resumed', companyId, accountId: null, actor, data });
    return true;
  });
}
