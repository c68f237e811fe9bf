// How dates, times, numbers and masked values are written (screens.md §3 rows 11–14). Japan time is +09:00 arithmetic:
// no locale data and no time zone of the machine takes part.
import type { Instant } from '../../src/rules/sign-in-record.ts';

export type Language = 'ja' | 'en';

const japan = 9 * 60 * 60 * 1000;
const day = 24 * 60 * 60 * 1000;
const weekdays = {
  ja: ['日', '月', '火', '水', '木', '金', '土'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (n: number): string => String(n).padStart(2, '0');
const inJapan = (at: Instant): Date => new Date(at + japan);

/** The number of the day in Japan; equal for two instants of the same Japanese day. */
export const japaneseDay = (at: Instant): number => Math.floor((at + japan) / day);

/** `2026年11月22日(日)` / `Sun 22 Nov 2026` (screens.md §3 row 11). */
export function date(at: Instant, language: Language): string {
  const d = inJapan(at);
  const weekday = weekdays[language][d.getUTCDay()] ?? '';
  return language === 'ja'
    ? `${d.getUTCFullYear()}年${d.getUTCMonth() + 1}月${d.getUTCDate()}日(${weekday})`
    : `${weekday} ${d.getUTCDate()} ${months[d.getUTCMonth()] ?? ''} ${d.getUTCFullYear()}`;
}

/** `8:50`, 24 hours, no leading zero in the hour. */
export function time(at: Instant): string {
  const d = inJapan(at);
  return `${d.getUTCHours()}:${two(d.getUTCMinutes())}`;
}

/**
 * `2026年11月22日(日) 8:50` / `Sun 22 Nov 2026, 8:50 (JST)`; in Japanese 「本日 8:50」 when `now` is of the same day.
 * `now` is null where the text is read later than it was written (mails, prints).
 */
export function dateTime(at: Instant, language: Language, now: Instant | null): string {
  if (language === 'en') return `${date(at, language)}, ${time(at)} (JST)`;
  if (now !== null && japaneseDay(at) === japaneseDay(now)) return `本日 ${time(at)}`;
  return `${date(at, language)} ${time(at)}`;
}

/** `2026-11-22 08:50`, the form of tables. */
export function tableTime(at: Instant): string {
  const d = inJapan(at);
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

/** `2026-11-22`, the form of tables without a time. */
export const tableDate = (at: Instant): string => tableTime(at).slice(0, 10);

/** The `datetime` attribute: the same moment with Japan's offset. */
export const machineTime = (at: Instant): string => `${inJapan(at).toISOString().slice(0, 19)}+09:00`;

/** `20:50〜8:10` / `20:50–8:10`: times as they are configured (`08:10`), without a leading zero in the hour. */
export function timeRange(range: { readonly from: string; readonly to: string }, language: Language): string {
  const [from, to] = [range.from, range.to].map((clock) => clock.replace(/^0(?=\d:)/, ''));
  return `${from}${language === 'ja' ? '〜' : '–'}${to}`;
}

/** `10,000`: digits in groups of three (screens.md §3 row 13). */
export const number = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** The last four characters of a serial number, for its own user on OTP pages (screens.md §3 row 14). */
export const lastFour = (serial: string): string => serial.replace(/[^0-9A-Za-z]/g, '').slice(-4);

/** Groups of four for reading: contract numbers and serials (screens.md §3 row 13). */
export const grouped = (digits: string): string => digits.replace(/(.{4})(?=.)/g, '$1 ');
