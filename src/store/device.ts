// Remembered devices as PostgreSQL knows them: what Redis remembers counts only while this row permits (spec §6).
import { type Selectable, sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { DeviceTable } from './schema.ts';

export type DeviceRow = Selectable<DeviceTable>;

export function deviceTable(db: Db) {
  return {
    async find(id: string): Promise<DeviceRow | null> {
      return (await db.selectFrom('device').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },

    async lock(id: string): Promise<DeviceRow | null> {
      return (await db.selectFrom('device').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null;
    },

    /** Live devices first, then those ended since `since`. */
    async list(accountId: string, since: Instant): Promise<readonly DeviceRow[]> {
      return db
        .selectFrom('device')
        .selectAll()
        .where('accountId', '=', accountId)
        .where((eb) => eb.or([eb('endedAt', 'is', null), eb('endedAt', '>', since)]))
        .orderBy('endedAt', (order) => order.desc().nullsFirst())
        .orderBy('usedAt', 'desc')
        .limit(200)
        .execute();
    },

    /** Devices of several accounts that nobody ended; whether they still count is judged by rules/device.ts. */
    async ofAccounts(accountIds: readonly string[]): Promise<readonly DeviceRow[]> {
      if (accountIds.length === 0) return [];
      return db
        .selectFrom('device')
        .selectAll()
        .where('accountId', 'in', [...accountIds])
        .where('endedAt', 'is', null)
        .orderBy('usedAt', 'desc')
        .execute();
    },

    /** Devices of a company's people that nobody ended. */
    async countOfCompany(companyId: string): Promise<number> {
      const row = await db
        .selectFrom('device')
        .innerJoin('account', 'account.id', 'device.accountId')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('account.companyId', '=', companyId)
        .where('device.endedAt', 'is', null)
        .executeTakeFirstOrThrow();
      return row.n;
    },

    /** Ends all live devices of a company's people, whose accounts are locked first, in their order. */
    async endOfCompany(companyId: string, at: Instant, why: string): Promise<readonly DeviceRow[]> {
      const owners = await db
        .selectFrom('account')
        .select('id')
        .where('companyId', '=', companyId)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('device')
              .select('device.id')
              .whereRef('device.accountId', '=', 'account.id')
              .where('device.endedAt', 'is', null),
          ),
        )
        .orderBy('id')
        .forUpdate()
        .execute();
      if (owners.length === 0) return [];
      return db
        .updateTable('device')
        .set({ endedAt: at, endedWhy: why })
        .where(
          'accountId',
          'in',
          owners.map(({ id }) => id),
        )
        .where('endedAt', 'is', null)
        .returningAll()
        .execute();
    },

    async add(row: Omit<DeviceRow, 'seen' | 'endedAt' | 'endedWhy'>): Promise<void> {
      await db
        .insertInto('device')
        .values({ ...row, seen: '[]', endedAt: null, endedWhy: null })
        .execute();
    },

    async change(
      id: string,
      patch: Partial<Pick<DeviceRow, 'label' | 'usedAt' | 'generation' | 'seen'>>,
    ): Promise<void> {
      const { seen, ...rest } = patch;
      await db
        .updateTable('device')
        .set(seen === undefined ? rest : { ...rest, seen: JSON.stringify(seen) })
        .where('id', '=', id)
        .execute();
    },

    /** Ends live devices of an account (all, one, or those of a link); gives back those it ended. */
    async end(
      which: { readonly accountId: string; readonly id?: string; readonly linkId?: string },
      at: Instant,
      why: string,
    ): Promise<readonly DeviceRow[]> {
      let query = db
        .updateTable('device')
        .set({ endedAt: at, endedWhy: why })
        .where('accountId', '=', which.accountId)
        .where('endedAt', 'is', null);
      if (which.id !== undefined) query = query.where('id', '=', which.id);
      if (which.linkId !== undefined) query = query.where('linkId', '=', which.linkId);
      return query.returningAll().execute();
    },
  };
}
