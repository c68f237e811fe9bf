// A provider session ends: its logins end in one transaction with the record, and every portal that was entered is owed
// its back-channel logout.
import { endLogins } from './logout.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';

export async function endSession(
  tools: Tools,
  act: Act,
  session: { readonly accountId: string; readonly loginIds: readonly string[] },
  why: 'signed-out' | 'portal' | 'replaced' | 'idle',
): Promise<readonly string[]> {
  return tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(session.accountId);
    const portals = await endLogins(tools, tables, act, { ids: session.loginIds }, why);
    await writeRecord(tables, act, {
      event: 'login.ended',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
      data: { logins: session.loginIds, why, portals },
    });
    return portals;
  });
}
