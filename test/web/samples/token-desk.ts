// Samples of the token desk: HDK011, HDK040, HDK044–HDK048.
import { CompaniesPage } from '../../../views/helpdesk/companies.tsx';
import type { DueRow } from '../../../views/helpdesk/due-list.tsx';
import { DuePage } from '../../../views/helpdesk/due.tsx';
import { OtpApplicationPage, type OtpApplicationProps } from '../../../views/helpdesk/otp-application.tsx';
import { AssignPage } from '../../../views/helpdesk/token-assign.tsx';
import { MoveCheckPage, type MoveCheckProps, type MoveTarget } from '../../../views/helpdesk/token-check.tsx';
import { MoveResultPage, type MoveResultRow } from '../../../views/helpdesk/token-result.tsx';
import { TokenPage, type TokenLife } from '../../../views/helpdesk/token.tsx';
import { TokensPage, type StockRow, type TokensProps } from '../../../views/helpdesk/tokens.tsx';
import type { Language } from '../../../views/parts/format.ts';
import { MoveSlipPage } from '../../../views/print/tokens-moved.tsx';
import type { Frame } from '../../../views/parts/frame.ts';
import { brand, days, frameIn, minutes, now, sample, type Sample } from './frame.ts';

const operator = (language: Language, more: Partial<Frame> = {}): Frame =>
  frameIn(language, {
    signedIn: { name: '窓口 綾乃', company: brand.desk[language], until: now + minutes(15), role: 'clerk' },
    ...more,
  });
const failed = { reference: '7K3F-92QD' };
const hidden = [{ name: 'edit', value: 'what-was-shown' }];
const minato = { companyName: '株式会社みなと精機', contractNumber: '1014820157' };

const row = (serial: string, more: Partial<StockRow>): StockRow => ({
  serial,
  state: 'in-stock',
  contractNumber: null,
  companyName: null,
  holders: 0,
  expiresAt: now + days(1_900),
  since: now - days(30),
  successor: null,
  ...more,
});
const counts = {
  'in-stock': 100_000,
  'ordered': 12,
  'shipped': 4,
  'arrived': 16,
  'registered': 1_204,
  'expiring': 31,
  'expired': 2,
  'replaced': 9,
  'lost': 3,
  'revoked': 1,
};
const stock: Omit<TokensProps, 'frame'> = {
  errors: [],
  query: { q: '', state: '', contractNumber: '', per: 50 },
  counts,
  tokens: [
    row('4230175846', {}),
    row('4206715538', { state: 'shipped', ...minato }),
    row('4214630979', { state: 'expiring', ...minato, holders: 2, expiresAt: now + days(40), successor: '4225067184' }),
    row('4201111112', { state: 'lost', ...minato, expiresAt: null, since: null }),
  ],
  before: null,
  after: '4214630979',
  chosen: ['4230175846'],
  moves: true,
  imports: true,
};

const life: TokenLife = {
  serial: '4214630979',
  state: 'expiring',
  companyId: 'c1',
  ...minato,
  model: 'KF-60',
  algorithm: 'SHA256',
  digits: 6,
  period: 60,
  expiresAt: now + days(40),
  importedAt: now - days(1_500),
  importFile: '2022-10.csv',
  orderedAt: now - days(1_490),
  order: { reason: 'application', formNumber: 'K-2022-118' },
  fee: 1_080,
  shippedAt: null,
  arrivedAt: now - days(1_480),
  firstRegisteredAt: now - days(1_478),
  retiredAt: null,
  drift: 3,
  lastUsedAt: now - minutes(40),
  follows: null,
  successor: '4225067184',
  people: [
    {
      id: 'p1',
      name: '鈴木 美咲',
      loginId: 'msuzuki14',
      states: ['otp-stopped'],
      from: now - days(1_478),
      until: null,
    },
    { id: 'p2', name: '伊藤 翔太', loginId: 'sito48', states: [], from: now - days(900), until: now - days(100) },
  ],
};
const inStock: TokenLife = {
  ...life,
  serial: '4230175846',
  state: 'in-stock',
  companyId: null,
  companyName: null,
  contractNumber: null,
  model: null,
  importFile: null,
  order: null,
  fee: null,
  orderedAt: null,
  arrivedAt: null,
  firstRegisteredAt: null,
  drift: 0,
  lastUsedAt: null,
  successor: null,
  people: [],
};

