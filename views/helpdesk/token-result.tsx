// HDK046: what became of each token, what it costs, until when people register; its slip says the same (PRT006).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { StockMove, StockWhy } from '../../src/rules/stock-move.ts';
import type { StockState } from '../../src/rules/token-stock.ts';
import { Layout } from '../layout.tsx';
import type { Texts } from '../messages/texts.ts';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
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

/** What the page and its slip say alike. */
export interface MoveShown {
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
}

export interface MoveResultProps extends MoveShown {
  readonly frame: Frame;
  readonly mailPending: boolean;
  /** Address of the slip on paper. */
  readonly print: string;
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

/** How many of all, in a sentence. */
export const moveHeadline = (t: Texts, { tokens }: MoveShown): string =>
  t.say('HDK046.1', { n: tokens.length, m: tokens.filter(({ done }) => done).length });

/** Each token with what became of it, and what follows from the act as a whole. */
export function MovedTokens({
  t,
  of,
  linked,
}: {
  readonly t: Texts;
  readonly of: MoveShown;
  /** Whether a serial number leads to its token: on paper nothing leads anywhere. */
  readonly linked: boolean;
}): VNode {
  return (
    <>
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
        rows={of.tokens.map((row) => ({
          cells: [
            linked ? (
              <a href={`/helpdesk/tokens/${encodeURIComponent(row.serial)}`}>
                <Serial value={row.serial} />
              </a>
            ) : (
              <Serial value={row.serial} />
            ),
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
      {of.fee === null ? null : <p>{t.say('HDK046.4', { n: of.fee })}</p>}
      {of.mails === 0 ? null : <p>{t.say('HDK046.5', { n: of.mails })}</p>}
      {of.limits.map(({ company, at: date }) => (
        <p>
          <Sentence pieces={t.pieces('HDK046.6', { company, date })} />
        </p>
      ))}
      {of.people === 0 ? null : <p>{t.say('HDK046.7', { n: of.people })}</p>}
      {of.move === 'lose' && of.tokens.some(({ done }) => done) ? <p>{t.say('HDK046.8')}</p> : null}
    </>
  );
}

export function MoveResultPage(props: MoveResultProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="HDK046"
      title={t.say(`HDK046.${props.move}`)}
      wide
      lead={<strong>{moveHeadline(t, props)}</strong>}
    >
      <MovedTokens t={t} of={props} linked />
      <Form frame={props.frame}>
        <Main action="tokens" label={t.say('HDK046.3')} />
        <Ways>
          <Way action="top" label={t.say('button.top')} />
        </Ways>
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
      <Links items={[{ href: props.print, label: t.say('PRT006.4') }]} />
    </Layout>
  );
}
