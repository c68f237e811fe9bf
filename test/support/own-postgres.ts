// A PostgreSQL server of one test's own, that it may stop in the middle of everything and start again; ends exactly the
// process it started.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { owner } from './servers.ts';
import { freePort } from './ports.ts';
import { findTool } from './tools.ts';

export interface OwnPostgres {
  readonly url: string;
  /** Starts the server again on the same port, with what was committed. */
  start(): Promise<void>;
  /** As `pg_ctl stop -m immediate`: no goodbye, like a crash. */
  stop(): Promise<void>;
  /** All its processes stand still: connections stay, nothing is answered. */
  hang(): void;
  resume(): void;
  /** Stops it for good and removes its folder. */
  end(): Promise<void>;
}

/** Null when this machine has no PostgreSQL. `extra` are further settings, as name=value. */
export async function ownPostgres(...extra: readonly string[]): Promise<OwnPostgres | null> {
  const program = findTool('postgres');
  if (program === null) return null;
  const folder = mkdtempSync(join(tmpdir(), 'renkei-own-postgres-'));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const as = owner();
  if (as) for (const path of [folder, data]) chownSync(path, as.uid, as.gid);
  const identity = { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8' }, ...as };
  const made = ['-D', data, '-U', 'renkei', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  execFileSync(join(dirname(program), 'initdb'), made, { ...identity, stdio: 'pipe' });
  const port = await freePort();
  const url = `postgres://renkei@127.0.0.1:${port}/postgres`;
  // The machine lives on, so what was written need not reach the disk; what was committed must have been written.
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    `port=${port}`,
    'fsync=off',
    'synchronous_commit=on',
    'shared_buffers=32MB',
    ...extra,
  ];
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    child = spawn(program, ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
      ...identity,
      stdio: 'ignore',
    });
    for (let tries = 0; ; tries += 1) {
      const client = new pg.Client({ connectionString: url });
      try {
        await client.connect();
        await client.end();
        return;
      } catch (error) {
        if (tries > 150) throw error;
        await sleep(100);
      }
    }
  };
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
    const { pid } = child ?? {};
    if (pid === undefined) return;
    // The postmaster first: it would start what its children were.
    for (const each of [pid, ...childrenOf(pid)]) process.kill(each, name);
  };
  const stop = async (): Promise<void> => {
    signal('SIGCONT');
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGQUIT');
    await gone;
  };

  await start();
  return {
    url,
    start,
    stop,
    hang: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    end: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function childrenOf(pid: number): readonly number[] {
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return listed === '' ? [] : listed.split(' ').map(Number);
}
