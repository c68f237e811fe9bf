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
