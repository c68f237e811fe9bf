// A file that as a whole is no seed file that could be read. The reason is a word of a closed list; nothing of the file, and
// no error of a parser, which may hold a line with its secret, goes with it.
import type { SeedRefusal } from '../rules/seed-file.ts';

export class SeedFileRefused extends Error {
  override readonly name = 'SeedFileRefused';
  readonly why: SeedRefusal;

  constructor(why: SeedRefusal) {
    super(`the seed file was refused: ${why}`);
    this.why = why;
  }
}

/** Why a file was refused; null when the error is something else. */
export const refusalOf = (error: unknown): SeedRefusal | null => (error instanceof SeedFileRefused ? error.why : null);
