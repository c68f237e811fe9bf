// What the machine tells of itself: cores, who is pinned where, how busy it is, and the CPU that processes of others than
// Node have used. All of Linux; where something is missing it says so.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { Bench } from './measure.ts';

export interface Cores {
  readonly servers: number | null;
  readonly client: number | null;
  readonly says: string;
}

/** Gives this process a core of its own, and names another for the servers; or says why not. */
export function claimCores(): Cores {
  const apart = { servers: null, client: null };
  if (spawnSync('taskset', ['--version']).status !== 0)
    return { ...apart, says: 'not pinned: this machine has no taskset' };
  const list =
    /:\s*(.*)$/m.exec(execFileSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' }))?.[1] ?? '';
  const cores = list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_each, index) => from + index);
  });
  const [servers, client] = cores;
  if (servers === undefined || client === undefined) return { ...apart, says: 'not pinned: this machine has one core' };
  pin(process.pid, String(client));
  return { servers, client, says: `servers on core ${servers}; load client, Redis and PostgreSQL on core ${client}` };
}

/**
 * Everything that is started from now on comes before what others run here: in the real-time class, of which Linux keeps a
 * twentieth for the others, and where sessions share the cores evenly, this session before theirs. Answers with what
 * undoes the second.
 * @throws when this user may not
 */
export function goFirst(): () => void {
  execFileSync('chrt', ['--rr', '-p', '1', String(process.pid)], { stdio: 'pipe' });
  const session = '/proc/self/autogroup';
  if (!existsSync(session)) return () => {};
  const before = /nice (-?\d+)/.exec(read(session))?.[1] ?? '0';
  writeFileSync(session, '-10');
  return () => writeFileSync(session, before);
}

/** Takes every thread of a process back into the ordinary class. */
export function asEverybody(pid: number): void {
  if (spawnSync('chrt', ['--version']).status === 0)
    execFileSync('chrt', ['--other', '-a', '-p', '0', String(pid)], { stdio: 'pipe' });
}

/** Every thread of a process. @param list as taskset reads it: `0`, `0,1` */
export function pin(pid: number, list: string): void {
  execFileSync('taskset', ['-a', '-cp', list, String(pid)], { stdio: 'pipe' });
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const fieldsOf = (pid: number | string): readonly string[] =>
  read(`/proc/${pid}/stat`)
    .replace(/^.*\)\s/s, '')
    .split(' ');

/** The parent of a process; 0 when it is gone. */
export const parentOf = (pid: number): number => Number(fieldsOf(pid)[1] ?? 0);

/** Microseconds that a process has computed: exact where the scheduler counts, else in ticks of 10 ms. */
function cpuOf(pid: number | string): number {
  let exact = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`))
      exact += Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0] ?? 0);
  } catch {
    return 0;
  }
  if (exact > 0) return exact / 1_000;
  const fields = fieldsOf(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10_000;
}

/** Microseconds of a process and its children, those that are gone not counted. */
export function cpuOfFamily(parent: number): number {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(fieldsOf(name)[1]) === parent);
  return [parent, ...children].reduce<number>((sum, pid) => sum + cpuOf(pid), 0);
}

/** Microseconds that all cores together were busy since the machine began, in ticks of 10 ms; `stolen` by its host. */
function busy(): { readonly used: number; readonly stolen: number } {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = (
    /^cpu\s+(.*)$/m.exec(read('/proc/stat'))?.[1] ?? ''
  )
    .split(' ')
    .map(Number);
  return { used: (user + nice + system + irq + softirq) * 10_000, stolen: stolen * 10_000 };
}

/** Cores, load, versions: what a reader must know to compare two runs. */
export function machine(programs: { readonly redis: string; readonly postgres: string }): string {
  const version = (program: string): string =>
    /\d+\.\d+(\.\d+)?/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[0] ?? 'unknown';
  return `${cpus().length} shared cores, Node ${process.versions.node}, Redis ${version(programs.redis)}, PostgreSQL ${version(programs.postgres)}`;
}

/** The load average of the last minute. */
export const load = (): number => loadavg()[0] ?? 0;

/** Begins to watch the machine; the answer says what others computed meanwhile. */
export async function watch({ stores, servers }: Pick<Bench, 'stores' | 'servers'>): Promise<() => Promise<string>> {
  const look = async () => {
    const { redis, postgres } = stores.cpu();
    const { user, system } = process.cpuUsage();
    let ours = redis + postgres + user + system;
    for (const server of servers.values()) ours += (await server.usage()).cpu;
    return { at: performance.now() * 1000, ours, ...busy() };
  };
  const before = await look();
  return async () => {
    const after = await look();
    const share = (used: number): string =>
      `${((Math.max(0, used) / (after.at - before.at)) * 100).toFixed(0)} % of a core`;
    const others = after.used - before.used - (after.ours - before.ours);
    return `load average ${load().toFixed(2)}, others on this machine took ${share(others)}, its host ${share(after.stolen - before.stolen)}`;
  };
}
