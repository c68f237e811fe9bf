// CON011: everything the company may know of one of its people, and where to act (screens.md §11).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { listed } from '../end/sign-out.tsx';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { Texts } from '../messages/texts.ts';
import { Facts, States, type Fact, type State } from '../parts/facts.tsx';
import { date } from '../parts/format.ts';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Moment, Sentence } from '../parts/sentence.tsx';
import type { PersonRow } from './people-list.tsx';

export interface PersonProps {
  readonly frame: Frame;
  readonly banners: readonly Banner[];
  readonly person: PersonRow;
  readonly email: string | null;
  /** The earlier expiry of the two passwords; null where they do not expire. */
  readonly passwordExpires: Instant | null;
  /** Temporary locks with their end. */
  readonly locks: readonly { readonly state: State; readonly until: Instant }[];
  /** Serial number in full and its date of registration. */
  readonly token: { readonly serial: string; readonly since: Instant | null } | null;
  readonly portals: readonly string[];
}

function basics(t: Texts, props: PersonProps): readonly Fact[] {
  const { person, email, passwordExpires } = props;
  return [
    { term: t.say('CON010.2'), detail: person.name },
    { term: t.say('field.login_id'), detail: person.loginId },
    { term: t.say('CON010.3'), detail: t.say(`role.${person.role}`) },
    { term: t.say('field.state'), detail: <States t={t} states={person.states} /> },
    ...props.locks.map(({ state, until }) => ({
      term: t.say(`state.${state}`),
      detail: <Sentence pieces={t.pieces('CON011.6', { until })} />,
    })),
    { term: t.say('field.email'), detail: email ?? t.say('frame.none') },
    {
      term: t.say('CON011.3'),
      detail: passwordExpires === null ? t.say('PWC003.6') : date(passwordExpires, t.language),
    },
    {
      term: t.say('CON011.4'),
      detail: props.portals.length === 0 ? t.say('frame.none') : listed(props.portals, t.language),
    },
    {
      term: t.say('CON010.5'),
      detail: person.lastLogin === null ? t.say('frame.none') : <Moment t={t} at={person.lastLogin} />,
    },
  ];
}

function token(t: Texts, props: PersonProps): readonly Fact[] {
  const { person } = props;
  if (person.token === null) return [{ term: t.say('CON010.4'), detail: t.say('frame.none') }];
  return [
    { term: t.say('CON010.4'), detail: t.say(`token.${person.token}`) },
    ...(props.token === null ? [] : [{ term: t.say('CON011.5'), detail: props.token.serial }]),
    ...(props.token === null || props.token.since === null
      ? []
      : [{ term: t.say('CON011.7'), detail: <Moment t={t} at={props.token.since} as="day" /> }]),
  ];
}

function link(t: Texts, person: PersonRow): readonly Fact[] {
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
    { term: t.say('SLF001.4'), detail: t.say('SLF001.5', { n: person.devices }) },
  ];
}

export function PersonPage(props: PersonProps): VNode {
  const t = textsOf(props.frame);
  const { person } = props;
  const unlink = person.link !== null && !person.self;
  const forget = person.devices > 0 && !person.self;
  return (
    <Layout frame={props.frame} t={t} screen="CON011" title={t.say('CON011.title')} banners={props.banners}>
      <div class="stack" data-account={person.id} data-state={person.states.join(' ')}>
        <h2>{t.say('CON011.1')}</h2>
        <Facts facts={basics(t, props)} />
        <h2>{t.say('CON010.4')}</h2>
        <Facts facts={token(t, props)} />
        <h2>{t.say('CON011.2')}</h2>
        <Facts facts={link(t, person)} />
      </div>
      {person.self ? <p class="note">{t.say('self.link')}</p> : null}
      {unlink || forget ? (
        <Form frame={props.frame} hidden={[{ name: 'people', value: person.id }]}>
          {unlink ? (
            <Main action="unlink" label={t.say('button.unlink')} />
          ) : (
            <Main action="forget" label={t.say('button.forget')} />
          )}
          <Ways>{unlink && forget ? <Way action="forget" label={t.say('button.forget')} /> : null}</Ways>
        </Form>
      ) : null}
      <Links
        items={[
          { href: '/company/people', label: t.say('CON010.title') },
          { href: '/company/people-menu', label: t.say('CON002.title') },
        ]}
      />
    </Layout>
  );
}
