// PWC002: an expired password must be changed, the other one may (screens.md §8.5).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { Radios } from '../parts/choice.tsx';
import { tell, type Told } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import { NewConfirmationPassword, NewPassword, type PasswordRules } from './password-fields.tsx';
import { Step, type Attempt } from './step.tsx';

/** `must`: expired; `may`: offered with 変更要否; `not`: left out, as a locked confirmation password is. */
export type Due = 'must' | 'may' | 'not';

export interface ExpiredPasswordProps extends Attempt {
  readonly login: Due;
  readonly confirmation: Due;
  /** When the (earlier) expired one expired. */
  readonly expiredAt: Instant;
  /** 変更要否 as it was chosen; null before anything was. */
  readonly changeLogin: 'change' | 'keep' | null;
  readonly changeConfirmation: 'change' | 'keep' | null;
  readonly rules: PasswordRules;
}

/** On pages that change a password its present value is called 現在の…. */
export const currentLabels = (t: Texts): { password: string; confirmation_password: string } => ({
  password: t.say('field.password.current'),
  confirmation_password: t.say('field.confirmation_password.current'),
});

function Need(props: {
  readonly t: Texts;
  readonly name: 'change_password' | 'change_confirmation_password';
  readonly due: Due;
  readonly chosen: 'change' | 'keep' | null;
  readonly errors: readonly Told[];
}): VNode {
  const { t, name } = props;
  return props.due === 'must' ? (
    <>
      <p class="note">{t.say('PWC002.2')}</p>
      <input type="hidden" name={name} value="change" />
    </>
  ) : (
    <Radios
      t={t}
      name={name}
      label={t.label(name)}
      options={[
        { value: 'change', label: t.say('choice.change') },
        { value: 'keep', label: t.say('choice.keep') },
      ]}
      chosen={props.chosen ?? 'keep'}
      errors={props.errors}
    />
  );
}

export function ExpiredPasswordPage(props: ExpiredPasswordProps): VNode {
  const t = textsOf(props.frame);
  const labels = currentLabels(t);
  const told = tell(t, props.errors, labels);
  const { rules } = props;
  return (
    <Step
      attempt={props}
      t={t}
      screen="PWC002"
      title={t.say('PWC002.title')}
      errors={told}
      lead={<Sentence pieces={t.pieces('PWC002.1', { date: props.expiredAt })} />}
    >
      <Form frame={props.frame}>
        {props.login === 'not' ? null : (
          <fieldset class="group">
            <legend>{t.say('secret.login')}</legend>
            <Need t={t} name="change_password" due={props.login} chosen={props.changeLogin} errors={told} />
            <Field
              t={t}
              name="password"
              label={labels.password}
              errors={told}
              hint={t.say('hint.password')}
              required={props.login === 'must'}
            />
            <NewPassword t={t} rules={rules} errors={told} required={props.login === 'must'} />
          </fieldset>
        )}
        {props.confirmation === 'not' ? null : (
          <fieldset class="group">
            <legend>{t.say('secret.confirmation')}</legend>
            <Need
              t={t}
              name="change_confirmation_password"
              due={props.confirmation}
              chosen={props.changeConfirmation}
              errors={told}
            />
            <Field
              t={t}
              name="confirmation_password"
              label={labels.confirmation_password}
              errors={told}
              hint={t.say('hint.confirmation_password')}
              required={props.confirmation === 'must'}
            />
            <NewConfirmationPassword t={t} rules={rules} errors={told} required={props.confirmation === 'must'} />
          </fieldset>
        )}
        <Main label={t.say('button.apply')} />
        <Ways>{props.cancel ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}</Ways>
      </Form>
    </Step>
  );
}
