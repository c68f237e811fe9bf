// How an import ends without tokens: its state and its record in one transaction, then what was staged of it goes.
import type { AuditActor, AuditRecord } from '../../rules/audit-event.ts';
import type { ImportState, SeedRefusal } from '../../rules/seed-file.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import type { TokenImportRow } from '../../store/token-import.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { paceOf } from './pace.ts';

export type ImportBy = { readonly kind: 'operator'; readonly id: string } | { readonly kind: 'command-line' };

/** Why an import failed: the file as a whole, bad lines, or serial numbers that the bank has by now. */
export type ImportFailure = SeedRefusal | 'problems' | 'conflict';

export const startedBy = (by: ImportBy): string => (by.kind === 'operator' ? by.id : 'command-line');
export const whoStarted = (id: string): ImportBy =>
  id === 'command-line' ? { kind: 'command-line' } : { kind: 'operator', id };
export const actorOf = (by: ImportBy): AuditActor => ({ kind: 'operator', id: startedBy(by) });

/** What the records say of an import: the file by its check value, counts, never a line. */
export const recordOf = (row: TokenImportRow): AuditRecord['data'] => ({
  import: row.id,
  file: row.fileName,
  format: row.format,
  digest: row.digest,
  tokens: row.tokens,
  problems: row.problems,
});

/** In short statements: nobody waits for it, and the sweep takes away what is left when it dies. */
export async function dropStaged(tools: Tools, id: string): Promise<void> {
  const { drop, giveWay } = paceOf(tools);
  while ((await tools.store.stagedToken.drop(id, drop)) === drop) await giveWay();
}

const outcomeOf = (why: ImportFailure | 'cancelled' | 'elsewhere') => {
  if (why === 'cancelled') return { state: why, why: null } as const;
  return { state: why === 'elsewhere' ? 'cancelled' : 'failed', why } as const;
};

/** @param touchedAt the import's time as its reader knows it: whoever went on with it since is left alone */
export async function failImport(
  tools: Tools,
  act: Act,
  by: ImportBy,
  id: string,
  {
    why,
    from,
    digest = null,
    touchedAt = null,
  }: {
    /** `elsewhere`: another import of the same file is gone on with in its place. */
    readonly why: ImportFailure | 'cancelled' | 'elsewhere';
    readonly from: readonly ImportState[];
    readonly digest?: string | null;
    readonly touchedAt?: Instant | null;
  },
): Promise<boolean> {
  const failed = await tools.store.transaction(async (tables) => {
    const to = outcomeOf(why);
    const known = digest === null ? {} : { digest };
    if (!(await tables.tokenImport.settle(id, from, { ...to, ...known, endedAt: act.now }, touchedAt))) return false;
    const row = await tables.tokenImport.find(id);
    if (row)
      await writeRecord(tables, act, {
        event: 'token.import-failed',
        companyId: null,
        accountId: null,
        actor: actorOf(by),
        data: { ...recordOf(row), why },
      });
    return true;
  });
  if (failed) await dropStaged(tools, id);
  return failed;
}
