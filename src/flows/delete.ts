// Deleting a person (利用者削除): from then on like nobody – link, token, devices, logins end, the login ID is never given
// again – while the records stay (spec §2, §8). In the caller's transaction, which holds company and account.
import type { AuditActor } from '../rules/audit-event.ts';
import type { AccountRow } from '../store/account.ts';
import type { Tables } from '../store/store.ts';
import { endLogins } from './logout.ts';
import { oweMail, type MailActor } from './mail.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';

/** Deletes a locked account; false when it was deleted before. */
export async function deleteAccount(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  { actor, by }: { readonly actor: AuditActor; readonly by: MailActor },
): Promise<boolean> {
  if (account.deletedAt !== null) return false;
  const links = await tables.link.ofAccount(account.id);
  // The address is asked for no more; the mail that tells of the deletion carries its own copy.
  await tables.account.change(account.id, {
    deletedAt: act.now,
    stoppedAt: account.stoppedAt ?? act.now,
    email: null,
    emailProvenAt: null,
    emailChangedAt: null,
  });
  await tables.account.raiseEpoch(account.id, null);
  for (const { id } of links) {
    await tables.link.lock(id);
    await tables.link.end(id, act.now, 'account-deleted');
  }
  await tables.token.release(account.id, act.now, 'account-deleted');
  // What was on its way to an app is fetched by nobody any more.
  const issue = await tables.tokenIssue.lockOpen(account.id);
  if (issue) {
    await tables.tokenIssue.end(issue.id, act.now, 'cancelled');
    await tables.token.retire(issue.tokenId, act.now);
  }
  const devices = await tables.device.end({ accountId: account.id }, act.now, 'account-deleted');
  const portals = await endLogins(tools, tables, act, { accountId: account.id, but: null }, 'account-deleted');
  await oweMail(tools, tables, act, account, 'registration-removed', {}, by);
  await writeRecord(tables, act, {
    event: 'account.deleted',
    companyId: account.companyId,
    accountId: account.id,
    actor,
    data: {
      role: account.role,
      loginName: account.loginName,
      links: links.map(({ id }) => id),
      issue: issue?.id ?? null,
      devices: devices.map(({ id }) => id),
      portals,
    },
  });
  return true;
}
