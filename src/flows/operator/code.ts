// Judging the code of an operator's authenticator, under the locks of the operator's and the token's rows: one step once ever,
// the fifth wrong one stops (spec §5, §8). What is kept commits with its audit record.
import { isSetBack, stepsBehind } from '../../rules/clock.ts';
import { judgeOtp, otpWindow, type OtpVerdict } from '../../rules/otp-token.ts';
import type { OperatorRow } from '../../store/operator.ts';
import type { Tables } from '../../store/store.ts';
import type { TokenRow } from '../../store/token.ts';
import { raiseClockAlarm } from '../clock-alarm.ts';
import { matching, nowStep } from '../otp.ts';
import type { FormError, ScreenWord } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import { auditActor, recordOperator } from './actor.ts';

export type OperatorCode = OtpVerdict | { readonly verdict: 'gone' };

/** A miss as its page tells it; null: there is no page left to tell it on. */
export function missed(
  judged: Exclude<OperatorCode, { readonly verdict: 'accepted' }>,
): { readonly word: ScreenWord; readonly errors: readonly FormError[] } | null {
  if (judged.verdict === 'used') return { word: 'otp-used', errors: [{ field: 'otp', key: 'otp.used' }] };
  if (judged.verdict !== 'wrong') return null;
  return { word: 'otp-wrong', errors: [{ field: 'otp', key: 'otp.wrong', values: { n: judged.remaining } }] };
}

/**
 * Judges a well-formed code of the operator's token; `operator` was locked by the caller in this very transaction.
 * @param of what the code is for, for the record of a miss
 */
export async function judgeOperatorCode(
  tools: Tools,
  tables: Tables,
  act: Act,
  operator: OperatorRow,
  code: string,
  of: string,
): Promise<OperatorCode> {
  const token = operator.tokenId === null ? null : await tables.token.lock(operator.tokenId);
  if (!token || token.retiredAt !== null || operator.otpStoppedAt !== null) return { verdict: 'gone' };
  const steps = stepsBehind(token, nowStep(act, token));
  if (steps > 0) {
    if (isSetBack(steps)) {
      const behind = steps * token.period * 1000;
      await tools.after(() => raiseClockAlarm(tools, act, { token: token.id, steps, behind }));
    }
    await recordMiss(tables, act, operator, { for: of, used: true, clock: 'behind' });
    return { verdict: 'used', by: 'self', misses: operator.otpMisses };
  }
  const judged = judgeStep(tools, operator, token, code, nowStep(act, token));
  if (judged.verdict === 'accepted') {
    await tables.operator.patch(operator.id, { otpMisses: 0 });
    await tables.token.accepted(token.id, judged.step, null, 0);
  } else await keepMiss(tools, tables, act, operator, judged, of);
  return judged;
}

/** What a code is judged by. */
export type CodeToken = Pick<TokenRow, 'id' | 'secret' | 'algorithm' | 'digits' | 'period' | 'lastStep'>;

/** Judges a code of a token that may not have a row yet. */
export function judgeStep(
  tools: Tools,
  operator: OperatorRow,
  token: CodeToken,
  code: string,
  now: number,
): OtpVerdict {
  return judgeOtp({
    candidateStep: matching(tools, token, code, otpWindow('software', 0, now)),
    lastStep: token.lastStep,
    misses: operator.otpMisses,
    tries: tools.policy.otp.tries,
    colleague: false,
  });
}

/** Counts a wrong code; the fifth stops the operator's one-time password and voids whatever was proven before. */
export async function keepMiss(
  tools: Tools,
  tables: Tables,
  act: Act,
  operator: OperatorRow,
  judged: Exclude<OtpVerdict, { readonly verdict: 'accepted' }>,
  of: string,
): Promise<void> {
  if (judged.verdict === 'used') return recordMiss(tables, act, operator, { for: of, used: true });
  const { misses } = judged;
  if (judged.verdict === 'wrong') {
    await tables.operator.patch(operator.id, { otpMisses: misses });
    return recordMiss(tables, act, operator, { for: of, misses });
  }
  await tables.operator.patch(operator.id, {
    otpMisses: misses,
    otpStoppedAt: act.now,
    securityEpoch: operator.securityEpoch + 1,
  });
  await tools.after(async () => tools.notice('operator.otp-stopped', { reference: act.reference }));
  return recordOperator(tables, act, 'operator.otp-stopped', auditActor(operator), { for: of, misses });
}

async function recordMiss(tables: Tables, act: Act, operator: OperatorRow, data: object): Promise<void> {
  await recordOperator(tables, act, 'operator.otp-missed', auditActor(operator), { ...data });
}
