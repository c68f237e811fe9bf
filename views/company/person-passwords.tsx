// The passwords on CON030: changed or kept, issued by the system or typed, forced at the next sign-in; or a new ID and password
// for a person before the first-time setup.
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';
import { Radios } from '../parts/choice.tsx';
import type { Told } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import type { PasswordRules } from '../sign-in/password-fields.tsx';

/** How one password was chosen to be set; what was typed is never shown again. */
export interface PasswordEntry {
  readonly change: 'change' | 'keep';
  readonly by: 'issue' | 'typed';
  /** One was typed before and is kept. */
  readonly typed: boolean;
  readonly force: boolean;
}

export interface PasswordsAsked {
  readonly passwords:
    | 'none'
    /** Before the first-time setup: a new ID and password. */
    | { readonly reissue: boolean }
    | { readonly login: PasswordEntry; readonly confirmation: PasswordEntry | null };
  readonly force: 'fixed' | 'free';
  readonly rules: PasswordRules;
}

const sets = {
  login: {
    change: 'change_password',
    by: 'new_password_by',
    field: 'new_password',
    force: 'force_change_password',
  },
  confirmation: {
    change: 'change_confirmation_password',
    by: 'new_confirmation_password_by',
    field: 'new_confirmation_password',
    force: 'force_change_confirmation_password',
  },
} as const;

function Password(props: {
  readonly t: Texts;
  readonly page: PasswordsAsked;
  readonly which: 'login' | 'confirmation';
  readonly entry: PasswordEntry;
  readonly told: readonly Told[];
}): VNode {
  const { t, page, which, entry, told } = props;
  const names = sets[which];
  const { rules } = page;
  const values = { min: rules.min, max: rules.max, n: rules.history };
  const hint =
    which === 'login'
      ? t.say(rules.printable ? 'hint.new_password.printable' : 'hint.new_password', values)
      : t.say(rules.printable ? 'hint.new_confirmation_password.printable' : 'hint.new_confirmation_password', values);
  return (
    <fieldset class="group">
      <legend>{t.say(`secret.${which}`)}</legend>
      <Radios
        t={t}
        name={names.change}
        label={t.label(names.change)}
        options={[
          { value: 'change', label: t.say('choice.change') },
          { value: 'keep', label: t.say('choice.keep') },
        ]}
        chosen={entry.change}
        errors={told}
      />
      <Radios
        t={t}
        name={names.by}
        label={t.label(names.by)}
        options={[
          { value: 'issue', label: t.say('choice.issue') },
          { value: 'typed', label: t.say('choice.typed') },
        ]}
        chosen={entry.by}
        errors={told}
      />
      <Field
        t={t}
        name={names.field}
        errors={told}
        required={false}
        hint={entry.typed ? t.say('CON030.6') : `${t.say('CON030.9')}${t.gap}${hint}`}
      />
      <div class="tick">
        {page.force === 'fixed' ? (
          <Icon name="check" />
        ) : (
          <input
            type="checkbox"
            id={names.force}
            name={names.force}
            value="yes"
            checked={entry.force}
            aria-describedby={`${names.force}-hint`}
          />
        )}
        <div>
          {page.force === 'fixed' ? (
            <strong id={names.force}>{t.say('CON030.7')}</strong>
          ) : (
            <label for={names.force}>{t.say('CON030.7')}</label>
          )}
          <p class="hint" id={`${names.force}-hint`}>
            {t.say('hint.force_change')}
          </p>
        </div>
      </div>
    </fieldset>
  );
}

function Reissue({
  t,
  reissue,
  told,
}: {
  readonly t: Texts;
  readonly reissue: boolean;
  readonly told: readonly Told[];
}): VNode {
  return (
    <Radios
      t={t}
      name="change_password"
      label={t.say('CON030.3')}
      hint={t.say('CON030.2')}
      options={[
        { value: 'change', label: t.say('CON030.4') },
        { value: 'keep', label: t.say('CON030.5') },
      ]}
      chosen={reissue ? 'change' : 'keep'}
      errors={told}
    />
  );
}

export function Passwords({
  t,
  page,
  told,
}: {
  readonly t: Texts;
  readonly page: PasswordsAsked;
  readonly told: readonly Told[];
}): VNode | null {
  const { passwords } = page;
  if (passwords === 'none') return null;
  if ('reissue' in passwords) return <Reissue t={t} reissue={passwords.reissue} told={told} />;
  return (
    <>
      <Password t={t} page={page} which="login" entry={passwords.login} told={told} />
      {passwords.confirmation === null ? null : (
        <Password t={t} page={page} which="confirmation" entry={passwords.confirmation} told={told} />
      )}
    </>
  );
}
