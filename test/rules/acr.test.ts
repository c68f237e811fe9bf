// What tokens say of a sign-in, and how a portal's demand is read.
import { expect } from 'chai';
import { acrAndAmr, acrDemand, isAcr } from '../../src/rules/acr.ts';

const own = { shared: false };
const shared = { shared: true };

describe('acr and amr', () => {
  // oxfmt-ignore
  const said = [
    ['a linked sign-in with a remembered device or without OTP',  { route: 'federated', otp: null,   passwordProven: false }, 'federated',     ['fed']],
    ['a linked sign-in with OTP',                    { route: 'federated', otp: own,    passwordProven: false }, 'federated-otp', ['fed', 'otp', 'mfa']],
    ['a linked sign-in with a shared token',         { route: 'federated', otp: shared, passwordProven: false }, 'federated-otp', ['fed', 'otp']],
    ['a first link without OTP',                     { route: 'federated', otp: null,   passwordProven: true  }, 'federated',     ['fed', 'pwd']],
    ['a first link with OTP',                        { route: 'federated', otp: own,    passwordProven: true  }, 'federated-otp', ['fed', 'pwd', 'otp', 'mfa']],
    ['a first link with a shared token',             { route: 'federated', otp: shared, passwordProven: true  }, 'federated-otp', ['fed', 'pwd', 'otp']],
    ['a direct sign-in without OTP',                 { route: 'direct',    otp: null,   passwordProven: true  }, 'password',      ['pwd']],
    ['a direct sign-in with OTP',                    { route: 'direct',    otp: own,    passwordProven: true  }, 'password-otp',  ['pwd', 'otp', 'mfa']],
    ['a direct sign-in with a shared token',         { route: 'direct',    otp: shared, passwordProven: true  }, 'password-otp',  ['pwd', 'otp']],
  ] as const;

  for (const [what, proven, acr, amr] of said) {
    it(`of ${what} are ${acr} and ${amr.join(' ')}`, () => {
      expect(acrAndAmr(proven)).to.deep.equal({ acr: `urn:renkei:acr:${acr}`, amr: [...amr] });
    });
  }

  it('say mfa only where an OTP of a token of one’s own was typed', () => {
    for (const [, proven] of said) {
      expect(acrAndAmr(proven).amr.includes('mfa')).to.equal(proven.otp !== null && !proven.otp.shared);
    }
  });
});

describe('a portal’s demand', () => {
  const demand = (values: readonly string[], essential: readonly string[] | null = null, always = false) =>
    acrDemand({
      values: values.map((value) => `urn:renkei:acr:${value}`),
      essential: essential?.map((value) => `urn:renkei:acr:${value}`) ?? null,
      always,
    });
  const both = ['federated', 'direct'];

  it('is none when nothing known is asked', () => {
    expect(demand([])).to.deep.equal({ otpDemanded: false, routes: both, unmeetable: false });
    expect(demand(['gold'])).to.deep.equal({ otpDemanded: false, routes: both, unmeetable: false });
  });

  it('for an OTP on either route leaves both routes', () => {
    expect(demand(['federated-otp', 'password-otp'])).to.deep.equal({
      otpDemanded: true,
      routes: both,
      unmeetable: false,
    });
  });

  it('for one route offers that route alone', () => {
    expect(demand(['federated'])).to.deep.equal({ otpDemanded: false, routes: ['federated'], unmeetable: false });
    expect(demand(['password-otp'])).to.deep.equal({ otpDemanded: true, routes: ['direct'], unmeetable: false });
  });

  it('with any OTP value demands an OTP, on the routes of those values', () => {
    expect(demand(['federated', 'password-otp'])).to.deep.equal({
      otpDemanded: true,
      routes: ['direct'],
      unmeetable: false,
    });
    expect(demand(['federated-otp', 'federated'])).to.deep.equal({
      otpDemanded: true,
      routes: ['federated'],
      unmeetable: false,
    });
  });

  it('that is essential counts alone, and cannot be met when unknown', () => {
    expect(demand(['federated'], ['password-otp'])).to.deep.equal({
      otpDemanded: true,
      routes: ['direct'],
      unmeetable: false,
    });
    expect(demand([], ['gold'])).to.deep.equal({ otpDemanded: false, routes: both, unmeetable: true });
    expect(demand([], ['gold', 'federated'])).to.deep.equal({
      otpDemanded: false,
      routes: ['federated'],
      unmeetable: false,
    });
    expect(demand(['federated'], [])).to.deep.equal({ otpDemanded: false, routes: ['federated'], unmeetable: false });
  });

  it('of a portal registered with OTP always is there without being asked', () => {
    expect(demand([], null, true)).to.deep.equal({ otpDemanded: true, routes: both, unmeetable: false });
    expect(demand(['federated'], null, true)).to.include({ otpDemanded: true });
  });

  it('knows four values, and no word of a prototype', () => {
    expect(isAcr('urn:renkei:acr:federated')).to.equal(true);
    expect(isAcr('toString')).to.equal(false);
    expect(isAcr('__proto__')).to.equal(false);
  });
});
