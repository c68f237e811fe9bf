// A file for what is told once: a new one, for its owner alone, and none is left behind when nothing was written. Where it goes is
// settled before anything is done, because nothing tells it again.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';

/**
 * @param path undefined or `-`: there is no file, and `write` is null
 * @throws when the file is there already
 */
export async function intoOnceFile(
  path: string | undefined,
  work: (write: ((text: string) => void) | null) => Promise<void>,
): Promise<void> {
  if (path === undefined || path === '-') return work(null);
  const handle = openSync(path, 'wx', 0o600);
  let written = false;
  try {
    await work((text) => {
      writeSync(handle, text);
      written = true;
    });
  } finally {
    closeSync(handle);
    if (!written) rmSync(path);
  }
}
