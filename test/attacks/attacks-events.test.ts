// What must end a remembered device, a session and a portal's tokens, event by event, on both gateways – and must not come
// back when Redis is set back to what it held before. Named after the systems where the trust outlived its reason.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { DemoOtp, DemoPerson } from '../../src/demo/people.ts';
import type { Tokens } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { root } from '../support/source.ts';
import { cookiesNamed, renkei } from '../support/walks.ts';
import {
  csrfOf,
  directly,
  enter,
  onlyDevices,
  theScene,
  through,
  toConsole,
  wrongCodes,
  type Scene,
} from './attacks-scene.ts';

interface Held {
  /** With session, device and everything else. */
  readonly browser: ScriptBrowser;
  readonly tokens: Tokens;
}

interface Event {
  /** What happens, and what of it ends. */
  readonly name: string;
  happen(person: DemoPerson, held: Held): Promise<void>;
  /** What somebody sees who comes with the device alone, while it lasts. */
  readonly asks: RegExp;
  /** What ends beside or instead of the device; both unless told. */
  readonly ends?: { readonly device?: false; readonly session?: false };
  /** Ends the event as its release would; the device stays void. */
  undo?(person: DemoPerson): Promise<void>;
  /** The clean slate of the tests, where the release of this event is not built: nothing is asked of the device after it. */
  clear?(person: DemoPerson): Promise<void>;
}

