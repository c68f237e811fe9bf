// A code is used once, whatever it was used for (spec §5): every first use against every second one – routes, consoles,
// approvals, registration, activation, repair; by the person or a colleague; in this process or another one.
import { expect } from 'chai';
import type { LoginRecord } from '../../src/rules/login.ts';
import { readOtp } from '../../src/rules/otp-token.ts';
import type { TokenKind } from '../../src/rules/otp-token.ts';
import { checkOtp } from '../../src/flows/otp.ts';
import { proveAct } from '../../src/flows/prove-act.ts';
import { proveOtp } from '../../src/flows/sign-in/prove-otp.ts';
import { registerToken } from '../../src/flows/sign-in/register-token.ts';
import { activateToken } from '../../src/flows/token/activate.ts';
import type { Tools } from '../../src/flows/tools.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { codeAt, stepAt } from '../../src/secrets/totp.ts';
import { attemptRecord } from '../support/attempt.ts';
import { besideStore, type OpenStore } from '../support/database.ts';
import { addLogin, addToken, holdToken, minute, newId } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene } from './scene.ts';

/** A token of its own for one cell of the matrix, in nobody's hands yet. */
interface Hands {
  readonly mine: AccountRow;
  readonly colleague: AccountRow;
  readonly tokenId: string;
  readonly serial: string | null;
  code(stepsAway?: number): string;
}

type Outcome = 'accepted' | 'used' | 'wrong' | 'gone';

interface Use {
  readonly name: string;
  readonly tokens: readonly TokenKind[];
  /** It takes the token into the hands of whoever does it: only as a first use. */
  readonly takes?: true;
  use(tools: Tools, hands: Hands, by: AccountRow): Promise<Outcome>;
}

