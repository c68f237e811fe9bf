// When something under the gateway fails (spec §10): Redis or PostgreSQL stopped, hung, emptied, or the process itself killed.
// Every page says so at once and no check is skipped; what comes back is used again without a restart; nothing committed is
// lost. The servers are this test's own.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, launch, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import { ownPortal, type OwnPortal, type Tokens } from '../support/own-portal.ts';
import { type OwnPostgres, ownPostgres } from '../support/own-postgres.ts';
import { type OwnRedis, ownRedis, until } from '../support/redis.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { enterLinked, enterOwnPages, nextCode, overlay, renkei } from '../support/walks.ts';

interface Health {
  readonly status: string;
  readonly parts: Readonly<Record<string, string>>;
}

async function health(demo: Demo): Promise<Health & { readonly code: number }> {
  const answer = await fetch(`${demo.gateway}/health`);
  const told: Health = JSON.parse(await answer.text());
  return { code: answer.status, ...told };
}

const isUp = (demo: Demo) => async (): Promise<boolean> => (await health(demo).catch(() => null))?.code === 200;

/** The one page of an outage: without stores, with a time to come back, at once. */
async function expectOutage(what: string, ask: () => Promise<Page>): Promise<void> {
  const began = performance.now();
  const page = await ask();
  expect(performance.now() - began, `${what}: in time`).to.be.below(10_000);
  expect([page.status, page.screen, page.refusal], what).to.deep.equal([503, 'REF020', 'unavailable']);
  expect(Number(page.headers.get('retry-after')), what).to.be.within(1, 60);
  expect(page.headers.get('cache-control') ?? 'no-store', what).to.include('no-store');
  expect(page.html, `${what}: nothing of the fault`).not.to.match(
    /redis|postgres|ECONN|127\.0\.0\.1|stack|node_modules/i,
  );
}

