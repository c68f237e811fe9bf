// What is measured, one row per operation: at which process, against what, and how one of it is done. What an operation
// needs is made before its batch, and what came out of it is judged after: neither is measured.
import { createBrowser, type Browser, type Wire } from './browser.ts';
import type { Measured } from './measured.ts';
import type { Outsiders } from './outsiders.ts';
import type { Person } from './people.ts';
import { callback, type Portal, type Tokens } from './portal.ts';
import { acrs, enterSilently, signInBare, signInDirectly, signInFederated, type Entered } from './sign-in.ts';

/** One operation; answers with what is left to judge. */
export type Task = () => Promise<(() => Promise<void> | void) | void>;

export interface Operation {
  readonly name: string;
  readonly title: string;
  readonly at: Measured['name'];
  /** What its CPU is divided by. */
  readonly baseline: string | null;
  /** How many make one of the run's `--operations`: what is cheap is done more often. */
  readonly times: number;
  prepare(count: number): Promise<readonly Task[]>;
}

export interface Scene {
  readonly wire: Wire;
  readonly outsiders: Outsiders;
  readonly gateway: Portal;
  readonly bare: Portal;
  readonly koa: string;
  readonly hashes: Measured;
  /** People who have not signed in yet; each signs in anew once. */
  readonly linked: Iterator<Person>;
  readonly direct: Iterator<Person>;
}

/** A session that is used again and again. */
interface Live {
  readonly browser: Browser;
  tokens: Tokens;
  /** When they were issued. */
  at: number;
}

const next = <T>(people: Iterator<T>): T => {
  const { done, value } = people.next();
  if (done === true) throw new Error('the bench has run out of people');
  return value;
};

/** Fresh addresses of browsers, out of a network that is nobody's. */
function addresses(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `10.${(last >> 16) & 255}.${(last >> 8) & 255}.${last & 255}`;
  };
}

export const times = async <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> => {
  const all: T[] = [];
  for (let index = 0; index < count; index += 1) all.push(await make(index));
  return all;
};

