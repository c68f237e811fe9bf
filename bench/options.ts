// The command line of the bench.
import { parseArgs } from 'node:util';

export interface Options {
  readonly rounds: number;
  readonly operations: number;
  readonly warmUp: number;
  /** How many people type passwords at once in the storm: more than the queue of hashes takes. */
  readonly crowd: number;
  /** Names of operations; null: all, and the storm, sessions and memory too. */
  readonly only: readonly string[] | null;
  readonly profile: string | null;
  readonly write: string | null;
  /** Before everything else that runs on this machine. */
  readonly priority: boolean;
}

export const usage = `npm run bench -- [--rounds 5] [--operations 40] [--only direct,refresh] [--quick]
                 [--profile refresh] [--write file.md] [--priority]

  --rounds      how often everything is measured, interleaved; the median counts
  --operations  logins in a batch; what is cheaper is done more often
  --only        these operations, with what they are compared with; also: sessions, storm, memory
  --quick       one round of few operations: that it runs, not what it costs
  --profile     where the CPU of one operation goes, instead of a measurement
  --write       the report into a file too
  --priority    on a machine that others use: this run before everything else there (needs the right to)`;

/** @throws when it cannot be understood, with the usage */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      operations: { type: 'string' },
      only: { type: 'string' },
      profile: { type: 'string' },
      write: { type: 'string' },
      priority: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new Error(usage);
  const whole = (text: string | undefined, otherwise: number): number => {
    const value = text === undefined ? otherwise : Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 1_000)
      throw new Error(`not a number from 1 to 1000: ${text}\n\n${usage}`);
    return value;
  };
  return {
    rounds: whole(values.rounds, values.quick ? 1 : 5),
    operations: whole(values.operations, values.quick ? 5 : 40),
    warmUp: values.quick ? 1 : 2,
    crowd: values.quick ? 30 : 240,
    only: values.only === undefined ? null : values.only.split(',').filter(Boolean),
    profile: values.profile ?? null,
    write: values.write ?? null,
    priority: values.priority,
  };
}
