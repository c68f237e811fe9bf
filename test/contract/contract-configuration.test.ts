// Configuration as a contract (spec §12): the folder of RENKEI_CONFIG laid over config/, its portals, upstreams and policy; the
// profile, the issuer, the address it listens on, and secrets from files. Judged by what a browser and a portal then meet.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Demo, directly, launch, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import { freePorts } from '../support/ports.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import {
  enterDirectly,
  enterLinked,
  hasButton,
  hasField,
  leavePortal,
  nextCode,
  overlay,
  wrongCode,
} from '../support/walks.ts';

describe('a folder laid over the configuration', () => {
  const portals = new Map<string, OwnPortal>();
  let demo: Demo;

  const of = (name: string): OwnPortal => {
    const portal = portals.get(name);
    if (!portal) throw new Error(`no portal ${name}`);
    return portal;
  };

  before(async function () {
    this.timeout(120_000);
    for (const name of ['basic', 'without-pkce', 'none', 'overlap', 'strict', 'strong'])
      portals.set(name, await ownPortal(name));
    portals.set('post', await ownPortal('post', 'client_secret_post'));
    portals.set('jwt', await ownPortal('jwt', 'private_key_jwt'));
    const port = await freePorts(5);
    const config = overlay({
      'portals.yaml': [
        { client_id: 'demo-portal', client_name: '改名した提携サービス', initiate_login_uri: null },
        of('basic').entry(),
        of('post').entry(),
        of('jwt').entry(),
        of('without-pkce').entry({ pkce: 'optional' }),
        of('strong').entry({ acr: 'urn:renkei:acr:password-otp' }),
        ...(['none', 'overlap', 'strict'] as const).map((rotation) => of(rotation).entry({ rotation })),
      ],
      'upstreams.yaml': [{ issuer: `http://localhost:${port + 1}`, renkei: { enabled: false } }],
      'policy.yaml': { locks: { tries: 3 }, otp: { tries: 3 }, password: { expiry: null }, loginId: { max: 20 } },
    });
    demo = await startDemo('real', { port, env: { RENKEI_CONFIG: config } });
  });
  after(async () => {
    await demo?.stop();
    await Promise.all([...portals.values()].map((portal) => portal.close()));
  });

  /** Signs in directly at a portal of the tests' own, or goes in with the session that stands. */
  async function enter(
    browser: ScriptBrowser,
    portal: OwnPortal,
    ask: Readonly<Record<string, string | null>> = {},
  ): Promise<Page> {
    let page = await browser.open(await portal.authorizeUrl(demo.gateway, ask));
    if (page.screen === 'LGN001') page = await browser.submit(page, {}, 'direct');
    const { login_id, password } = demo.person('okondo31');
    return page.screen === 'LGN002' ? browser.submit(page, { login_id, password }) : page;
  }

  describe('in portals.yaml', () => {
    it('adds portals with their own secret, as client_secret_basic, client_secret_post or private_key_jwt', async () => {
      const browser = demo.browser();
      for (const name of ['basic', 'post', 'jwt']) {
        const tokens = await of(name).redeem(demo.gateway, await enter(browser, of(name)));
        expect(tokens, name).to.include({ status: 200, error: null });
        expect(tokens.claims).to.include({ aud: name, iss: demo.gateway });
      }
    });

    it('changes one key of a known portal by its client_id and leaves the others as they are', async () => {
      const browser = demo.browser();
      const page = await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login');
      expect(page.text()).to.include('改名した提携サービス');
      expect(
        (await enterDirectly(demo, browser, demo.person('okondo31'))).screen,
        'its secret and addresses still hold',
      ).to.equal('PTL002');
      const top = await browser.open(`${demo.gateway}/`);
      expect(top.html).to.include(`href="${demo.portal}/"`).and.not.to.include('initiate-login');
    });

    it('lets a portal go without PKCE only where pkce says optional', async () => {
      const none = { code_challenge: null, code_challenge_method: null };
      const browser = demo.browser();
      const optional = of('without-pkce');
      expect((await optional.redeem(demo.gateway, await enter(browser, optional, none))).status).to.equal(200);
      const refused = of('basic').answer(await enter(browser, of('basic'), none));
      expect(refused.get('error')).to.equal('invalid_request');
      const plain = { code_challenge_method: 'plain' };
      expect(optional.answer(await enter(browser, optional, plain)).get('error')).to.equal('invalid_request');
    });

    it('keeps refresh tokens with rotation none, gives the old one ten seconds with overlap, and none with strict', async () => {
      const browser = demo.browser();
      const kept = of('none');
      const first = await kept.redeem(demo.gateway, await enter(browser, kept));
      expect(await kept.refresh(demo.gateway, first.refreshToken)).to.include({
        status: 200,
        refreshToken: first.refreshToken,
      });

      const overlapping = of('overlap');
      let tokens = await overlapping.redeem(demo.gateway, await enter(browser, overlapping));
      const next = await overlapping.refresh(demo.gateway, tokens.refreshToken);
      expect(next.refreshToken).not.to.equal(tokens.refreshToken);
      expect((await overlapping.refresh(demo.gateway, tokens.refreshToken)).status, 'within ten seconds').to.equal(200);
      await demo.forward(11);
      expect(await overlapping.refresh(demo.gateway, tokens.refreshToken)).to.include({ error: 'invalid_grant' });
      expect(await overlapping.refresh(demo.gateway, next.refreshToken), 'a copy was used: all of it ends').to.include({
        error: 'invalid_grant',
      });

      const strict = of('strict');
      tokens = await strict.redeem(demo.gateway, await enter(browser, strict));
      const after = await strict.refresh(demo.gateway, tokens.refreshToken);
      expect(after.status).to.equal(200);
      expect(await strict.refresh(demo.gateway, tokens.refreshToken)).to.include({ error: 'invalid_grant' });
      expect(await strict.refresh(demo.gateway, after.refreshToken)).to.include({ error: 'invalid_grant' });
    });

    it('holds a portal to the least acr that it accepts', async () => {
      const browser = demo.browser();
      await enterDirectly(demo, browser, demo.person('okondo31'));
      const page = await enter(browser, of('strong'));
      expect(page).to.include({ status: 403, refusal: 'otp-unreachable' });
      const person = demo.person('ntakahashi14');
      const other = demo.browser();
      expect((await enterDirectly(demo, other, person)).screen).to.equal('PTL002');
      const tokens = await of('strong').redeem(
        demo.gateway,
        await other.open(await of('strong').authorizeUrl(demo.gateway)),
      );
      expect(tokens.claims['acr']).to.equal('urn:renkei:acr:password-otp');
    });
  });

  describe('in upstreams.yaml', () => {
    it('switches one off: its route is not offered, its own start is refused, and the direct route goes on', async () => {
      const browser = demo.browser();
      const page = await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login');
      expect([hasButton(page, 'federated'), hasButton(page, 'direct')]).to.deep.equal([false, true]);
      const initiated = await demo
        .browser()
        .open(`${demo.gateway}/initiate?iss=${encodeURIComponent(demo.businessDirect)}`);
      expect(initiated).to.include({ status: 400, refusal: 'portal-request' });
      expect((await browser.submit(page, {}, 'federated')).screen, 'a forged choice leads nowhere').not.to.equal(
        'BDD001',
      );
    });
  });

  describe('in policy.yaml', () => {
    it('overrides one number and keeps its neighbours: three tries to a lock, still for thirty minutes', async () => {
      const person = demo.person('nishii42');
      const browser = demo.browser();
      let page = await directly(demo, browser, { ...person, password: 'Chigau1234' });
      for (let n = 0; n < 2; n += 1)
        page = await browser.submit(page, { login_id: person.login_id, password: 'Chigau1234' });
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
      expect(page.refusal, 'the fourth is right').to.equal('credentials');
      await demo.forward(29 * 60);
      expect((await directly(demo, demo.browser(), person)).refusal).to.equal('credentials');
      await demo.forward(60);
      expect((await directly(demo, demo.browser(), person)).screen).to.equal('PTL002');

      const clerk = demo.person('ywatanabe85');
      const hers = demo.browser();
      page = await directly(demo, hers, clerk);
      const wrong = await wrongCode(demo, clerk);
      for (const word of ['otp-wrong', 'otp-wrong', 'otp-stopped']) {
        expect((await hers.submit(page, { otp: wrong })).refusal).to.equal(word);
      }
    });

    it('removes a value with null: a new password has no expiry', async () => {
      const person = demo.person('mkato99');
      const browser = demo.browser();
      let page = await enterDirectly(demo, browser, person);
      page = await browser.submit(page, {
        password: person.password,
        new_password: 'Aozora5521',
        new_password_again: 'Aozora5521',
      });
      expect(page.screen).to.equal('PWC003');
      expect(page.text()).not.to.match(/\d{4}年\d{1,2}月\d{1,2}日/);
    });

    it('shows its own numbers on the pages', async () => {
      const browser = demo.browser();
      const page = await directly(demo, browser, demo.person('880654614'));
      expect(page.text()).to.include('6〜20桁');
      expect((await browser.submit(page, { new_login_id: 'mirai880mirai880' })).screen).to.equal('SET002');
    });
  });

  describe('with a mistake', () => {
    it('is told at once, every mistake with its file and path, and nothing starts', async () => {
      const config = overlay({
        'portals.yaml': [{ client_id: 'half' }, { client_secret: 'x' }],
        'policy.yaml': { locks: { tries: 'five' }, unknown: 1 },
        'typo.yaml': {},
      });
      const told = await launch({ ...demo.env, RENKEI_CONFIG: config }, []).catch((error: Error) => error.message);
      for (const part of [
        'portals.yaml',
        '[half]',
        'redirect_uris',
        'client_id',
        'policy.yaml',
        'locks.tries',
        'unknown',
        'typo.yaml',
      ]) {
        expect(told).to.include(part);
      }
    });
  });
});

