// What the provider keeps, and what happens when two processes, two requests or no store at all are behind it.
import { expect } from 'chai';
import { demandOf } from '../../src/oidc/demand.ts';
import { mayCall } from '../../src/oidc/egress.ts';
import { memoryState } from '../../src/store/state-memory.ts';
import { redisState } from '../../src/store/state-redis.ts';
import { StoreUnavailable } from '../../src/store/unavailable.ts';
import { ownRedis, type OwnRedis } from '../support/redis.ts';
import {
  authorize,
  codeFor,
  gateway,
  login,
  payload,
  redeem,
  refresh,
  signIn,
  userinfo,
  type CountedState,
  type Gateway,
} from './provider-harness.ts';

const clock = (): number => Date.now();

/** A state store whose next swap of a key waits until it is let go. */
function pausing(inner: CountedState): CountedState & { pause(key: string): { reached: Promise<void>; go(): void } } {
  let paused: { readonly key: string; readonly reach: () => void; readonly gone: Promise<void> } | null = null;
  return {
    ...inner,
    get commands() {
      return inner.commands;
    },
    async swap(key, before, after, expiresAt) {
      const present = paused;
      if (present && key.includes(present.key)) {
        paused = null;
        present.reach();
        await present.gone;
      }
      return inner.swap(key, before, after, expiresAt);
    },
    pause(key) {
      let [reach, go] = [(): void => {}, (): void => {}];
      const reached = new Promise<void>((resolve) => (reach = resolve));
      const gone = new Promise<void>((resolve) => (go = resolve));
      paused = { key, reach, gone };
      return { reached, go };
    },
  };
}

