// SET001: the login ID that replaces the issued number (screens.md §8.4).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Step, type Attempt } from './step.tsx';

export interface SetupLoginIdProps extends Attempt {
  /** Limits of a chosen login ID, from policy. */
  readonly min: number;
  readonly max: number;
  /** What was typed; '' when nothing. */
  readonly newLoginId: string;
}

export function SetupLoginIdPage(props: SetupLoginIdProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  return (
    <Step
      attempt={props}
      t={t}
      screen="SET001"
      title={t.say('SET001.title')}
      errors={told}
      progress="login-id"
      lead={t.say('SET001.1')}
    >
      <Form frame={props.frame}>
        <Field
          t={t}
          name="new_login_id"
          errors={told}
          hint={t.say('hint.new_login_id', { min: props.min, max: props.max })}
          value={props.newLoginId}
        />
        <Main label={t.say('button.next')} />
      </Form>
    </Step>
  );
}
