// TKN001 and TKN002: registering a key-fob, at a sign-in and for somebody who is signed in. TKN001 may be skipped until the
// limit, TKN002 may not; signed in, nothing is skipped (screens.md §8.6, §10).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { KeyFob } from '../parts/key-fob.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { EmailCodeField, ResendNote, type TokenCode } from './code-fields.tsx';
import { mayCancel, Shell, type IssueShell } from './shell.tsx';

export interface RegisterTokenProps {
  readonly shell: IssueShell;
  /** Whether 「トークン利用開始登録の省略」 is offered: TKN001, else TKN002. */
  readonly skippable: boolean;
  /** 登録期限; null where none runs. */
  readonly limit: Instant | null;
  /** What was typed; '' when nothing. */
  readonly serial: string;
  /** After one's own loss report an e-mail code is asked too: the one sent last, and when it may be sent again; else null. */
  readonly code: { readonly sent: TokenCode; readonly resendAt: Instant | null } | null;
  /** Whether 「スマホアプリ形式を利用する」 is offered. */
  readonly software: boolean;
  /** Where the token is; null when unknown. */
  readonly shipping: { readonly state: 'ordered' | 'shipped' | 'arrived'; readonly at: Instant } | null;
  /** First-time setup just ended: its progress is shown. */
  readonly inSetup: boolean;
}

/** What to do without the token in hand, and where it is. */
function NotArrived({ t, props }: { readonly t: Texts; readonly props: RegisterTokenProps }): VNode {
  const { shipping } = props;
  return (
    <div>
      {props.skippable && props.limit !== null ? (
        <p>
          <Sentence pieces={t.pieces('TKN001.2', { date: props.limit })} />
        </p>
      ) : null}
      {props.skippable || shipping?.state === 'arrived' ? null : (
        <p>
          <Sentence pieces={t.pieces('TKN001.8')} />
        </p>
      )}
      {shipping === null ? null : (
        <p>
          {t.say('TKN001.7', {
            shipping:
              shipping.state === 'ordered'
                ? t.say('shipping.ordered')
                : t.say(`shipping.${shipping.state}`, { date: shipping.at }),
          })}
        </p>
      )}
    </div>
  );
}

export function RegisterTokenPage(props: RegisterTokenProps): VNode {
  const { shell, code } = props;
  const t = textsOf(shell.frame);
  const told = tell(t, shell.errors, {});
  const mismatch = shell.errors.some((error) => error.key === 'serial.mismatch');
  return (
    <Shell
      shell={shell}
      t={t}
      screen={props.skippable || shell.at === 'console' ? 'TKN001' : 'TKN002'}
      title={t.say('TKN001.title')}
      told={told}
      {...(props.inSetup ? { progress: 'token' as const } : {})}
      lead={t.say('TKN001.1')}
    >
      <NotArrived t={t} props={props} />
      <KeyFob t={t} />
      <Form frame={shell.frame}>
        <Field t={t} name="serial" errors={told} hint={t.say('hint.serial')} value={props.serial} suspect={mismatch} />
        <Field t={t} name="otp" errors={told} hint={t.say('hint.otp.new')} suspect={mismatch} />
        {code === null ? null : <EmailCodeField t={t} told={told} sent={code.sent} />}
        <Main label={t.say('button.register')} />
        <Ways>
          {props.skippable ? <Way action="skip_registration" label={t.say('button.skip_registration')} /> : null}
          {code === null ? null : <Way action="resend" label={t.say('button.resend')} />}
          {props.software ? <Way action="software" label={t.say('button.software')} /> : null}
          {mayCancel(shell) ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
      {code === null ? null : <ResendNote t={t} at={code.resendAt} />}
    </Shell>
  );
}
