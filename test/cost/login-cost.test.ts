// What a login costs, counted and not timed: Redis round trips, SQL statements and requests of each kind of sign-in, and
// the bytes that a live session keeps in Redis. `npm run bench` tells what it costs in time.
import { expect } from 'chai';
import { createBrowser, createWire, type Browser, type Wire } from '../../bench/browser.ts';
import { gatewayAlone, stores, type GatewayAlone } from '../../bench/gateway-alone.ts';
import { startOutsiders, type Outsiders } from '../../bench/outsiders.ts';
import { addPeople, type Person } from '../../bench/people.ts';
import { callback, portalId, portalOf, type Portal, type Tokens } from '../../bench/portal.ts';
import { leftBy } from '../../bench/sessions.ts';
import { acrs, enterSilently, signInDirectly, signInFederated } from '../../bench/sign-in.ts';
import { keysIn } from '../../bench/stores.ts';
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts';
import { root } from '../support/source.ts';

/** Upper limits. Lower them with the code; raising one needs a reason. */
const limits = {
  // In a browser that was never here before: one of the statements makes it known to the account.
  direct: { roundTrips: 13, commands: 25, statements: 25, requests: 7 },
  // In one that was: its budget is read twice, under the row's lock, and nothing is made.
  directKnown: { roundTrips: 13, commands: 25, statements: 25, requests: 7 },
  federatedOtp: { roundTrips: 15, commands: 30, statements: 31, requests: 8 },
  federatedRemembered: { roundTrips: 12, commands: 28, statements: 19, requests: 6 },
  silent: { roundTrips: 7, commands: 10, statements: 4, requests: 2 },
  refresh: { roundTrips: 3, commands: 6, statements: 1, requests: 1 },
  introspection: { roundTrips: 2, commands: 4, statements: 1, requests: 1 },
  discovery: { roundTrips: 0, commands: 0, statements: 0, requests: 1 },
  jwks: { roundTrips: 0, commands: 0, statements: 0, requests: 1 },
  // One of them looks for what failed, also at somebody's first sign-in: since the account was made.
  topPage: { roundTrips: 2, commands: 2, statements: 7, requests: 1 },
} as const;

/** Bytes of Redis per live session: right after the sign-in, and what of it lasts. */
const bytes = {
  direct: { all: 4_150, lasting: 1_400 },
  federatedOtp: { all: 4_500, lasting: 1_450 },
} as const;

/** How often each is done. */
const often = 5;

type Cost = Readonly<Record<'roundTrips' | 'commands' | 'statements' | 'requests', number>>;

