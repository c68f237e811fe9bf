// Killed while a password is judged or changed: a guess that was compared is counted, a lock is told, a change is whole.
import { expect } from 'chai';
import { goOn, onward, toPortal, told } from './onward.ts';
import { somebody, type Traits } from './person.ts';
import { password } from './scene.ts';
import { killedSuite } from './suite.ts';
import { recordsOf } from './whole.ts';

describe('a gateway killed at a password', function () {
  this.timeout(900_000);
  const suite = killedSuite();
  const direct = { route: 'direct' } as const;
  const wrong = 'Wrong99999';

  async function atTheLogin(traits: Traits) {
    const { scene } = suite;
    const person = await somebody(scene, traits);
    const { page } = await goOn(scene, person, await toPortal(scene, person), { ...direct, until: 'LGN002' });
    const type = (typed: string) => person.visit.submit(page, { login_id: person.account.loginName, password: typed });
    return { person, page, type };
  }

  it('has taken the place of a wrong guess before it was compared', () =>
    suite.kill({
      name: 'a wrong login password',
      atLeast: 4,
      begin: async () => {
        const { scene } = suite;
        const { person, page, type } = await atTheLogin({});
        return {
          person,
          act: () => type(wrong),
          goOn: async () => onward(scene, person, await person.visit.open(page.url), direct),
        };
      },
    }));

  it('locks at the fifth wrong one, and a lock that its process could not tell is told by another', () =>
    suite.kill({
      name: 'the fifth wrong login password',
      atLeast: 6,
      begin: async () => {
        const { scene } = suite;
        const { person, type } = await atTheLogin({ login: { misses: 4 } });
        return {
          person,
          act: () => type(wrong),
          goOn: async () => {
            const after = await person.visit.again();
            expect(after.refusal).to.equal('credentials');
            // The sweep of untold locks comes once a minute.
            for (let round = 0; round < 700; round += 1) {
              const records = await recordsOf(scene, person);
              if (records.some(({ event }) => event === 'password.locked')) return `${told(after)}; the lock is told`;
              await new Promise((resolve) => {
                setTimeout(resolve, 100);
              });
            }
            throw new Error('nobody told the lock');
          },
        };
      },
    }));

  it('after four misses: a right one that was cut off counts as a place taken, and the half-hour lock ends by itself', () =>
    suite.kill({
      name: 'a right login password after four misses',
      atLeast: 3,
      later: 31 * 60,
      begin: async () => {
        const { scene } = suite;
        const { person, page, type } = await atTheLogin({ login: { misses: 4 } });
        return {
          person,
          act: () => type(password),
          goOn: async () => onward(scene, person, await person.visit.open(page.url), direct),
        };
      },
    }));

  it('changes a password whole: the old one or the new one opens, and the attempt goes on', () =>
    suite.kill({
      name: 'a forced change of the login password',
      atLeast: 7,
      begin: async () => {
        const { scene } = suite;
        const person = await somebody(scene, { login: { forced: true } });
        const { page } = await goOn(scene, person, await toPortal(scene, person), { ...direct, until: 'PWC001' });
        return {
          person,
          act: () => goOn(scene, person, page, { ...direct, from: 'PWC001', until: 'PWC003' }),
          goOn: async () => {
            const after = await person.visit.again();
            const trail = await onward(scene, person, after, direct);
            const [row] = await scene.sql(`select forced from credential where account_id = $1 and kind = 'login'`, [
              person.account.id,
            ]);
            expect(row?.['forced'], 'changed in the end').to.equal(false);
            return trail;
          },
        };
      },
    }));
});
