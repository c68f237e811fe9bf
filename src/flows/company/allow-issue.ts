// トークン発行の許可 (CON063): somebody changed a person's password and address, so no token is issued until time has passed, or
// somebody who did neither allows it (spec §2, takeover guard). Never for oneself.
import type { AuditActor } from '../../rules/audit-event.ts';
import { allows, type Proof } from '../../rules/permission.ts';
import { byPost } from '../../rules/reset-request.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import { issueGuardUntil } from '../../rules/takeover.ts';
import type { AccountRow, Person } from '../../store/account.ts';
import type { Finished } from '../../store/console-activity.ts';
import type { Tables } from '../../store/store.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { oweMail, type MailActor } from '../mail.ts';
import { actorOf, proofOf, proveAct, targetOf, type ProvenAct, type TypedProof } from '../prove-act.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { stillMay, type Administrator } from './release-people.ts';

/** Who changed what proves the account: a colleague by name, or the bank. */
export interface Changer {
  readonly by: 'colleague' | 'desk';
  readonly name: string;
  readonly at: Instant;
}

export interface GuardedIssue {
  readonly person: Person;
  readonly until: Instant;
  readonly password: Changer;
  readonly email: Changer;
  /** `changed`: the one who looks made one of the changes; `self`: looks at oneself. */
  readonly verdict: 'may' | 'changed' | 'self' | 'not-allowed';
  readonly proof: Proof;
}

type Guarded = Pick<
  AccountRow,
  'emailByOtherAt' | 'emailByOther' | 'passwordByOtherAt' | 'passwordByOther' | 'issueAllowedAt'
>;

/** Neither change was made by this account. */
const didNeither = ({ emailByOther, passwordByOther }: Guarded, id: string): boolean =>
  emailByOther !== id && passwordByOther !== id;

/** What stands for the guard: when it differs from what a page showed, nothing is done. */
export const seenGuard = ({ emailByOtherAt, emailByOther, passwordByOtherAt, passwordByOther }: Guarded): string =>
  JSON.stringify([emailByOtherAt, emailByOther, passwordByOtherAt, passwordByOther]);

/** The guard that holds up a colleague's token; null when none stands. The person is of the viewer's company. */
export async function guardOf(tools: Tools, act: Act, viewer: Person, person: Person): Promise<GuardedIssue | null> {
  const { account } = person;
  const until = issueGuardUntil(account, tools.policy.takeover, act.now);
  if (until === null) return null;
  const changer = async (by: string | null, at: Instant | null): Promise<Changer> => {
    const row = by === null || by === byPost ? null : await tools.store.account.find(by);
    const own = row !== null && row.companyId === account.companyId;
    return { by: own ? 'colleague' : 'desk', name: own ? row.name : '', at: at ?? 0 };
  };
  return {
    person,
    until,
    password: await changer(account.passwordByOther, account.passwordByOtherAt),
    email: await changer(account.emailByOther, account.emailByOtherAt),
    verdict: verdictOf(tools, viewer, person),
    proof: proofOf(tools, act, viewer, 'allow-issue', targetOf(person)),
  };
}

function verdictOf({ policy }: Tools, viewer: Person, person: Person): GuardedIssue['verdict'] {
  if (viewer.account.id === person.account.id) return 'self';
  if (!allows(actorOf(viewer), 'allow-issue', targetOf(person), policy)) return 'not-allowed';
  return didNeither(person.account, viewer.account.id) ? 'may' : 'changed';
}

export interface IssueAllowed extends Finished {
  readonly accountId: string;
  readonly name: string;
  readonly loginName: string;
}

type NotProven = Exclude<ProvenAct, { readonly verdict: 'proven' }>;

export type AllowedIssue =
  | Worked<NotProven | { readonly verdict: 'stale' }, IssueAllowed>
  | { readonly verdict: 'busy' };

/**
 * Allows it once for the page that `key` names.
 * @param seen what the page showed (`seenGuard`)
 */
export async function allowIssue(
  tools: Tools,
  act: Act,
  by: Administrator,
  asked: { readonly key: string; readonly guarded: GuardedIssue; readonly seen: string },
  typed: TypedProof,
): Promise<AllowedIssue> {
  const { person, proof } = asked.guarded;
  const { id, name, loginName } = person.account;
  type Work = Worked<NotProven | { readonly verdict: 'stale' }, IssueAllowed>;
  return actOnce(tools, act, by.login, asked.key, async (): Promise<Work> => {
    const proven = await proveAct(tools, act, by, { act: 'allow-issue', proof, about: { account: id } }, typed);
    if (proven.verdict !== 'proven') return { verdict: 'refused', refused: proven };
    const allowed = await tools.store.transaction(async (tables) => {
      await tables.company.lock(by.person.account.companyId);
      const account = await tables.account.lock(id);
      if (!(await stillMay(tools, tables, act, by, ['allow-issue'], account))) return false;
      if (seenGuard(account) !== asked.seen || !didNeither(account, by.person.account.id)) return false;
      return allowGuarded(tools, tables, act, account, {
        actor: { kind: 'account', id: by.person.account.id },
        by: 'admin',
      });
    });
    if (!allowed) return { verdict: 'refused', refused: { verdict: 'stale' } };
    return {
      verdict: 'finished',
      result: { at: act.now, reference: act.reference, accountId: id, name, loginName },
    };
  });
}

/** Lifts the guard of a locked account, in the caller's transaction; false when none stands. */
export async function allowGuarded(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  { actor, by }: { readonly actor: AuditActor; readonly by: MailActor },
): Promise<boolean> {
  const until = issueGuardUntil(account, tools.policy.takeover, act.now);
  if (until === null || account.deletedAt !== null) return false;
  await tables.account.change(account.id, { issueAllowedAt: act.now, issueAllowedBy: actor.id });
  await oweMail(tools, tables, act, account, 'issue-allowed', {}, by);
  await writeRecord(tables, act, {
    event: 'token.issue-allowed',
    companyId: account.companyId,
    accountId: account.id,
    actor,
    data: {
      guardedUntil: until,
      passwordBy: account.passwordByOther,
      passwordAt: account.passwordByOtherAt,
      emailBy: account.emailByOther,
      emailAt: account.emailByOtherAt,
    },
  });
  return true;
}
