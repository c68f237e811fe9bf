// Rounds of batches: every operation once in each round, so that whatever drifts drifts for all, and the median of the
// rounds counts. A ratio is taken within its round.
import type { Wire } from './browser.ts';
import { load } from './machine.ts';
import type { Measured } from './measured.ts';
import type { Operation } from './operations.ts';
import type { BenchStores } from './stores.ts';

/** Of one batch, for each operation in it. CPU in microseconds. */
export interface Batch {
  readonly cpu: number;
  readonly redisCpu: number;
  readonly postgresCpu: number;
  readonly commands: number;
  readonly roundTrips: number;
  readonly statements: number;
  readonly requests: number;
  /** Milliseconds of each operation. */
  readonly latencies: readonly number[];
}

export interface Result {
  readonly operation: Operation;
  readonly rounds: readonly Batch[];
}

export interface Bench {
  readonly wire: Wire;
  readonly stores: BenchStores;
  readonly servers: ReadonlyMap<Measured['name'], Measured>;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value that this share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The process at which an operation is measured. */
export function serverOf({ servers }: Bench, { at }: Operation): Measured {
  const server = servers.get(at);
  if (!server) throw new Error(`no process ${at}`);
  return server;
}

/** Prepares, measures and judges one batch. */
export async function batch(bench: Bench, operation: Operation, count: number): Promise<Batch> {
  const server = serverOf(bench, operation);
  const tasks = await operation.prepare(count);
  // What the preparation still owes (mails, logouts) is not this batch's.
  if (operation.at === 'gateway') await server.ask('settle');
  const look = async () => ({
    ...(await server.usage()),
    stores: bench.stores.cpu(),
    requests: bench.wire.sentTo(server.told),
  });
  const verdicts: (() => Promise<void> | void)[] = [];
  const latencies: number[] = [];
  const before = await look();
  for (const task of tasks) {
    const began = performance.now();
    const verdict = await task();
    latencies.push(performance.now() - began);
    if (verdict) verdicts.push(verdict);
  }
  const after = await look();
  for (const judge of verdicts) await judge();
  const each = (from: number, to: number): number => (to - from) / count;
  return {
    cpu: each(before.cpu, after.cpu),
    redisCpu: each(before.stores.redis, after.stores.redis),
    postgresCpu: each(before.stores.postgres, after.stores.postgres),
    commands: each(before.commands, after.commands),
    roundTrips: each(before.roundTrips, after.roundTrips),
    statements: each(before.statements, after.statements),
    requests: each(before.requests, after.requests),
    latencies,
  };
}

/** All operations, round by round, after `warmUp` rounds that are not counted. */
export async function rounds(
  bench: Bench,
  operations: readonly Operation[],
  plan: { readonly rounds: number; readonly operations: number; readonly warmUp: number },
  tell: (text: string) => void,
): Promise<readonly Result[]> {
  const batches = new Map<Operation, Batch[]>(operations.map((operation) => [operation, []]));
  for (let round = 0; round < plan.warmUp + plan.rounds; round += 1) {
    const counted = round >= plan.warmUp;
    tell(`${counted ? `round ${round - plan.warmUp + 1} of ${plan.rounds}` : 'warming up'}, load ${load().toFixed(2)}`);
    for (const operation of operations) {
      const measured = await batch(bench, operation, plan.operations * operation.times);
      if (counted) batches.get(operation)?.push(measured);
    }
  }
  return [...batches].map(([operation, done]) => ({ operation, rounds: done }));
}

/** CPU of one operation over CPU of another, the median of the rounds. */
export function ratio(of: Result, over: Result, less: Result | null = null): number {
  return median(
    of.rounds.map(
      ({ cpu }, round) => (cpu - (less?.rounds[round]?.cpu ?? 0)) / (over.rounds[round]?.cpu ?? Number.NaN),
    ),
  );
}
