// Who holds a copy of the database, or may write to it, but has none of its keys: a dump opens nothing, rows that are exchanged
// open nothing, and sealing everything anew is done under the feet of people who sign in.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { signingKeys } from '../../src/flows/first-keys.ts';
import { confirmIssue } from '../../src/flows/token/issue.ts';
import { fetchToken } from '../../src/flows/token/fetch.ts';
import { enterDetails, requestCode } from '../../src/flows/token/prepare.ts';
import type { IssueFront } from '../../src/flows/token/front.ts';
import { SealBroken } from '../../src/secrets/sealing.ts';
import { secretFromBase32 } from '../../src/secrets/totp.ts';
import { noProgress } from '../../src/rules/token-issue.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { flowScene, rightPassword, type Scene } from '../flows/scene.ts';
import { besideStore, migratedDatabase, type OpenStore, run, wholeContent } from '../support/database.ts';
import { type Demo, launch, startDemo } from '../support/demo-process.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { day } from '../support/rows.ts';
import { enterLinked, nextCode, renkei } from '../support/walks.ts';

const activation = '73190642';
const serviceId = '10000001';
const nonce = (): string => randomBytes(32).toString('base64url');

/** Every way in which somebody might write bytes. */
const forms = (secret: Uint8Array): readonly string[] => {
  const bytes = Buffer.from(secret);
  return [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('latin1')];
};

