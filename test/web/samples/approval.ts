// Samples of APR001: one operation, and several with texts that want to be more than text.
import { ApprovePage } from '../../../views/sign-in/approve.tsx';
import { attemptIn, failed, minutes, now, sample, type Sample } from './frame.ts';

const person = {
  name: '鈴木 美咲',
  loginId: 'msuzuki14',
  validUntil: now + minutes(10),
  shown: 'a-digest.a-mac',
} as const;
const transfer = {
  action: '総合振込',
  payee: 'みなと銀行 本店 普通 1234567 カ)ミナトセイキ',
  amount: { value: '1500000', currency: 'JPY' },
  count: 3,
  date: '2026-11-30',
  number: 'F-2026-0001',
} as const;
const bare = { payee: null, amount: null, count: null, date: null, number: null } as const;

export const approvalSamples: readonly Sample[] = [
  sample('approve', 'APR001', (l) =>
    ApprovePage({
      ...attemptIn(l, { portal: null, until: null }),
      ...person,
      asking: '経費精算クラウド',
      owner: 'keihi.example',
      items: [transfer],
      token: { kind: 'hardware', last4: '0733', shared: false, afterLogin: true },
    }),
  ),
  sample('approve-many', 'APR001', (l) =>
    ApprovePage({
      ...attemptIn(l, {
        frame: failed(l),
        errors: [{ field: 'otp', key: 'otp.used' }],
        portal: null,
        until: null,
      }),
      ...person,
      asking: '<b>経費</b>',
      owner: null,
      items: [
        transfer,
        { ...bare, action: '<script>alert(1)</script>"', payee: '</dd><form action=x>' },
        { ...bare, action: '限度額の変更', amount: { value: '1234567.50', currency: 'USD' } },
      ],
      token: { kind: 'software', last4: '', shared: true, afterLogin: false },
    }),
  ),
];
