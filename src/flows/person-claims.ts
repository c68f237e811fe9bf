// What portals may learn of a person (spec §9). The Business Direct ID is never among it.
import type { PersonClaims } from '../rules/portal.ts';
import { japanIso } from '../rules/japan-time.ts';
import type { Told } from '../store/account.ts';
import type { Tools } from './tools.ts';

/** The claims of an account; null when it is unknown. */
export async function personClaims(tools: Tools, accountId: string): Promise<PersonClaims | null> {
  const told = await tools.store.account.told(accountId);
  return told && claimsOf(told);
}

/** Whether a login still stands, with the claims of its person, who is asked for next. */
export async function standingPerson(
  tools: Tools,
  loginId: string,
  now: number,
): Promise<{ readonly accountId: string; readonly person: PersonClaims } | null> {
  const standing = await tools.store.login.standing(loginId, now);
  return standing && { accountId: standing.accountId, person: claimsOf(standing.told) };
}

function claimsOf(told: Told): PersonClaims {
  const { loginName, name, email, emailProvenAt, role, contractNumber, companyName, linkedSince, bankAccounts } = told;
  return {
    preferred_username: loginName,
    name,
    email,
    emailProven: emailProvenAt !== null,
    company: { contract_number: contractNumber, name: companyName },
    role,
    link: { linked: linkedSince !== null, since: linkedSince === null ? null : japanIso(linkedSince) },
    accounts: bankAccounts.map(({ branchCode, branchName, kind, number: accountNumber }) => ({
      branch_code: branchCode,
      branch_name: branchName,
      kind,
      number: accountNumber,
    })),
  };
}
