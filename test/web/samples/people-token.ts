// Samples of revoking tokens and of allowing an issue.
import { TokenAllowedPage, TokenAllowPage } from '../../../views/company/token-allow.tsx';
import { TokenRevokeCheckPage } from '../../../views/company/token-revoke-check.tsx';
import { TokenRevokeResultPage } from '../../../views/company/token-revoke-result.tsx';
import { TokenRevokeListPage, type TokenRow } from '../../../views/company/token-revoke.tsx';
import { days, minutes, now, sample, signedIn, type Sample } from './frame.ts';

const reference = '7K3F-92QD';
const hidden = [{ name: 'edit', value: 'what-was-shown' }];
const code = { kind: 'hardware', last4: '0733', afterLogin: true } as const;
const night = { now, until: now + minutes(600), night: '20:50〜翌日8:10' };
const day = { now, until: now + minutes(20), night: null };

const row = (id: string, more: Partial<TokenRow>): TokenRow => ({
  id,
  name: '高橋 直樹',
  loginId: 'ntakahashi',
  role: 'member',
  states: ['available'],
  token: { kind: 'software', serial: null },
  tokenState: 'in-use',
  waitsUntil: null,
  holders: 1,
  self: false,
  revocable: true,
  ...more,
});
const fob = { kind: 'hardware', serial: '4282629452' } as const;
const people = [
  row('p1', { name: '鈴木 美咲', loginId: 'msuzuki14', role: 'admin', token: fob, self: true }),
  row('p2', {}),
  row('p3', { name: '田中 彩', loginId: 'atanaka93', token: fob, holders: 2, tokenState: 'expiring' }),
  row('p4', { name: '伊藤 翔太', loginId: 'sito48', token: fob, holders: 2, states: ['otp-stopped'] }),
  row('p5', { name: '中村 さくら', loginId: '509313448', token: null, tokenState: 'issued' }),
  row('p6', {
    name: '斎藤 恵',
    loginId: 'msaito50',
    token: null,
    tokenState: 'waiting',
    waitsUntil: now + minutes(20),
    revocable: false,
  }),
];
const query = { path: '/company/people/token-revoke', q: '', state: '', page: 1, per: 50, total: 6 } as const;
const list = {
  errors: [],
  banners: [],
  query,
  people,
  shared: [{ serial: '4282629452', holders: 2 }],
  chosen: [],
  serial: '',
  reason: null,
  words: '',
  proof: null,
  hidden: [],
} as const;
const target = {
  id: 'p2',
  name: '高橋 直樹',
  loginId: 'ntakahashi',
  states: ['available'],
  token: { kind: 'software', serial: null },
  wait: night,
  devices: 2,
  logins: 1,
  goOn: [],
} as const;
const sharer = {
  ...target,
  id: 'p3',
  name: '田中 彩',
  loginId: 'atanaka93',
  token: fob,
  wait: null,
  logins: 0,
  devices: 0,
};
const check = {
  errors: [],
  banners: [],
  people: [target],
  serial: null,
  endsThis: false,
  left: 0,
  reason: 'phone',
  words: '',
  blocksLogin: true,
  code,
  mailed: null,
  hidden,
} as const;
const done = {
  id: 'p2',
  name: '高橋 直樹',
  loginId: 'ntakahashi',
  states: ['otp-stopped'],
  result: 'done',
  why: null,
  token: { kind: 'software', serial: null },
  until: night.until,
} as const;
const result = {
  lost: null,
  serial: null,
  endsThis: false,
  portals: [],
  mailPending: true,
  action: null,
  print: '/company/people/token-revoke/result/k/print',
} as const;
const changer = { by: 'colleague', name: '松本 愛', at: now - minutes(90) } as const;

