// The line as a person sees it in Chromium: from the portal through Business Direct and the first-link check to the code and
// back; when the code is asked again; how the link is removed, by oneself and by the company, and what is seen then. In both
// languages, on a desk and on a phone, with and without scripts; every page on the way is looked over.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { en } from '../../views/messages/en.ts';
import { ja } from '../../views/messages/ja.ts';
import { type Chromium, type Eyes, startChromium, type Tab, type Window } from '../support/chromium.ts';
import { press, proveCode, provePassword, throughBusinessDirect } from '../support/chromium-walks.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { needs } from '../support/tools.ts';
import { nextCode, soon } from '../support/walks.ts';

interface Viewer {
  readonly eyes: Eyes;
  readonly person: string;
  readonly admin: string;
  readonly words: typeof ja | typeof en;
}

const viewers: readonly Viewer[] = [
  {
    eyes: { language: 'ja', width: 1280, scripts: true },
    person: 'ywatanabe85',
    admin: 'msuzuki14',
    words: ja,
  },
  {
    eyes: { language: 'en', width: 360, scripts: false },
    person: 'yishikawa92',
    admin: 'tikeda16',
    words: en,
  },
];

/** Follows a link of the page by its words. */
const choose = (tab: Tab, name: string): Promise<string> =>
  tab.follow(() => tab.page.locator('main').getByRole('link', { name, exact: true }).click());

const acr = async (tab: Tab): Promise<unknown> => (await tab.claims())?.['acr'];

