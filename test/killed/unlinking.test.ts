// Killed while a link is removed: by its owner, by the company's master, from a shell. It is removed whole or not at all; when
// it is gone, nothing that came through it works, its portal is told once, and the next login asks for both proofs again.
import { expect } from 'chai';
import type { Page } from '../support/script-browser.ts';
import { goOn, onward, toPortal, told } from './onward.ts';
import { comeBack, type Person, somebody } from './person.ts';
import { password } from './scene.ts';
import { killedSuite } from './suite.ts';
import { refresh } from './token-endpoint.ts';

describe('a gateway killed while a link is removed', function () {
  this.timeout(900_000);
  const suite = killedSuite();

  /** Linked, with a remembered device and a portal that holds tokens. */
  async function linkedPerson(traits: Parameters<typeof somebody>[1] = {}): Promise<{ person: Person; token: string }> {
    const { scene } = suite;
    const person = await somebody(scene, { ...traits, linked: true });
    const plan = { route: 'federated', remember: true, early: true } as const;
    const { tokens } = await goOn(scene, person, await toPortal(scene, person), plan);
    return { person, token: tokens?.refreshToken ?? '' };
  }

  /** After the link is gone: nothing lives, the portal was told once, and the next login asks for everything. */
  async function expectGone(person: Person, token: string): Promise<string> {
    const { scene } = suite;
    const [lives] = await scene.sql(
      `select (select count(*)::int from link where account_id = $1 and ended_at is null) as links,
         (select count(*)::int from device where account_id = $1 and ended_at is null) as devices,
         (select count(*)::int from login where account_id = $1 and link_id is not null and ended_at is null) as logins,
         (select array_agg(distinct sid) from portal_session where account_id = $1) as sids`,
      [person.account.id],
    );
    expect(lives, 'what lives').to.deep.include({ links: 0, devices: 0, logins: 0 });
    expect((await refresh(scene, scene.demo.gateway, token)).error, 'the refresh token').to.equal('invalid_grant');
    comeBack(scene, person);
    const trail = await onward(scene, person, await toPortal(scene, person), { route: 'federated' });
    expect(trail, 'the next login').to.include('LNK001').and.to.include('OTP001');
    const sids = new Set<unknown>(Array.isArray(lives?.['sids']) ? lives['sids'] : []);
    for (let round = 0; round < 100 && logoutsOf(sids) === 0; round += 1)
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    expect(logoutsOf(sids), 'logout tokens to its portal').to.equal(1);
    return 'next login: both proofs';
  }

  const logoutsOf = (sids: ReadonlySet<unknown>): number =>
    suite.scene.portal.logoutTokens.filter(({ sid }) => sids.has(sid)).length;

  const proof = async (person: Person) => ({ confirmation_password: password, otp: await person.freshCode() });

  /** Presses on until the check page has let the act pass; what came. */
  async function insist(person: Person, from: Page, check: string): Promise<string> {
    const trail = [told(from)];
    let page = from;
    while (page.screen === check && trail.length < 6) {
      page = await person.visit.submit(page, await proof(person));
      trail.push(told(page));
    }
    return trail.join(' → ');
  }

  it('by its owner, in the self-service', () =>
    suite.kill({
      name: 'removing one’s own link',
      atLeast: 9,
      // A turn that a dead process took is free again after half a minute.
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const { person, token } = await linkedPerson();
        const page = await person.visit.open(`${scene.demo.gateway}/self-service/link/remove`);
        expect(page.screen).to.equal('SLF041');
        return {
          person,
          act: async () => person.visit.submit(page, await proof(person)),
          goOn: async () => {
            const trail = await insist(person, await person.visit.again(), 'SLF041');
            return `${trail}; ${await expectGone(person, token)}`;
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
        const master = await somebody(scene, { account: { role: 'master' } });
        const { person, token } = await linkedPerson({ company: master.company });
        const path = `/company/people/unlink/${person.account.id}`;
        let page = await master.visit.open(`${scene.demo.gateway}${path}`);
        page = await master.visit.submit(page, {}, 'direct');
        page = await master.visit.submit(page, { login_id: master.account.loginName, password });
        page = await master.visit.submit(page, { otp: await master.earlyCode() });
        expect(page.screen).to.equal('CON071');
        return {
          person: master,
          others: [person],
          act: async () => master.visit.submit(page, await proof(master)),
          goOn: async () => {
            const trail = await insist(master, await master.visit.again(), 'CON071');
            return `${trail}; ${await expectGone(person, token)}`;
          },
        };
      },
    }));

  it('from a shell', () =>
    suite.kill({
      name: 'renkei unlink',
      atLeast: 5,
      begin: async () => {
        const { person, token } = await linkedPerson();
        const command = ['unlink', person.account.loginName, '--json'];
        return {
          person,
          act: async () => {},
          goOn: async () => {
            const { out } = await suite.shell(command);
            const told: { readonly ok: boolean } = JSON.parse(out);
            return `again: ${told.ok ? 'removed' : 'no link left'}; ${await expectGone(person, token)}`;
          },
        };
      },
      command: ({ person }) => ['unlink', person.account.loginName, '--json'],
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
          act: async () => {},
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
      command: ({ person }) => ['unlock', person.account.loginName, '--json'],
    }));
});
