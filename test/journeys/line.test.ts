// The main line, as a person walks it over HTTP: from the portal through Business Direct, the first-link check and the code
// to the portal; skipping the code; what an administrator's unlink ends; a newcomer's way in. The same journey runs on the
// embedded stores and on real Redis and PostgreSQL behind two gateways, where every request goes to another gateway.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, directly, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import { ownPortal, type OwnPortal, type Tokens } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import {
  alertOf,
  cookiesNamed,
  enterOwnPages,
  hasButton,
  hasField,
  leavePortal,
  mailedCode,
  nextCode,
  overlay,
  portalState,
  renkei,
  soon,
} from '../support/walks.ts';

const setups = [
  { name: 'on the embedded stores with one gateway', stores: 'embedded', gateways: 1 },
  { name: 'on real Redis and PostgreSQL with two gateways, each request to another one', stores: 'real', gateways: 2 },
] as const;

const acr = (page: Page): unknown => page.json('claims')?.['acr'];
const amr = (page: Page): unknown => page.json('claims')?.['amr'];

for (const setup of setups) {
  describe(`the line ${setup.name}`, () => {
    let demo: Demo;
    let second: OwnPortal;
    const browser = (): ScriptBrowser => demo.browser(setup.gateways > 1);

    before(async function () {
      this.timeout(120_000);
      second = await ownPortal('second-portal');
      const config = overlay({ 'portals.yaml': [second.entry()] });
      demo = await startDemo(setup.stores, { gateways: setup.gateways, env: { RENKEI_CONFIG: config } });
    });
    after(async () => {
      await demo?.stop();
      await second?.close();
    });

    /** Signs in at the second portal with the session that stands: no page is asked. */
    async function enterSecondPortal(at: ScriptBrowser): Promise<Tokens> {
      const page = await at.open(await second.authorizeUrl(demo.gateway));
      return second.redeem(demo.gateway, page);
    }

    describe('a person whose Business Direct ID has no link yet', () => {
      let person: DemoPerson;
      let office: ScriptBrowser;
      let tokens: Tokens;
      let remembered: readonly (readonly [string, string])[];

      before(() => {
        person = demo.person('ywatanabe85');
        office = browser();
      });

      it('passes the first-link check, which names the Business Direct ID, and enters a code with the skip ticked', async () => {
        const check = await throughBusinessDirect(demo, office, person);
        expect(check.screen).to.equal('LNK001');
        expect(check.text()).to.include('minato04').and.to.include(person.company);

        const otp = await office.submit(check, { login_id: person.login_id, password: person.password });
        expect(otp.screen).to.equal('OTP001');
        expect(otp.html)
          .to.match(/<input[^>]*name="remember"/)
          .and.not.to.match(/name="remember"[^>]*checked/);
        expect(otp.text(), 'both IDs stand before the last click')
          .to.include('minato04')
          .and.to.include(person.login_id);

        const portal = await office.submit(otp, { otp: await nextCode(demo, person), remember: 'on' });
        expect(portal.screen).to.equal('PTL002');
        expect(acr(portal)).to.equal('urn:renkei:acr:federated-otp');
        expect(amr(portal)).to.have.members(['fed', 'pwd', 'otp', 'mfa']);
        expect(portal.json('claims')).to.include({ preferred_username: person.login_id, name: person.name });
      });

      it('gets mails about the new link and the remembered device, without any link to a sign-in page', async () => {
        const mails = await soon(
          () => demo.mails(person.email),
          (all) => all.length >= 2,
        );
        expect(mails.map(({ subject }) => subject).join())
          .to.include('ID連携が完了しました')
          .and.to.include('コードの入力を省略');
        for (const { text } of mails) expect(text).not.to.match(/https?:\/\//);
      });

      it('comes again without a code, and the portal is told no more than federated', async () => {
        expect((await leavePortal(demo, office)).screen).to.equal('PTL001');
        const portal = await throughBusinessDirect(demo, office, person);
        expect(portal.screen).to.equal('PTL002');
        expect(acr(portal)).to.equal('urn:renkei:acr:federated');
        expect(amr(portal)).to.deep.equal(['fed']);
      });

      it('is asked for the code on the direct route in the same browser, without the offer to skip', async () => {
        await leavePortal(demo, office);
        const otp = await directly(demo, office, person);
        expect(otp.screen).to.equal('OTP002');
        expect(hasField(otp, 'remember')).to.equal(false);
        const portal = await office.submit(otp, { otp: await nextCode(demo, person), remember: 'on' });
        expect(acr(portal)).to.equal('urn:renkei:acr:password-otp');
        expect(amr(portal)).to.deep.equal(['pwd', 'otp', 'mfa']);
        await leavePortal(demo, office);
        expect(
          acr(await throughBusinessDirect(demo, office, person)),
          'the forged tick made nothing, the device stands',
        ).to.equal('urn:renkei:acr:federated');
      });

      it('is asked for the code in another browser', async () => {
        const otp = await throughBusinessDirect(demo, browser(), person);
        expect(otp.screen).to.equal('OTP001');
      });

      it('is asked for the code when the portal requires one, although remembered; the box is not shown and the device stays', async () => {
        await leavePortal(demo, office);
        remembered = cookiesNamed(office, 'renkei_device_');
        expect(remembered).to.have.length(1);
        const otp = await throughBusinessDirect(demo, office, person, 'login_otp');
        expect(otp.screen).to.equal('OTP002');
        expect(hasField(otp, 'remember')).to.equal(false);
        expect(otp.text()).to.include('ワンタイムパスワードの入力が必要です');
        const portal = await office.submit(otp, { otp: await nextCode(demo, person), remember: 'on' });
        expect(acr(portal)).to.equal('urn:renkei:acr:federated-otp');
        expect(cookiesNamed(office, 'renkei_device_'), 'the device was not used').to.deep.equal(remembered);

        await leavePortal(demo, office);
        expect(acr(await throughBusinessDirect(demo, office, person)), 'the next plain sign-in skips').to.equal(
          'urn:renkei:acr:federated',
        );
        expect(cookiesNamed(office, 'renkei_device_'), 'each use issues a new value').not.to.deep.equal(remembered);
      });

      it('is sent to Business Direct and asked for the code by "log in again", and the device stays as it is', async () => {
        remembered = cookiesNamed(office, 'renkei_device_');
        let page = await office.submit(await office.open(`${demo.portal}/`), {}, 'login_again');
        if (page.screen === 'LGN001') page = await office.submit(page, {}, 'federated');
        expect(page.screen, 'Business Direct asks again too').to.equal('BDD001');
        const { id = '', password = '' } = person.business_direct ?? {};
        const otp = await office.submit(page, { business_direct_id: id, business_direct_password: password });
        expect(otp.screen).to.equal('OTP002');
        expect(hasField(otp, 'remember')).to.equal(false);
        const portal = await office.submit(otp, { otp: await nextCode(demo, person) });
        expect(acr(portal)).to.equal('urn:renkei:acr:federated-otp');
        expect(cookiesNamed(office, 'renkei_device_')).to.deep.equal(remembered);
        await leavePortal(demo, office);
        expect(acr(await throughBusinessDirect(demo, office, person))).to.equal('urn:renkei:acr:federated');
      });

      it('holds a session and refresh tokens that work until the link is removed', async () => {
        tokens = await enterSecondPortal(office);
        expect(tokens).to.include({ status: 200, error: null });
        tokens = await second.refresh(demo.gateway, tokens.refreshToken);
        expect(tokens.status).to.equal(200);
        const refreshed = await office.submit(await office.open(`${demo.portal}/`), {}, 'refresh');
        expect(refreshed.json('refresh')).to.include({ ok: true });
        expect((await portalState(demo, office)).lastLogoutToken).to.equal(null);
      });

      it("loses session, refresh token and device at once when the company's administrator removes the link", async () => {
        const desk = browser();
        const admin = demo.person('msuzuki14');
        const people = await enterOwnPages(demo, desk, admin, '/company/people/links', 'direct');
        expect(people.screen).to.equal('CON070');
        const row = rowOf(people, person.name);
        const check = await desk.submit(people, { people: [row] }, 'unlink');
        expect(check.screen).to.equal('CON071');
        expect(check.text()).to.include(person.name).and.to.include('minato04');
        const before = await portalState(demo, office);
        const result = await desk.submit(check, {
          confirmation_password: admin.confirmation_password ?? '',
          otp: await nextCode(demo, admin),
        });
        expect(result.screen, alertOf(result)).to.equal('CON072');

        const told = await soon(
          () => portalState(demo, office),
          (state) => !state.signedIn,
        );
        expect(told, 'the portal got its back-channel logout').to.include({ signedIn: false });
        expect(told.lastLogoutToken).to.include({ sid: before.sid });
        await soon(
          async () => second.logoutTokens.length,
          (count) => count > 0,
        );
        expect(
          second.logoutTokens.map(({ sid }) => sid),
          'and so did the other one',
        ).to.deep.equal([tokens.claims['sid']]);

        expect(await second.refresh(demo.gateway, tokens.refreshToken)).to.include({ error: 'invalid_grant' });
        expect(await second.introspect(demo.gateway, tokens.accessToken)).to.deep.equal({ active: false });
        expect((await second.userinfo(demo.gateway, tokens.accessToken)).status).to.equal(401);
        const silent = await office.submit(await office.open(`${demo.portal}/`), {}, 'login_silent');
        expect(silent.json('error')).to.include({ error: 'login_required' });
        const mails = await soon(
          () => demo.mails(person.email),
          (all) => all.some(({ subject }) => subject.includes('解除')),
        );
        expect(mails.map(({ subject }) => subject).join(), demo.log()).to.include('ID連携が解除されました');
      });

      it('then runs the first-link check and enters a code again in the browser that was remembered', async () => {
        const check = await throughBusinessDirect(demo, office, person);
        expect(check.screen).to.equal('LNK001');
        const otp = await office.submit(check, { login_id: person.login_id, password: person.password });
        expect(otp.screen).to.equal('OTP001');
        const portal = await office.submit(otp, { otp: await nextCode(demo, person), remember: 'on' });
        expect(acr(portal)).to.equal('urn:renkei:acr:federated-otp');
      });

      it('loses all of it at once, too, when the bank removes the link by command', async () => {
        tokens = await enterSecondPortal(office);
        const before = second.logoutTokens.length;
        const { status, out } = await renkei(demo, 'unlink', person.login_id, '--json');
        expect(status).to.equal(0);
        expect(JSON.parse(out)).to.deep.include({ ok: true, login_id: person.login_id });

        expect(await second.refresh(demo.gateway, tokens.refreshToken)).to.include({ error: 'invalid_grant' });
        const silent = await office.submit(await office.open(`${demo.portal}/`), {}, 'login_silent');
        expect(silent.json('error')).to.include({ error: 'login_required' });
        await soon(
          async () => second.logoutTokens.length,
          (count) => count > before,
        );
        expect(second.logoutTokens).to.have.length(before + 1);
        const check = await throughBusinessDirect(demo, office, person);
        expect(check.screen).to.equal('LNK001');
        expect((await office.submit(check, { login_id: person.login_id, password: person.password })).screen).to.equal(
          'OTP001',
        );
      });
    });

    describe('a newcomer with an issued ID and a key-fob', () => {
      let person: DemoPerson;
      let home: ScriptBrowser;
      const chosen = { login_id: 'sakura2411', password: 'Kawabe2411', confirmation: 'Minori9035' };

      before(() => {
        person = demo.person('509313448');
        home = browser();
      });

      it('proves the issued pair beside the Business Direct ID; its digits may be full-width', async () => {
        const check = await throughBusinessDirect(demo, home, person);
        expect(check.screen).to.equal('LNK001');
        const page = await home.submit(check, { login_id: '５０９３１３４４８', password: person.password });
        expect(page.screen).to.equal('SET001');
      });

      it('sets login ID, both passwords and a proven e-mail address, registers the token, and is at the portal', async () => {
        let page = await throughBusinessDirect(demo, home, person);
        if (page.screen === 'LNK001')
          page = await home.submit(page, { login_id: person.login_id, password: person.password });
        expect(page.screen).to.equal('SET001');
        page = await home.submit(page, { new_login_id: chosen.login_id });
        expect(page.screen).to.equal('SET002');
        page = await home.submit(page, { new_password: chosen.password, new_password_again: chosen.password });
        expect(page.screen).to.equal('SET003');
        expect(page.text()).to.include(`ログインIDを「${chosen.login_id}」に設定しました`);
        page = await home.submit(page, {
          new_confirmation_password: chosen.confirmation,
          new_confirmation_password_again: chosen.confirmation,
        });
        expect(page.screen).to.equal('SET004');
        page = await home.submit(page, { email: person.email });
        expect(page.screen).to.equal('SET005');
        page = await home.submit(page, { email_code: await mailedCode(demo, person.email) });
        expect(page.screen, 'no 省略: the grace of this company is long over').to.equal('TKN002');
        expect(hasButton(page, 'skip_registration')).to.equal(false);
        const portal = await home.submit(page, { serial: person.otp?.serial ?? '', otp: await nextCode(demo, person) });
        expect(portal.screen).to.equal('PTL002');
        expect(acr(portal)).to.equal('urn:renkei:acr:federated-otp');
        expect(portal.json('claims')).to.include({ preferred_username: chosen.login_id });
      });

      it('comes in the same way as everybody the next time: a code with the offer to skip it, then none', async () => {
        await leavePortal(demo, home);
        const otp = await throughBusinessDirect(demo, home, person);
        expect(otp.screen).to.equal('OTP001');
        const portal = await home.submit(otp, { otp: await nextCode(demo, person), remember: 'on' });
        expect(acr(portal)).to.equal('urn:renkei:acr:federated-otp');
        await leavePortal(demo, home);
        expect(acr(await throughBusinessDirect(demo, home, person))).to.equal('urn:renkei:acr:federated');
      });

      it('has left nothing that the issued pair could open', async () => {
        const page = await directly(demo, browser(), person);
        expect(page).to.include({ screen: 'LGN002', status: 422, refusal: 'credentials' });
        expect((await directly(demo, browser(), { ...person, ...chosen })).screen).to.equal('OTP002');
      });
    });

    describe('a newcomer whose company is within its grace', () => {
      it('puts the registration off (省略) and is at the portal; and again the next time', async () => {
        const person = demo.person('880654614');
        const home = browser();
        let page = await throughBusinessDirect(demo, home, person);
        page = await home.submit(page, { login_id: person.login_id, password: person.password });
        page = await home.submit(page, { new_login_id: 'mirai880' });
        page = await home.submit(page, { new_password: 'Akebono313', new_password_again: 'Akebono313' });
        page = await home.submit(page, {
          new_confirmation_password: 'Hoshino929',
          new_confirmation_password_again: 'Hoshino929',
        });
        page = await home.submit(page, { email: person.email });
        page = await home.submit(page, { email_code: await mailedCode(demo, person.email) });
        expect(page.screen).to.equal('TKN001');
        const portal = await home.submit(page, {}, 'skip_registration');
        expect(acr(portal)).to.equal('urn:renkei:acr:federated');

        await leavePortal(demo, home);
        page = await throughBusinessDirect(demo, home, person);
        expect(page.screen, 'the link stands: no first-link check').to.equal('TKN001');
        expect(acr(await home.submit(page, {}, 'skip_registration'))).to.equal('urn:renkei:acr:federated');
      });
    });

    describe('the record of all this', () => {
      it('is a chain per company that verifies', async () => {
        const { status, out } = await renkei(demo, 'audit', 'verify', '--json');
        expect(status, out).to.equal(0);
        const { chains }: { chains: { bad_at: unknown; records: number }[] } = JSON.parse(out);
        expect(chains.reduce((sum, { records }) => sum + records, 0)).to.be.greaterThan(20);
        expect(chains.filter(({ bad_at: bad }) => bad !== null)).to.deep.equal([]);
      });
    });
  });
}

/** The `data-account` of the row that names this person. */
function rowOf(page: Page, name: string): string {
  const rows = page.html.split(/<tr\b/).filter((row) => row.includes(name));
  return /data-account="([^"]+)"/.exec(rows[0] ?? '')?.[1] ?? '';
}
