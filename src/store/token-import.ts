// Seed files on their way into the stock: what was read, how far, and what is wrong with which line. The tokens themselves
// are staged beside them (staged-token.ts) until all of them are taken over, or none.
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { ImportState } from '../rules/seed-file.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { TokenImportProblemTable, TokenImportTable } from './schema.ts';

export type TokenImportRow = Selectable<TokenImportTable>;
export type ImportProblem = Omit<Selectable<TokenImportProblemTable>, 'importId'>;

export function tokenImportTable(db: Db) {
  return {
    async begin(row: Insertable<TokenImportTable>): Promise<void> {
      await db.insertInto('tokenImport').values(row).execute();
    },

    async find(id: string): Promise<TokenImportRow | null> {
      return (await db.selectFrom('tokenImport').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },

    async lock(id: string): Promise<TokenImportRow | null> {
      return (
        (await db.selectFrom('tokenImport').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null
      );
    },

    async newest(limit: number): Promise<readonly TokenImportRow[]> {
      return db
        .selectFrom('tokenImport')
        .selectAll()
        .orderBy('startedAt', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
    },

    /** The newest import of this very file that was not read to its end, by the same, for the same. */
    async unfinished(
      of: Pick<TokenImportRow, 'digest' | 'startedBy' | 'checkOnly' | 'format'>,
    ): Promise<TokenImportRow | null> {
      const found = db
        .selectFrom('tokenImport')
        .selectAll()
        .where('state', '=', 'reading')
        .where('digest', '=', of.digest)
        .where('startedBy', '=', of.startedBy)
        .where('checkOnly', '=', of.checkOnly)
        .where('format', '=', of.format)
        .orderBy('startedAt', 'desc')
        .limit(1);
      return (await found.executeTakeFirst()) ?? null;
    },

    /** The newest import of this very file that is being taken over, by the same. */
    async importing(of: Pick<TokenImportRow, 'digest' | 'startedBy'>): Promise<TokenImportRow | null> {
      const found = db
        .selectFrom('tokenImport')
        .selectAll()
        .where('state', '=', 'importing')
        .where('digest', '=', of.digest)
        .where('startedBy', '=', of.startedBy)
        .orderBy('startedAt', 'desc')
        .limit(1);
      return (await found.executeTakeFirst()) ?? null;
    },

    /** Another import of this very file that is being taken over, or has been since that moment, whoever began it. */
    async taken(of: {
      readonly digest: string;
      readonly since: Instant;
      readonly but: string;
    }): Promise<TokenImportRow | null> {
      const found = db
        .selectFrom('tokenImport')
        .selectAll()
        .where('digest', '=', of.digest)
        .where('id', '<>', of.but)
        .where((row) =>
          row.or([
            row('state', '=', 'importing'),
            row.and([row('state', '=', 'done'), row(sql`greatest(ended_at, touched_at)`, '>=', of.since)]),
          ]),
        )
        .orderBy('startedAt', 'desc')
        .limit(1);
      return (await found.executeTakeFirst()) ?? null;
    },

    /** Those in these states that nothing touched since, oldest first. */
    async untouched(states: readonly ImportState[], since: Instant): Promise<readonly TokenImportRow[]> {
      return db
        .selectFrom('tokenImport')
        .selectAll()
        .where('state', 'in', states)
        .where('touchedAt', '<', since)
        .orderBy('touchedAt')
        .limit(100)
        .execute();
    },

    /**
     * Goes on with a reading, as far as nobody else did since: its time is the proof of that, and rises with every step.
     * @returns whether it was still so; then the import's row is locked
     */
    async step(
      id: string,
      touchedAt: Instant,
      next: Pick<TokenImportRow, 'touchedAt' | 'lines' | 'tokens' | 'problems' | 'read'>,
    ): Promise<boolean> {
      const done = await db
        .updateTable('tokenImport')
        .set(next)
        .where('id', '=', id)
        .where('state', '=', 'reading')
        .where('touchedAt', '=', touchedAt)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    /** Counts that are known only after the lines were staged. */
    async counted(id: string, counts: { readonly tokens: number; readonly problems: number }): Promise<void> {
      await db.updateTable('tokenImport').set(counts).where('id', '=', id).execute();
    },

    /** Moves an import on from one of these states; whether it was in one, and still had this time if one is named. */
    async settle(
      id: string,
      from: readonly ImportState[],
      to: Partial<
        Pick<TokenImportRow, 'state' | 'why' | 'digest' | 'touchedAt' | 'endedAt' | 'problems' | 'checkOnly'>
      >,
      touchedAt: Instant | null = null,
    ): Promise<boolean> {
      let update = db.updateTable('tokenImport').set(to).where('id', '=', id).where('state', 'in', from);
      if (touchedAt !== null) update = update.where('touchedAt', '=', touchedAt);
      return (await update.executeTakeFirst()).numUpdatedRows > 0n;
    },

    /** Which of these serial numbers the bank has already, in whatever state. */
    async known(serials: readonly string[]): Promise<ReadonlySet<string>> {
      const found = await sql<{ serial: string }>`
        select serial from token
        where serial = any (select jsonb_array_elements_text(${JSON.stringify(serials)}::text::jsonb))`.execute(db);
      return new Set(found.rows.map(({ serial }) => serial));
    },

    /** Keeps what is wrong with lines; those that were not kept before. */
    async addProblems(id: string, problems: readonly ImportProblem[]): Promise<readonly ImportProblem[]> {
      if (problems.length === 0) return [];
      return db
        .insertInto('tokenImportProblem')
        .values(problems.map((problem) => ({ ...problem, importId: id })))
        .onConflict((conflict) => conflict.columns(['importId', 'line', 'field']).doNothing())
        .returning(['line', 'field', 'why', 'serial'])
        .execute();
    },

    async keptProblems(id: string): Promise<number> {
      const row = await db
        .selectFrom('tokenImportProblem')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('importId', '=', id)
        .executeTakeFirstOrThrow();
      return row.n;
    },

    /** What is wrong with the next lines behind `after`: at most `lines` of them, each whole. */
    async problems(id: string, after: number, lines: number): Promise<readonly ImportProblem[]> {
      return db
        .selectFrom('tokenImportProblem')
        .select(['line', 'field', 'why', 'serial'])
        .where('importId', '=', id)
        .where('line', 'in', (of) =>
          of
            .selectFrom('tokenImportProblem')
            .select('line')
            .distinct()
            .where('importId', '=', id)
            .where('line', '>', after)
            .orderBy('line')
            .limit(lines),
        )
        .orderBy('line')
        .orderBy('field')
        .execute();
    },

    /** Imports that came to their end, or to bad lines, and still have staged tokens. */
    async withLeftovers(): Promise<readonly string[]> {
      const found = db
        .selectFrom('tokenImport')
        .select('id')
        .where((row) =>
          row.or([
            row('state', 'in', ['failed', 'cancelled', 'done']),
            row.and([row('state', '=', 'checked'), row('problems', '>', 0)]),
          ]),
        )
        .where((row) =>
          row.exists(
            row.selectFrom('tokenImportRow').select('line').whereRef('tokenImportRow.importId', '=', 'tokenImport.id'),
          ),
        );
      return (await found.execute()).map(({ id }) => id);
    },
  };
}
