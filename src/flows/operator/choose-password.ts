// The operator's own password in place of the issued one, at the first sign-in: rules as for everybody (spec §2). It voids
// whatever was proven by the issued one; the attempt that chose it goes on.
import { judgeKept, keepHistory } from '../../rules/password.ts';
import type { OperatorRow } from '../../store/operator.ts';
import { isTypedBefore, judgeForm } from '../new-password.ts';
import type { Act, Tools } from '../tools.ts';
import { auditActor, recordOperator } from './actor.ts';
import { goOn, lookAgain, noteSignIn, refusedOperator, type OperatorAnswer } from './advance.ts';
import type { OpenAttempt } from './look.ts';

export async function chooseOperatorPassword(
  tools: Tools,
  act: Act,
  attempt: OpenAttempt,
  before: OperatorRow,
  typed: { readonly candidate: string; readonly again: string },
): Promise<OperatorAnswer> {
  const form = { kind: 'login', ...typed, loginName: before.loginName, other: null } as const;
  const mistakes = judgeForm(tools, form);
  if (mistakes.length > 0) return refusedOperator('form', ...mistakes);
  const issued = await isTypedBefore(tools, before.hash, typed.candidate);
  let recent = false;
  for (const hash of before.history) if (await isTypedBefore(tools, hash, typed.candidate)) recent = true;
  const kept = judgeKept({ other: false, issued, recent });
  if (kept) return refusedOperator('form', { field: 'new_password', key: kept });

  const hash = await tools.secrets.hasher.hash(typed.candidate);
  const chosen = await tools.store.transaction(async (tables) => {
    const operator = await tables.operator.lock(before.id);
    if (!operator?.issued || operator.stoppedAt !== null || operator.securityEpoch !== attempt.epoch) return null;
    const keep = {
      hash,
      passwordSetAt: act.now,
      issued: false,
      issuedUntil: null,
      securityEpoch: operator.securityEpoch + 1,
    };
    await tables.operator.patch(operator.id, keep);
    const after = { ...operator, ...keep };
    const proven: OpenAttempt = { ...attempt, epoch: keep.securityEpoch };
    await recordOperator(tables, act, 'operator.password-chosen', auditActor(operator), {});
    await noteSignIn(tables, act, proven, after);
    return { proven, after };
  });
  return chosen ? goOn(tools, act, chosen.proven, chosen.after) : lookAgain;
}

/** What an issued password in place of the present one leaves to be remembered: an issued one was never the operator's own. */
export function historyAfterIssue(tools: Pick<Tools, 'policy'>, operator: OperatorRow): readonly string[] {
  return operator.issued ? operator.history : keepHistory(operator.hash, operator.history, tools.policy.password);
}
