// CON072 and CON081: per person what was done; one refusal never blocks the others (screens.md §4.1).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Message } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Notified, type NotifiedPortal } from '../parts/notified.tsx';
import { Result } from '../parts/result.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { Who } from './unlink-check.tsx';

export interface PersonResult {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly states: readonly string[];
  /** `done`; `out`: left out, with the reason; `failed`. */
  readonly result: 'done' | 'out' | 'failed';
  readonly why: Message<'edit.stale' | 'self.link' | 'CON070.4' | 'REF024.text'> | null;
  /** Before and after in words; null where nothing is compared. */
  readonly before: string | null;
  readonly after: string | null;
}

interface ResultProps {
  readonly frame: Frame;
  readonly people: readonly PersonResult[];
  readonly mailPending: boolean;
  /** Where the form goes; null: to the page's own address. */
  readonly action: string | null;
}

export interface UnlinkResultProps extends ResultProps {
  readonly portals: readonly NotifiedPortal[];
}

export type ForgetResultProps = ResultProps;

function Change({ t, person }: { readonly t: Texts; readonly person: PersonResult }): VNode | null {
  if (person.before === null || person.after === null) return null;
  if (person.result !== 'done') return <>{person.before}</>;
  return (
    <>
      {`${person.before} → `}
      <strong class="changed">
        {`* ${person.after} `}
        <span class="mark">{t.say('CON072.3')}</span>
      </strong>
    </>
  );
}

function People({ t, props }: { readonly t: Texts; readonly props: ResultProps }): VNode {
  const change = props.people.some(({ before }) => before !== null);
  return (
    <Table
      quiet
      caption={t.say('CON072.2')}
      columns={[
        { head: t.say('field.people') },
        { head: t.say('CON072.2') },
        ...(change ? [{ head: t.say('SLF040.title') }] : []),
      ]}
      rows={props.people.map((person) => ({
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
          ...(change ? [<Change t={t} person={person} />] : []),
        ],
      }))}
    />
  );
}

function Out({ t, props }: { readonly t: Texts; readonly props: ResultProps }): VNode {
  return (
    <>
      <Form frame={props.frame} action={props.action}>
        <Main action="users" label={t.say('button.users')} />
        <Ways>
          <Way action="top" label={t.say('button.top')} />
        </Ways>
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
    </>
  );
}

const done = (people: readonly PersonResult[]): number => people.filter(({ result }) => result === 'done').length;

export function UnlinkResultPage(props: UnlinkResultProps): VNode {
  const t = textsOf(props.frame);
  const n = props.people.length;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON072"
      title={t.say('CON072.title')}
      wide
      lead={<strong>{t.say('CON072.1', { n, m: done(props.people) })}</strong>}
    >
      <People t={t} props={props} />
      <Notified t={t} portals={props.portals} />
      <Out t={t} props={props} />
    </Layout>
  );
}

export function ForgetResultPage(props: ForgetResultProps): VNode {
  const t = textsOf(props.frame);
  const n = props.people.length;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON081"
      title={t.say('CON081.title')}
      wide
      lead={<strong>{t.say('CON081.1', { n, m: done(props.people) })}</strong>}
    >
      <People t={t} props={props} />
      <Out t={t} props={props} />
    </Layout>
  );
}
