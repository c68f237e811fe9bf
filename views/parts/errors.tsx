// Mistakes of a form, told twice in the same words: in the summary at the top and at the field (screens.md §3 row 5).
import type { VNode } from 'preact';
import { refusalWords, type ErrorWord, type FormError } from '../messages/errors.ts';
import type { FieldName } from '../messages/placeholders.ts';
import { usualValues } from '../messages/stored.ts';
import type { Piece, Texts } from '../messages/texts.ts';
import { Sentence } from './sentence.tsx';

/** A mistake in the words of this page. */
export interface Told {
  readonly field: FieldName | null;
  readonly pieces: readonly Piece[];
  /** What it puts into `data-refusal`. */
  readonly word: ErrorWord;
}

/** Labels that a page gives to fields instead of their usual ones. */
export type Labels = Partial<Readonly<Record<FieldName, string>>>;

export const labelOf = (t: Texts, labels: Labels, field: FieldName): string => labels[field] ?? t.label(field);

/** Puts errors into words; {label} becomes what the page calls the field, and what nobody told has its usual value. */
export const tell = (t: Texts, errors: readonly FormError[], labels: Labels): readonly Told[] =>
  errors.map((error) => ({
    field: error.field,
    pieces: t.message(
      { key: error.key, values: { ...usualValues(error.field), ...error.values } },
      error.field === null ? '' : labelOf(t, labels, error.field),
    ),
    word: refusalWords[error.key],
  }));

export function ErrorSummary(props: {
  readonly t: Texts;
  readonly errors: readonly Told[];
  readonly reference: string | null;
  readonly screen: string;
}): VNode | null {
  const { t, errors, reference, screen } = props;
  if (errors.length === 0) return null;
  return (
    <div class="summary" role="alert" tabindex={-1} autofocus id="summary">
      <h2>{t.say('form.title')}</h2>
      <ul>
        {errors.map(({ field, pieces }, index) => (
          <li id={`summary-${index}`}>
            {field === null ? (
              <Sentence pieces={pieces} />
            ) : (
              <a href={`#${field}`}>
                <Sentence pieces={pieces} />
              </a>
            )}
          </li>
        ))}
      </ul>
      {reference === null ? null : <p class="reference">{t.say('form.ref', { ref: reference, screen })}</p>}
    </div>
  );
}

/** The error sentences of one field, tied to it by `aria-describedby`. */
export function FieldErrors(props: { readonly errors: readonly Told[]; readonly name: FieldName }): VNode | null {
  const own = props.errors.filter((error) => error.field === props.name);
  if (own.length === 0) return null;
  return (
    <p class="field-error" id={`${props.name}-error`}>
      {own.map((error) => (
        <span>
          <Sentence pieces={error.pieces} />
        </span>
      ))}
    </p>
  );
}
