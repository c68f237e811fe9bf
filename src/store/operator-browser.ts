// Browsers in which an operator signed in before, each with its own guesses at the password (spec §2, §11.8). Only the hash of
// their lasting cookie's value is kept; it proves nothing. Written while the operator's row is locked.
import { clearCounter } from '../rules/lock.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';

/** The newest so many of one operator are known. */
const most = 20;

export function operatorBrowserTable(db: Db) {
  return {
    /** The browser is known from now on; its guesses so far are none. The longest unseen ones are strangers again. */
    async remember(operatorId: string, browser: string, at: Instant): Promise<void> {
      await db
        .insertInto('operatorBrowser')
        .values({ operatorId, browser, at, ...clearCounter })
        .onConflict((conflict) => conflict.columns(['operatorId', 'browser']).doUpdateSet({ at, ...clearCounter }))
        .execute();
      await db
        .deleteFrom('operatorBrowser')
        .where('operatorId', '=', operatorId)
        .where('browser', 'in', (eb) =>
          eb
            .selectFrom('operatorBrowser')
            .select('browser')
            .where('operatorId', '=', operatorId)
            .orderBy('at', 'desc')
            .orderBy('browser')
            .offset(most),
        )
        .execute();
    },

    /** Every budget of an operator begins anew. */
    async clear(operatorId: string): Promise<void> {
      await db.updateTable('operatorBrowser').set(clearCounter).where('operatorId', '=', operatorId).execute();
    },

    /** None of them is known any more. */
    async forget(operatorId: string): Promise<void> {
      await db.deleteFrom('operatorBrowser').where('operatorId', '=', operatorId).execute();
    },
  };
}
