// Where an upstream's own words may send our requests and our people.
import { expect } from 'chai';
import { mayReach } from '../../src/oidc/upstream-fetch.ts';

const bank = 'https://bd.bank.example';
const open = { demo: false, allowedOrigins: null };

describe('addresses that an upstream names', () => {
  it('may be its own, or another public name over https', () => {
    for (const address of [`${bank}/token`, 'https://tokens.bank.example/token?x=1', `${bank}:8443/token`]) {
      expect(mayReach(address, bank, open), address).to.equal(true);
    }
  });

  it('may not be plain, local, inside, or dressed up', () => {
    for (const address of [
      'http://bd.bank.example/token',
      'https://localhost/token',
      'https://localhost./token',
      'https://gateway.localhost/token',
      'https://127.0.0.1/token',
      'https://0x7f.1/token',
      'https://2130706433/token',
      'https://[::1]/token',
      'https://[::ffff:10.0.0.1]/token',
      'https://169.254.169.254/latest/meta-data',
      'https://10.0.0.1/token',
      'https://redis/token',
      'https://db.internal/token',
      'https://printer.local/token',
      'https://user:pass@bd.bank.example/token',
      'https://bd.bank.example/token#x',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'data:application/json,{}',
      '//bd.bank.example/token',
      '/token',
      '',
    ]) {
      expect(mayReach(address, bank, open), address).to.equal(false);
    }
  });

  it('may be inside when the issuer is there itself, or when the origin is listed', () => {
    expect(mayReach('https://10.1.2.3/token', 'https://10.1.2.3', open)).to.equal(true);
    const listed = { demo: false, allowedOrigins: ['https://10.9.9.9'] };
    expect(mayReach('https://10.9.9.9/token', bank, listed)).to.equal(true);
    expect(mayReach('https://tokens.bank.example/token', bank, listed)).to.equal(false);
    expect(mayReach(`${bank}/token`, bank, listed)).to.equal(true);
  });

  it('may be plain between loopback hosts in the demo, and nowhere else', () => {
    const demo = { demo: true, allowedOrigins: null };
    expect(mayReach('http://127.0.0.1:3001/token', 'http://localhost:3001', demo)).to.equal(true);
    expect(mayReach('http://localhost:3001/token', 'http://localhost:3001', open)).to.equal(false);
    expect(mayReach('http://localhost:6379/token', bank, demo)).to.equal(false);
    expect(mayReach('http://10.0.0.1/token', 'http://localhost:3001', demo)).to.equal(false);
    expect(mayReach('http://bd.bank.example/token', 'http://bd.bank.example', demo)).to.equal(false);
  });
});
