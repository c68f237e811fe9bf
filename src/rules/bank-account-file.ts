// The bank's list of a company's accounts (口座), as a CSV file (RFC 4180): read whole, and either every line is right or the
// lines that are not are named.
import { hasControl } from './normalise.ts';

export interface BankAccountLine {
  readonly branchCode: string;
  readonly branchName: string;
  /** 科目, as the bank writes it. */
  readonly kind: string;
  readonly number: string;
  readonly memo: string;
}

/** `columns`: the line does not have the five columns; a column's name: what stands there is not right; `twice`. */
export type BadLine = {
  readonly line: number;
  readonly why: 'columns' | 'quotes' | 'twice' | 'branch_code' | 'branch_name' | 'kind' | 'number' | 'memo';
};

export type ReadBankAccounts =
  | { readonly ok: true; readonly accounts: readonly BankAccountLine[] }
  | { readonly ok: false; readonly why: 'head' | 'empty' | 'lines'; readonly bad: readonly BadLine[] };

/** The first line of the file, in this order. */
export const bankAccountColumns = ['branch_code', 'branch_name', 'kind', 'number', 'memo'] as const;

const forms = {
  branch_code: /^[0-9]{3}$/,
  branch_name: /^.{1,40}$/u,
  kind: /^.{1,20}$/u,
  number: /^[0-9]{4,10}$/,
  memo: /^.{0,40}$/u,
} as const;

/** Reads the text of a file. Line numbers count from 1, the head's. */
export function readBankAccounts(text: string): ReadBankAccounts {
  const records = recordsOf(text.replace(/^\uFEFF/, ''));
  const [head, ...body] = records;
  if (!head || head.cells?.join(',') !== bankAccountColumns.join(',')) return { ok: false, why: 'head', bad: [] };
  if (body.length === 0) return { ok: false, why: 'empty', bad: [] };
  const bad: BadLine[] = [];
  const accounts: BankAccountLine[] = [];
  const seen = new Set<string>();
  for (const { line, cells } of body) {
    const [branchCode = '', branchName = '', kind = '', number = '', memo = ''] = (cells ?? []).map((cell) =>
      cell.trim(),
    );
    const typed = { branch_code: branchCode, branch_name: branchName, kind, number, memo };
    const wrong = bankAccountColumns.find((name) => !forms[name].test(typed[name]) || hasControl(typed[name]));
    const key = [branchCode, kind, number].join(' ');
    const why =
      cells === null
        ? 'quotes'
        : cells.length !== bankAccountColumns.length
          ? 'columns'
          : (wrong ?? (seen.has(key) ? 'twice' : null));
    if (why) bad.push({ line, why });
    seen.add(key);
    accounts.push({ branchCode, branchName, kind, number, memo });
  }
  return bad.length > 0 ? { ok: false, why: 'lines', bad } : { ok: true, accounts };
}

interface CsvRecord {
  readonly line: number;
  /** Null: quotes that do not fit together. */
  readonly cells: readonly string[] | null;
}

/** One record per line: no cell of this file has a line break in it. Empty lines are left out. */
function recordsOf(text: string): readonly CsvRecord[] {
  return text
    .split(/\r\n|\n|\r/)
    .flatMap((line, index) => (line === '' ? [] : [{ line: index + 1, cells: cellsOf(line) }]));
}

function cellsOf(line: string): readonly string[] | null {
  const cells: string[] = [];
  let rest = line;
  for (;;) {
    const [whole = null, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/.exec(rest) ?? [];
    if (whole === null) return null;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (rest.length === whole.length) return cells;
    rest = rest.slice(whole.length + 1);
  }
}
