// PostgreSQL under running sign-ins: restarted, hung, cut off, out of connections, locked by an outsider, out of disk, made a
// standby. The server is this test's own, and a gate stands before it.
import { expect } from 'chai';
import pg from 'pg';
import { throughBusinessDirect } from '../support/demo-process.ts';
import { type OwnPostgres, ownPostgres } from '../support/own-postgres.ts';
import { until } from '../support/redis.ts';
import { type TcpGate, tcpGate } from '../support/tcp-gate.ts';
import { enterLinked, leavePortal } from '../support/walks.ts';
import { endure } from './fault.ts';
import { meanwhile, type Scene, startScene, timed, verified } from './scene.ts';

describe('PostgreSQL fails under running sign-ins', () => {
  let postgres: OwnPostgres;
  let gate: TcpGate;
  let scene: Scene;
  before(async function () {
    this.timeout(60_000);
    const own = await ownPostgres('max_connections=30');
    if (own === null) return this.skip();
    postgres = own;
    const url = new URL(postgres.url);
    gate = await tcpGate({ host: url.hostname, port: Number(url.port) });
    url.port = String(gate.port);
    scene = await startScene({ databaseUrl: postgres.url, gatewaysDatabaseUrl: url.href });
  });
  after(async () => {
    await scene?.end();
    await gate?.close();
    await postgres?.end();
  });

  /** A connection of somebody else, past the gate. */
  const outsider = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: postgres.url, application_name: 'outsider' });
    client.on('error', () => {});
    await client.connect();
    return client;
  };

  it('restarted at once', () =>
    endure(scene, {
      name: 'PostgreSQL restarted at once (immediate mode, as after a crash)',
      strike: async () => {
        await postgres.stop();
        await postgres.start();
      },
      mend: null,
      lasts: 0,
      total: false,
    })).timeout(60_000);

  it('stopped, and started later', () =>
    endure(scene, {
      name: 'PostgreSQL stopped (immediate mode)',
      strike: () => postgres.stop(),
      mend: () => postgres.start(),
      total: true,
    })).timeout(60_000);

  it('hung: the first wait, the next are told at once', () =>
    endure(scene, {
      name: 'PostgreSQL hung (SIGSTOP of all its processes)',
      strike: async (load) => {
        postgres.hang();
        await load.untilSeen(/^503/, 3);
        const { seconds, value } = await timed(() => scene.demo.browser().open(`${scene.demo.gateway}/initiate?iss=x`));
        expect(value.status).to.be.within(200, 503);
        const { seconds: ofHealth } = await timed(() => scene.health());
        expect(Math.max(seconds, ofHealth), 'at once, once it is known').to.be.below(2);
      },
      mend: async () => postgres.resume(),
      lasts: 3_000,
      total: true,
      also: (load) => expect(load.slowest(), 'what a clerk bears').to.be.below(10_000),
    })).timeout(60_000);

  it('behind a network that swallows everything', () =>
    endure(scene, {
      name: 'network to PostgreSQL swallows everything, new connections too',
      strike: async () => gate.hold(),
      mend: async () => gate.pass(),
      lasts: 3_000,
      total: true,
    })).timeout(60_000);

  it('half open: connections that stand carry nothing any more, new ones do', () =>
    endure(scene, {
      name: 'connections to PostgreSQL cut without a word, new ones pass',
      // Who meets a silent connection first may be the sender of mails, and then nobody sees a page of an outage.
      strike: async () => {
        const told = scene.demo.log().length;
        gate.silence();
        await until(async () => scene.demo.log().includes('postgresql does not answer', told), 'the gateway noticed');
      },
      mend: null,
      total: false,
    })).timeout(60_000);

  it('out of connections: others have taken all of them', async () => {
    const others: pg.Client[] = [];
    const takeAll = async (): Promise<void> => {
      for (let full = false; !full;) {
        await outsider().then(
          (client) => others.push(client),
          () => {
            full = true;
          },
        );
      }
    };
    await endure(scene, {
      name: 'PostgreSQL out of connections (max_connections taken by others, ours ended)',
      strike: async (load) => {
        await takeAll();
        const [one] = others;
        for (let round = 0; round < 5; round += 1) {
          await one?.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where application_name <> 'outsider' and backend_type = 'client backend'`,
          );
          await meanwhile(50);
          await takeAll();
        }
        await load.untilSeen(/^503/, 3);
      },
      mend: async () => {
        await Promise.all(others.map((client) => client.end()));
      },
      total: false,
    });
  }).timeout(60_000);

  it('an outsider’s lock on one person: that person is told, everybody else goes on', async () => {
    const { demo } = scene;
    const person = demo.person('rhashimoto46');
    const office = demo.browser();
    expect((await enterLinked(demo, office, person, { remember: true })).screen).to.equal('PTL002');
    await leavePortal(demo, office);
    const holder = await outsider();
    let answers: readonly string[] = [];
    let told = 0;
    await endure(scene, {
      name: 'an outsider locks one person’s row; this person tries in 14 tabs at once and is told 503; the others:',
      strike: async (load) => {
        await holder.query('begin');
        await holder.query(`select 1 from account where login_name = 'rhashimoto46' for update`);
        const before = load.told.length;
        const tabs = Array.from({ length: 14 }, () => office.clone());
        const pages = await Promise.all(tabs.map((tab) => throughBusinessDirect(demo, tab, person)));
        told = load.told.length - before;
        // Codes of Business Direct live for a minute of the clock that the others move.
        answers = pages
          .filter(({ refusal }) => refusal !== 'upstream-refused')
          .map(({ status, screen }) => `${status} ${screen}`);
      },
      mend: async () => void (await holder.query('rollback')),
      lasts: 0,
      total: false,
      also: () => {
        expect([...new Set(answers)], 'the person of the row').to.deep.equal(['503 REF020']);
        expect(told, 'the others meanwhile').to.be.above(0);
      },
    });
    await holder.end();
  }).timeout(60_000);

  it('out of disk', async () => {
    const admin = await outsider();
    await endure(scene, {
      name: 'PostgreSQL out of disk (every record refused with SQLSTATE 53100)',
      strike: async (load) => {
        await admin.query(`create function full_disk() returns trigger language plpgsql as $$
          begin raise exception 'could not extend file "base/1/1": No space left on device' using errcode = '53100'; end $$`);
        await admin.query('create trigger full_disk before insert on audit for each row execute function full_disk()');
        await load.untilSeen(/^503/, 3);
      },
      mend: async () => {
        await admin.query('drop trigger full_disk on audit');
        await admin.query('drop function full_disk');
      },
      total: false,
    });
    await admin.end();
  }).timeout(60_000);

  it('made a standby: reads only', async () => {
    const admin = await outsider();
    await admin.query('set default_transaction_read_only = off');
    const readOnly = async (value: 'on' | 'off'): Promise<void> => {
      await admin.query(`alter system set default_transaction_read_only = ${value}`);
      await admin.query('select pg_reload_conf()');
    };
    await endure(scene, {
      name: 'PostgreSQL takes no writes (as a standby)',
      strike: async (load) => {
        await readOnly('on');
        await load.untilSeen(/^503/, 3);
      },
      mend: () => readOnly('off'),
      total: false,
    });
    await admin.end();
  }).timeout(60_000);

  it('and every chain of the audit record is whole', async () => {
    expect(await verified(scene)).to.equal(true);
  }).timeout(30_000);
});
