// What comes back through the browser, which anybody may have touched: parameters, replays, mix-ups, other browsers, and
// callbacks that nobody asked for.
import { request } from 'node:http';
import { expect } from 'chai';
import { launch } from '../support/demo-process.ts';
import { callbackSwitches, lostCallbacks } from '../support/hostile-upstream-switches.ts';
import { type Page, scriptBrowser, type ScriptBrowser } from '../support/script-browser.ts';
import { freePort } from '../support/ports.ts';
import { overlay, portalState } from '../support/walks.ts';
import { comesIn, honest, inBoth, theWorlds, walk, type Which, type World } from './hostile-scene.ts';
import {
  cancelledOutcome,
  downOutcome,
  judge,
  lostOutcome,
  misbehaves,
  nothing,
  type Outcome,
  recorded,
  refusedOutcome,
  seen,
  standing,
  strayOutcome,
  table,
} from './hostile-judgement.ts';

before(async function () {
  this.timeout(120_000);
  await theWorlds();
});

const outcomeOf = (name: string): Outcome => {
  if (name === 'callback-error-access-denied') return cancelledOutcome;
  return name === 'callback-error-server' ? downOutcome : refusedOutcome;
};

/** Sets out and is held at the provider; the address that it would have sent the browser back to. */
async function held(world: World, browser: ScriptBrowser, which: Which = 'bank'): Promise<URL> {
  world[which].hold(true);
  expect((await walk(world, browser, { which })).screen).to.equal('HELD');
  world[which].hold(false);
  return new URL(world[which].callbacks.at(-1) ?? '');
}

/** A case of its own in both worlds: one page is refused, nothing changes, and an honest login comes in afterwards. */
async function refusedOnce(
  name: string,
  outcome: Outcome,
  act: (world: World) => Promise<{ readonly page: Page; readonly browser: ScriptBrowser; readonly before?: unknown }>,
): Promise<void> {
  const reasons = await inBoth(async (world) => {
    const atFirst = await standing(world);
    const { page, browser, before = atFirst } = await act(world);
    const reason = await judge(world, browser, page, outcome, name);
    expect(await standing(world), name).to.deep.equal(before);
    await comesIn(world);
    return reason;
  });
  table.row([name, seen(outcome), recorded(outcome, reasons[0] ?? ''), nothing]);
}

