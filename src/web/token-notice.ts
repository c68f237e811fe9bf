// What a person without a usable token is told, wherever that matters: that the token has expired, or until when one is to be
// registered (screens.md §7.3, §8.6, §9).
import type { Banner } from '../../views/messages/banners.ts';
import { lastFour } from '../../views/parts/format.ts';
import type { Person } from '../flows/tools.ts';
import { graceState, personalGrace } from '../rules/grace.ts';
import { hasUsableToken } from '../rules/person-facts.ts';
import type { Policy } from '../rules/policy.ts';
import type { Instant } from '../rules/sign-in-record.ts';

/** Null for whoever has a usable token, or whose company has not applied for any. */
export function tokenNotice(person: Person, policy: Policy['grace'], now: Instant): Banner | null {
  const { company, token } = person;
  if (company.otpApplication === 'none' || hasUsableToken(person, now)) return null;
  if (token && token.expiresAt !== null && token.expiresAt <= now)
    return { key: 'token.expired', values: { last4: lastFour(token.serial ?? ''), date: token.expiresAt } };
  const limit = personalGrace(person, policy);
  if (limit === null) return null;
  const blocked = policy.then === 'block-login' ? 'login' : 'operations';
  switch (graceState(limit, now)) {
    case 'open':
      return { key: 'grace.open', values: { date: limit } };
    case 'last':
      return { key: 'grace.last', values: { time: limit, blocked } };
    case 'over':
      return { key: 'grace.over', values: { date: limit, blocked } };
    case 'none':
      return null;
  }
}
