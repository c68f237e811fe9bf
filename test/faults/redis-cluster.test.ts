// Three masters of a Redis Cluster under running sign-ins: a master dies with and without a replica, slots move, a node comes
// back. The nodes are this test's own.
import { expect } from 'chai';
import { type OwnCluster, ownCluster } from '../support/redis-cluster.ts';
import { type OwnRedis, until } from '../support/redis.ts';
import { endure } from './fault.ts';
import { meanwhile, type Scene, startScene, verified } from './scene.ts';

describe('a Redis Cluster fails under running sign-ins', () => {
  let cluster: OwnCluster;
  let first: OwnRedis;
  let second: OwnRedis;
  let third: OwnRedis;
  let scene: Scene;
  before(async function () {
    this.timeout(60_000);
    const own = await ownCluster({ replica: true });
    const [a, b, c] = own?.masters ?? [];
    if (own === null || !a || !b || !c) return this.skip();
    [cluster, first, second, third] = [own, a, b, c];
    scene = await startScene({ redisUrl: cluster.url });
  });
  after(async () => {
    await scene?.end();
    await cluster?.end();
  });

  it('slots moved from one master to another: nobody loses anything by it', () =>
    endure(scene, {
      name: 'Cluster: 2,000 slots moved from one master to another (ASK, then MOVED)',
      strike: async () => {
        await cluster.openSlots(third, second);
        await meanwhile(1_500);
        await cluster.move(third, second);
      },
      mend: null,
      total: false,
      also: (load) => expect([...load.seen.keys()].filter((what) => !what.startsWith('503'))).to.deep.equal([]),
    })).timeout(60_000);

  it('and back again', async () => {
    await cluster.openSlots(second, third);
    await cluster.move(second, third);
    await cluster.untilWhole();
  }).timeout(30_000);

  it('a master without a replica killed: everybody is told, until it is back', async () => {
    await endure(scene, {
      name: 'Cluster: a master without a replica killed, started again empty',
      strike: async (load) => {
        await second.stop();
        await load.untilSeen(/^503/, 3);
      },
      mend: () => second.start(),
      lasts: 2_500,
      total: false,
    });
    await cluster.untilWhole();
  }).timeout(60_000);

  it('the same where the other masters go on serving their slots', async () => {
    const whole = async (yes: 'yes' | 'no'): Promise<void> => {
      for (const node of [first, second, third]) await node.ask('CONFIG', 'SET', 'cluster-require-full-coverage', yes);
    };
    await whole('no');
    await endure(scene, {
      name: 'Cluster: the same, with cluster-require-full-coverage no',
      strike: async (load) => {
        await third.stop();
        await load.untilSeen(/^503/, 3);
        // Before that, the other nodes have not noticed yet.
        await until(async () => (await scene.health()).parts['state'] === 'down', 'a part of the slots is no service');
      },
      mend: () => third.start(),
      lasts: 2_500,
      total: false,
    });
    await cluster.untilWhole();
    await whole('yes');
  }).timeout(60_000);

  it('a master with a replica killed: the replica takes over', async () => {
    await endure(scene, {
      name: 'Cluster: a master with a replica killed',
      strike: async (load) => {
        await first.stop();
        await load.untilSeen(/^503/);
      },
      mend: null,
      total: false,
    });
    await first.start();
    await cluster.untilWhole(second);
  }).timeout(60_000);

  it('a master hung, and awake again', () =>
    endure(scene, {
      name: 'Cluster: a master without a replica hung (SIGSTOP)',
      strike: async (load) => {
        second.hang();
        await load.untilSeen(/^503/, 3);
      },
      mend: async () => second.resume(),
      lasts: 2_500,
      total: false,
    })).timeout(60_000);

  it('and every chain of the audit record is whole', async () => {
    expect(await verified(scene)).to.equal(true);
  }).timeout(30_000);
});
