// What a person typed, brought to one form before anybody judges it (spec §2, screens.md 4.9 and §5). IDs, codes and serials
// are normalised silently; a password never is. Nothing here knows what the right value would be.

/** Every text field ends here, in bytes of UTF-8, before it is parsed (screens.md §5). */
export const textLimit = 256;

/** What can be wrong with any field, whatever it means; message keys of screens.md 7.1. */
export type FormError = 'form.required' | 'form.long' | 'form.chars';

// Input methods and word processors write a hyphen in many ways: \p{Pd} and the minus sign, the soft hyphen, the hyphen
// bullet, the long vowel mark that the same key gives in kana mode, and the light and heavy horizontal lines.
const spacesAndHyphens = /[\s\u200B\u2060\p{Pd}\u2212\u00AD\u2043\u30FC\u2500\u2501]/gu;

// Control characters, halves of surrogate pairs, line separators, and the marks that turn the direction of text.
const control = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

// From U+1100 on characters are as wide as a kanji in Japanese fonts; half-width kana are the exception.
const fullWidth = /[\u{1100}-\u{FF60}\u{FFA0}-\u{10FFFF}]/u;

/** Length in bytes of UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Control characters or broken text: never right in a field of one line, and never compared. */
export function hasControl(text: string): boolean {
  return control.test(text);
}

/** Characters of a Japanese input method that was left on. */
export function hasFullWidth(text: string): boolean {
  return fullWidth.test(text);
}

/** NFKC, without spaces and hyphens of any kind: for IDs, codes, serials and contract numbers (spec §2). */
export function normalise(typed: string): string {
  // Once more, because marks that a hyphen held apart may now compose.
  return typed.normalize('NFKC').replace(spacesAndHyphens, '').normalize('NFKC');
}

/** What is wrong before the meaning matters: nothing typed, too many bytes, control characters. Null when nothing is. */
export function judgeText(typed: string, limit: number = textLimit): FormError | null {
  if (typed === '') return 'form.required';
  if (byteLength(typed) > limit) return 'form.long';
  return hasControl(typed) ? 'form.chars' : null;
}

export type TypedCode =
  | { readonly ok: true; readonly code: string }
  /** `digits`: how many digits were typed when it was digits alone, to tell the e-mail code from the token's. */
  | { readonly ok: false; readonly error: FormError | 'digits'; readonly digits: number | null };

/**
 * A code of `digits` digits, typed in any width, with spaces or hyphens. Whatever is refused here cannot be right by its
 * form and is not counted as a wrong try (screens.md 4.9).
 */
export function readCode(typed: string, digits: number): TypedCode {
  const error = judgeText(typed);
  if (error) return { ok: false, error, digits: null };
  const code = normalise(typed);
  if (code === '') return { ok: false, error: 'form.required', digits: null };
  if (!/^[0-9]+$/.test(code)) return { ok: false, error: 'digits', digits: null };
  return code.length === digits ? { ok: true, code } : { ok: false, error: 'digits', digits: code.length };
}
