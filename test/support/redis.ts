// A Redis server of one test's own, that it may stop, hang and start again; ends exactly the process it started.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './ports.ts';
import { findTool } from './tools.ts';

export interface OwnRedis {
  readonly url: string;
  readonly port: number;
  /** Its own folder, which a start finds as the stop left it. */
  readonly folder: string;
  /** Starts the server again on the same port, empty. */
  start(): Promise<void>;
  /** As kill -9. */
  stop(): Promise<void>;
  /** The server accepts connections and answers nothing. */
  hang(): void;
  resume(): void;
  /** Asks it one command on a connection of its own. */
  ask(command: string, ...args: readonly (string | number)[]): Promise<unknown>;
  /** Stops it for good and removes its folder. */
  end(): Promise<void>;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** One command to whatever speaks the protocol at this port: server, node or Sentinel. */
export async function askPort(
  at: { readonly port: number; readonly password?: string },
  command: string,
  ...args: readonly (string | number)[]
): Promise<unknown> {
  const client = new Redis({
    host: '127.0.0.1',
    ...at,
    commandTimeout: 2_000,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
  });
  // Its caller is told by the command.
  client.on('error', () => {});
  try {
    return await client.call(command, ...args);
  } finally {
    client.disconnect();
  }
}

/** Waits until it holds, for at most `limit` milliseconds; an error counts as not yet. */
export async function until(holds: () => Promise<boolean>, what: string, limit = 20_000): Promise<void> {
  for (const began = performance.now(); performance.now() - began < limit; await sleep(50))
    if (await holds().catch(() => false)) return;
  throw new Error(`it never came to be: ${what}`);
}

/** Null when this machine has no redis-server. `extra` are further command line options. */
export async function ownRedis(...extra: readonly string[]): Promise<OwnRedis | null> {
  const program = findTool('redis');
  if (program === null) return null;
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'renkei-own-redis-'));
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    const nothingKept = ['--save', '', '--appendonly', 'no'];
    child = spawn(program, [...options, ...nothingKept, ...extra], { stdio: 'ignore' });
    for (let tries = 0; !(await answers(port)); tries += 1) {
      if (tries > 200) throw new Error('redis-server did not answer within 10 seconds');
      await sleep(50);
    }
  };
  const stop = async (): Promise<void> => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  };

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    start,
    stop,
    hang: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    ask: (command, ...args) => askPort({ port }, command, ...args),
    end: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