describe('the line in a browser', () => {
  let demo: Demo;
  let chromium: Chromium;

  before(async function () {
    this.timeout(60_000);
    needs(this, 'chromium');
    [demo, chromium] = await Promise.all([startDemo('embedded'), startChromium()]);
  });
  after(async () => {
    await chromium?.close();
    await demo?.stop();
  });
  afterEach(() => {
    expect(chromium.faults()).to.deep.equal([]);
  });

  for (const { eyes, words, ...who } of viewers) {
    describe(`in ${eyes.language}, ${eyes.width} wide, ${eyes.scripts ? 'with' : 'without'} scripts`, function () {
      this.timeout(60_000);
      let person: DemoPerson;
      let admin: DemoPerson;
      let office: Window;
      let tab: Tab;

      before(async () => {
        person = demo.person(who.person);
        admin = demo.person(who.admin);
        office = await chromium.window(eyes);
        tab = await office.tab();
      });
      after(() => office.close());

      it('passes the first-link check, enters a code with the skip ticked, and is asked no code the next time', async () => {
        expect(await press(demo, tab, 'login')).to.equal('LGN001');
        expect(await throughBusinessDirect(tab, person)).to.equal('LNK001');
        expect(await tab.text())
          .to.include(person.business_direct?.id)
          .and.to.include(person.company);
        expect(await provePassword(tab, person)).to.equal('OTP001');
        expect(await tab.page.locator('#remember').isChecked(), 'the box begins unticked').to.equal(false);
        expect(await proveCode(demo, tab, person, true)).to.equal('PTL002');
        expect(await acr(tab)).to.equal('urn:renkei:acr:federated-otp');

        expect(await press(demo, tab, 'logout')).to.equal('PTL001');
        expect(await press(demo, tab, 'login')).to.equal('LGN001');
        expect(await throughBusinessDirect(tab, person), 'neither Business Direct nor Renkei asks').to.equal('PTL002');
        expect(await acr(tab)).to.equal('urn:renkei:acr:federated');
      });

      it('is asked for the code directly, in another browser, by a portal that requires it, and when all is asked again', async () => {
        const home = await chromium.window(eyes);
        const there = await home.tab();
        await press(demo, there, 'login');
        expect(await throughBusinessDirect(there, person), 'another browser').to.equal('OTP001');
        await home.close();

        expect(await press(demo, tab, 'login_otp'), 'the portal requires a code').to.equal('OTP002');
        expect(await tab.text()).to.include(words['otp.required'].replace('{portal}', 'デモ提携サービス'));
        expect(await proveCode(demo, tab, person)).to.equal('PTL002');
        expect(await acr(tab)).to.equal('urn:renkei:acr:federated-otp');

        expect(await press(demo, tab, 'login_again')).to.equal('LGN001');
        expect(await tab.send({}, 'federated'), 'Business Direct asks again as well').to.equal('BDD001');
        expect(await throughBusinessDirect(tab, person)).to.equal('OTP002');
        expect(await tab.text()).to.include(words['otp.again']);
        expect(await proveCode(demo, tab, person)).to.equal('PTL002');

        await press(demo, tab, 'logout');
        await press(demo, tab, 'login');
        expect(await provePassword(tab, person), 'the direct route').to.equal('OTP002');
        expect(await tab.page.locator('#remember').count()).to.equal(0);
        expect(await proveCode(demo, tab, person)).to.equal('PTL002');
        expect(await acr(tab)).to.equal('urn:renkei:acr:password-otp');
        await press(demo, tab, 'logout');
      });

      it('finds link and device under its own details, and removes the link: this sign-in ends, and the check comes back', async () => {
        await press(demo, tab, 'login');
        expect(await throughBusinessDirect(tab, person), 'the device still stands').to.equal('PTL002');
        expect(await tab.open(`${demo.gateway}/`)).to.equal('TOP001');
        expect(await choose(tab, words['SLF001.title'])).to.equal('SLF001');
        expect(await choose(tab, words['SLF050.title'])).to.equal('SLF050');
        expect(await tab.page.locator('tbody tr').count(), 'one device').to.equal(1);
        expect(await choose(tab, words['button.self-service'])).to.equal('SLF001');
        expect(await choose(tab, words['SLF040.title'])).to.equal('SLF040');
        expect(await tab.send({}, 'unlink')).to.equal('SLF041');
        expect(await tab.send({ confirmation_password: person.password, otp: await nextCode(demo, person) })).to.equal(
          'SLF041',
        );
        expect(await tab.refusal(), 'the login password is not the confirmation password').to.equal('credentials');
        const proof = { confirmation_password: person.confirmation_password ?? '', otp: await nextCode(demo, person) };
        expect(await tab.send(proof)).to.equal('SLF042');
        expect(await tab.send({})).to.equal('OUT004');
        expect(await tab.send({}), 'signed out here').to.equal('LGN001');
        expect(await office.cookies('renkei_device_'), 'the value in the browser is worth nothing').to.have.length(1);
        expect(await throughBusinessDirect(tab, person)).to.equal('LNK001');
        expect(await provePassword(tab, person)).to.equal('OTP001');
        await press(demo, tab, 'login');
        await throughBusinessDirect(tab, person);
        await provePassword(tab, person);
        expect(await proveCode(demo, tab, person, true)).to.equal('PTL002');
      });

      it("loses portal, own pages and device at once when the company's administrator removes the link", async () => {
        const desk = await chromium.window(eyes);
        const list = await desk.tab();
        expect(await list.open(`${demo.gateway}/`)).to.equal('LGN001');
        expect(await provePassword(list, admin)).to.equal('OTP002');
        expect(await proveCode(demo, list, admin)).to.equal('TOP001');
        expect(await choose(list, words['TOP001.10'])).to.equal('CON001');
        expect(await choose(list, words['CON002.2'])).to.equal('CON002');
        expect(await choose(list, words['CON002.7'])).to.equal('CON010');
        const row = (name: string) => list.page.locator('tr[data-account]', { hasText: name });
        await row(person.name).getByRole('radio').check();
        expect(await list.send({}), 'to change the one who is chosen').to.equal('CON030');
        expect(await list.open(`${demo.gateway}/company/people-menu`)).to.equal('CON002');
        expect(await choose(list, words['CON070.title'])).to.equal('CON070');
        expect(await list.send({}, 'unlink'), 'nobody is chosen').to.equal('CON070');
        expect(await row(admin.name).getByRole('checkbox').count(), 'not for oneself').to.equal(0);
        await row(person.name).getByRole('checkbox').check();
        expect(await list.send({}, 'unlink')).to.equal('CON071');
        expect(await list.text())
          .to.include(person.name)
          .and.to.include(person.business_direct?.id);
        const proof = { confirmation_password: admin.confirmation_password ?? '', otp: await nextCode(demo, admin) };
        expect(await list.send(proof)).to.equal('CON072');
        expect(await list.follow(() => list.page.reload()), 'the result stands').to.equal('CON072');
        expect(await list.follow(() => list.page.locator('header button[name=action]').click())).to.equal('OUT002');
        await desk.close();

        const state = async (): Promise<string> => tab.open(`${demo.portal}/`);
        expect(await soon(state, (screen) => screen === 'PTL001'), 'the portal was told').to.equal('PTL001');
        expect(await tab.open(`${demo.gateway}/self-service`), 'no own page without a sign-in').to.equal('LGN001');
        expect(await press(demo, tab, 'login_silent')).to.equal('PTL003');
        await press(demo, tab, 'login');
        expect(await throughBusinessDirect(tab, person)).to.equal('LNK001');
        expect(await provePassword(tab, person), 'and the code is asked again').to.equal('OTP001');
      });
    });
  }
});
