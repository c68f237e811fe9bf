// Pushed requests and approvals with openid-client, used as its documentation says: whatever a portal may ask can be pushed, and
// what a person approves comes back with its receipt.
import { expect } from 'chai';
import * as client from 'openid-client';
import type { DemoPerson } from '../../src/demo/people.ts';
import { clientScene, errorWord, type Ask, type ClientScene } from '../support/client-scene.ts';
import type { Demo } from '../support/demo-process.ts';
import { minuteBegins } from '../support/key-fob.ts';
import { begin, walk, type Begun } from '../support/relying-party.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { nextCode } from '../support/walks.ts';

const otpValues = 'urn:renkei:acr:federated-otp urn:renkei:acr:password-otp';
const transfer = {
  type: 'urn:renkei:approval',
  action: '振込',
  payee: 'みなと銀行 本店 普通 1234567 カ)ミナトセイキ',
  amount: { value: '1500000', currency: 'JPY' },
  date: '2026-11-30',
};
const details = { authorization_details: JSON.stringify([transfer]) };

describe('a portal built with openid-client pushes its requests', function () {
  this.timeout(60_000);
  let scene: ClientScene;
  let demo: Demo;

  before(async () => {
    scene = await clientScene();
    ({ demo } = scene);
  });

  after(() => scene?.close());

  async function push(clientId: string, ask: Ask = {}): Promise<Begun> {
    const config = await scene.as(clientId);
    // Waiting for the next code takes this clock a minute on, more than the library allows beside max_age=0.
    const { url, checks: all } = await begin(config, scene.callbackOf(clientId), ask);
    const { maxAge: _maxAge, ...checks } = all;
    const parameters = Object.fromEntries(new URL(url).searchParams);
    return { url: (await client.buildAuthorizationUrlWithPAR(config, parameters)).href, checks };
  }
  const redeem = async (clientId: string, page: Page, { checks }: Begun) =>
    client.authorizationCodeGrant(await scene.as(clientId), new URL(page.url), checks);
  const answerTo = async (clientId: string, page: Page, begun: Begun): Promise<string> =>
    errorWord(redeem(clientId, page, begun));

  describe('whatever it is', () => {
    let browser: ScriptBrowser;
    const person = (): DemoPerson => demo.person('sabe89');
    before(() => {
      browser = demo.browser();
    });

    for (const [clientId, what] of [
      ['basic', 'a secret in the header'],
      ['post', 'a secret in the form'],
      ['signing', 'private_key_jwt'],
      ['publishing', 'keys at an address'],
      ['app', 'no secret'],
    ] as const)
      it(`with ${what}: nothing but the address of the request goes through the browser`, async () => {
        const begun = await push(clientId);
        expect([...new URL(begun.url).searchParams.keys()].toSorted()).to.deep.equal(['client_id', 'request_uri']);
        const { page } = await walk(demo, browser, person(), begun.url);
        const tokens = await redeem(clientId, page, begun);
        expect(tokens.claims()).to.include({ aud: clientId, acr: 'urn:renkei:acr:federated-otp' });
      });

    it('with every demand of an ordinary request', async () => {
      expect(await answer({ prompt: 'none' })).to.equal('it succeeded');
      expect(await answer({ prompt: 'none', acr_values: otpValues })).to.equal('it succeeded');
      await demo.forward(61);
      expect(await answer({ prompt: 'none', max_age: '60' })).to.equal('login_required');
      const again = await push('basic', { prompt: 'login', ui_locales: 'en' });
      const first = await browser.open(again.url);
      expect(first.screen).to.equal('LGN001');
      expect(first.html).to.include('<html lang="en"');
      const { screens, page } = await walk(demo, browser, person(), first);
      expect(screens.at(-2)).to.equal('OTP002');
      const tokens = await redeem('basic', page, again);
      expect(tokens.claims()).to.have.property('nonce');
    });
    const answer = async (ask: Ask): Promise<string> => {
      const begun = await push('basic', ask);
      return answerTo('basic', await browser.open(begun.url), begun);
    };
  });

  describe('and asks for an approval', () => {
    let browser: ScriptBrowser;
    const person = (): DemoPerson => demo.person('dyamamoto47');

    it('of somebody who has to sign in first: the code of that is one, the approval’s another', async () => {
      browser = demo.browser();
      await minuteBegins(demo);
      const begun = await push('basic', details);
      const { page, screens } = await walk(demo, browser, person(), begun.url);
      expect(screens).to.deep.equal(['LGN001', 'BDD001', 'LNK001', 'OTP002', 'APR001']);
      expect(page.html, 'nothing to skip the code with').not.to.include('name="remember"');
      expect(page.text()).to.include('ログインに使ったコードは使えません').and.to.include('1,500,000円');
      const used = await browser.submit(page, { otp: await demo.code(person()) });
      expect([used.status, used.refusal]).to.deep.equal([422, 'otp-used']);
      const back = await browser.submit(page, { otp: await nextCode(demo, person()) });
      const tokens = await redeem('basic', back, begun);
      const [told] = tokens.authorization_details ?? [];
      expect(told).to.deep.include(transfer);
      expect(told?.['receipt']).to.match(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
      expect(Date.parse(JSON.stringify(told?.['approved_at']).slice(1, -1))).to.be.closeTo(await demo.now(), 30_000);
      const config = await scene.as('basic');
      const seen = await client.tokenIntrospection(config, tokens.access_token);
      expect(seen['authorization_details']).to.deep.equal(tokens.authorization_details);
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
      expect(refreshed.authorization_details).to.equal(undefined);
      expect((await client.tokenIntrospection(config, refreshed.access_token))['authorization_details']).to.equal(
        undefined,
      );
    });

    it('of a live session: its page alone, with a code of its own, however fresh the last one is', async () => {
      const stepUp = await push('basic', { acr_values: otpValues });
      expect(await answerTo('basic', await browser.open(stepUp.url), stepUp), 'a code of this session').to.equal(
        'it succeeded',
      );
      const begun = await push('basic', { ...details, acr_values: otpValues });
      const { page, screens } = await walk(demo, browser, person(), begun.url);
      expect(screens).to.deep.equal(['APR001']);
      const back = await browser.submit(page, { otp: await nextCode(demo, person()) });
      const tokens = await redeem('basic', back, begun);
      expect(tokens.claims()).to.include({ acr: 'urn:renkei:acr:federated-otp' });
      expect(tokens.authorization_details).to.have.length(1);
    });

    it('with max_age=0: a fresh sign-in, and then the approval’s code', async () => {
      const begun = await push('basic', { ...details, max_age: '0', acr_values: otpValues });
      const { page, screens } = await walk(demo, browser, person(), begun.url);
      expect(screens.slice(-2)).to.deep.equal(['OTP002', 'APR001']);
      const back = await browser.submit(page, { otp: await nextCode(demo, person()) });
      expect((await redeem('basic', back, begun)).authorization_details).to.have.length(1);
    });

    it('with max_age=0 and no approval: a code each time', async () => {
      for (const round of [1, 2]) {
        const begun = await push('basic', { max_age: '0', acr_values: otpValues });
        const { page, screens } = await walk(demo, browser, person(), begun.url);
        expect(screens.at(-2), `round ${round}`).to.equal('OTP002');
        expect((await redeem('basic', page, begun)).claims()).to.include({ acr: 'urn:renkei:acr:federated-otp' });
      }
    });

    it('in a remembered browser: the device stands for nothing, and stays as it is', async () => {
      const own = demo.browser();
      const who = demo.person('yishikawa92');
      await scene.enter(own, who, 'basic', {}, { remember: true });
      own.dropCookie('renkei_session');
      const begun = await push('basic', details);
      const { page, screens } = await walk(demo, own, who, begun.url, { remember: true });
      expect(screens.slice(-2)).to.deep.equal(['OTP002', 'APR001']);
      const back = await own.submit(page, { otp: await nextCode(demo, who) });
      expect((await redeem('basic', back, begun)).authorization_details).to.have.length(1);
      own.dropCookie('renkei_session');
      const plain = await scene.enter(own, who, 'basic');
      expect(plain.tokens.claims()).to.include({ acr: 'urn:renkei:acr:federated' });
    });

    it('without a page: interaction_required; declined: access_denied', async () => {
      const silent = await push('basic', { ...details, prompt: 'none' });
      expect(await answerTo('basic', await browser.open(silent.url), silent)).to.equal('interaction_required');
      const begun = await push('basic', details);
      const back = await browser.submit(await browser.open(begun.url), {}, 'decline');
      expect(await answerTo('basic', back, begun)).to.equal('access_denied');
    });

    it('asks whom it cannot be asked of: unmet_authentication_requirements', async () => {
      const own = demo.browser();
      const nobody = demo.person('hsakamoto24');
      await scene.enter(own, nobody, 'basic', {}, { route: 'direct' });
      const begun = await push('basic', details);
      const refused = await own.open(begun.url);
      expect([refused.status, refused.screen, refused.refusal]).to.deep.equal([403, 'REF015', 'otp-unreachable']);
      const back = await own.submit(refused, {}, 'cancel');
      expect(await answerTo('basic', back, begun)).to.equal('unmet_authentication_requirements');
      const silent = await push('basic', { ...details, prompt: 'none' });
      expect(await answerTo('basic', await own.open(silent.url), silent)).to.equal('unmet_authentication_requirements');
    });

    it('of somebody without a token yet: it is registered first, even while that may wait', async () => {
      const own = demo.browser();
      const begun = await push('basic', details);
      const { page } = await walk(demo, own, demo.person('kokada89'), begun.url, { route: 'direct' });
      expect(page.screen).to.match(/^(TKN002|BOT0\d\d)$/);
      expect(page.html).not.to.include('value="skip_registration"');
    });

    it('of somebody whose codes are stopped: the stop is told', async () => {
      const own = demo.browser();
      const begun = await push('basic', details);
      const { page } = await walk(demo, own, demo.person('kmaeda18'), begun.url, { route: 'direct' });
      expect([page.status, page.screen]).to.deep.equal([403, 'REF004']);
    });

    it('with the help page beside it, and back', async () => {
      const begun = await push('basic', details);
      const page = await browser.open(begun.url);
      const help = await browser.submit(page, {}, 'otp_help');
      expect(help.screen).to.equal('OTP004');
      expect(help.text()).to.include('入力省略も同時に終了します');
      expect((await browser.submit(help, {}, 'back')).screen).to.equal('APR001');
    });
  });
});
