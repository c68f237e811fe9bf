// The lock tiers over real HTTP, by a clock that stands still: exact to the millisecond, exact in parallel, and nothing that an
// answer's text, headers or cost would tell of who exists or how they stand.
import { expect } from 'chai';
import fc from 'fast-check';
import { createBrowser, createWire, type Answer, type Browser, type Wire } from '../../bench/browser.ts';
import { gatewayAlone, stores, type GatewayAlone } from '../../bench/gateway-alone.ts';
import { startOutsiders, type Outsiders } from '../../bench/outsiders.ts';
import { addPeople, password, type Person } from '../../bench/people.ts';
import { portalId } from '../../bench/portal.ts';
import { release } from '../../src/flows/release.ts';
import { judgeRelease } from '../../src/rules/release.ts';
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts';
import { atOnce, minute } from '../support/rows.ts';
import { root } from '../support/source.ts';

const wrong = 'Machigai123';
const day = 86_400_000;

describe('locked passwords over HTTP', function () {
  this.timeout(120_000);
  let database: FreshDatabase;
  let outsiders: Outsiders;
  let alone: GatewayAlone;
  let wire: Wire;
  let people: Iterator<Person>;
  const realNow = Date.now;
  let now = realNow();

  before(async () => {
    database = await freshDatabase();
    outsiders = await startOutsiders({ redis: process.env['RENKEI_TEST_REDIS_URL'] ?? '', postgres: database.url });
    const opened = await stores(outsiders.env, root);
    people = (await addPeople(opened.stores, 60, null, portalId)).values();
    await opened.stores.close();
    alone = await gatewayAlone(outsiders.env, root, () => {});
    wire = createWire();
    now = realNow();
    Date.now = () => now;
  });
  after(async () => {
    Date.now = realNow;
    wire?.close();
    await alone?.close();
    await outsiders?.close();
    await database?.drop();
  });

  let addresses = 0;
  /** Each browser comes from an address of its own: sources are not what is tried here. */
  const browser = (): Browser => {
    addresses += 1;
    return createBrowser(wire, 'none:', `10.1.${addresses >> 8}.${addresses & 255}`);
  };
  const next = (): Person => {
    const { value, done } = people.next();
    if (done === true) throw new Error('no more people');
    return value;
  };
  const form = async (guest: Browser): Promise<Answer> => {
    const page = await guest.submit(await guest.open(`${outsiders.issuer}/`), {}, 'direct');
    expect(page.screen).to.equal('LGN002');
    return page;
  };
  const type = async (person: Pick<Person, 'loginId'>, typed: string, guest = browser()): Promise<Answer> =>
    guest.submit(await form(guest), { login_id: person.loginId, password: typed });
  const misses = async (person: Person, times: number, guest?: Browser): Promise<void> => {
    for (let n = 0; n < times; n += 1) expect((await type(person, wrong, guest ?? browser())).status).to.equal(422);
  };
  const idOf = async (person: Person): Promise<string> =>
    (await alone.stores.store.account.byLoginName(person.loginId))?.id ?? expect.fail();
  const credential = async (person: Person) =>
    (await alone.stores.store.account.person(await idOf(person)))?.login ?? expect.fail();
  /** A browser in which the person has signed in before; closed and opened again. */
  const known = async (person: Person): Promise<Browser> => {
    const guest = browser();
    expect((await type(person, password, guest)).screen).to.equal('TOP001');
    guest.close();
    return guest;
  };

  it('four wrong ones and then the right one: in, and the count begins anew', async () => {
    const person = next();
    await misses(person, 4);
    expect((await type(person, password)).screen).to.equal('TOP001');
    await misses(person, 4);
    expect((await type(person, password)).screen).to.equal('TOP001');
  });

  it('the fifth locks for thirty minutes, to the millisecond', async () => {
    const person = next();
    await misses(person, 5);
    const until = now + 30 * minute;
    expect(await credential(person)).to.include({ misses: 5, locks: 1, lockedUntil: until });
    for (const at of [now, until - 1]) {
      now = at;
      expect((await type(person, password)).status).to.equal(422);
    }
    now = until;
    expect((await type(person, password)).screen).to.equal('TOP001');
  });

  it('the third lock in a row is the stop, which no time ends and others release', async () => {
    const person = next();
    for (const locks of [1, 2, 3]) {
      await misses(person, 5);
      expect(await credential(person)).to.include({ locks });
      now += 30 * minute;
    }
    now += 400 * day;
    expect((await type(person, password)).status).to.equal(422);
    const { tools } = alone.gateway;
    const act = { now, reference: 'R-LOCK-TEST', agent: '', source: '', language: 'ja' } as const;
    const asked = {
      accountId: await idOf(person),
      locks: ['login'],
      actor: { kind: 'operator', id: 'desk' },
      by: 'desk',
    } as const;
    expect(await release(tools, act, asked)).to.deep.equal(['login']);
    expect((await type(person, password)).screen).to.equal('TOP001');
  });

  it('who may release: the master, another admin, an operator, the command line – and never oneself', () => {
    const { policy } = alone.gateway.tools;
    const of = (role: 'master' | 'admin' | 'member', id: string) =>
      ({ kind: 'account', id, companyId: 'one', role, viewsRecords: false }) as const;
    const target = (role: 'master' | 'admin' | 'member') => ({ companyId: 'one', accountId: 'b', role });
    for (const role of ['master', 'admin', 'member'] as const) {
      for (const actor of [of('master', 'a'), of('admin', 'a'), { kind: 'command-line' } as const])
        expect(judgeRelease(actor, target(role), 'login', null, policy)).to.equal('may');
      expect(judgeRelease({ kind: 'operator', role: 'clerk' }, target(role), 'login', null, policy)).to.equal('may');
      expect(judgeRelease(of('member', 'a'), target(role), 'login', null, policy)).to.equal('not-allowed');
      expect(judgeRelease(of(role, 'b'), target(role), 'login', null, policy)).to.equal('self');
    }
  });

  it('a hundred wrong ones at once: five are compared; the known browser then has its five, and is in with the right one', async () => {
    const person = next();
    const own = await known(person);
    const compared = async (): Promise<number> =>
      (await alone.stores.store.audit.list({ chain: await companyOf(person), accountId: await idOf(person) }, 1_000))
        .map((body): { event: string; data: Readonly<Record<string, unknown>> } => JSON.parse(body))
        .filter(({ event, data }) => event === 'password.missed' && data['compared'] === true).length;
    const strangers = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const guest = browser();
        return { guest, page: await form(guest) };
      }),
    );
    const answers = await atOnce(100, (n) => {
      const { guest, page } = strangers[n % 10] ?? expect.fail();
      return guest.submit(page, { login_id: person.loginId, password: wrong });
    });
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([422]));
    expect(await compared()).to.equal(5);
    expect((await type(person, password)).status, 'a stranger with the right one').to.equal(422);
    const until = now + 30 * minute;
    now += 1;
    await misses(person, 4, own);
    expect((await type(person, password, own)).screen, 'the right one in its fifth place').to.equal('TOP001');
    expect(await credential(person), 'strangers stay out').to.include({ lockedUntil: until });
  });

  async function companyOf(person: Person): Promise<string> {
    return (await alone.stores.store.account.byLoginName(person.loginId))?.companyId ?? '';
  }

  it('the cookie of a known browser is first-party, for this host, out of reach of scripts, and lasts', async () => {
    const person = next();
    const guest = browser();
    const begun = await form(guest);
    const lines: string[] = [];
    const watching: Wire = {
      ...wire,
      call: async (url, call) => {
        const answer = await wire.call(url, call);
        lines.push(...(answer.headers['set-cookie'] ?? []).filter((line) => line.startsWith('renkei_known=')));
        return answer;
      },
    };
    const watched = createBrowser(watching, 'none:', '10.2.0.1');
    await type(person, wrong, watched);
    expect(lines, 'none for a miss').to.deep.equal([]);
    await type(person, password, watched);
    const [line = ''] = lines;
    expect(line).to.match(/^renkei_known=[A-Za-z0-9_-]{43};/);
    expect(line.toLowerCase()).to.include('path=/;').and.include('httponly').and.include('samesite=lax');
    const expires = Date.parse(/expires=([^;]+)/i.exec(line)?.[1] ?? '');
    expect(expires - now).to.be.within(399 * day, 401 * day);
    expect(begun.screen).to.equal('LGN002');
    const value = /^renkei_known=([^;]+)/.exec(line)?.[1] ?? '';
    const kept = await alone.stores.database.db.selectFrom('knownBrowser').select('browser').execute();
    expect(kept.map((row) => row.browser)).not.to.include(value);
    expect(kept.map((row) => row.browser)).to.include(alone.stores.secrets.digest(value));
  });

  it('every cause of a miss has one answer at one cost: text, headers, hashes, statements, commands', async () => {
    const { store, state, secrets, database: db } = alone.stores;
    const reset =
      (person: Person, patch: Partial<Awaited<ReturnType<typeof credential>>>) => async (): Promise<void> => {
        await store.credential.change(await idOf(person), 'login', () => ({
          keep: { misses: 0, locks: 0, lockedUntil: null, stoppedAt: null, announcedAt: now, ...patch },
          verdict: null,
        }));
        await store.guessBudget.clear(await idOf(person));
      };
    const [fine, held] = [next(), next()];
    const own = await known(fine);
    const elsewhere = await known(held);
    const ahead = now + 30 * minute;
    const nothing = async (): Promise<void> => {};
    interface Cause {
      readonly prepare: () => Promise<void>;
      readonly id: string;
      readonly typed: string;
      readonly guest: () => Browser;
    }
    const causes: Readonly<Record<string, Cause>> = {
      'unknown': { prepare: nothing, id: 'zzyzx123', typed: wrong, guest: browser },
      'unknown, nine digits': { prepare: nothing, id: '999999999', typed: '123456789012', guest: browser },
      'unknown, from a known browser': { prepare: nothing, id: 'zzyzx124', typed: wrong, guest: () => own },
      'wrong': { prepare: reset(fine, {}), id: fine.loginId, typed: wrong, guest: browser },
      'wrong, in capitals': { prepare: reset(fine, {}), id: fine.loginId.toUpperCase(), typed: wrong, guest: browser },
      'the fifth': { prepare: reset(fine, { misses: 4 }), id: fine.loginId, typed: wrong, guest: browser },
      'the third fifth': {
        prepare: reset(fine, { misses: 4, locks: 2 }),
        id: fine.loginId,
        typed: wrong,
        guest: browser,
      },
      'wrong, in a known browser': { prepare: reset(fine, {}), id: fine.loginId, typed: wrong, guest: () => own },
      'wrong, in one that knows others': {
        prepare: reset(fine, {}),
        id: fine.loginId,
        typed: wrong,
        guest: () => elsewhere,
      },
      'locked': { prepare: reset(held, { lockedUntil: ahead }), id: held.loginId, typed: wrong, guest: browser },
      'locked, right': {
        prepare: reset(held, { lockedUntil: ahead }),
        id: held.loginId,
        typed: password,
        guest: browser,
      },
      'stopped': { prepare: reset(held, { stoppedAt: now }), id: held.loginId, typed: wrong, guest: browser },
      'stopped, right': { prepare: reset(held, { stoppedAt: now }), id: held.loginId, typed: password, guest: browser },
    };
    const plain = ({ status, headers, body, screen }: Answer, id: string): string =>
      [
        status,
        screen,
        Object.keys(headers).toSorted().join(),
        body
          .replaceAll(String(headers['x-renkei-reference']), 'REFERENCE')
          .replaceAll(/name="csrf" value="[^"]+"/g, 'CSRF')
          .replaceAll(/\/sign-in\/[A-Za-z0-9_-]+/g, 'ATTEMPT')
          .replaceAll(id, 'TYPED'),
      ].join('\n');
    const seen = async ({ prepare, id, typed, guest }: Cause): Promise<string> => {
      await prepare();
      const here = guest();
      const page = await form(here);
      await alone.gateway.deliver();
      const before = [secrets.hasher.computed(), db.statements(), state.commands] as const;
      const answer = await here.submit(page, { login_id: id, password: typed });
      const cost = [secrets.hasher.computed(), db.statements(), state.commands].map(
        (n, each) => n - (before[each] ?? 0),
      );
      return `${cost.join(' ')}\n${plain(answer, id)}`;
    };
    // What the gateway does by itself comes on top now and then: another look tells.
    const looks = [];
    for (let round = 0; round < 4; round += 1) looks.push(await seen(causes['unknown'] ?? expect.fail()));
    const [reference = ''] = looks.toSorted();
    const same = async (cause: Cause): Promise<string> => {
      let last = '';
      for (let round = 0; round < 6 && last !== reference; round += 1) last = await seen(cause);
      return last;
    };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(causes)), async (name) => {
        expect(await same(causes[name] ?? expect.fail()), name).to.equal(reference);
      }),
      { numRuns: 20, examples: Object.keys(causes).map((name): [string] => [name]) },
    );
  });
});
