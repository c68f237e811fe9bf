// Removing a link while somebody signs in through it: whoever is first, afterwards nothing that came through the link lives.
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { ScriptBrowser } from '../support/script-browser.ts';
import { cookiesNamed, nextCode, soon } from '../support/walks.ts';
import { thirdProcess, type ThirdProcess } from './command-line.ts';
import { rounds, theScene, toPortal, type Scene } from './scene.ts';

describe('unlinking while somebody signs in', function () {
  this.timeout(900_000);
  let scene: Scene;
  let shell: ThirdProcess;
  before(async function () {
    this.timeout(180_000);
    scene = await theScene();
    shell = await thirdProcess(scene);
  });
  after(() => shell?.close());

  const unlink = async ({ login_id: loginId }: DemoPerson): Promise<boolean> => (await shell.run('unlink', loginId)).ok;

  /** Links the person anew and stops at the portal. */
  async function link(browser: ScriptBrowser, person: DemoPerson, remember = false): Promise<void> {
    let page = await toPortal(scene, browser, person);
    if (page.screen === 'LNK001')
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    if (page.screen === 'OTP001') {
      page = await browser.submit(page, {
        otp: await nextCode(scene.demo, person),
        ...(remember ? { remember: 'on' } : {}),
      });
    }
    expect(page.screen).to.equal('CALLBACK');
  }

  const closed = (browser: ScriptBrowser): void => {
    for (const [name] of cookiesNamed(browser, 'renkei_'))
      if (!name.startsWith('renkei_device_')) browser.dropCookie(name);
  };

  async function expectNothingLives(person: DemoPerson, round: number): Promise<void> {
    const id = await scene.accountId(person);
    const rows = async (text: string): Promise<number> => (await scene.sql(text, [id])).length;
    expect(
      await rows('select 1 from link where account_id = $1 and ended_at is null'),
      `round ${round}: links`,
    ).to.equal(0);
    expect(
      await rows('select 1 from device where account_id = $1 and ended_at is null'),
      `round ${round}: devices`,
    ).to.equal(0);
    expect(
      await rows('select 1 from login where account_id = $1 and link_id is not null and ended_at is null'),
      `round ${round}: logins`,
    ).to.equal(0);
  }

  it('at the moment of the last code: either the sign-in says why it ends, or what it got is dead', async () => {
    const { demo, portal } = scene;
    const person = demo.person('tikeda16');
    const browser = demo.browser(true);
    const outcomes = { entered: 0, refused: 0 };
    for (let round = 0; round < rounds; round += 1) {
      closed(browser);
      await link(browser, person);
      closed(browser);
      const page = await toPortal(scene, browser, person);
      expect(page.screen).to.equal('OTP001');
      const otp = await nextCode(demo, person);
      const [after] = await Promise.all([
        browser.submit(page, { otp, remember: 'on' }),
        sleep((round * 3) % 24).then(() => unlink(person)),
      ]);
      if (after.screen === 'CALLBACK' && portal.answer(after).has('code')) {
        outcomes.entered += 1;
        const tokens = await portal.redeem(demo.gateway, after);
        if (tokens.status === 200) {
          expect((await portal.refresh(demo.gateway, tokens.refreshToken)).error, `round ${round}`).to.equal(
            'invalid_grant',
          );
          expect((await portal.userinfo(demo.gateway, tokens.accessToken)).status, `round ${round}`).to.equal(401);
        } else expect(tokens.error).to.equal('invalid_grant');
      } else {
        outcomes.refused += 1;
        const told = after.screen === 'CALLBACK' ? portal.answer(after).get('error') : after.refusal;
        expect(['conflict', 'login_required'], `round ${round}: ${after.status} ${after.screen}`).to.include(told);
      }
      await expectNothingLives(person, round);
      // The way in is the first-link check, and no page is skipped by what was left in the browser.
      expect((await toPortal(scene, browser, person)).screen, `round ${round}`).to.equal('LNK001');
    }
    expect(outcomes.entered + outcomes.refused).to.equal(rounds);
  });

  it('while a remembered device lets somebody in: the next sign-in asks for everything again', async () => {
    const { demo, portal } = scene;
    const person = demo.person('tikeda16');
    const browser = demo.browser(true);
    const told = portal.logoutTokens.length;
    for (let round = 0; round < rounds; round += 1) {
      closed(browser);
      await link(browser, person, true);
      closed(browser);
      const [after] = await Promise.all([
        toPortal(scene, browser, person),
        sleep((round * 7) % 60).then(() => unlink(person)),
      ]);
      const code = after.screen === 'CALLBACK' && portal.answer(after).has('code');
      if (code) {
        const tokens = await portal.redeem(demo.gateway, after);
        if (tokens.status === 200)
          expect((await portal.refresh(demo.gateway, tokens.refreshToken)).error).to.equal('invalid_grant');
      } else {
        const why = after.screen === 'CALLBACK' ? portal.answer(after).get('error') : (after.refusal ?? after.screen);
        expect(['conflict', 'login_required', 'LNK001', 'OTP001'], `round ${round}: ${after.status}`).to.include(why);
      }
      await expectNothingLives(person, round);
      expect((await toPortal(scene, browser, person)).screen, `round ${round}`).to.equal('LNK001');
    }
    // The portal that was entered before each unlink was told.
    const news = await soon(
      async () => portal.logoutTokens.length - told,
      (count) => count >= rounds,
    );
    expect(news).to.be.at.least(rounds);
  });

  it('twice at once: one of them does it, one record and one mail', async () => {
    const { demo } = scene;
    const person = demo.person('tikeda16');
    const browser = demo.browser(true);
    for (let round = 0; round < Math.min(rounds, 10); round += 1) {
      closed(browser);
      await link(browser, person);
      const since = await scene.mark(person);
      const done = await Promise.all([unlink(person), unlink(person), unlink(person)]);
      expect(done.filter(Boolean)).to.have.length(1);
      expect((await scene.events(person, since)).filter(({ event }) => event === 'link.removed')).to.have.length(1);
    }
  });
});
