// Whose rights need one-time passwords where only operations ask them (`otp.at: operations`; spec §3, guide S4): they are offered
// the registration when they sign in; nobody else has to have a token. Pure.
import { acts, allows, type Role } from './permission.ts';
import type { Policy } from './policy.ts';

/**
 * Whether a person may do to others what asks a code, or was granted a portal that demands one. Portals that are open to
 * everybody are granted to nobody: whoever enters one is asked there (row 14, a portal's demand).
 * @param demanding client ids of the portals that demand a one-time password
 */
export function rightsNeedOtp(
  { role, portals }: { readonly role: Role; readonly portals: readonly string[] },
  demanding: ReadonlySet<string>,
  policy: Pick<Policy, 'otpOperations' | 'permissions'>,
): boolean {
  const actor = { kind: 'account', id: 'own', companyId: 'own', role, viewsRecords: false } as const;
  const target = { companyId: 'own', accountId: 'colleague', role: 'member' } as const;
  return (
    acts.some((act) => policy.otpOperations.includes(act) && allows(actor, act, target, policy)) ||
    portals.some((clientId) => demanding.has(clientId))
  );
}
