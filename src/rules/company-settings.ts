// What a company decides for itself: how its people share key-fobs, whether they may skip the code, when a code is asked, its
// hours. It may only be stricter than its bank (spec, Profiles). Pure.
import { closedUntil, timeOfDay } from './japan-time.ts';
import type { Policy } from './policy.ts';
import type { Instant } from './sign-in-record.ts';
import { sharingModes, type SharingMode } from './token-stock.ts';

/** The ways of sharing among which a company chooses, from the widest to the strictest. */
export const sharingChoices = ({ sharing }: Pick<Policy, 'sharing'>): readonly SharingMode[] =>
  sharingModes.filter((mode) => sharing.includes(mode));

/** How people share now: as the company has it, or as strictly as its bank wants it where that was narrowed since. */
export function sharingOf(
  company: { readonly sharingMode: SharingMode },
  policy: Pick<Policy, 'sharing'>,
): SharingMode {
  const choices = sharingChoices(policy);
  return choices.includes(company.sharingMode) ? company.sharingMode : (choices.at(-1) ?? 'one_each');
}

export interface Hours {
  readonly from: string;
  readonly to: string;
}

/** A company's settings as its row holds them. */
export interface SettingsRow {
  readonly rememberAllowed: boolean;
  readonly otpAtLogin: boolean;
  readonly hoursFrom: string | null;
  readonly hoursTo: string | null;
}

export const hoursOf = ({ hoursFrom, hoursTo }: Pick<SettingsRow, 'hoursFrom' | 'hoursTo'>): Hours | null =>
  hoursFrom === null || hoursTo === null ? null : { from: hoursFrom, to: hoursTo };

/** A code is asked at sign-in: by the bank, or because the company wants it there too. */
export function codeAtLogin(company: Pick<SettingsRow, 'otpAtLogin'>, policy: Pick<Policy, 'otp'>): boolean {
  return policy.otp.at === 'login' || company.otpAtLogin;
}

/** When the people of a company may sign in again: the bank and the company must both be open. Null: now. */
export function companyClosedUntil(
  company: Pick<SettingsRow, 'hoursFrom' | 'hoursTo'>,
  bank: Policy['hours'],
  now: Instant,
): Instant | null {
  const own = hoursOf(company);
  let opens: Instant | null = null;
  // One of them opens, the other may still be closed: within two days there is no third answer.
  for (let turn = 0; turn < 4; turn += 1) {
    const at: Instant = opens ?? now;
    const next = closedUntil(bank, at) ?? closedUntil(own, at);
    if (next === null) return opens;
    opens = next;
  }
  return opens;
}

export type SettingsMistake =
  | { readonly field: 'hours_from' | 'hours_to'; readonly key: 'form.required' | 'settings.time' }
  /** Wider than the bank's, or never open at all. */
  | { readonly field: 'hours_from'; readonly key: 'settings.wider' | 'settings.time' };

const minuteMs = 60_000;
const minutesOfDay = 24 * 60;

/** Typed hours, both empty for the bank's own. */
export function judgeHours(
  from: string,
  to: string,
  bank: Policy['hours'],
):
  | { readonly ok: true; readonly hours: Hours | null }
  | { readonly ok: false; readonly mistakes: readonly SettingsMistake[] } {
  if (from === '' && to === '') return { ok: true, hours: null };
  const mistakes = (
    [
      ['hours_from', from],
      ['hours_to', to],
    ] as const
  ).flatMap(([field, text]): SettingsMistake[] =>
    text === '' ? [{ field, key: 'form.required' }] : timeOfDay(text) === null ? [{ field, key: 'settings.time' }] : [],
  );
  if (mistakes.length > 0) return { ok: false, mistakes };
  if (from === to) return { ok: false, mistakes: [{ field: 'hours_from', key: 'settings.time' }] };
  const hours = { from, to };
  return within(hours, bank)
    ? { ok: true, hours }
    : { ok: false, mistakes: [{ field: 'hours_from', key: 'settings.wider' }] };
}

/** Open only while the other is open, minute by minute of the day. */
function within(inner: Hours, outer: Policy['hours']): boolean {
  return Array.from({ length: minutesOfDay }, (_each, minute) => minute * minuteMs).every(
    (time) => closedUntil(inner, time) !== null || closedUntil(outer, time) === null,
  );
}
