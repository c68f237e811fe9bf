// Samples of registering and changing a person, and of the sheet.
import { PersonAccountsPage, type AccountView } from '../../../views/company/person-accounts.tsx';
import { PersonBasicsPage, type PersonBasicsProps } from '../../../views/company/person-basics.tsx';
import { PersonCheckPage } from '../../../views/company/person-check.tsx';
import { PersonPermissionsPage } from '../../../views/company/person-permissions.tsx';
import { PersonChangedPage, PersonRegisteredPage } from '../../../views/company/person-result.tsx';
import type { PersonView } from '../../../views/company/person-summary.tsx';
import { IdSheetPage } from '../../../views/print/id-sheet.tsx';
import { days, minutes, now, sample, signedIn, type Sample } from './frame.ts';

const reference = '7K3F-92QD';
const rules = { min: 8, max: 12, printable: false, history: 3 };
const account = (id: string, granted: boolean, more: Partial<AccountView> = {}): AccountView => ({
  id,
  branchCode: '100',
  branchName: '本店営業部',
  kind: '普通',
  number: '1042781',
  memo: '資金移動用口座',
  granted,
  ...more,
});
const accounts = [account('a1', true), account('a2', false, { kind: '当座', number: '0020315', memo: '' })];
const person: PersonView = {
  loginId: 'ntakahashi',
  name: '高橋 直樹',
  email: 'ntakahashi@minato.example.co.jp',
  role: 'member',
  records: false,
  portals: [
    { name: '経費精算クラウド', granted: true, open: false },
    { name: '電子契約サービス', granted: false, open: false },
    { name: '掲示板', granted: false, open: true },
  ],
  accounts,
};
const after: PersonView = {
  ...person,
  name: '高橋 直樹 👩‍💻',
  email: 'naoki@minato.example.co.jp',
  role: 'admin',
  records: true,
  portals: person.portals.map((portal) => ({ ...portal, granted: portal.name === '電子契約サービス' })),
  accounts: [account('a1', false), account('a2', true, { kind: '当座', number: '0020315', memo: '' })],
};
const passwords = {
  login: { how: 'issue', force: true },
  confirmation: { how: 'typed', force: false },
} as const;
const entry = { change: 'change', by: 'typed', typed: true, force: true } as const;
const basics = {
  errors: [],
  banners: [],
  action: null,
  person: { name: '高橋 直樹', loginId: 'ntakahashi', role: 'member' },
  name: '高橋 直樹',
  email: 'ntakahashi@minato.example.co.jp',
  admin: 'none',
  mayAdmin: true,
  passwords: { login: entry, confirmation: { ...entry, change: 'keep', by: 'issue', typed: false } },
  force: 'fixed',
  rules,
} as const satisfies Omit<PersonBasicsProps, 'frame'>;
const check = {
  errors: [],
  banners: [],
  code: { kind: 'hardware', last4: '0733', afterLogin: true },
  hidden: [{ name: 'edit', value: 'a-value' }],
  path: '/company/people/p2/edit/d1/check',
  unchanged: false,
  onlyChanged: false,
  stopped: [],
} as const;
const sheet = {
  company: { name: '株式会社みなと精機', contractNumber: '1014820157' },
  name: '佐野 葵',
  loginId: '104820157',
  first: true,
  forced: false,
  login: { password: 'h7Kp3mXw9' },
  confirmation: null,
  until: now + days(90),
  address: 'https://web.bank.example/',
  asked: '鈴木 美咲',
  back: '/company/people/new/d1/result',
} as const;

