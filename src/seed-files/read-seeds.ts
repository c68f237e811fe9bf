// The one way into a seed file: which format it is, then its tokens and what is wrong with its lines, one after the other.
// Memory holds one token, whatever the file's size; nothing is kept here.
import { judgeSeed, type RawSeed, type SeedAccepts } from '../rules/seed-judge.ts';
import { seedFileLimit, type SeedFormat, type SeedProblem, type SeedRow } from '../rules/seed-file.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import { readCsv } from './csv.ts';
import { readPskc } from './pskc.ts';
import { SeedFileRefused } from './refused.ts';
import { asUtf8, asUtf8OrShiftJis, inPieces } from './text.ts';

export interface SeedOptions {
  /** Null: told by the first bytes. */
  readonly format: SeedFormat | null;
  /** The transport key: hexadecimal or Base64, or the password of a file whose key is derived from one. */
  readonly key: string | null;
  readonly now: Instant;
  /** What the bank's tokens are like; a CSV without these columns means the same. */
  readonly accepts: SeedAccepts;
  /** Bytes; without, what any seed file may have. */
  readonly most?: number;
}

export type SeedEntry = { readonly row: SeedRow } | { readonly problem: SeedProblem };

export interface OpenSeeds {
  readonly format: SeedFormat;
  /** Throws SeedFileRefused on its way when the file as a whole is none. */
  readonly entries: AsyncIterable<SeedEntry>;
}

/** Reads as far as to know the format. @throws SeedFileRefused */
export async function openSeeds(bytes: AsyncIterable<Uint8Array>, options: SeedOptions): Promise<OpenSeeds> {
  const pieces = inPieces(bytes, options.most ?? seedFileLimit);
  const head: Uint8Array[] = [];
  let first: string | null = null;
  while (first === null) {
    const next = await pieces.next();
    if (next.done === true) throw new SeedFileRefused('empty');
    head.push(next.value);
    const start = Buffer.concat(head);
    // UTF-16 begins with one of these marks, and UTF-32 with zeros: neither is read.
    if (/^(\u00fe\u00ff|\u00ff\u00fe)|\0/.test(start.subarray(0, 4).toString('latin1')))
      throw new SeedFileRefused('encoding');
    first = /^(?:\u00ef\u00bb\u00bf)?\s*([^\s])/.exec(start.toString('latin1'))?.[1] ?? null;
    if (first === null && start.length > 1024) throw new SeedFileRefused('format');
  }
  const format = options.format ?? (first === '<' ? 'pskc' : 'csv');
  const whole = (async function* () {
    yield* head;
    yield* pieces;
  })();
  return { format, entries: judged(format === 'pskc' ? pskcSeeds(whole, options) : csvSeeds(whole, options), options) };
}

/** As `openSeeds`, for whom the format does not concern. */
export async function* readSeeds(bytes: AsyncIterable<Uint8Array>, options: SeedOptions): AsyncGenerator<SeedEntry> {
  yield* (await openSeeds(bytes, options)).entries;
}

type Unjudged = { readonly raw: RawSeed } | { readonly problem: SeedProblem };

async function* pskcSeeds(bytes: AsyncIterable<Uint8Array>, { key }: SeedOptions): AsyncGenerator<Unjudged> {
  for await (const raw of readPskc(asUtf8(bytes), key)) yield { raw };
}

const csvSeeds = (bytes: AsyncIterable<Uint8Array>, { accepts }: SeedOptions): AsyncGenerator<Unjudged> =>
  readCsv(asUtf8OrShiftJis(bytes), { digits: String(accepts.digits), period: String(accepts.period) });

async function* judged(seeds: AsyncIterable<Unjudged>, { accepts, now }: SeedOptions): AsyncGenerator<SeedEntry> {
  let some = false;
  for await (const seed of seeds) {
    some = true;
    if ('problem' in seed) {
      yield seed;
      continue;
    }
    const judgement = judgeSeed(seed.raw, accepts, now);
    if ('row' in judgement) yield judgement;
    else for (const problem of judgement.problems) yield { problem };
  }
  if (!some) throw new SeedFileRefused('empty');
}
