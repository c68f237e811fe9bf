// A Redis server of one test's own, that it may stop, hang and start again; ends exactly the process it started.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './servers.ts';
import { findTool } from './tools.ts';

export interface OwnRedis {
  readonly url: string;
  /** Starts the server again on the same port, empty. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The server accepts connections and answers nothing. */
  hang(): void;
  resume(): void;
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

/** Null when this machine has no redis-server. `extra` are further command line options. */
export async function ownRedis(...extra: readonly string[]): Promise<OwnRedis | null> {
  const program = findTool('redis');
  if (program === null) return null;
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'renkei-own-redis-'));
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const options = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    child = spawn(program, [...options, ...extra], { stdio: 'ignore' });
    for (let tries = 0; !(await answers(port)); tries += 1) {
      if (tries > 100) throw new Error('redis-server did not answer within 10 seconds');
      await sleep(100);
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
    start,
    stop,
    hang: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    end: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
