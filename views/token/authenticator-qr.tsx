// BOT005: a standard authenticator app. First the two proofs, then the key, once, then its first code (screens.md §8.6).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { tell, type Told } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import { AuthenticatorSecret, type ShownSecret } from './authenticator-secret.tsx';
import { CodeFields, ResendNote, type TokenCode } from './code-fields.tsx';
import { mayCancel, Shell, type IssueShell } from './shell.tsx';

export type AuthenticatorHalf =
  | { readonly is: 'proof'; readonly sent: TokenCode; readonly resendAt: Instant | null }
  /** `secret` null: it was shown already, or the issue was made elsewhere. */
  | {
      readonly is: 'code';
      readonly secret: ShownSecret | null;
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
      {half.is === 'code' && half.secret ? <AuthenticatorSecret t={t} secret={half.secret} /> : null}
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
