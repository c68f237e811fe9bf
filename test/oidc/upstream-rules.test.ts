// Every check of an assertion by itself, so that none hides behind a library that happens to make it too.
import { expect } from 'chai';
import {
  checkIdToken,
  checkLogoutToken,
  clockSkew,
  isStale,
  isSubject,
  signingAlgorithms,
  upstreamAuthTime,
  type Claims,
  type UpstreamFlow,
} from '../../src/rules/upstream.ts';
import { createBreaker } from '../../src/oidc/upstream-breaker.ts';
import { readKeySet } from '../../src/oidc/upstream-keys.ts';
import { claimSwitches } from '../support/hostile-upstream-switches.ts';

const now = 1_800_000_000_000;
const seconds = now / 1000;
const header: Claims = { alg: 'ES256' };
const facts = {
  header,
  issuer: 'https://bd.example',
  clientId: 'renkei',
  algorithms: signingAlgorithms,
  nonce: 'the-nonce',
  now,
};
const good: Claims = {
  iss: 'https://bd.example',
  aud: 'renkei',
  sub: 'bd-0001',
  iat: seconds,
  exp: seconds + 600,
  nonce: 'the-nonce',
};
const idToken = (claims: Claims, said: Claims = header): string | null =>
  checkIdToken({ ...facts, header: said, claims });

describe('an ID token', () => {
  it('is believed when every claim is right, with a type or without', () => {
    expect(idToken(good)).to.equal(null);
    expect(idToken({ ...good, azp: 'renkei', nbf: seconds })).to.equal(null);
    expect(idToken(good, { alg: 'RS256', typ: 'JWT' })).to.equal(null);
  });

  for (const [name, change] of Object.entries(claimSwitches)) {
    it(`is refused by our own check with ${name}`, () => {
      expect(idToken(change({ ...good }, seconds))).to.be.a('string');
    });
  }

  it('is refused with a symmetric, absent or unknown algorithm, or one that was not pinned', () => {
    for (const alg of ['none', 'None', 'HS256', 'HS512', 'RS1', '', null, undefined, ['ES256']]) {
      expect(idToken(good, { alg }), String(alg)).to.be.a('string');
    }
    expect(checkIdToken({ ...facts, claims: good, algorithms: ['PS256'] })).to.be.a('string');
  });

  it('is refused when it is a token of another kind', () => {
    for (const typ of ['at+jwt', 'logout+jwt', 'dpop+jwt', '', 7])
      expect(idToken(good, { alg: 'ES256', typ })).to.be.a('string');
  });

  it('is refused by an empty nonce of ours too', () => {
    expect(checkIdToken({ ...facts, nonce: '', claims: { ...good, nonce: '' } })).to.be.a('string');
  });

  it('is judged to the second: half a minute of skew, ten minutes of age', () => {
    const at = (iat: number): string | null => idToken({ ...good, iat });
    expect(at(seconds + 30)).to.equal(null);
    expect(at(seconds + 31)).to.be.a('string');
    expect(at(seconds - 600)).to.equal(null);
    expect(at(seconds - 601)).to.be.a('string');
    expect(idToken({ ...good, exp: seconds - 29 })).to.equal(null);
    expect(idToken({ ...good, exp: seconds - 30 })).to.be.a('string');
  });
});

describe('a logout token', () => {
  it('is judged by its own rules, and an ID token is none', () => {
    const { exp: _exp, nonce: _nonce, ...rest } = good;
    const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const logout = { ...rest, jti: 'one', events: event };
    expect(checkLogoutToken({ ...facts, claims: logout })).to.equal(null);
    expect(checkLogoutToken({ ...facts, claims: good })).to.be.a('string');
    expect(idToken(logout)).to.be.a('string');
  });
});

describe('a subject', () => {
  it('is 1 to 255 printable ASCII characters', () => {
    for (const sub of ['a', 'CN=Taro Yamada,O=Sanwa', '~!', 'x'.repeat(255)])
      expect(isSubject(sub), sub).to.equal(true);
    for (const sub of [
      '',
      ' ',
      'a ',
      ' a',
      'a\tb',
      'a\u007f',
      'é',
      '１',
      'x'.repeat(256),
      'a\n',
      1,
      null,
      undefined,
      {},
      ['a'],
    ]) {
      expect(isSubject(sub), JSON.stringify(sub)).to.equal(false);
    }
  });
});

