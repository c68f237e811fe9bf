// HDK004, first time: the operator's own password, judged as everybody's (screens.md §12, as SET002).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { RuleList, type PasswordRules } from '../sign-in/password-fields.tsx';
import { OperatorStep, type OperatorStepProps } from './step.tsx';

export function OperatorPasswordPage(props: OperatorStepProps & { readonly rules: PasswordRules }): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { rules } = props;
  const values = { min: rules.min, max: rules.max, n: rules.history };
  const hint = t.say(rules.printable ? 'hint.operator.new_password.printable' : 'hint.operator.new_password', values);
  return (
    <OperatorStep
      step={props}
      t={t}
      told={told}
      title={t.say('HDK004.password.title')}
      lead={t.say('HDK004.password.1')}
    >
      <RuleList t={t} rules={rules} of="login" />
      <Form frame={props.frame}>
        <Field t={t} name="new_password" errors={told} hint={hint} />
        <Field t={t} name="new_password_again" errors={told} />
        <Main label={t.say('button.next')} />
        <Ways>
          <Way action="cancel" look="link" label={t.say('button.cancel')} />
        </Ways>
      </Form>
    </OperatorStep>
  );
}
