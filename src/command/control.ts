// The demo on embedded stores is one process, and its database is its own: commands are handed to it over a socket that only
// the same user can open. Production commands use the stores directly.
import { createHash } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { CommandAnswer, CommandLine } from './commands.ts';

/** In the temporary folder, because a socket's path may have 107 characters only. */
function socketPath(dataDir: string): string {
  return join(tmpdir(), `renkei-${createHash('sha256').update(dataDir).digest('hex').slice(0, 24)}.sock`);
}

/** Answers commands until closed. */
export async function listenForCommands(
  dataDir: string,
  run: (line: CommandLine) => Promise<CommandAnswer>,
): Promise<() => Promise<void>> {
  const path = socketPath(dataDir);
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    void text(socket)
      .then((line) => run(JSON.parse(line)))
      .catch((error: unknown): CommandAnswer => {
        const message = error instanceof Error ? error.message : 'unknown';
        return { ok: false, json: { ok: false, error: message }, text: message };
      })
      .then((answer) => socket.end(JSON.stringify(answer)));
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

/** Hands a command to the process that holds the data folder; null when none answers. */
export async function askRunning(dataDir: string, line: CommandLine): Promise<CommandAnswer | null> {
  const socket = connect({ path: socketPath(dataDir), allowHalfOpen: true });
  const open = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!open) return null;
  socket.end(JSON.stringify(line));
  return JSON.parse(await text(socket));
}
