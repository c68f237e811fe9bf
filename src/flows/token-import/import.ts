// トークン取込: a seed file is read and checked line by line, staged, and taken over whole or not at all (spec §5). What the
// pages and the command line ask of an import is asked here.
import type { SeedFormat, SeedRefusal } from '../../rules/seed-file.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import type { OpenSeeds } from '../../seed-files/read-seeds.ts';
import type { ImportProblem, TokenImportRow } from '../../store/token-import.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { actorOf, dropStaged, failImport, recordOf, startedBy, whoStarted, type ImportBy } from './ended.ts';
import { sameFile } from './same-file.ts';
import { type Place, stageAll } from './stage.ts';
import { sweepImports } from './sweep.ts';
import { goOn, takeOver } from './take-over.ts';

export type { ImportBy } from './ended.ts';
export type { ImportProblem, TokenImportRow } from '../../store/token-import.ts';
export { seeImport } from './same-file.ts';
export { sweepImports } from './sweep.ts';
export { takeOver, type TakenOver } from './take-over.ts';

export interface SeedFile {
  readonly name: string;
  /** Null: told by its first bytes. */
  readonly format: SeedFormat | null;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How many bytes that are, or a little more; null: that is not known before they came. */
  readonly size?: number | null;
  /** The transport key, or null. */
  readonly key: string | null;
  /** Checks and stages alone: the operator may take it over within a day. */
  readonly checkOnly: boolean;
  /** SHA-256 in hexadecimal, where it is known before: then a reading that was broken off is gone on with. */
  readonly digest?: string;
  /** Told after every batch. */
  readonly progress?: (place: { readonly lines: number; readonly tokens: number; readonly problems: number }) => void;
}

/**
 * Reads a file to its end: then the import is `checked`, or `failed`, or – unless it was only to be checked – `done`.
 * Without a bad line alone anything of it is taken over.
 * @param seen told the import's id as soon as there is one
 */
export async function readImport(
  tools: Tools,
  act: Act,
  by: ImportBy,
  file: SeedFile,
  seen: (id: string) => void = () => {},
): Promise<{ readonly id: string }> {
  // Read to its end before, and left while it was taken over: nothing else is to be done.
  const left = await leftImporting(tools, by, file);
  if (left !== null) {
    seen(left);
    await goOn(tools, act, by, left);
    return { id: left };
  }
  await sweepImports(tools, act);
  // A long file takes minutes, and its import must look alive to whoever sweeps meanwhile.
  const began = performance.now();
  const clock = (): Instant => Math.floor(act.now + performance.now() - began);
  const { bytes, read: readBytes, digest } = tools.seedFiles.digested(file.bytes);
  const opened = await open(tools, act, file, bytes);
  const place = await begin(tools, act, by, file, 'why' in opened ? (file.format ?? 'csv') : opened.format);
  seen(place.id);
  const read =
    'why' in opened
      ? { ...opened, at: place }
      : await readThrough(tools, opened, place, readBytes, clock, file.progress);
  if (read === null) return { id: place.id };
  const { at } = read;
  // The file became another one between the reading for its check value and this one.
  const told = read.why === null ? digest() : null;
  const changed = told !== null && file.digest !== undefined && told !== file.digest;
  const judged = changed ? 'interrupted' : (read.why ?? (at.problems > 0 && !file.checkOnly ? 'problems' : null));
  const stopped = await isStopped(tools, by);
  const same = stopped || told === null || file.digest !== undefined ? null : await sameFile(tools, act, told, at.id);
  if (same !== null) {
    await failImport(tools, act, by, at.id, {
      why: 'elsewhere',
      from: ['reading'],
      digest: told,
      touchedAt: at.touchedAt,
    });
    seen(same.id);
    if (same.state === 'importing') await goOn(tools, act, whoStarted(same.startedBy), same.id);
    return { id: same.id };
  }
  const why = judged ?? (stopped ? 'cancelled' : null);
  if (why !== null)
    await failImport(tools, act, by, at.id, { why, from: ['reading'], digest: told, touchedAt: at.touchedAt });
  else if (await settle(tools, act, by, at, file.checkOnly, told)) {
    if (file.checkOnly && at.problems > 0) await dropStaged(tools, at.id);
    if (!file.checkOnly) await takeOver(tools, act, by, at.id);
  }
  return { id: at.id };
}

/** The import of this very file that is being taken over, or was by a process that died. */
async function leftImporting({ store }: Tools, by: ImportBy, file: SeedFile): Promise<string | null> {
  if (file.checkOnly || file.digest === undefined) return null;
  return (await store.tokenImport.importing({ digest: file.digest, startedBy: startedBy(by) }))?.id ?? null;
}

