// Secrets at rest.
import { expect } from 'chai';
import { createSealer, SealBroken } from '../../src/secrets/sealing.ts';

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const first = { id: 'k1', key: key(1) };
const second = { id: 'k2', key: key(2) };
const sealer = createSealer([first]);

describe('a sealed secret', () => {
  it('opens for what it was sealed for', () => {
    expect(sealer.openText(sealer.seal('秘密 secret', 'token-1'), 'token-1')).to.equal('秘密 secret');
    expect(sealer.open(sealer.seal(key(9), 'token-1'), 'token-1')).to.deep.equal(Buffer.from(key(9)));
    expect(sealer.openText(sealer.seal('', 'token-1'), 'token-1')).to.equal('');
  });

  it('does not open for another token, nor when moved to another row', () => {
    expect(() => sealer.open(sealer.seal('secret', 'token-1'), 'token-2')).to.throw(SealBroken);
  });

  it('is another text each time', () => {
    expect(sealer.seal('secret', 'a')).to.not.equal(sealer.seal('secret', 'a'));
  });

  it('does not open when any part of it was altered', () => {
    const sealed = sealer.seal('secret', 'a');
    const body = Buffer.from(sealed.slice('v1.k1.'.length), 'base64url');
    for (let i = 0; i < body.length; i += 1) {
      const altered = Buffer.from(body);
      altered.writeUInt8(altered.readUInt8(i) ^ 1, i);
      expect(() => sealer.open(`v1.k1.${altered.toString('base64url')}`, 'a'), `byte ${i}`).to.throw(SealBroken);
    }
    for (const odd of [
      '',
      'v1',
      'v1.k1',
      'v1.k1.',
      'v1.k1.AAAA',
      `v2${sealed.slice(2)}`,
      `${sealed}.x`,
      sealed.slice(0, -4),
      'v1.k9.AAAA',
    ]) {
      expect(() => sealer.open(odd, 'a'), odd).to.throw(SealBroken);
    }
  });

  it('opens after a new key came, and is known to be old', () => {
    const rotated = createSealer([second, first]);
    const sealed = sealer.seal('secret', 'a');
    expect(rotated.openText(sealed, 'a')).to.equal('secret');
    expect(rotated.isOld(sealed)).to.equal(true);
    expect(rotated.isOld(rotated.seal('secret', 'a'))).to.equal(false);
    expect(() => sealer.open(rotated.seal('secret', 'a'), 'a')).to.throw(SealBroken);
  });

  it('is sealed anew under the newest key, for the same thing alone', () => {
    const rotated = createSealer([second, first]);
    const again = rotated.reseal(sealer.seal('secret', 'a'), 'a');
    expect(createSealer([second]).openText(again, 'a')).to.equal('secret');
    expect(rotated.isOld(again)).to.equal(false);
    expect(() => rotated.reseal(sealer.seal('secret', 'a'), 'b')).to.throw(SealBroken);
    expect(rotated.keys).to.deep.equal(['k2', 'k1']);
  });

  it('names the key that is missing, and nothing else of what is wrong', () => {
    const broken = (sealed: string): SealBroken => {
      try {
        sealer.open(sealed, 'a');
      } catch (error) {
        if (error instanceof SealBroken) return error;
      }
      throw new Error('it opened');
    };
    const missing = broken(createSealer([second]).seal('secret', 'a'));
    expect([missing.unknownKey, missing.message]).to.deep.equal([
      'k2',
      'sealed under the key k2, which is not configured',
    ]);
    for (const sealed of [sealer.seal('secret', 'b'), 'v1.k 2.AAAA', `v1.<b>.${'A'.repeat(60)}`, 'v1.k1.AAAA', ''])
      expect([broken(sealed).unknownKey, broken(sealed).message.includes('secret')]).to.deep.equal([null, false]);
  });

  it('does not open under another key of the same name', () => {
    expect(() => createSealer([{ id: 'k1', key: key(3) }]).open(sealer.seal('secret', 'a'), 'a')).to.throw(SealBroken);
  });

  it('needs proper keys', () => {
    expect(() => createSealer([])).to.throw(RangeError);
    expect(() => createSealer([{ id: 'k1', key: new Uint8Array(16) }])).to.throw(RangeError);
    expect(() => createSealer([{ id: 'k.1', key: key(1) }])).to.throw(RangeError);
    expect(() => createSealer([first, { ...second, id: 'k1' }])).to.throw(RangeError);
  });
});
