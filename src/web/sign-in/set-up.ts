// SET001–005: the first-time setup, one screen a fact.
import { SetupConfirmationPasswordPage } from '../../../views/sign-in/setup-confirmation-password.tsx';
import { SetupEmailCodePage } from '../../../views/sign-in/setup-email-code.tsx';
import { SetupEmailPage } from '../../../views/sign-in/setup-email.tsx';
import { SetupLoginIdPage } from '../../../views/sign-in/setup-login-id.tsx';
import { SetupPasswordPage } from '../../../views/sign-in/setup-password.tsx';
import { advanced } from '../../flows/sign-in/answer.ts';
import { changeEmail, checkEmailCode, sendEmailCode } from '../../flows/sign-in/prove-email.ts';
import { chooseConfirmationPassword, chooseLoginId, choosePassword } from '../../flows/sign-in/set-up.ts';
import type { Policy } from '../../rules/policy.ts';
import { personOf, type SignInPage } from './visit.ts';

export const rulesOf = ({ password }: Policy) => ({
  min: password.min,
  max: password.max,
  printable: password.printable,
  history: password.history,
});

export const loginIdPage: SignInPage = {
  show: ({ attempt, site, form }) =>
    SetupLoginIdPage({ ...attempt, ...site.tools.policy.loginId, newLoginId: form?.text('new_login_id') ?? '' }),
  acts: {
    '': (visit, form) =>
      chooseLoginId(visit.site.tools, visit.act, visit.record, personOf(visit), form.text('new_login_id')),
  },
};

export const passwordPage: SignInPage = {
  show(visit) {
    const { loginNameReserved, loginName } = personOf(visit).account;
    return SetupPasswordPage({
      ...visit.attempt,
      loginId: loginNameReserved ?? loginName,
      rules: rulesOf(visit.site.tools.policy),
    });
  },
  acts: {
    '': (visit, form) =>
      choosePassword(visit.site.tools, visit.act, visit.record, personOf(visit), {
        candidate: form.text('new_password'),
        again: form.text('new_password_again'),
      }),
  },
};

export const confirmationPasswordPage: SignInPage = {
  show: (visit) =>
    SetupConfirmationPasswordPage({
      ...visit.attempt,
      loginId: personOf(visit).account.loginName,
      rules: rulesOf(visit.site.tools.policy),
    }),
  acts: {
    '': (visit, form) =>
      chooseConfirmationPassword(visit.site.tools, visit.act, visit.record, personOf(visit), {
        candidate: form.text('new_confirmation_password'),
        again: form.text('new_confirmation_password_again'),
      }),
  },
};

export const emailPage: SignInPage = {
  show(visit) {
    const { account } = personOf(visit);
    return SetupEmailPage({
      ...visit.attempt,
      loginId: account.loginName,
      email: visit.form?.text('email') ?? account.email ?? '',
    });
  },
  acts: {
    '': (visit, form) => sendEmailCode(visit.site.tools, visit.act, visit.record, personOf(visit), form.text('email')),
  },
};

export const emailCodePage: SignInPage = {
  async show(visit) {
    const { tools } = visit.site;
    const sent = await tools.emailCodes.sent(personOf(visit).account.id, 'setup');
    const resendAt = sent ? sent.sentAt + tools.policy.emailCode.resendAfter : visit.act.now;
    return SetupEmailCodePage({
      ...visit.attempt,
      // Just typed by its owner: shown in full (screens.md §3, row 14).
      sent: {
        masked: visit.record.emailPending ?? '',
        sentAt: sent?.sentAt ?? visit.act.now,
        until: sent?.until ?? visit.act.now,
      },
      resendAt: resendAt > visit.act.now ? resendAt : null,
    });
  },
  acts: {
    '': (visit, form) =>
      checkEmailCode(visit.site.tools, visit.act, visit.record, personOf(visit), form.text('email_code')),
    'resend': (visit) =>
      sendEmailCode(visit.site.tools, visit.act, visit.record, personOf(visit), visit.record.emailPending ?? ''),
    'change_email': async (visit) => {
      await changeEmail(visit.site.tools, visit.act, visit.record);
      return advanced;
    },
  },
};
