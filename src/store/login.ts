// Logins as PostgreSQL knows them: the receipt of what was proven, whether it still stands, and which portals were entered
// through it. What a session may rely on is asked here, in one statement, every time.
import { type Selectable, sql } from 'kysely';
import { epochHolds } from '../rules/standing.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import { type Told, toldColumns } from './account.ts';
import type { LoginTable, Receipt } from './schema.ts';

export type LoginRow = Omit<Selectable<LoginTable>, 'receipt'> & { readonly receipt: Receipt };

/** A portal that was entered and must be told when the login ends. */
export interface EnteredPortal {
  readonly loginId: string;
  readonly clientId: string;
  readonly sid: string;
  readonly sessionUid: string;
  readonly accountId: string;
}

const entered = ['loginId', 'clientId', 'sid', 'sessionUid', 'accountId'] as const;

export function loginTable(db: Db) {
  return {
    async add(row: Omit<LoginRow, 'replacedBy' | 'endedAt' | 'endedWhy'>): Promise<void> {
      await db
        .insertInto('login')
        .values({ ...row, receipt: JSON.stringify(row.receipt), replacedBy: null, endedAt: null, endedWhy: null })
        .execute();
    },

    async find(id: string): Promise<LoginRow | null> {
      return (await db.selectFrom('login').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },

    /** The login that an attempt made: finishing twice finds the first one. */
    async ofAttempt(attemptId: string): Promise<LoginRow | null> {
      return (await db.selectFrom('login').selectAll().where('attemptId', '=', attemptId).executeTakeFirst()) ?? null;
    },

    /**
     * Whether a login still stands: not ended, in time, account and company usable, its epoch current (or spared), its
     * link live. The one question asked of Session and Grant (house rule), in one statement. What portals may be told of
     * the person comes along: whoever asks with a token wants it next.
     */
    async standing(
      id: string,
      now: Instant,
    ): Promise<{ readonly accountId: string; readonly linkId: string | null; readonly told: Told } | null> {
      const row = await db
        .selectFrom('login')
        .innerJoin('account', 'account.id', 'login.accountId')
        .innerJoin('company', 'company.id', 'account.companyId')
        .leftJoin('link', 'link.id', 'login.linkId')
        .select(['login.accountId', 'login.linkId', 'login.epoch', 'securityEpoch', 'epochSpares', 'epochSparesFrom'])
        .select(toldColumns)
        .where('login.id', '=', id)
        .where('login.endedAt', 'is', null)
        .where('login.expiresAt', '>', now)
        .where('account.stoppedAt', 'is', null)
        .where('account.otpStoppedAt', 'is', null)
        .where('company.suspendedAt', 'is', null)
        .where((eb) => eb.or([eb('login.linkId', 'is', null), eb('link.endedAt', 'is', null)]))
        .executeTakeFirst();
      if (!row || !epochHolds({ id, epoch: row.epoch }, row)) return null;
      const {
        accountId,
        linkId,
        epoch: _epoch,
        securityEpoch: _now,
        epochSpares: _whom,
        epochSparesFrom: _since,
        ...told
      } = row;
      return { accountId, linkId, told };
    },

    /** The login before this one, for the top page. */
    async previous(accountId: string, before: Instant): Promise<LoginRow | null> {
      return (
        (await db
          .selectFrom('login')
          .selectAll()
          .where('accountId', '=', accountId)
          .where('startedAt', '<', before)
          .orderBy('startedAt', 'desc')
          .limit(1)
          .executeTakeFirst()) ?? null
      );
    },

    /** Open logins beyond the newest `keep`: the oldest end first (spec §3: five at most). */
    async surplus(accountId: string, keep: number, now: Instant): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('login')
        .select('id')
        .where('accountId', '=', accountId)
        .where('endedAt', 'is', null)
        .where('replacedBy', 'is', null)
        .where('expiresAt', '>', now)
        .orderBy('startedAt', 'desc')
        .offset(keep)
        .execute();
      return rows.map((row) => row.id);
    },

    /** Ends logins: by id, or all that came through a link, or all of a company, or all of an account but one. */
    async end(
      which:
        | { readonly ids: readonly string[] }
        | { readonly linkId: string }
        | { readonly companyId: string }
        | { readonly accountId: string; readonly but: string | null },
      at: Instant,
      why: string,
    ): Promise<readonly string[]> {
      if ('ids' in which && which.ids.length === 0) return [];
      let query = db.updateTable('login').set({ endedAt: at, endedWhy: why }).where('endedAt', 'is', null);
      if ('ids' in which) {
        const ids = [...which.ids];
        query = query.where((eb) => eb.or([eb('id', 'in', ids), eb('replacedBy', 'in', ids)]));
      }
      if ('linkId' in which) query = query.where('linkId', '=', which.linkId);
      if ('companyId' in which) query = query.where('companyId', '=', which.companyId);
      if ('accountId' in which) {
        query = query.where('accountId', '=', which.accountId);
        const { but } = which;
        if (but !== null)
          query = query
            .where('id', '!=', but)
            .where((eb) => eb.or([eb('replacedBy', 'is', null), eb('replacedBy', '!=', but)]));
      }
      return (await query.returning('id').execute()).map((row) => row.id);
    },

    /** A new login of the same session takes the place of an older one and of those that one had replaced. */
    async replace(id: string, by: string): Promise<void> {
      await db
        .updateTable('login')
        .set({ replacedBy: by })
        .where((eb) => eb.or([eb('id', '=', id), eb('replacedBy', '=', id)]))
        .execute();
    },

    /** Notes that a portal was entered through a login; again for the same one is the same row. */
    async enter(portal: EnteredPortal & { readonly linkId: string | null; readonly at: Instant }): Promise<void> {
      await db
        .insertInto('portalSession')
        .values({ ...portal, endedAt: null })
        .onConflict((conflict) =>
          conflict
            .columns(['loginId', 'clientId'])
            .doUpdateSet({ sid: portal.sid, sessionUid: portal.sessionUid, endedAt: null }),
        )
        .execute();
    },

    /** Takes the portals of ended logins that have not been told; each is given to one caller. */
    async leave(loginIds: readonly string[], at: Instant): Promise<readonly EnteredPortal[]> {
      if (loginIds.length === 0) return [];
      return db
        .updateTable('portalSession')
        .set({ endedAt: at })
        .where('loginId', 'in', [...loginIds])
        .where('endedAt', 'is', null)
        .returning([...entered])
        .execute();
    },

    /** Open logins of an account that were made in the same browser as any of these. */
    async beside(accountId: string, ids: readonly string[]): Promise<readonly string[]> {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('login')
        .innerJoin('login as other', 'other.browser', 'login.browser')
        .select('other.id')
        .distinct()
        .where('login.id', 'in', [...ids])
        .where('login.accountId', '=', accountId)
        .where('other.accountId', '=', accountId)
        .where('other.endedAt', 'is', null)
        .execute();
      return rows.map((row) => row.id);
    },

    /** Logins through which portals were entered in a session of the provider. */
    async ofSession(accountId: string, sessionUid: string): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('portalSession')
        .select('loginId')
        .distinct()
        .where('accountId', '=', accountId)
        .where('sessionUid', '=', sessionUid)
        .where('endedAt', 'is', null)
        .execute();
      return rows.map((row) => row.loginId);
    },

    /** Portals that are open through these logins now. */
    async portals(where: { readonly linkId: string } | { readonly loginId: string }): Promise<readonly string[]> {
      let query = db.selectFrom('portalSession').select('clientId').distinct().where('endedAt', 'is', null);
      query = 'linkId' in where ? query.where('linkId', '=', where.linkId) : query.where('loginId', '=', where.loginId);
      return (await query.execute()).map((row) => row.clientId);
    },

    /** Open logins that came through a link; one that a later login of its session replaced is no other sign-in. */
    async count(where: { readonly linkId: string }, now: Instant): Promise<number> {
      const row = await db
        .selectFrom('login')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('linkId', '=', where.linkId)
        .where('endedAt', 'is', null)
        .where('replacedBy', 'is', null)
        .where('expiresAt', '>', now)
        .executeTakeFirstOrThrow();
      return row.n;
    },

    /**
     * Portals that were left at `at`, when these links ended or by these people, and whether each has been told (its logout
     * has left the outbox).
     */
    async left(
      of: 'linkId' | 'accountId',
      ids: readonly string[],
      at: Instant,
    ): Promise<readonly { readonly clientId: string; readonly told: boolean }[]> {
      if (ids.length === 0) return [];
      return db
        .selectFrom('portalSession')
        .select([
          'clientId',
          sql<boolean>`bool_and(not exists (select 1 from outbox where outbox.kind = 'logout' and outbox.sent_at is null
            and outbox.payload->>'sid' = portal_session.sid))`.as('told'),
        ])
        .where(of, 'in', [...ids])
        .where('endedAt', '=', at)
        .groupBy('clientId')
        .orderBy('clientId')
        .execute();
    },

    /** Browser and system, in words, of the newest login by each remembered device of an account. */
    async browsers(accountId: string): Promise<ReadonlyMap<string, string>> {
      const rows = await db
        .selectFrom('login')
        .distinctOn('deviceId')
        .select(['deviceId', sql<string>`receipt->>'browser'`.as('browser')])
        .where('accountId', '=', accountId)
        .where('deviceId', 'is not', null)
        .orderBy('deviceId')
        .orderBy('startedAt', 'desc')
        .execute();
      return new Map(
        rows.flatMap(({ deviceId, browser }) => (deviceId === null ? [] : [[deviceId, browser] as const])),
      );
    },
  };
}