describe('faults of the stores', () => {
  let postgres: OwnPostgres | null = null;
  let redis: OwnRedis | null = null;
  let demo: Demo;
  let portal: OwnPortal;
  before(async function () {
    this.timeout(120_000);
    postgres = await ownPostgres();
    redis = await ownRedis();
    if (!postgres || !redis) this.skip();
    portal = await ownPortal('outage-portal');
    const config = overlay({ 'portals.yaml': [portal.entry({ open: true })] });
    const stores = { RENKEI_DATABASE_URL: postgres.url, RENKEI_REDIS_URL: redis.url };
    demo = await startDemo('real', { env: { ...stores, RENKEI_CONFIG: config } });
  });
  after(async () => {
    await demo?.stop();
    await portal?.close();
    await redis?.end();
    await postgres?.end();
  });

  const oidc = async (): Promise<Readonly<Record<string, string>>> =>
    JSON.parse(await (await fetch(`${demo.gateway}/.well-known/openid-configuration`)).text());

  interface People {
    /** Signed in to the portals and the consoles. */
    readonly inside: ScriptBrowser;
    readonly tokens: Tokens;
    /** Somebody else, who is asked the code. */
    readonly middle: ScriptBrowser;
    readonly otp: Page;
  }

  async function people(insider: DemoPerson, waiting: DemoPerson): Promise<People> {
    const inside = demo.browser();
    expect((await enterLinked(demo, inside, insider, { remember: true })).screen).to.equal('PTL002');
    const tokens = await portal.redeem(demo.gateway, await inside.open(await portal.authorizeUrl(demo.gateway)));
    expect(tokens.refreshToken).not.to.equal('');
    const own = await inside.open(`${demo.gateway}/self-service`);
    expect(own.status).to.equal(200);
    const middle = demo.browser();
    const otp = await throughBusinessDirect(demo, middle, waiting);
    expect(otp.screen).to.equal('OTP001');
    return { inside, tokens, middle, otp };
  }

  /** Every kind of address that needs what is gone, of people and of their portals. */
  async function expectAllOut({ inside, tokens, middle, otp }: People): Promise<void> {
    const { gateway } = demo;
    const own = ['/', '/self-service', '/self-service/link', '/self-service/devices', '/company', '/company/people'];
    for (const path of own) await expectOutage(path, () => inside.open(`${gateway}${path}`));
    await expectOutage('a page of an attempt', () => middle.open(otp.url));
    await expectOutage('a code', async () => middle.submit(otp, { otp: '000000' }));
    for (const ask of [{}, { prompt: 'none' }, { prompt: 'login' }]) {
      const address = await portal.authorizeUrl(gateway, ask);
      await expectOutage(`a portal’s request ${JSON.stringify(ask)}`, () => inside.open(address));
    }
    const machine = async (what: string, ask: () => Promise<{ readonly status: number }>): Promise<void> => {
      const began = performance.now();
      expect((await ask()).status, what).to.equal(503);
      expect(performance.now() - began, `${what}: in time`).to.be.below(10_000);
    };
    await machine('a refresh', () => portal.refresh(gateway, tokens.refreshToken));
    await machine('userinfo', () => portal.userinfo(gateway, tokens.accessToken));
    const answer = await fetch((await oidc())['userinfo_endpoint'] ?? '', {
      headers: { authorization: `Bearer ${tokens.accessToken}` },
    });
    expect(Number(answer.headers.get('retry-after'))).to.be.within(1, 60);
    const introspected = await portal.introspect(gateway, tokens.accessToken);
    expect(introspected.active, 'not said to be good').not.to.equal(true);
  }

  /** What needs neither store goes on. */
  async function expectStillThere(): Promise<void> {
    const { jwks_uri: keys = '' } = await oidc();
    const published: { readonly keys: readonly unknown[] } = JSON.parse(await (await fetch(keys)).text());
    expect(published.keys).to.have.length.above(1);
    expect((await fetch(`${demo.gateway}/health/live`)).status).to.equal(200);
  }

  it('tells the state of every part', async () => {
    const told = await health(demo);
    expect(told).to.deep.include({ code: 200, status: 'up' });
    expect(told.parts).to.include({ database: 'up', state: 'up' });
    expect(Object.keys(told.parts).filter((part) => part.startsWith('upstream-'))).to.have.length(1);
  });

  it('Redis stopped: 503 everywhere, at once, nothing skipped; back within seconds when it is, and people sign in again', async () => {
    const insider = demo.person('msuzuki14');
    const found = await people(insider, demo.person('ksato82'));
    const { inside, tokens, middle, otp } = found;
    await redis?.stop();
    expect(await health(demo)).to.deep.include({ code: 503, status: 'down' });
    expect((await health(demo)).parts).to.include({ database: 'up', state: 'down' });
    await expectAllOut(found);
    await expectOutage('the callback of an upstream', () =>
      middle.open(`${demo.gateway}/upstream/callback?state=x&code=y`),
    );
    await expectOutage('an initiated sign-in', () =>
      demo.browser().open(`${demo.gateway}/initiate?iss=${encodeURIComponent(demo.businessDirect)}`),
    );
    await expectOutage('a newcomer', () => demo.browser().open(`${demo.gateway}/`));
    await expectStillThere();

    await redis?.start();
    await until(isUp(demo), 'the gateway is up again');
    const began = performance.now();
    const over = await middle.submit(otp, { otp: await nextCode(demo, demo.person('ksato82')) });
    expect([over.status, over.screen], 'an attempt that Redis lost').to.deep.equal([410, 'REF001']);
    const page = await throughBusinessDirect(demo, inside, insider);
    expect(page.screen, 'linked still, and the code is asked: the device was forgotten').to.equal('OTP001');
    expect((await inside.submit(page, { otp: await nextCode(demo, insider) })).screen).to.equal('PTL002');
    expect(performance.now() - began).to.be.below(40_000);
    expect((await portal.refresh(demo.gateway, tokens.refreshToken)).error, 'lost with Redis').to.equal(
      'invalid_grant',
    );
  }).timeout(90_000);

  it('Redis hung: 503 in time, and it recovers when it answers again', async () => {
    const { inside, middle, otp } = await people(demo.person('msuzuki14'), demo.person('ksato82'));
    redis?.hang();
    try {
      await expectOutage('the top page', () => inside.open(`${demo.gateway}/`));
      await expectOutage('a code', () => middle.submit(otp, { otp: '000000' }));
      expect((await health(demo)).parts).to.include({ database: 'up', state: 'down' });
    } finally {
      redis?.resume();
    }
    await until(isUp(demo), 'the gateway is up again');
    expect((await inside.open(`${demo.gateway}/self-service`)).status, 'the same session').to.equal(200);
    const done = await middle.submit(otp, { otp: await nextCode(demo, demo.person('ksato82')) });
    expect(done.screen, 'the same attempt').to.equal('PTL002');
  }).timeout(90_000);

  it('Redis emptied: everybody signs in again and is asked the code; links, counters and used codes are not forgotten', async () => {
    const person = demo.person('rhashimoto46');
    const browser = demo.browser();
    await enterLinked(demo, browser, person, { remember: true });
    const used = await demo.code(person);
    const raw = new Redis(redis?.url ?? '');
    await raw.flushall();
    raw.disconnect();
    const own = await browser.open(`${demo.gateway}/self-service`);
    expect(own.screen, 'no session').not.to.equal('CUS001');
    const otp = await throughBusinessDirect(demo, browser, person);
    expect(otp.screen).to.equal('OTP001');
    const again = await browser.submit(otp, { otp: used, remember: 'on' });
    expect([again.status, again.refusal], 'the code of before').to.deep.equal([422, 'otp-used']);
    const portal = await browser.submit(again, { otp: await nextCode(demo, person), remember: 'on' });
    expect(portal.screen).to.equal('PTL002');
    await browser.submit(await browser.open(`${demo.portal}/`), {}, 'logout');
    expect((await throughBusinessDirect(demo, browser, person)).screen, 'remembered anew').to.equal('PTL002');
  }).timeout(60_000);

  it('PostgreSQL stopped: 503 everywhere, at once, nothing skipped; then the same sessions and attempts go on', async () => {
    const insider = demo.person('ymori34');
    const waiting = demo.person('ksato82');
    const found = await people(insider, waiting);
    const { inside, tokens, middle, otp } = found;
    const codeThen = await nextCode(demo, waiting);
    await postgres?.stop();
    expect(await health(demo)).to.deep.include({ code: 503, status: 'down' });
    expect((await health(demo)).parts).to.include({ database: 'down', state: 'up' });
    await expectOutage('a right code', () => middle.submit(otp, { otp: codeThen }));
    await expectAllOut(found);
    await expectStillThere();

    await postgres?.start();
    await until(isUp(demo), 'the gateway is up again');
    expect((await inside.open(`${demo.gateway}/self-service`)).status, 'the same session').to.equal(200);
    const done = await middle.submit(otp, { otp: codeThen });
    expect(done.screen, 'the same attempt, the same code: it was never judged').to.equal('PTL002');
    const renewed = await portal.refresh(demo.gateway, tokens.refreshToken);
    expect(renewed, 'the refresh token was not spent').to.include({ status: 200, error: null });
    expect(await verified(demo)).to.equal(true);
  }).timeout(90_000);
});

