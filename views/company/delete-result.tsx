// CON091: per person whether the registration was removed, and which portals were told.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Message } from '../messages/placeholders.ts';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Notified, type NotifiedPortal } from '../parts/notified.tsx';
import { Result } from '../parts/result.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { Who } from './unlink-check.tsx';

export interface DeleteResultRow {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  /** None when the registration is gone. */
  readonly states: readonly string[];
  readonly result: 'done' | 'out' | 'failed';
  readonly why: Message<'edit.stale' | 'CON070.3' | 'CON090.8' | 'REF024.text' | 'last.block'> | null;
}

export interface DeleteResultProps {
  readonly frame: Frame;
  readonly people: readonly DeleteResultRow[];
  readonly portals: readonly NotifiedPortal[];
  readonly mailPending: boolean;
  /** Address of the slip on paper. */
  readonly print: string;
}

export function DeleteResultPage(props: DeleteResultProps): VNode {
  const t = textsOf(props.frame);
  const { people } = props;
  const m = people.filter(({ result }) => result === 'done').length;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON091"
      title={t.say('CON091.title')}
      wide
      lead={<strong>{t.say('CON091.1', { n: people.length, m })}</strong>}
    >
      <Table
        quiet
        caption={t.say('CON072.2')}
        columns={[{ head: t.say('field.people') }, { head: t.say('CON072.2') }]}
        rows={people.map((person) => ({
          account: person.id,
          states: person.states,
          cells: [
            <Who name={person.name} loginId={person.loginId} />,
            <>
              {t.say(`result.${person.result}`)}
              {person.why === null ? null : (
                <>
                  <br />
                  <Sentence pieces={t.message(person.why)} />
                </>
              )}
            </>,
          ],
        }))}
      />
      <Notified t={t} portals={props.portals} />
      <Form frame={props.frame}>
        <Main action="users" label={t.say('button.users')} />
        <Ways>
          <Way action="list" label={t.say('CON091.2')} />
          <Way action="top" label={t.say('button.top')} />
        </Ways>
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
      <Links items={[{ href: props.print, label: t.say('PRT006.4') }]} />
    </Layout>
  );
}
