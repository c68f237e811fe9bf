// Digests, keyed digests, keys of one purpose, and the chain of audit records.
import { expect } from 'chai';
import { createChainMac } from '../../src/secrets/chain-mac.ts';
import { deriveKey, hmac, sameText, sha256 } from '../../src/secrets/digest.ts';

const master = 'a master secret of the test with 32 bytes or more';

describe('a digest', () => {
  it('is SHA-256 (FIPS 180-2, appendix B.1)', () => {
    expect(Buffer.from(sha256('abc'), 'base64url').toString('hex')).to.equal(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('under a key is HMAC-SHA-256 (RFC 4231, case 2)', () => {
    expect(hmac(new TextEncoder().encode('Jefe'), 'what do ya want for nothing?', 'hex')).to.equal(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    expect(hmac(deriveKey(master, 'x'), 'y')).to.match(/^[A-Za-z0-9_-]{43}$/);
  });

  it('is compared whole, whatever the lengths', () => {
    expect(sameText('abc', 'abc')).to.equal(true);
    for (const other of ['', 'ab', 'abd', 'abcd', 'ABC']) expect(sameText('abc', other), other).to.equal(false);
  });
});

describe('a key of one purpose', () => {
  it('is always the same for its purpose and never for another', () => {
    expect(deriveKey(master, 'audit chain')).to.deep.equal(deriveKey(master, 'audit chain'));
    expect(deriveKey(master, 'audit chain')).to.not.deep.equal(deriveKey(master, 'device cookie'));
    expect(deriveKey(master, 'audit chain')).to.not.deep.equal(deriveKey(`${master}.`, 'audit chain'));
    expect(deriveKey(master, 'audit chain').length).to.equal(32);
  });

  it('is not made from a short secret', () => {
    expect(() => deriveKey('short', 'audit chain')).to.throw(RangeError);
    expect(() => deriveKey(new Uint8Array(31), 'audit chain')).to.throw(RangeError);
  });
});

describe('the chain of audit records', () => {
  const mac = createChainMac(deriveKey(master, 'audit chain'));

  it('covers the record and the one before it', () => {
    const one = mac('', '{"seq":1}');
    expect(mac('', '{"seq":1}')).to.equal(one);
    expect(mac('', '{"seq":2}')).to.not.equal(one);
    expect(mac(one, '{"seq":2}')).to.not.equal(mac('', '{"seq":2}'));
  });

  it('lets nothing pass from a record into the MAC before it', () => {
    expect(mac('ab', 'c')).to.not.equal(mac('a', 'bc'));
    expect(mac('a', '.b')).to.not.equal(mac('a.', 'b'));
  });

  it('needs its key', () => {
    expect(createChainMac(deriveKey(master, 'another'))('', 'x')).to.not.equal(mac('', 'x'));
    expect(() => createChainMac(new Uint8Array(8))).to.throw(RangeError);
  });
});
