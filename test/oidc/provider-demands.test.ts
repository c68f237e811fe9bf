// What a request demands of the person, what a session answers silently, and what the portal is told when it can't.
import { expect } from 'chai';
import {
  authorize,
  codeFor,
  gateway,
  login,
  moveClock,
  otpNow,
  pass,
  payload,
  redeem,
  refresh,
  restoreClock,
  signIn,
  userinfo,
  type Gateway,
} from './provider-harness.ts';

const acr = (name: string): string => `urn:renkei:acr:${name}`;

describe('a request to the OpenID Provider', () => {
  let gate: Gateway;
  before(async () => {
    moveClock();
    gate = await gateway();
  });
  after(async () => {
    restoreClock();
    await gate.close();
  });
  beforeEach(() => {
    gate.fakes.step = { to: 'finish' };
    gate.fakes.judged.length = 0;
    gate.fakes.endings.length = 0;
    gate.fakes.entered.length = 0;
  });

  describe('asks nothing of a session that stands', () => {
    const silent = { prompt: 'none' };
    const errorOf = async (
      who: ReturnType<Gateway['browser']>,
      params: Record<string, string>,
      client = 'beta',
    ): Promise<string | null> => {
      const answer = await authorize(who, { client, params });
      return answer.location?.searchParams.get('error') ?? null;
    };

    it('and enters another portal with the same login', async () => {
      const who = gate.browser();
      const record = login(gate.fakes, 'hanako');
      await codeFor(gate, who, {}, record);
      const answer = await authorize(who, { client: 'beta', params: silent });
      const tokens = (await redeem(gate, answer.location?.searchParams.get('code') ?? '', 'beta')).json();
      expect(payload(tokens['id_token'])['acr']).to.equal(acr('federated'));
      expect(gate.fakes.judged).to.have.length(1);
      expect(gate.fakes.judged[0]?.live).to.include({ loginId: record.id, accountId: 'hanako' });
      expect(gate.fakes.entered.map(({ clientId, loginId }) => [clientId, loginId])).to.deep.equal([
        ['alpha', record.id],
        ['beta', record.id],
      ]);
      // Once more: the same grant, nobody is noted twice.
      await codeFor(gate, who, { client: 'beta' });
      expect(gate.fakes.entered).to.have.length(2);
      expect((await userinfo(gate, tokens['access_token'])).status).to.equal(200);
    });

    it('but tells prompt=none by its error what would be asked', async () => {
      expect(await errorOf(gate.browser(), silent)).to.equal('login_required');
      const who = gate.browser();
      await codeFor(gate, who);
      const cases = [
        [{ to: 'page', slug: 'otp' }, 'login_required'],
        [{ to: 'page', slug: 'consent' }, 'consent_required'],
        [{ to: 'page', slug: 'forced-change' }, 'interaction_required'],
        [{ to: 'waiting', until: 0 }, 'interaction_required'],
        [{ to: 'upstream' }, 'login_required'],
        [{ to: 'refuse', word: 'no-permission' }, 'access_denied'],
        [{ to: 'refuse', word: 'otp-unreachable' }, 'unmet_authentication_requirements'],
        [{ to: 'refuse', word: 'conflict' }, 'login_required'],
        [{ to: 'refuse', word: 'closed' }, 'interaction_required'],
      ] as const;
      for (const [step, error] of cases) {
        gate.fakes.step = step;
        expect(await errorOf(who, silent), JSON.stringify(step)).to.equal(error);
      }
      expect(gate.fakes.entered.some(({ clientId }) => clientId === 'beta')).to.equal(false);
      gate.fakes.step = { to: 'waiting', until: Date.parse('2026-11-23T08:10:00+09:00') };
      const told = (await authorize(who, { client: 'beta', params: silent })).location?.searchParams.get(
        'error_description',
      );
      expect(told, 'until when').to.equal('the end-user has to wait until 2026-11-23T08:10:00+09:00');
      gate.fakes.step = { to: 'finish' };
      expect(await errorOf(who, silent)).to.equal(null);
    });

    it('not even by prompt=none when the login has ended', async () => {
      const who = gate.browser();
      const record = login(gate.fakes, 'hanako');
      await codeFor(gate, who, {}, record);
      gate.fakes.ended.add(record.id);
      expect(await errorOf(who, silent)).to.equal('login_required');
      expect((await who.go('/session/now')).json()['session']).to.equal(null);
    });

    it('and says which step is missing to the page that is shown', async () => {
      const who = gate.browser();
      const record = login(gate.fakes, 'hanako');
      await codeFor(gate, who, {}, record);
      gate.fakes.step = { to: 'page', slug: 'otp' };
      const page = await authorize(who, { client: 'strong' });
      await who.go(page.location?.href ?? '');
      expect(gate.fakes.opened?.request).to.include({ otpDemanded: true, reauthenticate: false });
      expect(gate.fakes.opened?.live).to.include({ loginId: record.id, route: 'federated' });
      // Signed out in another tab: what was live is live no more.
      await who.go('/sign-out/now');
      await who.go(page.location?.href ?? '');
      expect(gate.fakes.opened?.live).to.equal(null);
    });

    it('keeps earlier portals when a code is added for another one', async () => {
      const who = gate.browser();
      const old = login(gate.fakes, 'hanako');
      const tokens = (await redeem(gate, await codeFor(gate, who, {}, old))).json();
      gate.fakes.step = { to: 'page', slug: 'otp' };
      const page = await authorize(who, { client: 'strong' });
      const raised = login(gate.fakes, 'hanako', { otp: otpNow(), authTime: old.authTime });
      const returned = await signIn(who, page, raised);
      const strong = (await redeem(gate, returned.location?.searchParams.get('code') ?? '', 'strong')).json();
      expect(payload(strong['id_token'])['acr']).to.equal(acr('federated-otp'));
      expect((await refresh(gate, tokens['refresh_token'])).status).to.equal(200);
      expect((await who.go('/session/now')).json()['session']).to.include({ loginId: raised.id });
      await who.go('/sign-out/now');
      expect(gate.fakes.endings[0]?.session.loginIds).to.deep.equal([raised.id]);
      expect(gate.fakes.endings[0]?.session.portals.map(({ clientId }) => clientId)).to.have.members([
        'alpha',
        'strong',
      ]);
      expect((await refresh(gate, tokens['refresh_token'])).json()['error']).to.equal('invalid_grant');
    });
  });

  describe('reads what a portal demands', () => {
    const requestOf = async (params: Record<string, string>, client = 'alpha') => {
      const who = gate.browser();
      const page = await authorize(who, { client, params });
      await who.go(page.location?.href ?? '');
      return gate.fakes.opened?.request;
    };
    const claims = (claim: object): { claims: string } => ({ claims: JSON.stringify({ id_token: { acr: claim } }) });

    it('from acr_values: any value with OTP is a demand, unknown ones are nothing', async () => {
      const both = `${acr('federated-otp')} ${acr('password-otp')}`;
      expect(await requestOf({ acr_values: both })).to.deep.include({
        otpDemanded: true,
        routes: ['federated', 'direct'],
      });
      expect(await requestOf({ acr_values: acr('federated-otp') })).to.deep.include({
        otpDemanded: true,
        routes: ['federated'],
      });
      expect(await requestOf({ acr_values: acr('password') })).to.deep.include({
        otpDemanded: false,
        routes: ['direct'],
      });
      expect(await requestOf({ acr_values: 'urn:mace:incommon:iap:silver' })).to.deep.include({
        otpDemanded: false,
        routes: ['federated', 'direct'],
        unmeetable: false,
      });
    });

    it('from an essential acr, which nobody is asked for when its values are unknown', async () => {
      expect(await requestOf(claims({ essential: true, value: acr('password-otp') }))).to.deep.include({
        otpDemanded: true,
        routes: ['direct'],
        unmeetable: false,
      });
      expect(await requestOf(claims({ essential: true, values: ['gold', acr('federated')] }))).to.deep.include({
        otpDemanded: false,
        routes: ['federated'],
        unmeetable: false,
      });
      const gold = await authorize(gate.browser(), { params: claims({ essential: true, value: 'gold' }) });
      expect(gold.location?.searchParams.get('error')).to.equal('unmet_authentication_requirements');
      expect(await requestOf(claims({ values: ['gold'] }))).to.deep.include({ unmeetable: false, otpDemanded: false });
      expect(await requestOf(claims({ values: [acr('federated-otp')] }))).to.deep.include({
        unmeetable: false,
        otpDemanded: true,
      });
    });

    it('from its registration', async () => {
      expect(await requestOf({}, 'strong')).to.deep.include({ otpDemanded: true, routes: ['federated', 'direct'] });
      expect(await requestOf({}, 'fed')).to.deep.include({ otpDemanded: false, routes: ['federated'] });
      expect(await requestOf({ acr_values: acr('password-otp') }, 'fed')).to.deep.include({
        otpDemanded: true,
        routes: ['federated'],
      });
    });

    it('and answers unmet_authentication_requirements to what a finished sign-in lacks, without a second round', async () => {
      const essential = claims({ essential: true, value: acr('federated-otp') });
      const who = gate.browser();
      const page = await authorize(who, { params: essential });
      const returned = await signIn(who, page, login(gate.fakes, 'hanako'));
      expect(returned.location?.searchParams.get('error')).to.equal('unmet_authentication_requirements');
      const silent = await authorize(who, {
        params: { ...claims({ essential: true, value: 'gold' }), prompt: 'none' },
      });
      expect(silent.location?.searchParams.get('error')).to.equal('unmet_authentication_requirements');
      const met = await codeFor(
        gate,
        gate.browser(),
        { params: essential },
        login(gate.fakes, 'hanako', { otp: otpNow() }),
      );
      expect(payload((await redeem(gate, met)).json()['id_token'])['acr']).to.equal(acr('federated-otp'));
    });

    it('a session of a route that can’t be raised to it has to sign in again', async () => {
      const who = gate.browser();
      await codeFor(gate, who, {}, login(gate.fakes, 'hanako', { route: 'direct' }));
      const page = await authorize(who, { client: 'fed' });
      await who.go(page.location?.href ?? '');
      expect(gate.fakes.opened?.request).to.deep.include({ reauthenticate: true, routes: ['federated'] });
      expect(
        (await authorize(who, { client: 'fed', params: { prompt: 'none' } })).location?.searchParams.get('error'),
      ).to.equal('login_required');
    });

    it('prompt=login, max_age=0 and an exceeded max_age are re-authentications', async () => {
      const who = gate.browser();
      await codeFor(gate, who);
      for (const params of [{ prompt: 'login' }, { max_age: '0' }]) {
        const page = await authorize(who, { params });
        await who.go(page.location?.href ?? '');
        expect(gate.fakes.opened?.request.reauthenticate).to.equal(true);
      }
      expect((await authorize(who, { params: { max_age: '100' } })).location?.searchParams.get('code')).to.be.a(
        'string',
      );
      pass(101_000);
      const page = await authorize(who, { params: { max_age: '100' } });
      await who.go(page.location?.href ?? '');
      expect(gate.fakes.opened?.request).to.include({ reauthenticate: true, maxAge: 100 });
      expect(
        (await authorize(who, { params: { max_age: '100', prompt: 'none' } })).location?.searchParams.get('error'),
      ).to.equal('login_required');
      const fresh = login(gate.fakes, 'hanako');
      const returned = await signIn(who, page, fresh);
      const tokens = (await redeem(gate, returned.location?.searchParams.get('code') ?? '')).json();
      expect(payload(tokens['id_token'])['auth_time']).to.equal(Math.floor(fresh.authTime / 1000));
    });

    it('a sign-in that took longer than max_age is fresh; one that brings an old authentication is not', async () => {
      const slow = gate.browser();
      const page = await authorize(slow, { params: { max_age: '5' } });
      const record = login(gate.fakes, 'hanako');
      pass(60_000);
      expect((await signIn(slow, page, record)).location?.searchParams.get('code')).to.be.a('string');
      const old = gate.browser();
      const again = await authorize(old, { params: { max_age: '100' } });
      const stale = login(gate.fakes, 'hanako', { authTime: Date.now() - 3_600_000 });
      expect((await signIn(old, again, stale)).location?.searchParams.get('error')).to.equal('login_required');
    });

    it('select_account, and hints that name somebody else', async () => {
      const [who, other] = [gate.browser(), gate.browser()];
      await codeFor(gate, who);
      const page = await authorize(who, { params: { prompt: 'select_account' } });
      await who.go(page.location?.href ?? '');
      expect(gate.fakes.opened?.request.selectUser).to.equal(true);
      // The choice made, the same person goes on: no second round.
      expect((await signIn(who, page, login(gate.fakes, 'hanako'))).location?.searchParams.get('code')).to.be.a(
        'string',
      );

      const taro = (await redeem(gate, await codeFor(gate, other, {}, login(gate.fakes, 'taro')))).json();
      const params = { id_token_hint: String(taro['id_token']) };
      const hinted = await authorize(who, { params });
      await who.go(hinted.location?.href ?? '');
      expect(gate.fakes.opened?.request.selectUser).to.equal(true);
      expect(
        (await authorize(who, { params: { ...params, prompt: 'none' } })).location?.searchParams.get('error'),
      ).to.equal('login_required');
      expect(
        (await authorize(other, { params: { ...params, prompt: 'none' } })).location?.searchParams.get('code'),
      ).to.be.a('string');
      expect(
        (await authorize(who, { params: { id_token_hint: 'a.b.c' } })).location?.searchParams.get('error'),
      ).to.equal('invalid_request');

      const sub = String(payload(taro['id_token'])['sub']);
      const insisting = await authorize(who, {
        params: { claims: JSON.stringify({ id_token: { sub: { value: sub } } }) },
      });
      expect((await signIn(who, insisting, login(gate.fakes, 'hanako'))).location?.searchParams.get('error')).to.equal(
        'login_required',
      );
    });
  });

  it('reports nothing unexpected in all of this', () => {
    expect(gate.fakes.events.filter((event) => event.kind === 'unexpected')).to.deep.equal([]);
  });
});
