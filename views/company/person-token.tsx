// CON011, the token of a person: what is in hand, what was issued, and from when there can be another one.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import type { Fact } from '../parts/facts.tsx';
import { date } from '../parts/format.ts';
import { Moment, Sentence } from '../parts/sentence.tsx';
import { TokenState } from '../self-service/token-state.tsx';
import type { PersonRow } from './people-list.tsx';

export interface PersonToken {
  readonly token: {
    readonly serial: string | null;
    readonly since: Instant;
    readonly expires: Instant | null;
    readonly holders: number;
  } | null;
  /** An issue waits for its first code until then. */
  readonly issueUntil: Instant | null;
  /** 再発行待ち: since when, until when, and the night of the rule that makes it so long, as a range of times. */
  readonly waiting: { readonly from: Instant; readonly until: Instant; readonly night: string | null } | null;
}

/** Kind and state, what is known of the token in hand, when an issue lapses, and the wait with its reason. */
export function tokenFacts(
  t: Texts,
  person: Pick<PersonRow, 'token' | 'tokenState' | 'waitsUntil'>,
  { token: held, issueUntil, waiting }: PersonToken,
): readonly Fact[] {
  const kind = person.token ?? (issueUntil === null ? null : 'software');
  return [
    { term: t.say('CON010.4'), detail: kind === null ? t.say('frame.none') : t.say(`token.${kind}`) },
    {
      term: t.say('CON011.25'),
      detail: <TokenState t={t} state={person.tokenState} at={person.waitsUntil} />,
    },
    ...(held === null ? [] : heldFacts(t, held)),
    ...(issueUntil === null ? [] : [{ term: t.say('CON011.26'), detail: <Moment t={t} at={issueUntil} /> }]),
    ...(waiting === null ? [] : [{ term: t.say('CON011.27'), detail: <Waiting t={t} waiting={waiting} /> }]),
  ];
}

const heldFacts = (t: Texts, held: NonNullable<PersonToken['token']>): readonly Fact[] => [
  ...(held.serial === null ? [] : [{ term: t.say('CON011.5'), detail: held.serial }]),
  { term: t.say('CON011.7'), detail: <Moment t={t} at={held.since} as="day" /> },
  ...(held.expires === null ? [] : [{ term: t.say('CON011.23'), detail: date(held.expires, t.language) }]),
  ...(held.holders > 1 ? [{ term: t.say('CON011.21'), detail: t.say('CON011.22', { n: held.holders }) }] : []),
];

/** From when, and why: the same words as the person reads at the sign-in (WAI001). */
function Waiting(props: { readonly t: Texts; readonly waiting: NonNullable<PersonToken['waiting']> }): VNode {
  const { t, waiting } = props;
  return (
    <>
      <Sentence pieces={t.pieces('CON011.28', { at: waiting.until })} />
      <span class="note-below">
        <Sentence pieces={t.pieces('WAI001.revoked', { revokedAt: waiting.from })} />
        {waiting.night === null
          ? null
          : `${t.gap}${t.say('WAI001.night', { serviceHours: waiting.night, time: waiting.until })}`}
      </span>
    </>
  );
}