/** Whoever was stopped while a long file was read brings nothing into the stock any more. */
async function isStopped({ store }: Tools, by: ImportBy): Promise<boolean> {
  const operator = by.kind === 'operator' ? await store.operator.find(by.id) : null;
  return operator !== null && operator.stoppedAt !== null;
}

async function open(
  tools: Tools,
  act: Act,
  { format, key }: SeedFile,
  bytes: AsyncIterable<Uint8Array>,
): Promise<OpenSeeds | { readonly why: SeedRefusal }> {
  const { digits, period } = tools.policy.otp;
  try {
    return await tools.seedFiles.open(bytes, { format, key, now: act.now, accepts: { digits, period: period / 1000 } });
  } catch (error) {
    return refusal(tools, error);
  }
}

/** @throws what is no refusal of the file */
function refusal(tools: Tools, error: unknown): { readonly why: SeedRefusal } {
  const why = tools.seedFiles.refusalOf(error);
  if (why === null) throw error;
  return { why };
}

/** Null: the import was ended by somebody, or somebody else goes on with it. */
async function readThrough(
  tools: Tools,
  { entries }: OpenSeeds,
  begun: Place,
  readBytes: () => number,
  clock: () => Instant,
  progress: SeedFile['progress'],
): Promise<{ readonly why: SeedRefusal | null; readonly at: Place } | null> {
  let at = begun;
  const staged = (place: Place): void => {
    at = place;
    progress?.(place);
  };
  try {
    return (await stageAll(tools, entries, begun, readBytes, clock, staged)) && { why: null, at };
  } catch (error) {
    return { ...refusal(tools, error), at };
  }
}

/** A new import, or the one of the same file that was broken off. */
async function begin(tools: Tools, act: Act, by: ImportBy, file: SeedFile, format: SeedFormat): Promise<Place> {
  const { tokenImport } = tools.store;
  const of = { startedBy: startedBy(by), checkOnly: file.checkOnly, format, digest: file.digest ?? null };
  const left = of.digest === null ? null : await tokenImport.unfinished(of);
  if (left) {
    const { id, lines, tokens, problems, read } = left;
    const step = { touchedAt: Math.max(act.now, left.touchedAt + 1), lines, tokens, problems, read };
    if (await tokenImport.step(id, left.touchedAt, step))
      return { id, ...step, kept: await tokenImport.keptProblems(id) };
  }
  const id = tools.secrets.id();
  await tokenImport.begin({
    ...of,
    id,
    fileName: shownName(file.name),
    size: file.size ?? null,
    state: 'reading',
    why: null,
    startedAt: act.now,
    touchedAt: act.now,
    endedAt: null,
    reference: act.reference,
  });
  return { id, touchedAt: act.now, lines: 0, tokens: 0, problems: 0, kept: 0, read: 0 };
}

/** Without folders and without what is no text: a browser may send anything. */
const shownName = (name: string): string =>
  (name.split(/[\\/]/).at(-1) ?? '').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').slice(0, 120) || '-';

/** The end of a reading without a failure; a check leaves its record. */
async function settle(
  tools: Tools,
  act: Act,
  by: ImportBy,
  { id, touchedAt }: Place,
  checkOnly: boolean,
  digest: string | null,
): Promise<boolean> {
  return tools.store.transaction(async (tables) => {
    const to = { state: checkOnly ? ('checked' as const) : ('importing' as const), digest };
    if (!(await tables.tokenImport.settle(id, ['reading'], to, touchedAt))) return false;
    const row = await tables.tokenImport.find(id);
    if (checkOnly && row)
      await writeRecord(tables, act, {
        event: 'token.import-checked',
        companyId: null,
        accountId: null,
        actor: actorOf(by),
        data: recordOf(row),
      });
    return true;
  });
}

/** Ends a reading, or gives up what was checked; whether there was one. */
export async function cancelImport(tools: Tools, act: Act, by: ImportBy, id: string): Promise<boolean> {
  const row = await tools.store.tokenImport.find(id);
  // What is being taken over is through in seconds, and holds its row.
  if (row?.state !== 'reading' && row?.state !== 'checked') return false;
  return failImport(tools, act, by, id, { why: 'cancelled', from: ['reading', 'checked'] });
}

export const importOf = (tools: Tools, id: string): Promise<TokenImportRow | null> => tools.store.tokenImport.find(id);

/** What is wrong with the next `limit` lines behind line `after`. */
export const importProblems = (
  tools: Tools,
  id: string,
  after: number,
  limit: number,
): Promise<readonly ImportProblem[]> => tools.store.tokenImport.problems(id, after, limit);

export const newestImports = (tools: Tools, limit: number): Promise<readonly TokenImportRow[]> =>
  tools.store.tokenImport.newest(limit);
