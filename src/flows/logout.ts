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
  // A portal that was entered again through a later login of the same session is one sign-in to it.
  const told = new Map(left.map((portal) => [`${portal.clientId} ${portal.sid}`, portal]));
  for (const { clientId, accountId, sid } of told.values()) {
    await tables.outbox.add({ id: tools.secrets.id(), kind: 'logout', payload: { clientId, accountId, sid } }, act.now);
  }
  return [...new Set(left.map((portal) => portal.clientId))];
}
