// Locks that a stranger can't abuse (spec §2, §11.8): a browser that was right before, and the linked Business Direct ID, have
// guesses of their own; what strangers did keeps neither out, and what they do themselves counts as ever.
import { expect } from 'chai';
import { guess, type Guess } from '../../src/flows/guess.ts';
import { whoGuesses } from '../../src/flows/guesser.ts';
import { provePassword } from '../../src/flows/sign-in/prove-password.ts';
import { writeRecord } from '../../src/flows/record.ts';
import { release } from '../../src/flows/release.ts';
import type { Act } from '../../src/flows/tools.ts';
import type { SignInRecord, VerifiedUpstream } from '../../src/rules/sign-in-record.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord, verifiedUpstream } from '../support/attempt.ts';
import { bothStores, run } from '../support/database.ts';
import { addLink, atOnce, credentialOf, day, minute, newId } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene, wrongPassword } from './scene.ts';

for (const { name, open } of bothStores) {
  describe(`guesses of those who are no strangers, on ${name}`, () => {
    let scene: Scene;
    let company: CompanyRow;
    let person: AccountRow;
    let own: string;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
      company = await scene.company();
    });
    beforeEach(async () => {
      person = await scene.person(company);
      own = newId();
    });

    const record = (upstream: VerifiedUpstream | null = null): Promise<SignInRecord> =>
      scene.tools.attempts.begin(
        attemptRecord({ route: upstream ? 'federated' : 'direct', upstream, expiresAt: scene.now + 30 * minute }),
      );
    /** Types into LGN002, or LNK001 with an upstream. True: it was right. */
    const type = async (
      password: string,
      lasting: string | null,
      upstream: VerifiedUpstream | null = null,
      patch: Partial<Act> = {},
    ): Promise<boolean> => {
      const act = scene.act({ source: newId(), lasting, ...patch });
      const form = { loginId: person.loginName, password };
      return (await provePassword(scene.tools, act, await record(upstream), form)).advanced;
    };
    const known = async (): Promise<void> => {
      expect(await type(rightPassword, own)).to.equal(true);
    };
    const wrong = async (times: number, lasting: string | null): Promise<void> => {
      for (let n = 0; n < times; n += 1) expect(await type(wrongPassword, lasting)).to.equal(false);
    };
    const compared = async (work: () => Promise<unknown>): Promise<number> => {
      const before = scene.hashes().compared;
      await work();
      return scene.hashes().compared - before;
    };
    const login = async () => (await scene.look(person)).login;
    const budgets = async () =>
      (
        await run(
          scene.at,
          `select who, misses, locks from guess_budget where account_id = '${person.id}' order by who`,
        )
      ).map(({ who, misses, locks }): [string, number, number] => [String(who), Number(misses), Number(locks)]);

    it('a browser is known once a password was right there, and by that person alone', async () => {
      expect(await whoGuesses(scene.tools, scene.act({ lasting: own }), person.id, null)).to.equal(null);
      await known();
      expect(await whoGuesses(scene.tools, scene.act({ lasting: own }), person.id, null)).to.equal(`browser:${own}`);
      expect(await budgets()).to.deep.equal([[`browser:${own}`, 0, 0]]);
      const other = await scene.person(company);
      expect(await whoGuesses(scene.tools, scene.act({ lasting: own }), other.id, null)).to.equal(null);
      expect(await whoGuesses(scene.tools, scene.act({ lasting: newId() }), person.id, null)).to.equal(null);
      expect(await whoGuesses(scene.tools, scene.act(), person.id, null)).to.equal(null);
    });

    it('a wrong password makes none known', async () => {
      await wrong(1, own);
      expect(await whoGuesses(scene.tools, scene.act({ lasting: own }), person.id, null)).to.equal(null);
    });

    it('strangers’ lock keeps its owner’s browser not out, and stays for strangers', async () => {
      await known();
      await wrong(5, null);
      expect(await login()).to.include({ misses: 5, locks: 1, lockedUntil: scene.now + 30 * minute });
      expect(await type(rightPassword, null), 'a stranger').to.equal(false);
      expect(await type(rightPassword, own)).to.equal(true);
      expect(await login()).to.include({ misses: 5, locks: 1, lockedUntil: scene.now + 30 * minute });
      expect(await type(rightPassword, newId()), 'a stranger still').to.equal(false);
    });

    it('strangers’ stop keeps it not out either, and is told to everybody as before', async () => {
      await known();
      for (let lock = 0; lock < 3; lock += 1) {
        await wrong(5, null);
        scene.now += 30 * minute;
      }
      expect((await login()).stoppedAt).not.to.equal(null);
      expect(await type(rightPassword, own)).to.equal(true);
      expect((await login()).stoppedAt, 'only a release ends it').not.to.equal(null);
      expect(await scene.events(person)).to.include('password.stopped');
    });

    it('its own five lock it, and the password for everybody; nothing more is compared from either', async () => {
      await known();
      await wrong(4, own);
      expect(await login()).to.include({ misses: 0, lockedUntil: null });
      await wrong(1, own);
      const until = scene.now + 30 * minute;
      expect(await login()).to.include({ misses: 5, locks: 1, lockedUntil: until });
      expect(await budgets()).to.deep.equal([[`browser:${own}`, 5, 1]]);
      expect(await compared(() => type(rightPassword, own))).to.equal(0);
      expect(await compared(() => type(rightPassword, null))).to.equal(0);
      expect((await scene.mails(person)).map(({ mail }) => mail)).to.deep.equal(['password-locked']);
      scene.now = until - 1;
      expect(await type(rightPassword, own)).to.equal(false);
      scene.now = until;
      expect(await type(rightPassword, own)).to.equal(true);
      expect(await login()).to.include({ misses: 0, locks: 0, lockedUntil: null });
    });

    it('its third lock in a row is the stop, which a release ends for both', async () => {
      await known();
      for (let lock = 0; lock < 3; lock += 1) {
        await wrong(5, own);
        scene.now += 30 * minute;
      }
      expect((await login()).stoppedAt).not.to.equal(null);
      scene.now += 365 * day;
      expect(await compared(() => type(rightPassword, own))).to.equal(0);
      expect(await scene.events(person)).to.include.members(['password.locked', 'password.stopped']);
      await release(scene.tools, scene.act(), {
        accountId: person.id,
        locks: ['login'],
        actor: { kind: 'operator', id: 'desk' },
        by: 'desk',
      });
      expect(await budgets()).to.deep.equal([[`browser:${own}`, 0, 0]]);
      await wrong(4, own);
      expect(await type(rightPassword, own)).to.equal(true);
    }).timeout(30_000);

    it('its five after strangers’ lock draw that one out, and are told', async () => {
      await known();
      await wrong(5, null);
      scene.now += 10 * minute;
      await wrong(5, own);
      expect(await login()).to.include({ lockedUntil: scene.now + 30 * minute, locks: 1 });
      expect((await scene.mails(person)).map(({ facts }) => facts['until'])).to.deep.equal([
        scene.now + 20 * minute,
        scene.now + 30 * minute,
      ]);
    });

    it('a new password begins every budget anew', async () => {
      await known();
      await wrong(3, own);
      const { hash } = await login();
      await scene.at.store.credential.put(credentialOf(person.id, 'login', { hash }));
      expect(await budgets()).to.deep.equal([[`browser:${own}`, 0, 0]]);
    });

    it('a right one there clears misses of strangers, as it always did', async () => {
      await known();
      await wrong(4, null);
      expect(await type(rightPassword, own)).to.equal(true);
      expect(await login()).to.include({ misses: 0 });
    });

    it('a password that the demo or an operator stopped is refused to strangers; no browser was known before', async () => {
      person = await scene.person(company, {}, { login: { stoppedAt: scene.now, announcedAt: scene.now } });
      expect(await type(rightPassword, own)).to.equal(false);
      expect(await type(rightPassword, null)).to.equal(false);
    });

    it('the linked Business Direct ID has five of its own in its own first-link check, and no other ID has', async () => {
      const upstream = verifiedUpstream();
      const { issuer, subject } = upstream;
      const link = await addLink(scene.at.store, person, { issuer, subject });
      await wrong(5, null);
      expect(await type(rightPassword, null, verifiedUpstream()), 'another ID').to.equal(false);
      expect(await type(rightPassword, null, upstream)).to.equal(true);
      expect((await budgets()).map(([who]) => who)).to.include(`link:${link}`);
      expect(await compared(() => atOnce(9, () => type(wrongPassword, null, upstream)))).to.equal(5);
      expect(await type(rightPassword, null, upstream)).to.equal(false);
      // A browser that became known meanwhile has its own.
      await scene.at.store.knownBrowser.remember(person.id, own, scene.now);
      expect(await type(rightPassword, own)).to.equal(true);
    }).timeout(30_000);

    it('the link of somebody else is a stranger’s', async () => {
      const other = await scene.person(company);
      const upstream = verifiedUpstream();
      await addLink(scene.at.store, other, { issuer: upstream.issuer, subject: upstream.subject });
      await wrong(5, null);
      expect(await type(rightPassword, null, upstream)).to.equal(false);
      expect(await whoGuesses(scene.tools, scene.act(), person.id, null)).to.equal(null);
    });

    it('the present password, asked of somebody who is signed in through the link, is that link’s', async () => {
      const link = await addLink(scene.at.store, person);
      const who = await whoGuesses(scene.tools, scene.act(), person.id, link);
      expect(who).to.equal(`link:${link}`);
      const one = (typed: string): Promise<Guess> => guess(scene.tools, scene.act(), person.id, 'login', typed, who);
      expect(await one(wrongPassword)).to.include({ verdict: 'wrong', remaining: 4 });
      expect(await login()).to.include({ misses: 0 });
      expect(await one(rightPassword)).to.include({ verdict: 'right' });
      await scene.at.store.link.end(link, scene.now, 'unlink');
      expect(await whoGuesses(scene.tools, scene.act(), person.id, link), 'unlinked').to.equal(null);
    });

    it('the confirmation password has one counter, whoever guesses', async () => {
      await known();
      for (const remaining of [4, 3])
        expect(
          await guess(scene.tools, scene.act({ lasting: own }), person.id, 'confirmation', wrongPassword),
        ).to.include({ remaining });
      expect(await budgets()).to.deep.equal([[`browser:${own}`, 0, 0]]);
    });

    describe('many at once', () => {
      it('a hundred wrong ones from strangers: five are compared', async () => {
        await known();
        expect(await compared(() => atOnce(100, () => type(wrongPassword, null)))).to.equal(5);
        expect(await login()).to.include({ misses: 5, locks: 1 });
        expect(await type(rightPassword, own)).to.equal(true);
      }).timeout(60_000);

      it('a hundred from the known browser: five are compared, one lock, told once', async () => {
        await known();
        expect(await compared(() => atOnce(100, () => type(wrongPassword, own)))).to.equal(5);
        expect(await login()).to.include({ misses: 5, locks: 1 });
        const events = await scene.events(person);
        expect(events.filter((event) => event === 'password.locked')).to.have.length(1);
      }).timeout(60_000);

      it('a hundred from both: five and five', async () => {
        for (let round = 0; round < 3; round += 1) {
          person = await scene.person(company);
          own = newId();
          await known();
          const since = (await scene.records(person)).length;
          // Strangers first: the lock of an own budget closes the password to them too.
          const strangers = atOnce(100, () => type(wrongPassword, null));
          await Promise.all([strangers, atOnce(100, () => type(wrongPassword, own))]);
          const misses = (await scene.records(person))
            .slice(since)
            .filter(({ event, data }) => event === 'password.missed' && data['compared'] === true);
          const by = (who: string | null) => misses.filter(({ data }) => data['known'] === who).length;
          expect(by('browser')).to.equal(5);
          expect(by(null)).to.be.at.most(5);
          expect((await login()).lockedUntil).to.equal(scene.now + 30 * minute);
        }
      }).timeout(120_000);

      it('the right one among its own wrong ones clears both, or is refused for want of a place', async () => {
        for (let round = 0; round < 6; round += 1) {
          person = await scene.person(company);
          own = newId();
          await known();
          const answers = await atOnce(12, (n) => type(n === round * 2 ? rightPassword : wrongPassword, own));
          const { lockedUntil } = await login();
          const [[, misses] = []] = await budgets();
          if (answers[round * 2] === true) expect(Number(misses)).to.be.at.most(5);
          else expect([misses, lockedUntil]).to.deep.equal([5, scene.now + 30 * minute]);
        }
      }).timeout(60_000);
    });

    it('costs the same whatever is wrong: hashes, statements, commands – also the fifth, and in a known browser', async () => {
      const locked = await scene.person(company);
      for (let n = 0; n < 5; n += 1) await guess(scene.tools, scene.act(), locked.id, 'login', wrongPassword);
      const stopped = await scene.person(company, {}, { login: { stoppedAt: scene.now, announcedAt: scene.now } });
      await known();
      // The first record of a chain begins it, with two statements more.
      await scene.at.store.transaction((tables) =>
        writeRecord(tables, scene.act(), {
          event: 'signing-key.made',
          companyId: null,
          accountId: null,
          actor: { kind: 'system', id: null },
        }),
      );
      const four = await scene.person(company);
      for (let n = 0; n < 4; n += 1) await guess(scene.tools, scene.act(), four.id, 'login', wrongPassword);
      const linked = await scene.person(company);
      // What is left until after the answer is none of its cost.
      const later: (() => Promise<void>)[] = [];
      const tools = { ...scene.tools, after: async (work: () => Promise<void>) => void later.push(work) };
      const cases: readonly (readonly [string, string, string, string | null])[] = [
        ['unknown', `x${newId().slice(0, 8)}`, wrongPassword, null],
        ['wrong', person.loginName, wrongPassword, null],
        ['the fifth', four.loginName, wrongPassword, null],
        ['locked', locked.loginName, wrongPassword, null],
        ['locked, right', locked.loginName, rightPassword, null],
        ['stopped', stopped.loginName, wrongPassword, null],
        ['stopped, right', stopped.loginName, rightPassword, null],
        ['known browser', person.loginName, wrongPassword, own],
        ['known elsewhere', linked.loginName, wrongPassword, own],
      ];
      const costs = new Map<string, string>();
      for (const [what, loginId, password, lasting] of cases) {
        const on = await record();
        const { compared: comparedBefore, dummies } = scene.hashes();
        const before = [scene.at.database.statements(), scene.commands()] as const;
        const act = scene.act({ source: newId(), lasting });
        const answer = await provePassword(tools, act, on, { loginId, password });
        expect(answer, what).to.deep.equal({
          advanced: false,
          word: 'credentials',
          errors: [{ field: null, key: 'login.mismatch' }],
        });
        const now = scene.hashes();
        costs.set(
          what,
          [
            now.compared + now.dummies - comparedBefore - dummies,
            scene.at.database.statements() - before[0],
            scene.commands() - before[1],
          ].join(' '),
        );
      }
      expect(new Set(costs.values()), JSON.stringify([...costs])).to.have.property('size', 1);
      expect(later, 'the fifth is told afterwards').to.have.length(1);
    });
  });
}
