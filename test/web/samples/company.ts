// Samples of the company console.
import { ForgetCheckPage } from '../../../views/company/forget-check.tsx';
import { CompanyLinksPage } from '../../../views/company/links.tsx';
import { CompanyMenuPage, PeopleMenuPage } from '../../../views/company/menu.tsx';
import type { PersonRow } from '../../../views/company/people-list.tsx';
import { PeoplePage } from '../../../views/company/people.tsx';
import { PersonPage } from '../../../views/company/person.tsx';
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
const query = { path: '/company/people', q: '', state: '', page: 2, per: 20, total: 64 } as const;
const target = { id: 'p2', name: '高橋 直樹', loginId: 'ntakahashi', states: ['available'] };
const done = { ...target, result: 'done', why: null, before: 'minato03', after: '未連携' } as const;
const left = { ...done, id: 'p4', name: '伊藤 拓也', result: 'out', why: { key: 'edit.stale' } } as const;
const code = { kind: 'hardware', last4: '0733', afterLogin: true } as const;
const reference = '7K3F-92QD';

export const companySamples: readonly Sample[] = [
  sample(
    'company',
    'CON001',
    (l) => CompanyMenuPage({ frame: signedIn(l), banners: [{ key: 'last.warn' }], stopped: 2, dueSoon: 1 }),
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
  sample(
    'people-none',
    'CON010',
    (l) =>
      PeoplePage({
        frame: signedIn(l),
        errors: [],
        banners: [],
        query: { ...query, q: 'x', page: 1, total: 0 },
        people: [],
        chosen: null,
      }),
    0,
  ),
  sample('person', 'CON011', (l) =>
    PersonPage({
      frame: signedIn(l),
      banners: [],
      person: row('p4', { states: ['password-locked', 'otp-stopped'] }),
      email: 't***@minato.example.co.jp',
      passwordExpires: now + days(30),
      locks: [{ state: 'password-locked', until: now + minutes(30) }],
      token: { serial: '4259800733', since: now - days(100) },
      portals: ['経費精算クラウド', '電子契約サービス'],
    }),
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
