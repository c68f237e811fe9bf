// Things nobody may guess, and numbers people read aloud.
import { expect } from 'chai';
import {
  issuedLoginId,
  issuedPassword,
  randomDigits,
  randomId,
  randomSecret,
  readReference,
  referenceNumber,
  rowId,
} from '../../src/secrets/random.ts';

const many = <T>(make: () => T): readonly T[] => Array.from({ length: 2_000 }, make);

describe('a random value', () => {
  it('has 128 bits as a name and 256 as a secret, and never comes twice', () => {
    expect(Buffer.from(randomId(), 'base64url').length).to.equal(16);
    expect(Buffer.from(randomSecret(), 'base64url').length).to.equal(32);
    expect(new Set(many(randomId)).size).to.equal(2_000);
  });

  it('as a row’s id is a UUID of version 7 that sorts by its time', () => {
    const now = Date.UTC(2026, 10, 24);
    const ids = [rowId(now), rowId(now + 1), rowId(now + 86_400_000)];
    for (const id of ids) expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([...ids].sort()).to.deep.equal(ids);
    expect(Number.parseInt(rowId(now).replace('-', '').slice(0, 12), 16)).to.equal(now);
    expect(new Set(many(() => rowId(now))).size).to.equal(2_000);
  });

  it('as a code has exactly its digits, each as likely as the others', () => {
    const codes = many(() => randomDigits(8));
    for (const code of codes) expect(code).to.match(/^[0-9]{8}$/);
    for (const digit of '0123456789') {
      const share = codes.join('').split(digit).length - 1;
      expect(share, digit).to.be.within(1_300, 1_900);
    }
  });

  it('as an issued ID has nine digits', () => {
    expect(issuedLoginId()).to.match(/^[0-9]{9}$/);
  });

  it('as an issued password has nine characters that paper keeps apart, with a letter and a digit', () => {
    for (const password of many(() => issuedPassword())) {
      expect(password).to.match(/^[A-Za-z0-9]{9}$/);
      expect(password).to.not.match(/[0O1Il]/);
      expect(password)
        .to.match(/[A-Za-z]/)
        .and.match(/[0-9]/);
    }
  });
});

describe('a reference number', () => {
  it('has two groups of four that cannot be mistaken for each other', () => {
    for (const reference of many(referenceNumber))
      expect(reference).to.match(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
  });

  it('is read back without regard to case, width or hyphen', () => {
    for (const typed of ['7K3F-92QD', '7k3f92qd', ' 7K3F 92QD ', '７Ｋ３Ｆ－９２ＱＤ', '7K3F—92QD']) {
      expect(readReference(typed), typed).to.equal('7K3F-92QD');
    }
    for (const reference of many(referenceNumber).slice(0, 100))
      expect(readReference(reference.toLowerCase())).to.equal(reference);
  });

  it('is not read from what is none', () => {
    for (const typed of ['', '7K3F-92Q', '7K3F-92QDD', '7K3F-92Q0', '7K3F-92QI', '7K3F_92QD', 'x'.repeat(10_000)]) {
      expect(readReference(typed)).to.equal(null);
    }
  });
});
