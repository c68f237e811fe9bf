// A provider session ends: its logins end in one transaction with the record, and every portal that was entered is owed
// its back-channel logout.
import { endLogins } from './logout.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';

export async function endSession(
  tools: Tools,
  act: Act,
  session: { readonly sessionUid: string; readonly accountId: string; readonly loginIds: readonly string[] },
  why: 'signed-out' | 'portal' | 'replaced' | 'idle',
): Promise<readonly string[]> {
  return tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(session.accountId);
    // Tabs that signed in at the same moment each made a login; portals were entered through any of them.
    const entered = await tables.login.ofSession(account.id, session.sessionUid);
    // Tabs that signed in before any of them had a session have sessions of their own, and the browser keeps the cookie of
    // one: who signs out means all of them.
    const beside = await tables.login.beside(account.id, session.loginIds);
    const logins = [...new Set([...session.loginIds, ...entered, ...beside])];
    const portals = await endLogins(tools, tables, act, { ids: logins }, why);
    await writeRecord(tables, act, {
      event: 'login.ended',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
      data: { logins, why, portals },
    });
    return portals;
  });
}
