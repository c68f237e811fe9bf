// When the helpdesk answers the telephone: weekdays, hours, and days on which it is closed, in Japan's calendar. Only for
// telling people; nothing is allowed or refused by it.
import { japanIso, japanTime, nextDay, startOfDay, timeOfDay } from './japan-time.ts';
import type { Instant } from './sign-in-record.ts';

export interface DeskHours {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** "HH:MM". */
  readonly from: string;
  readonly to: string;
  /** Dates without service, such as holidays: "2026-11-23". */
  readonly closed: readonly string[];
}

/** A desk closed for longer than this, in days, has no next opening that one could tell. */
const horizon = 60;

/** The desk's next opening while it is closed; null while it is open, or when there is none to tell (screens.md §2). */
export function deskOpens(hours: DeskHours, now: Instant): Instant | null {
  const from = timeOfDay(hours.from);
  const to = timeOfDay(hours.to);
  if (from === null || to === null) throw new RangeError('desk hours must be "HH:MM"');
  const serves = (day: Instant): boolean =>
    hours.days.includes(japanTime(day).weekday) && !hours.closed.includes(japanIso(day).slice(0, 10));
  let day = startOfDay(now);
  if (serves(day) && now >= day + from && now < day + to) return null;
  for (let ahead = 0; ahead <= horizon; ahead += 1) {
    if (serves(day) && now < day + from) return day + from;
    day = nextDay(day);
  }
  return null;
}
