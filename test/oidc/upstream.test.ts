// Signing in at an upstream that asserts everything wrong, over real HTTP: each wrong is refused.
import { expect } from 'chai';
import type { Upstreams } from '../../src/oidc/upstream.ts';
import { answerSwitches, claimSwitchNames } from '../support/hostile-upstream-switches.ts';
import { tokenSwitches } from '../support/hostile-upstream-tokens.ts';
import { callbackUrl, plainly, upstreamScene } from '../support/upstream-scene.ts';

describe('signing in at an upstream', () => {
  const scene = upstreamScene();

  it('is believed when everything is right', async () => {
    const answer = await scene.signIn();
    expect(answer).to.deep.equal({
      ok: true,
      upstream: {
        issuer: scene.bank.issuer,
        subject: 'bd-0001',
        display: 'b***',
        company: null,
        authTime: scene.now,
        at: scene.now,
      },
      sid: null,
    });
  });

  it('asks nothing of anybody before somebody comes', async () => {
    expect(scene.upstreams.list().map(({ issuer }) => issuer)).to.deep.equal([scene.bank.issuer]);
    expect(scene.bank.requests).to.deep.equal([]);
  });

  it('sends code, PKCE, state and nonce, all new each time, and keeps the verifier out of the address', async () => {
    const [one, two] = [await scene.begun(), await scene.begun({ ...plainly, loginHint: 'taro' })];
    const query = new URL(one.url).searchParams;
    expect(query.get('response_type')).to.equal('code');
    expect(query.get('code_challenge_method')).to.equal('S256');
    expect(query.get('state')).to.equal(one.flow.state);
    expect(query.get('nonce')).to.equal(one.flow.nonce);
    expect(query.get('redirect_uri')).to.equal(callbackUrl);
    expect(query.has('prompt')).to.equal(false);
    expect(query.has('login_hint')).to.equal(false);
    expect(new URL(two.url).searchParams.get('login_hint')).to.equal('taro');
    expect(one.url).not.to.include(one.flow.codeVerifier);
    for (const part of ['state', 'nonce', 'codeVerifier'] as const) {
      expect(one.flow[part]).to.have.length.above(42);
      expect(one.flow[part]).not.to.equal(two.flow[part]);
    }
    expect(JSON.parse(JSON.stringify(one.flow))).to.deep.equal(one.flow);
  });

  for (const name of claimSwitchNames) {
    it(`refuses an ID token with ${name}`, async () => {
      scene.bank.misbehave(name);
      scene.reasonOf(await scene.signIn(), 'refused');
    });
  }

  const accepted = [
    'keys-rotated-before-signing',
    'same-kid-rotated-before-signing',
    'replayed',
    'userinfo-of-another',
  ];
  for (const name of [...tokenSwitches, ...answerSwitches.filter((each) => !each.startsWith('discovery'))]) {
    if (accepted.includes(name)) continue;
    it(`refuses ${name}`, async () => {
      scene.bank.misbehave(name);
      scene.reasonOf(await scene.signIn(), 'refused');
    });
  }

  for (const name of answerSwitches.filter((each) => each.startsWith('discovery'))) {
    it(`sends nobody to a provider with ${name}`, async () => {
      scene.bank.misbehave(name);
      const begin = await scene.upstreams.begin(scene.bank.issuer, plainly);
      if (begin.ok) throw new Error('it was accepted');
      expect(begin.kind).to.equal('refused');
      expect(scene.bank.requests).to.deep.equal(['/.well-known/openid-configuration']);
    });
  }

  it('refuses an ID token of an earlier sign-in', async () => {
    expect((await scene.signIn()).ok).to.equal(true);
    scene.bank.misbehave('replayed');
    expect(scene.reasonOf(await scene.signIn(), 'refused')).to.include('nonce');
  });

  it('takes one audience in a list, and azp when it is us', async () => {
    scene.bank.say('id-token', { aud: ['renkei', 'another-client'], azp: 'renkei' });
    expect((await scene.signIn()).ok).to.equal(true);
    scene.bank.say('id-token', { aud: ['renkei'] });
    expect((await scene.signIn()).ok).to.equal(true);
  });

  it('takes a sub of 255 characters', async () => {
    scene.bank.say('id-token', { sub: 'x'.repeat(255) });
    expect((await scene.signIn()).ok).to.equal(true);
  });

  for (const name of ['keys-rotated-before-signing', 'same-kid-rotated-before-signing']) {
    it(`reads the keys again after ${name}`, async () => {
      expect((await scene.signIn()).ok).to.equal(true);
      scene.bank.misbehave(name);
      expect((await scene.signIn()).ok).to.equal(true);
      expect(scene.bank.requests.filter((path) => path === '/jwks')).to.have.length(2);
    });
  }

  it('does not read the keys again for every token with an unknown key', async () => {
    expect((await scene.signIn()).ok).to.equal(true);
    scene.bank.misbehave('unknown-key');
    for (let round = 0; round < 10; round += 1) scene.reasonOf(await scene.signIn(), 'refused');
    expect(scene.bank.requests.filter((path) => path === '/jwks')).to.have.length(1 + 5);
  });

  it('pins the algorithm that is configured', async () => {
    const pinned = (alg: 'ES256' | 'PS256'): Upstreams =>
      scene.make({ upstreams: [{ ...scene.bank.config(), id_token_signed_response_alg: alg }] });
    expect((await scene.signIn(plainly, pinned('ES256'))).ok).to.equal(true);
    scene.reasonOf(await scene.signIn(plainly, pinned('PS256')), 'refused');
  });

  it('names the way out of the provider', async () => {
    const url = await scene.upstreams.endSessionUrl(scene.bank.issuer, {
      returnTo: 'http://localhost:3000/signed-out',
      language: 'en',
    });
    const query = new URL(url ?? '').searchParams;
    expect(url).to.match(new RegExp(`^${scene.bank.issuer}/logout\\?`));
    expect([query.get('client_id'), query.get('post_logout_redirect_uri')]).to.deep.equal([
      'renkei',
      'http://localhost:3000/signed-out',
    ]);
    scene.bank.breakDown({ at: 'discovery', how: 'reset' });
    expect(await scene.make().endSessionUrl(scene.bank.issuer, { returnTo: null, language: null })).to.equal(null);
  });
});
