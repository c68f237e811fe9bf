// The demo's portal and its Business Direct, one as relying party of the other: both speak the protocol for real.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { generateKeyPair, SignJWT, importJWK } from 'jose';
import { businessDirect } from '../../src/demo/business-direct.ts';
import { subjectOf } from '../../src/demo/people.ts';
import type { DemoPerson } from '../../src/demo/people.ts';
import { portal } from '../../src/demo/portal.ts';
import { dataOf, refusalOf, screenOf, visitor } from './demo-visitor.ts';
import { freePort } from '../support/ports.ts';
import type { Page, Visitor } from './demo-visitor.ts';

const people: DemoPerson[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../config/demo/people.json'), 'utf8'),
);
const [sato, suzuki] = people;
if (!sato?.business_direct || !suzuki?.business_direct)
  throw new Error('people.json begins with two who have Business Direct');
const satoDirect = sato.business_direct;
const suzukiDirect = suzuki.business_direct;

describe('the portal and the Business Direct of the demo', () => {
  let dataDir: string;
  let issuer: string;
  let url: string;
  let clock: () => number;
  let direct: ReturnType<typeof businessDirect>;
  let shop: ReturnType<typeof portal>;
  let told: string[];
  let gateway: Server;
  let gatewayUrl: string;

  const makeDirect = () =>
    businessDirect({
      issuer,
      port: Number(new URL(issuer).port),
      people,
      gateway: gatewayUrl,
      dataDir,
      clients: [
        {
          client_id: 'demo-portal',
          client_secret: 'a secret of the test',
          client_name: '提携サービス',
          redirect_uris: [`${url}/callback`],
          post_logout_redirect_uris: [`${url}/`],
          id_token_signed_response_alg: 'ES256',
          backchannel_logout_uri: `${url}/backchannel-logout`,
          backchannel_logout_session_required: true,
        },
        { client_id: 'renkei', client_secret: 'another secret', redirect_uris: [`${gatewayUrl}/upstream/callback`] },
      ],
    });

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'renkei-direct-'));
    [issuer, url] = [`http://localhost:${await freePort()}`, `http://localhost:${await freePort()}`];
    clock = () => Date.now();
    told = [];
    const port = await freePort();
    gatewayUrl = `http://localhost:${port}`;
    gateway = createServer((request, response) => {
      told.push(`${request.method} ${request.url}`);
      response.end();
    }).listen(port, '127.0.0.1');
    direct = makeDirect();
    shop = portal({
      url,
      issuer,
      client_id: 'demo-portal',
      client_secret: 'a secret of the test',
      scope: 'openid',
      clock: () => clock(),
    });
    await shop.listen();
    await direct.listen();
  });
  afterEach(async () => {
    await Promise.all([shop.close(), direct.close()]);
    gateway.close();
    gateway.closeAllConnections();
    rmSync(dataDir, { recursive: true });
  });

  const signIn = async (person: Visitor, action = 'login', who = satoDirect): Promise<Page> => {
    const asked = await person.send(await person.open(`${url}/`), { action });
    expect(screenOf(asked)).to.equal('BDD001');
    return person.send(asked, { business_direct_id: who.id, business_direct_password: who.password });
  };
  const sessionOf = async (person: Visitor) => (await person.once(`${url}/session.json`)).json();

  it('signs in with code, PKCE, state, nonce and iss, and shows the claims', async () => {
    const person = visitor();
    const start = await person.open(`${url}/`);
    expect(screenOf(start)).to.equal('PTL001');
    expect(start.html).to.contain('デモ環境');
    for (const action of ['login', 'login_otp', 'login_again', 'login_silent', 'logout'])
      expect(start.html).to.contain(`name="action" value="${action}"`);

    const answer = await person.once(`${url}/`, { method: 'POST', body: new URLSearchParams({ action: 'login_otp' }) });
    const sent = new URL(answer.headers.get('location') ?? '').searchParams;
    expect(Object.fromEntries(sent)).to.include({
      client_id: 'demo-portal',
      response_type: 'code',
      code_challenge_method: 'S256',
      acr_values: 'urn:renkei:acr:federated-otp urn:renkei:acr:password-otp',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(sent.get(name)).to.have.length.greaterThan(30);

    const page = await signIn(person);
    expect([screenOf(page), page.url]).to.deep.equal(['PTL002', `${url}/`]);
    const claims = dataOf(page, 'claims');
    expect(claims).to.include({
      iss: issuer,
      aud: 'demo-portal',
      sub: subjectOf(satoDirect.id),
      business_direct_id: satoDirect.id,
    });
    expect(claims?.company).to.deep.equal({ contract_number: sato.contract_number, name: sato.company });
    expect(claims?.sub).not.to.contain(satoDirect.id);
    expect(claims?.auth_time).to.be.a('number');
    expect(page.html).to.contain(sato.company);
    expect(await sessionOf(person)).to.include({ signedIn: true, sub: claims?.sub, sid: claims?.sid });
    const names = person.cookies();
    expect(names).to.satisfy((all: string[]) => all.length > 0 && all.every((name) => /^(portal|bd)_/.test(name)));
  });

  it('asks nothing again while signed in there, everything again on prompt=login, and no page on prompt=none', async () => {
    const person = visitor();
    const silent = await person.send(await person.open(`${url}/`), { action: 'login_silent' });
    expect([screenOf(silent), dataOf(silent, 'error')?.error]).to.deep.equal(['PTL003', 'login_required']);
    const first = dataOf(await signIn(person), 'claims');
    const again = await person.send(await person.open(`${url}/`), { action: 'login' });
    expect(dataOf(again, 'claims')?.auth_time).to.equal(first?.auth_time);
    expect(screenOf(await person.send(again, { action: 'login_silent' }))).to.equal('PTL002');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const renewed = dataOf(await signIn(person, 'login_again'), 'claims');
    expect(Number(renewed?.auth_time)).to.be.greaterThan(Number(first?.auth_time));
  });

  it('honours max_age', async () => {
    const person = visitor();
    await signIn(person);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const ask = new URLSearchParams({
      client_id: 'demo-portal',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${url}/callback`,
      state: 's',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      max_age: '0',
    });
    expect(screenOf(await person.open(`${issuer}/auth?${ask}`))).to.equal('BDD001');
    ask.set('max_age', '3600');
    const back = await person.once(`${issuer}/auth?${ask}`);
    expect(new URL(back.headers.get('location') ?? '').searchParams.get('iss')).to.equal(issuer);
    ask.delete('code_challenge');
    ask.delete('code_challenge_method');
    const bare = await person.once(`${issuer}/auth?${ask}`);
    expect(new URL(bare.headers.get('location') ?? '').searchParams.get('error')).to.equal('invalid_request');
  });

  it('says 422 to a wrong password, access_denied to a cancel, 410 to a foreign or finished login page', async () => {
    const person = visitor();
    const asked = await person.send(await person.open(`${url}/`), { action: 'login' });
    const wrong = await person.send(asked, { business_direct_id: satoDirect.id, business_direct_password: 'no' });
    expect([wrong.status, screenOf(wrong), refusalOf(wrong)]).to.deep.equal([422, 'BDD001', 'credentials']);
    expect(wrong.html).to.contain('role="alert"').and.contain(`value="${satoDirect.id}"`).and.not.contain('value="no"');
    expect((await person.send(wrong, {})).status).to.equal(422);
    const stranger = await visitor().open(asked.url);
    expect([stranger.status, refusalOf(stranger)]).to.deep.equal([410, 'start-over']);
    const denied = await person.send(wrong, { action: 'cancel' });
    expect([screenOf(denied), dataOf(denied, 'error')?.error]).to.deep.equal(['PTL003', 'access_denied']);
    expect((await person.open(asked.url)).status).to.equal(410);
  });

  it('ends the old session, and tells its portals, when somebody else signs in', async () => {
    const [person, other] = [visitor(), visitor()];
    await signIn(person);
    const page = await signIn(other);
    const ask = new URLSearchParams({
      client_id: 'renkei',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${gatewayUrl}/upstream/callback`,
      state: 's',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    await other.open(`${issuer}/auth?${ask}`);
    const before = dataOf(page, 'claims');
    const after = dataOf(await signIn(other, 'login_again', suzukiDirect), 'claims');
    expect(after?.sub).to.equal(subjectOf(suzukiDirect.id));
    expect(after?.sid).not.to.equal(before?.sid);
    expect(told).to.include('POST /upstream/backchannel-logout');
    expect(await sessionOf(person)).to.include({ signedIn: true });
  });

  it('signs out at once with an ID token of this session, and comes back', async () => {
    const person = visitor();
    const page = await signIn(person);
    const out = await person.send(page, { action: 'logout' });
    expect([screenOf(out), new URL(out.url).pathname]).to.deep.equal(['PTL001', '/']);
    expect(out.html).to.contain('ログアウトしました。');
    expect(await sessionOf(person)).to.include({ signedIn: false });
    expect(screenOf(await person.send(await person.open(`${url}/`), { action: 'login' }))).to.equal('BDD001');
  });

  it('asks before a logout that proves nothing, and answers without a script when nobody is signed in', async () => {
    const person = visitor();
    await signIn(person);
    const end = `${issuer}/session/end?client_id=demo-portal&post_logout_redirect_uri=${encodeURIComponent(`${url}/`)}`;
    const asked = await person.open(end);
    expect([screenOf(asked), asked.status]).to.deep.equal(['BDD002', 200]);
    expect(await sessionOf(person)).to.include({ signedIn: true });
    expect((await person.send(asked, { xsrf: 'forged' })).status).to.equal(410);
    expect(screenOf(await person.send(await person.open(end), {}))).to.equal('PTL001');
    expect(await sessionOf(person)).to.include({ signedIn: false });
    expect(screenOf(await visitor().open(end))).to.equal('PTL001');
    expect(screenOf(await visitor().open(`${issuer}/session/end`))).to.equal('BDD003');
    expect(
      (await visitor().open(`${issuer}/session/end?client_id=demo-portal&post_logout_redirect_uri=http://localhost/x`))
        .status,
    ).to.equal(400);
  });

  it('has a start page of its own that signs in, opens the gateway and signs out everywhere', async () => {
    const person = visitor();
    await signIn(person);
    const home = await person.open(`${issuer}/`);
    expect(screenOf(home)).to.equal('BDD002');
    expect(home.html).to.contain(sato.name);
    const opened = await person.once(`${issuer}/`, { method: 'POST', body: new URLSearchParams() });
    const start = new URL(opened.headers.get('location') ?? '');
    expect(start.origin + start.pathname).to.equal(`${gatewayUrl}/initiate`);
    expect(Object.fromEntries(start.searchParams)).to.deep.equal({ iss: issuer, target_link_uri: `${gatewayUrl}/` });
    expect(screenOf(await person.send(home, { action: 'logout' }))).to.equal('BDD003');
    expect(await sessionOf(person)).to.include({ signedIn: false });
    const page = await person.open(`${url}/`);
    expect(page.html).to.contain('Webサービスからの通知で');

    const alone = visitor();
    const login = await alone.open(`${issuer}/`);
    expect(screenOf(login)).to.equal('BDD001');
    expect(
      screenOf(
        await alone.send(login, {
          business_direct_id: suzukiDirect.id.toUpperCase(),
          business_direct_password: suzukiDirect.password,
        }),
      ),
    ).to.equal('BDD002');
    expect(screenOf(await alone.send(await visitor().open(`${issuer}/`), { action: 'cancel' }))).not.to.equal('BDD002');
  });

  it('registers the gateway for back-channel logout and tells it', async () => {
    const person = visitor();
    const ask = new URLSearchParams({
      client_id: 'renkei',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${gatewayUrl}/upstream/callback`,
      state: 's',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    await person.send(await person.open(`${issuer}/auth?${ask}`), {
      business_direct_id: satoDirect.id,
      business_direct_password: satoDirect.password,
    });
    await person.send(await person.open(`${issuer}/`), { action: 'logout' });
    expect(told).to.include('POST /upstream/backchannel-logout');
    const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    expect(metadata).to.include({
      authorization_response_iss_parameter_supported: true,
      backchannel_logout_session_supported: true,
    });
    expect(metadata.id_token_signing_alg_values_supported).to.include.members(['ES256', 'RS256']);
  });

  it('keeps its keys over a restart, and the portal goes on', async () => {
    const keys = async () => (await (await fetch(`${issuer}/jwks`)).json()).keys.map(({ kid }: { kid: string }) => kid);
    const before = await keys();
    await direct.close();
    const person = visitor();
    const down = await person.send(await person.open(`${url}/`), { action: 'login' });
    expect([screenOf(down), dataOf(down, 'error')?.error]).to.deep.equal(['PTL003', 'gateway_unreachable']);
    direct = makeDirect();
    await direct.listen();
    expect(await keys()).to.deep.equal(before);
    expect(screenOf(await signIn(person))).to.equal('PTL002');
  });

  it('begins when the gateway asks, and not when a stranger does', async () => {
    const person = visitor();
    expect(
      screenOf(await person.open(`${url}/initiate-login?iss=${encodeURIComponent(issuer)}&login_hint=x%22y`)),
    ).to.equal('BDD001');
    const stranger = await person.open(`${url}/initiate-login?iss=http://localhost:1`);
    expect(dataOf(stranger, 'error')?.error).to.equal('unknown_issuer');
  });

  it('refuses a callback it did not ask for, and one of another browser', async () => {
    const [person, other] = [visitor(), visitor()];
    expect(dataOf(await person.open(`${url}/callback?code=x&state=y`), 'error')?.error).to.equal('start_over');
    const asked = await person.send(await person.open(`${url}/`), { action: 'login' });
    const state = /state=([^&]+)/.exec(
      (await person.once(`${url}/`, { method: 'POST', body: new URLSearchParams({ action: 'login' }) })).headers.get(
        'location',
      ) ?? '',
    )?.[1];
    expect(dataOf(await other.open(`${url}/callback?code=x&state=${state}`), 'error')?.error).to.equal('start_over');
    const evil = await person.open(
      `${url}/callback?error=x%3C%2Fscript%3E&error_description=%3Cb%3E&state=${state}&iss=${encodeURIComponent(issuer)}`,
    );
    expect(evil.html).not.to.contain('<b>').and.not.contain('x</script>');
    expect(dataOf(evil, 'error')).to.deep.equal({ error: 'x</script>', error_description: '<b>' });
    expect(screenOf(asked)).to.equal('BDD001');
  });

  it('shows that there is nothing to refresh', async () => {
    const person = visitor();
    const page = await person.send(await signIn(person), { action: 'refresh' });
    expect(dataOf(page, 'refresh')).to.include({ ok: false, error: 'no_refresh_token' });
  });

  it('speaks English to whom asks for it', async () => {
    const person = visitor('en-US,en;q=0.9');
    expect((await person.open(`${url}/`)).html)
      .to.contain('Partner service')
      .and.contain('デモ環境');
    expect((await person.open(`${url}/?lang=ja`)).html).to.contain('<html lang="ja">');
    expect((await person.open(`${url}/`)).html).to.contain('<html lang="ja">');
    expect((await visitor().open(`${issuer}/login`)).html).to.contain('<html lang="ja">');
  });

  describe('taking a logout token', () => {
    const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
    const send = (token: string) =>
      fetch(`${url}/backchannel-logout`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) });
    const order = async (change: object = {}, typ = 'logout+jwt', forged = false) => {
      const kept = JSON.parse(readFileSync(join(dataDir, 'business-direct.json'), 'utf8')).signing[0];
      const key = forged ? (await generateKeyPair('ES256')).privateKey : await importJWK(kept, 'ES256');
      const now = Math.floor(clock() / 1000);
      const claims = {
        iss: issuer,
        aud: 'demo-portal',
        iat: now,
        exp: now + 120,
        jti: crypto.randomUUID(),
        events: { [EVENT]: {} },
        ...change,
      };
      return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: kept.kid, typ }).sign(key);
    };

    it('ends exactly the sessions it names, once', async () => {
      const [person, other] = [visitor(), visitor()];
      await signIn(person);
      await signIn(other);
      const { sid } = await sessionOf(person);
      const token = await order({ sid });
      expect((await send(token)).status).to.equal(200);
      expect(await sessionOf(person)).to.include({ signedIn: false });
      expect((await sessionOf(person)).lastLogoutToken).to.include({ sid });
      expect(await sessionOf(other)).to.include({ signedIn: true });
      expect((await send(token)).status).to.equal(400);
      expect((await send(await order({ sub: subjectOf(satoDirect.id) }))).status).to.equal(200);
      expect(await sessionOf(other)).to.include({ signedIn: false });
    });

    it('refuses one that is forged, foreign, old, future, a nonce carrier, or no logout token', async () => {
      const person = visitor();
      await signIn(person);
      const { sid } = await sessionOf(person);
      const now = Math.floor(clock() / 1000);
      const bad = [
        await order({ sid }, 'logout+jwt', true),
        await order({ sid }, 'at+jwt'),
        await order({ sid, iss: 'http://localhost:1' }),
        await order({ sid, aud: 'somebody' }),
        await order({ sid, iat: now - 3600, exp: now - 3000 }),
        await order({ sid, iat: now + 3600, exp: now + 4000 }),
        await order({ sid, nonce: 'n' }),
        await order({ sid, events: {} }),
        await order({ sid, jti: undefined }),
        await order({}),
        'not a token',
        '',
      ];
      for (const token of bad) expect((await send(token)).status, token).to.equal(400);
      expect(await sessionOf(person)).to.include({ signedIn: true });
    });
  });
});
