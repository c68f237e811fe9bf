// Names of people: any script, one line, nothing hidden.
import { expect } from 'chai';
import { judgePersonName } from '../../src/rules/person-name.ts';

describe('the name of a person', () => {
  it('may be of any script, with emoji, up to 40 characters', () => {
    for (const name of [
      '佐藤 健一',
      'O’Neill-Müller',
      'שרה כהן',
      '👩‍💻 開発',
      '𠮷野 家',
      '名'.repeat(40),
      '😀'.repeat(40),
    ])
      expect(judgePersonName(name), name).to.deep.equal({ ok: true, name: name.normalize('NFC') });
    expect(judgePersonName('　山田 ')).to.deep.equal({ ok: true, name: '山田' });
  });

  it('is not empty, too long, or made of what hides or turns text', () => {
    for (const name of ['', '  ', '　'])
      expect(judgePersonName(name)).to.deep.equal({ ok: false, error: 'form.required' });
    for (const name of ['名'.repeat(41), '😀'.repeat(41)])
      expect(judgePersonName(name)).to.deep.equal({ ok: false, error: 'form.long' });
    for (const name of [
      'a\nb',
      'a\u0000',
      'a\u202Eb',
      'a\u2066b',
      '\u200B\u200D',
      '\uD800x',
      '--',
      '\u3164',
      '\u1160\u115F',
      '\u2800',
    ])
      expect(judgePersonName(name), JSON.stringify(name)).to.deep.equal({ ok: false, error: 'form.chars' });
  });
});
