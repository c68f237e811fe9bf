// Operators: the bank's own staff, with their password, its counter, and which token is theirs (spec §1, §8). Never accounts:
// nothing here knows a company, and no account is found here.
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { OperatorTable } from './schema.ts';

export type OperatorRow = Selectable<OperatorTable>;

/** What a rule leaves of the row. */
export type OperatorPatch = Partial<Omit<OperatorRow, 'id' | 'loginName' | 'history'>> & {
  readonly history?: readonly string[];
};

/** What a rule gives back: what to keep of the row, and its verdict. A refusal is not a rollback. */
export interface OperatorRuling<Verdict> {
  readonly keep: OperatorPatch;
  readonly verdict: Verdict;
}

const columnsOf = ({ history, ...rest }: OperatorPatch) =>
  history === undefined ? rest : { ...rest, history: JSON.stringify(history) };

export function operatorTable(db: Db) {
  const patch = async (id: string, keep: OperatorPatch): Promise<void> => {
    await db.updateTable('operator').set(columnsOf(keep)).where('id', '=', id).execute();
  };
  return {
    async find(id: string): Promise<OperatorRow | null> {
      return (await db.selectFrom('operator').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },

    /** By a login ID in lower case. */
    async byLoginName(key: string): Promise<OperatorRow | null> {
      const found = db.selectFrom('operator').selectAll();
      return (await found.where(sql<string>`lower(login_name)`, '=', key).executeTakeFirst()) ?? null;
    },

    /** All of them, stopped ones too: a bank has few. */
    async list(): Promise<readonly OperatorRow[]> {
      return db.selectFrom('operator').selectAll().orderBy('createdAt').orderBy('id').execute();
    },

    async lock(id: string): Promise<OperatorRow | null> {
      return (await db.selectFrom('operator').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null;
    },

    /** Adds an operator; false when the login ID is somebody's. */
    async add(row: Omit<Insertable<OperatorTable>, 'history'>): Promise<boolean> {
      const added = await db
        .insertInto('operator')
        .values({ ...row, history: JSON.stringify([]) })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (added.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },

    patch,

    /**
     * Locks the row of a login ID, applies a pure rule and writes what it keeps: two statements whatever is found. Null when
     * nobody has the ID.
     */
    async judge<Verdict>(key: string, rule: (row: OperatorRow) => OperatorRuling<Verdict>): Promise<Verdict | null> {
      const row = await db
        .selectFrom('operator')
        .selectAll()
        .where(sql<string>`lower(login_name)`, '=', key)
        .forUpdate()
        .executeTakeFirst();
      const ruled = row && rule(row);
      await patch(row?.id ?? '', { misses: row?.misses ?? 0, ...ruled?.keep });
      return ruled ? ruled.verdict : null;
    },
  };
}
