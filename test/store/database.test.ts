// The database under all nouns: the folder's lock, migrations by many at once, types that come back alike, transactions, and
// what is told when it does not answer.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { openDatabase } from '../../src/store/database.ts';
import { StoreUnavailable } from '../../src/store/unavailable.ts';
import { besideStore, bothStores, migratedDatabase, type OpenStore, run, serverStore } from '../support/database.ts';
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts';
import { addAccount, addCompany, atOnce, newId } from '../support/rows.ts';
import { tcpGate } from '../support/tcp-gate.ts';

const refused = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

for (const { name, open } of bothStores) {
  describe(`the database: ${name}`, () => {
    let at: OpenStore;
    before(async function () {
      this.timeout(60_000);
      at = await open();
    });

    it('gives bigints as numbers, jsonb as values, and null as null', async () => {
      const [row] = await run(
        at,
        `select 9007199254740991::bigint as big, 5::int as small, true as yes, null::bigint as none,
           '{"a":[1,"二",null,{"b":true}]}'::jsonb as json, 'カナ' as text, count(*) as counted from company where false`,
      );
      expect(row).to.deep.equal({
        big: 9_007_199_254_740_991,
        small: 5,
        yes: true,
        none: null,
        json: { a: [1, '二', null, { b: true }] },
        text: 'カナ',
        counted: 0,
      });
    });

    it('commits a transaction as a whole, or nothing of it', async () => {
      const company = await addCompany(at.store);
      const added: string[] = [];
      const error = await refused(
        at.store.transaction(async (tables) => {
          added.push((await addAccount(tables, company.id)).id);
          added.push((await addAccount(tables, company.id, { id: added[0] ?? '' })).id);
        }),
      );
      expect(error).to.be.instanceOf(Error).with.property('code', '23505');
      expect(await at.store.account.find(added[0] ?? '')).to.equal(null);
      await at.store.transaction((tables) => addAccount(tables, company.id));
      expect((await run(at, `select id from account where company_id = '${company.id}'`)).length).to.equal(1);
    });

    it('shows a transaction its own writes, and others only what was committed', async () => {
      const account = await addAccount(at.store, (await addCompany(at.store)).id);
      const seen = await at.store.transaction(async (tables) => {
        await tables.account.change(account.id, { name: 'within' });
        return (await tables.account.find(account.id))?.name;
      });
      expect(seen).to.equal('within');
      expect((await at.store.account.find(account.id))?.name).to.equal('within');
    });

    it('answers a ping, and a second migration changes nothing', async () => {
      await at.database.ping();
      await at.database.migrate();
      await at.database.ping();
    });
  });
}

describe('the folder of an embedded database', () => {
  let folder: string;
  let lock: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'renkei-lock-'));
    lock = join(folder, 'postgres.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const openIt = () => openDatabase({ url: null, folder });

  it('is refused while another process has it, and the message says what to do', async () => {
    writeFileSync(lock, String(process.ppid));
    const error = await refused(openIt());
    expect(error).to.be.instanceOf(Error).with.property('message');
    expect(String(error)).to.include(folder).and.include(String(process.ppid)).and.include('RENKEI_DATA_DIR');
    expect(readFileSync(lock, 'utf8'), 'untouched').to.equal(String(process.ppid));
  });

  it('is taken over from a process that died, from one that never wrote its id, and given back at the end', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    for (const left of [String(pid), '']) {
      writeFileSync(lock, left);
      const database = await openIt();
      expect(readFileSync(lock, 'utf8')).to.equal(String(process.pid));
      await database.close();
      expect(existsSync(lock)).to.equal(false);
    }
  }).timeout(60_000);

  it('is taken over when the lock has our own process id: what died in a container had the same', async () => {
    writeFileSync(lock, String(process.pid));
    const database = await openIt();
    try {
      const error = await refused(openIt());
      expect(error, 'but it is not opened twice')
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.includes('in use');
      await database.migrate();
    } finally {
      await database.close();
    }
    const again = await openIt();
    await again.ping();
    await again.close();
  }).timeout(60_000);

  it('is given back when the database in it could not be opened', async () => {
    writeFileSync(join(folder, 'postgres'), 'a file where a folder belongs');
    for (let round = 0; round < 2; round += 1) {
      const error = await refused(openIt());
      expect(String(error)).not.to.include('in use');
      expect(existsSync(lock)).to.equal(false);
    }
  }).timeout(60_000);
});

