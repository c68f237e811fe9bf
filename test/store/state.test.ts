// One contract for every implementation of the state store, and what only a server can do: go away and come back.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { memoryState } from '../../src/store/state-memory.ts';
import { redisState } from '../../src/store/state-redis.ts';
import type { State } from '../../src/store/state.ts';
import { StoreUnavailable } from '../../src/store/unavailable.ts';
import { type OwnCluster, ownCluster } from '../support/redis-cluster.ts';
import { type OwnSentinels, ownSentinels } from '../support/redis-sentinel.ts';
import { ownRedis, type OwnRedis, until } from '../support/redis.ts';

type Counted = State & { readonly commands: number };

const start = Date.UTC(2026, 10, 22, 0, 0, 0);
let now = start;
const clock = (): number => now;
const minute = 60_000;

function contract(open: () => Promise<Counted>): void {
  let state: Counted;
  let keys = 0;
  let key = '';

  before(async () => {
    state = await open();
    await state.ping();
  });
  after(() => state.close());
  beforeEach(() => {
    now = start;
    keys += 1;
    key = `contract:${keys}`;
  });

  it('gives back what was put, and null for what was not', async () => {
    expect(await state.get(key)).to.equal(null);
    await state.put(key, 'カナ:with:colons', now + minute);
    expect(await state.get(key)).to.equal('カナ:with:colons');
    await state.put(key, '', now + minute);
    expect(await state.get(key)).to.equal('');
  });

  it("judges expiry by the caller's clock, to the millisecond", async () => {
    await state.put(key, 'value', start + minute);
    now = start + minute - 1;
    expect(await state.get(key)).to.equal('value');
    now = start + minute;
    expect(await state.get(key)).to.equal(null);
    expect(await state.take(key)).to.equal(null);
    expect(await state.swap(key, 'value', 'other', now + minute)).to.equal(false);
  });

  it('adds only where nothing live is', async () => {
    expect(await state.add(key, 'first', now + minute)).to.equal(true);
    expect(await state.add(key, 'second', now + minute)).to.equal(false);
    expect(await state.get(key)).to.equal('first');
    now += minute;
    expect(await state.add(key, 'third', now + minute)).to.equal(true);
    expect(await state.get(key)).to.equal('third');
  });

  it('swaps only what is still there', async () => {
    expect(await state.swap(key, 'a', 'b', now + minute)).to.equal(false);
    expect(await state.swap(key, '', 'b', now + minute)).to.equal(false);
    await state.put(key, 'a', now + minute);
    expect(await state.swap(key, 'x', 'b', now + minute)).to.equal(false);
    expect(await state.swap(key, 'a', 'b', now + 2 * minute)).to.equal(true);
    now += minute;
    expect(await state.get(key)).to.equal('b');
  });

  it('takes once and removes', async () => {
    await state.put(key, 'value', now + minute);
    expect(await state.take(key)).to.equal('value');
    expect(await state.take(key)).to.equal(null);
    await state.put(key, 'value', now + minute);
    await state.remove(key);
    expect(await state.get(key)).to.equal(null);
    await state.remove(key);
  });

  it('counts in a window that the first call opens', async () => {
    const end = start + minute;
    expect(await state.count(key, end)).to.deep.equal({ count: 1, expiresAt: end });
    now += 1_000;
    expect(await state.count(key, now + minute)).to.deep.equal({ count: 2, expiresAt: end });
    now = end;
    expect(await state.count(key, end + minute)).to.deep.equal({ count: 1, expiresAt: end + minute });
  });

  it('notes different members within a window that moves on', async () => {
    const note = (member: string) => state.note(key, member, now, minute);
    expect(await note('b')).to.deep.equal({ count: 1, since: start });
    now = start + 20_000;
    expect(await note('a')).to.deep.equal({ count: 2, since: start });
    expect(await note('a'), 'the same again').to.deep.equal({ count: 2, since: start });
    now = start + minute - 1;
    expect(await note('c')).to.deep.equal({ count: 3, since: start });
    now = start + minute;
    expect(await note('d'), 'the first one is out').to.deep.equal({ count: 3, since: start + 20_000 });
    now = start + 10 * minute;
    expect(await note('e')).to.deep.equal({ count: 1, since: now });
  });

  it('notes every one of fifty at once', async () => {
    const noted = await Promise.all(Array.from({ length: 50 }, (_, n) => state.note(key, `m${n}`, now, minute)));
    expect(Math.max(...noted.map(({ count }) => count))).to.equal(50);
  });

  it('lets exactly one of fifty win: take, add, swap', async () => {
    for (let round = 0; round < 10; round += 1) {
      const name = `${key}:${round}`;
      const fifty = Array.from({ length: 50 }, (_, index) => index);
      const added = await Promise.all(fifty.map((index) => state.add(name, String(index), now + minute)));
      expect(added.filter(Boolean)).to.have.length(1);
      expect(await state.get(name)).to.equal(String(added.indexOf(true)));
      await state.put(name, 'before', now + minute);
      const swapped = await Promise.all(
        fifty.map((index) => state.swap(name, 'before', `after ${index}`, now + minute)),
      );
      expect(swapped.filter(Boolean)).to.have.length(1);
      expect(await state.get(name)).to.equal(`after ${swapped.indexOf(true)}`);
      const taken = await Promise.all(fifty.map(() => state.take(name)));
      expect(taken.filter((value) => value !== null)).to.have.length(1);
    }
  });

  it('counts every one of fifty parallel calls', async () => {
    const counts = await Promise.all(Array.from({ length: 50 }, () => state.count(key, now + minute)));
    expect(counts.map(({ count }) => count).toSorted((a, b) => a - b)).to.deep.equal(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
  });

  it('uses one command for each verb, and tells how many', async () => {
    const before = state.commands;
    await state.put(key, 'a', now + minute);
    await state.get(key);
    await state.add(key, 'b', now + minute);
    await state.swap(key, 'a', 'b', now + minute);
    await state.take(key);
    await state.count(key, now + minute);
    await state.remove(key);
    await state.note(`${key}:noted`, 'm', now, minute);
    expect(state.commands - before).to.equal(8);
  });

  it('refuses a key that holds another kind', async () => {
    await state.note(key, 'member', now, minute);
    const error = await state.get(key).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(Error);
    expect(error).not.to.be.instanceOf(StoreUnavailable);
  });
}

/** Waits until a write is taken again. */
const recovered = (state: State): Promise<void> =>
  until(async () => {
    await state.put('recovered', 'x', now + minute);
    return true;
  }, 'the store works again');

describe('the state store', () => {
  describe('inside the process', () => {
    contract(async () => memoryState({ clock }));

    it('forgets what has expired without being asked for it', async () => {
      const state = memoryState({ clock });
      now = start;
      for (let index = 0; index < 999; index += 1) await state.put(`old:${index}`, 'x', start + minute);
      now = start + minute;
      await state.put('new', 'x', now + minute);
      expect(await state.get('new')).to.equal('x');
      await state.close();
    });
  });

  describe('on Redis', () => {
    let server: OwnRedis | null = null;
    before(async function () {
      server = await ownRedis();
      if (server === null) this.skip();
    });
    after(() => server?.end());

    contract(async () => redisState({ url: server?.url ?? '', clock }));

    it('keeps keys under its prefix, with a lifetime that outlasts the expiry', async () => {
      const state = redisState({ url: server?.url ?? '', prefix: 'bank:', clock });
      const raw = new Redis(server?.url ?? '');
      await state.put('here', 'x', clock() + minute);
      const lifetime = await raw.pttl('bank:here');
      expect(lifetime).to.be.within(minute + 1, 3 * minute);
      await state.count('counter', clock() + minute);
      await state.count('counter', clock() + minute);
      expect(await raw.pttl('bank:counter')).to.be.within(minute + 1, 3 * minute);
      await state.note('noted', 'm', clock(), minute);
      expect(await raw.pttl('bank:noted')).to.be.within(minute + 1, 3 * minute);
      raw.disconnect();
      await state.close();
    });
  });

  describe('on a Redis Cluster of three masters', () => {
    let cluster: OwnCluster | null = null;
    before(async function () {
      this.timeout(30_000);
      cluster = await ownCluster();
      if (cluster === null) this.skip();
    });
    after(() => cluster?.end());

    contract(async () => redisState({ url: cluster?.url ?? '', commandTimeout: 2_000, clock }));
  });

  describe('on the primary that Sentinels name', () => {
    let sentinels: OwnSentinels | null = null;
    before(async function () {
      this.timeout(30_000);
      sentinels = await ownSentinels();
      if (sentinels === null) this.skip();
    });
    after(() => sentinels?.end());

    contract(async () => redisState({ url: `${sentinels?.url}&db=3`, commandTimeout: 2_000, clock }));

    it('goes with the primary when it is handed over by hand, and keeps what was copied', async () => {
      const state = redisState({ url: sentinels?.url ?? '', clock });
      await state.put('before', 'x', clock() + minute);
      await sentinels?.untilWhole();
      await sentinels?.failOver();
      const primary = (await sentinels?.servers())?.primary;
      // What the old one takes in its last moment is lost: SQL is what counts then.
      await until(async () => {
        await state.put('after', 'x', clock() + minute);
        return (await primary?.ask('EXISTS', 'renkei:after')) === 1;
      }, 'the new primary is written to');
      expect(await primary?.ask('EXISTS', 'renkei:before')).to.equal(1);
      await state.close();
    }).timeout(30_000);
  });

  describe('when Redis is away', () => {
    let server: OwnRedis | null = null;
    let state: Counted;
    before(async function () {
      server = await ownRedis();
      if (server === null) this.skip();
      state = redisState({ url: server.url, commandTimeout: 300, clock });
      await state.ping();
    });
    after(async () => {
      await state?.close();
      await server?.end();
    });

    const refusal = async (): Promise<number> => {
      const began = performance.now();
      const error = await state.count('tries', now + minute).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(StoreUnavailable).with.property('tag', 'store-unavailable');
      return performance.now() - began;
    };
    const recovery = (): Promise<void> => recovered(state);

    it('refuses quickly while the server is down, and recovers without a restart', async () => {
      await server?.stop();
      expect(await refusal()).to.be.below(5_000);
      expect(await refusal()).to.be.below(5_000);
      await server?.start();
      await recovery();
    });

    it('refuses within the timeout while the server hangs, and counts nothing twice', async () => {
      await state.remove('tries');
      server?.hang();
      expect(await refusal()).to.be.below(5_000);
      expect(await refusal()).to.be.below(5_000);
      server?.resume();
      await recovery();
      expect((await state.count('tries', now + minute)).count).to.be.at.most(3);
    });

    it('refuses quickly when there was never a server', async () => {
      const nowhere = redisState({ url: 'redis://127.0.0.1:1', commandTimeout: 200, clock });
      const began = performance.now();
      expect(await nowhere.get('x').catch((caught: unknown) => caught)).to.be.instanceOf(StoreUnavailable);
      expect(performance.now() - began).to.be.below(5_000);
      await nowhere.close();
    });
  });
});
