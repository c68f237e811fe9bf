// Reading a whole seed file for a test: its tokens, what is wrong with its lines, and whether it was refused.
import type { SeedFormat, SeedProblem, SeedRefusal, SeedRow } from '../../src/rules/seed-file.ts';
import type { RawSeed } from '../../src/rules/seed-judge.ts';
import { readPskc } from '../../src/seed-files/pskc.ts';
import { readSeeds } from '../../src/seed-files/read-seeds.ts';
import { refusalOf } from '../../src/seed-files/refused.ts';
import { asUtf8 } from '../../src/seed-files/text.ts';
import { inChunks } from '../support/seed-file.ts';

export interface Read {
  readonly rows: readonly SeedRow[];
  readonly problems: readonly SeedProblem[];
  readonly refused: SeedRefusal | null;
}

export const now = Date.UTC(2026, 10, 22);
export const accepts = { digits: 6, period: 60 } as const;

export async function read(
  bytes: Uint8Array | string,
  { key = null, format = null, size = 65_536 }: { key?: string | null; format?: SeedFormat | null; size?: number } = {},
): Promise<Read> {
  const rows: SeedRow[] = [];
  const problems: SeedProblem[] = [];
  try {
    for await (const entry of readSeeds(inChunks(Buffer.from(bytes), size), { format, key, now, accepts }))
      if ('row' in entry) rows.push(entry.row);
      else problems.push(entry.problem);
    return { rows, problems, refused: null };
  } catch (error) {
    const refused = refusalOf(error);
    if (refused === null) throw error;
    return { rows, problems, refused };
  }
}

/** `line 3: secret short`, for comparing. */
export const told = ({ problems }: Read): readonly string[] =>
  problems.map(({ line, field, why }) => `line ${line}: ${field} ${why}`);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The keys of a container as they are, before anybody asks whether people here can use them. */
export async function keysOf(bytes: Uint8Array, key: string | null = null): Promise<readonly RawSeed[]> {
  const raws: RawSeed[] = [];
  for await (const raw of readPskc(asUtf8(inChunks(bytes)), key)) raws.push(raw);
  return raws;
}
