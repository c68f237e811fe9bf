// Japan's calendar by arithmetic: +09:00, no summer time. Times are kept in UTC and shown, counted in days and compared with
// service hours here (spec §10). No time zone data, no clock.
import type { Instant } from './sign-in-record.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const offset = 9 * hourMs;

export interface JapanTime {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

/** Date and time of day in Japan. */
export function japanTime(at: Instant): JapanTime {
  const local = at + offset;
  const days = Math.floor(local / dayMs);
  const rest = local - days * dayMs;
  return {
    ...dateOf(days),
    hour: Math.floor(rest / hourMs),
    minute: Math.floor((rest % hourMs) / minuteMs),
    second: Math.floor((rest % minuteMs) / secondMs),
    weekday: (((days + 4) % 7) + 7) % 7,
  };
}

/** The instant of a date and time of day in Japan; an hour of 24 is the next day's beginning. */
export function atJapanTime(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): Instant {
  return daysOf(year, month, day) * dayMs + hour * hourMs + minute * minuteMs + second * secondMs - offset;
}

/** The beginning of the day in Japan. */
export function startOfDay(at: Instant): Instant {
  return Math.floor((at + offset) / dayMs) * dayMs - offset;
}

/** The beginning of the next day in Japan. */
export function nextDay(at: Instant): Instant {
  return startOfDay(at) + dayMs;
}

/** The last millisecond of the day in Japan: a limit counts its whole day. */
export function endOfDay(at: Instant): Instant {
  return nextDay(at) - 1;
}

/** Both lie on the same day in Japan. */
export function sameDay(one: Instant, other: Instant): boolean {
  return startOfDay(one) === startOfDay(other);
}

/** For `<time datetime>`: `2026-11-22T08:50:00+09:00`. */
export function japanIso(at: Instant): string {
  const { year, month, day, hour, minute, second } = japanTime(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}+09:00`;
}

/** Milliseconds since midnight of "HH:MM", "00:00" to "24:00"; null when it is no time of day. */
export function timeOfDay(text: string): number | null {
  const match = /^([01][0-9]|2[0-4]):([0-5][0-9])$/.exec(text);
  if (!match) return null;
  const time = Number(match[1]) * hourMs + Number(match[2]) * minuteMs;
  return time > dayMs ? null : time;
}

/**
 * When a closed service opens again; null while it is open (spec §3, row 1). Open from `from` until before `to`, daily, also
 * across midnight; the same time twice, or no hours, is always open. Hours that are no times of day are the caller's fault.
 */
export function closedUntil(
  hours: { readonly from: string; readonly to: string } | null,
  now: Instant,
): Instant | null {
  if (!hours) return null;
  const from = timeOfDay(hours.from);
  const to = timeOfDay(hours.to);
  if (from === null || to === null) throw new RangeError('service hours must be "HH:MM"');
  const midnight = startOfDay(now);
  const time = now - midnight;
  const open = from < to ? time >= from && time < to : time >= from || time < to;
  if (open || from === to) return null;
  return time < from ? midnight + from : midnight + dayMs + from;
}

// Days since 1970-01-01 and back, by counting years from March so that the leap day is the last one.
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

function dateOf(days: number): Pick<JapanTime, 'year' | 'month' | 'day'> {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
  };
}
