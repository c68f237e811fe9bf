// Samples of the issue of a token: in a sign-in and in the self-service.
import type { VNode } from 'preact';
import type { Language } from '../../../views/parts/format.ts';
import { ActivateTokenPage } from '../../../views/token/activate-token.tsx';
import { AuthenticatorPage } from '../../../views/token/authenticator-qr.tsx';
import { IssueCheckPage } from '../../../views/token/issue-token-check.tsx';
import { ChooseKindPage } from '../../../views/token/choose-token-kind.tsx';
import { IssueDetailsPage } from '../../../views/token/issue-token.tsx';
import { IssueDonePage } from '../../../views/token/issue-token-done.tsx';
import { SendCodePage } from '../../../views/token/send-email-code.tsx';
import type { IssueShell } from '../../../views/token/shell.tsx';
import { attemptIn, days, failed, minutes, now, sample, signedIn, type Sample } from './frame.ts';

type Errors = IssueShell['errors'];

const signingIn = (l: Language, errors: Errors = []): IssueShell => ({
  at: 'sign-in',
  ...attemptIn(l, { errors, ...(errors.length > 0 ? { frame: failed(l) } : {}) }),
});
const inside = (l: Language, errors: Errors = []): IssueShell => ({
  at: 'console',
  frame: signedIn(l, errors.length > 0 ? { reference: '7K3F-92QD' } : {}),
  errors,
  banners: [],
  until: now + minutes(60),
});

const both = (name: string, screen: string, page: (shell: (l: Language) => IssueShell) => (l: Language) => VNode) => [
  sample(`${name}-sign-in`, screen, page(signingIn)),
  sample(`${name}-console`, screen, page(inside)),
];

const masked = 'm***@minato.example.co.jp';
const sent = { masked, sentAt: now, until: now + minutes(10) };
const heldUp = { lost: false, software: false, back: true, masked };
const issued = {
  serviceId: '10000001',
  userId: 'K7F3M2Q9XW4D',
  app: 'https://web.bank.example/token-app',
  address: 'misaki.phone@mobile.example.jp',
  until: now + days(3),
};
const key = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const address = `otpauth://totp/Web%20Service:msuzuki14?secret=${key}&issuer=Web%20Service&algorithm=SHA1&digits=6&period=60`;

export const tokenIssueSamples: readonly Sample[] = [
  ...both(
    'choose-kind',
    'BOT011',
    (shell) => (l) => ChooseKindPage({ shell: shell(l), kinds: ['app', 'authenticator', 'hardware'] }),
  ),
  sample('choose-kind-none', 'BOT011', (l) =>
    ChooseKindPage({
      shell: signingIn(l, [{ field: 'token_kind', key: 'form.choose' }]),
      kinds: ['app', 'hardware'],
    }),
  ),
  ...both(
    'send-code',
    'BOT012',
    (shell) => (l) =>
      SendCodePage({ shell: shell(l), masked, heldUp: null, lost: false, software: false, back: false }),
  ),
  sample('send-code-held-up', 'BOT012', (l) =>
    SendCodePage({ shell: inside(l), ...heldUp, heldUp: { for: 'email', until: now + days(1) } }),
  ),
  sample('send-code-guarded', 'BOT012', (l) =>
    SendCodePage({ shell: inside(l), ...heldUp, heldUp: { for: 'guard', until: now + days(1) } }),
  ),
  sample('send-code-no-address', 'BOT012', (l) =>
    SendCodePage({ shell: inside(l), ...heldUp, masked: null, heldUp: null }),
  ),
  sample('send-code-lost', 'BOT012', (l) =>
    SendCodePage({
      shell: signingIn(l, [{ field: null, key: 'emailcode.limit', values: { at: now + minutes(40) } }]),
      masked,
      heldUp: null,
      lost: true,
      software: true,
      back: false,
    }),
  ),
  ...both(
    'details',
    'BOT001',
    (shell) => (l) => IssueDetailsPage({ shell: shell(l), email: '', emailAgain: '', only: false }),
  ),
  sample('details-wrong', 'BOT001', (l) =>
    IssueDetailsPage({
      shell: signingIn(l, [
        { field: 'email', key: 'issue.mail' },
        { field: 'email_again', key: 'issue.again' },
        { field: 'activation_password', key: 'issue.weak' },
        { field: 'activation_password_again', key: 'issue.codes.again' },
      ]),
      email: 'misaki.phone@mobile',
      emailAgain: '"><script>',
      only: true,
    }),
  ),
  ...both(
    'check',
    'BOT002',
    (shell) => (l) => IssueCheckPage({ shell: shell(l), address: issued.address, shown: 'd1', sent, resendAt: null }),
  ),
  sample('check-wrong', 'BOT002', (l) =>
    IssueCheckPage({
      shell: signingIn(l, [
        { field: 'confirmation_password', key: 'confirm.wrong', values: { n: 4 } },
        { field: 'email_code', key: 'emailcode.wrong', values: { n: 3 } },
      ]),
      address: issued.address,
      shown: 'd1',
      sent,
      resendAt: now + minutes(1),
    }),
  ),
  sample('check-without-code', 'BOT002', (l) =>
    IssueCheckPage({
      shell: signingIn(l, [{ field: 'email_code', key: 'emailcode.expired' }]),
      address: issued.address,
      shown: 'd1',
      sent: null,
      resendAt: null,
    }),
  ),
  sample('done-sign-in', 'BOT003', (l) =>
    IssueDonePage({ shell: signingIn(l), issued, domain: 'bank.example', mailPending: true }),
  ),
  sample('done-console', 'BOT003', (l) =>
    IssueDonePage({
      shell: inside(l),
      issued,
      domain: 'bank.example',
      mailPending: false,
      way: {
        action: 'settings',
        label: l === 'ja' ? 'ワンタイムパスワード申請内容選択へ' : 'Back to one-time password settings',
      },
    }),
  ),
  ...both('activate', 'BOT004', (shell) => (l) => ActivateTokenPage({ shell: shell(l), issued, drift: false })),
  sample('activate-drifted', 'BOT004', (l) =>
    ActivateTokenPage({
      shell: signingIn(l, [{ field: 'otp', key: 'otp.wrong', values: { n: 3 } }]),
      issued: { ...issued, address: 'm***@mobile.example.jp' },
      drift: true,
    }),
  ),
  ...both(
    'authenticator-proof',
    'BOT005',
    (shell) => (l) => AuthenticatorPage({ shell: shell(l), half: { is: 'proof', sent, resendAt: now + minutes(1) } }),
  ),
  ...both(
    'authenticator-secret',
    'BOT005',
    (shell) => (l) =>
      AuthenticatorPage({
        shell: shell(l),
        half: { is: 'code', secret: { address, key }, until: issued.until, drift: false },
      }),
  ),
  sample('authenticator-later', 'BOT005', (l) =>
    AuthenticatorPage({
      shell: signingIn(l, [{ field: 'otp', key: 'otp.wrong', values: { n: 3 } }]),
      half: { is: 'code', secret: null, until: issued.until, drift: true },
    }),
  ),
];
