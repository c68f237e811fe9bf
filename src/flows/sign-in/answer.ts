// What an act of a screen answers: the dispatcher is asked for the next page, or the same page says what is the matter.

/** A sentence of the message catalogue at a field, or above all fields. */
export interface FormError {
  readonly field: string | null;
  readonly key: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Refusal words of spec §12 that stay on the same screen, with status 422 unless said otherwise. */
export type ScreenWord = 'form' | 'credentials' | 'otp-wrong' | 'otp-used';

export type Answer =
  | { readonly advanced: true }
  | { readonly advanced: false; readonly word: ScreenWord; readonly errors: readonly FormError[] }
  /** A page of its own (too-many). */
  | {
      readonly advanced: false;
      readonly word: 'too-many';
      readonly until: number;
      readonly about: 'source' | 'first-link';
    };

export const advanced: Answer = { advanced: true };

export function refused(word: ScreenWord, ...errors: readonly FormError[]): Answer {
  return { advanced: false, word, errors };
}
