// The activation service: one app gets the secret, the same one again for a while, and whatever is wrong looks and costs alike
// (spec §5; screens.md 4.8, group C).
import { expect } from 'chai';
import fc from 'fast-check';
import { fetchToken, type Fetched } from '../../src/flows/token/fetch.ts';
import type { Tools } from '../../src/flows/tools.ts';
import { readFetch, type FetchRequest } from '../../src/rules/activation.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import type { IssueRow } from '../../src/store/token-issue.ts';
import { besideStore, migratedDatabase, type OpenStore, wholeContent } from '../support/database.ts';
import type { FreshDatabase } from '../support/postgres.ts';
import { atOnce, day, minute, newId } from '../support/rows.ts';
import { flowScene, type Scene } from './scene.ts';

const serviceId = '10000001';
const password = '739164';
const wrong = '739165';
const nonces = Array.from({ length: 12 }, (_each, n) => Buffer.alloc(32, n + 1).toString('base64url'));
const [mine = '', another = ''] = nonces;

describe('fetching a token’s secret', () => {
  let fresh: FreshDatabase;
  let processes: readonly OpenStore[];
  let scene: Scene;
  let company: CompanyRow;
  let person: AccountRow;
  let issue: IssueRow;
  before(async function () {
    this.timeout(60_000);
    fresh = await migratedDatabase();
    processes = [await besideStore(fresh.url), await besideStore(fresh.url)];
    scene = await flowScene(async () => processes[0] ?? (await besideStore(fresh.url)));
  });
  after(async () => {
    await Promise.all(processes.map(({ database }) => database.close()));
    await fresh.drop();
  });
  beforeEach(async () => {
    company = await scene.company();
    person = await scene.person(company);
    issue = await issued(person);
  });

  async function issued(account: AccountRow): Promise<IssueRow> {
    const { secrets } = scene;
    const [id, tokenId] = [newId(), newId()];
    await scene.at.store.token.add({
      id: tokenId,
      companyId: account.companyId,
      kind: 'software',
      serial: null,
      secret: secrets.newTokenSecret(tokenId),
      algorithm: 'SHA256',
      digits: 6,
      period: 60,
      drift: 0,
      lastStep: null,
      lastStepBy: null,
      expiresAt: null,
      retiredAt: null,
    });
    await scene.at.store.tokenIssue.add({
      id,
      tokenId,
      accountId: account.id,
      kind: 'app',
      userId: secrets.tokenUserId(),
      activation: secrets.mark('activation', `${id} ${password}`),
      address: 'phone@example.jp',
      issuedAt: scene.now,
      expiresAt: scene.now + 3 * day,
    });
    return look(id);
  }
  async function look(id = issue.id): Promise<IssueRow> {
    const row = await scene.at.store.tokenIssue.find(id);
    if (!row) throw new Error('no such issue');
    return row;
  }
  let turn = 0;
  /** Each from a network of its own, unless a test says otherwise. */
  const ask = (
    patch: Partial<FetchRequest> = {},
    { tools = scene.tools, source = `source ${(turn += 1)}`, service = serviceId } = {},
  ): Promise<Fetched> =>
    fetchToken(tools, scene.act({ source }), service, {
      serviceId,
      userId: issue.userId ?? '',
      digits: password,
      nonce: mine,
      ...patch,
    });
  const refused = { verdict: 'refused' } as const;
  async function secretOf(): Promise<string> {
    const token = await scene.at.store.transaction((tables) => tables.token.lock(issue.tokenId));
    return scene.secrets.base32(scene.secrets.openTokenSecret(token?.secret ?? '', issue.tokenId));
  }

  it('hands out the secret with what an app needs, and binds it to the app that asked first', async () => {
    expect(await ask()).to.deep.equal({
      verdict: 'fetched',
      secret: await secretOf(),
      algorithm: 'SHA256',
      digits: 6,
      period: 60,
      userId: issue.userId,
      expiresAt: issue.expiresAt,
      againUntil: scene.now + 10 * minute,
    });
    expect(await look()).to.include({ fetchedAt: scene.now, misses: 0, endedAt: null });
    const [record] = await scene.records(person);
    expect(record).to.deep.include({ event: 'token.fetched', actor: { kind: 'stranger', id: null } });
    expect(record?.data).to.include({ issue: issue.id, token: issue.tokenId, again: false });
  });

  it('hands it out again to the same app for ten minutes, and to no other, which counts no miss', async () => {
    const first = await ask();
    scene.now += 10 * minute - 1;
    expect(await ask()).to.deep.equal(first);
    expect(await ask({ nonce: another })).to.deep.equal(refused);
    expect(await ask({ nonce: another, digits: wrong })).to.deep.equal(refused);
    expect((await look()).misses).to.equal(0);
    scene.now += 1;
    expect(await ask()).to.deep.equal(refused);
    expect(await ask({ digits: wrong })).to.deep.equal(refused);
    expect((await look()).misses, 'nothing is left to guess').to.equal(0);
    expect(await scene.events(person)).to.deep.equal([
      'token.fetched',
      'token.fetched',
      ...Array.from({ length: 4 }, () => 'token.activation-missed'),
    ]);
  });

  it('hands it out no more after the first right code', async () => {
    await ask();
    await scene.at.store.tokenIssue.end(issue.id, scene.now, 'activated');
    expect(await ask()).to.deep.equal(refused);
  });

  it('voids the issue with the fifth wrong password in a row, and retires its token', async () => {
    for (let n = 0; n < 4; n += 1) expect(await ask({ digits: wrong })).to.deep.equal(refused);
    expect(await look()).to.include({ misses: 4, endedAt: null });
    expect(await ask({ digits: wrong })).to.deep.equal(refused);
    expect(await look()).to.include({ misses: 5, endedAt: scene.now, endedWhy: 'void' });
    expect(await ask(), 'the right one comes too late').to.deep.equal(refused);
    const token = await scene.at.store.transaction((tables) => tables.token.lock(issue.tokenId));
    expect(token?.retiredAt).to.equal(scene.now);
    const records = await scene.records(person);
    expect(records.map(({ event }) => event)).to.deep.equal([
      ...Array.from({ length: 4 }, () => 'token.activation-missed'),
      'token.issue-ended',
      'token.activation-missed',
    ]);
    expect(records[4]?.data).to.include({ why: 'void', misses: 5, issue: issue.id });
  });

  it('forgets earlier misses when the password was right', async () => {
    for (let n = 0; n < 4; n += 1) await ask({ digits: wrong });
    expect(await ask()).to.include({ verdict: 'fetched' });
    for (let n = 0; n < 4; n += 1) await ask({ digits: wrong });
    expect(await look()).to.include({ misses: 4, endedAt: null });
  });

  it('answers every cause alike, for as many statements', async () => {
    const [stopped, suspended, deleted, lapsed, activated, replaced, fetched, fifth] = await Promise.all([
      scene.person(company, { stoppedAt: scene.now }),
      scene.person(await scene.company({ suspendedAt: scene.now })),
      scene.person(company, { deletedAt: scene.now }),
      ...Array.from({ length: 5 }, () => scene.person(company)),
    ] as const);
    const of = async (account: AccountRow | undefined): Promise<IssueRow> => issued(account ?? person);
    const ended = async (account: AccountRow | undefined, why: IssueRow['endedWhy']): Promise<IssueRow> => {
      const row = await of(account);
      if (why !== null) await scene.at.store.tokenIssue.end(row.id, scene.now, why);
      return row;
    };
    const gone = await ended(replaced, 'replaced');
    await of(replaced);
    const old = await of(lapsed);
    await scene.at.store.transaction(async ({ tokenIssue }) => tokenIssue.missed(old.id, 1));
    const bound = await of(fetched);
    await scene.at.store.tokenIssue.fetched(bound.id, scene.secrets.mark('nonce', `${bound.id} ${another}`), scene.now);
    const nearly = await of(fifth);
    const outside = await of(suspended);
    await scene.at.store.tokenIssue.missed(nearly.id, 4);
    const userOf = (row: IssueRow): Partial<FetchRequest> => ({ userId: row.userId ?? '' });
    const cases: readonly (readonly [string, Partial<FetchRequest>, number?])[] = [
      ['unknown user ID', { userId: 'ZZZZZZZZZZZZ' }],
      ['unknown user ID again', { userId: 'YYYYYYYYYYYY' }],
      ['another service ID', { serviceId: '10000002' }],
      ['wrong password', { digits: wrong }],
      ['wrong password that voids', { ...userOf(nearly), digits: wrong }],
      ['void', userOf(nearly)],
      ['activated', userOf(await ended(activated, 'activated'))],
      ['replaced by another issue', userOf(gone)],
      ['fetched by another app', userOf(bound)],
      ['stopped', userOf(await of(stopped))],
      ['suspended', userOf(outside)],
      ['deleted', userOf(await of(deleted))],
      ['lapsed', userOf(old), old.expiresAt],
    ];
    // A chain's first record begins it.
    for (const patch of [{ userId: 'XXXXXXXXXXXX' }, { digits: wrong }, userOf(outside)]) await ask(patch);
    const costs: (readonly [string, number, number])[] = [];
    for (const [cause, patch, at] of cases) {
      if (at !== undefined) scene.now = at;
      const before = [scene.at.database.statements(), scene.commands()] as const;
      expect(await ask(patch), cause).to.deep.equal(refused);
      costs.push([cause, scene.at.database.statements() - before[0], scene.commands() - before[1]]);
    }
    const [first] = costs;
    expect(costs).to.deep.equal(costs.map(([cause]) => [cause, first?.[1], first?.[2]]));
  });

  it('compares five of many wrong passwords that come at once, and not the right one after them', async () => {
    const [one, other] = processes.map(({ store }) => scene.toolsOn(store));
    const tools = (n: number): { readonly tools?: Tools } => {
      const chosen = n % 2 === 0 ? one : other;
      return chosen ? { tools: chosen } : {};
    };
    await atOnce(12, (n) => ask({ digits: wrong, nonce: nonces[n] ?? mine }, tools(n)));
    expect(await look()).to.include({ misses: 5, endedWhy: 'void' });
    expect(await ask()).to.deep.equal(refused);
    const ends = (await scene.events(person)).filter((event) => event === 'token.issue-ended');
    expect(ends).to.have.length(1);
  });

  it('gives the secret to exactly one of the devices that race for it, on two processes', async () => {
    const [one, other] = processes.map(({ store }) => scene.toolsOn(store));
    for (let round = 0; round < 10; round += 1) {
      issue = await issued(await scene.person(company));
      const answers = await atOnce(8, (n) =>
        ask({ nonce: nonces[n % 4] ?? mine }, { tools: (n % 2 === 0 ? one : other) ?? scene.tools }),
      );
      const winners = answers.flatMap(({ verdict }, n) => (verdict === 'fetched' ? [n % 4] : []));
      expect(new Set(winners).size, 'one device').to.equal(1);
      expect(winners, 'which asked twice').to.have.length(2);
      expect((await look()).misses).to.equal(0);
    }
  });

  it('throttles a source by its failures alone', async () => {
    const { failures } = scene.tools.policy.source;
    const source = '203.0.113.9';
    for (let n = 0; n < failures; n += 1) {
      expect((await ask({ userId: `2222222222${10 + (n % 20)}` }, { source })).verdict).to.equal('refused');
    }
    expect(await ask({}, { source })).to.include({ verdict: 'too-many' });
    expect(await ask({}, { source: '203.0.113.10' })).to.include({ verdict: 'fetched' });
  });

  it('leaves no secret, password or nonce in the database', async () => {
    await ask({ digits: wrong });
    const answer = await ask();
    const content = (await wholeContent(scene.at)).join('\n');
    const secret = answer.verdict === 'fetched' ? answer.secret : '';
    expect(secret).to.have.length(32);
    for (const text of [secret, mine, ` ${password}`, `"${password}"`, `"${wrong}"`])
      expect(content).not.to.include(text);
  });

  it('reads what people type: any width and case, spaces and hyphens; and names what cannot be right', () => {
    const typed = {
      service_id: '1000-0001',
      user_id: ' d884 kzft-gqfu ',
      activation_password: '73 9164',
      nonce: mine,
    };
    const request = { serviceId, userId: 'D884KZFTGQFU', digits: password, nonce: mine };
    expect(readFetch(typed)).to.deep.equal({ ok: true, request });
    expect(readFetch({ service_id: '1', user_id: 'D884', activation_password: '123', nonce: 'AAAA' })).to.deep.equal({
      ok: false,
      fields: ['service_id', 'user_id', 'activation_password', 'nonce'],
    });
    // 43 characters of the alphabet, but more than 32 bytes say.
    expect(readFetch({ ...typed, nonce: `${'A'.repeat(42)}B` })).to.deep.include({ fields: ['nonce'] });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const nonce = Buffer.from(bytes).toString('base64url');
        return readFetch({ ...typed, nonce }).ok;
      }),
    );
    fc.assert(
      fc.property(
        fc.record({
          service_id: fc.string(),
          user_id: fc.string(),
          activation_password: fc.string(),
          nonce: fc.string(),
        }),
        (any) => {
          const read = readFetch(any);
          return !read.ok || /^[0-9A-Z]{12}$/.test(read.request.userId);
        },
      ),
    );
  });
});
