// Row 14 where operations alone ask a code (`otp.at: operations`, guide S4): who is offered the registration at a sign-in, what
// follows its limit under either policy, and that the ID token says the truth all the while. Over HTTP.
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { directly, startDemo, throughBusinessDirect, type Demo } from '../support/demo-process.ts';
import { fobOf, shownNow } from '../support/key-fob.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { hasButton, overlay } from '../support/walks.ts';

const day = 86_400;
const claims = (page: Page) => page.json('claims');

for (const then of ['block-otp-operations', 'block-login'] as const)
  describe(`row 14 where operations alone ask a code, then ${then}`, function () {
    this.timeout(90_000);
    let demo: Demo;
    let approving: OwnPortal;
    before(async () => {
      approving = await ownPortal('approving-portal');
      const portal = { ...approving.entry({}), authorization_details_types: ['urn:renkei:approval'] };
      const config = overlay({ 'portals.yaml': [portal], 'policy.yaml': { grace: { then } } });
      demo = await startDemo('real', { env: { RENKEI_CONFIG: config, RENKEI_PROFILE: 's4' } });
      // The demo grants its people every portal of the configuration.
      await sql(demo, 'delete from portal_permission where client_id = $1', ['approving-portal']);
    });
    after(async () => {
      await demo?.stop();
      await approving?.close();
    });

    const begin = (person: DemoPerson): Promise<Page> => directly(demo, demo.browser(), person);
    async function offered(person: DemoPerson): Promise<{ readonly browser: ScriptBrowser; readonly page: Page }> {
      const browser = demo.browser();
      const page = await directly(demo, browser, person);
      expect([page.screen, hasButton(page, 'skip_registration')]).to.deep.equal(['TKN001', true]);
      return { browser, page };
    }

    it('offers it to masters and administrators, and to nobody whose rights need no code', async () => {
      await offered(demo.person('nsakurai41'));
      await offered(demo.person('tmiura58'));
      const page = await begin(demo.person('anishimura23'));
      expect(claims(page)?.['acr'], 'a member goes on').to.equal('urn:renkei:acr:password');
      expect(claims(page)?.['amr']).to.deep.equal(['pwd']);
    });

    it('offers it to a member who was granted a portal whose people approve', async () => {
      const person = demo.person('rtakeuchi94');
      expect(claims(await begin(person))?.['acr']).to.equal('urn:renkei:acr:password');
      await grant(demo, person, 'approving-portal');
      const { browser, page } = await offered(person);
      const entered = await browser.submit(page, {}, 'skip_registration');
      expect(claims(entered)?.['acr']).to.equal('urn:renkei:acr:password');
    });

    it('put off, the token says so: no -otp, neither otp nor mfa, on either route; registered, it says that', async () => {
      const person = demo.person('simai67');
      const { browser, page } = await offered(person);
      const entered = await browser.submit(page, {}, 'skip_registration');
      expect([claims(entered)?.['acr'], claims(entered)?.['amr']]).to.deep.equal(['urn:renkei:acr:password', ['pwd']]);
      const linked = demo.browser();
      const first = await throughBusinessDirect(demo, linked, demo.person('afujiwara35'));
      expect(first.screen).to.be.oneOf(['LNK001', 'BDD001', 'TKN001']);

      const again = await offered(person);
      const fob = fobOf(person);
      const otp = await shownNow(demo, fob);
      const strong = await again.browser.submit(again.page, { serial: fob.serial, otp });
      expect([claims(strong)?.['acr'], claims(strong)?.['amr']]).to.deep.equal([
        'urn:renkei:acr:password-otp',
        ['pwd', 'otp', 'mfa'],
      ]);
      // The next sign-in asks nothing, and claims nothing.
      const later = await begin(person);
      expect([claims(later)?.['acr'], claims(later)?.['amr']]).to.deep.equal(['urn:renkei:acr:password', ['pwd']]);
    });

    it('a colleague registers the same token: its code is theirs once, and the shared token is no second factor of one person', async () => {
      const person = demo.person('afujiwara35');
      const fob = fobOf(person);
      const { browser, page } = await offered(person);
      const used = await browser.submit(page, { serial: fob.serial, otp: await shownNow(demo, fob) });
      expect([used.status, used.screen, used.refusal]).to.deep.equal([422, 'TKN001', 'otp-used']);
      await demo.forward(60);
      const entered = await browser.submit(used, { serial: fob.serial, otp: await shownNow(demo, fob) });
      expect([claims(entered)?.['acr'], claims(entered)?.['amr']]).to.deep.equal([
        'urn:renkei:acr:password-otp',
        ['pwd', 'otp'],
      ]);
    });

    it('a clock that passes the limit between page and post, and a forged skip, find what stands now', async () => {
      const person = demo.person('nsakurai41');
      const { browser, page } = await offered(person);
      await demo.forward(45 * day);
      // The attempt itself has ended with its time: a new one is judged by the new clock.
      const late = await browser.submit(page, {}, 'skip_registration');
      expect(late.screen).to.equal('REF001');
      const fresh = demo.browser();
      const now = await directly(demo, fresh, person);
      if (then === 'block-otp-operations') {
        expect(claims(now)?.['acr']).to.equal('urn:renkei:acr:password');
        const top = await fresh.open(`${demo.gateway}/`);
        expect(top.text()).to.include('を過ぎています').and.include('登録へ進む');
        return;
      }
      expect([now.screen, hasButton(now, 'skip_registration')]).to.deep.equal(['TKN002', false]);
      const forged = await fresh.submit(now, {}, 'skip_registration');
      expect([forged.screen, hasButton(forged, 'skip_registration')]).to.deep.equal(['TKN002', false]);
      expect((await fresh.open(`${demo.gateway}/`)).screen, 'nobody is signed in').to.equal('LGN001');
      const fob = fobOf(person);
      const entered = await fresh.submit(forged, { serial: fob.serial, otp: await shownNow(demo, fob) });
      expect(claims(entered)?.['acr']).to.equal('urn:renkei:acr:password-otp');
    });

    it('past the limit a member without such rights still goes on, and is told nothing of a limit', async () => {
      const browser = demo.browser();
      const page = await directly(demo, browser, demo.person('anishimura23'));
      expect(claims(page)?.['acr']).to.equal('urn:renkei:acr:password');
      expect((await browser.open(`${demo.gateway}/`)).text()).not.to.include('登録期限');
    });
  });

async function sql(demo: Demo, text: string, values: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: demo.databaseUrl ?? '' });
  await client.connect();
  await client.query(text, [...values]);
  await client.end();
}

const grant = (demo: Demo, person: DemoPerson, clientId: string): Promise<void> =>
  sql(demo, 'insert into portal_permission (account_id, client_id) select id, $2 from account where login_name = $1', [
    person.login_id,
    clientId,
  ]);
