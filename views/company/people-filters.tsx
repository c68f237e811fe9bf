// The filters of the lists of people (screens.md §4.3): the search form, the active filters each with its own way out, the
// order of a column, the pages. They live in the address, and every link here keeps the others.
import type { VNode } from 'preact';
import type { PeopleOrder, PeopleSort } from '../../src/rules/people-sort.ts';
import type { Texts } from '../messages/texts.ts';
import { allStates } from '../parts/facts.tsx';
import type { Column } from '../parts/table.tsx';
import type { PeopleQuery } from './people-list.tsx';

/** The names of the address, without what is left at its default. */
function paramsOf(query: PeopleQuery): readonly (readonly [string, string])[] {
  const { q, state, role, tokenKind, sort, per, page } = query;
  const all = [
    ['q', q],
    ['state', state],
    ['role', role],
    ['token_kind', tokenKind],
    ['sort', sort === 'login_id' ? '' : sort],
    ['per', per === 50 ? '' : String(per)],
    ['page', page === 1 ? '' : String(page)],
  ] as const;
  return all.filter(([, value]) => value !== '');
}

/** The list under other filters, on its first page unless one is named. */
export function hrefOf(query: PeopleQuery, change: Partial<PeopleQuery> = {}, more = ''): string {
  const params = new URLSearchParams(paramsOf({ ...query, page: 1, ...change }).map(([name, value]) => [name, value]));
  if (more !== '') params.set('action', more);
  const text = params.toString();
  return `${change.path ?? query.path}${text === '' ? '' : `?${text}`}`;
}

type Option = readonly [value: string, label: string];

const statesOf = (t: Texts): readonly Option[] => [
  ...allStates.map((state): Option => [state, t.say(`state.${state}`)]),
  ['linked', t.say('choice.linked')],
  ['unlinked', t.say('choice.unlinked')],
];

const rolesOf = (t: Texts): readonly Option[] =>
  (['master', 'admin', 'member'] as const).map((role) => [role, t.say(`role.${role}`)]);

const kindsOf = (t: Texts): readonly Option[] => [
  ['none', t.say('frame.none')],
  ['hardware', t.say('token.hardware')],
  ['software', t.say('token.software')],
];

const orders: readonly PeopleOrder[] = ['login_id', 'name', 'last_login', 'state'];

const sortsOf = (t: Texts): readonly Option[] =>
  orders.flatMap((order): readonly Option[] => [
    [order, t.say('CON010.12', { name: t.say(`sort.${order}`) })],
    [`-${order}`, t.say('CON010.13', { name: t.say(`sort.${order}`) })],
  ]);

