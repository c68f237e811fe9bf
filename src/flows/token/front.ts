// Where an issue is carried on: inside an attempt to sign in, or in the console of somebody who is signed in. Its flows are the
// same for both; only where the progress is kept and who is spared by the change differ.
import { prove } from '../sign-in/prove.ts';
import type { LoginRecord } from '../../rules/login.ts';
import { issueFactsOf, stampOf } from '../../rules/sign-in-facts.ts';
import type { Route, SignInRecord } from '../../rules/sign-in-record.ts';
import type { Stamp } from '../../rules/standing.ts';
import { noProgress, registrationPage, type IssueProgress, type RegistrationSlug } from '../../rules/token-issue.ts';
import type { Person } from '../../store/account.ts';
import type { Act, Tools } from '../tools.ts';

export interface IssueFront {
  readonly person: Person;
  readonly route: Route | null;
  /** Who acts, and the epoch it holds: asked again in every transaction, and spared when the account's epoch rises. */
  readonly stamp: Stamp | null;
  /** The login that goes on when the others end; null: none. */
  readonly login: string | null;
  /** Null: nothing was chosen or entered yet. */
  readonly progress: IssueProgress | null;
  /** Writes on from the newest progress. */
  keep(change: (progress: IssueProgress) => IssueProgress): Promise<void>;
}

/** The draft of a login that holds its progress. */
export const issueDraft = 'token-issue';

/** The front of a sign-in: progress lives in the attempt's record. */
export function attemptFront(tools: Tools, act: Act, record: SignInRecord, person: Person): IssueFront {
  const stamp = stampOf(record);
  const here = (progress: IssueProgress | null) => issueFactsOf(progress, person, tools.policy, act.now).progress;
  return {
    person,
    route: record.route,
    stamp,
    login: record.inherited && stamp ? stamp.id : null,
    progress: here(record.issue),
    async keep(change) {
      await prove(tools, act, record, '14', (newest) => ({ issue: change(here(newest.issue) ?? noProgress) }));
    },
  };
}

/** The front of a console: progress lives in a draft of the login, and ends with it. */
export async function consoleFront(
  tools: Tools,
  act: Act,
  { person, login }: { readonly person: Person; readonly login: LoginRecord },
): Promise<IssueFront> {
  const { consoleDrafts, policy } = tools;
  const newest = async () =>
    issueFactsOf(await consoleDrafts.find<IssueProgress>(login.id, issueDraft), person, policy, act.now).progress;
  return {
    person,
    route: login.route,
    stamp: { id: login.id, epoch: login.epoch },
    login: login.id,
    progress: await newest(),
    async keep(change) {
      const until = Math.min(act.now + policy.attempt.setup, login.expiresAt);
      await consoleDrafts.keep(login.id, issueDraft, change((await newest()) ?? noProgress), until);
    },
  };
}

/** The page on which the issue goes on now. Every flow asks it again: a page that was skipped is not left by its post. */
export function issuePage(tools: Tools, act: Act, { progress, person }: IssueFront): RegistrationSlug {
  return registrationPage(issueFactsOf(progress, person, tools.policy, act.now));
}
