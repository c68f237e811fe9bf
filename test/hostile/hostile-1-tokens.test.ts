// Everything that can be wrong with an ID token, a token answer, keys, documents and userinfo, through the whole gateway.
import { answerSwitches, claimSwitchNames } from '../support/hostile-upstream-switches.ts';
import { tokenSwitches } from '../support/hostile-upstream-tokens.ts';
import { expect } from 'chai';
import { comesIn, forgetDocuments, inBoth, theWorlds, walk } from './hostile-scene.ts';
import { misbehaves, refusedOutcome, standing, table } from './hostile-judgement.ts';

before(async function () {
  this.timeout(120_000);
  await theWorlds();
});

describe('a Business Direct that lies, through the whole gateway', () => {
  for (const name of [...claimSwitchNames, ...tokenSwitches])
    it(`is refused with an ID token that is ${name}`, () =>
      misbehaves(name, refusedOutcome, ({ bank }) => bank.misbehave(name)));

  const rotating = ['keys-rotated-before-signing', 'same-kid-rotated-before-signing'];
  const ofAnswers = answerSwitches.filter(
    (name) => !rotating.includes(name) && !name.startsWith('discovery') && name !== 'userinfo-of-another',
  );
  for (const name of ofAnswers)
    it(`is refused with ${name}`, () => misbehaves(name, refusedOutcome, ({ bank }) => bank.misbehave(name)));

  it('is refused with userinfo-of-another', () =>
    misbehaves('userinfo-of-another', refusedOutcome, ({ second }) => second.misbehave('userinfo-of-another'), {
      which: 'second',
    }));

  for (const name of answerSwitches.filter((each) => each.startsWith('discovery')))
    it(`is never gone to with ${name}`, () =>
      misbehaves(name, refusedOutcome, async (world) => {
        await forgetDocuments(world);
        world.bank.misbehave(name);
      }));

  for (const name of rotating) {
    it(`is believed with ${name}, after one more reading of its keys`, async () => {
      await inBoth(async (world) => {
        await comesIn(world);
        const before = world.bank.requests.filter((path) => path === '/jwks').length;
        world.bank.misbehave(name);
        const browser = world.browser();
        const page = await walk(world, browser);
        expect(page.screen, page.text()).to.equal('PTL002');
        world.logins.federated += 1;
        world.keep(browser);
        expect(world.bank.requests.filter((path) => path === '/jwks').length - before).to.equal(1);
        await comesIn(world);
      });
      table.row([
        `\`${name}\``,
        'the portal: signed in',
        'as every login',
        'one more reading of the keys, then as ever',
      ]);
    });
  }

  it('does not have its keys read for every token it spoils, and others come in meanwhile', async () => {
    await inBoth(async (world) => {
      await comesIn(world);
      const before = world.bank.requests.filter((path) => path === '/jwks').length;
      const stood = await standing(world);
      world.bank.misbehave('unknown-key');
      for (let round = 0; round < 8; round += 1) await walk(world, world.browser());
      expect(await standing(world)).to.deep.equal(stood);
      expect(world.bank.requests.filter((path) => path === '/jwks').length - before).to.be.at.most(5);
      await comesIn(world, 'second');
      expect(await world.health()).to.equal('up');
    });
  });
});
