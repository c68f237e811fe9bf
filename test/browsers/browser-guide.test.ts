// The guide to the demo, followed by its own words in Chromium: every button and link that its five stories name in 「」 is
// pressed by that name, with the people of their tables and the codes of the tokens' page.
import { expect } from 'chai';
import { ja } from '../../views/messages/ja.ts';
import { type Chromium, startChromium, type Tab, type Window } from '../support/chromium.ts';
import { readMailedCode } from '../support/chromium-walks.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { needs } from '../support/tools.ts';
import { renkei } from '../support/walks.ts';

type Step = Extract<keyof typeof ja, `DMO001.s${string}`>;

/** What the guide's table says of one person. */
interface Cast {
  readonly loginId: string;
  readonly password: string;
  readonly confirmation: string;
  readonly direct: { readonly id: string; readonly password: string };
  readonly serial: string;
  readonly tokenPage: string;
}

describe('the guide to the demo, followed word for word', function () {
  this.timeout(60_000);
  let demo: Demo;
  let chromium: Chromium;
  let office: Window;
  let tab: Tab;
  let guide: Tab;
  let aside: Tab;
  let cast: readonly (readonly Cast[])[];
  let command: readonly string[];

  before(async function () {
    needs(this, 'chromium');
    [demo, chromium] = await Promise.all([startDemo('embedded'), startChromium()]);
    office = await chromium.window({ scripts: false });
    [guide, tab, aside] = [await office.tab(), await office.tab(), await office.tab()];
    await guide.open(`${demo.gateway}/demo`);
    const sections = await guide.page.locator('section.story').all();
    cast = await Promise.all(sections.map((section) => castOf(section)));
    command = (await guide.page.locator('pre.command').innerText()).split(' ').slice(2);
  });
  after(async () => {
    await chromium?.close();
    await demo?.stop();
  });

  /** Presses what one step of the guide names, in its order; names of fields and pages are passed by. */
  async function follow(at: Tab, step: Step, fill: Readonly<Record<string, string | true>> = {}): Promise<string> {
    const words = ja[step].replaceAll('{direct}', 'ビジネスダイレクト');
    const names = [...words.matchAll(/「([^」]+)」/g)].map(([, name = '']) => name);
    let screen = await at.screen();
    for (const name of names) {
      const main = at.page.locator('main');
      const button = main.getByRole('button', { name, exact: true }).or(main.getByRole('link', { name, exact: true }));
      if ((await button.count()) === 0) continue;
      for (const [field, value] of Object.entries(fill)) {
        const input = at.page.locator(`main form [name="${field}"]`);
        if ((await input.count()) === 1) await (value === true ? input.check() : input.fill(value));
      }
      screen = await at.follow(() => button.click());
    }
    return screen;
  }

  /** The code that the page of all tokens shows, once it is another one than before. */
  async function shownCode(person: Cast): Promise<string> {
    await demo.forward(60);
    const { pathname, hash } = new URL(person.tokenPage);
    await aside.open(`${demo.gateway}${pathname}`);
    return (await aside.page.locator(`${hash} code`).innerText()).replace(/\s/g, '');
  }

  const portal = (at: Tab): Promise<string> => at.open(`${demo.portal}/`);
  const shown = async (at: Tab): Promise<string> => (await at.page.locator('dl').innerText()).replace(/\s+/g, ' ');

  it('1: links, and skips the code the second time', async () => {
    const [person] = people(cast[0]);
    await portal(tab);
    expect(await follow(tab, 'DMO001.s1.1')).to.equal('BDD001');
    const { id, password } = person.direct;
    const direct = { business_direct_id: id, business_direct_password: password };
    expect(await follow(tab, 'DMO001.s1.2', direct)).to.equal('LNK001');
    expect(await follow(tab, 'DMO001.s1.3', { login_id: person.loginId, password: person.password })).to.equal(
      'OTP001',
    );
    expect(await follow(tab, 'DMO001.s1.4', { otp: await shownCode(person), remember: true })).to.equal('PTL002');
    expect(await shown(tab)).to.include('federated-otp');
    expect(await follow(tab, 'DMO001.s1.5')).to.equal('PTL002');
    expect(await shown(tab)).to.include('federated"');
  });

  it('2: asks the code on the direct route', async () => {
    const [person] = people(cast[1]);
    expect(await follow(tab, 'DMO001.s2.1')).to.equal('LGN002');
    expect(await follow(tab, 'DMO001.s2.2', { login_id: person.loginId, password: person.password })).to.equal(
      'OTP002',
    );
    expect(await follow(tab, 'DMO001.s2.3', { otp: await shownCode(person) })).to.equal('PTL002');
    expect(await shown(tab)).to.include('password-otp');
  });

  it('3: removes the link, and the check and the code come back', async () => {
    const [admin, person = admin] = people(cast[2]);
    expect(await follow(tab, 'DMO001.s3.1')).to.equal('PTL002');
    const other = await chromium.window({ scripts: false });
    const desk = await other.tab();
    await desk.open(`${demo.gateway}/`);
    expect(await follow(desk, 'DMO001.s3.2')).to.equal('LGN002');
    await desk.send({ login_id: admin.loginId, password: admin.password });
    expect(await desk.send({ otp: await shownCode(admin) })).to.equal('TOP001');
    const page = desk.page.locator('tr', { hasText: person.loginId }).getByRole('checkbox');
    for (const name of ['管理', '利用者管理', 'ID連携・入力省略の管理']) {
      expect(ja['DMO001.s3.3']).to.include(`「${name}」`);
      await desk.follow(() => desk.page.locator('main').getByRole('link', { name, exact: true }).click());
    }
    await page.check();
    expect(await follow(desk, 'DMO001.s3.3')).to.equal('CON071');
    const proof = { confirmation_password: admin.confirmation, otp: await shownCode(admin) };
    expect(await follow(desk, 'DMO001.s3.4', proof)).to.equal('CON072');
    await other.close();
    expect(await portal(tab), 'signed out').to.equal('PTL001');
    expect(await follow(tab, 'DMO001.s3.5')).to.equal('LNK001');
    expect(await tab.send({ login_id: person.loginId, password: person.password }), 'the code').to.equal('OTP001');
  });

  it('4: sets a newcomer up, up to the portal', async () => {
    const [person] = people(cast[3]);
    const fresh = await chromium.window({ scripts: false });
    const home = await fresh.tab();
    await portal(home);
    expect(await follow(home, 'DMO001.s4.1')).to.equal('BDD001');
    const { id, password } = person.direct;
    await home.send({ business_direct_id: id, business_direct_password: password });
    expect(await follow(home, 'DMO001.s4.2', { login_id: person.loginId, password: person.password })).to.equal(
      'SET001',
    );
    await home.send({ new_login_id: 'sakura2026' });
    await home.send({ new_password: 'Kawabe2411', new_password_again: 'Kawabe2411' });
    await home.send({ new_confirmation_password: 'Minori9035', new_confirmation_password_again: 'Minori9035' });
    await home.send({ email: 'anything@made-up.example' });
    const code = await readMailedCode(demo, aside, 'anything@made-up.example');
    expect(await home.send({ email_code: code })).to.equal('TKN002');
    const token = { serial: person.serial, otp: await shownCode(person) };
    expect(await follow(home, 'DMO001.s4.4', token)).to.equal('PTL002');
    await fresh.close();
  });

  it('5: stops after five wrong codes, and the command releases', async () => {
    const [person] = people(cast[4]);
    const fresh = await chromium.window({ scripts: false });
    const home = await fresh.tab();
    await portal(home);
    expect(await follow(home, 'DMO001.s5.1')).to.equal('LGN002');
    expect(await home.send({ login_id: person.loginId, password: person.password })).to.equal('OTP002');
    for (let miss = 0; miss < 4; miss += 1) expect(await home.send({ otp: '000000' })).to.equal('OTP002');
    expect(await home.send({ otp: '000000' })).to.equal('REF004');
    const [mail] = /「(ワンタイムパスワードが利用停止になりました)」/.exec(ja['DMO001.s5.3'])?.slice(1) ?? [];
    await aside.open(`${demo.mail}/?q=${encodeURIComponent(mail ?? '')}`);
    expect(await aside.page.locator('tbody tr').count()).to.equal(1);
    expect((await renkei(demo, ...command)).status).to.equal(0);
    expect(await home.send({}, 'restart')).to.equal('LGN001');
    await home.send({}, 'direct');
    await home.send({ login_id: person.loginId, password: person.password });
    expect(await home.send({ otp: await shownCode(person) })).to.equal('PTL002');
    await fresh.close();
  });
});

const people = (cast: readonly Cast[] | undefined): readonly [Cast, ...Cast[]] => {
  const [first, ...others] = cast ?? [];
  if (!first) throw new Error('a story without people');
  return [first, ...others];
};

/** Reads the table of a story. */
async function castOf(section: ReturnType<Tab['page']['locator']>): Promise<readonly Cast[]> {
  const rows = await section.locator('tbody tr').all();
  return Promise.all(
    rows.map(async (row): Promise<Cast> => {
      const [loginId = '', password = '', ...rest] = await row.locator('code').allInnerTexts();
      const [confirmation = '', id = '', directPassword = ''] = rest.length === 3 ? rest : ['', ...rest];
      const token = row.getByRole('link');
      const serial = await token.innerText();
      const tokenPage = (await token.getAttribute('href')) ?? '';
      return { loginId, password, confirmation, direct: { id, password: directPassword }, serial, tokenPage };
    }),
  );
}
