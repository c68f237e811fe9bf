// Refresh while passwords are hashed: how long a portal waits for new tokens on an idle gateway, and while more people type
// passwords, wrong and right ones, than it can hash; and how many of those are turned away with 503.
import { setTimeout as sleep } from 'node:timers/promises';
import { createBrowser, createWire, type Answer, type Wire } from './browser.ts';
import { asEverybody, pin, type Cores } from './machine.ts';
import { quantile, type Bench } from './measure.ts';
import { times, type Scene } from './operations.ts';
import { password, type Person } from './people.ts';
import { callback, type Portal, type Tokens } from './portal.ts';
import { table } from './report.ts';
import { signInFederated } from './sign-in.ts';

interface Storm {
  /** Who types passwords at once; each goes on until the end. */
  readonly people: readonly Person[];
  /** Refreshes timed in each phase, with a pause between two. */
  readonly samples: number;
}

/** Milliseconds between two refreshes. */
const pause = 10;
/** Milliseconds that the queue of hashes is given to fill. */
const gathering = 3_000;

interface Typed {
  wrong: number;
  right: number;
  /** Passwords that were answered with 503. */
  shed: number;
  /** Pages before the password that were answered with 503: a store did not answer in time. */
  unavailable: number;
  /** Milliseconds that answers other than 503 took. */
  readonly waits: number[];
}

interface Weather {
  readonly idle: readonly number[];
  readonly storm: readonly number[];
  readonly typed: Typed;
  readonly seconds: number;
}

async function refreshes(portal: Portal, kept: Tokens[], samples: number): Promise<number[]> {
  return times(samples, async (index) => {
    await sleep(pause);
    const tokens = kept[index % kept.length];
    if (!tokens) throw new Error('no session');
    const began = performance.now();
    kept[index % kept.length] = await portal.refresh(tokens);
    return performance.now() - began;
  });
}

/** One person at the keyboard, again and again: every other one mistypes first. Whoever gets 503 waits as long as it says. */
async function type(
  portal: Portal,
  wire: Wire,
  person: Person,
  place: number,
  typed: Typed,
  goesOn: () => boolean,
): Promise<void> {
  const address = `10.254.${place >> 8}.${place & 255}`;
  const persistently = async (ask: () => Promise<Answer>, turnedAway: () => void): Promise<Answer | null> => {
    while (goesOn()) {
      const answer = await ask();
      if (answer.status !== 503) return answer;
      turnedAway();
      // In pieces, because the storm may end meanwhile.
      for (let left = Number(answer.headers['retry-after'] ?? 5) * 10; left > 0 && goesOn(); left -= 1)
        await sleep(100);
    }
    return null;
  };
  const elsewhere = (): void => void (typed.unavailable += 1);
  while (goesOn()) {
    const browser = createBrowser(wire, callback, address);
    let page = await persistently(() => browser.open(portal.begin().url), elsewhere);
    const chosen = page;
    if (chosen?.screen === 'LGN001') page = await persistently(() => browser.submit(chosen, {}, 'direct'), elsewhere);
    for (const attempt of place % 2 === 0 ? [password] : ['Wrong1234', password]) {
      const form = page;
      if (form?.screen !== 'LGN002') break;
      page = await persistently(
        async () => {
          const began = performance.now();
          const answer = await browser.submit(form, { login_id: person.loginId, password: attempt });
          if (answer.status !== 503) typed.waits.push(performance.now() - began);
          if (answer.url.startsWith(callback)) typed.right += 1;
          else if (answer.status === 422) typed.wrong += 1;
          return answer;
        },
        () => void (typed.shed += 1),
      );
    }
  }
}

/** Idle, storm, idle: both idle phases count as one. */
async function weather({ gateway, outsiders, wire, linked }: Scene, storm: Storm): Promise<Weather> {
  const kept = await times(10, async () => {
    const { value: person } = linked.next();
    if (!person) throw new Error('the bench has run out of people');
    outsiders.vouchFor(person);
    return (await signInFederated(gateway, createBrowser(wire, callback, '10.255.0.1'), person, { remember: false }))
      .tokens;
  });
  await refreshes(gateway, kept, 50);
  const before = await refreshes(gateway, kept, storm.samples);

  const typed: Typed = { wrong: 0, right: 0, shed: 0, unavailable: 0, waits: [] };
  const crowd = createWire();
  let on = true;
  const began = performance.now();
  const everybody = Promise.all(
    storm.people.map((person, index) => type(gateway, crowd, person, index, typed, () => on)),
  );
  await Promise.race([sleep(gathering), everybody]);
  const during = await refreshes(gateway, kept, storm.samples);
  on = false;
  await everybody;
  const seconds = (performance.now() - began) / 1000;
  crowd.close();
  const after = await refreshes(gateway, kept, storm.samples);
  return { idle: [...before, ...after], storm: during, typed, seconds };
}

export interface Stormed {
  readonly where: string;
  readonly people: number;
  readonly weather: Weather;
}

/** With the gateway on its one core, where hashes and requests share it, and on all cores, as on a machine of its own. */
export async function storms(
  bench: Bench,
  scene: Scene,
  people: readonly Person[],
  cores: Cores,
  samples: number,
  tell: (text: string) => void,
): Promise<readonly Stormed[]> {
  const gateway = bench.servers.get('gateway');
  if (!gateway) throw new Error('no gateway');
  // In the real-time class threads of one process would wait for each other's whole turn: hashes and requests share a core
  // there as they never do in use.
  asEverybody(gateway.pid);
  const once = async (where: string): Promise<Stormed> => {
    tell(`password storm, gateway ${where}`);
    return { where, people: people.length, weather: await weather(scene, { people, samples }) };
  };
  if (cores.servers === null || cores.client === null) return [await once('on all cores')];
  const pinned = await once('on one core');
  pin(gateway.pid, `${cores.servers},${cores.client}`);
  const free = await once('on all cores');
  pin(gateway.pid, String(cores.servers));
  return [pinned, free];
}

export function weatherTable(seen: readonly Stormed[]): string {
  const head = ['refresh latency', 'p50 ms', 'p95 ms', 'p99 ms', 'p99 ratio'];
  const shares = [0.5, 0.95, 0.99];
  const rows = seen.flatMap(({ where, people, weather: { idle, storm } }) => [
    [`${where}, idle`, ...shares.map((share) => quantile(idle, share).toFixed(1)), ''],
    [
      `${where}, ${people} people typing passwords`,
      ...shares.map((share) => quantile(storm, share).toFixed(1)),
      `${(quantile(storm, 0.99) / quantile(idle, 0.99)).toFixed(2)} × idle`,
    ],
  ]);
  const said = seen.map(
    ({ where, weather: { typed, seconds } }) =>
      `${where}: in ${seconds.toFixed(0)} s ${typed.right} signed in, ${typed.wrong} were told that it is wrong, ${typed.shed} passwords and ${typed.unavailable} pages before them were answered with 503; those served waited ${(quantile(typed.waits, 0.5) / 1000).toFixed(1)} s (median).`,
  );
  return [table(head, rows), ...said].join('\n\n');
}
