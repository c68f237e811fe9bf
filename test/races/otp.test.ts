// One-time passwords under parallel tries, from many browsers over both gateways: a code is good once, the counter is exact,
// and after the stop nothing goes on.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { cookiesNamed, nextCode, soon, wrongCode } from '../support/walks.ts';
import { atOnce, initiated, inTurn, rounds, tally, theScene, toPortal, type Scene } from './scene.ts';

interface Desk {
  readonly browser: ScriptBrowser;
  page: Page;
}

describe('one-time passwords at once', function () {
  this.timeout(900_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
  });

  async function linked(person: DemoPerson): Promise<void> {
    const browser = scene.demo.browser(true);
    let page = await initiated(scene, browser, person.business_direct);
    if (page.screen === 'LNK001')
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    expect(page.screen).to.equal('OTP001');
    expect((await browser.submit(page, { otp: await nextCode(scene.demo, person) })).screen).to.equal('TOP001');
  }

  /** A browser that waits at the OTP screen. */
  async function desk(person: DemoPerson, browser = scene.demo.browser(true)): Promise<Desk> {
    for (const [name] of cookiesNamed(browser, 'renkei_')) browser.dropCookie(name);
    const page = await initiated(scene, browser, person.business_direct);
    expect(page.screen).to.equal('OTP001');
    return { browser, page };
  }

  /** As if nothing had been typed yet: the same attempts can be used again. */
  async function forget(person: DemoPerson, epoch: number): Promise<void> {
    const id = await scene.accountId(person);
    await scene.sql(
      'update account set otp_misses = 0, otp_stopped_at = null, security_epoch = $2, epoch_spares = null, epoch_spares_from = null where id = $1',
      [id, epoch],
    );
    await scene.sql(
      'update token set last_step = null, last_step_by = null, drift = 0 where id in (select token_id from token_holder where account_id = $1)',
      [id],
    );
  }

  const account = async (
    person: DemoPerson,
  ): Promise<{ readonly misses: number; readonly stopped: boolean; readonly epoch: number }> => {
    const [row] = await scene.sql('select otp_misses, otp_stopped_at, security_epoch from account where id = $1', [
      await scene.accountId(person),
    ]);
    return {
      misses: Number(row?.['otp_misses']),
      stopped: row?.['otp_stopped_at'] !== null,
      epoch: Number(row?.['security_epoch']),
    };
  };

  it('one code in twenty attempts: one success, nineteen times "used", nothing counted as wrong', async () => {
    const { demo } = scene;
    const person = demo.person('sabe89');
    await linked(person);
    const desks = [...(await inTurn(20, () => desk(person)))];
    for (let round = 0; round < rounds; round += 1) {
      await forget(person, (await account(person)).epoch);
      const since = await scene.mark(person);
      const otp = await demo.code(person);
      const pages = await Promise.all(desks.map(({ browser, page }) => browser.submit(page, { otp })));
      expect(tally(pages), `round ${round}`).to.deep.equal({ '200 TOP001': 1, '422 OTP001 otp-used': 19 });
      expect(await account(person)).to.include({ misses: 0, stopped: false });
      const events = (await scene.events(person, since)).map(({ event }) => event);
      expect(events.filter((event) => event === 'otp.accepted')).to.have.length(1);
      expect(events.filter((event) => event === 'otp.used-again')).to.have.length(19);
      expect(events).not.to.include('otp.missed');
      for (const [index, page] of pages.entries()) {
        const { browser } = desks[index] ?? {};
        if (browser) desks[index] = page.screen === 'TOP001' ? await desk(person, browser) : { browser, page };
      }
    }
  });

  it('the same code twice in one attempt, from two tabs: one success, one login', async () => {
    const { demo } = scene;
    const person = demo.person('dyamamoto47');
    await linked(person);
    const browser = demo.browser(true);
    for (let round = 0; round < rounds; round += 1) {
      await forget(person, (await account(person)).epoch);
      const since = await scene.mark(person);
      const { page } = await desk(person, browser);
      const otp = await demo.code(person);
      const pages = await atOnce(3, () => browser.submit(page, { otp }));
      for (const { screen } of pages) expect(['TOP001', 'OTP001', 'REF001'], `round ${round}`).to.include(screen);
      expect((await browser.open(`${demo.gateway}/`)).screen).to.equal('TOP001');
      const events = (await scene.events(person, since)).map(({ event }) => event);
      expect(events.filter((event) => event === 'otp.accepted')).to.have.length(1);
      expect(events.filter((event) => event === 'login.finished')).to.have.length(1);
      expect(await account(person)).to.include({ misses: 0 });
    }
  });

  it('forty wrong codes: exactly five are compared, then it is stopped, and the right one is worth nothing', async () => {
    const { demo } = scene;
    const person = demo.person('sabe89');
    const desks = [...(await inTurn(8, () => desk(person)))];
    const { epoch } = await account(person);
    for (let round = 0; round < rounds; round += 1) {
      await forget(person, epoch);
      const since = await scene.mark(person);
      const otp = await wrongCode(demo, person);
      const pages = await atOnce(40, (index) => {
        const { browser, page } = desks[index % 8] ?? desks[0] ?? expect.fail();
        return browser.submit(page, { otp });
      });
      const answers = tally(pages);
      expect(
        Object.keys(answers).filter((name) => !['422 OTP001 otp-wrong', '403 REF004 otp-stopped'].includes(name)),
        `round ${round}`,
      ).to.deep.equal([]);
      expect(answers['422 OTP001 otp-wrong'] ?? 0).to.be.at.most(4);
      const compared = (await scene.events(person, since)).filter(
        ({ event }) => event === 'otp.missed' || event === 'otp.stopped',
      );
      expect(compared.map(({ data }) => data['misses'])).to.deep.equal([1, 2, 3, 4, 5]);
      expect(compared.at(-1)?.event).to.equal('otp.stopped');
      expect(await account(person)).to.include({ misses: 5, stopped: true });
      // The old attempts stay dead.
      const right = await demo.code(person);
      const late = await Promise.all(desks.map(({ browser, page }) => browser.submit(page, { otp: right })));
      expect(tally(late)).to.deep.equal({ '403 REF004 otp-stopped': 8 });
    }
    await forget(person, epoch);
  });

  it('a right code among wrong ones counts once or not at all, and never revives what was stopped', async () => {
    const { demo } = scene;
    const person = demo.person('sabe89');
    const desks = [...(await inTurn(10, () => desk(person)))];
    const { epoch } = await account(person);
    for (let round = 0; round < rounds; round += 1) {
      await forget(person, epoch);
      const since = await scene.mark(person);
      const [wrong, right] = [await wrongCode(demo, person), await demo.code(person)];
      const at = round % 10;
      const pages = await Promise.all(
        desks.map(({ browser, page }, index) => browser.submit(page, { otp: index === at ? right : wrong })),
      );
      const events = (await scene.events(person, since)).map(({ event }) => event);
      const [accepted, stopped] = [events.indexOf('otp.accepted'), events.indexOf('otp.stopped')];
      expect(stopped, `round ${round}: nine wrong ones stop it before or after the right one`).to.be.greaterThan(-1);
      expect(events.filter((event) => event === 'otp.missed').length).to.be.at.most(accepted === -1 ? 4 : 8);
      expect(await account(person)).to.include({ misses: 5, stopped: true });
      // Even the one who was faster than the stop is out: the stop ends every login.
      const browser = desks[at]?.browser;
      expect((await browser?.open(`${demo.gateway}/`))?.screen, tallyText(pages)).not.to.equal('TOP001');
      if (accepted !== -1 && browser) {
        await forget(person, epoch);
        desks[at] = await desk(person, browser);
      }
    }
    await forget(person, epoch);
  });

  it('the stop ends sessions, tokens of portals and remembered devices at once, on both gateways', async () => {
    const { demo, portal } = scene;
    const person = demo.person('dyamamoto47');
    const { epoch } = await account(person);
    const signedIn = demo.browser(true);
    let page = await toPortal(scene, signedIn, person);
    page = await signedIn.submit(page, { otp: await nextCode(demo, person), remember: 'on' });
    const tokens = await portal.redeem(demo.gateway, page);
    const unused = await signedIn.open(await portal.authorizeUrl(demo.gateway));
    const told = portal.logoutTokens.length;
    const desks = await inTurn(5, () => desk(person));
    const otp = await wrongCode(demo, person);
    await Promise.all(desks.map(({ browser, page }) => browser.submit(page, { otp })));
    expect(await account(person)).to.include({ stopped: true });

    for (const gateway of demo.gateways) {
      expect((await portal.refresh(gateway, tokens.refreshToken)).error).to.equal('invalid_grant');
      expect((await portal.userinfo(gateway, tokens.accessToken)).status).to.equal(401);
      expect(await portal.introspect(gateway, tokens.accessToken)).to.deep.equal({ active: false });
    }
    expect((await portal.redeem(demo.gateway, unused)).error).to.equal('invalid_grant');
    expect((await signedIn.open(`${demo.gateway}/`)).screen).to.equal('LGN001');
    expect(
      (await soon(
        async () => portal.logoutTokens.length,
        (count) => count > told,
      )) - told,
    ).to.equal(1);
    // Released, the code is asked again: the device stays ended.
    await scene.sql('update account set otp_misses = 0, otp_stopped_at = null where id = $1', [
      await scene.accountId(person),
    ]);
    for (const [name] of cookiesNamed(signedIn, 'renkei_'))
      if (!name.startsWith('renkei_device_')) signedIn.dropCookie(name);
    expect((await toPortal(scene, signedIn, person)).screen).to.equal('OTP001');
    expect((await account(person)).epoch).to.equal(epoch + 1);
  });
});

const tallyText = (pages: readonly Page[]): string => JSON.stringify(tally(pages));
