// Everything at once on a few people of one company, two of whom share a token: nothing deadlocks, no page is a fault, and the
// audit chain holds every record in order.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { cookiesNamed, wrongCode } from '../support/walks.ts';
import { thirdProcess, type ThirdProcess } from './command-line.ts';
import { rounds, theScene, toDirect, toPortal, type Scene } from './scene.ts';

describe('everything at once', function () {
  this.timeout(900_000);
  let scene: Scene;
  let shell: ThirdProcess;
  before(async function () {
    this.timeout(180_000);
    scene = await theScene();
    shell = await thirdProcess(scene);
  });
  after(() => shell?.close());

  it('ends with pages, not with faults, and with whole audit chains', async () => {
    const { demo, portal } = scene;
    const [one, other] = [demo.person('atanaka93'), demo.person('sito48')];
    const seen: Page[] = [];
    const browsers = new Map<DemoPerson, readonly ScriptBrowser[]>(
      [one, other].map((person) => [person, [demo.browser(true), demo.browser(true)]]),
    );

    /** Signs in as far as it goes; a code that somebody else used, or a wrong one, is no reason to stop. */
    async function signIn(browser: ScriptBrowser, person: DemoPerson, otp: string): Promise<void> {
      for (const [name] of cookiesNamed(browser, 'renkei_session')) browser.dropCookie(name);
      let page = await toPortal(scene, browser, person);
      if (page.screen === 'LNK001')
        page = await browser.submit(page, { login_id: person.login_id, password: person.password });
      if (page.screen === 'OTP001') page = await browser.submit(page, { otp, remember: 'on' });
      seen.push(page);
      if (page.screen === 'CALLBACK' && portal.answer(page).has('code')) {
        const tokens = await portal.redeem(demo.gateway, page);
        if (tokens.status === 200) await portal.refresh(demo.gateway, tokens.refreshToken);
      }
      seen.push(await browser.open(`${demo.gateway}/self-service`));
    }

    async function guess(person: DemoPerson): Promise<void> {
      const browser = demo.browser(true);
      seen.push(
        await browser.submit(await toDirect(scene, browser), { login_id: person.login_id, password: 'Machigai123' }),
      );
    }

    for (let round = 0; round < rounds; round += 1) {
      await scene.forgetSources();
      await demo.forward(60);
      const [right, wrong] = [await demo.code(one), await wrongCode(demo, one)];
      await Promise.all([
        ...[one, other].flatMap((person) =>
          (browsers.get(person) ?? []).map((browser, index) =>
            signIn(browser, person, index === 0 || round % 3 > 0 ? right : wrong),
          ),
        ),
        guess(one),
        guess(other),
        shell.run('unlink', (round % 2 === 0 ? one : other).login_id),
        shell.run('unlock', one.login_id),
        shell.run('unlock', other.login_id),
      ]);
    }
    expect(
      seen.filter(({ status }) => status >= 500).map(({ status, screen, url }) => [status, screen, url]),
    ).to.deep.equal([]);
    const verified = await shell.run('audit', 'verify');
    expect(verified.ok, verified.text).to.equal(true);
  });
});
