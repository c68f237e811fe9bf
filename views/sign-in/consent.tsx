// LGN005: asks once per portal and set of facts (screens.md §8.1).
import type { VNode } from 'preact';
import type { Sub } from '../messages/placeholders.ts';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Step, type Attempt } from './step.tsx';

/** A fact a portal may learn. */
export type FactName = Sub<'fact'>;

export interface ConsentProps extends Attempt {
  /** Name of the portal, and of who runs it when that is known. */
  readonly asking: string;
  readonly owner: string | null;
  /** What the portal would learn, with the values it would see. */
  readonly facts: readonly { readonly fact: FactName; readonly value: string }[];
}

export function ConsentPage(props: ConsentProps): VNode {
  const t = textsOf(props.frame);
  const portal = props.asking;
  return (
    <Step attempt={props} t={t} screen="LGN005" title={t.say('LGN005.title')} errors={tell(t, props.errors, {})}>
      <p class="lead">{t.say('LGN005.1', { portal })}</p>
      {props.owner === null ? null : <p class="note">{t.say('LGN005.2', { owner: props.owner })}</p>}
      <Facts facts={props.facts.map(({ fact, value }) => ({ term: t.say(`fact.${fact}`), detail: value }))} />
      <p class="note">{t.say('LGN005.3', { portal })}</p>
      <Form frame={props.frame}>
        <Main label={t.say('button.agree')} />
        <Ways>
          <Way action="decline" label={t.say('button.decline')} />
        </Ways>
      </Form>
    </Step>
  );
}
