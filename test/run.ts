// The test runner: `npm test` runs every suite, `npm test -- rules` one, `npm test -- test/rules/link.test.ts` one file.
// Starts Redis and PostgreSQL once, runs each suite in a process of its own, and names what it could not run and why.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, startRedis } from './support/servers.ts';
import type { Server } from './support/servers.ts';
import { chosenSuites } from './support/suites.ts';
import type { Suite } from './support/suites.ts';
import { findTool, installCommand } from './support/tools.ts';
import type { Tool } from './support/tools.ts';

interface Failure {
  /** The test, with everything that it stands in. */
  readonly title: string;
  readonly error: string;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

const here = import.meta.dirname;
const strict = process.env['CI'] === 'true';
const suiteLimit = 45 * 60_000;

const servers: Server[] = [];
const children = new Set<ChildProcess>();

async function cleanUp(): Promise<void> {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(servers.splice(0).map((server) => server.stop()));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(130)));
}

/** What the suites find in their environment; a server that was handed in is used instead of an own one. */
async function surroundings(suites: readonly Suite[]): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  const wanted = (tool: Tool): boolean =>
    suites.some((suite) => suite.needs.includes(tool) || suite.uses.includes(tool));
  const starts = [
    { tool: 'redis', variable: 'RENKEI_TEST_REDIS_URL', start: startRedis },
    { tool: 'postgres', variable: 'RENKEI_TEST_DATABASE_URL', start: startPostgres },
  ] as const;
  for (const { tool, variable, start } of starts) {
    const program = findTool(tool);
    if (process.env[variable] || !program || !wanted(tool)) continue;
    const server = await start(program);
    servers.push(server);
    env[variable] = server.url;
  }
  const chromium = findTool('chromium');
  if (chromium) env['RENKEI_TEST_CHROMIUM'] = chromium;
  return env;
}

const isCounts = (message: unknown): message is Counts =>
  typeof message === 'object' &&
  message !== null &&
  ['passed', 'failed', 'skipped', 'failures'].every((key) => key in message);

/** The check of a clean checkout looks for this line, and shows what stands between it and the counts at its own end. */
const failedHeading = '== failed tests';

/** What is left of an error in the list at the end; all of it stands with its suite. */
const shortened = (error: string): string => error.split('\n').slice(0, 3).join('\n      ').slice(0, 400);

/** Runs one suite; a process that ends without telling its counts is one failure. */
async function run(suite: Suite, env: Record<string, string>, database: number): Promise<Counts> {
  const redis = env['RENKEI_TEST_REDIS_URL'];
  // A Redis database of its own, so that suites side by side do not see each other's keys.
  const own = redis ? { RENKEI_TEST_REDIS_URL: `${redis}/${database}` } : {};
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: undefined };
  const child = fork(join(here, 'support', 'mocha-child.ts'), suite.files, {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env, ...own, ...color, NODE_ENV: 'test' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.add(child);
  let output = '';
  let counts: Counts | null = null;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: unknown) => (output += String(chunk)));
  }
  child.on('message', (message) => {
    if (!isCounts(message)) return;
    const failures = message.failures.map(({ title, error }) => ({ title: `${suite.name} › ${title}`, error }));
    counts = { ...message, failures };
  });
  const late = setTimeout(() => child.kill('SIGKILL'), suiteLimit);
  const began = performance.now();
  const silent = once(child, 'close');
  await once(child, 'exit');
  clearTimeout(late);
  // What it still had to say; a process that it left behind may keep its pipes open for ever.
  await Promise.race([silent, sleep(1_000)]);
  children.delete(child);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`\n== ${suite.name} (${seconds} s)\n${output}`);
  if (counts) return counts;
  const error = `its process ended without a result (${child.signalCode ?? child.exitCode})`;
  process.stdout.write(`   ${error}\n`);
  return { passed: 0, failed: 1, skipped: 0, failures: [{ title: suite.name, error }] };
}

/** Two at a time, then those that want the machine for themselves. */
async function runAll(suites: readonly Suite[], env: Record<string, string>): Promise<readonly Counts[]> {
  const results: Counts[] = [];
  const queue = suites.filter((suite) => !suite.alone).map((suite, place) => ({ suite, database: place % 15 }));
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      results.push(await run(next.suite, env, next.database));
    }
  };
  await Promise.all([worker(), worker()]);
  for (const suite of suites.filter((candidate) => candidate.alone)) results.push(await run(suite, env, 15));
  return results;
}

async function main(): Promise<number> {
  const suites = chosenSuites(here, process.argv.slice(2));
  const lacking = (tools: readonly Tool[]): Tool[] => tools.filter((tool) => !findTool(tool));
  const runnable = suites.filter((suite) => lacking(suite.needs).length === 0);
  const results = await runAll(runnable, await surroundings(runnable));
  const sum = (key: Exclude<keyof Counts, 'failures'>): number =>
    results.reduce((total, counts) => total + counts[key], 0);

  const missing = new Set(suites.flatMap((suite) => lacking([...suite.needs, ...suite.uses])));
  const failures = results.flatMap((counts) => counts.failures);
  let incomplete = 0;
  for (const suite of suites) {
    const without = lacking([...suite.needs, ...suite.uses]);
    if (without.length === 0) continue;
    incomplete += 1;
    const how = runnable.includes(suite) ? 'ran in part' : 'did not run';
    const why = `${how}: this machine has no ${without.join(', ')}`;
    process.stdout.write(`\n${suite.name} ${why}`);
    if (strict) failures.push({ title: suite.name, error: why });
  }
  if (missing.size > 0) process.stdout.write(`\nTo run everything: ${installCommand(missing)}\n`);

  // Last, and short, so that a log of which only the end is kept still names them.
  if (failures.length > 0) process.stdout.write(`\n${failedHeading}\n`);
  for (const { title, error } of failures) process.stdout.write(`  ${title}\n      ${shortened(error)}\n`);

  const failed = sum('failed') + (strict ? incomplete : 0);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  process.stdout.write(`\n${sum('passed')} passed, ${failed} failed${skipped}\n`);
  return failed > 0 || sum('passed') === 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
