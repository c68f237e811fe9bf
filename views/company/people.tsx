// CON010: the people of one's own company, with search, filters, order and pages (screens.md §11). One is chosen to be
// changed or deleted; the name leads to everything that is known of a person.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Table } from '../parts/table.tsx';
import { activeFilters, Chips, Filters, hrefOf, ordered, Pages } from './people-filters.tsx';
import {
  caption,
  columnsOfPeople,
  StateCell,
  WhenCell,
  type PeopleColumn,
  type PeopleQuery,
  type PersonRow,
} from './people-list.tsx';

export interface PeopleProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly query: PeopleQuery;
  readonly people: readonly PersonRow[];
  /** The chosen person, kept after an error; null: none. */
  readonly chosen: string | null;
}

/** The radio button and the name, which is the row's main link. */
function Name(props: {
  readonly t: Texts;
  readonly person: PersonRow;
  readonly first: boolean;
  readonly chosen: boolean;
}): VNode {
  const { t, person } = props;
  return (
    <div class="pick">
      <label class="radio">
        <input
          type="radio"
          id={props.first ? 'people' : undefined}
          name="people"
          value={person.id}
          checked={props.chosen}
        />
        <span class="hidden">{t.say('CON010.17', { name: person.name, login_id: person.loginId })}</span>
      </label>
      <span>
        <a href={`/company/people/${encodeURIComponent(person.id)}`}>{person.name}</a>
        {person.self ? <strong class="mark">{t.say('frame.self')}</strong> : null}
      </span>
    </div>
  );
}

function cells(t: Texts, columns: readonly PeopleColumn[], person: PersonRow) {
  return columns.slice(1).map(({ order, text }) => {
    if (order === 'login_id') return <span class="login-id">{person.loginId}</span>;
    if (order === 'state') return <StateCell t={t} person={person} />;
    if (order === 'last_login') return <WhenCell t={t} at={person.lastLogin} />;
    return text(person);
  });
}

/** Why the list is empty, or that nobody was registered yet. */
function emptyWords(t: Texts, query: PeopleQuery, people: readonly PersonRow[]): string | null {
  if (people.length === 0) return t.say('empty.users', { things: 'users' });
  const alone = activeFilters(t, query).length === 0 && query.total === 1 && people.every(({ self }) => self);
  return alone ? t.say('CON010.18') : null;
}

export function PeoplePage(props: PeopleProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people, query } = props;
  const columns = columnsOfPeople(t);
  const empty = emptyWords(t, query, people);
  const own = props.errors.some(({ key }) => key === 'self.edit');
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON010"
      title={t.say('CON010.title')}
      errors={told}
      banners={props.banners}
      wide
    >
      <Filters t={t} query={query} />
      <Chips t={t} query={query} />
      {empty === null ? null : <p class="empty">{empty}</p>}
      <Form frame={props.frame}>
        {people.length === 0 ? (
          <Main action="create" label={t.say('button.create')} quiet />
        ) : (
          <>
            <div class="dense">
              <Table
                caption={caption(t, query, people.length)}
                columns={columns.map(({ head, order }) => ordered(query, head, order))}
                rows={people.map((person, index) => ({
                  account: person.id,
                  states: person.states,
                  cells: [
                    <Name t={t} person={person} first={index === 0} chosen={person.id === props.chosen} />,
                    ...cells(t, columns, person),
                  ],
                }))}
              />
            </div>
            <FieldErrors errors={told} name="people" />
            <Main label={t.say('button.change')} />
            <Ways>
              <Way action="create" label={t.say('button.create')} />
              <Way action="delete" label={t.say('button.delete')} />
            </Ways>
          </>
        )}
      </Form>
      <Pages t={t} query={query} />
      <Links
        items={[
          ...(own ? [{ href: '/self-service', label: t.say('SLF001.title') }] : []),
          ...(people.length === 0
            ? []
            : [
                { href: hrefOf(query, {}, 'csv'), label: t.say('CON010.19') },
                { href: hrefOf(query, { path: '/company/people/print' }), label: t.say('CON010.20') },
              ]),
          { href: '/company/people-menu', label: t.say('CON002.title') },
          { href: '/', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
