// Killed while a link is removed: by its owner, by the company's master, from a shell. It is removed whole or not at all; when
// it is gone, nothing that came through it works, its portal is told once, and the next login asks for both proofs again.
import { expect } from 'chai';
import { type Entered, entered, expectTold, insist, lives, master, proof, resend, signIn } from './console.ts';
import { onward, toPortal } from './onward.ts';
import { comeBack, somebody } from './person.ts';
import { killedSuite } from './suite.ts';
import { refresh } from './token-endpoint.ts';

describe('a gateway killed while a link is removed', function () {
  this.timeout(900_000);
  const suite = killedSuite();

  /** After the link is gone: nothing lives, the portal was told once, and the next login asks for everything. */
  async function expectGone({ person, refreshToken }: Entered): Promise<string> {
    const { scene } = suite;
    const now = await lives(scene, person);
    expect(now, 'what lives').to.deep.include({ links: 0, devices: 0, logins: 0 });
    expect((await refresh(scene, scene.demo.gateway, refreshToken)).error, 'the refresh token').to.equal(
      'invalid_grant',
    );
    comeBack(scene, person);
    const trail = await onward(scene, person, await toPortal(scene, person), { route: 'federated' });
    expect(trail, 'the next login').to.include('LNK001').and.to.include('OTP001');
    await expectTold(scene, now.sids);
    return 'next login: both proofs';
  }

  it('by its owner, in the self-service', () =>
    suite.kill({
      name: 'removing one’s own link',
      atLeast: 9,
      // A turn that a dead process took is free again after half a minute.
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const linked = await entered(scene);
        const { person } = linked;
        const page = await person.visit.open(`${scene.demo.gateway}/self-service/link/remove`);
        expect(page.screen).to.equal('SLF041');
        return {
          person,
          act: async () => person.visit.submit(page, await proof(person, page)),
          goOn: async () => {
            const { trail } = await insist(person, await resend(person, page), 'SLF041');
            return `${trail}; ${await expectGone(linked)}`;
          },
        };
      },
    }));

  it('by the master of the company', () =>
    suite.kill({
      name: 'a master removes somebody’s link',
      atLeast: 9,
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const actor = await master(scene);
        const linked = await entered(scene, { company: actor.company });
        const { person } = linked;
        const page = await signIn(scene, actor, `/company/people/unlink/${person.account.id}`);
        expect(page.screen).to.equal('CON071');
        return {
          person: actor,
          others: [person],
          act: async () => actor.visit.submit(page, await proof(actor, page)),
          goOn: async () => {
            const { trail } = await insist(actor, await resend(actor, page), 'CON071');
            return `${trail}; ${await expectGone(linked)}`;
          },
        };
      },
    }));

  it('from a shell', () =>
    suite.kill({
      name: 'renkei unlink',
      atLeast: 5,
      begin: async () => {
        const linked = await entered(suite.scene);
        const { person } = linked;
        const command = ['unlink', person.account.loginName, '--json'];
        return {
          person,
          act: command,
          goOn: async () => {
            const { out } = await suite.shell(command);
            const told: { readonly ok: boolean } = JSON.parse(out);
            return `again: ${told.ok ? 'removed' : 'no link left'}; ${await expectGone(linked)}`;
          },
        };
      },
    }));
});

describe('a command killed while it releases locks', function () {
  this.timeout(900_000);
  const suite = killedSuite();

  it('has released all of them or none', () =>
    suite.kill({
      name: 'renkei unlock, three locks',
      atLeast: 4,
      begin: async () => {
        const { scene } = suite;
        const now = scene.now();
        const stopped = { misses: 5, locks: 3, stoppedAt: now, announcedAt: now };
        const person = await somebody(scene, {
          account: { otpMisses: 5, otpStoppedAt: now },
          login: stopped,
          confirmation: stopped,
        });
        const command = ['unlock', person.account.loginName, '--json'];
        return {
          person,
          act: command,
          goOn: async () => {
            const { out } = await suite.shell(command);
            const told: { readonly released: readonly string[] } = JSON.parse(out);
            expect(told.released.length, 'all or none').to.be.oneOf([0, 3]);
            const plan = { route: 'direct' } as const;
            const trail = await onward(scene, person, await toPortal(scene, person), plan);
            return `again: ${told.released.length === 3 ? 'all released' : 'none left'}; ${trail}`;
          },
        };
      },
    }));
});
