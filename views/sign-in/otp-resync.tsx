// OTP003: two consecutive codes repair the clock of a key-fob and count as this sign-in's code (screens.md §8.3).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Step, type Attempt } from './step.tsx';

export interface OtpResyncProps extends Attempt {
  /** Last four characters of the serial number. */
  readonly last4: string;
  /** The code it shows now was spent on signing in. */
  readonly afterLogin?: boolean;
  readonly hidden?: readonly { readonly name: string; readonly value: string }[];
}

export function OtpResyncPage(props: OtpResyncProps): VNode {
  const t = textsOf(props.frame);
  const labels = { otp: t.say('field.otp.now') };
  const told = tell(t, props.errors, labels);
  return (
    <Step attempt={props} t={t} screen="OTP003" title={t.say('OTP003.title')} errors={told} lead={t.say('OTP003.1')}>
      <ol class="list">
        <li>{t.say('OTP003.2')}</li>
        <li>{t.say('OTP003.3')}</li>
        <li>{t.say('OTP003.4')}</li>
      </ol>
      <Form frame={props.frame} {...(props.hidden === undefined ? {} : { hidden: props.hidden })}>
        <Field
          t={t}
          name="otp"
          label={labels.otp}
          errors={told}
          hint={`${t.say('hint.otp.hardware', { last4: props.last4 })}${props.afterLogin === true ? `${t.gap}${t.say('otp.afterlogin')}` : ''}`}
        />
        <Field t={t} name="otp_next" errors={told} hint={t.say('hint.otp_next')} />
        <Main label={t.say('button.adjust')} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Step>
  );
}
