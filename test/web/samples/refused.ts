// Samples of every refusal and of the ends of a session.
import { EndedByChangePage } from '../../../views/end/ended-by-change.tsx';
import { SessionExpiredPage } from '../../../views/end/session-expired.tsx';
import { SignOutPage } from '../../../views/end/sign-out.tsx';
import { SignedOutPage } from '../../../views/end/signed-out.tsx';
import { RefusalPage } from '../../../views/refused/refusal.tsx';
import type { Refusal } from '../../../views/refused/refusals.ts';
import { failed, frameIn, minutes, now, sample, type Sample } from './frame.ts';

const portal = '経費精算クラウド';
const name = '鈴木 美咲';

const all: readonly Refusal[] = [
  { screen: 'REF001' },
  { screen: 'REF004', values: { at: now, ask: 'desk' } },
  { screen: 'REF005', values: { ask: 'any' } },
  { screen: 'REF006' },
  { screen: 'REF028' },
  { screen: 'REF007', values: { portal, name } },
  { screen: 'REF008', values: { login_id: 'msuzuki14', bdMasked: 'mi***02' } },
  { screen: 'REF009', values: { bd: 'minato02', ask: 'any' } },
  {
    screen: 'REF010',
    values: { bd: 'minato02', companyA: '株式会社みなと精機', login_id: 'ykita', companyB: '北野商事株式会社' },
  },
  { screen: 'REF011', values: { bd: 'minato02', login_id: 'msuzuki14' } },
  { screen: 'REF012' },
  { screen: 'REF013' },
  { screen: 'REF014' },
  { screen: 'REF015', values: { portal, name, unreachable: 'unregistered', ask: 'admin' } },
  { screen: 'REF017', values: { what: 'unlink', ask: 'any' } },
  { screen: 'REF018', values: { opens: now + minutes(60), reason: 'hours', serviceHours: '8:00〜21:00' } },
  { screen: 'REF019', values: { at: now + minutes(10) } },
  { screen: 'REF019', text: 'link.tries', values: { bd: 'minato02', at: now + minutes(600) } },
  { screen: 'REF020', values: { at: now + minutes(1) } },
  { screen: 'REF022', values: { portal } },
  { screen: 'REF023' },
  { screen: 'REF024' },
  { screen: 'REF025' },
  { screen: 'REF026' },
  { screen: 'REF027', values: { who: 'administrators' } },
];

export const refusedSamples: readonly Sample[] = [
  ...all.map((refusal, index) =>
    sample(`refused-${refusal.screen}-${index}`, refusal.screen, (l) =>
      RefusalPage({ frame: failed(l), refusal, cancel: true, action: null }),
    ),
  ),
  sample('sign-out', 'OUT001', (l) =>
    SignOutPage({
      frame: frameIn(l),
      portals: [portal, '電子契約サービス'],
      action: '/session/end/confirm',
      hidden: [{ name: 'xsrf', value: 'x' }],
    }),
  ),
  sample('signed-out', 'OUT002', (l) =>
    SignedOutPage({
      frame: frameIn(l),
      at: now,
      portals: [
        { name: portal, done: true },
        { name: '電子契約サービス', done: false },
      ],
      upstreamGoesOn: true,
      upstreamLogout: true,
      deviceGoesOn: true,
      back: { portal, href: 'http://localhost:3002/' },
      action: null,
    }),
  ),
  sample('session-expired', 'OUT003', (l) =>
    SessionExpiredPage({ frame: frameIn(l), at: now, minutes: 15, kept: true, action: '/' }),
  ),
  sample('ended-by-change', 'OUT004', (l) =>
    EndedByChangePage({ frame: failed(l), what: 'unlink', at: now, by: 'admin', ask: 'any', action: '/' }),
  ),
];
