// Every page of the sign-in table by its slug, and the asides that a page may open. The one register of sign-in screens.
import type { PageSlug } from '../../rules/sign-in.ts';
import { approvePage } from './approve.ts';
import { chooseRoutePage, consentPage, forgotPage, noIdPage, selectAccountPage } from './choose.ts';
import { directPage, firstLinkPage } from './credentials.ts';
import { expiredPasswordPage, forcedChangePage, passwordChangedPage, registerTokenPage } from './due.ts';
import { signInIssuePages } from './issue.ts';
import { otpHelpPage, otpPage, otpResyncPage } from './otp.ts';
import { confirmationPasswordPage, emailCodePage, emailPage, loginIdPage, passwordPage } from './set-up.ts';
import type { SignInPage } from './visit.ts';

export const signInPages = {
  'select-account': selectAccountPage,
  'choose-route': chooseRoutePage,
  'first-link': firstLinkPage,
  'direct': directPage,
  'otp': otpPage,
  'setup-login-id': loginIdPage,
  'setup-password': passwordPage,
  'setup-confirmation-password': confirmationPasswordPage,
  'setup-email': emailPage,
  'setup-email-code': emailCodePage,
  'register-token': registerTokenPage,
  ...signInIssuePages,
  'forced-change': forcedChangePage,
  'expired-password': expiredPasswordPage,
  'password-changed': passwordChangedPage,
  'consent': consentPage,
  'approve': approvePage,
} as const satisfies Readonly<Record<PageSlug, SignInPage>>;

/** Pages beside a step, with the steps from which they may be opened. */
export const asides: Readonly<Record<string, { readonly page: SignInPage; readonly of: readonly PageSlug[] }>> = {
  'no-id': { page: noIdPage, of: ['choose-route', 'first-link'] },
  'forgot': { page: forgotPage, of: ['direct', 'first-link'] },
  'otp-help': { page: otpHelpPage, of: ['otp', 'approve'] },
  'otp-resync': { page: otpResyncPage, of: ['otp', 'approve'] },
};
