// Tokens and who holds them. The secret stays sealed here; the last accepted step is the token's own, across all sharers.
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { TokenEnd } from '../rules/token-stock.ts';
import type { Db } from './database.ts';
import type { TokenTable } from './schema.ts';

export type TokenRow = Selectable<TokenTable>;

/** How many secrets of a table are sealed under a key. */
export interface SealCount {
  readonly key: string;
  readonly secrets: number;
}

export function tokenTable(db: Db) {
  return {
    async lock(id: string): Promise<TokenRow | null> {
      return (await db.selectFrom('token').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null;
    },

    /** Locks the token with this serial number, written without spaces or hyphens, in capitals. */
    async lockBySerial(serial: string): Promise<TokenRow | null> {
      return (
        (await db.selectFrom('token').selectAll().where('serial', '=', serial).forUpdate().executeTakeFirst()) ?? null
      );
    },

    /** Locks a token and the one with this serial number, in the order of their ids, in one statement. */
    async lockPair(id: string, serial: string): Promise<readonly TokenRow[]> {
      return db
        .selectFrom('token')
        .selectAll()
        .where((eb) => eb.or([eb('id', '=', id), eb('serial', '=', serial)]))
        .orderBy('id')
        .forUpdate()
        .execute();
    },

    /**
     * What the company's way of sharing is judged by, for one person and one of its tokens. Others of the company that people
     * use count while they can: neither retired nor expired, and not the one that this token is sent to follow, or `swapped`.
     * @param tokenId null, or a token of another company: the same statement, and nothing of it is meant
     */
    async sharers(asked: {
      readonly tokenId: string | null;
      readonly companyId: string;
      readonly accountId: string;
      readonly now: Instant;
      readonly swapped: string | null;
    }): Promise<{ readonly holders: number; readonly otherTokens: number }> {
      const { tokenId, companyId, accountId, now, swapped } = asked;
      return db
        .selectFrom('tokenHolder as held')
        .innerJoin('token', 'token.id', 'held.tokenId')
        .select([
          sql<number>`count(*) filter (where token.id = ${tokenId}::text)::int`.as('holders'),
          sql<number>`count(distinct token.id) filter (where token.id is distinct from ${tokenId}::text
            and token.id is distinct from ${swapped}::text
            and token.id is distinct from (select successor_to from token mine where mine.id = ${tokenId}::text)
            and token.kind = 'hardware' and token.retired_at is null
            and (token.expires_at is null or token.expires_at > ${now}::bigint))::int`.as('otherTokens'),
        ])
        .where('token.companyId', '=', companyId)
        .where('held.endedAt', 'is', null)
        .where('held.accountId', '<>', accountId)
        .executeTakeFirstOrThrow();
    },

    /** Registered: it has left the bank and arrived, whatever was written of it; the first time is kept. */
    async registered(id: string, at: Instant, successorTo: string | null = null): Promise<void> {
      await db
        .updateTable('token')
        .set({
          shippedAt: sql<Instant>`coalesce(shipped_at, ${at}::bigint)`,
          arrivedAt: sql<Instant>`coalesce(arrived_at, ${at}::bigint)`,
          firstRegisteredAt: sql<Instant>`coalesce(first_registered_at, ${at}::bigint)`,
          successorTo: sql<string | null>`coalesce(successor_to, ${successorTo}::text)`,
        })
        .where('id', '=', id)
        .execute();
    },

    /** How far the newest key-fob of a company has come that nobody has registered yet; null: there is none. */
    async newestUnregistered(
      companyId: string,
      now: Instant,
    ): Promise<Pick<TokenRow, 'orderedAt' | 'shippedAt' | 'arrivedAt'> | null> {
      const row = await db
        .selectFrom('token')
        .select(['orderedAt', 'shippedAt', 'arrivedAt'])
        .where('companyId', '=', companyId)
        .where('kind', '=', 'hardware')
        .where('retiredAt', 'is', null)
        .where('firstRegisteredAt', 'is', null)
        .where('orderedAt', 'is not', null)
        .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', now)]))
        .orderBy('orderedAt', 'desc')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      return row ?? null;
    },

    async add(row: Insertable<TokenTable>): Promise<void> {
      await db.insertInto('token').values(row).execute();
    },

    async holders(tokenId: string): Promise<number> {
      const row = await db
        .selectFrom('tokenHolder')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('tokenId', '=', tokenId)
        .where('endedAt', 'is', null)
        .executeTakeFirstOrThrow();
      return row.n;
    },

    async hold(row: {
      readonly id: string;
      readonly tokenId: string;
      readonly accountId: string;
      readonly registeredAt: Instant;
    }) {
      await db
        .insertInto('tokenHolder')
        .values({ ...row, endedAt: null, endedWhy: null })
        .execute();
    },

    async release(accountId: string, at: Instant, why: string): Promise<void> {
      await db
        .updateTable('tokenHolder')
        .set({ endedAt: at, endedWhy: why })
        .where('accountId', '=', accountId)
        .where('endedAt', 'is', null)
        .execute();
    },

    /** Takes a token out of use for everybody who holds it. */
    async retire(id: string, at: Instant, why: TokenEnd = 'revoked'): Promise<void> {
      await db
        .updateTable('token')
        .set({ retiredAt: at, retiredWhy: why })
        .where('id', '=', id)
        .where('retiredAt', 'is', null)
        .execute();
    },

    /** Who holds a token now, by account id. */
    async heldBy(tokenId: string): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('tokenHolder')
        .select('accountId')
        .where('tokenId', '=', tokenId)
        .where('endedAt', 'is', null)
        .orderBy('accountId')
        .execute();
      return rows.map(({ accountId }) => accountId);
    },

    /** How many secrets each sealing key seals; what names none comes as ''. */
    async sealedUnder(): Promise<readonly SealCount[]> {
      return db
        .selectFrom('token')
        .select([sql<string>`split_part(secret, '.', 2)`.as('key'), sql<number>`count(*)::int`.as('secrets')])
        .groupBy('key')
        .orderBy('key')
        .execute();
    },

    /** Secrets that another key than `key` sealed, by id, from behind `after` on. */
    async sealedBefore(key: string, after: string, limit: number): Promise<readonly Pick<TokenRow, 'id' | 'secret'>[]> {
      return db
        .selectFrom('token')
        .select(['id', 'secret'])
        .where(sql<string>`split_part(secret, '.', 2)`, '<>', key)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute();
    },

    /** Puts the same secret under another seal, if it is still as it was read; whether it was. */
    async reseal(id: string, before: string, secret: string): Promise<boolean> {
      const done = await db
        .updateTable('token')
        .set({ secret })
        .where('id', '=', id)
        .where('secret', '=', before)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    /**
     * An accepted step is kept in the same transaction that accepted it: no older one is accepted after it.
     * @param by the account; null: an operator
     */
    async accepted(id: string, step: number, by: string | null, drift: number): Promise<void> {
      await db.updateTable('token').set({ lastStep: step, lastStepBy: by, drift }).where('id', '=', id).execute();
    },
  };
}
