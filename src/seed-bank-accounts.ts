// The bank accounts of the demo's companies, and who may use them: as the bank and the companies would have entered them.
import { bankAccountGrants, bankAccountsOf, type DemoCompany } from './demo/people.ts';
import type { Stores } from './stores.ts';
import type { Tables } from './store/store.ts';

/** After the people: grants name their login IDs. */
export async function addBankAccounts(
  tables: Tables,
  { secrets }: Stores,
  companyId: string,
  company: DemoCompany,
): Promise<void> {
  await tables.bankAccount.load(companyId, bankAccountsOf(company), secrets.id);
  const rows = await tables.bankAccount.ofCompany(companyId);
  for (const [loginId, numbers] of bankAccountGrants(company)) {
    const account = await tables.account.byLoginName(loginId);
    const ids = rows.filter((row) => numbers.includes(row.number)).map(({ id }) => id);
    if (account) await tables.bankAccount.grantOnly(account.id, ids);
  }
}
