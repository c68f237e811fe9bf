// BOT002: what was entered, and the two proofs that make the issue (screens.md §8.6).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Moment } from '../parts/sentence.tsx';
import { CodeFields, ResendNote, type TokenCode } from './code-fields.tsx';
import { mayCancel, Shell, type IssueShell } from './shell.tsx';

export interface IssueCheckProps {
  readonly shell: IssueShell;
  /** Just typed by its owner: the address in full. */
  readonly address: string;
  /** Goes back with the confirmation: which details were looked at. */
  readonly shown: string;
  /** Where the code went, masked. */
  readonly sent: TokenCode;
  /** When the mail may be sent again; null: now. */
  readonly resendAt: Instant | null;
}

export function IssueCheckPage(props: IssueCheckProps): VNode {
  const { shell, sent } = props;
  const t = textsOf(shell.frame);
  const told = tell(t, shell.errors, {});
  const sending =
    sent === null
      ? []
      : [
          { term: t.say('BOT002.2'), detail: <Moment t={t} at={sent.sentAt} /> },
          { term: t.say('BOT002.3'), detail: sent.masked },
        ];
  return (
    <Shell
      shell={shell}
      t={t}
      screen="BOT002"
      title={t.say('BOT002.title')}
      told={told}
      progress="token-check"
      lead={t.say('BOT002.1')}
    >
      <Facts
        facts={[
          { term: t.say('field.email.mobile'), detail: <strong>{props.address}</strong> },
          { term: t.label('activation_password'), detail: t.say('BOT002.4') },
          ...sending,
        ]}
      />
      <Form frame={shell.frame} hidden={[{ name: 'details', value: props.shown }]}>
        <CodeFields t={t} told={told} sent={sent} />
        <Main label={t.say('button.confirm')} />
        <Ways>
          <Way action="resend" label={t.say('button.resend')} />
          <Way action="back" label={t.say('button.back')} />
          {mayCancel(shell) ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
      <ResendNote t={t} at={props.resendAt} />
    </Shell>
  );
}
