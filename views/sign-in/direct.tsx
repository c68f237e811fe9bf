// LGN002: login ID and login password on the direct route (screens.md §8.1).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Credentials, FirstTime } from './credentials.tsx';
import { Step, type Attempt } from './step.tsx';

export interface DirectProps extends Attempt {
  /** What was typed, or the portal's `login_hint`; '' when nothing. */
  readonly loginId: string;
  /** Whether the federated route is offered too. */
  readonly federated: boolean;
}

export function DirectPage(props: DirectProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  return (
    <Step attempt={props} t={t} screen="LGN002" title={t.say('LGN002.title')} errors={told} lead={t.say('LGN002.1')}>
      <FirstTime t={t} />
      <Form frame={props.frame}>
        <Credentials t={t} loginId={props.loginId} errors={props.errors} told={told} />
        <Main label={t.say('button.signin')} />
        <Ways>
          {props.federated ? <Way action="federated" label={t.say('button.federated')} /> : null}
          <Way action="forgot" look="link" label={t.say('button.forgot')} />
          {props.cancel ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
    </Step>
  );
}
