// TKN004: from a working key-fob to its successor: a code of the old one, serial number and code of the new one (screens.md §10).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';

export interface TokenReplaceProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  /** Of the token in use: last four characters of its serial number. */
  readonly last4: string;
  /** The code it shows now was spent on signing in. */
  readonly afterLogin: boolean;
  /** Others who hold the token in use. */
  readonly others: number;
  /** What was typed; '' when nothing. */
  readonly serial: string;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

export function TokenReplacePage(props: TokenReplaceProps): VNode {
  const t = textsOf(props.frame);
  const labels = { otp: t.say('TKN004.2'), serial: t.say('TKN004.3') };
  const told = tell(t, props.errors, labels);
  const mismatch = props.errors.some((error) => error.key === 'serial.mismatch');
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="TKN004"
      title={t.say('TKN004.title')}
      errors={told}
      lead={t.say('TKN004.1')}
    >
      <ul class="list">
        <li>{t.say('TKN004.4')}</li>
        {props.others === 0 ? null : <li>{t.say('TKN004.5')}</li>}
        <li>{t.say('TKN004.6')}</li>
      </ul>
      <Form frame={props.frame} hidden={props.hidden}>
        <Field
          t={t}
          name="otp"
          label={labels.otp}
          errors={told}
          hint={`${t.say('hint.otp.hardware', { last4: props.last4 })}${props.afterLogin ? `${t.gap}${t.say('otp.afterlogin')}` : ''}`}
        />
        <Field
          t={t}
          name="serial"
          label={labels.serial}
          errors={told}
          hint={t.say('hint.serial')}
          value={props.serial}
          suspect={mismatch}
        />
        <Field t={t} name="new_otp" errors={told} hint={t.say('hint.new_otp')} suspect={mismatch} />
        <Main label={t.say('button.change-token')} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