describe('what a login costs, counted', function () {
  this.timeout(60_000);
  let database: FreshDatabase;
  let outsiders: Outsiders;
  let alone: GatewayAlone;
  let wire: Wire;
  let portal: Portal;
  let linked: Iterator<Person>;
  let direct: Iterator<Person>;
  const redis = process.env['RENKEI_TEST_REDIS_URL'] ?? '';

  before(async () => {
    database = await freshDatabase();
    outsiders = await startOutsiders({ redis, postgres: database.url });
    const opened = await stores(outsiders.env, root);
    linked = (await addPeople(opened.stores, 60, outsiders.upstream, portalId)).values();
    direct = (await addPeople(opened.stores, 20, null, portalId)).values();
    await opened.stores.close();
    alone = await gatewayAlone(outsiders.env, root, () => {});
    wire = createWire();
    portal = await portalOf(wire, outsiders.issuer);
  });

  after(async () => {
    wire?.close();
    await alone?.close();
    await outsiders?.close();
    await database?.drop();
  });

  const next = (people: Iterator<Person>): Person => {
    const { value, done } = people.next();
    if (done === true) throw new Error('no more people');
    return value;
  };
  const browser = (): Browser => createBrowser(wire, callback, '10.0.0.1');

  async function directly(): Promise<Tokens> {
    const { begun, tokens } = await signInDirectly(portal, browser(), next(direct));
    await portal.verify(tokens, begun.nonce, acrs.password);
    return tokens;
  }

  async function federated(
    guest: Browser,
    person: Person,
    otp: { readonly remember: boolean } | null,
  ): Promise<Tokens> {
    outsiders.vouchFor(person);
    const { begun, tokens } = await signInFederated(portal, guest, person, otp);
    await portal.verify(tokens, begun.nonce, otp ? acrs.federatedOtp : acrs.federated);
    return tokens;
  }

  /** The counts of one act. @param prepare what it needs, not counted */
  async function cost<T>(prepare: () => Promise<T>, act: (needed: T) => Promise<unknown>): Promise<Cost> {
    const costs: Cost[] = [];
    for (let round = 0; round <= often; round += 1) {
      const needed = await prepare();
      await alone.gateway.deliver();
      const look = (): Cost => ({
        roundTrips: alone.stores.state.roundTrips,
        commands: alone.stores.state.commands,
        statements: alone.stores.database.statements(),
        requests: wire.sentTo(outsiders.issuer),
      });
      const before = look();
      await act(needed);
      const after = look();
      const count = (what: keyof Cost): number => after[what] - before[what];
      // The first one connects and discovers.
      if (round > 0)
        costs.push({
          roundTrips: count('roundTrips'),
          commands: count('commands'),
          statements: count('statements'),
          requests: count('requests'),
        });
    }
    const all = (what: keyof Cost): readonly number[] => costs.map((each) => each[what]);
    return {
      roundTrips: Math.max(...all('roundTrips')),
      commands: Math.max(...all('commands')),
      // The outbox looks into the database by itself now and then: what it adds is not the sign-in's.
      statements: Math.min(...all('statements')),
      requests: Math.max(...all('requests')),
    };
  }

  const none = async (): Promise<void> => {};
  const session = async (): Promise<{ readonly guest: Browser; readonly tokens: Tokens }> => {
    const guest = browser();
    return { guest, tokens: await federated(guest, next(linked), { remember: false }) };
  };

  function within(counted: Cost, name: keyof typeof limits): void {
    const limit: Cost = limits[name];
    const text = `${name}: ${JSON.stringify(counted)}`;
    expect(counted.roundTrips, `Redis round trips, ${text}`).to.be.at.most(limit.roundTrips);
    expect(counted.commands, `Redis commands, ${text}`).to.be.at.most(limit.commands);
    expect(counted.statements, `SQL statements, ${text}`).to.be.at.most(limit.statements);
    expect(counted.requests, `requests, ${text}`).to.be.at.most(limit.requests);
  }

  it('with login ID and password', async () => {
    within(await cost(none, directly), 'direct');
  });

  it('with login ID and password, in a browser that the account knows', async () => {
    const here = async () => {
      const guest = browser();
      const person = next(direct);
      await signInDirectly(portal, guest, person);
      guest.close();
      return { guest, person };
    };
    const again = async ({ guest, person }: { readonly guest: Browser; readonly person: Person }) => {
      await signInDirectly(portal, guest, person);
    };
    within(await cost(here, again), 'directKnown');
  });

  it('through Business Direct with a one-time password', async () => {
    within(await cost(none, () => federated(browser(), next(linked), { remember: false })), 'federatedOtp');
  });

  it('through Business Direct on a remembered device', async () => {
    const remembered = async () => {
      const guest = browser();
      const person = next(linked);
      await federated(guest, person, { remember: true });
      guest.close();
      return { guest, person };
    };
    const counted = await cost(remembered, ({ guest, person }) => federated(guest, person, null));
    within(counted, 'federatedRemembered');
  });

  it('silently on a live session', async () => {
    within(await cost(session, ({ guest }) => enterSilently(portal, guest)), 'silent');
  });

  it('for new tokens', async () => {
    within(await cost(session, ({ tokens }) => portal.refresh(tokens)), 'refresh');
  });

  it('for a look at a token', async () => {
    within(await cost(session, ({ tokens }) => portal.introspect(tokens)), 'introspection');
  });

  it('for what everybody may read: nothing of the stores', async () => {
    const { issuer, endpoints } = portal;
    within(await cost(none, () => wire.call(`${issuer}/.well-known/openid-configuration`)), 'discovery');
    within(await cost(none, () => wire.call(endpoints.jwks_uri)), 'jwks');
  });

  it('for the top page of somebody who is signed in', async () => {
    const counted = await cost(session, async ({ guest }) => {
      expect((await guest.open(`${portal.issuer}/`)).screen).to.equal('TOP001');
    });
    within(counted, 'topPage');
  });

  for (const [name, signIn] of [
    ['direct', directly],
    ['federatedOtp', async () => (await session()).tokens],
  ] as const) {
    it(`in bytes of Redis for a live session (${name})`, async () => {
      const before = await keysIn(redis);
      for (let round = 0; round < often; round += 1) await signIn();
      const left = leftBy(before, await keysIn(redis), often);
      const text = JSON.stringify(left);
      expect(left.bytes, text).to.be.at.most(bytes[name].all);
      expect(left.lasting, text).to.be.at.most(bytes[name].lasting);
    });
  }
});
