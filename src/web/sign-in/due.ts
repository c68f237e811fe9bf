// PWC001–003 and TKN001/TKN002: what is due before the sign-in may end.
import { ExpiredPasswordPage } from '../../../views/sign-in/expired-password.tsx';
import { ForcedChangePage } from '../../../views/sign-in/forced-change.tsx';
import { PasswordChangedPage } from '../../../views/sign-in/password-changed.tsx';
import { RegisterTokenPage, type RegisterTokenProps } from '../../../views/sign-in/register-token.tsx';
import { advanced } from '../../flows/sign-in/answer.ts';
import { acknowledgeChange, changeDuePassword } from '../../flows/sign-in/change-due-password.ts';
import { registerToken, skipRegistration } from '../../flows/sign-in/register-token.ts';
import { endLapsed, issueEndedBy } from '../../flows/token/end-issue.ts';
import { preferSoftware, resendCode } from '../../flows/token/prepare.ts';
import type { Person } from '../../flows/tools.ts';
import { graceEndsAt } from '../../rules/grace.ts';
import { earlierExpiry, passwordsDue, type WhichPassword } from '../../rules/password.ts';
import { isFromLetter } from '../../rules/reset-request.ts';
import { dueFactsOf, issueFactsOf } from '../../rules/sign-in-facts.ts';
import { kindsOffered } from '../../rules/token-issue.ts';
import type { Form } from '../form.ts';
import { sentCode } from '../issue-pages.ts';
import { tokenNotice } from '../token-notice.ts';
import { issueVisit } from './issue.ts';
import { rulesOf } from './set-up.ts';
import { personOf, type SignInPage, type Visit } from './visit.ts';

const dueOf = (visit: Visit) =>
  passwordsDue(dueFactsOf(visit.record, personOf(visit), visit.site.tools.policy), visit.act.now);

const change = (visit: Visit, form: Form) =>
  changeDuePassword(visit.site.tools, visit.act, visit.record, personOf(visit), {
    wanted: {
      login: form.text('change_password') === 'change',
      confirmation: form.text('change_confirmation_password') === 'change',
    },
    current: { login: form.text('password'), confirmation: form.text('confirmation_password') },
    candidate: { login: form.text('new_password'), confirmation: form.text('new_confirmation_password') },
    again: { login: form.text('new_password_again'), confirmation: form.text('new_confirmation_password_again') },
  });

export const forcedChangePage: SignInPage = {
  show(visit) {
    const { account, login } = personOf(visit);
    return ForcedChangePage({
      ...visit.attempt,
      due: dueOf(visit).must,
      rules: rulesOf(visit.site.tools.policy),
      byPost: isFromLetter(account, login),
    });
  },
  acts: { '': change },
};

export const expiredPasswordPage: SignInPage = {
  show(visit) {
    const due = dueOf(visit);
    const { login, confirmation } = personOf(visit);
    const expired = due.must.map((which) => (which === 'login' ? login.expiresAt : (confirmation?.expiresAt ?? null)));
    const how = (which: WhichPassword) => (due.must.includes(which) ? 'must' : due.may.includes(which) ? 'may' : 'not');
    return ExpiredPasswordPage({
      ...visit.attempt,
      login: how('login'),
      confirmation: how('confirmation'),
      expiredAt: expired.reduce(earlierExpiry, null) ?? visit.act.now,
      changeLogin: chosen(visit.form?.text('change_password')),
      changeConfirmation: chosen(visit.form?.text('change_confirmation_password')),
      rules: rulesOf(visit.site.tools.policy),
    });
  },
  acts: { '': change },
};

const chosen = (typed: string | undefined): 'change' | 'keep' | null =>
  typed === 'change' || typed === 'keep' ? typed : null;

export const passwordChangedPage: SignInPage = {
  show(visit) {
    const { account, login, confirmation } = personOf(visit);
    return PasswordChangedPage({
      ...visit.attempt,
      loginId: account.loginName,
      changed: visit.record.passwordResult?.changed ?? [],
      expires: earlierExpiry(login.expiresAt, confirmation?.expiresAt ?? null),
    });
  },
  acts: {
    '': async (visit) => {
      await acknowledgeChange(visit.site.tools, visit.act, visit.record);
      return advanced;
    },
  },
};

/** How far the company's first tokens are; nothing is known here of one that replaces another. */
function shippingOf({ company, hadToken }: Person): RegisterTokenProps['shipping'] {
  const { otpAppliedAt, tokenArrivedAt } = company;
  if (hadToken) return null;
  if (tokenArrivedAt !== null) return { state: 'arrived', at: tokenArrivedAt };
  return otpAppliedAt === null ? null : { state: 'ordered', at: otpAppliedAt };
}

export const registerTokenPage: SignInPage = {
  async show(visit) {
    const person = personOf(visit);
    const { company } = person;
    const notice = tokenNotice(person, visit.site.tools.policy.grace, visit.act.now);
    const issue = issueVisit(visit);
    const { tools } = visit.site;
    await endLapsed(tools, visit.act, issue.front);
    const ended = await issueEndedBy(tools, visit.act, issue.front);
    const offered = kindsOffered(issueFactsOf(visit.record.issue, person, tools.policy, visit.act.now));
    return RegisterTokenPage({
      ...visit.attempt,
      banners: [
        ...visit.attempt.banners,
        ...(notice ? [notice] : []),
        ...(ended === null ? [] : [{ key: `issue.${ended}` } as const]),
      ],
      skippable: visit.look.facts.registration === 'skippable',
      limit: graceEndsAt(company, visit.site.tools.policy.grace),
      serial: visit.form?.text('serial') ?? '',
      code: person.account.tokenLostAt === null ? null : await sentCode(issue),
      software: offered.length > 1,
      shipping: shippingOf(person),
      inSetup: visit.record.log.some((entry) => entry.row === '13'),
    });
  },
  acts: {
    '': (visit, form) =>
      registerToken(visit.site.tools, visit.act, visit.record, personOf(visit), {
        serial: form.text('serial'),
        otp: form.text('otp'),
        emailCode: form.text('email_code'),
      }),
    'software': (visit) => preferSoftware(visit.site.tools, visit.act, issueVisit(visit).front),
    'resend': (visit) => resendCode(visit.site.tools, visit.act, issueVisit(visit).front),
    'skip_registration': async (visit) => {
      if (visit.look.facts.registration === 'skippable')
        await skipRegistration(visit.site.tools, visit.act, visit.record);
      return advanced;
    },
  },
};
