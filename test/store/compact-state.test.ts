// Compact records: any text comes back as it was, from the same store that holds records written before.
import { expect } from 'chai';
import fc from 'fast-check';
import { compact, compactState, expand } from '../../src/store/compact-state.ts';
import { memoryState } from '../../src/store/state-memory.ts';

const later = Date.now() + 3_600_000;
const record = (accountId: string, sid: string): string =>
  JSON.stringify({
    payload: { iat: 1795337798, exp: 1795373798, accountId, acr: 'urn:renkei:acr:federated-otp', sid },
    consumedAt: null,
  });

describe('compact records', () => {
  it('give back every text, JSON or not', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.uuid()), (text) => {
        expect(expand(compact(text))).to.equal(text);
      }),
    );
    fc.assert(
      fc.property(fc.uuid(), fc.string(), (accountId, sid) => {
        expect(expand(compact(record(accountId, sid)))).to.equal(record(accountId, sid));
      }),
    );
  });

  it('read what was written before they were compact', () => {
    expect(expand(record('a', 'b'))).to.equal(record('a', 'b'));
  });

  it('take about half the bytes', () => {
    const text = record('01a20277-d445-7ddf-9f7b-a6aac60a6bab', 'rp6HuanKzr1sLT-mtq-fZLftNWQFbFqgH6eHLxkmylD');
    expect(Buffer.byteLength(compact(text))).to.be.below(Buffer.byteLength(text) / 1.7);
  });

  it('are kept so under lasting keys alone, and every verb speaks of the whole text', async () => {
    const store = memoryState({ clock: Date.now });
    const state = compactState(store, (key) => key.startsWith('login:'));
    const [one, two] = [record('a', '1'), record('a', '2')];
    await state.put('login:1', one, later);
    await state.put('attempt:1', one, later);
    expect(await store.get('login:1')).to.equal(compact(one));
    expect(await store.get('attempt:1')).to.equal(one);
    expect(await state.get('login:1')).to.equal(one);
    expect(await state.swap('login:1', two, one, later)).to.equal(false);
    expect(await state.swap('login:1', one, two, later)).to.equal(true);
    const joined = (now: string | null) => ({ value: `${now ?? ''}${one}`, expiresAt: later });
    expect(await state.change('login:1', joined)).to.equal(two + one);
    expect(await state.change('login:1', () => null)).to.equal(two + one);
    expect(await state.add('login:1', one, later)).to.equal(false);
    expect(await state.add('login:2', one, later)).to.equal(true);
    expect(await state.take('login:2')).to.equal(one);
    // Its counters and sets are the store's own.
    expect((await state.count('login:3', later)).count).to.equal(1);
    expect(state.commands).to.be.greaterThan(0);
  });
});
