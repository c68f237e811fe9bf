// Samples of the sign-in screens, with and without mistakes.
import { ChooseRoutePage } from '../../../views/sign-in/choose-route.tsx';
import { ConsentPage } from '../../../views/sign-in/consent.tsx';
import { DirectPage } from '../../../views/sign-in/direct.tsx';
import { FirstLinkPage } from '../../../views/sign-in/first-link.tsx';
import { ForgotPage } from '../../../views/sign-in/forgot.tsx';
import { NoIdPage } from '../../../views/sign-in/no-id.tsx';
import { OtpHelpPage } from '../../../views/sign-in/otp-help.tsx';
import { OtpPage } from '../../../views/sign-in/otp.tsx';
import { OtpResyncPage } from '../../../views/sign-in/otp-resync.tsx';
import { RegisterTokenPage } from '../../../views/token/register-token.tsx';
import { SelectAccountPage } from '../../../views/sign-in/select-account.tsx';
import { WaitingPage } from '../../../views/sign-in/waiting.tsx';
import { attemptIn, days, failed, frameIn, minutes, now, sample, type Sample } from './frame.ts';

const person = { name: '鈴木 美咲', loginId: 'msuzuki14' };
const fob = { kind: 'hardware', last4: '0733', shared: false } as const;
const pair = { bd: 'minato02', bdCompany: '株式会社みなと精機', loginId: 'msuzuki14' };
const routes = {
  routes: ['federated', 'direct'],
  upstreamDown: false,
  otherUpstreams: [],
  serviceHours: null,
} as const;

export const signInSamples: readonly Sample[] = [
  sample('choose-route', 'LGN001', (l) => ChooseRoutePage({ ...attemptIn(l), ...routes })),
  sample('choose-route-down', 'LGN001', (l) =>
    ChooseRoutePage({
      ...attemptIn(l, { frame: failed(l), errors: [{ field: null, key: 'login.busy', values: { at: now } }] }),
      ...routes,
      upstreamDown: true,
      otherUpstreams: [{ id: 'second', name: 'Kita Direct' }],
      serviceHours: '8:00〜21:00',
    }),
  ),
  sample('direct', 'LGN002', (l) => DirectPage({ ...attemptIn(l), loginId: '', federated: true })),
  sample('direct-wrong', 'LGN002', (l) =>
    DirectPage({
      ...attemptIn(l, { frame: failed(l), errors: [{ field: null, key: 'login.mismatch' }] }),
      loginId: 'msuzuki14',
      federated: true,
    }),
  ),
  sample('direct-empty', 'LGN002', (l) =>
    DirectPage({
      ...attemptIn(l, {
        frame: failed(l),
        errors: [
          { field: 'login_id', key: 'form.required' },
          { field: 'password', key: 'password.fullwidth' },
        ],
      }),
      loginId: '<script>alert(1)</script>"',
      federated: false,
    }),
  ),
  sample('select-account', 'LGN004', (l) => SelectAccountPage({ ...attemptIn(l), ...person })),
  sample('consent', 'LGN005', (l) =>
    ConsentPage({
      ...attemptIn(l),
      asking: '経費精算クラウド',
      owner: '株式会社ミナモソフト',
      facts: [
        { fact: 'login_id', value: 'msuzuki14' },
        { fact: 'name', value: '鈴木 美咲' },
        { fact: 'company', value: '株式会社みなと精機' },
      ],
    }),
  ),
  sample('first-link', 'LNK001', (l) =>
    FirstLinkPage({ ...attemptIn(l), bd: 'minato02', bdCompany: '株式会社みなと精機', loginId: '' }),
  ),
  sample('first-link-wrong', 'LNK001', (l) =>
    FirstLinkPage({
      ...attemptIn(l, { frame: failed(l), errors: [{ field: null, key: 'login.mismatch' }] }),
      bd: 'minato02',
      bdCompany: null,
      loginId: 'msuzuki14',
    }),
  ),
  sample('no-id', 'LNK002', (l) => NoIdPage(attemptIn(l))),
  sample('otp-remember', 'OTP001', (l) =>
    OtpPage({ ...attemptIn(l, { pair }), ...person, token: fob, remember: false }),
  ),
  sample('otp', 'OTP002', (l) =>
    OtpPage({
      ...attemptIn(l, { banners: [{ key: 'otp.required', values: { portal: '経費精算クラウド' } }] }),
      ...person,
      token: { ...fob, kind: 'software', shared: true },
      remember: null,
    }),
  ),
  sample('otp-wrong', 'OTP001', (l) =>
    OtpPage({
      ...attemptIn(l, {
        frame: failed(l),
        errors: [{ field: 'otp', key: 'otp.wrong', values: { n: 3 } }],
        banners: [
          { key: 'remember.ended', values: { why: 'unlinked' } },
          { key: 'otp.drift.hw', href: '/sign-in/sample/otp-resync' },
          { key: 'otp.again' },
        ],
      }),
      ...person,
      token: fob,
      remember: true,
    }),
  ),
  sample('otp-resync', 'OTP003', (l) =>
    OtpResyncPage({
      ...attemptIn(l, { frame: failed(l), errors: [{ field: 'otp_next', key: 'form.required' }] }),
      last4: '0733',
    }),
  ),
  sample('otp-help', 'OTP004', (l) => OtpHelpPage({ ...attemptIn(l), kind: 'hardware', ask: 'desk', reissueAt: null })),
  sample('otp-help-app', 'OTP004', (l) =>
    OtpHelpPage({ ...attemptIn(l), kind: 'software', ask: 'admin', reissueAt: now + minutes(20) }),
  ),
  sample('register-token', 'TKN001', (l) =>
    RegisterTokenPage({
      shell: {
        at: 'sign-in',
        ...attemptIn(l, {
          banners: [{ key: 'setup.complete' }, { key: 'grace.open', values: { date: now + days(10) } }],
        }),
      },
      skippable: true,
      limit: now + days(10),
      serial: '',
      code: null,
      software: false,
      shipping: null,
      inSetup: true,
    }),
  ),
  sample('register-token-over', 'TKN002', (l) =>
    RegisterTokenPage({
      shell: {
        at: 'sign-in',
        ...attemptIn(l, {
          frame: failed(l),
          banners: [{ key: 'grace.over', values: { date: now - days(1), blocked: 'login' } }],
          errors: [{ field: null, key: 'serial.mismatch', values: { ask: 'any' } }],
        }),
      },
      skippable: false,
      limit: null,
      serial: '42598007',
      code: {
        sent: { masked: 'm***@minato.example.co.jp', sentAt: now, until: now + minutes(10) },
        resendAt: now + minutes(1),
      },
      software: true,
      shipping: { state: 'shipped', at: now - days(4) },
      inSetup: false,
    }),
  ),
  sample('waiting', 'WAI001', (l) =>
    WaitingPage({
      ...attemptIn(l, { frame: frameIn(l, { now: Date.parse('2026-11-24T22:00:00+09:00') }) }),
      at: Date.parse('2026-11-25T08:10:00+09:00'),
      why: {
        for: 'revocation',
        revokedAt: Date.parse('2026-11-24T21:15:00+09:00'),
        night: { hours: l === 'ja' ? '20:50〜8:10' : '20:50–8:10', until: Date.parse('2026-11-25T08:10:00+09:00') },
      },
      ask: 'any',
    }),
  ),
  sample('waiting-guard', 'WAI001', (l) =>
    WaitingPage({ ...attemptIn(l), at: now + days(1), why: { for: 'guard' }, ask: 'desk' }),
  ),
  sample('forgot', 'RST001', (l) => ForgotPage(attemptIn(l))),
];
