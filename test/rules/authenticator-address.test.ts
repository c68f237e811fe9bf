// The address in the QR code of a standard authenticator app (key URI format): what apps read of it.
import { expect } from 'chai';
import { authenticatorAddress } from '../../src/rules/authenticator-address.ts';

const token = { key: 'JBSWY3DPEHPK3PXP', digits: 6, period: 60 };

describe('the address of an authenticator', () => {
  it('names secret, issuer, algorithm, digits and the sixty seconds that many apps do not assume', () => {
    const url = new URL(authenticatorAddress(token, { issuer: 'Webサービス', account: 'msuzuki14' }));
    expect([url.protocol, url.host]).to.deep.equal(['otpauth:', 'totp']);
    expect(decodeURIComponent(url.pathname)).to.equal('/Webサービス:msuzuki14');
    expect(Object.fromEntries(url.searchParams)).to.deep.equal({
      secret: token.key,
      issuer: 'Webサービス',
      algorithm: 'SHA1',
      digits: '6',
      period: '60',
    });
  });

  it('lets no name become another part of it', () => {
    const url = new URL(authenticatorAddress(token, { issuer: 'A&secret=B: C?', account: 'a/b#c' }));
    expect(url.searchParams.getAll('secret')).to.deep.equal([token.key]);
    expect(url.searchParams.get('issuer')).to.equal('A&secret=B: C?');
    expect([url.hash, url.pathname]).to.deep.equal(['', '/A%26secret%3DB%3A%20C%3F:a%2Fb%23c']);
  });
});
