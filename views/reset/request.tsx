// RST002: a master asks for a new login password (screens.md §8.7). It says what happens and how long it takes.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';

export interface ResetRequestProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  /** What was typed. */
  readonly loginId: string;
  readonly contractNumber: string;
  readonly email: string;
}

export function ResetRequestPage(props: ResetRequestProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="RST002"
      title={t.say('RST002.title')}
      errors={told}
      lead={t.say('RST002.1')}
    >
      <ol class="list">
        <li>{t.say('RST002.2')}</li>
        <li>{t.say('RST002.3')}</li>
        <li>{t.say('RST002.4')}</li>
      </ol>
      <p class="note">{t.say('RST002.5')}</p>
      <Form frame={props.frame}>
        <Field t={t} name="login_id" errors={told} value={props.loginId} />
        <Field
          t={t}
          name="contract_number"
          errors={told}
          hint={t.say('hint.contract_number')}
          value={props.contractNumber}
        />
        <Field t={t} name="email" errors={told} hint={t.say('RST002.6')} value={props.email} />
        <Main label={t.say('button.send')} />
        <Ways>
          <Way action="cancel" look="link" label={t.say('button.cancel')} />
        </Ways>
      </Form>
    </Layout>
  );
}
