// Attacks on a password that is due (row 16): forced by an administrator, or expired. Whoever has to change it gets nothing before –
// at no other address, tab, route, portal or page of ours, in no order – and only for the passwords concerned.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { attemptOf, csrfOf, directly, enter, theScene, through, toChoice, type Scene } from './attacks-scene.ts';

type Which = 'login' | 'confirmation';

describe('attacks on a password that is due', function () {
  this.timeout(240_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
    await scene.forgetSources();
  });

  const due = async (person: DemoPerson, what: 'forced' | 'expired', kinds: readonly Which[]): Promise<void> => {
    const set = what === 'forced' ? 'forced = true' : 'expires_at = 1';
    await scene.sql(`update credential set ${set} where account_id = $1 and kind = any($2)`, [
      await scene.accountId(person),
      kinds,
    ]);
  };
  /** As an administrator's new password does: what was open before is void. */
  const endOthers = async (person: DemoPerson): Promise<void> => {
    await scene.sql('update account set security_epoch = security_epoch + 1 where id = $1', [
      await scene.accountId(person),
    ]);
  };
  const fine = async (person: DemoPerson): Promise<void> => {
    await scene.sql('update credential set forced = false, expires_at = null where account_id = $1', [
      await scene.accountId(person),
    ]);
    await scene.asBefore(person);
    await scene.forgetSources();
  };
  const coded = async (browser: ScriptBrowser, page: Page, person: DemoPerson): Promise<Page> =>
    page.screen === 'OTP001' || page.screen === 'OTP002'
      ? browser.submit(page, { otp: await scene.code(person) })
      : page;
  const byPassword = async (browser: ScriptBrowser, person: DemoPerson): Promise<Page> =>
    coded(browser, await directly(scene, browser, person), person);
  const byLink = async (browser: ScriptBrowser, person: DemoPerson): Promise<Page> => {
    let page = await through(scene, browser, person);
    if (page.screen === 'LNK001')
      page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    return coded(browser, page, person);
  };
  const fields = (page: Page): readonly Which[] => [
    ...(page.html.includes('name="new_password"') ? (['login'] as const) : []),
    ...(page.html.includes('name="new_confirmation_password"') ? (['confirmation'] as const) : []),
  ];

  /** Every way out of the page but the change itself. */
  async function nothingElse(person: DemoPerson, browser: ScriptBrowser, page: Page): Promise<void> {
    const { demo, portal, other } = scene;
    const attempt = attemptOf(page);
    const slugs =
      'select-account choose-route first-link direct otp otp-resync setup-login-id setup-password setup-email register-token forced-change expired-password password-changed consent';
    for (const slug of slugs.split(' ')) {
      for (const fieldsOf of [{}, { action: '' }, { password: person.password }, { action: 'skip_registration' }]) {
        const body = new URLSearchParams({ csrf: csrfOf(page.html), ...fieldsOf });
        const answer = await browser.post(`${attempt}/${slug}`, body.toString());
        expect(answer.screen, `${slug} ${JSON.stringify(fieldsOf)}`).to.equal(page.screen);
      }
    }
    for (const path of ['/', '/self-service', '/self-service/password', '/company', '/company/people', '/signed-in'])
      expect((await browser.clone().open(`${demo.gateway}${path}`)).screen, path).not.to.match(/^(TOP|SLF|CON|PRT)/);
    for (const [what, address] of [
      ['this portal', await portal.authorizeUrl(demo.gateway)],
      ['silently', await portal.authorizeUrl(demo.gateway, { prompt: 'none' })],
      ['another portal', await other.authorizeUrl(demo.gateway)],
      ['a portal that takes less', await portal.authorizeUrl(demo.gateway, { acr_values: 'urn:renkei:acr:password' })],
    ] as const) {
      const answer = await browser.clone().open(address);
      if (answer.screen === 'CALLBACK') expect(portal.answer(answer).get('code'), what).to.equal(null);
      else expect(answer.screen, what).to.match(/^(LGN001|PWC00[12])$/);
    }
    // The back button shows it again; a second tab and the other gateway too.
    for (const again of [attempt, page.url]) expect((await browser.open(again)).screen, again).to.equal(page.screen);
    expect((await scene.holdings(person)).logins).to.equal(0);
  }

  for (const [what, kinds] of [
    ['login', ['login']],
    ['confirmation', ['confirmation']],
    ['both', ['login', 'confirmation']],
  ] as const) {
    it(`a forced change (${what}) stops every route at exactly those, and leads nowhere else (CVE-2025-3910, CVE-2026-94218)`, async () => {
      const person = scene.demo.person('sabe89');
      await scene.asBefore(person);
      await due(person, 'forced', kinds);
      try {
        for (const enterBy of [byPassword, byLink]) {
          const browser = scene.browser();
          const page = await enterBy(browser, person);
          expect([page.screen, fields(page)], enterBy.name).to.deep.equal(['PWC001', kinds]);
          await nothingElse(person, browser, page);
          // Begun again, by the other way or as the same: the demand is still there.
          const restarted = await browser.submit(page, {}, 'restart');
          expect(restarted.screen).to.equal('LGN001');
          expect((await byPassword(browser, person)).screen).to.equal('PWC001');
        }
      } finally {
        await fine(person);
      }
    });
  }

  it('an expired one stops the direct way and the first link, not an existing link, and leads nowhere else', async () => {
    const person = scene.demo.person('tikeda16');
    await scene.asBefore(person);
    const linked = scene.browser();
    await enter(scene, linked, person);
    await due(person, 'expired', ['login', 'confirmation']);
    try {
      const browser = scene.browser();
      const page = await byPassword(browser, person);
      expect([page.screen, fields(page)]).to.deep.equal(['PWC002', ['login', 'confirmation']]);
      await nothingElseBut(1, person, browser, page);
      const again = scene.browser();
      expect((await byLink(again, person)).screen, 'it only warns').not.to.match(/^PWC/);
      expect((await again.open(`${scene.demo.gateway}/`)).text()).to.include('パスワードの有効期限');
    } finally {
      await fine(person);
    }
  });

  async function nothingElseBut(logins: number, person: DemoPerson, browser: ScriptBrowser, page: Page): Promise<void> {
    expect((await scene.holdings(person)).logins).to.equal(logins);
    const silent = await browser.clone().open(await scene.portal.authorizeUrl(scene.demo.gateway, { prompt: 'none' }));
    expect(scene.portal.answer(silent).get('code')).to.equal(null);
    expect((await browser.open(attemptOf(page))).screen).to.equal(page.screen);
    expect((await scene.holdings(person)).logins).to.equal(logins);
  }

  it('is not got around by what was open before: session, silent sign-in, refresh, console, another attempt', async () => {
    const { demo, portal } = scene;
    const person = demo.person('sabe89');
    await scene.asBefore(person);
    const before = scene.browser();
    const entered = await enter(scene, before, person);
    const tokens = await portal.redeem(demo.gateway, await before.open(await portal.authorizeUrl(demo.gateway)));
    const open = scene.browser();
    const waiting = await through(scene, open, person);
    expect([entered.screen !== null, waiting.screen]).to.deep.equal([true, 'OTP001']);
    await due(person, 'forced', ['login']);
    await endOthers(person);
    try {
      expect(tokens.refreshToken).not.to.equal('');
      const refused = await portal.refresh(demo.gateway, tokens.refreshToken);
      expect([refused.status, refused.error]).to.deep.equal([400, 'invalid_grant']);
      const silent = await before.open(await portal.authorizeUrl(demo.gateway, { prompt: 'none' }));
      expect(portal.answer(silent).get('error')).to.equal('login_required');
      for (const path of ['/', '/self-service', '/company'])
        expect((await before.open(`${demo.gateway}${path}`)).screen, path).to.equal('LGN001');
      const late = await coded(open, await open.open(waiting.url), person);
      expect(late.refusal, 'begun before it').to.equal('conflict');
      const anew = scene.browser();
      expect((await byLink(anew, person)).screen).to.equal('PWC001');
    } finally {
      await fine(person);
    }
  });

  it('a locked or stopped confirmation password is left out, and the sign-in goes on; the login password is not', async () => {
    const person = scene.demo.person('sabe89');
    const id = await scene.accountId(person);
    const hold = (kind: Which, set: string) =>
      scene.sql(`update credential set ${set} where account_id = $1 and kind = $2`, [id, kind]);
    await scene.asBefore(person);
    await due(person, 'forced', ['login', 'confirmation']);
    try {
      for (const set of [`locked_until = ${(await scene.demo.now()) + 3_600_000}`, 'stopped_at = 1']) {
        await hold('confirmation', set);
        const page = await byPassword(scene.browser(), person);
        expect([page.screen, fields(page)], set).to.deep.equal(['PWC001', ['login']]);
      }
      await hold('login', 'forced = false');
      const browser = scene.browser();
      await byPassword(browser, person);
      expect((await browser.open(`${scene.demo.gateway}/`)).screen, 'nothing else is due').to.equal('TOP001');
    } finally {
      await fine(person);
    }
  });

  it('is not put off by locking one’s own password from elsewhere: where it was right in spite of that, it is changed', async () => {
    const person = scene.demo.person('sabe89');
    await scene.asBefore(person);
    const browser = scene.browser();
    expect((await directly(scene, browser, person)).screen, 'known from now on').to.equal('OTP002');
    await due(person, 'forced', ['login']);
    const [{ hash = null } = {}] = await scene.sql(
      `select hash from credential where account_id = $1 and kind = 'login'`,
      [await scene.accountId(person)],
    );
    try {
      const accomplice = scene.browser();
      const form = await accomplice.submit(await toChoice(scene, accomplice), {}, 'direct');
      for (let n = 0; n < 5; n += 1)
        await accomplice.submit(form, { login_id: person.login_id, password: 'Machigai123' });
      const page = await byPassword(browser, person);
      expect([page.screen, fields(page)]).to.deep.equal(['PWC001', ['login']]);
      const changed = await browser.submit(page, {
        password: person.password,
        new_password: 'Atarashii7x',
        new_password_again: 'Atarashii7x',
      });
      expect(changed.screen).to.equal('PWC003');
      // The lock that strangers brought about is released by others, or by time: never by oneself.
      const [row] = await scene.sql(
        `select locked_until is not null as locked from credential where account_id = $1 and kind = 'login'`,
        [await scene.accountId(person)],
      );
      expect(row).to.deep.equal({ locked: true });
      const stranger = scene.browser();
      expect((await directly(scene, stranger, { ...person, password: 'Atarashii7x' })).refusal).to.equal('credentials');
    } finally {
      await scene.sql(`update credential set hash = $2, history = '[]' where account_id = $1 and kind = 'login'`, [
        await scene.accountId(person),
        hash,
      ]);
      await fine(person);
    }
  });
});
