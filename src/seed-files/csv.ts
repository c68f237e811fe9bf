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
  try {
    for await (const { line, cells } of recordsOf(texts)) {
      if (columns === null) {
        columns = columnsOf(cells);
        continue;
      }
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

const lineProblem = (line: number, why: SeedWhy): SeedProblem => ({ line, field: 'line', why, serial: null });

/** Every name must be known, once, and there must be one way to read the secret. */
function columnsOf(cells: readonly string[]): readonly Column[] {
  const columns = cells.flatMap((cell) => names.get(cell.normalize('NFKC').trim().toLowerCase()) ?? []);
  const secrets = columns.filter((name) => name.startsWith('secret'));
  const known = columns.length === cells.length && new Set(columns).size === columns.length;
  const told = columns.includes('encoding') === columns.includes('secret');
  if (!known || !told || secrets.length !== 1 || !columns.includes('serial')) throw new SeedFileRefused('columns');
  return columns;
}

function rawOf(line: number, cells: ReadonlyMap<Column, string>, defaults: CsvDefaults): RawSeed {
  const cell = (name: Column): string | null => {
    const text = cells.get(name)?.trim() ?? '';
    return text === '' ? null : text;
  };
  const secret = secretOf(cell('secret_base32'), cell('secret_hex'), cell('secret'), cell('encoding'));
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
  encoding: string | null,
): Uint8Array | SeedWhy {
  if (secret !== null) {
    const how = encoding?.toLowerCase() ?? '';
    if (how === 'base32') return fromBase32(secret) ?? 'form';
    return how === 'hex' ? (fromHex(secret) ?? 'form') : 'unsupported';
  }
  if (base32 !== null) return fromBase32(base32) ?? 'form';
  return hex === null ? 'missing' : (fromHex(hex) ?? 'form');
}

/**
 * The lines of a CSV with their numbers. The last one must end with a line break: a line that was cut off could be a whole
 * one with a shorter secret.
 */
async function* recordsOf(
  texts: AsyncIterable<string>,
): AsyncGenerator<{ readonly line: number; readonly cells: readonly string[] }> {
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
  const fed = (async () => {
    let end = '\n';
    for await (const text of texts) {
      if (parser.destroyed) return;
      end = text.at(-1) ?? end;
      if (!parser.write(text)) await room();
    }
    if (end !== '\n' && end !== '\r') throw new SeedFileRefused('truncated');
    parser.end();
  })().catch((error: unknown) => void parser.destroy(error instanceof Error ? error : new Error('unreadable')));
  try {
    const records: AsyncIterable<unknown> = parser;
    for await (const record of records) yield recordOf(record);
  } finally {
    parser.destroy();
    await fed;
  }
}

function recordOf(record: unknown): { readonly line: number; readonly cells: readonly string[] } {
  if (typeof record === 'object' && record !== null && 'record' in record && 'info' in record) {
    const { record: cells, info } = record;
    if (Array.isArray(cells) && typeof info === 'object' && info !== null && 'lines' in info)
      return { line: Number(info.lines), cells: cells.map(String) };
  }
  throw new SeedFileRefused('format');
}
