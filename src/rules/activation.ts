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

/** What a token app sends; the words are those of its form (screens.md APP002). */
export type FetchField = 'service_id' | 'user_id' | 'activation_password' | 'nonce';

export interface FetchRequest {
  readonly serviceId: string;
  readonly userId: string;
  readonly digits: string;
  readonly nonce: string;
}

const readings: Readonly<Record<FetchField, (typed: string) => string | null>> = {
  service_id: (typed) => matching(normalise(typed), /^[0-9]{4,12}$/),
  user_id: (typed) => matching(normalise(typed).toUpperCase(), /^[0-9A-Z]{12}$/),
  activation_password: (typed) => matching(normalise(typed), /^[0-9]{4,8}$/),
  // 32 bytes in base64url without padding: of the last character four bits count.
  nonce: (typed) => matching(typed, /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
};

const matching = (text: string, form: RegExp): string | null => (form.test(text) ? text : null);

/**
 * Reads what a token app sent, as people type it: any width and case, with spaces or hyphens. What cannot be right by its form
 * is named and never counted (screens.md 4.9).
 */
export function readFetch(
  typed: Readonly<Record<FetchField, string>>,
):
  | { readonly ok: true; readonly request: FetchRequest }
  | { readonly ok: false; readonly fields: readonly FetchField[] } {
  const read = (field: FetchField): string | null =>
    judgeText(typed[field]) === null ? readings[field](typed[field]) : null;
  const [serviceId, userId, digits, nonce] = [
    read('service_id'),
    read('user_id'),
    read('activation_password'),
    read('nonce'),
  ];
  if (serviceId !== null && userId !== null && digits !== null && nonce !== null)
    return { ok: true, request: { serviceId, userId, digits, nonce } };
  const all: readonly FetchField[] = ['service_id', 'user_id', 'activation_password', 'nonce'];
  return { ok: false, fields: all.filter((field) => read(field) === null) };
}
