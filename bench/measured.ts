// Starts the processes that are measured, each alone on the core of the servers, and asks them over IPC. Ends exactly the
// processes it started.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Memory, Question, Reply, Usage } from './answering.ts';

export interface Measured {
  readonly name: string;
  readonly pid: number;
  /** What the process told when it was ready. */
  readonly told: string;
  ask<T>(verb: string, argument?: string): Promise<T>;
  usage(): Promise<Usage>;
  memory(): Promise<Memory>;
  /** What it wrote to its log. */
  log(): string;
  stop(): Promise<void>;
}

export interface Launch {
  readonly name: 'gateway' | 'bare' | 'koa' | 'hashes';
  readonly env: Readonly<Record<string, string>>;
  /** Null: wherever the system puts it. */
  readonly core: number | null;
  /** Where its log goes. */
  readonly folder: string;
}

/** Rejects with what the process said when it ends before it is ready. */
export async function measured({ name, env, core, folder }: Launch): Promise<Measured> {
  const module = join(import.meta.dirname, `serve-${name}${extname(import.meta.filename)}`);
  const log = join(folder, `${name}.log`);
  const out = openSync(log, 'a');
  const node = ['--expose-gc', ...process.execArgv];
  const child = fork(module, [], {
    ...(core === null
      ? { execArgv: node }
      : { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath, ...node] }),
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', out, out, 'ipc'],
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const gone = once(child, 'exit');
  child.once('exit', () => {
    const error = new Error(`the process ${name} ended:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  const expect = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
  child.on('message', (message) => {
    const reply: Reply = JSON.parse(typeof message === 'string' ? message : 'null');
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) asked?.reject(new Error(`${name}: ${reply.error}`));
    else asked?.resolve(JSON.stringify(reply.value));
  });
  let last = 0;
  const ask = async <T>(verb: string, argument = ''): Promise<T> => {
    last += 1;
    const question: Question = { id: last, verb, argument };
    const reply = expect(last);
    child.send(JSON.stringify(question));
    const value: T = JSON.parse(String(await reply));
    return value;
  };
  const told: unknown = JSON.parse(String(await expect(0)));
  return {
    name,
    pid: child.pid ?? 0,
    told: String(told),
    ask,
    usage: () => ask<Usage>('usage'),
    memory: () => ask<Memory>('memory'),
    log: () => readFileSync(log, 'utf8'),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      child.kill('SIGTERM');
      await gone;
      clearTimeout(late);
    },
  };
}
