// Service permissions (サービス連携): which portals an account may enter; portals with `open: true` need none.
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { EnteredPortal } from './login.ts';
import { sql } from 'kysely';

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

    /**
     * Notes that a portal was entered through a login, as `login.enter`: false, and nothing entered, when the account has no
     * permission now. It is held while that is written: whoever takes it away at the same moment finds what was entered, or
     * comes first.
     */
    async enter(portal: EnteredPortal & { readonly linkId: string | null; readonly at: Instant }): Promise<boolean> {
      const { rows } = await sql`
        insert into portal_session (login_id, client_id, sid, session_uid, account_id, link_id, at)
        select ${portal.loginId}, client_id, ${portal.sid}, ${portal.sessionUid}, account_id, ${portal.linkId}, ${portal.at}::bigint
          from portal_permission
          where account_id = ${portal.accountId} and client_id = ${portal.clientId} for key share
        on conflict (login_id, client_id)
          do update set sid = excluded.sid, session_uid = excluded.session_uid, ended_at = null
        returning login_id`.execute(db);
      return rows.length > 0;
    },

    /**
     * Logins of the account through which any of these portals was entered and is open now, or that were made for one whose
     * browser has not come back to it yet: its code is still to be given.
     */
    async enteredThrough(accountId: string, clientIds: readonly string[], now: Instant): Promise<readonly string[]> {
      if (clientIds.length === 0) return [];
      const rows = await db
        .selectFrom('portalSession')
        .select('loginId')
        .where('accountId', '=', accountId)
        .where('clientId', 'in', [...clientIds])
        .where('endedAt', 'is', null)
        .union(
          db
            .selectFrom('login')
            .select('id as loginId')
            .where('accountId', '=', accountId)
            .where('clientId', 'in', [...clientIds])
            .where('endedAt', 'is', null)
            .where('expiresAt', '>', now),
        )
        .execute();
      return rows.map((row) => row.loginId);
    },
  };
}
