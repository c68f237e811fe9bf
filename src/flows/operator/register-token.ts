// The operator's own authenticator, at the first sign-in: shown once, and in force with its first right code. Until then it is a
// part of the attempt, sealed for the id of the token that it will be.
import type { OperatorRow } from '../../store/operator.ts';
import { readOtp } from '../../rules/otp-token.ts';
import { nowStep } from '../otp.ts';
import type { Act, Tools } from '../tools.ts';
import { auditActor, recordOperator } from './actor.ts';
import { afterMiss, goOn, lookAgain, noteSignIn, refusedOperator, type OperatorAnswer } from './advance.ts';
import { judgeStep, keepMiss } from './code.ts';
import type { OpenAttempt } from './look.ts';

/** The key in Base32, the first time that it is asked for; null afterwards. Makes it when there is none. */
export async function takeOperatorSecret(tools: Tools, attempt: OpenAttempt): Promise<string | null> {
  const tokenId = tools.secrets.id();
  const fresh = { tokenId, secret: tools.secrets.newTokenSecret(tokenId), shown: true };
  const taken: { secret: { readonly tokenId: string; readonly secret: string } | null } = { secret: null };
  await tools.operatorSessions.changeAttempt(attempt.id, (now) => {
    taken.secret = now.pending?.shown === true ? null : (now.pending ?? fresh);
    return taken.secret && { ...now, pending: { ...taken.secret, shown: true } };
  });
  return taken.secret && tools.secrets.base32(tools.secrets.openTokenSecret(taken.secret.secret, taken.secret.tokenId));
}

/** Another key in place of one that was shown and got lost; it is shown by the next look at the page. */
export async function restartOperatorToken(tools: Tools, attempt: OpenAttempt): Promise<void> {
  await tools.operatorSessions.changeAttempt(attempt.id, (now) =>
    now.pending?.shown === true ? { ...now, pending: null } : null,
  );
}

/** The first right code puts the authenticator into force and counts as this sign-in's code. */
export async function registerOperatorToken(
  tools: Tools,
  act: Act,
  attempt: OpenAttempt,
  typed: string,
): Promise<OperatorAnswer> {
  const read = readOtp(typed, tools.policy.otp.digits, tools.policy.emailCode.digits);
  if (!read.ok) return refusedOperator('form', { field: 'otp', key: read.error });
  const { pending } = attempt;
  if (pending === null) return lookAgain;
  const judged = await tools.store.transaction(async (tables) => {
    const operator = await tables.operator.lock(attempt.operatorId);
    if (!operator || !mayRegister(operator, attempt)) return { verdict: 'gone' } as const;
    const token = tokenOf(tools, pending);
    const verdict = judgeStep(tools, operator, token, read.code, nowStep(act, token));
    if (verdict.verdict !== 'accepted') {
      await keepMiss(tools, tables, act, operator, verdict, 'register');
      return verdict;
    }
    const keep = { tokenId: token.id, otpMisses: 0, securityEpoch: operator.securityEpoch + 1 };
    await tables.token.add({ ...token, lastStep: verdict.step });
    await tables.operator.patch(operator.id, keep);
    const after = { ...operator, ...keep };
    const proven: OpenAttempt = { ...attempt, epoch: keep.securityEpoch, otpAt: act.now, pending: null };
    await recordOperator(tables, act, 'operator.token-registered', auditActor(operator), { token: token.id });
    await noteSignIn(tables, act, proven, after);
    return { verdict: 'accepted', proven, after } as const;
  });
  if (judged.verdict === 'accepted') return goOn(tools, act, judged.proven, judged.after);
  return afterMiss(judged);
}

const mayRegister = (operator: OperatorRow, attempt: OpenAttempt): boolean =>
  operator.stoppedAt === null &&
  operator.otpStoppedAt === null &&
  operator.tokenId === null &&
  !operator.issued &&
  operator.securityEpoch === attempt.epoch;

/** What the first right code writes: a token of no stock and no company. */
function tokenOf({ policy }: Tools, pending: { readonly tokenId: string; readonly secret: string }) {
  return {
    id: pending.tokenId,
    kind: 'software',
    companyId: null,
    serial: null,
    secret: pending.secret,
    algorithm: 'SHA1',
    digits: policy.otp.digits,
    period: policy.otp.period / 1000,
    lastStep: null,
    lastStepBy: null,
    expiresAt: null,
    retiredAt: null,
  } as const;
}
