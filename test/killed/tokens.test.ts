// Killed at the token endpoint: a code or refresh token is spent or it is not, and the portal comes to new tokens either way.
import { expect } from 'chai';
import { goOn, onward, toPortal } from './onward.ts';
import { somebody } from './person.ts';
import { killedSuite } from './suite.ts';
import { redeem, refresh } from './token-endpoint.ts';

describe('a gateway killed at its token endpoint', function () {
  this.timeout(900_000);
  const suite = killedSuite();
  const plan = { route: 'federated' } as const;

  it('spends a code once; a portal whose answer was lost gets another one without a page', () =>
    suite.kill({
      name: 'redeeming a code',
      atLeast: 3,
      begin: async () => {
        const { scene } = suite;
        const person = await somebody(scene, { linked: true });
        const { page } = await goOn(scene, person, await toPortal(scene, person), { ...plan, until: 'CALLBACK' });
        const code = new URL(page.url).searchParams.get('code') ?? '';
        return {
          person,
          act: (address) => redeem(scene, address, code),
          goOn: () => onward(scene, person, page, plan),
        };
      },
    }));

  for (const [when, later] of [
    ['at once', null],
    ['after a minute', 61],
  ] as const) {
    it(`rotates a refresh token; the portal tries it again ${when}`, () =>
      suite.kill({
        name: `refreshing, tried again ${when}`,
        atLeast: 3,
        ...(later === null ? {} : { later }),
        begin: async () => {
          const { scene } = suite;
          const person = await somebody(scene, { linked: true });
          const { tokens } = await goOn(scene, person, await toPortal(scene, person), plan);
          const old = tokens?.refreshToken ?? '';
          const again = async (): Promise<string> => {
            const renewed = await refresh(scene, scene.demo.gateway, old);
            if (renewed.status !== 200) return String(renewed.error);
            const next = await refresh(scene, scene.demo.gateway, renewed.refreshToken);
            expect(next.status, 'and its successor').to.equal(200);
            return 'tokens';
          };
          return {
            person,
            act: (address) => refresh(scene, address, old),
            ...(later === null ? { atOnce: again } : {}),
            goOn: async () => {
              if (later === null) return onward(scene, person, await toPortal(scene, person), plan);
              const tried = await again();
              return `${tried}; ${await onward(scene, person, await toPortal(scene, person), plan)}`;
            },
          };
        },
      }));
  }
});
