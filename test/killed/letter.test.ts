// Killed while a forgotten password comes back by post: an operator approves the request, and the letter's password is used for
// the first time. The present password is right until the letter's is; then whatever it had opened is over.
import { expect } from 'chai';
import { approveReset } from '../../src/flows/reset/decide.ts';
import { entered, expectOver, expectUntouched, master, otherBrowser } from './console.ts';
import { goOn, onward, toPortal, told } from './onward.ts';
import type { Person } from './person.ts';
import { newId, password } from './scene.ts';
import { killedSuite } from './suite.ts';
import { recordsOf } from './whole.ts';

describe('a process killed while a forgotten password comes back by post', function () {
  this.timeout(900_000);
  const suite = killedSuite();
  const actor = { kind: 'operator', id: 'command-line' } as const;
  const direct = { route: 'direct' } as const;

  /** A request that waits for an operator; its number. */
  async function request({ account }: Person): Promise<string> {
    const { scene } = suite;
    const { resetRequest } = scene.stores.store;
    for (;;) {
      const number = `20261122-${String(Math.floor(Math.random() * 10_000)).padStart(4, '0')}`;
      const row = { id: newId(), number, accountId: account.id, companyId: account.companyId, askedAt: scene.now() };
      if (await resetRequest.add(row)) return number;
    }
  }

  const approve = (number: string): readonly string[] => [
    'reset-requests',
    'approve',
    number,
    '--letter',
    '-',
    '--json',
  ];

  /** The letter's password, from what the command showed; null when it was decided before. */
  async function shown(number: string): Promise<string | null> {
    const { out } = await suite.shell(approve(number));
    const told: { readonly ok: boolean; readonly error?: string; readonly letter?: string } = JSON.parse(out);
    if (!told.ok) {
      expect(told.error).to.equal('already_decided');
      return null;
    }
    return (/(?:\d{3} ){3}\d{3}/.exec(told.letter ?? '')?.[0] ?? '').replaceAll(' ', '');
  }

  const takesUp = async (person: Person, letter: string): Promise<string> => {
    person.names = [{ loginId: person.account.loginName, password: letter }];
    otherBrowser(suite.scene, person);
    return onward(suite.scene, person, await toPortal(suite.scene, person), { ...direct, present: { login: letter } });
  };

  it('approves it whole: an approval whose letter nobody saw is followed by another request', () =>
    suite.kill({
      name: 'renkei reset-requests approve',
      atLeast: 4,
      begin: async () => {
        const { scene } = suite;
        const person = await master(scene);
        const number = await request(person);
        return {
          person,
          act: approve(number),
          goOn: async () => {
            const before = await onward(scene, person, await toPortal(scene, person), { ...direct, early: true });
            expect(before, 'the present password').not.to.include('PWC001');
            const again = await shown(number);
            const letter = again ?? (await shown(await request(person))) ?? '';
            expect(letter).to.match(/^\d{12}$/);
            const trail = await takesUp(person, letter);
            expect(trail).to.include('PWC001');
            return `again: ${again === null ? 'decided before; another request' : 'approved'}; ${trail}`;
          },
        };
      },
    }));

  it('takes up the letter’s password whole: what the old one had opened is over, and a password of one’s own follows', () =>
    suite.kill({
      name: 'the first use of a letter’s password',
      atLeast: 6,
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const before = await entered(scene, { account: { role: 'master' } });
        const { person } = before;
        const act = { now: scene.now(), reference: 'KKKK-KKKK', agent: '', source: '', language: 'ja' } as const;
        const letter = await approveReset(scene.tools, act, { number: await request(person), actor });
        if (typeof letter === 'string') throw new Error(letter);
        otherBrowser(scene, person);
        const { page } = await goOn(scene, person, await toPortal(scene, person), { ...direct, until: 'LGN002' });
        const typed = { login_id: person.account.loginName, password: letter.password };
        return {
          person,
          act: () => person.visit.submit(page, typed),
          goOn: async () => {
            const takenUp = (await recordsOf(scene, person)).some(({ event }) => event === 'reset.taken-up');
            await (takenUp ? expectOver(scene, before) : expectUntouched(scene, before));
            person.names = [{ loginId: person.account.loginName, password: letter.password }];
            const again = await person.visit.open(page.url);
            const trail = await onward(scene, person, again, { ...direct, present: { login: letter.password } });
            expect(trail).to.include('PWC001');
            const old = person.visit;
            otherBrowser(scene, person);
            const late = await person.visit.submit(await toPortal(scene, person), {}, 'direct');
            const refused = await person.visit.submit(late, { login_id: person.account.loginName, password });
            expect(refused.refusal, 'the former password').to.equal('credentials');
            person.visit = old;
            return `${told(again)}: ${trail}`;
          },
        };
      },
    }));
});
