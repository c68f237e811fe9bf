// CSV as RFC 4180 writes it, in UTF-8 with a byte order mark, so that spreadsheets read Japanese; and so that no cell is ever
// a formula there, whoever chose its text.
import { Readable } from 'node:stream';
import type { Context } from 'koa';

/**
 * What a spreadsheet may take for the beginning of a formula: the signs, their full-width forms, which it may take for the
 * same, and what it may drop in front of them.
 */
const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫]|^[\t\r\n]/u;

/** One cell. A text that could be a formula gets an apostrophe in front; broken surrogates become U+FFFD. */
export function csvCell(text: string): string {
  const whole = text.toWellFormed();
  const safe = formula.test(whole) ? `'${whole}` : whole;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** Answers with a file that is made while it is sent: memory holds one part at a time. */
export function sendCsv(
  ctx: Context,
  name: string,
  head: readonly string[],
  parts: AsyncIterable<readonly (readonly string[])[]>,
): void {
  ctx.status = 200;
  ctx.set('Content-Type', 'text/csv; charset=utf-8');
  ctx.set('Content-Disposition', `attachment; filename="${name}.csv"`);
  ctx.body = Readable.from(lines(head, parts), { objectMode: false });
}

async function* lines(
  head: readonly string[],
  parts: AsyncIterable<readonly (readonly string[])[]>,
): AsyncGenerator<string> {
  yield `\uFEFF${csvLine(head)}`;
  for await (const part of parts) yield part.map(csvLine).join('');
}
