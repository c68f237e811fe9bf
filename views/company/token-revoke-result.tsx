// CON062: per person what was done, and from when there can be another token; what restrictions remain and where they are lifted.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Message } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { States, type State } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Notified, type NotifiedPortal } from '../parts/notified.tsx';
import { Result } from '../parts/result.tsx';
import { Moment, Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { Who } from './unlink-check.tsx';

export interface TokenRevokeResultRow {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly states: readonly State[];
  readonly result: 'done' | 'out' | 'failed';
  readonly why: Message<'edit.stale' | 'CON070.3' | 'CON062.5' | 'REF024.text'> | null;
  readonly token: { readonly kind: 'hardware' | 'software'; readonly serial: string | null } | null;
  /** From when there can be another one; null: at once. */
  readonly until: Instant | null;
}

export interface TokenRevokeResultProps {
  readonly frame: Frame;
  readonly people: readonly TokenRevokeResultRow[];
  /** The device that was revoked for all. */
  readonly serial: string | null;
  /** Key-fobs were lost: yen for each new one, and where the form that asks for them is printed (PRT003). */
  readonly lost: { readonly fee: number; readonly form: string } | null;
  /** The sign-in that acted is over. */
  readonly endsThis: boolean;
  readonly portals: readonly NotifiedPortal[];
  readonly mailPending: boolean;
  /** Where the form goes; null: to the page's own address. */
  readonly action: string | null;
  /** Address of the slip on paper; null: nobody is signed in any more who could open it. */
  readonly print: string | null;
}

const restrictions: readonly State[] = [
  'password-locked',
  'password-stopped',
  'confirmation-locked',
  'confirmation-stopped',
  'otp-stopped',
  'account-stopped',
];

/** What still stands in the way, with the page that lifts it. */
function Remains({ t, person }: { readonly t: Texts; readonly person: TokenRevokeResultRow }): VNode {
  const left = person.states.filter((state) => restrictions.includes(state));
  const way = (href: string, label: string): VNode => (
    <p>
      <a href={href}>
        {label}
        <span class="hidden">{` ${person.name}`}</span>
      </a>
    </p>
  );
  if (left.length === 0) return <>{t.say('frame.none')}</>;
  return (
    <>
      <States t={t} states={left} />
      {left.includes('otp-stopped') ? way('/company/people/otp-release', t.say('CON041.5')) : null}
      {left.some((state) => state !== 'otp-stopped')
        ? way('/company/people/state?state=restricted', t.say('CON042.4'))
        : null}
    </>
  );
}

function From({ t, person }: { readonly t: Texts; readonly person: TokenRevokeResultRow }): VNode {
  if (person.result !== 'done') return <>{t.say('frame.none')}</>;
  return person.until === null ? <>{t.say('CON062.3')}</> : <Moment t={t} at={person.until} />;
}

/** How many of all, in a sentence. */
export const revokedHeadline = (t: Texts, people: readonly { readonly result: 'done' | 'out' | 'failed' }[]): string =>
  t.say('CON062.1', { n: people.length, m: people.filter(({ result }) => result === 'done').length });

export function TokenRevokeResultPage(props: TokenRevokeResultProps): VNode {
  const t = textsOf(props.frame);
  const { people, serial } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON062"
      title={t.say('CON062.title')}
      wide
      lead={<strong>{revokedHeadline(t, people)}</strong>}
    >
      {serial === null ? null : <p>{t.say('CON062.4', { number: serial })}</p>}
      <Table
        quiet
        caption={t.say('CON072.2')}
        columns={[
          { head: t.say('field.people') },
          { head: t.say('CON072.2') },
          { head: t.say('CON010.4') },
          { head: t.say('CON062.2') },
          { head: t.say('CON042.2') },
        ]}
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
            person.token === null
              ? t.say('frame.none')
              : `${t.say(`token.${person.token.kind}`)}${person.token.serial === null ? '' : ` ${person.token.serial}`}`,
            <From t={t} person={person} />,
            <Remains t={t} person={person} />,
          ],
        }))}
      />
      {props.lost === null ? null : (
        <p>
          {t.say('CON062.form', { n: props.lost.fee })}
          {t.gap}
          <a href={props.lost.form}>{t.say('CON110.form.link')}</a>
        </p>
      )}
      <Notified t={t} portals={props.portals} />
      {props.endsThis ? <p>{t.say('SLF031.1')}</p> : null}
      <Form frame={props.frame} action={props.action}>
        {props.endsThis ? (
          <Main label={t.say('button.continue')} />
        ) : (
          <>
            <Main action="users" label={t.say('button.users')} />
            <Ways>
              <Way action="top" label={t.say('button.top')} />
            </Ways>
          </>
        )}
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
      {props.print === null ? null : <Links items={[{ href: props.print, label: t.say('PRT006.4') }]} />}
    </Layout>
  );
}
