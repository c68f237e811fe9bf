// Attacks on the operators' sign-in, over two gateways: other people's cookies, steps left out, codes and passwords tried at once,
// sessions that should be dead, forged posts, addresses of other hosts, auditors who change things (spec §8).
import { expect } from 'chai';
import { Redis } from 'ioredis';
import pg from 'pg';
import { helpdeskRouter } from '../../src/web/helpdesk/router.ts';
import type { Site } from '../../src/web/site.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import {
  deskCode,
  enterDesk,
  freshDeskCode,
  freshOperator,
  operatorOf,
  operatorsOf,
  toCode,
  wrongDeskCode,
} from '../support/operator.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { enterOwnPages, renkei } from '../support/walks.ts';

const clerk = operatorOf('clerk');
const auditor = operatorOf('auditor');
const [supervisor, second] = operatorsOf('supervisor');
if (!supervisor || !second) throw new Error('two supervisors are needed');

const cookie = 'renkei_operator';

/** A site that answers everything with itself: the router is only asked which addresses it knows. */
function anySite(): Site {
  const anything: object = new Proxy(() => anything, { get: () => anything });
  const holder: { site: Site } = JSON.parse('{}');
  return Object.assign(holder, { site: anything }).site;
}

/** Every address of the desk that takes a post, one value in place of each parameter. */
const changing: readonly string[] = helpdeskRouter(anySite())
  .stack.filter(({ methods, path }) => methods.includes('POST') && typeof path === 'string')
  .map(({ path }) => String(path).replaceAll(/:\w+/g, '4200000000'))
  .filter((path) => !/^\/helpdesk(?:\/(?:enter|sign-in.*|sign-out))?$/.test(path));

