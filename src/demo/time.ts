// How the demo's pages write a time: Japan time by +09:00 arithmetic, whatever zone the machine has.
import type { Language } from './outsider.ts';

const JAPAN_OFFSET = 9 * 3_600_000;
const weekdays = {
  ja: ['日', '月', '火', '水', '木', '金', '土'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (n: number): string => String(n).padStart(2, '0');

/** 「2026年11月22日(日) 8:50:07」 / "Sun 22 Nov 2026, 8:50:07 (JST)"; `at` in milliseconds since the epoch. */
export function timeInWords(at: number, language: Language): string {
  const t = new Date(at + JAPAN_OFFSET);
  const clock = `${t.getUTCHours()}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())}`;
  const day = weekdays[language][t.getUTCDay()] ?? '';
  if (language === 'ja') {
    return `${t.getUTCFullYear()}年${t.getUTCMonth() + 1}月${t.getUTCDate()}日(${day}) ${clock}`;
  }
  return `${day} ${t.getUTCDate()} ${months[t.getUTCMonth()] ?? ''} ${t.getUTCFullYear()}, ${clock} (JST)`;
}

/** 「2026年11月30日(月)」 / "Mon 30 Nov 2026" of `2026-11-30`. */
export const dayInWords = (day: string, language: Language): string =>
  timeInWords(Date.parse(`${day}T00:00:00+09:00`), language).replace(/,? 0:00:00.*$/, '');

/** "2026-11-22 08:50" for tables. */
export function timeInTable(at: number): string {
  const t = new Date(at + JAPAN_OFFSET);
  return `${t.getUTCFullYear()}-${two(t.getUTCMonth() + 1)}-${two(t.getUTCDate())} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}`;
}
