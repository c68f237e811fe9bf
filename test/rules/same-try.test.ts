// Whether a proof still belongs where it was asked for.
import { expect } from 'chai';
import { sameTry, sameWay } from '../../src/rules/same-try.ts';
import type { VerifiedUpstream } from '../../src/rules/sign-in-record.ts';

const upstream: VerifiedUpstream = {
  issuer: 'https://direct.example',
  subject: 'bd-1',
  display: 'minato01',
  company: null,
  authTime: 1,
  at: 2,
};
const asked = {
  route: 'federated',
  inherited: false,
  upstream,
  linkId: null,
  account: { id: 'a', epoch: 1 },
} as const satisfies Parameters<typeof sameTry>[0];

describe('an attempt is where a proof was asked for', () => {
  it('while nothing of its way and its person changed', () => {
    expect(sameTry(asked, { ...asked, upstream: { ...upstream } })).to.equal(true);
    expect(sameTry(asked, { ...asked, account: { id: 'a', epoch: 2 } })).to.equal(true);
    const nobody = { ...asked, upstream: null, account: null };
    expect(sameTry(nobody, { ...nobody })).to.equal(true);
  });

  it('not after another route, another Business Direct ID, or the same one come back anew', () => {
    for (const change of [
      { route: 'direct' },
      { route: null },
      { inherited: true },
      { linkId: 'l' },
      { upstream: null },
      { upstream: { ...upstream, subject: 'bd-2' } },
      { upstream: { ...upstream, issuer: 'https://other.example' } },
      { upstream: { ...upstream, at: 3 } },
    ] as const) {
      expect(sameWay(asked, { ...asked, ...change }), JSON.stringify(change)).to.equal(false);
      expect(sameTry(asked, { ...asked, ...change }), JSON.stringify(change)).to.equal(false);
    }
  });

  it('not for another person on the same way; a password may name one', () => {
    for (const account of [null, { id: 'b', epoch: 1 }]) {
      const other = { ...asked, account };
      expect(sameTry(asked, other)).to.equal(false);
      expect(sameWay(asked, other)).to.equal(true);
    }
  });
});
