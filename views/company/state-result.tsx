// CON042 and CON052: per person what was done, what stood before and stands now, what remains and where it is lifted.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Message } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { States, type State } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Notified, type NotifiedPortal } from '../parts/notified.tsx';
import { Result } from '../parts/result.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { Who } from './unlink-check.tsx';

export interface StateResultRow {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly result: 'done' | 'out' | 'failed';
  readonly why: Message<
    'edit.stale' | 'CON070.3' | 'CON042.6' | 'CON042.7' | 'REF024.text' | 'release.desk' | 'last.block'
  > | null;
  readonly before: readonly State[];
  readonly after: readonly State[];
}

export interface StateResultProps {
  readonly frame: Frame;
  readonly what: 'available' | 'stopped' | 'otp-release';
  readonly people: readonly StateResultRow[];
  /** Portals that were left with a stop. */
  readonly portals: readonly NotifiedPortal[];
  readonly mailPending: boolean;
  /** Address of the slip on paper. */
  readonly print: string;
}

const restrictions: readonly State[] = [
  'password-locked',
  'password-stopped',
  'confirmation-locked',
  'confirmation-stopped',
  'otp-stopped',
  'account-stopped',
];

/** Limits that stand after the act. */
export const remaining = ({ after }: StateResultRow): readonly State[] =>
  after.filter((state) => restrictions.includes(state));

export const headline = (t: Texts, { what, people }: Pick<StateResultProps, 'what' | 'people'>): string => {
  const counts = { n: people.length, m: people.filter(({ result }) => result === 'done').length };
  return what === 'otp-release' ? t.say('CON052.1', counts) : t.say(`CON042.${what}`, counts);
};

function Changed({ t, person }: { readonly t: Texts; readonly person: StateResultRow }): VNode {
  const { before, after } = person;
  if (before.length === 0) return <>{t.say('frame.none')}</>;
  if (before.join(' ') === after.join(' ')) return <States t={t} states={before} />;
  return (
    <>
      <States t={t} states={before} />
      <div class="shift">
        <span>→</span>
        <strong>*</strong>
        <States t={t} states={after} />
        <strong class="mark">{t.say('CON072.3')}</strong>
      </div>
    </>
  );
}

/** What remains, with the page that lifts it, and what mostly follows. */
function Remains(props: {
  readonly t: Texts;
  readonly what: StateResultProps['what'];
  readonly person: StateResultRow;
}): VNode {
  const { t, what, person } = props;
  const left = remaining(person);
  const otp = left.includes('otp-stopped') && what === 'available';
  const others = left.some((state) => state !== 'otp-stopped') && what === 'otp-release';
  const way = (href: string, label: string): VNode => (
    <a href={href}>
      {label}
      <span class="hidden">{` ${person.name}`}</span>
    </a>
  );
  return (
    <>
      {left.length === 0 ? <p>{t.say('frame.none')}</p> : <States t={t} states={left} />}
      {otp ? <p>{way('/company/people/otp-release', t.say('CON041.5'))}</p> : null}
      {others ? <p>{way('/company/people/state?state=restricted', t.say('CON042.4'))}</p> : null}
      {changesPassword(what, person) ? (
        <p>{way(`/company/people/${encodeURIComponent(person.id)}/edit`, t.say('CON042.3'))}</p>
      ) : null}
    </>
  );
}

/** A released password is mostly a forgotten one: its change follows (S3 2.2.5). */
const changesPassword = (what: StateResultProps['what'], { result, before }: StateResultRow): boolean =>
  what === 'available' && result === 'done' && before.some((state) => /^(password|confirmation)-/.test(state));

export function StateResultPage(props: StateResultProps): VNode {
  const t = textsOf(props.frame);
  const { what, people } = props;
  const screen = what === 'otp-release' ? 'CON052' : 'CON042';
  const next = people.some((one) => changesPassword(what, one));
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen={screen}
      title={t.say(`${screen}.title`)}
      wide
      lead={<strong>{headline(t, props)}</strong>}
    >
      {what === 'otp-release' ? <p>{t.say('CON052.2')}</p> : null}
      {next ? <p>{t.say('CON042.8')}</p> : null}
      <Table
        quiet
        caption={t.say('CON072.2')}
        columns={[
          { head: t.say('field.people') },
          { head: t.say('CON072.2') },
          { head: t.say('CON042.1') },
          ...(what === 'stopped' ? [] : [{ head: t.say(next ? 'CON042.5' : 'CON042.2') }]),
        ]}
        rows={people.map((person) => ({
          account: person.id,
          states: person.after,
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
            <Changed t={t} person={person} />,
            ...(what === 'stopped' ? [] : [<Remains t={t} what={what} person={person} />]),
          ],
        }))}
      />
      <Notified t={t} portals={props.portals} />
      <Form frame={props.frame}>
        <Main action="users" label={t.say('button.users')} />
        <Ways>
          <Way action="top" label={t.say('button.top')} />
        </Ways>
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
      <Links items={[{ href: props.print, label: t.say('PRT006.4') }]} />
    </Layout>
  );
}