describe('what was remembered', function () {
  this.timeout(180_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
    await scene.forgetSources();
  });

  const held = async (person: DemoPerson): Promise<Held> => {
    await scene.asBefore(person);
    const browser = scene.browser();
    const page = await enter(scene, browser, person, { remember: true });
    const tokens = await scene.portal.redeem(scene.demo.gateway, page);
    expect(cookiesNamed(browser, 'renkei_device_')).to.have.length(1);
    expect((await scene.portal.introspect(scene.demo.gateway, tokens.accessToken)).active).to.equal(true);
    return { browser, tokens };
  };
  const update =
    (text: string) =>
    async (person: DemoPerson): Promise<void> => {
      await scene.sql(text, [await scene.accountId(person)]);
    };
  const tokenOf = '(select token_id from token_holder where account_id = $1 and ended_at is null)';
  const companyOf = '(select company_id from account where id = $1)';

  /** A password that an administrator set is changed at the next sign-in, elsewhere. */
  const changes =
    (kind: 'login' | 'confirmation') =>
    async (person: DemoPerson): Promise<void> => {
      const id = await scene.accountId(person);
      const [kept] = await scene.sql('select * from credential where account_id = $1 and kind = $2', [id, kind]);
      await scene.sql('update credential set forced = true where account_id = $1 and kind = $2', [id, kind]);
      const elsewhere = scene.browser();
      let page = await directly(scene, elsewhere, person);
      page = await elsewhere.submit(page, { otp: await scene.code(person) });
      expect(page.screen).to.equal('PWC001');
      const fresh = `Kawari${kind.length}7${(await scene.demo.now()) % 1_000}`;
      page = await elsewhere.submit(
        page,
        kind === 'login'
          ? { password: person.password, new_password: fresh, new_password_again: fresh }
          : {
              confirmation_password: person.confirmation_password ?? '',
              new_confirmation_password: fresh,
              new_confirmation_password_again: fresh,
            },
      );
      expect(page.screen).to.equal('PWC003');
      await scene.sql(
        'update credential set hash = $3, history = $4, forced = false where account_id = $1 and kind = $2',
        [id, kind, kept?.['hash'], JSON.stringify(kept?.['history'] ?? [])],
      );
    };

  async function spareToken(contract: string, place: number): Promise<DemoOtp> {
    const tokens: readonly (DemoOtp & { readonly contract_number: string })[] = JSON.parse(
      readFileSync(join(root, 'config/demo/tokens.json'), 'utf8'),
    );
    const spare = tokens.filter(({ contract_number: number }) => number === contract)[place];
    if (!spare) throw new Error(`${contract} has no token number ${place}`);
    return { ...spare, kind: 'hardware', registered: false };
  }

  const events: readonly Event[] = [
    {
      name: 'the link is removed by the bank',
      async happen(person) {
        expect((await renkei(scene.demo, 'unlink', person.login_id, '--json')).status).to.equal(0);
      },
      asks: /^LNK001$/,
    },
    {
      name: 'the person removes the link',
      async happen(person) {
        const elsewhere = scene.browser();
        const page = await toConsole(scene, elsewhere, person, '/self-service/link/remove');
        const done = await elsewhere.submit(page, {
          confirmation_password: person.confirmation_password ?? '',
          otp: await scene.code(person),
        });
        expect(done.screen).to.equal('SLF042');
      },
      asks: /^LNK001$/,
    },
    { name: 'the login password is changed', happen: changes('login'), asks: /^OTP001$/ },
    { name: 'the confirmation password is changed', happen: changes('confirmation'), asks: /^OTP001$/ },
    {
      name: 'wrong codes stop the one-time password, and somebody releases it',
      async happen(person) {
        const guesser = scene.browser();
        const page = await directly(scene, guesser, person);
        for (const otp of await wrongCodes(scene, person, 5)) await guesser.submit(page, { otp });
      },
      asks: /^REF004$/,
      async undo(person) {
        expect((await renkei(scene.demo, 'unlock', person.login_id, 'otp', '--json')).status).to.equal(0);
      },
    },
    {
      name: 'the token is retired, and another one registered',
      async happen(person) {
        await update(`update token set retired_at = 1 where id = ${tokenOf}`)(person);
        const elsewhere = scene.browser();
        const page = await directly(scene, elsewhere, person);
        expect(page.screen).to.match(/^TKN00\d$/);
        const spare = await spareToken(person.contract_number, 0);
        const done = await elsewhere.submit(page, {
          serial: spare.serial ?? '',
          otp: await scene.demo.code({ ...person, otp: spare }),
        });
        expect(done.screen).to.equal('CALLBACK');
      },
      asks: /^OTP001$/,
      async clear(person) {
        const id = await scene.accountId(person);
        await scene.sql(`update token_holder set ended_at = 1 where account_id = $1 and ended_at is null`, [id]);
        await scene.sql(
          `update token_holder set ended_at = null, ended_why = null
           where account_id = $1 and token_id = (select id from token where serial = $2)`,
          [id, person.otp?.serial],
        );
        await scene.sql('update token set retired_at = null where serial = $1', [person.otp?.serial]);
      },
    },
    {
      name: 'the token is revoked',
      happen: (person) => update(`update token set retired_at = 1 where id = ${tokenOf}`)(person),
      asks: /^TKN00\d$/,
      ends: { session: false },
      clear: (person) => update(`update token set retired_at = null where id = ${tokenOf}`)(person),
    },
    {
      name: 'the token expires',
      async happen(person) {
        const [row] = await scene.sql(`select expires_at from token where serial = $1`, [person.otp?.serial]);
        expect(row?.['expires_at']).not.to.equal(null);
        await update(`update token set expires_at = expires_at - 10000000000000 where id = ${tokenOf}`)(person);
      },
      asks: /^TKN00\d$/,
      ends: { session: false },
      clear: (person) =>
        update(`update token set expires_at = expires_at + 10000000000000 where id = ${tokenOf}`)(person),
    },
    {
      name: 'the account is stopped',
      happen: (person) => update('update account set stopped_at = 1 where id = $1')(person),
      asks: /^REF00\d$/,
      clear: (person) => update('update account set stopped_at = null where id = $1')(person),
    },
    {
      name: 'the company is suspended',
      happen: (person) => update(`update company set suspended_at = 1 where id = ${companyOf}`)(person),
      asks: /^REF00\d$/,
      clear: (person) => update(`update company set suspended_at = null where id = ${companyOf}`)(person),
    },
    {
      name: 'the company forbids to skip',
      happen: (person) => update(`update company set remember_allowed = false where id = ${companyOf}`)(person),
      asks: /^OTP00[12]$/,
      ends: { session: false },
      clear: (person) => update(`update company set remember_allowed = true where id = ${companyOf}`)(person),
    },
    {
      name: 'the person forgets the device',
      async happen(person) {
        const elsewhere = scene.browser();
        const page = await toConsole(scene, elsewhere, person, '/self-service/devices');
        const body = new URLSearchParams({ csrf: csrfOf(page.html), action: 'forget_all' });
        expect((await elsewhere.post(page.url, body.toString())).status).to.equal(200);
      },
      asks: /^OTP001$/,
      ends: { session: false },
    },
    {
      name: 'an administrator forgets the device',
      async happen(person) {
        const admin = scene.demo.person('msuzuki14');
        const desk = scene.browser();
        const list = await toConsole(scene, desk, admin, '/company/people/links');
        const check = await desk.submit(list, { people: [await scene.accountId(person)] }, 'forget');
        expect(check.screen).to.equal('CON080');
        const done = await desk.submit(check, { confirmation_password: admin.confirmation_password ?? '' });
        expect(done.screen).to.equal('CON081');
      },
      asks: /^OTP001$/,
      ends: { session: false },
    },
    {
      name: 'ninety days have passed since the tick',
      happen: (person) =>
        update('update device set expires_at = expires_at - 90 * 86400000::bigint where account_id = $1')(person),
      asks: /^OTP001$/,
      ends: { session: false },
    },
    {
      name: 'thirty days have passed without a sign-in',
      happen: (person) =>
        update('update device set used_at = used_at - 30 * 86400000::bigint where account_id = $1')(person),
      asks: /^OTP001$/,
      ends: { session: false },
    },
  ];

  const expectOver = async (
    person: DemoPerson,
    { browser, tokens }: Held,
    event: Event,
    when: string,
  ): Promise<void> => {
    const { device = true, session = true } = event.ends ?? {};
    for (const gateway of scene.demo.gateways) {
      if (!session) continue;
      expect((await scene.portal.userinfo(gateway, tokens.accessToken)).status, `${when}: userinfo`).to.equal(401);
      expect(await scene.portal.introspect(gateway, tokens.accessToken), when).to.deep.equal({ active: false });
      expect((await scene.portal.refresh(gateway, tokens.refreshToken)).error, when).to.equal('invalid_grant');
    }
    // Each request goes to the other gateway in turn.
    if (session) {
      expect((await browser.clone().open(`${scene.demo.gateway}/`)).screen, `${when}: session`).to.equal('LGN001');
      const silent = await browser
        .clone()
        .open(await scene.portal.authorizeUrl(scene.demo.gateway, { prompt: 'none' }));
      expect(scene.portal.answer(silent).get('error'), `${when}: silent`).to.equal('login_required');
    }
    if (device) {
      for (const copy of [onlyDevices(browser), onlyDevices(browser)])
        expect((await through(scene, copy, person)).screen, `${when}: device`).to.match(event.asks);
    }
  };

  // nodewarden #370/#371, monize #37, gravitee PR #1967: the trust survived a reset, a change, a stop, a new factor.
  for (const event of events) {
    it(`ends when ${event.name}, and stays so when Redis comes back older (nodewarden #370/#371, monize #37, gravitee PR #1967)`, async () => {
      const person = scene.demo.person('ywatanabe85');
      const mine = await held(person);
      const restore = await scene.keepState();
      try {
        await event.happen(person, mine);
        await expectOver(person, mine, event, 'at once');
        await restore();
        await expectOver(person, mine, event, 'on an older state');
        if (event.undo) {
          await event.undo(person);
          await restore();
          const again = await through(scene, onlyDevices(mine.browser), person);
          expect(again.screen, 'after the release').to.equal('OTP001');
        }
      } finally {
        await event.clear?.(person);
        await scene.asBefore(person);
      }
    });
  }

  it('is worth nothing while Redis has lost it', async () => {
    const person = scene.demo.person('ywatanabe85');
    const mine = await held(person);
    await scene.redis.flushdb();
    await expectOver(person, mine, { name: '', happen: async () => {}, asks: /^OTP001$/ }, 'lost');
    await scene.asBefore(person);
  });

  it('of a session ends with the sign-out, also on an older Redis; the device stays, it was not told to go', async () => {
    const person = scene.demo.person('ywatanabe85');
    const mine = await held(person);
    const restore = await scene.keepState();
    const leaving = mine.browser.clone();
    const top = await leaving.open(`${scene.demo.gateway}/`);
    await leaving.post(`${scene.demo.gateway}/logout`, new URLSearchParams({ csrf: csrfOf(top.html) }).toString());
    const event: Event = { name: '', happen: async () => {}, asks: /^CALLBACK$/, ends: { device: false } };
    await expectOver(person, mine, event, 'at once');
    await restore();
    await expectOver(person, mine, event, 'on an older state');
    expect((await through(scene, onlyDevices(mine.browser), person)).screen).to.equal('CALLBACK');
    await scene.asBefore(person);
  });

  it('on a Redis that was set back is asked for, and nobody is called a thief: new value, old value, and both again', async () => {
    const person = scene.demo.person('ywatanabe85');
    const mine = await held(person);
    const older = onlyDevices(mine.browser);
    const restore = await scene.keepState();
    const newer = onlyDevices(mine.browser);
    expect((await through(scene, newer, person)).screen).to.equal('CALLBACK');
    expect(cookiesNamed(newer, 'renkei_device_')).not.to.deep.equal(cookiesNamed(older, 'renkei_device_'));
    await restore();
    for (const browser of [newer, older, newer, older])
      expect((await through(scene, onlyDevices(browser), person)).screen).to.equal('OTP001');
    expect((await scene.holdings(person)).devices).to.equal(1);
    await scene.asBefore(person);
  });

  it('after unlinking and linking again is a new one: the direct way never had it, the new link has none of it (our own)', async () => {
    const person = scene.demo.person('ywatanabe85');
    const mine = await held(person);
    expect((await directly(scene, onlyDevices(mine.browser), person)).screen).to.equal('OTP002');
    const restore = await scene.keepState();
    expect((await renkei(scene.demo, 'unlink', person.login_id, '--json')).status).to.equal(0);
    const again = onlyDevices(mine.browser);
    let page: Page = await through(scene, again, person);
    expect(page.screen).to.equal('LNK001');
    page = await again.submit(page, { login_id: person.login_id, password: person.password });
    expect(page.screen).to.equal('OTP001');
    expect((await again.submit(page, { otp: await scene.code(person) })).screen).to.equal('CALLBACK');
    // The link is of the same two, and has an id of its own: what the old one made is not its own.
    await restore();
    expect((await through(scene, onlyDevices(mine.browser), person)).screen).to.equal('OTP001');
    await scene.asBefore(person);
  });
});