describe('the environment', () => {
  let demo: Demo;
  let folder: string;

  before(async function () {
    this.timeout(120_000);
    folder = mkdtempSync(join(tmpdir(), 'renkei-files-'));
    const port = await freePorts(5);
    const config = overlay({
      'upstreams.yaml': [
        { issuer: `http://localhost:${port + 1}`, renkei: { display_claim: null, company_claim: null } },
      ],
    });
    demo = await startDemo('real', {
      port,
      env: { RENKEI_CONFIG: config, RENKEI_PROFILE: 's4', RENKEI_ISSUER: `http://127.0.0.1:${port}` },
    });
  });
  after(async () => {
    await demo?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('names the issuer, and everything of it lies there', async () => {
    const issuer = demo.gateway.replace('localhost', '127.0.0.1');
    const discovery: Record<string, unknown> = JSON.parse(
      await (await fetch(`${issuer}/.well-known/openid-configuration`)).text(),
    );
    expect(discovery['issuer']).to.equal(issuer);
    for (const [name, value] of Object.entries(discovery)) {
      if (name.endsWith('_endpoint') || name === 'jwks_uri')
        expect(String(value), name).to.satisfy((address: string) => address.startsWith(`${issuer}/`));
    }
  });

  it('chooses the profile: s4 asks for the code at operations and for portals that demand it, not at sign-in', async () => {
    const person = demo.person('ksato82');
    const browser = demo.browser();
    let page = await throughBusinessDirect(demo, browser, person);
    expect(page.json('claims')).to.include({
      acr: 'urn:renkei:acr:federated',
      iss: demo.gateway.replace('localhost', '127.0.0.1'),
    });
    page = await browser.submit(page, {}, 'login_otp');
    expect(page.screen).to.equal('OTP002');
    page = await browser.submit(page, { otp: await nextCode(demo, person) });
    expect(page.json('claims')).to.include({ acr: 'urn:renkei:acr:federated-otp' });
    expect(
      (await enterLinked(demo, demo.browser(), demo.person('thasegawa85'))).screen,
      'past the grace, too',
    ).to.equal('PTL002');
  });

  it("and an upstream's display_claim: without one its ID is shown masked; without company_claim companies are not compared", async () => {
    const browser = demo.browser();
    let page = await throughBusinessDirect(demo, browser, demo.person('ntakahashi14'));
    expect(page.screen).to.equal('LNK001');
    expect(page.text())
      .to.match(/\S{2}\*\*\*\S{2}/)
      .and.not.to.include('minato03');
    const other = demo.person('yishikawa92');
    page = await browser.submit(page, { login_id: other.login_id, password: other.password });
    expect(page.screen).to.equal('PTL002');
    expect(hasField(page, 'remember')).to.equal(false);
    await leavePortal(demo, browser);
  });

  it('names the address to listen on, and takes secrets from files', async function () {
    this.timeout(60_000);
    const file = (name: string, value: string): string => {
      writeFileSync(join(folder, name), `${value}\n`, { mode: 0o600 });
      return join(folder, name);
    };
    const { RENKEI_DATABASE_URL: database = '', RENKEI_REDIS_URL: redis = '', ...rest } = demo.env;
    const port = await freePorts(1);
    const beside = await launch(
      {
        ...rest,
        RENKEI_PORT: String(port),
        RENKEI_LISTEN: '127.0.0.2',
        RENKEI_DATABASE_URL_FILE: file('database', database),
        RENKEI_REDIS_URL_FILE: file('redis', redis),
      },
      ['--gateway-only'],
    );
    try {
      const status = (host: string): Promise<number | string> =>
        new Promise((resolve) => {
          const call = request(
            { hostname: host, port, path: '/.well-known/openid-configuration', headers: { host: `127.0.0.1:${port}` } },
            (answer) => {
              answer.resume();
              resolve(answer.statusCode ?? 0);
            },
          );
          call.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
          call.end();
        });
      expect([await status('127.0.0.2'), await status('127.0.0.1')]).to.deep.equal([200, 'ECONNREFUSED']);
    } finally {
      beside.child.kill('SIGTERM');
      await beside.ended;
    }
  });

  it('is refused with plain http on any host but loopback, with an unknown profile, and with half a secret', async () => {
    const wrong = {
      RENKEI_ISSUER: 'http://id.bank.example',
      RENKEI_PROFILE: 's9',
      RENKEI_SECRET: 'aaaa',
      RENKEI_PORT: '99999',
      RENKEI_CONFIG: '/nowhere',
    };
    const told = await launch({ ...demo.env, ...wrong }, []).catch((error: Error) => error.message);
    for (const name of Object.keys(wrong)) expect(told).to.include(name);
  });
});
