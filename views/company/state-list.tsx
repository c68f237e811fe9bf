// What the lists of people to stop or release share (CON040, CON050): the filters, the boxes, causes in words, the pages.
import type { ComponentChildren, VNode } from 'preact';
import type { Restriction } from '../../src/rules/cause.ts';
import type { Texts } from '../messages/texts.ts';
import { allStates, type State } from '../parts/facts.tsx';
import { Moment } from '../parts/sentence.tsx';

/** One person of such a list. */
export interface StateRow {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly role: 'master' | 'admin' | 'member';
  readonly states: readonly State[];
  readonly restrictions: readonly Restriction[];
  readonly token: 'hardware' | 'software' | null;
  readonly self: boolean;
  /** The desk alone releases this one's one-time password. */
  readonly deskOnly: boolean;
}

/** One page of the list; the filters live in the address. */
export interface StateQuery {
  readonly path: string;
  readonly q: string;
  readonly state: State | 'restricted' | '';
  readonly page: number;
  readonly per: number;
  readonly total: number;
}

export function stateCaption(t: Texts, query: StateQuery, shown: number): string {
  if (shown === 0) return t.say('CON010.8');
  const before = (query.page - 1) * query.per;
  return t.say('CON010.1', { total: query.total, first: before + 1, last: before + shown });
}

/** `byState` false: the list is of one state. */
export function StateFilters(props: {
  readonly t: Texts;
  readonly query: StateQuery;
  readonly byState: boolean;
}): VNode {
  const { t, query } = props;
  const option = (value: string, label: string): VNode => (
    <option value={value} selected={query.state === value}>
      {label}
    </option>
  );
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
        {props.byState ? (
          <div>
            <label for="state">{t.say('field.state')}</label>
            <select id="state" name="state" class="input">
              {option('', t.say('choice.any'))}
              {option('restricted', t.say('CON040.4'))}
              {allStates.map((state) => option(state, t.say(`state.${state}`)))}
            </select>
          </div>
        ) : null}
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
          {query.q !== '' || query.state !== '' ? <a href={query.path}>{t.say('button.clear')}</a> : null}
        </div>
      </form>
    </search>
  );
}

/** The address of a page of the list under its filters. */
export function stateHref(query: StateQuery, page: number): string {
  const params = new URLSearchParams();
  if (query.q !== '') params.set('q', query.q);
  if (query.state !== '') params.set('state', query.state);
  params.set('per', String(query.per));
  params.set('page', String(page));
  return `${query.path}?${params.toString()}`;
}

export function StatePages({ t, query }: { readonly t: Texts; readonly query: StateQuery }): VNode | null {
  const pages = Math.max(1, Math.ceil(query.total / query.per));
  if (pages === 1) return null;
  return (
    <nav class="pages" aria-label={t.say('CON010.9')}>
      {query.page > 1 ? <a href={stateHref(query, query.page - 1)}>{t.say('button.previous')}</a> : null}
      <span>{t.say('CON010.10', { page: query.page, pages })}</span>
      {query.page < pages ? <a href={stateHref(query, query.page + 1)}>{t.say('button.following')}</a> : null}
    </nav>
  );
}

/** A box that chooses a person, or why there is none. */
export function PersonBox(props: {
  readonly t: Texts;
  readonly person: StateRow;
  readonly first: boolean;
  readonly chosen: boolean;
  readonly why: ComponentChildren;
}): VNode {
  const { t, person, why } = props;
  const words = (
    <span>
      {person.name}
      {person.self ? <strong class="mark">{t.say('frame.self')}</strong> : null}
      <span class="login-id">{person.loginId}</span>
    </span>
  );
  if (why !== null)
    return (
      <div class="radio radio-none">
        {words}
        <span class="note">{why}</span>
      </div>
    );
  return (
    <label class="radio">
      <input
        type="checkbox"
        id={props.first ? 'people' : undefined}
        name="people"
        value={person.id}
        checked={props.chosen}
      />
      {words}
    </label>
  );
}

export function causeWords(t: Texts, { cause, misses }: Restriction): string {
  return cause === 'misses' ? t.say('cause.misses', { n: misses ?? 0 }) : t.say(`cause.${cause}`);
}

/** Why each lock or stop stands; named by its state where there are several. */
export function Causes({ t, of }: { readonly t: Texts; readonly of: readonly Restriction[] }): VNode {
  if (of.length === 0) return <>{t.say('frame.none')}</>;
  return (
    <ul class="plain">
      {of.map((one) => (
        <li>
          {of.length === 1 ? '' : `${t.say(`state.${one.state}`)}: `}
          {causeWords(t, one)}
        </li>
      ))}
    </ul>
  );
}

/** When each ends: a moment, or only by a release. */
export function Ends({ t, of }: { readonly t: Texts; readonly of: readonly Restriction[] }): VNode {
  if (of.length === 0) return <>{t.say('frame.none')}</>;
  return (
    <ul class="plain">
      {of.map(({ until }) => (
        <li>{until === null ? t.say('CON040.5') : <Moment t={t} at={until} as="table" />}</li>
      ))}
    </ul>
  );
}
