// Loopback ports for the servers that tests start: below those that outgoing connections take, so that no connection sits on
// one while its server is being restarted, and never the same for two test processes that look at the same moment.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Ports are claimed by the block, each by one living process; the whole machine's test runs share the folder. */
const [lowest, blocks, perBlock] = [20_000, 1_500, 8];
const claims = join(tmpdir(), 'renkei-test-ports');

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const mine = new Set<string>();
process.once('exit', () => {
  for (const file of mine) rmSync(file, { force: true });
});

/** Whether the block is this process's from now on, until it ends. */
function claim(block: number): boolean {
  const file = join(claims, String(block));
  try {
    mkdirSync(claims, { recursive: true });
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    mine.add(file);
    return true;
  } catch {
    // Of a process that was killed: free for the next one that comes along.
    if (existsSync(file) && !lives(Number(readFileSync(file, 'utf8')))) rmSync(file, { force: true });
    return false;
  }
}

/** What is left of the block that was claimed last. */
let left: readonly number[] = [];

/** The first of `count` free ports in a row, at most eight; no call hands one out again. */
export async function freePorts(count: number): Promise<number> {
  for (let round = 0; round < 10_000; round += 1) {
    const [first, all] = [left[0] ?? 0, left.slice(0, count)];
    left = left.slice(count);
    if (all.length === count && (await Promise.all(all.map(isFree))).every(Boolean)) return first;
    if (left.length >= count) continue;
    const block = Math.floor(Math.random() * blocks);
    if (claim(block)) left = Array.from({ length: perBlock }, (_each, index) => lowest + block * perBlock + index);
  }
  throw new Error('no free ports');
}

/** One that is handed to nobody else. */
export const freePort = (): Promise<number> => freePorts(1);
