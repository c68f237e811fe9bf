// The end of a session: by a portal, by our own page, and how the portals learn of it.
import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import {
  authorize,
  codeFor,
  gateway,
  login,
  payload,
  portalAt,
  redeem,
  refresh,
  signIn,
  userinfo,
  type Browser,
  type Gateway,
} from './provider-harness.ts';
import { freePort } from '../support/ports.ts';

interface Ear {
  readonly origin: string;
  readonly heard: string[];
  status: number;
  close(): Promise<void>;
}

/** A portal's back-channel endpoint. */
async function ear(): Promise<Ear> {
  const port = await freePort();
  const heard: string[] = [];
  const self = { status: 200 };
  const server: Server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => (body += String(chunk)));
    req.on('end', () => {
      heard.push(new URLSearchParams(body).get('logout_token') ?? '');
      res.writeHead(self.status).end();
    });
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${port}`,
    heard,
    set status(value: number) {
      self.status = value;
    },
    get status() {
      return self.status;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('signing out', () => {
  let gate: Gateway;
  let portal: Ear;
  before(async () => {
    portal = await ear();
    const listening = { backchannel_logout_uri: `${portal.origin}/out`, backchannel_logout_session_required: true };
    const elsewhere = { backchannel_logout_uri: 'http://127.0.0.1:9/out' };
    const portals = [portalAt('alpha', listening), portalAt('beta'), portalAt('gamma', elsewhere)];
    gate = await gateway({ portals, allowedOrigins: [portal.origin] });
  });
  after(async () => {
    await gate.close();
    await portal.close();
  });
  beforeEach(() => {
    gate.fakes.endings.length = 0;
    gate.fakes.events.length = 0;
    portal.heard.length = 0;
    portal.status = 200;
  });

  const signedIn = async (): Promise<{ who: Browser; tokens: Record<string, unknown>; loginId: string }> => {
    const who = gate.browser();
    const record = login(gate.fakes, 'hanako');
    const tokens = (await redeem(gate, await codeFor(gate, who, {}, record))).json();
    return { who, tokens, loginId: record.id };
  };
  const out = (who: Browser, params: Record<string, string>) =>
    who.go(`/oidc/end-session?${new URLSearchParams(params)}`);
  const isSignedIn = async (who: Browser): Promise<boolean> =>
    (await who.go('/session/now')).json()['session'] !== null;

  it('happens at once for an ID token of this very session, and returns to the portal', async () => {
    const { who, tokens, loginId } = await signedIn();
    await codeFor(gate, who, { client: 'beta' });
    const answer = await out(who, {
      id_token_hint: String(tokens['id_token']),
      post_logout_redirect_uri: 'https://alpha.example/out',
      state: 's 1',
    });
    expect(answer.status).to.equal(303);
    expect(answer.location?.href).to.equal('https://alpha.example/out?state=s+1');
    expect(gate.fakes.endings).to.have.length(1);
    expect(gate.fakes.endings[0]).to.deep.include({ reason: 'portal' });
    expect(gate.fakes.endings[0]?.session).to.deep.include({ accountId: 'hanako', loginIds: [loginId] });
    expect(gate.fakes.endings[0]?.session.portals.map(({ clientId }) => clientId)).to.deep.equal(['alpha', 'beta']);
    expect(await isSignedIn(who)).to.equal(false);
    expect(who.jar.has('renkei_session;/')).to.equal(false);
    expect((await userinfo(gate, tokens['access_token'])).status).to.equal(401);
    expect((await refresh(gate, tokens['refresh_token'])).json()['error']).to.equal('invalid_grant');
  });

  it('shows our page when the portal names no address, and says that the upstream still has its session', async () => {
    const { who, tokens } = await signedIn();
    const answer = await out(who, { id_token_hint: String(tokens['id_token']) });
    expect(answer.location?.href).to.equal(`${gate.url}/oidc/end-session/success?client_id=alpha&goes_on=upstream`);
    const page = (await who.go(answer.location?.href ?? '')).json();
    expect(page).to.deep.equal({
      page: 'signed-out',
      portal: { clientId: 'alpha', name: 'Portal alpha', uri: null },
      upstreamGoesOn: true,
      deviceGoesOn: false,
    });
  });

  it('asks first without proof: no hint, a hint of an earlier session, or of somebody else', async () => {
    const [mine, other] = [await signedIn(), await signedIn()];
    for (const params of [{}, { client_id: 'alpha' }, { id_token_hint: String(other.tokens['id_token']) }]) {
      const page = (await out(mine.who, params)).json();
      expect(page).to.deep.include({ page: 'confirm', lang: 'ja', action: '/oidc/end-session/confirm' });
      expect(page['entered']).to.deep.equal([{ clientId: 'alpha', name: 'Portal alpha', uri: null }]);
    }
    expect(gate.fakes.endings).to.have.length(0);
    expect(await isSignedIn(mine.who)).to.equal(true);
  });

  const post = (who: Browser, form: Record<string, string>) =>
    who.go('/oidc/end-session/confirm', { method: 'POST', body: new URLSearchParams(form) });
  const question = async (who: Browser, params: Record<string, string> = {}): Promise<Record<string, string>> => {
    const { hidden } = (await out(who, params)).json();
    return Object.fromEntries(Object.entries(hidden ?? {}).map(([name, value]) => [name, String(value)]));
  };

  it('ends on yes, and returns with the state that was asked with', async () => {
    const { who, loginId } = await signedIn();
    const hidden = await question(who, {
      client_id: 'alpha',
      post_logout_redirect_uri: 'https://alpha.example/out',
      state: 'x',
    });
    const answer = await post(who, { ...hidden, action: 'logout' });
    expect(answer.location?.href).to.equal('https://alpha.example/out?state=x');
    expect(gate.fakes.endings[0]?.session.loginIds).to.deep.equal([loginId]);
    expect(await isSignedIn(who)).to.equal(false);
  });

  it('stays signed in on no', async () => {
    const { who } = await signedIn();
    const answer = await post(who, { ...(await question(who)), action: 'cancel' });
    expect(answer.location?.href).to.equal(`${gate.url}/`);
    expect(await isSignedIn(who)).to.equal(true);
  });

  it('takes a yes only with the secret of the question', async () => {
    const { who } = await signedIn();
    await question(who);
    for (const form of [{}, { xsrf: '' }, { xsrf: 'x'.repeat(48) }]) {
      const answer = await post(who, form);
      expect(answer.status).to.equal(400);
      expect(answer.json()).to.include({ page: 'error', error: 'invalid_request' });
    }
    expect((await post(who, { xsrf: 'x'.repeat(5_000) })).status).to.equal(400);
    const json = await who.go('/oidc/end-session/confirm', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(json.status).to.equal(400);
    expect(await isSignedIn(who)).to.equal(true);
    expect(gate.fakes.endings).to.have.length(0);
  });

  it('of nobody needs no page and no script', async () => {
    const { tokens } = await signedIn();
    const nobody = gate.browser();
    const plain = await out(nobody, {});
    expect(plain.status).to.equal(303);
    expect(plain.location?.href).to.equal(`${gate.url}/oidc/end-session/success`);
    const back = await out(nobody, {
      id_token_hint: String(tokens['id_token']),
      post_logout_redirect_uri: 'https://alpha.example/out',
    });
    expect(back.location?.href).to.equal('https://alpha.example/out');
    expect(gate.fakes.endings).to.have.length(0);
  });

  it('returns to registered addresses only', async () => {
    const { who, tokens } = await signedIn();
    const params = {
      id_token_hint: String(tokens['id_token']),
      post_logout_redirect_uri: 'https://alpha.example.evil/out',
    };
    const refused = await out(who, params);
    expect(refused.status).to.equal(400);
    expect(refused.json()).to.include({ page: 'error', error: 'invalid_request' });
    const unnamed = await out(gate.browser(), { post_logout_redirect_uri: 'https://evil.example/' });
    expect(unnamed.location?.href).to.equal(`${gate.url}/oidc/end-session/success`);
    expect(await isSignedIn(who)).to.equal(true);
  });

  it('on our own page ends the session, tells who is concerned, and clears the cookie', async () => {
    const { who, tokens, loginId } = await signedIn();
    const { ended } = (await who.go('/sign-out/now')).json();
    expect(ended).to.deep.include({
      accountId: 'hanako',
      loginIds: [loginId],
      portals: [{ clientId: 'alpha', sid: payload(tokens['id_token'])['sid'] }],
    });
    expect(gate.fakes.endings[0]?.reason).to.equal('signed-out');
    expect(who.jar.has('renkei_session;/')).to.equal(false);
    expect((await who.go('/sign-out/now')).json()['ended']).to.equal(null);
  });

  it('is told to a portal by a logout token that it can verify', async () => {
    const { tokens } = await signedIn();
    const { sub, sid } = payload(tokens['id_token']);
    const told = await gate.rim.deliverBackchannelLogout({ clientId: 'alpha', accountId: 'hanako', sid: String(sid) });
    expect(told).to.equal('delivered');
    const { payload: token, protectedHeader } = await jwtVerify(
      portal.heard[0] ?? '',
      createRemoteJWKSet(new URL(`${gate.url}/oidc/jwks`)),
      { issuer: gate.url, audience: 'alpha', typ: 'logout+jwt' },
    );
    expect(protectedHeader.alg).to.equal('ES256');
    expect(token).to.deep.include({ sub, sid, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } });
    expect(token).to.include.keys('jti', 'iat', 'exp').and.to.not.include.keys('nonce');
    expect(await gate.rim.deliverBackchannelLogout({ clientId: 'beta', accountId: 'hanako', sid: 'x' })).to.equal(
      'nobody',
    );
    expect(await gate.rim.deliverBackchannelLogout({ clientId: 'gone', accountId: 'hanako', sid: 'x' })).to.equal(
      'nobody',
    );
  });

  it('and a portal that can’t be told is reported, not forgotten', async () => {
    portal.status = 500;
    const failing = gate.rim.deliverBackchannelLogout({ clientId: 'alpha', accountId: 'hanako', sid: 'x' });
    expect(await failing.catch((error: Error) => error.message)).to.include('got: 500');
    // Not in the list of allowed origins: nothing is sent.
    const foreign = gate.rim.deliverBackchannelLogout({ clientId: 'gamma', accountId: 'hanako', sid: 'x' });
    expect(await foreign.catch((error: Error) => error.message)).to.include('allowed origins');
    expect(gate.fakes.events.map((event) => event.kind === 'backchannel-failed' && event.clientId)).to.deep.equal([
      'alpha',
      'gamma',
    ]);
  });

  it('while an attempt is open leaves nothing of the old session in it', async () => {
    const { who } = await signedIn();
    const page = await authorize(who, { params: { prompt: 'login' } });
    await who.go('/sign-out/now');
    const returned = await signIn(who, page, login(gate.fakes, 'taro'));
    expect(returned.location?.searchParams.get('code')).to.be.a('string');
  });
});
