// Alarms over a company, or over the gateway itself: they stand for a time, in which no second one of their kind is raised.
import { sql, type Selectable } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { AlarmTable } from './schema.ts';

export type AlarmRow = Selectable<AlarmTable>;

export function alarmTable(db: Db) {
  return {
    /** The alarm that stands over a company now. */
    async standing(companyId: string, now: Instant): Promise<AlarmRow | null> {
      return (
        (await db
          .selectFrom('alarm')
          .selectAll()
          .where('companyId', '=', companyId)
          .where('kind', '=', 'spray')
          .where('until', '>', now)
          .orderBy('until', 'desc')
          .limit(1)
          .executeTakeFirst()) ?? null
      );
    },

    /** The alarm about a clock that stands now; it is over no company. */
    async standingClock(now: Instant): Promise<AlarmRow | null> {
      return (
        (await db
          .selectFrom('alarm')
          .selectAll()
          .where('companyId', 'is', null)
          .where('kind', '=', 'clock')
          // One of a time that has not come yet was raised before the clock was set back.
          .where('since', '<=', now)
          .where('until', '>', now)
          .orderBy('until', 'desc')
          .limit(1)
          .executeTakeFirst()) ?? null
      );
    },

    /** How many stand now, over whomever. */
    async open(now: Instant): Promise<number> {
      const row = await db
        .selectFrom('alarm')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('since', '<=', now)
        .where('until', '>', now)
        .executeTakeFirstOrThrow();
      return row.n;
    },

    async add(row: AlarmRow): Promise<void> {
      await db
        .insertInto('alarm')
        .values({ ...row, data: JSON.stringify(row.data) })
        .execute();
    },
  };
}
