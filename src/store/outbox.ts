// The outbox: mails and back-channel logouts that a committed change owes. Written in the change's transaction, delivered
// by a worker that leases rows, so that a killed process loses nothing and two processes don't send twice.
import { sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';

export interface OutboxEntry {
  readonly id: string;
  readonly kind: 'mail' | 'logout';
  readonly payload: Readonly<Record<string, unknown>>;
  readonly tries: number;
  readonly createdAt: Instant;
}

export function outboxTable(db: Db) {
  return {
    async add(entry: Pick<OutboxEntry, 'id' | 'kind' | 'payload'>, at: Instant): Promise<void> {
      const { id, kind } = entry;
      await db
        .insertInto('outbox')
        .values({
          id,
          kind,
          payload: JSON.stringify(entry.payload),
          createdAt: at,
          dueAt: at,
          sentAt: null,
          failedWhy: null,
        })
        .execute();
    },

    /** The statement of an entry that nobody is owed, where the number of statements would tell something (spec §2). */
    async idle(): Promise<void> {
      await db.updateTable('outbox').set({ failedWhy: null }).where('id', '=', '').execute();
    },

    /** Leases up to `limit` due entries of one kind until `now + lease`. */
    async claim(
      kind: OutboxEntry['kind'],
      now: Instant,
      lease: number,
      limit: number,
    ): Promise<readonly OutboxEntry[]> {
      // Materialised: the plan must not ask the subquery again and claim more than the limit.
      return db
        .with(
          (cte) => cte('due').materialized(),
          (query) =>
            query
              .selectFrom('outbox')
              .select('id')
              .where('kind', '=', kind)
              .where('sentAt', 'is', null)
              .where('dueAt', '<=', now)
              .orderBy('dueAt')
              .limit(limit)
              .forUpdate()
              .skipLocked(),
        )
        .updateTable('outbox')
        .from('due')
        .set((eb) => ({ dueAt: now + lease, tries: eb('tries', '+', 1) }))
        .whereRef('outbox.id', '=', 'due.id')
        .returning(['outbox.id', 'kind', 'payload', 'tries', 'createdAt'])
        .execute();
    },

    /** What was sent is no longer kept: an e-mail code must not outlive its mail. */
    async sent(id: string, at: Instant): Promise<void> {
      await db.updateTable('outbox').set({ sentAt: at, failedWhy: null, payload: '{}' }).where('id', '=', id).execute();
    },

    async retry(id: string, at: Instant, why: string): Promise<void> {
      await db
        .updateTable('outbox')
        .set({ dueAt: at, failedWhy: why.slice(0, 200) })
        .where('id', '=', id)
        .execute();
    },

    async waiting(kind: OutboxEntry['kind']): Promise<number> {
      const row = await db
        .selectFrom('outbox')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('kind', '=', kind)
        .where('sentAt', 'is', null)
        .executeTakeFirstOrThrow();
      return row.n;
    },
  };
}
