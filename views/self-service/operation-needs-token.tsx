// TKN003: an operation that waits for the registration of a token (`block-otp-operations`): which one, since when, and that all
// else goes on (screens.md §8.6).
import type { VNode } from 'preact';
import type { Act } from '../../src/rules/permission.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import { Facts } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';

export interface OperationNeedsTokenProps {
  readonly frame: Frame;
  readonly banners: readonly Banner[];
  readonly operation: Act;
  /** Where its form goes: the operation's own page would take it for the operation. */
  readonly action: string;
}

export function OperationNeedsTokenPage({ frame, banners, operation, action }: OperationNeedsTokenProps): VNode {
  const t = textsOf(frame);
  return (
    <Layout
      frame={frame}
      t={t}
      screen="TKN003"
      title={t.say('TKN003.title')}
      banners={banners}
      lead={t.say('TKN003.1')}
    >
      <Facts facts={[{ term: t.say('TKN003.2'), detail: t.say(`record.act.${operation}`) }]} />
      <p>{t.say('TKN003.4')}</p>
      <p>
        <Sentence pieces={t.pieces('TKN003.5')} />
      </p>
      {frame.reference === null ? null : (
        <p class="reference">{t.say('form.ref', { ref: frame.reference, screen: 'TKN003' })}</p>
      )}
      <Form frame={frame} action={action}>
        <Main label={t.say('button.register-now')} />
        <Ways>
          <Way action="top" label={t.say('button.top')} />
        </Ways>
      </Form>
    </Layout>
  );
}
