// The name of a person as others of the company know it: any script, emoji too; one line, nothing that hides or turns text.
import { hasControl } from './normalise.ts';

/** In characters, as Unicode counts them (screens.md §5). */
export const personNameLimit = 40;

export type JudgedName =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly error: 'form.required' | 'form.long' | 'form.chars' };

/** Judges a typed name; blanks around it are dropped. It must show something: a name of joiners and fillers is no name. */
export function judgePersonName(typed: string): JudgedName {
  const name = typed.trim().normalize('NFC');
  if (name === '') return { ok: false, error: 'form.required' };
  if ([...name].length > personNameLimit) return { ok: false, error: 'form.long' };
  // Fillers and the empty Braille cell count as letters and signs, and show nothing.
  const shown = name.replace(/[\p{Default_Ignorable_Code_Point}\u2800]/gu, '');
  if (hasControl(name) || !/[\p{L}\p{N}\p{S}\p{Extended_Pictographic}]/u.test(shown))
    return { ok: false, error: 'form.chars' };
  return { ok: true, name };
}
