// CON050: people whose one-time password is stopped; the chosen ones are released. Where the desk alone may, the row says so.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, tell } from '../parts/errors.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { States } from '../parts/facts.tsx';
import { Links } from '../parts/links.tsx';
import { Radios } from '../parts/choice.tsx';
import { Proof } from '../parts/proof.tsx';
import { Moment } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import type { StateListProps } from './state.tsx';
import { causeWords, PersonBox, stateCaption, StateFilters, StatePages, type StateRow } from './state-list.tsx';

/** Why a row has no box. */
function whyNot(t: Texts, person: StateRow): string | null {
  if (person.self) return t.say('CON070.3');
  return person.deskOnly ? `${t.say('release.desk')}${t.gap}${t.say('ask.desk')}` : null;
}

const stopOf = ({ restrictions }: StateRow) => restrictions.find(({ state }) => state === 'otp-stopped');

function StoppedAt({ t, person }: { readonly t: Texts; readonly person: StateRow }): VNode {
  const since = stopOf(person)?.since ?? null;
  return since === null ? <>{t.say('frame.none')}</> : <Moment t={t} at={since} as="table" />;
}

export function OtpReleasePage(props: StateListProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people, query } = props;
  const open = people.filter((person) => whyNot(t, person) === null);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON050"
      title={t.say('CON050.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={people.length === 0 ? null : t.say('CON050.1')}
    >
      <StateFilters t={t} query={query} byState={false} />
      {people.length === 0 ? (
        <p class="empty">{query.q === '' ? t.say('CON050.3') : t.say('empty.users', { things: 'users' })}</p>
      ) : (
        <Form frame={props.frame} hidden={props.hidden}>
          <Table
            caption={stateCaption(t, query, people.length)}
            columns={[
              { head: t.say('field.people') },
              { head: t.say('CON010.3') },
              { head: t.say('field.state') },
              { head: t.say('CON040.2') },
              { head: t.say('CON010.4') },
              { head: t.say('CON050.2') },
            ]}
            rows={people.map((person) => {
              const stop = stopOf(person);
              return {
                account: person.id,
                states: person.states,
                cells: [
                  <PersonBox
                    t={t}
                    person={person}
                    first={person === open[0]}
                    chosen={props.chosen.includes(person.id)}
                    why={whyNot(t, person)}
                  />,
                  t.say(`role.${person.role}`),
                  <States t={t} states={person.states} />,
                  stop === undefined ? t.say('frame.none') : causeWords(t, stop),
                  person.token === null ? t.say('frame.none') : t.say(`token.${person.token}`),
                  <StoppedAt t={t} person={person} />,
                ],
              };
            })}
          />
          <FieldErrors errors={told} name="people" />
          <Radios
            t={t}
            name="scope"
            label={t.say('field.scope')}
            options={[
              { value: 'checked', label: t.say('choice.checked') },
              { value: 'all', label: t.say('choice.all', { n: props.others }) },
            ]}
            chosen={props.scope}
            errors={told}
          />
          {props.proof === null ? null : <Proof t={t} errors={told} code={props.proof.code} />}
          <Main label={t.say(props.proof === null ? 'button.next' : 'CON050.4')} />
        </Form>
      )}
      <StatePages t={t} query={query} />
      <Links
        items={[
          { href: '/company/people/state', label: t.say('CON040.title') },
          { href: '/company/people-menu', label: t.say('CON002.title') },
          { href: '/', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
