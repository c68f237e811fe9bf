// Two tabs of one browser, or two browsers, in one attempt: while one of them is finishing, the other one finishes as somebody
// else, signs out, begins anew, or finds that the attempt is no longer there. Orders are forced by locks in the database.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { mainForm, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { nextCode } from '../support/walks.ts';
import { theScene, toDirect, toPortal, type Scene } from './scene.ts';

describe('what happens in one attempt, or one session, while it is being finished', function () {
  this.timeout(180_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
  });
  beforeEach(async () => {
    await scene.forgetSources();
    for (const person of [mine(), yours(), guarded()]) {
      const id = [await scene.accountId(person)];
      await scene.sql(
        "update login set ended_at = 1, ended_why = 'test' where account_id = $1 and ended_at is null",
        id,
      );
      await scene.sql('update portal_session set ended_at = 1 where account_id = $1 and ended_at is null', id);
    }
  });

  // Neither has a token, so the password is the last proof.
  const mine = (): DemoPerson => scene.demo.person('okondo31');
  const yours = (): DemoPerson => scene.demo.person('nishii42');
  const guarded = (): DemoPerson => scene.demo.person('rhashimoto46');
  const attemptOf = ({ url }: Page): string => /^.*\/sign-in\/[^/?]+/.exec(url)?.[0] ?? '';
  const uidOf = (page: Page): string => attemptOf(page).split('/').at(-1) ?? '';
  const csrfOf = ({ html }: Page): string => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const typed = ({ login_id, password }: DemoPerson) => ({ login_id, password });
  const signOut = async (browser: ScriptBrowser, page: Page): Promise<Page> =>
    browser.post(`${scene.demo.gateway}/logout`, new URLSearchParams({ csrf: csrfOf(page) }).toString());
  const openLogins = async (person: DemoPerson): Promise<number> =>
    (await scene.sql('select 1 from login where account_id = $1 and ended_at is null', [await scene.accountId(person)]))
      .length;
  /** Holds the row of an account, so that whoever finishes as this person waits; or of its passwords. */
  async function holdingRow(
    person: DemoPerson,
    work: () => Promise<void>,
    row: 'id from account where id' | 'account_id from credential where account_id' = 'id from account where id',
  ): Promise<void> {
    const holder = await scene.connection();
    await holder.query('begin');
    await holder.query(`select ${row} = $1 for update`, [await scene.accountId(person)]);
    try {
      await work();
    } finally {
      await holder.query('rollback');
      await holder.end();
    }
  }
  /** The redirect of a post, not followed by the browser that got it: its answer was lost. */
  async function unanswered(
    browser: ScriptBrowser,
    page: Page,
    fields: Readonly<Record<string, string>>,
  ): Promise<void> {
    const cookie = [...browser.cookies()].map(([name, value]) => `${name}=${value}`).join('; ');
    const { action } = mainForm(page.html);
    const answer = await fetch(new URL(action ?? page.url, page.url), {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'accept': 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ csrf: csrfOf(page), action: '', ...fields }),
    });
    expect(answer.status).to.equal(303);
  }

  it('two people finish it in two tabs: the first one has it, the other tab is told so, and nobody gets the other’s login', async () => {
    const tab = scene.demo.browser(true);
    const page = await toDirect(scene, tab);
    const late: Promise<Page>[] = [];
    // The password of the one is being compared while the other signs in whole.
    await holdingRow(
      yours(),
      async () => {
        late.push(tab.submit(page, typed(yours())));
        await scene.untilWaiting();
        expect((await tab.submit(page, typed(mine()))).screen).to.equal('TOP001');
      },
      'account_id from credential where account_id',
    );
    for (const after of await Promise.all(late)) expect(after.status, after.text().slice(0, 300)).to.be.below(500);
    const top = await tab.open(`${scene.demo.gateway}/`);
    expect(top.html).to.contain(mine().login_id).and.not.contain(yours().login_id);
    expect([await openLogins(mine()), await openLogins(yours())]).to.deep.equal([1, 0]);
  });

  it('its answer was lost, and somebody else comes to its page minutes later: it is over, and nobody gets the other’s login', async () => {
    const tab = scene.demo.browser(true);
    const page = await toDirect(scene, tab);
    await unanswered(tab, page, typed(mine()));
    expect(await openLogins(mine())).to.equal(1);
    await scene.demo.forward(180);
    expect((await tab.open(attemptOf(page))).refusal).to.equal('start-over');
    expect((await tab.submit(page, typed(yours()))).refusal).to.equal('start-over');
    // 「最初からやり直す」 leads to a sign-in of its own.
    const anew = await tab.submit(page, {}, 'restart');
    expect([anew.screen, uidOf(anew) === uidOf(page)]).to.deep.equal(['LGN001', false]);
    expect((await tab.submit(await tab.submit(anew, {}, 'direct'), typed(yours()))).screen).to.equal('TOP001');
    expect((await tab.open(`${scene.demo.gateway}/`)).html).to.contain(yours().login_id);
  });

  it('the attempt is lost from Redis between password and code: the code counts for nothing, and it begins anew', async () => {
    const tab = scene.demo.browser(true);
    const person = guarded();
    const page = await tab.submit(await toDirect(scene, tab), typed(person));
    expect(page.screen).to.equal('OTP002');
    const before = await openLogins(person);
    await scene.redis.del(`renkei:attempt:${uidOf(page)}`);
    const after = await tab.submit(page, { otp: await nextCode(scene.demo, person) });
    expect(after.status).to.be.below(500);
    expect(after.screen).to.equal('LGN001');
    expect(await openLogins(person)).to.equal(before);
  });

  it('before anything was chosen it is this browser’s alone, in its time, in any language, in two tabs, and after “back”', async () => {
    const [tab, stranger] = [scene.demo.browser(true), scene.demo.browser(true)];
    const first = await tab.open(`${scene.demo.gateway}/`);
    const attempt = attemptOf(first);
    expect(await scene.redis.exists(`renkei:attempt:${uidOf(first)}`), 'nothing is written').to.equal(0);
    // Another browser, with the address and with a page of its own.
    const elsewhere = await stranger.open(`${scene.demo.gateway}/`);
    expect((await stranger.open(attempt)).refusal).to.equal('start-over');
    const posted = await stranger.post(
      attempt,
      new URLSearchParams({ csrf: csrfOf(elsewhere), action: 'direct' }).toString(),
    );
    expect(posted.refusal).to.equal('start-over');
    // The attempt's cookie without the browser's: the page's token is of another browser.
    const halved = tab.clone();
    halved.dropCookie('renkei_browser');
    expect(
      (await halved.post(attempt, new URLSearchParams({ csrf: csrfOf(first), action: 'direct' }).toString())).status,
    ).to.equal(403);
    expect(await scene.redis.exists(`renkei:attempt:${uidOf(first)}`), 'nothing is written').to.equal(0);
    // Fields of a page that is not here prove nothing.
    const early = await tab.post(
      `${attempt}/direct`,
      new URLSearchParams({ csrf: csrfOf(first), action: '', ...typed(mine()) }).toString(),
    );
    expect(early.screen).to.equal('LGN001');
    expect(await openLogins(mine())).to.equal(0);
    // Two tabs choose at once, then one goes back and posts its old page.
    const [one, two] = await Promise.all([tab.submit(first, {}, 'direct'), tab.submit(first, {}, 'direct')]);
    expect([one.screen, two.screen]).to.deep.equal(['LGN002', 'LGN002']);
    expect((await tab.submit(first, {}, 'direct')).screen).to.equal('LGN002');
    expect((await tab.submit(one, typed(mine()))).screen).to.equal('TOP001');
    // Its time is that of the request, not of the first choice.
    const other = await stranger.open(attemptOf(elsewhere));
    expect(other.screen).to.equal('LGN001');
    await scene.demo.forward(31 * 60);
    expect((await stranger.open(attemptOf(elsewhere))).refusal).to.equal('start-over');
    expect((await stranger.submit(other, {}, 'direct')).refusal).to.equal('start-over');
  });

  it('a sign-out while the same session is proven anew: either the new sign-in stands whole, or nobody is signed in', async () => {
    const { demo, portal } = scene;
    const browser = demo.browser(true);
    let page = await toPortal(scene, browser, guarded());
    if (page.screen === 'LNK001') page = await browser.submit(page, typed(guarded()));
    if (page.screen === 'OTP001') page = await browser.submit(page, { otp: await nextCode(demo, guarded()) });
    expect(page.screen).to.equal('CALLBACK');
    const top = await browser.open(`${demo.gateway}/`);
    expect(top.screen).to.equal('TOP001');
    let again = await browser.open(await portal.authorizeUrl(demo.gateway, { prompt: 'login' }));
    if (again.screen === 'LGN001') again = await browser.submit(again, {}, 'direct');
    expect(again.screen).to.equal('LGN002');
    again = await browser.submit(again, typed(guarded()));
    expect(again.screen).to.equal('OTP002');
    const otp = await nextCode(demo, guarded());
    const both: Promise<Page>[] = [];
    await holdingRow(guarded(), async () => {
      const finishing = browser.submit(again, { otp });
      await scene.untilWaiting();
      const leaving = signOut(browser, top);
      await scene.untilWaiting(2);
      both.push(finishing, leaving);
    });
    const [late] = await Promise.all(both);
    if (!late) throw new Error('nobody finished');
    expect(late.status).to.be.below(500);
    const here = await browser.open(`${demo.gateway}/`);
    const stands = here.screen === 'TOP001';
    const tokens =
      late.screen === 'CALLBACK' && portal.answer(late).has('code') ? await portal.redeem(demo.gateway, late) : null;
    if (tokens?.status === 200)
      expect((await portal.userinfo(demo.gateway, tokens.accessToken)).status).to.equal(stands ? 200 : 401);
    if (!stands) expect(await openLogins(guarded())).to.equal(0);
  });

  it('a step-up in one tab while the other signs out lifts nothing, and the portal is told', async () => {
    const { demo, portal } = scene;
    const browser = demo.browser(true);
    const person = demo.person('rhashimoto46');
    let page = await toPortal(scene, browser, person);
    if (page.screen === 'LNK001') page = await browser.submit(page, typed(person));
    if (page.screen === 'OTP001') page = await browser.submit(page, { otp: await nextCode(demo, person) });
    const top = await browser.open(`${demo.gateway}/`);
    // A choice of the person keeps what the session proved; it stands open while the other tab leaves.
    const choice = await browser.open(await portal.authorizeUrl(demo.gateway, { prompt: 'select_account' }));
    expect(choice.screen).to.equal('LGN004');
    await signOut(browser, top);
    expect(await openLogins(person)).to.equal(0);
    const after = await browser.submit(choice, {});
    expect(after.status).to.be.below(500);
    if (after.screen === 'CALLBACK') expect(portal.answer(after).has('code')).to.equal(false);
    expect((await browser.open(`${demo.gateway}/`)).screen).to.not.equal('TOP001');
    expect(await openLogins(person)).to.equal(0);
  });

  it('an upstream’s callback finishes in the browser that left, without the interaction’s cookie, and in no other', async () => {
    const { demo, portal } = scene;
    const browser = demo.browser(true);
    const person = guarded();
    let page = await toPortal(scene, browser, person);
    if (page.screen === 'LNK001') page = await browser.submit(page, typed(person));
    if (page.screen === 'OTP001')
      page = await browser.submit(page, { otp: await nextCode(demo, person), remember: 'on' });
    expect(page.screen).to.equal('CALLBACK');
    browser.dropCookie('renkei_session');
    browser.dropCookie('renkei_session.sig');
    // Remembered: from the callback straight to the portal.
    const choice = await browser.open(await portal.authorizeUrl(demo.gateway));
    const uid = uidOf(choice);
    const thief = demo.browser();
    await thief.open(`${demo.gateway}/`);
    const straight = choice.screen === 'LGN001' ? await browser.submit(choice, {}, 'federated') : choice;
    expect(straight.screen, straight.text().slice(0, 200)).to.equal('CALLBACK');
    const callback = straight.hops.find((hop) => hop.includes('/upstream/callback')) ?? '';
    expect(straight.hops.some((hop) => hop.endsWith(`/sign-in/${uid}`) && hop !== choice.url)).to.equal(false);
    expect(callback).to.contain(`.${uid}`);
    // Played again, here or in another browser: nothing.
    expect((await thief.open(callback)).refusal).to.equal('start-over');
    expect((await browser.open(callback)).refusal).to.equal('start-over');
    // A state that names somebody else's attempt at its end is as unknown as any.
    const forged = new URL(callback);
    forged.searchParams.set('state', `${'A'.repeat(43)}.${uid}`);
    expect((await browser.open(forged.href)).refusal).to.equal('start-over');
    expect((await browser.open(`${demo.gateway}/`)).screen).to.equal('TOP001');
  });
});
