// A primary, its replica and three Sentinels: the primary is killed, hangs, or is handed over while people sign in; and what the
// old primary acknowledged and the new one never learnt opens nothing that SQL has closed (spec §6, §10).
import { expect } from 'chai';
import { throughBusinessDirect } from '../support/demo-process.ts';
import { type OwnSentinels, ownSentinels } from '../support/redis-sentinel.ts';
import { until } from '../support/redis.ts';
import { enterLinked, leavePortal } from '../support/walks.ts';
import { endure } from './fault.ts';
import { type Scene, startScene, shown, table, verified } from './scene.ts';

describe('Redis is failed over by Sentinels under running sign-ins', () => {
  let sentinels: OwnSentinels;
  let scene: Scene;
  before(async function () {
    this.timeout(60_000);
    const own = await ownSentinels();
    if (own === null) return this.skip();
    sentinels = own;
    scene = await startScene({ redisUrl: sentinels.url });
  });
  after(async () => {
    await scene?.end();
    await sentinels?.end();
  });

  /** Starts a killed server again, as a replica of the other one. */
  const revive = async (): Promise<void> => {
    const { primary, replica } = await sentinels.servers();
    await replica.start();
    await replica.ask('REPLICAOF', '127.0.0.1', primary.port);
    await sentinels.untilWhole();
  };

  it('the primary killed', async () => {
    await endure(scene, {
      name: 'Sentinel: the primary killed (kill -9)',
      strike: async (load) => {
        await (await sentinels.servers()).primary.stop();
        await load.untilSeen(/^503/, 3);
      },
      mend: null,
      total: true,
    });
    await revive();
  }).timeout(60_000);

  it('the primary handed over by hand; the old one lives on as a replica and refuses writes', async () => {
    await endure(scene, {
      name: 'Sentinel: handed over by hand, the old primary lives on as a replica (READONLY)',
      strike: () => sentinels.failOver(),
      mend: null,
      total: false,
    });
    await sentinels.untilWhole();
  }).timeout(60_000);

  it('the primary hung, replaced, and awake again', async () => {
    const { primary } = await sentinels.servers();
    await endure(scene, {
      name: 'Sentinel: the primary hung (SIGSTOP), replaced, awake again',
      strike: async () => {
        primary.hang();
        await sentinels.untilAnother(primary);
      },
      mend: async () => primary.resume(),
      lasts: 500,
      total: false,
    });
    await sentinels.untilWhole();
  }).timeout(60_000);

  it('what the old primary acknowledged and the new one never learnt skips no check', async () => {
    const { demo, portal } = scene;
    const remembered = demo.person('msuzuki14');
    const coder = demo.person('ymori34');
    const leaver = demo.person('ksato82');
    const unlinker = demo.person('dyamamoto47');

    const office = demo.browser();
    expect((await enterLinked(demo, office, remembered, { remember: true })).screen).to.equal('PTL002');
    await leavePortal(demo, office);
    const leaving = demo.browser();
    expect((await enterLinked(demo, leaving, leaver)).screen).to.equal('PTL002');
    expect((await leaving.open(`${demo.gateway}/self-service`)).screen).to.equal('SLF001');
    const unlinking = demo.browser();
    expect((await enterLinked(demo, unlinking, unlinker, { remember: true })).screen).to.equal('PTL002');
    const tokens = await portal.redeem(demo.gateway, await unlinking.open(await portal.authorizeUrl(demo.gateway)));
    const check = await unlinking.submit(await unlinking.open(`${demo.gateway}/self-service/link`), {}, 'unlink');
    expect(check.screen).to.equal('SLF041');
    const otp = await throughBusinessDirect(demo, demo.browser(), coder);
    expect(otp.screen).to.equal('OTP001');

    const standing = demo.browser();
    await enterLinked(demo, standing, demo.person('rhashimoto46'));
    // Nobody moves the clock from here on: a code lives for a minute.
    await demo.forward(60);
    const callback = await unlinking.open(await portal.authorizeUrl(demo.gateway));
    const redeemedOnce = await standing.open(await portal.authorizeUrl(demo.gateway));
    const { primary } = await sentinels.servers();
    await until(async () => (await primary.ask('WAIT', 1, 1_000)) === 1, 'the replica has all of it');
    await sentinels.partReplica();
    // From here on the primary alone knows.
    const officeBefore = office.clone();
    expect((await throughBusinessDirect(demo, office, remembered)).screen, 'skipped').to.equal('PTL002');
    const coding = demo.browser();
    const codePage = await throughBusinessDirect(demo, coding, coder);
    const used = await demo.code(coder);
    expect((await coding.submit(codePage, { otp: used })).screen).to.equal('PTL002');
    expect((await portal.redeem(demo.gateway, redeemedOnce)).status).to.equal(200);
    const leftBefore = leaving.clone();
    await leavePortal(demo, leaving);
    const unlinkedBefore = unlinking.clone();
    const proof = { confirmation_password: unlinker.confirmation_password ?? '' };
    const done = await unlinking.submit(check, { ...proof, otp: await demo.code(unlinker) });
    expect(done.screen).to.equal('SLF042');

    const killed = performance.now();
    await primary.stop();
    await sentinels.untilAnother(primary);
    await until(() => scene.isUp(), 'the gateway is up again');
    const back = (performance.now() - killed) / 1000;
    const { primary: now } = await sentinels.servers();
    expect(now, 'another server').not.to.equal(primary);

    for (const [which, browser] of [
      ['the value that the new primary never saw', office],
      ['the replaced value, which the new primary believes to be the last one', officeBefore],
    ] as const) {
      const page = await throughBusinessDirect(demo, browser, remembered);
      expect(page.screen, which).to.equal('OTP001');
    }
    const copied = await scene.sql(`select count(*)::int as n from audit where event = 'device.copied'`);
    expect(copied[0]?.['n'], 'nobody is accused').to.equal(0);

    const again = demo.browser();
    const refused = await again.submit(await throughBusinessDirect(demo, again, coder), { otp: used });
    expect([refused.status, refused.refusal], 'the code of before').to.deep.equal([422, 'otp-used']);

    const dead = await unlinkedBefore.open(`${demo.gateway}/self-service`);
    expect(dead.screen, 'a session that Redis revived').not.to.equal('SLF001');
    expect((await portal.refresh(demo.gateway, tokens.refreshToken)).error, 'a revived token').to.equal(
      'invalid_grant',
    );
    expect((await portal.introspect(demo.gateway, tokens.accessToken)).active).to.equal(false);
    // Without the verifier, which only the portal has: whether it was redeemed before, the new primary does not know.
    const stolen = { ...redeemedOnce, url: redeemedOnce.url.replace(/\bstate=[^&]+/, 'state=unknown') };
    expect((await portal.redeem(demo.gateway, stolen)).error, 'a used code in other hands').to.equal('invalid_grant');
    expect((await portal.redeem(demo.gateway, callback)).error, 'a revived code').to.equal('invalid_grant');
    const first = await throughBusinessDirect(demo, unlinkedBefore, unlinker);
    expect(first.screen, 'a revived device of a link that ended').to.equal('LNK001');
    const gone = await leftBefore.open(`${demo.gateway}/self-service`);
    expect(gone.screen, 'a session that was signed out').not.to.equal('SLF001');
    table.row([
      'Sentinel: failed over, the last writes of the old primary lost',
      'remembered device: the code was asked (new and old value); code used before: otp-used; session, tokens, code and device of an ended link: dead; session signed out: dead',
      shown(back),
      'SQL alone decided, nobody accused of a copied device',
    ]);
    await revive();
  }).timeout(90_000);

  it('and every chain of the audit record is whole', async () => {
    expect(await verified(scene)).to.equal(true);
  }).timeout(30_000);
});