describe('the provider and its store', () => {
  const open: Gateway[] = [];
  const start = async (more: Parameters<typeof gateway>[0] = {}): Promise<Gateway> => {
    const gate = await gateway(more);
    open.push(gate);
    return gate;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((gate) => gate.close()));
  });

  it('works across two processes: any request may reach either', async () => {
    const state = memoryState({ clock });
    const one = await start({ state });
    const two = await start({ state, issuer: one.url, fakes: one.fakes });
    const who = one.browser();
    // The same browser, sent to the other process.
    const there = (address: string | undefined): string => (address ?? '').replace(one.url, two.url);
    const page = await authorize(who);
    const record = login(one.fakes, 'hanako');
    const finished = await who.go(there(`${page.location?.href}/finish?login=${record.id}`));
    expect(finished.location?.origin).to.equal(one.url);
    const returned = await who.go(there(finished.location?.href));
    const tokens = (await redeem(one, returned.location?.searchParams.get('code') ?? '')).json();
    expect(payload(tokens['id_token'])['iss']).to.equal(one.url);
    // A silent pass on the other process keeps the login of the session.
    const silent = await who.go(
      there(
        `${one.url}/oidc/authorize?${new URLSearchParams({ client_id: 'renkei-web', response_type: 'none', redirect_uri: `${one.url}/signed-in`, scope: 'openid', prompt: 'none' })}`,
      ),
    );
    expect(silent.location?.searchParams.get('error')).to.equal(null);
    expect((await who.go('/session/now')).json()['session']).to.include({ loginId: record.id });
    expect((await refresh(two, tokens['refresh_token'])).status).to.equal(200);
    one.fakes.ended.add(record.id);
    expect((await userinfo(two, tokens['access_token'])).status).to.equal(401);
  });

  it('keeps both portals that one browser enters at the same moment', async () => {
    const state = pausing(memoryState({ clock }));
    const gate = await start({ state });
    const who = gate.browser();
    await codeFor(gate, who);
    const pause = state.pause('oidc:Session:');
    const first = authorize(who, { client: 'beta' });
    await pause.reached;
    const second = await authorize(who, { client: 'watch' });
    pause.go();
    for (const [client, answer] of [
      ['beta', await first],
      ['watch', second],
    ] as const) {
      expect((await redeem(gate, answer.location?.searchParams.get('code') ?? '', client)).status).to.equal(200);
    }
  });

  it('ends the grant when the second of two redemptions comes first', async () => {
    const state = pausing(memoryState({ clock }));
    const gate = await start({ state });
    const code = await codeFor(gate, gate.browser());
    const pause = state.pause('oidc:AuthorizationCode:');
    const late = redeem(gate, code);
    await pause.reached;
    const early = await redeem(gate, code);
    expect(early.status).to.equal(200);
    expect((await userinfo(gate, early.json()['access_token'])).status).to.equal(200);
    pause.go();
    expect((await late).json()['error']).to.equal('invalid_grant');
    expect((await userinfo(gate, early.json()['access_token'])).status).to.equal(401);
  });

  it('does not bring back a session that was ended while a request was under way', async () => {
    const state = pausing(memoryState({ clock }));
    const gate = await start({ state });
    const who = gate.browser();
    await codeFor(gate, who);
    const cookies = new Map(who.jar);
    const pause = state.pause('oidc:Session:');
    const underWay = authorize(who, { client: 'beta' });
    await pause.reached;
    await who.go('/sign-out/now');
    // Even if the logins did not know of it.
    gate.fakes.ended.clear();
    pause.go();
    const late = await underWay;
    for (const [name, cookie] of cookies) who.jar.set(name, cookie);
    expect((await who.go('/session/now')).json()['session']).to.equal(null);
    expect((await redeem(gate, late.location?.searchParams.get('code') ?? '', 'beta')).json()['error']).to.equal(
      'invalid_grant',
    );
  });

  it('asks the store few times: a whole sign-in with code, and a refresh', async () => {
    const gate = await start();
    const who = gate.browser();
    const marks = [gate.fakes.commands()];
    const mark = (): void => void marks.push(gate.fakes.commands());
    const page = await authorize(who);
    mark();
    await who.go(page.location?.href ?? '');
    mark();
    const returned = await signIn(who, page, login(gate.fakes, 'hanako'));
    mark();
    const tokens = (await redeem(gate, returned.location?.searchParams.get('code') ?? '')).json();
    mark();
    await refresh(gate, tokens['refresh_token']);
    mark();
    const steps = marks.slice(1).map((count, index) => count - (marks[index] ?? 0));
    // Interaction; page; finish and resume; code, session, grant, its use, two tokens; refresh the same.
    expect(steps[0]).to.be.at.most(1);
    expect(steps[1]).to.be.at.most(1);
    expect(steps[2]).to.be.at.most(9);
    expect(steps[3]).to.be.at.most(7);
    expect(steps[4]).to.be.at.most(7);
  });

  it('answers 503 and when to come back while the store is away, and recovers', async () => {
    const inner = memoryState({ clock });
    let away = false;
    const verbs = Object.fromEntries(
      Object.entries(Object.getOwnPropertyDescriptors(inner)).map(([name, descriptor]) => {
        const verb: unknown = descriptor.value;
        if (typeof verb !== 'function') return [name, descriptor];
        const guarded = async (...args: unknown[]): Promise<unknown> => {
          if (away) throw new StoreUnavailable('redis');
          return Reflect.apply(verb, inner, args);
        };
        return [name, { ...descriptor, value: guarded }];
      }),
    );
    const state: CountedState = Object.create(inner, verbs);
    const gate = await start({ state });
    const who = gate.browser();
    const code = await codeFor(gate, who);
    away = true;
    const page = await authorize(who);
    expect(page.status).to.equal(503);
    expect(page.headers.get('retry-after')).to.equal('5');
    expect(page.json()).to.include({ page: 'error', error: 'server_error' });
    const token = await redeem(gate, code);
    expect(token.status).to.equal(503);
    expect(token.headers.get('retry-after')).to.equal('5');
    expect(
      (await who.go('/oidc/end-session/confirm', { method: 'POST', body: new URLSearchParams({ xsrf: 'x' }) })).status,
    ).to.equal(503);
    expect((await gate.browser().go('/.well-known/openid-configuration')).status).to.equal(200);
    away = false;
    expect((await redeem(gate, code)).status).to.equal(200);
  });

  it('has cookies of https that only https may carry, and addresses of its issuer', async () => {
    const gate = await start({ issuer: 'https://login.example' });
    const who = gate.browser();
    const page = await authorize(who);
    expect(page.status).to.equal(303);
    const set = page.headers.getSetCookie();
    expect(set.some((line) => /^__Secure-renkei_interaction=.*; secure/i.test(line))).to.equal(true);
    expect(set.some((line) => /^__Secure-renkei_resume=.*; path=\/oidc\/authorize\/.*; secure/i.test(line))).to.equal(
      true,
    );
    const finished = await who.go(`${page.location?.pathname}/finish?login=${login(gate.fakes, 'hanako').id}`);
    expect(finished.location?.origin).to.equal('https://login.example');
    const returned = await who.go(finished.location?.pathname ?? '');
    expect(returned.headers.getSetCookie().join('\n')).to.match(
      /^__Host-renkei_session=[^;]+; path=\/; samesite=lax; secure; httponly$/im,
    );
    const discovery = (await who.go('/.well-known/openid-configuration')).json();
    expect(discovery['token_endpoint']).to.equal('https://login.example/oidc/token');
  });

  it('does not take a session cookie that it did not sign', async () => {
    const gate = await start();
    const who = gate.browser();
    await codeFor(gate, who);
    const id = who.jar.get('renkei_session;/')?.value ?? '';
    const forged = await gate
      .browser()
      .go('/session/now', { headers: { cookie: `renkei_session=${id}; renkei_session.sig=x` } });
    expect(forged.json()['session']).to.equal(null);
    // Nor the name of another thing of ours: the kinds of records have keys of their own.
    const page = await authorize(who, { params: { prompt: 'login' } });
    const uid = page.location?.pathname.split('/').at(-1) ?? '';
    const unsigned = await gate.browser().go(`/sign-in/${uid}`, { headers: { cookie: `renkei_interaction=${uid}` } });
    expect(unsigned.status).to.equal(410);
    for (const token of [uid, id]) {
      const answer = await userinfo(gate, token);
      expect(answer.status).to.equal(401);
    }
    expect((await userinfo(gate, 'x'.repeat(5_000))).status).to.equal(401);
  });

  describe('on Redis', () => {
    let server: OwnRedis | null = null;
    before(async function () {
      server = await ownRedis();
      if (server === null) this.skip();
    });
    after(() => server?.end());

    it('redeems one of twenty codes at once, and refreshes', async () => {
      const state = redisState({ url: server?.url ?? '', clock });
      const gate = await start({ state });
      for (let round = 0; round < 3; round += 1) {
        const code = await codeFor(gate, gate.browser());
        const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(gate, code)));
        expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
      }
      const tokens = (await redeem(gate, await codeFor(gate, gate.browser()))).json();
      expect((await refresh(gate, tokens['refresh_token'])).status).to.equal(200);
      await state.close();
    });
  });
});

