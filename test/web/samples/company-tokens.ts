// Samples of the company's key-fobs and of the order form.
import type { Language } from '../../../views/parts/format.ts';
import { ArrivalResultPage } from '../../../views/company/tokens-arrived.tsx';
import { CompanyTokensPage, type CompanyTokenRow } from '../../../views/company/tokens.tsx';
import { TokenOrderPage } from '../../../views/print/token-order.tsx';
import { days, frameIn, now, sample, signedIn, type Sample } from './frame.ts';

const reference = '7K3F-92QD';

const row = (serial: string, more: Partial<CompanyTokenRow>): CompanyTokenRow => ({
  serial,
  state: 'registered',
  stages: [
    ['ordered', now - days(20)],
    ['shipped', now - days(18)],
    ['arrived', now - days(16)],
    ['registered', now - days(15)],
  ],
  expires: now + days(1_500),
  users: [{ id: 'p1', name: '鈴木 美咲' }],
  holders: 1,
  successor: null,
  follows: null,
  ...more,
});

const waiting = (n: number): CompanyTokenRow['stages'] =>
  row('', {}).stages.map(([stage, at], place) => [stage, place < n ? at : null] as const);

const tokens = [
  row('4237905259', {}),
  row('4287523330', {
    state: 'expiring',
    expires: now + days(20),
    users: ['高橋 直樹', '田中 由美', '伊藤 拓也', '中村 さくら', '斎藤 恵'].map((name, n) => ({ id: `s${n}`, name })),
    holders: 12,
    successor: '4243801823',
  }),
  row('4243801823', { state: 'shipped', stages: waiting(2), users: [], holders: 0, follows: '4287523330' }),
  row('4230175846', { state: 'shipped', stages: waiting(2), users: [], holders: 0, expires: null }),
  row('4230175853', { state: 'ordered', stages: waiting(1), users: [], holders: 0 }),
  row('4230175861', { state: 'arrived', stages: waiting(3), users: [], holders: 0 }),
  row('4230175879', { state: 'expired', expires: now - days(3) }),
  row('4230175884', { state: 'lost', users: [], holders: 0, stages: [...waiting(4), ['lost', now - days(2)]] }),
  row('4230175892', { state: 'replaced', users: [], holders: 0, stages: [...waiting(4), ['replaced', now] as const] }),
  row('4230175900', { state: 'revoked', users: [], holders: 0, stages: waiting(0) }),
];

const query = {
  path: '/company/tokens',
  q: '',
  state: '',
  per: 50,
  total: 10,
  older: null,
  newer: null,
  waiting: 1,
} as const;

const nobody = { total: 0, page: 1, people: [] };
const person = {
  id: 'p7',
  name: '渡辺 陽子',
  loginName: 'ywatanabe',
  states: ['available'],
  role: 'member',
  since: now - days(20),
  limit: now + days(3),
} as const;

const list = (l: Language): Parameters<typeof CompanyTokensPage>[0] => ({
  frame: signedIn(l, { address: '/company/tokens' }),
  errors: [],
  query,
  counts: [
    { state: 'shipped', n: 2 },
    { state: 'registered', n: 1 },
    { state: 'lost', n: 0 },
  ],
  applied: true,
  tokens,
  chosen: ['4230175846'],
  quota: { left: 1, token: 1080, reissue: 1080 },
  sharingMode: 'some',
  unregistered: {
    total: 3,
    page: 1,
    people: [
      person,
      { ...person, id: 'p8', name: '山本 健', loginName: 'kyamamoto', role: 'admin', limit: now - days(1) },
      { ...person, id: 'p9', name: '小林 茜', loginName: 'akobayashi', limit: null },
    ],
  },
  blocks: 'operations',
  form: '/company/tokens/print',
  hidden: [{ name: 'edit', value: 'what-was-shown' }],
});

const order = (l: Language): Parameters<typeof TokenOrderPage>[0] => ({
  frame: signedIn(l),
  number: reference,
  company: { name: '株式会社みなと精機', contractNumber: '1014820157' },
  kind: 'additional',
  count: 3,
  serials: [],
  freeLeft: 1,
  fee: { free: 1, total: 2160, one: 1080, most: 3 },
  choice: { path: '/company/tokens/print', max: 99 },
  back: '/company/tokens',
});

export const companyTokenSamples: readonly Sample[] = [
  sample('company-tokens', 'CON110', (l) => CompanyTokensPage(list(l))),
  sample('company-tokens-none-chosen', 'CON110', (l) =>
    CompanyTokensPage({
      ...list(l),
      frame: signedIn(l, { reference, address: '/company/tokens' }),
      errors: [{ field: 'people', key: 'tokens.none' }],
      chosen: [],
    }),
  ),
  sample(
    'company-tokens-many',
    'CON110',
    (l) =>
      CompanyTokensPage({
        ...list(l),
        query: {
          ...query,
          state: 'registered',
          q: '42',
          total: 1_204,
          older: '4237905259',
          newer: '4287523330',
          waiting: 2,
        },
        tokens: tokens.slice(0, 2),
        unregistered: { total: 120, page: 2, people: [person] },
      }),
    0,
  ),
  sample(
    'company-tokens-not-found',
    'CON110',
    (l) => CompanyTokensPage({ ...list(l), query: { ...query, q: '99' }, tokens: [], unregistered: nobody }),
    0,
  ),
  sample(
    'company-tokens-none-yet',
    'CON110',
    (l) => CompanyTokensPage({ ...list(l), query: { ...query, total: 0 }, counts: [], tokens: [] }),
    0,
  ),
  sample(
    'company-tokens-not-applied',
    'CON110',
    (l) =>
      CompanyTokensPage({
        ...list(l),
        applied: false,
        query: { ...query, total: 0 },
        counts: [],
        tokens: [],
        unregistered: nobody,
      }),
    0,
  ),
  sample('tokens-arrived', 'CON110', (l) =>
    ArrivalResultPage({
      frame: signedIn(l, { reference }),
      limit: now + days(14),
      tokens: [
        { serial: '4243801823', why: null },
        { serial: '4230175846', why: 'not-shipped' },
        { serial: '4230175861', why: 'already' },
        { serial: '4230175884', why: 'ended' },
        { serial: '9999999999', why: 'unknown' },
      ],
    }),
  ),
  sample('token-order-additional', 'PRT003', (l) => TokenOrderPage(order(l)), 0),
  sample(
    'token-order-lost',
    'PRT003',
    (l) =>
      TokenOrderPage({
        ...order(l),
        kind: 'lost',
        count: 2,
        serials: ['4237905259', '4230175884'],
        fee: { free: 0, total: 2160, one: 1080, most: 3 },
      }),
    0,
  ),
  sample(
    'token-order-fault',
    'PRT003',
    (l) => TokenOrderPage({ ...order(l), kind: 'fault', count: 1, fee: { free: 0, total: 0, one: 1080, most: 3 } }),
    0,
  ),
  sample(
    'token-order-signed-out',
    'PRT003',
    (l) =>
      TokenOrderPage({
        ...order(l),
        frame: frameIn(l),
        company: null,
        kind: 'lost',
        count: 1,
        serials: ['4237905259'],
        freeLeft: null,
        fee: { free: 0, total: 1080, one: 1080, most: 3 },
        choice: null,
        back: '/',
      }),
    0,
  ),
];
