// The proof for a change at the desk: operators have no confirmation password, every change asks a fresh code (spec §8).
import { readOtp } from '../../rules/otp-token.ts';
import type { Act as ActName } from '../../rules/permission.ts';
import type { OperatorRow } from '../../store/operator.ts';
import type { ProvenAct } from '../prove-act.ts';
import type { Act, Tools } from '../tools.ts';
import { auditActor, recordOperator } from './actor.ts';
import { judgeOperatorCode, missed } from './code.ts';

export { auditActor, operatorActor } from './actor.ts';

/**
 * Judges the code that was typed on a check page. Its form first, never counted; a code that was used already, for signing in
 * too, is not taken. The fifth wrong one stops the operator's one-time password and ends the session: `look-again`.
 * @param asked.about facts for the record: what the act is for
 */
export async function proveOperator(
  tools: Tools,
  act: Act,
  operator: OperatorRow,
  asked: { readonly act: ActName; readonly about: Readonly<Record<string, unknown>> },
  typedOtp: string,
): Promise<ProvenAct> {
  const read = readOtp(typedOtp, tools.policy.otp.digits, tools.policy.emailCode.digits);
  if (!read.ok) return { verdict: 'refused', word: 'form', errors: [{ field: 'otp', key: read.error }] };
  return tools.store.transaction(async (tables): Promise<ProvenAct> => {
    const now = await tables.operator.lock(operator.id);
    // Stopped, or proven against what is no more, since this request began.
    if (!now || now.stoppedAt !== null || now.securityEpoch !== operator.securityEpoch)
      return { verdict: 'look-again' };
    const judged = await judgeOperatorCode(tools, tables, act, now, read.code, asked.act);
    if (judged.verdict !== 'accepted') {
      const told = missed(judged);
      return told ? { verdict: 'refused', ...told } : { verdict: 'look-again' };
    }
    await recordOperator(tables, act, 'operator.proven', auditActor(now), {
      ...asked.about,
      for: asked.act,
      proof: 'otp',
      step: judged.step,
    });
    return { verdict: 'proven' };
  });
}
