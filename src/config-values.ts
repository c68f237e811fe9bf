// Kinds of value that configuration files share: durations as people write them, addresses, times of day; and how a
// schema's complaint becomes a mistake with a remedy.
import { z } from 'zod';
import type { Merged, Path } from './config-layers.ts';
import type { Mistake } from './config-mistakes.ts';

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "90d", "30m", "60s", "10h" in milliseconds; null when it is no duration. */
export function parseDuration(text: string): number | null {
  const [, count, unit = ''] = /^(\d{1,6})(s|m|h|d)$/.exec(text) ?? [];
  const factor = units[unit];
  return count === undefined || factor === undefined ? null : Number(count) * factor;
}

/** A duration between two others, all as people write them. */
export function duration(from: string, to: string) {
  const least = parseDuration(from) ?? 0;
  const most = parseDuration(to) ?? Number.MAX_SAFE_INTEGER;
  const wanted = `Write a duration from ${from} to ${to}, such as "${from}" (s, m, h or d).`;
  return z.string({ error: wanted }).transform((text, context): number => {
    const value = parseDuration(text);
    if (value !== null && value >= least && value <= most) return value;
    context.addIssue({ code: 'custom', message: wanted });
    return z.NEVER;
  });
}

/** A whole number in a range. */
export function count(from: number, to: number) {
  const error = `Write a whole number from ${from} to ${to}.`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

export const timeOfDay = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: 'Write a time of day in quotes, such as "08:10".' });

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether http is harmless there: the name cannot leave this machine. */
export const isLoopback = (url: URL): boolean => loopbackHosts.has(url.hostname) || url.hostname.endsWith('.localhost');

/**
 * What keeps an address from being used, or null: https is a must, but for loopback hosts where `httpOnLoopback`.
 * User names, passwords and fragments are refused everywhere.
 */
export function addressProblem(text: string, httpOnLoopback: boolean): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return 'Write an absolute address that begins with https://.';
  if (url.username || url.password) return 'Write the address without a user name or password.';
  if (text.includes('#')) return 'Write the address without a fragment (#…).';
  if (/[\s\\*]/.test(text)) return 'Write the address exactly: without spaces, backslashes or wildcards.';
  if (url.protocol === 'https:' || (httpOnLoopback && isLoopback(url))) return null;
  return httpOnLoopback ? 'Use https; http is accepted for localhost alone.' : 'Use https.';
}

const show = (title: string, path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, title);

/** A schema's complaints about merged values as mistakes. */
export function mistakesOf(error: z.ZodError, from: Merged): readonly Mistake[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const at = [...path, key];
        const remedy = 'Remove it, or check its spelling and how far it is indented.';
        return { where: from.fileOf(at), path: show(from.title, at), problem: 'this key is unknown', remedy };
      });
    }
    const missing = path.length > 0 && valueAt(from.value, path) === undefined;
    const problem = missing ? 'the value is missing' : 'the value does not fit';
    return [{ where: from.fileOf(path), path: show(from.title, path), problem, remedy: remedyOf(issue, missing) }];
  });
}

function remedyOf(issue: z.core.$ZodIssue, missing: boolean): string {
  if (!missing && issue.code === 'invalid_value') return `Write one of: ${issue.values.map(String).join(', ')}.`;
  if (missing && issue.message.startsWith('Invalid input'))
    return 'Add it; null removes a value that a file below gave.';
  return issue.message.replace(/^Invalid input: expected (.*?)(, received.*)?$/, 'Write a value of kind $1.');
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.entries(at).find(([key]) => key === String(part))?.[1];
  }
  return at;
}
