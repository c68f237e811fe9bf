// Killed while two IDs are being linked: a whole first-link login, from the portal and back with its tokens.
import { onward, toPortal } from './onward.ts';
import { somebody } from './person.ts';
import { killedSuite } from './suite.ts';

describe('a gateway killed while somebody links two IDs', function () {
  this.timeout(900_000);
  const suite = killedSuite();

  it('has made one link or none, takes no code twice, and lets the person go on', () =>
    suite.kill({
      name: 'first link, the whole login',
      atLeast: 24,
      begin: async () => {
        const { scene } = suite;
        const person = await somebody(scene);
        const plan = { route: 'federated' } as const;
        return {
          person,
          act: async () => onward(scene, person, await toPortal(scene, person), plan),
          goOn: async () => onward(scene, person, await person.visit.again(), plan),
        };
      },
    }));
});
