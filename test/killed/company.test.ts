// Killed while an administrator stops people, makes them available again, releases one-time passwords, or deletes people: each
// person whole or not at all, pressed again it ends at the others, and somebody who can release others is always left.
import { expect } from 'chai';
import {
  type Entered,
  entered,
  expectOver,
  expectUntouched,
  insist,
  mailsTo,
  master,
  otherBrowser,
  pressAgain,
  proof,
  resend,
  signIn,
} from './console.ts';
import { onward, toPortal, told } from './onward.ts';
import { type Person, somebody, type Traits } from './person.ts';
import { password } from './scene.ts';
import { killedSuite } from './suite.ts';
import { recordsOf } from './whole.ts';

describe('a gateway killed while an administrator acts on people', function () {
  this.timeout(900_000);
  const suite = killedSuite();

  const happened = async (person: Person, event: string): Promise<boolean> =>
    (await recordsOf(suite.scene, person)).some((record) => record.event === event);

  /** Chosen on a list of the console, up to the check page. */
  async function chosen(actor: Person, path: string, people: readonly Person[], target?: string) {
    const ids = people.map(({ account }) => account.id);
    const list = await signIn(suite.scene, actor, path);
    return actor.visit.submit(list, { people: ids, ...(target === undefined ? {} : { target_state: target }) });
  }

  const enters = async (person: Person): Promise<string> => {
    otherBrowser(suite.scene, person);
    return onward(suite.scene, person, await toPortal(suite.scene, person), { route: 'direct' });
  };

  /** What comes after the login ID and the password. */
  async function afterPassword(person: Person): Promise<string> {
    const { scene } = suite;
    otherBrowser(scene, person);
    const page = await person.visit.submit(await toPortal(scene, person), {}, 'direct');
    return told(await person.visit.submit(page, { login_id: person.account.loginName, password }));
  }

  it('stops people, the other one who can release others among them', () =>
    suite.kill({
      name: 'a master stops two people',
      atLeast: 14,
      // A turn that a dead process took is free again after half a minute.
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const actor = await master(scene);
        const { company } = actor;
        const entries = [
          await entered(scene, { company, account: { role: 'admin' } }),
          await entered(scene, { company }),
        ];
        const others = entries.map(({ person }) => person);
        const page = await chosen(actor, '/company/people/state', others, 'stopped');
        expect(page.screen).to.equal('CON041');
        return {
          person: actor,
          others,
          act: async () => actor.visit.submit(page, await proof(actor, page)),
          goOn: async () => {
            for (const entry of entries)
              await ((await happened(entry.person, 'account.stopped'))
                ? expectOver(scene, entry)
                : expectUntouched(scene, entry));
            const { trail } = await insist(actor, await resend(actor, page), 'CON041');
            const ends: string[] = [];
            for (const entry of entries) {
              expect(await happened(entry.person, 'account.stopped'), trail).to.equal(true);
              await expectOver(scene, entry);
              ends.push(await afterPassword(entry.person));
            }
            const again = await pressAgain(actor, page);
            expect(await mailsTo(scene, actor.account.email ?? '', '解除できる方が1名'), 'of the last one').to.equal(1);
            return `${trail}; ${again}; they: ${[...new Set(ends)].join(', ')}`;
          },
        };
      },
    }));

  /** An act that opens what was closed: afterwards both enter the portal. */
  const opening = (
    name: string,
    list: { readonly path: string; readonly target?: string; readonly check: string },
    traits: (now: number) => readonly Traits[],
    events: readonly string[],
  ): Promise<void> =>
    suite.kill({
      name,
      atLeast: 10,
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const actor = await master(scene);
        const others: Person[] = [];
        for (const each of traits(scene.now())) others.push(await somebody(scene, { ...each, company: actor.company }));
        const page = await chosen(actor, list.path, others, list.target);
        expect(page.screen, page.text()).to.equal(list.check);
        return {
          person: actor,
          others,
          act: async () => actor.visit.submit(page, await proof(actor, page)),
          goOn: async () => {
            const { trail } = await insist(actor, await resend(actor, page), list.check);
            const ends: string[] = [];
            for (const [index, person] of others.entries()) {
              expect(await happened(person, events[index] ?? ''), trail).to.equal(true);
              ends.push(await enters(person));
            }
            const again = await pressAgain(actor, page);
            return `${trail}; ${again}; they: ${[...new Set(ends)].join(', ')}`;
          },
        };
      },
    });

  it('makes people available again: stopped ones, and passwords', () =>
    opening(
      'a master makes two people available: one stopped, one with both passwords stopped',
      { path: '/company/people/state', target: 'available', check: 'CON041' },
      (now) => {
        const stopped = { misses: 5, locks: 3, stoppedAt: now, announcedAt: now };
        return [{ account: { stoppedAt: now } }, { login: stopped, confirmation: stopped }];
      },
      ['account.resumed', 'lock.released'],
    ));

  it('releases one-time passwords', () =>
    opening(
      'a master releases two one-time passwords',
      { path: '/company/people/otp-release', check: 'CON051' },
      (now) => {
        const account = { otpMisses: 5, otpStoppedAt: now };
        return [
          { account, token: 'software' },
          { account, token: 'software' },
        ];
      },
      ['lock.released', 'lock.released'],
    ));

  it('deletes people: from then on they are nobody', () =>
    suite.kill({
      name: 'a master deletes two people',
      atLeast: 18,
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const actor = await master(scene);
        const { company } = actor;
        const entries: readonly Entered[] = [
          await entered(scene, { company, account: { role: 'admin' } }),
          await entered(scene, { company }),
        ];
        const others = entries.map(({ person }) => person);
        const ids = others.map(({ account }) => account.id).join('~');
        const page = await signIn(scene, actor, `/company/people/delete/${ids}`);
        expect(page.screen).to.equal('CON090');
        const form = async (check: typeof page) => ({
          ...(await proof(actor, check)),
          confirm_count: /次の(\d)名を/.exec(check.text())?.[1] ?? '',
        });
        return {
          person: actor,
          others,
          act: async () => actor.visit.submit(page, await form(page)),
          goOn: async () => {
            for (const entry of entries)
              await ((await happened(entry.person, 'account.deleted'))
                ? expectOver(scene, entry)
                : expectUntouched(scene, entry));
            const { trail } = await insist(actor, await resend(actor, page, form), 'CON090', form);
            const ends: string[] = [];
            for (const entry of entries) {
              expect(await happened(entry.person, 'account.deleted'), trail).to.equal(true);
              await expectOver(scene, entry);
              ends.push(await afterPassword(entry.person));
            }
            const again = await pressAgain(actor, page, { confirm_count: '2' });
            return `${trail}; ${again}; they: ${[...new Set(ends)].join(', ')}`;
          },
        };
      },
    }));
});
