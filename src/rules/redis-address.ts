// How the address of Redis is written: one server, the entry nodes of a Cluster, or the Sentinels that know which server is the
// primary. Only reading; nothing is connected or looked up here.

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

interface Access {
  readonly tls: boolean;
  /** Of the Redis servers; null: the default user, no password. */
  readonly username: string | null;
  readonly password: string | null;
}

export interface ServerAddress extends Access, Endpoint {
  readonly kind: 'server';
  readonly db: number;
}

export interface ClusterAddress extends Access {
  readonly kind: 'cluster';
  readonly nodes: readonly Endpoint[];
}

export interface SentinelAddress extends Access {
  readonly kind: 'sentinel';
  readonly sentinels: readonly Endpoint[];
  /** The name under which the Sentinels know the primary. */
  readonly primary: string;
  readonly db: number;
  /** Of the Sentinels themselves, which have no database of users in common with the servers. */
  readonly sentinelUsername: string | null;
  readonly sentinelPassword: string | null;
}

export type RedisAddress = ServerAddress | ClusterAddress | SentinelAddress;

/** What is wrong and what to write; never the text itself, which may hold a password. */
export interface AddressProblem {
  readonly problem: string;
  readonly remedy: string;
}

const shape = /^(redis|rediss)(\+sentinel)?:\/\/(?:([^@/?#]*)@)?([^@/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const hostShape = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?::(\d{1,5}))?$/;

const remedies = {
  server: 'Write redis://user:password@host:6379, with rediss:// for TLS.',
  cluster:
    'Write the entry nodes of a Cluster as redis:// or rediss:// URLs separated by commas, all with one scheme and password.',
  sentinel:
    'Write redis+sentinel://user:password@host:26379,host:26379/NAME, with rediss+sentinel:// for TLS; after it ?db=0&sentinel_user=…&sentinel_password=… if needed.',
} as const;

const wrong = (kind: keyof typeof remedies, problem: string): AddressProblem => ({ problem, remedy: remedies[kind] });

/** Reads RENKEI_REDIS_URL. Several URLs separated by commas are a Cluster; one of Sentinels names all of them itself. */
export function readRedisAddress(text: string): RedisAddress | AddressProblem {
  if (/^\w+\+sentinel:/.test(text.trim())) return readSentinel(text.trim());
  const servers = text.split(',').map((part) => readServer(part.trim()));
  const nodes: ServerAddress[] = [];
  for (const server of servers) {
    if ('problem' in server) return server;
    nodes.push(server);
  }
  const [first] = nodes;
  if (first === undefined) return wrong('server', 'it names no server');
  if (nodes.length === 1) return first;
  const { tls, username, password } = first;
  if (nodes.some((node) => node.tls !== tls || node.username !== username || node.password !== password))
    return wrong('cluster', 'its URLs differ in scheme, user or password');
  if (nodes.some((node) => node.db !== 0)) return wrong('cluster', 'a Cluster has the database 0 alone');
  return { kind: 'cluster', nodes: nodes.map(({ host, port }) => ({ host, port })), tls, username, password };
}

function readServer(text: string): ServerAddress | AddressProblem {
  const [, scheme, sentinel, userinfo, hosts = '', path = '', query] = shape.exec(text) ?? [];
  if (scheme === undefined || sentinel !== undefined || query !== undefined)
    return wrong('server', 'it is not a URL of Redis');
  const endpoint = readEndpoint(hosts, 6379);
  if (endpoint === null) return wrong('server', 'its host or port does not fit');
  const access = readAccess(scheme, userinfo);
  const db = readDb(path === '' ? '0' : path);
  if (access === null) return wrong('server', 'its user or password is not written as in a URL');
  if (db === null) return wrong('server', 'its database is not a number');
  return { kind: 'server', ...endpoint, ...access, db };
}

function readSentinel(text: string): SentinelAddress | AddressProblem {
  const [, scheme, sentinel, userinfo, hosts = '', path = '', query = ''] = shape.exec(text) ?? [];
  if (scheme === undefined || sentinel === undefined) return wrong('sentinel', 'it is not a URL of Sentinels');
  const sentinels: Endpoint[] = [];
  for (const host of hosts.split(',')) {
    const endpoint = readEndpoint(host.trim(), 26379);
    if (endpoint === null) return wrong('sentinel', 'the host or port of a Sentinel does not fit');
    sentinels.push(endpoint);
  }
  const access = readAccess(scheme, userinfo);
  if (access === null) return wrong('sentinel', 'its user or password is not written as in a URL');
  const primary = decoded(path);
  if (primary === null || !/^[A-Za-z0-9._-]+$/.test(primary))
    return wrong('sentinel', 'the name of the primary is missing or does not fit');
  const settings = new URLSearchParams(query);
  const known = ['db', 'sentinel_user', 'sentinel_password'];
  if ([...settings.keys()].some((name) => !known.includes(name)))
    return wrong('sentinel', 'it has a setting that is not known');
  const db = readDb(settings.get('db') ?? '0');
  if (db === null) return wrong('sentinel', 'its database is not a number');
  const sentinelUsername = settings.get('sentinel_user') || null;
  const sentinelPassword = settings.get('sentinel_password') || null;
  if (sentinelUsername !== null && sentinelPassword === null)
    return wrong('sentinel', 'the user of the Sentinels has no password');
  return { kind: 'sentinel', sentinels, primary, db, ...access, sentinelUsername, sentinelPassword };
}

function readEndpoint(text: string, usualPort: number): Endpoint | null {
  const [, host, port] = hostShape.exec(text) ?? [];
  if (host === undefined) return null;
  const number = port === undefined ? usualPort : Number(port);
  return number >= 1 && number <= 65_535 ? { host: host.replace(/^\[|\]$/g, ''), port: number } : null;
}

/** As in every URL of Redis, `user@` without a colon is a user without a password. */
function readAccess(scheme: string, userinfo = ''): Access | null {
  const colon = userinfo.indexOf(':');
  const username = decoded(colon < 0 ? userinfo : userinfo.slice(0, colon));
  const password = decoded(colon < 0 ? '' : userinfo.slice(colon + 1));
  if (username === null || password === null) return null;
  return { tls: scheme === 'rediss', username: username || null, password: password || null };
}

const readDb = (text: string): number | null => (/^\d{1,5}$/.test(text) ? Number(text) : null);

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
