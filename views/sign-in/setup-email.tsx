// SET004: the address to which the e-mail code goes (screens.md §8.4).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Step, type Attempt } from './step.tsx';

export interface SetupEmailProps extends Attempt {
  readonly loginId: string;
  /** What was typed, or the unproven address somebody else entered; '' when nothing. */
  readonly email: string;
}

export function SetupEmailPage(props: SetupEmailProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  return (
    <Step
      attempt={props}
      t={t}
      screen="SET004"
      title={t.say('SET004.title')}
      errors={told}
      progress="email"
      lead={t.say('SET004.1')}
    >
      <Facts facts={[{ term: t.say('field.login_id'), detail: props.loginId }]} />
      <Form frame={props.frame}>
        <Field t={t} name="email" errors={told} hint={t.say('hint.email')} value={props.email} />
        <Main label={t.say('button.send')} />
      </Form>
      <p class="note">{t.say('frame.saved')}</p>
    </Step>
  );
}
