// Killed in the first-time setup, at every step of it: what was chosen is kept whole or not at all, and the newcomer goes on in
// the same browser or in another one.
import { day } from '../support/rows.ts';
import { goOn, onward, toPortal } from './onward.ts';
import { comeBack, type Person, somebody } from './person.ts';
import { killedSuite } from './suite.ts';

describe('a gateway killed in the first-time setup', function () {
  this.timeout(900_000);
  const suite = killedSuite();
  const direct = { route: 'direct' } as const;

  /** As the bank made them: nine digits, an issued password, nothing else. */
  function newcomer(): Promise<Person> {
    const { scene } = suite;
    const issued = String(100_000_000 + Math.floor(Math.random() * 899_999_999));
    return somebody(scene, {
      account: {
        loginName: issued,
        loginNameChosen: false,
        setUpAt: null,
        email: null,
        emailProvenAt: null,
        emailChangedAt: null,
      },
      login: { issued: true, issuedUntil: scene.now() + 90 * day },
      confirmation: null,
      unregistered: true,
    });
  }

  const steps = [
    { screen: 'SET001', next: 'SET002', name: 'choosing the login ID', atLeast: 4 },
    { screen: 'SET002', next: 'SET003', name: 'choosing the login password', atLeast: 4 },
    { screen: 'SET003', next: 'SET004', name: 'choosing the confirmation password', atLeast: 4 },
    { screen: 'SET004', next: 'SET005', name: 'sending the e-mail code', atLeast: 3 },
    { screen: 'SET005', next: 'TKN002', name: 'proving the e-mail address', atLeast: 4 },
    { screen: 'TKN002', next: 'CALLBACK', name: 'registering the token, and the end of the first login', atLeast: 12 },
  ] as const;

  for (const { screen, next, name, atLeast } of steps) {
    for (const how of ['sends it again', 'comes back in another browser'] as const) {
      it(`${name}: the newcomer ${how}`, () =>
        suite.kill({
          name: `setup: ${name}; ${how}`,
          atLeast,
          // Another mail with a code may be asked for after a minute.
          ...(screen === 'SET004' || screen === 'SET005' ? { later: 61 } : {}),
          begin: async () => {
            const { scene } = suite;
            const person = await newcomer();
            const { page } = await goOn(scene, person, await toPortal(scene, person), { ...direct, until: screen });
            return {
              person,
              act: () => goOn(scene, person, page, { ...direct, until: next, from: screen }),
              goOn: async () => {
                if (how === 'sends it again') return onward(scene, person, await person.visit.again(), direct);
                comeBack(scene, person);
                return onward(scene, person, await toPortal(scene, person), direct);
              },
            };
          },
        }));
    }
  }
});
