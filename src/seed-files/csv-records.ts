// The records of a CSV with the line on which each begins, as an editor numbers it: a cell in quotes may hold line breaks, and
// the lines behind it keep their numbers. What the cells mean is csv.ts.
import { CsvError, parse } from 'csv-parse';
import { SeedFileRefused } from './refused.ts';

/** Longer than any line that could be a token's. */
const longestLine = 4096;

/** Characters without a line break. The parser counts what is in the cells: of empty ones it would take any number. */
const longestPiece = 4 * longestLine;

export interface CsvRecord {
  /** 1-based. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The records in their order, and whether a line break ends them, which the last one may lack.
 * @throws CsvError, whose `lines` is the line of what it is about
 */
export async function* csvRecords(
  texts: AsyncIterable<string>,
): AsyncGenerator<CsvRecord & { readonly ended: boolean }> {
  const count = lineCount();
  const parser = parse({
    max_record_size: longestLine,
    // The line goes before the cells: records may wait, and an error behind them must not take their count along.
    on_record: (cells, { lines, empty_lines: empty }) => [String(count.record(cells, lines, empty)), ...cells],
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
    let line = 1;
    for await (const text of texts) {
      if (parser.destroyed) return;
      // A pair that is parted by two pieces is one line break.
      line += breaksIn(text) - (end === '\r' && text.startsWith('\n') ? 1 : 0);
      end = text.at(-1) ?? end;
      const broken = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
      unbroken = text.length - 1 - broken + (broken < 0 ? unbroken : 0);
      if (unbroken > longestPiece)
        throw new CsvError('CSV_MAX_RECORD_SIZE', 'a line of nothing', parser.options, { lines: line });
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
  } catch (error) {
    throw error instanceof CsvError && 'empty_lines' in error ? count.broken(error) : error;
  } finally {
    parser.destroy();
    await fed;
  }
}

function recordOf(record: unknown): CsvRecord {
  if (!Array.isArray(record)) throw new SeedFileRefused('format');
  const [line, ...cells] = record.map(String);
  return { line: Number(line), cells };
}

const breaksIn = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;

/** From the parser's count of lines, which takes each half of a pair (CR LF) within a cell for one, to those of an editor. */
function lineCount() {
  let pairs = 0;
  let end = 0;
  let empty = 0;
  return {
    /** The line on which a record begins. @param lines counted by the parser up to its end */
    record(cells: readonly string[], lines: number, emptyLines: number): number {
      let within = 0;
      for (const cell of cells)
        if (/[\r\n]/.test(cell)) {
          within += breaksIn(cell);
          pairs += cell.split('\r\n').length - 1;
        }
      end = lines - pairs;
      empty = emptyLines;
      return end - within;
    },
    /** An error within a record is about where the record begins: it may have taken line after line for a part of itself. */
    broken(error: CsvError): CsvError {
      return Object.assign(error, { lines: end + 1 + Number(error['empty_lines']) - empty });
    },
  };
}