describe('the time of the sign-in there', () => {
  const flow: UpstreamFlow = {
    issuer: '',
    state: '',
    nonce: '',
    codeVerifier: '',
    maxAge: null,
    reauthenticated: false,
    startedAt: now,
  };
  const demanded: readonly UpstreamFlow[] = [
    { ...flow, maxAge: 300 },
    { ...flow, reauthenticated: true },
  ];

  it('is the lowest when it is zero, negative, in the future or no number, and meets no demand', () => {
    for (const odd of [0, -1, seconds + 31, NaN, Infinity, String(seconds), null, [seconds]]) {
      expect(upstreamAuthTime(odd, true, flow, now)).to.equal(1000);
      for (const asked of demanded) expect(isStale(asked, upstreamAuthTime(odd, true, asked, now))).to.equal(true);
    }
  });

  it('is what is said where that is trusted, and the callback where it is not', () => {
    expect(upstreamAuthTime(seconds - 60, true, flow, now)).to.equal(now - 60_000);
    expect(upstreamAuthTime(seconds - 60, false, flow, now)).to.equal(now);
    expect(upstreamAuthTime(seconds + 20, true, flow, now), 'a clock that runs ahead a little').to.equal(now);
  });

  it('is the callback where nothing is said, but then it meets no demand', () => {
    expect(upstreamAuthTime(undefined, true, flow, now)).to.equal(now);
    for (const asked of demanded) expect(isStale(asked, upstreamAuthTime(undefined, true, asked, now))).to.equal(true);
  });

  it('is too old when it lies before what was asked, less the skew', () => {
    expect(isStale(flow, 1)).to.equal(false);
    expect(isStale({ ...flow, reauthenticated: true }, now - clockSkew)).to.equal(false);
    expect(isStale({ ...flow, reauthenticated: true }, now - clockSkew - 1)).to.equal(true);
    expect(isStale({ ...flow, maxAge: 60 }, now - 60_000 - clockSkew)).to.equal(false);
    expect(isStale({ ...flow, maxAge: 60 }, now - 60_000 - clockSkew - 1)).to.equal(true);
    expect(isStale({ ...flow, maxAge: 600, reauthenticated: true }, now - 60_000)).to.equal(true);
  });
});

describe('a key set', () => {
  it('keeps public asymmetric keys of a sane size, and is refused with too many', () => {
    const set = readKeySet(
      {
        keys: [
          { kty: 'EC', x: 'a' },
          { kty: 'oct', k: 'a' },
          { kty: 'EC', d: 'a' },
          { kty: 'RSA', n: 'x'.repeat(5000) },
          7,
          null,
          ['x'],
        ],
      },
      100,
    );
    expect(set).to.deep.equal({ keys: [{ kty: 'EC', x: 'a' }] });
    expect(readKeySet({ keys: Array.from({ length: 100 }, () => ({ kty: 'EC' })) }, 100)).to.be.an('object');
    for (const odd of [{ keys: Array.from({ length: 101 }, () => ({ kty: 'EC' })) }, {}, { keys: {} }, null, 'x', []]) {
      expect(readKeySet(odd, 100)).to.be.a('string');
    }
  });
});

describe('a circuit breaker', () => {
  it('is not held open by requests from before the opening that fail late', () => {
    let time = 0;
    const breaker = createBreaker({ failures: 2, pause: 10, clock: () => time, changed: () => undefined });
    for (let request = 0; request < 4; request += 1) expect(breaker.enter(true)).to.equal(true);
    breaker.failed('a');
    expect(breaker.state()).to.equal('up');
    breaker.failed('a');
    expect([breaker.state(), breaker.enter(true)]).to.deep.equal(['down', false]);
    time = 9;
    breaker.failed('a');
    time = 10;
    expect([breaker.enter(true), breaker.enter(true), breaker.state()]).to.deep.equal([true, false, 'trying']);
    breaker.answered('a', true);
    expect([breaker.state(), breaker.heardAt()]).to.deep.equal(['up', 10]);
  });

  it('counts each address by itself, so that one that answers does not hide one that is dead', () => {
    const breaker = createBreaker({ failures: 2, pause: 10, clock: () => 0, changed: () => undefined });
    breaker.failed('token');
    breaker.answered('discovery', true);
    breaker.failed('token');
    expect(breaker.state()).to.equal('down');
  });

  it('tries again with nothing that a person brought, and such an answer closes nothing', () => {
    let time = 0;
    const breaker = createBreaker({ failures: 1, pause: 10, clock: () => time, changed: () => undefined });
    breaker.failed('discovery');
    time = 10;
    expect([breaker.enter(false), breaker.state()]).to.deep.equal([false, 'down']);
    breaker.answered('token', false);
    expect([breaker.state(), breaker.enter(true), breaker.state()]).to.deep.equal(['down', true, 'trying']);
  });

  it('forgets failures that a success interrupts', () => {
    const breaker = createBreaker({ failures: 2, pause: 10, clock: () => 0, changed: () => undefined });
    for (let round = 0; round < 5; round += 1) {
      breaker.failed('a');
      breaker.answered('a', true);
    }
    expect(breaker.state()).to.equal('up');
  });
});
