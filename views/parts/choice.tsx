// Choices: one box to tick, and groups of radio buttons or boxes inside a fieldset with its legend.
import type { ComponentChildren, VNode } from 'preact';
import type { FieldName } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, type Told } from './errors.tsx';
import { Need } from './field.tsx';

/** One box to tick; its hint is always open. */
export function Tick(props: {
  readonly name: FieldName;
  readonly label: string;
  readonly hint: string;
  readonly checked: boolean;
}): VNode {
  return (
    <div class="tick">
      <input
        type="checkbox"
        id={props.name}
        name={props.name}
        value="yes"
        checked={props.checked}
        aria-describedby={`${props.name}-hint`}
      />
      <div>
        <label for={props.name}>{props.label}</label>
        <p class="hint" id={`${props.name}-hint`}>
          {props.hint}
        </p>
      </div>
    </div>
  );
}

export interface Option {
  readonly value: string;
  readonly label: ComponentChildren;
}

/** A group of radio buttons. `chosen` null leaves all empty. */
export function Radios(props: {
  readonly t: Texts;
  readonly name: FieldName;
  readonly label: string;
  readonly hint?: string;
  readonly options: readonly Option[];
  readonly chosen: string | null;
  readonly errors: readonly Told[];
}): VNode {
  const { t, name, errors } = props;
  const wrong = errors.some((error) => error.field === name);
  const hinted = props.hint !== undefined;
  const described = [hinted ? `${name}-hint` : '', wrong ? `${name}-error` : ''].filter((id) => id !== '').join(' ');
  return (
    <fieldset class={wrong ? 'field field-wrong' : 'field'} aria-describedby={described === '' ? undefined : described}>
      <legend class="label">
        {props.label} <Need t={t} required />
      </legend>
      {hinted ? (
        <p class="hint" id={`${name}-hint`}>
          {props.hint}
        </p>
      ) : null}
      <div class="radios">
        {props.options.map(({ value, label }, index) => (
          <label class="radio">
            <input
              type="radio"
              id={index === 0 ? name : undefined}
              name={name}
              value={value}
              checked={props.chosen === value}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      <FieldErrors errors={errors} name={name} />
    </fieldset>
  );
}
