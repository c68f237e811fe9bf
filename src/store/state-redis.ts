// The state store on Redis, on the primary that Sentinels name, or on a Redis Cluster: each verb one command or one script on
// one key. A server that is down or hangs is an error within the command timeout, and nothing else.
import type { Instant } from '../rules/sign-in-record.ts';
import { askRedis, connectRedis, firstConnection, gatherer, isRedisDown } from './redis-connection.ts';
import { stateScripts } from './state-scripts.ts';
import { changeBySwap, type State } from './state.ts';
import { StoreUnavailable } from './unavailable.ts';

/** Key lifetimes outlast the expiry by this much: the caller's clock is the judge, Redis only cleans up. Milliseconds. */
const slack = 60_000;

export interface RedisStateOptions {
  /** One server, the entry nodes of a Cluster, or Sentinels: as rules/redis-address.ts reads it. */
  readonly url: string;
  /** Milliseconds until a command that got no answer is refused. */
  readonly commandTimeout?: number;
  readonly prefix?: string;
  readonly clock: () => Instant;
}

function parse(envelope: string, now: Instant): string | null {
  const colon = envelope.indexOf(':');
  return Number(envelope.slice(0, colon)) > now ? envelope.slice(colon + 1) : null;
}

/**
 * Connects in the background; verbs called before the first connection wait for it within the command timeout.
 * Rejects with StoreUnavailable when there is no answer in time. `commands` is how many were sent.
 */
export function redisState(options: RedisStateOptions): State & { readonly commands: number } {
  const { clock, prefix = 'renkei:', commandTimeout = 500 } = options;
  const client = connectRedis(options.url, commandTimeout);
  // Every failed connection is told here too; who calls a verb learns it from the verb.
  client.on('error', () => {});
  for (const [name, lua] of Object.entries(stateScripts)) client.defineCommand(name, { numberOfKeys: 1, lua });
  const connected = firstConnection(client, commandTimeout);
  const gather = gatherer(client);
  let commands = 0;

  const send = async <T>(command: () => Promise<T>): Promise<T> => {
    await connected();
    commands += 1;
    gather();
    try {
      return await command();
    } catch (error) {
      throw isRedisDown(error) ? new StoreUnavailable('redis', error) : error;
    }
  };
  const at = (key: string): string => prefix + key;
  const envelope = (value: string, expiresAt: Instant): string => `${expiresAt}:${value}`;
  const lifetime = (expiresAt: Instant, now: Instant): number => Math.max(0, Math.ceil(expiresAt - now)) + slack;

  return {
    get commands() {
      return commands;
    },
    async get(key) {
      const stored = await send(() => client.get(at(key)));
      return stored === null ? null : parse(stored, clock());
    },
    async put(key, value, expiresAt) {
      await send(() => client.set(at(key), envelope(value, expiresAt), 'PX', lifetime(expiresAt, clock())));
    },
    async add(key, value, expiresAt) {
      const now = clock();
      return (
        (await send(() => client.renkeiAdd(at(key), now, envelope(value, expiresAt), lifetime(expiresAt, now)))) === 1
      );
    },
    async take(key) {
      const stored = await send(() => client.getdel(at(key)));
      return stored === null ? null : parse(stored, clock());
    },
    async swap(key, before, after, expiresAt) {
      const now = clock();
      const next = envelope(after, expiresAt);
      return (await send(() => client.renkeiSwap(at(key), now, before, next, lifetime(expiresAt, now)))) === 1;
    },
    change(key, rule) {
      return changeBySwap(this, key, rule);
    },
    stands: async () => true,
    async remove(key) {
      await send(() => client.del(at(key)));
    },
    async count(key, expiresAt) {
      const now = clock();
      const [count, ends] = await send(() => client.renkeiCount(at(key), now, expiresAt, lifetime(expiresAt, now)));
      return { count, expiresAt: Number(ends) };
    },
    async note(key, member, when, window) {
      const [count, since] = await send(() => client.renkeiNote(at(key), when, member, window, window + slack));
      return { count, since: Number(since) };
    },
    async ping() {
      await send(() => askRedis(client, at('ping')));
    },
    async close() {
      client.disconnect();
    },
  };
}
