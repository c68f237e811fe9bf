// The filters and pages of a company's key-fobs (screens.md §4.3): they live in the address. Pages go from serial number to serial
// number.
import type { VNode } from 'preact';
import type { StockState } from '../../src/rules/token-stock.ts';
import type { Texts } from '../messages/texts.ts';

export interface TokensQuery {
  readonly path: string;
  /** How the serial number begins. */
  readonly q: string;
  readonly state: StockState | '';
  readonly per: number;
  /** All of the company, whatever the filters. */
  readonly total: number;
  /** The serial numbers beside which the neighbouring pages lie; null where there is none. */
  readonly older: string | null;
  readonly newer: string | null;
  /** The page of the people without a token. */
  readonly waiting: number;
}

/** How many stand in each state, in the order of a token's life. */
export type StateCounts = readonly { readonly state: StockState; readonly n: number }[];

const paramsOf = ({ q, state, per }: TokensQuery): URLSearchParams => {
  const params = new URLSearchParams();
  if (q !== '') params.set('q', q);
  if (state !== '') params.set('state', state);
  if (per !== 50) params.set('per', String(per));
  return params;
};

/** The list under its filters, with one more parameter. */
export function tokensHref(query: TokensQuery, name: 'after' | 'before' | 'people', value: string): string {
  const params = paramsOf(query);
  params.set(name, value);
  return `${query.path}?${params.toString()}`;
}

export function tokensCaption(t: Texts, query: TokensQuery, shown: number): string {
  const whole = query.older === null && query.newer === null && query.q === '' && query.state === '';
  return whole ? t.say('CON110.all', { total: query.total }) : t.say('CON110.some', { total: query.total, n: shown });
}

export function TokenFilters(props: {
  readonly t: Texts;
  readonly query: TokensQuery;
  readonly counts: StateCounts;
}): VNode {
  const { t, query, counts } = props;
  const states = counts.filter(({ state, n }) => n > 0 || state === query.state);
  return (
    <search class="filters">
      <form method="get" action={query.path}>
        <div>
          <label for="q">{t.say('CON110.q')}</label>
          <input id="q" name="q" type="search" class="input" value={query.q} autocomplete="off" />
        </div>
        <div>
          <label for="state">{t.label('state')}</label>
          <select id="state" name="state" class="input">
            <option value="" selected={query.state === ''}>
              {t.say('choice.any')}
            </option>
            {states.map(({ state, n }) => (
              <option value={state} selected={query.state === state}>
                {`${t.say(`stock.${state}`)} (${n})`}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label for="per">{t.label('per')}</label>
          <select id="per" name="per" class="input">
            {[20, 50, 100].map((per) => (
              <option value={String(per)} selected={query.per === per}>
                {String(per)}
              </option>
            ))}
          </select>
        </div>
        <div class="filters-act">
          <button type="submit" class="button button-other">
            {t.say('button.search')}
          </button>
          {query.q !== '' || query.state !== '' ? <a href={query.path}>{t.say('button.clear')}</a> : null}
        </div>
      </form>
    </search>
  );
}

export function TokenPages({ t, query }: { readonly t: Texts; readonly query: TokensQuery }): VNode | null {
  const { older, newer } = query;
  if (older === null && newer === null) return null;
  return (
    <nav class="pages" aria-label={t.say('CON110.pages')}>
      {older === null ? null : <a href={tokensHref(query, 'before', older)}>{t.say('button.previous')}</a>}
      {newer === null ? null : <a href={tokensHref(query, 'after', newer)}>{t.say('button.following')}</a>}
    </nav>
  );
}
