// Browsers with an earlier success of an account (spec §2): they have guesses of their own. Only the hash of their cookie's
// value is kept; it proves nothing.
import { sql } from 'kysely';
import { clearCounter } from '../rules/lock.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';

/** The newest so many of one account are known. */
const most = 20;

export function knownBrowserTable(db: Db) {
  return {
    /**
     * The browser is known from now on, and has an empty budget; the account's longest unseen ones are strangers again. One
     * statement, in no transaction that holds a lock: it asks for the account's row.
     */
    async remember(accountId: string, browser: string, at: Instant): Promise<void> {
      await db
        .with('surplus', (part) =>
          part
            .deleteFrom('knownBrowser')
            .where('accountId', '=', accountId)
            .where('browser', 'in', (eb) =>
              eb
                .selectFrom('knownBrowser')
                .select('browser')
                .where('accountId', '=', accountId)
                .where('browser', '!=', browser)
                .orderBy('at', 'desc')
                .offset(most - 1),
            )
            .returning('browser'),
        )
        .with('unbudgeted', (part) =>
          part
            .deleteFrom('guessBudget')
            .where('accountId', '=', accountId)
            .where('who', 'in', (eb) => eb.selectFrom('surplus').select(sql<string>`'browser:' || browser`.as('who'))),
        )
        .with('budget', (part) =>
          part
            .insertInto('guessBudget')
            .values({ accountId, who: `browser:${browser}`, ...clearCounter })
            .onConflict((conflict) => conflict.doNothing()),
        )
        .insertInto('knownBrowser')
        .values({ accountId, browser, at })
        .onConflict((conflict) => conflict.columns(['accountId', 'browser']).doUpdateSet({ at }))
        .execute();
    },
  };
}