function Choice(props: {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Option[];
  readonly chosen: string;
}): VNode {
  const { name, chosen } = props;
  return (
    <div>
      <label for={name}>{props.label}</label>
      <select id={name} name={name} class="input">
        {props.options.map(([value, label]) => (
          <option value={value} selected={chosen === value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Filters({ t, query }: { readonly t: Texts; readonly query: PeopleQuery }): VNode {
  const any: Option = ['', t.say('choice.any')];
  return (
    <search class="filters filters-many">
      <form method="get" action={query.path}>
        <div>
          <label for="q">{t.say('field.q')}</label>
          <input
            id="q"
            name="q"
            type="search"
            class="input"
            value={query.q}
            autocomplete="off"
            aria-describedby="q-hint"
          />
          <p class="hint" id="q-hint">
            {t.say('CON010.14')}
          </p>
        </div>
        <Choice name="state" label={t.say('field.state')} options={[any, ...statesOf(t)]} chosen={query.state} />
        <Choice name="role" label={t.say('field.role')} options={[any, ...rolesOf(t)]} chosen={query.role} />
        <Choice
          name="token_kind"
          label={t.say('field.token_kind')}
          options={[any, ...kindsOf(t)]}
          chosen={query.tokenKind}
        />
        <Choice name="sort" label={t.say('field.sort')} options={sortsOf(t)} chosen={query.sort} />
        <Choice
          name="per"
          label={t.say('field.per')}
          options={['20', '50', '100'].map((per): Option => [per, per])}
          chosen={String(query.per)}
        />
        <div class="filters-act">
          <button type="submit" class="button button-other">
            {t.say('button.search')}
          </button>
        </div>
      </form>
    </search>
  );
}

/** A filter that narrows the list, as people read it. */
interface Active {
  readonly term: string;
  readonly value: string;
  readonly without: Partial<PeopleQuery>;
}

export function activeFilters(t: Texts, query: PeopleQuery): readonly Active[] {
  const label = (options: readonly Option[], word: string): string =>
    options.find(([value]) => value === word)?.[1] ?? word;
  const all: readonly Active[] = [
    { term: t.say('field.q'), value: query.q, without: { q: '' } },
    { term: t.say('field.state'), value: label(statesOf(t), query.state), without: { state: '' } },
    { term: t.say('field.role'), value: label(rolesOf(t), query.role), without: { role: '' } },
    { term: t.say('field.token_kind'), value: label(kindsOf(t), query.tokenKind), without: { tokenKind: '' } },
  ];
  return all.filter(({ value }) => value !== '');
}

/** The active filters, each with its way out, and the way out of all. */
export function Chips({ t, query }: { readonly t: Texts; readonly query: PeopleQuery }): VNode | null {
  const active = activeFilters(t, query);
  if (active.length === 0) return null;
  return (
    <ul class="chips" aria-label={t.say('CON010.15')}>
      {active.map(({ term, value, without }) => (
        <li class="chip">
          <span>
            {term}: {value}
          </span>
          <a href={hrefOf(query, without)}>
            {t.say('CON010.16')}
            <span class="hidden">{` ${term}`}</span>
          </a>
        </li>
      ))}
      <li>
        <a href={hrefOf(query, { q: '', state: '', role: '', tokenKind: '' })}>{t.say('button.clear')}</a>
      </li>
    </ul>
  );
}

/** First the way in which a column is mostly wanted: who needs attention, and who signed in last. */
const downFirst: readonly PeopleOrder[] = ['state', 'last_login'];

/** A column by which the list can be ordered: pressed again, the other way round. */
export function ordered(query: PeopleQuery, head: string, order: PeopleOrder | undefined): Column {
  if (order === undefined) return { head };
  const down: PeopleSort = `-${order}`;
  const now = query.sort === order ? 'ascending' : query.sort === down ? 'descending' : 'none';
  const next = now === 'none' ? (downFirst.includes(order) ? down : order) : now === 'ascending' ? down : order;
  return { head, sort: { now, href: hrefOf(query, { sort: next }) } };
}

/** The pages, with a field for a far one. */
export function Pages({ t, query }: { readonly t: Texts; readonly query: PeopleQuery }): VNode | null {
  const pages = Math.max(1, Math.ceil(query.total / query.per));
  if (pages === 1) return null;
  return (
    <nav class="pages" aria-label={t.say('CON010.9')}>
      {query.page > 1 ? <a href={hrefOf(query, { page: query.page - 1 })}>{t.say('button.previous')}</a> : null}
      <span>{t.say('CON010.10', { page: query.page, pages })}</span>
      {query.page < pages ? <a href={hrefOf(query, { page: query.page + 1 })}>{t.say('button.following')}</a> : null}
      <form method="get" action={query.path} class="pages-go">
        {paramsOf({ ...query, page: 1 }).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <label for="page">{t.say('field.page')}</label>
        <input
          id="page"
          name="page"
          class="input"
          inputmode="numeric"
          autocomplete="off"
          value={String(query.page)}
          size={6}
        />
        <button type="submit" class="button button-other">
          {t.say('button.show')}
        </button>
      </form>
    </nav>
  );
}
