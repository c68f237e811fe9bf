// OUT004: a change ended the sign-in: what, when, by whom (their role), what next (screens.md §8.9).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Ask, Sub } from '../messages/placeholders.ts';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Result } from '../parts/result.tsx';
import { Sentence } from '../parts/sentence.tsx';

export interface EndedByChangeProps {
  readonly frame: Frame;
  readonly what: 'unlink' | 'token' | 'password' | 'stop' | 'other';
  readonly at: Instant;
  readonly by: Sub<'by'>;
  readonly ask: Ask;
  /** Where the form goes; null: to the page's own address. */
  readonly action: string | null;
}

export function EndedByChangePage(props: EndedByChangeProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="OUT004"
      title={t.say('OUT004.title')}
      lead={<Sentence pieces={t.pieces(`OUT004.${props.what}`, { at: props.at, by: props.by })} />}
    >
      {props.what === 'unlink' ? <p>{t.say('OUT004.2')}</p> : null}
      {props.by === 'self' ? null : (
        <p>
          <Sentence pieces={t.pieces('OUT004.1', { ask: props.ask })} />
        </p>
      )}
      <Form frame={props.frame} action={props.action}>
        <Main label={t.say('button.again')} />
      </Form>
      <Result t={t} frame={props.frame} />
    </Layout>
  );
}
