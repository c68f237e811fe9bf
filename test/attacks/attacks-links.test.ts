// Attacks on the link between a Business Direct ID and an account: made without proof, for somebody else, through a provider
// that is switched off, or once more from what an ended one left behind. Each is named after the system that had the hole.
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { launch } from '../support/demo-process.ts';
import { freePorts } from '../support/ports.ts';
import { type Page, scriptBrowser, type ScriptBrowser } from '../support/script-browser.ts';
import { cookiesNamed, overlay, renkei, soon } from '../support/walks.ts';
import {
  attemptOf,
  chosen,
  csrfOf,
  directly,
  formOf,
  raw,
  secondAction,
  theScene,
  through,
  throughSecond,
  toChoice,
  towardsSecond,
  type Scene,
} from './attacks-scene.ts';

const slugs = ['', '/first-link', '/otp', '/finish', '/direct', '/consent', '/register-token', '/setup-login-id'];

describe('attacks on the link', function () {
  this.timeout(180_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
    await scene.forgetSources();
  });

  /** Live links of an identity of the second provider. */
  const linked = async (sub: string): Promise<number> =>
    (await scene.sql('select 1 from link where subject = $1 and issuer = $2 and ended_at is null', [sub, issuer()]))
      .length;
  const issuer = (): string => scene.hostile.issuer;
  const callbackOf = async (url: URL, sub: string): Promise<string> => {
    scene.hostile.say('id-token', { sub, auth_time: Math.floor((await scene.demo.now()) / 1_000) });
    return `${scene.demo.gateway}/upstream/callback?${(await scene.hostile.authorize(url.href)).toString()}`;
  };
  const form = (page: Page, fields: Readonly<Record<string, string>>): string =>
    new URLSearchParams({ csrf: csrfOf(page.html), ...fields }).toString();

  /** Links a person to an identity of the second provider, to the end. */
  async function link(browser: ScriptBrowser, person: DemoPerson, sub: string, remember = false): Promise<Page> {
    let page = await throughSecond(scene, browser, sub);
    expect(page.screen).to.equal('LNK001');
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    expect(page.screen).to.equal('OTP001');
    page = await browser.submit(page, { otp: await scene.code(person), ...(remember ? { remember: 'on' } : {}) });
    expect(page.screen).to.equal('CALLBACK');
    return page;
  }

  it('is not made by an upstream login alone, at any address, without or with a wrong password (CVE-2026-105207)', async () => {
    const person = scene.demo.person('sabe89');
    const browser = scene.browser();
    const page = await throughSecond(scene, browser, 'no-factor-1');
    expect(page.screen).to.equal('LNK001');
    const bodies = [
      {},
      { action: 'link' },
      { action: 'confirm' },
      { login_id: person.login_id },
      { login_id: person.login_id, password: '' },
      { login_id: person.login_id, otp: await scene.code(person) },
    ];
    for (const slug of slugs) {
      for (const body of bodies) {
        const answer = await browser.post(`${attemptOf(page)}${slug}`, form(page, body));
        expect(answer.screen, `${slug} ${JSON.stringify(body)}`).not.to.equal('CALLBACK');
        expect(answer.status).to.be.oneOf([200, 422]);
      }
    }
    const wrong = { login_id: person.login_id, password: 'Machigai123' };
    expect((await browser.post(formOf(page), form(page, wrong))).refusal).to.equal('credentials');
    for (const slug of slugs) {
      expect((await browser.open(`${attemptOf(page)}${slug}`)).screen, slug).to.equal('LNK001');
    }
    expect(await linked('no-factor-1')).to.equal(0);
    expect(await scene.holdings(person)).to.deep.equal({ links: [], logins: 0, devices: 0 });
    await scene.asBefore(person);
  });

  it('waits for the code of an account that has a token, after the right password (CVE-2026-73535)', async () => {
    const person = scene.demo.person('sabe89');
    const browser = scene.browser();
    let page = await throughSecond(scene, browser, 'half-1');
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    expect(page.screen).to.equal('OTP001');
    for (const slug of slugs) {
      const answer = await browser.post(`${attemptOf(page)}${slug}`, form(page, { action: 'skip' }));
      expect(answer.screen, slug).to.equal('OTP001');
    }
    expect((await browser.submit(page, { otp: '000000' })).refusal).to.equal('otp-wrong');
    expect(await linked('half-1')).to.equal(0);
    await scene.asBefore(person);
  });

  it('is made of a click on a page that names both sides, and by no address alone (CVE-2026-33757)', async () => {
    const person = scene.demo.person('ntakahashi14');
    await scene.asBefore(person);
    const browser = scene.browser();
    let page = await through(scene, browser, person);
    expect(page.screen).to.equal('LNK001');
    expect(page.text())
      .to.include(person.business_direct?.id ?? '')
      .and.to.include(person.company);
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    expect(page.screen).to.equal('OTP001');
    expect(page.text())
      .to.include(person.business_direct?.id ?? '')
      .and.to.include(person.login_id);
    for (const slug of [...slugs, '?login_id=x', '?otp=000000&csrf=x', '/otp?action='])
      await browser.open(`${attemptOf(page)}${slug}`);
    expect((await scene.holdings(person)).links).to.deep.equal([]);
  });

  it('is begun by nothing that a portal could work out: attempts and states are chance (CVE-2026-15571)', async () => {
    const seen = new Set<string>();
    for (let round = 0; round < 8; round += 1) {
      const browser = scene.browser();
      const { page, url } = await towardsSecond(scene, browser);
      for (const value of [attemptOf(page).split('/').at(-1) ?? '', url.searchParams.get('state') ?? '']) {
        expect(value).to.match(/^[\w.-]{21,}$/);
        expect(seen.has(value)).to.equal(false);
        seen.add(value);
      }
      // Nothing of it stands in the address that the portal made, nor in what it gets back.
      expect(page.hops[0]).not.to.contain(attemptOf(page).split('/').at(-1));
    }
    // Whoever is signed in gets no link by coming back from a provider: the check is asked like of anybody.
    const person = scene.demo.person('sabe89');
    const browser = scene.browser();
    const page = await directly(scene, browser, person);
    expect((await browser.submit(page, { otp: await scene.code(person) })).screen).to.equal('CALLBACK');
    await scene.keepTime();
    const again = await browser.open(await scene.portal.authorizeUrl(scene.demo.gateway, { prompt: 'login' }));
    const url = await chosen(scene, browser, again, secondAction(again));
    const back = await browser.open(await callbackOf(url, 'signed-in-1'));
    expect(back.screen, back.url).to.equal('LNK001');
    expect((await scene.holdings(person)).links).to.deep.equal([]);
    await scene.asBefore(person);
  });

  it('counts for the subject that was there when the password was typed, and for no other (CVE-2026-9087)', async () => {
    const person = scene.demo.person('sabe89');
    const browser = scene.browser();
    await scene.keepTime();
    const page = await toChoice(scene, browser);
    const one = await chosen(scene, browser, page, secondAction(page));
    const two = await chosen(scene, browser, page, secondAction(page));
    expect((await browser.open(await callbackOf(one, 'subject-x'))).screen).to.equal('LNK001');
    const first = await browser.open(`${attemptOf(page)}/first-link`);
    let step = await browser.submit(first, { login_id: person.login_id, password: person.password });
    expect(step.screen).to.equal('OTP001');
    // The other subject comes back in the same attempt, after the proof.
    step = await browser.open(await callbackOf(two, 'subject-y'));
    expect(step.screen).to.equal('OTP001');
    // And by a way that is taken anew: the password is asked anew.
    await browser.post(attemptOf(page), form(step, { action: 'restart' }));
    const three = await chosen(scene, browser, await browser.open(attemptOf(page)), secondAction(page));
    step = await browser.open(await callbackOf(three, 'subject-y'));
    expect(step.screen).to.equal('LNK001');
    const otp = await browser.post(`${attemptOf(page)}/otp`, form(step, { otp: await scene.code(person) }));
    expect(otp.screen).to.equal('LNK001');
    expect([await linked('subject-x'), await linked('subject-y')]).to.deep.equal([0, 0]);
    await scene.asBefore(person);
  });

  /** Each of these ID tokens is refused before an account or a link is looked for. */
  async function refused(wrongs: readonly string[]): Promise<void> {
    const before = await scene.sql('select count(*)::int as n from link where issuer = $1', [issuer()]);
    for (const wrong of wrongs) {
      const browser = scene.browser();
      const { url } = await towardsSecond(scene, browser);
      scene.hostile.misbehave(wrong);
      const callback = await scene.hostile.authorize(url.href);
      const page = await browser.open(`${scene.demo.gateway}/upstream/callback?${callback.toString()}`);
      scene.hostile.misbehave(null);
      expect([page.screen, page.refusal], wrong).to.deep.equal(['REF013', 'upstream-refused']);
      // The record is of nobody.
      const [record] = await scene.sql('select event, account_id from audit where reference = $1', [
        page.headers.get('x-renkei-reference'),
      ]);
      expect([record?.['event'], record?.['account_id']], wrong).to.deep.equal(['upstream.refused', null]);
    }
    expect(await scene.sql('select count(*)::int as n from link where issuer = $1', [issuer()])).to.deep.equal(before);
  }

  it('is not even looked for without a subject: missing, null, empty, a number, a list (CVE-2026-82968)', () =>
    refused(['sub-missing', 'sub-null', 'sub-empty', 'sub-number', 'sub-list', 'sub-blank', 'sub-control']));

  it('is not even looked for without the nonce of this very attempt (CVE-2026-15612)', () =>
    refused(['nonce-missing', 'nonce-of-another', 'nonce-empty']));

  it('once removed is not made again by anything that made it: addresses, forms, codes, callbacks (CVE-2026-92358)', async () => {
    const { demo } = scene;
    const person = demo.person('sabe89');
    const browser = scene.browser();
    const { url } = await towardsSecond(scene, browser);
    const callback = await callbackOf(url, 'again-1');
    const check = await browser.open(callback);
    const proof = form(check, { login_id: person.login_id, password: person.password });
    const asked = await browser.post(formOf(check), proof);
    const otp = form(asked, { otp: await scene.code(person), remember: 'on' });
    const entered = await browser.post(formOf(asked), otp);
    expect(entered.screen).to.equal('CALLBACK');
    expect(await linked('again-1')).to.equal(1);
    const restore = await scene.keepState();
    const removed = await renkei(demo, 'unlink', person.login_id, '--json');
    expect(removed.status, removed.err).to.equal(0);
    expect(await linked('again-1')).to.equal(0);

    const attempt = attemptOf(check);
    const replay = async (when: string): Promise<void> => {
      for (const address of [callback, attempt, check.url, asked.url, formOf(check), formOf(asked), ...entered.hops]) {
        if (address.startsWith(scene.portal.url)) continue;
        await browser.open(address);
        await browser.post(address, form(check, { action: 'restart' }));
      }
      for (const body of [proof, otp, form(check, { action: 'back' })]) {
        for (const slug of slugs) await browser.post(`${attempt}${slug}`, body);
      }
      expect(await linked('again-1'), when).to.equal(0);
      expect((await browser.open(`${demo.gateway}/`)).screen, when).to.equal('LGN001');
    };
    await replay('replayed');
    // Not even when Redis has come back with what it held then.
    await restore();
    await replay('replayed on an older state');
    const next = await throughSecond(scene, browser, 'again-1');
    expect(next.screen).to.equal('LNK001');
    await scene.asBefore(person);
  });

  it('has no field for an address or a name on its way, and the mail goes to the proven address and says who (CVE-2025-7365)', async () => {
    const { demo } = scene;
    const person = demo.person('ntakahashi14');
    await scene.asBefore(person);
    const browser = scene.browser();
    const known = (await demo.mails(person.email)).length;
    const lies = { email: 'thief@example.com', name: 'Thief', new_email: 'thief@example.com', display: 'thief' };
    const fieldsOf = (page: Page): readonly string[] =>
      [...page.html.matchAll(/<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"/g)].map(([, name = '']) => name);
    const allowed = ['csrf', 'login_id', 'password', 'otp', 'remember', 'language', 'return_to'];
    let page = await through(scene, browser, person);
    expect(page.screen).to.equal('LNK001');
    expect(fieldsOf(page).filter((name) => !allowed.includes(name))).to.deep.equal([]);
    page = await browser.submit(page, { ...lies, login_id: person.login_id, password: person.password });
    expect(fieldsOf(page).filter((name) => !allowed.includes(name))).to.deep.equal([]);
    page = await browser.submit(page, { ...lies, otp: await scene.code(person) });
    expect(page.screen).to.equal('CALLBACK');
    const [row] = await scene.sql('select name, email from account where id = $1', [await scene.accountId(person)]);
    expect(row).to.deep.equal({ name: person.name, email: person.email });
    const mails = await soon(
      () => demo.mails(person.email),
      (all) => all.length > known,
    );
    const told = mails.toSorted((a, b) => Number(a.id) - Number(b.id)).at(-1);
    expect(told?.text)
      .to.include(person.business_direct?.id ?? '')
      .and.to.include(person.login_id);
    expect(await demo.mails('thief@example.com')).to.deep.equal([]);
    await scene.asBefore(person);
  });

  it('of a newcomer needs the issued pair, and is not made before the setup is complete (CVE-2026-53516)', async () => {
    const person = scene.demo.person('509313448');
    const browser = scene.browser();
    let page = await throughSecond(scene, browser, 'newcomer-1');
    for (const [loginId, password] of [
      [person.login_id, 'Machigai123'],
      [person.name, person.password],
      [person.email, person.password],
      ['zaurus77', person.password],
    ] as const)
      expect((await browser.submit(page, { login_id: loginId, password })).screen).to.equal('LNK001');
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    expect(page.screen).to.equal('SET001');
    page = await browser.submit(page, { new_login_id: 'zaurus77' });
    expect(page.screen).to.equal('SET002');
    // Neither the chosen ID nor half a setup is of use to another Business Direct ID.
    const other = scene.browser();
    const stranger = await throughSecond(scene, other, 'newcomer-2');
    expect((await other.submit(stranger, { login_id: 'zaurus77', password: person.password })).refusal).to.equal(
      'credentials',
    );
    for (const slug of [...slugs, '/setup-email', '/password-changed'])
      expect((await browser.post(`${attemptOf(page)}${slug}`, form(page, {}))).screen).to.equal('SET002');
    expect([await linked('newcomer-1'), await linked('newcomer-2')]).to.deep.equal([0, 0]);
    await scene.forgetSources();
  });

  it('and its setup are not opened by cookies that somebody made of what is known (CVE-2026-119128)', async () => {
    const { demo } = scene;
    const person = demo.person('880654614');
    const owner = scene.browser();
    const page = await directly(scene, owner, person);
    expect(page.screen).to.equal('SET001');
    const uid = attemptOf(page).split('/').at(-1) ?? '';
    const id = await scene.accountId(person);
    const agent = 'Mozilla/5.0';
    const facts = [
      uid,
      id,
      person.login_id,
      `${id}${agent}`,
      `${id}:${agent}`,
      `${person.login_id}|${agent}`,
      `${uid}.${id}`,
    ];
    const csrf = csrfOf((await scene.browser().open(`${demo.gateway}/`)).html);
    for (const fact of facts) {
      for (const made of [
        createHash('sha256').update(fact).digest('base64url'),
        createHash('sha256').update(fact).digest('hex').slice(0, 43),
        Buffer.from(fact.padEnd(32, '.')).toString('base64url').slice(0, 43),
      ]) {
        const forger = scene.browser();
        for (const [name, value] of cookiesNamed(owner, 'renkei_'))
          // What an address tells is known to everybody: the id of the attempt. What the server signed is not.
          if (!name.endsWith('.sig')) forger.setCookie(name, value === uid ? uid : made);
        forger.setCookie('renkei_interaction.sig', made.slice(0, 27));
        forger.setCookie('renkei_resume.sig', made.slice(0, 27));
        expect((await forger.open(page.url)).refusal, fact).to.equal('start-over');
        const body = new URLSearchParams({ csrf, new_login_id: 'nusunda1' }).toString();
        expect((await forger.post(page.url, body)).refusal, fact).to.be.oneOf(['csrf', 'start-over']);
      }
    }
    const [row] = await scene.sql('select login_name, login_name_reserved, set_up_at from account where id = $1', [id]);
    expect(row).to.deep.equal({ login_name: person.login_id, login_name_reserved: null, set_up_at: null });
  });

  it('is one issuer’s and one subject’s, to the letter: another provider, case, width or blank is somebody else', async () => {
    const { demo } = scene;
    // The subject of somebody who is linked through the first provider, told by the second one.
    const linkedPerson = demo.person('ksato82');
    const [row] = await scene.sql('select subject from link where account_id = $1 and ended_at is null', [
      await scene.accountId(linkedPerson),
    ]);
    const same = await throughSecond(scene, scene.browser(), String(row?.['subject']));
    expect(same.screen).to.equal('LNK001');
    expect(same.html).not.to.contain(linkedPerson.login_id).and.not.to.contain(linkedPerson.name);

    const person = demo.person('sabe89');
    await link(scene.browser(), person, 'letter-1');
    for (const sub of ['LETTER-1', 'letter-1 ', ' letter-1', 'letter-10', 'letter%2D1', 'letter_1', 'lettér-1']) {
      const page = await throughSecond(scene, scene.browser(), sub);
      expect(['LNK001', 'REF013'], JSON.stringify(sub)).to.include(page.screen);
    }
    expect((await throughSecond(scene, scene.browser(), 'letter-1')).screen).to.equal('OTP001');
    await scene.asBefore(person);
  });

  it('ends its sessions for no logout token that is unsigned, forged, or of another provider (CVE-2026-18569)', async () => {
    const { demo, hostile, portal } = scene;
    const person = demo.person('sabe89');
    const browser = scene.browser();
    const tokens = await portal.redeem(demo.gateway, await link(browser, person, 'logout-1'));
    const send = async (jwt: string): Promise<number> =>
      (
        await raw(`${demo.gateway}/upstream/backchannel-logout`, {
          method: 'POST',
          body: new URLSearchParams({ logout_token: jwt }).toString(),
        })
      ).status;
    const claims = { sub: 'logout-1' };
    for (const jwt of [
      await hostile.logoutToken(claims, { unsigned: true }),
      await hostile.logoutToken(claims, { forged: true }),
      await hostile.logoutToken({ ...claims, iss: demo.businessDirect }),
      await hostile.logoutToken({ ...claims, aud: 'another' }),
      await hostile.logoutToken({ ...claims, events: {} }),
      await hostile.logoutToken({ ...claims, nonce: 'x' }),
      tokens.idToken,
      '',
    ])
      expect(await send(jwt)).to.equal(400);
    expect((await portal.userinfo(demo.gateway, tokens.accessToken)).status).to.equal(200);
    expect((await browser.open(`${demo.gateway}/`)).screen).to.equal('TOP001');
    expect(await send(await hostile.logoutToken(claims))).to.equal(200);
    expect((await portal.userinfo(demo.gateway, tokens.accessToken)).status).to.equal(401);
    await scene.asBefore(person);
  });

  describe('through a provider that is switched off', () => {
    let off: { readonly url: string; readonly stop: () => Promise<void> };
    before(async () => {
      const { demo, portal, other, hostile } = scene;
      const config = overlay({
        'portals.yaml': [portal.entry({ open: true }), other.entry({ open: true })],
        'upstreams.yaml': [{ issuer: hostile.issuer, renkei: { enabled: false } }],
      });
      const port = await freePorts(1);
      const env = { ...demo.env, RENKEI_CONFIG: config, RENKEI_PORT: String(port), RENKEI_ISSUER: demo.gateway };
      const { child, ended } = await launch(env, ['--gateway-only']);
      const stop = async (): Promise<void> => {
        child.kill('SIGTERM');
        await ended;
      };
      off = { url: `http://localhost:${port}`, stop };
    });
    after(() => off.stop());

    /** A browser whose requests go to the gateway that has it switched off, from a moment on. */
    function switching(): { readonly browser: ScriptBrowser; switchOff(): void } {
      let gateway: string | null = null;
      const browser = scriptBrowser((url) =>
        gateway !== null && url.origin === scene.demo.gateway ? new URL(`${url.pathname}${url.search}`, gateway) : url,
      );
      return {
        browser,
        switchOff() {
          gateway = off.url;
        },
      };
    }

    it('nobody comes back from it, although the redirect was sent before (CVE-2025-64717)', async () => {
      const person = scene.demo.person('sabe89');
      const owner = scene.browser();
      await link(owner, person, 'off-1', true);
      for (const sub of ['off-1', 'off-new']) {
        const { browser, switchOff } = switching();
        // Not even with the device that skips the code.
        for (const [name, value] of cookiesNamed(owner, 'renkei_device_')) browser.setCookie(name, value);
        const { url } = await towardsSecond(scene, browser);
        const callback = await callbackOf(url, sub);
        const asked = scene.hostile.requests.filter((path) => path === '/token').length;
        switchOff();
        const page = await browser.open(callback);
        expect([page.screen, page.refusal], sub).to.deep.equal(['REF013', 'upstream-refused']);
        expect(scene.hostile.requests.filter((path) => path === '/token')).to.have.length(asked);
        expect((await browser.open(`${scene.demo.gateway}/`)).screen).to.equal('LGN001');
      }
      expect(await linked('off-new')).to.equal(0);
      await scene.asBefore(person);
    });

    it('nor finishes what it had vouched for a moment before: neither a link nor a login is made (CVE-2025-64717)', async () => {
      const person = scene.demo.person('sabe89');
      for (const until of ['LNK001', 'OTP001'] as const) {
        const { browser, switchOff } = switching();
        let page = await throughSecond(scene, browser, 'off-late');
        if (until === 'OTP001')
          page = await browser.submit(page, { login_id: person.login_id, password: person.password });
        expect(page.screen).to.equal(until);
        switchOff();
        if (until === 'LNK001')
          page = await browser.submit(page, { login_id: person.login_id, password: person.password });
        if (page.screen === 'OTP001') page = await browser.submit(page, { otp: await scene.code(person) });
        expect(page.screen, until).not.to.equal('CALLBACK');
        expect(await linked('off-late'), until).to.equal(0);
        expect((await scene.holdings(person)).logins, until).to.equal(0);
      }
      await scene.asBefore(person);
    });

    it('no entry of ours leads to it: button, forged button, its own start, its logout (CVE-2026-3009, CVE-2026-16442)', async () => {
      const { demo, hostile } = scene;
      const on = scene.browser();
      const offered = secondAction(await toChoice(scene, on));
      const { browser, switchOff } = switching();
      switchOff();
      const page = await browser.open(await scene.portal.authorizeUrl(demo.gateway));
      expect(page.screen).to.equal('LGN001');
      expect(page.html).not.to.contain(offered);
      const answer = await raw(page.url.replace(demo.gateway, off.url), {
        method: 'POST',
        browser,
        headers: { 'origin': demo.gateway, 'sec-fetch-site': 'same-origin' },
        body: form(page, { action: offered }),
      });
      expect(answer.location ?? '').not.to.contain(hostile.issuer);
      for (const query of [
        `iss=${encodeURIComponent(hostile.issuer)}`,
        `iss=${encodeURIComponent(hostile.issuer)}&target_link_uri=${encodeURIComponent(`${demo.gateway}/`)}`,
      ]) {
        const begun = await raw(`${off.url}/initiate?${query}`);
        expect([begun.status, begun.location]).to.deep.equal([400, null]);
      }
      const logout = await raw(`${off.url}/upstream/backchannel-logout`, {
        method: 'POST',
        body: new URLSearchParams({ logout_token: await hostile.logoutToken({ sub: 'off-1' }) }).toString(),
      });
      expect(logout.status).to.equal(400);
      // The others are not touched by it.
      const person = demo.person('msuzuki14');
      let step = await browser.submit(page, {}, 'federated');
      expect(step.screen).to.equal('BDD001');
      step = await browser.submit(step, {
        business_direct_id: person.business_direct?.id ?? '',
        business_direct_password: person.business_direct?.password ?? '',
      });
      expect(step.screen).to.equal('OTP001');
    });
  });
});
