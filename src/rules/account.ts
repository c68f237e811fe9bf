// What is the matter with an account, in the words that outside tools may rely on (`data-state`, spec §12). Each state is its
// own: several may stand together.
import { lockState } from './lock.ts';
import type { CredentialFacts } from './person-facts.ts';
import type { Facts } from './sign-in.ts';
import type { Instant } from './sign-in-record.ts';

/** In the order in which they are told. */
export const accountStates = [
  'available',
  'new',
  'must-change',
  'expired',
  'password-locked',
  'password-stopped',
  'confirmation-locked',
  'confirmation-stopped',
  'otp-stopped',
  'account-stopped',
] as const;

export type AccountState = (typeof accountStates)[number];

export interface StateFacts {
  readonly account: {
    readonly setUpAt: Instant | null;
    readonly stoppedAt: Instant | null;
    readonly otpStoppedAt: Instant | null;
  };
  readonly login: CredentialFacts;
  readonly confirmation: CredentialFacts | null;
}

/** Every state that holds now; `available` alone when none does. A locked password that is also stopped is stopped. */
export function statesOf({ account, login, confirmation }: StateFacts, now: Instant): readonly AccountState[] {
  const either = (test: (password: CredentialFacts) => boolean): boolean =>
    test(login) || (confirmation !== null && test(confirmation));
  const holds: Readonly<Record<Exclude<AccountState, 'available'>, boolean>> = {
    'new': account.setUpAt === null,
    'must-change': either((password) => password.forced),
    'expired': either(
      (password) => passed(password.expiresAt, now) || (password.issued && passed(password.issuedUntil, now)),
    ),
    'password-locked': lockState(login, now) === 'locked',
    'password-stopped': lockState(login, now) === 'stopped',
    'confirmation-locked': confirmation !== null && lockState(confirmation, now) === 'locked',
    'confirmation-stopped': confirmation !== null && lockState(confirmation, now) === 'stopped',
    'otp-stopped': account.otpStoppedAt !== null,
    'account-stopped': account.stoppedAt !== null,
  };
  const states = accountStates.filter((state) => state !== 'available' && holds[state]);
  return states.length === 0 ? ['available'] : states;
}

/** Row 7 of the sign-in table; what holds for the whole company is told first. */
export function usability(stoppedAt: Instant | null, suspendedAt: Instant | null): Facts['account'] {
  if (suspendedAt !== null) return 'company-suspended';
  return stoppedAt !== null ? 'account-stopped' : 'usable';
}

function passed(at: Instant | null, now: Instant): boolean {
  return at !== null && now >= at;
}
