// HDK003 and HDK004: login ID and password, with one answer for every cause of a miss (spec §2, §8), then always a code. What
// can't be right by its form is told at its field and never counted.
import { readLoginId } from '../../rules/login-id.ts';
import { readOtp } from '../../rules/otp-token.ts';
import { judgeTypedPassword } from '../../rules/password.ts';
import type { FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import { auditActor, recordOperator } from './actor.ts';
import { afterMiss, goOn, noteSignIn, refusedOperator, type OperatorAnswer } from './advance.ts';
import { judgeOperatorCode } from './code.ts';
import { guessOperator } from './guess.ts';
import type { OpenAttempt } from './look.ts';

/** @param from the hash of the browser's cookie, and the page that was asked for */
export async function proveOperatorPassword(
  tools: Tools,
  act: Act,
  from: { readonly browser: string; readonly back: string },
  form: { readonly loginId: string; readonly password: string },
): Promise<OperatorAnswer> {
  const loginId = readLoginId(form.loginId);
  const passwordError = judgeTypedPassword(form.password);
  const errors: FormError[] = [];
  if (!loginId.ok) errors.push({ field: 'login_id', key: loginId.error });
  if (passwordError) errors.push({ field: 'password', key: passwordError });
  if (!loginId.ok || errors.length > 0) return refusedOperator('form', ...errors);

  const blocked = await tools.sources.blockedUntil(act.source, act.now);
  if (blocked !== null) return { verdict: 'too-many', until: blocked };
  const guessed = await guessOperator(tools, act, loginId.key, form.password);
  if (guessed.verdict === 'wrong') {
    const { operatorId, compared } = guessed;
    await tools.sources.failed(act.source, `operator ${loginId.key}`, tools.policy.source, act.now);
    await tools.store.transaction((tables) =>
      recordOperator(
        tables,
        act,
        'operator.password-missed',
        { kind: 'stranger', id: null },
        { operator: operatorId, compared },
      ),
    );
    return refusedOperator('credentials', { field: null, key: 'operator.mismatch' });
  }
  const { operator } = guessed;
  const value = tools.secrets.value();
  await tools.operatorSessions.keepAttempt(tools.secrets.digest(value), {
    operatorId: operator.id,
    epoch: operator.securityEpoch,
    otpAt: null,
    pending: null,
    browser: from.browser,
    back: from.back,
    expiresAt: act.now + tools.policy.attempt.lifetime,
  });
  return { verdict: 'advanced', value };
}

/** The code of the operator's authenticator. */
export async function proveOperatorOtp(
  tools: Tools,
  act: Act,
  attempt: OpenAttempt,
  typed: string,
): Promise<OperatorAnswer> {
  const read = readOtp(typed, tools.policy.otp.digits, tools.policy.emailCode.digits);
  if (!read.ok) return refusedOperator('form', { field: 'otp', key: read.error });
  const judged = await tools.store.transaction(async (tables) => {
    const operator = await tables.operator.lock(attempt.operatorId);
    if (!operator || operator.stoppedAt !== null || operator.securityEpoch !== attempt.epoch)
      return { verdict: 'gone' } as const;
    const verdict = await judgeOperatorCode(tools, tables, act, operator, read.code, 'sign-in');
    if (verdict.verdict !== 'accepted') return verdict;
    const proven: OpenAttempt = { ...attempt, otpAt: act.now };
    await noteSignIn(tables, act, proven, operator);
    return { verdict: 'accepted', proven, operator } as const;
  });
  if (judged.verdict === 'accepted') return goOn(tools, act, judged.proven, judged.operator);
  return afterMiss(judged);
}

/** 「中止する」: what was proven counts for nothing. */
export async function leaveOperatorSignIn(tools: Tools, attempt: OpenAttempt): Promise<void> {
  await tools.operatorSessions.endAttempt(attempt.id);
}

/** Whatever the browser's cookie named before a right password is over: one browser, one operator. */
export async function endOperatorAccess(tools: Tools, value: string | null): Promise<void> {
  if (value === null) return;
  const id = tools.secrets.digest(value);
  await tools.operatorSessions.endAttempt(id);
  await tools.operatorSessions.endSession(id);
}

/** Ends the session; false when it had ended already. */
export async function signOutOperator(
  tools: Tools,
  act: Act,
  { id, operatorId }: { readonly id: string; readonly operatorId: string },
): Promise<boolean> {
  const ended = await tools.operatorSessions.endSession(id);
  if (ended)
    await tools.store.transaction((tables) =>
      recordOperator(tables, act, 'operator.signed-out', auditActor({ id: operatorId }), {}),
    );
  return ended;
}
