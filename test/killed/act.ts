// Killing an act at every write, before and after it: walked once to learn its writes, then once for each of them by somebody
// else, on a gateway that dies there; another one on the same stores goes on.
import { expect } from 'chai';
import { evidenceTable } from '../support/evidence-table.ts';
import type { Arming } from './mortal.ts';
import { type Death, lane, type Mortal, runCommand, type Write } from './mortals.ts';
import { untilDelivered } from './onward.ts';
import type { Person } from './person.ts';
import { endScene, type Scene } from './scene.ts';
import { type Watched, watchPerson } from './whole.ts';

export interface Walk {
  /** Who acts: somebody of a company, an operator, or nobody where a command does. */
  readonly person: Person | Pick<Person, 'visit'> | null;
  /** Others whose rows the act changes. */
  readonly others?: readonly Person[];
  /** What else the act changes. */
  readonly watched?: readonly Watched[];
  /** The act, whose requests go to the gateway that dies; or a command of the shell. */
  readonly act: ((address: string) => Promise<unknown>) | readonly string[];
  /** Looked at right after the kill; what came. */
  atOnce?(): Promise<string>;
  /** How the person goes on; what came. */
  goOn(): Promise<string>;
}

type Act = Exclude<Walk['act'], readonly string[]>;

export interface KilledAct {
  readonly name: string;
  /** Brings somebody to where the act begins. */
  readonly begin: () => Promise<Walk>;
  /** Seconds that pass before anybody goes on. */
  readonly later?: number;
  /** Fewer points than this would mean that the act was not seen. */
  readonly atLeast: number;
}

type Side = 'before' | 'after';

interface Outcome {
  readonly place: number;
  readonly name: string;
  readonly side: Side;
  readonly kept: string;
  readonly then: string;
}

const table = evidenceTable('killed', ['act', 'killed', 'what had been committed', 'how the person went on']);

/** A line of the table about what was delivered. */
export function noteDelivery(act: string, point: string, kept: string, then: string): void {
  table.row([act, point, kept, then]);
}

/** What a lane has under way. */
interface Fallen {
  readonly walk: Walk;
  readonly death: Death;
  readonly side: Side;
  readonly kept: string;
  readonly atOnce: string | null;
  readonly watched: readonly Watched[];
}

const lanesAtOnce = 2;
/** How many acts the files of this folder kill. */
const allActs = 53;
let seen = 0;

/**
 * Every write, before and after it. While one is worked on, RENKEI_KILLED=short leaves out `before` where the write before it
 * was of the same request: between the two nothing leaves the process.
 */
const sides = (opens: boolean): readonly Side[] =>
  opens || process.env['RENKEI_KILLED'] !== 'short' ? ['before', 'after'] : ['after'];

/** The lanes of a test file; opened before its first act. */
export type Lanes = readonly ReturnType<typeof lane>[];

export async function killEverywhere(scene: Scene, lanes: Lanes, act: KilledAct): Promise<void> {
  const [first] = lanes;
  if (!first) throw new Error('no lane');
  const names = await learn(scene, act, first);
  expect(names.length, `writes of: ${act.name}`).to.be.at.least(act.atLeast);
  const tasks = names.flatMap(({ opens }, index) => sides(opens).map((side) => ({ at: index + 1, side })));
  const fallen: Fallen[] = [];
  await inLanes(lanes, tasks, async (each, { at, side }) => {
    fallen.push(await fall(scene, act, each, at, side));
  });
  if (act.later !== undefined) await scene.forward(act.later);
  const outcomes: Outcome[] = [];
  await inLanes(lanes, fallen, async (_each, { walk, death, side, kept, atOnce }) => {
    const where = `${act.name}, ${side} ${death.place} (${death.name}), committed: ${kept}`;
    try {
      await scene.forgetSources();
      const then = await walk.goOn();
      outcomes.push({ ...death, side, kept, then: atOnce === null ? then : `${atOnce}; ${then}` });
    } catch (error) {
      throw new Error(`${where}: ${error instanceof Error ? error.message : 'unknown'}`, { cause: error });
    }
  });
  await untilDelivered(scene);
  for (const { watched, death, side } of fallen) {
    for (const one of watched)
      await one.check().catch((error: unknown) => {
        throw new Error(
          `${act.name}, ${side} ${death.place} (${death.name}): ${error instanceof Error ? error.message : 'unknown'}`,
          { cause: error },
        );
      });
  }
  for (const cells of grouped(outcomes)) table.row([act.name, ...cells]);
  seen += 1;
}

