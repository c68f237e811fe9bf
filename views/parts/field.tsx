// One field: label, 要否ラベル, hint, input, error, tied together (screens.md §3 rows 4, 7, 8; attributes of §5).
import type { ComponentChildren, VNode } from 'preact';
import type { FieldName } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, type Told } from './errors.tsx';

type Manner = 'id' | 'secret' | 'digits' | 'code' | 'number' | 'serial' | 'email' | 'text';

const inputs = {
  login_id: { manner: 'id', autocomplete: 'username' },
  new_login_id: { manner: 'id', autocomplete: 'username' },
  password: { manner: 'secret', autocomplete: 'current-password' },
  confirmation_password: { manner: 'secret', autocomplete: 'section-confirm current-password' },
  new_password: { manner: 'secret', autocomplete: 'new-password' },
  new_password_again: { manner: 'secret', autocomplete: 'new-password' },
  new_confirmation_password: { manner: 'secret', autocomplete: 'section-confirm new-password' },
  new_confirmation_password_again: { manner: 'secret', autocomplete: 'section-confirm new-password' },
  transport_key: { manner: 'secret', autocomplete: 'off' },
  otp: { manner: 'code', autocomplete: 'one-time-code' },
  otp_next: { manner: 'code', autocomplete: 'one-time-code' },
  new_otp: { manner: 'code', autocomplete: 'one-time-code' },
  email_code: { manner: 'code', autocomplete: 'one-time-code' },
  email: { manner: 'email', autocomplete: 'email' },
  email_again: { manner: 'email', autocomplete: 'email' },
  activation_password: { manner: 'digits', autocomplete: 'off' },
  activation_password_again: { manner: 'digits', autocomplete: 'off' },
  serial: { manner: 'serial', autocomplete: 'off' },
  contract_number: { manner: 'number', autocomplete: 'off' },
  confirm_count: { manner: 'code', autocomplete: 'off' },
  person_name: { manner: 'text', autocomplete: 'off' },
  device_label: { manner: 'text', autocomplete: 'off' },
  form_number: { manner: 'text', autocomplete: 'off' },
  reason_words: { manner: 'text', autocomplete: 'off' },
} as const satisfies Partial<Record<FieldName, { manner: Manner; autocomplete: string }>>;

export type InputName = keyof typeof inputs;

/** The ids that describe a field: its hint, its error, and what else the page names. */
const described = (...ids: readonly (string | false)[]): string | undefined => {
  const given = ids.filter((id) => id !== false);
  return given.length === 0 ? undefined : given.join(' ');
};

export function Need(props: { readonly t: Texts; readonly required: boolean }): VNode {
  return (
    <span class={props.required ? 'need need-required' : 'need'}>
      {props.t.say(props.required ? 'frame.required' : 'frame.optional')}
    </span>
  );
}

export interface FieldProps {
  readonly t: Texts;
  readonly name: InputName;
  readonly errors: readonly Told[];
  /** Replaces the usual label. */
  readonly label?: string | undefined;
  readonly hint?: ComponentChildren;
  /** What was typed; secrets and codes never show it. */
  readonly value?: string | undefined;
  readonly required?: boolean;
  /** The field takes part in a mistake told only in the summary. */
  readonly suspect?: boolean;
}

/** One labelled input. Secrets and codes are never echoed. */
export function Field(props: FieldProps): VNode {
  const { t, name, errors, hint } = props;
  const { manner, autocomplete } = inputs[name];
  const wrong = errors.some((error) => error.field === name);
  const suspect = props.suspect === true && !wrong;
  const required = props.required !== false;
  const hinted = hint !== undefined && hint !== null;
  const shared = {
    'id': name,
    name,
    'class': `input input-${manner === 'digits' ? 'secret' : manner}`,
    autocomplete,
    'autocapitalize': manner === 'serial' ? 'characters' : manner === 'text' ? 'sentences' : 'none',
    'spellcheck': false,
    required,
    'aria-invalid': wrong || suspect ? true : undefined,
    'aria-describedby': described(hinted && `${name}-hint`, wrong && `${name}-error`, suspect && 'summary'),
  } as const;
  return (
    <div class={wrong ? 'field field-wrong' : 'field'}>
      <p class="label">
        <label for={name}>{props.label ?? t.label(name)}</label> <Need t={t} required={required} />
      </p>
      {hinted ? (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      ) : null}
      {manner === 'secret' ? (
        <input type="password" {...shared} data-show={t.say('frame.show')} data-hide={t.say('frame.hide')} />
      ) : manner === 'digits' ? (
        <input
          type="password"
          {...shared}
          inputmode="numeric"
          data-show={t.say('frame.show')}
          data-hide={t.say('frame.hide')}
        />
      ) : manner === 'email' ? (
        <input type="email" {...shared} inputmode="email" value={props.value} />
      ) : manner === 'code' ? (
        <input type="text" {...shared} inputmode="numeric" />
      ) : manner === 'number' ? (
        <input type="text" {...shared} inputmode="numeric" value={props.value} />
      ) : (
        <input type="text" {...shared} value={props.value} />
      )}
      <FieldErrors errors={errors} name={name} />
    </div>
  );
}
