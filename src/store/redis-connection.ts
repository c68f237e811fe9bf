// One client of ioredis for whatever the address names: a server, a Cluster, or the primary that Sentinels know. Owns what
// happens while a server is away: nothing is queued or sent again, and the connection comes back by itself.
import { Cluster, Redis } from 'ioredis';
import {
  type ClusterAddress,
  readRedisAddress,
  type RedisAddress,
  type SentinelAddress,
} from '../rules/redis-address.ts';

/** Milliseconds until the next try to connect. */
const soonThenSlower = (attempt: number): number => Math.min(50 * attempt, 1_000);

/**
 * Replies by which a server says that it can't serve now; any other error reply is a mistake of ours. MOVED to a client that
 * knows no Cluster is a mistake of the configuration, but nothing was checked either.
 */
const notNow =
  /^(?:ERR Error running script.*: -?)?(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY|MISCONF|NOREPLICAS|OOM|NOAUTH|WRONGPASS|NOPERM|UNBLOCKED|MOVED|ASK|ERR max number of clients)\b/s;

/** Whether an error says that the server does not answer, or not now. */
export function isRedisDown(error: unknown): boolean {
  return !(error instanceof Error && error.name === 'ReplyError') || notNow.test(error.message);
}

/**
 * Connects in the background.
 * @param url as readRedisAddress reads it
 * @param commandTimeout milliseconds until a command that got no answer is refused
 * @throws when the address can't be read
 */
export function connectRedis(url: string, commandTimeout: number): Redis | Cluster {
  const address = readRedisAddress(url);
  if ('problem' in address) throw new Error(`the address of Redis: ${address.problem}. ${address.remedy}`);
  const common = commonOptions(address, commandTimeout);
  switch (address.kind) {
    case 'server':
      return new Redis({ ...common, host: address.host, port: address.port, db: address.db });
    case 'sentinel':
      return underSentinels(address, common, commandTimeout);
    case 'cluster':
      return cluster(address, common, commandTimeout);
  }
}

function commonOptions(address: RedisAddress, commandTimeout: number) {
  return {
    commandTimeout,
    connectTimeout: 2_000,
    // A connection that lost its peer without a word is given up, so that a failover is followed.
    socketTimeout: commandTimeout * 4,
    enableOfflineQueue: false,
    // A counter that is sent twice counts twice.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: soonThenSlower,
    // A primary that was made a replica while it was connected.
    reconnectOnError: (error: Error) => /\bREADONLY\b/.test(error.message),
    ...(address.username === null ? {} : { username: address.username }),
    ...(address.password === null ? {} : { password: address.password }),
    ...(address.tls ? { tls: {} } : {}),
  };
}

type Common = ReturnType<typeof commonOptions>;

function underSentinels(address: SentinelAddress, common: Common, commandTimeout: number): Redis {
  return new Redis({
    ...common,
    sentinels: address.sentinels.map(({ host, port }) => ({ host, port })),
    name: address.primary,
    // Asked of the server itself, too: a Sentinel may not know yet.
    role: 'master',
    db: address.db,
    ...(address.sentinelUsername === null ? {} : { sentinelUsername: address.sentinelUsername }),
    ...(address.sentinelPassword === null ? {} : { sentinelPassword: address.sentinelPassword }),
    ...(address.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    sentinelCommandTimeout: commandTimeout,
    sentinelRetryStrategy: soonThenSlower,
    // An old primary that is still reachable would go on taking writes that the new one never sees.
    failoverDetector: true,
    sentinelReconnectStrategy: () => 2_000,
  });
}

function cluster(address: ClusterAddress, common: Common, commandTimeout: number): Cluster {
  const nodes = address.nodes.map(({ host, port }) => ({ host, port }));
  const client = new Cluster(nodes, {
    enableOfflineQueue: false,
    clusterRetryStrategy: soonThenSlower,
    slotsRefreshTimeout: commandTimeout * 2,
    // Sent again it might be done twice; and each round would wait longer than a person does.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    // What waits for a connection must not be sent after its caller was refused.
    redisOptions: { ...common, connectTimeout: commandTimeout },
  });
  // While a node connects, what would go there is refused: so it is connected before it is needed.
  client.on('ready', () => connectNodes(client));
  client.on('+node', () => {
    if (client.status === 'ready') setImmediate(() => connectNodes(client));
  });
  return client;
}

function connectNodes(client: Cluster): void {
  for (const node of client.nodes('master')) if (node.status === 'wait') node.connect().catch(() => {});
}

/**
 * To be called before a command is sent: commands of one turn of the event loop leave in one packet, one system call instead
 * of one each. Nodes of a Cluster are left to themselves.
 */
export function gatherer(client: Redis | Cluster): () => void {
  let gathering = false;
  return () => {
    if (gathering || !(client instanceof Redis) || client.status !== 'ready') return;
    const { stream } = client;
    gathering = true;
    stream.cork();
    process.nextTick(() => {
      gathering = false;
      stream.uncork();
    });
  };
}

/** Resolves when each master is connected, or gone. */
async function nodesConnected(client: Cluster): Promise<void> {
  const connected = client.nodes('master').map(
    (node) =>
      new Promise<void>((resolve) => {
        if (node.status === 'ready') resolve();
        else for (const event of ['ready', 'end']) node.once(event, resolve);
      }),
  );
  await Promise.all(connected);
}

/** Resolves when the first connection stands, or after `limit` milliseconds, whichever comes first. */
export function firstConnection(client: Redis | Cluster, limit: number): () => Promise<void> {
  let settled = false;
  const ready = new Promise<void>((resolve) => {
    const settle = (): void => {
      settled = true;
      resolve();
    };
    client.once(
      'ready',
      () => void (client instanceof Cluster ? nodesConnected(client) : Promise.resolve()).then(settle),
    );
    setTimeout(settle, limit).unref();
  });
  return async () => {
    if (!settled) await ready;
  };
}

/**
 * Rejects unless keys can be read and written now: a server that is full, can't save or was made a replica still answers. Of a
 * Cluster every slot has its master, and every master answers.
 * @param key one that may be written for it
 */
export async function askRedis(client: Redis | Cluster, key: string): Promise<void> {
  await client.set(key, '1', 'PX', 10_000);
  if (!(client instanceof Cluster)) return;
  const masters = client.nodes('master');
  const told = await client.cluster('INFO');
  const says = (line: string): boolean => told.split('\r\n').includes(line);
  if (!says('cluster_state:ok') || !says('cluster_slots_ok:16384'))
    throw new Error('the Cluster does not cover all slots');
  await Promise.all(masters.map((node) => node.ping()));
}
