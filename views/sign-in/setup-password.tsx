// SET002: the login password; storing it ends the issued pair (screens.md §8.4).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { NewPassword, RuleList, type PasswordRules } from './password-fields.tsx';
import { Step, type Attempt } from './step.tsx';

export interface SetupPasswordProps extends Attempt {
  /** The login ID chosen in the step before. */
  readonly loginId: string;
  readonly rules: PasswordRules;
}

export function SetupPasswordPage(props: SetupPasswordProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  return (
    <Step
      attempt={props}
      t={t}
      screen="SET002"
      title={t.say('SET002.title')}
      errors={told}
      progress="password"
      lead={t.say('SET002.1')}
    >
      <Facts facts={[{ term: t.say('field.new_login_id'), detail: props.loginId }]} />
      <RuleList t={t} rules={props.rules} of="login" />
      <Form frame={props.frame}>
        <NewPassword t={t} rules={props.rules} errors={told} />
        <Main label={t.say('button.next')} />
      </Form>
    </Step>
  );
}
