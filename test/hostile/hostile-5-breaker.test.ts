// The circuit breaker: when it opens, what is seen of it, how it closes by itself, and that no stranger can open it.
import { expect } from 'chai';
import { hasButton, soon } from '../support/walks.ts';
import type { Page } from '../support/script-browser.ts';
import { comesIn, comesInDirectly, honest, inBoth, theWorlds, walk, type World } from './hostile-scene.ts';
import { downOutcome, judge, recorded, refusedOutcome, seen, standing, table } from './hostile-judgement.ts';

before(async function () {
  this.timeout(120_000);
  await theWorlds();
});

const failuresInARow = 3;
const pause = 10;

const choice = async (world: World, language: 'ja' | 'en'): Promise<Page> => {
  const browser = world.browser(language);
  return browser.submit(await browser.open(`${world.demo.portal}/`), {}, 'login');
};
const notice = {
  ja: 'ただいまビジネスダイレクトからのログインはご利用いただけません',
  en: 'is not available at the moment',
} as const;

/** Which of the two ways stands first, and whether the notice stands above. */
async function choiceSays(world: World, open: boolean): Promise<void> {
  for (const language of ['ja', 'en'] as const) {
    const page = await choice(world, language);
    expect(page.text().includes(notice[language]), `notice in ${language}`).to.equal(open);
    expect([hasButton(page, 'federated'), hasButton(page, 'direct')]).to.deep.equal([true, true]);
    expect(page.html.indexOf('value="direct"') < page.html.indexOf('value="federated"')).to.equal(open);
  }
}

const refusedWith = async (world: World, what: RegExp): Promise<void> => {
  const browser = world.browser();
  const page = await walk(world, browser);
  const reason = await judge(world, browser, page, downOutcome, 'circuit');
  if (world.name === 'real') expect(reason).to.match(what);
};

async function opened(world: World): Promise<void> {
  await world.pass(pause + 1);
  world.bank.breakDown({ at: 'discovery', how: '503' });
  for (let round = 0; round < failuresInARow; round += 1) await refusedWith(world, /status 503/);
}