async function verified(demo: Demo): Promise<boolean> {
  const { out } = await renkei(demo, 'audit', 'verify', '--json');
  const told: { readonly ok: boolean; readonly chains: readonly unknown[] } = JSON.parse(out);
  expect(told.chains).to.have.length.above(0);
  return told.ok;
}

for (const stores of ['real', 'embedded'] as const) {
  describe(`a gateway killed on ${stores} stores`, () => {
    let demo: Demo;
    let again: Awaited<ReturnType<typeof launch>> | null = null;
    const restart = async (): Promise<void> => {
      again = await launch(demo.env, []);
    };
    const kill = async (): Promise<void> => {
      if (again === null) return demo.kill('SIGKILL');
      again.child.kill('SIGKILL');
      return again.ended;
    };
    before(async function () {
      this.timeout(120_000);
      demo = await startDemo(stores);
    });
    after(async () => {
      again?.child.kill('SIGTERM');
      await again?.ended;
      await demo?.stop();
    });

    /** Through Business Direct, with the first-link check where it is asked, and this code. */
    async function enterWith(person: DemoPerson, otp: string): Promise<Page> {
      const browser = demo.browser();
      let page = await throughBusinessDirect(demo, browser, person);
      if (page.screen === 'LNK001')
        page = await browser.submit(page, { login_id: person.login_id, password: person.password });
      return browser.submit(page, { otp });
    }

    it('in the middle of logins loses nothing that was committed: links, used codes, audit', async () => {
      const linked = demo.person('dyamamoto47');
      const others = ['ywatanabe85', 'msaito50', 'sabe89'].map((id) => demo.person(id));
      for (const wait of stores === 'real' ? [400, 1_200] : [800]) {
        // No walk moves the clock from here on: the used code is still in its window after the restart.
        await demo.forward(120);
        const used = await demo.code(linked);
        expect((await enterWith(linked, used)).screen).to.equal('PTL002');
        const walks = others.map(async (person) => enterWith(person, await demo.code(person)).catch(() => null));
        await sleep(wait);
        await kill();
        await Promise.all(walks);
        await restart();
        expect(await verified(demo), 'every chain is whole').to.equal(true);

        const office = demo.browser();
        const otp = await throughBusinessDirect(demo, office, linked);
        expect(otp.screen, 'still linked').to.equal('OTP001');
        const refused = await office.submit(otp, { otp: used });
        expect(refused.refusal, 'a code that was used before the kill').to.equal('otp-used');
        expect((await office.submit(refused, { otp: await nextCode(demo, linked) })).screen).to.equal('PTL002');
        for (const person of others) {
          const page = await enterLinked(demo, demo.browser(), person);
          expect(page.screen, `${person.name} gets in, linked before or now`).to.equal('PTL002');
        }
      }
      expect(await verified(demo)).to.equal(true);
    }).timeout(180_000);

    it('and what it remembered outside itself: a session and a device live on in Redis, not in a process', async () => {
      const person = demo.person('msuzuki14');
      const browser = demo.browser();
      await enterOwnPages(demo, browser, person, '/self-service', 'federated');
      await kill();
      await restart();
      const page = await browser.open(`${demo.gateway}/self-service`);
      expect(page.hops.length === 1, `session lives on ${stores} stores`).to.equal(stores === 'real');
    }).timeout(120_000);
  });
}
