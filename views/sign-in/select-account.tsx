// LGN004: somebody is signed in here already; who shall go on (screens.md §8.1).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Step, type Attempt } from './step.tsx';

export interface SelectAccountProps extends Attempt {
  readonly name: string;
  readonly loginId: string;
}

export function SelectAccountPage(props: SelectAccountProps): VNode {
  const t = textsOf(props.frame);
  const { name } = props;
  return (
    <Step
      attempt={props}
      t={t}
      screen="LGN004"
      title={t.say('LGN004.title')}
      errors={tell(t, props.errors, {})}
      lead={t.say('LGN004.1', { name, login_id: props.loginId })}
    >
      <p class="note">{t.say('LGN004.2', { name })}</p>
      <Form frame={props.frame}>
        <Main label={t.say('button.continue-as', { name })} />
        <Ways>
          <Way action="other" label={t.say('button.other')} />
          {props.cancel ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
    </Step>
  );
}
