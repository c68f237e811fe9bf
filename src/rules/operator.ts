// The bank's own staff: roles, and what they must have done before they are signed in (spec §8). Pure.
import type { Instant } from './sign-in-record.ts';

export type OperatorRole = 'clerk' | 'supervisor' | 'auditor';

export const operatorRoles: readonly OperatorRole[] = ['clerk', 'supervisor', 'auditor'];

/** What is known of an operator who tries to sign in; derived from the row and the attempt, never stored. */
export interface OperatorFacts {
  readonly passwordProven: boolean;
  /** The row, and whatever it was proven against, is what it was. */
  readonly standing: boolean;
  readonly stopped: boolean;
  readonly otpStopped: boolean;
  /** The password was made by others: the operator has not chosen one yet. */
  readonly issued: boolean;
  readonly hasToken: boolean;
  readonly otpProven: boolean;
}

export type OperatorStep = 'password' | 'refused' | 'new-password' | 'token' | 'otp' | 'finish';

/** The next page of an operator's sign-in: always in this order, and never without a code (spec §8: OTP always). */
export function operatorStep(facts: OperatorFacts): OperatorStep {
  if (!facts.passwordProven || !facts.standing) return 'password';
  if (facts.stopped || facts.otpStopped) return 'refused';
  if (facts.hasToken && !facts.otpProven) return 'otp';
  if (facts.issued) return 'new-password';
  if (!facts.hasToken) return 'token';
  return 'finish';
}

/** A session of an operator, as Redis keeps it. */
export interface OperatorSession {
  readonly operatorId: string;
  readonly epoch: number;
  readonly startedAt: Instant;
  readonly usedAt: Instant;
}

/** Whether a session still holds: left alone too long, too old, or no longer what it was proven against (spec §3, §8). */
export function operatorSessionHolds(
  session: OperatorSession,
  operator: { readonly securityEpoch: number; readonly stoppedAt: Instant | null },
  lifetimes: { readonly consoleIdle: number; readonly absolute: number },
  now: Instant,
): boolean {
  return (
    session.epoch === operator.securityEpoch &&
    operator.stoppedAt === null &&
    now - session.usedAt < lifetimes.consoleIdle &&
    now - session.startedAt < lifetimes.absolute
  );
}