/** Walks it to its end; the names of its writes. */
async function learn(scene: Scene, act: KilledAct, each: Lanes[number]): Promise<readonly Write[]> {
  const walk = await act.begin();
  const arming = { at: 0, side: 'before', of: 'acts' } as const;
  if (typeof walk.act !== 'function') return (await runCommand(scene.env, walk.act, arming)).told;
  const mortal = await each.take();
  await mortal.arm(arming);
  await through(walk, mortal, walk.act);
  await scene.forgetSources();
  return mortal.told();
}

async function fall(scene: Scene, act: KilledAct, each: Lanes[number], at: number, side: Side): Promise<Fallen> {
  const walk = await act.begin();
  const people = [walk.person, ...(walk.others ?? [])].filter(isPerson);
  const watched = await Promise.all(people.map((person) => watchPerson(scene, person)));
  watched.push(...(walk.watched ?? []));
  const arming = { at, side, of: 'acts' } as const;
  const death =
    typeof walk.act === 'function'
      ? await fallOfGateway(walk, walk.act, each, arming)
      : (await runCommand(scene.env, walk.act, arming)).death;
  await scene.forgetSources();
  if (death === null) throw new Error(`${act.name}: lived through ${side} ${at}`);
  const kept = await Promise.all(watched.map((one) => one.committed()));
  const told = [...new Set(kept)].toSorted((a, b) => Number(a === 'nothing') - Number(b === 'nothing'));
  return { walk, death, side, kept: told.join('; '), atOnce: (await walk.atOnce?.()) ?? null, watched };
}

const isPerson = (one: Walk['person']): one is Person => one !== null && 'account' in one;

async function fallOfGateway(walk: Walk, act: Act, each: Lanes[number], arming: Arming): Promise<Death | null> {
  const mortal = await each.take();
  await mortal.arm(arming);
  await through(walk, mortal, act).catch((error: unknown) => {
    // What is cut off is told by the connection; anything else is for eyes.
    if (!(error instanceof Error && /socket hang up|ECONNRE|fetch failed/.test(error.message))) throw error;
  });
  return untilDead(mortal);
}

/** The act, with the requests of whoever acts going to this gateway. */
async function through({ person }: Walk, { address }: Mortal, act: Act): Promise<void> {
  if (person) person.visit.through = address;
  try {
    await act(address);
  } finally {
    if (person) person.visit.through = null;
  }
}

/** A process that killed itself is gone a moment later. */
async function untilDead(mortal: Mortal): Promise<Death | null> {
  for (let round = 0; round < 300; round += 1) {
    const death = await mortal.death();
    if (death !== null) return death;
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  return null;
}

async function inLanes<T>(
  lanes: Lanes,
  tasks: readonly T[],
  work: (each: Lanes[number], task: T) => Promise<void>,
): Promise<void> {
  const queue = [...tasks];
  const failures: unknown[] = [];
  await Promise.all(
    lanes.map(async (each) => {
      for (let next = queue.shift(); next !== undefined && failures.length === 0; next = queue.shift())
        await work(each, next).catch((error: unknown) => failures.push(error));
    }),
  );
  // Not before every lane has come to rest: the next act takes the same gateways.
  if (failures.length > 0) throw failures[0];
}

let open: Lanes | null = null;

/** The lanes of all acts; they end after the last of them. */
export function theLanes(env: NodeJS.ProcessEnv): Lanes {
  open ??= Array.from({ length: lanesAtOnce }, () => lane(env));
  return open;
}

after(async function () {
  this.timeout(60_000);
  await Promise.all((open ?? []).map((each) => each.close()));
  await endScene();
  let passed = true;
  this.test?.parent?.eachTest((test) => {
    passed &&= test.state === 'passed';
  });
  // All of them, or the table would be a part of itself.
  if (passed && seen === allActs) table.write();
});

/** Points in a row with the same end are one line. */
function grouped(outcomes: readonly Outcome[]): readonly (readonly [string, string, string])[] {
  const order = { before: 0, after: 1 } as const;
  const sorted = outcomes.toSorted((a, b) => a.place - b.place || order[a.side] - order[b.side]);
  const runs: Outcome[][] = [];
  for (const outcome of sorted) {
    const run = runs.at(-1);
    const [same] = run ?? [];
    if (run && same && same.kept === outcome.kept && same.then === outcome.then) run.push(outcome);
    else runs.push([outcome]);
  }
  return runs.map((run) => {
    const [from, to] = [run[0], run.at(-1)];
    if (!from || !to) throw new Error('an empty run');
    return [where(from, to, run.length), from.kept, from.then] as const;
  });
}

const point = ({ place, name, side }: Outcome): string => `${side} ${place} ${name}`;

const where = (from: Outcome, to: Outcome, count: number): string =>
  count === 1 ? point(from) : `${point(from)} … ${point(to)} (${count} kills)`;
