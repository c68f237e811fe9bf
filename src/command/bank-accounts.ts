// `renkei bank-accounts load`: the bank hands in a company's accounts. What is wrong with the file is named line by line, and
// then nothing of it is in force.
import { loadBankAccounts } from '../flows/company/load-bank-accounts.ts';
import { bankAccountColumns } from '../rules/bank-account-file.ts';
import { normalise } from '../rules/normalise.ts';
import type { Act, Tools } from '../flows/tools.ts';
import type { CommandAnswer } from './commands.ts';

const words = {
  columns: `not ${bankAccountColumns.length} columns`,
  quotes: 'quotes that do not fit together',
  twice: 'the same account twice',
  branch_code: 'branch_code: three digits',
  branch_name: 'branch_name: 1 to 40 characters',
  kind: 'kind: 1 to 20 characters',
  number: 'number: 4 to 10 digits',
  memo: 'memo: up to 40 characters',
} as const;

const failed = (error: string, text: string, more: Readonly<Record<string, unknown>> = {}): CommandAnswer => ({
  ok: false,
  json: { ok: false, error, ...more },
  text,
});

/** @param args what, the contract number, and the text of the file (not its name: another process may read it) */
export async function bankAccountsCommand(
  tools: Tools,
  act: Act,
  [what = '', contract = '', text = '']: readonly string[],
): Promise<CommandAnswer> {
  if (what !== 'load') return failed('unknown_command', 'Use: bank-accounts load CONTRACT_NUMBER FILE.csv');
  const contractNumber = normalise(contract);
  const actor = { kind: 'operator', id: 'command-line' } as const;
  const done = await loadBankAccounts(tools, act, { contractNumber, text, actor });
  switch (done.verdict) {
    case 'unknown-contract':
      return failed('unknown_contract', `No company has the contract number ${contractNumber}.`);
    case 'bad-file': {
      const bad = done.bad.map(({ line, why }) => ({ line, why }));
      const lines =
        done.why === 'head'
          ? [`The first line must be: ${bankAccountColumns.join(',')}`]
          : done.why === 'empty'
            ? ['The file has no account.']
            : done.bad.map(({ line, why }) => `Line ${line}: ${words[why]}`);
      return failed('bad_file', [...lines, 'Nothing was loaded.'].join('\n'), { why: done.why, bad });
    }
    case 'loaded': {
      const { added, changed, removed } = done.loaded;
      return {
        ok: true,
        json: {
          ok: true,
          contract_number: contractNumber,
          accounts: done.accounts,
          added,
          changed,
          removed,
          reference: act.reference,
        },
        text: `${done.accounts} accounts for ${contractNumber}: ${added} added, ${changed} changed, ${removed} removed.`,
      };
    }
  }
}
