// Codes and refresh tokens used by many at once: the first one counts, and that there was a second one ends everything.
import { expect } from 'chai';
import type { Tokens } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { nextCode } from '../support/walks.ts';
import { atOnce, rounds, theScene, toPortal, type Scene } from './scene.ts';

describe('codes and tokens at once', function () {
  this.timeout(600_000);
  let scene: Scene;
  let browser: ScriptBrowser;
  before(async function () {
    this.timeout(180_000);
    scene = await theScene();
    browser = scene.demo.browser(true);
    await signIn();
  });

  /** A session that stands: further codes cost one request. */
  async function signIn(): Promise<void> {
    const person = scene.demo.person('rhashimoto46');
    const page = await toPortal(scene, browser, person);
    if (page.screen === 'OTP001')
      expect((await browser.submit(page, { otp: await nextCode(scene.demo, person) })).screen).to.equal('CALLBACK');
  }

  const gateway = (index: number): string => scene.demo.gateways[index % scene.demo.gateways.length] ?? '';

  async function expectDead({ accessToken, refreshToken }: Tokens, round: string): Promise<void> {
    for (const at of scene.demo.gateways) {
      expect((await scene.portal.userinfo(at, accessToken)).status, round).to.equal(401);
      expect(await scene.portal.introspect(at, accessToken), round).to.deep.equal({ active: false });
      expect(await scene.portal.introspect(at, refreshToken), round).to.deep.equal({ active: false });
      expect((await scene.portal.refresh(at, refreshToken)).error, round).to.equal('invalid_grant');
    }
  }

  it('one code redeemed twenty times: one success, and then the whole grant is dead', async () => {
    const { portal, demo } = scene;
    for (let round = 0; round < rounds; round += 1) {
      const page: Page = await browser.open(await portal.authorizeUrl(demo.gateway));
      const all = await atOnce(20, (index) => portal.redeem(gateway(index), page));
      const won = all.filter(({ status }) => status === 200);
      expect(won.length, `round ${round}`).to.be.at.most(1);
      expect(new Set(all.filter(({ status }) => status !== 200).map(({ error }) => error))).to.deep.equal(
        new Set(['invalid_grant']),
      );
      expect(won, `round ${round}: ${all.map(({ status }) => status).join()}`).to.have.length(1);
      for (const tokens of won) await expectDead(tokens, `round ${round}`);
      // The session itself goes on: the portal asks again and gets tokens that work.
      const fresh = await portal.redeem(demo.gateway, await browser.open(await portal.authorizeUrl(demo.gateway)));
      expect((await portal.userinfo(demo.gateway, fresh.accessToken)).status).to.equal(200);
    }
  });

  it('one refresh token used ten times within its overlap works each time; the replaced one used later ends the grant', async () => {
    const { portal, demo } = scene;
    for (let round = 0; round < Math.min(rounds, 20); round += 1) {
      await signIn();
      const first = await portal.redeem(demo.gateway, await browser.open(await portal.authorizeUrl(demo.gateway)));
      const all = await atOnce(10, (index) => portal.refresh(gateway(index), first.refreshToken));
      expect(
        all.map(({ status, error }) => error ?? status),
        `round ${round}`,
      ).to.deep.equal(Array.from({ length: 10 }, () => 200));
      expect(new Set(all.map(({ refreshToken }) => refreshToken)).size).to.be.greaterThan(1);
      await demo.forward(11);
      const late = await atOnce(3, (index) => portal.refresh(gateway(index), first.refreshToken));
      expect(
        late.map(({ error }) => error),
        `round ${round}`,
      ).to.deep.equal(['invalid_grant', 'invalid_grant', 'invalid_grant']);
      for (const tokens of all.slice(0, 2)) await expectDead(tokens, `round ${round}`);
    }
  });

  it('a portal entered for the first time by four tabs at once: every code is good, under one sid', async () => {
    const { demo, second } = scene;
    for (let round = 0; round < rounds; round += 1) {
      await signIn();
      const pages = await atOnce(4, async () => browser.open(await second.authorizeUrl(demo.gateway)));
      const all = await Promise.all(pages.map((page, index) => second.redeem(gateway(index), page)));
      expect(
        all.map(({ status, error }) => error ?? status),
        `round ${round}`,
      ).to.deep.equal([200, 200, 200, 200]);
      expect(new Set(all.map(({ claims }) => claims['sid'])).size).to.equal(1);
      const csrf = /name="csrf" value="([^"]+)"/.exec((await browser.open(`${demo.gateway}/`)).html)?.[1] ?? '';
      await browser.post(`${demo.gateway}/logout`, new URLSearchParams({ csrf }).toString());
      for (const { refreshToken } of all) {
        expect((await second.refresh(demo.gateway, refreshToken)).error, `round ${round}`).to.equal('invalid_grant');
      }
    }
  });

  it('a code that races with the sign-out is dead after it, on both gateways', async () => {
    const { portal, demo } = scene;
    const person = demo.person('rhashimoto46');
    for (let round = 0; round < rounds; round += 1) {
      await signIn();
      const top = await browser.open(`${demo.gateway}/`);
      const page = await browser.open(await portal.authorizeUrl(demo.gateway));
      const csrf = /name="csrf" value="([^"]+)"/.exec(top.html)?.[1] ?? '';
      const [tokens] = await Promise.all([
        portal.redeem(gateway(round), page),
        browser.post(`${demo.gateway}/logout`, new URLSearchParams({ csrf }).toString()),
      ]);
      if (tokens.status === 200) await expectDead(tokens, `round ${round}`);
      else expect(tokens.error).to.equal('invalid_grant');
      expect((await toPortal(scene, browser, person)).screen, `round ${round}`).to.equal('OTP001');
      const [open] = await scene.sql(
        `select count(*)::int as n from portal_session join login on login.id = portal_session.login_id
         where portal_session.account_id = $1 and login.ended_at is not null and portal_session.ended_at is null`,
        [await scene.accountId(person)],
      );
      expect(open?.['n'], 'portals of ended logins that nobody told').to.equal(0);
    }
  });
});
