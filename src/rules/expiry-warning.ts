// When a person is warned of a password's expiry: a fortnight, a week and a day before it (screens.md MAI021). Pure.
import { japanTime } from './japan-time.ts';
import type { Instant } from './sign-in-record.ts';

export const day = 86_400_000;

/** Days before the expiry. */
export const distances: readonly number[] = [14, 7, 1];

export interface Expiries {
  readonly login: Instant | null;
  readonly confirmation: Instant | null;
}

export interface Warning {
  readonly which: 'login' | 'confirmation' | 'both';
  readonly expires: Instant;
  /** Days that are left, begun ones with them. */
  readonly days: number;
  /** The dates that this warning tells, and every distance that each has come within. */
  readonly tells: readonly { readonly expires: Instant; readonly distances: readonly number[] }[];
}

/**
 * What there is to tell now. Two passwords that expire on one day in Japan are told in one mail, at the distance of the
 * earlier one; a clock that went far tells the nearest distance alone.
 */
export function warningsOf(expiries: Expiries, now: Instant): readonly Warning[] {
  const ahead = (at: Instant | null): readonly Instant[] => (at !== null && at > now ? [at] : []);
  const [login, confirmation] = [ahead(expiries.login), ahead(expiries.confirmation)];
  const both = [...login, ...confirmation];
  if (both.length === 2 && sameDay(both)) return warning('both', both, now);
  return [...warning('login', login, now), ...warning('confirmation', confirmation, now)];
}

function warning(which: Warning['which'], dates: readonly Instant[], now: Instant): readonly Warning[] {
  const expires = Math.min(...dates);
  const within = distances.filter((days) => now >= expires - days * day);
  if (within.length === 0) return [];
  const tells = dates.map((date) => ({ expires: date, distances: within }));
  return [{ which, expires, days: Math.ceil((expires - now) / day), tells }];
}

function sameDay(dates: readonly Instant[]): boolean {
  return new Set(dates.map(japanTime).map(({ year, month, day: of }) => `${year}-${month}-${of}`)).size === 1;
}
