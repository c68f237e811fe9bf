// Providers that break below the protocol, at each of their four addresses: an answer in time, others served meanwhile,
// memory bounded, and recovery by itself.
import { expect } from 'chai';
import { breakages, isAnswer } from '../support/hostile-upstream-switches.ts';
import { comesIn, comesInDirectly, forgetDocuments, inBoth, theWorlds, walk, type World } from './hostile-scene.ts';
import { downOutcome, misbehaves, refusedOutcome, table } from './hostile-judgement.ts';

before(async function () {
  this.timeout(120_000);
  await theWorlds();
});

/** Those beside which somebody signs in directly: what is answered at once, never, or only begun. */
const besides: readonly string[] = ['503', 'slow', 'hanging', 'reset'];
const mega = (bytes: number): number => Math.round(bytes / 1e6);

/** Somebody signs in directly while the others wait, in about the time that it takes at this moment when nobody waits. */
async function beside(world: World): Promise<void> {
  const took = await comesInDirectly(world);
  expect(took, 'the direct way').to.be.lessThan(3 * (await comesInDirectly(world)) + 1_500);
}

describe('a Business Direct that breaks, through the whole gateway', () => {
  for (const at of ['discovery', 'jwks', 'token', 'userinfo'] as const) {
    for (const how of breakages) {
      const aboutSomebody = at === 'token' || at === 'userinfo';
      const outcome = isAnswer(how) && aboutSomebody ? refusedOutcome : downOutcome;
      const which = at === 'userinfo' ? 'second' : 'bank';
      it(`is answered in time with ${how} at ${at}`, async () => {
        await misbehaves(
          `${how} at ${at}`,
          outcome,
          async (world) => {
            if (at === 'discovery') await forgetDocuments(world);
            world[which].breakDown({ at, how });
          },
          {
            which,
            ...(besides.includes(how) && { meanwhile: beside }),
          },
        );
        await inBoth(async (world) => expect(await world.health(which)).to.equal('up'));
      }).timeout(40_000);
    }
  }

  it('does not fill the memory with what it pours', async () => {
    const grown = await inBoth(async (world) => {
      const before = world.memory();
      let most = before;
      const watch = setInterval(() => {
        most = Math.max(most, world.memory());
      }, 20);
      for (const how of ['huge', 'gzip-bomb', 'headers-huge'] as const) {
        world.bank.breakDown({ at: 'token', how });
        for (let round = 0; round < 2; round += 1) await walk(world, world.browser());
        await comesIn(world);
      }
      clearInterval(watch);
      return { before, most };
    });
    for (const { before, most } of grown) expect(most - before).to.be.lessThan(100_000_000);
    table.row([
      'a stream without end, 100 MB in 100 kB of gzip, headers of 1 MB: six times',
      'as above',
      'as above',
      `memory of the gateway before and at most: ${grown.map(({ before, most }) => `${mega(before)} and ${mega(most)} MB`).join('; ')}`,
    ]);
  }).timeout(60_000);
});