describe('a code that was used', function () {
  this.timeout(60_000);
  let scene: Scene;
  let company: CompanyRow;
  let other: OpenStore;
  before(async () => {
    scene = await flowScene();
    // Several tokens, each in several hands: one for all would let nobody register the second one.
    company = await scene.company({ sharingMode: 'some' });
    other = await besideStore(scene.at.url ?? '');
  });
  after(() => other.database.close());

  const answered = (refused: object): Outcome => {
    const words = 'errors' in refused ? [refused.errors].flat().map((one) => String(Object(one).key)) : [];
    if (words.includes('otp.used')) return 'used';
    return words.some((word) => /^(otp\.wrong|otp\.resync\.wrong|serial\.mismatch)$/.test(word)) ? 'wrong' : 'gone';
  };
  const attempt =
    (route: 'direct' | 'federated', how: 'code' | 'repair'): Use['use'] =>
    async (tools, hands, by) => {
      const { securityEpoch: epoch } = (await scene.look(by)).account;
      const begun = attemptRecord({ route, account: { id: by.id, epoch }, passwordAt: scene.now });
      const record = await tools.attempts.begin({ ...begun, expiresAt: scene.now + 30 * minute });
      const form =
        how === 'code'
          ? ({ kind: 'code', otp: hands.code(), remember: false } as const)
          : ({ kind: 'repair', otp: hands.code(), otpNext: hands.code(1) } as const);
      const answer = await proveOtp(tools, scene.act(), record, by.id, form);
      if (!answer.advanced) return answered(answer);
      return (await tools.attempts.find(record.id))?.otp ? 'accepted' : 'gone';
    };
  const login = async (by: AccountRow): Promise<LoginRecord> => ({
    id: await addLogin(scene.at.store, by),
    accountId: by.id,
    companyId: by.companyId,
    epoch: by.securityEpoch,
    linkId: null,
    route: 'direct',
    passwordAt: scene.now,
    otp: null,
    deviceId: null,
    acr: 'urn:renkei:acr:password',
    amr: ['pwd'],
    authTime: scene.now,
    startedAt: scene.now,
    expiresAt: scene.now + 600 * minute,
    displayName: by.name,
    loginName: by.loginName,
  });

  const both = ['hardware', 'software'] as const;
  const uses: readonly Use[] = [
    { name: 'a direct sign-in', tokens: both, use: attempt('direct', 'code') },
    { name: 'a linked sign-in', tokens: both, use: attempt('federated', 'code') },
    {
      name: 'an act of a console',
      tokens: both,
      async use(tools, hands, by) {
        const asked = { act: 'unlink', proof: 'confirmation+otp', about: {} } as const;
        const typed = { confirmation: rightPassword, otp: hands.code() };
        const person = await scene.look(by);
        const proven = await proveAct(tools, scene.act(), { person, login: await login(by) }, asked, typed);
        if (proven.verdict === 'proven') return 'accepted';
        return proven.verdict === 'refused' ? answered(proven) : 'gone';
      },
    },
    {
      name: 'an approval or another question of one code',
      tokens: both,
      use: async (tools, hands, by) => {
        const { verdict } = await checkOtp(tools, scene.act(), by.id, hands.code(), null, null);
        return verdict === 'stop' ? 'wrong' : verdict;
      },
    },
    { name: 'the repair of a clock, as the first of two', tokens: ['hardware'], use: attempt('direct', 'repair') },
    {
      name: 'the registration of a key-fob',
      tokens: ['hardware'],
      takes: true,
      async use(tools, hands, by) {
        const { securityEpoch: epoch } = (await scene.look(by)).account;
        const begun = attemptRecord({ route: 'direct', account: { id: by.id, epoch }, passwordAt: scene.now });
        const record = await tools.attempts.begin({ ...begun, expiresAt: scene.now + 30 * minute });
        const typed = { serial: hands.serial ?? '', otp: hands.code() };
        const answer = await registerToken(tools, scene.act(), record, await scene.look(by), typed);
        if (!answer.advanced) return answered(answer);
        return (await tools.attempts.find(record.id))?.otp ? 'accepted' : 'gone';
      },
    },
    {
      name: 'the set-up of a software token',
      tokens: ['software'],
      takes: true,
      async use(tools, hands, by) {
        await tools.store.tokenIssue.add({
          id: newId(),
          tokenId: hands.tokenId,
          accountId: by.id,
          kind: 'authenticator',
          userId: null,
          activation: null,
          address: null,
          issuedAt: scene.now,
          expiresAt: scene.now + 60 * minute,
        });
        const person = await scene.look(by);
        const stamp = { id: 'attempt', epoch: person.account.securityEpoch };
        const front = { person, route: 'direct', stamp, login: null, progress: null, keep: async () => {} } as const;
        const done = await activateToken(tools, scene.act(), front, hands.code());
        if (done.verdict === 'activated') return 'accepted';
        return done.verdict === 'refused' ? answered(done.answer) : 'gone';
      },
    },
  ];

  const hands = async (kind: TokenKind): Promise<Hands> => {
    const [mine, colleague] = [await scene.person(company), await scene.person(company)];
    const [id, secret] = [newId(), Buffer.from(newId() + newId())];
    const serial = kind === 'hardware' ? newId().toUpperCase() : null;
    const sealed = scene.secrets.sealTokenSecret(secret, id);
    const row = await addToken(scene.at.store, company.id, { id, kind, serial, secret: sealed });
    const code = (away = 0): string => codeAt({ ...row, secret }, stepAt(scene.now, row.period) + away);
    return { mine, colleague, tokenId: id, serial, code };
  };
  const misses = async (by: AccountRow): Promise<number> => (await scene.look(by)).account.otpMisses;

  for (const kind of both) {
    for (const first of uses.filter(({ tokens }) => tokens.includes(kind))) {
      for (const second of uses.filter(({ tokens, takes }) => tokens.includes(kind) && takes !== true)) {
        it(`for ${first.name} is no code for ${second.name} (${kind})`, async () => {
          const at = await hands(kind);
          if (first.takes !== true) await holdToken(scene.at.store, at.tokenId, at.mine.id);
          expect(await first.use(scene.tools, at, at.mine), 'first').to.equal('accepted');
          // The same attempt or person, another session, and another process on the same database.
          for (const tools of [scene.tools, scene.toolsOn(other.store)])
            expect(await second.use(tools, at, at.mine), 'again').to.equal('used');
          if (kind === 'hardware') {
            await holdToken(scene.at.store, at.tokenId, at.colleague.id);
            expect(await second.use(scene.toolsOn(other.store), at, at.colleague), 'a colleague').to.equal('used');
          }
          expect([await misses(at.mine), await misses(at.colleague)], 'not counted').to.deep.equal([0, 0]);
          scene.now += 2 * minute;
          expect(await second.use(scene.tools, at, at.mine), 'a later one').to.equal('accepted');
          scene.now += minute;
        });
      }
    }
  }

  it('by its holder does not register the key-fob for a colleague', async () => {
    const at = await hands('hardware');
    await holdToken(scene.at.store, at.tokenId, at.mine.id);
    const [direct, registration] = [uses[0], uses.find(({ name }) => name === 'the registration of a key-fob')];
    expect(await direct?.use(scene.tools, at, at.mine)).to.equal('accepted');
    expect(await registration?.use(scene.toolsOn(other.store), at, at.colleague)).to.equal('used');
    expect(await misses(at.colleague)).to.equal(0);
    scene.now += minute;
    expect(await registration?.use(scene.tools, at, at.colleague)).to.equal('accepted');
    expect(await direct?.use(scene.tools, at, at.mine), 'and the code of the registration is used').to.equal('used');
  });

  it('is the same code in full width, with blanks and hyphens', async () => {
    const at = await hands('hardware');
    await holdToken(scene.at.store, at.tokenId, at.mine.id);
    const wide = [...at.code()].map((digit) => String.fromCodePoint((digit.codePointAt(0) ?? 0) + 0xfee0)).join('');
    const spread = ` ${wide.slice(0, 3)}－${wide.slice(3)} `;
    expect(readOtp(spread, 6, 8)).to.deep.equal({ ok: true, code: at.code() });
    const typing = (otp: string): Hands => ({ ...at, code: () => otp });
    expect(await uses[0]?.use(scene.tools, typing(spread), at.mine)).to.equal('accepted');
    for (const otp of [at.code(), wide, spread])
      expect(await uses[1]?.use(scene.tools, typing(otp), at.mine), otp).to.equal('used');
    expect(await misses(at.mine)).to.equal(0);
  });
});
