// What proves an issue on BOT002 and BOT005: the confirmation password, and the code that was sent to the registered address.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import type { Told } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Sentence } from '../parts/sentence.tsx';
import type { SentCode } from '../sign-in/setup-email-code.tsx';

/** The code that was sent last; null: none that still counts, so that another has to be sent. */
export type TokenCode = SentCode | null;

interface Asked {
  readonly t: Texts;
  readonly told: readonly Told[];
  readonly sent: TokenCode;
}

export function EmailCodeField({ t, told, sent }: Asked): VNode {
  return (
    <Field
      t={t}
      name="email_code"
      errors={told}
      hint={sent === null ? undefined : <Sentence pieces={t.pieces('hint.email_code', { ...sent })} />}
    />
  );
}

export function CodeFields({ t, told, sent }: Asked): VNode {
  return (
    <>
      <Field t={t} name="confirmation_password" errors={told} hint={t.say('hint.confirmation_password')} />
      <EmailCodeField t={t} told={told} sent={sent} />
    </>
  );
}

/** From when the mail may be sent again; nothing when it may be now. */
export function ResendNote({ t, at }: { readonly t: Texts; readonly at: Instant | null }): VNode | null {
  if (at === null) return null;
  return (
    <p class="note">
      <Sentence pieces={t.pieces('SET005.2', { at })} />
    </p>
  );
}
