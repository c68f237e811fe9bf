// The bank's list of a company's accounts takes the place of the one before: all of it or nothing. Accounts that are no longer
// in it are taken from whoever was granted them.
import { readBankAccounts, type BadLine } from '../../rules/bank-account-file.ts';
import type { AuditActor } from '../../rules/audit-event.ts';
import type { LoadedAccounts } from '../../store/bank-account.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

export type LoadedFile =
  | { readonly verdict: 'loaded'; readonly accounts: number; readonly loaded: LoadedAccounts }
  | { readonly verdict: 'unknown-contract' }
  | { readonly verdict: 'bad-file'; readonly why: 'head' | 'empty' | 'lines'; readonly bad: readonly BadLine[] };

export async function loadBankAccounts(
  tools: Tools,
  act: Act,
  asked: { readonly contractNumber: string; readonly text: string; readonly actor: AuditActor },
): Promise<LoadedFile> {
  const read = readBankAccounts(asked.text);
  if (!read.ok) return { verdict: 'bad-file', why: read.why, bad: read.bad };
  return tools.store.transaction(async (tables): Promise<LoadedFile> => {
    const company = await tables.company.byContract(asked.contractNumber);
    if (!company) return { verdict: 'unknown-contract' };
    await tables.company.lock(company.id);
    const loaded = await tables.bankAccount.load(company.id, read.accounts, tools.secrets.id);
    await writeRecord(tables, act, {
      event: 'bank-accounts.loaded',
      companyId: company.id,
      accountId: null,
      actor: asked.actor,
      data: { accounts: read.accounts.length, ...loaded },
    });
    return { verdict: 'loaded', accounts: read.accounts.length, loaded };
  });
}
