// What an upstream says of itself and of a person's company: only so far as it is configured, and never as more than it is.
import { expect } from 'chai';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { comesIn, inBoth, theWorlds, walk, type World } from './hostile-scene.ts';
import { misbehaves, nothing, recorded, refusedOutcome, standing, table } from './hostile-judgement.ts';

before(async function () {
  this.timeout(120_000);
  await theWorlds();
});

const soonAt = (): number => Math.floor(Date.now() / 1000) + 10 * 365 * 86_400;
const times: Readonly<Record<string, () => unknown>> = {
  'auth_time absent': () => undefined,
  'auth_time 0': () => 0,
  'auth_time in the future': soonAt,
};

const errorIn = (page: Page): unknown => page.json('error')?.['error'];
const demands = async (world: World, browser: ScriptBrowser, maxAge: string): Promise<Page> => {
  const url = await world.portal.authorizeUrl(world.demo.gateway, { max_age: maxAge });
  const page = await browser.open(url);
  return page.screen === 'LGN001' ? browser.submit(page, {}, 'federated') : page;
};
const told = (world: World, page: Page): string | null =>
  page.screen === 'CALLBACK' ? world.portal.answer(page).get('error') : `${page.screen}`;

describe('what a Business Direct says of itself, through the whole gateway', () => {
  for (const [name, value] of Object.entries(times)) {
    it(`meets neither prompt=login nor max_age with ${name}`, async () => {
      const events = await inBoth(async (world) => {
        const before = await standing(world);
        world.bank.say('id-token', { auth_time: value() });
        const asked = world.bank.requests.filter((path) => path === '/authorize').length;
        const again = await walk(world, world.browser(), { button: 'login_again' });
        expect(errorIn(again), again.text()).to.equal('login_required');
        expect(world.bank.requests.filter((path) => path === '/authorize').length - asked, 'asked twice').to.equal(2);
        for (const maxAge of ['0', '300', '86400'])
          expect(told(world, await demands(world, world.browser(), maxAge)), maxAge).to.equal('login_required');
        expect(await standing(world)).to.deep.equal(before);
        const rows = await world.sql(
          "select event, body from audit where event = 'upstream.refused' order by at desc limit 4",
        );
        await comesIn(world);
        return rows?.map((row) => String(row['body']));
      });
      for (const body of events[0] ?? []) expect(body).to.include('the sign-in there is older than was asked');
      expect(events[0]).to.have.length(4);
      table.row([
        `\`${name}\`, with prompt=login or max_age`,
        'the portal: `login_required`, after one more try there',
        recorded(refusedOutcome, 'the sign-in there is older than was asked'),
        nothing,
      ]);
    });
  }

  for (const name of ['auth_time 0', 'auth_time in the future'] as const) {
    it(`counts for nothing later, when somebody came in with ${name} and nothing was demanded`, async () => {
      await inBoth(async (world) => {
        world.bank.say('id-token', { auth_time: times[name]?.() });
        const browser = world.browser();
        const page = await walk(world, browser);
        expect(page.screen, page.text()).to.equal('PTL002');
        expect(page.json('claims')?.['auth_time']).to.equal(1);
        world.logins.federated += 1;
        world.keep(browser);
        expect(told(world, await demands(world, browser, '86400'))).to.equal('login_required');
        await comesIn(world);
      });
      table.row([
        `\`${name}\`, nothing demanded`,
        'the portal: signed in, `auth_time` 1 (the lowest there is)',
        'as every login',
        'a max_age asked later of the same session is not met by it',
      ]);
    });
  }

  it('is refused with an auth_time that is a text', () =>
    misbehaves('auth_time a text', refusedOutcome, ({ bank }) => bank.say('id-token', { auth_time: 'just now' })));

  it('meets a demand when it says that the person signed in just now', async () => {
    await inBoth(async (world) => {
      const now = Math.floor((await world.demo.now()) / 1000);
      world.bank.say('id-token', { auth_time: now });
      const browser = world.browser();
      const page = await walk(world, browser, { button: 'login_again' });
      // No device counts when a new sign-in was asked for.
      expect(page.screen).to.equal('OTP002');
      await comesIn(world);
    });
  });
});

describe('what a Business Direct says of the company, through the whole gateway', () => {
  const odd: Readonly<Record<string, unknown>> = {
    'company a number': 7,
    'company an empty text': '',
    'company a list': [],
    'company without its number': {},
    'company number over-long': { contract_number: 'x'.repeat(65) },
    'company number with a control character': '1014820157\u0000',
  };
  for (const [name, company] of Object.entries(odd))
    it(`is refused with ${name}`, () =>
      misbehaves(name, refusedOutcome, ({ second }) => second.say('userinfo', { name: 'x', company }), {
        which: 'second',
        age: 11,
      }));

  for (const [name, company] of [
    ['company of another contract', { contract_number: '2053317046', name: '北浜フーズ株式会社' }],
    ['company absent', undefined],
  ] as const) {
    it(`links nobody and lets nobody through a link with ${name}`, async () => {
      await inBoth(async (world) => {
        const { demo, second } = world;
        const before = await standing(world);
        second.say('userinfo', { sub: 'bd-0002', name: 'x', company });
        second.say('id-token', { sub: 'bd-0002' });
        await mismatched(world, demo.browser(), demo.person('dyamamoto47'));
        second.say('userinfo', { name: 'x', company });
        second.say('id-token', {});
        await mismatched(world, world.browser(), world.person);
        expect(await standing(world), name).to.deep.equal(before);
        await comesIn(world, 'second');
      });
      table.row([
        `\`${name}\`, at the first link and through a link`,
        'LNK001, and after the password REF010 `company-mismatch` 403',
        '`link.refused`: company-mismatch',
        nothing,
      ]);
    });
  }
});

/** Whether linked or not: the password is asked, and then the companies differ. */
async function mismatched(world: World, browser: ScriptBrowser, person: World['person']): Promise<void> {
  const asked = await walk(world, browser, { which: 'second' });
  expect(asked.screen, asked.text()).to.equal('LNK001');
  const page = await browser.submit(asked, { login_id: person.login_id, password: person.password });
  expect([page.screen, page.status, page.refusal]).to.deep.equal(['REF010', 403, 'company-mismatch']);
  const reference = String(page.headers.get('x-renkei-reference'));
  expect(page.text()).to.include(reference);
  const rows = await world.sql('select event, body from audit where reference = $1', [reference]);
  if (rows === null) return;
  expect(rows.map((row) => row['event'])).to.have.members(['link.refused', 'sign-in.refused']);
  const pair = rows.find((row) => row['event'] === 'link.refused');
  expect(pair?.['body']).to.include('"why":"company-mismatch"');
}
