// Logout tokens of an upstream: only a signed, recent, unused one for us ends anything.
import { expect } from 'chai';
import { createUpstreams, type Upstreams } from '../../src/oidc/upstream.ts';
import { startHostileUpstream, type HostileUpstream } from '../support/hostile-upstream.ts';

describe('logout tokens of an upstream', () => {
  const now = Date.now();
  let bank: HostileUpstream;
  let upstreams: Upstreams;
  const used = new Map<string, number>();

  beforeEach(async () => {
    bank = await startHostileUpstream(() => now);
    used.clear();
    upstreams = createUpstreams({
      upstreams: [bank.config()],
      callbackUrl: 'http://localhost:3000/upstream/callback',
      clock: () => now,
      demo: true,
      limits: { request: 300 },
      async once(key, expiresAt) {
        if (used.has(key)) return false;
        used.set(key, expiresAt);
        return true;
      },
    });
  });
  afterEach(() => bank.close());

  const outcome = async (jwt: string): Promise<unknown> => {
    const answer = await upstreams.verifyLogoutToken(jwt);
    return answer.ok ? [answer.subject, answer.sid] : answer.kind;
  };

  it('name the person, the session there, or both', async () => {
    expect(await outcome(await bank.logoutToken())).to.deep.equal(['bd-0001', null]);
    expect(await outcome(await bank.logoutToken({ sub: undefined, sid: 'there-1' }))).to.deep.equal([null, 'there-1']);
    expect(await outcome(await bank.logoutToken({ sid: 'there-1' }))).to.deep.equal(['bd-0001', 'there-1']);
    expect(await outcome(await bank.logoutToken({}, { header: { typ: 'JWT' } }))).to.deep.equal(['bd-0001', null]);
    expect(await outcome(await bank.logoutToken({ exp: undefined }))).to.deep.equal(['bd-0001', null]);
  });

  it('count once, and are remembered as long as they would be accepted', async () => {
    const token = await bank.logoutToken();
    expect(await outcome(token)).to.be.an('array');
    expect(await outcome(token)).to.equal('refused');
    for (const until of used.values()) expect(until).to.be.at.least(now + 600_000);
  });

  const seconds = Math.floor(now / 1000);
  const event = 'http://schemas.openid.net/event/backchannel-logout';
  const wrong: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'of another issuer': { iss: 'https://other.example' },
    'for another client': { aud: 'another-client' },
    'without an audience': { aud: undefined },
    'with a nonce': { nonce: 'x' },
    'without events': { events: undefined },
    'with another event': { events: { 'https://other.example/event': {} } },
    'with an event that is no object': { events: { [event]: true } },
    'without jti': { jti: undefined },
    'with a jti that is a number': { jti: 7 },
    'without iat': { iat: undefined },
    'of yesterday': { iat: seconds - 86_400 },
    'of tomorrow': { iat: seconds + 86_400 },
    'past its exp': { exp: seconds - 60 },
    'for nobody': { sub: undefined },
    'with an odd sub': { sub: '' },
    'with an odd sid': { sid: ['x'] },
  };
  for (const [how, claims] of Object.entries(wrong)) {
    it(`are refused ${how}`, async () => {
      expect(await outcome(await bank.logoutToken(claims))).to.equal('refused');
      expect(used.size).to.equal(0);
    });
  }

  it('are refused unsigned, forged, of another type, over-long, or when they are nothing', async () => {
    expect(await outcome(await bank.logoutToken({}, { unsigned: true }))).to.equal('refused');
    expect(await outcome(await bank.logoutToken({}, { forged: true }))).to.equal('refused');
    expect(await outcome(await bank.logoutToken({}, { header: { typ: 'at+jwt' } }))).to.equal('refused');
    expect(await outcome(await bank.logoutToken({ filler: 'x'.repeat(20_000) }))).to.equal('refused');
    for (const junk of ['', 'x', 'a.b.c', '...', 'null', 'e30.e30.']) expect(await outcome(junk)).to.equal('refused');
    expect(used.size).to.equal(0);
  });

  it('are verified with new keys at once, but strangers cannot make us read the keys without end', async () => {
    expect(await outcome(await bank.logoutToken())).to.be.an('array');
    await bank.rotate('second');
    expect(await outcome(await bank.logoutToken())).to.be.an('array');
    for (let round = 0; round < 20; round += 1) {
      expect(await outcome(await bank.logoutToken({}, { forged: true, header: { kid: `odd-${round}` } }))).to.equal(
        'refused',
      );
    }
    expect(bank.requests.filter((path) => path === '/jwks')).to.have.length(1 + 2);
  });

  it('are a matter for later, not refused, when the keys cannot be read', async () => {
    bank.breakDown({ at: 'jwks', how: '503' });
    expect(await outcome(await bank.logoutToken())).to.equal('down');
  });

  it('are not refused but an error when our own store fails', async () => {
    const failing = createUpstreams({
      upstreams: [bank.config()],
      callbackUrl: 'http://localhost:3000/upstream/callback',
      clock: () => now,
      demo: true,
      once: () => Promise.reject(new Error('the store is down')),
    });
    const error = await failing.verifyLogoutToken(await bank.logoutToken()).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error).with.property('message', 'the store is down');
  });
});
