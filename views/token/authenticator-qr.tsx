// BOT005: a standard authenticator app. First the two proofs, then the key, once, then its first code (screens.md §8.6).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { Copyable } from '../parts/copy.tsx';
import { tell, type Told } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { grouped } from '../parts/format.ts';
import { textsOf } from '../parts/frame.ts';
import { QrCode } from '../parts/qr.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { CodeFields, ResendNote, type TokenCode } from './code-fields.tsx';
import { mayCancel, Shell, type IssueShell } from './shell.tsx';

export type AuthenticatorHalf =
  | { readonly is: 'proof'; readonly sent: TokenCode; readonly resendAt: Instant | null }
  /** `secret` null: it was shown already, or the issue was made elsewhere. */
  | {
      readonly is: 'code';
      /** `address` is what an app opens (otpauth://…), `key` the same secret to type. */
      readonly secret: { readonly address: string; readonly key: string } | null;
      readonly until: Instant;
      readonly drift: boolean;
    };

export interface AuthenticatorProps {
  readonly shell: IssueShell;
  readonly half: AuthenticatorHalf;
}

export function AuthenticatorPage({ shell, half }: AuthenticatorProps): VNode {
  const t = textsOf(shell.frame);
  const told = tell(t, shell.errors, {});
  const shown = half.is === 'code' && half.secret !== null;
  return (
    <Shell
      shell={shell}
      t={t}
      screen="BOT005"
      title={t.say('BOT005.title')}
      told={told}
      more={half.is === 'code' && half.drift ? [{ key: 'otp.drift.sw' }] : []}
      progress={half.is === 'proof' ? 'token-check' : 'token-code'}
      lead={t.say(half.is === 'proof' ? 'BOT005.1' : shown ? 'BOT005.2' : 'BOT005.7')}
    >
      {half.is === 'code' && half.secret ? <Secret t={t} secret={half.secret} /> : null}
      {half.is === 'proof' ? <ProofForm shell={shell} t={t} told={told} half={half} /> : null}
      {half.is === 'code' ? <CodeForm shell={shell} t={t} told={told} half={half} /> : null}
    </Shell>
  );
}

interface Half<Is> {
  readonly shell: IssueShell;
  readonly t: Texts;
  readonly told: readonly Told[];
  readonly half: Extract<AuthenticatorHalf, { readonly is: Is }>;
}

function ProofForm({ shell, t, told, half }: Half<'proof'>): VNode {
  return (
    <>
      <Form frame={shell.frame}>
        <CodeFields t={t} told={told} sent={half.sent} />
        <Main label={t.say('button.confirm')} />
        <Ways>
          <Way action="resend" label={t.say('button.resend')} />
          {mayCancel(shell) ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
      <ResendNote t={t} at={half.resendAt} />
    </>
  );
}

function CodeForm({ shell, t, told, half }: Half<'code'>): VNode {
  return (
    <>
      <Form frame={shell.frame}>
        <Field t={t} name="otp" errors={told} hint={t.say('hint.otp.authenticator')} />
        <Main label={t.say('button.verify')} />
        <Ways>
          <Way action="restart_issue" label={t.say('button.restart_issue')} />
          {mayCancel(shell) ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
      <p class="note">{t.say('BOT005.8')}</p>
      <p>
        <Sentence pieces={t.pieces('BOT004.2', { until: half.until })} />
      </p>
    </>
  );
}

function Secret(props: {
  readonly t: Texts;
  readonly secret: { readonly address: string; readonly key: string };
}): VNode {
  const { t } = props;
  const { address, key } = props.secret;
  return (
    <>
      <p>
        <strong>{t.say('BOT005.6')}</strong>
      </p>
      <QrCode value={address} label={t.say('BOT005.qr')} />
      <p>
        <a class="button button-other" href={address}>
          {t.say('BOT005.3')}
        </a>
      </p>
      <Facts
        facts={[
          {
            term: t.say('BOT005.4'),
            detail: <Copyable t={t} value={key} shown={grouped(key)} label={t.say('BOT005.4')} />,
          },
        ]}
      />
      <p class="note">{t.say('BOT005.5')}</p>
    </>
  );
}
