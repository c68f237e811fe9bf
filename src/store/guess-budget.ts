// Own guesses of known browsers and linked Business Direct IDs (spec §2). A budget is read and written only while its login
// password's row is locked, which makes its count exact; it is begun before, because a foreign key must not be checked then.
import { sql } from 'kysely';
import { clearCounter, type LockCounter } from '../rules/lock.ts';
import type { Who } from '../rules/guess-budget.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { CredentialRow } from './account.ts';
import { patchOf, type Ruling } from './credential.ts';
import type { Db } from './database.ts';
import type { Trail } from './pipelined-transaction.ts';

/** What a browser and an attempt bring along that may be known to an account. */
export interface Brings {
  /** Hash of the browser's lasting cookie. */
  readonly browser: string | null;
  /** The Business Direct ID that was verified in this very attempt. */
  readonly upstream: { readonly issuer: string; readonly subject: string } | null;
  /** The link through which somebody is signed in, or signs in. */
  readonly linkId: string | null;
  /** Browsers that were last right before this are strangers again. */
  readonly since: Instant;
}

export interface Guesser {
  readonly id: string;
  readonly companyId: string;
  /** Null: a stranger. */
  readonly who: Who | null;
  /** When the browser's success was last written down; null: it is none that the account knows. */
  readonly seenAt: Instant | null;
}

/** What a rule leaves of the password's row and of the budget; null: as it is. */
export interface BothRuling<Verdict> {
  readonly row: Ruling<Verdict>['keep'] | null;
  readonly own: LockCounter | null;
  readonly verdict: Verdict;
}

/** @param trail takes the last statement of a change, which nobody has to wait for before the commit */
export function guessBudgetTable(db: Db, trail: Trail | null = null) {
  const guessers = (brings: Brings) =>
    db
      .selectFrom('account')
      .select((eb) => [
        'account.id',
        'account.companyId',
        eb
          .selectFrom('knownBrowser')
          .select('at')
          .whereRef('knownBrowser.accountId', '=', 'account.id')
          .where('browser', '=', brings.browser ?? '')
          .where('at', '>', brings.since)
          .as('seenAt'),
        eb
          .selectFrom('link')
          .select('link.id')
          .whereRef('link.accountId', '=', 'account.id')
          .where((own) =>
            own.or([
              own('link.id', '=', brings.linkId ?? ''),
              own.and([
                own('issuer', '=', brings.upstream?.issuer ?? ''),
                own('subject', '=', brings.upstream?.subject ?? ''),
              ]),
            ]),
          )
          .where('endedAt', 'is', null)
          .limit(1)
          .as('linkId'),
      ])
      .where('deletedAt', 'is', null);

  return {
    /** Whose password is guessed by a login ID, and who guesses; one statement, also for an ID that nobody has. */
    async byLoginName(key: string, brings: Brings): Promise<Guesser | null> {
      const found = await guessers(brings)
        .where(sql<string>`lower(login_name)`, '=', key)
        .executeTakeFirst();
      return found ? guesserOf(found, brings) : null;
    },

    /** Who guesses at a password of somebody who is known already. */
    async byAccount(id: string, brings: Brings): Promise<Guesser | null> {
      const found = await guessers(brings).where('account.id', '=', id).executeTakeFirst();
      return found ? guesserOf(found, brings) : null;
    },

    /** Makes an empty budget where there is none. */
    async begin(accountId: string, who: Who): Promise<void> {
      await db
        .insertInto('guessBudget')
        .values({ accountId, who, ...clearCounter })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    /**
     * Locks the login password's row, reads the budget, applies a pure rule and writes what it leaves, in three statements
     * whatever is found; null when there is no such account.
     * @param who null: a stranger, and `own` is null
     */
    async change<Verdict>(
      accountId: string,
      who: Who | null,
      rule: (row: CredentialRow, own: LockCounter | null) => BothRuling<Verdict>,
    ): Promise<Verdict | null> {
      const [row, own] = await Promise.all([
        db
          .selectFrom('credential')
          .selectAll()
          .where('accountId', '=', accountId)
          .where('kind', '=', 'login')
          .forUpdate()
          .executeTakeFirst(),
        db
          .selectFrom('guessBudget')
          .select(['misses', 'locks', 'lockedUntil', 'stoppedAt'])
          .where('accountId', '=', accountId)
          .where('who', '=', who ?? '')
          .executeTakeFirst(),
      ]);
      const ruling = row ? rule(row, own ?? null) : null;
      const statement = write(row ? accountId : '', who ?? '', ruling?.row ?? null, ruling?.own ?? null);
      if (trail) trail(statement.compile());
      else await statement.execute();
      return ruling && ruling.verdict;
    },

    /** Every budget of an account begins anew. Call it with the password's row locked. */
    async clear(accountId: string): Promise<void> {
      await db.updateTable('guessBudget').set(clearCounter).where('accountId', '=', accountId).execute();
    },
  };

  /** One statement for both; without anything to write, one that writes nothing: what the answer hides, its cost does not tell. */
  function write(accountId: string, who: string, row: BothRuling<unknown>['row'], own: LockCounter | null) {
    const budget = db
      .updateTable('guessBudget')
      .set(own ?? clearCounter)
      .where('accountId', '=', accountId)
      .where('who', '=', own === null ? '' : who);
    if (row === null) return budget;
    return db
      .with('own', () => budget)
      .updateTable('credential')
      .set(patchOf(row))
      .where('accountId', '=', accountId)
      .where('kind', '=', 'login');
  }
}

/** A browser that the account knows, before its link: a person who has both uses the one that stays after an unlink. */
function guesserOf(
  found: Pick<Guesser, 'id' | 'companyId' | 'seenAt'> & { readonly linkId: string | null },
  { browser }: Brings,
): Guesser {
  const { linkId, ...rest } = found;
  if (rest.seenAt !== null && browser !== null) return { ...rest, who: `browser:${browser}` };
  return { ...rest, who: linkId === null ? null : `link:${linkId}` };
}
