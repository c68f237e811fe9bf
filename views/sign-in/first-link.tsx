// LNK001: names both IDs and proves the Web Service side; 「次へ」 is the consent to the link (screens.md §8.2).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Credentials, FirstTime } from './credentials.tsx';
import { PairPanel, Step, type Attempt } from './step.tsx';

export interface FirstLinkProps extends Attempt {
  /** The Business Direct ID verified in this attempt, and its company when the upstream tells it. */
  readonly bd: string;
  readonly bdCompany: string | null;
  /** What was typed; '' when nothing. */
  readonly loginId: string;
}

export function FirstLinkPage(props: FirstLinkProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  return (
    <Step
      attempt={{ ...props, pair: null }}
      t={t}
      screen="LNK001"
      title={t.say('LNK001.title')}
      errors={told}
      lead={t.say('LNK001.1')}
    >
      <PairPanel t={t} pair={{ bd: props.bd, bdCompany: props.bdCompany, loginId: null }} titled />
      <ul class="list">
        <li>{t.say('LNK001.2')}</li>
        <li>{t.say('LNK001.3')}</li>
      </ul>
      <p class="box box-warning">{t.say('LNK001.4', { bd: props.bd })}</p>
      <FirstTime t={t} />
      <Form frame={props.frame}>
        <Credentials t={t} loginId={props.loginId} errors={props.errors} told={told} />
        <Main label={t.say('button.next')} />
        <Ways>
          <Way action="no_id" look="link" label={t.say('button.no_id')} />
          <Way action="forgot" look="link" label={t.say('button.forgot')} />
          {props.cancel ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
    </Step>
  );
}