describe('a copy of the database', function () {
  this.timeout(60_000);
  let scene: Scene;
  let open: OpenStore;
  let company: CompanyRow;
  before(async () => {
    open = await besideStore((await migratedDatabase()).url);
    scene = await flowScene(async () => open);
    await open.store.deployment.begin({ demo: false, createdAt: scene.now, clockOffset: 0, demoSecret: null });
    await signingKeys(open.store, scene.secrets.keyMaker, scene.now);
    company = await scene.company({ otpApplication: 'software' });
  });
  after(() => open.database.close());

  /** Somebody whose app token was issued; the mails are still owed. */
  const issued = async (): Promise<{ readonly person: AccountRow; readonly userId: string; readonly code: string }> => {
    const person = await scene.person(company, {
      emailProvenAt: scene.now - 100 * day,
      emailChangedAt: scene.now - 100 * day,
    });
    let progress: IssueFront['progress'] = { ...noProgress, kind: 'app' };
    const front = async (): Promise<IssueFront> => ({
      person: await scene.look(person),
      route: 'direct',
      stamp: { id: 'login', epoch: person.securityEpoch },
      login: null,
      progress,
      keep: async (change) => {
        progress = change(progress ?? noProgress);
      },
    });
    await requestCode(scene.tools, scene.act(), await front());
    const typed = { activation, activationAgain: activation };
    const address = `phone-${person.id}@mobile.example`;
    await enterDetails(scene.tools, scene.act(), await front(), { email: address, emailAgain: address, ...typed });
    const [mail] = (await scene.mails(person)).filter((one) => one.mail === 'email-code');
    const code = String(mail?.facts['code']);
    await confirmIssue(scene.tools, scene.act(), await front(), { confirmation: rightPassword, emailCode: code });
    const [row] = await run(open, `select user_id from token_issue where account_id = '${person.id}'`);
    return { person, userId: String(row?.['userId']), code };
  };
  const fetch = (userId: string, value = nonce()) =>
    fetchToken(scene.tools, scene.act(), serviceId, { serviceId, userId, digits: activation, nonce: value });

  it('opens nothing: no token secret, no signing key, no activation password, no e-mail code, not even of mails that wait', async () => {
    const holder = await scene.person(company);
    const fob = await scene.token(company, [holder]);
    const { userId, code } = await issued();
    const value = nonce();
    const fetched = await fetch(userId, value);
    if (fetched.verdict !== 'fetched') throw new Error('the app was refused');
    expect(code).to.match(/^\d{8}$/);
    const dump = (await wholeContent(open)).join('\n');
    expect(dump, 'what is no secret is found').to.contain(userId);
    expect(await run(open, `select 1 from outbox where sent_at is null`)).not.to.deep.equal([]);

    const opened = [
      secretFromBase32(fetched.secret),
      scene.secrets.openTokenSecret(fob.row.secret, fob.row.id),
      ...(await signingKeys(open.store, scene.secrets.keyMaker, scene.now)).flatMap(({ d }) => [
        Buffer.from(String(d), 'base64url'),
      ]),
    ];
    expect(opened).to.have.length(4);
    const texts = [...opened.flatMap(forms), fetched.secret, code, rightPassword, value];
    for (const text of texts) expect(dump.includes(text), text).to.equal(false);
    // Eight digits may stand in a long number by chance: as a value of their own they do not.
    expect(dump).not.to.match(new RegExp(`(?<![0-9a-f])${activation}(?![0-9a-f])`));
    const [row] = await run(open, `select activation, nonce from token_issue where user_id = '${userId}'`);
    // Marks of 256 bits under a key that is not here: guessing eight digits needs that key.
    expect([row?.['activation'], row?.['nonce']].map((mark) => String(mark).length)).to.deep.equal([43, 43]);
    expect(row?.['activation']).not.to.equal(scene.secrets.digest(activation));
  });

  it('with the secrets of two issues exchanged hands out neither: nothing is fetched, counted or kept', async () => {
    const [mine, theirs] = [await issued(), await issued()];
    const before = await wholeContent(open);
    await run(open, exchange(tokenOf(mine.userId), tokenOf(theirs.userId)));
    for (const { userId } of [mine, theirs]) {
      const error = await fetch(userId).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(SealBroken).with.property('message', 'the seal does not hold');
    }
    await run(open, exchange(tokenOf(mine.userId), tokenOf(theirs.userId)));
    expect(await wholeContent(open)).to.deep.equal(before);
    expect((await fetch(mine.userId)).verdict).to.equal('fetched');
  });

  it('with an activation password exchanged between issues, or of one’s own put in, opens no other issue', async () => {
    const [mine, theirs] = [await issued(), await issued()];
    await run(
      open,
      `update token_issue set activation = (select activation from token_issue where user_id = '${mine.userId}')
       where user_id = '${theirs.userId}'`,
    );
    expect((await fetch(theirs.userId)).verdict, 'a mark is of its own issue').to.equal('refused');
    expect((await fetch(mine.userId)).verdict).to.equal('fetched');
  });

  it('with a mail’s sealed code put into another mail shows no code', async () => {
    const rows = async () => run(open, `select id, payload from outbox where payload ? 'sealedCode' order by id`);
    const [one, two] = await rows();
    const sealed: { readonly sealedCode: string } = JSON.parse(JSON.stringify(one?.['payload']));
    expect(() =>
      scene.secrets.openUnder(scene.secrets.mark('outbox', String(two?.['id'])), sealed.sealedCode),
    ).to.throw();
  });
});

const tokenOf = (userId: string): string => `(select token_id from token_issue where user_id = '${userId}')`;
/** One statement: the unique rows of it never stand the same. */
const exchange = (one: string, other: string): string => `
  update token set secret = case id when ${one} then (select secret from token where id = ${other})
                                    else (select secret from token where id = ${one}) end
  where id in (${one}, ${other})`;

