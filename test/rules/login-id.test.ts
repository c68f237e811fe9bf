// Login IDs, typed and chosen.
import { expect } from 'chai';
import { isIssuedLoginId, judgeNewLoginId, loginIdKey, readLoginId } from '../../src/rules/login-id.ts';

const policy = { min: 6, max: 12 };

describe('a login ID typed to sign in', () => {
  it('has one key in full width, upper case, and with spaces', () => {
    for (const typed of ['Tanaka01', 'ＴＡＮＡＫＡ０１', 'tanaka 01', ' TANAKA-01 ', 'tanaka０１']) {
      expect(readLoginId(typed)).to.include({ ok: true, key: 'tanaka01' });
      expect(loginIdKey(typed)).to.equal('tanaka01');
    }
  });

  it('is refused at the field only when no ID could be so', () => {
    expect(readLoginId('')).to.deep.equal({ ok: false, error: 'form.required' });
    expect(readLoginId('　')).to.deep.equal({ ok: false, error: 'form.required' });
    expect(readLoginId('a\u0000')).to.deep.equal({ ok: false, error: 'form.chars' });
    expect(readLoginId('a'.repeat(300))).to.deep.equal({ ok: false, error: 'form.long' });
    expect(readLoginId('nobody@example.jp')).to.include({ ok: true });
  });
});

describe('a newly chosen login ID', () => {
  it('keeps its case for display and gives it up for its key', () => {
    expect(judgeNewLoginId('Tanaka01', policy)).to.deep.equal({ ok: true, asTyped: 'Tanaka01', key: 'tanaka01' });
    expect(judgeNewLoginId('Ｔａｎａｋａ０１', policy)).to.deep.equal({
      ok: true,
      asTyped: 'Tanaka01',
      key: 'tanaka01',
    });
  });

  it('has 6 to 12 letters or digits', () => {
    expect(judgeNewLoginId('abcde', policy)).to.deep.equal({ ok: false, error: 'id.length' });
    expect(judgeNewLoginId('abcdef', policy)).to.include({ ok: true });
    expect(judgeNewLoginId('abcdefghijkl', policy)).to.include({ ok: true });
    expect(judgeNewLoginId('abcdefghijklm', policy)).to.deep.equal({ ok: false, error: 'id.length' });
    for (const odd of ['tanaka_01', 'tanaka.01', 'たなか0123', 'tanaka＠01', 'ａｂｃé01']) {
      expect(judgeNewLoginId(odd, policy), odd).to.deep.equal({ ok: false, error: 'form.chars' });
    }
  });

  it('is never nine digits, in whatever width they are typed and whatever lengths a bank allows', () => {
    for (const typed of ['123456789', '１２３４５６７８９', '123-456-789']) {
      expect(judgeNewLoginId(typed, policy)).to.deep.equal({ ok: false, error: 'id.issued' });
      expect(judgeNewLoginId(typed, { min: 10, max: 12 })).to.deep.equal({ ok: false, error: 'id.issued' });
    }
    expect(judgeNewLoginId('12345678', policy)).to.include({ ok: true });
    expect(isIssuedLoginId('1234567890')).to.equal(false);
  });
});
