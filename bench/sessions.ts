// What one more live session leaves in Redis: the keys that are there after N sign-ins and were not before, by kind, with
// their bytes and how long they stay.
import { median, type Bench } from './measure.ts';
import type { Operation } from './operations.ts';
import { table } from './report.ts';
import type { Key } from './stores.ts';

/** What sessions of one kind of sign-in left. Bytes and keys per session. */
export interface Left {
  readonly bytes: number;
  readonly keys: number;
  /** The part that outlives the short-lived records: codes, access tokens, attempts that were just finished. */
  readonly lasting: number;
  readonly kinds: readonly {
    readonly kind: string;
    readonly keys: number;
    readonly bytes: number;
    readonly seconds: number;
  }[];
}

/** Access tokens and codes are gone by then, in milliseconds. */
const lasts = 12 * 60_000;

/** `oidc:Session`, `login`, `device`: the words of a key before its ids. */
function kindOf(name: string): string {
  const words = name.replace(/^renkei:/, '').split(':');
  const firstId = words.findIndex((word) => !/^[A-Za-z-]{2,20}$/.test(word));
  return words.slice(0, firstId === -1 ? 1 : Math.max(1, firstId)).join(':');
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Compares what was there before `count` sessions with what is there after. */
export function leftBy(before: readonly Key[], after: readonly Key[], count: number): Left {
  const known = new Map(before.map((key) => [key.name, key]));
  const more = after.flatMap((key) => {
    const bytes = key.bytes - (known.get(key.name)?.bytes ?? 0);
    return bytes === 0 && known.has(key.name)
      ? []
      : [{ ...key, bytes, kind: kindOf(key.name), fresh: !known.has(key.name) }];
  });
  const kinds = [...new Set(more.map(({ kind }) => kind))].map((kind) => {
    const keys = more.filter((key) => key.kind === kind);
    return {
      kind,
      keys: keys.filter(({ fresh }) => fresh).length / count,
      bytes: sum(keys.map(({ bytes }) => bytes)) / count,
      seconds: Math.round(median(keys.map(({ left }) => left)) / 1000),
    };
  });
  return {
    bytes: sum(more.map(({ bytes }) => bytes)) / count,
    keys: more.filter(({ fresh }) => fresh).length / count,
    lasting: sum(more.filter(({ left }) => left > lasts).map(({ bytes }) => bytes)) / count,
    kinds: kinds.toSorted((a, b) => b.bytes - a.bytes),
  };
}

export interface Sessions {
  /** The sign-in that made them. */
  readonly title: string;
  readonly left: Left;
}

/** Makes `count` sessions of each kind. */
export async function sessions(bench: Bench, all: readonly Operation[], count: number): Promise<readonly Sessions[]> {
  const seen: Sessions[] = [];
  for (const { name, title, prepare } of all) {
    if (name !== 'direct' && name !== 'federated-otp') continue;
    const tasks = await prepare(count);
    const before = await bench.stores.keys();
    for (const task of tasks) await (await task())?.();
    seen.push({ title, left: leftBy(before, await bench.stores.keys(), count) });
  }
  return seen;
}

export function sessionsTable({ title, left }: Sessions): string {
  const rows = left.kinds.map(({ kind, keys, bytes, seconds }) => [
    kind,
    keys.toFixed(1),
    bytes.toFixed(0),
    String(seconds),
  ]);
  const all = ['together', left.keys.toFixed(1), left.bytes.toFixed(0), ''];
  return [
    `Redis per live session, ${title}: ${left.bytes.toFixed(0)} bytes right after the sign-in, ${left.lasting.toFixed(0)} of them for more than ${lasts / 60_000} minutes.`,
    table(['kind of key', 'keys', 'bytes', 'seconds left'], [...rows, all]),
  ].join('\n\n');
}
