// Samples of the company console.
import { ForgetCheckPage } from '../../../views/company/forget-check.tsx';
import { CompanyLinksPage } from '../../../views/company/links.tsx';
import { CompanyMenuPage, PeopleMenuPage } from '../../../views/company/menu.tsx';
import type { PersonRow } from '../../../views/company/people-list.tsx';
import { PeoplePage } from '../../../views/company/people.tsx';
import { PersonPage } from '../../../views/company/person.tsx';
import { PeopleSheetPage } from '../../../views/print/people.tsx';
import { ForgetResultPage, UnlinkResultPage } from '../../../views/company/result.tsx';
import { UnlinkCheckPage } from '../../../views/company/unlink-check.tsx';
import { days, minutes, now, sample, signedIn, type Sample } from './frame.ts';

const link = { bd: 'minato03', since: now - days(30), lastUsed: now - days(1) };
const row = (id: string, more: Partial<PersonRow>): PersonRow => ({
  id,
  name: '高橋 直樹',
  loginId: 'ntakahashi',
  role: 'member',
  states: ['available'],
  token: 'hardware',
  tokenState: 'in-use',
  waitsUntil: null,
  link,
  devices: 1,
  lastLogin: now - days(1),
  self: false,
  ...more,
});
const people = [
  row('p1', { name: '鈴木 美咲', loginId: 'msuzuki14', role: 'admin', self: true }),
  row('p2', {}),
  row('p3', {
    name: '田中 由美',
    loginId: '104820157',
    states: ['new'],
    token: null,
    tokenState: 'none',
    link: null,
    devices: 0,
    lastLogin: null,
  }),
  row('p4', {
    name: '伊藤 拓也',
    loginId: 'tito77',
    states: ['password-locked', 'otp-stopped'],
    token: 'software',
    devices: 0,
  }),
];
const query = {
  path: '/company/people',
  q: '',
  state: '',
  role: '',
  tokenKind: '',
  sort: 'login_id',
  page: 2,
  per: 20,
  total: 64,
} as const;
const target = { id: 'p2', name: '高橋 直樹', loginId: 'ntakahashi', states: ['available'] };
const done = { ...target, result: 'done', why: null, before: 'minato03', after: '未連携' } as const;
const left = { ...done, id: 'p4', name: '伊藤 拓也', result: 'out', why: { key: 'edit.stale' } } as const;
const code = { kind: 'hardware', last4: '0733', afterLogin: true } as const;
const reference = '7K3F-92QD';

export const companySamples: readonly Sample[] = [
  sample(
    'company',
    'CON001',
    (l) => CompanyMenuPage({ frame: signedIn(l), banners: [{ key: 'last.warn' }], stopped: 2, dueSoon: 1, waiting: 3 }),
    0,
  ),
  sample('people-menu', 'CON002', (l) => PeopleMenuPage({ frame: signedIn(l), banners: [] }), 0),
  sample('people', 'CON010', (l) =>
    PeoplePage({
      frame: signedIn(l, { reference }),
      errors: [{ field: 'people', key: 'bulk.none' }],
      banners: [],
      query: { ...query, q: '高', state: 'linked' },
      people,
      chosen: null,
    }),
  ),
  sample('people-none', 'CON010', (l) =>
    PeoplePage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      query: { ...query, q: 'x', page: 1, total: 0 },
      people: [],
      chosen: null,
    }),
  ),
  sample('people-alone', 'CON010', (l) =>
    PeoplePage({
      frame: signedIn(l, { reference }),
      errors: [{ field: 'people', key: 'self.edit' }],
      banners: [],
      query: { ...query, page: 1, total: 1 },
      people: people.slice(0, 1),
      chosen: 'p1',
    }),
  ),
  sample('people-ordered', 'CON010', (l) =>
    PeoplePage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      query: { ...query, state: 'otp-stopped', role: 'member', tokenKind: 'none', sort: '-last_login' },
      people,
      chosen: null,
    }),
  ),
  sample('person', 'CON011', (l) =>
    PersonPage({
      frame: signedIn(l),
      banners: [{ key: 'issue.guard', values: { at: now + days(1) } }],
      person: row('p4', { states: ['password-locked', 'otp-stopped'] }),
      email: { address: 'tito@minato.example.co.jp', proven: false },
      createdAt: now - days(400),
      readsRecords: true,
      restrictions: [
        { state: 'password-locked', cause: 'misses', misses: 5, since: now, until: now + minutes(30) },
        { state: 'otp-stopped', cause: 'drift', misses: 5, since: now, until: null },
      ],
      expires: { login: now + days(30), confirmation: null },
      token: { serial: '4259800733', since: now - days(100), expires: now + days(900), holders: 2 },
      issueUntil: null,
      waiting: null,
      changedThem: true,
      devices: [{ label: '経理課の自席PC', lastUsed: now - days(2) }],
      sessions: 2,
      portals: ['経費精算クラウド', '電子契約サービス'],
      accounts: [
        {
          id: 'a1',
          branchCode: '100',
          branchName: '青山支店',
          kind: '普通',
          number: '1234567',
          memo: '',
          granted: true,
        },
      ],
      records: [],
      jumps: ['change', 'state', 'otp-release', 'unlink', 'forget', 'delete'],
    }),
  ),
  sample(
    'person-self',
    'CON011',
    (l) =>
      PersonPage({
        frame: signedIn(l),
        banners: [],
        person: row('p1', {
          self: true,
          role: 'admin',
          token: null,
          tokenState: 'issued',
          link: null,
          lastLogin: null,
        }),
        email: null,
        createdAt: now,
        readsRecords: false,
        restrictions: [],
        expires: { login: null, confirmation: undefined },
        token: null,
        issueUntil: now + days(2),
        waiting: null,
        changedThem: false,
        devices: [],
        sessions: 0,
        portals: [],
        accounts: [],
        records: null,
        jumps: [],
      }),
    0,
  ),
  sample(
    'people-sheet',
    'PRT005',
    (l) =>
      PeopleSheetPage({
        frame: signedIn(l),
        company: { name: '株式会社みなと精機', contractNumber: '004500128673' },
        query: { ...query, page: 1, q: '高', total: 1_204 },
        people,
      }),
    0,
  ),
  sample('company-links', 'CON070', (l) =>
    CompanyLinksPage({ frame: signedIn(l), errors: [], banners: [], query, people, chosen: ['p2'] }),
  ),
  sample('unlink-check', 'CON071', (l) =>
    UnlinkCheckPage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      people: [{ ...target, bd: 'minato03', devices: 1, logins: 1, portals: ['経費精算クラウド'] }],
      code,
      hidden: [],
    }),
  ),
  sample('unlink-result', 'CON072', (l) =>
    UnlinkResultPage({
      frame: signedIn(l, { reference }),
      people: [done, left],
      portals: [{ name: '経費精算クラウド', done: true }],
      mailPending: false,
      action: null,
    }),
  ),
  sample('forget-check', 'CON080', (l) =>
    ForgetCheckPage({
      frame: signedIn(l, { reference }),
      errors: [{ field: null, key: 'confirm.locked', values: { until: now + minutes(30), ask: 'admin' } }],
      banners: [],
      people: [{ ...target, devices: [{ label: 'Chrome / Windows', lastUsed: now - days(1) }] }],
      hidden: [],
    }),
  ),
  sample('forget-result', 'CON081', (l) =>
    ForgetResultPage({
      frame: signedIn(l, { reference }),
      people: [{ ...done, before: null, after: null }],
      mailPending: true,
      action: null,
    }),
  ),
];
