// A company never loses the last person able to release others (spec §8): asked before a demotion, a stop or a deletion, under
// the lock of the company's row where it is decided; and told to all who administer it when only one is left.
import type { AccountRow } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { oweMail } from '../mail.ts';
import type { Act, Tools } from '../tools.ts';

/** Nobody, as the id of whoever is left out of a count. */
const nobody = '';

/** Whether this person can release others now, and nobody else can. */
export async function isLastReleaser(
  tables: Pick<Tables, 'company'>,
  { id, companyId }: Pick<AccountRow, 'id' | 'companyId'>,
): Promise<boolean> {
  if ((await tables.company.releasers(companyId, id)) > 0) return false;
  return (await tables.company.releasers(companyId, nobody)) > 0;
}

/** MAI028 to every master and admin, when an act has left one releaser of several. `before`: how many there were. */
export async function warnOfLastReleaser(
  tools: Tools,
  tables: Tables,
  act: Act,
  companyId: string,
  before: number,
): Promise<void> {
  if (before < 2 || (await tables.company.releasers(companyId, nobody)) !== 1) return;
  for (const account of await tables.company.administrators(companyId))
    await oweMail(tools, tables, act, account, 'last-releaser', {}, 'system');
}

/** How many people of the company can release others now. */
export const releasersOf = (tables: Pick<Tables, 'company'>, companyId: string): Promise<number> =>
  tables.company.releasers(companyId, nobody);