describe('the database server', () => {
  let fresh: FreshDatabase;
  before(async () => {
    fresh = await migratedDatabase();
  });
  after(() => fresh.drop());

  it('is migrated once by many processes that start together', async () => {
    const empty = await freshDatabase();
    const processes = await Promise.all([1, 2, 3, 4].map(() => besideStore(empty.url)));
    await Promise.all(processes.map(({ database }) => database.migrate()));
    const files = readdirSync(join(import.meta.dirname, '../../src/store/migrations')).map((file) =>
      file.replace(/\.ts$/, ''),
    );
    const ran = await run(processes[0] ?? (await serverStore()), 'select name from kysely_migration order by name');
    expect(ran.map((row) => row['name'])).to.deep.equal(files.toSorted((one, other) => (one < other ? -1 : 1)));
    await Promise.all(processes.map(({ database }) => database.close()));
    await empty.drop();
  });

  it('is left when it is closed, also by whoever ran nothing but transactions', async () => {
    const beside = await besideStore((await migratedDatabase()).url);
    await beside.store.transaction((tables) => tables.company.find('nobody'));
    await beside.database.close();
    const error = await refused(beside.store.transaction((tables) => tables.company.find('nobody')));
    expect(error)
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.matches(/after calling end/);
  });

  it('is told as unavailable when nobody listens, by a verb, in a transaction, by a ping', async () => {
    const nowhere = await besideStore('postgres://renkei@127.0.0.1:1/renkei');
    const began = performance.now();
    for (const error of [
      await refused(nowhere.store.account.find('x')),
      await refused(nowhere.store.transaction(({ account }) => account.find('x'))),
    ]) {
      expect(error).to.be.instanceOf(StoreUnavailable).and.include({ store: 'postgresql', status: 503 });
    }
    expect(await refused(nowhere.database.ping())).to.be.instanceOf(Error);
    expect(performance.now() - began).to.be.below(10_000);
    await nowhere.database.close();
  });

  it('is told as unavailable when it ends a connection in the middle of a transaction, and recovers by itself', async () => {
    const at = await besideStore(fresh.url);
    const other = await besideStore(fresh.url);
    const account = await addAccount(at.store, (await addCompany(at.store)).id);
    const end = async (): Promise<void> => {
      await run(
        other,
        `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()`,
      );
    };
    for (const then of ['work', 'commit'] as const) {
      const error = await refused(
        at.store.transaction(async (tables) => {
          await tables.account.change(account.id, { name: 'lost' });
          await end();
          if (then === 'work') await tables.account.find(account.id);
        }),
      );
      expect(error, then).to.be.instanceOf(StoreUnavailable);
    }
    expect((await at.store.account.find(account.id))?.name).not.to.equal('lost');
    await at.database.close();
    await other.database.close();
  });

  it('is not called silent by a process that had no turn itself: the answers lay there unread', async () => {
    const at = await besideStore(fresh.url);
    await at.database.ping();
    // A second without an answer, and the server is asked something small on a connection of its own: nothing is read of it for
    // longer than it is waited for.
    const connect = Reflect.get(pg.Client.prototype, 'connect');
    let asked = 0;
    const held = function (this: pg.Client, ...args: readonly unknown[]): unknown {
      asked += 1;
      setImmediate(() => {
        const began = performance.now();
        while (performance.now() - began < 800);
      });
      return Reflect.apply(connect, this, args);
    };
    Reflect.set(pg.Client.prototype, 'connect', held);
    try {
      const slow = await run(at, `select pg_sleep(1.5), 'answered' as said`);
      expect(slow[0]).to.include({ said: 'answered' });
    } finally {
      Reflect.set(pg.Client.prototype, 'connect', connect);
    }
    expect(asked).to.equal(1);
    await at.database.close();
  });

  it('is not told as unavailable for a mistake of ours', async () => {
    const at = await besideStore(fresh.url);
    const error = await refused(addAccount(at.store, 'no such company'));
    expect(error).to.be.instanceOf(Error).and.not.instanceOf(StoreUnavailable);
    await at.database.close();
  });

  it('is given up with the connection on which it fell silent, so that a failover is followed', async () => {
    const { hostname, port } = new URL(fresh.url);
    const gate = await tcpGate({ host: hostname, port: Number(port) });
    const url = new URL(fresh.url);
    url.port = String(gate.port);
    const at = await besideStore(url.href);
    const account = await addAccount(at.store, (await addCompany(at.store)).id);
    await atOnce(2, () => at.store.account.find(account.id));
    gate.silence();
    const began = performance.now();
    const [alone, within] = await Promise.all([
      refused(at.store.account.find(account.id)),
      refused(at.store.transaction(({ account: accounts }) => accounts.find(account.id))),
    ]);
    expect(alone).to.be.instanceOf(StoreUnavailable);
    expect(within).to.be.instanceOf(StoreUnavailable);
    expect(performance.now() - began).to.be.below(20_000);
    for (let tries = 0; gate.open() === 0 && tries < 3; tries += 1) await refused(at.store.account.find(account.id));
    const after = performance.now();
    expect((await at.store.account.find(account.id))?.id).to.equal(account.id);
    expect(await at.store.account.find(newId())).to.equal(null);
    expect(performance.now() - after, 'at once').to.be.below(10_000);
    await at.database.close();
    await gate.close();
  }).timeout(60_000);
});
