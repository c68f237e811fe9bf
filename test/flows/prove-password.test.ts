// Login ID and password, direct and in the first-link check (spec §2): one answer with the same work for every cause of a
// miss, a day's tries for one Business Direct ID, and sources that fail too often.
import { expect } from 'chai';
import { guess } from '../../src/flows/guess.ts';
import type { Answer } from '../../src/flows/sign-in/answer.ts';
import { provePassword } from '../../src/flows/sign-in/prove-password.ts';
import type { Act, Tools } from '../../src/flows/tools.ts';
import type { SignInRecord, VerifiedUpstream } from '../../src/rules/sign-in-record.ts';
import { createPasswordHasher, isOverloaded } from '../../src/secrets/password-hash.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord, verifiedUpstream } from '../support/attempt.ts';
import { atOnce, day, minute, newId } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene, wrongPassword } from './scene.ts';

const mismatch = { advanced: false, word: 'credentials', errors: [{ field: null, key: 'login.mismatch' }] };

describe('proving a password', () => {
  let scene: Scene;
  let company: CompanyRow;
  let person: AccountRow;
  let record: SignInRecord;
  let source: string;
  before(async () => {
    scene = await flowScene();
    company = await scene.company();
  });
  beforeEach(async () => {
    person = await scene.person(company);
    record = await begin();
    source = newId();
  });
  const begin = (upstream: VerifiedUpstream | null = null): Promise<SignInRecord> =>
    scene.tools.attempts.begin(
      attemptRecord({ route: upstream ? 'federated' : 'direct', upstream, expiresAt: scene.now + 30 * minute }),
    );
  const type = (
    loginId: string,
    password: string,
    on = record,
    act: Partial<Act> = {},
    tools: Tools = scene.tools,
  ): Promise<Answer> => provePassword(tools, scene.act({ source, ...act }), on, { loginId, password });
  const proven = async (on = record) => {
    const { account, passwordAt } = (await scene.tools.attempts.find(on.id)) ?? {};
    return { account, passwordAt };
  };
  const miss = async (account: AccountRow, times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) await guess(scene.tools, scene.act(), account.id, 'login', wrongPassword);
  };

  it('writes the account with its epoch and the time into the attempt, and nothing else', async () => {
    expect(await type(person.loginName, rightPassword)).to.deep.equal({ advanced: true });
    expect(await proven()).to.deep.equal({ account: { id: person.id, epoch: 1 }, passwordAt: scene.now });
    expect(await scene.events(person)).to.deep.equal([]);
  });

  it('takes the login ID in any case and width', async () => {
    const wide = [...person.loginName.toUpperCase()].map((sign) =>
      String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0),
    );
    expect(await type(` ${wide.join('')} `, rightPassword)).to.deep.equal({ advanced: true });
  });

  it('gives one answer, with the same work, to an unknown ID, a wrong password, a locked and a stopped one', async () => {
    const locked = await scene.person(company);
    await miss(locked, 5);
    const stopped = await scene.person(company, {}, { login: { stoppedAt: scene.now, announcedAt: scene.now } });
    const cases: readonly (readonly [string, string, string])[] = [
      ['unknown', `x${newId().slice(0, 8)}`, rightPassword],
      ['wrong', person.loginName, wrongPassword],
      ['locked', locked.loginName, rightPassword],
      ['stopped', stopped.loginName, rightPassword],
    ];
    for (const [cause, loginId, password] of cases) {
      const before = scene.hashes();
      expect(await type(loginId, password), cause).to.deep.equal(mismatch);
      const after = scene.hashes();
      expect(after.compared + after.dummies - before.compared - before.dummies, cause).to.equal(1);
    }
    expect(await proven()).to.deep.equal({ account: null, passwordAt: null });
    expect((await scene.records(person)).at(-1)).to.deep.include({
      event: 'password.missed',
      actor: { kind: 'stranger', id: null },
    });
  });

  it('counts nothing of what can’t be right by its form', async () => {
    const upstream = verifiedUpstream();
    const first = await begin(upstream);
    const before = scene.hashes();
    for (const [loginId, password] of [
      ['', ''],
      [person.loginName, ''],
      [person.loginName, 'Ｍｉｎａｔｏ２０２６'],
      ['x'.repeat(1_000), rightPassword],
      [person.loginName, 'x'.repeat(1_000)],
      [person.loginName, 'Mina\u0000to2026'],
    ] as const)
      expect(await type(loginId, password, first), `${loginId.slice(0, 20)} ${password.slice(0, 20)}`).to.include({
        word: 'form',
      });
    expect(scene.hashes()).to.deep.equal(before);
    expect((await scene.look(person)).login.misses).to.equal(0);
    expect(await scene.at.store.link.tries(upstream.issuer, upstream.subject, scene.now)).to.include({ misses: 0 });
  });

  it('of somebody else drops what the first person had proven in this attempt', async () => {
    const other = await scene.person(company);
    await type(person.loginName, rightPassword);
    const otp = { at: scene.now, tokenId: 't', step: 1, kind: 'hardware', shared: false, by: 'code' } as const;
    await scene.tools.attempts.change(record.id, (newest) => ({ ...newest, otp, remember: true }));
    const newest = await scene.tools.attempts.find(record.id);
    await type(other.loginName, rightPassword, newest ?? record);
    expect(await scene.tools.attempts.find(record.id)).to.deep.include({
      account: { id: other.id, epoch: 1 },
      otp: null,
      remember: false,
    });
  });

  describe('in the first-link check', () => {
    let upstream: VerifiedUpstream;
    let first: SignInRecord;
    beforeEach(async () => {
      upstream = verifiedUpstream();
      first = await begin(upstream);
    });
    const tries = async (): Promise<number> =>
      (await scene.at.store.link.tries(upstream.issuer, upstream.subject, scene.now)).misses;

    it('gives one Business Direct ID ten wrong ones a day, whomever they are for; the right one is not counted', async () => {
      const began = scene.now;
      for (let n = 0; n < 10; n += 1) {
        expect(await type(person.loginName, rightPassword, first)).to.deep.equal({ advanced: true });
        expect(await type(`x${newId().slice(0, 8)}`, wrongPassword, first)).to.deep.equal(mismatch);
      }
      const before = scene.hashes();
      const tooMany = { advanced: false, word: 'too-many', until: began + day, about: 'first-link' };
      expect(await type(person.loginName, rightPassword, first)).to.deep.equal(tooMany);
      expect(scene.hashes(), 'nothing is compared').to.deep.equal(before);
      expect(await type(person.loginName, rightPassword), 'another way').to.deep.equal({ advanced: true });
      scene.now = began + day;
      expect(await type(person.loginName, rightPassword, await begin(upstream))).to.deep.equal({ advanced: true });
    });

    it('is exact when they come at once', async () => {
      const answers = await atOnce(25, () =>
        type(`x${newId().slice(0, 8)}`, wrongPassword, first, { source: newId() }),
      );
      expect(answers.filter((answer) => !answer.advanced && answer.word === 'credentials')).to.have.length(10);
      expect(answers.filter((answer) => !answer.advanced && answer.word === 'too-many')).to.have.length(15);
    });

    it('takes no try when too much is asked at once', async () => {
      const full = createPasswordHasher({
        memoryKiB: 1_024,
        timeCost: 2,
        parallelism: 1,
        concurrency: 1,
        queueLimit: -1,
      });
      const tools: Tools = { ...scene.tools, secrets: { ...scene.tools.secrets, hasher: full } };
      const error = await type(person.loginName, wrongPassword, first, {}, tools).catch((caught: unknown) => caught);
      expect(isOverloaded(error)).to.equal(true);
      expect(await tries()).to.equal(0);
      expect((await scene.look(person)).login.misses).to.equal(0);
    });
  });

  describe('from one address', () => {
    it('is refused after a hundred failures in ten minutes, until they are over; others are not', async () => {
      const began = scene.now;
      const ids = Array.from({ length: 20 }, () => `x${newId().slice(0, 8)}`);
      for (let n = 0; n < 100; n += 1) expect((await type(ids[n % 20] ?? '', wrongPassword)).advanced).to.equal(false);
      const tooMany = { advanced: false, word: 'too-many', until: began + 10 * minute, about: 'source' };
      const before = scene.hashes();
      expect(await type(person.loginName, rightPassword)).to.deep.equal(tooMany);
      expect(scene.hashes()).to.deep.equal(before);
      expect(await type(person.loginName, rightPassword, record, { source: newId() })).to.deep.equal({
        advanced: true,
      });
      scene.now = began + 10 * minute;
      expect(await type(person.loginName, rightPassword)).to.deep.equal({ advanced: true });
    }).timeout(60_000);

    it('is refused after failures with thirty different IDs', async () => {
      for (let n = 0; n < 30; n += 1)
        expect(await type(`y${newId().slice(0, 8)}`, wrongPassword)).to.deep.equal(mismatch);
      expect(await type(person.loginName, rightPassword)).to.include({ word: 'too-many', about: 'source' });
    });

    it('a success costs nothing: an office that signs in often is never refused', async () => {
      for (let n = 0; n < 110; n += 1) expect((await type(person.loginName, rightPassword)).advanced).to.equal(true);
    }).timeout(60_000);
  });
});
