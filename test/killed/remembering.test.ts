// Killed while a browser is remembered, and while a remembered one is used: it fails closed to a code or works, and the kill
// alone is never taken for a theft.
import { expect } from 'chai';
import { goOn, onward, toPortal } from './onward.ts';
import { comeBack, type Person, somebody } from './person.ts';
import { killedSuite } from './suite.ts';

describe('a gateway killed while a browser is remembered', function () {
  this.timeout(900_000);
  const suite = killedSuite();

  /** They come back another day: with a code or without. */
  async function nextVisit(person: Person): Promise<string> {
    const { scene } = suite;
    comeBack(scene, person);
    const trail = await onward(scene, person, await toPortal(scene, person), { route: 'federated' });
    expect(trail, 'the link stands').not.to.include('LNK001');
    return trail.includes('OTP001') ? 'next time: a code' : 'next time: no code';
  }

  it('remembers it or not: at the next visit a code is asked, or the device works', () =>
    suite.kill({
      name: 'ticking 「skip next time」',
      atLeast: 12,
      later: 90,
      begin: async () => {
        const { scene } = suite;
        const person = await somebody(scene, { linked: true });
        const plan = { route: 'federated', remember: true } as const;
        const { page } = await goOn(scene, person, await toPortal(scene, person), { ...plan, until: 'OTP001' });
        return {
          person,
          act: () => onward(scene, person, page, plan),
          atOnce: async () => onward(scene, person, await person.visit.again(), plan),
          goOn: () => nextVisit(person),
        };
      },
    }));

  it('that is used: works on, or a code is asked; nobody is accused of a theft, also long after', () =>
    suite.kill({
      name: 'a login by the remembered device',
      atLeast: 15,
      later: 90,
      begin: async () => {
        const { scene } = suite;
        const person = await somebody(scene, { linked: true });
        const plan = { route: 'federated', remember: true, early: true } as const;
        await onward(scene, person, await toPortal(scene, person), plan);
        comeBack(scene, person);
        return {
          person,
          act: async () => onward(scene, person, await toPortal(scene, person), { route: 'federated' }),
          atOnce: async () => onward(scene, person, await person.visit.again(), { route: 'federated' }),
          goOn: () => nextVisit(person),
        };
      },
    }));
});
