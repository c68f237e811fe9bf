// Service permissions (サービス連携): which portals an account may enter; portals with `open: true` need none.
import type { Db } from './database.ts';

export function portalPermissionTable(db: Db) {
  return {
    async grant(accountId: string, clientIds: readonly string[]): Promise<void> {
      if (clientIds.length === 0) return;
      await db
        .insertInto('portalPermission')
        .values(clientIds.map((clientId) => ({ accountId, clientId })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async revoke(accountId: string, clientIds: readonly string[]): Promise<void> {
      if (clientIds.length === 0) return;
      await db
        .deleteFrom('portalPermission')
        .where('accountId', '=', accountId)
        .where('clientId', 'in', [...clientIds])
        .execute();
    },

    /** Logins of the account through which any of these portals was entered and is open now. */
    async enteredThrough(accountId: string, clientIds: readonly string[]): Promise<readonly string[]> {
      if (clientIds.length === 0) return [];
      const rows = await db
        .selectFrom('portalSession')
        .select('loginId')
        .distinct()
        .where('accountId', '=', accountId)
        .where('clientId', 'in', [...clientIds])
        .where('endedAt', 'is', null)
        .execute();
      return rows.map((row) => row.loginId);
    },
  };
}
