// What input methods, clipboards and attackers put into fields.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  byteLength,
  hasControl,
  hasFullWidth,
  judgeText,
  normalise,
  readCode,
  textLimit,
} from '../../src/rules/normalise.ts';

describe('typed text', () => {
  it('of full-width letters and digits is read as half-width', () => {
    expect(normalise('ＴＡＮＡＫＡ０１')).to.equal('TANAKA01');
  });

  it('loses spaces and hyphens of every kind', () => {
    for (const mark of [
      ' ',
      '　',
      '\u00A0',
      '\u200B',
      '\uFEFF',
      '-',
      '‐',
      '‑',
      '–',
      '—',
      '―',
      '−',
      '－',
      '﹣',
      'ー',
      'ｰ',
      '─',
      '━',
      '〜',
      '\u00AD',
    ]) {
      expect(normalise(`12${mark}34`), JSON.stringify(mark)).to.equal('1234');
    }
  });

  it('is the same after it was normalised twice', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => normalise(normalise(text)) === normalise(text)));
    expect(normalise('e-\u0301')).to.equal('é');
  });

  it('is measured in bytes of UTF-8, as they travel', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => byteLength(text) === new TextEncoder().encode(text).length),
    );
  });

  it('is refused when it is longer than 256 bytes, not characters', () => {
    expect(judgeText('a'.repeat(textLimit))).to.equal(null);
    expect(judgeText('a'.repeat(textLimit + 1))).to.equal('form.long');
    expect(judgeText('あ'.repeat(86))).to.equal('form.long');
  });

  it('is refused when it is empty, or holds control characters or halves of characters', () => {
    expect(judgeText('')).to.equal('form.required');
    for (const bad of ['a\u0000b', 'a\tb', 'a\r\nb', 'a\u007Fb', 'a\u0085b', 'a\u2028b', 'a\u202Eb', 'a\uD800b']) {
      expect(judgeText(bad), JSON.stringify(bad)).to.equal('form.chars');
      expect(hasControl(bad)).to.equal(true);
    }
  });

  it('is full-width when an input method was left on, and not for half-width kana or accents', () => {
    for (const wide of ['ａ', '１', '！', '　', 'あ', '漢', '字'])
      expect(hasFullWidth(`abc${wide}1`), wide).to.equal(true);
    for (const narrow of ['abc123', '~!@#', 'é', '¥', 'ｱ']) expect(hasFullWidth(narrow), narrow).to.equal(false);
  });
});

describe('a code', () => {
  it('tells how many digits were typed when their number is wrong', () => {
    expect(readCode('1234567', 6)).to.deep.equal({ ok: false, error: 'digits', digits: 7 });
    expect(readCode('12345x', 6)).to.deep.equal({ ok: false, error: 'digits', digits: null });
  });

  it('is read whatever marks stand between its digits', () => {
    const mark = fc.constantFrom('', ' ', '-', '　', '－');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), mark), { minLength: 6, maxLength: 6 }), (parts) => {
        const typed = parts.map(([digit, between]) => `${digit}${between}`).join('');
        const code = parts.map(([digit]) => digit).join('');
        expect(readCode(typed, 6)).to.deep.equal({ ok: true, code });
      }),
    );
  });
});
