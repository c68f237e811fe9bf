// The fields with which a new password is chosen, and the rules they are judged by (screens.md §5, §8.4, §8.5).
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';
import type { Told } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';

/** Limits of a chosen password, from policy. */
export interface PasswordRules {
  readonly min: number;
  readonly max: number;
  /** Printable ASCII is allowed, not only letters and digits. */
  readonly printable: boolean;
  /** How many former passwords are refused. */
  readonly history: number;
}

/** The new login password, twice. */
export function NewPassword(props: {
  readonly t: Texts;
  readonly rules: PasswordRules;
  readonly errors: readonly Told[];
  readonly required?: boolean;
}): VNode {
  const { t, rules, errors, required = true } = props;
  const values = { min: rules.min, max: rules.max, n: rules.history };
  const hint = rules.printable ? t.say('hint.new_password.printable', values) : t.say('hint.new_password', values);
  return (
    <>
      <Field t={t} name="new_password" errors={errors} hint={hint} required={required} />
      <Field t={t} name="new_password_again" errors={errors} required={required} />
    </>
  );
}

/** The new confirmation password, twice. */
export function NewConfirmationPassword(props: {
  readonly t: Texts;
  readonly rules: PasswordRules;
  readonly errors: readonly Told[];
  readonly required?: boolean;
}): VNode {
  const { t, rules, errors, required = true } = props;
  const values = { min: rules.min, max: rules.max };
  const hint = rules.printable
    ? t.say('hint.new_confirmation_password.printable', values)
    : t.say('hint.new_confirmation_password', values);
  return (
    <>
      <Field t={t} name="new_confirmation_password" errors={errors} hint={hint} required={required} />
      <Field t={t} name="new_confirmation_password_again" errors={errors} required={required} />
    </>
  );
}

/** The rules as a list, before the field. */
export function RuleList(props: {
  readonly t: Texts;
  readonly rules: PasswordRules;
  readonly of: 'login' | 'confirmation';
}): VNode {
  const { t, rules } = props;
  const values = { min: rules.min, max: rules.max };
  return (
    <section class="box">
      <h2>{t.say('rules.title')}</h2>
      <ul>
        <li>{rules.printable ? t.say('rule.length.printable', values) : t.say('rule.length', values)}</li>
        <li>{t.say('rule.mix')}</li>
        <li>{t.say('rule.case')}</li>
        <li>{t.say('rule.id')}</li>
        {props.of === 'login' ? <li>{t.say('rule.issued')}</li> : <li>{t.say('rule.confirmation')}</li>}
      </ul>
    </section>
  );
}
