// BOT003: the token is issued; the app is set up on the telephone while this page waits (screens.md §8.6).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { QrCode } from '../parts/qr.tsx';
import { Result } from '../parts/result.tsx';
import { Moment } from '../parts/sentence.tsx';
import { IssuedFacts, type IssuedToken } from './issued.tsx';
import { Shell, type IssueShell } from './shell.tsx';

export interface IssueDoneProps {
  readonly shell: IssueShell;
  readonly issued: IssuedToken;
  /** The domain from which the mail comes. */
  readonly domain: string;
  readonly mailPending: boolean;
  /** Another way out besides 「次へ」, with its words (self-service). */
  readonly way?: { readonly action: string; readonly label: string };
}

export function IssueDonePage(props: IssueDoneProps): VNode {
  const { shell, issued } = props;
  const t = textsOf(shell.frame);
  return (
    <Shell
      shell={shell}
      t={t}
      screen="BOT003"
      title={t.say('BOT003.title')}
      told={tell(t, shell.errors, {})}
      more={[{ key: 'issue.done', values: { until: issued.until } }]}
      progress="token-done"
      lead={t.say('BOT003.1')}
    >
      <IssuedFacts
        t={t}
        issued={issued}
        more={[{ term: t.say('BOT003.until'), detail: <Moment t={t} at={issued.until} /> }]}
      />
      <QrCode value={issued.app} label={t.say('BOT003.qr')} />
      <ol class="list">
        <li>{t.say('BOT003.2')}</li>
        <li>{t.say('BOT003.3')}</li>
        <li>{t.say('BOT003.4')}</li>
      </ol>
      <p>{t.say(props.mailPending ? 'BOT003.6' : 'BOT003.5', { mail: issued.address, domain: props.domain })}</p>
      <Form frame={shell.frame}>
        <Main label={t.say('button.next')} />
        <Ways>{props.way ? <Way action={props.way.action} label={props.way.label} /> : null}</Ways>
      </Form>
      <Result t={t} frame={shell.frame} mailPending={props.mailPending} />
    </Shell>
  );
}
