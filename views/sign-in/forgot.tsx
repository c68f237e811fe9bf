// RST001: one table for all causes, so that it tells nothing about anybody (screens.md §8.7).
import type { VNode } from 'preact';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { Step, type Attempt } from './step.tsx';

export type ForgotProps = Attempt;

export function ForgotPage(props: ForgotProps): VNode {
  const t = textsOf(props.frame);
  const desk = <Sentence pieces={t.pieces('ask.desk')} />;
  const anyone = <Sentence pieces={t.pieces('ask.any')} />;
  return (
    <Step
      attempt={props}
      t={t}
      screen="RST001"
      title={t.say('RST001.title')}
      errors={tell(t, props.errors, {})}
      lead={t.say('RST001.1')}
    >
      <Table
        quiet
        caption={t.say('RST001.title')}
        columns={[{ head: t.say('RST001.2') }, { head: t.say('RST001.3') }]}
        rows={[
          { cells: [t.say('RST001.4'), t.say('RST001.5')] },
          { cells: [t.say('RST001.6'), t.say('RST001.7')] },
          { cells: [t.say('RST001.8'), desk] },
          { cells: [t.say('RST001.9'), anyone] },
          { cells: [t.say('RST001.14'), t.say('RST001.15')] },
          { cells: [t.say('RST001.10'), t.say('RST001.11')] },
          { cells: [t.say('RST001.12'), anyone] },
        ]}
      />
      <p class="note">{t.say('RST001.13')}</p>
      <Form frame={props.frame}>
        <Main action="reset" label={t.say('button.master-request')} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
      <Links items={[{ href: '/forms/initialisation', label: t.say('button.to-form') }]} />
    </Step>
  );
}
