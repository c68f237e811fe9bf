// An import that was left while it was taken over: the same file sent again, or a look at its page, goes on with it. The sweep would
// too, a minute later.
import type { TokenImportRow } from '../../store/token-import.ts';
import type { Act, Tools } from '../tools.ts';
import { whoStarted } from './ended.ts';
import { goOn, unlessNotItsTurn } from './take-over.ts';

/**
 * An upload shows only at its end which file it was. When the same one is being taken over, by a process that is at it or died,
 * or was while this one came, that import is gone on with: otherwise each of its lines would be told as known.
 */
export const sameFile = ({ store }: Tools, act: Act, digest: string, but: string): Promise<TokenImportRow | null> =>
  store.tokenImport.taken({ digest, since: act.now, but });

/**
 * An import as it stands. One that is being taken over, and that nobody is at, is gone on with: who looks at it is quicker than
 * the sweep. Of one that was given up for another of the same file it is that one.
 */
export async function seeImport(tools: Tools, act: Act, id: string): Promise<TokenImportRow | null> {
  const row = await tools.store.tokenImport.find(id);
  if (row?.state === 'importing') {
    await goOn(tools, act, whoStarted(row.startedBy), id, 0).catch(unlessNotItsTurn);
    return tools.store.tokenImport.find(id);
  }
  if (row?.state !== 'cancelled' || row.why !== 'elsewhere' || row.digest === null) return row;
  return (await tools.store.tokenImport.taken({ digest: row.digest, since: row.startedAt, but: id })) ?? row;
}