describe('a portal’s demand', () => {
  const acr = (name: string): string => `urn:renkei:acr:${name}`;
  const nothing = { values: [], essential: null, always: false, minimum: null };

  it('of nothing takes any sign-in', () => {
    expect(demandOf(nothing)).to.deep.equal({
      otpDemanded: false,
      routes: ['federated', 'direct'],
      unmeetable: false,
      acceptable: null,
    });
  });

  it('of an essential value is met by that value alone', () => {
    const demand = demandOf({ ...nothing, essential: [acr('federated'), acr('password-otp'), 'gold'] });
    expect(demand).to.deep.equal({
      otpDemanded: false,
      routes: ['federated'],
      unmeetable: false,
      acceptable: [acr('federated'), acr('password-otp')],
    });
    expect(demandOf({ ...nothing, essential: ['gold'] })).to.include({ unmeetable: true });
    expect(demandOf({ ...nothing, essential: [acr('federated')], always: true })).to.include({
      unmeetable: true,
      otpDemanded: true,
    });
  });

  it('of a minimum is met by what is stronger', () => {
    const minimum = 'urn:renkei:acr:password-otp';
    expect(demandOf({ ...nothing, minimum })).to.deep.include({
      otpDemanded: true,
      routes: ['federated', 'direct'],
      unmeetable: false,
    });
    expect(demandOf({ ...nothing, minimum, essential: [acr('federated')] })).to.include({ unmeetable: true });
    expect(demandOf({ ...nothing, minimum, values: [acr('password-otp')] })).to.deep.include({ routes: ['direct'] });
    expect(demandOf({ ...nothing, minimum: 'urn:renkei:acr:password' })).to.deep.include({
      otpDemanded: false,
      routes: ['federated', 'direct'],
    });
  });
});

describe('the provider’s way out', () => {
  it('leads to listed origins, by https, and by http to loopback in the demo only', () => {
    const egress = {
      allowedOrigins: ['https://portal.example', 'http://127.0.0.1:3002', 'http://portal.example'],
      demo: true,
    };
    expect(mayCall('https://portal.example/logout?x=1', egress)).to.equal(true);
    expect(mayCall('http://127.0.0.1:3002/logout', egress)).to.equal(true);
    const refused = [
      'http://portal.example/logout',
      'https://portal.example:444/logout',
      'https://portal.example.evil/logout',
      'https://user@portal.example/logout',
      'http://127.0.0.1:3003/logout',
      'file:///etc/passwd',
      'nonsense',
    ];
    for (const address of refused) expect(mayCall(address, egress), address).to.equal(false);
    expect(mayCall('http://127.0.0.1:3002/logout', { ...egress, demo: false })).to.equal(false);
  });
});
