// The letter's password was used for the first time: it is the login password from now on, issued and to be changed at once
// (PWC001), and whatever stood on the old one ends. In the transaction of the guess that was right.
import { byPost, takeUpLetter, type Letter } from '../../rules/reset-request.ts';
import type { CredentialRow } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { endLogins } from '../logout.ts';
import { writeRecord } from '../record.ts';
import { endOpenIssue } from '../token/end-issue.ts';
import type { Act, Tools } from '../tools.ts';

/** What the credential keeps; the replaced password joins those that are not to be chosen again. */
export function takenUp(tools: Tools, row: CredentialRow, now: number): Partial<CredentialRow> & Letter {
  // The letter's own hash is no choice of anybody: as many chosen ones are kept as must not come again.
  const chosen = row.issued ? row.history : [row.hash, ...row.history];
  return { ...takeUpLetter(row, now), history: chosen.slice(0, tools.policy.password.history) };
}

/** Ends what the old password had opened. The new epoch; null when there is no such account any more. */
export async function takeUp(tools: Tools, tables: Tables, act: Act, accountId: string): Promise<number | null> {
  const account = await tables.account.find(accountId);
  if (!account || account.deletedAt !== null) return null;
  const epoch = await tables.account.raiseEpoch(accountId, null);
  // Set by the bank: it counts for the takeover guard like any password that others set.
  await tables.account.change(accountId, { passwordByOtherAt: act.now, passwordByOther: byPost });
  await endOpenIssue(tables, act, account, { kind: 'account', id: accountId });
  const devices = await tables.device.end({ accountId }, act.now, 'password');
  const portals = await endLogins(tools, tables, act, { accountId, but: null }, 'password-changed');
  await writeRecord(tables, act, {
    event: 'reset.taken-up',
    companyId: account.companyId,
    accountId,
    actor: { kind: 'account', id: accountId },
    data: { devices: devices.length, portals },
  });
  return epoch;
}
