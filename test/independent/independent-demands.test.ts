// What a portal can demand of a sign-in, asked with openid-client: a code, an acr, freshness, a certain person, a language;
// and what it is told when it cannot have it.
import { expect } from 'chai';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import type { DemoPerson } from '../../src/demo/people.ts';
import { clientScene, errorWord, failure, type ClientScene } from '../support/client-scene.ts';
import type { Demo } from '../support/demo-process.ts';
import { begin, walk } from '../support/relying-party.ts';
import type { ScriptBrowser } from '../support/script-browser.ts';
import { shownValue } from '../support/walks.ts';

const otpValues = 'urn:renkei:acr:federated-otp urn:renkei:acr:password-otp';

describe('a portal built with openid-client demands', function () {
  this.timeout(60_000);
  let scene: ClientScene;
  let demo: Demo;

  before(async () => {
    scene = await clientScene();
    ({ demo } = scene);
  });

  after(() => scene?.close());

  let browser: ScriptBrowser;
  const person = (): DemoPerson => demo.person('sabe89');

  it('nothing, silently, and learns that nobody is signed in', async () => {
    browser = demo.browser();
    expect(await scene.silent(browser, 'basic')).to.equal('login_required');
  });

  it('nothing, silently, and gets what the live session is', async () => {
    await scene.enter(browser, person(), 'basic', {}, { remember: true });
    const { page, begun } = await scene.answered(browser, 'basic', { prompt: 'none' });
    const tokens = await client.authorizationCodeGrant(await scene.as('basic'), new URL(page.url), begun.checks);
    expect(tokens.claims()).to.include({
      acr: 'urn:renkei:acr:federated-otp',
      preferred_username: person().login_id,
    });
  });

  it('a code, by acr_values: asked again where the session brought none, although the browser is remembered', async () => {
    const second = browser.clone();
    const signedIn = await scene.enter(second, person(), 'basic', { prompt: 'login' });
    expect(signedIn.screens).to.include('OTP002');
    // A new session on the remembered browser has no code in it.
    browser.dropCookie('renkei_session');
    const plain = await scene.enter(browser, person(), 'basic');
    expect(plain.tokens.claims()).to.include({ acr: 'urn:renkei:acr:federated' });
    expect(plain.screens.filter((screen) => screen.startsWith('OTP'))).to.deep.equal([]);
    expect(await scene.silent(browser, 'basic', { acr_values: otpValues })).to.equal('login_required');
    expect(await scene.silent(browser, 'basic', { acr_values: 'urn:renkei:acr:federated urn:unknown' })).to.equal(
      'it succeeded',
    );
    const raised = await scene.enter(browser, person(), 'basic', { acr_values: otpValues });
    expect(raised.screens).to.deep.equal(['OTP002', 'CALLBACK']);
    expect(raised.tokens.claims()).to.include({
      acr: 'urn:renkei:acr:federated-otp',
      auth_time: plain.tokens.claims()?.auth_time,
    });
  });

  it('a code, by its registration', async () => {
    browser.dropCookie('renkei_session');
    expect((await scene.enter(browser, person(), 'basic')).tokens.claims()).to.include({
      acr: 'urn:renkei:acr:federated',
    });
    const { tokens, screens } = await scene.enter(browser, person(), 'demanding');
    expect(screens).to.deep.equal(['OTP002', 'CALLBACK']);
    expect(tokens.claims()).to.include({ acr: 'urn:renkei:acr:federated-otp' });
  });

  it('an essential acr, which is met or refused', async () => {
    const essential = (...values: readonly string[]): Readonly<Record<string, string>> => ({
      claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
    });
    const met = await scene.enter(browser, person(), 'basic', essential('urn:renkei:acr:federated-otp'));
    expect(met.tokens.claims()).to.include({ acr: 'urn:renkei:acr:federated-otp' });
    const other = await scene.enter(browser, person(), 'basic', essential('urn:renkei:acr:password-otp'), {
      route: 'direct',
    });
    expect(other.screens.slice(-3), 'only the route that can give it').to.deep.equal(['LGN002', 'OTP002', 'CALLBACK']);
    expect(other.tokens.claims()).to.include({ acr: 'urn:renkei:acr:password-otp' });
    expect(await scene.silent(browser, 'basic', essential('urn:example:gold'))).to.equal(
      'unmet_authentication_requirements',
    );
    const { begun, page } = await scene.answered(demo.browser(), 'basic', essential('urn:example:gold'));
    const told = client.authorizationCodeGrant(await scene.as('basic'), new URL(page.url), begun.checks);
    expect(await errorWord(told), 'without a page').to.equal('unmet_authentication_requirements');
  });

  it('a fresh sign-in: prompt=login, max_age=0, and a max_age that is over', async () => {
    const before = await scene.enter(browser, person(), 'basic');
    const authTime = before.tokens.claims()?.auth_time ?? 0;
    await demo.forward(120);
    expect(await scene.silent(browser, 'basic', { max_age: '60' })).to.equal('login_required');
    expect(await scene.silent(browser, 'basic', { max_age: '86400' })).to.equal('it succeeded');
    for (const ask of [{ prompt: 'login' }, { max_age: '0' }, { max_age: '60' }]) {
      await demo.forward(120);
      const { tokens, screens } = await scene.enter(browser, person(), 'basic', ask, { atOnce: true });
      expect(screens, JSON.stringify(ask)).to.include.members(['BDD001', 'OTP002']);
      expect(tokens.claims()?.auth_time).to.be.greaterThan(authTime + 100);
    }
  });

  it('somebody: a login_hint fills the field, an id_token_hint of another person never passes', async () => {
    const idToken = (await scene.enter(browser, person(), 'basic')).tokens.id_token ?? '';
    expect(await scene.silent(browser, 'basic', { id_token_hint: idToken })).to.equal('it succeeded');
    const stranger = demo.browser();
    const { begun, page } = await scene.answered(stranger, 'basic', { login_hint: 'atanaka93', ui_locales: 'en' });
    expect(page.html).to.match(/<html[^>]* lang="en"/);
    const direct = await stranger.submit(page, {}, 'direct');
    expect(shownValue(direct, 'login_id')).to.equal('atanaka93');
    expect(begun.url).to.include('ui_locales=en');
    const { page: end } = await walk(demo, stranger, demo.person('atanaka93'), direct);
    expect(end.screen).to.equal('CALLBACK');
    expect(await scene.silent(stranger, 'basic', { id_token_hint: idToken })).to.equal('login_required');
    expect(
      await scene.silent(stranger, 'basic', {
        prompt: 'none',
        claims: JSON.stringify({ id_token: { sub: { value: decodeJwt(idToken).sub } } }),
      }),
    ).to.equal('login_required');
    const chosen = await scene.answered(stranger, 'basic', { prompt: 'select_account' });
    expect(chosen.page.screen).to.equal('LGN004');
  });

  it('entry to a portal that it was not granted, and is denied', async () => {
    const person = demo.person('mhayashi38');
    const browser = demo.browser();
    const begun = await begin(await scene.as('closed'), scene.rp.callback);
    const { page } = await walk(demo, browser, person, begun.url);
    expect([page.status, page.screen, page.refusal]).to.deep.equal([403, 'REF007', 'no-permission']);
    const back = await browser.submit(page, {}, 'cancel');
    expect(
      await errorWord(client.authorizationCodeGrant(await scene.as('closed'), new URL(back.url), begun.checks)),
    ).to.equal('access_denied');
    expect((await scene.enter(browser, person, 'basic')).screens.at(-1)).to.equal('CALLBACK');
    expect(await scene.silent(browser, 'closed')).to.equal('access_denied');
  });

  it('pages in a language', async () => {
    const lang = async (tags: string): Promise<string | undefined> =>
      /<html[^>]* lang="(\w+)"/.exec(
        (await scene.answered(demo.browser(), 'basic', { ui_locales: tags })).page.html,
      )?.[1];
    expect(await lang('fr en')).to.equal('en');
    expect(await lang('ja-JP en')).to.equal('ja');
    expect(await lang('tlh')).to.equal('ja');
  });

  it('and is told by access_denied when the person gives up', async () => {
    const stranger = demo.browser();
    const { begun, page } = await scene.answered(stranger, 'basic', {});
    const left = await stranger.submit(page, {}, 'cancel');
    expect(left.screen).to.equal('CALLBACK');
    const error = await failure(
      client.authorizationCodeGrant(await scene.as('basic'), new URL(left.url), begun.checks),
    );
    expect(error).to.be.instanceOf(client.AuthorizationResponseError).and.include({ error: 'access_denied' });
    expect(new URL(left.url).searchParams.get('iss')).to.equal(demo.gateway);
  });
});
