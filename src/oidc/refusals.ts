// What a portal is told when it asked for no page (prompt=none) and one would be needed, or when a finished sign-in lacks
// what it demanded: the OpenID Connect error of the step that is missing.
import { errors } from 'oidc-provider';
import { japanIso } from '../rules/japan-time.ts';
import type { PageSlug, RefusalWord, Step } from '../rules/sign-in.ts';

type ErrorName =
  | 'login_required'
  | 'interaction_required'
  | 'consent_required'
  | 'access_denied'
  | 'invalid_request'
  | 'invalid_scope'
  | 'unmet_authentication_requirements';

const pages = {
  'select-account': 'login_required',
  'choose-route': 'login_required',
  'first-link': 'login_required',
  'direct': 'login_required',
  // Signing in again with a code gives what was asked.
  'otp': 'login_required',
  'setup-login-id': 'interaction_required',
  'setup-password': 'interaction_required',
  'setup-confirmation-password': 'interaction_required',
  'setup-email': 'interaction_required',
  'setup-email-code': 'interaction_required',
  'register-token': 'interaction_required',
  'choose-token-kind': 'interaction_required',
  'send-email-code': 'interaction_required',
  'issue-token': 'interaction_required',
  'issue-token-check': 'interaction_required',
  'issue-token-done': 'interaction_required',
  'activate-token': 'interaction_required',
  'authenticator-qr': 'interaction_required',
  'forced-change': 'interaction_required',
  'expired-password': 'interaction_required',
  'password-changed': 'interaction_required',
  'consent': 'consent_required',
  'approve': 'interaction_required',
} as const satisfies Record<PageSlug, ErrorName>;

const words = {
  'approval-gone': 'invalid_request',
  'no-permission': 'access_denied',
  'otp-unreachable': 'unmet_authentication_requirements',
  'start-over': 'login_required',
  'conflict': 'login_required',
  'account-stopped': 'login_required',
  'company-suspended': 'login_required',
  'closed': 'interaction_required',
  'otp-stopped': 'interaction_required',
  'link-taken': 'interaction_required',
  'link-limit': 'interaction_required',
  'company-mismatch': 'interaction_required',
  'not-planned': 'interaction_required',
} as const satisfies Record<RefusalWord, ErrorName>;

/** The error of a step that would show a page; never of `finish`. */
export function errorOf(step: Exclude<Step, { readonly to: 'finish' }>): ErrorName {
  if (step.to === 'page') return pages[step.slug];
  if (step.to === 'refuse') return words[step.word];
  return step.to === 'upstream' ? 'login_required' : 'interaction_required';
}

/** In words for the portal's developer; of a waiting time also its end, so that the portal asks again then (spec §3 row 11, §5). */
export function reasonOf(step: Exclude<Step, { readonly to: 'finish' }>): string {
  return step.to === 'waiting' ? `the end-user has to wait until ${japanIso(step.until)}` : askable;
}

export const askable = 'the end-user would have to be asked';

/** To throw: the library redirects it to the portal. */
export function portalError(name: ErrorName, description: string): errors.OIDCProviderError {
  return new errors.CustomOIDCProviderError(name, description);
}
