// Changing a password that is due, inside a sign-in (spec §2): for exactly those concerned, the present one first, never one of
// the last three, and what strangers did to its counter neither hinders nor is lifted.
import { expect } from 'chai';
import type { Answer } from '../../src/flows/sign-in/answer.ts';
import { changeDuePassword } from '../../src/flows/sign-in/change-due-password.ts';
import { guess } from '../../src/flows/guess.ts';
import type { Tools } from '../../src/flows/tools.ts';
import type { SignInRecord } from '../../src/rules/sign-in-record.ts';
import type { AccountRow, CompanyRow, CredentialRow } from '../../src/store/account.ts';
import { attemptRecord } from '../support/attempt.ts';
import { minute, newId } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene, wrongPassword } from './scene.ts';

type Which = CredentialRow['kind'];

describe('changing a password that is due', () => {
  let scene: Scene;
  let company: CompanyRow;
  let person: AccountRow;
  let record: SignInRecord;
  before(async () => {
    scene = await flowScene();
    company = await scene.company();
  });
  const somebody = async (login: Partial<CredentialRow>, confirmation: Partial<CredentialRow> = {}): Promise<void> => {
    person = await scene.person(company, {}, { login, confirmation });
    record = await scene.tools.attempts.begin(
      attemptRecord({
        route: 'direct',
        account: { id: person.id, epoch: 1 },
        passwordAt: scene.now,
        expiresAt: scene.now + 30 * minute,
      }),
    );
    scene.now += 1;
  };
  const change = async (
    typed: Partial<Record<Which, readonly [string, string]>>,
    options: { readonly lasting?: string; readonly tools?: Tools; readonly wanted?: boolean } = {},
  ): Promise<Answer> => {
    const { wanted = true } = options;
    return changeDuePassword(
      options.tools ?? scene.tools,
      scene.act({ lasting: options.lasting ?? null }),
      record,
      await scene.look(person),
      {
        wanted: { login: wanted, confirmation: wanted },
        current: { login: typed.login?.[0] ?? '', confirmation: typed.confirmation?.[0] ?? '' },
        candidate: { login: typed.login?.[1] ?? '', confirmation: typed.confirmation?.[1] ?? '' },
        again: { login: typed.login?.[1] ?? '', confirmation: typed.confirmation?.[1] ?? '' },
      },
    );
  };
  const refusedWith = (answer: Answer): readonly string[] =>
    answer.advanced || answer.word === 'too-many' ? [] : answer.errors.map(({ key }) => key);

  it('refuses the present one and the two before it; the one before those is free again', async () => {
    const [older, old, present] = ['Tsubaki111', 'Sazanka222', 'Momiji333'];
    const hashes = await Promise.all([present, old, older].map((each) => scene.hash(each)));
    await somebody({ forced: true, hash: hashes[0] ?? '', history: [hashes[1] ?? '', hashes[2] ?? ''] });
    for (const candidate of [present, old, older])
      expect(refusedWith(await change({ login: [present, candidate] })), candidate).to.deep.equal(['password.recent']);
    expect(await change({ login: [present, 'Yuzuriha44'] })).to.deep.equal({ advanced: true });
    await scene.at.store.credential.change(person.id, 'login', () => ({ keep: { forced: true }, verdict: null }));
    await somebodyAgain();
    expect(await change({ login: ['Yuzuriha44', older] }), 'the fourth').to.deep.equal({ advanced: true });
  });

  /** The same person in a new attempt. */
  async function somebodyAgain(): Promise<void> {
    const { securityEpoch } = (await scene.look(person)).account;
    record = await scene.tools.attempts.begin(
      attemptRecord({
        route: 'direct',
        account: { id: person.id, epoch: securityEpoch },
        passwordAt: scene.now,
        expiresAt: scene.now + 30 * minute,
      }),
    );
  }

  it('refuses the issued one, the other one, the login ID, and a common one where the bank says so', async () => {
    const confirmation = await scene.hash('Kakunin2026');
    await somebody({ forced: true, issued: true }, { hash: confirmation });
    expect(refusedWith(await change({ login: [rightPassword, rightPassword] }))).to.deep.equal(['password.sameissued']);
    expect(refusedWith(await change({ login: [rightPassword, 'Kakunin2026'] }))).to.deep.equal(['password.sameother']);
    const { policy } = scene.tools;
    const strict = { ...scene.tools, policy: { ...policy, password: { ...policy.password, refuseCommon: true } } };
    expect(refusedWith(await change({ login: [rightPassword, 'Password1'] }, { tools: strict }))).to.deep.equal([
      'password.common',
    ]);
  });

  it('changes exactly what is forced, whatever else is sent; of expired ones the other too, if it is wanted', async () => {
    await somebody({ forced: true });
    const both = { login: [rightPassword, 'Yuzuriha44'], confirmation: [rightPassword, 'Kakunin555'] } as const;
    expect(await change(both)).to.deep.equal({ advanced: true });
    expect((await scene.look(person)).confirmation?.setAt).to.be.below(scene.now - minute);
    await somebody({ expiresAt: scene.now });
    expect(await change(both, { wanted: false })).to.deep.equal({ advanced: true });
    expect((await scene.look(person)).confirmation?.setAt).to.be.below(scene.now - minute);
    await somebody({ expiresAt: scene.now });
    expect(await change(both)).to.deep.equal({ advanced: true });
    expect((await scene.look(person)).confirmation?.setAt).to.equal(scene.now);
  });

  it('all or nothing: of two that are asked, a wrong present one of either changes neither', async () => {
    await somebody({ forced: true }, { forced: true });
    const answer = await change({
      login: [rightPassword, 'Yuzuriha44'],
      confirmation: [wrongPassword, 'Kakunin555'],
    });
    expect(refusedWith(answer)).to.deep.equal(['password.current']);
    const { login, confirmation } = await scene.look(person);
    expect([login.forced, confirmation?.forced]).to.deep.equal([true, true]);
  });

  it('five wrong present ones lock it, and the sign-in goes on without the change (spec §2)', async () => {
    await somebody({ forced: true });
    for (const n of [4, 3, 2, 1]) {
      const answer = await change({ login: [wrongPassword, 'Yuzuriha44'] });
      expect(answer).to.deep.include({ word: 'credentials' });
      if (!answer.advanced && answer.word !== 'too-many') expect(answer.errors[0]?.values).to.deep.equal({ n });
    }
    expect(await change({ login: [wrongPassword, 'Yuzuriha44'] })).to.deep.equal({ advanced: true });
    expect((await scene.look(person)).login).to.include({ forced: true, lockedUntil: scene.now + 30 * minute });
    const { banners } = (await scene.tools.attempts.find(record.id)) ?? {};
    expect(banners?.map(({ key }) => key)).to.deep.equal(['password.locked']);
    expect(await change({ login: [rightPassword, 'Yuzuriha44'] }), 'nothing is due any more').to.deep.equal({
      advanced: true,
    });
    expect((await scene.look(person)).login.forced).to.equal(true);
  });

  it('in a known browser is asked in spite of strangers’ lock or stop, which stays after it', async () => {
    for (const held of [{ lockedUntil: scene.now + 20 * minute, misses: 5, locks: 1 }, { stoppedAt: scene.now - 1 }]) {
      const lasting = newId();
      await somebody({ forced: true, ...held, announcedAt: scene.now - 1 });
      await scene.at.store.knownBrowser.remember(person.id, lasting, scene.now);
      expect(refusedWith(await change({ login: [wrongPassword, 'Yuzuriha44'] }, { lasting }))).to.deep.equal([
        'password.current',
      ]);
      expect(await change({ login: [rightPassword, 'Yuzuriha44'] }, { lasting })).to.deep.equal({ advanced: true });
      expect((await scene.look(person)).login).to.include({ forced: false, setAt: scene.now, ...held });
      const stranger = await guess(scene.tools, scene.act(), person.id, 'login', 'Yuzuriha44');
      expect(stranger.verdict).to.equal('refused');
    }
  });

  it('a locked confirmation password is left out: the other one is changed, and that is all', async () => {
    await somebody({ forced: true }, { forced: true, lockedUntil: scene.now + minute });
    expect(await change({ login: [rightPassword, 'Yuzuriha44'] })).to.deep.equal({ advanced: true });
    const { login, confirmation } = await scene.look(person);
    expect([login.forced, confirmation?.forced]).to.deep.equal([false, true]);
  });
});
