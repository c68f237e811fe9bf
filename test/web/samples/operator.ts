// Samples of the operators' sign-in and of the desk's first page.
import { OperatorPasswordPage } from '../../../views/helpdesk/first-password.tsx';
import { OperatorTokenPage } from '../../../views/helpdesk/first-token.tsx';
import { HelpdeskHomePage } from '../../../views/helpdesk/home.tsx';
import { OperatorSignInPage } from '../../../views/helpdesk/sign-in.tsx';
import { OperatorCodePage, type OperatorStepProps } from '../../../views/helpdesk/step.tsx';
import { OperatorStoppedPage } from '../../../views/helpdesk/stopped.tsx';
import type { Language } from '../../../views/parts/format.ts';
import type { Frame } from '../../../views/parts/frame.ts';
import { brand, frameIn, minutes, now, sample, type Sample } from './frame.ts';

/** A page of the desk, before anybody is signed in there. */
export const outsideDesk = (language: Language, more: Partial<Frame> = {}): Frame =>
  frameIn(language, { helpdesk: true, address: '/helpdesk/sign-in', path: '/helpdesk/sign-in', ...more });

/** A page of the desk, with a supervisor who is signed in. */
export const atDesk = (language: Language, more: Partial<Frame> = {}): Frame =>
  outsideDesk(language, {
    address: '/helpdesk',
    path: '/helpdesk',
    signedIn: { name: '責川 任三郎', company: brand.desk[language], until: now + minutes(15), role: 'supervisor' },
    ...more,
  });

const step = (language: Language, more: Partial<OperatorStepProps> = {}): OperatorStepProps => ({
  frame: outsideDesk(language),
  errors: [],
  name: '新宮 仁',
  loginId: 'shinjin01',
  until: now + minutes(30),
  ...more,
});

const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

export const operatorSamples: readonly Sample[] = [
  sample('operator-sign-in', 'HDK003', (l) =>
    OperatorSignInPage({ frame: outsideDesk(l), errors: [], banners: [{ key: 'operator.signed-out' }], loginId: '' }),
  ),
  sample('operator-mismatch', 'HDK003', (l) =>
    OperatorSignInPage({
      frame: outsideDesk(l, { reference: '7K3F-92QD' }),
      errors: [{ field: null, key: 'operator.mismatch' }],
      banners: [],
      loginId: 'tantou01',
    }),
  ),
  sample('operator-code', 'HDK004', (l) => OperatorCodePage(step(l))),
  sample('operator-code-wrong', 'HDK004', (l) =>
    OperatorCodePage(
      step(l, {
        frame: outsideDesk(l, { reference: '7K3F-92QD' }),
        errors: [{ field: 'otp', key: 'otp.wrong', values: { n: 3 } }],
      }),
    ),
  ),
  sample('operator-password', 'HDK004', (l) =>
    OperatorPasswordPage({ ...step(l), rules: { min: 8, max: 12, printable: false, history: 3 } }),
  ),
  sample('operator-password-printable', 'HDK004', (l) =>
    OperatorPasswordPage({
      ...step(l, {
        frame: outsideDesk(l, { reference: '7K3F-92QD' }),
        errors: [{ field: 'new_password', key: 'password.sameissued' }],
      }),
      rules: { min: 8, max: 128, printable: true, history: 3 },
    }),
  ),
  sample('operator-token', 'HDK004', (l) =>
    OperatorTokenPage({
      ...step(l),
      secret: { key, address: `otpauth://totp/Renkei:shinjin01?secret=${key}&issuer=Renkei&period=60` },
    }),
  ),
  sample('operator-token-shown', 'HDK004', (l) => OperatorTokenPage({ ...step(l), secret: null })),
  sample('operator-stopped', 'HDK004', (l) =>
    OperatorStoppedPage({ frame: outsideDesk(l, { reference: '7K3F-92QD' }) }),
  ),
  sample(
    'helpdesk',
    'HDK001',
    (l) =>
      HelpdeskHomePage({
        frame: atDesk(l),
        counts: { arrivals: 12, due: 3, expiring: 1200, alarms: 0 },
        imports: l === 'ja',
      }),
    0,
  ),
];
