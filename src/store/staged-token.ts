// Tokens of a seed file that are not in the stock yet: sealed, beside the tokens, until all of a file become tokens in one
// transaction. Statements are short: a take-over of a hundred thousand goes in slices.
import type { Insertable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { TokenImportRowTable } from './schema.ts';
import type { SealCount } from './token.ts';

export type StagedToken = Omit<Insertable<TokenImportRowTable>, 'importId'>;

/** What one statement of a take-over did, and up to which serial number. */
export interface Moved {
  readonly moved: number;
  readonly added: number;
  readonly upto: string | null;
}

/** Names the one take-over that runs: another would wait for each of its serial numbers. */
const takeOverLock = 7_301_966_030;

export function stagedTokenTable(db: Db) {
  return {
    /** Stages tokens; the lines of those that it took: a serial number stands once in a file. */
    async add(id: string, rows: readonly StagedToken[]): Promise<ReadonlySet<number>> {
      const json = JSON.stringify(
        rows.map(({ tokenId, expiresAt, ...row }) => ({ ...row, token_id: tokenId, expires_at: expiresAt })),
      );
      const types = sql`
        (line int, token_id text, serial text, secret text, algorithm text, digits int, period int, expires_at bigint,
          model text)`;
      const given = sql`from jsonb_to_recordset(${json}::text::jsonb) as given ${types}`;
      const once = sql`order by line on conflict (import_id, serial) do nothing returning line`;
      const add = sql<{ line: number }>`
        insert into token_import_row
          (import_id, line, token_id, serial, secret, algorithm, digits, period, expires_at, model)
        select ${id}, line, token_id, serial, secret, algorithm, digits, period, expires_at, model ${given} ${once}`;
      const kept = await add.execute(db);
      return new Set(kept.rows.map(({ line }) => line));
    },

    /** Where a file has these serial numbers first. */
    async withSerials(
      id: string,
      serials: readonly string[],
    ): Promise<readonly { readonly line: number; readonly serial: string }[]> {
      if (serials.length === 0) return [];
      return db
        .selectFrom('tokenImportRow')
        .select(['line', 'serial'])
        .where('importId', '=', id)
        .where('serial', 'in', serials)
        .execute();
    },

    /** Staged tokens whose serial number the bank has by now. */
    async overtaken(id: string, limit: number): Promise<readonly { readonly line: number; readonly serial: string }[]> {
      return db
        .selectFrom('tokenImportRow as row')
        .innerJoin('token', 'token.serial', 'row.serial')
        .select(['row.line', 'row.serial'])
        .where('row.importId', '=', id)
        .orderBy('row.line')
        .limit(limit)
        .execute();
    },

    /** Whether this transaction is the one that takes over now. */
    async takeTurn(): Promise<boolean> {
      const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${takeOverLock}) as mine`.execute(
        db,
      );
      return rows[0]?.mine === true;
    },

    /**
     * Makes tokens of the next staged ones behind a serial number, and takes them out of the staging. One whose serial number the
     * bank has by now is `moved` and not `added`: then the transaction must not stand. `upto` is null when there were none.
     */
    async takeOver(id: string, after: string, at: Instant, limit: number): Promise<Moved> {
      // By range, so that what this transaction has moved already is not walked through again.
      const behind = sql`from token_import_row where import_id = ${id} and serial > ${after}`;
      const part = sql`select serial ${behind} order by serial limit ${limit}`;
      const moved = sql`delete ${behind} and serial <= (select max(serial) from part) returning *`;
      const made = sql`
        insert into token
          (id, kind, serial, secret, algorithm, digits, period, expires_at, import_id, model, imported_at)
        select token_id, 'hardware', serial, secret, algorithm, digits, period, expires_at, import_id, model,
          ${at}::bigint from moved order by serial on conflict (serial) do nothing returning 1`;
      const counts = sql`
        select (select count(*) from moved)::int as moved, (select count(*) from added)::int as added,
          (select max(serial) from part) as upto`;
      const all = sql<Moved>`with part as (${part}), moved as (${moved}), added as (${made}) ${counts}`;
      const { rows } = await all.execute(db);
      return rows[0] ?? { moved: 0, added: 0, upto: null };
    },

    /**
     * Forgets staged tokens; how many it were. By range: a planner whose statistics are older than the file would join the lines
     * with themselves one by one, and a few thousand of them would take longer than a statement may.
     */
    async drop(id: string, limit: number): Promise<number> {
      const part = db
        .selectFrom('tokenImportRow')
        .select('line')
        .where('importId', '=', id)
        .orderBy('line')
        .limit(limit)
        .as('part');
      const done = await db
        .deleteFrom('tokenImportRow')
        .where('importId', '=', id)
        .where('line', '<=', (of) => of.selectFrom(part).select(({ fn }) => fn.max('part.line').as('last')))
        .executeTakeFirst();
      return Number(done.numDeletedRows);
    },

    /** As the token's own: staged secrets move to a new sealing key too. */
    async sealedUnder(): Promise<readonly SealCount[]> {
      return db
        .selectFrom('tokenImportRow')
        .select([sql<string>`split_part(secret, '.', 2)`.as('key'), sql<number>`count(*)::int`.as('secrets')])
        .groupBy('key')
        .orderBy('key')
        .execute();
    },

    async sealedBefore(
      key: string,
      after: string,
      limit: number,
    ): Promise<readonly { readonly id: string; readonly secret: string }[]> {
      return db
        .selectFrom('tokenImportRow')
        .select(['tokenId as id', 'secret'])
        .where(sql<string>`split_part(secret, '.', 2)`, '<>', key)
        .where('tokenId', '>', after)
        .orderBy('tokenId')
        .limit(limit)
        .execute();
    },

    async reseal(id: string, before: string, secret: string): Promise<boolean> {
      const done = await db
        .updateTable('tokenImportRow')
        .set({ secret })
        .where('tokenId', '=', id)
        .where('secret', '=', before)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },
  };
}
