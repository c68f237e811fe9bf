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
  };
}
