// The states of people (spec §12) as SQL conditions, for lists that are searched by state. They say what rules/account.ts
// says; the contract test of the store compares the two.
import { type RawBuilder, sql } from 'kysely';
import type { AccountState } from '../rules/account.ts';
import type { Instant } from '../rules/sign-in-record.ts';

/** Locks and stops, of whatever kind. */
export const stoppedStates = [
  'password-locked',
  'password-stopped',
  'confirmation-locked',
  'confirmation-stopped',
  'otp-stopped',
  'account-stopped',
] as const;

/** On the rows of account, login_password and confirmation, joined under these names. */
export function stateConditions(now: Instant): Readonly<Record<AccountState, RawBuilder<boolean>>> {
  const waiting = {
    'new': sql<boolean>`account.set_up_at is null`,
    'must-change': sql<boolean>`(login_password.forced or coalesce(confirmation.forced, false))`,
    'expired': sql<boolean>`(coalesce(login_password.expires_at <= ${now}, false) or coalesce(confirmation.expires_at <= ${now}, false)
      or (login_password.issued and coalesce(login_password.issued_until <= ${now}, false))
      or (coalesce(confirmation.issued, false) and coalesce(confirmation.issued_until <= ${now}, false)))`,
    'password-locked': sql<boolean>`(coalesce(login_password.locked_until > ${now}, false) and login_password.stopped_at is null)`,
    'password-stopped': sql<boolean>`login_password.stopped_at is not null`,
    'confirmation-locked': sql<boolean>`(coalesce(confirmation.locked_until > ${now}, false) and confirmation.stopped_at is null)`,
    'confirmation-stopped': sql<boolean>`confirmation.stopped_at is not null`,
    'otp-stopped': sql<boolean>`account.otp_stopped_at is not null`,
    'account-stopped': sql<boolean>`account.stopped_at is not null`,
  };
  return { ...waiting, available: sql<boolean>`not (${sql.join(Object.values(waiting), sql` or `)})` };
}