const target = (serial: string, more: Partial<MoveTarget> = {}): MoveTarget => ({
  serial,
  state: 'in-stock',
  companyName: minato.companyName,
  fee: null,
  limit: null,
  next: null,
  holders: null,
  ...more,
});
const check: Omit<MoveCheckProps, 'frame' | 'move' | 'targets'> = {
  errors: [],
  left: [],
  order: null,
  words: '',
  hidden,
};
const order = {
  company: minato.companyName,
  contractNumber: minato.contractNumber,
  reason: 'application',
  formNumber: 'K-2026-401',
  total: 1_080,
  free: 1,
  limit: { at: now + days(11), over: false },
} as const;
const many = Array.from({ length: 13 }, (_one, n) => `利用者 ${n + 1}`);

const done = (serial: string, more: Partial<MoveResultRow> = {}): MoveResultRow => ({
  serial,
  done: true,
  why: null,
  from: 'in-stock',
  to: 'ordered',
  companyName: minato.companyName,
  fee: null,
  successor: null,
  ...more,
});
const nothing = {
  fee: null,
  mails: 0,
  limits: [],
  people: 0,
  mailPending: false,
  print: '/helpdesk/tokens/result/k/print',
};

const line = (companyId: string, more: Partial<DueRow> = {}): DueRow => ({
  id: `2026-12~${companyId}`,
  month: '2026-12',
  companyId,
  ...minato,
  first: now + days(10),
  tokens: null,
  followed: 0,
  people: 14,
  told: 3,
  tells: true,
  ...more,
});
const due = {
  errors: [],
  banners: [],
  query: {
    about: 'limit',
    from: '2026-11-24',
    to: '2027-02-24',
    contractNumber: '',
    page: 2,
    per: 50,
    total: 120,
  },
  lines: [line('c1', { tells: false }), line('c2'), line('c3', { month: '2027-01' })],
  chosen: ['2026-12~c2'],
  reminds: true,
  mailPending: false,
  hidden,
} as const;

const application: Omit<OtpApplicationProps, 'frame'> = {
  errors: [],
  banners: [],
  company: {
    name: minato.companyName,
    contractNumber: minato.contractNumber,
    application: 'hardware',
    appliedAt: now - days(20),
    arrivedAt: now - days(3),
    sharingMode: 'some',
  },
  limit: now + days(11),
  from: { is: 'arrival', days: 14, at: now - days(3) },
  blocks: 'login',
  tokens: { people: 6, inUse: 4, waiting: 3 },
  free: { left: 1, of: 3 },
  unregistered: {
    total: 240,
    people: [
      { id: 'p1', name: '鈴木 美咲', loginId: 'msuzuki14', states: ['available'], since: now - days(20), setUp: true },
      { id: 'p2', name: '中村 さくら', loginId: '509313448', states: ['new'], since: now - days(2), setUp: false },
    ],
  },
  changes: true,
  extension: { is: 'open', until: now + days(45) },
  again: { is: 'none' },
  typed: { application: 'hardware', limit: '', words: '' },
  mailPending: false,
  hidden,
};

