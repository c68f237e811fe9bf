// What the lists of people share (screens.md §4.3): the row of a person and how a file and paper say it, the caption, the box
// that chooses a person. The filters and pages are people-filters.tsx.
import type { ComponentChildren, VNode } from 'preact';
import type { PeopleOrder, PeopleSort } from '../../src/rules/people-sort.ts';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { States, type State } from '../parts/facts.tsx';
import { tableTime } from '../parts/format.ts';
import { Moment } from '../parts/sentence.tsx';
import { stateWords, type TokenStateName } from '../self-service/token-state.tsx';

/** A person of the company as the lists show one. */
export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly role: 'master' | 'admin' | 'member';
  readonly states: readonly State[];
  readonly token: 'hardware' | 'software' | null;
  readonly tokenState: TokenStateName;
  /** The moment of 再発行待ち. */
  readonly waitsUntil: Instant | null;
  /** The linked Business Direct ID with its dates, or null. */
  readonly link: { readonly bd: string; readonly since: Instant; readonly lastUsed: Instant | null } | null;
  /** Devices that skip the code. */
  readonly devices: number;
  readonly lastLogin: Instant | null;
  /** The person who looks at the list. */
  readonly self: boolean;
}

/** One page of a filtered list; the filters live in the address. */
export interface PeopleQuery {
  /** Path of the list, e.g. `/company/people`. */
  readonly path: string;
  readonly q: string;
  /** '' for all; a state, or `linked` / `unlinked`. */
  readonly state: State | 'linked' | 'unlinked' | '';
  readonly role: PersonRow['role'] | '';
  readonly tokenKind: 'none' | 'hardware' | 'software' | '';
  readonly sort: PeopleSort;
  readonly page: number;
  readonly per: number;
  /** How many people match. */
  readonly total: number;
}

/** One column of the list, the same on the page, on paper and in a file. */
export interface PeopleColumn {
  readonly head: string;
  /** What the column can be ordered by. */
  readonly order?: PeopleOrder;
  /** Its cell in plain words. */
  readonly text: (person: PersonRow) => string;
}

export function columnsOfPeople(t: Texts): readonly PeopleColumn[] {
  const none = t.say('frame.none');
  return [
    { head: t.say('CON010.2'), order: 'name', text: ({ name }) => name },
    { head: t.say('field.login_id'), order: 'login_id', text: ({ loginId }) => loginId },
    { head: t.say('CON010.3'), text: ({ role }) => t.say(`role.${role}`) },
    {
      head: t.say('field.state'),
      order: 'state',
      text: ({ states }) => states.map((state) => t.say(`state.${state}`)).join(t.language === 'ja' ? '、' : ', '),
    },
    { head: t.say('CON010.4'), text: (person) => tokenWords(t, person) },
    { head: t.say('SLF040.title'), text: ({ link }) => (link === null ? t.say('choice.unlinked') : link.bd) },
    {
      head: t.say('CON010.5'),
      order: 'last_login',
      text: ({ lastLogin }) => (lastLogin === null ? none : tableTime(lastLogin)),
    },
  ];
}

/** Kind and state in one cell: 「スマホアプリ形式・利用中」. */
export function tokenWords(t: Texts, { token, tokenState, waitsUntil }: PersonRow): string {
  if (token === null && tokenState === 'none') return t.say('frame.none');
  const state = stateWords(t, tokenState, waitsUntil);
  return token === null ? state : `${t.say(`token.${token}`)}${t.language === 'ja' ? '・' : ', '}${state}`;
}

/** 「全10,000名中 51〜100名」, the caption of the table. */
export function caption(t: Texts, query: PeopleQuery, shown: number): string {
  if (shown === 0) return t.say('CON010.8');
  const before = (query.page - 1) * query.per;
  return t.say('CON010.1', { total: query.total, first: before + 1, last: before + shown });
}

/** A box or radio button that chooses a person; its label is the name and the login ID. */
export function Chooser(props: {
  readonly t: Texts;
  readonly person: PersonRow;
  readonly type: 'radio' | 'checkbox';
  readonly first: boolean;
  readonly chosen: boolean;
  /** Instead of a box: why the person cannot be chosen. */
  readonly why?: ComponentChildren;
}): VNode {
  const { t, person } = props;
  const words = (
    <span>
      {person.name}
      {person.self ? <strong class="mark">{t.say('frame.self')}</strong> : null}
      <span class="login-id">{person.loginId}</span>
    </span>
  );
  if (props.why !== undefined && props.why !== null) {
    return (
      <div class="radio radio-none">
        {words}
        <span class="note">{props.why}</span>
      </div>
    );
  }
  return (
    <label class="radio">
      <input
        type={props.type}
        id={props.first ? 'people' : undefined}
        name="people"
        value={person.id}
        checked={props.chosen}
      />
      {words}
    </label>
  );
}

export const StateCell = ({ t, person }: { readonly t: Texts; readonly person: PersonRow }): VNode => (
  <States t={t} states={person.states} />
);

export const WhenCell = ({ t, at }: { readonly t: Texts; readonly at: Instant | null }): VNode =>
  at === null ? <>{t.say('frame.none')}</> : <Moment t={t} at={at} as="table" />;
