// Sample pages of a forgotten password and of the paper forms: RST002–RST004, PRT002, PRT004.
import { CompletionNoticePage } from '../../../views/print/completion-notice.tsx';
import { InitialisationFormPage } from '../../../views/print/initialisation-form.tsx';
import { ResetCodePage } from '../../../views/reset/code.tsx';
import { ResetDonePage } from '../../../views/reset/done.tsx';
import { ResetRequestPage } from '../../../views/reset/request.tsx';
import { days, failed, frameIn, minutes, now, type Sample, sample } from './frame.ts';

const company = { name: '株式会社みなと精機', contractNumber: '1014820157' };
const notice = {
  company,
  name: '佐藤 健一',
  until: now + days(90),
  address: 'https://web.bank.example',
  back: [{ href: '/', label: 'OK' }],
} as const;

export const resetSamples: readonly Sample[] = [
  sample('reset-request', 'RST002', (l) =>
    ResetRequestPage({ frame: frameIn(l), errors: [], loginId: '', contractNumber: '', email: '' }),
  ),
  sample('reset-request-wrong', 'RST002', (l) =>
    ResetRequestPage({
      frame: failed(l),
      errors: [
        { field: 'login_id', key: 'form.required' },
        { field: 'contract_number', key: 'form.chars', values: { allowed: 'digits' } },
        { field: 'email', key: 'issue.mail' },
      ],
      loginId: '',
      contractNumber: '10148x',
      email: 'ksato',
    }),
  ),
  sample('reset-code', 'RST003', (l) => ResetCodePage({ frame: frameIn(l), errors: [], until: now + minutes(10) })),
  sample('reset-code-wrong', 'RST003', (l) =>
    ResetCodePage({
      frame: failed(l),
      errors: [{ field: 'email_code', key: 'emailcode.wrong.uncounted' }],
      until: now + minutes(10),
    }),
  ),
  sample('reset-done', 'RST004', (l) => ResetDonePage({ frame: failed(l), number: '20261124-4839', at: now })),
  sample('initialisation-form', 'PRT004', (l) => InitialisationFormPage({ frame: frameIn(l), number: '7K3F-92QD' }), 0),
  sample(
    'completion-notice-reset',
    'PRT002',
    (l) =>
      CompletionNoticePage({
        ...notice,
        frame: frameIn(l),
        loginId: 'ksato82',
        reset: { number: '20261124-4839', password: '482915370264' },
      }),
    0,
  ),
  sample(
    'completion-notice-new',
    'PRT002',
    (l) => CompletionNoticePage({ ...notice, frame: frameIn(l), loginId: '482 915 370', reset: null }),
    0,
  ),
];
