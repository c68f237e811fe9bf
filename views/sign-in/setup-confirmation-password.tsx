// SET003: the confirmation password, and what it is for (screens.md §8.4).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { NewConfirmationPassword, RuleList, type PasswordRules } from './password-fields.tsx';
import { Step, type Attempt } from './step.tsx';

export interface SetupConfirmationPasswordProps extends Attempt {
  readonly loginId: string;
  readonly rules: PasswordRules;
}

export function SetupConfirmationPasswordPage(props: SetupConfirmationPasswordProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  return (
    <Step
      attempt={props}
      t={t}
      screen="SET003"
      title={t.say('SET003.title')}
      errors={told}
      progress="confirmation-password"
      lead={t.say('SET003.1')}
    >
      <ul class="list">
        <li>{t.say('SET003.2')}</li>
        <li>{t.say('SET003.3')}</li>
      </ul>
      <Facts facts={[{ term: t.say('field.login_id'), detail: props.loginId }]} />
      <RuleList t={t} rules={props.rules} of="confirmation" />
      <Form frame={props.frame}>
        <NewConfirmationPassword t={t} rules={props.rules} errors={told} />
        <Main label={t.say('button.next')} />
      </Form>
      <p class="note">{t.say('frame.saved')}</p>
    </Step>
  );
}
