// Codes and tokens: each is worth something once, for a time, to one portal, and only while the login stands.
import { expect } from 'chai';
import {
  back,
  codeFor,
  gateway,
  login,
  moveClock,
  pass,
  payload,
  redeem,
  refresh,
  restoreClock,
  stopClock,
  userinfo,
  type Gateway,
} from './provider-harness.ts';

describe('the tokens of the OpenID Provider', () => {
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

  describe('redeems a code once', () => {
    it('of twenty at once: one succeeds, then its grant is dead', async () => {
      const code = await codeFor(gate, gate.browser());
      const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(gate, code)));
      const [won, ...rest] = answers.filter(({ status }) => status === 200);
      expect([won?.status, rest.length]).to.deep.equal([200, 0]);
      for (const answer of answers) if (answer !== won) expect(answer.json()['error']).to.equal('invalid_grant');
      const tokens = won?.json() ?? {};
      expect((await userinfo(gate, tokens['access_token'])).status).to.equal(401);
      expect((await refresh(gate, tokens['refresh_token'])).json()['error']).to.equal('invalid_grant');
    });

    it('one after the other as well', async () => {
      const code = await codeFor(gate, gate.browser());
      const tokens = (await redeem(gate, code)).json();
      expect((await userinfo(gate, tokens['access_token'])).status).to.equal(200);
      expect((await redeem(gate, code)).json()['error']).to.equal('invalid_grant');
      expect((await userinfo(gate, tokens['access_token'])).status).to.equal(401);
    });

    it('within 60 seconds, and by the portal it was given to', async () => {
      const late = await codeFor(gate, gate.browser());
      pass(61_000);
      expect((await redeem(gate, late)).json()['error']).to.equal('invalid_grant');
      const code = await codeFor(gate, gate.browser());
      const form = { grant_type: 'authorization_code', code, redirect_uri: 'https://alpha.example/cb' };
      expect((await back(gate, '/oidc/token', 'beta', form)).json()['error']).to.equal('invalid_grant');
      expect((await redeem(gate, code)).status).to.equal(200);
    });

    it('not after the login has ended', async () => {
      const record = login(gate.fakes, 'hanako');
      const code = await codeFor(gate, gate.browser(), {}, record);
      gate.fakes.ended.add(record.id);
      expect((await redeem(gate, code)).json()['error']).to.equal('invalid_grant');
    });
  });

  describe('refreshes', () => {
    const tokensOf = async (
      client = 'alpha',
      who = gate.browser(),
      record = login(gate.fakes, 'hanako'),
    ): Promise<Record<string, unknown>> =>
      (await redeem(gate, await codeFor(gate, who, { client }, record), client)).json();

    it('for portals registered for it, and rotates', async () => {
      const first = await tokensOf();
      const second = (await refresh(gate, first['refresh_token'])).json();
      expect(second['refresh_token']).to.be.a('string').and.not.equal(first['refresh_token']);
      const [before, after] = [payload(first['id_token']), payload(second['id_token'])];
      for (const name of ['sub', 'sid', 'acr', 'auth_time', 'nonce']) expect(after[name]).to.deep.equal(before[name]);
      expect(
        (
          await redeem(
            gate,
            await codeFor(gate, gate.browser(), { client: 'code-only', params: { scope: 'openid' } }),
            'code-only',
          )
        ).json(),
      ).not.to.have.property('refresh_token');
    });

    it('takes the replaced token for ten seconds more, then ends the grant', async () => {
      const first = await tokensOf();
      const second = (await refresh(gate, first['refresh_token'])).json();
      pass(9_000);
      const again = await refresh(gate, first['refresh_token']);
      expect(again.status).to.equal(200);
      pass(2_000);
      expect((await refresh(gate, first['refresh_token'])).json()['error']).to.equal('invalid_grant');
      expect((await refresh(gate, second['refresh_token'])).json()['error']).to.equal('invalid_grant');
      expect((await refresh(gate, again.json()['refresh_token'])).json()['error']).to.equal('invalid_grant');
      expect((await userinfo(gate, second['access_token'])).status).to.equal(401);
      expect(gate.fakes.events.some((event) => event.kind === 'grant-revoked' && event.clientId === 'alpha')).to.equal(
        true,
      );
    });

    it('of two at once both, within the overlap', async () => {
      const first = await tokensOf();
      const both = await Promise.all([refresh(gate, first['refresh_token']), refresh(gate, first['refresh_token'])]);
      expect(both.map(({ status }) => status)).to.deep.equal([200, 200]);
    });

    it('public portals without any overlap', async () => {
      const first = await tokensOf('spa');
      const second = (await refresh(gate, first['refresh_token'], 'spa')).json();
      expect((await refresh(gate, first['refresh_token'], 'spa')).json()['error']).to.equal('invalid_grant');
      expect((await refresh(gate, second['refresh_token'], 'spa')).json()['error']).to.equal('invalid_grant');
      const other = await tokensOf('spa');
      stopClock();
      const five = await Promise.all(Array.from({ length: 5 }, () => refresh(gate, other['refresh_token'], 'spa')));
      moveClock();
      expect(five.filter(({ status }) => status === 200)).to.have.length(1);
    });

    it('no longer than the session, and not after the login has ended', async () => {
      const record = login(gate.fakes, 'hanako');
      const tokens = await tokensOf('alpha', gate.browser(), record);
      gate.fakes.ended.add(record.id);
      expect((await refresh(gate, tokens['refresh_token'])).json()['error']).to.equal('invalid_grant');
      const idle = await tokensOf();
      pass(31 * 60_000);
      expect((await refresh(gate, idle['refresh_token'])).json()['error']).to.equal('invalid_grant');
    });

    it('and ends everything of the grant when the portal revokes its token', async () => {
      const tokens = await tokensOf();
      expect(
        (await back(gate, '/oidc/revocation', 'beta', { token: String(tokens['refresh_token']) })).status,
      ).to.equal(200);
      expect((await userinfo(gate, tokens['access_token'])).status).to.equal(200);
      await back(gate, '/oidc/revocation', 'alpha', { token: String(tokens['refresh_token']) });
      expect((await userinfo(gate, tokens['access_token'])).status).to.equal(401);
      expect((await refresh(gate, tokens['refresh_token'])).json()['error']).to.equal('invalid_grant');
    });

    it('and tells about a token only its portal and the bank’s resource servers', async () => {
      const record = login(gate.fakes, 'hanako');
      const tokens = await tokensOf('alpha', gate.browser(), record);
      const ask = async (client: string): Promise<Record<string, unknown>> =>
        (await back(gate, '/oidc/introspection', client, { token: String(tokens['access_token']) })).json();
      expect(await ask('beta')).to.deep.equal({ active: false });
      expect(await ask('alpha')).to.include({ active: true, client_id: 'alpha' });
      expect(await ask('watch')).to.include({ active: true, client_id: 'alpha' });
      gate.fakes.ended.add(record.id);
      expect(await ask('alpha')).to.deep.equal({ active: false });
    });
  });

  it('reports nothing unexpected in all of this', () => {
    expect(gate.fakes.events.filter((event) => event.kind === 'unexpected')).to.deep.equal([]);
  });
});
