// What an act asks as proof: the confirmation password, and a code where `otpOperations` says so (screens.md §4.1, §11).
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';
import type { Told } from './errors.tsx';
import { Field } from './field.tsx';

/** The code that is asked: the person's own token, and whether its present code was spent on signing in. */
export interface AskedCode {
  readonly kind: 'hardware' | 'software';
  readonly last4: string;
  readonly afterLogin: boolean;
}

/** `code` null asks the confirmation password alone. */
export function Proof(props: {
  readonly t: Texts;
  readonly errors: readonly Told[];
  readonly code: AskedCode | null;
}): VNode {
  const { t, errors, code } = props;
  return (
    <>
      <Field t={t} name="confirmation_password" errors={errors} hint={t.say('hint.confirmation_password')} />
      {code === null ? null : (
        <Field
          t={t}
          name="otp"
          errors={errors}
          hint={
            <>
              {code.kind === 'hardware'
                ? t.say('hint.otp.hardware', { last4: code.last4 })
                : t.say('hint.otp.software')}
              {code.afterLogin ? `${t.gap}${t.say('otp.afterlogin')}` : null}
            </>
          }
        />
      )}
    </>
  );
}
