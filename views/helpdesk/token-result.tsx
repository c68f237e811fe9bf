// HDK046: what became of each token, what it costs, until when people register; it may be printed as it stands (screens.md §12, PRT006).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { StockMove, StockWhy } from '../../src/rules/stock-move.ts';
import type { StockState } from '../../src/rules/token-stock.ts';
import { Layout } from '../layout.tsx';
import type { Texts } from '../messages/texts.ts';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Result } from '../parts/result.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { Serial } from '../parts/serial.tsx';
import { StockBadge } from '../parts/stock-state.tsx';
import { Table } from '../parts/table.tsx';

export interface MoveResultRow {
  readonly serial: string;
  readonly done: boolean;
  readonly why: StockWhy | null;
  readonly from: StockState | null;
  readonly to: StockState | null;
  readonly companyName: string | null;
  readonly fee: number | null;
  readonly successor: string | null;
}

export interface MoveResultProps {
  readonly frame: Frame;
  readonly move: StockMove;
  readonly tokens: readonly MoveResultRow[];
  /** Yen in all; null where nothing was ordered. */
  readonly fee: number | null;
  /** MAI023 that were owed with a shipping. */
  readonly mails: number;
  /** Limits that follow from an arrival, by company. */
  readonly limits: readonly { readonly company: string; readonly at: Instant }[];
  /** People whose token was taken away. */
  readonly people: number;
  readonly mailPending: boolean;
}

function More({ t, row }: { readonly t: Texts; readonly row: MoveResultRow }): VNode {
  if (row.fee === null && row.successor === null) return <>{t.say('frame.none')}</>;
  return (
    <ul class="plain">
      {row.fee === null ? null : <li>{row.fee === 0 ? t.say('HDK045.11') : t.say('HDK045.10', { n: row.fee })}</li>}
      {row.successor === null ? null : <li>{t.say('HDK040.10', { number: row.successor })}</li>}
    </ul>
  );
}

function States({ t, row }: { readonly t: Texts; readonly row: MoveResultRow }): VNode {
  const { from, to } = row;
  if (from === null || to === null) return <>{t.say('frame.none')}</>;
  if (from === to) return <StockBadge t={t} state={to} />;
  return (
    <span class="shift">
      <StockBadge t={t} state={from} />
      <span aria-hidden>→</span>
      <StockBadge t={t} state={to} />
    </span>
  );
}

export function MoveResultPage(props: MoveResultProps): VNode {
  const t = textsOf(props.frame);
  const { move, tokens } = props;
  const m = tokens.filter(({ done }) => done).length;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="HDK046"
      title={t.say(`HDK046.${move}`)}
      wide
      lead={<strong>{t.say('HDK046.1', { n: tokens.length, m })}</strong>}
    >
      <Table
        quiet
        caption={t.say('HDK046.2')}
        columns={[
          { head: t.say('field.serial') },
          { head: t.say('HDK046.2') },
          { head: t.say('HDK045.8') },
          { head: t.say('HDK040.3') },
          { head: t.say('HDK045.9') },
        ]}
        rows={tokens.map((row) => ({
          cells: [
            <a href={`/helpdesk/tokens/${encodeURIComponent(row.serial)}`}>
              <Serial value={row.serial} />
            </a>,
            <>
              {t.say(row.done ? 'result.done' : 'result.failed')}
              {row.why === null ? null : (
                <>
                  <br />
                  {t.say(`stockWhy.${row.why}`)}
                </>
              )}
            </>,
            <States t={t} row={row} />,
            row.companyName ?? t.say('frame.none'),
            <More t={t} row={row} />,
          ],
        }))}
      />
      {props.fee === null ? null : <p>{t.say('HDK046.4', { n: props.fee })}</p>}
      {props.mails === 0 ? null : <p>{t.say('HDK046.5', { n: props.mails })}</p>}
      {props.limits.map(({ company, at: date }) => (
        <p>
          <Sentence pieces={t.pieces('HDK046.6', { company, date })} />
        </p>
      ))}
      {props.people === 0 ? null : <p>{t.say('HDK046.7', { n: props.people })}</p>}
      {move === 'lose' && m > 0 ? <p>{t.say('HDK046.8')}</p> : null}
      <Form frame={props.frame}>
        <Main action="tokens" label={t.say('HDK046.3')} />
        <Ways>
          <Way action="top" label={t.say('button.top')} />
        </Ways>
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
    </Layout>
  );
}
