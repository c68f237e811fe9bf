// The bank's list of accounts: read whole, or every wrong line named.
import { expect } from 'chai';
import fc from 'fast-check';
import { bankAccountColumns, readBankAccounts } from '../../src/rules/bank-account-file.ts';

const head = bankAccountColumns.join(',');

describe('a file of bank accounts', () => {
  it('is read with quotes, a byte order mark and any line ends', () => {
    const text = `\uFEFF${head}\r\n100,"本店, 営業部",普通,1234567,"「""主""」"\r\n\r\n200,支店,当座,0012345,`;
    expect(readBankAccounts(text)).to.deep.equal({
      ok: true,
      accounts: [
        { branchCode: '100', branchName: '本店, 営業部', kind: '普通', number: '1234567', memo: '「"主"」' },
        { branchCode: '200', branchName: '支店', kind: '当座', number: '0012345', memo: '' },
      ],
    });
  });

  it('names every line that is not right', () => {
    const lines = [
      head,
      '100,本店,普通,1234567,',
      '10,本店,普通,1234567,',
      '100,,普通,1234568,',
      '100,本店,普通,12a4567,',
      '100,本店,普通,1234567,二度目',
      '100,本店,普通',
      '100,本"店,普通,7654321,',
      '100,本\u0007店,普通,7654321,',
      `100,本店,普通,7654322,${'長'.repeat(41)}`,
      '100,本店,,7654323,',
    ];
    expect(readBankAccounts(lines.join('\n'))).to.deep.equal({
      ok: false,
      why: 'lines',
      bad: [
        { line: 3, why: 'branch_code' },
        { line: 4, why: 'branch_name' },
        { line: 5, why: 'number' },
        { line: 6, why: 'twice' },
        { line: 7, why: 'columns' },
        { line: 8, why: 'quotes' },
        { line: 9, why: 'branch_name' },
        { line: 10, why: 'memo' },
        { line: 11, why: 'kind' },
      ],
    });
  });

  it('needs its head, and at least one account', () => {
    expect(readBankAccounts('')).to.include({ ok: false, why: 'head' });
    expect(readBankAccounts('100,本店,普通,1234567,')).to.include({ ok: false, why: 'head' });
    expect(readBankAccounts(`${head}\n`)).to.include({ ok: false, why: 'empty' });
  });

  it('gives back what was written, whatever stands in a memo', () => {
    const memo = fc.string({ maxLength: 40, unit: fc.constantFrom('口', 'a', '"', ',', ' ', '=', "'", '1') });
    fc.assert(
      fc.property(fc.array(memo, { minLength: 1, maxLength: 20 }), (memos) => {
        const line = (text: string, index: number) =>
          `100,本店,普通,${1_000_000 + index},"${text.replaceAll('"', '""')}"`;
        const read = readBankAccounts([head, ...memos.map(line)].join('\n'));
        expect(read.ok && read.accounts.map((account) => account.memo)).to.deep.equal(memos.map((text) => text.trim()));
      }),
    );
  });
});
