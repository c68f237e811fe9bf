// HDK041–043 as they stand: nothing imported yet, one that is read, and every end of an import.
import type { VNode } from 'preact';
import { ImportPage } from '../../../views/helpdesk/import.tsx';
import { ImportResultPage } from '../../../views/helpdesk/import-result.tsx';
import type { ImportView, ProblemView } from '../../../views/helpdesk/import-words.ts';
import { ImportingPage } from '../../../views/helpdesk/importing.tsx';
import type { FormError } from '../../../views/messages/errors.ts';
import type { Language } from '../../../views/parts/format.ts';
import type { Frame } from '../../../views/parts/frame.ts';
import { brand, frameIn, minutes, now, type Sample } from './frame.ts';

const operator = (language: Language, more: Partial<Frame> = {}): Frame =>
  frameIn(language, {
    signedIn: { name: '窓口 綾乃', company: brand.desk[language], until: now + minutes(15), role: 'clerk' },
    ...more,
  });

const path = '/helpdesk/tokens/import/3f0c9f6e';

const view = (more: Partial<ImportView> = {}): ImportView => ({
  id: '3f0c9f6e',
  fileName: 'FT-200 <2026年11月>.csv',
  format: 'csv',
  digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  by: '窓口 綾乃',
  state: 'checked',
  why: null,
  lines: 10_001,
  tokens: 10_000,
  problems: 0,
  size: 640_240,
  read: 640_000,
  startedAt: now - minutes(2),
  endedAt: null,
  ...more,
});

const problems: readonly ProblemView[] = [
  { line: 2, field: 'serial', why: 'known', serial: 'FT00000001' },
  { line: 17, field: 'secret', why: 'short', serial: 'FT00000016' },
  { line: 10_001, field: 'line', why: 'columns', serial: null },
];

const page = (language: Language, more: { readonly dryRun?: boolean; readonly errors?: readonly FormError[] } = {}) =>
  ImportPage({
    frame: operator(language, { reference: more.errors === undefined ? null : '7K3F-92QD' }),
    errors: more.errors ?? [],
    dryRun: more.dryRun ?? true,
    usual: { digits: 6, period: 60 },
    last:
      more.errors === undefined
        ? []
        : [
            view({ state: 'importing' }),
            view({ state: 'done', by: null, format: 'pskc', endedAt: now }),
            view({ problems: 3 }),
            view({ state: 'failed', why: 'truncated', digest: null }),
          ],
  });

const result = (
  language: Language,
  of: Partial<ImportView>,
  more: {
    readonly problems?: readonly ProblemView[];
    readonly errors?: readonly FormError[];
    readonly ready?: boolean;
  } = {},
): VNode =>
  ImportResultPage({
    frame: operator(language, { reference: '7K3F-92QD' }),
    errors: more.errors ?? [],
    import: view(of),
    problems: more.problems ?? [],
    ready: more.ready ?? false,
    path,
  });

const importing = (language: Language, of: Partial<ImportView>): VNode =>
  ImportingPage({ frame: operator(language), import: view({ digest: null, ...of }), path });

export const tokenImportSamples: readonly Sample[] = [
  { name: 'import', screen: 'HDK041', forms: 1, page: (language) => page(language) },
  {
    name: 'import-wrong',
    screen: 'HDK041',
    forms: 1,
    page: (language) =>
      page(language, {
        dryRun: false,
        errors: [
          { field: 'otp', key: 'otp.used' },
          { field: 'file', key: 'import.again' },
        ],
      }),
  },
  { name: 'reading', screen: 'HDK042', forms: 1, page: (language) => importing(language, { state: 'reading' }) },
  { name: 'importing', screen: 'HDK042', forms: 0, page: (language) => importing(language, { state: 'importing' }) },
  { name: 'checked', screen: 'HDK043', forms: 1, page: (language) => result(language, {}, { ready: true }) },
  {
    name: 'checked-bad',
    screen: 'HDK043',
    forms: 0,
    page: (language) => result(language, { problems: 3 }, { problems }),
  },
  {
    name: 'import-bad',
    screen: 'HDK043',
    forms: 0,
    page: (language) => result(language, { state: 'failed', why: 'problems', problems: 3 }, { problems }),
  },
  {
    name: 'import-conflict',
    screen: 'HDK043',
    forms: 0,
    page: (language) =>
      result(language, { state: 'failed', why: 'conflict', problems: 1 }, { problems: problems.slice(0, 1) }),
  },
  {
    name: 'import-otp-wrong',
    screen: 'HDK043',
    forms: 1,
    page: (language) => result(language, {}, { ready: true, errors: [{ field: 'otp', key: 'otp.form' }] }),
  },
  {
    name: 'imported',
    screen: 'HDK043',
    forms: 0,
    page: (language) => result(language, { state: 'done', endedAt: now }),
  },
  {
    name: 'import-cancelled',
    screen: 'HDK043',
    forms: 0,
    page: (language) => result(language, { state: 'cancelled', digest: null, endedAt: now }),
  },
  ...(
    [
      'empty',
      'format',
      'truncated',
      'doctype',
      'encoding',
      'key-missing',
      'key-wrong',
      'mac',
      'unsupported',
      'too-large',
      'columns',
      'interrupted',
      'other',
    ] as const
  ).map((why) => ({
    name: `import-failed-${why}`,
    screen: 'HDK043',
    forms: 0 as const,
    page: (language: Language) => result(language, { state: 'failed', why, digest: null, endedAt: now }),
  })),
];
