// Gateways that a test may kill at a write of its choice: real processes of the built program, the next one started while the
// present one works.
import { execFile, fork, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../support/ports.ts';
import { root } from '../support/source.ts';
import type { Arming } from './mortal.ts';

/** Inside node_modules, so that the program finds its packages from there. */
const built = join(root, 'node_modules/.cache/renkei/killed');
const compiled = join(root, 'node_modules/.cache/renkei/killed-code');
const preload = ['--import', join(root, 'test/killed/mortal.ts')];

export interface Write {
  readonly name: string;
  /** The first one of its request. */
  readonly opens: boolean;
}

export interface Death {
  readonly place: number;
  readonly name: string;
}

export interface Mortal {
  readonly address: string;
  /** Counts writes from now on. */
  arm(arming: Arming): Promise<void>;
  /** Disarms it; the writes told since it was armed with `at: 0`. */
  told(): Promise<readonly Write[]>;
  /** How it died by its own hand; null while it lives. */
  death(): Promise<Death | null>;
  /** Gone, by whatever hand. */
  gone(): Promise<boolean>;
  end(): Promise<void>;
}

/** Builds the program, and starts it once to its orderly end, so that later ones find their code compiled. */
export async function buildGateway(env: NodeJS.ProcessEnv): Promise<void> {
  mkdirSync(built, { recursive: true });
  await new Promise<void>((resolve) => {
    const options = ['-p', 'tsconfig.build.json', '--outDir', built, '--tsBuildInfoFile', join(built, 'info')];
    // What the compiler finds wrong is the type check's to tell; what it wrote runs.
    execFile(join(root, 'node_modules/.bin/tsc'), options, { cwd: root }, () => resolve());
  });
  const { child, gone } = await started(env, []);
  child.kill('SIGTERM');
  await gone;
}

/** A command of the program, in a process that may be killed; null when it lived through. */
export async function runCommand(
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  arming: Arming,
): Promise<{ readonly death: Death | null; readonly told: readonly Write[]; readonly out: string }> {
  const { gone, words, output } = begin({ ...env, MORTAL_ARMING: JSON.stringify(arming) }, args);
  await gone;
  const { death, told } = words();
  return { death, told, out: output() };
}

/** One lane of work: `take` gives a gateway that lives, and starts the next one beside it. */
export function lane(env: NodeJS.ProcessEnv): { take(): Promise<Mortal>; close(): Promise<void> } {
  const fresh = async (): Promise<Mortal> => {
    const port = await freePorts(1);
    return mortal(await started({ ...env, RENKEI_PORT: String(port) }, []), `http://localhost:${port}`);
  };
  let present: Mortal | null = null;
  let spare = fresh();
  return {
    async take() {
      if (present && !(await present.gone())) return present;
      present = await spare;
      spare = fresh();
      return present;
    },
    async close() {
      await present?.end();
      await (await spare).end();
    },
  };
}

function mortal({ child, gone, words }: Running, address: string): Mortal {
  let before = 0;
  /** What it tells comes in order: all of it is here when it says that it heard. */
  async function say(message: Arming | 'disarm'): Promise<void> {
    const heard = words().heard;
    child.send(message);
    while (words().heard === heard) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error('the gateway died before it was armed');
      await sleep(2);
    }
  }
  return {
    address,
    async told() {
      await say('disarm');
      return words().told.slice(before);
    },
    async arm(arming) {
      before = words().told.length;
      await say(arming);
    },
    gone: async () => {
      if (child.exitCode === null && child.signalCode === null) return false;
      await gone;
      return true;
    },
    async death() {
      if (child.exitCode === null && child.signalCode === null) return null;
      await gone;
      const { death } = words();
      if (death === null || child.signalCode !== 'SIGKILL')
        throw new Error(`a gateway ended by itself: ${child.signalCode ?? child.exitCode}`);
      return death;
    },
    async end() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly gone: Promise<void>;
  words(): { readonly death: Death | null; readonly told: readonly Write[]; readonly heard: number };
  output(): string;
}

async function started(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Running> {
  const running = begin(env, ['demo', '--gateway-only', ...args]);
  let ended = false;
  void running.gone.then(() => (ended = true));
  while (!/^ready /m.test(running.output())) {
    if (ended) throw new Error(`a gateway did not start:\n${running.output()}`);
    await sleep(10);
  }
  return running;
}

function begin(env: NodeJS.ProcessEnv, args: readonly string[]): Running {
  const child = fork(join(built, 'src/main.js'), [...args], {
    cwd: root,
    execArgv: preload,
    env: { ...env, NODE_COMPILE_CACHE: compiled },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const told: Write[] = [];
  let opens = true;
  let death: Death | null = null;
  let heard = 0;
  const pipe = child.stdio[4];
  const ends = [new Promise<void>((resolve) => void child.once('exit', () => resolve()))];
  if (pipe && 'read' in pipe) {
    const lines = createInterface({ input: pipe });
    ends.push(new Promise<void>((resolve) => void lines.once('close', () => resolve())));
    lines.on('line', (line) => {
      const [, verb, place, name = ''] = /^(wrote|died|request|heard) ?(\d*) ?(.*)$/.exec(line) ?? [];
      if (verb === 'heard') heard += 1;
      if (verb === 'request') opens = true;
      if (verb === 'wrote') {
        told.push({ name, opens });
        opens = false;
      }
      if (verb === 'died') death = { place: Number(place), name };
    });
  }
  return {
    child,
    gone: allOf(ends),
    words: () => ({ death, told, heard }),
    output: () => output,
  };
}

async function allOf(ends: readonly Promise<void>[]): Promise<void> {
  await Promise.all(ends);
}
