// One person's sign-ins as a list: those that are open, and those that ended lately with why. A login that a later one of its
// session replaced is the same sign-in, and is not listed beside it.
import { sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { LoginRow } from './login.ts';

export interface SignInRow extends Pick<
  LoginRow,
  'id' | 'route' | 'receipt' | 'epoch' | 'startedAt' | 'expiresAt' | 'endedAt' | 'endedWhy'
> {
  /** The remembered device that stood in for the code. */
  readonly device: string | null;
  /** Client ids of the portals that were entered through it, or through logins that it replaced. */
  readonly portals: readonly string[];
}

export function signInTable(db: Db) {
  return {
    /** Open ones first, then those that ended or ran out after `since`; the newest of each first. */
    async list(accountId: string, now: Instant, since: Instant, limit: number): Promise<readonly SignInRow[]> {
      const rows = await db
        .selectFrom('login')
        .leftJoin('device', 'device.id', 'login.deviceId')
        .select([
          'login.id',
          'login.route',
          'login.receipt',
          'login.epoch',
          'login.startedAt',
          'login.expiresAt',
          'login.endedAt',
          'login.endedWhy',
          'device.label as device',
          sql<readonly string[]>`coalesce((select json_agg(distinct portal_session.client_id) from portal_session
            join login as same on same.id = portal_session.login_id
            where same.id = login.id or same.replaced_by = login.id), '[]')`.as('portals'),
        ])
        .where('login.accountId', '=', accountId)
        .where('login.replacedBy', 'is', null)
        .where('login.expiresAt', '>', since)
        .where((eb) => eb.or([eb('login.endedAt', 'is', null), eb('login.endedAt', '>', since)]))
        .orderBy(sql`login.ended_at is null and login.expires_at > ${now}`, 'desc')
        .orderBy(sql`coalesce(login.ended_at, login.expires_at)`, 'desc')
        .limit(limit)
        .execute();
      return rows;
    },
  };
}