export const peopleTokenSamples: readonly Sample[] = [
  sample('token-revoke', 'CON060', (l) => TokenRevokeListPage({ frame: signedIn(l), ...list })),
  sample('token-revoke-proof', 'CON060', (l) =>
    TokenRevokeListPage({
      frame: signedIn(l, { reference }),
      ...list,
      errors: [
        { field: 'people', key: 'bulk.none' },
        { field: 'reason', key: 'form.choose', values: {} },
        { field: 'confirmation_password', key: 'confirm.wrong', values: { n: 4 } },
      ],
      shared: [],
      chosen: ['p2'],
      words: '機種変更のため',
      proof: { code: null, wait: night },
      hidden,
    }),
  ),
  sample(
    'token-revoke-none',
    'CON060',
    (l) => TokenRevokeListPage({ frame: signedIn(l), ...list, query: { ...query, total: 0 }, people: [] }),
    0,
  ),
  sample('token-revoke-check', 'CON061', (l) =>
    TokenRevokeCheckPage({
      frame: signedIn(l),
      ...check,
      people: [
        target,
        { ...sharer, goOn: Array.from({ length: 12 }, (_each, n) => `利用者 ${n + 1}`) },
        { ...target, id: 'p5', name: '中村 さくら', loginId: '509313448', token: null, wait: day },
      ],
      left: 1,
      words: '機種変更のため',
    }),
  ),
  sample('token-revoke-device', 'CON061', (l) =>
    TokenRevokeCheckPage({
      frame: signedIn(l, { reference }),
      ...check,
      errors: [{ field: null, key: 'revoke.later', values: { at: night.until } }],
      people: [sharer, { ...sharer, id: 'p4', name: '伊藤 翔太', loginId: 'sito48' }],
      serial: fob.serial,
      endsThis: true,
      reason: 'lost',
    }),
  ),
  sample('token-revoke-mailed', 'CON061', (l) =>
    TokenRevokeCheckPage({
      frame: signedIn(l),
      ...check,
      code: null,
      mailed: {
        sent: { masked: 'm***@minato.example.co.jp', sentAt: now, until: now + minutes(10) },
        resendAt: now + minutes(1),
        heldUp: null,
      },
    }),
  ),
  sample('token-revoke-unmailed', 'CON061', (l) =>
    TokenRevokeCheckPage({
      frame: signedIn(l),
      ...check,
      code: null,
      mailed: { sent: null, resendAt: null, heldUp: null },
    }),
  ),
  sample('token-revoke-held-up', 'CON061', (l) =>
    TokenRevokeCheckPage({
      frame: signedIn(l),
      ...check,
      code: null,
      mailed: { sent: null, resendAt: null, heldUp: { until: now + days(1) } },
    }),
  ),
  sample('token-revoke-result', 'CON062', (l) =>
    TokenRevokeResultPage({
      frame: signedIn(l, { reference }),
      ...result,
      people: [
        done,
        { ...done, id: 'p3', name: '田中 彩', loginId: 'atanaka93', states: ['available'], token: fob, until: null },
        { ...done, id: 'p4', name: '伊藤 翔太', loginId: 'sito48', result: 'out', why: { key: 'edit.stale' } },
        {
          ...done,
          id: 'p6',
          name: '斎藤 恵',
          loginId: 'msaito50',
          result: 'out',
          why: { key: 'CON062.5' },
          token: null,
        },
        {
          ...done,
          id: 'p9',
          name: '—',
          loginId: '',
          states: [],
          result: 'failed',
          why: { key: 'REF024.text' },
          token: null,
        },
      ],
      portals: [{ name: '経費精算クラウド', done: false }],
    }),
  ),
  sample('token-revoke-result-ended', 'CON062', (l) =>
    TokenRevokeResultPage({
      frame: signedIn(l, { reference, signedIn: null }),
      ...result,
      people: [{ ...done, token: fob, until: null, states: ['available'] }],
      lost: { fee: 1080, form: '/forms/token-order?serial=4282629452&mark=m' },
      serial: fob.serial,
      endsThis: true,
      action: '/company/people/token-revoke/result?at=1.mark',
      print: null,
    }),
  ),
  sample('token-allow', 'CON063', (l) =>
    TokenAllowPage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      person: { id: 'p2', name: '高橋 直樹', loginId: 'ntakahashi', states: ['must-change'] },
      password: changer,
      email: { by: 'desk', name: '', at: now - minutes(30) },
      until: now + days(1),
      code,
      hidden,
    }),
  ),
  sample('token-allowed', 'CON064', (l) =>
    TokenAllowedPage({
      frame: signedIn(l, { reference }),
      person: { id: 'p2', name: '高橋 直樹', loginId: 'ntakahashi' },
      issueFrom: now + days(1),
      mailPending: false,
    }),
  ),
];
