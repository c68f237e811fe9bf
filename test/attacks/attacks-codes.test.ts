// Attacks on one-time passwords, mailed codes and the counters: played again, guessed from many browsers at once, guessed past
// a pause, used for somebody else. Each is named after the system that had the hole.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { mailedCode, soon } from '../support/walks.ts';
import { csrfOf, directly, enter, theScene, through, toChoice, wrongCodes, type Scene } from './attacks-scene.ts';

describe('attacks on codes and counters', function () {
  this.timeout(180_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
    await scene.forgetSources();
  });

  const misses = async (person: DemoPerson): Promise<unknown> =>
    (await scene.sql('select otp_misses from account where id = $1', [await scene.accountId(person)]))[0]?.[
      'otp_misses'
    ];
  /** A browser that stands before the code of a person who came directly. */
  async function atCode(person: DemoPerson): Promise<{ readonly browser: ScriptBrowser; readonly page: Page }> {
    const browser = scene.browser();
    const page = await directly(scene, browser, person);
    expect(page.screen).to.equal('OTP002');
    return { browser, page };
  }
  const says = ({ screen, refusal }: Page): readonly unknown[] => [screen, refusal];
  /** Goes on to `seconds` after the beginning of a step, of the present one or of the next. */
  async function intoStep(period: number, seconds: number): Promise<void> {
    const at = ((await scene.demo.now()) / 1000) % period;
    await scene.demo.forward(Math.ceil((seconds - at + period) % period));
  }

  describe('a code', () => {
    it('counts once in its window, and the second use is told so and not counted (keycloak #13607)', async () => {
      const person = scene.demo.person('sabe89');
      await scene.asBefore(person);
      const [one, two] = [await atCode(person), await atCode(person)];
      const otp = await scene.code(person);
      expect((await one.browser.submit(one.page, { otp })).screen).to.equal('CALLBACK');
      for (let again = 0; again < 6; again += 1) {
        const used = await two.browser.submit(two.page, { otp });
        expect(says(used)).to.deep.equal(['OTP002', 'otp-used']);
        expect(used.text()).to.include('次');
      }
      expect(await misses(person)).to.equal(0);
    });

    it('of an older step is worth nothing after a newer one (CVE-2026-82470)', async () => {
      const person = scene.demo.person('msaito50');
      await scene.asBefore(person);
      const [one, two] = [await atCode(person), await atCode(person)];
      await intoStep(60, 2);
      const newer = await scene.code(person);
      const older = await scene.demo.code(person, -1);
      expect((await one.browser.submit(one.page, { otp: newer })).screen).to.equal('CALLBACK');
      expect(says(await two.browser.submit(two.page, { otp: older }))).to.deep.equal(['OTP002', 'otp-used']);
      await scene.asBefore(person);
    });

    it('lives as long as it is told, to the second: the present and the previous step, no third one (CVE-2024-7318)', async () => {
      const person = scene.demo.person('msaito50');
      const shown = async (
        steps: number,
      ): Promise<{ readonly otp: string; readonly at: Awaited<ReturnType<typeof atCode>> }> => {
        const at = await atCode(person);
        await scene.code(person);
        await intoStep(60, 1);
        const otp = await scene.demo.code(person);
        await scene.demo.forward(steps);
        return { otp, at };
      };
      // One second into its step; 115 seconds later the next step is at 56.
      const late = await shown(115);
      expect((await late.at.browser.submit(late.at.page, { otp: late.otp })).screen).to.equal('CALLBACK');
      const over = await shown(120);
      expect(says(await over.at.browser.submit(over.at.page, { otp: over.otp }))).to.deep.equal([
        'OTP002',
        'otp-wrong',
      ]);
      // Nor does an app's token run ahead.
      const early = await atCode(person);
      await intoStep(60, 1);
      const next = await scene.demo.code(person, 1);
      expect(says(await early.browser.submit(early.page, { otp: next }))).to.deep.equal(['OTP002', 'otp-wrong']);
      expect(await misses(person)).to.equal(2);
      await scene.asBefore(person);
    });

    it('of a shared token goes to one of two colleagues; the other is told to take the next one (shared token)', async () => {
      const [one, two] = [scene.demo.person('atanaka93'), scene.demo.person('sito48')];
      const [first, second] = [await atCode(one), await atCode(two)];
      const otp = await scene.code(one);
      expect((await first.browser.submit(first.page, { otp })).screen).to.equal('CALLBACK');
      expect(says(await second.browser.submit(second.page, { otp }))).to.deep.equal(['OTP002', 'otp-used']);
      expect(await misses(two)).to.equal(0);
      expect((await second.browser.submit(second.page, { otp: await scene.code(two) })).screen).to.equal('CALLBACK');
      await scene.asBefore(one);
      await scene.asBefore(two);
    });

    it('is counted over attempts, browsers and cookies played back: five wrong ones stop it (CVE-2024-32868, CVE-2025-64102, CVE-2026-78655)', async () => {
      const person = scene.demo.person('sabe89');
      await scene.asBefore(person);
      const { browser: kept, page } = await atCode(person);
      const wrong = await wrongCodes(scene, person, 5);
      for (const [index, otp] of wrong.entries()) {
        // Now a browser of its own, now the cookies of before the first guess.
        const at = index % 2 === 0 ? await atCode(person) : { browser: kept.clone(), page };
        const answer = await at.browser.submit(at.page, { otp });
        expect(answer.refusal, `guess ${index + 1}`).to.equal(index < 4 ? 'otp-wrong' : 'otp-stopped');
      }
      const right = await scene.code(person);
      for (const browser of [kept, kept.clone()])
        expect((await browser.submit(page, { otp: right })).screen).not.to.equal('CALLBACK');
      const { logins } = await scene.holdings(person);
      expect(logins).to.equal(0);
      await scene.asBefore(person);
    });

    it('is not guessed by fifty at once: five are compared (CVE-2024-4629)', async () => {
      const person = scene.demo.person('sabe89');
      const since = await scene.sql('select coalesce(max(at), 0) as at from audit');
      const places: Awaited<ReturnType<typeof atCode>>[] = [];
      for (let index = 0; index < 5; index += 1) places.push(await atCode(person));
      const wrong = await wrongCodes(scene, person, 50);
      await Promise.all(
        wrong.map(async (otp, index) => {
          const at = places[index % places.length];
          return at?.browser.submit(at.page, { otp });
        }),
      );
      const compared = await scene.sql(
        `select event from audit where account_id = $1 and at > $2 and event in ('otp.missed', 'otp.stopped')`,
        [await scene.accountId(person), since[0]?.['at']],
      );
      expect(compared.map(({ event }) => String(event)).toSorted()).to.deep.equal([
        ...Array.from({ length: 4 }, () => 'otp.missed'),
        'otp.stopped',
      ]);
      await scene.asBefore(person);
    });

    const stops: readonly (readonly [string, string, string])[] = [
      ['the one-time password', 'update account set otp_stopped_at = 1 where id = $1', 'select $1::text'],
      ['the account', 'update account set stopped_at = 1 where id = $1', 'select $1::text'],
      [
        'the company',
        'update company set suspended_at = 1 where id = (select company_id from account where id = $1)',
        'update company set suspended_at = null where id = (select company_id from account where id = $1)',
      ],
    ];
    for (const [what, stop, revive] of stops) {
      it(`does not finish an attempt that was open when ${what} was stopped (keycloak #26177)`, async () => {
        const person = scene.demo.person('sabe89');
        const id = await scene.accountId(person);
        const { browser, page } = await atCode(person);
        await scene.sql(stop, [id]);
        try {
          const answer = await browser.submit(page, { otp: await scene.code(person) });
          expect(answer.screen).to.match(/^REF/);
          expect((await browser.open(page.url)).screen).to.match(/^REF/);
          expect((await scene.holdings(person)).logins).to.equal(0);
        } finally {
          await scene.sql(revive, [id]);
          await scene.asBefore(person);
        }
      });
    }

    it('does not finish one that was open when wrong codes stopped it, not even after the release (keycloak #26177)', async () => {
      const person = scene.demo.person('sabe89');
      const open = await atCode(person);
      const guesser = await atCode(person);
      for (const otp of await wrongCodes(scene, person, 5)) await guesser.browser.submit(guesser.page, { otp });
      await scene.asBefore(person);
      for (const { browser, page } of [open, guesser]) {
        const answer = await browser.submit(page, { otp: await scene.code(person) });
        expect([answer.screen, answer.refusal]).to.deep.equal(['REF017', 'conflict']);
      }
      expect((await scene.holdings(person)).logins).to.equal(0);
    });
  });

  describe('a password', () => {
    it('has no unlimited tries after its pause: the count goes on to the stop (privacyidea #1578), which leaves its owner the linked way (GHSA-cq42-vhv7-xr7p)', async () => {
      const person = scene.demo.person('rhashimoto46');
      const id = await scene.accountId(person);
      const state = async (): Promise<unknown> =>
        (
          await scene.sql(
            `select misses, locks, locked_until is not null as locked, stopped_at is not null as stopped
             from credential where account_id = $1 and kind = 'login'`,
            [id],
          )
        )[0];
      const guessed = async (password: string): Promise<string | null> => {
        const browser = scene.browser();
        const page = await browser.submit(await toChoice(scene, browser), {}, 'direct');
        return (await browser.submit(page, { login_id: person.login_id, password })).refusal;
      };
      for (let run = 1; run <= 3; run += 1) {
        await scene.forgetSources();
        for (let index = 0; index < 5; index += 1)
          expect(await guessed(`Machigai${run}${index}`)).to.equal('credentials');
        expect(await guessed(person.password), 'in the pause').to.equal('credentials');
        expect(await state()).to.include({ locks: run, stopped: run === 3 });
        await scene.demo.forward(30 * 60 + 1);
      }
      await scene.demo.forward(86_400);
      expect(await guessed(person.password), 'after the stop').to.equal('credentials');
      // What a stranger can do with a guessed ID is this: the password. Its owner comes in by the link as before.
      const browser = scene.browser();
      await enter(scene, browser, person);
      expect((await browser.open(`${scene.demo.gateway}/`)).screen).to.equal('TOP001');
      await scene.asBefore(person);
      await scene.forgetSources();
    });

    it('that is empty, endless or no text at all is answered at once and compared with nothing (PYSEC-2018-20)', async () => {
      const person = scene.demo.person('sabe89');
      const browser = scene.browser();
      const page = await browser.submit(await toChoice(scene, browser), {}, 'direct');
      const csrf = csrfOf(page.html);
      const name = encodeURIComponent(person.login_id);
      const bodies = [
        `csrf=${csrf}`,
        `csrf=${csrf}&login_id=&password=`,
        `csrf=${csrf}&login_id=${name}&password=`,
        `csrf=${csrf}&login_id=&password=${person.password}`,
        `csrf=${csrf}&login_id=${name}&password=${'x'.repeat(14_000)}`,
        `csrf=${csrf}&login_id=${'x'.repeat(14_000)}&password=x`,
        `csrf=${csrf}&login_id=${name}&password=${'%F0%9F%98%80'.repeat(900)}`,
        `csrf=${csrf}&login_id=${name}&password[]=x`,
        `csrf=${csrf}&login_id=${name}&password[$ne]=x`,
        `csrf=${csrf}&login_id=${name}&password=%00`,
        `csrf=${csrf}&login_id=${name}&password=${'x'.repeat(200_000)}`,
        `csrf=${csrf}&${'a&'.repeat(7_000)}`,
      ];
      for (const body of bodies) {
        const began = performance.now();
        const answer = await browser.post(page.url, body);
        expect(performance.now() - began, body.slice(50, 90)).to.be.below(10_000);
        expect([400, 413, 422], body.slice(50, 90)).to.include(answer.status);
        expect(answer.refusal, body.slice(50, 90)).not.to.equal('credentials');
      }
      const [row] = await scene.sql(`select misses from credential where account_id = $1 and kind = 'login'`, [
        await scene.accountId(person),
      ]);
      expect(row?.['misses']).to.equal(0);
    });
  });

  describe('a mailed code', () => {
    /** A newcomer's first-time setup up to the page that asks for the address. */
    async function toAddress(
      person: DemoPerson,
      chosen: string,
    ): Promise<{ readonly browser: ScriptBrowser; readonly page: Page; readonly mine: DemoPerson }> {
      const browser = scene.browser();
      let page = await directly(scene, browser, person);
      if (page.screen === 'SET001') page = await browser.submit(page, { new_login_id: chosen });
      const password = `Aozora${person.contract_number.slice(0, 3)}`;
      if (page.screen === 'SET002')
        page = await browser.submit(page, { new_password: password, new_password_again: password });
      const confirmation = { new_confirmation_password: 'Yanagi6604', new_confirmation_password_again: 'Yanagi6604' };
      if (page.screen === 'SET003') page = await browser.submit(page, confirmation);
      expect(page.screen).to.equal('SET004');
      return { browser, page, mine: { ...person, login_id: chosen, password } };
    }

    it('is sent a few times an hour and judged a few times, over attempts and browsers (CVE-2026-8760); it is one person’s, once (CVE-2026-37982, CVE-2023-26481)', async () => {
      const [one, two] = [scene.demo.person('491841845'), scene.demo.person('917236576')];
      const first = await toAddress(one, 'gurasu7');
      const second = await toAddress(two, 'midori7');
      const mails = { one: 'gurasu7@minato.example.co.jp', two: 'midori7@shiosai.example.co.jp' };
      let mine = await first.browser.submit(first.page, { email: mails.one });
      let theirs = await second.browser.submit(second.page, { email: mails.two });
      expect([mine.screen, theirs.screen]).to.deep.equal(['SET005', 'SET005']);
      const codes = { one: await mailedCode(scene.demo, mails.one), two: await mailedCode(scene.demo, mails.two) };

      // The code of one at the page of the other, both ways: wrong, and counted there.
      theirs = await second.browser.submit(theirs, { email_code: codes.one });
      expect(says(theirs)).to.deep.equal(['SET005', 'credentials']);
      mine = await first.browser.submit(mine, { email_code: codes.two });
      expect(says(mine)).to.deep.equal(['SET005', 'credentials']);

      // Right once; the page of a minute ago, posted again, proves nothing for anybody.
      const replay = new URLSearchParams({ csrf: csrfOf(theirs.html), email_code: codes.two }).toString();
      const done = await second.browser.post(theirs.url, replay);
      expect(done.screen).to.match(/^(CALLBACK|TKN00\d)$/);
      expect((await second.browser.post(theirs.url, replay)).screen).not.to.equal('SET005');
      const stranger = scene.browser();
      expect((await stranger.post(theirs.url, replay)).refusal).to.equal('csrf');

      // Four more wrong ones from another attempt: void, and the right one with it.
      const other = scene.browser();
      const elsewhere = await directly(scene, other, first.mine);
      expect(elsewhere.screen).to.equal('SET004');
      let again = await other.submit(elsewhere, { email: mails.one });
      expect(again.screen).to.equal('SET005');
      for (let wrong = 0; wrong < 4; wrong += 1) again = await other.submit(again, { email_code: `1234567${wrong}` });
      expect((await other.submit(again, { email_code: codes.one })).screen).to.equal('SET005');
      expect((await first.browser.submit(mine, { email_code: codes.one })).screen).to.equal('SET005');

      // Sending: five in the hour, whichever attempt asks and whatever the address.
      const sent = async (): Promise<number> =>
        (await Promise.all([mails.one, 'gurasu8@minato.example.co.jp'].map((to) => scene.demo.mails(to)))).flat()
          .length;
      for (let round = 0; round < 8; round += 1) {
        await scene.demo.forward(61);
        await other.submit(again, {}, 'resend');
        const back = await first.browser.submit(mine, {}, 'change_email');
        if (back.screen === 'SET004')
          mine = await first.browser.submit(back, { email: 'gurasu8@minato.example.co.jp' });
      }
      await soon(
        () => scene.sql('select 1 from outbox where sent_at is null'),
        (rows) => rows.length === 0,
      );
      expect(await sent()).to.equal(5);
    });
  });

  it('a wrong code of one route counts for the other, and a skip that was chosen does not hide it', async () => {
    const person = scene.demo.person('rhashimoto46');
    const linked = scene.browser();
    const page = await through(scene, linked, person);
    expect(page.screen).to.equal('OTP001');
    const direct = await atCode(person);
    const [one = '', two = ''] = await wrongCodes(scene, person, 2);
    await linked.submit(page, { otp: one, remember: 'on' });
    await direct.browser.submit(direct.page, { otp: two });
    expect(await misses(person)).to.equal(2);
    await scene.asBefore(person);
  });
});
