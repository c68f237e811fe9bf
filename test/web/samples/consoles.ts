// Samples of the top page and of self-service.
import { DevicesPage } from '../../../views/self-service/devices.tsx';
import { LinkRemovePage } from '../../../views/self-service/link-remove.tsx';
import { LinkResultPage } from '../../../views/self-service/link-result.tsx';
import { OwnLinkPage } from '../../../views/self-service/link.tsx';
import { SelfServiceMenuPage } from '../../../views/self-service/menu.tsx';
import { TopPage } from '../../../views/top/top.tsx';
import { days, minutes, now, sample, signedIn, type Sample } from './frame.ts';

const link = { bd: 'minato03', since: now - days(30), lastUsed: now - days(1) };
const code = { kind: 'hardware', last4: '0733', afterLogin: true } as const;
const device = { since: now - days(20), lastUsed: now - days(1), until: now + days(70) };
const reference = '7K3F-92QD';

export const consoleSamples: readonly Sample[] = [
  sample(
    'top',
    'TOP001',
    (l) =>
      TopPage({
        frame: signedIn(l),
        banners: [
          { key: 'link.done', values: { bd: 'minato02', login_id: 'msuzuki14' } },
          { key: 'password.locked', values: { until: now + minutes(30), ask: 'admin' } },
          { key: 'expiry.soon', values: { date: now + days(7) } },
          { key: 'last.warn' },
        ],
        name: '鈴木 美咲',
        loginId: 'msuzuki14',
        company: '株式会社みなと精機',
        role: 'admin',
        lastLogin: { at: now - days(1), route: 'federated', code: 'device', reference },
        failures: 2,
        lockedAt: now - minutes(50),
        records: true,
        portals: [
          { name: '経費精算クラウド', about: '立替金と出張費の精算', href: 'http://localhost:3002/', otp: false },
          { name: '電子契約サービス', about: '', href: 'http://localhost:3002/', otp: true },
        ],
        notices: [],
      }),
    0,
  ),
  sample(
    'top-empty',
    'TOP001',
    (l) =>
      TopPage({
        frame: signedIn(l),
        banners: [],
        name: '高橋 直樹',
        loginId: 'ntakahashi',
        company: '株式会社みなと精機',
        role: 'member',
        lastLogin: null,
        failures: 0,
        lockedAt: null,
        records: true,
        portals: [],
        notices: [{ at: now, title: 'システム点検のお知らせ' }],
      }),
    0,
  ),
  sample(
    'self-service',
    'SLF001',
    (l) =>
      SelfServiceMenuPage({
        frame: signedIn(l),
        banners: [],
        passwords: { expires: now + days(80), states: ['confirmation-locked'] },
        email: { masked: 'm***@minato.example.co.jp', proven: true },
        token: { state: 'in-use', kind: 'hardware', expires: now + days(400), from: null },
        bd: 'minato02',
        devices: 2,
        sessions: 3,
      }),
    0,
  ),
  sample(
    'self-service-bare',
    'SLF001',
    (l) =>
      SelfServiceMenuPage({
        frame: signedIn(l),
        banners: [],
        passwords: { expires: null, states: [] },
        email: null,
        token: { state: 'not-applied', kind: null, expires: null, from: null },
        bd: null,
        devices: 0,
        sessions: 1,
      }),
    0,
  ),
  sample('own-link', 'SLF040', (l) => OwnLinkPage({ frame: signedIn(l), banners: [], loginId: 'msuzuki14', link })),
  sample(
    'own-link-none',
    'SLF040',
    (l) => OwnLinkPage({ frame: signedIn(l), banners: [], loginId: 'msuzuki14', link: null }),
    0,
  ),
  sample('link-remove', 'SLF041', (l) =>
    LinkRemovePage({
      frame: signedIn(l, { reference }),
      errors: [{ field: 'confirmation_password', key: 'confirm.wrong', values: { n: 4 } }],
      banners: [],
      bd: 'minato02',
      loginId: 'msuzuki14',
      devices: 2,
      logins: 1,
      portals: ['経費精算クラウド'],
      endsThis: true,
      code,
    }),
  ),
  sample('link-result', 'SLF042', (l) =>
    LinkResultPage({
      frame: signedIn(l, { reference }),
      portals: [{ name: '経費精算クラウド', done: false }],
      endsThis: true,
      mailPending: true,
      action: null,
    }),
  ),
  sample('devices', 'SLF050', (l) =>
    DevicesPage({
      frame: signedIn(l),
      errors: [],
      banners: [{ key: 'forget.done' }],
      devices: [
        { id: 'd1', label: '経理課の自席PC', browser: 'Chrome / Windows', ...device, here: false },
        { id: 'd2', label: 'Chrome / macOS', browser: 'Chrome / macOS', ...device, here: true },
      ],
      ended: [{ label: '会議室PC', browser: 'Edge / Windows', endedAt: now - days(5), why: 'password-changed' }],
      chosen: null,
      rename: { typed: '' },
    }),
  ),
  sample(
    'devices-none',
    'SLF050',
    (l) =>
      DevicesPage({ frame: signedIn(l), errors: [], banners: [], devices: [], ended: [], chosen: null, rename: null }),
    0,
  ),
];
