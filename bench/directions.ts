// What was asked of the cost of a login, beside what was measured: one row each, and whether it is reached.
import { median, quantile, ratio, type Result } from './measure.ts';
import { table } from './report.ts';
import type { Sessions } from './sessions.ts';
import type { Stormed } from './storm.ts';

export interface Seen {
  readonly results: readonly Result[];
  readonly sessions: readonly Sessions[];
  readonly storms: readonly Stormed[];
}

interface Direction {
  readonly asked: string;
  readonly limit: number;
  readonly digits: number;
  /** NaN when this run did not measure it. */
  readonly measured: (seen: Seen) => number;
}

const logins = ['direct', 'federated-otp', 'federated-remembered'];

const named = ({ results }: Seen, name: string): Result | undefined =>
  results.find(({ operation }) => operation.name === name);

const over =
  (name: string, baseline: string) =>
  (seen: Seen): number => {
    const of = named(seen, name);
    const by = named(seen, baseline);
    return of && by ? ratio(of, by) : Number.NaN;
  };

const worst = (values: readonly number[]): number => (values.length === 0 ? Number.NaN : Math.max(...values));

const directions: readonly Direction[] = [
  {
    asked: 'federated remembered login, CPU over the bare login',
    limit: 1.25,
    digits: 2,
    measured: over('federated-remembered', 'bare-login'),
  },
  { asked: 'direct login, CPU over one hash', limit: 1.25, digits: 2, measured: over('direct', 'hash') },
  { asked: 'refresh, CPU over the bare refresh', limit: 1.1, digits: 2, measured: over('refresh', 'bare-refresh') },
  {
    asked: 'Redis round trips of a login, the most of its kinds',
    limit: 12,
    digits: 0,
    measured: (seen) =>
      worst(
        logins.flatMap((name) => {
          const result = named(seen, name);
          return result ? [median(result.rounds.map(({ roundTrips }) => roundTrips))] : [];
        }),
      ),
  },
  {
    asked: 'bytes of Redis per live session (what stays for more than 12 minutes), the most of its kinds',
    limit: 1_500,
    digits: 0,
    measured: ({ sessions }) => worst(sessions.map(({ left }) => left.lasting)),
  },
  {
    asked: 'refresh p99 in a password storm over idle, the worst',
    limit: 3,
    digits: 1,
    measured: ({ storms }) =>
      worst(storms.map(({ weather: { idle, storm } }) => quantile(storm, 0.99) / quantile(idle, 0.99))),
  },
  { asked: 'discovery, CPU over a bare Koa answer', limit: 1.5, digits: 2, measured: over('discovery', 'koa') },
];

/** Null when this run measured none of them. */
export function directionsTable(seen: Seen): string | null {
  const rows = directions.flatMap(({ asked, limit, digits, measured }) => {
    const value = measured(seen);
    if (Number.isNaN(value)) return [];
    return [
      [asked, `≤ ${limit.toLocaleString('en')}`, value.toFixed(digits), value <= limit ? 'reached' : 'not reached'],
    ];
  });
  return rows.length === 0 ? null : table(['direction', 'asked', 'measured', ''], rows);
}
