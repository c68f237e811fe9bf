// The side of a measured process: it answers questions of the bench over IPC – what it has used so far, its memory, a
// profile – and ends with the process that asked. Nothing in here runs while operations are measured.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** Counted since the process began; CPU in microseconds, user and system together. */
export interface Usage {
  readonly cpu: number;
  /** Redis commands sent, and how often somebody waited for an answer to some of them. */
  readonly commands: number;
  readonly roundTrips: number;
  /** SQL statements executed. */
  readonly statements: number;
}

/** Bytes, after a garbage collection. */
export interface Memory {
  readonly rss: number;
  readonly heap: number;
}

export interface Question {
  readonly id: number;
  readonly verb: string;
  readonly argument: string;
}

export type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

type Verb = (argument: string) => unknown;

const tellMemory = (): Memory => {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heap: heapUsed };
};

/** A profile of what happens between the two verbs alone: start-up and warm-up are not in it. */
function profiling(): Readonly<Record<string, Verb>> {
  const session = new Session();
  return {
    'profile-start': async () => {
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 200 });
      await session.post('Profiler.start');
    },
    'profile-stop': async (file) => {
      const { profile } = await session.post('Profiler.stop');
      writeFileSync(file, JSON.stringify(profile));
      session.disconnect();
    },
  };
}

/**
 * Answers until the asker is gone. Says first that it is ready.
 * @param told what the asker has to know, such as an address
 * @param verbs what this process can do besides
 */
export function answer(
  told: unknown,
  verbs: Readonly<Record<string, Verb>> = {},
  counted: () => Pick<Usage, 'commands' | 'roundTrips' | 'statements'> = () => ({
    commands: 0,
    roundTrips: 0,
    statements: 0,
  }),
): void {
  const all: Readonly<Record<string, Verb>> = {
    usage: (): Usage => {
      const { user, system } = process.cpuUsage();
      return { cpu: user + system, ...counted() };
    },
    memory: tellMemory,
    ...profiling(),
    ...verbs,
  };
  const reply = async (question: Question): Promise<Reply> => {
    const { id, verb, argument } = question;
    try {
      const act = all[verb];
      if (!act) return { id, error: `no verb ${verb}` };
      return { id, value: (await act(argument)) ?? null };
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on('message', (message) => {
    const question: Question = JSON.parse(String(message));
    void reply(question).then((answered) => process.send?.(JSON.stringify(answered)));
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.(JSON.stringify({ id: 0, value: told }));
}
