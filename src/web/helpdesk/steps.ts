// HDK004's pages: the code, and at the first sign-in an own password and an authenticator before it. Each shows its step and acts
// on it; which one is due is looked up, never posted.
import type { VNode } from 'preact';
import type { FormError } from '../../../views/messages/errors.ts';
import type { Frame } from '../../../views/parts/frame.ts';
import { OperatorPasswordPage } from '../../../views/helpdesk/first-password.tsx';
import { OperatorTokenPage } from '../../../views/helpdesk/first-token.tsx';
import { OperatorCodePage } from '../../../views/helpdesk/step.tsx';
import type { OperatorRow } from '../../flows/operator/actor.ts';
import { lookAgain, type OperatorAnswer } from '../../flows/operator/advance.ts';
import { chooseOperatorPassword } from '../../flows/operator/choose-password.ts';
import type { OpenAttempt } from '../../flows/operator/look.ts';
import {
  registerOperatorToken,
  restartOperatorToken,
  takeOperatorSecret,
} from '../../flows/operator/register-token.ts';
import { proveOperatorOtp } from '../../flows/operator/sign-in.ts';
import type { Act } from '../../flows/tools.ts';
import { authenticatorAddress } from '../../rules/authenticator-address.ts';
import type { OperatorStep } from '../../rules/operator.ts';
import type { Form } from '../form.ts';
import type { Site } from '../site.ts';

export interface StepVisit {
  readonly site: Site;
  readonly act: Act;
  readonly operator: OperatorRow;
  readonly attempt: OpenAttempt;
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  /** The page is looked at by somebody who reads it (no HEAD, no post): what is shown once may be shown. */
  readonly read: boolean;
}

export interface StepPage {
  readonly path: string;
  show(visit: StepVisit): Promise<VNode>;
  act(visit: StepVisit, form: Form): Promise<OperatorAnswer>;
}

export type PageStep = Extract<OperatorStep, 'otp' | 'new-password' | 'token'>;

const shared = ({ frame, errors, operator, attempt }: StepVisit) => ({
  frame,
  errors,
  name: operator.name,
  loginId: operator.loginName,
  until: attempt.expiresAt,
});

export const stepPages: Readonly<Record<PageStep, StepPage>> = {
  'otp': {
    path: '/helpdesk/sign-in/otp',
    show: async (visit) => OperatorCodePage(shared(visit)),
    act: ({ site, act, attempt }, form) => proveOperatorOtp(site.tools, act, attempt, form.text('otp')),
  },

  'new-password': {
    path: '/helpdesk/sign-in/password',
    show: async (visit) => OperatorPasswordPage({ ...shared(visit), rules: visit.site.tools.policy.password }),
    act: ({ site, act, attempt, operator }, form) =>
      chooseOperatorPassword(site.tools, act, attempt, operator, {
        candidate: form.text('new_password'),
        again: form.text('new_password_again'),
      }),
  },

  'token': {
    path: '/helpdesk/sign-in/token',
    async show(visit) {
      const { site, act, attempt, operator } = visit;
      const key = visit.read ? await takeOperatorSecret(site.tools, attempt) : null;
      const { digits, period } = site.tools.policy.otp;
      const names = { issuer: site.brand.web[act.language], account: operator.loginName };
      const address = key && authenticatorAddress({ key, digits, period: period / 1000 }, names);
      return OperatorTokenPage({
        ...shared(visit),
        secret: key === null || address === null ? null : { key, address },
      });
    },
    async act({ site, act, attempt }, form) {
      if (form.text('action') !== 'restart_issue')
        return registerOperatorToken(site.tools, act, attempt, form.text('otp'));
      await restartOperatorToken(site.tools, attempt);
      return lookAgain;
    },
  },
};
