// SLF021: the code that proves a new address of one's own (screens.md §10).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import type { SentCode } from '../sign-in/setup-email-code.tsx';

export interface OwnEmailCodeProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  /** Just typed by its owner: the address is shown in full (screens.md §3, row 14). */
  readonly sent: SentCode;
  /** When the mail may be sent again; null: now. */
  readonly resendAt: Instant | null;
  /** When the procedure ends. */
  readonly until: Instant;
}

export function OwnEmailCodePage(props: OwnEmailCodeProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { sent, resendAt } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="SLF021"
      title={t.say('SLF021.title')}
      errors={told}
      banners={[{ key: 'emailcode.sent', values: { masked: sent.masked, sentAt: sent.sentAt } }]}
      lead={t.say('SET005.1')}
    >
      <Form frame={props.frame}>
        <Field
          t={t}
          name="email_code"
          errors={told}
          hint={<Sentence pieces={t.pieces('hint.email_code', { ...sent })} />}
        />
        <Main label={t.say('SLF021.1')} />
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
      <p class="note">{t.say('SLF021.2')}</p>
      <p class="until">
        <Sentence pieces={t.pieces('frame.until', { time: props.until })} />
      </p>
    </Layout>
  );
}
