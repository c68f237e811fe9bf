// DMO001: the demo's guide: five stories in numbered steps, all people, all addresses (screens.md §15). It knows no data of
// its own; people and addresses are handed in.
import type { VNode } from 'preact';
import type { OperatorRole } from '../../src/rules/operator.ts';
import { Layout } from '../layout.tsx';
import type { Key } from '../messages/placeholders.ts';
import type { Bilingual, Texts } from '../messages/texts.ts';
import { Facts } from '../parts/facts.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Table } from '../parts/table.tsx';

/** A person of config/demo/people.json, as the guide shows one. */
export interface DemoPerson {
  readonly company: string;
  readonly role: 'master' | 'admin' | 'member';
  /** The state of people.json, in words. */
  readonly state: Bilingual;
  readonly name: string;
  readonly loginId: string;
  readonly password: string;
  readonly confirmationPassword: string | null;
  /** The token: its serial number, or null for an app; and where the page of all tokens shows its code. */
  readonly token: { readonly serial: string | null; readonly href: string } | null;
  readonly bd: { readonly id: string; readonly password: string } | null;
}

/** One of the bank's own staff, of config/demo/operators.json. */
export interface DemoOperator {
  readonly name: string;
  readonly role: OperatorRole;
  readonly loginId: string;
  readonly password: string;
  /** The password is an issued one, and there is no authenticator yet. */
  readonly fresh: boolean;
  /** Where the page of all tokens shows the code. */
  readonly token: string | null;
}

export interface DemoGuideProps {
  readonly frame: Frame;
  /** Who plays in each story. */
  readonly stories: {
    readonly linking: readonly DemoPerson[];
    readonly direct: readonly DemoPerson[];
    readonly unlinking: readonly DemoPerson[];
    readonly newcomer: readonly DemoPerson[];
    readonly stopped: readonly DemoPerson[];
  };
  readonly people: readonly DemoPerson[];
  readonly operators: readonly DemoOperator[];
  readonly addresses: {
    readonly gateway: string;
    readonly helpdesk: string;
    readonly portal: string;
    readonly direct: string;
    readonly mail: string;
    readonly tokens: string;
    readonly clock: string;
  };
  /** The command that releases the person of story 5. */
  readonly unlockCommand: string;
}

type Steps = readonly Extract<Key, `DMO001.s${string}`>[];

const steps = {
  linking: ['DMO001.s1.1', 'DMO001.s1.2', 'DMO001.s1.3', 'DMO001.s1.4', 'DMO001.s1.5'],
  direct: ['DMO001.s2.1', 'DMO001.s2.2', 'DMO001.s2.3'],
  unlinking: ['DMO001.s3.1', 'DMO001.s3.2', 'DMO001.s3.3', 'DMO001.s3.4', 'DMO001.s3.5'],
  newcomer: ['DMO001.s4.1', 'DMO001.s4.2', 'DMO001.s4.3', 'DMO001.s4.4'],
  stopped: ['DMO001.s5.1', 'DMO001.s5.2', 'DMO001.s5.3', 'DMO001.s5.4'],
} as const satisfies Record<keyof DemoGuideProps['stories'], Steps>;

const tales = [
  { story: 'linking', title: 'DMO001.s1.title', see: 'DMO001.s1.see' },
  { story: 'direct', title: 'DMO001.s2.title', see: 'DMO001.s2.see' },
  { story: 'unlinking', title: 'DMO001.s3.title', see: 'DMO001.s3.see' },
  { story: 'newcomer', title: 'DMO001.s4.title', see: 'DMO001.s4.see' },
  { story: 'stopped', title: 'DMO001.s5.title', see: 'DMO001.s5.see' },
] as const;

function Passwords({ t, person }: { readonly t: Texts; readonly person: DemoPerson }): VNode {
  return (
    <>
      <code>{person.password}</code>
      {person.confirmationPassword === null ? null : (
        <>
          <br />
          <span class="note">{t.say('secret.confirmation')}</span> <code>{person.confirmationPassword}</code>
        </>
      )}
    </>
  );
}

function BdCell({ t, person }: { readonly t: Texts; readonly person: DemoPerson }): VNode {
  return person.bd === null ? (
    <>{t.say('frame.none')}</>
  ) : (
    <>
      <code>{person.bd.id}</code>
      <br />
      <code>{person.bd.password}</code>
    </>
  );
}