describe('a callback of a Business Direct, through the whole gateway', () => {
  for (const name of Object.keys(callbackSwitches))
    it(`is answered cleanly as ${name}`, () =>
      misbehaves(name, outcomeOf(name), ({ bank }) => bank.misbehave(name), { age: 11 }));

  for (const name of Object.keys(lostCallbacks))
    it(`leads nowhere as ${name}`, () =>
      misbehaves(name, lostOutcome, ({ bank }) => bank.misbehave(name), { age: 11 }));

  it('is refused in another browser, and used up by it', () =>
    refusedOnce('callback of another browser', strayOutcome, async (world) => {
      const mine = world.browser();
      const back = await held(world, mine);
      const browser = world.demo.browser();
      const page = await browser.open(back.href);
      expect((await mine.open(back.href)).screen, 'its state was taken').to.equal('REF001');
      return { page, browser };
    }));

  it('is refused when another person began it and this browser holds the device', () =>
    refusedOnce('callback of a stranger in the browser of the person', strayOutcome, async (world) => {
      const back = await held(world, world.demo.browser());
      const browser = world.browser();
      await held(world, browser);
      return { page: await browser.open(back.href), browser };
    }));

  it('is refused when nobody began it', () =>
    refusedOnce('unsolicited callback', lostOutcome, async (world) => {
      const browser = world.browser();
      const page = await browser.open(`${world.demo.gateway}/upstream/callback?code=abc&state=${'s'.repeat(43)}`);
      return { page, browser };
    }));

  it('is refused when nobody began it and somebody is signed in, who stays what they were', async () => {
    await inBoth(async (world) => {
      const { demo } = world;
      const browser = world.browser();
      expect((await walk(world, browser)).screen).to.equal('PTL002');
      world.logins.federated += 1;
      world.keep(browser);
      const before = [await standing(world), await portalState(demo, browser)];
      const foreign = await held(world, demo.browser(), 'second');
      world.second.say('id-token', { sub: 'bd-of-the-attacker' });
      for (const [url, outcome] of [
        [`${demo.gateway}/upstream/callback?code=abc&state=${'s'.repeat(43)}`, lostOutcome],
        [foreign.href, strayOutcome],
      ] as const)
        await judge(world, browser.clone(), await browser.open(url), outcome, 'unsolicited while signed in');
      expect([await standing(world), await portalState(demo, browser)]).to.deep.equal(before);
      honest(world.bank, world.second, world.person);
    });
    table.row([
      'unsolicited callback while signed in',
      seen(lostOutcome),
      recorded(lostOutcome, ''),
      'session and link as they were',
    ]);
  });

  it('leads nowhere a second time', () =>
    refusedOnce('callback played again (used state)', lostOutcome, async (world) => {
      const browser = world.browser();
      const back = await held(world, browser);
      expect((await browser.open(back.href)).screen).to.equal('PTL002');
      world.logins.federated += 1;
      world.keep(browser.clone());
      const before = await standing(world);
      return { page: await browser.open(back.href), browser, before };
    }));

  it('is refused with a code that was used', () =>
    refusedOnce('used code in a new callback', refusedOutcome, async (world) => {
      const first = world.browser();
      const used = await held(world, first);
      expect((await first.open(used.href)).screen).to.equal('PTL002');
      world.logins.federated += 1;
      world.keep(first);
      const browser = world.browser();
      const back = await held(world, browser);
      back.searchParams.set('code', used.searchParams.get('code') ?? '');
      const before = await standing(world);
      return { page: await browser.open(back.href), browser, before };
    }));

  for (const [name, iss] of [
    ['code and iss of the second provider under the state of the first', true],
    ['code of the second provider under the state and iss of the first', false],
  ] as const)
    it(`is refused with ${name}`, () =>
      refusedOnce(name, refusedOutcome, async (world) => {
        const browser = world.browser();
        const back = await held(world, browser);
        const other = await held(world, world.demo.browser(), 'second');
        back.searchParams.set('code', other.searchParams.get('code') ?? '');
        if (iss) back.searchParams.set('iss', world.second.issuer);
        const asked = world.second.requests.filter((path) => path === '/token').length;
        const page = await browser.open(back.href);
        expect(world.second.requests.filter((path) => path === '/token').length).to.equal(asked);
        return { page, browser };
      }));

  it('proves nothing after the person chose another way', async () => {
    await inBoth(async (world) => {
      const browser = world.browser();
      const choice = await browser.submit(await browser.open(`${world.demo.portal}/`), {}, 'login');
      world.bank.hold(true);
      expect((await browser.submit(choice, {}, 'federated')).screen).to.equal('HELD');
      world.bank.hold(false);
      expect((await browser.submit(choice, {}, 'direct')).screen).to.equal('LGN002');
      const before = await standing(world);
      expect((await browser.open(world.bank.callbacks.at(-1) ?? '')).screen).to.equal('LGN002');
      expect(await standing(world)).to.deep.equal(before);
      expect((await portalState(world.demo, browser)).signedIn).to.equal(false);
      await comesIn(world);
    });
    table.row([
      'callback after the person chose the direct way',
      'LGN002: the present step',
      'none: nothing was refused',
      nothing,
    ]);
  });

  it('is not taken as a form post, nor from a fragment, nor under another address, and the true one then is', async () => {
    await inBoth(async (world) => {
      const browser = world.browser();
      const back = await held(world, browser);
      const posted = await browser.post(`${world.demo.gateway}/upstream/callback`, back.search.slice(1), {
        'sec-fetch-site': 'cross-site',
        'origin': world.bank.issuer,
      });
      expect([posted.status, posted.screen]).to.deep.equal([403, 'REF025']);
      const same = await browser.post(`${world.demo.gateway}/upstream/callback`, back.search.slice(1));
      expect([same.status, same.screen], 'it has no CSRF token either').to.deep.equal([403, 'REF025']);
      const fragment = await browser.open(`${world.demo.gateway}/upstream/callback`);
      expect([fragment.status, fragment.screen]).to.deep.equal([410, 'REF001']);
      const elsewhere = await browser.open(`${world.demo.gateway}/upstream/callback/x${back.search}`);
      expect([elsewhere.status, elsewhere.screen]).to.deep.equal([404, 'REF024']);
      expect((await browser.open(back.href)).screen).to.equal('PTL002');
      world.logins.federated += 1;
      world.keep(browser);
    });
    table.row([
      'response as a form post',
      'REF025 `csrf` 403',
      'none: the log alone',
      'nothing changed; the true callback then came in',
    ]);
    table.row([
      'response in a fragment',
      seen(lostOutcome),
      recorded(lostOutcome, ''),
      'nothing changed; the true callback then came in',
    ]);
  });

  it('is cut off when its address has 100 kB, and the true one then comes in', async () => {
    await inBoth(async (world) => {
      const browser = world.browser();
      const back = await held(world, browser);
      for (const name of ['code', 'state']) {
        const long = new URL(back);
        long.searchParams.set(name, 'x'.repeat(100_000));
        expect(await statusOf(long)).to.equal(431);
      }
      expect((await browser.open(back.href)).screen).to.equal('PTL002');
      world.logins.federated += 1;
      world.keep(browser);
    });
    table.row([
      'code or state of 100 kB',
      'the browser’s own page: 431 without a body, before anything reads it',
      'none',
      'nothing changed; the true callback then came in',
    ]);
  });

  it('is refused when the provider was switched off between redirect and callback', async function () {
    this.timeout(60_000);
    const [world] = await theWorlds();
    if (!world) throw new Error('no world');
    const { demo, bank, second } = world;
    const off = overlay({
      'upstreams.yaml': [
        { issuer: demo.businessDirect, renkei: { enabled: false } },
        { issuer: bank.issuer, renkei: { enabled: false } },
        second.config(),
      ],
    });
    const port = await freePort();
    const after = await launch(
      { ...demo.env, RENKEI_PORT: String(port), RENKEI_ISSUER: demo.gateway, RENKEI_CONFIG: off },
      ['--gateway-only'],
    );
    try {
      const before = await standing(world);
      let switched = false;
      const browser = scriptBrowser((url) => {
        if (!switched || url.origin !== demo.gateway) return url;
        return Object.assign(new URL(url), { port: String(port) });
      });
      const back = await held(world, browser);
      const asked = bank.requests.length;
      switched = true;
      const page = await browser.open(back.href);
      const reason = await judge(world, browser, page, refusedOutcome, 'switched off on the way', {
        log: after.output,
      });
      expect(bank.requests).to.have.length(asked);
      expect(await standing(world)).to.deep.equal(before);
      table.row([
        'provider switched off between redirect and callback',
        seen(refusedOutcome),
        recorded(refusedOutcome, reason),
        'nothing changed (real stores alone: the other gateway has the newer configuration)',
      ]);
    } finally {
      after.child.kill('SIGTERM');
      await after.ended;
    }
    await comesIn(world);
  });
});

/** Redirects and pages apart: what the server says of an address that no browser would send. */
const statusOf = (url: URL): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
