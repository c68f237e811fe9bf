// The state store inside one process: the demo's default, lost with the process (spec §10). Every verb runs to its end
// without a pause, so it is atomic by itself.
import type { Instant } from '../rules/sign-in-record.ts';
import { changeBySwap, type State } from './state.ts';

type Entry =
  | { readonly kind: 'value'; readonly value: string; readonly expiresAt: Instant }
  | { readonly kind: 'noted'; readonly noted: ReadonlyMap<string, Instant>; readonly expiresAt: Instant };

/** How many writes pass between two sweeps of what has expired. */
const sweepEvery = 1_000;

/** `commands` counts the verbs called, as the Redis store counts what it sends. */
export function memoryState(options: { readonly clock: () => Instant }): State & { readonly commands: number } {
  const { clock } = options;
  const entries = new Map<string, Entry>();
  let commands = 0;
  let writes = 0;

  const live = (key: string): Entry | null => {
    const entry = entries.get(key);
    return entry && entry.expiresAt > clock() ? entry : null;
  };
  const value = (key: string): string | null => {
    const entry = live(key);
    if (entry === null) return null;
    if (entry.kind !== 'value') throw new Error(`${key} holds no value`);
    return entry.value;
  };
  const write = (key: string, entry: Entry): void => {
    entries.set(key, entry);
    writes += 1;
    if (writes % sweepEvery !== 0) return;
    for (const name of entries.keys()) if (live(name) === null) entries.delete(name);
  };

  return {
    get commands() {
      return commands;
    },
    async get(key) {
      commands += 1;
      return value(key);
    },
    async put(key, text, expiresAt) {
      commands += 1;
      write(key, { kind: 'value', value: text, expiresAt });
    },
    async add(key, text, expiresAt) {
      commands += 1;
      if (live(key) !== null) return false;
      write(key, { kind: 'value', value: text, expiresAt });
      return true;
    },
    async take(key) {
      commands += 1;
      const text = value(key);
      entries.delete(key);
      return text;
    },
    async swap(key, before, after, expiresAt) {
      commands += 1;
      if (value(key) !== before) return false;
      write(key, { kind: 'value', value: after, expiresAt });
      return true;
    },
    change(key, rule) {
      return changeBySwap(this, key, rule);
    },
    stands: async () => true,
    async remove(key) {
      commands += 1;
      entries.delete(key);
    },
    async count(key, expiresAt) {
      commands += 1;
      const text = value(key);
      const count = text === null ? 1 : Number(text) + 1;
      const end = text === null ? expiresAt : (entries.get(key)?.expiresAt ?? expiresAt);
      write(key, { kind: 'value', value: String(count), expiresAt: end });
      return { count, expiresAt: end };
    },
    async note(key, member, at, window) {
      commands += 1;
      const entry = live(key);
      if (entry && entry.kind !== 'noted') throw new Error(`${key} holds nothing noted`);
      const noted = new Map([...(entry?.noted ?? [])].filter(([, when]) => when > at - window));
      noted.set(member, Math.max(at, noted.get(member) ?? at));
      write(key, { kind: 'noted', noted, expiresAt: Math.max(at + window, entry?.expiresAt ?? 0) });
      return { count: noted.size, since: Math.min(...noted.values()) };
    },
    async ping() {
      commands += 1;
    },
    async close() {
      entries.clear();
    },
  };
}
