// Samples of stopping, releasing and deleting people, and of the company's settings.
import type { Restriction } from '../../../src/rules/cause.ts';
import { releaseMatrix } from '../../../src/rules/release.ts';
import { DeleteCheckPage } from '../../../views/company/delete-check.tsx';
import { DeleteResultPage } from '../../../views/company/delete-result.tsx';
import { OtpReleaseCheckPage } from '../../../views/company/otp-release-check.tsx';
import { OtpReleasePage } from '../../../views/company/otp-release.tsx';
import { SettingsCheckPage, SettingsResultPage } from '../../../views/company/settings-check.tsx';
import { SettingsPage } from '../../../views/company/settings.tsx';
import { StateCheckPage } from '../../../views/company/state-check.tsx';
import type { StateRow } from '../../../views/company/state-list.tsx';
import { StateResultPage } from '../../../views/company/state-result.tsx';
import { StatePage } from '../../../views/company/state.tsx';
import { ResultSlipPage } from '../../../views/print/result.tsx';
import { minutes, now, sample, signedIn, type Sample } from './frame.ts';

const reference = '7K3F-92QD';
const code = { kind: 'hardware', last4: '0733', afterLogin: true } as const;
const hidden = [{ name: 'edit', value: 'what-was-shown' }];
const restriction = (state: Restriction['state'], more: Partial<Restriction> = {}): Restriction => ({
  state,
  cause: 'misses',
  misses: 5,
  since: now - minutes(10),
  until: null,
  ...more,
});
const row = (id: string, more: Partial<StateRow>): StateRow => ({
  id,
  name: '高橋 直樹',
  loginId: 'ntakahashi',
  role: 'member',
  states: ['available'],
  restrictions: [],
  token: 'software',
  self: false,
  deskOnly: false,
  ...more,
});
const people = [
  row('p1', { name: '鈴木 美咲', loginId: 'msuzuki14', role: 'admin', self: true }),
  row('p2', {
    states: ['password-locked', 'otp-stopped'],
    restrictions: [
      restriction('password-locked', { until: now + minutes(20) }),
      restriction('otp-stopped', { cause: 'drift' }),
    ],
  }),
  row('p3', {
    name: '佐々木 悠',
    loginId: 'ysasaki32',
    states: ['password-stopped'],
    restrictions: [restriction('password-stopped', { cause: 'spray', misses: 15 })],
  }),
  row('p4', {
    name: '木村 玲奈',
    loginId: 'rkimura78',
    role: 'master',
    states: ['account-stopped'],
    restrictions: [restriction('account-stopped', { cause: 'admin', misses: null })],
  }),
];
const query = { path: '/company/people/state', q: '', state: 'restricted', page: 1, per: 50, total: 64 } as const;
const otpQuery = { path: '/company/people/otp-release', q: '', state: '', page: 1, per: 50, total: 3 } as const;
const stopped = (id: string, cause: Restriction['cause'], more: Partial<StateRow> = {}): StateRow =>
  row(id, { states: ['otp-stopped'], restrictions: [restriction('otp-stopped', { cause })], ...more });
const list = { errors: [], banners: [], others: 63, chosen: [], scope: 'checked', proof: null, hidden: [] } as const;
const target = { id: 'p2', name: '高橋 直樹', loginId: 'ntakahashi', logins: 1, devices: 2 };
const policy = { permissions: {}, release: { softwareOtp: 'company', hardwareOtp: 'operator' } } as const;
const before = { sharingMode: 'some', rememberAllowed: true, otpAtLogin: false, hours: null } as const;
const after = {
  sharingMode: 'one_each',
  rememberAllowed: false,
  otpAtLogin: true,
  hours: { from: '08:30', to: '18:00' },
} as const;
/** How key-fobs are shared before it. */
const today = { tokens: 4, people: 9, shared: 2, sharers: 7 };

