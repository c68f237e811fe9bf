// The first-time setup, every step sent twice at once and from two attempts: one choice counts, nothing is used up twice, and
// who was slower finds an attempt that is void.
import { expect } from 'chai';
import type { ScriptBrowser } from '../support/script-browser.ts';
import { soon } from '../support/walks.ts';
import { atOnce, inTurn, rounds, tally, theScene, toDirect, type Scene } from './scene.ts';

describe('the first-time setup at once', function () {
  this.timeout(600_000);
  let scene: Scene;
  let id: string;
  before(async function () {
    this.timeout(180_000);
    scene = await theScene();
    id = await scene.accountId(scene.demo.person('491841845'));
  });

  /** As it was issued. */
  async function reissued(): Promise<void> {
    const person = scene.demo.person('491841845');
    await scene.forgetSources();
    await scene.sql('delete from login_name where account_id = $1 and key <> $2', [id, person.login_id]);
    await scene.sql(`delete from credential where account_id = $1 and kind = 'confirmation'`, [id]);
    await scene.sql(
      `update account set login_name = $2, login_name_reserved = null, login_name_chosen = false, set_up_at = null, email = null, email_proven_at = null,
       security_epoch = security_epoch + 1, epoch_spares = null, epoch_spares_from = null where id = $1`,
      [id, person.login_id],
    );
    await scene.sql(
      `update credential set hash = $2, issued = true, issued_until = $3, misses = 0, locks = 0 where account_id = $1 and kind = 'login'`,
      [id, issuedHash, (await scene.demo.now()) + 86_400_000],
    );
    for (const key of await scene.redis.keys(`renkei:email-*${id}*`)) await scene.redis.del(key);
  }
  let issuedHash: unknown;
  before(async () => {
    [{ hash: issuedHash } = { hash: '' }] = await scene.sql(
      `select hash from credential where account_id = $1 and kind = 'login'`,
      [id],
    );
  });

  async function begun(browser: ScriptBrowser = scene.demo.browser(true)) {
    const person = scene.demo.person('491841845');
    const page = await browser.submit(await toDirect(scene, browser), {
      login_id: person.login_id,
      password: person.password,
    });
    expect(page.screen).to.equal('SET001');
    return { browser, page };
  }

  it('each step twice at once in one attempt: the first answer counts, the second is not used up', async () => {
    const { demo } = scene;
    for (let round = 0; round < Math.min(rounds, 20); round += 1) {
      await reissued();
      const since = await scene.mark(demo.person('491841845'));
      const { browser, page } = await begun();
      const ids = [`hajime${round}a`, `hajime${round}b`];
      const named = await atOnce(2, (index) => browser.submit(page, { new_login_id: ids[index] ?? '' }));
      expect(tally(named), `round ${round}`).to.deep.equal({ '200 SET002': 2 });
      const keys = await scene.sql('select key from login_name where account_id = $1', [id]);
      expect(keys).to.have.length(2);

      const chosen = ['Hajimete1a', 'Hajimete2b'];
      const second = named[0] ?? expect.fail();
      const set = await atOnce(2, (index) =>
        browser.submit(second, { new_password: chosen[index] ?? '', new_password_again: chosen[index] ?? '' }),
      );
      expect(tally(set), `round ${round}`).to.deep.equal({ '200 SET003': 2 });
      const third = set[0] ?? expect.fail();
      const confirm = ['Kakunin11a', 'Kakunin22b'];
      const confirmed = await atOnce(2, (index) =>
        browser.submit(third, {
          new_confirmation_password: confirm[index] ?? '',
          new_confirmation_password_again: confirm[index] ?? '',
        }),
      );
      expect(tally(confirmed), `round ${round}`).to.deep.equal({ '200 SET004': 2 });
      const address = `round${round}@minato.example.co.jp`;
      const fourth = confirmed[0] ?? expect.fail();
      const sent = await atOnce(2, () => browser.submit(fourth, { email: address }));
      const mails = await soon(
        () => demo.mails(address),
        (all) => all.length > 0,
      );
      // One mail with one code, and both tabs wait for it.
      expect(tally(sent), `round ${round}`).to.deep.equal({ '200 SET005': 2 });
      const fifth = await browser.open(sent.find(({ screen }) => screen === 'SET005')?.url ?? '');
      const answers = await atOnce(3, () => browser.submit(fifth, { email_code: mails[0]?.code ?? '' }));
      expect(await demo.mails(address), `round ${round}`).to.have.length(1);
      expect(
        answers.some(({ screen }) => screen === 'TKN001' || screen === 'TKN002'),
        `round ${round}: ${JSON.stringify(tally(answers))}`,
      ).to.equal(true);

      const events = (await scene.events(demo.person('491841845'), since)).map(({ event }) => event);
      for (const once of [
        'setup.login-id-chosen',
        'setup.password-chosen',
        'setup.confirmation-password-chosen',
        'setup.completed',
      ]) {
        expect(
          events.filter((event) => event === once),
          `round ${round}: ${once}`,
        ).to.have.length(1);
      }
      // The issued pair is dead; of the two passwords one works.
      const [row] = await scene.sql('select login_name from account where id = $1', [id]);
      const tries = await inTurn(3, async (index) => {
        const fresh = demo.browser(true);
        const form = await toDirect(scene, fresh);
        const person = demo.person('491841845');
        return index === 2
          ? fresh.submit(form, { login_id: person.login_id, password: person.password })
          : fresh.submit(form, { login_id: String(row?.['login_name']), password: chosen[index] ?? '' });
      });
      expect(
        tries.slice(0, 2).filter(({ screen }) => screen !== 'LGN002'),
        `round ${round}`,
      ).to.have.length(1);
      expect(tries[2]?.screen).to.equal('LGN002');
    }
  });

  it('in two attempts at once: one goes on, the other one is void and changes nothing', async () => {
    const { demo } = scene;
    for (let round = 0; round < Math.min(rounds, 20); round += 1) {
      await reissued();
      const attempts = await inTurn(2, () => begun());
      const first = attempts[0] ?? expect.fail();
      const named = await first.browser.submit(first.page, { new_login_id: `futari${round}` });
      const other = attempts[1] ?? expect.fail();
      const seen = await other.browser.open(other.page.url);
      expect([named.screen, seen.screen]).to.deep.equal(['SET002', 'SET002']);
      const since = await scene.mark(demo.person('491841845'));
      const pages = await Promise.all([
        first.browser.submit(named, { new_password: 'Hajimete1a', new_password_again: 'Hajimete1a' }),
        other.browser.submit(seen, { new_password: 'Hajimete2b', new_password_again: 'Hajimete2b' }),
      ]);
      expect(tally(pages), `round ${round}`).to.deep.equal({ '200 SET003': 1, '409 REF017 conflict': 1 });
      const events = (await scene.events(demo.person('491841845'), since)).map(({ event }) => event);
      expect(events.filter((event) => event === 'setup.password-chosen')).to.have.length(1);
    }
  });
});
