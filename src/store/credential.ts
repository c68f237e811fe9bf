// Login and confirmation passwords with their counters. A guess takes its place here before its hash is compared.
import { clearCounter } from '../rules/lock.ts';
import type { Db } from './database.ts';
import type { Trail } from './pipelined-transaction.ts';
import type { CredentialRow } from './account.ts';
import type { CredentialKind } from './schema.ts';

/** What a rule gives back: what to keep of the row, and its verdict. A refusal is not a rollback. */
export interface Ruling<Verdict> {
  readonly keep: Partial<Omit<CredentialRow, 'accountId' | 'kind' | 'history'>> & {
    readonly history?: readonly string[];
  };
  readonly verdict: Verdict;
}

/** What is kept, as columns. */
export function patchOf({ history, ...rest }: Ruling<unknown>['keep']) {
  return history === undefined ? rest : { ...rest, history: JSON.stringify(history) };
}

/** @param trail takes statements which nobody has to wait for before the commit */
export function credentialTable(db: Db, trail: Trail | null = null) {
  return {
    /** Locks the row, applies a pure rule, writes what it keeps; null when there is no such credential. */
    async change<Verdict>(
      accountId: string,
      kind: CredentialKind,
      rule: (row: CredentialRow) => Ruling<Verdict>,
    ): Promise<Verdict | null> {
      const row = await db
        .selectFrom('credential')
        .selectAll()
        .where('accountId', '=', accountId)
        .where('kind', '=', kind)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return null;
      const { keep, verdict } = rule(row);
      const patch = patchOf(keep);
      if (Object.keys(patch).length > 0) {
        const statement = db
          .updateTable('credential')
          .set(patch)
          .where('accountId', '=', accountId)
          .where('kind', '=', kind);
        if (trail) trail(statement.compile());
        else await statement.execute();
      }
      return verdict;
    },

    /** Writes a credential, new or in place of the old one; a password that is on its way by post is void then. */
    async put(row: Omit<CredentialRow, 'history'> & { readonly history: readonly string[] }): Promise<void> {
      const values = { letterHash: null, letterUntil: null, ...row, history: JSON.stringify(row.history) };
      await db
        .insertInto('credential')
        .values(values)
        .onConflict((conflict) => conflict.columns(['accountId', 'kind']).doUpdateSet(values))
        .execute();
      // Misses of the password that was.
      if (row.kind === 'login')
        await db.updateTable('guessBudget').set(clearCounter).where('accountId', '=', row.accountId).execute();
    },

    /** Locks and stops that were set but not told, because their process died in between. */
    async unannounced(before: number, limit: number): Promise<readonly CredentialRow[]> {
      return db
        .selectFrom('credential')
        .selectAll()
        .where('announcedAt', 'is', null)
        .where((eb) => eb.or([eb('lockedUntil', '>', before), eb('stoppedAt', 'is not', null)]))
        .limit(limit)
        .execute();
    },
  };
}
