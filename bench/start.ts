// Everything that one run needs, started in order: stores, outsiders, people, and the processes that are measured. Whoever
// starts it ends it, also when the start fails half-way.
import { freePort } from '../test/support/ports.ts';
import { createWire } from './browser.ts';
import { stores as openStores } from './gateway-alone.ts';
import type { Cores } from './machine.ts';
import { measured, type Launch, type Measured } from './measured.ts';
import type { Bench } from './measure.ts';
import type { Scene } from './operations.ts';
import type { Options } from './options.ts';
import { startOutsiders } from './outsiders.ts';
import { addPeople, type Person } from './people.ts';
import { portalId, portalOf, registration } from './portal.ts';
import { root } from './root.ts';
import { startStores } from './stores.ts';

export interface Run {
  readonly bench: Bench;
  readonly scene: Scene;
  /** Who types passwords in the storm. */
  readonly crowd: readonly Person[];
}

/** @param ends gets what ends each thing, in the order of the starts */
export async function start(cores: Cores, options: Options, ends: (() => Promise<void> | void)[]): Promise<Run> {
  const stores = await startStores();
  ends.push(() => stores.stop());
  const outsiders = await startOutsiders(stores);
  ends.push(() => outsiders.close());
  const people = await populate(outsiders.env, outsiders.upstream, options);
  const wire = createWire();
  ends.push(() => wire.close());

  const servers = new Map<Measured['name'], Measured>();
  const launch = async (name: Launch['name'], env: Readonly<Record<string, string>> = {}): Promise<Measured> => {
    const server = await measured({ name, env, core: cores.servers, folder: outsiders.folder });
    ends.push(() => server.stop());
    servers.set(name, server);
    return server;
  };
  await launch('gateway', outsiders.env);
  const port = async (): Promise<string> => String(await freePort());
  const bare = await launch('bare', { BENCH_PORT: await port(), BENCH_CLIENT: JSON.stringify(registration) });
  const discovery = await wire.call(`${outsiders.issuer}/.well-known/openid-configuration`);
  const body = Buffer.from(discovery.body).toString('base64');
  const koa = await launch('koa', { BENCH_PORT: await port(), BENCH_BODY: body });
  const hashes = await launch('hashes');
  return {
    bench: { wire, stores, servers },
    scene: {
      wire,
      outsiders,
      gateway: await portalOf(wire, outsiders.issuer),
      bare: await portalOf(wire, bare.told),
      koa: koa.told,
      hashes,
      linked: people.linked.values(),
      direct: people.direct.slice(options.crowd).values(),
    },
    crowd: people.direct.slice(0, options.crowd),
  };
}

/** As many people as sign in anew in all rounds, and some more. */
async function populate(
  env: Readonly<Record<string, string>>,
  upstream: string,
  { rounds, warmUp, operations, crowd }: Options,
): Promise<{ readonly linked: readonly Person[]; readonly direct: readonly Person[] }> {
  const { stores } = await openStores(env, root);
  try {
    // A profile takes two batches of twice as many.
    const batches = (rounds + warmUp + 4) * operations;
    return {
      linked: await addPeople(stores, batches * 2 + 100, upstream, portalId),
      direct: await addPeople(stores, batches + crowd, null, portalId),
    };
  } finally {
    await stores.close();
  }
}
