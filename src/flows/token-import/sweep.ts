// What imports left behind whose process died, or whose operator went: taken up, or taken away. Every process sweeps, and
// every import sweeps before it begins.
import type { Act, Tools } from '../tools.ts';
import { dropStaged, failImport, whoStarted } from './ended.ts';
import { takeOver, unlessNotItsTurn } from './take-over.ts';

const minute = 60_000;

/** Milliseconds. */
const limits = {
  /** A take-over is a matter of seconds; one that is not through was left. */
  importing: minute,
  /** An upload can't be gone on with: nobody has its bytes. */
  upload: 10 * minute,
  /** A file of the command line can, and a check waits for its operator. */
  kept: 24 * 60 * minute,
} as const;

export async function sweepImports(tools: Tools, act: Act): Promise<void> {
  const { tokenImport } = tools.store;
  for (const { id, startedBy } of await whoseTurn(tools, act))
    await takeOver(tools, act, whoStarted(startedBy), id, 0).catch(unlessNotItsTurn);
  for (const { id, startedBy, digest, touchedAt } of await tokenImport.untouched(['reading'], act.now - limits.upload))
    if (digest === null || touchedAt < act.now - limits.kept)
      await failImport(tools, act, whoStarted(startedBy), id, { why: 'interrupted', from: ['reading'], touchedAt });
  for (const { id, startedBy } of await tokenImport.untouched(['checked'], act.now - limits.kept))
    await failImport(tools, act, whoStarted(startedBy), id, { why: 'cancelled', from: ['checked'] });
  for (const id of await tokenImport.withLeftovers()) await dropStaged(tools, id);
}

/** None while one is being taken over: it may be the one, and its row is locked; the others' turn comes at the next sweep. */
async function whoseTurn({ store }: Tools, act: Act) {
  const left = await store.tokenImport.untouched(['importing'], act.now - limits.importing);
  if (left.length === 0) return left;
  return (await store.transaction((tables) => tables.stagedToken.takeTurn())) ? left : [];
}
