// CON010: the people of one's own company, with search, state and pages (screens.md §11). Choosing one leads to the details,
// to unlinking or to ending the skip.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import { FieldErrors, tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Table } from '../parts/table.tsx';
import {
  caption,
  Chooser,
  Filters,
  Pages,
  StateCell,
  WhenCell,
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

export function PeoplePage(props: PeopleProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people, query } = props;
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
      {people.length === 0 ? (
        <p class="empty">{t.say('empty.users', { things: 'users' })}</p>
      ) : (
        <Form frame={props.frame}>
          <Table
            caption={caption(t, query, people.length)}
            columns={[
              { head: t.say('CON010.2') },
              { head: t.say('CON010.3') },
              { head: t.say('field.state') },
              { head: t.say('CON010.4') },
              { head: t.say('SLF040.title') },
              { head: t.say('CON010.5') },
              { head: t.say('CON010.11') },
            ]}
            rows={people.map((person, index) => ({
              account: person.id,
              states: person.states,
              cells: [
                <Chooser t={t} person={person} type="radio" first={index === 0} chosen={person.id === props.chosen} />,
                t.say(`role.${person.role}`),
                <StateCell t={t} person={person} />,
                person.token === null ? t.say('frame.none') : t.say(`token.${person.token}`),
                person.link === null ? t.say('choice.unlinked') : person.link.bd,
                <WhenCell t={t} at={person.lastLogin} />,
                <a href={`/company/people/${encodeURIComponent(person.id)}`}>
                  {t.say('CON010.11')}
                  <span class="hidden">{` ${person.name}`}</span>
                </a>,
              ],
            }))}
          />
          <FieldErrors errors={told} name="people" />
          <Main label={t.say('button.show')} />
          <Ways>
            <Way action="unlink" label={t.say('button.unlink')} />
            <Way action="forget" label={t.say('button.forget')} />
          </Ways>
        </Form>
      )}
      <Pages t={t} query={query} />
      <Links
        items={[
          { href: '/company/people-menu', label: t.say('CON002.title') },
          { href: '/', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
