// Who may do what to whom, and what they must prove for it (spec §5, §8), as data. The row's relation is computed from the
// target that was read from the store, never from what a form says; nothing reaches across companies.
import type { Policy } from './policy.ts';

export type Role = 'master' | 'admin' | 'member';

export type Actor =
  | { readonly kind: 'account'; readonly id: string; readonly companyId: string; readonly role: Role }
  /** Bank staff: a noun of its own, never an account. */
  | { readonly kind: 'operator'; readonly role: 'clerk' | 'supervisor' | 'auditor' }
  /** The bank's command line, with the rights of whoever may run it. */
  | { readonly kind: 'command-line' };

/** `accountId` null: the company as a whole. */
export interface Target {
  readonly companyId: string;
  readonly accountId: string | null;
}

export type Act = 'list-people' | 'view-person' | 'unlink' | 'forget-device';

type Who = 'self' | `colleague-${Role}` | 'clerk' | 'supervisor' | 'auditor' | 'command-line';

// `self` is what everybody may do to oneself; `colleague-…` to the others of the company, and to the company as a whole.
// oxfmt-ignore
const table: Readonly<Record<Act, readonly Who[]>> = {
  'list-people':   [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor', 'auditor', 'command-line'],
  'view-person':   ['self', 'colleague-master', 'colleague-admin', 'clerk', 'supervisor', 'auditor', 'command-line'],
  'unlink':        ['self', 'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'forget-device': ['self', 'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
};

/**
 * Null: allowed. `not-found` for everything of another company, so that it looks like what doesn't exist (screens.md 4.8,
 * group E); `not-allowed` for one's own role.
 */
export function judgePermission(actor: Actor, act: Act, target: Target): 'not-found' | 'not-allowed' | null {
  if (actor.kind === 'account' && actor.companyId !== target.companyId) return 'not-found';
  return table[act].includes(relation(actor, target)) ? null : 'not-allowed';
}

export function allows(actor: Actor, act: Act, target: Target): boolean {
  return judgePermission(actor, act, target) === null;
}

export type Proof =
  | 'none'
  | 'confirmation'
  | 'confirmation+otp'
  /** Operators have no confirmation password: every change asks a fresh OTP. */
  | 'otp'
  /** Past the grace without a token: the act waits for its registration (screens.md TKN003). */
  | 'token-needed';

/** How the actor stands with one-time passwords now. */
export type OtpStanding = 'usable' | 'not-applied' | 'grace' | 'none';

// Reading asks nothing; ending one's own device only adds safety (spec §8).
const reading: readonly Act[] = ['list-people', 'view-person'];

/**
 * What an allowed act asks on its check page. Acts of `otpOperations` ask the confirmation password and an OTP; a company
 * without OTP and the grace ask the confirmation password alone, and the record says so (spec §5).
 */
export function proofFor(
  actor: Actor,
  act: Act,
  target: Target,
  otp: OtpStanding,
  policy: Pick<Policy, 'otpOperations'>,
): Proof {
  if (reading.includes(act) || actor.kind === 'command-line') return 'none';
  if (actor.kind === 'operator') return 'otp';
  if (act === 'forget-device' && relation(actor, target) === 'self') return 'none';
  if (!policy.otpOperations.includes(act)) return 'confirmation';
  if (otp === 'usable') return 'confirmation+otp';
  return otp === 'none' ? 'token-needed' : 'confirmation';
}

function relation(actor: Actor, target: Target): Who {
  if (actor.kind === 'command-line') return 'command-line';
  if (actor.kind === 'operator') return actor.role;
  return actor.id === target.accountId ? 'self' : `colleague-${actor.role}`;
}