describe('a database that somebody writes to', function () {
  this.timeout(240_000);
  const key = randomBytes(32).toString('base64');
  let demo: Demo;
  let pool: pg.Pool;
  before(async () => {
    // The new key is known to every process before any of them seals with it.
    demo = await startDemo('real', { gateways: 2, env: { RENKEI_SEALING_KEYS: `master,${key}` } });
    pool = new pg.Pool({ connectionString: demo.databaseUrl ?? '', max: 2 });
  });
  after(async () => {
    await pool.end();
    await demo.stop();
  });

  const held = ({ login_id: loginId }: DemoPerson): string =>
    `(select token_id from token_holder join account on account.id = account_id
      where login_name = '${loginId}' and ended_at is null)`;
  async function atCode(person: DemoPerson): Promise<{ readonly browser: ScriptBrowser; readonly page: Page }> {
    const browser = demo.browser(true);
    let page = await browser.submit(await browser.open(`${demo.gateway}/self-service`), {}, 'direct');
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    expect(page.screen).to.equal('OTP002');
    return { browser, page };
  }
  const standing = async (person: DemoPerson): Promise<unknown> =>
    (
      await pool.query(
        `select otp_misses, otp_stopped_at, last_step, (select count(*) from login where account_id = account.id) as logins
         from account join token on token.id = ${held(person)} where login_name = $1`,
        [person.login_id],
      )
    ).rows;

  it('and exchanges the secrets of two people’s tokens: neither gets in, with either code, and nothing leaks or is counted', async () => {
    const [one, two] = [demo.person('ywatanabe85'), demo.person('sabe89')];
    const [mine, theirs] = [await atCode(one), await atCode(two)];
    const before = [await standing(one), await standing(two)];
    await pool.query(exchange(held(one), held(two)));
    const codes = [await nextCode(demo, one), await demo.code(two)];
    for (const { browser, page } of [mine, theirs]) {
      for (const otp of [...codes, ...codes]) {
        const answer = await browser.submit(page, { otp });
        expect([answer.status, answer.screen, answer.refusal]).to.deep.equal([500, 'REF026', 'unexpected']);
        expect(answer.html).not.to.match(/SealBroken|seal|v1\.|secret|at .*\.ts/);
        expect(answer.headers.get('set-cookie')).to.equal(null);
        expect((await browser.open(`${demo.gateway}/self-service`)).screen).not.to.match(/^(TOP|SLF)/);
      }
    }
    expect([await standing(one), await standing(two)]).to.deep.equal(before);
    const lines = demo
      .log()
      .split('\n')
      .filter((line) => line.includes('"event":"unexpected"'));
    expect(lines).to.have.length(8);
    for (const line of lines) {
      expect(line)
        .to.contain('SealBroken: the seal does not hold')
        .and.to.match(/"reference":"[0-9A-Z]{4}-[0-9A-Z]{4}"/);
      for (const secret of [...codes, one.otp?.secret ?? '', two.otp?.secret ?? ''])
        expect(line.includes(`${secret}"`)).to.equal(false);
    }

    await pool.query(exchange(held(one), held(two)));
    for (const person of [one, two]) {
      const { browser, page } = await atCode(person);
      expect((await browser.submit(page, { otp: await nextCode(demo, person) })).status).to.equal(200);
    }
  });

  it('is sealed anew while people sign in on both gateways; then the new key alone opens it', async () => {
    const env = { ...demo.env, RENKEI_SEALING_KEYS: `${key},master` };
    let going = true;
    const people = ['dyamamoto47', 'rhashimoto46', 'ynomura51'].map((id) => demo.person(id));
    const signIns = (async () => {
      let entered = 0;
      for (let round = 0; going || round < 3; round += 1)
        for (const person of people) {
          const page = await enterLinked(demo, demo.browser(true), person);
          expect(page.url.startsWith(demo.portal), page.text().slice(0, 120)).to.equal(true);
          entered += 1;
        }
      return entered;
    })();
    const rotated = await renkei({ env }, 'keys', 'rotate-sealing', '--json');
    going = false;
    expect(await signIns).to.be.greaterThan(8);
    expect(rotated.status, rotated.err).to.equal(0);
    const told: Readonly<Record<string, unknown>> = JSON.parse(rotated.out);
    const { rows } = await pool.query(`select count(*)::int as n from token`);
    expect(told).to.deep.include({ ok: true, token_secrets: rows[0].n, signing_keys: 2, unopened: 0 });
    expect(told['keys']).to.deep.include({ id: 'master', seals: 0, configured: true, needed: false });
    expect(rotated.err).to.contain(`Sealed secrets looked at: ${rows[0].n + 2} of ${rows[0].n + 2}.`);
    const { rows: seals } = await pool.query(`select distinct split_part(secret, '.', 2) as key from token`);
    expect(seals.map((row: { readonly key: string }) => row.key)).to.deep.equal([told['newest']]);
    const { rows: records } = await pool.query(
      `select chain, body from audit where event = 'sealing.rotated' order by seq`,
    );
    expect(records.map((row: { readonly chain: string }) => row.chain)).to.deep.equal(['bank', 'bank']);
    expect((await renkei({ env }, 'audit', 'verify', '--json')).status).to.equal(0);

    // And back, so that the master's key alone is enough again: an old key may be taken away once it seals nothing.
    const back = await renkei({ env: { ...demo.env, RENKEI_SEALING_KEYS: `master,${key}` } }, 'keys', 'rotate-sealing');
    expect([back.status, back.out]).to.deep.equal([
      0,
      `Sealed anew under master: ${rows[0].n} token secrets, 2 signing keys.\nKey ${String(told['newest'])} is not needed any more: take it out of RENKEI_SEALING_KEYS. Keep it as long as a backup from before may come back.\n`,
    ]);
    const without = await renkei({ env: { ...demo.env, RENKEI_SEALING_KEYS: '' } }, 'keys', 'rotate-sealing', '--json');
    expect(JSON.parse(without.out)).to.deep.include({ ok: true, token_secrets: 0, newest: 'master' });
  });

  it('refuses a key that somebody could guess, or that is none, and tells nothing of it', async () => {
    const weak = Buffer.from('a sentence is not a key, however long').toString('base64');
    for (const value of [weak, key.slice(0, 20), `${key},${key}`, 'master,master', Buffer.alloc(32).toString('hex')]) {
      const refused = await renkei({ env: { ...demo.env, RENKEI_SEALING_KEYS: value } }, 'keys', 'rotate-sealing');
      expect(refused.status).to.equal(1);
      expect(refused.err).to.contain('RENKEI_SEALING_KEYS');
      for (const part of value.split(',').filter((one) => one !== 'master'))
        expect(refused.err.includes(part)).to.equal(false);
    }
  });
});

