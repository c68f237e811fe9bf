// What portals may learn of a person (spec §9). The Business Direct ID is never among it.
import type { PersonClaims } from '../rules/portal.ts';
import { japanIso } from '../rules/japan-time.ts';
import type { Tools } from './tools.ts';

export async function personClaims(tools: Tools, accountId: string): Promise<PersonClaims | null> {
  const told = await tools.store.account.told(accountId);
  if (!told) return null;
  const { account, company, linkedSince } = told;
  return {
    preferred_username: account.loginName,
    name: account.name,
    email: account.email,
    emailProven: account.emailProvenAt !== null,
    company: { contract_number: company.contractNumber, name: company.name },
    role: account.role,
    link: { linked: linkedSince !== null, since: linkedSince === null ? null : japanIso(linkedSince) },
    accounts: [],
  };
}
