// BOT004: the first code of the token app brings the token into use (screens.md §8.6).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import { IssuedFacts, type IssuedToken } from './issued.tsx';
import { mayCancel, Shell, type IssueShell } from './shell.tsx';

export interface ActivateTokenProps {
  readonly shell: IssueShell;
  readonly issued: IssuedToken;
  /** From the second miss on: what to do about the phone's clock. */
  readonly drift: boolean;
}

export function ActivateTokenPage(props: ActivateTokenProps): VNode {
  const { shell, issued } = props;
  const t = textsOf(shell.frame);
  const told = tell(t, shell.errors, {});
  return (
    <Shell
      shell={shell}
      t={t}
      screen="BOT004"
      title={t.say('BOT004.title')}
      told={told}
      more={props.drift ? [{ key: 'otp.drift.sw' }] : []}
      progress="token-code"
      lead={t.say('BOT004.1')}
    >
      <Form frame={shell.frame}>
        <Field t={t} name="otp" errors={told} hint={t.say('hint.otp.software')} />
        <Main label={t.say('button.verify')} />
        <Ways>
          <Way action="resend" label={t.say('button.resend')} />
          <Way action="restart_issue" label={t.say('button.restart_issue')} />
          {mayCancel(shell) ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
      <p class="note">{t.say('BOT004.4')}</p>
      <p>
        <Sentence pieces={t.pieces('BOT004.2', { until: issued.until })} />
      </p>
      <details>
        <summary>{t.say('BOT004.3')}</summary>
        <IssuedFacts t={t} issued={issued} more={[{ term: t.say('BOT004.5'), detail: issued.address }]} />
      </details>
    </Shell>
  );
}
