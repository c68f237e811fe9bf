// Samples of the pages that show sign-ins and records: one's own, and a company's.
import { CompanyRecordPage } from '../../../views/company/record.tsx';
import { CompanyRecordsPage } from '../../../views/company/records.tsx';
import type { RecordDetailRow } from '../../../views/parts/record-detail.tsx';
import type { RecordsQuery } from '../../../views/parts/records.tsx';
import { HistoryPage } from '../../../views/self-service/history.tsx';
import { OwnRecordPage } from '../../../views/self-service/record.tsx';
import { SessionsPage } from '../../../views/self-service/sessions.tsx';
import { days, minutes, now, sample, signedIn, type Sample } from './frame.ts';

const reference = '7K3F-92QD';

const plain: RecordDetailRow = {
  at: now - minutes(5),
  reference,
  event: 'login.finished',
  outcome: 'done',
  route: 'federated',
  code: 'skipped',
  device: '経理課の自席PC',
  secrets: [],
  person: null,
  by: { who: 'self' },
  agent: 'Chrome / Windows',
  portals: ['経費精算クラウド'],
  why: null,
  row: '17',
  act: null,
  count: null,
  changes: [],
  receipt: null,
  acr: null,
  amr: [],
  last4: null,
};

const person = { name: '高橋 直樹', loginId: 'ntakahashi14' };

const signIn: RecordDetailRow = {
  ...plain,
  code: 'shared',
  device: null,
  acr: 'urn:renkei:acr:federated-otp',
  amr: ['fed', 'pwd', 'otp'],
  last4: '0733',
  receipt: {
    upstream: { display: 'minato03' },
    passwordAt: now - minutes(6),
    otp: { kind: 'hardware', shared: true, by: 'code' },
    otpAnswer: 'asked',
    rememberedHere: true,
    authTime: now - minutes(7),
    policyVersion: 'demo-4f2a81c0',
    rows: [
      { row: '4', at: now - minutes(8) },
      { row: '5', at: now - minutes(7) },
      { row: '12', at: now - minutes(6) },
      { row: '17', at: now - minutes(5) },
    ],
  },
};

const noFobs = { serials: [], reason: null, fee: null, limit: null, about: null };

const rows: readonly RecordDetailRow[] = [
  plain,
  {
    ...plain,
    event: 'token.ordered',
    code: null,
    device: null,
    row: null,
    by: { who: 'desk' },
    fobs: { ...noFobs, serials: ['4237905259', '4287523330'], reason: 'loss', fee: 2_160 },
  },
  {
    ...plain,
    event: 'token.arrived',
    code: null,
    device: null,
    row: null,
    fobs: { ...noFobs, serials: ['4237905259'], limit: now + days(14) },
  },
  { ...plain, event: 'token.retired', code: null, device: null, row: null, why: 'lost', last4: '5259' },
  {
    ...plain,
    event: 'token.reminded',
    code: null,
    device: null,
    row: null,
    count: 12,
    fobs: { ...noFobs, about: 'limit' },
  },
  {
    ...plain,
    event: 'company.grace-extended',
    code: null,
    device: null,
    row: null,
    changes: [{ what: 'limit', before: [String(now)], after: [String(now + days(10))] }],
  },
  {
    ...plain,
    event: 'company.otp-applied',
    code: null,
    device: null,
    row: null,
    changes: [{ what: 'otpApplication', before: ['none'], after: ['hardware'] }],
  },
  {
    ...plain,
    event: 'company.changed',
    code: null,
    device: null,
    row: null,
    changes: [
      { what: 'sharingMode', before: ['some'], after: ['one_each'] },
      { what: 'hours', before: [], after: ['08:30–18:00'] },
    ],
  },
  {
    ...plain,
    event: 'operation.approved',
    code: 'typed',
    device: null,
    row: null,
    items: [
      {
        action: '振込',
        payee: '<b>みなと銀行</b> 本店 普通 1234567',
        amount: { value: '1500000', currency: 'JPY' },
        count: null,
        date: '2026-11-30',
        number: null,
      },
    ],
  },
  { ...plain, event: 'password.missed', outcome: 'missed', route: 'direct', code: null, by: { who: 'stranger' } },
  {
    ...plain,
    event: 'password.locked',
    outcome: 'noted',
    route: null,
    code: null,
    secrets: ['login'],
    by: { who: 'system' },
  },
  {
    ...plain,
    event: 'lock.released',
    route: null,
    code: null,
    secrets: ['login', 'confirmation'],
    by: { who: 'admin' },
  },
  { ...plain, event: 'link.removed', route: null, code: null, by: { who: 'desk' } },
];

