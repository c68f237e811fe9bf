// 利用開始パスワード and the IDs that the token app asks with it (spec §1, §5): what may be chosen, and how what was typed is
// read. Pure.
import { judgeText, normalise, type FormError } from './normalise.ts';

export type ActivationError = FormError | 'issue.digits' | 'issue.weak';

const least = 4;
const most = 8;

/** Reads a chosen activation password: four to eight digits that nobody tries first. Never counted. */
export function readActivation(
  typed: string,
): { readonly ok: true; readonly digits: string } | { readonly ok: false; readonly error: ActivationError } {
  const mistake = judgeText(typed);
  if (mistake) return { ok: false, error: mistake };
  const digits = normalise(typed);
  if (digits === '') return { ok: false, error: 'form.required' };
  if (!/^[0-9]+$/.test(digits) || digits.length < least || digits.length > most)
    return { ok: false, error: 'issue.digits' };
  return isEasy(digits) ? { ok: false, error: 'issue.weak' } : { ok: true, digits };
}

/**
 * Easy to guess: one digit all over, a piece repeated (1212, 123123), a walk up or down by the same distance (1234, 8642,
 * 9012), there and back (1221), the middle column of the keys (2580), and years and dates of a life.
 */
export function isEasy(digits: string): boolean {
  return repeats(digits) || walks(digits) || mirrored(digits) || columns.has(digits) || isDate(digits);
}

const columns: ReadonlySet<string> = new Set([
  '2580',
  '0852',
  '147258',
  '258369',
  '14789',
  '1470',
  '3690',
  '0741',
  '0963',
]);

function repeats(digits: string): boolean {
  for (let length = 1; length <= digits.length / 2; length += 1) {
    if (digits.length % length === 0 && digits === digits.slice(0, length).repeat(digits.length / length)) return true;
  }
  return false;
}

function walks(digits: string): boolean {
  const steps = [...digits].slice(1).map((digit, place) => (Number(digit) - Number(digits[place]) + 10) % 10);
  return steps.every((step) => step === steps[0]);
}

function mirrored(digits: string): boolean {
  return digits === [...digits].toReversed().join('');
}

/** A year of our time, YYYYMMDD, or YYMMDD; four digits are a year or nothing: half of all are a day of some month. */
function isDate(digits: string): boolean {
  if (digits.length === 4) return /^(19[3-9]|20[0-3])[0-9]$/.test(digits);
  if (digits.length !== 6 && digits.length !== 8) return false;
  if (digits.length === 8 && !/^(19|20)/.test(digits)) return false;
  const [month, day] = [Number(digits.slice(-4, -2)), Number(digits.slice(-2))];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}
