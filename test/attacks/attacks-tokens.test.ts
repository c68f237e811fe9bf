// Attacks on software tokens: on their issue, on the service that hands out their secret, and on the wait after a revocation. Who has
// the password alone, who had more for a day, who is faster, and who forges what no page offers.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import { type Note, ownCode, type OwnToken, scriptPhone } from '../support/phone.ts';
import { mainForm, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { enterOwnPages, mailedCode, nextCode, overlay } from '../support/walks.ts';
import { startConsoleScene, type ConsoleScene } from './attacks-console-scene.ts';
import { attemptOf, csrfOf, formOf, raw } from './attacks-scene.ts';

const slugs =
  'choose-token-kind send-email-code issue-token issue-token-check issue-token-done activate-token authenticator-qr register-token'.split(
    ' ',
  );
const consolePaths = ['', '/issue', '/issue/send', '/issue/details', '/issue/check', '/issue/done', '/activate'].map(
  (path) => `/self-service/otp${path}`,
);
const mobile = (name: string): string => `${name}@keitai.example.jp`;
const activation = '580274';

/** Everything that some page of an issue takes, and what none does. */
const forged: readonly Readonly<Record<string, string>>[] = [
  {},
  { action: 'restart_issue' },
  { action: 'resend' },
  { action: 'software' },
  { token_kind: 'authenticator' },
  {
    email: mobile('mallory'),
    email_again: mobile('mallory'),
    activation_password: activation,
    activation_password_again: activation,
  },
  { confirmation_password: 'Wrong1234', email_code: '00000000', issued: '1', kind: 'app', codeSent: 'true' },
  { otp: '000000', issue: 'x', account: 'x', details: 'x' },
];

describe('attacks on tokens', function () {
  this.timeout(240_000);
  let scene: ConsoleScene;
  let portal: OwnPortal;
  before(async () => {
    portal = await ownPortal('token-portal');
    const wait = { after: '20m', nightFrom: '20:50', nightUntil: '08:10' };
    const config = overlay({
      'portals.yaml': [portal.entry({ open: true })],
      'policy.yaml': { revoke: { proof: 'confirmation', wait } },
    });
    scene = await startConsoleScene({ RENKEI_CONFIG: config });
  });
  after(async () => {
    await scene?.close();
    await portal?.close();
  });

  const at = (path: string): string => `${scene.demo.gateway}${path}`;
  const found = ({ status, screen, refusal }: Page) => [status, screen, refusal];
  const confirmation = (person: DemoPerson): string => person.confirmation_password ?? '';

  /** Takes the token that the demo gave them away, so that one is to be issued. */
  async function without(loginId: string): Promise<DemoPerson> {
    const person = scene.demo.person(loginId);
    const id = await scene.accountId(person);
    const live = 'account_id = $1 and ended_at is null';
    await scene.sql(`update token_holder set ended_at = 1, ended_why = 'revoked' where ${live}`, [id]);
    await scene.sql(`update token_issue set ended_at = 1, ended_why = 'cancelled' where ${live}`, [id]);
    await scene.sql(
      `update account set otp_misses = 0, otp_stopped_at = null, token_lost_at = null, waits_until = null, email_changed_at = null,
       email_by_other_at = null, password_by_other_at = null, issue_allowed_at = null where id = $1`,
      [id],
    );
    // Mails of an hour are counted.
    await scene.demo.forward(3_601);
    return person;
  }
  const count = async (person: DemoPerson, table: string, live = true): Promise<number> =>
    (
      await scene.sql(`select 1 from ${table} where account_id = $1 ${live ? 'and ended_at is null' : ''}`, [
        await scene.accountId(person),
      ])
    ).length;
  const lastEnd = async (person: DemoPerson): Promise<unknown> =>
    (
      await scene.sql('select ended_why from token_issue where account_id = $1 order by issued_at desc limit 1', [
        await scene.accountId(person),
      ])
    )[0]?.['ended_why'];
  const events = async (person: DemoPerson, event: string): Promise<number> =>
    (
      await scene.sql('select 1 from audit where account_id = $1 and event = $2', [
        await scene.accountId(person),
        event,
      ])
    ).length;
  const codesMailed = async (person: DemoPerson): Promise<readonly string[]> =>
    (await scene.demo.mails(person.email))
      .toSorted((a, b) => Number(a.id) - Number(b.id))
      .flatMap(({ code }) => (code === null ? [] : [code]));
  const enter = (browser: ScriptBrowser, person: DemoPerson, path = '/'): Promise<Page> =>
    scene.enter(browser, person, path);
  /** Signed in to a page of one's own, the registration put off. */
  async function inGrace(browser: ScriptBrowser, person: DemoPerson, path: string): Promise<Page> {
    const page = await enter(browser, person, path);
    return page.screen === 'TKN001' ? browser.submit(page, {}, 'skip_registration') : page;
  }

  const details = (address: string) => ({
    email: address,
    email_again: address,
    activation_password: activation,
    activation_password_again: activation,
  });
  /** From the first page of an issue to BOT001; the code that was mailed. */
  async function toDetails(
    browser: ScriptBrowser,
    person: DemoPerson,
    first: Page,
    kind: 'software' | 'authenticator' = 'software',
  ): Promise<{ readonly page: Page; readonly code: string }> {
    const old = (await codesMailed(person)).at(-1) ?? null;
    let page = first;
    if (page.screen === 'TKN001') page = await browser.submit(page, {}, 'software');
    if (page.screen === 'BOT011') page = await browser.submit(page, { token_kind: kind });
    expect(page.screen, page.text().slice(0, 120)).to.equal('BOT012');
    page = await browser.submit(page, {});
    return { page, code: await mailedCode(scene.demo, person.email, old) };
  }
  async function issued(
    browser: ScriptBrowser,
    person: DemoPerson,
    first: Page,
    address = mobile(person.login_id),
  ): Promise<{ readonly page: Page; readonly note: Note }> {
    const { page: at001, code } = await toDetails(browser, person, first);
    let page = await browser.submit(at001, details(address));
    page = await browser.submit(page, { confirmation_password: confirmation(person), email_code: code });
    expect(page.screen, page.text().slice(0, 120)).to.equal('BOT003');
    const [serviceId = '', userId = ''] = [...page.html.matchAll(/data-copy="([^"]+)"/g)].map(
      ([, value = '']) => value,
    );
    return { page, note: { serviceId, userId, activation } };
  }
  const fetchSecret = (
    gateway: string,
    note: Note,
    nonce: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly text: string }> =>
    raw(`${gateway}/token-app/api/activate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept': 'application/json', ...headers },
      body: JSON.stringify({
        service_id: note.serviceId,
        user_id: note.userId,
        activation_password: note.activation,
        nonce,
      }),
    });
  const newNonce = (): string => randomBytes(32).toString('base64url');
  /** What a refusal says, without its reference number. */
  const refusalOf = (text: string): string => text.replace(/"reference":"[^"]*"/, '');

  async function postsChangeNothing(
    browser: ScriptBrowser,
    page: Page,
    screens: RegExp,
    but: readonly string[] = [],
  ): Promise<void> {
    const attempt = attemptOf(page);
    for (const slug of slugs.filter((one) => !but.includes(one))) {
      for (const fields of forged) {
        const body = new URLSearchParams({ csrf: csrfOf(page.html), ...fields }).toString();
        const answer = await browser.post(`${attempt}/${slug}`, body);
        expect(answer.screen, `${slug} ${JSON.stringify(fields)}`).to.match(screens);
        expect(answer.html).not.to.match(/otpauth:|data-copy=/);
      }
      const shown = await browser.open(`${attempt}/${slug}`);
      expect(shown.screen, slug).to.match(screens);
      expect(shown.html).not.to.match(/otpauth:|data-copy=/);
    }
  }

  describe('with a password alone', () => {
    it('reach no page of an issue and no secret where its owner has a token, on either route (CVE-2025-3910)', async () => {
      const person = scene.demo.person('dueno84');
      const before = (await codesMailed(person)).length;
      for (const route of ['direct', 'federated'] as const) {
        const browser = scene.browser();
        let page = await browser.submit(await browser.open(at('/')), {}, route);
        if (page.screen === 'BDD001' && person.business_direct) {
          const { id, password } = person.business_direct;
          page = await browser.submit(page, { business_direct_id: id, business_direct_password: password });
        } else page = await browser.submit(page, { login_id: person.login_id, password: person.password });
        expect(page.screen).to.match(/^OTP00[12]$/);
        await postsChangeNothing(browser, page, /^OTP00[12]$/);
        for (const path of [...consolePaths, '/self-service/otp/authenticator', '/self-service/otp/revoke'])
          expect((await browser.clone().open(at(path))).screen, path).to.equal('LGN001');
      }
      expect(await count(person, 'token_issue', false)).to.equal(0);
      expect((await codesMailed(person)).length).to.equal(before);
    });

    it('stop at the mailed code where its owner had one, whatever is posted (GHSA-8g9r-9wjw-37j4)', async () => {
      const person = await without('skikuchi63');
      const browser = scene.browser();
      let page = await enter(browser, person);
      expect(page.screen).to.equal('BOT011');
      page = await browser.submit(page, { token_kind: 'software' });
      await postsChangeNothing(browser, page, /^BOT01[12]$/, ['send-email-code']);
      page = await browser.open(attemptOf(page));
      if (page.screen === 'BOT011') page = await browser.submit(page, { token_kind: 'software' });
      page = await browser.submit(page, {});
      page = await browser.submit(page, details(mobile('mallory')));
      expect(page.screen).to.equal('BOT002');
      const right = { confirmation_password: confirmation(person) };
      const guesses = ['00000000', '11111111', '22222222', '33333333', '44444444'];
      for (const email_code of guesses)
        expect((await browser.submit(page, { ...right, email_code })).refusal).to.equal('credentials');
      const [code = ''] = (await codesMailed(person)).slice(-1);
      expect((await browser.submit(page, { ...right, email_code: code })).screen, 'the guesses were its last').to.equal(
        'BOT002',
      );
      for (const path of consolePaths) expect((await browser.clone().open(at(path))).screen, path).to.equal('LGN001');
      expect(await count(person, 'token_issue')).to.equal(0);
    });

    it('see neither address, nor key, nor another’s issue in the open one of its owner', async () => {
      const person = await without('skikuchi63');
      const own = scene.browser();
      await issued(own, person, await enter(own, person), mobile('sayaka-phone'));
      const stranger = scene.browser();
      const page = await enter(stranger, person);
      expect(page.screen).to.equal('BOT004');
      expect(page.html).not.to.include(mobile('sayaka-phone')).and.not.to.include(activation);
      await stranger.submit(page, {}, 'resend');
      // Its owner's attempt is nobody else's.
      const theirs = await stranger.open(attemptOf(await own.open(at('/'))) || at('/'));
      expect(theirs.html).not.to.include(mobile('sayaka-phone'));
    });
  });

  describe('with codes by mail', () => {
    it('a code for one operation is none for another, and for nobody else (CVE-2023-26481)', async () => {
      const person = await without('skikuchi63');
      const other = await without('dueno84');
      const [one, two, three] = [scene.browser(), scene.browser(), scene.browser()];
      const app = await toDetails(one, person, await enter(one, person));
      const check = await one.submit(app.page, details(mobile('one')));
      const scanned = await toDetails(two, person, await enter(two, person), 'authenticator');
      const theirs = await toDetails(three, other, await enter(three, other));
      const right = { confirmation_password: confirmation(person) };
      for (const email_code of [scanned.code, theirs.code])
        expect((await one.submit(check, { ...right, email_code })).refusal).to.equal('credentials');
      expect((await two.submit(scanned.page, { ...right, email_code: app.code })).refusal).to.equal('credentials');
      expect(await count(person, 'token_issue')).to.equal(0);
      expect((await one.submit(check, { ...right, email_code: app.code })).screen).to.equal('BOT003');
      // Once more, in another attempt: it was used up.
      const again = scene.browser();
      const open = await again.submit(await enter(again, person), {}, 'restart_issue');
      expect(open.screen).to.equal('BOT011');
      const next = await toDetails(again, person, open);
      const late = await again.submit(next.page, details(mobile('two')));
      expect((await again.submit(late, { ...right, email_code: app.code })).refusal).to.equal('credentials');
    });

    it('no mails beyond those of an hour, however often, from however many attempts and pages (CVE-2026-8760)', async () => {
      const person = await without('skikuchi63');
      const before = (await codesMailed(person)).length;
      for (let attempt = 0; attempt < 4; attempt += 1) {
        const browser = scene.browser();
        let page = await enter(browser, person);
        page = await browser.submit(page, { token_kind: attempt % 2 === 0 ? 'software' : 'authenticator' });
        page = await browser.submit(page, {});
        for (let press = 0; press < 3; press += 1) {
          await scene.demo.forward(61);
          const answer = await browser.submit(page, {}, page.screen === 'BOT012' ? '' : 'resend');
          if (answer.status === 422) expect(answer.refusal).to.equal('form');
        }
      }
      expect((await codesMailed(person)).length - before).to.be.within(1, 5);
    });

    it('what is confirmed is what was shown: an address changed in another tab is looked at first', async () => {
      const person = await without('skikuchi63');
      const browser = scene.browser();
      const { page, code } = await toDetails(browser, person, await enter(browser, person));
      const check = await browser.submit(page, details(mobile('shown')));
      const back = await browser.submit(check, {}, 'back');
      expect((await browser.submit(back, details(mobile('hidden')))).screen).to.equal('BOT002');
      const right = { confirmation_password: confirmation(person), email_code: code };
      const looked = await browser.submit(check, right);
      expect([looked.screen, looked.text().includes(mobile('hidden'))]).to.deep.equal(['BOT002', true]);
      expect(await count(person, 'token_issue')).to.equal(0);
      for (const forgery of ['', 'x', mainForm(check.html).hidden.find(([name]) => name === 'details')?.[1] ?? '']) {
        const body = new URLSearchParams({ csrf: csrfOf(looked.html), ...right, details: forgery });
        expect((await browser.post(formOf(looked), body.toString())).screen, forgery).to.equal('BOT002');
      }
      expect(await count(person, 'token_issue')).to.equal(0);
      expect((await browser.submit(looked, right)).screen).to.equal('BOT003');
      const [row] = await scene.sql('select address from token_issue where account_id = $1 and ended_at is null', [
        await scene.accountId(person),
      ]);
      expect(row?.['address']).to.equal(mobile('hidden'));
    });
  });

  describe('with an issue that was left open', () => {
    /** As somebody who had everything for a day: the app has the secret, the first code was not typed. */
    async function leftOpen(person: DemoPerson) {
      const attacker = scene.browser();
      await inGrace(attacker, person, '/self-service/otp');
      const first = await attacker.submit(await attacker.open(at('/self-service/otp')), {}, 'issue');
      const { note } = await issued(attacker, person, first, mobile('mallory'));
      const phone = scriptPhone(scene.demo);
      expect(await phone.add(note)).to.equal(true);
      return { attacker, note, phone };
    }
    async function isWorthless(
      person: DemoPerson,
      { attacker, note, phone }: Awaited<ReturnType<typeof leftOpen>>,
    ): Promise<void> {
      expect([await count(person, 'token_issue'), await lastEnd(person)]).to.deep.equal([0, 'cancelled']);
      expect(await phone.add(note), 'fetched no more').to.equal(false);
      const otp = await phone.code(note.userId);
      for (const gateway of scene.demo.gateways) {
        const page = await attacker.open(`${gateway}/self-service/otp/activate`);
        expect(page.screen).to.equal('LGN001');
        const body = new URLSearchParams({ csrf: csrfOf(page.html), otp }).toString();
        expect((await attacker.post(`${gateway}/self-service/otp/activate`, body)).screen).not.to.match(/^BOT/);
      }
      const again = scene.browser();
      const page = await enter(again, person);
      expect(page.screen, 'not at its confirmation').to.equal('TKN001');
      for (const slug of ['activate-token', 'authenticator-qr']) {
        const body = new URLSearchParams({ csrf: csrfOf(page.html), otp }).toString();
        expect((await again.post(`${attemptOf(page)}/${slug}`, body)).screen).to.equal('TKN001');
      }
      expect(await count(person, 'token_holder')).to.equal(0);
    }

    it('the owner’s own change of a password ends it', async () => {
      const person = scene.demo.person('akatayama72');
      const owner = scene.browser();
      // Signed in before it was issued, and still.
      expect((await inGrace(owner, person, '/self-service')).screen).to.equal('SLF001');
      const left = await leftOpen(person);
      expect((await enter(scene.browser(), person)).screen, 'seen at the next sign-in').to.equal('BOT004');
      const password = 'Kawari7ab1';
      const page = await owner.submit(await owner.open(at('/self-service/password')), {
        change_password: 'change',
        password: person.password,
        new_password: password,
        new_password_again: password,
        change_confirmation_password: 'keep',
      });
      expect([page.status, page.screen], page.text().slice(0, 200)).to.deep.equal([200, 'SLF011']);
      await isWorthless({ ...person, password }, left);
    });

    it('a stop by an administrator ends it, and the resuming does not bring it back (keycloak #26177)', async () => {
      const [master, person] = [scene.demo.person('skawai35'), scene.demo.person('akatayama72')];
      const id = await scene.accountId(person);
      const known = { ...person, password: 'Kawari7ab1' };
      await scene.demo.forward(3_601);
      const left = await leftOpen(known);
      const admin = scene.browser();
      await inGrace(admin, master, '/company');
      for (const [state, target] of [
        ['available', 'stopped'],
        ['restricted', 'available'],
      ] as const) {
        const typed = { confirmation_password: confirmation(master) };
        let page = await admin.open(at(`/company/people/state?state=${state}&per=100`));
        page = await admin.submit(page, { people: [id], target_state: target, ...typed });
        if (page.screen === 'CON041') page = await admin.submit(page, typed);
        expect(page.screen, `${target} ${page.text().slice(0, 300)}`).to.equal('CON042');
        expect(await count(person, 'token_issue'), target).to.equal(0);
      }
      await isWorthless(known, left);
    });
  });

  describe('with two at once', () => {
    it('one code typed in two browsers brings the token into use once, and signs one in', async () => {
      const person = await without('skikuchi63');
      const [one, two] = [scene.browser(), scene.browser()];
      const { page, note } = await issued(one, person, await enter(one, person));
      const first = await one.submit(page, {});
      const second = await enter(two, person);
      expect([first.screen, second.screen]).to.deep.equal(['BOT004', 'BOT004']);
      const phone = scriptPhone(scene.demo);
      expect(await phone.add(note)).to.equal(true);
      const before = await events(person, 'token.activated');
      const otp = await phone.code(note.userId);
      const answers = await Promise.all([one.submit(first, { otp }), two.submit(second, { otp })]);
      expect(answers.filter(({ screen }) => screen === 'TOP001')).to.have.length(1);
      expect([await count(person, 'token_holder'), await count(person, 'login')]).to.deep.equal([1, 1]);
      expect(await events(person, 'token.activated')).to.equal(before + 1);
      // The code that brought it into use opens nothing else (keycloak #13607).
      const third = scene.browser();
      let page3 = await third.submit(await third.open(at('/')), {}, 'direct');
      page3 = await third.submit(page3, { login_id: person.login_id, password: person.password });
      expect(found(await third.submit(page3, { otp }))).to.deep.equal([422, 'OTP002', 'otp-used']);
    });

    it('brought into use and revoked at once, one of both is done, whole', async () => {
      const person = scene.demo.person('skawai35');
      for (let round = 0; round < 3; round += 1) {
        await without('skawai35');
        const id = await scene.accountId(person);
        // The grace of who never had one.
        await scene.sql('delete from token_holder where account_id = $1', [id]);
        const browser = scene.browser();
        await inGrace(browser, person, '/self-service/otp');
        const begun = await browser.submit(await browser.open(at('/self-service/otp')), {}, 'issue');
        const { note } = await issued(browser, person, begun);
        const phone = scriptPhone(scene.demo);
        expect(await phone.add(note)).to.equal(true);
        await browser.submit(await browser.open(at('/self-service/otp/issue/done')), {});
        const activate = await browser.open(at('/self-service/otp/activate'));
        const revoke = await browser.clone().open(at('/self-service/otp/revoke'));
        expect([activate.screen, revoke.screen]).to.deep.equal(['BOT004', 'SLF030']);
        const otp = await phone.code(note.userId);
        const typed = { reason: 'other', confirmation_password: confirmation(person) };
        const [used, gone] = await Promise.all([
          browser.clone().submit(activate, { otp }),
          browser.clone().submit(revoke, typed),
        ]);
        const [row] = await scene.sql(
          `select i.ended_why, t.retired_at, (select count(*)::int from token_holder h where h.token_id = t.id and h.ended_at is null) as held
           from token_issue i join token t on t.id = i.token_id where i.account_id = $1 order by i.issued_at desc limit 1`,
          [id],
        );
        const said = `${used?.screen} ${gone?.screen}`;
        if (gone?.screen === 'SLF031') {
          expect([row?.['ended_why'], row?.['retired_at'] === null, row?.['held']], said).to.deep.equal([
            'revoked',
            false,
            0,
          ]);
          expect(used?.screen).not.to.equal('BOT010');
        } else {
          expect([row?.['ended_why'], row?.['retired_at'], row?.['held']], said).to.deep.equal(['activated', null, 1]);
          await browser.submit(await browser.open(at('/self-service/otp/revoke')), typed);
        }
      }
    });

    it('guesses at an activation password beside each other are five at most, and void it (CVE-2024-4629)', async () => {
      const person = await without('skikuchi63');
      const browser = scene.browser();
      const { note } = await issued(browser, person, await enter(browser, person));
      const before = await events(person, 'token.activation-missed');
      const guesses = Array.from({ length: 20 }, (_each, n) => ({ ...note, activation: String(610_000 + n) }));
      const answers = await Promise.all(
        guesses.map((guess, n) => fetchSecret(scene.demo.gateways[n % 2] ?? '', guess, newNonce())),
      );
      expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([403]));
      const [issue] = await scene.sql(
        'select misses, ended_why from token_issue where account_id = $1 order by issued_at desc limit 1',
        [await scene.accountId(person)],
      );
      expect(issue).to.deep.equal({ misses: 5, ended_why: 'void' });
      expect((await events(person, 'token.activation-missed')) - before).to.equal(19);
      const late = await fetchSecret(scene.demo.gateway, note, newNonce());
      const unknown = await fetchSecret(scene.demo.gateway, { ...note, userId: 'ABCDEFGHJKLM' }, newNonce());
      expect([late.status, refusalOf(late.text)]).to.deep.equal([unknown.status, refusalOf(unknown.text)]);
      expect((await browser.open(at('/'))).screen).to.equal('LGN001');
      expect((await enter(scene.browser(), person)).text(), 'its owner is told').to.include('利用開始パスワード');
    });

    it('of two apps with everything right one gets the secret, and nobody else’s page or origin any', async () => {
      const person = await without('skikuchi63');
      const browser = scene.browser();
      const { page, note } = await issued(browser, person, await enter(browser, person));
      for (const headers of [
        { 'origin': 'https://evil.example', 'sec-fetch-site': 'cross-site' },
        { 'content-type': 'application/x-www-form-urlencoded' },
        { 'content-type': 'text/plain' },
      ])
        expect((await fetchSecret(scene.demo.gateway, note, newNonce(), headers)).status).to.be.oneOf([403, 415]);
      const nonces = [newNonce(), newNonce()];
      const answers = await Promise.all(
        nonces.map((nonce, n) => fetchSecret(scene.demo.gateways[n] ?? '', note, nonce)),
      );
      expect(answers.map(({ status }) => status)).to.have.members([200, 403]);
      const winner = answers.findIndex(({ status }) => status === 200);
      const token: OwnToken = JSON.parse(answers[winner]?.text ?? '{}');
      const again = await fetchSecret(scene.demo.gateways[1] ?? '', note, nonces[winner] ?? '');
      expect([again.status, JSON.parse(again.text).secret]).to.deep.equal([200, token.secret]);
      const step = await browser.submit(page, {});
      expect((await browser.submit(step, { otp: ownCode(token, await scene.demo.now()) })).screen).to.equal('TOP001');
      expect((await fetchSecret(scene.demo.gateway, note, nonces[winner] ?? '')).status, 'in use').to.equal(403);
      const shown = await scene.sql('select body from audit');
      expect(JSON.stringify(shown)).not.to.include(token.secret).and.not.to.include(note.activation);
    });
  });

  it('a form of another site, of another browser, or with a forged hidden value does nothing', async () => {
    const person = scene.demo.person('skawai35');
    await without('skawai35');
    const browser = scene.browser();
    await inGrace(browser, person, '/self-service/otp');
    const { note } = await issued(
      browser,
      person,
      await browser.submit(await browser.open(at('/self-service/otp')), {}, 'issue'),
    );
    const stranger = scene.browser();
    const foreign = csrfOf((await stranger.open(at('/'))).html);
    const own = csrfOf((await browser.open(at('/self-service/otp/revoke'))).html);
    const bodies = {
      '/activate': { otp: '000000' },
      '/revoke': { reason: 'lost', confirmation_password: confirmation(person) },
    };
    for (const path of [...consolePaths, '/self-service/otp/revoke', '/self-service/otp/authenticator']) {
      const fields = Object.entries(bodies).find(([end]) => path.endsWith(end))?.[1] ?? { action: 'restart_issue' };
      for (const [csrf, headers] of [
        ['', {}],
        [foreign, {}],
        [own, { 'origin': 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
      ] as const) {
        const body = new URLSearchParams({ csrf, ...fields }).toString();
        const answer = await browser.clone().post(at(path), body, headers);
        expect([answer.status, answer.refusal], path).to.deep.equal([403, 'csrf']);
      }
    }
    for (const edit of ['', 'x', `${'0'.repeat(32)}.x`]) {
      const body = new URLSearchParams({ csrf: own, edit, ...bodies['/revoke'] }).toString();
      expect((await browser.post(at('/self-service/otp/revoke'), body)).status).to.equal(409);
    }
    expect(await count(person, 'token_issue')).to.equal(1);
    expect(note.userId).to.match(/^[0-9A-Z]{12}$/);
    await without('skawai35');
  });

  describe('with the takeover guard', () => {
    it('whoever set password and address gets no token: not after proving the address, not by an older allowance', async () => {
      const person = await without('skikuchi63');
      const id = await scene.accountId(person);
      const now = await scene.demo.now();
      await scene.sql(
        `update account set email_by_other_at = $2, password_by_other_at = $2, email_changed_at = $2, email_proven_at = null,
         issue_allowed_at = $3 where id = $1`,
        [id, now, now - 1],
      );
      const nothing = async (browser: ScriptBrowser, page: Page): Promise<void> => {
        expect(found(page)).to.deep.equal([200, 'WAI001', 'waiting']);
        await postsChangeNothing(browser, page, /^WAI001$/);
        expect(await count(person, 'token_issue')).to.equal(0);
      };
      const browser = scene.browser();
      await nothing(browser, await enter(browser, person));
      await scene.demo.forward(24 * 3_600 - 120);
      await nothing(browser, await enter(browser, person));
      await scene.demo.forward(180);
      const late = scene.browser();
      let page = await enter(late, person);
      expect(page.screen).to.equal('SET004');
      page = await late.submit(page, { email: mobile('mallory-desk') });
      page = await late.submit(page, { email_code: await mailedCode(scene.demo, mobile('mallory-desk')) });
      // Proven now, by whoever sits there: it is a day old before it gets a code.
      await nothing(late, page);
      await scene.demo.forward(24 * 3_600 - 120);
      const again = scene.browser();
      await nothing(again, await enter(again, person));
      expect((await codesMailed({ ...person, email: mobile('mallory-desk') })).length).to.equal(1);
      await scene.sql('update account set email = $2 where id = $1', [id, person.email]);
    });
  });

  describe('after a revocation in the night', () => {
    it('no session, refresh token, silent request, open attempt, device or route gives a login or an issue before 8:10', async () => {
      const person = scene.demo.person('rhashimoto46');
      await untilNight();
      const [browser, console_, open] = [scene.browser(), scene.browser(), scene.browser()];
      let page = await browser.open(await portal.authorizeUrl(scene.demo.gateway));
      page = await browser.submit(page, {}, 'federated');
      if (page.screen === 'BDD001' && person.business_direct) {
        const { id, password } = person.business_direct;
        page = await browser.submit(page, { business_direct_id: id, business_direct_password: password });
      }
      expect(page.screen).to.equal('OTP001');
      page = await browser.submit(page, { otp: await nextCode(scene.demo, person), remember: 'on' });
      expect(page.screen).to.equal('CALLBACK');
      const tokens = await portal.redeem(scene.demo.gateway, page);
      await enterOwnPages(scene.demo, console_, person, '/self-service/otp', 'direct');
      const waiting = await open.submit(await open.submit(await open.open(at('/')), {}, 'direct'), {
        login_id: person.login_id,
        password: person.password,
      });
      expect(waiting.screen).to.equal('OTP002');
      page = await console_.open(at('/self-service/otp/revoke'));
      const done = await console_.submit(page, { reason: 'phone', confirmation_password: confirmation(person) });
      expect([done.screen, done.text().includes('8:10')]).to.deep.equal(['SLF031', true]);

      const nothing = async (moment: string): Promise<void> => {
        for (const gateway of scene.demo.gateways) {
          for (const path of ['/', '/self-service', ...consolePaths])
            for (const who of [browser, console_])
              expect((await who.clone().open(`${gateway}${path}`)).screen, `${moment} ${path}`).to.match(
                /^(LGN001|WAI001)$/,
              );
        }
        const silent = await browser.clone().open(await portal.authorizeUrl(scene.demo.gateway, { prompt: 'none' }));
        expect(portal.answer(silent).get('code'), moment).to.equal(null);
        expect((await portal.refresh(scene.demo.gateway, tokens.refreshToken)).status, moment).to.equal(400);
        expect((await portal.introspect(scene.demo.gateway, tokens.accessToken)).active, moment).to.equal(false);
        const stale = await open.clone().submit(waiting, { otp: await scene.demo.code(person) });
        expect(stale.screen, moment).not.to.match(/^(TOP|BOT|SLF|CALLBACK)/);
        for (const route of ['direct', 'federated'] as const) {
          // With the remembered device, and without it.
          for (const who of [browser.clone(), scene.browser()]) {
            const waits = await enterOwnPages(scene.demo, who, person, '/self-service/otp', route);
            expect(found(waits), `${moment} ${route}`).to.deep.equal([200, 'WAI001', 'waiting']);
            await postsChangeNothing(who, waits, /^WAI001$/);
            const retried = await who.submit(waits, {}, 'retry');
            expect(retried.screen, moment).to.equal('WAI001');
          }
        }
        expect(await count(person, 'token_issue'), moment).to.equal(0);
        expect(await count(person, 'login'), moment).to.equal(0);
      };
      await nothing('at once');
      await until(8, 9, 0);
      await nothing('a minute before');
      await until(8, 10, 0);
      const morning = await enter(scene.browser(), person);
      expect(morning.screen).to.match(/^(BOT011|TKN00[12])$/);
    });

    async function until(hours: number, minutes: number, seconds: number): Promise<void> {
      const day = 86_400;
      const now = Math.floor((await scene.demo.now()) / 1000) + 9 * 3_600;
      await scene.demo.forward((hours * 3_600 + minutes * 60 + seconds - (now % day) + day) % day);
    }
    const untilNight = (): Promise<void> => until(22, 0, 0);
  });
});
