// CON011: everything the company may know of one of its people, and where each act on them begins (screens.md §11).
import type { ComponentChildren, VNode } from 'preact';
import type { Restriction } from '../../src/rules/cause.ts';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { listed } from '../end/sign-out.tsx';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { Texts } from '../messages/texts.ts';
import { Facts, States, type Fact } from '../parts/facts.tsx';
import { date } from '../parts/format.ts';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import type { RecordRow } from '../parts/record-words.ts';
import { RecordTable } from '../parts/records.tsx';
import { Moment, Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { accountColumns, branchOf, type AccountView } from './person-accounts.tsx';
import type { PersonRow } from './people-list.tsx';
import { tokenFacts, type PersonToken } from './person-token.tsx';
import { causeWords } from './state-list.tsx';

/** What may be begun here by the one who looks, for this person. */
export type Jump = 'change' | 'state' | 'otp-release' | 'token-revoke' | 'allow_issue' | 'unlink' | 'forget' | 'delete';

export interface PersonProps extends PersonToken {
  readonly frame: Frame;
  readonly banners: readonly Banner[];
  readonly person: PersonRow;
  readonly email: { readonly address: string; readonly proven: boolean } | null;
  readonly createdAt: Instant;
  /** May read the records of the whole company. */
  readonly readsRecords: boolean;
  readonly restrictions: readonly Restriction[];
  /** Null where it does not expire; the confirmation password is undefined before the first-time setup. */
  readonly expires: { readonly login: Instant | null; readonly confirmation: Instant | null | undefined };
  /** The guard stands, and the one who looks made one of the changes: somebody else may allow a token. */
  readonly changedThem: boolean;
  readonly devices: readonly { readonly label: string; readonly lastUsed: Instant }[];
  readonly sessions: number;
  readonly portals: readonly string[];
  readonly accounts: readonly AccountView[];
  /** Null: not for the one who looks. */
  readonly records: readonly RecordRow[] | null;
  readonly jumps: readonly Jump[];
}

function basics(t: Texts, props: PersonProps): readonly Fact[] {
  const { person, email } = props;
  const none = t.say('frame.none');
  return [
    { term: t.say('CON010.2'), detail: person.name },
    { term: t.say('field.login_id'), detail: person.loginId },
    { term: t.say('CON010.3'), detail: t.say(`role.${person.role}`) },
    { term: t.say('field.state'), detail: <States t={t} states={person.states} /> },
    {
      term: t.say('field.email'),
      detail: email === null ? none : email.proven ? email.address : `${email.address} (${t.say('CON011.18')})`,
    },
    { term: t.say('CON011.24'), detail: <Moment t={t} at={props.createdAt} /> },
    { term: t.say('CON010.5'), detail: person.lastLogin === null ? none : <Moment t={t} at={person.lastLogin} /> },
    { term: t.say('CON011.15'), detail: t.say('SLF041.5', { n: props.sessions }) },
  ];
}

function passwords(t: Texts, { expires }: PersonProps): readonly Fact[] {
  const day = (at: Instant | null): string => (at === null ? t.say('PWC003.6') : date(at, t.language));
  return [
    { term: t.say('CON011.13'), detail: day(expires.login) },
    {
      term: t.say('CON011.14'),
      detail: expires.confirmation === undefined ? t.say('frame.none') : day(expires.confirmation),
    },
  ];
}

const restrictions = (t: Texts, { restrictions: all }: PersonProps): readonly Fact[] =>
  all.map((one) => ({
    term: t.say(`state.${one.state}`),
    detail: (
      <>
        {causeWords(t, one)}
        <span class="note-below">
          {one.until === null ? t.say('CON011.12') : <Sentence pieces={t.pieces('CON011.11', { until: one.until })} />}
        </span>
      </>
    ),
  }));

function rights(t: Texts, props: PersonProps): readonly Fact[] {
  const administers = props.person.role !== 'member';
  return [
    { term: t.label('admin'), detail: administers ? t.say(`role.${props.person.role}`) : t.say('frame.none') },
    { term: t.say('CON021.2'), detail: t.say(administers || props.readsRecords ? 'CON023.6' : 'CON023.7') },
    {
      term: t.say('CON011.4'),
      detail: props.portals.length === 0 ? t.say('frame.none') : listed(props.portals, t.language),
    },
  ];
}

function link(t: Texts, { person, devices }: PersonProps): readonly Fact[] {
  const { link: live } = person;
  return [
    { term: t.say('CON070.2'), detail: live === null ? t.say('choice.unlinked') : live.bd },
    ...(live === null
      ? []
      : [
          { term: t.say('SLF040.1'), detail: <Moment t={t} at={live.since} /> },
          {
            term: t.say('SLF040.3'),
            detail: live.lastUsed === null ? t.say('frame.none') : <Moment t={t} at={live.lastUsed} />,
          },
        ]),
    { term: t.say('SLF001.4'), detail: t.say('SLF001.5', { n: devices.length }) },
    ...devices.map(({ label, lastUsed }) => ({
      term: t.say('CON011.19', { device: label }),
      detail: <Moment t={t} at={lastUsed} />,
    })),
  ];
}

function Accounts({ t, accounts }: { readonly t: Texts; readonly accounts: readonly AccountView[] }): VNode {
  if (accounts.length === 0) return <p>{t.say('frame.none')}</p>;
  return (
    <Table
      quiet
      caption={t.label('accounts')}
      columns={accountColumns(t)}
      rows={accounts.map((account) => ({
        cells: [
          branchOf(t, account),
          account.kind,
          account.number,
          account.memo === '' ? t.say('frame.none') : account.memo,
        ],
      }))}
    />
  );
}

const Part = (props: { readonly head: string; readonly children: ComponentChildren }): VNode => (
  <>
    <h2>{props.head}</h2>
    {props.children}
  </>
);

const labels = {
  'change': 'button.change',
  'state': 'CON002.state',
  'otp-release': 'CON002.otp-release',
  'token-revoke': 'CON002.token-revoke',
  'allow_issue': 'button.allow_issue',
  'unlink': 'button.unlink',
  'forget': 'button.forget',
  'delete': 'button.delete',
} as const satisfies Record<Jump, string>;

function Jumps({ t, props }: { readonly t: Texts; readonly props: PersonProps }): VNode | null {
  const [first, ...others] = props.jumps;
  if (first === undefined) return null;
  return (
    <Form frame={props.frame} hidden={[{ name: 'people', value: props.person.id }]}>
      <Main action={first} label={t.say(labels[first])} />
      <Ways>
        {others.map((jump) => (
          <Way action={jump} label={t.say(labels[jump])} />
        ))}
      </Ways>
    </Form>
  );
}

export function PersonPage(props: PersonProps): VNode {
  const t = textsOf(props.frame);
  const { person, records } = props;
  const locks = restrictions(t, props);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON011"
      title={t.say('CON011.title')}
      banners={props.banners}
      lead={t.say('CON011.20')}
      wide
    >
      <div class="stack" data-account={person.id} data-state={person.states.join(' ')}>
        <Part head={t.say('CON011.1')}>
          <Facts facts={basics(t, props)} />
        </Part>
        <Part head={t.say('CON011.9')}>
          {locks.length === 0 ? <p>{t.say('CON011.10')}</p> : <Facts facts={locks} />}
        </Part>
        <Part head={t.say('CON011.3')}>
          <Facts facts={passwords(t, props)} />
        </Part>
        <Part head={t.say('CON011.8')}>
          <Facts facts={rights(t, props)} />
        </Part>
        <Part head={t.label('accounts')}>
          <Accounts t={t} accounts={props.accounts} />
        </Part>
        <Part head={t.say('CON010.4')}>
          <Facts facts={tokenFacts(t, person, props)} />
        </Part>
        <Part head={t.say('CON011.2')}>
          <Facts facts={link(t, props)} />
        </Part>
        {records === null ? null : (
          <Part head={t.say('CON011.16')}>
            {records.length === 0 ? (
              <p>{t.say('CON011.17')}</p>
            ) : (
              <RecordTable t={t} scope="own" path="/company/records" records={records} />
            )}
          </Part>
        )}
      </div>
      {person.self ? (
        <p class="note">
          {t.say('self.edit')} {t.say('self.link')}
        </p>
      ) : null}
      {props.changedThem ? <p class="note">{t.say('CON011.29')}</p> : null}
      <Jumps t={t} props={props} />
      <Links
        items={[
          ...(person.self ? [{ href: '/self-service', label: t.say('SLF001.title') }] : []),
          { href: '/company/people', label: t.say('CON010.title') },
          { href: '/company/people-menu', label: t.say('CON002.title') },
        ]}
      />
    </Layout>
  );
}
