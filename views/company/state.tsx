// CON040: the people of the company with their locks and stops; chosen ones are stopped or made available (screens.md 4.2).
// Where the bank says so, the confirmation password stands on this page, as in S3.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import { Radios } from '../parts/choice.tsx';
import { FieldErrors, tell } from '../parts/errors.tsx';
import { States } from '../parts/facts.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { Table } from '../parts/table.tsx';
import {
  Causes,
  Ends,
  PersonBox,
  stateCaption,
  StateFilters,
  StatePages,
  type StateQuery,
  type StateRow,
} from './state-list.tsx';

export interface StateListProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly query: StateQuery;
  readonly people: readonly StateRow[];
  /** How many match besides the person who looks. */
  readonly others: number;
  readonly chosen: readonly string[];
  readonly scope: 'checked' | 'all';
  /** The proof asked on the list itself (`bulkCheck: list`); null: on the check page. */
  readonly proof: { readonly code: AskedCode | null } | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

export interface StatePageProps extends StateListProps {
  readonly target: 'available' | 'stopped' | null;
}

export function StatePage(props: StatePageProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people, query } = props;
  const first = people.find(({ self }) => !self);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON040"
      title={t.say('CON040.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={t.say('CON040.1')}
    >
      <StateFilters t={t} query={query} byState />
      {people.length === 0 ? (
        <p class="empty">{t.say('empty.users', { things: 'users' })}</p>
      ) : (
        <Form frame={props.frame} hidden={props.hidden}>
          <Table
            caption={stateCaption(t, query, people.length)}
            columns={[
              { head: t.say('field.people') },
              { head: t.say('CON010.3') },
              { head: t.say('field.state') },
              { head: t.say('CON040.2') },
              { head: t.say('CON040.3') },
            ]}
            rows={people.map((person) => ({
              account: person.id,
              states: person.states,
              cells: [
                <PersonBox
                  t={t}
                  person={person}
                  first={person === first}
                  chosen={props.chosen.includes(person.id)}
                  why={person.self ? t.say('CON070.3') : null}
                />,
                t.say(`role.${person.role}`),
                <States t={t} states={person.states} />,
                <Causes t={t} of={person.restrictions} />,
                <Ends t={t} of={person.restrictions} />,
              ],
            }))}
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
          <Radios
            t={t}
            name="target_state"
            label={t.say('field.target_state')}
            hint={t.say('hint.target_state')}
            options={[
              { value: 'available', label: t.say('choice.available') },
              { value: 'stopped', label: t.say('choice.stopped') },
            ]}
            chosen={props.target}
            errors={told}
          />
          {props.proof === null ? null : <Proof t={t} errors={told} code={props.proof.code} />}
          <Main label={t.say(props.proof === null ? 'button.next' : 'button.apply')} />
        </Form>
      )}
      <StatePages t={t} query={query} />
      <Links
        items={[
          { href: '/company/people/otp-release', label: t.say('CON050.title') },
          { href: '/company/people-menu', label: t.say('CON002.title') },
          { href: '/', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
