// The sentences that may stand as a banner at the top of a page, and how weighty each is (screens.md §4.6, letter B of §7).
import type { Key, Message } from './placeholders.ts';
import { complete, storedValues } from './stored.ts';

export type BannerKind = 'success' | 'info' | 'warning' | 'important';

export const bannerKinds = {
  'operator.signed-out': 'success',
  'setup.saved': 'success',
  'setup.idset': 'success',
  'setup.complete': 'success',
  'link.done': 'success',
  'link.removed': 'success',
  'remember.done': 'success',
  'otp.resync.done': 'success',
  'password.done': 'success',
  'password.done.plain': 'success',
  'forget.done': 'success',
  'device.renamed': 'success',
  'person.added': 'success',
  'issue.done': 'success',
  'token.activated': 'success',
  'token.registered': 'success',
  'token.replaced': 'success',
  'token.revoked': 'success',
  'token.revoked.now': 'success',
  'session.ended': 'success',
  'applied.done': 'success',
  'reminded.sent': 'success',
  'reminded.none': 'info',
  'setup.resumed': 'info',
  'otp.required': 'info',
  'otp.again': 'info',
  'emailcode.sent': 'info',
  'mail.pending': 'info',
  'grace.open': 'warning',
  'grace.last': 'warning',
  'token.expiring': 'warning',
  'token.expiring.app': 'warning',
  'expiry.soon': 'warning',
  'last.warn': 'warning',
  'otp.drift.hw': 'warning',
  'otp.drift.sw': 'warning',
  'remember.ended': 'warning',
  'password.postponed': 'warning',
  'issued.once': 'warning',
  'issue.lapsed': 'warning',
  'issue.void': 'warning',
  'issue.guard': 'warning',
  'BOT010.email': 'warning',
  'token.waiting': 'warning',
  'grace.over': 'important',
  'remember.stolen': 'important',
  'confirm.locked': 'important',
  'confirm.stopped': 'important',
  'password.locked': 'important',
  'password.stopped': 'important',
  'password.stopped.paper': 'important',
  'spray.alarm': 'important',
  'token.expired': 'important',
  'token.expired.app': 'important',
} as const satisfies Partial<Record<Key, BannerKind>>;

export type BannerKey = keyof typeof bannerKinds;

/** One banner; `href` adds the one act it may have (a link), whose words follow from the key. */
export type Banner = Message<BannerKey> & { readonly href?: string | undefined };

const isBanner = (candidate: {
  readonly key: string;
  readonly values?: object;
  readonly href?: string | undefined;
}): candidate is Banner => Object.hasOwn(bannerKinds, candidate.key) && complete(candidate.key, candidate.values ?? {});

/**
 * A banner that was kept as strings in the sign-in record (`SignInRecord.banners`), with its numbers and times as numbers
 * again; null for a key that is no banner, or one whose values are not all there.
 */
export function storedBanner(key: string, values: Readonly<Record<string, string>>): Banner | null {
  const candidate = { key, values: storedValues(values) };
  return isBanner(candidate) ? candidate : null;
}
