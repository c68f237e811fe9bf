// The measurement as a table of Markdown. Ratios first; a time alone says little about another machine.
import type { Memory } from './answering.ts';
import { median, quantile, ratio, type Batch, type Result } from './measure.ts';

const number = (value: number, digits: number): string =>
  Number.isFinite(value) ? value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d)(?<!\.\d*))/g, ',') : '–';

/** Rows of text as a table; the first column to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_cell, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

const of = (result: Result, what: (batch: Batch) => number): number => median(result.rounds.map(what));

/** Every operation with its cost. */
export function costs(results: readonly Result[]): string {
  const named = new Map(results.map((result) => [result.operation.name, result]));
  const head = [
    'operation',
    'CPU ratio',
    'CPU ms',
    'Redis round trips',
    'Redis commands',
    'SQL statements',
    'requests',
    'Redis CPU ms',
    'PostgreSQL CPU ms',
    'p50 ms',
    'p95 ms',
    'p99 ms',
  ];
  const rows = results.map((result) => {
    const { operation } = result;
    const own = operation.at === 'gateway';
    const latencies = result.rounds.flatMap((batch) => batch.latencies);
    const count = (value: number): string => (own ? number(value, 1) : '');
    const milliseconds = (value: number): string => (own ? number(value / 1000, 2) : '');
    return [
      operation.title,
      ratios(result, named),
      number(of(result, (batch) => batch.cpu) / 1000, 2),
      count(of(result, (batch) => batch.roundTrips)),
      count(of(result, (batch) => batch.commands)),
      count(of(result, (batch) => batch.statements)),
      operation.name === 'hash'
        ? ''
        : number(
            of(result, (batch) => batch.requests),
            0,
          ),
      milliseconds(of(result, (batch) => batch.redisCpu)),
      milliseconds(of(result, (batch) => batch.postgresCpu)),
      ...[0.5, 0.95, 0.99].map((share) => number(quantile(latencies, share), 1)),
    ];
  });
  return table(head, rows);
}

function ratios(result: Result, named: ReadonlyMap<string, Result>): string {
  const { name, baseline } = result.operation;
  const over = baseline === null ? undefined : named.get(baseline);
  if (!over) return '';
  const main = `${number(ratio(result, over), 2)} × ${over.operation.title}`;
  const bare =
    name === 'direct' ? named.get('bare-login') : name === 'discovery' ? named.get('bare-discovery') : undefined;
  if (!bare) return main;
  return name === 'direct'
    ? `${main}; without it ${number(ratio(result, bare, over), 2)} × ${bare.operation.title}`
    : `${main}; ${number(ratio(result, bare), 2)} × ${bare.operation.title}`;
}

/** Memory of the processes at one moment, after a garbage collection. */
export interface Remembered {
  readonly when: string;
  readonly processes: readonly (readonly [name: string, memory: Memory])[];
}

export function memoryTable(seen: readonly Remembered[]): string {
  const mebibytes = (bytes: number): string => (bytes / 1_048_576).toFixed(0);
  const names = seen[0]?.processes.map(([name]) => name) ?? [];
  return table(
    ['memory, MiB (rss / heap)', ...names],
    seen.map(({ when, processes }) => [
      when,
      ...processes.map(([, { rss, heap }]) => `${mebibytes(rss)} / ${mebibytes(heap)}`),
    ]),
  );
}

/** What the gateway logged meanwhile, counted by its event: an error in it would be measured as work. */
export function logged(log: string): string {
  const counts = new Map<string, number>();
  for (const line of log.split('\n')) {
    const event = /"event":"([^"]+)"/.exec(line)?.[1] ?? (line === '' ? null : 'lines without an event');
    if (event !== null) counts.set(event, (counts.get(event) ?? 0) + 1);
  }
  const told = [...counts].map(([event, count]) => `${event} ${count}`);
  return `The gateway logged: ${told.length === 0 ? 'nothing' : told.join(', ')}.`;
}
