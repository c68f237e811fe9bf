// What a person agreed to tell a portal: asked once per portal and set of facts (renkei.consent: ask).
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';

export function consentTable(db: Db) {
  return {
    async given(accountId: string, clientId: string, facts: string): Promise<boolean> {
      const row = await db
        .selectFrom('consent')
        .select('facts')
        .where('accountId', '=', accountId)
        .where('clientId', '=', clientId)
        .executeTakeFirst();
      return row?.facts === facts;
    },

    async give(accountId: string, clientId: string, facts: string, at: Instant): Promise<void> {
      await db
        .insertInto('consent')
        .values({ accountId, clientId, facts, at })
        .onConflict((conflict) => conflict.columns(['accountId', 'clientId']).doUpdateSet({ facts, at }))
        .execute();
    },
  };
}
