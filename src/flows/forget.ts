// Ending remembered devices by their person or an admin: it only adds safety, so the person is asked nothing more.
import { oweMail, type MailActor } from './mail.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';
import type { AuditActor } from '../rules/audit-event.ts';
import type { AccountRow } from '../store/account.ts';
import type { Tables } from '../store/store.ts';

/** Ends one live device, or all of an account. How many ended. Own acts send no mail (screens.md MAI008). */
export async function forget(
  tools: Tools,
  act: Act,
  asked: {
    readonly accountId: string;
    readonly deviceId?: string;
    readonly actor: AuditActor;
    readonly by: MailActor;
    /** Asked inside the transaction, with the person's account locked: whether it may still be done. */
    readonly still?: (tables: Tables, account: AccountRow) => Promise<boolean>;
  },
): Promise<number> {
  return tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(asked.accountId);
    if (asked.still && !(await asked.still(tables, account))) return 0;
    const which =
      asked.deviceId === undefined ? { accountId: account.id } : { accountId: account.id, id: asked.deviceId };
    const ended = await tables.device.end(which, act.now, 'forgotten');
    if (ended.length === 0) return 0;
    if (asked.by !== 'self')
      await oweMail(tools, tables, act, account, 'device-ended', { why: 'forgotten', count: ended.length }, asked.by);
    await writeRecord(tables, act, {
      event: 'device.forgotten',
      companyId: account.companyId,
      accountId: account.id,
      actor: asked.actor,
      data: { devices: ended.map((device) => device.id) },
    });
    return ended.length;
  });
}
