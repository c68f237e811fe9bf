// 利用開始パスワード and what a token app sends (spec §5): what may be chosen, and how what was typed is read.
import { expect } from 'chai';
import fc from 'fast-check';
import { isEasy, readActivation, readFetch } from '../../src/rules/activation.ts';

const errorOf = (typed: string): string | null => {
  const read = readActivation(typed);
  return read.ok ? null : read.error;
};

describe('an activation password', () => {
  it('has four to eight digits, of any width, with spaces or hyphens', () => {
    for (const typed of ['7309', '4 1 8 6', '73-09', '５８３１', '60481937'])
      expect(readActivation(typed)).to.include({ ok: true });
    expect(readActivation('５８-３１')).to.deep.equal({ ok: true, digits: '5831' });
  });

  it('is nothing else', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['', 'form.required'],
      [' - ', 'form.required'],
      ['731', 'issue.digits'],
      ['604819375', 'issue.digits'],
      ['73a9', 'issue.digits'],
      ['七三零九', 'issue.digits'],
      ['7309\n8', 'form.chars'],
      ['7'.repeat(300), 'form.long'],
    ];
    for (const [typed, error] of cases) expect(errorOf(typed), JSON.stringify(typed)).to.equal(error);
  });

  it('is not one that anybody tries first', () => {
    const easy = [
      '0000',
      '11111111',
      '1212',
      '123123',
      '1234',
      '4321',
      '9012',
      '8642',
      '13579',
      '1221',
      '2580',
      '0852',
    ];
    const dates = ['1999', '2024', '19850412', '850412', '20261124'];
    for (const digits of [...easy, ...dates]) expect(isEasy(digits), digits).to.equal(true);
    for (const digits of ['7309', '4186', '0926', '60481937', '994731']) expect(isEasy(digits), digits).to.equal(false);
    expect(errorOf('１２３４'), 'in any width').to.equal('issue.weak');
  });

  it('leaves most of what can be chosen', () => {
    const all = Array.from({ length: 10_000 }, (_each, n) => String(n).padStart(4, '0'));
    expect(all.filter(isEasy).length).to.be.within(200, 800);
  });

  it('is judged without surprise, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const read = readActivation(typed);
        if (read.ok) expect(read.digits).to.match(/^[0-9]{4,8}$/);
      }),
    );
  });
});

describe('what a token app sends', () => {
  const right = {
    service_id: '10000001',
    user_id: 'K7F3M2Q9XW4D',
    activation_password: '7309',
    nonce: `${'a'.repeat(42)}A`,
  };

  it('is read as people type it', () => {
    const typed = {
      ...right,
      user_id: 'k7f3 m2q9-xw4d',
      service_id: '１０００-０００１',
      activation_password: '７３０９',
    };
    expect(readFetch(typed)).to.deep.equal({
      ok: true,
      request: { serviceId: '10000001', userId: 'K7F3M2Q9XW4D', digits: '7309', nonce: right.nonce },
    });
  });

  it('is told every part that cannot be right, and no more', () => {
    expect(readFetch({ ...right, user_id: 'short', nonce: 'x' })).to.deep.equal({
      ok: false,
      fields: ['user_id', 'nonce'],
    });
    expect(readFetch({ ...right, activation_password: '731' })).to.deep.equal({
      ok: false,
      fields: ['activation_password'],
    });
    // 32 bytes leave two bits of the last character unused: another spelling of the same value is none.
    expect(readFetch({ ...right, nonce: `${'a'.repeat(42)}B` })).to.deep.equal({ ok: false, fields: ['nonce'] });
  });
});
