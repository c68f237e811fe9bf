// One Redis under running sign-ins: killed, hung, slow, cut off, emptied, full, unable to write, evicting. The server is this
// test's own, and a gate stands before it.
import { rmSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ownRedis, type OwnRedis } from '../support/redis.ts';
import { type TcpGate, tcpGate } from '../support/tcp-gate.ts';
import { endure } from './fault.ts';
import type { Load } from './load.ts';
import { type Scene, startScene, verified } from './scene.ts';

describe('Redis fails under running sign-ins', () => {
  let redis: OwnRedis;
  let gate: TcpGate;
  let scene: Scene;
  before(async function () {
    this.timeout(60_000);
    const own = await ownRedis('--enable-protected-configs', 'yes');
    if (own === null) return this.skip();
    redis = own;
    gate = await tcpGate({ host: '127.0.0.1', port: redis.port });
    scene = await startScene({ redisUrl: `redis://127.0.0.1:${gate.port}` });
  });
  after(async () => {
    await scene?.end();
    await gate?.close();
    await redis?.end();
  });

  /** It answers, but takes nothing: people are told, and so is whoever asks for its health. */
  const expectNoWrites = async (load: Load): Promise<void> => {
    await load.untilSeen(/^503/, 3);
    expect((await scene.health()).parts).to.include({ state: 'down' });
  };

  it('killed, and started again empty', () =>
    endure(scene, {
      name: 'Redis killed (kill -9), started again empty',
      strike: () => redis.stop(),
      mend: () => redis.start(),
      total: true,
      also: (load) => expect([...load.seen.keys()]).to.include('the code although remembered'),
    })).timeout(60_000);

  it('hung', () =>
    endure(scene, {
      name: 'Redis hung (SIGSTOP)',
      strike: async () => redis.hang(),
      mend: async () => redis.resume(),
      lasts: 3_000,
      total: true,
      also: (load) =>
        expect([...load.seen.keys()], 'nothing was forgotten').not.to.include('the code although remembered'),
    })).timeout(60_000);

  it('slow: a tenth of a second on each way', () =>
    endure(scene, {
      name: 'Redis slow (+200 ms a round trip)',
      strike: async () => gate.delay(100),
      mend: async () => gate.delay(0),
      lasts: 3_000,
      total: false,
    })).timeout(60_000);

  it('so slow that nothing comes in time', () =>
    endure(scene, {
      name: 'Redis too slow (+1.2 s a round trip)',
      strike: async () => gate.delay(600),
      mend: async () => gate.delay(0),
      lasts: 3_000,
      total: true,
    })).timeout(60_000);

  it('half open: connections that stand carry nothing any more, new ones do', () =>
    endure(scene, {
      name: 'connections to Redis cut without a word, new ones pass',
      strike: async (load) => {
        gate.silence();
        await load.untilSeen(/^503/);
      },
      mend: null,
      total: false,
    })).timeout(60_000);

  it('behind a network that swallows everything', () =>
    endure(scene, {
      name: 'network to Redis swallows everything, new connections too',
      strike: async () => gate.hold(),
      mend: async () => gate.pass(),
      lasts: 3_000,
      total: true,
    })).timeout(60_000);

  it('emptied', () =>
    endure(scene, {
      name: 'Redis emptied (FLUSHALL)',
      strike: async (load) => {
        await redis.ask('FLUSHALL');
        await load.untilSeen(/although remembered/);
      },
      mend: null,
      total: false,
    })).timeout(60_000);

  it('full, and refusing to evict', () =>
    endure(scene, {
      name: 'Redis full (maxmemory, noeviction)',
      strike: async (load) => {
        await redis.ask('CONFIG', 'SET', 'maxmemory', 1);
        await expectNoWrites(load);
      },
      mend: async () => void (await redis.ask('CONFIG', 'SET', 'maxmemory', 0)),
      total: false,
    })).timeout(60_000);

  it('unable to save, and refusing writes for it', () =>
    endure(scene, {
      name: 'Redis can’t save to its disk (MISCONF)',
      strike: async (load) => {
        const folder = join(redis.folder, 'gone');
        mkdirSync(folder);
        await redis.ask('CONFIG', 'SET', 'dir', folder, 'save', '1 1');
        rmSync(folder, { recursive: true });
        await expectNoWrites(load);
      },
      mend: async () => {
        await redis.ask('CONFIG', 'SET', 'dir', redis.folder, 'save', '');
      },
      total: false,
    })).timeout(60_000);

  it('made a replica of somebody else', () =>
    endure(scene, {
      name: 'Redis made a replica in its place (READONLY)',
      strike: async (load) => {
        await redis.ask('REPLICAOF', '127.0.0.1', 1);
        await expectNoWrites(load);
      },
      mend: async () => void (await redis.ask('REPLICAOF', 'NO', 'ONE')),
      total: false,
    })).timeout(60_000);

  it('evicting what it likes', () =>
    endure(scene, {
      name: 'Redis evicts silently (allkeys-random, full)',
      strike: async () => {
        await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random');
        await redis.ask('CONFIG', 'SET', 'maxmemory', 1);
      },
      mend: async () => {
        await redis.ask('CONFIG', 'SET', 'maxmemory', 0);
        await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      },
      total: false,
    })).timeout(60_000);

  it('and every chain of the audit record is whole', async () => {
    expect(await verified(scene)).to.equal(true);
  }).timeout(30_000);
});