function TokenCell({ t, person }: { readonly t: Texts; readonly person: DemoPerson }): VNode {
  const { token } = person;
  if (token === null) return <>{t.say('frame.none')}</>;
  return <a href={token.href}>{token.serial ?? t.say('token.software')}</a>;
}

function People(props: {
  readonly t: Texts;
  readonly caption: string;
  readonly quiet: boolean;
  readonly people: readonly DemoPerson[];
}): VNode {
  const { t } = props;
  return (
    <Table
      caption={props.caption}
      quiet={props.quiet}
      columns={[
        { head: t.say('DMO001.14') },
        { head: t.say('DMO001.15') },
        { head: t.say('field.login_id') },
        { head: t.say('DMO001.13') },
        { head: t.say('DMO001.12') },
        { head: t.say('CON010.4') },
      ]}
      rows={props.people.map((person) => ({
        cells: [
          <>
            {person.name}
            <span class="login-id">{person.state[t.language]}</span>
          </>,
          <>
            {person.company}
            <br />
            {t.say(`role.${person.role}`)}
          </>,
          <code>{person.loginId}</code>,
          <Passwords t={t} person={person} />,
          <BdCell t={t} person={person} />,
          <TokenCell t={t} person={person} />,
        ],
      }))}
    />
  );
}

function Operators({ t, operators }: { readonly t: Texts; readonly operators: readonly DemoOperator[] }): VNode {
  return (
    <Table
      caption={t.say('DMO001.20')}
      quiet
      columns={[
        { head: t.say('HDK004.2') },
        { head: t.say('field.role') },
        { head: t.say('field.login_id') },
        { head: t.say('DMO001.13') },
        { head: t.say('DMO001.9') },
      ]}
      rows={operators.map((operator) => ({
        cells: [
          <>
            {operator.name}
            {operator.fresh ? <span class="login-id">{t.say('DMO001.22')}</span> : null}
          </>,
          t.say(`operator-role.${operator.role}`),
          <code>{operator.loginId}</code>,
          <code>{operator.password}</code>,
          operator.token === null ? t.say('frame.none') : <a href={operator.token}>{t.say('token.software')}</a>,
        ],
      }))}
    />
  );
}

export function DemoGuidePage(props: DemoGuideProps): VNode {
  const t = textsOf(props.frame);
  const { addresses } = props;
  const address = (
    term: 'DMO001.5' | 'DMO001.19' | 'DMO001.6' | 'DMO001.7' | 'DMO001.8' | 'DMO001.9' | 'DMO001.10',
    href: string,
  ) => ({
    term: t.say(term),
    detail: <a href={href}>{href}</a>,
  });
  return (
    <Layout frame={props.frame} t={t} screen="DMO001" title={t.say('DMO001.title')} wide lead={t.say('DMO001.1')}>
      <p>
        <a class="button button-main" href={addresses.portal}>
          {t.say('button.begin')}
        </a>
      </p>
      <h2>{t.say('DMO001.4')}</h2>
      <Facts
        facts={[
          address('DMO001.5', addresses.gateway),
          address('DMO001.19', addresses.helpdesk),
          address('DMO001.6', addresses.portal),
          address('DMO001.7', addresses.direct),
          address('DMO001.8', addresses.mail),
          address('DMO001.9', addresses.tokens),
          address('DMO001.10', addresses.clock),
        ]}
      />
      <ul class="list">
        <li>{t.say('DMO001.16')}</li>
        <li>{t.say('DMO001.17')}</li>
      </ul>
      {tales.map(({ story, title, see }) => (
        <section class="story">
          <h2>{t.say(title)}</h2>
          <ol class="list">
            {steps[story].map((key) => (
              <li>{t.say(key)}</li>
            ))}
          </ol>
          {story === 'stopped' ? <pre class="command">{props.unlockCommand}</pre> : null}
          <p class="box">
            <strong>{t.say('DMO001.2')}</strong> {t.say(see)}
          </p>
          <People t={t} caption={t.say(title)} quiet people={props.stories[story]} />
        </section>
      ))}
      <h2>{t.say('DMO001.3')}</h2>
      <p class="note">{t.say('DMO001.11')}</p>
      <People t={t} caption={t.say('DMO001.3')} quiet people={props.people} />
      <h2>{t.say('DMO001.20')}</h2>
      <p class="note">{t.say('DMO001.21')}</p>
      <Operators t={t} operators={props.operators} />
    </Layout>
  );
}
