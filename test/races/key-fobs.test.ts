// One key-fob in several hands, at once over both gateways: its code is good once among all who share it, nobody's other try is
// counted as wrong, and what is taken away while a colleague stands before the code is worth nothing any more.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { fobOf, shownNext, shownNow } from '../support/key-fob.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { renkei } from '../support/walks.ts';
import { initiated, inTurn, rounds, type Scene, tally, theScene } from './scene.ts';

interface Desk {
  readonly person: DemoPerson;
  readonly browser: ScriptBrowser;
  readonly page: Page;
}

describe('one key-fob in several hands at once', function () {
  this.timeout(900_000);
  let scene: Scene;
  let sharers: readonly DemoPerson[];
  before(async () => {
    scene = await theScene();
    sharers = ['simai67', 'afujiwara35', 'rtakeuchi94'].map((loginId) => scene.demo.person(loginId));
  });

  /** A browser that waits at the first page that asks for more than the password. */
  async function desk(person: DemoPerson): Promise<Desk> {
    const browser = scene.demo.browser(true);
    let page = await initiated(scene, browser, person.business_direct);
    if (page.screen === 'LNK001')
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    return { person, browser, page };
  }

  const misses = async (): Promise<readonly unknown[]> => {
    const ids = await Promise.all(sharers.map((person) => scene.accountId(person)));
    const rows = await scene.sql('select otp_misses, otp_stopped_at from account where id = any($1)', [ids]);
    return rows.map(({ otp_misses: n, otp_stopped_at: at }) => [n, at]);
  };
  const nobodyMissed = [
    [0, null],
    [0, null],
    [0, null],
  ];

  it('registering it with one code: one of three gets it, the others are told to take the next one', async () => {
    const { demo } = scene;
    const [person] = sharers;
    if (!person) throw new Error('nobody shares');
    const fob = fobOf(person);
    const desks = await Promise.all(sharers.map((each) => desk(each)));
    expect(desks.map(({ page }) => page.screen)).to.deep.equal(['TKN001', 'TKN001', 'TKN001']);
    const otp = await shownNow(demo, fob);
    const pages = await Promise.all(
      desks.map(({ browser, page }) => browser.submit(page, { serial: fob.serial, otp })),
    );
    expect(tally(pages)).to.deep.equal({ '200 TOP001': 1, '422 TKN001 otp-used': 2 });
    expect(await misses()).to.deep.equal(nobodyMissed);
    for (const [n, page] of pages.entries()) {
      const later = desks[n];
      if (!later || page.screen === 'TOP001') continue;
      const done = await later.browser.submit(page, { serial: fob.serial, otp: await shownNext(demo, fob) });
      expect(done.screen, done.text()).to.equal('TOP001');
    }
  });

  it('one code in twenty sign-ins of three people: one success, nineteen times "used", nothing counted as wrong', async () => {
    const { demo } = scene;
    const [first] = sharers;
    if (!first) throw new Error('nobody shares');
    const desks = [...(await inTurn(20, (n) => desk(sharers[n % sharers.length] ?? first)))];
    expect(new Set(desks.map(({ page }) => page.screen))).to.deep.equal(new Set(['OTP001']));
    for (let round = 0; round < rounds; round += 1) {
      const marks = await Promise.all(sharers.map((person) => scene.mark(person)));
      const otp = await shownNext(demo, fobOf(first));
      const pages = await Promise.all(desks.map(({ browser, page }) => browser.submit(page, { otp })));
      expect(tally(pages), `round ${round}`).to.deep.equal({ '200 TOP001': 1, '422 OTP001 otp-used': 19 });
      expect(await misses(), `round ${round}`).to.deep.equal(nobodyMissed);
      const events = (await Promise.all(sharers.map((person, n) => scene.events(person, marks[n] ?? 0)))).flatMap(
        (each) => each.map(({ event }) => event),
      );
      expect(events.filter((event) => event === 'otp.accepted')).to.have.length(1);
      expect(events).not.to.include('otp.missed');
      for (const [n, page] of pages.entries()) {
        const { person, browser } = desks[n] ?? { person: first, browser: demo.browser(true) };
        desks[n] = page.screen === 'TOP001' ? await desk(person) : { person, browser, page };
      }
      // Attempts live for half an hour, and each round goes on by a minute.
      if (round % 20 === 19) for (const [n, { person }] of [...desks].entries()) desks[n] = await desk(person);
    }
  });

  it('revoked for everybody while they stand before the code: nobody gets in with it', async () => {
    const { demo } = scene;
    const [first] = sharers;
    if (!first) throw new Error('nobody shares');
    const desks = await Promise.all(sharers.map((person) => desk(person)));
    const otp = await shownNext(demo, fobOf(first));
    const revoked = await renkei(
      demo,
      'tokens',
      'revoke',
      '--serial',
      fobOf(first).serial,
      '--reason',
      'lost',
      '--json',
    );
    expect(revoked.status, revoked.err).to.equal(0);
    const pages = await Promise.all(desks.map(({ browser, page }) => browser.submit(page, { otp })));
    for (const page of pages) expect(page.screen, page.text()).to.match(/^REF/);
    for (const person of sharers) {
      const { browser, page } = await desk(person);
      expect(page.screen, 'no key-fob, and no grace any more').to.match(/^(TKN002|BOT012)$/);
      if (page.screen !== 'TKN002') continue;
      const again = await browser.submit(page, {
        serial: fobOf(first).serial,
        otp: await shownNext(demo, fobOf(first)),
      });
      expect(again.refusal, 'nor is it registered again').to.equal('otp-wrong');
    }
  });
});
