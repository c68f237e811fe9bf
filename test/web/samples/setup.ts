// Samples of first-time setup and of a due password.
import { ExpiredPasswordPage } from '../../../views/sign-in/expired-password.tsx';
import { ForcedChangePage } from '../../../views/sign-in/forced-change.tsx';
import { PasswordChangedPage } from '../../../views/sign-in/password-changed.tsx';
import { SetupConfirmationPasswordPage } from '../../../views/sign-in/setup-confirmation-password.tsx';
import { SetupEmailCodePage } from '../../../views/sign-in/setup-email-code.tsx';
import { SetupEmailPage } from '../../../views/sign-in/setup-email.tsx';
import { SetupLoginIdPage } from '../../../views/sign-in/setup-login-id.tsx';
import { SetupPasswordPage } from '../../../views/sign-in/setup-password.tsx';
import { attemptIn, days, failed, minutes, now, sample, type Sample } from './frame.ts';

const rules = { min: 8, max: 12, printable: false, history: 3 };
const loginId = 'msuzuki14';

export const setupSamples: readonly Sample[] = [
  sample('setup-login-id', 'SET001', (l) =>
    SetupLoginIdPage({
      ...attemptIn(l, {
        frame: failed(l),
        banners: [{ key: 'setup.resumed' }],
        errors: [{ field: 'new_login_id', key: 'id.length', values: { min: 6, max: 12 } }],
      }),
      min: 6,
      max: 12,
      newLoginId: 'abc',
    }),
  ),
  sample('setup-password', 'SET002', (l) =>
    SetupPasswordPage({
      ...attemptIn(l, { banners: [{ key: 'setup.idset', values: { login_id: loginId } }] }),
      loginId,
      rules,
    }),
  ),
  sample('setup-confirmation-password', 'SET003', (l) =>
    SetupConfirmationPasswordPage({
      ...attemptIn(l, {
        frame: failed(l),
        errors: [
          { field: 'new_confirmation_password', key: 'password.length', values: { min: 8, max: 12 } },
          { field: 'new_confirmation_password_again', key: 'password.again' },
        ],
      }),
      loginId,
      rules: { ...rules, max: 128, printable: true },
    }),
  ),
  sample('setup-email', 'SET004', (l) =>
    SetupEmailPage({ ...attemptIn(l), loginId, email: 'misaki@minato.example.co.jp' }),
  ),
  sample('setup-email-code', 'SET005', (l) =>
    SetupEmailCodePage({
      ...attemptIn(l, {
        frame: failed(l),
        errors: [{ field: 'email_code', key: 'emailcode.wrong', values: { n: 4 } }],
      }),
      sent: { masked: 'misaki@minato.example.co.jp', sentAt: now, until: now + minutes(10) },
      resendAt: now + minutes(1),
    }),
  ),
  sample('forced-change', 'PWC001', (l) =>
    ForcedChangePage({
      ...attemptIn(l, {
        frame: failed(l),
        errors: [{ field: 'password', key: 'password.current', values: { n: 4 } }],
      }),
      due: ['login', 'confirmation'],
      rules,
    }),
  ),
  sample('expired-password', 'PWC002', (l) =>
    ExpiredPasswordPage({
      ...attemptIn(l),
      login: 'must',
      confirmation: 'may',
      expiredAt: now - days(3),
      changeLogin: null,
      changeConfirmation: 'keep',
      rules,
    }),
  ),
  sample('password-changed', 'PWC003', (l) =>
    PasswordChangedPage({
      ...attemptIn(l, { frame: failed(l) }),
      loginId,
      changed: ['login', 'confirmation'],
      expires: now + days(90),
    }),
  ),
];
