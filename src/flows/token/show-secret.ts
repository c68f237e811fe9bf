// The secret of an authenticator's issue, shown once and to nobody but who made the issue (BOT005). It is read from under its
// seal for this one answer; no record, address or log holds it.
import { epochHolds } from '../../rules/standing.ts';
import { hasLapsed } from '../../rules/token-issue.ts';
import type { Act, Tools } from '../tools.ts';
import type { IssueFront } from './front.ts';

/** The key in Base32, the first time that it is asked for by the attempt or login that made the issue; else null. */
export async function takeSecret(tools: Tools, act: Act, front: IssueFront): Promise<string | null> {
  const issued = front.progress?.issued ?? null;
  const { issue } = front.person;
  if (issued === null || issue?.id !== issued || issue.kind !== 'authenticator' || issue.fetchedAt !== null)
    return null;
  return tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(front.person.account.id);
    const open = await tables.tokenIssue.lockOpen(account.id);
    if (!front.stamp || !epochHolds(front.stamp, account) || open?.id !== issued) return null;
    if (open.kind !== 'authenticator' || open.fetchedAt !== null || hasLapsed(open, act.now)) return null;
    const token = await tables.token.lock(open.tokenId);
    if (!token || token.retiredAt !== null) return null;
    await tables.tokenIssue.fetched(open.id, shownOnce, act.now);
    return tools.secrets.base32(tools.secrets.openTokenSecret(token.secret, token.id));
  });
}

/** No app asks for an authenticator's secret: there is no value of one to keep. */
const shownOnce = 'shown';
