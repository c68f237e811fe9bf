// Operators: the bank's own staff, with their password, its counter, and which token is theirs (spec §1, §8). Never accounts:
// nothing here knows a company, and no account is found here.
import { sql, type Insertable, type Selectable } from 'kysely';
import { clearCounter, type LockCounter } from '../rules/lock.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { OperatorTable } from './schema.ts';

export type OperatorRow = Selectable<OperatorTable>;

/** What a rule leaves of the row. */
export type OperatorPatch = Partial<Omit<OperatorRow, 'id' | 'loginName' | 'history'>> & {
  readonly history?: readonly string[];
};

/** A browser that guesses: the hash of its lasting cookie, and since when its last success counts. Null: it brought none. */
export interface GuessingBrowser {
  readonly browser: string | null;
  readonly since: Instant;
}

/** What a rule gives back: what to keep of the row and of the browser's own counter, and its verdict. A refusal is no rollback. */
export interface OperatorRuling<Verdict> {
  readonly keep: OperatorPatch;
  /** Null: as it is. */
  readonly own: LockCounter | null;
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
     * Locks the row of a login ID, reads the counter of a browser that it knows, applies a pure rule and writes what it keeps:
     * three statements whatever is found. Null when nobody has the ID.
     */
    async judge<Verdict>(
      key: string,
      { browser, since }: GuessingBrowser,
      rule: (row: OperatorRow, own: LockCounter | null) => OperatorRuling<Verdict>,
    ): Promise<Verdict | null> {
      // In one round trip, one behind the other: the counter is read when the row is locked.
      const [row, own] = await Promise.all([
        db
          .selectFrom('operator')
          .selectAll()
          .where(sql<string>`lower(login_name)`, '=', key)
          .forUpdate()
          .executeTakeFirst(),
        db
          .selectFrom('operatorBrowser')
          .innerJoin('operator', 'operator.id', 'operatorBrowser.operatorId')
          .select(['operatorBrowser.misses', 'operatorBrowser.locks', 'operatorBrowser.lockedUntil'])
          .select('operatorBrowser.stoppedAt')
          .where(sql<string>`lower(operator.login_name)`, '=', key)
          .where('browser', '=', browser ?? '')
          .where('at', '>', since)
          .executeTakeFirst(),
      ]);
      const ruled = row && rule(row, own ?? null);
      await db
        .with('own', (part) =>
          part
            .updateTable('operatorBrowser')
            .set(ruled?.own ?? clearCounter)
            .where('operatorId', '=', row?.id ?? '')
            .where('browser', '=', ruled?.own ? (browser ?? '') : ''),
        )
        .updateTable('operator')
        .set(columnsOf({ misses: row?.misses ?? 0, ...ruled?.keep }))
        .where('id', '=', row?.id ?? '')
        .execute();
      return ruled ? ruled.verdict : null;
    },
  };
}
