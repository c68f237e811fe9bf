// SLF022: the address was changed; from when it serves for tokens (screens.md §10).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Result } from '../parts/result.tsx';
import { Sentence } from '../parts/sentence.tsx';

export interface OwnEmailResultProps {
  readonly frame: Frame;
  /** Both masked; null: there was none before. */
  readonly before: string | null;
  readonly now: string;
  readonly usableFrom: Instant;
  /** The former address was proven, so it is told. */
  readonly beforeTold: boolean;
  readonly mailPending: boolean;
}

export function OwnEmailResultPage(props: OwnEmailResultProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Layout frame={props.frame} t={t} screen="SLF022" title={t.say('SLF022.title')} lead={t.say('SLF022.1')}>
      <Facts
        facts={[
          { term: t.say('SLF022.2'), detail: props.before ?? t.say('SLF001.8') },
          {
            term: t.say('SLF022.3'),
            detail: (
              <strong>
                {'* '}
                {props.now}
              </strong>
            ),
          },
        ]}
      />
      <p>
        <Sentence pieces={t.pieces('SLF022.5', { at: props.usableFrom })} />
      </p>
      {props.beforeTold ? <p class="note">{t.say('SLF022.4')}</p> : null}
      <Form frame={props.frame}>
        <Main action="top" label={t.say('button.top')} />
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
    </Layout>
  );
}
