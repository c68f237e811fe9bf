// Who is to have a token, as a condition of SQL on the accounts of a company (rules/otp-rights.ts says who).
import { type RawBuilder, sql } from 'kysely';
import type { Role } from './schema.ts';

/** By role, or by a portal that was granted; null: everybody. */
export type Needing = { readonly roles: readonly Role[]; readonly portals: readonly string[] } | null;

export function needsToken(needing: Needing): RawBuilder<boolean> {
  if (needing === null) return sql<boolean>`true`;
  const { roles, portals } = needing;
  return sql<boolean>`(account.role = any(${roles}::text[]) or exists (select 1 from portal_permission granted
    where granted.account_id = account.id and granted.client_id = any(${portals}::text[])))`;
}
