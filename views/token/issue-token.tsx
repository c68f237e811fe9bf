// BOT001: the telephone's address and the activation password, both twice (screens.md §8.6). What was typed stays, but secrets.
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { mayCancel, Shell, type IssueShell } from './shell.tsx';

export interface IssueDetailsProps {
  readonly shell: IssueShell;
  /** What was typed; '' when nothing. */
  readonly email: string;
  readonly emailAgain: string;
  /** The app is the only kind of token in software: nothing was chosen, and the button names the act itself (guide S2). */
  readonly only: boolean;
}

export function IssueDetailsPage(props: IssueDetailsProps): VNode {
  const { shell } = props;
  const t = textsOf(shell.frame);
  const label = t.say('field.email.mobile');
  const told = tell(t, shell.errors, { email: label });
  return (
    <Shell
      shell={shell}
      t={t}
      screen="BOT001"
      title={t.say('BOT001.title')}
      told={told}
      progress="token-details"
      lead={t.say('BOT001.1')}
    >
      <p>{t.say('BOT001.4')}</p>
      <Form frame={shell.frame}>
        <fieldset class="group">
          <legend>{t.say('BOT001.2')}</legend>
          <Field t={t} name="email" label={label} errors={told} hint={t.say('hint.email.mobile')} value={props.email} />
          <Field t={t} name="email_again" errors={told} value={props.emailAgain} />
        </fieldset>
        <fieldset class="group">
          <legend>{t.say('BOT001.3')}</legend>
          <Field t={t} name="activation_password" errors={told} hint={t.say('hint.activation_password')} />
          <Field t={t} name="activation_password_again" errors={told} />
        </fieldset>
        <Main label={t.say(props.only ? 'BOT001.issue' : 'button.next')} />
        <Ways>{mayCancel(shell) ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}</Ways>
      </Form>
    </Shell>
  );
}
