// Two browsers, and what one of them may have of the other: attempts, callbacks, states and cookies that were begun, seen or
// copied by a stranger are worth nothing. Named after the holes of other systems where they had them.
import { expect } from 'chai';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { cookiesNamed, soon } from '../support/walks.ts';
import {
  attemptOf,
  chosen,
  csrfOf,
  directly,
  enter,
  raw,
  secondAction,
  theScene,
  through,
  toChoice,
  towardsSecond,
  type Scene,
} from './attacks-scene.ts';

describe('attacks between browsers', function () {
  this.timeout(180_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
  });

  const only = (page: Page): readonly unknown[] => [page.status, page.screen, page.refusal];
  const startOver = [410, 'REF001', 'start-over'];

  describe('an attempt that a stranger began', () => {
    it('cannot be finished by its victim (CVE-2026-7507): every page of it is unknown there', async () => {
      const { demo } = scene;
      const [stranger, victim] = [scene.browser(), scene.browser()];
      const person = demo.person('ntakahashi14');
      const begun = await through(scene, stranger, person);
      expect(begun.screen).to.equal('LNK001');
      const mine = await victim.open(`${demo.gateway}/`);
      for (const path of ['', '/first-link', '/otp', '/choose-route', '/direct', '/no-id', '/forgot']) {
        expect(only(await victim.open(`${attemptOf(begun)}${path}`)), path).to.deep.equal(startOver);
        const body = new URLSearchParams({
          csrf: csrfOf(mine.html),
          login_id: person.login_id,
          password: person.password,
        });
        expect(only(await victim.post(`${attemptOf(begun)}${path}`, body.toString())), path).to.deep.equal(startOver);
      }
      expect((await scene.holdings(person)).links).to.deep.equal([]);
      // It is still the stranger's own.
      expect((await stranger.open(begun.url)).screen).to.equal('LNK001');
    });

    it('nor with every cookie of the attempt copied over: it belongs to the browser that began it', async () => {
      const { demo } = scene;
      const [stranger, victim] = [scene.browser(), scene.browser()];
      // From its first choice on an attempt is its browser's; before, there is nothing in it.
      const begun = await stranger.submit(await toChoice(scene, stranger), {}, 'direct');
      expect(begun.screen).to.equal('LGN002');
      const { html } = await victim.open(`${demo.gateway}/`);
      for (const [name, value] of cookiesNamed(stranger, 'renkei_'))
        if (name !== 'renkei_browser') victim.setCookie(name, value);
      expect(only(await victim.open(attemptOf(begun)))).to.deep.equal(startOver);
      expect(only(await victim.open(begun.url))).to.deep.equal(startOver);
      const restart = new URLSearchParams({ csrf: csrfOf(html), action: 'restart' });
      expect(only(await victim.post(attemptOf(begun), restart.toString()))).to.deep.equal(startOver);
    });

    it('and the browser cookie alone opens no session: the interaction is held by a cookie of its own', async () => {
      const { demo } = scene;
      const person = demo.person('hsakamoto24');
      const [stranger, victim] = [scene.browser(), scene.browser()];
      const begun = await directlyAsked(victim);
      for (const [name, value] of cookiesNamed(victim, 'renkei_browser')) stranger.setCookie(name, value);
      const after = await stranger.submit(begun, { login_id: person.login_id, password: person.password });
      expect(after.screen).not.to.equal('CALLBACK');
      expect((await stranger.open(`${demo.gateway}/`)).screen).not.to.equal('TOP001');
    });

    async function directlyAsked(browser: ScriptBrowser): Promise<Page> {
      return browser.submit(await toChoice(scene, browser), {}, 'direct');
    }
  });

  describe('a callback of an upstream', () => {
    it('brought by another browser is worth nothing there, and used up for both', async () => {
      const [stranger, victim] = [scene.browser(), scene.browser()];
      scene.hostile.say('id-token', { sub: 'stranger-1' });
      const { url } = await towardsSecond(scene, stranger);
      const callback = `${scene.demo.gateway}/upstream/callback?${(await scene.hostile.authorize(url.href)).toString()}`;
      await victim.open(`${scene.demo.gateway}/`);
      expect(only(await victim.open(callback))).to.deep.equal(startOver);
      expect(only(await stranger.open(callback))).to.deep.equal(startOver);
    });

    it('counts once: played again it finds nothing, at whichever gateway', async () => {
      const browser = scene.browser();
      scene.hostile.say('id-token', { sub: 'replay-1' });
      const { url } = await towardsSecond(scene, browser);
      const callback = `${scene.demo.gateway}/upstream/callback?${(await scene.hostile.authorize(url.href)).toString()}`;
      expect((await browser.open(callback)).screen).to.equal('LNK001');
      for (let again = 0; again < 3; again += 1) expect(only(await browser.open(callback))).to.deep.equal(startOver);
    });

    it('that nobody asked for changes nothing for who is signed in (CVE-2026-104627)', async () => {
      const { demo } = scene;
      const person = demo.person('msuzuki14');
      const browser = scene.browser();
      await enter(scene, browser, person);
      const before = await scene.holdings(person);
      const other = scene.browser();
      scene.hostile.say('id-token', { sub: 'unasked-1' });
      const { url } = await towardsSecond(scene, other);
      const params = await scene.hostile.authorize(url.href);
      const forged = [
        params.toString(),
        new URLSearchParams({ code: params.get('code') ?? '', iss: scene.hostile.issuer }).toString(),
        new URLSearchParams({ code: 'x', state: 'x'.repeat(43) }).toString(),
        'error=access_denied',
        `state=${'s'.repeat(9_000)}&code=x`,
        '',
      ];
      for (const query of forged) {
        expect(
          only(await browser.open(`${demo.gateway}/upstream/callback?${query}`)),
          query.slice(0, 60),
        ).to.deep.equal(startOver);
      }
      expect(await scene.holdings(person)).to.deep.equal(before);
      expect((await browser.open(`${demo.gateway}/`)).screen).to.equal('TOP001');
    });

    it("of one provider does not count for another's attempt (CVE-2026-109372, CVE-2026-73419)", async () => {
      const { demo, hostile } = scene;
      hostile.say('id-token', { sub: 'mix-up-1' });
      const browser = scene.browser();
      // An honest attempt with the first provider; the person signs in there, and the answer is kept back.
      const page = await toChoice(scene, browser);
      const first = await chosen(scene, browser, page, 'federated');
      const second = await chosen(scene, browser, page, secondAction(page));
      expect(first.origin).to.equal(demo.businessDirect);
      expect(second.origin).to.equal(hostile.issuer);
      const theirs = await hostile.authorize(second.href);
      const asked = hostile.requests.filter((path) => path === '/token').length;

      // The state of the first with the answer of the second, with and without its name, and under the name of the first.
      const states = { first: first.searchParams.get('state') ?? '', second: second.searchParams.get('state') ?? '' };
      const mixed = (change: Readonly<Record<string, string | null>>): string => {
        const params = new URLSearchParams(theirs);
        for (const [name, value] of Object.entries(change)) {
          if (value === null) params.delete(name);
          else params.set(name, value);
        }
        return `${demo.gateway}/upstream/callback?${params.toString()}`;
      };
      const refused = await browser.open(mixed({ state: states.first }));
      expect([refused.screen, refused.refusal]).to.deep.equal(['REF013', 'upstream-refused']);
      // The code of the honest provider never reached the other one, nor the other way round.
      expect(hostile.requests.filter((path) => path === '/token')).to.have.length(asked);
      // The state of the second with a code under the name of the first.
      const misnamed = await browser.open(mixed({ state: states.second, iss: demo.businessDirect }));
      expect(misnamed.refusal).to.equal('upstream-refused');
      expect(hostile.requests.filter((path) => path === '/token')).to.have.length(asked);

      for (const iss of [null, demo.businessDirect, `${hostile.issuer}/`, '']) {
        const again = await towardsSecond(scene, browser);
        const params = await hostile.authorize(again.url.href);
        if (iss === null) params.delete('iss');
        else params.set('iss', iss);
        const before = hostile.requests.filter((path) => path === '/token').length;
        const answer = await browser.open(`${demo.gateway}/upstream/callback?${params.toString()}`);
        expect(answer.refusal, String(iss)).to.equal('upstream-refused');
        expect(hostile.requests.filter((path) => path === '/token').length, String(iss)).to.equal(before);
      }
    });

    it('says nothing of itself that is believed: no e-mail, name or parameter finds an account (nOAuth, keycloak #53041, CVE-2026-15611)', async () => {
      const { demo, hostile } = scene;
      const victim = demo.person('ksato82');
      const browser = scene.browser();
      hostile.say('id-token', {
        sub: 'nobody-yet',
        email: victim.email,
        email_verified: true,
        preferred_username: victim.login_id,
        name: victim.name,
      });
      const { url } = await towardsSecond(scene, browser);
      const params = await hostile.authorize(url.href);
      params.append('sub', 'somebody');
      params.append('id', victim.business_direct?.id ?? '');
      const page = await browser.open(`${demo.gateway}/upstream/callback?${params.toString()}`);
      // There is no link, so the check is asked.
      expect(page.screen).to.equal('LNK001');
      expect(page.html).not.to.contain(victim.login_id);
      hostile.say('id-token', {});
    });
  });

  describe('a device cookie', () => {
    const device = (browser: ScriptBrowser): readonly [string, string] =>
      cookiesNamed(browser, 'renkei_device_')[0] ?? ['', ''];

    it('alone, copied, edited, made up or renamed lets nobody in (GHSA-9phw-7h96-q3rv, GHSA-h6mp-mc7g-mg49)', async () => {
      const { demo } = scene;
      const owner = scene.browser();
      const person = demo.person('ywatanabe85');
      await enter(scene, owner, person, { remember: true });
      const [name, value] = device(owner);
      expect(value).to.match(/^[\w-]{43}$/);

      // Alone: a sign-in is asked, and nobody is known.
      const thief = scene.browser();
      thief.setCookie(name, value);
      expect((await thief.open(`${demo.gateway}/`)).screen).to.equal('LGN001');
      // In a browser of somebody else, who comes through Business Direct as himself.
      const colleague = demo.person('msuzuki14');
      const other = scene.browser();
      other.setCookie(name, value);
      expect((await through(scene, other, colleague)).screen).to.equal('OTP001');
      // Under the name of the colleague's own device.
      await enter(scene, other, colleague, { remember: true });
      const [own] = cookiesNamed(other, 'renkei_device_').filter(([each]) => each !== name);
      const renamed = scene.browser();
      renamed.setCookie(own?.[0] ?? '', value);
      expect((await through(scene, renamed, colleague)).screen).to.equal('OTP001');

      // Edited, empty, of another kind, and other values that the server gave out.
      const odd = [
        `${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}`,
        'x'.repeat(43),
        value.toLowerCase(),
        '',
        '1',
        'null',
        `${value}${value}`,
        "' or 1=1 --",
        // What a token of one's own making would look like: no signature, no algorithm.
        [{ alg: 'none' }, { sub: await scene.accountId(person), trusted: true }, '']
          .map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url'))
          .join('.'),
      ];
      for (const [each, known] of owner.cookies()) if (each !== name) odd.push(known);
      for (const forged of odd) {
        const browser = scene.browser();
        browser.setCookie(name, forged);
        expect((await through(scene, browser, person)).screen, forged.slice(0, 20)).to.equal('OTP001');
      }
      // None of this was the owner's fault: the device still counts.
      for (const [each] of cookiesNamed(owner, 'renkei_')) if (each !== name) owner.dropCookie(each);
      expect((await through(scene, owner, person)).screen).to.equal('CALLBACK');
    });

    it('is never asked for on the direct route, by a demand of the portal, or after prompt=login (our own row)', async () => {
      const { demo } = scene;
      const browser = scene.browser();
      const person = demo.person('dyamamoto47');
      await enter(scene, browser, person, { remember: true });
      const reopened = (): ScriptBrowser => {
        const again = browser.clone();
        for (const [name] of cookiesNamed(browser, 'renkei_'))
          if (!name.startsWith('renkei_device_')) again.dropCookie(name);
        return again;
      };
      expect((await directly(scene, reopened(), person)).screen).to.equal('OTP002');
      const demands = [
        { acr_values: 'urn:renkei:acr:federated-otp' },
        { prompt: 'login' },
        { max_age: '0' },
        { claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:renkei:acr:federated-otp' } } }) },
      ];
      for (const ask of demands) {
        const at = reopened();
        let page = await through(scene, at, person, ask);
        expect(page.screen, JSON.stringify(ask)).to.equal('OTP002');
        // The box is not shown there; ticked all the same, it makes no device.
        expect(page.html).not.to.contain('name="remember"');
        const before = (await scene.holdings(person)).devices;
        page = await at.submit(page, { otp: await scene.code(person), remember: 'on' });
        expect(page.screen).to.equal('CALLBACK');
        expect((await scene.holdings(person)).devices).to.equal(before);
      }
      const before = (await scene.holdings(person)).devices;
      const direct = reopened();
      const page = await directly(scene, direct, person);
      expect(page.html).not.to.contain('name="remember"');
      expect((await direct.submit(page, { otp: await scene.code(person), remember: 'on' })).screen).to.equal(
        'CALLBACK',
      );
      expect((await scene.holdings(person)).devices).to.equal(before);
    });

    it('is not made by a ticked box and a wrong code (CVE-2026-109313, CVE-2026-76207), and is each browser’s own (GHSA-746g-3gfp-hfhw, authentik PR #2828)', async () => {
      const { demo } = scene;
      const person = demo.person('msaito50');
      const [one, two] = [scene.browser(), scene.browser()];
      await enter(scene, one, person);
      let page = await through(scene, two, person);
      page = await two.submit(page, { otp: '000000', remember: 'on' });
      expect(page.refusal).to.equal('otp-wrong');
      expect(cookiesNamed(two, 'renkei_device_')).to.deep.equal([]);
      expect((await scene.holdings(person)).devices).to.equal(0);
      await enter(scene, two, person, { remember: true });
      const third = scene.browser();
      expect((await through(scene, third.clone(), person)).screen, 'another one ticked it').to.equal('OTP001');
      await enter(scene, third, person, { remember: true });
      expect(device(two)[0]).to.equal(device(third)[0]);
      expect(device(two)[1]).not.to.equal(device(third)[1]);
      // One of them is revoked; the other one stays.
      await scene.sql(
        `update device set ended_at = 1, ended_why = 'forgotten' where id = (select id from device where account_id = $1 and ended_at is null order by created_at limit 1)`,
        [await scene.accountId(person)],
      );
      const screens = [];
      for (const browser of [two, third]) {
        for (const [name] of cookiesNamed(browser, 'renkei_'))
          if (!name.startsWith('renkei_device_')) browser.dropCookie(name);
        screens.push((await through(scene, browser, person)).screen);
      }
      expect(screens).to.deep.equal(['OTP001', 'CALLBACK']);
    });
  });

  describe('a session', () => {
    it('gets a new id at every sign-in, and never one that the browser brought along', async () => {
      const { demo } = scene;
      const person = demo.person('hsakamoto24');
      const browser = scene.browser();
      const planted = scene.browser();
      await directly(scene, planted, person);
      const given = new Map(cookiesNamed(planted, 'renkei_session'));
      expect(given.size).to.equal(2);
      // A stranger's session is planted; whoever signs in leaves it.
      for (const [name, value] of given) browser.setCookie(name, value);
      const page = await browser.open(await scene.portal.authorizeUrl(demo.gateway, { prompt: 'login' }));
      const direct = await browser.submit(page, {}, 'direct');
      const next = demo.person('nishii42');
      expect((await browser.submit(direct, { login_id: next.login_id, password: next.password })).screen).to.equal(
        'CALLBACK',
      );
      const now = new Map(cookiesNamed(browser, 'renkei_session'));
      expect(now.get('renkei_session')).not.to.equal(given.get('renkei_session'));
      // The planted one is over for the stranger too: another person signed in there.
      expect((await planted.open(`${demo.gateway}/`)).screen).to.equal('LGN001');
      // Again as the same person: new again.
      const again = await browser.submit(
        await browser.open(await scene.portal.authorizeUrl(demo.gateway, { prompt: 'login' })),
        {},
        'direct',
      );
      expect((await browser.submit(again, { login_id: next.login_id, password: next.password })).screen).to.equal(
        'CALLBACK',
      );
      expect(new Map(cookiesNamed(browser, 'renkei_session')).get('renkei_session')).not.to.equal(
        now.get('renkei_session'),
      );
      // Ids of other things, and unsigned ones, are no session (CVE-2026-19349).
      for (const value of [now.get('renkei_session') ?? '', attemptOf(again).split('/').at(-1) ?? '', 'x'.repeat(43)]) {
        const forged = scene.browser();
        forged.setCookie('renkei_session', value);
        forged.setCookie('renkei_session.sig', 'x'.repeat(27));
        expect((await forged.open(`${demo.gateway}/`)).screen).to.equal('LGN001');
      }
    });

    it('of another person ends when somebody signs in over it (CVE-2023-6787): new sid, and its portals are told', async () => {
      const { demo, portal } = scene;
      const [one, two] = [demo.person('okondo31'), demo.person('nishii42')];
      const browser = scene.browser();
      const first = await portal.redeem(demo.gateway, await directly(scene, browser, one));
      expect(first.claims['preferred_username']).to.equal(one.login_id);
      const told = portal.logoutTokens.length;
      let page = await browser.open(await portal.authorizeUrl(demo.gateway, { prompt: 'login' }));
      page = await browser.submit(page, {}, 'direct');
      page = await browser.submit(page, { login_id: two.login_id, password: two.password });
      const second = await portal.redeem(demo.gateway, page);
      expect(second.claims['preferred_username']).to.equal(two.login_id);
      expect(second.claims['sid']).not.to.equal(first.claims['sid']);
      expect(second.claims.sub).not.to.equal(first.claims.sub);
      const news = await soon(
        async () => portal.logoutTokens.slice(told),
        (tokens) => tokens.length > 0,
      );
      expect(news.map(({ sid }) => sid)).to.deep.equal([first.claims['sid']]);
      expect((await portal.refresh(demo.gateway, first.refreshToken)).error).to.equal('invalid_grant');
      expect((await portal.userinfo(demo.gateway, first.accessToken)).status).to.equal(401);
      expect((await portal.userinfo(demo.gateway, second.accessToken)).claims['preferred_username']).to.equal(
        two.login_id,
      );
    });

    it('of whoever came last is the one that stays, when two people finish in two tabs at once', async () => {
      const { demo, portal } = scene;
      const [one, two] = [demo.person('okondo31'), demo.person('nishii42')];
      const browser = scene.browser();
      const first = await browser.submit(await toChoice(scene, browser), {}, 'direct');
      // The first one's last answer is still on its way while the second one arrives.
      const answered = await raw(first.url, {
        method: 'POST',
        browser,
        headers: { 'origin': demo.gateway, 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({
          csrf: csrfOf(first.html),
          login_id: one.login_id,
          password: one.password,
        }).toString(),
      });
      expect(answered.location).to.contain('/oidc/authorize/');
      const second = await browser.submit(await toChoice(scene, browser), {}, 'direct');
      const entered = await browser.submit(second, { login_id: two.login_id, password: two.password });
      const tokens = await portal.redeem(demo.gateway, entered);
      const late = await browser.open(answered.location ?? '');
      expect(late.screen, late.html.slice(0, 300)).to.equal('CALLBACK');
      const others = await portal.redeem(demo.gateway, late);
      expect(others.claims['preferred_username']).to.equal(one.login_id);
      // Nobody is two people in one browser.
      expect((await portal.refresh(demo.gateway, tokens.refreshToken)).error).to.equal('invalid_grant');
      expect((await browser.open(`${demo.gateway}/`)).html).to.contain(one.login_id);
    });

    it('is not there before the last step (CVE-2023-28862): half-proven attempts have no session and no code', async () => {
      const { demo } = scene;
      const person = demo.person('tikeda16');
      const browser = scene.browser();
      const page = await directly(scene, browser, person);
      expect(page.screen).to.equal('OTP002');
      expect((await browser.open(`${demo.gateway}/self-service`)).screen).to.equal('LGN001');
      const silent = await browser.open(await scene.portal.authorizeUrl(demo.gateway, { prompt: 'none' }));
      expect(scene.portal.answer(silent).get('error')).to.equal('login_required');
      const resumed = await raw(`${demo.gateway}/oidc/authorize/${attemptOf(page).split('/').at(-1)}`, { browser });
      expect(resumed.location ?? '').not.to.contain('code=');
      expect((await scene.holdings(person)).logins).to.equal(0);
    });
  });
});
