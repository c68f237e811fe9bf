// A token app fetches its secret (spec §5, guide S2): service ID, user ID and activation password, and a nonce that binds the
// secret to this one app. Whatever is wrong gets one answer, for the same statements and the same work (screens.md 4.8, C).
import type { FetchRequest } from '../../rules/activation.ts';
import { hasLapsed } from '../../rules/token-issue.ts';
import type { Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import type { IssueRow } from '../../store/token-issue.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

export type Fetched =
  | {
      readonly verdict: 'fetched';
      /** Base32 without padding. */
      readonly secret: string;
      readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
      readonly digits: number;
      /** Seconds. */
      readonly period: number;
      readonly userId: string;
      /** The first right code has to come before. */
      readonly expiresAt: number;
      /** Until then the same nonce gets the secret again. */
      readonly againUntil: number;
    }
  | { readonly verdict: 'refused' }
  /** Too much came from this address. */
  | { readonly verdict: 'too-many'; readonly until: number };

/** For the audit record alone: nobody else is told. */
type Cause = 'user-id' | 'ended' | 'lapsed' | 'person' | 'service-id' | 'other-app' | 'late' | 'password';

/** The id of nothing: what is not known is asked for and written to like anything else. */
const nobody = '';

/**
 * Hands the secret out once, to the app of the first nonce with the right activation password; to the same app again for
 * `policy.issue.fetchAgain`, until the first right code. The `policy.issue.tries`-th wrong password in a row voids the issue,
 * exactly so under parallel tries: the account's lock is held meanwhile.
 * @param serviceId this deployment's own
 */
export async function fetchToken(tools: Tools, act: Act, serviceId: string, request: FetchRequest): Promise<Fetched> {
  const until = await tools.sources.blockedUntil(act.source, act.now);
  if (until !== null) return { verdict: 'too-many', until };
  const fetched = await tools.store.transaction((tables) => judged(tools, tables, act, serviceId, request));
  if (fetched.verdict === 'refused')
    await tools.sources.failed(act.source, `token ${request.userId}`, tools.policy.source, act.now);
  return fetched;
}

async function judged(
  tools: Tools,
  tables: Tables,
  act: Act,
  serviceId: string,
  request: FetchRequest,
): Promise<Fetched> {
  const named = await tables.tokenIssue.byUserId(request.userId);
  const accountId = named?.accountId ?? nobody;
  // Lock order: the account, then its issue.
  await (named ? tables.account.lock(accountId) : tables.account.find(accountId));
  const person = await tables.account.person(accountId);
  const open = await tables.tokenIssue.lockOpen(accountId);
  const issue = open !== null && open.id === named?.id ? open : null;
  const token = await tables.token.lock(issue?.tokenId ?? nobody);

  const marks = marksOf(tools, named?.id ?? nobody, request);
  const right = tools.secrets.sameMark(marks.activation, issue?.activation ?? marks.nonce);
  const sameApp = issue?.nonce === null || tools.secrets.sameMark(marks.nonce, issue?.nonce ?? marks.activation);
  const cause = causeOf({ tools, act, named, issue, person, service: request.serviceId === serviceId, sameApp, right });
  const about = {
    companyId: person?.account.companyId ?? null,
    accountId: named?.accountId ?? null,
    actor: { kind: 'stranger', id: null } as const,
  };

  if (cause !== null || !issue || !token) {
    const misses = (issue?.misses ?? 0) + 1;
    const counted = cause === 'password' ? issue : null;
    const ended = counted !== null && misses >= tools.policy.issue.tries ? counted : null;
    await tables.tokenIssue.missed(counted?.id ?? nobody, misses);
    await tables.tokenIssue.end(ended?.id ?? nobody, act.now, 'void');
    await tables.token.retire(ended?.tokenId ?? nobody, act.now);
    await writeRecord(tables, act, {
      ...about,
      event: ended ? 'token.issue-ended' : 'token.activation-missed',
      data: {
        issue: named?.id ?? null,
        ...(ended ? { token: ended.tokenId, kind: ended.kind, why: 'void' } : { why: cause }),
        ...(counted ? { misses } : {}),
      },
    });
    return { verdict: 'refused' };
  }

  const fetchedAt = issue.fetchedAt ?? act.now;
  await tables.tokenIssue.fetched(issue.id, marks.nonce, fetchedAt);
  await writeRecord(tables, act, {
    ...about,
    event: 'token.fetched',
    data: { issue: issue.id, token: token.id, again: issue.fetchedAt !== null },
  });
  return {
    verdict: 'fetched',
    secret: tools.secrets.base32(tools.secrets.openTokenSecret(token.secret, token.id)),
    algorithm: token.algorithm,
    digits: token.digits,
    period: token.period,
    userId: request.userId,
    expiresAt: issue.expiresAt,
    againUntil: Math.min(fetchedAt + tools.policy.issue.fetchAgain, issue.expiresAt),
  };
}

const marksOf = (tools: Tools, issueId: string, { digits, nonce }: FetchRequest) => ({
  activation: tools.secrets.mark('activation', `${issueId} ${digits}`),
  nonce: tools.secrets.mark('nonce', `${issueId} ${nonce}`),
});

/** Why nothing is handed out; null: it is. Only a wrong password for an issue that could still be fetched is a miss. */
function causeOf(facts: {
  readonly tools: Tools;
  readonly act: Act;
  readonly named: IssueRow | null;
  readonly issue: IssueRow | null;
  readonly person: Person | null;
  readonly service: boolean;
  readonly sameApp: boolean;
  readonly right: boolean;
}): Cause | null {
  const { tools, act, named, issue, person } = facts;
  if (!named || !person) return 'user-id';
  if (!issue) return 'ended';
  if (hasLapsed(issue, act.now)) return 'lapsed';
  const { account, company } = person;
  if (account.deletedAt !== null || account.stoppedAt !== null || company.suspendedAt !== null) return 'person';
  if (!facts.service) return 'service-id';
  if (!facts.sameApp) return 'other-app';
  if (issue.fetchedAt !== null && act.now >= issue.fetchedAt + tools.policy.issue.fetchAgain) return 'late';
  return facts.right ? null : 'password';
}