export const peopleStateSamples: readonly Sample[] = [
  sample('state', 'CON040', (l) => StatePage({ frame: signedIn(l), ...list, query, people, target: null })),
  sample('state-proof', 'CON040', (l) =>
    StatePage({
      frame: signedIn(l, { reference }),
      ...list,
      errors: [
        { field: 'people', key: 'bulk.none' },
        { field: 'confirmation_password', key: 'confirm.wrong', values: { n: 4 } },
      ],
      query,
      people,
      target: 'available',
      proof: { code: null },
      hidden,
    }),
  ),
  sample(
    'state-none',
    'CON040',
    (l) =>
      StatePage({ frame: signedIn(l), ...list, query: { ...query, total: 0 }, people: [], others: 0, target: null }),
    0,
  ),
  sample('state-release-check', 'CON041', (l) =>
    StateCheckPage({
      frame: signedIn(l),
      errors: [],
      banners: [{ key: 'confirm.locked', values: { until: now + minutes(30), ask: 'admin' } }],
      target: 'available',
      people: [
        { ...target, states: ['password-locked', 'otp-stopped'], after: ['otp-stopped'] },
        {
          ...target,
          id: 'p3',
          name: '佐々木 悠',
          loginId: 'ysasaki32',
          states: ['password-stopped'],
          after: ['available'],
        },
      ],
      left: 1,
      counted: false,
      code: null,
      hidden,
    }),
  ),
  sample('state-stop-check', 'CON041', (l) =>
    StateCheckPage({
      frame: signedIn(l, { reference }),
      errors: [{ field: 'confirm_count', key: 'bulk.count', values: { n: 21 } }],
      banners: [],
      target: 'stopped',
      people: Array.from({ length: 21 }, (_each, n) => ({
        ...target,
        id: `p${n}`,
        states: ['available'] as const,
        after: ['account-stopped'] as const,
      })),
      left: 0,
      counted: true,
      code,
      hidden,
    }),
  ),
  sample('state-result', 'CON042', (l) =>
    StateResultPage({
      frame: signedIn(l, { reference }),
      what: 'available',
      people: [
        {
          ...target,
          result: 'done',
          why: null,
          before: ['password-locked', 'otp-stopped'],
          after: ['otp-stopped'],
        },
        {
          id: 'p3',
          name: '佐々木 悠',
          loginId: 'ysasaki32',
          result: 'out',
          why: { key: 'edit.stale' },
          before: ['password-stopped'],
          after: ['password-stopped'],
        },
        { id: 'p9', name: '—', loginId: '', result: 'failed', why: { key: 'REF024.text' }, before: [], after: [] },
      ],
      portals: [],
      mailPending: true,
      print: '/company/people/state/result/k/print',
    }),
  ),
  sample('stop-result', 'CON042', (l) =>
    StateResultPage({
      frame: signedIn(l, { reference }),
      what: 'stopped',
      people: [
        { ...target, result: 'done', why: null, before: ['available'], after: ['account-stopped'] },
        {
          id: 'p4',
          name: '木村 玲奈',
          loginId: 'rkimura78',
          result: 'out',
          why: { key: 'last.block', values: { name: '木村 玲奈' } },
          before: ['available'],
          after: ['available'],
        },
      ],
      portals: [{ name: '経費精算クラウド', done: true }],
      mailPending: false,
      print: '/company/people/state/result/k/print',
    }),
  ),
  sample('otp-release', 'CON050', (l) =>
    OtpReleasePage({
      frame: signedIn(l),
      ...list,
      query: otpQuery,
      people: [
        stopped('p2', 'drift', { token: 'hardware', deskOnly: true }),
        stopped('p3', 'spray'),
        stopped('p1', 'misses', { self: true }),
      ],
    }),
  ),
  sample(
    'otp-release-none',
    'CON050',
    (l) => OtpReleasePage({ frame: signedIn(l), ...list, query: { ...otpQuery, total: 0 }, people: [], others: 0 }),
    0,
  ),
  sample('otp-release-check', 'CON051', (l) =>
    OtpReleaseCheckPage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      people: (['misses', 'drift', 'colleague', 'expired', 'spray'] as const).map((cause, n) => ({
        ...target,
        id: `p${n}`,
        states: ['otp-stopped'],
        after: ['available'],
        stop: restriction('otp-stopped', { cause }),
      })),
      left: 0,
      code: null,
      hidden,
    }),
  ),
  sample('otp-release-result', 'CON052', (l) =>
    StateResultPage({
      frame: signedIn(l, { reference }),
      what: 'otp-release',
      people: [
        {
          ...target,
          result: 'done',
          why: null,
          before: ['password-locked', 'otp-stopped'],
          after: ['password-locked'],
        },
      ],
      portals: [],
      mailPending: false,
      print: '/company/people/otp-release/result/k/print',
    }),
  ),
  sample('delete-check', 'CON090', (l) =>
    DeleteCheckPage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      people: [
        {
          ...target,
          role: 'member',
          states: ['available'],
          bd: 'minato03',
          token: { kind: 'hardware', serial: '12345678' },
        },
        { ...target, id: 'p3', role: 'admin', states: ['new'], bd: null, token: null, logins: 0, devices: 0 },
      ],
      left: 1,
      code,
      hidden,
    }),
  ),
  sample('delete-result', 'CON091', (l) =>
    DeleteResultPage({
      frame: signedIn(l, { reference }),
      people: [
        { ...target, states: [], result: 'done', why: null },
        { ...target, id: 'p4', states: ['available'], result: 'out', why: { key: 'CON090.8' } },
      ],
      portals: [{ name: '経費精算クラウド', done: false }],
      mailPending: true,
      print: '/company/people/delete/result/k/print',
    }),
  ),
  sample(
    'result-slip',
    'PRT006',
    (l) =>
      ResultSlipPage({
        frame: signedIn(l, { reference }),
        company: { name: '株式会社みなと精機', contractNumber: '1014820157' },
        procedure: '利用者停止・解除結果',
        headline: '2名中1名を解除しました。',
        by: { name: '鈴木 美咲', loginId: 'msuzuki14' },
        at: now - minutes(1),
        people: [
          { name: '高橋 直樹', loginId: 'ntakahashi', result: 'done', why: null, now: '利用可能' },
          { name: '佐々木 悠', loginId: 'ysasaki32', result: 'out', why: { key: 'edit.stale' }, now: null },
        ],
        back: '/company/people/state/result/k',
      }),
    0,
  ),
  sample('settings', 'CON120', (l) =>
    SettingsPage({
      frame: signedIn(l, { reference }),
      errors: [{ field: 'hours_from', key: 'settings.wider', values: { serviceHours: '8:00〜21:00' } }],
      banners: [],
      present: before,
      typed: { sharing: 'some', remember: 'yes', otpAt: 'bank', hoursFrom: '07:00', hoursTo: '18:00' },
      bank: {
        sharing: ['some', 'one_each'],
        remember: true,
        otpAt: 'operations',
        hours: { from: '08:00', to: '21:00' },
      },
      lines: releaseMatrix(policy),
      releasers: 1,
    }),
  ),
  sample('settings-check', 'CON121', (l) =>
    SettingsCheckPage({ frame: signedIn(l), errors: [], banners: [], before, after, devices: 12, today, code, hidden }),
  ),
  sample('settings-one-sharing', 'CON120', (l) =>
    SettingsPage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      present: before,
      typed: { sharing: 'some', remember: 'yes', otpAt: 'bank', hoursFrom: '', hoursTo: '' },
      bank: { sharing: ['some'], remember: true, otpAt: 'login', hours: null },
      lines: releaseMatrix(policy),
      releasers: 2,
    }),
  ),
  sample('settings-result', 'CON122', (l) =>
    SettingsResultPage({ frame: signedIn(l, { reference }), before, after, devices: 12, mailPending: true }),
  ),
];
