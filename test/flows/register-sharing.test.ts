// How a company shares its key-fobs (spec §5; guide S4: one for all, some, one each), judged at registration, also for many at
// once; and what registering tells of a token's way.
import { expect } from 'chai';
import { checkOtp } from '../../src/flows/otp.ts';
import type { Answer } from '../../src/flows/sign-in/answer.ts';
import { registerToken } from '../../src/flows/sign-in/register-token.ts';
import { revokeToken } from '../../src/flows/token/revoke.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord } from '../support/attempt.ts';
import { bothStores } from '../support/database.ts';
import { atOnce, day, minute } from '../support/rows.ts';
import { flowScene, type Scene, type Token } from './scene.ts';

const advanced = { advanced: true };
const refused = (key: string) => ({ advanced: false, word: 'form', errors: [{ field: null, key }] });

for (const { name, open } of bothStores)
  describe(`sharing key-fobs, on ${name}`, function () {
    this.timeout(60_000);
    let scene: Scene;
    before(async () => {
      scene = await flowScene(open);
    });

    const people = async (company: CompanyRow, n: number): Promise<readonly AccountRow[]> => {
      const made: AccountRow[] = [];
      for (let each = 0; each < n; each += 1) made.push(await scene.person(company));
      return made;
    };
    const register = async (account: AccountRow, token: Token, otp = token.code()): Promise<Answer> => {
      const person = await scene.look(account);
      const { securityEpoch: epoch } = person.account;
      const begun = attemptRecord({ route: 'direct', account: { id: account.id, epoch }, passwordAt: scene.now });
      const record = await scene.tools.attempts.begin({ ...begun, expiresAt: scene.now + 30 * minute });
      return registerToken(scene.tools, scene.act(), record, person, { serial: token.row.serial ?? '', otp });
    };
    const row = async (token: Token) => scene.at.store.token.lock(token.row.id);
    const next = (): void => {
      scene.now += minute;
    };

    it('one each: a colleague’s token is refused in words, after the right code alone; nothing is counted or used up', async () => {
      const company = await scene.company({ sharingMode: 'one_each' });
      const [holder, other] = await people(company, 2);
      if (!holder || !other) throw new Error('nobody');
      const token = await scene.token(company, []);
      expect(await register(holder, token)).to.deep.equal(advanced);
      next();
      expect(await register(other, token)).to.deep.equal(refused('serial.sharing'));
      expect((await scene.look(other)).account.otpMisses).to.equal(0);
      expect(await scene.events(other)).to.deep.equal([]);
      const { verdict } = await checkOtp(scene.tools, scene.act(), holder.id, token.code(), null, 'direct');
      expect(verdict, 'the code is its holder’s still').to.equal('accepted');
      expect(await register(other, token), 'used, whoever asks').to.deep.equal({
        advanced: false,
        word: 'otp-used',
        errors: [{ field: 'otp', key: 'otp.used' }],
      });
      expect((await scene.look(other)).account.otpMisses).to.equal(0);
      expect(await register(other, await scene.token(company, []))).to.deep.equal(advanced);
    });

    it('one for all: the first one registered is the common one, until nobody can use it', async () => {
      const company = await scene.company({ sharingMode: 'one_for_all' });
      const [first, second, third] = await people(company, 3);
      if (!first || !second || !third) throw new Error('nobody');
      const common = await scene.token(company, []);
      const spare = await scene.token(company, [], { expiresAt: scene.now + 100 * day });
      expect(await register(first, common)).to.deep.equal(advanced);
      next();
      expect(await register(second, spare)).to.deep.equal(refused('serial.sharing.common'));
      expect(await register(second, common)).to.deep.equal(advanced);
      expect(await scene.events(second)).to.deep.equal(['token.registered']);
      next();
      // The common one is lost: no holder is left to share it with.
      await scene.at.store.token.retire(common.row.id, scene.now, 'lost');
      expect(await register(third, spare)).to.deep.equal(advanced);
    });

    it('one for all: its successor may be registered beside it, whoever comes first', async () => {
      const company = await scene.company({ sharingMode: 'one_for_all' });
      const [first, second, third] = await people(company, 3);
      if (!first || !second || !third) throw new Error('nobody');
      const common = await scene.token(company, [first, second], { expiresAt: scene.now + 30 * day });
      const successor = await scene.token(company, [], { successorTo: common.row.id });
      expect(await register(third, successor)).to.deep.equal(advanced);
    });

    it('some: any token of the company, beside whom one likes', async () => {
      const company = await scene.company({ sharingMode: 'some' });
      const [first, second, third] = await people(company, 3);
      if (!first || !second || !third) throw new Error('nobody');
      const shared = await scene.token(company, []);
      expect(await register(first, shared)).to.deep.equal(advanced);
      next();
      expect(await register(second, shared)).to.deep.equal(advanced);
      expect(await register(third, await scene.token(company, []))).to.deep.equal(advanced);
    });

    it('holds for many at once: one of four gets the token that each has for himself', async () => {
      for (let round = 0; round < 5; round += 1) {
        const company = await scene.company({ sharingMode: 'one_each' });
        const all = await people(company, 4);
        const token = await scene.token(company, []);
        const otp = token.code();
        await Promise.all(all.map((each) => register(each, token, otp)));
        const held = await Promise.all(all.map(async (each) => (await scene.look(each)).token));
        expect(held.filter((each) => each !== null)).to.have.length(1);
        for (const each of all) expect((await scene.look(each)).account.otpMisses).to.equal(0);
      }
    });

    it('holds for many at once: of four tokens one becomes the common one', async () => {
      for (let round = 0; round < 5; round += 1) {
        const company = await scene.company({ sharingMode: 'one_for_all' });
        const all = await people(company, 4);
        const tokens = await Promise.all(all.map(() => scene.token(company, [])));
        const answers = await atOnce(4, async (n) => {
          const [account, token] = [all[n], tokens[n]];
          return account && token ? register(account, token) : expect.fail();
        });
        const held = await Promise.all(all.map(async (each) => (await scene.look(each)).token));
        expect(held.filter((each) => each !== null)).to.have.length(1);
        expect(answers.filter((answer) => JSON.stringify(answer).includes('serial.sharing.common'))).to.have.length(3);
      }
    });

    it('proves that the token arrived: its own dates, and the company’s, from which the limit counts', async () => {
      const company = await scene.company({ tokenArrivedAt: null });
      const [first, second] = await people(company, 2);
      if (!first || !second) throw new Error('nobody');
      const token = await scene.token(company, [], { orderedAt: scene.now - 9 * day, shippedAt: scene.now - 2 * day });
      expect(await register(first, token)).to.deep.equal(advanced);
      const at = scene.now;
      const dates = { shippedAt: at - 2 * day, arrivedAt: at, firstRegisteredAt: at };
      expect(await row(token)).to.include(dates);
      expect((await scene.look(first)).company.tokenArrivedAt).to.equal(at);
      next();
      expect(await register(second, token)).to.deep.equal(advanced);
      expect(await row(token), 'the first time stays').to.include(dates);
      expect((await scene.look(second)).company.tokenArrivedAt).to.equal(at);
    });

    it('takes an expired token’s place; the last who changes ends it', async () => {
      const company = await scene.company({ sharingMode: 'one_for_all' });
      const [first, second] = await people(company, 2);
      if (!first || !second) throw new Error('nobody');
      const old = await scene.token(company, [first, second], { expiresAt: scene.now });
      const fresh = await scene.token(company, []);
      expect(await register(first, fresh)).to.deep.equal(advanced);
      expect(await row(old)).to.include({ retiredAt: null });
      expect(await row(fresh)).to.include({ successorTo: old.row.id });
      next();
      expect(await register(second, fresh)).to.deep.equal(advanced);
      expect(await row(old)).to.include({ retiredAt: scene.now, retiredWhy: 'replaced' });
    });

    it('goes on for the others when one user’s use is revoked, and may be registered again', async () => {
      const company = await scene.company();
      const [first, second] = await people(company, 2);
      if (!first || !second) throw new Error('nobody');
      const token = await scene.token(company, [first, second]);
      const actor = { kind: 'operator', id: 'desk' } as const;
      await scene.at.store.transaction(async (tables) =>
        revokeToken(scene.tools, tables, scene.act(), await tables.account.lock(first.id), {
          why: 'other',
          actor,
          by: 'desk',
        }),
      );
      const proven = await checkOtp(scene.tools, scene.act(), second.id, token.code(), null, 'direct');
      expect(proven).to.deep.include({ verdict: 'accepted' });
      expect(proven.verdict === 'accepted' && proof(proven).shared, 'shared by nobody any more').to.equal(false);
      next();
      expect(await register(first, token)).to.deep.equal(advanced);
    });
  });

const proof = ({ proof: one }: { readonly proof: { readonly shared: boolean } }) => one;