export function operations(scene: Scene): readonly Operation[] {
  const { wire, outsiders, gateway, bare } = scene;
  const address = addresses();
  const browser = (): Browser => createBrowser(wire, callback, address());

  const judged =
    (portal: Portal, { begun, tokens }: Entered, acr: string) =>
    () =>
      portal.verify(tokens, begun.nonce, acr);
  const federated = (guest: Browser, person: Person, otp: { readonly remember: boolean } | null): Promise<Entered> => {
    outsiders.vouchFor(person);
    return signInFederated(gateway, guest, person, otp);
  };

  // Sessions of the gateway last as long as the run; the bare provider's memory holds a thousand records, so its are new.
  const kept: Live[] = [];
  const sessions = async (count: number): Promise<readonly Live[]> => {
    while (kept.length < Math.min(count, 40)) {
      const guest = browser();
      const { tokens } = await federated(guest, next(scene.linked), { remember: false });
      kept.push({ browser: guest, tokens, at: Date.now() });
    }
    for (const live of kept) if (Date.now() - live.at > 300_000) await renew(gateway, live);
    return kept;
  };
  const bareSessions = (count: number): Promise<Live[]> =>
    times(Math.min(count, 40), async (index) => {
      const guest = browser();
      const { tokens } = await signInBare(bare, guest, `person-${index}`);
      return { browser: guest, tokens, at: Date.now() };
    });
  const renew = async (portal: Portal, live: Live): Promise<void> => {
    live.tokens = await portal.refresh(live.tokens);
    live.at = Date.now();
  };
  /** The same task on each session in turn. */
  const onSessions =
    (made: (count: number) => Promise<readonly Live[]>, act: (live: Live) => ReturnType<Task>) =>
    async (count: number): Promise<readonly Task[]> => {
      const lives = await made(count);
      return Array.from({ length: count }, (_each, index) => {
        const live = lives[index % lives.length];
        if (!live) throw new Error('no session');
        return () => act(live);
      });
    };
  const get =
    (url: string) =>
    async (count: number): Promise<readonly Task[]> =>
      Array.from({ length: count }, () => async () => {
        const { status, body } = await wire.call(url, { headers: { accept: 'application/json' } });
        if (status !== 200 || !body.startsWith('{')) throw new Error(`${url}: ${status}`);
      });
  const many = (count: number, make: () => Task | Promise<Task>): Promise<readonly Task[]> =>
    times(count, async () => make());

  const refreshing = (portal: Portal, acr: string) => async (live: Live) => {
    await renew(portal, live);
    const { tokens } = live;
    return () => portal.verify(tokens, null, acr);
  };

  const gateways = { at: 'gateway', times: 1 } as const;
  const bares = { at: 'bare', times: 1, baseline: null } as const;
  return [
    {
      name: 'hash',
      title: 'one argon2 hash',
      at: 'hashes',
      baseline: null,
      times: 1,
      prepare: (count) =>
        many(count, () => async () => {
          if (!(await scene.hashes.ask<boolean>('hash'))) throw new Error('the hash is not right');
        }),
    },
    {
      ...bares,
      name: 'bare-login',
      title: 'bare: login',
      prepare: (count) =>
        many(count, () => {
          const guest = browser();
          return async () => judged(bare, await signInBare(bare, guest, 'somebody'), acrs.password);
        }),
    },
    {
      ...gateways,
      name: 'direct',
      title: 'direct login',
      baseline: 'hash',
      prepare: (count) =>
        many(count, () => {
          const guest = browser();
          const person = next(scene.direct);
          return async () => judged(gateway, await signInDirectly(gateway, guest, person), acrs.password);
        }),
    },
    {
      ...gateways,
      name: 'federated-otp',
      title: 'federated login with OTP',
      baseline: 'bare-login',
      prepare: (count) =>
        many(count, () => {
          const guest = browser();
          const person = next(scene.linked);
          return async () => judged(gateway, await federated(guest, person, { remember: false }), acrs.federatedOtp);
        }),
    },
    {
      ...gateways,
      name: 'federated-remembered',
      title: 'federated login, remembered',
      baseline: 'bare-login',
      prepare: (count) =>
        many(count, async () => {
          const guest = browser();
          const person = next(scene.linked);
          await federated(guest, person, { remember: true });
          guest.close();
          return async () => judged(gateway, await federated(guest, person, null), acrs.federated);
        }),
    },
    {
      ...bares,
      name: 'bare-silent',
      title: 'bare: silent',
      times: 2,
      prepare: onSessions(bareSessions, async (live) =>
        judged(bare, await enterSilently(bare, live.browser), acrs.password),
      ),
    },
    {
      ...gateways,
      name: 'silent',
      title: 'silent (prompt=none)',
      baseline: 'bare-silent',
      times: 2,
      prepare: onSessions(sessions, async (live) =>
        judged(gateway, await enterSilently(gateway, live.browser), acrs.federatedOtp),
      ),
    },
    {
      ...bares,
      name: 'bare-refresh',
      title: 'bare: refresh',
      times: 4,
      prepare: onSessions(bareSessions, refreshing(bare, acrs.password)),
    },
    {
      ...gateways,
      name: 'refresh',
      title: 'refresh',
      baseline: 'bare-refresh',
      times: 4,
      prepare: onSessions(sessions, refreshing(gateway, acrs.federatedOtp)),
    },
    {
      ...bares,
      name: 'bare-introspection',
      title: 'bare: introspection',
      times: 4,
      prepare: onSessions(bareSessions, ({ tokens }) => bare.introspect(tokens)),
    },
    {
      ...gateways,
      name: 'introspection',
      title: 'introspection',
      baseline: 'bare-introspection',
      times: 4,
      prepare: onSessions(sessions, ({ tokens }) => gateway.introspect(tokens)),
    },
    { name: 'koa', title: 'bare Koa answer', at: 'koa', baseline: null, times: 10, prepare: get(scene.koa) },
    {
      ...bares,
      name: 'bare-discovery',
      title: 'bare: discovery',
      times: 10,
      prepare: get(`${bare.issuer}/.well-known/openid-configuration`),
    },
    {
      ...gateways,
      name: 'discovery',
      title: 'discovery',
      baseline: 'koa',
      times: 10,
      prepare: get(`${gateway.issuer}/.well-known/openid-configuration`),
    },
    {
      ...gateways,
      name: 'jwks',
      title: 'JWKS',
      baseline: 'koa',
      times: 10,
      prepare: get(gateway.endpoints.jwks_uri),
    },
    {
      ...gateways,
      name: 'top',
      title: 'top page',
      baseline: 'koa',
      times: 2,
      prepare: onSessions(sessions, async ({ browser: guest }) => {
        const { status, screen } = await guest.open(`${gateway.issuer}/`);
        if (status !== 200 || screen !== 'TOP001') throw new Error(`top page: ${status} ${screen ?? ''}`);
      }),
    },
  ];
}

/** Parts of a run that are no operation. */
const parts = ['sessions', 'storm', 'memory'];

/**
 * Those named and what they are divided by, in the order of the table; null: all.
 * @throws when a name is none
 */
export function chosen(all: readonly Operation[], only: readonly string[] | null): readonly Operation[] {
  if (only === null) return all;
  const known = [...all.map(({ name }) => name), ...parts];
  const strange = only.filter((name) => !known.includes(name));
  if (strange.length > 0) throw new Error(`no ${strange.join(', ')}: there are ${known.join(', ')}`);
  const wanted = new Set(only);
  for (const { name, baseline } of all) if (wanted.has(name) && baseline !== null) wanted.add(baseline);
  if (wanted.has('direct')) wanted.add('bare-login');
  return all.filter(({ name }) => wanted.has(name));
}
