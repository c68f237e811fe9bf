// E-mail addresses: one, and nothing but one.
import { expect } from 'chai';
import { judgeEmail, maskEmail, sameEmail } from '../../src/rules/email.ts';

describe('an e-mail address', () => {
  it('is taken as typed, without the blanks around it', () => {
    for (const address of [
      'tanaka@example.co.jp',
      'a@b.jp',
      'first.last+bank@sub.example.com',
      "o'neil@example.com",
      'x@xn--eckwd4c7c.jp',
    ]) {
      expect(judgeEmail(address), address).to.deep.equal({ ok: true, address });
    }
    expect(judgeEmail(' Tanaka@Example.co.jp ')).to.deep.equal({ ok: true, address: 'Tanaka@Example.co.jp' });
  });

  it('is one, half-width, with a whole domain', () => {
    for (const odd of [
      'tanaka',
      '@example.jp',
      'tanaka@',
      'tanaka@localhost',
      'a@b@example.jp',
      'a,b@example.jp',
      'a@example.jp,b@example.jp',
      'a@example.jp;b@example.jp',
      'Tanaka <tanaka@example.jp>',
      '"a b"@example.jp',
      'a b@example.jp',
      '.a@example.jp',
      'a.@example.jp',
      'a..b@example.jp',
      'a@-example.jp',
      'a@example-.jp',
      'a@example..jp',
      'a@example.jp.',
      'a@[192.0.2.1]',
      'a@192.0.2.1',
      'ｔanaka@example.jp',
      'tanaka＠example.jp',
      'tanaka@例え.jp',
      'a(b)@example.jp',
      `${'a'.repeat(65)}@example.jp`,
      `a@${'b'.repeat(64)}.jp`,
    ]) {
      expect(judgeEmail(odd), odd).to.deep.equal({ ok: false, error: 'issue.mail' });
    }
  });

  it('can carry no second header', () => {
    for (const odd of [
      'a@example.jp\r\nBcc: b@example.jp',
      'a@example.jp\n',
      'a\u0000@example.jp',
      'a@example.jp\u2028',
    ]) {
      expect(judgeEmail(odd), JSON.stringify(odd)).to.deep.equal({ ok: false, error: 'form.chars' });
    }
  });

  it('is typed, and not longer than 254 bytes', () => {
    expect(judgeEmail('')).to.deep.equal({ ok: false, error: 'form.required' });
    expect(judgeEmail('   ')).to.deep.equal({ ok: false, error: 'form.required' });
    const domain = `${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.jp`;
    const longest = `${'a'.repeat(254 - 1 - domain.length)}@${domain}`;
    expect(longest.length).to.equal(254);
    expect(judgeEmail(longest.replace(/^a{8}/, ''))).to.include({ ok: true });
    expect(judgeEmail(`a${longest}`)).to.deep.equal({ ok: false, error: 'form.long' });
  });

  it('is masked but for its first character and its domain', () => {
    expect(maskEmail('tanaka@example.co.jp')).to.equal('t***@example.co.jp');
    expect(maskEmail('no address')).to.equal('***');
  });

  it('is the same whatever the case of its domain', () => {
    expect(sameEmail('tanaka@Example.jp', 'tanaka@example.JP')).to.equal(true);
    expect(sameEmail('Tanaka@example.jp', 'tanaka@example.jp')).to.equal(false);
  });
});
