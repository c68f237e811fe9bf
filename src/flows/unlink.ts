// Removing a link: link, devices, logins, grants and open attempts that came through it are void in one transaction with
// its audit record; portals get back-channel logout, the person gets mail (spec §7).
import { endLogins } from './logout.ts';
import { oweMail, type MailActor } from './mail.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';
import type { AuditActor } from '../rules/audit-event.ts';
import type { AccountRow } from '../store/account.ts';
import type { Tables } from '../store/store.ts';

export interface Unlinked {
  readonly linkId: string;
  readonly accountId: string;
  readonly display: string;
  readonly devices: number;
  readonly portals: readonly string[];
}

/**
 * Removes a live link. Null when it is unknown, of another company, or already removed: answered alike.
 * `companyId` null means an operator of the bank.
 */
export async function unlink(
  tools: Tools,
  act: Act,
  asked: {
    readonly linkId: string;
    readonly companyId: string | null;
    readonly actor: AuditActor;
    readonly by: MailActor;
    readonly why: string;
    /** Asked inside the transaction, with the person's account locked: whether it may still be done. */
    readonly still?: (tables: Tables, account: AccountRow) => Promise<boolean>;
  },
): Promise<Unlinked | null> {
  const link = await tools.store.link.find(asked.linkId);
  if (!link || link.endedAt !== null || (asked.companyId !== null && link.companyId !== asked.companyId)) return null;
  return tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(link.accountId);
    if (asked.still && !(await asked.still(tables, account))) return null;
    const locked = await tables.link.lock(link.id);
    if (!locked || !(await tables.link.end(link.id, act.now, asked.why))) return null;
    const devices = await tables.device.end({ accountId: account.id, linkId: link.id }, act.now, 'unlink');
    const logins = await tables.login.count({ linkId: link.id }, act.now);
    const portals = await endLogins(tools, tables, act, { linkId: link.id }, 'unlinked');
    await oweMail(
      tools,
      tables,
      act,
      account,
      'link-removed',
      { display: link.display, devices: devices.length, logins, loginName: account.loginName },
      asked.by,
    );
    await writeRecord(tables, act, {
      event: 'link.removed',
      companyId: account.companyId,
      accountId: account.id,
      actor: asked.actor,
      data: {
        link: link.id,
        issuer: link.issuer,
        subject: link.subject,
        devices: devices.map((device) => device.id),
        portals,
        why: asked.why,
      },
    });
    return { linkId: link.id, accountId: account.id, display: link.display, devices: devices.length, portals };
  });
}
