// The demo on embedded stores is one process, and its database is its own: commands are handed to it over a socket that only
// the same user can open. Production commands use the stores directly.
import { createHash } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { CommandAnswer, CommandLine, Progress } from './commands.ts';

/** In the temporary folder, because a socket's path may have 107 characters only. */
function socketPath(dataDir: string): string {
  return join(tmpdir(), `renkei-${createHash('sha256').update(dataDir).digest('hex').slice(0, 24)}.sock`);
}

/** A line of the answer: what was told on the way, or at the end the answer itself. */
interface Told {
  readonly progress?: string;
  readonly answer?: CommandAnswer;
}

/** Answers commands until closed. */
export async function listenForCommands(
  dataDir: string,
  run: (line: CommandLine, progress: Progress) => Promise<CommandAnswer>,
): Promise<() => Promise<void>> {
  const path = socketPath(dataDir);
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    // Whoever asked may have gone; the command goes on to its end.
    const tell = (told: Told): void => void (socket.writable && socket.write(`${JSON.stringify(told)}\n`));
    void text(socket)
      .then((line) => run(JSON.parse(line), (progress) => tell({ progress })))
      .catch((error: unknown): CommandAnswer => {
        const message = error instanceof Error ? error.message : 'unknown';
        return { ok: false, json: { ok: false, error: message }, text: message };
      })
      .then((answer) => socket.end(`${JSON.stringify({ answer } satisfies Told)}\n`));
  });
  const before = process.umask(0o177);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  process.umask(before);
  chmodSync(path, 0o600);
  return async () => {
    await new Promise((resolve) => {
      server.close(resolve);
    });
    rmSync(path, { force: true });
  };
}

/**
 * Hands a command to the process that holds the data folder; null when none answers.
 * @throws Error when that process went away before its answer
 */
export async function askRunning(
  dataDir: string,
  line: CommandLine,
  progress: Progress = () => {},
): Promise<CommandAnswer | null> {
  const socket = connect({ path: socketPath(dataDir), allowHalfOpen: true });
  const open = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!open) return null;
  socket.end(JSON.stringify(line));
  for await (const one of createInterface({ input: socket })) {
    const told: Told = JSON.parse(one);
    if (told.answer !== undefined) return told.answer;
    if (told.progress !== undefined) progress(told.progress);
  }
  throw new Error('The process that runs went away before it answered.');
}
