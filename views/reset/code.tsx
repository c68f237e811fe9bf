// RST003: the e-mailed code. The page is the same whether anything was sent or not (screens.md §8.7, 4.8 group D).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';

export interface ResetCodeProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  /** Until when the code is good. */
  readonly until: Instant;
}

export function ResetCodePage(props: ResetCodeProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="RST003"
      title={t.say('RST003.title')}
      errors={told}
      lead={<Sentence pieces={t.pieces('reset.accepted', { until: props.until })} />}
    >
      <Form frame={props.frame}>
        <Field t={t} name="email_code" errors={told} hint={t.say('RST003.1')} />
        <Main label={t.say('button.next')} />
        <Ways>
          <Way action="resend" label={t.say('button.resend')} />
          <Way action="cancel" look="link" label={t.say('button.cancel')} />
        </Ways>
      </Form>
    </Layout>
  );
}
