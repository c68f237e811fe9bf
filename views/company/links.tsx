// CON070: links and skipping of the company's people; the chosen ones go to a check page (screens.md §11).
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
import { Chips, Filters, Pages } from './people-filters.tsx';
import { caption, Chooser, WhenCell, type PeopleQuery, type PersonRow } from './people-list.tsx';

export interface CompanyLinksProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly query: PeopleQuery;
  readonly people: readonly PersonRow[];
  /** The chosen people, kept after an error or 「戻る」. */
  readonly chosen: readonly string[];
}

function whyNot(t: Texts, person: PersonRow): string | null {
  if (person.self) return t.say('CON070.3');
  return person.link === null && person.devices === 0 ? t.say('CON070.4') : null;
}

export function CompanyLinksPage(props: CompanyLinksProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people, query } = props;
  const first = people.find((person) => whyNot(t, person) === null);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON070"
      title={t.say('CON070.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={t.say('CON070.1')}
    >
      <Filters t={t} query={query} />
      <Chips t={t} query={query} />
      {people.length === 0 ? (
        <p class="empty">{t.say('empty.users', { things: 'users' })}</p>
      ) : (
        <Form frame={props.frame}>
          <Table
            caption={caption(t, query, people.length)}
            columns={[
              { head: t.say('field.people') },
              { head: t.say('CON070.2') },
              { head: t.say('SLF040.1') },
              { head: t.say('SLF040.3') },
              { head: t.say('CON010.6'), number: true },
            ]}
            rows={people.map((person) => ({
              account: person.id,
              states: person.states,
              cells: [
                <Chooser
                  t={t}
                  person={person}
                  type="checkbox"
                  first={person === first}
                  chosen={props.chosen.includes(person.id)}
                  why={whyNot(t, person)}
                />,
                person.link === null ? t.say('choice.unlinked') : person.link.bd,
                <WhenCell t={t} at={person.link === null ? null : person.link.since} />,
                <WhenCell t={t} at={person.link === null ? null : person.link.lastUsed} />,
                t.say('SLF001.5', { n: person.devices }),
              ],
            }))}
          />
          <FieldErrors errors={told} name="people" />
          <Main action="unlink" label={t.say('button.unlink')} />
          <Ways>
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
