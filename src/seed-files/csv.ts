// CSV of tokens: a line of column names, a line for each token (README, "Tokens"). Memory holds one line.
import { CsvError, parse } from 'csv-parse';
import type { RawSeed } from '../rules/seed-judge.ts';
import { secretColumns, seedColumns, type SeedField, type SeedProblem, type SeedWhy } from '../rules/seed-file.ts';
import { fromBase32, fromHex } from './binary.ts';
import { SeedFileRefused } from './refused.ts';

type Column = (typeof seedColumns)[number] | (typeof secretColumns)[number];

const names: ReadonlyMap<string, Column> = new Map([...seedColumns, ...secretColumns].map((name) => [name, name]));

/** Longer than any line that could be a token's. */
const longestLine = 4096;

/** Characters without a line break. The parser counts what is in the cells: of empty ones it would take any number. */
const longestPiece = 4 * longestLine;

/** What stands for a column that the file has not. */
export interface CsvDefaults {
  readonly digits: string;
  readonly period: string;
}

/** @throws SeedFileRefused */
export async function* readCsv(
  texts: AsyncIterable<string>,
  defaults: CsvDefaults,
): AsyncGenerator<{ readonly raw: RawSeed } | { readonly problem: SeedProblem }> {
  let columns: readonly Column[] | null = null;
  let before: readonly string[] | null = null;
  try {
    for await (const { line, cells, ended } of recordsOf(texts)) {
      if (!ended && (columns === null || !isWhole(columns, cells, before))) throw new SeedFileRefused('truncated');
      if (columns === null) {
        columns = columnsOf(cells);
        continue;
      }
      before = cells;
      if (cells.length !== columns.length) yield { problem: lineProblem(line, 'columns') };
      else yield { raw: rawOf(line, new Map(columns.map((name, n) => [name, cells[n] ?? ''])), defaults) };
    }
  } catch (error) {
    // What the parser says holds the line itself: nothing of it goes on.
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') throw new SeedFileRefused('truncated');
    if (error.code !== 'CSV_MAX_RECORD_SIZE') throw new SeedFileRefused('format');
    // A quote that is nowhere closed, most often: where the next line begins can't be told.
    yield { problem: lineProblem(Math.max(Number(error['lines']), 1), 'form') };
    return;
  }
  if (columns === null) throw new SeedFileRefused('empty');
}

/**
 * Whether a last line without a line break is there to its end: one that was cut off could pass for a whole one with a shorter
 * secret, or without its expiry. It has every column, and its last cell is as long as the one above it; without one above it,
 * only what can't be shortened to something good counts.
 */
function isWhole(columns: readonly Column[], cells: readonly string[], before: readonly string[] | null): boolean {
  const [name = 'serial', cell = ''] = [columns.at(-1), cells.at(-1)];
  if (cells.length !== columns.length) return false;
  if (before?.length === columns.length) return cell.length === before.at(-1)?.length;
  return cell !== '' && name !== 'serial' && !name.startsWith('secret');
}

const lineProblem = (line: number, why: SeedWhy): SeedProblem => ({ line, field: 'line', why, serial: null });

/** Every name must be known, once, and there must be one way to read the secret. */
function columnsOf(cells: readonly string[]): readonly Column[] {
  const columns = cells.flatMap((cell) => names.get(cell.normalize('NFKC').trim().toLowerCase()) ?? []);
  const secrets = columns.filter((name) => name.startsWith('secret'));
  const known = columns.length === cells.length && new Set(columns).size === columns.length;
  const told = columns.includes('secret') || !columns.includes('encoding');
  if (!known || !told || secrets.length !== 1 || !columns.includes('serial')) throw new SeedFileRefused('columns');
  return columns;
}

function rawOf(line: number, cells: ReadonlyMap<Column, string>, defaults: CsvDefaults): RawSeed {
  const cell = (name: Column): string | null => {
    const text = cells.get(name)?.trim() ?? '';
    return text === '' ? null : text;
  };
  // Without the column it is Base32; an empty cell of it says nothing, and nobody guesses.
  const encoding = cells.has('encoding') ? (cell('encoding') ?? '') : 'base32';
  const secret = secretOf(cell('secret_base32'), cell('secret_hex'), cell('secret'), encoding);
  const wrong: (readonly [SeedField, SeedWhy])[] = [];
  const expires = cell('expires');
  if (expires !== null && !/^\d{4}-\d\d-\d\d$/.test(expires)) wrong.push(['expires', 'form']);
  return {
    line,
    serial: cell('serial'),
    secret,
    algorithm: cell('algorithm'),
    digits: cell('digits') ?? defaults.digits,
    period: cell('period') ?? defaults.period,
    expires,
    model: cell('model'),
    wrong,
  };
}

function secretOf(
  base32: string | null,
  hex: string | null,
  secret: string | null,
  encoding: string,
): Uint8Array | SeedWhy {
  if (secret !== null) {
    const how = encoding.toLowerCase();
    if (how === 'base32') return fromBase32(secret) ?? 'form';
    return how === 'hex' ? (fromHex(secret) ?? 'form') : 'unsupported';
  }
  if (base32 !== null) return fromBase32(base32) ?? 'form';
  return hex === null ? 'missing' : (fromHex(hex) ?? 'form');
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The lines of a CSV with their numbers, and whether a line break ends them, which the last one may lack. */
async function* recordsOf(texts: AsyncIterable<string>): AsyncGenerator<CsvRecord & { readonly ended: boolean }> {
  const parser = parse({
    info: true,
    max_record_size: longestLine,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    // A quote in the middle of a cell is a letter: the cell is then not in its form, and says so by itself.
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const room = async (): Promise<void> =>
    new Promise((resolve) => {
      const go = (): void => {
        parser.off('drain', go).off('close', go);
        resolve();
      };
      parser.on('drain', go).on('close', go);
    });
  let end = '\n';
  const fed = (async () => {
    let unbroken = 0;
    for await (const text of texts) {
      if (parser.destroyed) return;
      end = text.at(-1) ?? end;
      const broken = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
      unbroken = text.length - 1 - broken + (broken < 0 ? unbroken : 0);
      if (unbroken > longestPiece)
        throw new CsvError('CSV_MAX_RECORD_SIZE', 'a line of nothing', parser.options, { lines: parser.info.lines });
      if (!parser.write(text)) await room();
    }
    parser.end();
  })().catch((error: unknown) => void parser.destroy(error instanceof Error ? error : new Error('unreadable')));
  try {
    const records: AsyncIterable<unknown> = parser;
    let last: CsvRecord | null = null;
    for await (const record of records) {
      if (last) yield { ...last, ended: true };
      last = recordOf(record);
    }
    if (last) yield { ...last, ended: end === '\n' || end === '\r' };
  } finally {
    parser.destroy();
    await fed;
  }
}

function recordOf(record: unknown): CsvRecord {
  if (typeof record === 'object' && record !== null && 'record' in record && 'info' in record) {
    const { record: cells, info } = record;
    if (Array.isArray(cells) && typeof info === 'object' && info !== null && 'lines' in info)
      return { line: Number(info.lines), cells: cells.map(String) };
  }
  throw new SeedFileRefused('format');
}
