// The first rows of the sign-in table as somebody meets them over HTTP: an attempt that is no more, the choice of the user and
// of the route, and the way to Business Direct and back. The rows' numbers stand in the titles.
import { expect } from 'chai';
import { type Demo, directly, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import type { ScriptBrowser } from '../support/script-browser.ts';
import {
  enterDirectly,
  enterLinked,
  hasButton,
  leavePortal,
  nextCode,
  overlay,
  portalState,
  shownValue,
  soon,
} from '../support/walks.ts';

/** Nothing listens there. */
const silentBank = 'http://localhost:9';

describe('the way into a sign-in', () => {
  let demo: Demo;
  let portal: OwnPortal;

  before(async function () {
    this.timeout(120_000);
    portal = await ownPortal('second-portal');
    const config = overlay({
      'portals.yaml': [portal.entry()],
      'upstreams.yaml': [{ issuer: silentBank, client_id: 'renkei', client_secret: 'of-nobody', name: '休止中の銀行' }],
    });
    demo = await startDemo('real', { env: { RENKEI_CONFIG: config } });
  });
  after(async () => {
    await demo?.stop();
    await portal?.close();
  });

  /** Presses the portal's 「ログイン」 and stands before the choice of the route. */
  async function toChoice(browser: ScriptBrowser) {
    const page = await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login');
    expect(page.screen).to.equal('LGN001');
    return page;
  }

  describe('row 2: an attempt that is unknown, foreign, expired or finished', () => {
    it('looks the same whichever it is: one page that offers to start again, with a reference number (row 2)', async () => {
      const mine = demo.browser();
      const started = await toChoice(mine);
      const unknown = await mine.open(`${demo.gateway}/sign-in/${'A'.repeat(21)}`);
      const unknownStep = await mine.open(`${demo.gateway}/sign-in/${'A'.repeat(21)}/otp`);
      const foreign = await demo.browser().open(started.url);
      for (const page of [unknown, unknownStep, foreign]) {
        expect(page).to.include({ status: 410, screen: 'REF001', refusal: 'start-over' });
        expect(page.text()).to.match(/[23456789A-HJKMNP-Z]{4}-[23456789A-HJKMNP-Z]{4}/);
      }
      const words = (text: string): string => text.replace(/\w{4}-\w{4}/, '');
      expect(words(foreign.text())).to.equal(words(unknown.text()));
    });

    it('is not moved by a post from another browser, which has no token of this one (row 2)', async () => {
      const mine = demo.browser();
      const page = await mine.submit(await toChoice(mine), {}, 'direct');
      const other = demo.browser();
      await toChoice(other);
      const person = demo.person('ntakahashi14');
      const form = new URLSearchParams({ login_id: person.login_id, password: person.password, csrf: 'x' });
      expect(await other.post(page.url, form.toString())).to.include({ status: 403, refusal: 'csrf' });
      expect((await mine.open(page.url)).screen, 'it stands where it stood').to.equal('LGN002');
    });

    it('ends after 30 minutes, and starting again takes up the request of the portal (row 2)', async () => {
      const browser = demo.browser();
      const person = demo.person('ntakahashi14');
      const page = await browser.submit(await toChoice(browser), {}, 'direct');
      await demo.forward(30 * 60);
      const late = await browser.submit(page, { login_id: person.login_id, password: person.password });
      expect(late).to.include({ status: 410, refusal: 'start-over' });
      const again = await browser.submit(late, {}, 'restart');
      expect(again.screen).to.equal('LGN001');
      let on = await browser.submit(again, {}, 'direct');
      on = await browser.submit(on, { login_id: person.login_id, password: person.password });
      on = await browser.submit(on, { otp: await nextCode(demo, person) });
      expect(on.screen).to.equal('PTL002');
    });

    it('is over once it has finished: its pages start over, and nobody is signed in by them (row 2)', async () => {
      const browser = demo.browser();
      const otp = await directly(demo, browser, demo.person('ntakahashi14'));
      expect(otp.screen).to.equal('OTP002');
      await browser.submit(otp, { otp: await nextCode(demo, demo.person('ntakahashi14')) });
      const portalLogin = await portalState(demo, browser);
      const back = await browser.open(otp.url);
      expect(back).to.include({ status: 410, refusal: 'start-over' });
      expect(await portalState(demo, browser)).to.deep.equal(portalLogin);
    });
  });

  describe('row 2a: somebody is signed in here, and the portal wants the user chosen', () => {
    it('goes on as the same person without proving anything anew (row 2a)', async () => {
      const browser = demo.browser();
      const person = demo.person('ntakahashi14');
      await enterDirectly(demo, browser, person);
      const page = await browser.open(await portal.authorizeUrl(demo.gateway, { prompt: 'select_account' }));
      expect(page.screen).to.equal('LGN004');
      expect(page.text()).to.include(person.name).and.to.include(person.login_id);
      const tokens = await portal.redeem(demo.gateway, await browser.submit(page, {}));
      expect(tokens.claims).to.include({ preferred_username: person.login_id, acr: 'urn:renkei:acr:password-otp' });
    });

    it('signs in somebody else, and the first person is signed out of the portals (row 2a)', async () => {
      const browser = demo.browser();
      await enterDirectly(demo, browser, demo.person('ntakahashi14'));
      let page = await browser.open(await portal.authorizeUrl(demo.gateway, { prompt: 'select_account' }));
      page = await browser.submit(page, {}, 'other');
      expect(page.screen, 'nothing of the first person counts').to.equal('LGN001');
      const other = demo.person('tikeda16');
      page = await browser.submit(page, {}, 'direct');
      page = await browser.submit(page, { login_id: other.login_id, password: other.password });
      page = await browser.submit(page, { otp: await nextCode(demo, other) });
      const tokens = await portal.redeem(demo.gateway, page);
      expect(tokens.claims).to.include({ preferred_username: other.login_id });
      const told = await soon(
        () => portalState(demo, browser),
        ({ signedIn }) => !signedIn,
      );
      expect(told).to.include({ signedIn: false });
    });

    it('is asked when an id_token_hint names somebody else than who is signed in (row 2a)', async () => {
      const first = demo.browser();
      await enterDirectly(demo, first, demo.person('ntakahashi14'));
      const hint = (await portal.redeem(demo.gateway, await first.open(await portal.authorizeUrl(demo.gateway))))
        .idToken;
      const second = demo.browser();
      await enterDirectly(demo, second, demo.person('tikeda16'));
      const page = await second.open(await portal.authorizeUrl(demo.gateway, { id_token_hint: hint }));
      expect(page.screen).to.equal('LGN004');
    });
  });

  describe('row 3: no route has been chosen', () => {
    it('offers both routes, says where IDs come from, and leads back (row 3)', async () => {
      const browser = demo.browser();
      const page = await toChoice(browser);
      expect([
        hasButton(page, 'federated'),
        hasButton(page, 'direct'),
        hasButton(page, 'no_id'),
        hasButton(page, 'cancel'),
      ]).to.deep.equal(Array.from({ length: 4 }, () => true));
      const aside = await browser.submit(page, {}, 'no_id');
      expect(aside.screen).to.equal('LNK002');
      expect((await browser.submit(aside, {}, 'back')).screen).to.equal('LGN001');
    });

    it('is not passed by an empty post, an unknown button or the address of a later page (row 3)', async () => {
      const browser = demo.browser();
      const page = await toChoice(browser);
      const { origin, pathname } = new URL(page.url);
      const attempt = pathname.split('/').slice(0, 3).join('/');
      expect((await browser.submit(page, {}, 'skip_registration')).screen).to.equal('LGN001');
      for (const slug of [
        'otp',
        'first-link',
        'register-token',
        'consent',
        'setup-email',
        'password-changed',
        '__proto__',
      ]) {
        expect((await browser.open(`${origin}${attempt}/${slug}`)).screen, slug).to.equal('LGN001');
        const posted = await browser.post(
          `${origin}${attempt}/${slug}`,
          new URLSearchParams({ csrf: shownValue(page, 'csrf') ?? '' }).toString(),
        );
        expect(posted.screen, slug).to.equal('LGN001');
      }
    });

    it('returns to the portal with access_denied when the person leaves (row 3)', async () => {
      const browser = demo.browser();
      const page = await browser.submit(await toChoice(browser), {}, 'cancel');
      expect(page.screen).to.equal('PTL003');
      expect(page.json('error')).to.include({ error: 'access_denied' });
    });

    it('shows only the route that can give what a portal insists on (row 3)', async () => {
      const claims = JSON.stringify({
        id_token: { acr: { essential: true, values: ['urn:renkei:acr:password-otp'] } },
      });
      const page = await demo.browser().open(await portal.authorizeUrl(demo.gateway, { claims }));
      expect(page.screen).to.equal('LGN001');
      expect([hasButton(page, 'federated'), hasButton(page, 'direct')]).to.deep.equal([false, true]);
    });
  });

  describe('row 4: Business Direct has not vouched for anybody yet', () => {
    it('sends the browser there, and takes a cancellation for what it is (row 4)', async () => {
      const browser = demo.browser();
      let page = await browser.submit(await toChoice(browser), {}, 'federated');
      expect(page.screen).to.equal('BDD001');
      page = await browser.submit(page, {}, 'cancel');
      expect(page).to.include({ status: 200, screen: 'REF012', refusal: 'upstream-refused' });
      expect((await browser.submit(page, {}, 'direct')).screen).to.equal('LGN002');
    });

    it('tells the portal access_denied when the person gives up after that (row 4)', async () => {
      const browser = demo.browser();
      let page = await browser.submit(await toChoice(browser), {}, 'federated');
      page = await browser.submit(await browser.submit(page, {}, 'cancel'), {}, 'cancel');
      expect(page.json('error')).to.include({ error: 'access_denied' });
    });

    it('says when a Business Direct does not answer, and the direct route goes on (row 4)', async () => {
      const browser = demo.browser();
      const choice = await toChoice(browser);
      const other = /value="(federated-[^"]+)"/.exec(choice.html)?.[1] ?? '';
      let page = await browser.submit(choice, {}, other);
      expect(page).to.include({ status: 503, screen: 'REF014', refusal: 'upstream-down' });
      expect(Number(page.headers.get('retry-after'))).to.be.greaterThan(0);
      expect((await browser.open(page.url)).status, 'a reload tells the same').to.equal(503);
      const person = demo.person('tikeda16');
      page = await browser.submit(page, {}, 'direct');
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
      page = await browser.submit(page, { otp: await nextCode(demo, person) });
      expect(page.screen).to.equal('PTL002');
    });

    it('refuses a callback with a code of nobody, or one that names another issuer, once and for all (row 4)', async () => {
      for (const tampered of [{ code: 'x'.repeat(43) }, { code: 'x'.repeat(43), iss: silentBank }]) {
        const browser = demo.browser();
        const atDirect = await browser.submit(await toChoice(browser), {}, 'federated');
        const state =
          new URL(atDirect.hops.find((hop) => hop.includes('state=')) ?? '').searchParams.get('state') ?? '';
        const callback = new URL(`${demo.gateway}/upstream/callback`);
        callback.search = new URLSearchParams({ state, iss: demo.businessDirect, ...tampered }).toString();
        const page = await browser.open(callback.href);
        expect(page).to.include({ status: 403, screen: 'REF013', refusal: 'upstream-refused' });
        expect(page.text()).to.include('お問い合わせ番号');
        expect(await browser.open(callback.href), 'its state was used up').to.include({
          status: 410,
          refusal: 'start-over',
        });
      }
    });

    it('gives a callback no meaning in another browser (row 4)', async () => {
      const mine = demo.browser();
      const atDirect = await mine.submit(await toChoice(mine), {}, 'federated');
      const state = new URL(atDirect.hops.find((hop) => hop.includes('state=')) ?? '').searchParams.get('state') ?? '';
      const stolen = await demo
        .browser()
        .open(`${demo.gateway}/upstream/callback?state=${state}&code=x&iss=${encodeURIComponent(demo.businessDirect)}`);
      expect(stolen).to.include({ status: 410, refusal: 'start-over' });
      expect(await demo.browser().open(`${demo.gateway}/upstream/callback`)).to.include({ status: 410 });
    });

    it('begins at Business Direct itself, too, and ends on our own top page (row 4)', async () => {
      const browser = demo.browser();
      const person = demo.person('yishikawa92');
      const { id = '', password = '' } = person.business_direct ?? {};
      let page = await browser.open(`${demo.businessDirect}/`);
      page = await browser.submit(page, { business_direct_id: id, business_direct_password: password });
      expect(page.screen).to.equal('BDD002');
      page = await browser.submit(page, {});
      expect(page.screen, 'no route is asked').to.equal('LNK001');
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
      page = await browser.submit(page, { otp: await nextCode(demo, person) });
      expect(page.screen).to.equal('TOP001');
      expect(page.text()).to.include(person.name).and.to.include('ID連携が完了しました');
    });

    it('is begun for pages of ours and registered portals alone (row 4)', async () => {
      const initiate = (query: Record<string, string>) =>
        demo.browser().open(`${demo.gateway}/initiate?${new URLSearchParams(query).toString()}`);
      const iss = demo.businessDirect;
      expect((await initiate({ iss, target_link_uri: `${demo.gateway}/self-service` })).screen).to.equal('BDD001');
      for (const target of [
        'https://evil.example/',
        `${demo.gateway}//evil.example`,
        `${demo.gateway}@evil.example/`,
        'javascript:alert(1)',
        '/x',
      ]) {
        expect(await initiate({ iss, target_link_uri: target }), target).to.include({
          status: 400,
          refusal: 'portal-request',
        });
      }
      expect(await initiate({ iss: 'http://localhost:1' })).to.include({ status: 400, refusal: 'portal-request' });
    });

    it('comes back to a link that stands without another word (row 4)', async () => {
      const browser = demo.browser();
      const person = demo.person('ymori34');
      expect((await enterLinked(demo, browser, person)).screen).to.equal('PTL002');
      await leavePortal(demo, browser);
      expect((await throughBusinessDirect(demo, browser, person)).screen).to.equal('OTP001');
    });
  });
});
