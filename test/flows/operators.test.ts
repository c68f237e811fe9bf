// Operators (spec §8): their password's tiers and their code's counter, exact also under parallel tries; what ends a session; what
// an issued password, a stop, a release and a reissue leave behind; and the record of each in the bank's own chain.
import { expect } from 'chai';
import type { OperatorAnswer } from '../../src/flows/operator/advance.ts';
import { chooseOperatorPassword } from '../../src/flows/operator/choose-password.ts';
import { lookAtOperator, type OpenAttempt, type Standing } from '../../src/flows/operator/look.ts';
import {
  addOperator,
  reissueOperator,
  releaseOperator,
  resumeOperator,
  stopOperator,
} from '../../src/flows/operator/manage.ts';
import { auditActor, operatorActor, proveOperator } from '../../src/flows/operator/prove.ts';
import { registerOperatorToken, takeOperatorSecret } from '../../src/flows/operator/register-token.ts';
import { proveOperatorOtp, proveOperatorPassword, signOutOperator } from '../../src/flows/operator/sign-in.ts';
import { rotateSealing } from '../../src/flows/rotate-sealing.ts';
import { codeAt, secretFromBase32, stepAt } from '../../src/secrets/totp.ts';
import type { OperatorRow } from '../../src/store/operator.ts';
import { bothStores } from '../support/database.ts';
import { atOnce, day, minute } from '../support/rows.ts';
import { flowScene, type Scene, wrongPassword } from './scene.ts';

const browser = 'a-browser';
const supervisor = { kind: 'operator', id: 'command-line' } as const;

interface Somebody {
  readonly key: string;
  readonly id: string;
  readonly password: string;
  readonly secret: string;
}

