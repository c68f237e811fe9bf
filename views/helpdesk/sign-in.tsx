// HDK003: the operators' own way in; no way from here leads to the customers' pages (screens.md §12).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';

export interface OperatorSignInProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  /** What was typed; '' when nothing. */
  readonly loginId: string;
}

export function OperatorSignInPage(props: OperatorSignInProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const suspect = props.errors.some((error) => error.key === 'operator.mismatch');
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="HDK003"
      title={t.say('HDK003.title')}
      errors={told}
      banners={props.banners}
      lead={t.say('HDK003.1')}
    >
      <Form frame={props.frame}>
        <Field
          t={t}
          name="login_id"
          errors={told}
          hint={t.say('hint.operator.login_id')}
          value={props.loginId}
          suspect={suspect}
        />
        <Field t={t} name="password" errors={told} hint={t.say('hint.operator.password')} suspect={suspect} />
        <Main label={t.say('button.signin')} />
      </Form>
    </Layout>
  );
}
