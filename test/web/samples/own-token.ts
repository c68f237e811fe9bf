// Samples of one's own token in the self-service.
import { TokenResultPage } from '../../../views/self-service/token-result.tsx';
import { TokenRevokePage } from '../../../views/self-service/token-revoke.tsx';
import { OwnTokenPage } from '../../../views/self-service/token.tsx';
import { OtpResyncPage } from '../../../views/sign-in/otp-resync.tsx';
import { days, minutes, now, sample, signedIn, type Sample } from './frame.ts';

const reference = '7K3F-92QD';
const none = { kind: null, last4: null, registeredAt: null, expiresAt: null, others: 0, issueUntil: null, from: null };
const keyFob = { ...none, kind: 'hardware', last4: '0733', registeredAt: now - days(300) } as const;
const code = { kind: 'hardware', last4: '0733', afterLogin: true } as const;
const revoke = {
  errors: [],
  banners: [],
  others: 0,
  issueOnly: false,
  issueFrom: null,
  blocksLogin: true,
  devices: 2,
  logins: 3,
  hidden: [{ name: 'edit', value: 'an-edit-value' }],
} as const;

export const ownTokenSamples: readonly Sample[] = [
  sample('own-token', 'BOT010', (l) =>
    OwnTokenPage({
      frame: signedIn(l),
      banners: [{ key: 'token.expiring', values: { date: now + days(40) } }],
      ...keyFob,
      state: 'expiring',
      expiresAt: now + days(40),
      others: 2,
      acts: ['resync', 'revoke', 'lost'],
    }),
  ),
  sample('own-token-then-app', 'BOT010', (l) =>
    OwnTokenPage({
      frame: signedIn(l),
      banners: [
        { key: 'token.expiring.app', values: { date: now + days(40) } },
        { key: 'token.expired.app', values: { last4: '0733', date: now - days(3) } },
      ],
      ...keyFob,
      state: 'expiring',
      expiresAt: now + days(40),
      others: 2,
      acts: ['resync', 'revoke', 'lost'],
    }),
  ),
  sample('own-token-app', 'BOT010', (l) =>
    OwnTokenPage({
      frame: signedIn(l),
      banners: [],
      ...none,
      state: 'in-use',
      kind: 'authenticator',
      registeredAt: now - days(3),
      acts: ['revoke', 'lost'],
    }),
  ),
  sample('own-token-issued', 'BOT010', (l) =>
    OwnTokenPage({
      frame: signedIn(l),
      banners: [{ key: 'issue.done', values: { until: now + days(3) } }],
      ...none,
      state: 'issued',
      kind: 'software',
      issueUntil: now + days(3),
      acts: ['verify', 'revoke'],
    }),
  ),
  sample('own-token-none', 'BOT010', (l) =>
    OwnTokenPage({
      frame: signedIn(l),
      banners: [{ key: 'issue.lapsed' }],
      ...none,
      state: 'none',
      acts: ['issue'],
    }),
  ),
  sample(
    'own-token-waiting',
    'BOT010',
    (l) =>
      OwnTokenPage({
        frame: signedIn(l),
        banners: [{ key: 'token.waiting', values: { at: now + minutes(20) } }],
        ...none,
        state: 'waiting',
        from: now + minutes(20),
        acts: [],
      }),
    0,
  ),
  sample(
    'own-token-not-applied',
    'BOT010',
    (l) => OwnTokenPage({ frame: signedIn(l), banners: [], ...none, state: 'not-applied', acts: [] }),
    0,
  ),
  sample('token-revoke', 'SLF030', (l) =>
    TokenRevokePage({
      ...revoke,
      frame: signedIn(l),
      kind: 'hardware',
      last4: '0733',
      others: 2,
      wait: null,
      ways: { hardwareFee: 1080, form: null, software: true },
      reason: null,
      code: { ...code, unlessLost: true },
    }),
  ),
  sample('token-revoke-lost', 'SLF030', (l) =>
    TokenRevokePage({
      ...revoke,
      frame: signedIn(l, { reference }),
      errors: [{ field: 'confirmation_password', key: 'confirm.wrong', values: { n: 4 } }],
      kind: 'hardware',
      last4: '0733',
      wait: null,
      issueFrom: now + days(2),
      ways: { hardwareFee: 1080, form: null, software: false },
      reason: 'lost',
      code: null,
    }),
  ),
  sample('token-revoke-night', 'SLF030', (l) =>
    TokenRevokePage({
      ...revoke,
      frame: signedIn(l, { reference }),
      errors: [{ field: null, key: 'revoke.later', values: { at: now + days(1) } }],
      kind: 'software',
      last4: null,
      wait: { until: now + days(1), night: l === 'ja' ? '20:50〜8:10' : '20:50–8:10' },
      issueFrom: null,
      ways: { hardwareFee: null, form: null, software: true },
      reason: 'phone',
      code: { kind: 'software', last4: '', afterLogin: true, unlessLost: false },
    }),
  ),
  sample('token-revoke-issue', 'SLF030', (l) =>
    TokenRevokePage({
      ...revoke,
      frame: signedIn(l),
      kind: 'software',
      last4: null,
      issueOnly: true,
      wait: { until: now + minutes(20), night: null },
      ways: { hardwareFee: null, form: null, software: true },
      reason: null,
      code: null,
    }),
  ),
  sample('token-revoked', 'SLF031', (l) =>
    TokenResultPage({
      frame: signedIn(l, { reference }),
      until: now + days(1),
      night: l === 'ja' ? '20:50〜8:10' : '20:50–8:10',
      issueFrom: null,
      ways: null,
      portals: [{ name: '経費精算クラウド', done: false }],
      mailPending: true,
      action: '/self-service/otp/revoke/result?at=1',
    }),
  ),
  sample('token-revoked-lost', 'SLF031', (l) =>
    TokenResultPage({
      frame: signedIn(l, { reference }),
      until: null,
      night: null,
      issueFrom: null,
      ways: { hardwareFee: 1080, form: '/forms/token-order?kind=lost', software: true },
      portals: [],
      mailPending: false,
      action: '/self-service/otp/revoke/result?at=1',
    }),
  ),
  sample('own-resync', 'OTP003', (l) =>
    OtpResyncPage({
      frame: signedIn(l, { reference }),
      errors: [{ field: 'otp', key: 'otp.resync.wrong', values: { n: 4 } }],
      banners: [],
      portal: null,
      pair: null,
      until: null,
      cancel: false,
      last4: '0733',
      hidden: [{ name: 'edit', value: 'an-edit-value' }],
    }),
  ),
];