export const tokenDeskSamples: readonly Sample[] = [
  sample('token-stock', 'HDK040', (language) => TokensPage({ frame: operator(language), ...stock })),
  sample('token-stock-none-chosen', 'HDK040', (language) =>
    TokensPage({
      frame: operator(language, failed),
      ...stock,
      errors: [{ field: 'people', key: 'pick.none' }],
      query: { q: '42', state: 'expiring', contractNumber: minato.contractNumber, per: 20 },
      before: '4230175846',
      after: null,
      chosen: [],
    }),
  ),
  sample(
    'token-stock-auditor',
    'HDK040',
    (language) => TokensPage({ frame: operator(language), ...stock, moves: false, imports: false }),
    0,
  ),
  sample(
    'token-stock-empty',
    'HDK040',
    (language) =>
      TokensPage({
        frame: operator(language),
        ...stock,
        query: { ...stock.query, state: 'in-stock' },
        tokens: [],
        after: null,
      }),
    0,
  ),
  sample('token-life', 'HDK044', (language) =>
    TokenPage({ frame: operator(language), token: life, moves: ['exchange', 'lose', 'revoke'] }),
  ),
  sample('token-in-stock', 'HDK044', (language) =>
    TokenPage({ frame: operator(language), token: inStock, moves: ['assign', 'lose', 'revoke'] }),
  ),
  sample(
    'token-life-auditor',
    'HDK044',
    (language) => TokenPage({ frame: operator(language), token: { ...life, drift: -2 }, moves: [] }),
    0,
  ),
  sample('assign-for-whom', 'HDK045', (language) =>
    AssignPage({
      frame: operator(language, failed),
      errors: [
        { field: 'contract_number', key: 'assign.not-applied' },
        { field: 'reason', key: 'form.choose' },
      ],
      left: [{ serial: '4206715538', why: 'not-in-stock' }],
      serials: ['4230175846', '4230175853'],
      typed: { contractNumber: minato.contractNumber, reason: '', formNumber: 'K-2026-401' },
    }),
  ),
  sample('assign-check', 'HDK045', (language) =>
    MoveCheckPage({
      frame: operator(language),
      ...check,
      move: 'assign',
      order,
      targets: [target('4230175846', { fee: 0 }), target('4230175853', { fee: 1_080 })],
      left: [{ serial: '4206715538', why: 'not-in-stock' }],
    }),
  ),
  sample('assign-late-check', 'HDK045', (language) =>
    MoveCheckPage({
      frame: operator(language),
      ...check,
      move: 'assign',
      order: { ...order, limit: { at: now - days(4), over: true } },
      targets: [target('4230175846', { fee: 1_080 })],
    }),
  ),
  sample('ship-check', 'HDK045', (language) =>
    MoveCheckPage({
      frame: operator(language),
      ...check,
      move: 'ship',
      targets: [
        target('4230175846', { state: 'ordered', limit: { is: 'told', at: now + days(20) } }),
        target('4230175853', { state: 'ordered', limit: { is: 'none', at: null } }),
      ],
    }),
  ),
  sample('arrive-check', 'HDK045', (language) =>
    MoveCheckPage({
      frame: operator(language),
      ...check,
      move: 'arrive',
      targets: [
        target('4230175846', { state: 'shipped', limit: { is: 'becomes', at: now + days(14) } }),
        target('4230175853', { state: 'shipped', limit: { is: 'stays', at: now + days(4) } }),
        target('4230175861', { state: 'shipped', limit: { is: 'over', at: now - days(4) } }),
      ],
    }),
  ),
  sample('exchange-check', 'HDK045', (language) =>
    MoveCheckPage({
      frame: operator(language),
      ...check,
      move: 'exchange',
      targets: [
        target('4214630979', { state: 'expiring', next: { serial: '4225067184', expiresAt: now + days(1_800) } }),
        target('4214630980', { state: 'expired', next: { serial: '4225067185', expiresAt: null } }),
      ],
      left: [{ serial: '4214630981', why: 'no-stock' }],
    }),
  ),
  sample('lose-check', 'HDK045', (language) =>
    MoveCheckPage({
      frame: operator(language, failed),
      ...check,
      errors: [{ field: 'reason', key: 'form.required' }],
      move: 'lose',
      targets: [target('4214630979', { state: 'registered', holders: many }), target('4230175846', { holders: [] })],
    }),
  ),
  sample('assign-result', 'HDK046', (language) =>
    MoveResultPage({
      frame: operator(language, failed),
      ...nothing,
      move: 'assign',
      fee: 1_080,
      tokens: [
        done('4230175846', { fee: 0 }),
        done('4230175853', { fee: 1_080 }),
        done('4230175861', { done: false, why: 'stale', from: 'ordered', to: 'ordered' }),
        done('4299999999', { done: false, why: 'unknown', from: null, to: null, companyName: null }),
      ],
    }),
  ),
  sample('exchange-result', 'HDK046', (language) =>
    MoveResultPage({
      frame: operator(language, failed),
      ...nothing,
      move: 'exchange',
      tokens: [done('4214630979', { from: 'expiring', to: 'expiring', fee: 0, successor: '4225067184' })],
    }),
  ),
  sample('arrive-result', 'HDK046', (language) =>
    MoveResultPage({
      frame: operator(language, failed),
      ...nothing,
      move: 'arrive',
      limits: [{ company: minato.companyName, at: now + days(14) }],
      tokens: [done('4230175846', { from: 'shipped', to: 'arrived' })],
    }),
  ),
  sample(
    'move-slip',
    'PRT006',
    (language) =>
      MoveSlipPage({
        frame: operator(language, failed),
        move: 'assign',
        fee: 1_080,
        mails: 0,
        limits: [],
        people: 0,
        tokens: [
          done('4230175846', { fee: 1_080 }),
          done('4299999999', { done: false, why: 'unknown', from: null, to: null, companyName: null }),
        ],
        by: { name: '窓口 綾乃', loginId: 'tantou01' },
        at: now - minutes(1),
        back: '/helpdesk/tokens/result/k',
      }),
    0,
  ),
  sample('lose-result', 'HDK046', (language) =>
    MoveResultPage({
      frame: operator(language, failed),
      ...nothing,
      move: 'lose',
      people: 2,
      mailPending: true,
      tokens: [done('4214630979', { from: 'registered', to: 'lost' })],
    }),
  ),
  sample('due-limit', 'HDK047', (language) => DuePage({ frame: operator(language), ...due })),
  sample('due-sent', 'HDK047', (language) =>
    DuePage({
      frame: operator(language, failed),
      ...due,
      banners: [{ key: 'reminded.sent', values: { n: 14 } }],
      mailPending: true,
      chosen: [],
    }),
  ),
  sample('due-expiry-none-chosen', 'HDK047', (language) =>
    DuePage({
      frame: operator(language, failed),
      ...due,
      errors: [{ field: 'people', key: 'HDK047.18' }],
      query: { ...due.query, about: 'expiry' },
      lines: [line('c1', { tokens: 9, followed: 4 })],
      chosen: [],
    }),
  ),
  sample(
    'due-arrival',
    'HDK047',
    (language) =>
      DuePage({
        frame: operator(language),
        ...due,
        query: { ...due.query, about: 'arrival', page: 1, total: 1, contractNumber: minato.contractNumber },
        lines: [line('c1', { tokens: 9, people: 0, told: 0, tells: false })],
      }),
    0,
  ),
  sample(
    'due-nothing',
    'HDK047',
    (language) => DuePage({ frame: operator(language), ...due, query: { ...due.query, page: 1, total: 0 }, lines: [] }),
    0,
  ),
  sample('otp-application', 'HDK048', (language) => OtpApplicationPage({ frame: operator(language), ...application })),
  sample('otp-application-refused', 'HDK048', (language) =>
    OtpApplicationPage({
      frame: operator(language, failed),
      ...application,
      errors: [
        { field: 'grace_until', key: 'limit.too-far', values: { date: now + days(45) } },
        { field: 'reason', key: 'form.required' },
      ],
      from: { is: 'application', days: 45, at: now - days(20), arrivalDays: 14 },
      typed: { application: 'both', limit: '2099-01-01', words: '' },
    }),
  ),
  sample('otp-application-changed', 'HDK048', (language) =>
    OtpApplicationPage({
      frame: operator(language, failed),
      ...application,
      banners: [{ key: 'applied.done' }],
      from: { is: 'set', at: now },
      extension: { is: 'used' },
      mailPending: true,
    }),
  ),
  sample('otp-application-clerk', 'HDK048', (language) =>
    OtpApplicationPage({
      frame: operator(language),
      ...application,
      company: { ...application.company, application: 'none', appliedAt: null, arrivedAt: null },
      limit: null,
      from: { is: 'none' },
      extension: { is: 'not-allowed' },
      again: { is: 'same', until: now + days(30), limit: now + days(11) },
      unregistered: null,
    }),
  ),
  sample('otp-application-given-up', 'HDK048', (language) =>
    OtpApplicationPage({
      frame: operator(language, failed),
      ...application,
      company: { ...application.company, application: 'software', appliedAt: now - days(90), arrivedAt: null },
      errors: [{ field: 'reason', key: 'form.required' }],
      limit: null,
      from: { is: 'none' },
      again: { is: 'new' },
      unregistered: { total: 0, people: [] },
    }),
  ),
  sample(
    'otp-application-auditor',
    'HDK048',
    (language) =>
      OtpApplicationPage({
        frame: operator(language),
        ...application,
        from: { is: 'application', days: 45, at: now - days(20), arrivalDays: null },
        changes: false,
        extension: { is: 'not-allowed' },
      }),
    0,
  ),
  sample(
    'companies',
    'HDK011',
    (language) =>
      CompaniesPage({
        frame: operator(language),
        query: { q: 'みなと', page: 2, per: 50, total: 120 },
        companies: [
          {
            id: 'c1',
            name: minato.companyName,
            contractNumber: minato.contractNumber,
            suspended: false,
            application: 'both',
            limit: now + days(11),
            people: 10_000,
            withToken: 9_990,
          },
          {
            id: 'c2',
            name: '株式会社朝日丘建設',
            contractNumber: '3140582279',
            suspended: true,
            application: 'none',
            limit: null,
            people: 2,
            withToken: 0,
          },
        ],
      }),
    0,
  ),
  sample(
    'companies-none',
    'HDK011',
    (language) =>
      CompaniesPage({ frame: operator(language), query: { q: 'zzz', page: 1, per: 50, total: 0 }, companies: [] }),
    0,
  ),
];
