// From one step of an operator's sign-in to the next: every proof gives the browser a new value, so that none that somebody knew
// before is worth more than it was (fixation). The last proof makes the session.
import type { OperatorRow } from '../../store/operator.ts';
import type { OperatorAttempt } from '../../store/operator-session.ts';
import type { Tables } from '../../store/store.ts';
import type { FormError, ScreenWord } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import { auditActor, recordOperator } from './actor.ts';
import { missed } from './code.ts';
import { stepOf, type OpenAttempt } from './look.ts';

export type OperatorAnswer =
  /** `value`: what the cookie is to hold from now on; null: as it is. */
  | { readonly verdict: 'advanced'; readonly value: string | null }
  | { readonly verdict: 'refused'; readonly word: ScreenWord; readonly errors: readonly FormError[] }
  /** The code that missed was the last one that counted: the one-time password is stopped. */
  | { readonly verdict: 'stopped' }
  | { readonly verdict: 'too-many'; readonly until: number };

/** Another page is due, or another request was faster: the present step is looked up. */
export const lookAgain: OperatorAnswer = { verdict: 'advanced', value: null };

export function refusedOperator(word: ScreenWord, ...errors: readonly FormError[]): OperatorAnswer {
  return { verdict: 'refused', word, errors };
}

/** What a code that was not accepted leads to. */
export function afterMiss(judged: Parameters<typeof missed>[0]): OperatorAnswer {
  if (judged.verdict === 'stop') return { verdict: 'stopped' };
  const told = missed(judged);
  return told ? { verdict: 'refused', ...told } : lookAgain;
}

/**
 * In the transaction of a proof, last: where nothing is left to be proven, the operator is signed in, and the browser is known.
 * @param operator the row as the proof leaves it
 */
export async function noteSignIn(
  tables: Tables,
  act: Act,
  attempt: OperatorAttempt,
  operator: OperatorRow,
): Promise<void> {
  if (stepOf(attempt, operator) !== 'finish') return;
  await tables.operator.patch(operator.id, { lastSignInAt: act.now });
  const { lasting = null } = act;
  if (lasting !== null) await tables.operatorBrowser.remember(operator.id, lasting, act.now);
  await recordOperator(tables, act, 'operator.signed-in', auditActor(operator), { role: operator.role });
}

/** After the proof's transaction: a session, or the attempt under a new value. Of two requests with one attempt, one goes on. */
export async function goOn(
  tools: Tools,
  act: Act,
  { id, ...attempt }: OpenAttempt,
  operator: OperatorRow,
): Promise<OperatorAnswer> {
  const { operatorSessions, secrets, policy } = tools;
  if (!(await operatorSessions.endAttempt(id))) return lookAgain;
  const value = secrets.value();
  const fresh = secrets.digest(value);
  if (stepOf(attempt, operator) !== 'finish') await operatorSessions.keepAttempt(fresh, attempt);
  else
    await operatorSessions.keepSession(fresh, {
      operatorId: operator.id,
      epoch: attempt.epoch,
      browser: attempt.browser,
      startedAt: act.now,
      usedAt: act.now,
      expiresAt: act.now + policy.session.absolute,
    });
  return { verdict: 'advanced', value };
}
