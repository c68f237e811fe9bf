// Where an operator stands: the session or the attempt that the browser's cookie names, judged by the row of today. Read anew for
// every request, so that reload, back and a second tab show the true present step.
import { operatorSessionHolds, operatorStep, type OperatorStep } from '../../rules/operator.ts';
import type { OperatorRow } from '../../store/operator.ts';
import type { KeptOperatorSession, OperatorAttempt } from '../../store/operator-session.ts';
import type { Act, Tools } from '../tools.ts';

/** What a browser brings: the operator cookie's value, and the hash of its browser cookie. */
export interface Bringing {
  readonly value: string | null;
  readonly browser: string | null;
}

/** `id`: the hash of the cookie's value. */
export type OpenAttempt = OperatorAttempt & { readonly id: string };
export type OpenSession = KeptOperatorSession & { readonly id: string };

export type Standing =
  | { readonly is: 'signed-in'; readonly operator: OperatorRow; readonly session: OpenSession }
  | {
      readonly is: 'signing-in';
      readonly operator: OperatorRow;
      readonly attempt: OpenAttempt;
      readonly step: Exclude<OperatorStep, 'password' | 'finish'>;
    }
  /** A session was left alone too long: when it ended. */
  | { readonly is: 'idle'; readonly at: number }
  | { readonly is: 'nobody' };

const nobody = { is: 'nobody' } as const;

export async function lookAtOperator(tools: Tools, act: Act, { value, browser }: Bringing): Promise<Standing> {
  if (value === null || browser === null) return nobody;
  const id = tools.secrets.digest(value);
  const session = await tools.operatorSessions.session(id);
  if (session) return session.browser === browser ? ofSession(tools, act, { ...session, id }) : nobody;
  const attempt = await tools.operatorSessions.attempt(id);
  if (!attempt || attempt.browser !== browser || act.now >= attempt.expiresAt) return nobody;
  const operator = await tools.store.operator.find(attempt.operatorId);
  const step = operator ? stepOf(attempt, operator) : 'password';
  // Whoever has proven everything has a session instead.
  if (!operator || step === 'password' || step === 'finish') return nobody;
  return { is: 'signing-in', operator, attempt: { ...attempt, id }, step };
}

/** The next page of an attempt, by the row as it is now. */
export function stepOf(attempt: OperatorAttempt, operator: OperatorRow): OperatorStep {
  return operatorStep({
    passwordProven: true,
    standing: attempt.epoch === operator.securityEpoch,
    stopped: operator.stoppedAt !== null,
    otpStopped: operator.otpStoppedAt !== null,
    issued: operator.issued,
    hasToken: operator.tokenId !== null,
    otpProven: attempt.otpAt !== null,
  });
}

async function ofSession(tools: Tools, act: Act, session: OpenSession): Promise<Standing> {
  const { policy, operatorSessions, store } = tools;
  const operator = await store.operator.find(session.operatorId);
  if (operator && operatorSessionHolds(session, operator, policy.session, act.now)) {
    await operatorSessions.touch(session.id, act.now);
    return { is: 'signed-in', operator, session };
  }
  await operatorSessions.endSession(session.id);
  const at = session.usedAt + policy.session.consoleIdle;
  const idle = operator && session.epoch === operator.securityEpoch && operator.stoppedAt === null && act.now >= at;
  return idle ? { is: 'idle', at } : nobody;
}
