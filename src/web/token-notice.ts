// What a person without a usable token is told, wherever that matters: that the token has expired, or until when one is to be
// registered (screens.md §7.3, §8.6, §9). And how far the company's next key-fob has come.
import type { Banner } from '../../views/messages/banners.ts';
import { lastFour } from '../../views/parts/format.ts';
import { otpRightsOf } from '../flows/sign-in/look.ts';
import type { Person, Tools } from '../flows/tools.ts';
import { codeAtLogin } from '../rules/company-settings.ts';
import { graceState, personalGrace } from '../rules/grace.ts';
import { withKeyFobs } from '../rules/otp-application.ts';
import { hasUsableToken } from '../rules/person-facts.ts';
import type { Instant } from '../rules/sign-in-record.ts';

/**
 * Null for whoever has a usable token, whose company has not applied for any, or who needs none: where only operations ask for
 * a code, those whose rights do (spec §3).
 */
export function tokenNotice(tools: Pick<Tools, 'policy' | 'portals'>, person: Person, now: Instant): Banner | null {
  const { company, token } = person;
  const { policy } = tools;
  if (company.otpApplication === 'none' || hasUsableToken(person, now)) return null;
  if (token && token.expiresAt !== null && token.expiresAt <= now)
    return {
      key: withKeyFobs(company.otpApplication) ? 'token.expired' : 'token.expired.app',
      values: { last4: lastFour(token.serial ?? ''), date: token.expiresAt },
    };
  const limit = personalGrace(person, policy.grace);
  if (limit === null || !(codeAtLogin(company, policy) || otpRightsOf(tools, person))) return null;
  const blocked = policy.grace.then === 'block-login' ? 'login' : 'operations';
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

/** That a key-fob in use ends soon, and by what it is followed: another one, or an app where the company went over to apps. */
export const endsSoon = ({ company }: Pick<Person, 'company'>, expiresAt: Instant): Banner => ({
  key: withKeyFobs(company.otpApplication) ? 'token.expiring' : 'token.expiring.app',
  values: { date: expiresAt },
});

export interface Shipping {
  readonly state: 'ordered' | 'shipped' | 'arrived';
  readonly at: Instant;
}

/** 配送状況: of the newest key-fob that nobody has registered; else of the company's application, whose first one it is. */
export async function shippingOf(
  { store }: Pick<Tools, 'store'>,
  { company, hadToken }: Person,
  now: Instant,
): Promise<Shipping | null> {
  if (!withKeyFobs(company.otpApplication)) return null;
  const token = await store.token.newestUnregistered(company.id, now);
  if (token) {
    const { orderedAt, shippedAt, arrivedAt } = token;
    if (arrivedAt !== null) return { state: 'arrived', at: arrivedAt };
    if (shippedAt !== null) return { state: 'shipped', at: shippedAt };
    return orderedAt === null ? null : { state: 'ordered', at: orderedAt };
  }
  const { otpAppliedAt, tokenArrivedAt } = company;
  if (hadToken) return null;
  if (tokenArrivedAt !== null) return { state: 'arrived', at: tokenArrivedAt };
  return otpAppliedAt === null ? null : { state: 'ordered', at: otpAppliedAt };
}
