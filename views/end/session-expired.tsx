// OUT003: idleness ended the sign-in (screens.md §8.9).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';

export interface SessionExpiredProps {
  readonly frame: Frame;
  readonly at: Instant;
  /** How long nothing was done, in minutes. */
  readonly minutes: number;
  /** What was typed returns after signing in again. */
  readonly kept: boolean;
  /** Where the form goes; null: to the page's own address. */
  readonly action: string | null;
}

export function SessionExpiredPage(props: SessionExpiredProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="OUT003"
      title={t.say('OUT003.title')}
      lead={<Sentence pieces={t.pieces('OUT003.1', { minutes: props.minutes, at: props.at })} />}
    >
      {props.kept ? <p class="note">{t.say('OUT003.2')}</p> : null}
      <Form frame={props.frame} action={props.action}>
        <Main label={t.say('button.again')} />
      </Form>
    </Layout>
  );
}
