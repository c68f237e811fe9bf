// CON063 and CON064: who changed a person's password and address, and when; whoever did neither allows a token all the same.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { tell } from '../parts/errors.tsx';
import { Facts, type State } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { Result } from '../parts/result.tsx';
import { Moment, Sentence } from '../parts/sentence.tsx';

export interface ChangedBy {
  readonly by: 'colleague' | 'desk';
  readonly name: string;
  readonly at: Instant;
}

export interface TokenAllowProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly person: {
    readonly id: string;
    readonly name: string;
    readonly loginId: string;
    readonly states: readonly State[];
  };
  readonly password: ChangedBy;
  readonly email: ChangedBy;
  /** Without it, a token can be issued from then on. */
  readonly until: Instant;
  readonly code: AskedCode | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

function Changed({ t, change }: { readonly t: Texts; readonly change: ChangedBy }): VNode {
  return (
    <>
      {change.by === 'desk' ? t.say('by.desk') : change.name}
      <span class="note-below">
        <Moment t={t} at={change.at} />
      </span>
    </>
  );
}

export function TokenAllowPage(props: TokenAllowProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { person } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON063"
      title={t.say('CON063.title')}
      errors={told}
      banners={props.banners}
      lead={t.say('CON063.1', { name: person.name })}
    >
      <div data-account={person.id} data-state={person.states.join(' ')}>
        <Facts
          facts={[
            { term: t.label('login_id'), detail: person.loginId },
            { term: t.say('CON063.2'), detail: <Changed t={t} change={props.password} /> },
            { term: t.say('CON063.3'), detail: <Changed t={t} change={props.email} /> },
            { term: t.say('CON063.4'), detail: <Sentence pieces={t.pieces('CON063.5', { at: props.until })} /> },
          ]}
        />
      </div>
      <p>
        <strong>{t.say('CON063.6')}</strong>
      </p>
      <Form frame={props.frame} hidden={props.hidden}>
        <Proof t={t} errors={told} code={props.code} />
        <Main label={t.say('CON063.act')} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}

export interface TokenAllowedProps {
  readonly frame: Frame;
  readonly person: { readonly id: string; readonly name: string; readonly loginId: string };
  /** The address was changed: from when codes go to it; null: now. */
  readonly issueFrom: Instant | null;
  readonly mailPending: boolean;
}

export function TokenAllowedPage(props: TokenAllowedProps): VNode {
  const t = textsOf(props.frame);
  const { person, issueFrom } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON064"
      title={t.say('CON064.title')}
      lead={<strong>{t.say('CON064.1', { name: person.name })}</strong>}
    >
      <p>{issueFrom === null ? t.say('CON064.2') : <Sentence pieces={t.pieces('CON064.3', { at: issueFrom })} />}</p>
      <Form frame={props.frame}>
        <Main action="users" label={t.say('button.users')} />
        <Ways>
          <Way action="top" label={t.say('button.top')} />
        </Ways>
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
      <Links items={[{ href: `/company/people/${encodeURIComponent(person.id)}`, label: t.say('CON064.4') }]} />
    </Layout>
  );
}