describe('the embedded demo', function () {
  // The embedded database is opened six times.
  this.timeout(480_000);

  it('begins with another key, seals everything anew by the command, and goes on with that key alone', async () => {
    const key = randomBytes(32).toString('base64url');
    const demo = await startDemo('embedded');
    const person = demo.person('ynomura51');
    const env = { ...demo.env, RENKEI_SEALING_KEYS: key };
    await demo.kill('SIGTERM');
    const running = await launch(env, []);
    try {
      expect((await enterLinked(demo, demo.browser(), person)).url.startsWith(demo.portal)).to.equal(true);
      const rotated = await renkei({ env }, 'keys', 'rotate-sealing', '--json');
      expect(rotated.status, rotated.err).to.equal(0);
      const told: { readonly token_secrets: number; readonly signing_keys: number } = JSON.parse(rotated.out);
      expect([told.token_secrets > 20, told.signing_keys]).to.deep.equal([true, 2]);
      expect(rotated.err).to.match(/Sealed secrets looked at: (\d+) of \1\./);
      expect((await enterLinked(demo, demo.browser(), person)).url.startsWith(demo.portal)).to.equal(true);
    } finally {
      running.child.kill('SIGTERM');
      await running.ended;
    }
    const failed = await launch(demo.env, []).catch((error: unknown) => error);
    expect(String(failed)).to.match(/sealed under the key [\w-]{12}, which RENKEI_SEALING_KEYS does not name/);
    const again = await launch(env, []);
    try {
      expect((await enterLinked(demo, demo.browser(), person)).url.startsWith(demo.portal)).to.equal(true);
    } finally {
      again.child.kill('SIGTERM');
      await again.ended;
      await demo.stop();
    }
  });
});
