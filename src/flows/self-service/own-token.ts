// BOT010: how one's own token stands, and what may be done about it now. Everything comes from the person as read: no statement
// of its own. What is offered here is judged again by each act.
import { allows } from '../../rules/permission.ts';
import type { Policy } from '../../rules/policy.ts';
import { hasUsableToken } from '../../rules/person-facts.ts';
import { issueFactsOf, issueWaits } from '../../rules/sign-in-facts.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import { tokenStateOf, type TokenState } from '../../rules/token-state.ts';
import { hasLapsed, kindsOffered, type IssueKind } from '../../rules/token-issue.ts';
import type { Person } from '../../store/account.ts';
import { actorOf, targetOf } from '../prove-act.ts';
import { mayReplace } from '../token/replace.ts';
import type { Act, Tools } from '../tools.ts';

/** The states of everybody's tokens, and `not-applied` for a company without one-time passwords. */
export type OwnTokenState = TokenState['is'] | 'not-applied';

export interface OwnToken {
  readonly state: OwnTokenState;
  readonly kind: 'hardware' | 'software' | null;
  /** Last four characters of a key-fob's serial number, as its user knows it (screens.md §3 row 14). */
  readonly last4: string | null;
  readonly registeredAt: Instant | null;
  readonly expiresAt: Instant | null;
  /** Other people who hold the same token. */
  readonly others: number;
  /** The issue that waits for its first right code, and until when. */
  readonly issue: { readonly kind: IssueKind; readonly until: Instant } | null;
  /** From when a token can be issued, where it can't be now. */
  readonly waits: { readonly until: Instant; readonly for: 'revocation' | 'email' | 'guard' } | null;
  readonly may: {
    readonly issue: boolean;
    /** Register a key-fob (TKN001). */
    readonly register: boolean;
    readonly verify: boolean;
    readonly replace: boolean;
    readonly resync: boolean;
    readonly revoke: boolean;
  };
}

export function ownToken({ policy }: Pick<Tools, 'policy'>, { now }: Pick<Act, 'now'>, person: Person): OwnToken {
  const { account, company, token } = person;
  const applied = company.otpApplication !== 'none';
  const usable = hasUsableToken(person, now);
  const issue = !usable && person.issue && !hasLapsed(person.issue, now) ? person.issue : null;
  const kinds = kindsOffered(issueFactsOf(null, person, policy, now));
  const software = kinds.some((kind) => kind !== 'hardware');
  const waits = usable || !software ? null : waitsOf(person, policy, now);
  return {
    state: applied
      ? tokenStateOf({ waitsUntil: account.waitsUntil, token, issue: person.issue }, now, policy.tokenExpiry.warnBefore)
          .is
      : 'not-applied',
    kind: token?.kind ?? (issue ? 'software' : null),
    last4: token?.serial?.slice(-4) ?? null,
    registeredAt: token?.registeredAt ?? null,
    expiresAt: token?.expiresAt ?? null,
    others: token ? token.holders - 1 : 0,
    issue: issue && { kind: issue.kind, until: issue.expiresAt },
    waits,
    may: {
      issue: applied && !usable && issue === null && waits === null && software && account.otpStoppedAt === null,
      // A key-fob needs no address: what holds up an app's issue alone does not hold it up.
      register:
        !usable &&
        issue === null &&
        kinds.includes('hardware') &&
        account.otpStoppedAt === null &&
        (account.waitsUntil === null || account.waitsUntil <= now),
      verify: issue !== null,
      replace: mayReplace(person, now),
      resync: usable && token?.kind === 'hardware',
      revoke:
        (token !== null || person.issue !== null) && allows(actorOf(person), 'revoke-token', targetOf(person), policy),
    },
  };
}

/** A key-fob needs no address: what holds up a software token alone holds up nobody else. */
function waitsOf({ account }: Person, policy: Policy, now: Instant): OwnToken['waits'] {
  if (account.waitsUntil !== null && account.waitsUntil > now) return { until: account.waitsUntil, for: 'revocation' };
  return issueWaits(account, policy, now);
}
