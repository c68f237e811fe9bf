// What outside tools may rely on when they start Renkei (spec §12): the one command, its ports and its line, the data folder,
// beginning anew, one more gateway, the clock that all share, the mails, and the command line's answers for machines.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { directly, launch, startDemo, type Demo } from '../support/demo-process.ts';
import { freePorts } from '../support/ports.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { root } from '../support/source.ts';
import { enterLinked, get, leavePortal, mailedCode, nextCode, portalState, renkei, soon } from '../support/walks.ts';

const addresses = (output: string): Readonly<Record<string, string>> =>
  Object.fromEntries((/^ready (.*)$/m.exec(output)?.[1] ?? '').split(' ').map((pair) => pair.split('=', 2)));

describe('npm start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'renkei-start-'));
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.splice(0)) await stop();
  };
  after(async () => {
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  /** `npm start` as a person types it; resolves with everything that was printed up to its ready line. */
  async function npmStart(env: Readonly<Record<string, string>>): Promise<string> {
    const child = spawn('npm', ['start'], {
      cwd: root,
      detached: true,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit');
    stops.push(async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      await ended;
    });
    let output = '';
    return new Promise((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        output += chunk.toString('utf8');
        if (/^ready .*\n/m.test(output)) resolve(output);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (status) => reject(new Error(`npm start ended with ${status}:\n${output}`)));
    });
  }

  /** What `npm start -- …` runs once it has built. */
  async function start(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<string> {
    const launched = await launch({ PATH: process.env['PATH'], HOME: process.env['HOME'], ...env }, args);
    stops.push(async () => {
      launched.child.kill('SIGTERM');
      await launched.ended;
    });
    return launched.output();
  }

  describe('on the embedded stores', () => {
    const data = join(folder, 'data');
    let env: Record<string, string>;
    let output: string;
    let port = 3000;
    const unlink = async (): Promise<unknown> =>
      JSON.parse((await renkei({ env: { ...process.env, ...env } }, 'unlink', 'rhashimoto46', '--json')).out).ok;

    before(async function () {
      this.timeout(240_000);
      const free = await Promise.all([0, 1, 2, 3, 4].map((n) => isFree(3000 + n)));
      if (!free.every(Boolean)) port = await freePorts(5);
      env = { RENKEI_DATA_DIR: data, ...(port === 3000 ? {} : { RENKEI_PORT: String(port) }) };
      output = await npmStart(env);
    });

    const four = (first: number) => ({
      'gateway': `http://localhost:${first}`,
      'business-direct': `http://localhost:${first + 1}`,
      'portal': `http://localhost:${first + 2}`,
      'mail': `http://localhost:${first + 3}`,
    });

    it('says in one line where gateway, Business Direct, portal and mail reader are, when all of them answer', async () => {
      expect(output.match(/^ready /gm)).to.have.length(1);
      expect(addresses(output)).to.include(four(port));
      for (const address of Object.values(addresses(output))) {
        expect((await fetch(address, { redirect: 'manual' })).status, address).to.be.lessThan(400);
      }
    });

    it('takes the ports 3000 to 3003 when nothing is configured', function () {
      if (port !== 3000) this.skip();
      expect(addresses(output)).to.include(four(3000));
    });

    it('keeps its data in the folder that RENKEI_DATA_DIR names, which is its own while it runs', async function () {
      this.timeout(60_000);
      expect(readdirSync(data)).to.include('postgres');
      expect(await unlink()).to.equal(true);
      for (const args of [[], ['--reset']]) {
        const told = await start({ RENKEI_DATA_DIR: data, RENKEI_PORT: String(await freePorts(5)) }, args).catch(
          (error: Error) => error.message,
        );
        expect(told).to.include('in use by process');
      }
    });

    it('goes on with that data after a restart, on other ports when RENKEI_PORT moves the first', async function () {
      this.timeout(120_000);
      await stopAll();
      const moved = await freePorts(5);
      env = { RENKEI_DATA_DIR: data, RENKEI_PORT: String(moved) };
      expect(addresses(await start(env, []))).to.include(four(moved));
      expect(await unlink(), 'the link that was removed stays removed').to.equal(false);
      await stopAll();
    });

    it('begins anew with --reset', async function () {
      this.timeout(120_000);
      await start(env, ['--reset']);
      expect(await unlink(), 'everything is as at the first start').to.equal(true);
      await stopAll();
    });
  });

  it('uses the stores that RENKEI_DATABASE_URL and RENKEI_REDIS_URL name, and --reset begins anew only where a demo left its mark', async function () {
    this.timeout(120_000);
    const on = async (database: FreshDatabase, args: readonly string[]): Promise<string> => {
      const env = {
        RENKEI_DATABASE_URL: database.url,
        RENKEI_REDIS_URL: process.env['RENKEI_TEST_REDIS_URL'],
        RENKEI_DATA_DIR: join(folder, 'real'),
        RENKEI_PORT: String(await freePorts(5)),
      };
      const told = await start(env, args).catch((error: Error) => error.message);
      await stopAll();
      return told;
    };
    const [mine, theirs] = await Promise.all([freshDatabase(), freshDatabase()]);
    try {
      await on(mine, []);
      expect(await query(mine, "update company set name = 'changed' returning 1")).not.to.deep.equal([]);
      expect(await on(mine, ['--reset'])).to.match(/^ready /m);
      expect(
        await query(mine, "select 1 from company where name = 'changed'"),
        'a marked one begins anew',
      ).to.deep.equal([]);

      await query(mine, 'update deployment set demo = false');
      for (const args of [['--reset'], []]) expect(await on(mine, args)).to.include('was not made by the demo');
      expect(await query(mine, 'select 1 from company'), 'without the mark it is kept').not.to.deep.equal([]);

      await query(theirs, 'create table ledger (amount int)');
      await query(theirs, 'insert into ledger values (42)');
      expect(await on(theirs, ['--reset'])).to.include('was not made by the demo');
      expect(await query(theirs, 'select amount from ledger'), "somebody else's is untouched").to.deep.equal([
        { amount: 42 },
      ]);
      const tables = "select table_name from information_schema.tables where table_schema = 'public'";
      expect(await query(theirs, tables)).to.have.length(1);
    } finally {
      await stopAll();
      await Promise.all([mine, theirs].map((database) => database.drop()));
    }
  });
});

describe('a demo on real stores with one more gateway', () => {
  let demo: Demo;

  before(async function () {
    this.timeout(120_000);
    demo = await startDemo('real', { gateways: 2, env: { RENKEI_NOW_OFFSET: '3600' } });
  });
  after(() => demo?.stop());

  const clock = async (body?: unknown): Promise<{ status: number; told: Record<string, unknown> }> => {
    const headers = { 'content-type': 'application/json' };
    const asked = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`${demo.mail}/clock`, asked);
    return { status: answer.status, told: JSON.parse(await answer.text()) };
  };

  it('has --gateway-only beside it with the same issuer, keys and stores, and no outsiders of its own', async () => {
    const [own = '', other = ''] = demo.gateways;
    const [one, two] = await Promise.all(
      [own, other].map(async (at) => JSON.parse(await (await fetch(`${at}/.well-known/openid-configuration`)).text())),
    );
    expect(one).to.deep.equal(two);
    expect(one.issuer).to.equal(demo.gateway);
    const keys = async (at: string): Promise<string> => (await fetch(one.jwks_uri.replace(own, at))).text();
    expect(await keys(other)).to.equal(await keys(own));
    expect(await isFree(Number(new URL(other).port) + 3)).to.equal(true);

    const person = demo.person('ntakahashi14');
    const spread = demo.browser(true);
    expect((await enterLinked(demo, spread, person)).screen).to.equal('PTL002');
  });

  it('begins its clock at RENKEI_NOW_OFFSET, tells it, and moves it forward only', async () => {
    const { status, told } = await clock();
    expect(status).to.equal(200);
    expect(told['offset_seconds']).to.be.at.least(3600);
    const before = Number(told['offset_seconds']);
    const moved = await clock({ offset_seconds: before + 86_400 });
    expect([moved.status, moved.told['offset_seconds']]).to.deep.equal([200, before + 86_400]);
    const back = await clock({ offset_seconds: before });
    expect(back.status).to.equal(409);
    expect((await clock({ offset_seconds: 'soon' })).status).to.equal(400);
    expect((await clock({})).status).to.equal(400);
    expect((await clock()).told['offset_seconds']).to.equal(before + 86_400);
    const ahead = Date.parse(String((await clock()).told['now'])) - Date.now();
    expect(ahead / 1000).to.be.closeTo(before + 86_400, 5);
  });

  it('shows one time everywhere: in both gateways, at Business Direct, at the portal and in mails', async () => {
    await demo.forward(40 * 86_400);
    const person = demo.person('yishikawa92');
    const browser = demo.browser(true);
    const page = await enterLinked(demo, browser, person);
    const now = (await demo.now()) / 1000;
    const claims = page.json('claims');
    for (const claim of ['iat', 'auth_time']) expect(Number(claims?.[claim]), claim).to.be.closeTo(now, 90);
    const mails = await soon(
      () => demo.mails(person.email),
      (all) => all.length > 0,
    );
    expect(Date.parse(mails[0]?.date ?? '') / 1000).to.be.closeTo(now, 90);
    expect((await renkei(demo, 'unlink', person.login_id)).status).to.equal(0);
    const state = await soon(
      () => portalState(demo, browser),
      ({ signedIn }) => !signedIn,
    );
    expect(Date.parse(state.lastLogoutToken?.at ?? '') / 1000).to.be.closeTo(now, 90);
  });

  it("moves the clock from the gateway's own demo page, too, and forward only", async () => {
    const browser = demo.browser();
    const { told } = await clock();
    const ahead = Number(told['offset_seconds']);
    const page = await browser.open(`${demo.gateway}/demo/clock`);
    expect(page.screen).to.equal('DMO003');
    await browser.submit(page, { offset_seconds: String(ahead + 60) });
    expect((await clock()).told['offset_seconds']).to.equal(ahead + 60);
    await browser.submit(page, { offset_seconds: '0' });
    expect((await clock()).told['offset_seconds']).to.equal(ahead + 60);
  });

  it('lists mails by address with id, date, to, subject, text and the code in it', async () => {
    const person = demo.person('917236576');
    const browser = demo.browser();
    let page = await directly(demo, browser, person);
    page = await browser.submit(page, { new_login_id: 'yfujii77' });
    page = await browser.submit(page, { new_password: 'Kaigan7741', new_password_again: 'Kaigan7741' });
    page = await browser.submit(page, {
      new_confirmation_password: 'Minato5528',
      new_confirmation_password_again: 'Minato5528',
    });
    page = await browser.submit(page, { email: person.email });
    const code = await mailedCode(demo, person.email);
    expect(code).to.match(/^\d{8}$/);
    const mails = await demo.mails(person.email);
    expect(mails.map((mail) => Object.keys(mail))).to.deep.equal([['id', 'date', 'to', 'subject', 'text', 'code']]);
    expect(mails[0]).to.include({ to: person.email, code });
    expect(mails[0]?.text.replaceAll(/\D/g, '')).to.include(code);
    expect(mails[0]?.text, 'as it was written, spaces at the ends of sent lines included').to.include(
      `Dear ${person.name},`,
    );
    expect(new Date(mails[0]?.date ?? '').toISOString()).to.equal(mails[0]?.date);
    expect(await demo.mails('nobody@example.co.jp')).to.deep.equal([]);
    expect((await browser.submit(page, { email_code: code })).screen).to.equal('TKN001');
  });

  it('answers commands for machines: unlink, unlock, audit, with an exit status', async function () {
    this.timeout(60_000);
    const person = demo.person('ksato82');
    const run = async (...args: readonly string[]): Promise<readonly [number, Record<string, unknown>]> => {
      const { status, out } = await renkei(demo, ...args, '--json');
      return [status, JSON.parse(out)];
    };
    const [unlinked, first] = await run('unlink', person.login_id);
    expect(unlinked).to.equal(0);
    expect(first).to.deep.include({ ok: true, login_id: person.login_id });
    expect(first['removed']).to.be.an('array').with.length(1);
    expect(first['reference']).to.match(/^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$/);
    const [again, second] = await run('unlink', person.login_id);
    expect([again, second['ok'], second['removed']]).to.deep.equal([1, false, []]);
    expect(await run('unlink', 'nobody99')).to.deep.equal([
      1,
      { ok: false, error: 'unknown_login_id', login_id: 'nobody99' },
    ]);

    for (const [login, lock, released] of [
      ['hyamada58', 'login', ['login']],
      ['rinoue13', 'all', ['otp']],
    ] as const) {
      const [status, told] = await run('unlock', login, lock);
      expect([status, told['ok'], told['released']], login).to.deep.equal([0, true, released]);
    }
    expect((await run('unlock', 'rinoue13', 'everything'))[0]).to.equal(1);
    const [verified, chains] = await run('audit', 'verify');
    expect([verified, chains['ok']]).to.deep.equal([0, true]);
    const [, listed] = await run('audit', 'list', 'rinoue13');
    expect(JSON.stringify(listed['records'])).to.include('lock.released');
    const reference = /"reference":"(.{9})"/.exec(JSON.stringify(listed['records']))?.[1] ?? '';
    // As somebody dictates it.
    const [found, under] = await run('audit', 'find', ` ${reference.toLowerCase().replace('-', '')} `);
    expect([found, under['reference']]).to.deep.equal([0, reference]);
    expect(JSON.stringify(under['records'])).to.include(reference);
    expect((await run('audit', 'find', 'ZZZZ-ZZZZ'))[0]).to.equal(1);
    const browser = demo.browser();
    const otp = await directly(demo, browser, demo.person('rinoue13'));
    expect(otp.screen, 'a released person signs in').to.equal('OTP002');
    expect((await browser.submit(otp, { otp: await nextCode(demo, demo.person('rinoue13')) })).screen).to.equal(
      'PTL002',
    );
    await leavePortal(demo, browser);
  });

  it('tells people in words what it tells machines in JSON', async () => {
    const { status, out } = await renkei(demo, 'unlink', 'nobody99');
    expect([status, out]).to.deep.equal([1, 'No account has the login ID nobody99.\n']);
  });
});

