// The audit records of a way through an upstream that did not lead on: which upstream, and the word of the check that failed.
// Nothing the upstream or the browser wrote stands in them.
import { companyMatches } from '../../rules/link.ts';
import type { VerifiedUpstream } from '../../rules/sign-in-record.ts';
import type { Person } from '../../store/account.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

/** On the bank's chain: nobody is known yet. Its reference is the one that the person's page shows. */
export async function recordTrouble(
  tools: Tools,
  act: Act,
  attemptId: string,
  issuer: string,
  trouble: { readonly kind: 'cancelled' | 'refused' | 'down'; readonly reason: string },
): Promise<void> {
  await tools.store.transaction((tables) =>
    writeRecord(tables, act, {
      event: `upstream.${trouble.kind}`,
      companyId: null,
      accountId: null,
      actor: { kind: 'stranger', id: null },
      data: { issuer, reason: trouble.reason, attempt: attemptId },
    }),
  );
}

/** Whether the company that the upstream names is this person's (spec §3); if not, that is recorded on the person's chain. */
export async function ofOneCompany(
  tools: Tools,
  act: Act,
  attemptId: string,
  upstream: VerifiedUpstream,
  { account, company }: Person,
): Promise<boolean> {
  const matches = companyMatches({
    companyExpected: tools.companyNamedBy.has(upstream.issuer),
    companyClaimed: upstream.company?.contractNumber ?? null,
    contractNumber: company.contractNumber,
  });
  if (matches) return true;
  await tools.store.transaction((tables) =>
    writeRecord(tables, act, {
      event: 'link.refused',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'stranger', id: null },
      data: { issuer: upstream.issuer, subject: upstream.subject, why: 'company-mismatch', attempt: attemptId },
    }),
  );
  return false;
}
