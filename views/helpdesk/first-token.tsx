// HDK004, first time: the operator's authenticator app, its key shown once, in force with its first code (as BOT005).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { AuthenticatorSecret, type ShownSecret } from '../token/authenticator-secret.tsx';
import { OperatorStep, type OperatorStepProps } from './step.tsx';

/** `secret` null: it was shown already. */
export function OperatorTokenPage(props: OperatorStepProps & { readonly secret: ShownSecret | null }): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { secret } = props;
  return (
    <OperatorStep
      step={props}
      t={t}
      told={told}
      title={t.say('HDK004.token.title')}
      lead={t.say(secret === null ? 'HDK004.token.shown' : 'HDK004.token.1')}
    >
      {secret === null ? null : <AuthenticatorSecret t={t} secret={secret} />}
      <Form frame={props.frame}>
        <Field t={t} name="otp" errors={told} hint={t.say('hint.otp.authenticator')} />
        <Main label={t.say('button.verify')} />
        <Ways>
          <Way action="restart_issue" label={t.say('button.restart_issue')} />
          <Way action="cancel" look="link" label={t.say('button.cancel')} />
        </Ways>
      </Form>
      <p class="note">{t.say('HDK004.token.2')}</p>
    </OperatorStep>
  );
}