describe('production', () => {
  let folder: string;
  let database: FreshDatabase;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'renkei-serve-'));
    database = await freshDatabase();
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await database?.drop();
  });

  it('refuses a shifted clock, embedded stores, plain http and a default secret, all in one answer', async () => {
    const { status, err } = await renkei(
      {
        env: {
          PATH: process.env['PATH'],
          RENKEI_NOW_OFFSET: '60',
          RENKEI_ISSUER: 'http://localhost:3000',
          RENKEI_DATA_DIR: folder,
        },
      },
      'serve',
    );
    expect(status).not.to.equal(0);
    for (const name of [
      'RENKEI_NOW_OFFSET',
      'RENKEI_ISSUER',
      'RENKEI_DATABASE_URL',
      'RENKEI_REDIS_URL',
      'RENKEI_SECRET',
    ]) {
      expect(err).to.include(name);
    }
    expect(existsSync(join(folder, 'postgres'))).to.equal(false);
  });

  it('has no clock, no demo pages and no demo people, and its cookies are __Host-, __Secure- and Secure', async function () {
    this.timeout(60_000);
    writeFileSync(join(folder, 'secret'), `${randomBytes(32).toString('base64')}\n`);
    const port = await freePorts(5);
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'serve'], {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        RENKEI_ISSUER: 'https://id.bank.example',
        RENKEI_PORT: String(port),
        RENKEI_DATA_DIR: folder,
        RENKEI_SECRET_FILE: join(folder, 'secret'),
        RENKEI_DATABASE_URL: database.url,
        RENKEI_REDIS_URL: process.env['RENKEI_TEST_REDIS_URL'],
        RENKEI_SMTP_URL: 'smtps://mail.bank.example',
        RENKEI_MAIL_FROM: 'no-reply@bank.example',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const ended = once(child, 'exit');
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    try {
      await soon(
        async () => output,
        (told) => /^ready /m.test(told) || child.exitCode !== null,
      );
      expect(output).to.match(/^ready gateway=https:\/\/id\.bank\.example$/m);
      const ask = (path: string) => get(port, path, 'id.bank.example');
      for (const path of ['/demo', '/demo/tokens', '/demo/clock', '/clock', '/messages']) {
        expect((await ask(path)).status, path).to.equal(404);
      }
      const top = await ask('/');
      expect(top.status).to.equal(303);
      const begun = await ask(
        new URL(top.headers['location'] ?? '').pathname + new URL(top.headers['location'] ?? '').search,
      );
      const cookies = [...(top.headers['set-cookie'] ?? []), ...(begun.headers['set-cookie'] ?? [])];
      expect(cookies).to.have.length.greaterThan(1);
      for (const cookie of cookies) {
        expect(cookie)
          .to.match(/^__(?:Host|Secure)-renkei_\w+/)
          .and.to.match(/;\s*secure/i)
          .and.to.match(/;\s*httponly/i)
          .and.to.match(/;\s*samesite=lax/i);
        if (cookie.startsWith('__Host-'))
          expect(cookie)
            .to.match(/;\s*path=\/(?:;|$)/i)
            .and.not.to.match(/;\s*domain=/i);
      }
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });
});

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

async function query(database: FreshDatabase, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
