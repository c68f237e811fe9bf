// PWC001: passwords that an administrator set are replaced by one's own; only those that were set (screens.md §8.5).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import { currentLabels } from './expired-password.tsx';
import { NewConfirmationPassword, NewPassword, type PasswordRules } from './password-fields.tsx';
import { Step, type Attempt } from './step.tsx';

export interface ForcedChangeProps extends Attempt {
  /** Which passwords were set by others; a locked confirmation password is left out. */
  readonly due: readonly ('login' | 'confirmation')[];
  readonly rules: PasswordRules;
  /** The login password came by post (a master's reset), not from an administrator. */
  readonly byPost?: boolean;
}

export function ForcedChangePage(props: ForcedChangeProps): VNode {
  const t = textsOf(props.frame);
  const labels = currentLabels(t);
  const told = tell(t, props.errors, labels);
  const hint = t.say('hint.password.issued');
  const loginHint = props.byPost === true ? t.say('hint.password.post') : hint;
  return (
    <Step
      attempt={props}
      t={t}
      screen="PWC001"
      title={t.say('PWC001.title')}
      errors={told}
      lead={t.say(props.byPost === true ? 'PWC001.post' : 'PWC001.1')}
    >
      <Form frame={props.frame}>
        {props.due.includes('login') ? (
          <fieldset class="group">
            <legend>{t.say('secret.login')}</legend>
            <Field t={t} name="password" label={labels.password} errors={told} hint={loginHint} />
            <NewPassword t={t} rules={props.rules} errors={told} />
          </fieldset>
        ) : null}
        {props.due.includes('confirmation') ? (
          <fieldset class="group">
            <legend>{t.say('secret.confirmation')}</legend>
            <Field t={t} name="confirmation_password" label={labels.confirmation_password} errors={told} hint={hint} />
            <NewConfirmationPassword t={t} rules={props.rules} errors={told} />
          </fieldset>
        ) : null}
        <Main label={t.say('button.apply')} />
        <Ways>{props.cancel ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}</Ways>
      </Form>
      <p class="note">
        <Sentence pieces={t.pieces(props.byPost === true ? 'PWC001.post.2' : 'PWC001.2')} />
      </p>
    </Step>
  );
}
