// HDK045, before the check page of an assignment: for whom, and why. Its fee follows from both (screens.md §12).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import { Radios } from '../parts/choice.tsx';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Serial } from '../parts/serial.tsx';
import { orderReasons } from './desk-words.ts';
import { Left, type MoveLeft } from './token-left.tsx';

export interface AssignProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly left: readonly MoveLeft[];
  readonly serials: readonly string[];
  readonly typed: { readonly contractNumber: string; readonly reason: string; readonly formNumber: string };
}

export function AssignPage(props: AssignProps): VNode {
  const t = textsOf(props.frame);
  const labels = { reason: t.say('HDK045.23') };
  const told = tell(t, props.errors, labels);
  const { serials, typed } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="HDK045"
      title={t.say('HDK045.assign')}
      errors={told}
      wide
      lead={t.say('HDK045.1', { n: serials.length })}
    >
      <ul class="counts">
        {serials.map((serial) => (
          <li>
            <Serial value={serial} />
          </li>
        ))}
      </ul>
      <Left t={t} left={props.left} />
      <Form frame={props.frame}>
        <Field t={t} name="contract_number" errors={told} value={typed.contractNumber} />
        <Radios
          t={t}
          name="reason"
          label={labels.reason}
          options={orderReasons.map((reason) => ({ value: reason, label: t.say(`order.${reason}`) }))}
          chosen={typed.reason}
          errors={told}
        />
        <Field
          t={t}
          name="form_number"
          errors={told}
          hint={t.say('hint.form_number')}
          value={typed.formNumber}
          required={false}
        />
        <Main label={t.say('button.next')} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
