// Samples of changing one's own passwords and e-mail address.
import { OwnEmailCodePage } from '../../../views/self-service/email-code.tsx';
import { OwnEmailResultPage } from '../../../views/self-service/email-result.tsx';
import { OwnEmailPage } from '../../../views/self-service/email.tsx';
import { OwnPasswordResultPage } from '../../../views/self-service/password-result.tsx';
import { OwnPasswordPage } from '../../../views/self-service/password.tsx';
import { days, minutes, now, sample, signedIn, type Sample } from './frame.ts';

const rules = { min: 8, max: 12, printable: false, history: 3 };
const reference = '7K3F-92QD';
const edit = 'a-value-of-the-page';
const address = 'misaki@minato.example.co.jp';

export const ownPasswordSamples: readonly Sample[] = [
  sample('own-password', 'SLF010', (l) =>
    OwnPasswordPage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      login: { expires: now + days(20), chosen: 'keep' },
      confirmation: { expires: now + days(80), chosen: 'keep' },
      rules,
      ask: 'admin',
      edit,
    }),
  ),
  sample('own-password-wrong', 'SLF010', (l) =>
    OwnPasswordPage({
      frame: signedIn(l, { reference }),
      errors: [
        { field: 'password', key: 'password.current', values: { n: 3 } },
        { field: 'confirmation_password', key: 'confirm.locked', values: { until: now + minutes(30), ask: 'desk' } },
      ],
      banners: [],
      login: { expires: null, chosen: 'change' },
      confirmation: { expires: null, chosen: 'change' },
      rules: { ...rules, max: 128, printable: true },
      ask: 'desk',
      edit,
    }),
  ),
  sample('own-password-new', 'SLF010', (l) =>
    OwnPasswordPage({
      frame: signedIn(l, { reference }),
      errors: [
        { field: null, key: 'password.keepboth' },
        { field: 'new_password', key: 'password.length', values: { min: 8, max: 12 } },
        { field: 'new_password_again', key: 'password.again' },
        { field: 'new_confirmation_password', key: 'password.sameother' },
      ],
      banners: [],
      login: { expires: now + days(20), chosen: 'change' },
      confirmation: { expires: now + days(80), chosen: 'change' },
      rules,
      ask: 'admin',
      edit,
    }),
  ),
  sample('own-password-locked', 'SLF010', (l) =>
    OwnPasswordPage({
      frame: signedIn(l),
      errors: [],
      banners: [{ key: 'password.locked', values: { until: now + minutes(30), ask: 'admin' } }],
      login: null,
      confirmation: { expires: now + days(80), chosen: 'keep' },
      rules,
      ask: 'admin',
      edit,
    }),
  ),
  sample(
    'own-password-none',
    'SLF010',
    (l) =>
      OwnPasswordPage({
        frame: signedIn(l),
        errors: [],
        banners: [
          { key: 'password.stopped', values: { ask: 'admin' } },
          { key: 'confirm.stopped', values: { ask: 'admin' } },
        ],
        login: null,
        confirmation: null,
        rules,
        ask: 'admin',
        edit,
      }),
    0,
  ),
  sample('own-password-result', 'SLF011', (l) =>
    OwnPasswordResultPage({
      frame: signedIn(l, { reference }),
      changed: ['login'],
      loginId: 'msuzuki14',
      expires: now + days(80),
      mailPending: true,
      users: true,
    }),
  ),
  sample('own-password-result-plain', 'SLF011', (l) =>
    OwnPasswordResultPage({
      frame: signedIn(l, { reference }),
      changed: ['login', 'confirmation'],
      loginId: 'ywatanabe85',
      expires: null,
      mailPending: false,
      users: false,
    }),
  ),
  sample('own-email', 'SLF020', (l) =>
    OwnEmailPage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      present: { masked: 'm***@minato.example.co.jp', proven: true },
      email: '',
      hours: 24,
    }),
  ),
  sample('own-email-wrong', 'SLF020', (l) =>
    OwnEmailPage({
      frame: signedIn(l, { reference }),
      errors: [
        { field: 'email', key: 'email.same' },
        { field: 'confirmation_password', key: 'confirm.wrong', values: { n: 4 } },
      ],
      banners: [],
      present: { masked: 'm***@minato.example.co.jp', proven: false },
      email: address,
      hours: 24,
    }),
  ),
  sample('own-email-code', 'SLF021', (l) =>
    OwnEmailCodePage({
      frame: signedIn(l),
      errors: [],
      sent: { masked: address, sentAt: now, until: now + minutes(10) },
      resendAt: now + minutes(1),
      until: now + minutes(30),
    }),
  ),
  sample('own-email-code-limit', 'SLF021', (l) =>
    OwnEmailCodePage({
      frame: signedIn(l, { reference }),
      errors: [{ field: null, key: 'emailcode.limit', values: { at: now + minutes(55) } }],
      sent: { masked: address, sentAt: now, until: now + minutes(10) },
      resendAt: null,
      until: now + minutes(30),
    }),
  ),
  sample('own-email-result', 'SLF022', (l) =>
    OwnEmailResultPage({
      frame: signedIn(l, { reference }),
      before: 'm***@minato.example.co.jp',
      now: 'm***@minato.example.jp',
      beforeTold: true,
      usableFrom: now + days(1),
      mailPending: true,
    }),
  ),
  sample('own-email-result-first', 'SLF022', (l) =>
    OwnEmailResultPage({
      frame: signedIn(l, { reference }),
      before: null,
      now: 'm***@minato.example.jp',
      beforeTold: false,
      usableFrom: now + days(1),
      mailPending: false,
    }),
  ),
];
