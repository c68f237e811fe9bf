// PWC001–003 and TKN001/TKN002: what is due before the sign-in may end.
import { ExpiredPasswordPage } from '../../../views/sign-in/expired-password.tsx';
import { ForcedChangePage } from '../../../views/sign-in/forced-change.tsx';
import { PasswordChangedPage } from '../../../views/sign-in/password-changed.tsx';
import { advanced } from '../../flows/sign-in/answer.ts';
import { acknowledgeChange, changeDuePassword } from '../../flows/sign-in/change-due-password.ts';
import { registerToken, skipRegistration } from '../../flows/sign-in/register-token.ts';
import { earlierExpiry, passwordsDue, type WhichPassword } from '../../rules/password.ts';
import { isFromLetter } from '../../rules/reset-request.ts';
import { dueFactsOf } from '../../rules/sign-in-facts.ts';
import type { Form } from '../form.ts';
import { typedFob } from '../register-token.ts';
import { signInFobPage as fob } from './issue.ts';
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

/** The registration's own page, with 省略 beside it: an act of the attempt alone. */
export const registerTokenPage: SignInPage = {
  ...fob,
  acts: {
    ...fob.acts,
    '': (visit, form) => registerToken(visit.site.tools, visit.act, visit.record, personOf(visit), typedFob(form)),
    'skip_registration': async (visit) => {
      if (visit.look.facts.registration === 'skippable')
        await skipRegistration(visit.site.tools, visit.act, visit.record);
      return advanced;
    },
  },
};
