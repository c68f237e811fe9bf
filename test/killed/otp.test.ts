// Killed while a one-time password is judged, and while a login that needed one ends: no code counts twice, no miss is lost.
import { expect } from 'chai';
import { goOn, onward, toPortal, told } from './onward.ts';
import { somebody, type Person, type Traits } from './person.ts';
import { killedSuite } from './suite.ts';

describe('a gateway killed at a one-time password', function () {
  this.timeout(900_000);
  const suite = killedSuite();
  const direct = { route: 'direct' } as const;

  async function atTheCode(traits: Traits): Promise<{ person: Person; page: Awaited<ReturnType<typeof toPortal>> }> {
    const { scene } = suite;
    const person = await somebody(scene, traits);
    const { page } = await goOn(scene, person, await toPortal(scene, person), { ...direct, until: 'OTP002' });
    return { person, page };
  }

  it('takes a right code once: accepted before the kill, neither it nor an older one is accepted after it', () =>
    suite.kill({
      name: 'a right code, and the end of a direct login',
      atLeast: 12,
      begin: async () => {
        const { scene } = suite;
        const { person, page } = await atTheCode({});
        return {
          person,
          act: () => onward(scene, person, page, direct),
          goOn: async () => onward(scene, person, await person.visit.again(), direct),
        };
      },
    }));

  it('counts a wrong code or has told nothing about it', () =>
    suite.kill({
      name: 'a wrong code',
      atLeast: 3,
      begin: async () => {
        const { scene } = suite;
        const { person, page } = await atTheCode({});
        return {
          person,
          act: () => person.visit.submit(page, { otp: person.wrongCode() }),
          goOn: async () => onward(scene, person, await person.visit.open(page.url), direct),
        };
      },
    }));

  it('stops at the fifth wrong code, or the same code stops it when it is sent again', () =>
    suite.kill({
      name: 'the fifth wrong code',
      atLeast: 5,
      begin: async () => {
        const { person, page } = await atTheCode({ account: { otpMisses: 4 } });
        return {
          person,
          act: () => person.visit.submit(page, { otp: person.wrongCode() }),
          goOn: async () => {
            const after = await person.visit.again();
            expect(after.refusal).to.equal('otp-stopped');
            return told(after);
          },
        };
      },
    }));
});
