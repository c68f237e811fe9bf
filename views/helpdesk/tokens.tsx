// HDK040: the stock by state, with filters; tokens are chosen here for what the desk does with them (screens.md §12).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { StockState } from '../../src/rules/token-stock.ts';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, tell } from '../parts/errors.tsx';
import { grouped, tableDate } from '../parts/format.ts';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Moment } from '../parts/sentence.tsx';
import { Serial } from '../parts/serial.tsx';
import { StockBadge } from '../parts/stock-state.tsx';
import { Table } from '../parts/table.tsx';
import { stockStates } from './desk-words.ts';
import { StockChips, StockFilters, stockHref, StockPages, type StockQuery } from './tokens-filters.tsx';

export interface StockRow {
  readonly serial: string;
  readonly state: StockState;
  readonly contractNumber: string | null;
  readonly companyName: string | null;
  readonly holders: number;
  readonly expiresAt: Instant | null;
  /** When it came into its present state; null: not known. */
  readonly since: Instant | null;
  readonly successor: string | null;
}

/** What the desk does with chosen tokens, in the order of their life. */
export const listMoves = ['assign', 'ship', 'arrive', 'exchange', 'lose'] as const;

/** The main act of a list of one state; everywhere else the first. */
const mainMoves: Readonly<Partial<Record<StockState, (typeof listMoves)[number]>>> = {
  ordered: 'ship',
  shipped: 'arrive',
  expiring: 'exchange',
};

export interface TokensProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly query: StockQuery;
  readonly counts: Readonly<Record<StockState, number>>;
  readonly tokens: readonly StockRow[];
  /** Serial numbers beyond which the list goes on; null: it ends there. */
  readonly before: string | null;
  readonly after: string | null;
  readonly chosen: readonly string[];
  /** Whoever may only look gets no boxes and no buttons. */
  readonly moves: boolean;
  readonly imports: boolean;
}

/** What a row says, on the page and in the file. */
export function stockColumns(t: Texts): readonly { readonly head: string; readonly text: (row: StockRow) => string }[] {
  return [
    { head: t.say('field.serial'), text: ({ serial }) => serial },
    { head: t.say('field.state'), text: ({ state }) => t.say(`stock.${state}`) },
    { head: t.say('HDK040.3'), text: ({ companyName }) => companyName ?? '' },
    { head: t.say('field.contract_number'), text: ({ contractNumber }) => contractNumber ?? '' },
    { head: t.say('HDK040.5'), text: ({ holders }) => String(holders) },
    { head: t.say('HDK040.4'), text: ({ expiresAt }) => (expiresAt === null ? '' : tableDate(expiresAt)) },
    { head: t.say('HDK040.7'), text: ({ since }) => (since === null ? '' : tableDate(since)) },
    { head: t.say('HDK044.23'), text: ({ successor }) => successor ?? '' },
  ];
}

const tokenHref = (serial: string): string => `/helpdesk/tokens/${encodeURIComponent(serial)}`;

function Name(props: {
  readonly t: Texts;
  readonly row: StockRow;
  readonly first: boolean;
  readonly chosen: boolean;
  readonly boxed: boolean;
}): VNode {
  const { t, row } = props;
  const link = (
    <a href={tokenHref(row.serial)}>
      <Serial value={row.serial} />
    </a>
  );
  if (!props.boxed) return link;
  return (
    <div class="pick">
      <label class="radio">
        <input
          type="checkbox"
          id={props.first ? 'people' : undefined}
          name="people"
          value={row.serial}
          checked={props.chosen}
        />
        <span class="hidden">{t.say('HDK040.8', { number: row.serial })}</span>
      </label>
      <span>{link}</span>
    </div>
  );
}

/** Each state with its number, as ways to the list of that state. */
function Counts({ t, props }: { readonly t: Texts; readonly props: TokensProps }): VNode {
  return (
    <nav aria-label={t.say('HDK040.2')}>
      <ul class="counts">
        {stockStates.map((state) => (
          <li>
            <a
              href={stockHref({ q: '', state, contractNumber: '', per: props.query.per })}
              aria-current={props.query.state === state ? 'true' : undefined}
            >
              {t.say(`stock.${state}`)}
            </a>{' '}
            {t.say('HDK040.11', { n: props.counts[state] })}
          </li>
        ))}
      </ul>
    </nav>
  );
}

function cells(t: Texts, row: StockRow) {
  return [
    <StockBadge t={t} state={row.state} />,
    row.companyName === null ? (
      t.say('frame.none')
    ) : (
      <>
        {row.companyName}
        <span class="login-id">{grouped(row.contractNumber ?? '')}</span>
      </>
    ),
    t.say('HDK040.6', { n: row.holders }),
    row.expiresAt === null ? t.say('frame.none') : <Moment t={t} at={row.expiresAt} as="day" />,
    <>
      {row.since === null ? t.say('frame.none') : <Moment t={t} at={row.since} as="day" />}
      {row.successor === null ? null : <span class="note-below">{t.say('HDK040.10', { number: row.successor })}</span>}
    </>,
  ];
}

export function TokensPage(props: TokensProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { query, tokens, moves } = props;
  const filtered = query.q !== '' || query.contractNumber !== '' || (query.state !== '' && query.state !== 'in-stock');
  const table = (
    <div class="dense">
      <Table
        caption={t.say('HDK040.9', { n: tokens.length })}
        columns={[
          { head: t.say('field.serial') },
          { head: t.say('field.state') },
          { head: t.say('HDK040.3') },
          { head: t.say('HDK040.5'), number: true },
          { head: t.say('HDK040.4') },
          { head: t.say('HDK040.7') },
        ]}
        rows={tokens.map((row, index) => ({
          cells: [
            <Name t={t} row={row} first={index === 0} chosen={props.chosen.includes(row.serial)} boxed={moves} />,
            ...cells(t, row),
          ],
        }))}
      />
    </div>
  );
  const main = (query.state === '' ? undefined : mainMoves[query.state]) ?? 'assign';
  const others = listMoves.filter((move) => move !== main);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="HDK040"
      title={t.say('HDK040.title')}
      errors={told}
      wide
      lead={moves && tokens.length > 0 ? t.say('HDK040.19') : null}
    >
      <Counts t={t} props={props} />
      <StockFilters t={t} query={query} />
      <StockChips t={t} query={query} />
      {tokens.length === 0 ? (
        <p class="empty">{t.say(filtered ? 'HDK040.13' : 'HDK040.12')}</p>
      ) : moves ? (
        <Form frame={props.frame}>
          {table}
          <FieldErrors errors={told} name="people" />
          <Main action={main} label={t.say(`move.${main}`)} />
          <Ways>
            {others.map((move) => (
              <Way action={move} label={t.say(`move.${move}`)} />
            ))}
          </Ways>
        </Form>
      ) : (
        table
      )}
      <StockPages t={t} query={query} before={props.before} after={props.after} />
      <Links
        items={[
          ...(tokens.length === 0
            ? []
            : [{ href: stockHref(query, {}, { action: 'csv' }), label: t.say('HDK040.14') }]),
          ...(props.imports ? [{ href: '/helpdesk/tokens/import', label: t.say('HDK040.17') }] : []),
          { href: '/helpdesk/tokens/due', label: t.say('HDK040.15') },
          { href: '/helpdesk/companies', label: t.say('HDK040.16') },
          { href: '/helpdesk', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
