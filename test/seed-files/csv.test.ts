// CSV of tokens: its columns, its two encodings of text and of secrets, and what is said of its lines.
import { expect } from 'chai';
import fc from 'fast-check';
import { csvFile, csvHead, csvLine, seedToken, seedTokens } from '../support/seed-file.ts';
import { hex, read, told } from './reading.ts';

const base32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const secret = '3132333435363738393031323334353637383930';

describe('a CSV of tokens', () => {
  it('is read with either way to write secrets, and with what its columns do not say', async () => {
    const ways: readonly (readonly [string, string])[] = [
      ['serial,secret_base32', `FT-0001,${base32}`],
      ['Serial , SECRET_HEX', `ＦＴ ０００１,${secret}`],
      ['serial,secret,encoding', `ft0001,"${base32.toLowerCase()}",base32`],
      ['serial,secret', `FT0001,${base32}`],
      ['encoding,secret,serial', `HEX,${secret.toUpperCase()},FT0001`],
      [
        'serial,secret_base32,digits,period,algorithm,expires,model',
        `FT0001,${base32}======,6,60,sha1,2031-03-31,"A, ""B"""`,
      ],
    ];
    for (const [head, line] of ways) {
      const seen = await read(`${head}\n${line}\n`);
      if (line.includes('======')) expect(told(seen)).to.deep.equal(['line 2: secret form']);
      else
        expect(
          seen.rows.map((row) => [row.serial, hex(row.secret), row.digits, row.period, row.algorithm, row.line]),
          head,
        ).to.deep.equal([['FT0001', secret, 6, 60, 'SHA1', 2]]);
    }
  });

  it('counts an expiry to the end of its day in Japan', async () => {
    const { rows } = await read(`serial,secret_base32,expires\nFT0001,${base32},2031-03-31\nFT0002,${base32},\n`);
    expect(rows.map(({ expiresAt }) => expiresAt)).to.deep.equal([Date.UTC(2031, 2, 31, 15) - 1, null]);
  });

  it('may begin with the mark of UTF-8, end its lines in any way, and be in Shift_JIS', async () => {
    const model = 'トークン型';
    const shiftJis = Buffer.concat([
      Buffer.from(`serial,model,secret_base32\r\nFT0001,`),
      Buffer.from('8367815b834e8393 8c5e'.replaceAll(' ', ''), 'hex'),
      Buffer.from(`,${base32}\r\n`),
    ]);
    const files = [
      Buffer.from(`\uFEFFserial,model,secret_base32\nFT0001,${model},${base32}\n`),
      Buffer.from(`serial,model,secret_base32\rFT0001,${model},${base32}\r`),
      Buffer.from(`serial,model,secret_base32\n\r\nFT0001,${model},${base32}\r\n\n`),
      shiftJis,
    ];
    for (const file of files)
      for (const size of [1, 7, 65_536]) {
        const { rows, refused, problems } = await read(file, { size });
        expect([refused, problems, rows.map((row) => [row.serial, row.model])], `pieces of ${size}`).to.deep.equal([
          null,
          [],
          [['FT0001', model]],
        ]);
      }
  });

  it('is refused in any other encoding, without its columns, or without a token', async () => {
    const refusals: readonly (readonly [Uint8Array | string, string])[] = [
      ['', 'empty'],
      [' \n\n', 'empty'],
      ['serial,secret_base32\n', 'empty'],
      ['serial,secret_base32,pin\nFT0001,x,y\n', 'columns'],
      ['serial,serial,secret_base32\nFT0001,x,y\n', 'columns'],
      ['serial,encoding,secret_hex\nFT0001,hex,x\n', 'columns'],
      ['serial,secret_hex,secret_base32\nFT0001,x,y\n', 'columns'],
      ['secret_hex\n00\n', 'columns'],
      [`FT0001,${base32}\n`, 'columns'],
      [Buffer.from(`\uFEFFserial,secret_base32\nFT0001,${base32}\n`, 'utf16le'), 'encoding'],
      [
        Buffer.concat([Buffer.from('serial,model,secret_hex\nFT0001,'), Buffer.from([0xc3, 0xa9, 0x0a, 0xff, 0x0a])]),
        'encoding',
      ],
      [Buffer.concat([Buffer.from('serial,model,secret_hex\nFT0001,'), Buffer.from([0xfd, 0xfe, 0x0a])]), 'encoding'],
      [`${csvHead}FT0001,"${'x'.repeat(10)}`, 'truncated'],
      [`${csvHead}FT0001,"${'x'.repeat(10)}\n`, 'truncated'],
    ];
    for (const [file, why] of refusals) expect((await read(file)).refused, String(file).slice(0, 60)).to.equal(why);
  });

  it('may end without a line break where its last line is there to its end, and nowhere else', async () => {
    const whole = csvFile(seedTokens(3)).toString('utf8').slice(0, -2);
    const one = `serial,secret_base32,expires\nFT0001,${base32},2031-03-31`;
    const two = `serial,secret_hex\nFT0001,${secret}\nFT0002,${secret.replace('31', '41')}`;
    for (const [file, rows] of [
      [whole, 3],
      [one, 1],
      [two, 2],
    ] as const) {
      const seen = await read(file);
      expect([seen.refused, seen.problems, seen.rows.length], file).to.deep.equal([null, [], rows]);
    }
    const cut = [
      whole.slice(0, -1),
      whole.slice(0, -'FT-200'.length),
      two.slice(0, -2),
      two.slice(0, -secret.length),
      // Nothing above it to be compared with.
      one.slice(0, -'2031-03-31'.length),
      `serial,secret_hex\nFT0001,${secret}`,
      `secret_hex,serial\n${secret},FT0001`,
      'serial,secret_base32',
    ];
    for (const file of cut) {
      const seen = await read(file);
      const last = file.split('\n').length;
      expect([seen.refused, seen.rows.some(({ line }) => line === last)], file).to.deep.equal(['truncated', false]);
    }
  });

  it('does not guess what an empty cell of encoding means', async () => {
    const seen = await read(`serial,secret,encoding\nFT0001,${base32},\nFT0002,${base32},base32\n`);
    expect([told(seen), seen.rows.map(({ line }) => line)]).to.deep.equal([['line 2: secret unsupported'], [3]]);
  });

  it('says of each line everything that is wrong with it', async () => {
    const head = 'serial,secret_hex,algorithm,digits,period,expires,model\n';
    const lines: readonly (readonly [string, readonly string[]])[] = [
      [`,${secret},,,,,`, ['serial missing']],
      [`FT1,${secret},,,,,`, ['serial form']],
      [`FT0001;,${secret},,,,,`, ['serial form']],
      [`=FT0001,${secret},,,,,`, ['serial form']],
      [`FT0001,,,,,,`, ['secret missing']],
      [`FT0001,${secret.slice(1)},,,,,`, ['secret form']],
      [`FT0001,${secret.slice(0, 30)},,,,,`, ['secret short']],
      [`FT0001,${secret.repeat(4)},,,,,`, ['secret form']],
      [`FT0001,${'00'.repeat(20)},,,,,`, ['secret form']],
      [
        `FT0001,${secret},MD5,8,30,2026/12/31,${'m'.repeat(65)}`,
        ['expires form', 'algorithm unsupported', 'digits unsupported', 'period unsupported', 'model form'],
      ],
      [`FT0001,${secret},SHA256,６,60,2026-02-29,`, ['digits form', 'expires form']],
      [`FT0001,${secret},,,,2026-11-21,`, ['expires expired']],
      [`FT0001,${secret},,,`, ['line columns']],
      [`FT0001,${secret},,,,,,`, ['line columns']],
    ];
    for (const [line, wrong] of lines) {
      const seen = await read(`${head}${line}\n`);
      expect([told(seen), seen.rows.length], line).to.deep.equal([wrong.map((one) => `line 2: ${one}`), 0]);
    }
  });

  it('takes quotes that don’t fit together for letters, and ends where none is closed: behind it nothing is sure', async () => {
    const [first, third] = [csvLine(seedToken(1)), csvLine(seedToken(3))];
    const letters = await read(`${csvHead}${first}FT0002,"00"11,,\r\n${third}`);
    expect([told(letters), letters.refused, letters.rows.length]).to.deep.equal([['line 3: secret form'], null, 2]);
    const open = await read(`${csvHead}${first}FT0002,"${'0'.repeat(5_000)},,\r\n${third}`);
    expect([told(open), open.refused]).to.deep.equal([['line 3: line form'], null]);
  });

  it('tells the line that an editor shows, whatever line breaks stand in quotes before it', async () => {
    const head = 'serial,secret_hex,model\n';
    const cases: readonly (readonly [string, readonly string[]])[] = [
      [`FT0001,${secret},"a\nb"\nFT0002,00,\n`, ['line 2: model form', 'line 4: secret short']],
      [`FT0001,${secret},"a\r\nb"\r\nFT0002,00,\r\n`, ['line 2: model form', 'line 4: secret short']],
      [`FT0001,${secret},"a\rb"\rFT0002,00,\r`, ['line 2: model form', 'line 4: secret short']],
      [`FT0001,${secret},"\r\n\r\n\n\rb"\n\n\r\nFT0002,00,\n`, ['line 9: secret short']],
      [`"F\nT",${secret},"\r\n"\n,${secret},\n`, ['line 2: serial form', 'line 5: serial missing']],
      [`FT0001,${secret},"a\r\nb",\r\nFT0002,00,\r\n`, ['line 2: line columns', 'line 4: secret short']],
      // Where a quote is nowhere closed, the line is told on which it was opened.
      [
        `FT0001,${secret},"a\r\nb"\r\n\r\nFT0002,"00,\r\n${'FT0003,\r\n'.repeat(900)}`,
        ['line 2: model form', 'line 5: line form'],
      ],
      // A line without end, of which the cells are empty.
      [`FT0001,${secret},"a\r\nb"\r\n\r\n${','.repeat(40_000)}`, ['line 2: model form', 'line 5: line form']],
    ];
    for (const [lines, wrong] of cases)
      for (const size of [1, 7, 65_536]) {
        const seen = await read(head + lines, { size });
        const named = told(seen);
        // What comes at once with the end of the reading may not have been told any more.
        const expected = wrong.at(-1)?.endsWith('line form') ? [wrong, wrong.slice(-1)] : [wrong];
        expect(named, `${JSON.stringify(lines.slice(0, 80))}, pieces of ${size}`).to.be.deep.oneOf(expected);
        expect(seen.refused).to.equal(null);
      }
  });

  it('keeps count of lines in any mixture of cells, quotes and line breaks', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            quoted: fc.array(fc.constantFrom('a', '""', ',', '\n', '\r\n', '\r'), { maxLength: 6 }),
            end: fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n'),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        fc.integer({ min: 1, max: 40 }),
        async (lines, size) => {
          let text = 'serial,secret_hex,model\n';
          const begins: number[] = [];
          for (const { quoted, end } of lines) {
            begins.push(text.split(/\r\n|\r|\n/).length);
            text += `,${secret},"${quoted.join('')}"${end}`;
          }
          const seen = await read(text, { size });
          expect([...new Set(seen.problems.map(({ line }) => line))], JSON.stringify(text)).to.deep.equal(begins);
        },
      ),
      { numRuns: 300 },
    )).timeout(60_000);
});
