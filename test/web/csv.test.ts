// The files that records are handed out in: RFC 4180, and no cell that a spreadsheet would take for a formula, whatever
// somebody calls themselves or a device.
import { expect } from 'chai';
import fc from 'fast-check';
import { csvCell, csvLine } from '../../src/web/csv.ts';

/** Reads one line as RFC 4180 says: quoted cells end at a quote that is not doubled. */
function readLine(line: string): readonly string[] {
  const cells: string[] = [];
  let rest = line.replace(/\r\n$/, '');
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const cell = quoted ? quoted[0] : (/^[^,]*/.exec(rest)?.[0] ?? '');
    cells.push(quoted ? (quoted[1] ?? '').replaceAll('""', '"') : cell);
    rest = rest.slice(cell.length);
    if (rest === '') return cells;
    expect(rest[0], `after ${JSON.stringify(cell)}`).to.equal(',');
    rest = rest.slice(1);
  }
}

const begins = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u;

describe('CSV', () => {
  it('puts an apostrophe before every formula, also where the sign is full-width or hides behind what is not seen', () => {
    for (const formula of [
      '=1+1',
      '+81',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\rx',
      '\nx',
      ' =1+1',
      '\u200B=cmd|x',
      '\uFEFF=1',
      '\u202E=1',
      '＝1+1',
      '＋1',
      '－1',
      '＠x',
    ])
      expect(readLine(csvLine([formula]))[0], JSON.stringify(formula)).to.equal(`'${formula}`);
    for (const text of ['鈴木 美咲', 'a=b', 'x@y.example', '2026-11-22', '—', '(なし)', "'x", ''])
      expect(csvCell(text)).to.equal(text);
  });

  it('quotes what holds separators, quotes and line ends, and ends lines with CR LF', () => {
    expect(csvLine(['a,b', 'say "yes"', 'one\r\ntwo', 'plain'])).to.equal('"a,b","say ""yes""","one\r\ntwo",plain\r\n');
  });

  it('gives back every text of any Unicode, with nothing before it but the apostrophe', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (texts) => {
        const read = readLine(csvLine(texts));
        expect(read.map((cell, at) => (cell === `'${texts[at]}` ? texts[at] : cell))).to.deep.equal(
          texts.map((text) => text.toWellFormed()),
        );
        expect(read.some((cell) => begins.test(cell))).to.equal(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
