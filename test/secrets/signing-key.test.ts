// The provider's signing keys.
import { expect } from 'chai';
import { calculateJwkThumbprint, importJWK, jwtVerify, SignJWT } from 'jose';
import { generateSigningKey, thumbprint } from '../../src/secrets/signing-key.ts';

describe('a signing key', () => {
  it('has the thumbprint of RFC 7638, section 3.1', () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs' +
      'tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5ha' +
      'jrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    expect(thumbprint({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' })).to.equal(
      'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    );
  });

  for (const alg of ['ES256', 'RS256'] as const) {
    it(`for ${alg} signs what its public half verifies, under its own name`, async () => {
      const { kid, jwk } = await generateSigningKey(alg);
      expect(jwk).to.include({ kid, alg, use: 'sig' });
      expect(kid).to.equal(await calculateJwkThumbprint(JSON.parse(JSON.stringify(jwk))));
      const token = await new SignJWT({ sub: 'x' })
        .setProtectedHeader({ alg, kid })
        .sign(await importJWK(JSON.parse(JSON.stringify(jwk)), alg));
      const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...open } = jwk;
      const verified = await jwtVerify(token, await importJWK(JSON.parse(JSON.stringify(open)), alg));
      expect(verified.payload.sub).to.equal('x');
    });
  }

  it('is another one each time', async () => {
    const [one, other] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')]);
    expect(one.kid).to.not.equal(other.kid);
  });

  it('is of no other kind', () => {
    expect(() => thumbprint({ kty: 'oct', k: 'AAAA' })).to.throw(RangeError);
  });
});
