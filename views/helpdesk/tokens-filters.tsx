// The filters of the stock (screens.md §4.3, HDK040): they live in the address, and every link here keeps the others.
import type { VNode } from 'preact';
import type { StockState } from '../../src/rules/token-stock.ts';
import type { Texts } from '../messages/texts.ts';
import { stockStates } from './desk-words.ts';

export interface StockQuery {
  /** How the serial number begins. */
  readonly q: string;
  readonly state: StockState | '';
  /** The contract number of one company; '': all. */
  readonly contractNumber: string;
  readonly per: number;
}

export const stockPath = '/helpdesk/tokens';

/** The list under other filters, on its first page unless a place is named. */
export function stockHref(
  query: StockQuery,
  change: Partial<StockQuery> = {},
  more: Readonly<Record<string, string>> = {},
): string {
  const { q, state, contractNumber, per } = { ...query, ...change };
  const all = { q, state, contract_number: contractNumber, per: per === 50 ? '' : String(per), ...more };
  const params = new URLSearchParams(Object.entries(all).filter(([, value]) => value !== ''));
  const text = params.toString();
  return text === '' ? stockPath : `${stockPath}?${text}`;
}

export function StockFilters({ t, query }: { readonly t: Texts; readonly query: StockQuery }): VNode {
  const option = (value: string, label: string, chosen: string): VNode => (
    <option value={value} selected={value === chosen}>
      {label}
    </option>
  );
  return (
    <search class="filters filters-many">
      <form method="get" action={stockPath}>
        <div>
          <label for="q">{t.say('field.serial')}</label>
          <input
            id="q"
            name="q"
            type="search"
            class="input"
            value={query.q}
            autocomplete="off"
            autocapitalize="characters"
            aria-describedby="q-hint"
          />
          <p class="hint" id="q-hint">
            {t.say('HDK040.1')}
          </p>
        </div>
        <div>
          <label for="state">{t.say('field.state')}</label>
          <select id="state" name="state" class="input">
            {option('', t.say('choice.any'), query.state)}
            {stockStates.map((state) => option(state, t.say(`stock.${state}`), query.state))}
          </select>
        </div>
        <div>
          <label for="contract_number">{t.say('field.contract_number')}</label>
          <input
            id="contract_number"
            name="contract_number"
            class="input"
            inputmode="numeric"
            autocomplete="off"
            value={query.contractNumber}
          />
        </div>
        <div>
          <label for="per">{t.say('field.per')}</label>
          <select id="per" name="per" class="input">
            {['20', '50', '100'].map((per) => option(per, per, String(query.per)))}
          </select>
        </div>
        <div class="filters-act">
          <button type="submit" class="button button-other">
            {t.say('button.search')}
          </button>
        </div>
      </form>
    </search>
  );
}

/** The active filters, each with its way out, and the way out of all. */
export function StockChips({ t, query }: { readonly t: Texts; readonly query: StockQuery }): VNode | null {
  const { q, state, contractNumber } = query;
  const active = [
    { term: t.say('field.serial'), value: q, without: { q: '' } },
    { term: t.say('field.state'), value: state === '' ? '' : t.say(`stock.${state}`), without: { state: '' } },
    { term: t.say('field.contract_number'), value: contractNumber, without: { contractNumber: '' } },
  ] as const;
  const shown = active.filter(({ value }) => value !== '');
  if (shown.length === 0) return null;
  return (
    <ul class="chips" aria-label={t.say('CON010.15')}>
      {shown.map(({ term, value, without }) => (
        <li class="chip">
          <span>
            {term}: {value}
          </span>
          <a href={stockHref(query, without)}>
            {t.say('CON010.16')}
            <span class="hidden">{` ${term}`}</span>
          </a>
        </li>
      ))}
      <li>
        <a href={stockHref(query, { q: '', state: '', contractNumber: '' })}>{t.say('button.clear')}</a>
      </li>
    </ul>
  );
}

/** Where the list goes on, on both sides; null where it ends. */
export function StockPages(props: {
  readonly t: Texts;
  readonly query: StockQuery;
  readonly before: string | null;
  readonly after: string | null;
}): VNode | null {
  const { t, query, before, after } = props;
  if (before === null && after === null) return null;
  return (
    <nav class="pages" aria-label={t.say('HDK011.9')}>
      {before === null ? null : (
        <>
          <a href={stockHref(query)}>{t.say('HDK040.18')}</a>
          <a href={stockHref(query, {}, { before })}>{t.say('button.previous')}</a>
        </>
      )}
      {after === null ? null : <a href={stockHref(query, {}, { after })}>{t.say('button.following')}</a>}
    </nav>
  );
}
