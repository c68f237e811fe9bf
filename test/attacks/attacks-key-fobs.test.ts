// Attacks on the registration of key-fobs and on changing to a new one: tokens of others, codes that were used, people who are meant
// and others who act, and what is revoked under somebody's hands.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { fobOf, type KeyFob, shownNext, shownNow } from '../support/key-fob.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { root } from '../support/source.ts';
import { enterOwnPages, renkei } from '../support/walks.ts';
import { startConsoleScene, type ConsoleScene } from './attacks-console-scene.ts';
import { attemptOf, csrfOf } from './attacks-scene.ts';

const found = ({ status, screen, refusal }: Page) => [status, screen, refusal];

describe('attacks on key-fobs', function () {
  this.timeout(240_000);
  let scene: ConsoleScene;
  let spares: readonly (KeyFob & { readonly contract_number: string })[];
  before(async () => {
    scene = await startConsoleScene({ RENKEI_PROFILE: 's0' });
    spares = JSON.parse(readFileSync(join(root, 'config/demo/tokens.json'), 'utf8'));
  });
  after(() => scene?.close());

  const at = (path: string): string => `${scene.demo.gateway}${path}`;
  const spareOf = ({ contract_number: contract }: DemoPerson, n = 0): KeyFob =>
    spares.filter((token) => token.contract_number === contract)[n] ?? expect.fail();
  const directly = (browser: ScriptBrowser, person: DemoPerson, to = '/'): Promise<Page> =>
    enterOwnPages(scene.demo, browser, person, to, 'direct');
  const heldBy = async (person: DemoPerson): Promise<unknown> =>
    scene.sql(
      `select token.serial, account.otp_misses, account.otp_stopped_at from account left join token_holder as held
       on held.account_id = account.id and held.ended_at is null left join token on token.id = held.token_id
       where account.login_name = $1`,
      [person.login_id],
    );
  async function toRegistration(person: DemoPerson): Promise<{ readonly browser: ScriptBrowser; readonly page: Page }> {
    const browser = scene.browser();
    let page = await browser.submit(await browser.open(at('/')), {}, 'direct');
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    expect(page.screen).to.match(/^TKN00[12]$/);
    return { browser, page };
  }

  it('a token of another company is registered by nobody, however right its code; nor changed to', async () => {
    const { demo } = scene;
    const mine = demo.person('kokada89');
    const theirs = spareOf(demo.person('atanaka93'));
    const { browser, page } = await toRegistration(mine);
    const typed = { serial: theirs.serial, otp: await shownNow(demo, theirs) };
    expect(found(await browser.submit(page, typed))).to.deep.equal([422, page.screen, 'otp-wrong']);
    // Their own people find it as it was.
    const [row] = await scene.sql('select last_step, first_registered_at from token where serial = $1', [
      theirs.serial,
    ]);
    expect(row).to.deep.equal({ last_step: null, first_registered_at: null });
  });

  it('nobody registers for a colleague: who is meant comes from the attempt alone', async () => {
    const { demo } = scene;
    const [mine, colleague] = [demo.person('kokada89'), demo.person('yogawa62')];
    const before = await heldBy(colleague);
    const { browser, page } = await toRegistration(mine);
    const other = await toRegistration(colleague);
    const fob = spareOf(mine);
    const ids = await scene.sql('select id from account where login_name = $1', [colleague.login_id]);
    const body = new URLSearchParams({
      csrf: csrfOf(page.html),
      serial: fob.serial,
      otp: await shownNow(demo, fob),
      account: String(ids[0]?.['id']),
      account_id: String(ids[0]?.['id']),
      login_id: colleague.login_id,
      person: colleague.login_id,
    }).toString();
    // At the colleague's attempt, from a browser that is not theirs.
    expect((await browser.post(`${attemptOf(other.page)}/register-token`, body)).status).to.be.oneOf([403, 410]);
    expect(await heldBy(colleague)).to.deep.equal(before);
  });

  it('the code that registered is worth nothing anywhere again: not at a sign-in, not for an act, not for a colleague', async () => {
    const { demo } = scene;
    const [mine, colleague] = [demo.person('kokada89'), demo.person('yogawa62')];
    const fob = fobOf(mine);
    const { browser, page } = await toRegistration(mine);
    const otp = await shownNow(demo, fob);
    const typed = { serial: fob.serial, otp };
    const top = await browser.submit(page, typed);
    expect(top.screen).to.equal('TOP001');
    const replayed = scene.browser();
    const start = await replayed.submit(await replayed.open(at('/')), {}, 'direct');
    const asked = await replayed.submit(start, { login_id: mine.login_id, password: mine.password });
    expect(asked.screen).to.equal('OTP002');
    expect(found(await replayed.submit(asked, { otp }))).to.deep.equal([422, 'OTP002', 'otp-used']);
    const check = await browser.open(at('/self-service/otp/revoke'));
    const proof = { reason: 'other', confirmation_password: mine.confirmation_password ?? '', otp };
    expect(found(await browser.submit(check, proof))).to.deep.equal([422, 'SLF030', 'otp-used']);
    const other = await toRegistration(colleague);
    const used = await other.browser.submit(other.page, typed);
    expect(found(used)).to.deep.equal([422, other.page.screen, 'otp-used']);
    expect(await heldBy(colleague)).to.deep.equal([{ serial: null, otp_misses: 0, otp_stopped_at: null }]);
  });

  it('a forged skip, in any spelling and from any page, leads past no limit', async () => {
    const { demo } = scene;
    const person = demo.person('thasegawa85');
    const { browser, page } = await toRegistration(person);
    expect([page.screen, page.html.includes('skip_registration')]).to.deep.equal(['TKN002', false]);
    for (const slug of ['/register-token', '', '/otp', '/choose-token-kind'])
      for (const more of [
        { action: 'skip_registration' },
        { action: 'skip' },
        { skip_registration: '1' },
        { registrationSkipped: 'true', skippable: '1' },
      ]) {
        const body = new URLSearchParams({ csrf: csrfOf(page.html), ...more }).toString();
        expect(
          (await browser.post(`${attemptOf(page)}${slug}`, body)).screen,
          `${slug} ${JSON.stringify(more)}`,
        ).to.equal('TKN002');
      }
    expect((await browser.open(at('/'))).screen).to.equal('LGN001');
  });

  it('two swaps at once, from two browsers, to two tokens: one is done, and one token is in hand', async () => {
    const { demo } = scene;
    const person = demo.person('ywatanabe85');
    const old = fobOf(person);
    const to = [spareOf(person, 0), spareOf(person, 1)];
    const tabs: { readonly browser: ScriptBrowser; readonly page: Page }[] = [];
    while (tabs.length < to.length) {
      const browser = scene.browser();
      await directly(browser, person, '/self-service');
      tabs.push({ browser, page: await browser.open(at('/self-service/otp/replace')) });
    }
    const otp = await shownNext(demo, old);
    const pages = await Promise.all(
      tabs.map(async ({ browser, page }, n) => {
        const fresh = to[n] ?? expect.fail();
        return browser.submit(page, { otp, serial: fresh.serial, new_otp: await shownNow(demo, fresh) });
      }),
    );
    expect(pages.filter(({ screen }) => screen === 'BOT010')).to.have.length(1);
    const rows = await scene.sql(
      `select token.serial from token_holder as held join token on token.id = held.token_id
       join account on account.id = held.account_id where login_name = $1 and ended_at is null`,
      [person.login_id],
    );
    expect(rows).to.have.length(1);
    const [mine] = rows;
    expect(to.map(({ serial }) => serial)).to.include(String(mine?.['serial']));
    const [spare] = to.filter(({ serial }) => serial !== mine?.['serial']);
    const [left] = await scene.sql('select last_step, retired_at from token where serial = $1', [spare?.serial]);
    expect(left, 'the other is as it was').to.deep.equal({ last_step: null, retired_at: null });
  });

  it('a shared token revoked under a colleague’s hands: nothing is counted, the attempt has ended, and the next one registers', async () => {
    const { demo } = scene;
    const [one, two] = [demo.person('atanaka93'), demo.person('sito48')];
    const browser = scene.browser();
    let page = await browser.submit(await browser.open(at('/')), {}, 'direct');
    page = await browser.submit(page, { login_id: two.login_id, password: two.password });
    expect(page.screen).to.equal('OTP002');
    const revoked = await renkei(demo, 'tokens', 'revoke', '--login-id', one.login_id, '--reason', 'other');
    expect(revoked.status, revoked.out + revoked.err).to.equal(0);
    // One user's end leaves the others: the very code that the screen asks is still good.
    const entered = await browser.submit(page, { otp: await shownNext(demo, fobOf(two)) });
    expect(entered.screen, 'goes on').to.equal('TOP001');

    const again = scene.browser();
    page = await again.submit(await again.open(at('/')), {}, 'direct');
    page = await again.submit(page, { login_id: two.login_id, password: two.password });
    expect(page.screen).to.equal('OTP002');
    const device = await renkei(demo, 'tokens', 'revoke', '--serial', two.otp?.serial ?? '', '--reason', 'lost');
    expect(device.status, device.out + device.err).to.equal(0);
    const late = await again.submit(page, { otp: await shownNext(demo, fobOf(two)) });
    expect(found(late)).to.deep.equal([409, 'REF017', 'conflict']);
    expect(await heldBy(two)).to.deep.equal([{ serial: null, otp_misses: 0, otp_stopped_at: null }]);
    const next = scene.browser();
    const start = await next.submit(await next.open(at('/')), {}, 'direct');
    const due = await next.submit(start, { login_id: two.login_id, password: two.password });
    expect(due.screen).to.match(/^TKN00\d$/);
    // The lost device is registered by nobody any more.
    const answer = await next.submit(due, { serial: two.otp?.serial ?? '', otp: await shownNext(demo, fobOf(two)) });
    expect(found(answer)).to.deep.equal([422, due.screen, 'otp-wrong']);
  });
});
