// What people do to pages: back, reload, a second tab, a double press, another language in the middle, the keyboard alone.
// Each shows the true present step and nothing is done twice. And a portal of another site, where cookies are held to it.
import { expect } from 'chai';
import { portal } from '../../src/demo/portal.ts';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Chromium, startChromium, type Tab, type Window } from '../support/chromium.ts';
import { press, proveCode, provePassword, throughBusinessDirect } from '../support/chromium-walks.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { freePort } from '../support/ports.ts';
import { needs } from '../support/tools.ts';
import { nextCode, overlay, soon } from '../support/walks.ts';

/** Of another site than the gateway on localhost. */
const far = { client_id: 'far-portal', client_secret: 'a-secret-of-the-far-portal-0123456789' };

describe('what people do to pages, in a browser', function () {
  this.timeout(60_000);
  let demo: Demo;
  let chromium: Chromium;
  let farPortal: ReturnType<typeof portal>;
  let window: Window;
  let tab: Tab;

  before(async function () {
    needs(this, 'chromium');
    const url = `http://127.0.0.1:${await freePort()}`;
    const entry = {
      ...far,
      client_name: '別サイトの提携サービス',
      redirect_uris: [`${url}/callback`],
      post_logout_redirect_uris: [`${url}/`],
      id_token_signed_response_alg: 'ES256',
      renkei: { open: true, consent: 'ask' },
    };
    const config = overlay({ 'portals.yaml': [entry] });
    [demo, chromium] = await Promise.all([startDemo('embedded', { env: { RENKEI_CONFIG: config } }), startChromium()]);
    farPortal = portal({ ...far, url, issuer: demo.gateway });
    await farPortal.listen();
  });
  after(async () => {
    await chromium?.close();
    await farPortal?.close();
    await demo?.stop();
  });
  beforeEach(async () => {
    window = await chromium.window({ width: 360 });
    tab = await window.tab();
  });
  afterEach(async () => {
    await window.close();
    expect(chromium.faults()).to.deep.equal([]);
  });

  /** From the portal to the page that asks the code, by the first-link check where it is asked. */
  async function toCode(person: DemoPerson, at = tab): Promise<void> {
    await press(demo, at, 'login');
    if ((await throughBusinessDirect(at, person)) === 'LNK001') await provePassword(at, person);
    expect(await at.screen()).to.equal('OTP001');
  }

  const mainButton = (at: Tab) => at.page.locator('main form[method=post] button:not([type=button])').first();
  const subjects = async ({ email }: DemoPerson): Promise<string> =>
    (await demo.mails(email)).map(({ subject }) => subject).join();

  it('shows the present step by back, by reload and in a second tab, whatever page was left open', async () => {
    const person = demo.person('ywatanabe85');
    await press(demo, tab, 'login');
    expect(await throughBusinessDirect(tab, person)).to.equal('LNK001');
    const left = await window.tab();
    expect(await left.open(tab.page.url()), 'the same attempt in a second tab').to.equal('LNK001');
    expect(await provePassword(tab, person)).to.equal('OTP001');
    expect(await tab.follow(() => tab.page.goBack())).to.equal('OTP001');
    expect(await tab.follow(() => tab.page.reload())).to.equal('OTP001');
    expect(await provePassword(left, person), 'the form of a step that is done').to.equal('OTP001');
    expect(await left.refusal()).to.equal(null);

    const otp = await nextCode(demo, person);
    expect(await tab.send({ otp })).to.equal('PTL002');
    expect(await left.send({ otp }), 'the same code in the other tab').to.equal('REF001');
    expect(await left.send({}), 'starts again where one is signed in').to.equal('TOP001');
    expect(await tab.follow(() => tab.page.goBack()), 'what is finished is over').to.equal('REF001');
    expect(await tab.follow(() => tab.page.goForward())).to.equal('PTL002');
    expect(await tab.follow(() => tab.page.reload())).to.equal('PTL002');
  });

  it('finishes once when the last button is pressed twice', async () => {
    const person = demo.person('dyamamoto47');
    await toCode(person);
    await tab.page.fill('[name=otp]', await nextCode(demo, person));
    await tab.page.check('[name=remember]');
    await tab.follow(() => mainButton(tab).dblclick());
    await soon(
      () => tab.screen(),
      (screen) => screen === 'PTL002',
    );
    expect((await tab.claims())?.['acr']).to.equal('urn:renkei:acr:federated-otp');
    const told = await soon(
      () => subjects(person),
      (all) => all.includes('省略'),
    );
    expect(told.match(/ID連携が完了しました/g)).to.have.length(1);
    expect(told.match(/コードの入力を省略する端末が登録されました/g)).to.have.length(1);
    expect(await window.cookies('renkei_device_')).to.have.length(1);
  });

  it('removes a link once when the button is pressed twice, and a second tab of the check page does nothing more', async () => {
    const person = demo.person('dyamamoto47');
    await press(demo, tab, 'login');
    expect(await provePassword(tab, person)).to.equal('OTP002');
    await proveCode(demo, tab, person);
    expect(await tab.open(`${demo.gateway}/self-service/link/remove`)).to.equal('SLF041');
    const left = await window.tab();
    await left.open(tab.page.url());
    await tab.page.fill('[name=confirmation_password]', person.confirmation_password ?? '');
    await tab.page.fill('[name=otp]', await nextCode(demo, person));
    await tab.follow(() => mainButton(tab).dblclick());
    expect(
      await soon(
        () => tab.screen(),
        (screen) => screen === 'SLF042',
      ),
    ).to.equal('SLF042');
    const proof = { confirmation_password: person.confirmation_password ?? '', otp: await nextCode(demo, person) };
    expect(await left.send(proof), 'the result of what was done once').to.equal('SLF042');
    const told = await soon(
      () => subjects(person),
      (all) => all.includes('解除'),
    );
    expect(told.match(/ID連携が解除されました/g)).to.have.length(1);
  });

  it('keeps the step when the language is changed', async () => {
    await toCode(demo.person('atanaka93'));
    const english = tab.page.getByRole('button', { name: 'English' });
    expect(await tab.follow(() => english.click())).to.equal('OTP001');
    expect(await tab.page.locator('html').getAttribute('lang')).to.equal('en');
    expect(await tab.page.locator('h1').innerText()).to.equal('Enter the one-time password');
    expect(await tab.send({ otp: '12' })).to.equal('OTP001');
    expect(await tab.page.title()).to.match(/^Error: /);
    const japanese = tab.page.getByRole('button', { name: '日本語' });
    expect(await tab.follow(() => japanese.click())).to.equal('OTP001');
    expect(await tab.page.locator('html').getAttribute('lang')).to.equal('ja');
  });

  it('ends a console that was left alone for 15 minutes, and comes back to its page after the next sign-in', async () => {
    const admin = demo.person('tikeda16');
    await tab.open(`${demo.gateway}/company/people`);
    await provePassword(tab, admin);
    expect(await proveCode(demo, tab, admin)).to.equal('CON010');
    await demo.forward(15 * 60);
    expect(await tab.follow(() => tab.page.reload())).to.equal('OUT003');
    expect(await tab.send({})).to.equal('LGN001');
    await provePassword(tab, admin);
    expect(await proveCode(demo, tab, admin)).to.equal('CON010');
  });

  describe('with the keyboard alone', () => {
    const key = (name: string): Promise<void> => tab.page.keyboard.press(name);
    /** Tab by Tab to the element with this id, or whose text begins so. */
    async function tabTo(wanted: string): Promise<void> {
      for (let step = 0; step < 40; step += 1) {
        await key('Tab');
        if ((await tab.focus()).startsWith(wanted)) return;
      }
      throw new Error(`no Tab leads to ${wanted}; now at ${await tab.focus()}`);
    }

    it('signs in: Enter is the main act, an error takes the focus and leads to its field', async () => {
      const person = demo.person('sito48');
      await press(demo, tab, 'login');
      await key('Tab');
      expect(await tab.focus(), 'the first Tab skips the header').to.equal('本文へ移動');
      await key('Enter');
      await tabTo('ログインIDでログイン');
      expect(await tab.follow(() => key('Enter'))).to.equal('LGN002');

      await tabTo('login_id');
      await tab.page.keyboard.type(person.login_id);
      expect(await tab.follow(() => key('Enter')), 'Enter in a field presses the main button').to.equal('LGN002');
      expect(await tab.focus()).to.equal('summary');
      await tabTo('ログインパスワードを入力してください');
      await key('Enter');
      expect(await tab.focus(), 'the link of the summary leads to the field').to.equal('password');
      await tab.page.keyboard.type('not-my-password1');
      expect(await tab.follow(() => key('Enter'))).to.equal('LGN002');
      expect(await tab.focus(), 'again, whatever link was followed before').to.equal('summary');
      await tabTo('password');
      await tab.page.keyboard.type(person.password);
      expect(await tab.follow(() => key('Enter'))).to.equal('OTP002');
      await tabTo('otp');
      await tab.page.keyboard.type(await nextCode(demo, person));
      expect(await tab.follow(() => key('Enter'))).to.equal('PTL002');
    });

    it('ticks the box that skips the code, and shows what was typed as a password', async () => {
      const person = demo.person('msaito50');
      await press(demo, tab, 'login');
      await throughBusinessDirect(tab, person);
      await tabTo('password');
      await tab.page.keyboard.type(person.password);
      await key('Tab');
      await key('Enter');
      expect(await tab.page.locator('#password').getAttribute('type'), 'shown').to.equal('text');
      await tab.page.locator('#login_id').focus();
      await tab.page.keyboard.type(person.login_id);
      expect(await tab.follow(() => key('Enter'))).to.equal('OTP001');
      await tabTo('otp');
      await tab.page.keyboard.type(await nextCode(demo, person));
      await tabTo('remember');
      await key('Space');
      await tabTo('ログイン');
      expect(await tab.follow(() => key('Enter'))).to.equal('PTL002');
      expect(await window.cookies('renkei_device_')).to.have.length(1);
    });
  });

  describe('from a portal of another site', () => {
    it('signs in, finds its session and its remembered device again, and signs out', async () => {
      const person = demo.person('ntakahashi14');
      const ask = async (button: string): Promise<string> => {
        await tab.open(`${farPortal.url}/`);
        return tab.send({}, button);
      };
      expect(await ask('login')).to.equal('LGN001');
      expect(await tab.text()).to.include('別サイトの提携サービス');
      expect(await throughBusinessDirect(tab, person)).to.equal('LNK001');
      expect(await provePassword(tab, person)).to.equal('OTP001');
      expect(await proveCode(demo, tab, person, true), 'this one asks for consent').to.equal('LGN005');
      expect(await tab.text())
        .to.include(person.name)
        .and.to.include(person.company);
      expect(await tab.send({})).to.equal('PTL002');
      expect(new URL(tab.page.url()).hostname).to.equal('127.0.0.1');
      expect(await ask('login'), 'the session is found: nothing is asked').to.equal('PTL002');
      expect(await ask('login_silent'), 'and without any page').to.equal('PTL002');
      expect(await ask('logout')).to.equal('PTL001');
      expect(await ask('login')).to.equal('LGN001');
      expect(await throughBusinessDirect(tab, person), 'the device is found: no code').to.equal('PTL002');
      expect((await tab.claims())?.['acr']).to.equal('urn:renkei:acr:federated');
    });
  });
});
