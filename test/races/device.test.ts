// One remembered device and several tabs, and a copy of its cookie: what is used at once is nobody's theft, what comes back
// late is one.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { sha256 } from '../../src/secrets/digest.ts';
import { sealUnder } from '../../src/secrets/successor.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { cookiesNamed, nextCode, soon } from '../support/walks.ts';
import { atOnce, rounds, theScene, tally, toPortal, type Scene } from './scene.ts';

/** The subject of the mail MAI009. */
const MAI009 = '入力省略の情報が別の場所で使われた可能性があります';

describe('a remembered device', function () {
  this.timeout(600_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
  });

  /** Signs in with the code and the box ticked. */
  async function remembered(browser: ScriptBrowser, person: DemoPerson): Promise<Page> {
    let page = await toPortal(scene, browser, person);
    if (page.screen === 'LNK001') {
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    }
    expect(page.screen).to.equal('OTP001');
    return browser.submit(page, { otp: await nextCode(scene.demo, person), remember: 'on' });
  }

  /** The browser was closed and opened again: what was to last, and Business Direct's own session, are left. */
  function reopened(browser: ScriptBrowser): ScriptBrowser {
    const again = browser.clone();
    for (const name of browser.cookies().keys()) {
      if (name.startsWith('renkei_') && !name.startsWith('renkei_device_')) again.dropCookie(name);
    }
    return again;
  }

  it('lets four tabs of one browser in at once without a code, over both gateways, and raises no false alarm', async () => {
    const person = scene.demo.person('rhashimoto46');
    const since = await scene.mark(person);
    let browser = scene.demo.browser(true);
    expect((await remembered(browser, person)).screen).to.equal('CALLBACK');
    const answers: Page[] = [];
    for (let round = 0; round < rounds; round += 1) {
      browser = reopened(browser);
      await browser.open(`${scene.demo.gateway}/demo`);
      // Tabs share one jar; in every other round all four set out with the same value before any answer is back.
      const tabs = round % 2 === 0 ? [browser, browser, browser, browser] : [0, 1, 2, 3].map(() => browser.clone());
      const tokens = await atOnce(4, async (tab) => {
        const page = await toPortal(scene, tabs[tab] ?? browser, person);
        answers.push(page);
        return scene.portal.redeem(scene.demo.gateway, page);
      });
      expect(
        tokens.map(({ status, error }) => error ?? status),
        `round ${round}`,
      ).to.deep.equal([200, 200, 200, 200]);
      expect(new Set(tokens.map(({ claims }) => claims['acr']))).to.deep.equal(new Set(['urn:renkei:acr:federated']));
      // Whichever answer the browser took in last, its cookie works.
      for (const tab of new Set(tabs)) {
        const next = reopened(tab);
        const page = await toPortal(scene, next, person);
        expect(page.screen, `after round ${round}`).to.equal('CALLBACK');
        browser = next;
      }
    }
    expect(tally(answers)).to.deep.equal({ '200 CALLBACK': 4 * rounds });
    const events = (await scene.events(person, since)).map(({ event }) => event);
    expect(events).not.to.include('device.copied');
    const devices = await scene.sql('select ended_at from device where account_id = $1', [
      await scene.accountId(person),
    ]);
    expect(devices).to.deep.equal([{ ended_at: null }]);
  });

  it('opens two portals at once, and one sign-out leaves neither of them', async () => {
    const { demo, portal, second } = scene;
    const person = demo.person('ywatanabe85');
    let browser = demo.browser(true);
    expect((await remembered(browser, person)).screen).to.equal('CALLBACK');
    for (let round = 0; round < rounds; round += 1) {
      browser = reopened(browser);
      await browser.open(`${demo.gateway}/demo`);
      const portals = [portal, second, portal, second];
      const entered = await Promise.all(
        portals.map(async (at) => ({
          at,
          tokens: await at.redeem(demo.gateway, await toPortal(scene, browser, person, at)),
        })),
      );
      expect(
        entered.map(({ tokens }) => tokens.error ?? tokens.status),
        `round ${round}`,
      ).to.deep.equal([200, 200, 200, 200]);
      const top = await browser.open(`${demo.gateway}/`);
      expect(top.screen, `round ${round}`).to.equal('TOP001');
      const csrf = /name="csrf" value="([^"]+)"/.exec(top.html)?.[1] ?? '';
      const told = [portal.logoutTokens.length, second.logoutTokens.length];
      await browser.post(`${demo.gateway}/logout`, new URLSearchParams({ csrf }).toString());
      for (const { at, tokens } of entered) {
        expect((await at.refresh(demo.gateway, tokens.refreshToken)).error, `round ${round}`).to.equal('invalid_grant');
      }
      // Each is told of every sid that it knows.
      for (const [index, at] of [portal, second].entries()) {
        const known = new Set(entered.filter((each) => each.at === at).map(({ tokens }) => tokens.claims['sid']));
        const news = await soon(
          async () => new Set(at.logoutTokens.slice(told[index]).map(({ sid }) => sid)),
          (sids) => [...known].every((sid) => sids.has(String(sid))),
        );
        expect(
          [...known].filter((sid) => !news.has(String(sid))),
          `round ${round}`,
        ).to.deep.equal([]);
      }
    }
  });

  it('is good in a tab that looks at it while another tab uses it', async () => {
    const { demo } = scene;
    const person = demo.person('ywatanabe85');
    const browser = demo.browser(true);
    expect((await remembered(browser, person)).screen).to.equal('CALLBACK');
    const tab = reopened(browser);
    const [[, value] = ['', '']] = cookiesNamed(tab, 'renkei_device_');
    const key = `renkei:device:${sha256(value)}`;

    const holder = await scene.connection();
    await holder.query('begin');
    await holder.query('lock table device in access exclusive mode');
    const late = toPortal(scene, tab, person);
    await scene.untilWaiting();
    // What the other tab does: it names the successor in Redis, then raises the generation in PostgreSQL.
    const stored = (await scene.redis.get(key)) ?? '';
    const colon = stored.indexOf(':');
    const secret = { ...JSON.parse(stored.slice(colon + 1)), successor: sealUnder(value, sha256('the next value')) };
    await scene.redis.set(key, `${stored.slice(0, colon)}:${JSON.stringify(secret)}`, 'KEEPTTL');
    await holder.query('update device set generation = generation + 1 where id = $1', [secret.deviceId]);
    await holder.query('commit');
    await holder.end();

    expect((await late).screen).to.equal('CALLBACK');
    const [[, next] = ['', '']] = cookiesNamed(tab, 'renkei_device_');
    expect(next).to.equal(sha256('the next value'));
  });

  it('ends when a copied value comes back late: a code is asked, the person is mailed, and the owner is asked too', async () => {
    const { demo } = scene;
    const person = demo.person('msaito50');
    const owner = demo.browser(true);
    for (let round = 0; round < Math.min(rounds, 10); round += 1) {
      const since = await scene.mark(person);
      const alarms = async (): Promise<number> =>
        (await demo.mails(person.email ?? '')).filter(({ subject }) => subject.includes(MAI009)).length;
      const before = await alarms();
      expect((await remembered(owner, person)).screen).to.equal('CALLBACK');
      const thief = reopened(owner);
      const own = [1, 2].map(() => reopened(owner));
      let present = own[0] ?? owner;
      expect((await toPortal(scene, present, person)).screen).to.equal('CALLBACK');
      present = reopened(present);
      expect((await toPortal(scene, present, person)).screen).to.equal('CALLBACK');
      // A minute is left for answers that got lost on their way.
      expect((await toPortal(scene, reopened(thief), person)).screen).to.equal('CALLBACK');
      await demo.forward(61);

      const pages = await atOnce(2, () => toPortal(scene, reopened(thief), person));
      expect(tally(pages)).to.deep.equal({ '200 OTP001': 2 });
      const events = (await scene.events(person, since)).map(({ event }) => event);
      expect(events.filter((event) => event === 'device.copied')).to.have.length(1);
      const [device] = await scene.sql(
        'select ended_why from device where account_id = $1 order by created_at desc limit 1',
        [await scene.accountId(person)],
      );
      expect(device?.['ended_why']).to.equal('stolen');
      expect(await soon(alarms, (count) => count > before)).to.equal(before + 1);
      expect((await toPortal(scene, reopened(present), person)).screen).to.equal('OTP001');
      expect((await toPortal(scene, reopened(thief), person)).screen).to.equal('OTP001');
      for (const [name] of cookiesNamed(owner, 'renkei_')) owner.dropCookie(name);
      await demo.forward(60);
    }
  });
});
