// A key-fob that three colleagues share, under one code from many browsers over both gateways: it lets one of them in, and nobody's
// count rises for a code that was right (spec §5, §11.3).
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { cookiesNamed, wrongCode } from '../support/walks.ts';
import { initiated, inTurn, rounds, tally, theScene, type Scene } from './scene.ts';

interface Desk {
  readonly browser: ScriptBrowser;
  readonly person: DemoPerson;
  page: Page;
}

describe('one shared key-fob at once', function () {
  this.timeout(900_000);
  let scene: Scene;
  let sharers: readonly DemoPerson[];
  let token: string;
  before(async () => {
    scene = await theScene();
    // Two of them hold one token; a third colleague takes theirs in place of an own one.
    sharers = ['atanaka93', 'sito48', 'sabe89'].map((loginId) => scene.demo.person(loginId));
    const [first, , third] = sharers;
    if (!first || !third) throw new Error('nobody');
    const [held] = await scene.sql('select token_id from token_holder where account_id = $1 and ended_at is null', [
      await scene.accountId(first),
    ]);
    token = String(held?.['token_id']);
    await scene.sql('update token_holder set token_id = $2 where account_id = $1 and ended_at is null', [
      await scene.accountId(third),
      token,
    ]);
  });
  // The third has an own token again: other races use it.
  after(async () => {
    const third = sharers?.[2];
    if (!third) return;
    await scene.sql(
      'update token_holder set token_id = (select id from token where serial = $2) where account_id = $1 and ended_at is null',
      [await scene.accountId(third), third.otp?.serial],
    );
  });

  async function desk(person: DemoPerson, browser = scene.demo.browser(true)): Promise<Desk> {
    for (const [name] of cookiesNamed(browser, 'renkei_')) browser.dropCookie(name);
    let page = await initiated(scene, browser, person.business_direct);
    if (page.screen === 'LNK001')
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    expect(page.screen).to.equal('OTP001');
    return { browser, person, page };
  }

  /** As if no code of the token had been accepted yet. */
  async function forget(): Promise<void> {
    await scene.sql('update token set last_step = null, last_step_by = null, drift = 0 where id = $1', [token]);
    for (const person of sharers)
      await scene.sql('update account set otp_misses = 0 where id = $1', [await scene.accountId(person)]);
  }

  const codeOf = async (): Promise<string> => {
    const [first] = sharers;
    return first ? scene.demo.code(first) : expect.fail();
  };

  async function misses(): Promise<readonly number[]> {
    const ids = await Promise.all(sharers.map((person) => scene.accountId(person)));
    const rows = await scene.sql('select otp_misses from account where id = any($1)', [ids]);
    return rows.map((row) => Number(row['otp_misses']));
  }

  it('twenty submissions of one code by three sharers on two gateways: one success, no false failure counted', async () => {
    let desks: readonly Desk[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // Each person has one attempt in each of several browsers; who got in last round begins anew.
      const gone = new Set(desks.filter(({ page }) => page.screen !== 'OTP001').map(({ browser }) => browser));
      desks =
        desks.length === 0
          ? await inTurn(20, (n) => desk(sharers[n % 3] ?? expect.fail()))
          : await Promise.all(desks.map(async (one) => (gone.has(one.browser) ? desk(one.person) : one)));
      await forget();
      const since = await Promise.all(sharers.map((person) => scene.mark(person)));
      const otp = await codeOf();
      const pages = await Promise.all(desks.map(({ browser, page }) => browser.submit(page, { otp })));
      expect(tally(pages), `round ${round}`).to.deep.equal({ '200 TOP001': 1, '422 OTP001 otp-used': 19 });
      expect(await misses(), `round ${round}`).to.deep.equal([0, 0, 0]);
      const events = (await Promise.all(sharers.map((person, n) => scene.events(person, since[n] ?? 0)))).flat();
      const count = (event: string): number => events.filter((one) => one.event === event).length;
      expect([count('otp.accepted'), count('otp.used-again'), count('otp.missed')]).to.deep.equal([1, 19, 0]);
      expect(events.find(({ event }) => event === 'otp.accepted')?.data['shared'], 'told as shared').to.equal(true);
      for (const [n, page] of pages.entries()) {
        const one = desks[n];
        if (one) one.page = page;
      }
    }
  });

  it('a colleague’s right code beside one’s own wrong ones: only what was wrong is counted, for who typed it', async () => {
    const desks = await inTurn(6, (n) => desk(sharers[n % 2] ?? expect.fail()));
    for (let round = 0; round < Math.min(rounds, 20); round += 1) {
      await forget();
      const [first] = sharers;
      const [right, wrong] = [await codeOf(), await wrongCode(scene.demo, first ?? expect.fail())];
      // The first person types what is right, the second what is wrong.
      const pages = await Promise.all(
        desks.map(({ browser, page }, n) => browser.submit(page, { otp: n % 2 === 0 ? right : wrong })),
      );
      expect(tally(pages), `round ${round}`).to.deep.equal({
        '200 TOP001': 1,
        '422 OTP001 otp-used': 2,
        '422 OTP001 otp-wrong': 3,
      });
      const counted = await scene.sql('select otp_misses from account where id = any($1) order by otp_misses', [
        await Promise.all(sharers.slice(0, 2).map((person) => scene.accountId(person))),
      ]);
      expect(counted.map((row) => Number(row['otp_misses']))).to.deep.equal([0, 3]);
      for (const [n, page] of pages.entries()) {
        const one = desks[n];
        if (one) one.page = page.screen === 'OTP001' ? page : (await desk(one.person, one.browser)).page;
      }
    }
  });
});
