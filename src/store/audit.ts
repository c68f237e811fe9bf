// The audit record: append-only, one chain per company and one for the bank. A record is written in the transaction of its
// change; the head row is locked last, so that chains never fork and nothing else waits for them.
import { type Selectable, sql } from 'kysely';
import type { AuditRecord } from '../rules/audit-event.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { Trail } from './pipelined-transaction.ts';
import type { AuditHeadTable, AuditTable } from './schema.ts';

/** MAC over the previous MAC and the record's bytes (secrets/chain-mac.ts, key outside the database). */
export type ChainMac = (previous: string, body: string) => string;

/** The MAC before the first record of a chain. */
const origin = '';
/** Nothing may stand before the first record either. */
const beforeAll = Number.MIN_SAFE_INTEGER;

/** @param trail takes the last statement of a record, which nobody has to wait for before the commit */
export function auditTable(db: Db, mac: ChainMac, trail: Trail | null = null) {
  return {
    async add(entry: AuditRecord): Promise<void> {
      const head = (await lockHead(db, entry.chain)) ?? (await beginChain(db, entry.chain));
      const seq = head.seq + 1;
      const body = canonical({ seq, ...entry });
      const next = mac(head.mac, body);
      const { chain, at, reference, event, accountId } = entry;
      const statement = db
        .with('moved', (part) => part.updateTable('auditHead').set({ seq, mac: next }).where('chain', '=', chain))
        .insertInto('audit')
        .values({ chain, seq, at, reference, event, accountId, body, previousMac: head.mac, mac: next });
      if (trail) trail(statement.compile());
      else await statement.execute();
    },

    async heads(): Promise<readonly { readonly chain: string; readonly seq: number; readonly mac: string }[]> {
      return db.selectFrom('auditHead').selectAll().orderBy('chain').execute();
    },

    /**
     * Recomputes a chain from its first record, also while others write to it. The first bad sequence number, or null when
     * all is well.
     */
    async verify(chain: string): Promise<{ readonly records: number; readonly badAt: number | null }> {
      let previous = origin;
      let seq = 0;
      for (;;) {
        // Read before the records: when none follow, the head that stood before must be the last one that was seen.
        const head = await db.selectFrom('auditHead').selectAll().where('chain', '=', chain).executeTakeFirst();
        const rows = await db
          .selectFrom('audit')
          .select(['chain', 'seq', 'at', 'reference', 'event', 'accountId', 'body', 'previousMac', 'mac'])
          .where('chain', '=', chain)
          .where('seq', '>', seq === 0 ? beforeAll : seq)
          .orderBy('seq')
          .limit(500)
          .execute();
        if (rows.length === 0) {
          const whole = head === undefined ? seq === 0 : head.seq === seq && head.mac === previous;
          return { records: seq, badAt: whole ? null : seq + 1 };
        }
        for (const row of rows) {
          seq += 1;
          const good = row.seq === seq && row.previousMac === previous && mac(previous, row.body) === row.mac;
          if (!good || !columnsAgree(row, JSON.parse(row.body))) return { records: seq, badAt: seq };
          previous = row.mac;
        }
      }
    },

    /** Missed passwords and codes of a person since a time, the last temporary lock, and when a device was last found copied. */
    async missesSince(
      chain: string,
      accountId: string,
      since: Instant,
    ): Promise<{ readonly misses: number; readonly lockedAt: Instant | null; readonly copiedAt: Instant | null }> {
      const row = await db
        .selectFrom('audit')
        .select([
          sql<number>`count(*) filter (where event in ('password.missed', 'otp.missed'))::int`.as('misses'),
          sql<number | null>`max(at) filter (where event = 'password.locked')`.as('lockedAt'),
          sql<number | null>`max(at) filter (where event = 'device.copied')`.as('copiedAt'),
        ])
        .where('chain', '=', chain)
        .where('accountId', '=', accountId)
        .where('at', '>', since)
        .executeTakeFirstOrThrow();
      return row;
    },

    /** Records under a reference number, of whichever chain, as written. */
    async under(reference: string): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('audit')
        .select('body')
        .where('reference', '=', reference)
        .orderBy('at')
        .orderBy('seq')
        .limit(100)
        .execute();
      return rows.map((row) => row.body);
    },

    /** The newest records of a person or a chain, as written. */
    async list(
      where: { readonly chain: string; readonly accountId?: string },
      limit: number,
    ): Promise<readonly string[]> {
      let query = db.selectFrom('audit').select('body').where('chain', '=', where.chain);
      if (where.accountId !== undefined) query = query.where('accountId', '=', where.accountId);
      return (await query.orderBy('seq', 'desc').limit(limit).execute()).map((row) => row.body);
    },
  };
}

type Head = Selectable<AuditHeadTable>;

const lockHead = async (db: Db, chain: string): Promise<Head | undefined> =>
  db.selectFrom('auditHead').selectAll().where('chain', '=', chain).forUpdate().executeTakeFirst();

/** The first record of a chain; of two at once the second waits for the first. */
async function beginChain(db: Db, chain: string): Promise<Head> {
  await db
    .insertInto('auditHead')
    .values({ chain, seq: 0, mac: origin })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const head = await lockHead(db, chain);
  if (!head) throw new Error(`the chain ${chain} has no head`);
  return head;
}

/** The searchable columns must say what the bytes under the MAC say. */
function columnsAgree(
  row: Pick<Selectable<AuditTable>, 'chain' | 'event' | 'at' | 'reference' | 'accountId'>,
  told: unknown,
): boolean {
  if (typeof told !== 'object' || told === null) return false;
  const body = new Map<string, unknown>(Object.entries(told));
  return (
    body.get('chain') === row.chain &&
    body.get('event') === row.event &&
    body.get('at') === row.at &&
    body.get('reference') === row.reference &&
    body.get('accountId') === row.accountId
  );
}

/** JSON with sorted keys: the same record has the same bytes everywhere. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
