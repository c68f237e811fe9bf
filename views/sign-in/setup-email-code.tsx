// SET005: the code that proves the address (screens.md §8.4).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import { Step, type Attempt } from './step.tsx';

/** An e-mail code on its way: to which address (full when just typed, else masked), when, and until when it is good. */
export interface SentCode {
  readonly masked: string;
  readonly sentAt: Instant;
  readonly until: Instant;
}

export interface SetupEmailCodeProps extends Attempt {
  readonly sent: SentCode;
  /** When the mail may be sent again; null: now. */
  readonly resendAt: Instant | null;
}

export function SetupEmailCodePage(props: SetupEmailCodeProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { sent, resendAt } = props;
  return (
    <Step
      attempt={{
        ...props,
        banners: [...props.banners, { key: 'emailcode.sent', values: { masked: sent.masked, sentAt: sent.sentAt } }],
      }}
      t={t}
      screen="SET005"
      title={t.say('SET005.title')}
      errors={told}
      progress="email"
      lead={t.say('SET005.1')}
    >
      <Form frame={props.frame}>
        <Field
          t={t}
          name="email_code"
          errors={told}
          hint={<Sentence pieces={t.pieces('hint.email_code', { ...sent })} />}
        />
        <Main label={t.say('button.next')} />
        <Ways>
          <Way action="resend" label={t.say('button.resend')} />
          <Way action="change_email" label={t.say('button.change_email')} />
        </Ways>
      </Form>
      {resendAt === null ? null : (
        <p class="note">
          <Sentence pieces={t.pieces('SET005.2', { at: resendAt })} />
        </p>
      )}
      <p class="note">{t.say('frame.saved')}</p>
    </Step>
  );
}