for (const { name, open } of bothStores) {
  describe(`operators on ${name}`, () => {
    let scene: Scene;
    let counted = 0;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
    });
    // The bank's chain is everybody's: what others wrote into it before is not ours.
    let written: number;
    beforeEach(async () => {
      scene.now += 10 * minute;
      const heads = await scene.tools.store.audit.heads();
      written = heads.find(({ chain }) => chain === 'bank')?.seq ?? 0;
    });

    const row = async (key: string): Promise<OperatorRow> => {
      const found = await scene.tools.store.operator.byLoginName(key);
      if (!found) throw new Error('nobody');
      return found;
    };
    const add = async (role: OperatorRow['role'] = 'clerk') => {
      counted += 1;
      const key = `desk${counted}`;
      const added = await addOperator(scene.tools, scene.act(), supervisor, { loginName: key, name: '窓口', role });
      if (!added) throw new Error('taken');
      return { key, ...added };
    };
    /** Each from an address of its own: throttling is another test's. */
    const type = (key: string, password: string, source = `${key}-address`): Promise<OperatorAnswer> =>
      proveOperatorPassword(
        scene.tools,
        scene.act({ source }),
        { browser, back: '/helpdesk' },
        { loginId: key, password },
      );
    const valueOf = (answer: OperatorAnswer): string => {
      if (answer.verdict !== 'advanced' || answer.value === null) throw new Error(answer.verdict);
      return answer.value;
    };
    const look = (value: string, from = browser): Promise<Standing> =>
      lookAtOperator(scene.tools, scene.act(), { value, browser: from });
    const attemptOf = async (value: string): Promise<OpenAttempt> => {
      const standing = await look(value);
      if (standing.is !== 'signing-in') throw new Error(standing.is);
      return standing.attempt;
    };
    const codeOf = (secret: string, steps = 0): string => {
      const token = { secret: secretFromBase32(secret), algorithm: 'SHA1', digits: 6, period: 60 } as const;
      return codeAt(token, stepAt(scene.now, 60) + steps);
    };
    const wrongFor = (secret: string): string =>
      ['000000', '111111', '222222', '333333'].find(
        (code) => ![-2, -1, 0, 1].some((n) => codeOf(secret, n) === code),
      ) ?? '';

    /** An own password, an authenticator, and a session. */
    async function ready(role: OperatorRow['role'] = 'clerk'): Promise<Somebody & { readonly session: string }> {
      const { key, id, password } = await add(role);
      let value = valueOf(await type(key, password));
      const own = 'Minato2026';
      const first = { candidate: own, again: own };
      value = valueOf(
        await chooseOperatorPassword(scene.tools, scene.act(), await attemptOf(value), await row(key), first),
      );
      const secret = await takeOperatorSecret(scene.tools, await attemptOf(value));
      if (secret === null) throw new Error('no secret');
      const answer = await registerOperatorToken(scene.tools, scene.act(), await attemptOf(value), codeOf(secret));
      scene.now += 2 * minute;
      return { key, id, password: own, secret, session: valueOf(answer) };
    }
    const enter = async ({ key, password, secret }: Somebody): Promise<string> => {
      scene.now += minute;
      const value = valueOf(await type(key, password));
      return valueOf(await proveOperatorOtp(scene.tools, scene.act(), await attemptOf(value), codeOf(secret)));
    };
    const records = async (since: number): Promise<readonly { event: string; data: Record<string, unknown> }[]> =>
      (await scene.tools.store.audit.list({ chain: 'bank' }, 1_000))
        .map((body): { seq: number; at: number; event: string; data: Record<string, unknown> } => JSON.parse(body))
        .filter(({ seq, at, event }) => seq > written && at >= since && event.startsWith('operator.'))
        .toReversed();
    const events = async (since: number): Promise<readonly string[]> =>
      (await records(since)).map(({ event }) => event);

    it('goes from the issued password over an own one and an authenticator to a session', async () => {
      const began = scene.now;
      const { key, id, password } = await add('supervisor');
      const first = valueOf(await type(key, password));
      expect(await look(first)).to.include({ is: 'signing-in', step: 'new-password' });
      const second = valueOf(
        await chooseOperatorPassword(scene.tools, scene.act(), await attemptOf(first), await row(key), {
          candidate: 'Minato2026',
          again: 'Minato2026',
        }),
      );
      expect(await look(first)).to.deep.equal({ is: 'nobody' });
      expect(await look(second)).to.include({ is: 'signing-in', step: 'token' });
      const secret = await takeOperatorSecret(scene.tools, await attemptOf(second));
      expect(await takeOperatorSecret(scene.tools, await attemptOf(second))).to.equal(null);
      expect((await row(key)).tokenId).to.equal(null);
      const third = valueOf(
        await registerOperatorToken(scene.tools, scene.act(), await attemptOf(second), codeOf(secret ?? '')),
      );
      expect(new Set([first, second, third]).size).to.equal(3);
      expect(await look(second)).to.deep.equal({ is: 'nobody' });
      expect(await look(third)).to.include({ is: 'signed-in' });
      expect(await row(key)).to.include({
        issued: false,
        issuedUntil: null,
        lastSignInAt: scene.now,
        securityEpoch: 3,
      });
      expect(await events(began)).to.deep.equal([
        'operator.added',
        'operator.password-chosen',
        'operator.token-registered',
        'operator.signed-in',
      ]);
      expect(JSON.stringify(await records(began)))
        .not.to.include(password)
        .and.not.to.include(secret);
      expect(operatorActor(await row(key))).to.deep.equal({ kind: 'operator', role: 'supervisor' });
      expect(auditActor({ id })).to.deep.equal({ kind: 'operator', id });
    });

    it('refuses an issued password after its 90 days', async () => {
      const { key, password } = await add();
      scene.now += 90 * day;
      expect(await type(key, password)).to.include({ verdict: 'refused', word: 'credentials' });
    });

    it('refuses a password that was issued, used before, equals the ID, or is badly formed', async () => {
      const one = await ready();
      const again = await reissueOperator(scene.tools, scene.act(), supervisor, one.key);
      const value = valueOf(await type(one.key, again?.password ?? ''));
      const choose = async (candidate: string, repeated = candidate) => {
        const answer = await chooseOperatorPassword(
          scene.tools,
          scene.act(),
          await attemptOf(value),
          await row(one.key),
          { candidate, again: repeated },
        );
        return answer.verdict === 'refused' ? answer.errors[0]?.key : answer.verdict;
      };
      expect(await choose(again?.password ?? '')).to.equal('password.sameissued');
      expect(await choose(one.password)).to.equal('password.recent');
      expect(await choose('abc1')).to.equal('password.length');
      expect(await choose('Sakura2026', 'Sakura2027')).to.equal('password.again');
      expect(await choose('Sakura2026')).to.equal('advanced');
    });

    it('locks the password for thirty minutes with the fifth miss and stops it with the third lock', async () => {
      const one = await ready();
      const began = scene.now;
      for (let lock = 1; lock <= 3; lock += 1) {
        for (let miss = 1; miss <= 5; miss += 1) await type(one.key, wrongPassword, `lock-${lock}-${miss}`);
        const before = scene.hashes();
        expect(await type(one.key, one.password)).to.include({ verdict: 'refused' });
        expect(scene.hashes()).to.deep.equal({ compared: before.compared, dummies: before.dummies + 1 });
        scene.now += 30 * minute;
        if (lock < 3) expect(await row(one.key)).to.include({ locks: lock, misses: 5 });
      }
      expect((await row(one.key)).passwordStoppedAt).not.to.equal(null);
      expect((await events(began)).filter((event) => event !== 'operator.password-missed')).to.deep.equal([
        'operator.password-locked',
        'operator.password-locked',
        'operator.password-stopped',
      ]);
      expect(await releaseOperator(scene.tools, scene.act(), supervisor, one.key)).to.deep.equal(['password']);
      expect(await type(one.key, one.password)).to.include({ verdict: 'advanced' });
    });

    it('leaves a browser in which the operator signed in places of its own: strangers who use up theirs keep nobody out', async () => {
      const one = await ready();
      const from = (lasting: string, password: string): Promise<OperatorAnswer> =>
        proveOperatorPassword(
          scene.tools,
          scene.act({ source: `${one.key}-${lasting}`, lasting }),
          { browser, back: '/helpdesk' },
          { loginId: one.key, password },
        );
      const [own, other] = [`own-${one.key}`, `other-${one.key}`];
      const value = valueOf(await from(own, one.password));
      await proveOperatorOtp(scene.tools, scene.act({ lasting: own }), await attemptOf(value), codeOf(one.secret));

      for (let lock = 1; lock <= 3; lock += 1) {
        for (let miss = 1; miss <= 5; miss += 1) await type(one.key, wrongPassword, `${one.key}-${lock}-${miss}`);
        scene.now += 30 * minute;
      }
      expect((await row(one.key)).passwordStoppedAt).not.to.equal(null);
      expect(await from(other, one.password), 'a browser that knows nobody').to.include({ verdict: 'refused' });
      expect(await from(own, one.password)).to.include({ verdict: 'advanced' });
      expect((await row(one.key)).passwordStoppedAt, 'strangers are kept out as before').not.to.equal(null);

      const before = scene.hashes();
      await atOnce(30, () => from(own, wrongPassword));
      expect(scene.hashes().compared - before.compared, 'five of its own').to.equal(5);
      expect(await from(own, one.password), 'and no sixth').to.include({ verdict: 'refused' });
      await releaseOperator(scene.tools, scene.act(), supervisor, one.key);
      expect(await from(own, one.password)).to.include({ verdict: 'advanced' });
      expect(await from(other, one.password)).to.include({ verdict: 'advanced' });
    });

    it('knows none of the browsers any more after a new issued password', async () => {
      const one = await ready();
      const lasting = `own-${one.key}`;
      scene.now += minute;
      const value = valueOf(await type(one.key, one.password));
      await proveOperatorOtp(scene.tools, scene.act({ lasting }), await attemptOf(value), codeOf(one.secret));
      await reissueOperator(scene.tools, scene.act(), supervisor, one.key);
      for (let miss = 1; miss <= 5; miss += 1) await type(one.key, wrongPassword);
      const before = scene.hashes();
      const again = { browser, back: '/helpdesk' };
      await proveOperatorPassword(scene.tools, scene.act({ source: lasting, lasting }), again, {
        loginId: one.key,
        password: wrongPassword,
      });
      expect(scene.hashes().compared).to.equal(before.compared);
    });

    it('compares at most five of a hundred wrong passwords at once', async () => {
      const one = await ready();
      const before = scene.hashes();
      await atOnce(100, (n) => type(one.key, wrongPassword, `parallel-${n}`));
      expect(scene.hashes().compared - before.compared).to.equal(5);
      expect(scene.hashes().dummies - before.dummies).to.equal(95);
      expect(await row(one.key)).to.include({ locks: 1 });
    });

    it('does the same work for an unknown ID, a stopped operator and a locked password', async () => {
      const stopped = await ready();
      await stopOperator(scene.tools, scene.act(), supervisor, stopped.key);
      const locked = await ready();
      for (let miss = 1; miss <= 5; miss += 1) await type(locked.key, wrongPassword);
      for (const [key, password] of [
        ['nobody', 'Minato2026'],
        [stopped.key, stopped.password],
        [locked.key, locked.password],
      ] as const) {
        const before = scene.hashes();
        const answer = await type(key, password, `same-${key}`);
        expect(answer).to.deep.equal({
          verdict: 'refused',
          word: 'credentials',
          errors: [{ field: null, key: 'operator.mismatch' }],
        });
        expect(scene.hashes()).to.deep.equal({ compared: before.compared, dummies: before.dummies + 1 });
      }
    });

    it('throttles an address by its failures, whoever it tries', async () => {
      const one = await ready();
      let last: OperatorAnswer = { verdict: 'stopped' };
      for (let n = 0; n < 31; n += 1) last = await type(`nobody${n}`, wrongPassword, 'one-address');
      expect(last).to.include({ verdict: 'too-many' });
      const before = scene.hashes();
      expect(await type(one.key, one.password, 'one-address')).to.include({ verdict: 'too-many' });
      expect(scene.hashes()).to.deep.equal(before);
      expect(await type(one.key, one.password)).to.include({ verdict: 'advanced' });
    });

    it('takes a step once ever: at the sign-in, in a second one, and for an act', async () => {
      const one = await ready();
      scene.now += minute;
      const code = codeOf(one.secret);
      const value = valueOf(await type(one.key, one.password));
      const session = valueOf(await proveOperatorOtp(scene.tools, scene.act(), await attemptOf(value), code));
      expect(await look(session)).to.include({ is: 'signed-in' });
      const other = valueOf(await type(one.key, one.password));
      expect(await proveOperatorOtp(scene.tools, scene.act(), await attemptOf(other), code)).to.include({
        verdict: 'refused',
        word: 'otp-used',
      });
      const asked = { act: 'move-tokens', about: { order: 'one' } } as const;
      expect(await proveOperator(scene.tools, scene.act(), await row(one.key), asked, code)).to.include({
        word: 'otp-used',
      });
      expect((await row(one.key)).otpMisses).to.equal(0);
      scene.now += minute;
      const fresh = codeOf(one.secret);
      const began = scene.now;
      expect(await proveOperator(scene.tools, scene.act(), await row(one.key), asked, fresh)).to.deep.equal({
        verdict: 'proven',
      });
      expect((await records(began)).at(-1)).to.deep.include({ event: 'operator.proven' });
      expect((await records(began)).at(-1)?.data).to.include({ for: 'move-tokens', order: 'one', proof: 'otp' });
      expect(await proveOperator(scene.tools, scene.act(), await row(one.key), asked, fresh)).to.include({
        word: 'otp-used',
      });
      expect(await proveOperator(scene.tools, scene.act(), await row(one.key), asked, '12')).to.include({
        word: 'form',
      });
    });

    it('takes one code once of many requests at the same time', async () => {
      const one = await ready();
      scene.now += minute;
      const asked = { act: 'move-tokens', about: {} } as const;
      const now = await row(one.key);
      const code = codeOf(one.secret);
      const verdicts = await atOnce(20, async () => proveOperator(scene.tools, scene.act(), now, asked, code));
      expect(verdicts.filter(({ verdict }) => verdict === 'proven')).to.have.length(1);
      expect((await row(one.key)).otpMisses).to.equal(0);
    });

    it('compares at most five of forty wrong codes at once, then ends the session', async () => {
      const one = await ready();
      const asked = { act: 'move-tokens', about: {} } as const;
      const now = await row(one.key);
      const began = scene.now;
      const wrong = wrongFor(one.secret);
      const verdicts = await atOnce(40, async () => proveOperator(scene.tools, scene.act(), now, asked, wrong));
      expect(verdicts.filter(({ verdict }) => verdict === 'refused')).to.have.length(4);
      expect(await row(one.key)).to.include({ otpMisses: 5 });
      expect((await events(began)).filter((event) => event === 'operator.otp-stopped')).to.have.length(1);
      expect((await events(began)).filter((event) => event === 'operator.otp-missed')).to.have.length(4);
      expect(await look(one.session)).to.deep.equal({ is: 'nobody' });
      scene.now += minute;
      // A right code is none any more, and a new sign-in is told only after its password.
      expect(await proveOperator(scene.tools, scene.act(), await row(one.key), asked, codeOf(one.secret))).to.include({
        verdict: 'look-again',
      });
      expect(await look(valueOf(await type(one.key, one.password)))).to.include({ is: 'signing-in', step: 'refused' });
      expect(await releaseOperator(scene.tools, scene.act(), supervisor, one.key)).to.deep.equal(['otp']);
      expect(await look(await enter(one))).to.include({ is: 'signed-in' });
    });

    it('counts wrong codes of the authenticator that is being registered', async () => {
      const { key, password } = await add();
      let value = valueOf(await type(key, password));
      const own = { candidate: 'Minato2026', again: 'Minato2026' };
      value = valueOf(
        await chooseOperatorPassword(scene.tools, scene.act(), await attemptOf(value), await row(key), own),
      );
      const secret = (await takeOperatorSecret(scene.tools, await attemptOf(value))) ?? '';
      const attempt = await attemptOf(value);
      const verdicts = await atOnce(12, () =>
        registerOperatorToken(scene.tools, scene.act(), attempt, wrongFor(secret)),
      );
      expect(verdicts.filter(({ verdict }) => verdict === 'refused')).to.have.length(4);
      expect(verdicts.filter(({ verdict }) => verdict === 'stopped')).to.have.length(1);
      expect(await registerOperatorToken(scene.tools, scene.act(), attempt, codeOf(secret))).to.deep.include({
        verdict: 'advanced',
        value: null,
      });
      expect((await row(key)).tokenId).to.equal(null);
    });

    it('keeps an attempt and a session apart, each in its own browser', async () => {
      const one = await ready();
      const attempt = valueOf(await type(one.key, one.password));
      const { operatorSessions, secrets } = scene.tools;
      expect(await operatorSessions.session(secrets.digest(attempt))).to.equal(null);
      expect(await operatorSessions.attempt(secrets.digest(one.session))).to.equal(null);
      expect(await look(attempt, 'another')).to.deep.equal({ is: 'nobody' });
      expect(await look(one.session, 'another')).to.deep.equal({ is: 'nobody' });
      expect(await look(one.session)).to.include({ is: 'signed-in' });
    });

    it('ends a session after 15 minutes alone and ten hours in all, and never revives one that ended', async () => {
      const one = await ready();
      const began = scene.now;
      const minutesLater = async (n: number): Promise<Standing> => {
        scene.now = began + n * minute;
        return look(one.session);
      };
      for (let n = 0; n < 598; n += 14) expect(await minutesLater(n)).to.include({ is: 'signed-in' });
      expect(await minutesLater(600)).to.deep.equal({ is: 'nobody' });
      const session = await enter(one);
      const used = scene.now;
      scene.now += 15 * minute;
      expect(await look(session)).to.deep.equal({ is: 'idle', at: used + 15 * minute });
      await scene.tools.operatorSessions.touch(scene.secrets.digest(session), scene.now);
      expect(await look(session)).to.deep.equal({ is: 'nobody' });
    });

    it('ends sessions with sign-out, stop and reissue, at once and for good', async () => {
      const one = await ready();
      const sessions = [one.session, await enter(one), await enter(one)];
      const began = scene.now;
      const standing = await look(sessions[0] ?? '');
      if (standing.is !== 'signed-in') throw new Error(standing.is);
      expect(await signOutOperator(scene.tools, scene.act(), standing.session)).to.equal(true);
      expect(await signOutOperator(scene.tools, scene.act(), standing.session)).to.equal(false);
      expect(await look(sessions[0] ?? '')).to.deep.equal({ is: 'nobody' });
      expect(await look(sessions[1] ?? '')).to.include({ is: 'signed-in' });
      expect(await stopOperator(scene.tools, scene.act(), supervisor, one.key)).to.equal(true);
      expect(await stopOperator(scene.tools, scene.act(), supervisor, one.key)).to.equal(false);
      expect(await look(sessions[1] ?? '')).to.deep.equal({ is: 'nobody' });
      expect(await resumeOperator(scene.tools, scene.act(), supervisor, one.key)).to.equal(true);
      expect(await look(sessions[2] ?? '')).to.deep.equal({ is: 'nobody' });
      const session = await enter(one);
      const token = (await row(one.key)).tokenId ?? '';
      const again = await reissueOperator(scene.tools, scene.act(), supervisor, one.key);
      expect(await look(session)).to.deep.equal({ is: 'nobody' });
      expect(await row(one.key)).to.include({ tokenId: null, issued: true });
      const [retired] = await scene.tools.store.transaction(async (tables) => [await tables.token.lock(token)]);
      expect(retired?.retiredAt).to.equal(scene.now);
      expect(await type(one.key, one.password)).to.include({ verdict: 'refused' });
      expect(await type(one.key, again?.password ?? '')).to.include({ verdict: 'advanced' });
      expect((await events(began)).filter((event) => !/missed|signed-in/.test(event))).to.deep.equal([
        'operator.signed-out',
        'operator.stopped',
        'operator.resumed',
        'operator.reissued',
      ]);
    });

    it('voids what the issued password proved elsewhere once an own one is chosen', async () => {
      const { key, password } = await add();
      const [mine, theirs] = [valueOf(await type(key, password)), valueOf(await type(key, password))];
      const own = { candidate: 'Minato2026', again: 'Minato2026' };
      const attempt = await attemptOf(theirs);
      const before = await row(key);
      await chooseOperatorPassword(scene.tools, scene.act(), await attemptOf(mine), before, own);
      expect(await look(theirs)).to.deep.equal({ is: 'nobody' });
      expect(await chooseOperatorPassword(scene.tools, scene.act(), attempt, before, own)).to.deep.equal({
        verdict: 'advanced',
        value: null,
      });
    });

    it('goes on once of two requests with one attempt', async () => {
      const { key, password } = await add();
      const value = valueOf(await type(key, password));
      const [attempt, before] = [await attemptOf(value), await row(key)];
      const own = { candidate: 'Minato2026', again: 'Minato2026' };
      const answers = await atOnce(6, () => chooseOperatorPassword(scene.tools, scene.act(), attempt, before, own));
      expect(answers.filter((one) => one.verdict === 'advanced' && one.value !== null)).to.have.length(1);
      expect((await row(key)).securityEpoch).to.equal(2);
    });

    it('gives a login ID to one operator, without regard to case', async () => {
      const { key } = await add();
      const asked = { loginName: key.toUpperCase(), name: '別人', role: 'clerk' } as const;
      expect(await addOperator(scene.tools, scene.act(), supervisor, asked)).to.equal(null);
      const both = await atOnce(2, () =>
        addOperator(scene.tools, scene.act(), supervisor, { ...asked, loginName: `${key}x` }),
      );
      expect(both.filter((one) => one !== null)).to.have.length(1);
      expect(await stopOperator(scene.tools, scene.act(), supervisor, 'nobody')).to.equal(null);
    });

    it('seals an authenticator’s secret for its own token, with the keys that rotate', async () => {
      const one = await ready();
      const { tokenId } = await row(one.key);
      const token = await scene.tools.store.transaction((tables) => tables.token.lock(tokenId ?? ''));
      expect(token).to.include({ kind: 'software', companyId: null, serial: null, lastStepBy: null });
      expect(token?.secret).not.to.include(one.secret);
      expect(() => scene.secrets.openTokenSecret(token?.secret ?? '', 'another')).to.throw();
      await rotateSealing(scene.tools, scene.act(), { actor: supervisor, progress: () => {} });
      expect(await look(await enter(one))).to.include({ is: 'signed-in' });
    });
  });
}
