// The end of an issue that never came into use: lapsed, given up, or replaced by another. Its secret can't be used any more.
import type { AuditActor } from '../../rules/audit-event.ts';
import { epochHolds } from '../../rules/standing.ts';
import { hasLapsed, noProgress, type IssueEnd } from '../../rules/token-issue.ts';
import type { AccountRow } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import type { IssueRow } from '../../store/token-issue.ts';
import { writeRecord } from '../record.ts';
import { advanced, type Answer } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import type { IssueFront } from './front.ts';

/**
 * Ends an open issue of a locked account, with its token, in the caller's transaction.
 * @param by who ends it, when that is neither its holder nor time
 */
export async function endIssue(
  tables: Tables,
  act: Act,
  account: Pick<AccountRow, 'id' | 'companyId'>,
  issue: Pick<IssueRow, 'id' | 'tokenId' | 'kind'>,
  why: Exclude<IssueEnd, 'activated'>,
  by: AuditActor = { kind: 'account', id: account.id },
): Promise<void> {
  await tables.tokenIssue.end(issue.id, act.now, why);
  await tables.token.retire(issue.tokenId, act.now);
  await writeRecord(tables, act, {
    event: 'token.issue-ended',
    companyId: account.companyId,
    accountId: account.id,
    // Nobody does it when the time is over.
    actor: why === 'lapsed' ? { kind: 'system', id: null } : by,
    data: { issue: issue.id, token: issue.tokenId, kind: issue.kind, why },
  });
}

/**
 * Gives up what is on its way to an app when what it was proven by ends: a password that was changed or set by others, a stop.
 * Whoever began it, or has fetched it already, brings it into use no more (spec §5, §6). The account's lock is the caller's.
 */
export async function endOpenIssue(
  tables: Tables,
  act: Act,
  account: Pick<AccountRow, 'id' | 'companyId'>,
  by: AuditActor,
): Promise<void> {
  const open = await tables.tokenIssue.lockOpen(account.id);
  if (open) await endIssue(tables, act, account, open, hasLapsed(open, act.now) ? 'lapsed' : 'cancelled', by);
}

/** An issue whose time is over, found on the way, is ended. */
export async function endLapsed(tools: Tools, act: Act, { person }: Pick<IssueFront, 'person'>): Promise<void> {
  if (!person.issue || !hasLapsed(person.issue, act.now)) return;
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(person.account.id);
    const open = await tables.tokenIssue.lockOpen(account.id);
    if (open && hasLapsed(open, act.now)) await endIssue(tables, act, account, open, 'lapsed');
  });
}

/** 「もう一度発行する」: gives the open issue up and begins anew. */
export async function restartIssue(tools: Tools, act: Act, front: IssueFront): Promise<Answer> {
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(front.person.account.id);
    if (!front.stamp || !epochHolds(front.stamp, account)) return;
    const open = await tables.tokenIssue.lockOpen(account.id);
    // What another page issued meanwhile was not meant.
    if (open && open.id === front.person.issue?.id)
      await endIssue(tables, act, account, open, hasLapsed(open, act.now) ? 'lapsed' : 'cancelled');
  });
  await front.keep(() => noProgress);
  return advanced;
}

/** How the newest issue ended without a token, as the first page of the next one says it; null: it did not. */
export async function issueEndedBy(
  tools: Tools,
  act: Act,
  { person }: Pick<IssueFront, 'person'>,
): Promise<'lapsed' | 'void' | null> {
  const newest = await tools.store.tokenIssue.newest(person.account.id);
  if (!newest) return null;
  if (newest.endedAt === null) return hasLapsed(newest, act.now) ? 'lapsed' : null;
  return newest.endedWhy === 'lapsed' || newest.endedWhy === 'void' ? newest.endedWhy : null;
}
