// When people are told that their key-fob ends, and that the limit for registering one is near (screens.md MAI022, MAI023).
// Pure.
import { startOfDay } from './japan-time.ts';
import type { Instant } from './sign-in-record.ts';

const day = 86_400_000;

/** Days before a token's expiry; none further away than the bank warns at all, in milliseconds. */
export const expiryDistances = (warnBefore: number): readonly number[] =>
  [60, 30, 7].filter((n) => n * day <= warnBefore);

/** Days before the day of a registration limit. */
export const limitDistances: readonly number[] = [7, 1];

/** What stands for the mail that goes out with the token itself, among the distances that were told. */
export const atShipping = 0;

/** The distances within which an expiry has come; the nearest last. None after it. */
export function withinExpiry(expires: Instant, warnBefore: number, now: Instant): readonly number[] {
  return now >= expires ? [] : expiryDistances(warnBefore).filter((days) => now >= expires - days * day);
}

/** The same for a limit, which is the end of its day: a day before it is the whole day before. */
export function withinLimit(limit: Instant, now: Instant): readonly number[] {
  return now >= limit ? [] : limitDistances.filter((days) => now >= startOfDay(limit) - days * day);
}

/** Days that are left, begun ones with them. */
export const daysLeft = (at: Instant, now: Instant): number => Math.ceil((at - now) / day);
