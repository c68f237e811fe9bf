// CON060: the people of the company with a token, an issue or a wait; the tokens of the chosen ones are revoked, or one shared
// device for everybody. Where the bank says so, the confirmation password stands on this page, as in S2.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { Radios } from '../parts/choice.tsx';
import { FieldErrors, tell, type Told } from '../parts/errors.tsx';
import type { State } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Icon } from '../parts/icon.tsx';
import { Links } from '../parts/links.tsx';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { TokenState, type TokenStateName } from '../self-service/token-state.tsx';
import { PersonBox, stateCaption, StateFilters, StatePages, type StateQuery } from './state-list.tsx';

/** One person of the list, with the token or the issue. */
export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly role: 'master' | 'admin' | 'member';
  readonly states: readonly State[];
  /** Null: an issue or a wait alone. */
  readonly token: { readonly kind: 'hardware' | 'software'; readonly serial: string | null } | null;
  readonly tokenState: TokenStateName;
  /** The moment of 再発行待ち. */
  readonly waitsUntil: Instant | null;
  /** How many hold the same token. */
  readonly holders: number;
  readonly self: boolean;
  /** There is something to take away. */
  readonly revocable: boolean;
}

/** A device that several share: the page offers to revoke it for all of them. */
export interface SharedToken {
  readonly serial: string;
  readonly holders: number;
}

/** The wait that a revocation at this moment begins; `night` is the rule's night as a range of times, where it makes the wait. */
export interface WaitShown {
  readonly now: Instant;
  readonly until: Instant;
  readonly night: string | null;
}

export const revocationReasons = ['phone', 'lost', 'other'] as const;

export interface TokenRevokeListProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly query: StateQuery;
  readonly people: readonly TokenRow[];
  readonly shared: readonly SharedToken[];
  /** What was chosen, kept after an error or 「戻る」. */
  readonly chosen: readonly string[];
  readonly serial: string;
  readonly reason: (typeof revocationReasons)[number] | null;
  readonly words: string;
  /** The proof asked on the list itself (`bulkCheck: list`) with the wait that begins; null: on the check page. */
  readonly proof: { readonly code: AskedCode | null; readonly wait: WaitShown | null } | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

function whyNot(t: Texts, { self, revocable }: TokenRow): string | null {
  if (self) return t.say('CON070.3');
  return revocable ? null : t.say('CON060.10');
}

const shared = (t: Texts, holders: number): string =>
  holders > 1 ? t.say('CON060.3', { n: holders }) : t.say(holders === 1 ? 'CON060.4' : 'frame.none');

function People({ t, props }: { readonly t: Texts; readonly props: TokenRevokeListProps }): VNode {
  const { people, query } = props;
  const first = people.find((person) => whyNot(t, person) === null);
  return (
    <Table
      caption={stateCaption(t, query, people.length)}
      columns={[
        { head: t.say('field.people') },
        { head: t.say('CON010.3') },
        { head: t.say('field.token_kind') },
        { head: t.say('field.serial') },
        { head: t.say('CON060.2') },
        { head: t.say('CON011.25') },
      ]}
      rows={people.map((person) => ({
        account: person.id,
        states: person.states,
        cells: [
          <PersonBox
            t={t}
            person={{ ...person, token: person.token?.kind ?? null, restrictions: [], deskOnly: false }}
            first={person === first}
            chosen={props.chosen.includes(person.id)}
            why={whyNot(t, person)}
          />,
          t.say(`role.${person.role}`),
          person.token === null && person.tokenState !== 'issued'
            ? t.say('frame.none')
            : t.say(`token.${person.token?.kind ?? 'software'}`),
          person.token?.serial ?? t.say('frame.none'),
          shared(t, person.holders),
          <TokenState t={t} state={person.tokenState} at={person.waitsUntil} />,
        ],
      }))}
    />
  );
}

/** The choice of a device for everybody, and why the tokens are revoked. */
function Choice({
  t,
  props,
  told,
}: {
  readonly t: Texts;
  readonly props: TokenRevokeListProps;
  readonly told: readonly Told[];
}): VNode {
  return (
    <>
      {props.shared.length === 0 ? null : (
        <Radios
          t={t}
          name="serial"
          label={t.say('CON060.5')}
          hint={t.say('CON060.8')}
          options={[
            { value: '', label: t.say('CON060.6') },
            ...props.shared.map(({ serial, holders }) => ({
              value: serial,
              label: t.say('CON060.7', { number: serial, n: holders }),
            })),
          ]}
          chosen={props.serial}
          errors={told}
        />
      )}
      <Radios
        t={t}
        name="reason"
        label={t.label('reason')}
        options={revocationReasons.map((value) => ({ value, label: t.say(`SLF030.${value}`) }))}
        chosen={props.reason}
        errors={told}
      />
      <Field t={t} name="reason_words" errors={told} hint={t.say('hint.reason')} value={props.words} required={false} />
    </>
  );
}

/** What is promised before the button, where no check page follows. */
function Before({ t, wait }: { readonly t: Texts; readonly wait: WaitShown | null }): VNode {
  return (
    <>
      {wait === null ? null : (
        <p>
          <Sentence
            pieces={
              wait.night === null
                ? t.pieces('CON060.11', { time: wait.now, at: wait.until })
                : t.pieces('CON060.12', { time: wait.now, at: wait.until, serviceHours: wait.night })
            }
          />
        </p>
      )}
      <p class="note">{t.say('CON060.13')}</p>
      <p class="undone">
        <Icon name="warning" />
        <strong>{t.say('CON090.7')}</strong>
      </p>
    </>
  );
}

export function TokenRevokeListPage(props: TokenRevokeListProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people, query, proof } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON060"
      title={t.say('CON060.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={people.length === 0 ? null : t.say('CON060.1')}
    >
      <StateFilters t={t} query={query} byState={false} />
      {people.length === 0 ? (
        <p class="empty">{query.q === '' ? t.say('CON060.9') : t.say('empty.users', { things: 'users' })}</p>
      ) : (
        <Form frame={props.frame} hidden={props.hidden}>
          <People t={t} props={props} />
          <FieldErrors errors={told} name="people" />
          <Choice t={t} props={props} told={told} />
          {proof === null ? (
            <Main label={t.say('button.next')} />
          ) : (
            <>
              <Proof t={t} errors={told} code={proof.code} />
              <Before t={t} wait={proof.wait} />
              <Main label={t.say('CON060.act')} danger />
            </>
          )}
        </Form>
      )}
      <StatePages t={t} query={query} />
      <Links
        items={[
          { href: '/company/people-menu', label: t.say('CON002.title') },
          { href: '/', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
