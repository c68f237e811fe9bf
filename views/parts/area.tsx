// A field of several lines: a reason in words (screens.md §5, textarea).
import type { VNode } from 'preact';
import type { FieldName } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, type Told } from './errors.tsx';
import { Need } from './field.tsx';

export function Area(props: {
  readonly t: Texts;
  readonly name: FieldName;
  readonly hint: string;
  readonly value: string;
  readonly required: boolean;
  readonly errors: readonly Told[];
}): VNode {
  const { t, name, errors, required } = props;
  const wrong = errors.some((error) => error.field === name);
  return (
    <div class={wrong ? 'field field-wrong' : 'field'}>
      <p class="label">
        <label for={name}>{t.label(name)}</label> <Need t={t} required={required} />
      </p>
      <p class="hint" id={`${name}-hint`}>
        {props.hint}
      </p>
      <textarea
        id={name}
        name={name}
        class="input"
        rows={3}
        required={required}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? `${name}-hint ${name}-error` : `${name}-hint`}
      >
        {props.value}
      </textarea>
      <FieldErrors errors={errors} name={name} />
    </div>
  );
}
