// CSV of tokens: a line of column names, a line for each token (README, "Tokens"). Memory holds one line.
import { CsvError } from 'csv-parse';
import type { RawSeed } from '../rules/seed-judge.ts';
import { secretColumns, seedColumns, type SeedField, type SeedProblem, type SeedWhy } from '../rules/seed-file.ts';
import { fromBase32, fromHex } from './binary.ts';
import { csvRecords } from './csv-records.ts';
import { SeedFileRefused } from './refused.ts';

type Column = (typeof seedColumns)[number] | (typeof secretColumns)[number];

const names: ReadonlyMap<string, Column> = new Map([...seedColumns, ...secretColumns].map((name) => [name, name]));

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
    for await (const { line, cells, ended } of csvRecords(texts)) {
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
