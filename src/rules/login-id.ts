// Login IDs: how a typed one is read, and what a newly chosen one must look like (spec §2). Whether an ID was ever issued
// or chosen before is the store's knowledge (`id.taken`).
import { judgeText, normalise } from './normalise.ts';
import type { FormError } from './normalise.ts';

/** An ID as the person wrote it (half-width) and the key under which it is unique: lower case. */
export interface LoginId {
  readonly asTyped: string;
  readonly key: string;
}

export type LoginIdError = FormError | 'id.length' | 'id.issued';

export type JudgedLoginId = ({ readonly ok: true } & LoginId) | { readonly ok: false; readonly error: LoginIdError };

/** The key of an ID already known to be well formed: one person, one counter, however it is typed (spec §2). */
export function loginIdKey(typed: string): string {
  return normalise(typed).toLowerCase();
}

/**
 * An ID typed to sign in. Only what no ID can be is refused here; an ID that cannot exist for other reasons goes the way
 * of every unknown ID (screens.md 4.8, group A).
 */
export function readLoginId(typed: string): JudgedLoginId {
  const error = judgeText(typed);
  if (error) return { ok: false, error };
  const asTyped = normalise(typed);
  if (asTyped === '') return { ok: false, error: 'form.required' };
  return { ok: true, asTyped, key: asTyped.toLowerCase() };
}

/**
 * A newly chosen ID: half-width letters and digits, `min`–`max` of them, never nine digits because issued IDs are
 * (spec §2, screens.md 7.2).
 */
export function judgeNewLoginId(typed: string, policy: { readonly min: number; readonly max: number }): JudgedLoginId {
  const read = readLoginId(typed);
  if (!read.ok) return read;
  if (!/^[A-Za-z0-9]+$/.test(read.asTyped)) return { ok: false, error: 'form.chars' };
  // Told first: nine digits are never right, whatever lengths a bank allows.
  if (isIssuedLoginId(read.key)) return { ok: false, error: 'id.issued' };
  if (read.asTyped.length < policy.min || read.asTyped.length > policy.max) return { ok: false, error: 'id.length' };
  return read;
}

/** The form of an ID made by the bank: nine digits. */
export function isIssuedLoginId(key: string): boolean {
  return /^[0-9]{9}$/.test(key);
}
