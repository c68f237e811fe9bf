// A primary, a replica and three Sentinels of one test's own: what is killed is failed over, as in a bank's machine room.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askPort, type OwnRedis, ownRedis, until } from './redis.ts';
import { freePort } from './ports.ts';
import { findTool } from './tools.ts';

export interface OwnSentinels {
  /** As RENKEI_REDIS_URL writes it. */
  readonly url: string;
  /** The server that the Sentinels call the primary now, and the other one. */
  servers(): Promise<{ readonly primary: OwnRedis; readonly replica: OwnRedis }>;
  /** The primary goes on alone: what it is told from here on, the replica never learns. */
  partReplica(): Promise<void>;
  /** A failover by hand: the old primary lives on and becomes a replica. */
  failOver(): Promise<void>;
  /** Waits until there is another primary than this one. */
  untilAnother(than: OwnRedis): Promise<void>;
  /** Waits until two servers stand and the replica has caught up. */
  untilWhole(): Promise<void>;
  end(): Promise<void>;
}

const group = 'renkei-test';
const password = 'p,w@/';
const sentinelPassword = 'watch';
/** Milliseconds without an answer until a Sentinel believes that a server is down. */
const downAfter = 1_000;

/** Null when this machine has no redis-server. */
export async function ownSentinels(): Promise<OwnSentinels | null> {
  const program = findTool('redis');
  // Replication is asked for by a user of its own, so that it can be taken away.
  const copies = ['--masteruser', 'copier', '--masterauth', 'copy', '--repl-diskless-sync-delay', '0'];
  const first = await ownRedis(...copies);
  const second = first && (await ownRedis(...copies));
  if (program === null || first === null || second === null) return null;
  const both = [first, second] as const;
  const allow = async (server: OwnRedis): Promise<void> => {
    await server.ask('ACL', 'SETUSER', 'copier', 'on', '>copy', '+psync', '+replconf', '+ping');
    await server.ask('ACL', 'SETUSER', 'gateway', 'on', `>${password}`, '~*', '+@all');
  };
  for (const server of both) await allow(server);
  await second.ask('REPLICAOF', '127.0.0.1', first.port);

  const folder = mkdtempSync(join(tmpdir(), 'renkei-own-sentinels-'));
  const ports = [await freePort(), await freePort(), await freePort()];
  const sentinels: ChildProcess[] = [];
  for (const port of ports) {
    const file = join(folder, `${port}.conf`);
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${group} 127.0.0.1 ${first.port} 2`,
      `sentinel down-after-milliseconds ${group} ${downAfter}`,
      `sentinel failover-timeout ${group} 4000`,
      `requirepass ${sentinelPassword}`,
      `sentinel sentinel-pass ${sentinelPassword}`,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    sentinels.push(spawn(program, [file, '--sentinel'], { stdio: 'ignore' }));
  }
  const [sentinel = 0] = ports;
  const ask = (port: number, ...args: readonly string[]): Promise<unknown> =>
    askPort({ port, password: sentinelPassword }, 'SENTINEL', ...args);

  const primaryPort = async (): Promise<number> => {
    const told = await ask(sentinel, 'get-master-addr-by-name', group);
    return Array.isArray(told) ? Number(told[1]) : 0;
  };
  const servers: OwnSentinels['servers'] = async () => {
    const port = await primaryPort();
    return port === second.port ? { primary: second, replica: first } : { primary: first, replica: second };
  };
  const untilWhole = async (): Promise<void> => {
    await until(async () => {
      const { primary, replica } = await servers();
      const info = String(await replica.ask('INFO', 'replication'));
      return info.includes('master_link_status:up') && info.includes(`master_port:${primary.port}`);
    }, 'the replica follows');
    await until(async () => {
      for (const port of ports) {
        const told = fields(await ask(port, 'master', group));
        if (told.get('num-other-sentinels') !== '2' || told.get('num-slaves') !== '1' || told.get('flags') !== 'master')
          return false;
      }
      return true;
    }, 'the Sentinels know each other and the replica');
  };
  await until(async () => (await primaryPort()) === first.port, 'a Sentinel answers');
  await untilWhole();

  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return {
    url: `redis+sentinel://gateway:${encodeURIComponent(password)}@${hosts}/${group}?sentinel_password=${sentinelPassword}`,
    servers,
    async partReplica() {
      const { primary, replica } = await servers();
      await primary.ask('ACL', 'SETUSER', 'copier', 'off');
      await primary.ask('CLIENT', 'KILL', 'TYPE', 'replica');
      await until(
        async () => String(await replica.ask('INFO', 'replication')).includes('master_link_status:down'),
        'the replica is alone',
      );
    },
    async failOver() {
      const { primary } = await servers();
      // Until it has looked at the replica again, there is none to promote.
      await until(async () => (await ask(sentinel, 'failover', group)) === 'OK', 'the Sentinel begins');
      await until(async () => (await primaryPort()) !== primary.port, 'the other one is the primary');
    },
    untilAnother: (than) =>
      until(async () => {
        const { primary } = await servers();
        return primary !== than && String(await primary.ask('ROLE')).startsWith('master');
      }, 'there is another primary'),
    async untilWhole() {
      for (const server of both) await allow(server);
      await untilWhole();
    },
    async end() {
      for (const child of sentinels) {
        const gone = once(child, 'exit');
        if (child.kill('SIGKILL')) await gone;
      }
      for (const server of both) await server.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A reply of names and values in turn, or a map of them. */
function fields(reply: unknown): ReadonlyMap<string, string> {
  if (!Array.isArray(reply))
    return new Map(Object.entries(Object(reply)).map(([name, value]) => [name, String(value)]));
  const texts = reply.map(String);
  return new Map(texts.flatMap((name, at) => (at % 2 === 0 ? [[name, texts[at + 1] ?? ''] as const] : [])));
}
