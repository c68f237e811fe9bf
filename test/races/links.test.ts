// Who comes first gets the link, and the other one is told why: two Business Direct IDs for one account, two accounts for one
// Business Direct ID. Everything is proven beforehand; both finish at the same moment on two gateways.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { initiated, rounds, theScene, type Scene } from './scene.ts';

describe('the race for a link', function () {
  this.timeout(600_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
  });

  interface Runner {
    readonly browser: ScriptBrowser;
    readonly person: DemoPerson;
    readonly page: Page;
  }

  /** Forgets the links of the round before, and brings both to the first-link check. */
  async function lineUp(
    runners: readonly { readonly browser: ScriptBrowser; readonly person: DemoPerson; readonly bd: DemoPerson }[],
  ): Promise<readonly Runner[]> {
    for (const { person, bd } of runners) {
      await scene.sql(
        `update link set ended_at = 1, ended_why = 'the next round' where ended_at is null and (account_id = $1 or display = $2)`,
        [await scene.accountId(person), bd.business_direct?.id],
      );
      await scene.sql('delete from first_link_try');
    }
    await scene.forgetSources();
    const ready: Runner[] = [];
    for (const { browser, person, bd } of runners) {
      for (const name of browser.cookies().keys()) if (name.startsWith('renkei_')) browser.dropCookie(name);
      const page = await initiated(scene, browser, bd.business_direct);
      expect(page.screen).to.equal('LNK001');
      ready.push({ browser, person, page });
    }
    return ready;
  }

  const run = (runners: readonly Runner[]): Promise<readonly Page[]> =>
    Promise.all(
      runners.map(({ browser, person, page }) =>
        browser.submit(page, { login_id: person.login_id, password: person.password }),
      ),
    );

  /** Both have proven everything and stand before the finishing transaction when they are let go. */
  async function runTogether(runners: readonly Runner[]): Promise<readonly Page[]> {
    const gate = await scene.connection();
    await gate.query('begin');
    for (const { person } of runners) {
      await gate.query('select id from account where id = $1 for update', [await scene.accountId(person)]);
    }
    const pages = run(runners);
    await scene.untilWaiting(runners.length);
    await gate.query('rollback');
    await gate.end();
    return pages;
  }

  /** The live links of these accounts, and the half-written that a lost race might leave behind. */
  async function kept(people: readonly DemoPerson[]): Promise<{ readonly links: number; readonly loose: number }> {
    const ids = await Promise.all(people.map((person) => scene.accountId(person)));
    const [links] = await scene.sql(
      'select count(*)::int as n from link where ended_at is null and account_id = any($1)',
      [ids],
    );
    const [loose] = await scene.sql(
      `select count(*)::int as n from login left join link on link.id = login.link_id
       where login.account_id = any($1) and login.ended_at is null and login.route = 'federated' and (link.id is null or link.ended_at is not null)
       and login.started_at > (select max(made_at) from link where account_id = any($1) and ended_at is null)`,
      [ids],
    );
    return { links: Number(links?.['n']), loose: Number(loose?.['n']) };
  }

  it('for one account: exactly one of two Business Direct IDs gets it, and the other reads which one has it', async () => {
    const { demo } = scene;
    const person = demo.person('okondo31');
    const bds = [demo.person('okondo31'), demo.person('nishii42')];
    const runners = bds.map((bd) => ({ browser: demo.browser(true), person, bd }));
    const lost: (number | undefined)[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const since = await scene.mark(person);
      const ready = await lineUp(runners);
      const pages = await (round % 4 === 3 ? run(ready) : runTogether(ready));
      const winner = pages.findIndex(({ screen }) => screen === 'TOP001');
      const loser = pages[1 - winner];
      expect(
        pages.filter(({ screen }) => screen === 'TOP001'),
        `round ${round}`,
      ).to.have.length(1);
      expect(loser?.screen).to.equal('REF008');
      expect(loser?.refusal).to.equal('link-limit');
      // Lost in the transaction; or seen before it, by one that had waited at the proof of its password.
      expect([409, 403]).to.include(loser?.status);
      lost.push(loser?.status);
      const display = bds[winner]?.business_direct?.id ?? '';
      expect(loser?.text()).to.contain(`${display.slice(0, 2)}***${display.slice(-2)}`);
      expect(await kept([person])).to.deep.equal({ links: 1, loose: 0 });
      const events = (await scene.events(person, since)).map(({ event }) => event);
      expect(events.filter((event) => event === 'link.made')).to.have.length(1);
      expect(events.filter((event) => event === 'login.finished')).to.have.length(1);
      // The loser's page stays what it is, whatever button is pressed again.
      const again = await runners[1 - winner]?.browser.open(loser?.url ?? '');
      expect(again?.screen).to.equal('REF008');
    }
    expect(lost, 'nobody came as far as the transaction').to.include(409);
  });

  it('for one Business Direct ID: exactly one of two accounts gets it, and the other is told that it is taken', async () => {
    const { demo } = scene;
    const people = [demo.person('okondo31'), demo.person('hsakamoto24')];
    const bd = demo.person('okondo31');
    const runners = people.map((person) => ({ browser: demo.browser(true), person, bd }));
    for (let round = 0; round < rounds; round += 1) {
      const ready = await lineUp(runners);
      const pages = await (round % 4 === 3 ? run(ready) : runTogether(ready));
      const winner = pages.findIndex(({ screen }) => screen === 'TOP001');
      const loser = pages[1 - winner];
      expect(
        pages.filter(({ screen }) => screen === 'TOP001'),
        `round ${round}`,
      ).to.have.length(1);
      expect([loser?.status, loser?.screen, loser?.refusal], `round ${round}`).to.deep.equal([
        409,
        'REF009',
        'link-taken',
      ]);
      expect(loser?.text()).to.contain(bd.business_direct?.id);
      expect(await kept(people)).to.deep.equal({ links: 1, loose: 0 });
      // Whose link it is, only its owner learns.
      expect(loser?.text()).not.to.contain(people[winner]?.login_id);
    }
  });

  it('pressed twice at once in one browser makes one link, one login and one receipt', async () => {
    const { demo } = scene;
    const person = demo.person('nishii42');
    const runner = { browser: demo.browser(true), person, bd: person };
    for (let round = 0; round < rounds; round += 1) {
      const since = await scene.mark(person);
      const [ready] = await lineUp([runner]);
      if (!ready) throw new Error('nobody is ready');
      const pages = await run([ready, ready, ready]);
      for (const page of pages) expect(['TOP001', 'REF001']).to.include(page.screen);
      expect(
        pages.some(({ screen }) => screen === 'TOP001'),
        `round ${round}`,
      ).to.equal(true);
      expect(await kept([person])).to.deep.equal({ links: 1, loose: 0 });
      const events = (await scene.events(person, since)).map(({ event }) => event);
      expect(events.filter((event) => event === 'link.made')).to.have.length(1);
      expect(events.filter((event) => event === 'login.finished')).to.have.length(1);
      expect((await runner.browser.open(`${demo.gateway}/`)).screen).to.equal('TOP001');
    }
  });
});
