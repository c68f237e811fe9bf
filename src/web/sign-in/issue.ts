// BOT001–BOT005, BOT011, BOT012 at a sign-in: the pages of an issue inside an attempt. The code that activates is its OTP.
import { advanced, type Answer } from '../../flows/sign-in/answer.ts';
import { proveActivation } from '../../flows/sign-in/prove-activation.ts';
import { endLapsed } from '../../flows/token/end-issue.ts';
import { attemptFront } from '../../flows/token/front.ts';
import type { RegistrationSlug } from '../../rules/token-issue.ts';
import { issuePages, type IssuePage, type IssueVisit } from '../issue-pages.ts';
import { registerTokenPage } from '../register-token.ts';
import { personOf, type SignInPage, type Visit } from './visit.ts';

/** The visit as the pages of an issue take it. */
export function issueVisit(visit: Visit): IssueVisit {
  const { site, act, record, form, attempt, ctx } = visit;
  return {
    site,
    act,
    front: attemptFront(site.tools, act, record, personOf(visit)),
    form,
    shell: { at: 'sign-in', ...attempt },
    unread: ctx.method === 'HEAD',
    skippable: visit.look.facts.registration === 'skippable',
    inSetup: record.log.some((entry) => entry.row === '13'),
  };
}

/** What an act of such a page is to the dispatcher. */
async function answerOf(visit: Visit, acted: ReturnType<IssuePage['acts'][string]>): Promise<Answer> {
  const answer = await acted;
  if (!('verdict' in answer)) return answer;
  if (answer.verdict === 'refused') return answer.answer;
  if (answer.verdict === 'activated') await proveActivation(visit.site.tools, visit.act, visit.record, answer.proof);
  return advanced;
}

function pageOf(page: IssuePage): SignInPage {
  return {
    async show(visit) {
      const asked = issueVisit(visit);
      await endLapsed(visit.site.tools, visit.act, asked.front);
      return page.show(asked);
    },
    acts: Object.fromEntries(
      Object.entries(page.acts).map(([action, verb]) => [
        action,
        (visit: Visit, form: NonNullable<Visit['form']>) => answerOf(visit, verb(issueVisit(visit), form)),
      ]),
    ),
  };
}

export const signInFobPage: SignInPage = pageOf(registerTokenPage);

export const signInIssuePages: Readonly<Record<Exclude<RegistrationSlug, 'register-token'>, SignInPage>> = {
  'choose-token-kind': pageOf(issuePages['choose-token-kind']),
  'send-email-code': pageOf(issuePages['send-email-code']),
  'issue-token': pageOf(issuePages['issue-token']),
  'issue-token-check': pageOf(issuePages['issue-token-check']),
  'issue-token-done': pageOf(issuePages['issue-token-done']),
  'activate-token': pageOf(issuePages['activate-token']),
  'authenticator-qr': pageOf(issuePages['authenticator-qr']),
};
