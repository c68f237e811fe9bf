// Killed while somebody changes to a new key-fob (TKN004), or a company tells that key-fobs arrived (CON110): one token is in
// hand at every moment, both codes are spent or none, and what arrived is told once.
import { expect } from 'chai';
import { addCompany, day } from '../support/rows.ts';
import { expectOver, expectUntouched, insist, inTwoBrowsers, otherBrowser, signIn } from './console.ts';
import { told } from './onward.ts';
import { type Person, somebody } from './person.ts';
import { password } from './scene.ts';
import { watchStock } from './stock-whole.ts';
import { killedSuite } from './suite.ts';
import { makeToken, type Token, typist, type Typist } from './token.ts';
import { recordsOf } from './whole.ts';

describe('a gateway killed at a key-fob', function () {
  this.timeout(900_000);
  const suite = killedSuite();

  const replaced = async (person: Person): Promise<boolean> =>
    (await recordsOf(suite.scene, person)).some(({ event }) => event === 'token.replaced');

  /** The one in the person's hands: neither two nor none. */
  async function inHand({ account }: Person): Promise<unknown> {
    const [one, ...more] = await suite.scene.sql(
      'select token_id from token_holder where account_id = $1 and ended_at is null',
      [account.id],
    );
    expect(more).to.deep.equal([]);
    return one?.['token_id'];
  }

  /** Only codes of the new one that nobody typed open anything. */
  async function entersWith(person: Person, next: Typist, old: Token): Promise<string> {
    const { scene } = suite;
    otherBrowser(scene, person);
    let page = await person.visit.submit(await person.visit.open(`${scene.demo.gateway}/self-service`), {}, 'direct');
    page = await person.visit.submit(page, { login_id: person.account.loginName, password });
    page = await person.visit.submit(page, { otp: next.token.code(next.typed ?? 0) });
    expect(page.refusal, 'a spent code').to.be.oneOf(['otp-used', 'otp-wrong']);
    page = await person.visit.submit(page, { otp: old.code(next.stepNow()) });
    expect(page.refusal, 'the old key-fob').to.equal('otp-wrong');
    page = await person.visit.submit(page, { otp: await next.freshCode() });
    expect(page.screen, page.text()).to.equal('SLF001');
    return `next login: ${told(page)}`;
  }

  it('changes to the new one whole: both codes are spent or none, and one of the two is in hand', () =>
    suite.kill({
      name: 'changing to a new key-fob',
      atLeast: 16,
      // A turn that a dead process took is free again after half a minute.
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const { before, person, page } = await inTwoBrowsers(scene, '/self-service/otp/replace');
        expect(page.screen, page.text()).to.equal('TKN004');
        const fresh = typist(scene, await makeToken(scene, person.company.id));
        const { serial, id } = fresh.token;
        const fill = async () => ({ otp: await person.freshCode(), serial, new_otp: await fresh.freshCode() });
        return {
          person,
          act: async () => person.visit.submit(page, await fill()),
          atOnce: async () => {
            expect(await inHand(person)).to.equal((await replaced(person)) ? id : person.token.id);
            return `${(await replaced(person)) ? 'the new' : 'the old'} one in hand`;
          },
          goOn: async () => {
            const done = await replaced(person);
            if (!done) await expectUntouched(scene, before);
            // A code of minutes ago would teach that the new one runs late.
            const next = done ? await person.visit.again() : await person.visit.submit(page, await fill());
            const { trail, page: after } = await insist(person, next, 'TKN004', fill);
            expect([await replaced(person), await inHand(person)], trail).to.deep.equal([true, id]);
            expect(after.screen, trail).to.equal('BOT010');
            await expectOver(scene, before, 1);
            return `${trail}; ${await entersWith(person, fresh, person.token)}`;
          },
        };
      },
    }));

  it('marks key-fobs as arrived whole, and once: the limit for registering follows from it', () =>
    suite.kill({
      name: 'a company tells that key-fobs arrived',
      atLeast: 6,
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const now = scene.now();
        const company = await addCompany(scene.stores.store, { otpAppliedAt: now - 5 * day, tokenArrivedAt: null });
        const actor = await somebody(scene, { company, account: { role: 'master' } });
        const way = { orderedAt: now - 3 * day, shippedAt: now - day, fee: 0 };
        const fobs = [await makeToken(scene, company.id, way), await makeToken(scene, company.id, way)];
        const people = fobs.map(({ serial }) => serial);
        const page = await signIn(scene, actor, '/company/tokens');
        expect(page.screen, page.text()).to.equal('CON110');
        return {
          person: actor,
          watched: [await watchStock(scene, company)],
          act: () => actor.visit.submit(page, { people }),
          goOn: async () => {
            const after = await actor.visit.again();
            expect([after.screen, after.status], after.text()).to.deep.equal(['CON110', 200]);
            const again = await actor.visit.submit(page, { people });
            expect(again.url, 'the same result').to.equal(after.url);
            const rows = await scene.sql('select arrived_at from token where serial = any($1)', [people]);
            expect(rows.every((row) => row['arrived_at'] !== null)).to.equal(true);
            return `${told(after)} (${/\d個中\d個/.exec(after.text())?.[0] ?? ''}); once more: the same`;
          },
        };
      },
    }));
});
