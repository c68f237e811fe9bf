// The due list's lines, filters and pages (screens.md §4.3, HDK047): they live in the address, and every link keeps the others.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { tableDate } from '../parts/format.ts';

export const dueAbouts = ['limit', 'expiry', 'arrival'] as const;

export type DueAbout = (typeof dueAbouts)[number];

export interface DueQuery {
  readonly about: DueAbout;
  /** Days as they are typed, `2026-11-22`. */
  readonly from: string;
  readonly to: string;
  readonly contractNumber: string;
  readonly page: number;
  readonly per: number;
  readonly total: number;
}

export interface DueRow {
  readonly id: string;
  readonly month: string;
  readonly companyId: string;
  readonly contractNumber: string;
  readonly companyName: string;
  readonly first: Instant;
  readonly tokens: number | null;
  readonly followed: number;
  readonly people: number;
  readonly told: number;
  /** Somebody can be told now. */
  readonly tells: boolean;
}

const path = '/helpdesk/tokens/due';

export function dueHref(query: DueQuery, change: Partial<DueQuery> = {}, action = ''): string {
  const { about, from, to, contractNumber, page } = { ...query, ...change };
  const params = new URLSearchParams({ about, from, to });
  if (contractNumber !== '') params.set('contract_number', contractNumber);
  if (page > 1) params.set('page', String(page));
  if (action !== '') params.set('action', action);
  return `${path}?${params.toString()}`;
}

/** What a line says, on the page and in the file. */
export function dueColumns(
  t: Texts,
  about: DueAbout,
): readonly { readonly head: string; readonly number?: boolean; readonly text: (row: DueRow) => string }[] {
  const of = (n: number, m: number): string => t.say('HDK047.6', { n, m });
  return [
    { head: t.say('HDK047.1'), text: ({ month }) => month },
    { head: t.say('HDK040.3'), text: ({ companyName }) => companyName },
    { head: t.say('field.contract_number'), text: ({ contractNumber }) => contractNumber },
    { head: t.say('HDK047.2'), text: ({ first }) => tableDate(first) },
    ...(about === 'limit'
      ? []
      : [{ head: t.say('HDK047.3'), number: true, text: ({ tokens }: DueRow) => String(tokens ?? 0) }]),
    ...(about === 'arrival'
      ? []
      : [
          { head: t.say('HDK047.4'), number: true, text: ({ people }: DueRow) => String(people) },
          { head: t.say('HDK047.5'), text: ({ told, people }: DueRow) => of(told, people) },
        ]),
    ...(about === 'expiry'
      ? [
          {
            head: t.say('HDK047.7'),
            text: ({ followed, tokens }: DueRow) => t.say('HDK047.8', { n: followed, m: tokens ?? 0 }),
          },
        ]
      : []),
  ];
}

export function DueFilters({ t, query }: { readonly t: Texts; readonly query: DueQuery }): VNode {
  const day = (name: 'from' | 'to'): VNode => (
    <div>
      <label for={name}>{t.say(`field.${name}`)}</label>
      <input id={name} name={name} type="date" class="input" value={query[name]} />
    </div>
  );
  return (
    <search class="filters filters-many">
      <form method="get" action={path}>
        <div>
          <label for="about">{t.say('field.about')}</label>
          <select id="about" name="about" class="input">
            {dueAbouts.map((about) => (
              <option value={about} selected={about === query.about}>
                {t.say(`due.${about}`)}
              </option>
            ))}
          </select>
        </div>
        {day('from')}
        {day('to')}
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
        <div class="filters-act">
          <button type="submit" class="button button-other">
            {t.say('button.show')}
          </button>
          <a href={`${path}?about=${query.about}`}>{t.say('button.clear')}</a>
        </div>
      </form>
    </search>
  );
}

export function DuePages({ t, query }: { readonly t: Texts; readonly query: DueQuery }): VNode | null {
  const pages = Math.max(1, Math.ceil(query.total / query.per));
  if (pages === 1) return null;
  return (
    <nav class="pages" aria-label={t.say('HDK011.9')}>
      {query.page > 1 ? <a href={dueHref(query, { page: query.page - 1 })}>{t.say('button.previous')}</a> : null}
      <span>{t.say('CON010.10', { page: query.page, pages })}</span>
      {query.page < pages ? <a href={dueHref(query, { page: query.page + 1 })}>{t.say('button.following')}</a> : null}
    </nav>
  );
}
