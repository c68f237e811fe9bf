// The people of config/demo/people.json as outside tools meet them (spec §12): each signs in as the file says, in the state
// that the file names; the company's table tells the same states; the entries of our own pages sign in and return.
import { expect } from 'chai';
import { type Demo, directly, startDemo, throughBusinessDirect } from '../support/demo-process.ts';
import type { DemoPerson, DemoState } from '../../src/demo/people.ts';
import type { Page } from '../support/script-browser.ts';
import { enterDirectly, enterOwnPages, hasButton, leavePortal, nextCode, wrongCode } from '../support/walks.ts';

/** What stands after login ID and password on the direct route. */
const afterPassword: Readonly<Record<DemoState, readonly [status: number, screen: string, refusal: string | null]>> = {
  'ready-linked': [200, 'OTP002', null],
  'ready-unlinked': [200, 'OTP002', null],
  'new': [200, 'SET001', null],
  'must-change': [200, 'OTP002', null],
  'expired': [200, 'OTP002', null],
  'password-locked': [422, 'LGN002', 'credentials'],
  'password-stopped': [422, 'LGN002', 'credentials'],
  'confirmation-stopped': [200, 'OTP002', null],
  'otp-stopped': [403, 'REF004', 'otp-stopped'],
  'account-stopped': [403, 'REF005', 'account-stopped'],
  'company-suspended': [403, 'REF006', 'company-suspended'],
  'grace': [200, 'TKN001', null],
  'grace-over': [200, 'TKN002', null],
  'no-otp': [200, 'PTL002', null],
  'no-permission': [403, 'REF007', 'no-permission'],
};

/** What the company's table calls it. */
const inTable: Partial<Record<DemoState, string>> = {
  'new': 'new',
  'must-change': 'must-change',
  'expired': 'expired',
  'password-locked': 'password-locked',
  'password-stopped': 'password-stopped',
  'confirmation-stopped': 'confirmation-stopped',
  'otp-stopped': 'otp-stopped',
  'account-stopped': 'account-stopped',
};

interface Row {
  readonly account: string;
  readonly states: readonly string[];
}

/** Rows of a table of people, by the name in them. */
function rowsOf(page: Page, people: readonly DemoPerson[]): ReadonlyMap<string, Row> {
  const rows = [
    ...page.html.matchAll(/<tr\b[^>]*data-account="([^"]+)"[^>]*data-state="([^"]+)"[^>]*>([\s\S]*?)<\/tr>/g),
  ];
  return new Map(
    rows.flatMap(([, account = '', states = '', text = '']) =>
      people
        .filter(({ name }) => text.includes(name))
        .map(({ name }) => [name, { account, states: states.split(' ') }] as const),
    ),
  );
}

