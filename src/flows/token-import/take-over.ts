// 取り込み: everything that was staged of a file becomes tokens of the stock, in one transaction with its record, or nothing
// does. One import at a time: two of the same file would wait for each of their serial numbers.
import { keptProblems } from '../../rules/seed-file.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { actorOf, failImport, recordOf, type ImportBy } from './ended.ts';
import { turn } from './pace.ts';

export type TakenOver = 'done' | 'gone' | 'problems' | 'conflict';

/** Tokens that one statement moves: it must be answered within the time that a statement has. */
const slice = 500;

/** Milliseconds between two questions whether the other import is through. */
const pause = 200;

/** Rolls back what was moved so far. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** Another import is being taken over for longer than one waits. */
export class NotItsTurn extends Error {
  override readonly name = 'NotItsTurn';
}

/** Somebody was faster. What waits for its turn stops nobody else. */
export function unlessNotItsTurn(error: unknown): void {
  if (!(error instanceof NotItsTurn)) throw error;
}

/**
 * @param patience how long to wait for another import, in milliseconds
 * @throws NotItsTurn when that one is not through by then; this import stays `importing` and is taken up by the sweep
 */
export async function takeOver(
  tools: Tools,
  act: Act,
  by: ImportBy,
  id: string,
  patience = 60_000,
): Promise<TakenOver> {
  const before = await tools.store.tokenImport.find(id);
  if (before?.state === 'done') return 'done';
  if (before?.state !== 'checked' && before?.state !== 'importing') return 'gone';
  // Named by a take-over that found them, and died before it had ended the import: it is ended below.
  if (before.state === 'checked' && before.problems > 0) return 'problems';
  // From here on the sweep goes on with it, whatever happens to us.
  const begun = { state: 'importing', touchedAt: Math.max(act.now, before.touchedAt + 1) } as const;
  if (!(await tools.store.tokenImport.settle(id, ['checked', 'importing'], begun))) return takenMeanwhile(tools, id);
  return goOn(tools, act, by, id, patience);
}

/**
 * Goes on with an import that is `importing`: its process died, or is at it and is waited for. Its row is not touched before it is
 * one's turn, so that nobody waits for the lock of whoever is at it.
 * @throws NotItsTurn as `takeOver`
 */
export async function goOn(tools: Tools, act: Act, by: ImportBy, id: string, patience = 60_000): Promise<TakenOver> {
  for (let waited = 0; ; waited += pause) {
    const taken = await inOneTransaction(tools, act, by, id);
    if (taken !== 'busy') return taken;
    if (waited >= patience) throw new NotItsTurn('another import is being taken over');
    await new Promise((resolve) => {
      setTimeout(resolve, pause);
    });
  }
}

async function takenMeanwhile(tools: Tools, id: string): Promise<TakenOver> {
  return (await tools.store.tokenImport.find(id))?.state === 'done' ? 'done' : 'gone';
}

async function inOneTransaction(tools: Tools, act: Act, by: ImportBy, id: string): Promise<TakenOver | 'busy'> {
  try {
    return await tools.store.transaction(async (tables) => {
      if (!(await tables.stagedToken.takeTurn())) return 'busy';
      const row = await tables.tokenImport.lock(id);
      if (row?.state !== 'importing') return row?.state === 'done' ? 'done' : 'gone';
      let added = 0;
      for (let after: string | null = ''; after !== null;) {
        const part = await tables.stagedToken.takeOver(id, after, act.now, slice);
        if (part.added < part.moved) throw new Overtaken();
        after = part.upto;
        added += part.added;
        // Embedded, the statement was computed in this process: what needs no database goes on between two of them.
        await turn();
      }
      // What was staged has been swept, or somebody took some of it away: then it is not this file any more.
      if (added !== row.tokens) throw new Overtaken();
      await tables.tokenImport.settle(id, ['importing'], { state: 'done', endedAt: act.now });
      await writeRecord(tables, act, {
        event: 'token.imported',
        companyId: null,
        accountId: null,
        actor: actorOf(by),
        data: recordOf(row),
      });
      return 'done';
    });
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
    await nameOvertaken(tools, id);
    await failImport(tools, act, by, id, { why: 'conflict', from: ['importing'] });
    return 'conflict';
  }
}

/** Which lines it were, so that nobody has to look for them. */
async function nameOvertaken(tools: Tools, id: string): Promise<void> {
  const rows = await tools.store.stagedToken.overtaken(id, keptProblems);
  for (let at = 0; at < rows.length; at += slice) {
    const part = rows.slice(at, at + slice).map((row) => ({ ...row, field: 'serial', why: 'known' }));
    await tools.store.tokenImport.addProblems(id, part);
  }
  await tools.store.tokenImport.settle(id, ['importing'], { problems: rows.length });
}