export const peopleEditSamples: readonly Sample[] = [
  sample('person-new', 'CON020', (l) =>
    PersonBasicsPage({
      ...basics,
      frame: signedIn(l, { reference }),
      errors: [
        { field: 'person_name', key: 'form.long', values: { max: 40 } },
        { field: 'email', key: 'issue.mail' },
        { field: 'admin', key: 'form.choose' },
      ],
      person: null,
      admin: null,
      passwords: 'none',
    }),
  ),
  sample('person-new-permissions', 'CON021', (l) =>
    PersonPermissionsPage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      isNew: true,
      viewsRecords: false,
      portals: person.portals.map((portal, index) => ({ ...portal, id: `portal-${index}` })),
    }),
  ),
  sample('person-new-accounts', 'CON022', (l) =>
    PersonAccountsPage({ frame: signedIn(l), errors: [], banners: [], isNew: true, asInGuide: false, accounts }),
  ),
  sample('person-new-no-accounts', 'CON022', (l) =>
    PersonAccountsPage({ frame: signedIn(l), errors: [], banners: [], isNew: true, asInGuide: false, accounts: [] }),
  ),
  sample('person-new-check', 'CON023', (l) =>
    PersonCheckPage({
      ...check,
      frame: signedIn(l),
      before: null,
      after: { ...person, loginId: null },
      passwords: null,
    }),
  ),
  sample('person-registered', 'CON024', (l) =>
    PersonRegisteredPage({
      frame: signedIn(l, { reference }),
      mailPending: true,
      action: '/company/people/new/d1/result/print',
      sheet: 'waits',
      name: '佐野 葵',
      loginId: '104820157',
      until: now + days(90),
    }),
  ),
  sample('person-registered-again', 'CON024', (l) =>
    PersonRegisteredPage({
      frame: signedIn(l, { reference }),
      mailPending: false,
      action: '/company/people/new/d1/result/print',
      sheet: 'shown',
      name: '佐野 葵',
      loginId: '104820157',
      until: now + days(90),
    }),
  ),
  sample('person-edit', 'CON030', (l) =>
    PersonBasicsPage({
      ...basics,
      frame: signedIn(l, { reference }),
      errors: [{ field: 'new_password', key: 'password.mix' }],
    }),
  ),
  sample('person-edit-free', 'CON030', (l) =>
    PersonBasicsPage({
      ...basics,
      frame: signedIn(l, { reference }),
      errors: [{ field: null, key: 'edit.stale' }],
      person: { ...basics.person, role: 'master' },
      mayAdmin: false,
      passwords: { ...basics.passwords, confirmation: null },
      force: 'free',
    }),
  ),
  sample('person-edit-reissue', 'CON030', (l) =>
    PersonBasicsPage({ ...basics, frame: signedIn(l), passwords: { reissue: true } }),
  ),
  sample('person-edit-permissions', 'CON031', (l) =>
    PersonPermissionsPage({
      frame: signedIn(l),
      errors: [],
      banners: [],
      isNew: false,
      viewsRecords: 'always',
      portals: [],
    }),
  ),
  sample('person-edit-accounts', 'CON032', (l) =>
    PersonAccountsPage({ frame: signedIn(l), errors: [], banners: [], isNew: false, asInGuide: false, accounts }),
  ),
  sample('person-edit-check', 'CON033', (l) =>
    PersonCheckPage({
      ...check,
      frame: signedIn(l, { reference }),
      errors: [{ field: null, key: 'confirm.locked', values: { until: now + minutes(30), ask: 'admin' } }],
      before: person,
      after,
      passwords,
      stopped: ['login'],
    }),
  ),
  sample('person-edit-check-changed', 'CON033', (l) =>
    PersonCheckPage({ ...check, frame: signedIn(l), before: person, after, passwords, onlyChanged: true }),
  ),
  sample('person-edit-unchanged', 'CON033', (l) =>
    PersonCheckPage({
      ...check,
      frame: signedIn(l),
      before: person,
      after: person,
      passwords: { login: { how: 'keep', force: false }, confirmation: { how: 'none', force: false } },
      unchanged: true,
    }),
  ),
  sample('person-changed', 'CON034', (l) =>
    PersonChangedPage({
      frame: signedIn(l, { reference }),
      mailPending: true,
      action: '/company/people/p2/edit/d1/result/print',
      sheet: 'waits',
      before: person,
      after,
      passwords,
      ended: { logins: 2, devices: 1, portals: ['経費精算クラウド'] },
      stopped: ['login'],
    }),
  ),
  sample('person-changed-plain', 'CON034', (l) =>
    PersonChangedPage({
      frame: signedIn(l, { reference }),
      mailPending: false,
      action: '/company/people/p2/edit/d1/result/print',
      sheet: 'none',
      before: person,
      after: { ...person, name: '高橋 次郎' },
      passwords: { login: { how: 'keep', force: false }, confirmation: { how: 'keep', force: false } },
      ended: { logins: 0, devices: 0, portals: [] },
      stopped: [],
    }),
  ),
  sample('id-sheet', 'PRT001', (l) => IdSheetPage({ ...sheet, frame: signedIn(l) }), 0),
  sample(
    'id-sheet-passwords',
    'PRT001',
    (l) =>
      IdSheetPage({
        ...sheet,
        frame: signedIn(l),
        loginId: 'ntakahashi',
        first: false,
        forced: true,
        confirmation: { password: 'qR4tY8uP2' },
      }),
    0,
  ),
  sample('id-sheet-again', 'PRT001', (l) => IdSheetPage({ ...sheet, frame: signedIn(l), login: 'shown' }), 0),
];
