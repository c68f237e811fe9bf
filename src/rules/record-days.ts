// The period of a list of records, as two days that somebody typed: whole days in Japan, both included (screens.md §5).
import { atJapanTime, japanTime, nextDay } from './japan-time.ts';
import type { Instant } from './sign-in-record.ts';

export interface Period {
  /** The first moment, included; null: since ever. */
  readonly from: Instant | null;
  /** The first moment after it; null: until now. */
  readonly until: Instant | null;
}

/** The beginning of the day in Japan that `2026-11-22` names; null when it names none. */
export function readDay(typed: string): Instant | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed.normalize('NFKC').trim());
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const at = atJapanTime(year, month, day);
  const read = japanTime(at);
  return read.year === year && read.month === month && read.day === day ? at : null;
}

/** `wrong` names the fields that are no dates; an empty one sets no limit. */
export function readPeriod(typed: {
  readonly from: string;
  readonly to: string;
}):
  | { readonly ok: true; readonly period: Period }
  | { readonly ok: false; readonly wrong: readonly ('from' | 'to')[] } {
  const [from, to] = [readDay(typed.from), readDay(typed.to)];
  const wrong = (['from', 'to'] as const).filter(
    (field) => typed[field].trim() !== '' && (field === 'from' ? from : to) === null,
  );
  if (wrong.length > 0) return { ok: false, wrong };
  return { ok: true, period: { from, until: to === null ? null : nextDay(to) } };
}
