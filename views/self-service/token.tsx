// BOT010: one's own token, how it stands, and what can be done about it now (screens.md §10).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { Texts } from '../messages/texts.ts';
import { Facts, type Fact } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { date, machineTime } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Result } from '../parts/result.tsx';
import { Moment } from '../parts/sentence.tsx';
import { kindWords, TokenState, type TokenKindName, type TokenStateName } from './token-state.tsx';

export type TokenAct = 'issue' | 'register' | 'verify' | 'replace' | 'resync' | 'revoke' | 'lost';

export interface OwnTokenProps {
  readonly frame: Frame;
  readonly banners: readonly Banner[];
  readonly state: TokenStateName;
  readonly kind: TokenKindName | null;
  readonly last4: string | null;
  readonly registeredAt: Instant | null;
  readonly expiresAt: Instant | null;
  /** Others who hold the same token. */
  readonly others: number;
  /** An issue waits for its set-up until then. */
  readonly issueUntil: Instant | null;
  /** The moment of 再発行待ち. */
  readonly from: Instant | null;
  /** In the order of the buttons; the first one leads on. */
  readonly acts: readonly TokenAct[];
  /** The mail about what was just done still waits. */
  readonly mailPending?: boolean;
}

function factsOf(t: Texts, props: OwnTokenProps): readonly Fact[] {
  const { state, kind, last4, registeredAt, expiresAt, others, issueUntil } = props;
  const all: readonly (Fact | null)[] = [
    { term: t.say('BOT010.1'), detail: <TokenState t={t} state={state} at={props.from} /> },
    kind === null ? null : { term: t.say('BOT010.2'), detail: kindWords(t, kind) },
    last4 === null ? null : { term: t.say('BOT010.3'), detail: t.say('BOT010.4', { last4 }) },
    registeredAt === null ? null : { term: t.say('BOT010.5'), detail: <Moment t={t} at={registeredAt} /> },
    expiresAt === null
      ? null
      : {
          term: t.say('BOT010.6'),
          detail: <time datetime={machineTime(expiresAt)}>{date(expiresAt, t.language)}</time>,
        },
    issueUntil === null ? null : { term: t.say('BOT010.10'), detail: <Moment t={t} at={issueUntil} /> },
    others === 0 ? null : { term: t.say('BOT010.7'), detail: t.say('BOT010.8', { n: others }) },
  ];
  return all.filter((fact) => fact !== null);
}

/** What leads to a token; everything else about one is done more rarely. */
const leading: readonly TokenAct[] = ['issue', 'register', 'verify'];

const label = (t: Texts, act: TokenAct): string =>
  act === 'resync' || act === 'verify' ? t.say(`button.${act}`) : t.say(`BOT010.${act}`);

export function OwnTokenPage(props: OwnTokenProps): VNode {
  const t = textsOf(props.frame);
  const { state, kind, acts } = props;
  const [first, ...rest] = acts;
  const held = state === 'in-use' || state === 'expiring';
  return (
    <Layout frame={props.frame} t={t} screen="BOT010" title={t.say('BOT010.title')} banners={props.banners}>
      <Result t={t} frame={props.frame} mailPending={props.mailPending === true} />
      {state === 'not-applied' ? <p class="empty">{t.say('unreachable.none')}</p> : null}
      {state === 'not-applied' && kind === null ? null : <Facts facts={factsOf(t, props)} />}
      {held && kind !== 'hardware' ? <p class="note">{t.say('BOT010.12')}</p> : null}
      {first === undefined ? null : (
        <Form frame={props.frame}>
          <Main action={first} label={label(t, first)} quiet={!leading.includes(first)} />
          <Ways>
            {rest.map((act) => (
              <Way action={act} label={label(t, act)} />
            ))}
          </Ways>
        </Form>
      )}
      <Links items={[{ href: '/self-service', label: t.say('button.self-service') }]} />
    </Layout>
  );
}