describe('the people of the demo', () => {
  let demo: Demo;

  before(async function () {
    this.timeout(120_000);
    demo = await startDemo('real');
  });
  after(() => demo?.stop());

  const inState = (state: DemoState): readonly DemoPerson[] => demo.people.filter((person) => person.state === state);

  for (const [state, [status, screen, refusal]] of Object.entries(afterPassword)) {
    it(`in state ${state} stand before ${screen} after login ID and password${refusal === null ? '' : ` (${refusal})`}`, async () => {
      const people = demo.people.filter((person) => person.state === state);
      expect(people).not.to.deep.equal([]);
      for (const person of people) {
        expect(await directly(demo, demo.browser(), person), person.login_id).to.include({ status, screen, refusal });
      }
    });
  }

  it('have Business Direct IDs that sign in there, linked or not as their state says', async () => {
    for (const person of [
      ...inState('ready-linked'),
      ...inState('ready-unlinked'),
      ...inState('no-otp'),
      ...inState('grace'),
    ]) {
      if (!person.business_direct) continue;
      const page = await throughBusinessDirect(demo, demo.browser(), person);
      expect(page.screen, person.login_id).to.equal(person.state === 'ready-linked' ? 'OTP001' : 'LNK001');
    }
  });

  it('have codes that their tokens show, by the secret, algorithm, digits and period of the file', async () => {
    const [sha1, sha256, sha512] = (['SHA1', 'SHA256', 'SHA512'] as const).map((algorithm) =>
      demo.people.find(({ state, otp }) => state.startsWith('ready') && otp?.algorithm === algorithm),
    );
    for (const person of [sha1, sha256, sha512]) {
      if (!person) throw new Error('an algorithm without a person');
      expect((await enterDirectly(demo, demo.browser(), person)).screen, person.login_id).to.equal('PTL002');
    }
  });

  it('must change or renew a password at the end of the sign-in, where their state says so', async () => {
    expect((await enterDirectly(demo, demo.browser(), demo.person('mkato99'))).screen).to.equal('PWC001');
    expect((await enterDirectly(demo, demo.browser(), demo.person('tyoshida66'))).screen).to.equal('PWC002');
  });

  it('may put the token off in grace and not after it', async () => {
    const grace = await directly(demo, demo.browser(), demo.person('kokada89'));
    const over = await directly(demo, demo.browser(), demo.person('cmurakami98'));
    expect([hasButton(grace, 'skip_registration'), hasButton(over, 'skip_registration')]).to.deep.equal([true, false]);
  });

  describe("in the company's table", () => {
    it('carry data-account and data-state, the state that the file names', async () => {
      const master = demo.person('ksato82');
      const browser = demo.browser();
      const page = await enterOwnPages(demo, browser, master, '/company/people', 'direct');
      expect(page.screen).to.equal('CON010');
      const people = demo.people.filter(({ contract_number: contract }) => contract === master.contract_number);
      const rows = rowsOf(page, people);
      for (const { name, state } of people) {
        expect(rows.get(name)?.states, name).to.deep.equal([inTable[state] ?? 'available']);
        expect(rows.get(name)?.account, name).to.match(/^[\w-]+$/);
      }
      expect(rows.size).to.equal(people.length);
      for (const { name } of demo.people) expect(page.html.includes(name), name).to.equal(rows.has(name));
    });

    it('carry several states separated by spaces, and confirmation-locked after five wrong confirmation passwords', async () => {
      const stopped = demo.person('mkato99');
      const guessing = demo.browser();
      let page = await directly(demo, guessing, stopped);
      const wrong = await wrongCode(demo, stopped);
      for (let n = 0; n < 5; n += 1) page = await guessing.submit(page, { otp: wrong });
      expect(page.refusal).to.equal('otp-stopped');

      const admin = demo.person('msuzuki14');
      const hers = demo.browser();
      page = await enterOwnPages(demo, hers, admin, '/company/people/links', 'direct');
      const { account = '' } = rowsOf(page, [demo.person('rhashimoto46')]).get(demo.person('rhashimoto46').name) ?? {};
      page = await hers.submit(page, { people: [account] }, 'unlink');
      expect(page.screen).to.equal('CON071');
      for (let n = 0; n < 5; n += 1) {
        page = await hers.submit(page, { confirmation_password: 'Chigau1234', otp: await demo.code(admin) });
        expect(page, `try ${n + 1}`).to.include({ status: 422, refusal: 'credentials' });
      }

      const master = demo.person('ksato82');
      const list = await enterOwnPages(demo, demo.browser(), master, '/company/people', 'direct');
      const rows = rowsOf(list, [stopped, admin]);
      expect(rows.get(stopped.name)?.states).to.have.members(['must-change', 'otp-stopped']);
      expect(rows.get(admin.name)?.states).to.deep.equal(['confirmation-locked']);
    });
  });

  describe('at the entries of our own pages', () => {
    for (const [path, screen] of [
      ['/', 'TOP001'],
      ['/self-service', 'SLF001'],
      ['/company', 'CON001'],
    ] as const) {
      for (const route of ['direct', 'federated'] as const) {
        it(`sign in at ${path} by the ${route} route and return to it`, async () => {
          const browser = demo.browser();
          const page = await enterOwnPages(demo, browser, demo.person('ymori34'), path, route);
          expect([page.screen, new URL(page.url).pathname]).to.deep.equal([screen, path]);
        });
      }
    }

    it("sign in at /company/people/ID and return to that person, whom another company's administrator cannot find", async () => {
      const master = demo.person('ymori34');
      const list = await enterOwnPages(demo, demo.browser(), master, '/company/people', 'direct');
      const someone = demo.person('tikeda16');
      const { account = '' } = rowsOf(list, [someone]).get(someone.name) ?? {};
      const browser = demo.browser();
      const page = await enterOwnPages(demo, browser, master, `/company/people/${account}`, 'direct');
      expect([page.status, page.screen]).to.deep.equal([200, 'CON011']);
      expect(page.text()).to.include(someone.name);

      const stranger = demo.browser();
      const foreign = await enterOwnPages(
        demo,
        stranger,
        demo.person('ksato82'),
        `/company/people/${account}`,
        'direct',
      );
      expect(foreign).to.include({ status: 404, screen: 'REF024', refusal: 'not-found' });
      const unknown = await stranger.open(`${demo.gateway}/company/people/00000000-0000-7000-8000-000000000000`);
      const words = (one: Page): string => one.text().replace(/\w{4}-\w{4}/, '');
      expect([unknown.status, words(unknown)]).to.deep.equal([404, words(foreign)]);
    });

    it('are told in words when their role does not reach there', async () => {
      const browser = demo.browser();
      const page = await enterOwnPages(demo, browser, demo.person('nishii42'), '/company', 'direct');
      expect(page).to.include({ status: 403, screen: 'REF027', refusal: 'not-allowed' });
      expect((await browser.open(`${demo.gateway}/company/people`)).status).to.equal(403);
      expect((await browser.open(`${demo.gateway}/self-service`)).screen).to.equal('SLF001');
    });

    it('come by their link to our own pages and to every portal with one sign-in', async () => {
      const person = demo.person('ymori34');
      const browser = demo.browser();
      await enterOwnPages(demo, browser, person, '/', 'federated');
      const portal = await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login');
      expect(portal.json('claims')).to.include({ preferred_username: person.login_id, role: 'master' });
      expect(portal.json('claims')?.['company']).to.deep.equal({
        contract_number: person.contract_number,
        name: person.company,
      });
      await leavePortal(demo, browser);
      expect((await browser.open(`${demo.gateway}/`)).screen, 'signed out of all').to.equal('LGN001');
    });
  });

  describe('a year later', () => {
    it('have the locks and stops of the first start still', async () => {
      await demo.forward(365 * 86_400);
      for (const state of [
        'password-locked',
        'password-stopped',
        'otp-stopped',
        'account-stopped',
        'company-suspended',
      ] as const) {
        const [status, screen, refusal] = afterPassword[state];
        const [person] = inState(state);
        if (!person) throw new Error(`nobody is ${state}`);
        expect(await directly(demo, demo.browser(), person), state).to.include({ status, screen, refusal });
      }
      const person = demo.person('ksato82');
      const browser = demo.browser();
      const page = await browser.submit(await directly(demo, browser, person), { otp: await nextCode(demo, person) });
      expect(page.screen).to.equal('PWC002');
    });
  });
});
