// Guessing a password (spec §2): the tiers to the millisecond, exact also under parallel tries, and nothing compared while it
// is locked or stopped.
import { expect } from 'chai';
import { announceLock } from '../../src/flows/announce-lock.ts';
import { guess, type Guess } from '../../src/flows/guess.ts';
import type { Tools } from '../../src/flows/tools.ts';
import { createPasswordHasher, isOverloaded } from '../../src/secrets/password-hash.ts';
import type { AccountRow, CompanyRow, CredentialRow } from '../../src/store/account.ts';
import { bothStores } from '../support/database.ts';
import { addLink, atOnce, day, minute } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene, wrongPassword } from './scene.ts';

for (const { name, open } of bothStores) {
  describe(`guessing a password on ${name}`, () => {
    let scene: Scene;
    let company: CompanyRow;
    let person: AccountRow;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
      company = await scene.company();
    });
    beforeEach(async () => {
      person = await scene.person(company);
    });
    const type = (typed: string, kind: CredentialRow['kind'] = 'login', tools = scene.tools): Promise<Guess> =>
      guess(tools, scene.act(), person.id, kind, typed);
    const miss = async (times: number): Promise<Guess> => {
      let last: Guess = { verdict: 'refused', state: 'open', until: null };
      for (let n = 0; n < times; n += 1) last = await type(wrongPassword);
      return last;
    };
    const counter = async (kind: CredentialRow['kind'] = 'login'): Promise<Readonly<Record<string, unknown>>> => {
      const { misses, locks, lockedUntil, stoppedAt } = (await scene.look(person))[kind] ?? {};
      return { misses, locks, lockedUntil, stoppedAt };
    };
    const clear = { misses: 0, locks: 0, lockedUntil: null, stoppedAt: null };

    it('tells how many are left, and locks with the fifth for thirty minutes', async () => {
      for (const remaining of [4, 3, 2, 1]) {
        expect(await type(wrongPassword)).to.deep.equal({ verdict: 'wrong', remaining, state: 'open', until: null });
      }
      const until = scene.now + 30 * minute;
      expect(await type(wrongPassword)).to.deep.equal({ verdict: 'wrong', remaining: 0, state: 'locked', until });
      expect(await scene.events(person)).to.deep.equal(['password.locked']);
      const [mail, ...more] = await scene.mails(person);
      expect(mail).to.deep.include({ mail: 'password-locked' });
      expect(mail?.facts).to.include({ which: 'login', until, linked: false });
      expect(more).to.deep.equal([]);
    });

    it('compares nothing while locked, with the same work; a right password is refused like a wrong one', async () => {
      await miss(5);
      const until = scene.now + 30 * minute;
      const began = scene.now;
      for (const later of [0, 30 * minute - 1]) {
        scene.now = began + later;
        const before = scene.hashes();
        expect(await type(rightPassword)).to.deep.equal({ verdict: 'refused', state: 'locked', until });
        expect(await type(wrongPassword)).to.deep.equal({ verdict: 'refused', state: 'locked', until });
        expect(scene.hashes()).to.deep.equal({ compared: before.compared, dummies: before.dummies + 2 });
      }
      scene.now = began + 30 * minute;
      expect(await type(rightPassword)).to.include({ verdict: 'right', epoch: 1 });
      expect(await counter()).to.deep.equal(clear);
    });

    it('stops with the third lock in a row, which no time ends', async () => {
      for (const lock of [1, 2]) {
        expect(await miss(5)).to.include({ state: 'locked' });
        expect(await counter()).to.include({ locks: lock });
        scene.now += 30 * minute;
      }
      expect(await miss(4)).to.include({ state: 'open' });
      expect(await miss(1)).to.deep.equal({ verdict: 'wrong', remaining: 0, state: 'stopped', until: null });
      scene.now += 3_650 * day;
      const before = scene.hashes().compared;
      expect(await type(rightPassword)).to.deep.equal({ verdict: 'refused', state: 'stopped', until: null });
      expect(scene.hashes().compared).to.equal(before);
      expect(await scene.events(person)).to.deep.equal(['password.locked', 'password.locked', 'password.stopped']);
      expect((await scene.mails(person)).map(({ mail }) => mail)).to.deep.equal([
        'password-locked',
        'password-locked',
        'password-stopped',
      ]);
    });

    it('begins anew after a success: misses, and locks in a row', async () => {
      await miss(4);
      expect(await type(rightPassword)).to.include({ verdict: 'right' });
      await miss(4);
      expect(await counter()).to.deep.equal({ ...clear, misses: 4 });
      await miss(1);
      scene.now += 30 * minute;
      await miss(5);
      scene.now += 30 * minute;
      expect(await type(rightPassword)).to.include({ verdict: 'right' });
      expect(await miss(5), 'a first lock again').to.include({ state: 'locked' });
      expect(await counter()).to.include({ locks: 1 });
    });

    it('counts the two passwords apart', async () => {
      await miss(5);
      expect(await type(rightPassword, 'confirmation')).to.include({ verdict: 'right' });
      expect(await counter('confirmation')).to.deep.equal(clear);
      expect(await type(rightPassword)).to.include({ verdict: 'refused' });
    });

    it('does the same work for an ID that nobody has, and for a password that nobody has', async () => {
      const before = scene.hashes();
      const unknown = await guess(scene.tools, scene.act(), null, 'login', wrongPassword);
      expect(unknown).to.deep.equal({ verdict: 'refused', state: 'open', until: null });
      person = await scene.person(company, {}, { confirmation: null });
      expect(await type(rightPassword, 'confirmation')).to.deep.equal({
        verdict: 'refused',
        state: 'open',
        until: null,
      });
      expect(scene.hashes()).to.deep.equal({ compared: before.compared, dummies: before.dummies + 2 });
    });

    it('misses with an issued password that was not used in its time', async () => {
      person = await scene.person(company, {}, { login: { issued: true, issuedUntil: scene.now } });
      scene.now -= 1;
      expect(await type(rightPassword)).to.include({ verdict: 'right' });
      scene.now += 1;
      expect(await type(rightPassword)).to.include({ verdict: 'wrong', remaining: 4 });
    });

    it('hashes a right password anew when the kept hash is weaker than today’s', async () => {
      const weak = createPasswordHasher({
        memoryKiB: 1_024,
        timeCost: 2,
        parallelism: 1,
        concurrency: 1,
        queueLimit: 9,
      });
      const stronger = createPasswordHasher({
        memoryKiB: 2_048,
        timeCost: 2,
        parallelism: 1,
        concurrency: 1,
        queueLimit: 9,
      });
      const tools: Tools = { ...scene.tools, secrets: { ...scene.tools.secrets, hasher: stronger } };
      person = await scene.person(company, {}, { login: { hash: await weak.hash(rightPassword) } });
      expect(await type(rightPassword, 'login', tools)).to.include({ verdict: 'right' });
      const { hash } = (await scene.look(person)).login;
      expect(stronger.needsRehash(hash)).to.equal(false);
      expect(await type(rightPassword, 'login', tools)).to.include({ verdict: 'right' });
      expect((await scene.look(person)).login.hash).to.equal(hash);
    });

    it('counts nothing when too much is asked at once', async () => {
      const full = createPasswordHasher({
        memoryKiB: 1_024,
        timeCost: 2,
        parallelism: 1,
        concurrency: 1,
        queueLimit: -1,
      });
      const tools: Tools = { ...scene.tools, secrets: { ...scene.tools.secrets, hasher: full } };
      const error = await type(wrongPassword, 'login', tools).catch((caught: unknown) => caught);
      expect(isOverloaded(error)).to.equal(true);
      expect(await counter()).to.deep.equal(clear);
    });

    it('is not right with a password that was changed while it was compared', async () => {
      const { hasher } = scene.tools.secrets;
      const changed = await scene.hash('Changed2026');
      const tools: Tools = {
        ...scene.tools,
        secrets: {
          ...scene.tools.secrets,
          hasher: {
            ...hasher,
            admit: (work) =>
              hasher.admit((inner) =>
                work({
                  ...inner,
                  verify: async (hash, typed) => {
                    await scene.at.store.credential.change(person.id, 'login', () => ({
                      keep: { hash: changed },
                      verdict: 0,
                    }));
                    return inner.verify(hash, typed);
                  },
                }),
              ),
          },
        },
      };
      expect(await type(rightPassword, 'login', tools)).to.include({ verdict: 'wrong' });
      expect((await scene.look(person)).login.hash).to.equal(changed);
    });

    it('tells who is linked that the other way stays open', async () => {
      await addLink(scene.at.store, person);
      await miss(5);
      expect((await scene.mails(person))[0]?.facts).to.include({ linked: true });
    });

    describe('many at once', () => {
      it('compares five of a hundred wrong ones, and tells the lock once', async () => {
        const before = scene.hashes();
        const answers = await atOnce(100, () => type(wrongPassword));
        expect(scene.hashes()).to.deep.equal({ compared: before.compared + 5, dummies: before.dummies + 95 });
        expect(answers.filter(({ verdict }) => verdict === 'wrong')).to.have.length(5);
        expect(answers.filter(({ verdict }) => verdict === 'refused')).to.have.length(95);
        expect(await counter()).to.deep.equal({
          misses: 5,
          locks: 1,
          lockedUntil: scene.now + 30 * minute,
          stoppedAt: null,
        });
        expect(await scene.events(person)).to.deep.equal(['password.locked']);
        expect(await scene.mails(person)).to.have.length(1);
      }).timeout(60_000);

      it('lets a right one among them clear the count, or be refused for want of a place; never both', async () => {
        for (let round = 0; round < 6; round += 1) {
          person = await scene.person(company);
          const before = scene.hashes().compared;
          const place = round * 2;
          const answers = await atOnce(12, (n) => type(n === place ? rightPassword : wrongPassword));
          const right = answers[place];
          const compared = scene.hashes().compared - before;
          expect(answers.filter(({ verdict }) => verdict === 'right').length).to.equal(
            right?.verdict === 'right' ? 1 : 0,
          );
          if (right?.verdict === 'right') {
            // Those that came after it had five places of their own.
            expect(compared).to.be.at.most(10);
          } else {
            expect(right?.verdict).to.equal('refused');
            expect(compared).to.equal(5);
            expect(await counter()).to.include({ misses: 5, locks: 1 });
          }
        }
      }).timeout(60_000);

      it('gives five more after each lock, and stops at the third, in parallel too', async () => {
        for (const state of ['locked', 'locked', 'stopped']) {
          const before = scene.hashes().compared;
          const answers = await atOnce(20, () => type(wrongPassword));
          expect(scene.hashes().compared - before).to.equal(5);
          expect(answers.filter((answer) => answer.verdict === 'wrong' && answer.state === state)).to.have.length(1);
          scene.now += 30 * minute;
        }
        expect(await scene.events(person)).to.deep.equal(['password.locked', 'password.locked', 'password.stopped']);
      }).timeout(60_000);
    });

    it('tells a lock whose process died before it could, once', async () => {
      const { store } = scene.at;
      await store.credential.change(person.id, 'login', () => ({
        keep: { misses: 5, locks: 1, lockedUntil: scene.now + minute, announcedAt: null },
        verdict: null,
      }));
      await Promise.all([1, 2, 3].map(() => announceLock(scene.tools, scene.act(), person.id, 'login')));
      expect(await scene.events(person)).to.deep.equal(['password.locked']);
      expect(await scene.mails(person)).to.have.length(1);
      await store.credential.change(person.id, 'confirmation', () => ({
        keep: { lockedUntil: scene.now, announcedAt: null },
        verdict: null,
      }));
      await announceLock(scene.tools, scene.act(), person.id, 'confirmation');
      expect(await scene.mails(person), 'one that is over').to.have.length(1);
    });
  });
}
