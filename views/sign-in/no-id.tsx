// LNK002: tells where IDs come from (screens.md §8.2).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { Step, type Attempt } from './step.tsx';

export type NoIdProps = Attempt;

export function NoIdPage(props: NoIdProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Step
      attempt={props}
      t={t}
      screen="LNK002"
      title={t.say('LNK002.title')}
      errors={tell(t, props.errors, {})}
      lead={t.say('LNK002.1')}
    >
      <Table
        quiet
        caption={t.say('LNK002.title')}
        columns={[{ head: t.say('LNK002.2') }, { head: t.say('LNK002.3') }]}
        rows={[
          { cells: [t.say('LNK002.4'), t.say('LNK002.5')] },
          { cells: [t.say('LNK002.6'), t.say('LNK002.7')] },
          { cells: [t.say('LNK002.8'), t.say('LNK002.9')] },
          { cells: [t.say('LNK002.10'), t.say('LNK002.11')] },
        ]}
      />
      <p>
        <Sentence pieces={t.pieces('ask.any')} />
      </p>
      <Form frame={props.frame}>
        <Main action="back" label={t.say('button.to-choice')} />
        {props.cancel ? (
          <Ways>
            <Way action="cancel" look="link" label={t.say('button.cancel')} />
          </Ways>
        ) : null}
      </Form>
    </Step>
  );
}
