// One fault under running sign-ins, from beginning to end: people at work, the fault, the repair, back; then the comparison
// with SQL and a row of the table.
import { compare, saw, tally } from './compare.ts';
import { beginLoad, type Load, type Passwords } from './load.ts';
import { meanwhile, type Scene, shown, table } from './scene.ts';

export interface Fault {
  readonly name: string;
  /** Breaks it, while people are at work. */
  readonly strike: (load: Load) => Promise<void>;
  /** Mends it; the time until back counts from its end. Null: nobody does, it heals by itself, and counts from the strike. */
  readonly mend: (() => Promise<void>) | null;
  /** Milliseconds that it lasts. */
  readonly lasts?: number;
  /** While it lasts, nobody gets what both stores are needed for, and portals are told so in JSON. */
  readonly total: boolean;
  /** More that must hold at the end. */
  readonly also?: (load: Load) => unknown;
}

const passwordsOf = new WeakMap<Scene, Passwords>();

export async function endure(scene: Scene, fault: Fault): Promise<void> {
  const passwords = passwordsOf.get(scene) ?? new Map<string, string[]>();
  passwordsOf.set(scene, passwords);
  const before = await tally(scene);
  const load = await beginLoad(scene, passwords);
  let back: number;
  let broken = fault.mend !== null;
  try {
    const struck = performance.now();
    await fault.strike(load);
    if (fault.total) {
      await load.untilSeen(/^503 REF020$/, 3);
      await load.untilSeen(/^503 to the portal$/);
    }
    await meanwhile(fault.lasts ?? 1_500);
    if (fault.mend) await fault.mend();
    broken = false;
    back = await load.untilAllServed(fault.mend ? performance.now() : struck);
  } finally {
    if (broken) await fault.mend?.();
    await load.stop();
  }
  const compared = await compare(scene, load, before, passwords);
  await fault.also?.(load);
  table.row([fault.name, `${saw(load)}; longest answer ${shown(load.slowest() / 1000)} s`, shown(back), compared]);
}
