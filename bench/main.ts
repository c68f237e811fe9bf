// `npm run bench`: what a login costs. One run starts Redis, PostgreSQL, a gateway, the bare provider, a bare Koa and a
// hashing process, measures them in interleaved rounds, prints one report, and ends what it started.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directionsTable } from './directions.ts';
import { claimCores, goFirst, load, machine, watch, type Cores } from './machine.ts';
import { rounds } from './measure.ts';
import { chosen, operations } from './operations.ts';
import { readOptions, type Options } from './options.ts';
import { profile } from './profile.ts';
import { costs, logged, memoryTable, type Remembered } from './report.ts';
import { sessions, sessionsTable } from './sessions.ts';
import { start, type Run } from './start.ts';
import { storms, weatherTable } from './storm.ts';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);
const ends: (() => Promise<void> | void)[] = [];
const endAll = async (): Promise<void> => {
  for (const end of ends.splice(0).toReversed()) await end();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => void endAll().finally(() => process.exit(130)));

/** What was asked for, in the order of the report. */
async function measure({ bench, scene, crowd }: Run, options: Options, cores: Cores): Promise<string> {
  const wants = (part: string): boolean => options.only === null || options.only.includes(part);
  const all = operations(scene);
  const wanted = chosen(all, options.only);
  const quiet = await watch(bench);
  const results = wanted.length === 0 ? [] : await rounds(bench, wanted, options, tell);
  const left = wants('sessions') ? await sessions(bench, all, options.operations) : [];
  const memory: Remembered[] = [];
  const remember = async (when: string): Promise<void> => {
    if (!wants('memory')) return;
    const processes = [...bench.servers.values()].map(async (each) => [each.name, await each.memory()] as const);
    memory.push({ when, processes: await Promise.all(processes) });
  };
  await remember('after the rounds');
  const seen = wants('storm') ? await storms(bench, scene, crowd, cores, options.rounds * 60, tell) : [];
  if (seen.length > 0) await remember('after the storms');
  return [
    `${machine(bench.stores.programs)}; ${cores.says}${options.priority ? ', before everything else there' : ''}; ${await quiet()}.`,
    `${options.rounds} rounds of ${options.operations} logins, interleaved; medians.`,
    directionsTable({ results, sessions: left, storms: seen }),
    results.length === 0 ? null : costs(results),
    ...left.map(sessionsTable),
    seen.length === 0 ? null : weatherTable(seen),
    memory.length === 0 ? null : memoryTable(memory),
    logged(bench.servers.get('gateway')?.log() ?? ''),
  ]
    .filter((part) => part !== null)
    .join('\n\n');
}

function profiled({ bench, scene }: Run, options: Options, cores: Cores, name: string): Promise<string> {
  const [operation] = chosen(operations(scene), [name]).filter((each) => each.name === name);
  if (!operation) throw new Error('--profile: the name of an operation');
  const file = join(tmpdir(), `renkei-${operation.name}.cpuprofile`);
  return profile(bench, operation, options.operations * operation.times * 2, cores, file);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.priority) ends.push(goFirst());
  const cores = claimCores();
  tell(cores.says);
  if (load() > 0.7) tell(`WARNING: the load average is ${load().toFixed(2)}: others compute here, and times will lie`);
  const run = await start(cores, options, ends);
  const report = await (options.profile === null
    ? measure(run, options, cores)
    : profiled(run, options, cores, options.profile));
  process.stdout.write(`${report}\n`);
  if (options.write !== null) writeFileSync(options.write, `${report}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await endAll();
}
