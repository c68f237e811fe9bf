// The table of CON110: one key-fob a row, with how far it has come and who shares it; those on their way with a box to tick.
import type { ComponentChildren, VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { StockState } from '../../src/rules/token-stock.ts';
import type { Sub } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, type Told } from '../parts/errors.tsx';
import { Form, Main } from '../parts/form.tsx';
import type { Frame } from '../parts/frame.ts';
import { Moment } from '../parts/sentence.tsx';
import { Serial } from '../parts/serial.tsx';
import { StockBadge } from '../parts/stock-state.tsx';
import { Table } from '../parts/table.tsx';
import { tokensCaption, type TokensQuery } from './token-filters.tsx';

export interface CompanyTokenRow {
  readonly serial: string;
  readonly state: StockState;
  /** When it was ordered, shipped, arrived, first registered. */
  readonly stages: readonly (readonly [Sub<'stage'>, Instant | null])[];
  readonly expires: Instant | null;
  /** The first who hold it. */
  readonly users: readonly { readonly id: string; readonly name: string }[];
  readonly holders: number;
  /** The token that was sent to follow it, and the one that it follows. */
  readonly successor: string | null;
  readonly follows: string | null;
}

export interface TokenTableProps {
  readonly frame: Frame;
  readonly query: TokensQuery;
  readonly tokens: readonly CompanyTokenRow[];
  /** Serial numbers that were ticked. */
  readonly chosen: readonly string[];
  /** Address of PRT003. */
  readonly form: string;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

/** In these it may be that another one is needed: it was lost, or does not work any more. */
const reissued: readonly StockState[] = ['arrived', 'registered', 'expiring', 'lost'];

/** 手配 2026-11-01 → 発送 … : as far as it has come. */
function Stages({ t, stages }: { readonly t: Texts; readonly stages: CompanyTokenRow['stages'] }): VNode | null {
  const come = stages.filter(([, at]) => at !== null);
  if (come.length === 0) return null;
  return (
    <ol class="stages">
      {come.map(([stage, at]) => (
        <li>
          {t.say(`stage.${stage}`)} {at === null ? null : <Moment t={t} at={at} as="day" />}
        </li>
      ))}
    </ol>
  );
}

function Users({ t, token }: { readonly t: Texts; readonly token: CompanyTokenRow }): VNode {
  const { users, holders } = token;
  if (users.length === 0) return <>{t.say('frame.none')}</>;
  return (
    <ul class="plain">
      {users.map(({ id, name }) => (
        <li>
          <a href={`/company/people/${encodeURIComponent(id)}`}>{name}</a>
        </li>
      ))}
      {holders > users.length ? <li>{t.say('CON110.more', { n: holders - users.length })}</li> : null}
    </ul>
  );
}

function head(token: CompanyTokenRow, first: boolean, chosen: boolean): ComponentChildren {
  if (token.state !== 'shipped') return <Serial value={token.serial} />;
  return (
    <label class="radio">
      <input type="checkbox" id={first ? 'people' : undefined} name="people" value={token.serial} checked={chosen} />
      <span>
        <Serial value={token.serial} />
      </span>
    </label>
  );
}

export function TokenTable({
  t,
  props,
  told,
}: {
  readonly t: Texts;
  readonly props: TokenTableProps;
  readonly told: readonly Told[];
}) {
  const { tokens, chosen, query } = props;
  const first = tokens.find(({ state }) => state === 'shipped');
  const formOf = ({ serial }: CompanyTokenRow): string => `${props.form}?serial=${encodeURIComponent(serial)}`;
  const table = (
    <Table
      caption={tokensCaption(t, query, tokens.length)}
      columns={[
        { head: t.label('serial') },
        { head: t.label('state') },
        { head: t.say('CON110.users') },
        { head: t.say('CON110.expires') },
        { head: t.say('CON110.form') },
      ]}
      rows={tokens.map((token) => ({
        cells: [
          head(token, token === first, chosen.includes(token.serial)),
          <>
            <StockBadge t={t} state={token.state} />
            <Stages t={t} stages={token.stages} />
            {token.successor === null ? null : (
              <p class="note">{t.say('CON110.successor', { number: token.successor })}</p>
            )}
            {token.follows === null ? null : <p class="note">{t.say('CON110.follows', { number: token.follows })}</p>}
          </>,
          <Users t={t} token={token} />,
          token.expires === null ? (
            t.say('frame.none')
          ) : (
            <span class="serial">
              <Moment t={t} at={token.expires} as="day" />
            </span>
          ),
          !reissued.includes(token.state) ? (
            t.say('frame.none')
          ) : (
            <a href={formOf(token)}>
              {t.say('CON110.form.link')}
              <span class="hidden">{` ${token.serial}`}</span>
            </a>
          ),
        ],
      }))}
    />
  );
  if (first === undefined) return table;
  return (
    <Form frame={props.frame} hidden={props.hidden}>
      {table}
      <FieldErrors errors={told} name="people" />
      <p class="hint">{t.say('CON110.arrive.hint')}</p>
      <Main label={t.say('CON110.arrive')} />
    </Form>
  );
}