describe('attacks on operators', function () {
  this.timeout(120_000);
  let demo: Demo;
  let pool: pg.Pool;
  const at = (path: string): string => `${demo.gateway}${path}`;
  const tokenOn = (page: Page): string => /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
  const valueOf = (browser: ScriptBrowser): string => browser.cookies().get(cookie) ?? '';
  const screen = async (browser: ScriptBrowser, path = '/helpdesk'): Promise<string | null> =>
    (await browser.open(at(path))).screen;
  const events = async (event: string): Promise<number> => {
    const { rows } = await pool.query(`select count(*)::int as n from audit where chain = 'bank' and body like $1`, [
      `%"${event}"%`,
    ]);
    return Number(rows[0]?.n);
  };
  const command = (...args: readonly string[]) => renkei(demo, 'operators', ...args);

  before(async () => {
    demo = await startDemo('real', { gateways: 2 });
    pool = new pg.Pool({ connectionString: demo.databaseUrl ?? '', max: 2 });
  });
  after(async () => {
    await pool.end();
    await demo.stop();
  });

  it('an account’s session is nothing at the desk, and an operator’s nothing to the customers’ pages (staff cookie)', async () => {
    const person = demo.people.find(({ state, role, otp }) => state === 'ready-linked' && role === 'admin' && otp);
    if (!person) throw new Error('no administrator');
    const customer = demo.browser(true);
    expect((await enterOwnPages(demo, customer, person, '/company', 'direct')).screen).to.equal('CON001');
    expect(await screen(customer)).to.equal('HDK003');
    for (const value of customer.cookies().values()) {
      if (!/^[\w-]{43}$/.test(value)) continue;
      const tried = customer.clone();
      tried.setCookie(cookie, value);
      expect(await screen(tried)).to.equal('HDK003');
    }
    const operator = demo.browser(true);
    await enterDesk(demo, operator, clerk);
    for (const path of ['/', '/self-service', '/company', '/company/people'])
      expect(await screen(operator, path)).to.equal('LGN001');
    for (const name of ['_session', 'renkei_session', 'renkei_known']) {
      const tried = operator.clone();
      tried.setCookie(name, valueOf(operator));
      expect(await screen(tried, '/company')).to.equal('LGN001');
    }
    const credentials = { login_id: clerk.login_id, password: clerk.password };
    const direct = await demo.browser().open(at('/company'));
    const browser = demo.browser();
    const page = await browser.submit(await browser.submit(await browser.open(direct.url), {}, 'direct'), credentials);
    expect(page.screen).not.to.equal('OTP002');
  });

  it('an attempt’s value is no session, at no address (staff attempt)', async () => {
    const browser = demo.browser(true);
    await toCode(demo, browser, clerk);
    for (const path of ['/helpdesk', '/helpdesk/tokens', '/helpdesk/companies', '/helpdesk/tokens/import'])
      expect(await screen(browser, path)).to.equal('HDK004');
  });

  it('a code can’t be left out, by no post to any address', async () => {
    const browser = demo.browser(true);
    const page = await toCode(demo, browser, clerk);
    const csrf = tokenOn(page);
    const paths = [
      '/helpdesk',
      '/helpdesk/enter',
      '/helpdesk/sign-in/password',
      '/helpdesk/sign-in/token',
      ...changing,
    ];
    for (const path of paths) {
      const answer = await browser.post(at(path), `csrf=${csrf}&new_password=Minato2026&new_password_again=Minato2026`);
      expect([answer.screen, path]).to.be.deep.oneOf([
        ['HDK004', path],
        ['REF025', path],
      ]);
    }
    const empty = await browser.submit(page, { otp: '' });
    expect([empty.status, empty.screen]).to.deep.equal([422, 'HDK004']);
  });

  it('an attempt and a session are good in no other browser, and no value of before is good after a step', async () => {
    const victim = demo.browser(true);
    const attacker = demo.browser(true);
    const page = await toCode(demo, attacker, clerk);
    const planted = valueOf(attacker);
    await victim.open(at('/helpdesk/sign-in'));
    victim.setCookie(cookie, planted);
    expect(await screen(victim)).to.equal('HDK003');
    await attacker.submit(page, { otp: await freshDeskCode(demo, clerk) });
    const session = valueOf(attacker);
    victim.setCookie(cookie, session);
    expect(await screen(victim)).to.equal('HDK003');
    const old = attacker.clone();
    old.setCookie(cookie, planted);
    expect(await screen(old)).to.equal('HDK003');
    expect(await screen(attacker)).to.equal('HDK001');
    // A value that the attacker chose is never taken up.
    const chosen = demo.browser(true);
    chosen.setCookie(cookie, 'A'.repeat(43));
    await enterDesk(demo, chosen, clerk);
    expect(valueOf(chosen)).not.to.equal('A'.repeat(43));
  });

  it('a code is good once, in whatever session and on whatever gateway', async () => {
    const [one, other] = [demo.browser(true), demo.browser(true)];
    const pages = [await toCode(demo, one, supervisor), await toCode(demo, other, supervisor)] as const;
    const otp = await freshDeskCode(demo, supervisor);
    const answers = await Promise.all([one.submit(pages[0], { otp }), other.submit(pages[1], { otp })]);
    expect(answers.map(({ screen: shown }) => shown)).to.have.members(['HDK001', 'HDK004']);
    expect(answers.find(({ status }) => status === 422)?.refusal).to.equal('otp-used');
    // Another operator's code of the same minute is none.
    const foreign = demo.browser(true);
    const page = await toCode(demo, foreign, clerk);
    const answer = await foreign.submit(page, { otp: await deskCode(demo, supervisor, 1) });
    expect(answer.refusal).to.equal('otp-wrong');
    await foreign.submit(page, { otp: await freshDeskCode(demo, clerk) });
  });

  it('of forty wrong codes at once five are compared, and the session is gone with them (staff counter)', async () => {
    const session = demo.browser(true);
    await enterDesk(demo, session, second);
    const tries = Array.from({ length: 4 }, () => demo.browser(true));
    const pages = [];
    for (const browser of tries) pages.push([browser, await toCode(demo, browser, second)] as const);
    const [missed, stopped] = [await events('operator.otp-missed'), await events('operator.otp-stopped')];
    const otp = await wrongDeskCode(demo, second);
    await Promise.all(
      pages.flatMap(([browser, page]) => Array.from({ length: 10 }, () => browser.submit(page, { otp }))),
    );
    expect((await events('operator.otp-missed')) - missed).to.equal(4);
    expect((await events('operator.otp-stopped')) - stopped).to.equal(1);
    expect(await screen(session)).to.equal('HDK003');
    const right = await pages[0]?.[0].submit(pages[0][1], { otp: await freshDeskCode(demo, second) });
    expect(right?.screen).to.equal('HDK003');
    await command('unlock', second.login_id);
  });

  it('of many wrong passwords at once five are compared, and the right one is none while it is locked', async () => {
    const browser = demo.browser(true);
    const page = await browser.open(at('/helpdesk/sign-in'));
    const typed = { login_id: second.login_id, password: 'Minato2026' };
    const answers = await Promise.all(Array.from({ length: 30 }, () => browser.submit(page, typed)));
    expect(new Set(answers.map(({ refusal }) => refusal))).to.deep.equal(new Set(['credentials']));
    const { rows } = await pool.query('select misses, locks from operator where login_name = $1', [second.login_id]);
    expect(rows[0]).to.deep.equal({ misses: 5, locks: 1 });
    const right = await browser.submit(page, { login_id: second.login_id, password: second.password });
    expect([right.status, right.refusal]).to.deep.equal([422, 'credentials']);
    await Promise.all(
      Array.from({ length: 45 }, (_one, n) => browser.submit(page, { ...typed, login_id: `nobody${n}` })),
    );
    const throttled = await browser.submit(page, { login_id: clerk.login_id, password: clerk.password });
    expect([throttled.status, throttled.refusal]).to.deep.equal([429, 'too-many']);
    expect(throttled.headers.get('retry-after')).not.to.equal(null);
    await command('unlock', second.login_id);
    await demo.forward(15 * 60);
  });

  it('a session is dead at once on every gateway after a stop, and after another password was issued (staff session)', async () => {
    for (const [act, after] of [
      ['stop', 'resume'],
      ['reissue', null],
    ] as const) {
      const browsers = [demo.browser(true), demo.browser(true)];
      const half = demo.browser(true);
      for (const browser of browsers) await enterDesk(demo, browser, second);
      await toCode(demo, half, second);
      await command(act, second.login_id);
      for (const browser of [...browsers, half])
        for (const path of ['/helpdesk', '/helpdesk/tokens']) expect(await screen(browser, path)).to.equal('HDK003');
      if (after !== null) await command(after, second.login_id);
      for (const browser of browsers) expect(await screen(browser)).to.equal('HDK003');
    }
    const old = demo.browser(true);
    expect((await toCode(demo, old, second)).refusal).to.equal('credentials');
  });

  it('an issued password is good until an own one is chosen, and then never again', async () => {
    const fresh = freshOperator();
    const [one, other] = [demo.browser(true), demo.browser(true)];
    const mine = await toCode(demo, one, fresh);
    const theirs = await toCode(demo, other, fresh);
    expect([new URL(mine.url).pathname, new URL(theirs.url).pathname]).to.deep.equal([
      '/helpdesk/sign-in/password',
      '/helpdesk/sign-in/password',
    ]);
    // The steps behind it, by their addresses.
    for (const path of ['/helpdesk', '/helpdesk/sign-in/token', '/helpdesk/sign-in/otp', '/helpdesk/tokens'])
      expect(new URL((await one.open(at(path))).url).pathname).to.equal('/helpdesk/sign-in/password');
    const own = { new_password: 'Hajimete9', new_password_again: 'Hajimete9' };
    const token = await one.submit(mine, own);
    expect(new URL(token.url).pathname).to.equal('/helpdesk/sign-in/token');
    expect(await screen(other)).to.equal('HDK003');
    expect(
      (await other.submit(theirs, { new_password: 'Yokodori9', new_password_again: 'Yokodori9' })).screen,
    ).to.equal('HDK003');
    expect((await toCode(demo, demo.browser(true), fresh)).refusal).to.equal('credentials');
    // Whoever has the password and no authenticator is asked for one, and gets no further without its code.
    const again = demo.browser(true);
    const page = await toCode(demo, again, { ...fresh, password: 'Hajimete9' });
    expect(new URL(page.url).pathname).to.equal('/helpdesk/sign-in/token');
    expect(await screen(again, '/helpdesk/tokens')).to.equal('HDK004');
  });

  it('a post without this browser’s token does nothing, and a forged one neither', async () => {
    const browser = demo.browser(true);
    await enterDesk(demo, browser, clerk);
    for (const csrf of ['', 'A'.repeat(43)]) {
      const answer = await browser.post(at('/helpdesk/sign-out'), `csrf=${csrf}&action=logout`);
      expect([answer.status, answer.refusal]).to.deep.equal([403, 'csrf']);
    }
    const stranger = await demo.browser(true).open(at('/helpdesk/sign-in'));
    const forged = await browser.post(at('/helpdesk/sign-out'), `csrf=${tokenOn(stranger)}`, {
      'origin': 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    });
    expect(forged.status).to.equal(403);
    expect(await screen(browser)).to.equal('HDK001');
  });

  it('leads back to no other host, no page of the customers, and by no address made in another browser', async () => {
    const made = await demo.browser(true).open(at('/helpdesk/tokens'));
    const stolen = new URL(made.url).searchParams.get('to') ?? '';
    expect(stolen).not.to.equal('');
    const place = (path: string): string => Buffer.from(path).toString('base64url');
    const [, mac = ''] = stolen.split('.');
    for (const to of [
      stolen,
      'https://evil.example/',
      '//evil.example',
      `${place('//evil.example')}.${mac}`,
      `${place('/company')}.${mac}`,
      place('/helpdesk/tokens'),
      '',
    ]) {
      const browser = demo.browser(true);
      const page = await toCode(demo, browser, clerk, `/helpdesk/sign-in?to=${encodeURIComponent(to)}`);
      const desk = await browser.submit(page, { otp: await freshDeskCode(demo, clerk) });
      expect(desk.url).to.equal(at('/helpdesk'));
    }
  });

  it('an auditor changes nothing: every address that takes a post refuses, and writes it down (staff reader)', async () => {
    const browser = demo.browser(true);
    const csrf = tokenOn(await enterDesk(demo, browser, auditor));
    expect(changing.length).to.be.greaterThan(3);
    const whole = async (): Promise<unknown> =>
      (
        await pool.query(`select (select md5(string_agg(t::text, '' order by t.id)) from token t) as tokens,
          (select md5(string_agg(c::text, '' order by c.id)) from company c) as companies,
          (select count(*)::int from token_order) as orders, (select count(*)::int from token_import) as imports`)
      ).rows[0];
    const untouched = await whole();
    for (const path of changing) {
      const before = await events('operator.refused');
      const answer = await browser.post(
        at(path),
        `csrf=${csrf}&people=4200000000&otp=${await freshDeskCode(demo, auditor)}`,
      );
      // A result's button acts on nothing: it leads to a list.
      if (path.includes('/result/') && answer.hops.length > 1) continue;
      expect([path, answer.status, answer.refusal]).to.deep.equal([path, 403, 'not-allowed']);
      expect((await events('operator.refused')) - before).to.equal(1);
    }
    expect(await whole()).to.deep.equal(untouched);
  });

  it('pages of the desk are kept nowhere, framed by nobody, and their cookie is out of scripts’ reach', async () => {
    const browser = demo.browser(true);
    const pages = [await browser.open(at('/helpdesk/sign-in'))];
    const asked = await toCode(demo, browser, clerk);
    pages.push(asked);
    const desk = await browser.submit(asked, { otp: await freshDeskCode(demo, clerk) });
    pages.push(desk, await browser.open(at('/helpdesk/no-such-page')));
    for (const { headers } of pages) {
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(headers.get('x-frame-options')).to.equal('DENY');
      expect(headers.get('content-security-policy')).to.include("frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).to.equal('no-referrer');
    }
    const answer = await fetch(at('/helpdesk/sign-in'), {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'accept': 'text/html',
        'cookie': [...browser.cookies()].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      body: new URLSearchParams({
        csrf: tokenOn(asked),
        login_id: clerk.login_id,
        password: clerk.password,
      }).toString(),
    });
    const set = answer.headers.getSetCookie().find((line) => line.startsWith(`${cookie}=`)) ?? '';
    expect(answer.status).to.equal(303);
    expect(set).to.match(/; path=\/; samesite=lax; httponly$/i);
  });

  it('neither passwords nor authenticators’ secrets stand in logs, records or Redis', async () => {
    const { rows } = await pool.query(`select body from audit where chain = 'bank'`);
    const redis = new Redis(demo.redisUrl ?? '');
    const kept = [];
    for (const key of await redis.keys('*operator*')) kept.push(key, await redis.get(key).catch(() => ''));
    redis.disconnect();
    expect(kept).not.to.deep.equal([]);
    const written = JSON.stringify([rows, kept]) + demo.log();
    for (const { password, secret } of [clerk, supervisor, second, auditor])
      for (const known of [password, secret]) expect(written).not.to.include(known);
    expect(written).not.to.include('Hajimete9').and.not.to.include(freshOperator().password);
  });
});
