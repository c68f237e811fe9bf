// Links: whether a verified Business Direct ID and a proven account may be joined, and whether a link still counts (spec §3).
// Races for the same pair are the store's: its unique indexes decide who was first.
import { normalise } from './normalise.ts';
import type { Policy } from './policy.ts';
import type { Facts } from './sign-in.ts';
import type { Instant } from './sign-in-record.ts';

/** A link that nobody used for so long counts as not linked: the first-link check runs again (spec §3, 400 days). */
export function countsAsLinked(
  link: { readonly usedAt: Instant; readonly endedAt: Instant | null },
  policy: Policy['link'],
  now: Instant,
): boolean {
  return link.endedAt === null && now - link.usedAt < policy.unused;
}

export interface PairFacts {
  /** The account's other links with this upstream that count. */
  readonly otherLinks: number;
  readonly linksPerAccount: number;
  /** The upstream is configured to name the company; then saying nothing is no match. */
  readonly companyExpected: boolean;
  readonly companyClaimed: string | null;
  readonly contractNumber: string;
  /** What a bank's plan of pairs says of this one; `none` without a plan. */
  readonly plan: 'none' | 'planned' | 'not-planned';
}

/** Whether the company that the upstream names now is the account's (spec §3); what it stops naming is no match. */
export function companyMatches(
  facts: Pick<PairFacts, 'companyExpected' | 'companyClaimed' | 'contractNumber'>,
): boolean {
  const claimed = facts.companyClaimed === null ? null : normalise(facts.companyClaimed);
  return claimed === null ? !facts.companyExpected : claimed === normalise(facts.contractNumber);
}

/**
 * Row 8 of the sign-in table. The company is judged first: who came with another company's ID learns nothing of this
 * account's links.
 */
export function mayLink(facts: PairFacts): Facts['pair'] {
  if (!companyMatches(facts)) return 'company-mismatch';
  if (facts.plan === 'not-planned') return 'not-planned';
  return facts.otherLinks >= facts.linksPerAccount ? 'link-limit' : 'may-link';
}
