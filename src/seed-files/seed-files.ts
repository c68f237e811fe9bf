// What flows are given of this room: opening a file, its check value, and whether an error is a refusal of the file.
import { digested, type Digested } from './digested.ts';
import { openSeeds, type OpenSeeds, type SeedOptions } from './read-seeds.ts';
import { refusalOf } from './refused.ts';
import type { SeedRefusal } from '../rules/seed-file.ts';

export interface SeedFiles {
  open(bytes: AsyncIterable<Uint8Array>, options: SeedOptions): Promise<OpenSeeds>;
  digested(bytes: AsyncIterable<Uint8Array>): Digested;
  refusalOf(error: unknown): SeedRefusal | null;
}

export const seedFiles: SeedFiles = { open: openSeeds, digested, refusalOf };
