// What the import pages share: an import as they show it, and its state and faults in words.
import type { ImportState, SeedField, SeedRefusal, SeedWhy } from '../../src/rules/seed-file.ts';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { number, tableTime } from '../parts/format.ts';
import type { Fact } from '../parts/facts.tsx';

export interface ImportView {
  readonly id: string;
  readonly fileName: string;
  readonly format: 'csv' | 'pskc';
  /** SHA-256 of the file, in hexadecimal; null until it was read to its end. */
  readonly digest: string | null;
  /** The operator's name; null: the command line. */
  readonly by: string | null;
  readonly state: ImportState;
  readonly why: Failure | null;
  readonly lines: number;
  readonly tokens: number;
  /** Lines that need attention. */
  readonly problems: number;
  /** Bytes of the file, or a little more, and how many of them were read; null: not known before it came. */
  readonly size: number | null;
  readonly read: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
}

/** Why nothing was imported: the file as a whole, bad lines, or serial numbers that the bank has by now. */
export type Failure = SeedRefusal | 'problems' | 'conflict' | 'other';

const refusals = [
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
] as const satisfies readonly SeedRefusal[];
const fields = ['line', 'serial', 'secret', 'algorithm', 'digits', 'period', 'expires', 'model'] as const;
const whys = ['missing', 'form', 'short', 'twice', 'known', 'expired', 'unsupported', 'columns', 'mac', 'key'] as const;

/** As the store keeps it; what this version does not know is told as such. */
export function whyFailed(why: string | null): Failure | null {
  if (why === null || why === 'problems' || why === 'conflict') return why;
  return refusals.find((known) => known === why) ?? 'other';
}

/** What is wrong with a line, as the store keeps it. */
export function problemView(of: {
  readonly line: number;
  readonly field: string;
  readonly why: string;
  readonly serial: string | null;
}): ProblemView {
  return {
    line: of.line,
    field: fields.find((field) => field === of.field) ?? 'line',
    why: whys.find((why) => why === of.why) ?? 'form',
    serial: of.serial,
  };
}

export interface ProblemView {
  readonly line: number;
  readonly field: SeedField;
  readonly why: SeedWhy;
  readonly serial: string | null;
}

/** What was registered: all of a file, or nothing. */
export const registered = ({ state, tokens }: ImportView): number => (state === 'done' ? tokens : 0);

/** How much of a file was read, never all of it while it goes on; null: its length is not known. */
export function readSoFar({ read, size }: Pick<ImportView, 'read' | 'size'>): {
  readonly read: number;
  readonly size: number;
  readonly percent: number;
} | null {
  if (size === null || size <= 0) return null;
  const so = Math.min(read, size);
  return { read: so, size, percent: Math.min(99, Math.floor((so / size) * 100)) };
}

export const isRunning = ({ state }: Pick<ImportView, 'state'>): boolean =>
  state === 'reading' || state === 'importing';

export function stateWords(t: Texts, { state, problems }: ImportView): string {
  return t.say(state === 'checked' && problems > 0 ? 'import.state.bad' : `import.state.${state}`);
}

export const formats = { csv: 'CSV', pskc: 'PSKC' } as const;

/** Which file it was, when and by whom. */
export function fileFacts(t: Texts, of: ImportView): readonly Fact[] {
  return [
    { term: t.say('HDK043.state'), detail: stateWords(t, of) },
    { term: t.say('HDK043.file'), detail: `${of.fileName} (${formats[of.format]})` },
    { term: t.say('HDK043.by'), detail: of.by ?? t.say('HDK043.command') },
    { term: t.say('HDK043.started'), detail: tableTime(of.startedAt) },
    ...(of.endedAt === null ? [] : [{ term: t.say('HDK043.ended'), detail: tableTime(of.endedAt) }]),
  ];
}

/** How far it was read. */
export function countFacts(t: Texts, of: ImportView): readonly Fact[] {
  return [
    { term: t.say(of.format === 'csv' ? 'HDK042.lines.csv' : 'HDK042.lines'), detail: number(of.lines) },
    { term: t.say(of.format === 'csv' ? 'HDK042.tokens.csv' : 'HDK042.tokens'), detail: number(of.tokens) },
    { term: t.say('HDK042.problems'), detail: number(of.problems) },
  ];
}
