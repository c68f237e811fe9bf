// What ends an issue that waits for its first code (spec §5, §6): whatever ends what it was proven by. Whoever began it, or has
// its secret already, brings it into use no more.
import { expect } from 'chai';
import { setPasswords } from '../../src/flows/company/set-password.ts';
import { takeUp } from '../../src/flows/reset/take-up.ts';
import { changeDuePassword } from '../../src/flows/sign-in/change-due-password.ts';
import { resumeUse, stopUse } from '../../src/flows/stop.ts';
import { activateToken } from '../../src/flows/token/activate.ts';
import { fetchToken } from '../../src/flows/token/fetch.ts';
import { attemptFront } from '../../src/flows/token/front.ts';
import { codeAt, stepAt } from '../../src/secrets/totp.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord } from '../support/attempt.ts';
import { day, minute } from '../support/rows.ts';
import { addIssue, type AddedIssue } from '../support/token-issue.ts';
import { flowScene, rightPassword, type Scene } from './scene.ts';

describe('an issue that was left open', () => {
  let scene: Scene;
  let company: CompanyRow;
  let person: AccountRow;
  let admin: AccountRow;
  let open: AddedIssue;
  before(async () => {
    scene = await flowScene();
    company = await scene.company({ otpApplication: 'software' });
    admin = await scene.person(company, { role: 'admin' });
  });
  beforeEach(async () => {
    scene.now += day;
    person = await scene.person(company, {}, { login: { forced: true } });
    open = await addIssue({ store: scene.at.store, secrets: scene.secrets }, person.loginName, scene.now);
    scene.now += minute;
  });
  const begin = async () => {
    const { securityEpoch: epoch } = (await scene.look(person)).account;
    const begun = attemptRecord({ route: 'direct', account: { id: person.id, epoch }, passwordAt: scene.now });
    return scene.tools.attempts.begin({ ...begun, expiresAt: scene.now + 30 * minute });
  };
  const setBy = async (which: 'login' | 'confirmation'): Promise<void> => {
    const one = { which, hash: await scene.hash(`Another2026${which}`), issued: false, force: true };
    const now = await scene.look(person);
    await scene.at.store.transaction((tables) => setPasswords(scene.tools, tables, scene.act(), now, [one], admin.id));
  };
  const byAdmin = () => ({ actor: { kind: 'account', id: admin.id }, by: 'admin' }) as const;

  const events: readonly (readonly [string, 'own' | 'admin', () => Promise<void>])[] = [
    [
      'a password of one’s own that was due',
      'own',
      async () => {
        const fresh = { login: 'Yuzuriha44', confirmation: '' };
        const answer = await changeDuePassword(scene.tools, scene.act(), await begin(), await scene.look(person), {
          wanted: { login: true, confirmation: false },
          current: { login: rightPassword, confirmation: '' },
          candidate: fresh,
          again: fresh,
        });
        expect(answer).to.deep.equal({ advanced: true });
      },
    ],
    ['a login password that an administrator set', 'admin', () => setBy('login')],
    ['a confirmation password that an administrator set', 'admin', () => setBy('confirmation')],
    [
      'the password of a letter',
      'own',
      async () => {
        await scene.at.store.transaction((tables) => takeUp(scene.tools, tables, scene.act(), person.id));
      },
    ],
    [
      'a stop of one’s use, and what is resumed comes without it',
      'admin',
      async () => {
        for (const change of [stopUse, resumeUse])
          await scene.at.store.transaction(async (tables) =>
            change(scene.tools, tables, scene.act(), await tables.account.lock(person.id), byAdmin()),
          );
      },
    ],
  ];
  for (const [title, by, happen] of events) {
    it(`is ended by ${title}`, async () => {
      await happen();
      const issue = await scene.at.store.tokenIssue.find(open.id);
      expect(issue).to.include({ endedWhy: 'cancelled', endedAt: scene.now });
      expect(await scene.at.store.token.lock(issue?.tokenId ?? '')).to.include({ retiredAt: scene.now });
      const ended = (await scene.records(person)).filter(({ event }) => event === 'token.issue-ended');
      expect(ended).to.have.length(1);
      expect(ended[0]?.actor).to.deep.equal({ kind: 'account', id: by === 'own' ? person.id : admin.id });

      const [serviceId, nonce] = ['100100', 'n'.repeat(43)];
      const request = { serviceId, userId: open.userId, digits: open.password, nonce };
      expect(await fetchToken(scene.tools, scene.act(), serviceId, request)).to.deep.equal({ verdict: 'refused' });
      const front = attemptFront(scene.tools, scene.act(), await begin(), await scene.look(person));
      const { secret: _sealed, ...token } = (await scene.at.store.token.lock(issue?.tokenId ?? '')) ?? never();
      const otp = codeAt({ ...token, secret: open.bytes }, stepAt(scene.now, token.period));
      expect(await activateToken(scene.tools, scene.act(), front, otp)).to.deep.equal({ verdict: 'look-again' });
      expect((await scene.look(person)).token).to.equal(null);
    });
  }

  it('that has lapsed already is recorded as that', async () => {
    scene.now += 4 * day;
    await setBy('login');
    expect(await scene.at.store.tokenIssue.find(open.id)).to.include({ endedWhy: 'lapsed' });
    const [ended] = (await scene.records(person)).filter(({ event }) => event === 'token.issue-ended');
    expect(ended?.actor).to.deep.equal({ kind: 'system', id: null });
  });
});

function never(): never {
  throw new Error('no token was issued');
}
