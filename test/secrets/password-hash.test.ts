// Password hashes: form, the same work for everybody, and the bounded queue. Small parameters; the product's are in the policy.
import { expect } from 'chai';
import { createPasswordHasher, hashesAtOnce, isOverloaded, Overloaded } from '../../src/secrets/password-hash.ts';

const small = { memoryKiB: 1024, timeCost: 1, parallelism: 1, concurrency: 1, queueLimit: 3 };
const hasher = createPasswordHasher(small);

describe('a password’s hash', () => {
  it('is argon2id with the given parameters and a salt of its own', async () => {
    const one = await hasher.hash('Abcd1234');
    expect(one).to.match(/^\$argon2id\$v=19\$m=1024,p=1,t=1\$/);
    expect(await hasher.hash('Abcd1234')).to.not.equal(one);
  });

  it('is confirmed by its password alone', async () => {
    const hash = await hasher.hash('Abcd1234');
    expect(await hasher.verify(hash, 'Abcd1234')).to.equal(true);
    expect(await hasher.verify(hash, 'abcd1234')).to.equal(false);
    expect(await hasher.verify(hash, '')).to.equal(false);
  });

  it('is verified against the reference implementation’s own', async () => {
    // From the test suite of the argon2 reference implementation: password "password", salt "somesalt".
    const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await hasher.verify(hash, 'password')).to.equal(true);
    expect(await hasher.verify(hash, 'Password')).to.equal(false);
  });

  it('is made anew only when the parameters have risen', async () => {
    const hash = await hasher.hash('Abcd1234');
    expect(hasher.needsRehash(hash)).to.equal(false);
    expect(createPasswordHasher({ ...small, memoryKiB: 2048 }).needsRehash(hash)).to.equal(true);
    expect(createPasswordHasher({ ...small, timeCost: 2 }).needsRehash(hash)).to.equal(true);
    expect(createPasswordHasher({ ...small, memoryKiB: 512 }).needsRehash(hash)).to.equal(false);
    expect(hasher.needsRehash('$argon2i$v=19$m=65536,t=9,p=1$c29tZXNhbHQ$AAAA')).to.equal(true);
    expect(hasher.needsRehash('plain')).to.equal(true);
  });
});

describe('the dummy hash', () => {
  it('is one computation, like a comparison, and never right', async () => {
    const hash = await hasher.hash('Abcd1234');
    const before = hasher.computed();
    await hasher.verify(hash, 'wrong');
    const compared = hasher.computed();
    expect(await hasher.dummy('Abcd1234')).to.equal(false);
    expect(hasher.computed() - compared).to.equal(compared - before);
    expect(compared - before).to.equal(1);
  });
});

describe('the queue of hashes', () => {
  it('leaves one core alone, and has always one place', () => {
    expect([1, 2, 8].map(hashesAtOnce)).to.deep.equal([1, 1, 7]);
  });

  it('sheds what may not wait, and recovers', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => hasher.dummy('Abcd1234')));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).to.equal(10 - small.concurrency - small.queueLimit);
    for (const result of refused) expect(isOverloaded(result.reason)).to.equal(true);
    expect(await hasher.dummy('Abcd1234')).to.equal(false);
    expect(isOverloaded(new Error('other'))).to.equal(false);
  });

  it('never computes more at once than it may', async () => {
    const two = createPasswordHasher({ ...small, concurrency: 2, queueLimit: 50 });
    const order: number[] = [];
    await Promise.all(Array.from({ length: 12 }, (_, i) => two.dummy('x').then(() => order.push(i))));
    expect(order.length).to.equal(12);
    expect(two.computed()).to.equal(12);
  });

  it('says so before the work begins, so that nothing was counted yet', async () => {
    const narrow = createPasswordHasher({ ...small, queueLimit: 0 });
    let release = (): void => undefined;
    const held = narrow.admit(() => new Promise<void>((resolve) => (release = resolve)));
    let reserved = false;
    const refused = await narrow
      .admit(async () => {
        reserved = true;
      })
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(refused).to.be.instanceOf(Overloaded);
    expect(reserved).to.equal(false);
    release();
    await held;
    expect(await narrow.admit((work) => work.dummy('x'))).to.equal(false);
  });

  it('gives its place back when the work fails', async () => {
    const narrow = createPasswordHasher({ ...small, queueLimit: 0 });
    for (let i = 0; i < 3; i += 1) {
      const failed = await narrow.verify('no hash at all', 'x').then(
        () => null,
        (error: unknown) => error,
      );
      expect(failed).to.be.instanceOf(Error).and.not.instanceOf(Overloaded);
    }
    expect(await narrow.dummy('x')).to.equal(false);
  });
});
