// OTP001 and OTP002: one view. OTP001 offers to skip the code next time, OTP002 does not; the ID tells the desk which
// (screens.md §8.3).
import type { VNode } from 'preact';
import { Tick } from '../parts/choice.tsx';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import type { Texts } from '../messages/texts.ts';
import { Step, type Attempt } from './step.tsx';

/** The token of the person, as far as its user may see it. */
export interface ShownToken {
  readonly kind: 'hardware' | 'software';
  /** Last four characters of the serial number. */
  readonly last4: string;
  readonly shared: boolean;
}

export interface OtpProps extends Attempt {
  readonly name: string;
  readonly loginId: string;
  readonly token: ShownToken;
  /** null: skipping is not offered (OTP002); else the state of the box, kept after an error (OTP001). */
  readonly remember: boolean | null;
}

/** The hint under a field for the present token's code. */
export const otpHint = (t: Texts, token: { readonly kind: ShownToken['kind']; readonly last4: string }): string =>
  token.kind === 'hardware' ? t.say('hint.otp.hardware', { last4: token.last4 }) : t.say('hint.otp.software');

export function OtpPage(props: OtpProps): VNode {
  const t = textsOf(props.frame);
  const { token } = props;
  const told = tell(t, props.errors, {});
  const shown = token.kind === 'hardware' ? t.say('OTP001.2', { last4: token.last4 }) : t.say('OTP001.3');
  return (
    <Step
      attempt={props}
      t={t}
      screen={props.remember === null ? 'OTP002' : 'OTP001'}
      title={t.say('OTP001.title')}
      errors={told}
      lead={t.say('OTP001.1')}
    >
      <Facts
        facts={[
          { term: t.say('OTP001.5'), detail: t.say('frame.who', { name: props.name, login_id: props.loginId }) },
          { term: t.say('OTP001.6'), detail: shown },
        ]}
      />
      {token.shared ? <p class="note">{t.say('OTP001.4')}</p> : null}
      <Form frame={props.frame}>
        <Field t={t} name="otp" errors={told} hint={otpHint(t, token)} />
        {props.remember === null ? null : (
          <Tick
            name="remember"
            label={t.say('field.remember')}
            hint={t.say('hint.remember')}
            checked={props.remember}
          />
        )}
        <Main label={t.say('button.signin')} />
        <Ways>
          {token.kind === 'hardware' ? <Way action="resync" label={t.say('button.resync')} /> : null}
          <Way action="otp_help" look="link" label={t.say('button.otp_help')} />
          {props.cancel ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
    </Step>
  );
}
