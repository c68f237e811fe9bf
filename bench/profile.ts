// Where the CPU of one operation goes: a profile of the server while it does nothing else, as a table of functions by the
// time they took themselves, and of packages and files.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asEverybody, pin, type Cores } from './machine.ts';
import { serverOf, type Bench } from './measure.ts';
import type { Operation } from './operations.ts';
import { table } from './report.ts';
import { root } from './root.ts';

/** The part of a .cpuprofile that is read. Times in microseconds. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Waiting, which a profile counts too. */
const idle = new Set(['(idle)', '(root)']);

/** `file` keeps the profile for other tools. */
export async function profile(
  bench: Bench,
  operation: Operation,
  count: number,
  cores: Cores,
  file: string,
): Promise<string> {
  const server = serverOf(bench, operation);
  // The thread that takes the samples must not wait for the one it looks at.
  asEverybody(server.pid);
  if (cores.servers !== null) pin(server.pid, `${cores.servers},${cores.client}`);
  for (const task of await operation.prepare(count)) await (await task())?.();
  const tasks = await operation.prepare(count);
  if (operation.at === 'gateway') await server.ask('settle');
  await server.ask('profile-start');
  for (const task of tasks) await task();
  await server.ask('profile-stop', file);
  const read: Profile = JSON.parse(readFileSync(file, 'utf8'));
  return [
    `Profile of ${operation.title}, ${count} times; own time of functions (${file})`,
    ...tables(read, count),
  ].join('\n\n');
}

/** The package of a script, or our own file, or node itself. */
function placeOf(url: string): { readonly group: string; readonly file: string } {
  if (url === '') return { group: '(engine)', file: '' };
  if (!url.startsWith('file:')) return { group: 'node', file: url };
  const path = relative(root, fileURLToPath(url));
  const inPackage = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(path);
  if (inPackage) return { group: inPackage[1] ?? '', file: inPackage[2] ?? '' };
  const own = path.replace(/^dist\//, '').replace(/\.js$/, '');
  return { group: own.split('/').slice(0, 2).join('/'), file: own };
}

function tables({ nodes, samples, timeDeltas }: Profile, count: number): readonly string[] {
  const own = new Map<number, number>();
  samples.forEach((id, index) => own.set(id, (own.get(id) ?? 0) + (timeDeltas[index] ?? 0)));
  const functions = new Map<string, number>();
  const groups = new Map<string, number>();
  const files = new Map<string, number>();
  const add = (to: Map<string, number>, name: string, time: number): void =>
    void to.set(name, (to.get(name) ?? 0) + time);
  let total = 0;
  for (const { id, callFrame } of nodes) {
    const time = own.get(id) ?? 0;
    // Starting and stopping the profile stand in it too.
    if (time === 0 || idle.has(callFrame.functionName) || callFrame.url === 'node:inspector') continue;
    const { group, file } = placeOf(callFrame.url);
    const name = callFrame.functionName === '' ? '(nameless)' : callFrame.functionName;
    const at = file === '' ? '' : `${file}:${callFrame.lineNumber + 1}`;
    add(functions, [name, group, at].join(' | '), time);
    add(groups, group, time);
    if (file !== '') add(files, `${group} | ${file}`, time);
    total += time;
  }
  const shown = (from: ReadonlyMap<string, number>, length: number): string[][] =>
    [...from]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, length)
      .map(([name, time]) => [name, (time / count / 1000).toFixed(3), ((time / total) * 100).toFixed(1)]);
  const head = ['ms each', '%'];
  return [
    table(['function | package | file', ...head], shown(functions, 25)).replace('| --- |', '| --- | --- | --- |'),
    table(['package', ...head], shown(groups, 20)),
    table(['package | file', ...head], shown(files, 25)).replace('| --- |', '| --- | --- |'),
    `Together ${(total / count / 1000).toFixed(2)} ms each; a profile costs time itself, so take the shares.`,
  ];
}
