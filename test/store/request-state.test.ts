// State as one request sees it: it asks once for what it reads, waits once for what it writes, and loses nothing that others
// write meanwhile.
import { expect } from 'chai';
import { compactState } from '../../src/store/compact-state.ts';
import { requestState, type RequestState } from '../../src/store/request-state.ts';
import { memoryState } from '../../src/store/state-memory.ts';
import type { State } from '../../src/store/state.ts';
import { StoreUnavailable } from '../../src/store/unavailable.ts';

const later = Date.now() + 3_600_000;

describe('state in a request', () => {
  let store: State & { readonly commands: number };
  let state: RequestState;
  beforeEach(() => {
    store = memoryState({ clock: Date.now });
    state = requestState(store, (key) => key.startsWith('swift:'));
  });
  const added = (word: string) => (now: string | null) => ({ value: `${now ?? ''}${word}`, expiresAt: later });

  it('asks once for what several parts of it read, also when they ask at once', async () => {
    await store.put('swift:a', '1', later);
    const before = store.commands;
    await state.during(async () => {
      expect(await Promise.all([state.get('swift:a'), state.get('swift:a')])).to.deep.equal(['1', '1']);
      expect(await state.get('swift:a')).to.equal('1');
    });
    expect(store.commands - before).to.equal(1);
  });

  it('reads anew when it is told to, and in the next request', async () => {
    await store.put('swift:a', '1', later);
    await state.during(async () => {
      await state.get('swift:a');
      await store.put('swift:a', '2', later);
      expect(await state.get('swift:a')).to.equal('1');
      expect(await state.get('swift:a', true)).to.equal('2');
    });
    await store.put('swift:a', '3', later);
    await state.during(async () => expect(await state.get('swift:a')).to.equal('3'));
  });

  it('sees its own writes before they stand, and they stand when it is over', async () => {
    await state.during(async () => {
      await state.put('swift:a', '1', later);
      await state.change('swift:b', added('x'));
      await state.change('swift:b', added('y'));
      await state.remove('swift:c');
      expect([await state.get('swift:a'), await state.get('swift:b'), await state.get('swift:c')]).to.deep.equal([
        '1',
        'xy',
        null,
      ]);
      expect(await store.get('swift:b'), 'not yet').to.equal(null);
      await state.settle();
      expect(await store.get('swift:b')).to.equal('xy');
      await state.change('swift:b', added('z'));
    });
    expect([await store.get('swift:a'), await store.get('swift:b')]).to.deep.equal(['1', 'xyz']);
  });

  it('writes a record that several of its parts change with one command', async () => {
    await store.put('swift:a', 'a', later);
    const before = store.commands;
    await state.during(async () => {
      for (const word of ['b', 'c', 'd']) await state.change('swift:a', added(word));
    });
    expect(store.commands - before).to.equal(2);
    expect(await store.get('swift:a')).to.equal('abcd');
  });

  it('applies its changes again on what another request wrote meanwhile', async () => {
    await store.put('swift:a', 'a', later);
    await state.during(async () => {
      await state.change('swift:a', added('b'));
      await store.put('swift:a', 'A', later);
      await state.change('swift:a', added('c'));
      expect(await state.get('swift:a')).to.equal('abc');
    });
    expect(await store.get('swift:a')).to.equal('Abc');
  });

  it('keeps every change of many requests at once', async () => {
    await Promise.all(
      Array.from('abcdefgh', (word) =>
        state.during(async () => {
          await state.get('swift:a');
          await Promise.resolve();
          await state.change('swift:a', added(word));
        }),
      ),
    );
    expect(Array.from((await store.get('swift:a')) ?? '').toSorted()).to.deep.equal(Array.from('abcdefgh'));
  });

  it('does not bring back what another request removed, when its rule says so', async () => {
    await store.put('swift:a', 'a', later);
    await state.during(async () => {
      await state.change('swift:a', (now) => (now === null ? null : { value: `${now}b`, expiresAt: later }));
      await store.remove('swift:a');
    });
    expect(await store.get('swift:a')).to.equal(null);
  });

  it('fails at its end with what a rule throws on what stands there by then', async () => {
    const once = (now: string | null) => {
      if (now === 'used') throw new Error('used twice');
      return { value: 'used', expiresAt: later };
    };
    await store.put('swift:a', 'good', later);
    const both = await Promise.allSettled(
      [1, 2].map(() =>
        state.during(async () => {
          await state.change('swift:a', once);
        }),
      ),
    );
    expect(both.map(({ status }) => status).toSorted()).to.deep.equal(['fulfilled', 'rejected']);
  });

  it('fails when a write fails that nobody waited for, and does what it can when its work fails', async () => {
    const away: typeof store = Object.create(store, {
      put: {
        value: async () => {
          throw new StoreUnavailable('redis');
        },
      },
    });
    const failing = requestState(away, () => true);
    const error = await failing
      .during(async () => {
        await failing.put('swift:a', '1', later);
        return 'answered';
      })
      .catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(StoreUnavailable);
    const own = await state
      .during(async () => {
        await state.change('swift:a', added('counted'));
        throw new Error('the work');
      })
      .catch((caught: unknown) => caught);
    expect(own).to.be.instanceOf(Error).with.property('message', 'the work');
    expect(await store.get('swift:a')).to.equal('counted');
  });

  it('tells single use at once: what is taken, added or swapped is so for everybody', async () => {
    await store.put('swift:a', '1', later);
    const takers = await Promise.all([1, 2, 3].map(() => state.during(() => state.take('swift:a'))));
    expect(takers.filter((value) => value !== null)).to.deep.equal(['1']);
    const adders = await Promise.all([1, 2, 3].map(() => state.during(() => state.add('swift:a', '2', later))));
    expect(adders.filter(Boolean).length).to.equal(1);
    const swappers = await Promise.all(
      [3, 4, 5].map((n) => state.during(() => state.swap('swift:a', '2', String(n), later))),
    );
    expect(swappers.filter(Boolean).length).to.equal(1);
  });

  it('tells whether a record is still what it read, and sees the newer one from then on', async () => {
    await store.put('swift:a', 'a', later);
    await state.during(async () => {
      await state.get('swift:a');
      await state.change('swift:b', added('x'));
      expect([await state.stands('swift:a'), await state.stands('swift:b')]).to.deep.equal([true, true]);
      expect(await store.get('swift:b'), 'written by then').to.equal('x');
      await state.change('swift:b', added('y'));
      await store.put('swift:a', 'A', later);
      await store.put('swift:b', 'B', later);
      expect([await state.stands('swift:a'), await state.stands('swift:b')]).to.deep.equal([false, false]);
      expect(await state.get('swift:a')).to.equal('A');
      // Its own change was made again on the newer one.
      expect(await state.get('swift:b')).to.equal('By');
    });
    expect(await state.stands('swift:a')).to.equal(true);
  });

  it('forgets what it read when it loses a swap', async () => {
    await store.put('swift:a', '1', later);
    await state.during(async () => {
      await state.get('swift:a');
      await store.put('swift:a', '2', later);
      expect(await state.swap('swift:a', '1', '3', later)).to.equal(false);
      expect(await state.get('swift:a')).to.equal('2');
    });
  });

  it('keeps nothing back of other keys, nor outside a request', async () => {
    await state.during(async () => {
      await state.change('count:a', added('x'));
      expect(await store.get('count:a')).to.equal('x');
      await store.put('count:a', 'y', later);
      expect(await state.get('count:a')).to.equal('y');
    });
    await state.change('swift:a', added('x'));
    expect(await store.get('swift:a')).to.equal('x');
    expect(await state.change('swift:a', () => null)).to.equal('x');
  });

  it('is not what runs on when the request is over: that reads anew, and writes at once', async () => {
    await store.put('swift:a', '1', later);
    let go = (): void => {};
    const over = new Promise<void>((resolve) => (go = resolve));
    const afterwards = async (): Promise<void> => {
      await over;
      expect(await state.get('swift:a')).to.equal('2');
      await state.change('swift:a', added('x'));
      await state.put('swift:b', 'y', later);
    };
    const late: Promise<void>[] = [];
    await state.during(async () => {
      await state.get('swift:a');
      late.push(afterwards());
    });
    await store.put('swift:a', '2', later);
    go();
    await Promise.all(late);
    expect([await store.get('swift:a'), await store.get('swift:b')]).to.deep.equal(['2x', 'y']);
  });

  it('changes what another version of us has written in other words', async () => {
    const compacting = requestState(
      compactState(store, () => true),
      () => true,
    );
    await store.put('swift:a', '{"payload":{"iat":1}}', later);
    await compacting.during(async () => {
      await compacting.change('swift:a', added(' '));
    });
    expect(await compacting.get('swift:a')).to.equal('{"payload":{"iat":1}} ');
  });

  it('counts commands that are under way together as one trip', async () => {
    const before = state.roundTrips;
    await state.during(async () => {
      await Promise.all([state.get('swift:a'), state.get('swift:b'), state.get('other:c')]);
      await state.put('swift:a', '1', later);
      await state.put('swift:b', '2', later);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    });
    expect(state.roundTrips - before).to.equal(2);
  });
});
