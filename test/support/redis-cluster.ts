// A Redis Cluster of one test's own: three masters, with or without a replica of the first; slots can be moved under load.
import { Redis } from 'ioredis';
import { type OwnRedis, ownRedis, until } from './redis.ts';
import { freePort } from './ports.ts';

export interface OwnCluster {
  /** As RENKEI_REDIS_URL writes it: every node is an entry. */
  readonly url: string;
  readonly masters: readonly OwnRedis[];
  /** Of the first master; null when it was made without. */
  readonly replica: OwnRedis | null;
  /** Begins to move two thousand slots of one master to another: keys that are there stay until `move`, new ones are made there. */
  openSlots(from: OwnRedis, to: OwnRedis): Promise<void>;
  /** Moves the keys and ends what `openSlots` began. */
  move(from: OwnRedis, to: OwnRedis): Promise<void>;
  /** Waits until every slot is served, as this node sees it. */
  untilWhole(seenBy?: OwnRedis): Promise<void>;
  end(): Promise<void>;
}

const ranges = [
  [0, 5_460],
  [5_461, 10_922],
  [10_923, 16_383],
] as const;

/** Null when this machine has no redis-server. @param extra further command line options of every node */
export async function ownCluster(
  options: { readonly replica?: boolean; readonly extra?: readonly string[] } = {},
): Promise<OwnCluster | null> {
  const nodes: { readonly server: OwnRedis; readonly bus: number; readonly id: string }[] = [];
  const count = options.replica === true ? 4 : 3;
  for (let index = 0; index < count; index += 1) {
    const bus = await freePort();
    const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', '--cluster-port', String(bus)];
    const server = await ownRedis(...settings, '--repl-diskless-sync-delay', '0', ...(options.extra ?? []));
    if (server === null) return null;
    nodes.push({ server, bus, id: String(await server.ask('CLUSTER', 'MYID')) });
  }
  for (const [index, [low, high]] of ranges.entries()) {
    await nodes[index]?.server.ask('CLUSTER', 'ADDSLOTSRANGE', low, high);
    await nodes[index]?.server.ask('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  const [first] = nodes;
  if (!first) return null;
  for (const { server, bus } of nodes.slice(1))
    await first.server.ask('CLUSTER', 'MEET', '127.0.0.1', server.port, bus);

  const says = async (server: OwnRedis, line: string): Promise<boolean> =>
    String(await server.ask('CLUSTER', 'INFO'))
      .split('\r\n')
      .includes(line);
  const whole = async (server: OwnRedis): Promise<boolean> =>
    (await says(server, 'cluster_state:ok')) && (await says(server, 'cluster_slots_ok:16384'));
  const replica = nodes[3]?.server ?? null;
  for (const { server } of nodes) {
    await until(() => says(server, `cluster_known_nodes:${count}`), 'the nodes know each other');
  }
  if (replica) {
    await until(async () => (await replica.ask('CLUSTER', 'REPLICATE', first.id)) === 'OK', 'it becomes a replica');
    await until(
      async () => String(await replica.ask('INFO', 'replication')).includes('master_link_status:up'),
      'the replica follows',
    );
  }
  for (const { server } of nodes) await until(() => whole(server), 'every slot is served');
  const idOf = (server: OwnRedis): string => nodes.find((node) => node.server === server)?.id ?? '';

  /** The slots that a node serves now. */
  const slotsOf = async (server: OwnRedis): Promise<readonly number[]> => {
    const mine = String(await server.ask('CLUSTER', 'NODES'))
      .split('\n')
      .find((line) => line.includes('myself'));
    return (mine ?? '')
      .split(' ')
      .slice(8)
      .filter((range) => /^\d/.test(range))
      .flatMap((range) => {
        const [low = 0, high = low] = range.split('-').map(Number);
        return Array.from({ length: high - low + 1 }, (_each, index) => low + index);
      });
  };
  /** The same for many slots, in one go. */
  const setSlots = async (server: OwnRedis, slots: readonly number[], ...how: readonly string[]): Promise<void> => {
    const client = new Redis(server.url);
    const pipeline = client.pipeline();
    for (const slot of slots) pipeline.call('CLUSTER', 'SETSLOT', String(slot), ...how);
    await pipeline.exec();
    client.disconnect();
  };
  const keysIn = async (client: Redis, slots: readonly number[]): Promise<readonly string[]> => {
    const wanted = new Set(slots);
    const keys = await client.keys('*');
    const places = await Promise.all(keys.map((key) => client.cluster('KEYSLOT', key)));
    return keys.filter((_key, index) => wanted.has(places[index] ?? -1));
  };
  let opened: readonly number[] = [];

  return {
    url: nodes.map(({ server }) => server.url).join(','),
    masters: nodes.slice(0, 3).map(({ server }) => server),
    replica,
    async openSlots(from, to) {
      // One that has no slot left would become a replica.
      opened = (await slotsOf(from)).slice(100, 2_100);
      await setSlots(to, opened, 'IMPORTING', idOf(from));
      await setSlots(from, opened, 'MIGRATING', idOf(to));
    },
    async move(from, to) {
      const client = new Redis(from.url);
      for (;;) {
        const keys = await keysIn(client, opened);
        if (keys.length === 0) break;
        for (const key of keys) await client.call('MIGRATE', '127.0.0.1', String(to.port), key, '0', '2000');
      }
      client.disconnect();
      for (const server of [to, from]) await setSlots(server, opened, 'NODE', idOf(to));
    },
    untilWhole: (seenBy = first.server) => until(() => whole(seenBy), 'every slot is served'),
    async end() {
      for (const { server } of nodes) await server.end();
    },
  };
}
