// CON110, after an arrival was reported: what became of each token, and until when its people register.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { StockWhy } from '../../src/rules/stock-move.ts';
import { Layout } from '../layout.tsx';
import type { Texts } from '../messages/texts.ts';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Result } from '../parts/result.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { Serial } from '../parts/serial.tsx';
import { Table } from '../parts/table.tsx';

export interface ArrivalResultProps {
  readonly frame: Frame;
  readonly tokens: readonly { readonly serial: string; readonly why: StockWhy | 'already' | null }[];
  /** Until when people register; null: nothing changed, or there is no limit. */
  readonly limit: Instant | null;
}

/** Why the arrival of one was not registered. */
function whyWords(t: Texts, why: StockWhy | 'already'): VNode | string {
  switch (why) {
    case 'already':
      return t.say('CON110.result.already');
    case 'stale':
      return t.say('edit.stale');
    case 'unknown':
      return t.say('CON110.result.unknown');
    case 'ended':
    case 'expired':
      return t.say('CON110.result.ended');
    default:
      return <Sentence pieces={t.pieces('CON110.result.not-sent')} />;
  }
}

export function ArrivalResultPage(props: ArrivalResultProps): VNode {
  const t = textsOf(props.frame);
  const { tokens, limit } = props;
  const m = tokens.filter(({ why }) => why === null).length;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON110"
      title={t.say('CON110.result')}
      wide
      lead={<strong>{t.say('CON110.result.1', { n: tokens.length, m })}</strong>}
    >
      <Table
        quiet
        caption={t.say('CON072.2')}
        columns={[{ head: t.label('serial') }, { head: t.say('CON072.2') }]}
        rows={tokens.map(({ serial, why }) => ({
          cells: [
            <Serial value={serial} />,
            why === null ? (
              t.say('result.done')
            ) : (
              <>
                {t.say('result.failed')}
                <br />
                {whyWords(t, why)}
              </>
            ),
          ],
        }))}
      />
      {limit === null || limit <= props.frame.now || m === 0 ? null : (
        <p>
          <Sentence pieces={t.pieces('CON110.result.limit', { date: limit })} />
        </p>
      )}
      <Form frame={props.frame}>
        <Main action="tokens" label={t.say('CON110.back')} />
        <Ways>
          <Way action="top" label={t.say('button.top')} />
        </Ways>
      </Form>
      <Result t={t} frame={props.frame} />
    </Layout>
  );
}