const query: RecordsQuery = {
  path: '/self-service/history',
  q: null,
  from: '2026-11-01',
  to: '',
  kind: 'sign-in',
  newer: 120,
  older: 70,
  since: now - days(100),
};

const session = {
  startedAt: now - minutes(30),
  route: 'federated',
  code: 'skipped',
  device: '経理課の自席PC',
  browser: 'Chrome / Windows',
  portals: ['経費精算クラウド', '電子契約サービス'],
} as const;

export const recordSamples: readonly Sample[] = [
  sample('sessions', 'SLF055', (l) =>
    SessionsPage({
      frame: signedIn(l, { reference }),
      errors: [{ field: 'session', key: 'form.choose' }],
      banners: [{ key: 'session.ended' }],
      sessions: [
        { ...session, id: 's1', here: true },
        { ...session, id: 's2', route: 'direct', code: 'typed', device: null, portals: [], here: false },
      ],
      ended: [
        { ...session, id: 's3', endedAt: now - minutes(20), why: 'too-many' },
        { ...session, id: 's4', code: 'none', device: null, endedAt: now - days(1), why: 'never heard of' },
      ],
      most: 5,
      chosen: null,
    }),
  ),
  sample('sessions-one', 'SLF055', (l) =>
    SessionsPage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      sessions: [{ ...session, id: 's1', here: true }],
      ended: [],
      most: 5,
      chosen: null,
    }),
  ),
  sample('history', 'SLF060', (l) => HistoryPage({ frame: signedIn(l), errors: [], query, records: rows }), 0),
  sample(
    'history-dates',
    'SLF060',
    (l) =>
      HistoryPage({
        frame: signedIn(l, { reference }),
        errors: [
          { field: 'from', key: 'form.date' },
          { field: 'to', key: 'form.date' },
        ],
        query: { ...query, from: '"><b>昨日', to: '2026-02-30', newer: null, older: null },
        records: [],
      }),
    0,
  ),
  sample(
    'history-none',
    'SLF060',
    (l) => HistoryPage({ frame: signedIn(l), errors: [], query: { ...query, newer: null, older: null }, records: [] }),
    0,
  ),
  sample('own-record', 'SLF061', (l) => OwnRecordPage({ frame: signedIn(l, { reference }), records: [signIn] })),
  sample('own-record-plain', 'SLF061', (l) =>
    OwnRecordPage({
      frame: signedIn(l, { reference }),
      records: [
        { ...plain, event: 'device.renamed', changes: [{ what: 'device_label', before: ['PC'], after: ['会議室PC'] }] },
        { ...plain, event: 'session.ended', route: null, code: null, why: 'ended-by-self' },
      ],
    }),
  ),
  sample(
    'company-records',
    'CON100',
    (l) =>
      CompanyRecordsPage({
        frame: signedIn(l),
        errors: [],
        query: { ...query, path: '/company/records', q: '高橋' },
        records: rows.map((row) => ({ ...row, person })),
        console: true,
      }),
    0,
  ),
  sample(
    'company-record',
    'CON101',
    (l) =>
      CompanyRecordPage({
        frame: signedIn(l, { reference }),
        records: [
          { ...signIn, person },
          {
            ...plain,
            event: 'account.changed',
            route: null,
            code: null,
            person,
            by: { who: 'master', name: '鈴木 美咲' },
            changes: [
              { what: 'name', before: ['高橋 直'], after: ['高橋 直樹'] },
              { what: 'role', before: ['member'], after: ['admin'] },
              { what: 'viewsRecords', before: ['false'], after: ['true'] },
              { what: 'portals', before: [], after: ['経費精算クラウド', '電子契約サービス'] },
              { what: 'something-new', before: [], after: ['x'] },
            ],
          },
          { ...plain, event: 'act.proven', act: 'change-user', count: 3, person: null, code: 'typed', route: null },
          { ...plain, event: 'sign-in.refused', outcome: 'refused', row: '10', person, code: null },
        ],
      }),
    0,
  ),
];
