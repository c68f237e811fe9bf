// Stopping a person's use of the service (利用停止) and resuming it, by others: sessions, devices and open attempts end with
// the stop on every process at once, and don't come back with the resuming (spec §1, §6). In the caller's transaction.
import type { AuditActor } from '../rules/audit-event.ts';
import type { AccountRow } from '../store/account.ts';
import type { Tables } from '../store/store.ts';
import { endLogins } from './logout.ts';
import { oweMail, type MailActor } from './mail.ts';
import { writeRecord } from './record.ts';
import { endOpenIssue } from './token/end-issue.ts';
import type { Act, Tools } from './tools.ts';

interface ByWhom {
  readonly actor: AuditActor;
  readonly by: MailActor;
}

/** Stops a locked account that is not stopped; false when it was. Nobody is spared: nobody stops oneself. */
export async function stopUse(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  { actor, by }: ByWhom,
): Promise<boolean> {
  if (account.stoppedAt !== null) return false;
  await tables.account.change(account.id, { stoppedAt: act.now });
  await tables.account.raiseEpoch(account.id, null);
  await endOpenIssue(tables, act, account, actor);
  const devices = await tables.device.end({ accountId: account.id }, act.now, 'account-stopped');
  const portals = await endLogins(tools, tables, act, { accountId: account.id, but: null }, 'account-stopped');
  await oweMail(tools, tables, act, account, 'use-stopped', {}, by);
  await writeRecord(tables, act, {
    event: 'account.stopped',
    companyId: account.companyId,
    accountId: account.id,
    actor,
    data: { devices: devices.map(({ id }) => id), portals },
  });
  return true;
}

/** Resumes a locked account that is stopped; false when it was not. */
export async function resumeUse(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  { actor, by }: ByWhom,
): Promise<boolean> {
  if (account.stoppedAt === null || account.deletedAt !== null) return false;
  await tables.account.change(account.id, { stoppedAt: null });
  await oweMail(tools, tables, act, account, 'use-resumed', {}, by);
  await writeRecord(tables, act, {
    event: 'account.resumed',
    companyId: account.companyId,
    accountId: account.id,
    actor,
    data: { stoppedAt: account.stoppedAt },
  });
  return true;
}
