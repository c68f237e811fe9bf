// The check value of a file while it is read: SHA-256 over every byte, as the desk and the maker compare it.
import { createHash } from 'node:crypto';
import { SeedFileRefused } from './refused.ts';

export interface Digested {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How many bytes were read so far. */
  read(): number;
  /** Hexadecimal, of what was read so far; asked once, at the end. */
  digest(): string;
}

/** What breaks off on the way – a browser that went, a disk – is told as 'interrupted'. */
export function digested(bytes: AsyncIterable<Uint8Array>): Digested {
  const hash = createHash('sha256');
  let read = 0;
  return {
    bytes: (async function* () {
      const source = bytes[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await source.next().catch(() => {
            throw new SeedFileRefused('interrupted');
          });
          if (next.done === true) return;
          hash.update(next.value);
          read += next.value.length;
          yield next.value;
        }
      } finally {
        await source.return?.().catch(() => {});
      }
    })(),
    read: () => read,
    digest: () => hash.digest('hex'),
  };
}
