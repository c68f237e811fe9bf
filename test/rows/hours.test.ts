// Row 1 of the sign-in table: outside the service hours nobody signs in, and everybody is told when it opens. The hours are
// the policy's, in Japan's time; the demo starts ten minutes before it closes.
import { expect } from 'chai';
import { type Demo, directly, startDemo } from '../support/demo-process.ts';
import type { ScriptBrowser } from '../support/script-browser.ts';
import { enterLinked, nextCode, overlay } from '../support/walks.ts';

const [hour, day] = [3600, 86_400];

/** Seconds from now to the next time that this is the hour in Japan (UTC+9, no summer time). */
function secondsUntil(japanHour: number): number {
  const inJapan = (Date.now() / 1000 + 9 * hour) % day;
  return Math.ceil((japanHour * hour - inJapan + day) % day);
}

describe('outside the service hours', () => {
  let demo: Demo;
  let early: ScriptBrowser;

  before(async function () {
    this.timeout(120_000);
    const config = overlay({ 'policy.yaml': { hours: { from: '08:00', to: '21:00' } } });
    const offset = secondsUntil(21) - 600 + day;
    demo = await startDemo('real', { env: { RENKEI_CONFIG: config, RENKEI_NOW_OFFSET: String(offset) } });
  });
  after(() => demo?.stop());

  it('the first page tells the hours, and ten minutes before the end people still sign in (row 1)', async () => {
    early = demo.browser();
    const page = await early.submit(await early.open(`${demo.portal}/`), {}, 'login');
    expect(page.text()).to.include('8:00').and.to.include('21:00');
    expect((await enterLinked(demo, early, demo.person('ksato82'))).screen).to.equal('PTL002');
  });

  it('an attempt that was begun before the end stops at it, whatever is posted (row 1)', async () => {
    const person = demo.person('ntakahashi14');
    const browser = demo.browser();
    const page = await directly(demo, browser, person);
    expect(page.screen).to.equal('OTP002');
    await demo.forward(600);
    const closed = await browser.submit(page, { otp: await nextCode(demo, person) });
    expect(closed).to.include({ status: 503, screen: 'REF018', refusal: 'closed' });
    expect(Number(closed.headers.get('retry-after'))).to.be.within(10.8 * hour, 11 * hour);
    expect(closed.html, 'both languages, no session needed')
      .to.include('ただいまサービス時間外です')
      .and.to.include('The service is closed');
    expect((await browser.open(page.url)).refusal).to.equal('closed');
  });

  it('nobody begins, not even with a session, and a silent check says that a page would be needed (row 1)', async () => {
    const fresh = demo.browser();
    expect((await fresh.submit(await fresh.open(`${demo.portal}/`), {}, 'login')).refusal).to.equal('closed');
    expect((await early.submit(await early.open(`${demo.portal}/`), {}, 'login')).refusal).to.equal('closed');
    const silent = await early.submit(await early.open(`${demo.portal}/`), {}, 'login_silent');
    expect(silent.json('error')).to.include({ error: 'interaction_required' });
  });

  it('whoever is signed in finds the same page in the top page and the consoles, and goes on nowhere (spec §8)', async () => {
    for (const path of ['/', '/self-service', '/self-service/link', '/company', '/company/people']) {
      const page = await early.open(`${demo.gateway}${path}`);
      expect(page, path).to.include({ status: 503, screen: 'REF018', refusal: 'closed' });
      expect(Number(page.headers.get('retry-after'))).to.be.within(10.8 * hour, 11 * hour);
      expect(page.text()).to.include('次のご利用開始は').and.to.include('8:00');
    }
    for (const path of ['/forgot', '/forms/initialisation'])
      expect((await early.open(`${demo.gateway}${path}`)).status, path).to.equal(200);
  });

  it('at 8:00 the service is open again (row 1)', async () => {
    await demo.forward(11 * hour);
    expect((await enterLinked(demo, demo.browser(), demo.person('ksato82'))).screen).to.equal('PTL002');
  });
});
