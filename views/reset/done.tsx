// RST004: the request was received; its number, and what comes next (screens.md §8.7).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Result } from '../parts/result.tsx';
import { Moment } from '../parts/sentence.tsx';

export interface ResetDoneProps {
  readonly frame: Frame;
  readonly number: string;
  readonly at: Instant;
}

export function ResetDonePage(props: ResetDoneProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Layout frame={props.frame} t={t} screen="RST004" title={t.say('RST004.title')} lead={t.say('RST004.1')}>
      <Facts
        facts={[
          { term: t.say('RST004.2'), detail: <strong>{props.number}</strong> },
          { term: t.say('RST004.3'), detail: <Moment t={t} at={props.at} /> },
        ]}
      />
      <h2>{t.say('RST004.8')}</h2>
      <ol class="list">
        <li>{t.say('RST004.4')}</li>
        <li>{t.say('RST004.5')}</li>
        <li>{t.say('RST004.6')}</li>
      </ol>
      <p class="note">{t.say('RST004.7')}</p>
      <Form frame={props.frame}>
        <Main label={t.say('button.to-signin')} />
      </Form>
      <Result t={t} frame={props.frame} />
    </Layout>
  );
}
