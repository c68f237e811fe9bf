// Samples of the demo's own pages.
import { DemoClockPage } from '../../../views/demo/clock.tsx';
import { DemoGuidePage, type DemoPerson } from '../../../views/demo/guide.tsx';
import { DemoTokensPage } from '../../../views/demo/tokens.tsx';
import { frameIn, minutes, now, sample, type Sample } from './frame.ts';

const person: DemoPerson = {
  company: '株式会社みなと精機',
  role: 'admin',
  state: { ja: '利用可能(ID連携済み)', en: 'Available, linked' },
  name: '鈴木 美咲',
  loginId: 'msuzuki14',
  password: 'sazanami97',
  confirmationPassword: 'hazuki3622',
  token: { serial: '4259800733', href: 'http://localhost:3000/demo/tokens#token-4259800733' },
  bd: { id: 'minato02', password: 'Natsume87' },
};
const newcomer: DemoPerson = {
  ...person,
  name: '田中 由美',
  role: 'member',
  state: { ja: '初期設定前', en: 'Not set up' },
  loginId: '104820157',
  confirmationPassword: null,
  token: null,
  bd: null,
};
const base = 'http://localhost:3000';

export const demoSamples: readonly Sample[] = [
  sample(
    'demo',
    'DMO001',
    (l) =>
      DemoGuidePage({
        frame: frameIn(l),
        stories: {
          linking: [person],
          direct: [person],
          unlinking: [person, newcomer],
          newcomer: [newcomer],
          stopped: [person],
        },
        people: [person, newcomer],
        addresses: {
          helpdesk: 'http://localhost:3000/helpdesk',
          gateway: base,
          portal: 'http://localhost:3002',
          direct: 'http://localhost:3001',
          mail: 'http://localhost:3003',
          tokens: `${base}/demo/tokens`,
          clock: `${base}/demo/clock`,
        },
        operators: [
          {
            name: '責川 任三郎',
            role: 'supervisor',
            loginId: 'sekinin01',
            password: 'Sekinin11',
            fresh: false,
            token: '/demo/tokens#token-sekinin01',
          },
          { name: '新宮 仁', role: 'clerk', loginId: 'shinjin01', password: '4kTr8bWq2', fresh: true, token: null },
        ],
        unlockCommand: 'npx renkei unlock msuzuki14 --otp',
      }),
    0,
  ),
  sample(
    'demo-tokens',
    'DMO002',
    (l) =>
      DemoTokensPage({
        frame: frameIn(l),
        tokens: [
          {
            anchor: 'token-4259800733',
            serial: '4259800733',
            kind: 'hardware',
            holders: ['鈴木 美咲', '高橋 直樹'],
            code: '123456',
            until: now + minutes(1),
            driftMinutes: 0,
          },
          {
            anchor: 'token-4259800734',
            serial: '4259800734',
            kind: 'hardware',
            holders: [],
            code: '004217',
            until: now + minutes(1),
            driftMinutes: 4,
          },
          {
            anchor: 'token-tito22',
            serial: null,
            kind: 'software',
            holders: ['伊藤 拓也'],
            code: '884201',
            until: now + minutes(1),
            driftMinutes: 0,
          },
        ],
      }),
    0,
  ),
  sample('demo-clock', 'DMO003', (l) => DemoClockPage({ frame: frameIn(l), offsetSeconds: 1260 })),
];
