// People whose sign-in has more to do, in Chromium: a newcomer's first-time setup, interrupted and taken up again, with the
// code from the mail reader; a password that is due; and the pages that end a sign-in or lead out of it, each with a way on.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { en } from '../../views/messages/en.ts';
import { ja } from '../../views/messages/ja.ts';
import { type Chromium, type Eyes, startChromium, type Tab, type Window } from '../support/chromium.ts';
import { press, proveCode, provePassword, readMailedCode, throughBusinessDirect } from '../support/chromium-walks.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { needs } from '../support/tools.ts';
import { nextCode } from '../support/walks.ts';

const newcomers = [
  {
    eyes: { language: 'ja', width: 360, scripts: false } satisfies Eyes,
    id: '509313448',
    register: 'TKN002',
    words: ja,
  },
  {
    eyes: { language: 'en', width: 1280, scripts: true } satisfies Eyes,
    id: '880654614',
    register: 'TKN001',
    words: en,
  },
] as const;

describe('more to do at sign-in, in a browser', () => {
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

  for (const { eyes, words, id, register } of newcomers) {
    describe(`a newcomer, in ${eyes.language}, ${eyes.width} wide, ${eyes.scripts ? 'with' : 'without'} scripts`, function () {
      this.timeout(60_000);
      const chosen = { login_id: `sakura${eyes.width}`, password: 'Kawabe2411' };
      let person: DemoPerson;

      before(() => {
        person = demo.person(id);
      });

      it('chooses login ID and password after the first-link check, and closes the browser', async () => {
        const window = await chromium.window(eyes);
        const tab = await window.tab();
        await press(demo, tab, 'login');
        expect(await throughBusinessDirect(tab, person)).to.equal('LNK001');
        expect(await provePassword(tab, person)).to.equal('SET001');
        expect(await tab.send({ new_login_id: '12' })).to.equal('SET001');
        expect(await tab.refusal()).to.equal('form');
        expect(await tab.page.locator('[name=new_login_id]').inputValue(), 'what was typed stays').to.equal('12');
        expect(await tab.send({ new_login_id: chosen.login_id })).to.equal('SET002');
        expect(await tab.send({ new_password: chosen.password, new_password_again: 'Kawabe2412' })).to.equal('SET002');
        expect(await tab.refusal()).to.equal('form');
        const both = { new_password: chosen.password, new_password_again: chosen.password };
        expect(await tab.send(both)).to.equal('SET003');
        expect(await tab.text()).to.include(words['setup.idset'].replace('{login_id}', chosen.login_id));
        await window.close();
      });

      it('goes on with the new ID in another browser, proves the address with the mailed code, and comes to the token', async () => {
        const window = await chromium.window(eyes);
        const tab = await window.tab();
        await press(demo, tab, 'login');
        expect(await throughBusinessDirect(tab, person)).to.equal('LNK001');
        expect(await provePassword(tab, chosen)).to.equal('SET003');
        expect(await tab.text()).to.include(words['setup.resumed']);
        const confirmation = { new_confirmation_password: 'Minori9035', new_confirmation_password_again: 'Minori9035' };
        expect(await tab.send(confirmation)).to.equal('SET004');
        expect(await tab.send({ email: person.email })).to.equal('SET005');
        const code = await readMailedCode(demo, await window.tab(), person.email);
        expect(await tab.send({ email_code: code })).to.equal(register);
        expect(await tab.send({ serial: '12', otp: '1' })).to.equal(register);
        expect(await tab.refusal()).to.equal('form');
        const skip = tab.page.locator('button[value=skip_registration]');
        if (register === 'TKN001') {
          expect(await tab.send({}, 'skip_registration'), 'within the grace').to.equal('PTL002');
          expect((await tab.claims())?.['acr']).to.equal('urn:renkei:acr:federated');
          expect(await tab.open(`${demo.gateway}/`)).to.equal('TOP001');
        } else {
          expect(await skip.count(), 'the grace is over').to.equal(0);
          const token = { serial: person.otp?.serial ?? '', otp: await nextCode(demo, person) };
          expect(await tab.send(token)).to.equal('PTL002');
          expect((await tab.claims())?.['acr']).to.equal('urn:renkei:acr:federated-otp');
        }
        await window.close();
      });
    });
  }

  describe('passwords that are due, and a drifted token', function () {
    this.timeout(60_000);
    let window: Window;
    let tab: Tab;

    beforeEach(async () => {
      window = await chromium.window({ width: 360 });
      tab = await window.tab();
    });
    afterEach(() => window.close());

    it('makes a person change what an administrator set, and goes on to the portal', async () => {
      const person = demo.person('mkato99');
      await press(demo, tab, 'login');
      expect(await provePassword(tab, person)).to.equal('OTP002');
      expect(await proveCode(demo, tab, person)).to.equal('PWC001');
      expect(await tab.send({ password: person.password })).to.equal('PWC001');
      const change = { password: person.password, new_password: 'Aozora5521', new_password_again: 'Aozora5521' };
      expect(await tab.send(change)).to.equal('PWC003');
      expect(await tab.send({})).to.equal('PTL002');
    });

    it('makes a person change expired passwords at the first link', async () => {
      const person = demo.person('tyoshida66');
      await press(demo, tab, 'login');
      await throughBusinessDirect(tab, person);
      expect(await provePassword(tab, person)).to.equal('OTP001');
      expect(await proveCode(demo, tab, person)).to.equal('PWC002');
      const change = {
        password: person.password,
        new_password: 'Aozora5522',
        new_password_again: 'Aozora5522',
        confirmation_password: person.confirmation_password ?? '',
        new_confirmation_password: 'Midori8812',
        new_confirmation_password_again: 'Midori8812',
      };
      expect(await tab.send(change)).to.equal('PWC003');
      expect(await tab.send({})).to.equal('PTL002');
    });

    it('offers the repair right under the second miss, and two codes in a row sign in', async () => {
      const person = demo.person('sabe89');
      await press(demo, tab, 'login');
      expect(await provePassword(tab, person)).to.equal('OTP002');
      // The token is four minutes slow: what it shows now is an old code.
      await demo.forward(60);
      expect(await tab.send({ otp: await demo.code(person, -4) })).to.equal('OTP002');
      expect(await tab.refusal()).to.equal('otp-wrong');
      expect(await tab.text()).to.include('あと4回');
      expect(await tab.send({ otp: await demo.code(person, -4) })).to.equal('OTP002');
      const repair = tab.page.locator('.banner').getByRole('link', { name: 'トークンの時刻を合わせる' });
      expect(await tab.follow(() => repair.click())).to.equal('OTP003');
      const pair = { otp: await demo.code(person, -4), otp_next: await demo.code(person, -3) };
      expect(await tab.send(pair)).to.equal('PTL002');
      expect(await tab.open(`${demo.gateway}/`)).to.equal('TOP001');
      expect(await tab.text()).to.include('トークンの時刻を合わせました');
    });
  });

  describe('ways out and refusals', function () {
    this.timeout(60_000);
    let window: Window;
    let tab: Tab;

    beforeEach(async () => {
      window = await chromium.window({ width: 360 });
      tab = await window.tab();
    });
    afterEach(() => window.close());

    const refused = [
      { id: 'rinoue13', screen: 'REF004', on: { action: 'restart', to: 'LGN001' } },
      { id: 'rkimura78', screen: 'REF005', on: { action: 'cancel', to: 'PTL003' } },
      { id: 'sendo86', screen: 'REF006', on: { action: 'restart', to: 'LGN001' } },
      { id: 'mhayashi38', screen: 'REF007', on: { action: 'top', to: 'LGN001' } },
      { id: 'hyamada58', screen: 'LGN002', on: { action: 'forgot', to: 'RST001' } },
    ] as const;
    for (const { id, screen, on } of refused) {
      it(`tells ${id} on ${screen} what is the matter, and leads on to ${on.to}`, async () => {
        await press(demo, tab, 'login');
        expect(await provePassword(tab, demo.person(id))).to.equal(screen);
        expect(await tab.refusal()).not.to.equal(null);
        expect(await tab.send({}, on.action)).to.equal(on.to);
      });
    }

    it('tells a company without one-time passwords that the portal asks for what it cannot give', async () => {
      await press(demo, tab, 'login');
      expect(await provePassword(tab, demo.person('okondo31'))).to.equal('PTL002');
      expect(await press(demo, tab, 'login_otp')).to.equal('REF015');
      expect(await tab.send({}, 'cancel')).to.equal('PTL003');
    });

    it('helps those without an ID, without a password and without a code, and leads back each time', async () => {
      await press(demo, tab, 'login');
      expect(await tab.send({}, 'no_id')).to.equal('LNK002');
      expect(await tab.send({})).to.equal('LGN001');
      expect(await tab.send({}, 'direct')).to.equal('LGN002');
      expect(await tab.send({}, 'forgot')).to.equal('RST001');
      expect(await tab.send({}, 'back')).to.equal('LGN002');
      expect(await provePassword(tab, demo.person('dyamamoto47'))).to.equal('OTP002');
      expect(await tab.send({}, 'otp_help')).to.equal('OTP004');
      expect(await tab.send({}, 'back')).to.equal('OTP002');
      expect(await tab.send({}, 'cancel')).to.equal('PTL003');
    });

    it('says why two IDs cannot be linked only after the password, and lets another one be typed', async () => {
      await press(demo, tab, 'login');
      expect(await tab.send({}, 'federated')).to.equal('BDD001');
      expect(await tab.send({}, 'cancel'), 'Business Direct was left').to.equal('REF012');
      expect(await tab.send({}, 'federated')).to.equal('BDD001');
      expect(await throughBusinessDirect(tab, demo.person('msaito50'))).to.equal('LNK001');
      expect(await provePassword(tab, demo.person('rhashimoto46')), 'linked to another one').to.equal('REF008');
      expect(await tab.send({}, 'back')).to.equal('LNK001');
      expect(await provePassword(tab, demo.person('tikeda16')), 'of another company').to.equal('REF010');
      const stranger = await chromium.window();
      const elsewhere = await stranger.tab();
      expect(await elsewhere.open(tab.page.url()), 'nothing of it can be opened elsewhere').to.equal('REF001');
      await stranger.close();
      expect(await tab.send({}, 'back')).to.equal('LNK001');
      expect(await provePassword(tab, demo.person('msaito50'))).to.equal('OTP001');
    });

    it("signs out by the header, at Business Direct too, and asks a portal's unproven wish first", async () => {
      const person = demo.person('rhashimoto46');
      expect(await tab.open(`${demo.gateway}/`)).to.equal('LGN001');
      expect(await throughBusinessDirect(tab, person)).to.equal('OTP001');
      expect(await proveCode(demo, tab, person)).to.equal('TOP001');
      expect(await tab.open(`${demo.gateway}/oidc/end-session`)).to.equal('OUT001');
      await tab.send({}, 'cancel');
      expect(await tab.open(`${demo.gateway}/`), 'still signed in').to.equal('TOP001');
      const logout = tab.page.locator('header').getByRole('button', { name: 'ログアウト' });
      expect(await tab.follow(() => logout.click())).to.equal('OUT002');
      expect(await tab.text()).to.include('ビジネスダイレクトのログインは続いています');
      expect(await tab.send({}, 'logout_upstream')).to.equal('BDD002');
      expect(await tab.send({}), 'and back').to.equal('LGN001');
      expect(await tab.send({}, 'federated'), 'Business Direct asks again').to.equal('BDD001');
    });

    it('shows the guide to the demo, what its tokens show, and its clock', async () => {
      expect(await tab.open(`${demo.gateway}/demo`)).to.equal('DMO001');
      const token = tab.page.locator('section table').first().getByRole('link');
      expect(await tab.follow(() => token.click())).to.equal('DMO002');
      expect(await tab.page.locator(':target').innerText(), 'the very token of the story').to.include('渡辺 由美');
      expect(await tab.open(`${demo.gateway}/demo/clock`)).to.equal('DMO003');
      expect(await tab.open(`${demo.gateway}/nowhere`)).to.equal('REF024');
      expect(await tab.send({})).to.equal('LGN001');
    });
  });
});
