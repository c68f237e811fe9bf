// Reading a seed file into the staging, a batch after the other, each with how far it came in one transaction. Secrets are
// sealed as they come, for the token that each is to be; nothing else of them is kept anywhere.
import { keptProblems, type SeedProblem, type SeedRow } from '../../rules/seed-file.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import type { OpenSeeds } from '../../seed-files/read-seeds.ts';
import type { StagedToken } from '../../store/staged-token.ts';
import type { Tables } from '../../store/store.ts';
import type { Tools } from '../tools.ts';
import { paceOf } from './pace.ts';

/** How far an import has come. */
export interface Place {
  readonly id: string;
  /** Its row's time as we left it: another time means that somebody else went on with it, or ended it. */
  readonly touchedAt: Instant;
  /** The last line that is staged or named. */
  readonly lines: number;
  readonly tokens: number;
  /** Lines with something wrong. */
  readonly problems: number;
  /** Of what is wrong, how much is kept to be shown. */
  readonly kept: number;
  /** Bytes of the file that were read for it. */
  readonly read: number;
}

interface Batch {
  readonly rows: StagedToken[];
  readonly problems: SeedProblem[];
  last: number;
}

/**
 * Stages everything behind the place that an import has reached.
 * @param read bytes of the file that were read by now
 * @returns the place at the end of the file; null when the import is not ours any more
 * @throws SeedFileRefused from `entries`
 */
export async function stageAll(
  tools: Tools,
  entries: OpenSeeds['entries'],
  begun: Place,
  read: () => number,
  clock: () => Instant,
  progress: (place: Place) => void,
): Promise<Place | null> {
  const { batch: most, giveWay } = paceOf(tools);
  let place = begun;
  let batch: Batch = { rows: [], problems: [], last: place.lines };
  const flush = async (): Promise<boolean> => {
    const staged = await stage(tools, place, batch, read(), clock());
    if (staged === null) return false;
    place = staged;
    batch = { rows: [], problems: [], last: place.lines };
    progress(place);
    await giveWay();
    return true;
  };
  for await (const entry of entries) {
    const { line } = 'row' in entry ? entry.row : entry.problem;
    if (line <= begun.lines) continue;
    // What belongs to one line is never parted: the place is told in lines.
    if (batch.rows.length + batch.problems.length >= most && line > batch.last && !(await flush())) return null;
    if ('row' in entry) batch.rows.push(sealed(tools, entry.row));
    else batch.problems.push(entry.problem);
    batch.last = line;
  }
  return (await flush()) ? place : null;
}

function sealed(tools: Tools, { secret, ...row }: SeedRow): StagedToken {
  const tokenId = tools.secrets.id();
  const closed = tools.secrets.sealTokenSecret(secret, tokenId);
  secret.fill(0);
  return { ...row, tokenId, secret: closed };
}

async function stage(tools: Tools, place: Place, batch: Batch, read: number, now: Instant): Promise<Place | null> {
  return tools.store.transaction(async (tables) => {
    const { id, tokens, problems } = place;
    const touchedAt = Math.max(now, place.touchedAt + 1);
    const step = { touchedAt, lines: batch.last, tokens, problems, read };
    if (!(await tables.tokenImport.step(id, place.touchedAt, step))) return null;
    const { staged, wrong } = await stageRows(tables, id, batch.rows);
    const all = [...wrong, ...batch.problems];
    const kept = await tables.tokenImport.addProblems(id, all.slice(0, Math.max(0, keptProblems - place.kept)));
    const here = new Set(all.filter(({ line }) => line > place.lines).map(({ line }) => line));
    const counts = {
      tokens: tokens + staged,
      problems: problems + here.size + kept.filter(({ line }) => line <= place.lines).length,
    };
    await tables.tokenImport.counted(id, counts);
    return { ...step, ...counts, id, kept: place.kept + kept.length };
  });
}

/** A serial number that the bank has is a bad line; one that stands twice in the file makes both lines bad. */
async function stageRows(
  tables: Tables,
  id: string,
  rows: readonly StagedToken[],
): Promise<{ readonly staged: number; readonly wrong: readonly SeedProblem[] }> {
  if (rows.length === 0) return { staged: 0, wrong: [] };
  const known = await tables.tokenImport.known(rows.map(({ serial }) => serial));
  const fresh = rows.filter(({ serial }) => !known.has(serial));
  const staged = await tables.stagedToken.add(id, fresh);
  const again = fresh.filter(({ line }) => !staged.has(line));
  const first = await tables.stagedToken.withSerials(
    id,
    again.map(({ serial }) => serial),
  );
  const wrong =
    (why: 'known' | 'twice') =>
    ({ line, serial }: { readonly line: number; readonly serial: string }) =>
      ({ line, field: 'serial', why, serial }) as const;
  return {
    staged: staged.size,
    wrong: [
      ...rows.filter(({ serial }) => known.has(serial)).map(wrong('known')),
      ...first.map(wrong('twice')),
      ...again.map(wrong('twice')),
    ],
  };
}
