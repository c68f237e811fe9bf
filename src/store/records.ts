// Reading the audit record for people: filtered, newest first, by the place in the chain, so that a page is as cheap far back
// as at the beginning. Writing and proving it is audit.ts.
import { type ExpressionBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { Role, Schema } from './schema.ts';

export interface RecordQuery {
  readonly chain: string;
  /** Whom they concern; null: everybody of the chain. */
  readonly accountId: string | null;
  /** Part of the name or login ID of whom they concern or who acted; '' for all. */
  readonly text: string;
  /** What `text` is when it is read as a reference number: those under it are found too. */
  readonly reference: string | null;
  /** The first moment, included, and the first one after it. */
  readonly from: Instant | null;
  readonly until: Instant | null;
  /** Null: all. */
  readonly events: readonly string[] | null;
  /** The last place in the chain that counts: what is written later is not seen. */
  readonly upTo: number | null;
}

export interface WrittenRecord {
  readonly seq: number;
  /** As it was written. */
  readonly body: string;
}

/** Who somebody in a record is, as known today. */
export interface RecordPerson {
  readonly id: string;
  readonly name: string;
  readonly loginName: string;
  readonly role: Role;
}

type Query<O> = SelectQueryBuilder<Schema, 'audit', O>;

/** Whoever acted stands in the record's bytes; inside them no text can look like this, its quotes are escaped. */
const actorId = sql<string | null>`substring(body from '"actor":[{]"id":"([^"]*)"')`;

function narrowed<O>(query: Query<O>, asked: RecordQuery): Query<O> {
  let found = query.where('chain', '=', asked.chain);
  if (asked.accountId !== null) found = found.where('accountId', '=', asked.accountId);
  if (asked.from !== null) found = found.where('at', '>=', asked.from);
  if (asked.until !== null) found = found.where('at', '<', asked.until);
  if (asked.events !== null) found = found.where('event', 'in', [...asked.events]);
  if (asked.upTo !== null) found = found.where('seq', '<=', asked.upTo);
  const { text, reference } = asked;
  if (text === '') return found;
  const called = (eb: ExpressionBuilder<Schema, 'audit'>) =>
    eb
      .selectFrom('account')
      .select('account.id')
      .where('companyId', '=', asked.chain)
      .where(
        sql<boolean>`(position(lower(${text}) in lower(name)) > 0 or position(lower(${text}) in lower(login_name)) > 0)`,
      );
  return found.where((eb) =>
    eb.or([
      eb('accountId', 'in', called(eb)),
      eb(actorId, 'in', called(eb)),
      ...(reference === null ? [] : [eb('reference', '=', reference)]),
    ]),
  );
}

export function recordTable(db: Db) {
  return {
    /**
     * The records next to a place, newest first: before it (older), or after it (newer); without a place the newest.
     * @returns one more than `limit` when there are more
     */
    async page(
      asked: RecordQuery,
      place: { readonly before: number } | { readonly after: number } | null,
      limit: number,
    ): Promise<readonly WrittenRecord[]> {
      // One person's records are few in a long chain: found by the index on the account and sorted, not looked for along the chain.
      const order = asked.accountId === null ? sql<number>`seq` : sql<number>`seq + 0`;
      const newer = place !== null && 'after' in place;
      let query = narrowed(db.selectFrom('audit').select(['seq', 'body']), asked);
      if (place !== null) query = newer ? query.where('seq', '>', place.after) : query.where('seq', '<', place.before);
      const rows = await query
        .orderBy(order, newer ? 'asc' : 'desc')
        .limit(limit + 1)
        .execute();
      return newer ? rows.toReversed() : rows;
    },

    /** How many there are, and the newest place of the chain to which that was counted. */
    async count(asked: RecordQuery): Promise<number> {
      const query = narrowed(db.selectFrom('audit').select(sql<number>`count(*)::int`.as('n')), asked);
      return (await query.executeTakeFirstOrThrow()).n;
    },

    /** The last place of a chain; 0 before its first record. */
    async newest(chain: string): Promise<number> {
      return (await db.selectFrom('auditHead').select('seq').where('chain', '=', chain).executeTakeFirst())?.seq ?? 0;
    },

    /** When the first record of a chain, or of one person in it, was written; null before. */
    async first(chain: string, accountId: string | null): Promise<Instant | null> {
      let query = db.selectFrom('audit').select('at').where('chain', '=', chain);
      if (accountId !== null) query = query.where('accountId', '=', accountId);
      const order = accountId === null ? ('seq' as const) : ('at' as const);
      return (await query.orderBy(order, 'asc').limit(1).executeTakeFirst())?.at ?? null;
    },

    /** What was written under one reference number in a chain, in its order. */
    async under(
      chain: string,
      reference: string,
      accountId: string | null,
      limit: number,
    ): Promise<readonly WrittenRecord[]> {
      let query = db
        .selectFrom('audit')
        .select(['seq', 'body'])
        .where('reference', '=', reference)
        .where('chain', '=', chain);
      if (accountId !== null) query = query.where('accountId', '=', accountId);
      return query
        .orderBy(sql<number>`seq + 0`, 'asc')
        .limit(limit)
        .execute();
    },

    /** These people of a company, deleted ones too: their records stay. */
    async people(companyId: string, ids: readonly string[]): Promise<ReadonlyMap<string, RecordPerson>> {
      if (ids.length === 0) return new Map();
      const rows = await db
        .selectFrom('account')
        .select(['id', 'name', 'loginName', 'role'])
        .where('companyId', '=', companyId)
        .where('id', 'in', [...new Set(ids)])
        .execute();
      return new Map(rows.map((row) => [row.id, row]));
    },

    /** The names of the remembered devices that stood in for a code, by login. */
    async devices(loginIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
      if (loginIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('login')
        .innerJoin('device', 'device.id', 'login.deviceId')
        .select(['login.id', 'device.label'])
        .where('login.id', 'in', [...loginIds])
        .execute();
      return new Map(rows.map(({ id, label }) => [id, label]));
    },

    /** The last characters of the serial numbers of tokens, by token; those without one are left out. */
    async serialEnds(tokenIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
      if (tokenIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('token')
        .select(['id', sql<string>`right(serial, 4)`.as('last4')])
        .where('id', 'in', [...tokenIds])
        .where('serial', 'is not', null)
        .execute();
      return new Map(rows.map(({ id, last4 }) => [id, last4]));
    },
  };
}