describe('the circuit breaker of a Business Direct, through the whole gateway', () => {
  it('opens after three failures in a row: nobody waits, health and the choice of the way say so', async () => {
    await inBoth(async (world) => {
      expect(await world.health()).to.equal('up');
      await choiceSays(world, false);
      const asked = world.bank.requests.length;
      await opened(world);
      expect(await world.health()).to.equal('down');
      expect(world.bank.requests.length - asked).to.equal(failuresInARow);
      const health = await fetch(`${world.demo.gateway}/health`);
      expect(health.status, 'the gateway itself is well').to.equal(200);
      await choiceSays(world, true);
      world.bank.breakDown({ at: 'discovery', how: 'hanging' });
      await refusedWith(world, /circuit is open/);
      expect(world.bank.requests.length - asked, 'nobody is asked, so nobody waits').to.equal(failuresInARow);
      await comesInDirectly(world);
      await comesIn2(world);
    });
  }).timeout(40_000);

  it('lets one request try after the pause, and stays open when that fails', async () => {
    await inBoth(async (world) => {
      expect(await world.health()).to.equal('down');
      await world.pass(pause + 1);
      const trying = refusedWith(world, /did not answer in time/);
      expect(
        await soon(
          () => world.health(),
          (state) => state === 'trying',
        ),
      ).to.equal('trying');
      await choiceSays(world, true);
      // Whoever comes now waits for the same reading: nobody asks a second time.
      const asked = world.bank.requests.length;
      await Promise.all([trying, refusedWith(world, /did not answer in time/)]);
      expect(world.bank.requests).to.have.length(asked);
      expect(await world.health()).to.equal('down');
    });
  }).timeout(40_000);

  it('closes by itself when it answers again, without a restart', async () => {
    await inBoth(async (world) => {
      await world.pass(pause + 1);
      await comesIn(world);
      expect(await world.health()).to.equal('up');
      await choiceSays(world, false);
    });
    table.row([
      'three failures in a row',
      seen(downOutcome),
      recorded(downOutcome, 'it failed several times; the circuit is open'),
      'direct login as ever; `/health` down, trying, up; LGN001 says so and puts the direct way first',
    ]);
  });

  it('opens for a token endpoint that is dead while the documents are not, and closes again', async () => {
    await inBoth(async (world) => {
      world.bank.breakDown({ at: 'token', how: '503' });
      for (let round = 0; round < failuresInARow; round += 1) {
        const asked = world.bank.requests.filter((path) => path === '/token').length;
        await refusedWith(world, /status 503/);
        await soon(
          async () => world.bank.requests.filter((path) => path === '/token').length - asked,
          (looks) => looks === 2,
        );
      }
      expect(
        await soon(
          () => world.health(),
          (state) => state === 'down',
        ),
      ).to.equal('down');
      await refusedWith(world, /circuit is open/);
      await world.pass(pause + 1);
      await comesIn(world);
      expect(await world.health()).to.equal('up');
    });
    table.row([
      'token endpoint dead, documents alive: three people',
      seen(downOutcome),
      recorded(downOutcome, 'it answered with status 503, then: the circuit is open'),
      'as above; each failure was looked at again with a request of our own',
    ]);
  }).timeout(40_000);

  const strangers: Readonly<Record<string, (world: World) => Promise<void>>> = {
    'forged codes': (world) => forged(world, { code: 'of-nobody' }),
    'codes that a firewall before the provider drops': async (world) => {
      world.bank.misbehave('firewall-drops-odd-codes');
      await forged(world, { code: "odd'--<script>" });
    },
    'forged errors': (world) => forged(world, { code: null, error: 'server_error' }),
    'forged errors, temporarily_unavailable': (world) =>
      forged(world, { code: null, error: 'temporarily_unavailable' }),
    'junk for logout tokens': async (world) => {
      for (let round = 0; round < 12; round += 1) {
        const token = await world.bank.logoutToken({}, { forged: true });
        const answer = await fetch(`${world.demo.gateway}/upstream/backchannel-logout`, {
          method: 'POST',
          body: new URLSearchParams({ logout_token: round % 2 === 0 ? token : 'x.y.z' }),
        });
        expect(answer.status).to.equal(400);
      }
    },
  };
  for (const [name, act] of Object.entries(strangers)) {
    it(`is not opened by a stranger with ${name}`, async () => {
      await inBoth(async (world) => {
        await world.pass(60);
        await comesIn(world);
        const before = await standing(world);
        await act(world);
        // What looks at it again may still be under way.
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
        expect(await world.health()).to.equal('up');
        expect(await standing(world)).to.deep.equal(before);
        await comesIn(world);
      });
      table.row([
        `twelve times in a row by one stranger: ${name}`,
        'refused as above',
        'one each',
        '`/health` stays up; the next honest login came in',
      ]);
    });
  }

  it('is not held open by a stranger whose forged callback comes first after the pause', async () => {
    await inBoth(async (world) => {
      const browsers = [world.demo.browser(), world.demo.browser(), world.demo.browser()];
      world.bank.hold(true);
      for (const browser of browsers) await walk(world, browser);
      const forgeries = world.bank.callbacks.slice(-3).map((url) => Object.assign(new URL(url)));
      honest(world.bank, world.second, world.person);
      await opened(world);
      world.bank.breakDown(null);
      world.bank.misbehave('firewall-drops-odd-codes');
      await world.pass(pause + 1);
      for (const [n, url] of forgeries.entries()) {
        url.searchParams.set('code', 'odd');
        await browsers[n]?.open(url.href);
      }
      expect(await world.health()).to.equal('up');
      await comesIn(world);
    });
    table.row([
      'forged callback as the first request after the pause',
      seen(refusedOutcome),
      'one each',
      'the reading of the document tried, not the forged code: closed, the next honest login came in',
    ]);
  }).timeout(40_000);
});

/** The other provider is not touched by the first one's circuit. */
async function comesIn2(world: World): Promise<void> {
  const browser = world.browser();
  expect((await walk(world, browser, { which: 'second' })).screen).to.equal('PTL002');
  world.logins.federated += 1;
  world.keep(browser);
}

/** One stranger, own browsers, true states, codes of his own making. */
async function forged(world: World, ask: Readonly<Record<string, string | null>>): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    const browser = world.demo.browser();
    world.bank.hold(true);
    await walk(world, browser);
    world.bank.hold(false);
    const url = new URL(world.bank.callbacks.at(-1) ?? '');
    for (const [name, value] of Object.entries(ask)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    expect((await browser.open(url.href)).refusal).to.match(/^upstream-(refused|down)$/);
  }
}
