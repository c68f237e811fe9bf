// What the lists of people share (screens.md §4.3): the filter form, the row of a person, the pages.
import type { ComponentChildren, VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { allStates, States, type State } from '../parts/facts.tsx';
import { Moment } from '../parts/sentence.tsx';

/** A person of the company as the lists show one. */
export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly role: 'master' | 'admin' | 'member';
  readonly states: readonly State[];
  readonly token: 'hardware' | 'software' | null;
  /** The linked Business Direct ID with its dates, or null. */
  readonly link: { readonly bd: string; readonly since: Instant; readonly lastUsed: Instant | null } | null;
  /** Devices that skip the code. */
  readonly devices: number;
  readonly lastLogin: Instant | null;
  /** The person who looks at the list. */
  readonly self: boolean;
}

/** One page of a filtered list; the filters live in the address. */
export interface PeopleQuery {
  /** Path of the list, e.g. `/company/people`. */
  readonly path: string;
  readonly q: string;
  /** '' for all; a state, or `linked` / `unlinked`. */
  readonly state: State | 'linked' | 'unlinked' | '';
  readonly page: number;
  readonly per: number;
  /** How many people match. */
  readonly total: number;
}

const pagesOf = (query: PeopleQuery): number => Math.max(1, Math.ceil(query.total / query.per));

/** 「全10,000名中 51〜100名」, the caption of the table. */
export function caption(t: Texts, query: PeopleQuery, shown: number): string {
  if (shown === 0) return t.say('CON010.8');
  const before = (query.page - 1) * query.per;
  return t.say('CON010.1', { total: query.total, first: before + 1, last: before + shown });
}

export function Filters({ t, query }: { readonly t: Texts; readonly query: PeopleQuery }): VNode {
  const option = (value: string, label: string): VNode => (
    <option value={value} selected={query.state === value}>
      {label}
    </option>
  );
  const active = query.q !== '' || query.state !== '';
  return (
    <search class="filters">
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
            {t.say('CON010.7')}
          </p>
        </div>
        <div>
          <label for="state">{t.say('field.state')}</label>
          <select id="state" name="state" class="input">
            {option('', t.say('choice.any'))}
            {allStates.map((state) => option(state, t.say(`state.${state}`)))}
            {option('linked', t.say('choice.linked'))}
            {option('unlinked', t.say('choice.unlinked'))}
          </select>
        </div>
        <div>
          <label for="per">{t.say('field.per')}</label>
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
          {active ? <a href={query.path}>{t.say('button.clear')}</a> : null}
        </div>
      </form>
    </search>
  );
}

function pageHref(query: PeopleQuery, page: number): string {
  const params = new URLSearchParams();
  if (query.q !== '') params.set('q', query.q);
  if (query.state !== '') params.set('state', query.state);
  params.set('per', String(query.per));
  params.set('page', String(page));
  return `${query.path}?${params.toString()}`;
}

export function Pages({ t, query }: { readonly t: Texts; readonly query: PeopleQuery }): VNode | null {
  const pages = pagesOf(query);
  if (pages === 1) return null;
  return (
    <nav class="pages" aria-label={t.say('CON010.9')}>
      {query.page > 1 ? <a href={pageHref(query, query.page - 1)}>{t.say('button.previous')}</a> : null}
      <span>{t.say('CON010.10', { page: query.page, pages })}</span>
      {query.page < pages ? <a href={pageHref(query, query.page + 1)}>{t.say('button.following')}</a> : null}
    </nav>
  );
}

/** A box or radio button that chooses a person; its label is the name and the login ID. */
export function Chooser(props: {
  readonly t: Texts;
  readonly person: PersonRow;
  readonly type: 'radio' | 'checkbox';
  readonly first: boolean;
  readonly chosen: boolean;
  /** Instead of a box: why the person cannot be chosen. */
  readonly why?: ComponentChildren;
}): VNode {
  const { t, person } = props;
  const words = (
    <span>
      {person.name}
      {person.self ? <strong class="mark">{t.say('frame.self')}</strong> : null}
      <span class="login-id">{person.loginId}</span>
    </span>
  );
  if (props.why !== undefined && props.why !== null) {
    return (
      <div class="radio radio-none">
        {words}
        <span class="note">{props.why}</span>
      </div>
    );
  }
  return (
    <label class="radio">
      <input
        type={props.type}
        id={props.first ? 'people' : undefined}
        name="people"
        value={person.id}
        checked={props.chosen}
      />
      {words}
    </label>
  );
}

export const StateCell = ({ t, person }: { readonly t: Texts; readonly person: PersonRow }): VNode => (
  <States t={t} states={person.states} />
);

export const WhenCell = ({ t, at }: { readonly t: Texts; readonly at: Instant | null }): VNode =>
  at === null ? <>{t.say('frame.none')}</> : <Moment t={t} at={at} as="table" />;
