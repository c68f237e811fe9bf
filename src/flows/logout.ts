// Ending logins and telling the portals that were entered through them: the rows end in the caller's transaction, the
// back-channel logouts are owed to the outbox in the same one.
import type { Act, Tools } from './tools.ts';
import type { Tables } from '../store/store.ts';

/** Ends logins and owes each entered portal its logout token. The clients that will be told. */
export async function endLogins(
  tools: Tools,
  tables: Tables,
  act: Act,
  which: Parameters<Tables['login']['end']>[0],
  why: string,
): Promise<readonly string[]> {
  const ended = await tables.login.end(which, act.now, why);
  const left = await tables.login.leave(ended, act.now);
  for (const { clientId, accountId, sid } of left) {
    await tables.outbox.add({ id: tools.secrets.id(), kind: 'logout', payload: { clientId, accountId, sid } }, act.now);
  }
  return left.map((portal) => portal.clientId);
}
