// The company's bank accounts (口座) as the bank loaded them, and who may use which: portals are told of them as a claim.
import { type Selectable, sql } from 'kysely';
import type { BankAccountLine } from '../rules/bank-account-file.ts';
import type { Db } from './database.ts';
import type { BankAccountTable } from './schema.ts';

export type BankAccountRow = Selectable<BankAccountTable>;

export interface LoadedAccounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** Rows of one statement: its parameters are limited. */
const atOnce = 1_000;

const keyOf = ({ branchCode, kind, number }: Pick<BankAccountRow, 'branchCode' | 'kind' | 'number'>): string =>
  [branchCode, kind, number].join(' ');

export function bankAccountTable(db: Db) {
  const ofCompany = async (companyId: string): Promise<readonly BankAccountRow[]> =>
    db
      .selectFrom('bankAccount')
      .selectAll()
      .where('companyId', '=', companyId)
      .orderBy('branchCode')
      .orderBy('kind')
      .orderBy('number')
      .execute();

  return {
    /** All accounts of a company, in the order of lists. */
    ofCompany,

    /** The ids of those that a person may use. */
    async granted(accountId: string): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('bankAccountGrant')
        .select('bankAccountId')
        .where('accountId', '=', accountId)
        .orderBy('bankAccountId')
        .execute();
      return rows.map((row) => row.bankAccountId);
    },

    /** Grants exactly these. The caller has seen that they are accounts of the person's company. */
    async grantOnly(accountId: string, ids: readonly string[]): Promise<void> {
      let away = db.deleteFrom('bankAccountGrant').where('accountId', '=', accountId);
      if (ids.length > 0) away = away.where('bankAccountId', 'not in', [...ids]);
      await away.execute();
      if (ids.length === 0) return;
      await db
        .insertInto('bankAccountGrant')
        .values(ids.map((bankAccountId) => ({ accountId, bankAccountId })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    /** Makes a company's accounts those of the list: what is not in it goes, with its grants. `newId` names an added one. */
    async load(companyId: string, lines: readonly BankAccountLine[], newId: () => string): Promise<LoadedAccounts> {
      const before = new Map((await ofCompany(companyId)).map((row) => [keyOf(row), row]));
      const after = new Set(lines.map(keyOf));
      const gone = [...before].flatMap(([key, { id }]) => (after.has(key) ? [] : [id]));
      const written = lines.filter((line) => {
        const known = before.get(keyOf(line));
        return known === undefined || known.branchName !== line.branchName || known.memo !== line.memo;
      });
      if (gone.length > 0) {
        await db.deleteFrom('bankAccountGrant').where('bankAccountId', 'in', gone).execute();
        await db.deleteFrom('bankAccount').where('id', 'in', gone).execute();
      }
      for (let at = 0; at < written.length; at += atOnce) {
        await db
          .insertInto('bankAccount')
          .values(written.slice(at, at + atOnce).map((line) => ({ ...line, id: newId(), companyId })))
          .onConflict((conflict) =>
            conflict.columns(['companyId', 'branchCode', 'kind', 'number']).doUpdateSet({
              branchName: sql`excluded.branch_name`,
              memo: sql`excluded.memo`,
            }),
          )
          .execute();
      }
      const added = written.filter((line) => !before.has(keyOf(line))).length;
      return { added, changed: written.length - added, removed: gone.length };
    },
  };
}
